/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* once.c - requests that come twice. What was answered stands in a note beside the record. */
#include "app/once.h"

#include "base/error.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_CHARS = 160, DAY = 86400 };
static const char kind[] = "once";

static pl_status key_of(char key[KEY_CHARS], const pl_request *r, pl_error *err)
{
	const int n = snprintf(key, KEY_CHARS, "%" PRId64 " %s", r->actor, r->once);
	if (n < KEY_CHARS && r->once[0] != '\0') return PL_OK;
	return pl_fail(err, PL_EARG, -1, "the key of a request has 1 to 128 characters");
}

static pl_status hash_facts(char out[PL_HASH_CHARS], const pl_request *r, const pl_fields *in,
                            pl_error *err)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	json_t *facts = pl_fields_facts(in);
	char *text = facts == NULL ? NULL : pl_json_text(facts);
	json_decref(facts);
	if (text == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the request");
	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, (const unsigned char *)r->op,
	                                strlen(r->op) + 1);
	(void)crypto_hash_sha256_update(&state, (const unsigned char *)text, strlen(text));
	(void)crypto_hash_sha256_final(&state, sum);
	(void)sodium_bin2hex(out, PL_HASH_CHARS, sum, sizeof sum);
	free(text);
	return PL_OK;
}

static pl_status answer_again(pl_reply *out, const pl_once *once, const char *value,
                              pl_error *err)
{
	const char *was = NULL, *hash = NULL;
	json_int_t height = 0;
	json_t *kept, *answer = NULL;
	PL_TRY(pl_json_read(&kept, value, err));
	pl_status st = PL_OK;
	if (json_unpack(kept, "{s:s, s:I, s:s, s:o}", "asked", &was, "height", &height, "hash",
	                &hash, "answer", &answer) != 0)
		st = pl_fail(err, PL_EIO, -1, "the answer kept for this key cannot be read");
	else if (strcmp(was, once->asked) != 0)
		st = pl_fail(err, PL_ECONFLICT, -1,
		             "another request was sent with this key; choose a new one");
	if (st == PL_OK) {
		*out = (pl_reply){.height = height, .repeated = true};
		(void)snprintf(out->hash, sizeof out->hash, "%s", hash);
		out->json = pl_json_text(answer);
		if (out->json == NULL)
			st = pl_fail(err, PL_ENOMEM, -1, "no memory for the answer");
	}
	json_decref(kept);
	return st;
}

pl_status pl_once_find(pl_once *once, pl_reply *out, pl_store *s, const pl_request *r,
                       const pl_fields *in, pl_error *err)
{
	char key[KEY_CHARS];
	pl_note_found found = {0};
	*once = (pl_once){.request = r};
	if (r->once == NULL) return PL_OK;
	PL_TRY(key_of(key, r, err));
	PL_TRY(hash_facts(once->asked, r, in, err));
	PL_TRY(pl_store_note_find(&found, s, kind, key, err));
	const bool fresh = found.found && found.note.until >= r->time;
	const pl_status st = fresh ? answer_again(out, once, found.note.value, err) : PL_OK;
	pl_note_found_clear(&found);
	return st;
}

pl_status pl_once_keep(const pl_once *once, pl_store *s, const pl_deed *d,
                       const pl_reply *reply, pl_error *err)
{
	const pl_request *r = once->request;
	char key[KEY_CHARS];
	if (r->once == NULL) return PL_OK;
	PL_TRY(key_of(key, r, err));
	json_t *kept =
	        json_pack("{s:s, s:I, s:s, s:O}", "asked", once->asked, "height",
	                  (json_int_t)reply->height, "hash", reply->hash, "answer", d->out);
	char *value = kept == NULL ? NULL : pl_json_text(kept);
	json_decref(kept);
	if (value == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the answer");
	const pl_note note = {.kind = kind,
	                      .key = key,
	                      .value = value,
	                      .person = r->actor,
	                      .until = r->time + DAY};
	const pl_status st = pl_store_note(s, &note, err);
	free(value);
	return st;
}
