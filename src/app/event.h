/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* event.h - what happened, one after another, each bound to the one before by its hash.
 *
 * An event's hash is the SHA-256 of eight lines, each ended by a line feed:
 *   plenum 1
 *   height          1 for the first
 *   parent          hash of the event before; 64 zeros for the first
 *   time            seconds since 1970, UTC, never before the event before
 *   actor           number of the person, 0 for the calendar
 *   type            name of the operation
 *   facts           SHA-256 of the facts, which are kept for good
 *   texts           SHA-256 of salt and texts, which may be erased; 64 zeros where there are
 * none Hashes are 64 small hexadecimal digits. Everything is text, so that another program can
 * check the chain in a few lines. */
#ifndef PL_APP_EVENT_H
#define PL_APP_EVENT_H
#include <plenum/base.h>

enum {
	PL_HASH_CHARS = 65,       ///< 64 digits and a NUL
	PL_SIGNATURE_CHARS = 129, ///< Ed25519, 64 bytes
	PL_SALT_CHARS = 33,
	PL_TYPE_CHARS = 48
};

/// Borrowed text.
typedef struct {
	int64_t height, time, actor;
	const char *type;
	const char
	        *facts; ///< JSON, as pl_facts writes it: the same request gives the same bytes
	const char *texts; ///< JSON of names, notes and contacts; NULL: erased; "": none
	const char *salt;  ///< [PL_SALT_CHARS] drawn for each event with texts; NULL: erased
	char parent[PL_HASH_CHARS], hash[PL_HASH_CHARS];
	char facts_hash[PL_HASH_CHARS], texts_hash[PL_HASH_CHARS];
	char signature[PL_SIGNATURE_CHARS]; ///< of the hash's digits, by the record's key
} pl_event;

/// Fill in the four hashes. @param parent of the event before, NULL for the first
void pl_event_seal(pl_event *e, const char *parent);
/// The public key that a first event names, 64 digits; "" where it names none.
void pl_event_key(char out[PL_HASH_CHARS], const pl_event *first);
/// Is the event what its hashes say, and does it follow its parent?
/// @return PL_OK; PL_EARG with a sentence that names the height and what is wrong
pl_status pl_event_check(const pl_event *e, const char *parent, int64_t time_before,
                         pl_error *err);
#endif
