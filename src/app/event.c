/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/event.h"

#include "base/error.h"

#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char zeros[PL_HASH_CHARS] =
        "0000000000000000000000000000000000000000000000000000000000000000";

/// SHA-256 of two texts, one after the other, as 64 digits.
static void hash(char out[PL_HASH_CHARS], const char *a, const char *b)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, (const unsigned char *)a, strlen(a));
	(void)crypto_hash_sha256_update(&state, (const unsigned char *)b, strlen(b));
	(void)crypto_hash_sha256_final(&state, sum);
	(void)sodium_bin2hex(out, PL_HASH_CHARS, sum, sizeof sum);
}

/// The hash of the eight lines of an event.
static void hash_lines(char out[PL_HASH_CHARS], const pl_event *e)
{
	char lines[512];
	(void)snprintf(lines, sizeof lines,
	               "plenum 1\n%" PRId64 "\n%s\n%" PRId64 "\n%" PRId64 "\n%s\n%s\n%s\n",
	               e->height, e->parent, e->time, e->actor, e->type, e->facts_hash,
	               e->texts_hash);
	hash(out, lines, "");
}

void pl_event_seal(pl_event *e, const char *parent)
{
	memcpy(e->parent, parent == NULL ? zeros : parent, PL_HASH_CHARS);
	hash(e->facts_hash, e->facts, "");
	if (e->texts == NULL || e->texts[0] == '\0')
		memcpy(e->texts_hash, zeros, PL_HASH_CHARS);
	else
		hash(e->texts_hash, e->salt, e->texts);
	hash_lines(e->hash, e);
}

pl_status pl_event_check(const pl_event *e, const char *parent, int64_t time_before,
                         pl_error *err)
{
	char sum[PL_HASH_CHARS];
	if (strcmp(e->parent, parent == NULL ? zeros : parent) != 0)
		return pl_fail(err, PL_EARG, e->height,
		               "event %" PRId64 " does not follow the event before it",
		               e->height);
	if (e->time < time_before)
		return pl_fail(err, PL_EARG, e->height,
		               "event %" PRId64 " is dated before the event before it",
		               e->height);
	hash(sum, e->facts, "");
	if (strcmp(sum, e->facts_hash) != 0)
		return pl_fail(err, PL_EARG, e->height,
		               "the facts of event %" PRId64
		               " are not those that were recorded",
		               e->height);
	if (e->texts != NULL && e->texts[0] != '\0') {
		hash(sum, e->salt == NULL ? "" : e->salt, e->texts);
		if (strcmp(sum, e->texts_hash) != 0)
			return pl_fail(err, PL_EARG, e->height,
			               "the texts of event %" PRId64
			               " are not those that were recorded",
			               e->height);
	} else if (e->texts != NULL && strcmp(zeros, e->texts_hash) != 0) {
		return pl_fail(err, PL_EARG, e->height, "event %" PRId64 " lacks its texts",
		               e->height);
	}
	const bool none = e->texts != NULL && e->texts[0] == '\0';
	if ((e->salt == NULL) != (e->texts == NULL) || (none && e->salt[0] != '\0'))
		return pl_fail(err, PL_EARG, e->height,
		               "event %" PRId64 " has a salt without texts", e->height);
	hash_lines(sum, e);
	if (strcmp(sum, e->hash) != 0)
		return pl_fail(err, PL_EARG, e->height,
		               "event %" PRId64 " was changed after it was recorded",
		               e->height);
	return PL_OK;
}

void pl_event_key(char out[PL_HASH_CHARS], const pl_event *first)
{
	json_t *facts = json_loads(first->facts, 0, NULL);
	const char *key =
	        json_string_value(json_object_get(json_object_get(facts, "in"), "key"));
	(void)snprintf(out, PL_HASH_CHARS, "%s", key == NULL ? "" : key);
	json_decref(facts);
}
