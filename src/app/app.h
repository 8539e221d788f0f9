/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* app.h - everything a person may do goes through pl_app_do; everything that was done can be
 * done again by pl_app_verify. */
#ifndef PL_APP_APP_H
#define PL_APP_APP_H
#include "app/store.h"

enum { PL_KEY_SEED = 32 };
#define PL_TIME_END INT64_C(253402300799) ///< of the year 9999; no event is as late

/// What operations answer is part of the record: a change of it, or of the engine's bits, asks
/// for the next number, and the earlier way stays for events of the earlier one. 1: as begun;
/// 2: who does not propose in the first round of a season is taken at the season before; no
/// auditor rules on a proposal of a council of their own. 3: communities are one
/// tree; no auditor rules on an objection of their own; communities are not flagged "ratio";
/// a schedule with which no round could be planned is refused when it is declared.
enum {
	PL_RULES_LAST_YEAR = 2,
	PL_RULES_OWN_CAUSE = 2,
	PL_RULES_ONE_TREE = 3,
	PL_RULES_OWN_OBJECTION = 3,
	PL_RULES_WORK_RATIO = 3,
	PL_RULES_SCHEDULES = 3,
	PL_RULES_NOW = 3
};

/// A record, open to be written.
typedef struct pl_app pl_app;

/// @param store borrowed, open as long as the app is
/// @param seed of the Ed25519 key that signs events; the same for the life of the record
/// @return PL_OK, PL_ENOMEM, PL_EIO (no source of random numbers)
pl_status pl_app_new(pl_app **out, pl_store *store, const unsigned char seed[PL_KEY_SEED],
                     pl_error *err);
void pl_app_free(pl_app *a); ///< NULL allowed
/// The public key as 64 hexadecimal digits.
void pl_app_key(char out[PL_HASH_CHARS], const pl_app *a);

typedef struct {
	int64_t actor; ///< a person; 0: nobody, for record.begin alone
	int64_t time;  ///< seconds since 1970; the record's own where that is later
	const char *op;
	const char *json; ///< the fields, an object
	const char *once; ///< a key that the caller chose, or NULL: the same request with the
	                  ///< same key within a day is done once, and answered again
} pl_request;

/// What the caller is told; free with free().
typedef struct {
	int64_t height;
	char hash[PL_HASH_CHARS];
	char *json;    ///< what the operation answers: ids, results, a receipt; after a
	               ///< failure what a refusal tells besides its sentence, or NULL
	bool repeated; ///< it was done before; a receipt is told again where the key has 32
	               ///< characters or more
} pl_reply;

/// Do one thing, in one transaction: checked, authorised, recorded, committed, or refused and
/// without a trace.
/// @param[out] out also after a failure its json is to be freed
/// @return PL_OK; PL_EPARSE (no JSON), PL_EARG, PL_ENOTFOUND (also: no such operation),
///         PL_EDENIED, PL_ECONFLICT (also: the key belongs to another request; the record
///         goes by newer rules), PL_EIO,
///         PL_ENOMEM
pl_status pl_app_do(pl_reply *out, pl_app *a, const pl_request *r, pl_error *err);
/// The same in a transaction of the caller's, who undoes what a failure leaves in it, and tells
/// nobody the answer before the commit.
pl_status pl_app_do_within(pl_reply *out, pl_app *a, const pl_request *r, pl_error *err);

/// What a calendar asks for: do it with pl_app_do. Free with pl_due_clear.
typedef struct {
	int64_t season;     ///< 0: nothing is due
	pl_request request; ///< by nobody, at the time asked about
	char *json;         ///< the request's fields
} pl_due;

/// The first date that has come and was not done, of the seasons after one. To be asked after
/// every tick of the clock: season by season, until none is due. What cannot be done (a plan
/// that the vote did not carry) stays due until facilitators change the calendar.
/// @return PL_OK; PL_EIO, PL_ENOMEM
pl_status pl_app_due(pl_due *out, pl_store *store, int64_t now, int64_t after, pl_error *err);
void pl_due_clear(pl_due *d);

/// The record as it was after an event: do everything up to it again in an empty store. Nothing
/// is verified but that it can be done. @return PL_OK; PL_EARG with a sentence; PL_EIO,
/// PL_ENOMEM
pl_status pl_app_rewind(pl_store *scratch, pl_store *store, int64_t height, pl_error *err);
/// Height of the event that closed a season's round. @param round 0: the last one that was
/// closed
/// @return PL_OK; PL_ENOTFOUND with a sentence; PL_EIO, PL_ENOMEM
pl_status pl_app_round(int64_t *height, int64_t *which, pl_store *store, int64_t season,
                       int64_t round, pl_error *err);

/// What verifying found.
typedef struct {
	int64_t events;
	char head[PL_HASH_CHARS], state[PL_HASH_CHARS];
	int64_t erased;    ///< events whose texts were erased, as they may be
	int64_t first_bad; ///< height of the first event that is wrong; 0: none
	char reason[512];  ///< "" where all is well
	bool apart;        ///< the tables are of an older version, and were not compared
} pl_findings;

/// Called now and then with what is done of all; false stops.
typedef bool (*pl_count_watch)(void *with, int64_t done, int64_t all);

/// How to verify. Begin with {0}.
typedef struct {
	const char
	        *head; ///< published earlier, 64 digits, that must be in the chain; NULL: none
	pl_count_watch watch; ///< NULL: nobody
	void *with;
} pl_verifying;

/// Check every hash and signature, and do everything again in @p scratch, an empty store: what
/// each operation answered must be what is recorded, and the state in @p store must be what the
/// events make.
/// @param head a head published earlier, 64 digits, that must be in the chain; NULL: none
/// @return PL_OK, also where something is wrong; PL_EIO, PL_ENOMEM
pl_status pl_app_verify(pl_findings *out, pl_store *store, pl_store *scratch, const char *head,
                        pl_error *err);
/// The same, as @p how says.
/// @param scratch NULL: nothing is done again; hashes, signatures and what the tables hold
/// beside
///        the events are looked at alone
/// @return as above; PL_ESTOPPED by the watcher
pl_status pl_app_verify_how(pl_findings *out, pl_store *store, pl_store *scratch,
                            const pl_verifying *how, pl_error *err);
#endif
