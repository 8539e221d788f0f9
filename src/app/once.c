/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* once.c - requests that come twice. What was answered stands in a note beside the record,
 * under the hash of the caller's key, which is kept nowhere. A receipt stands there too where
 * the key cannot be guessed, encrypted under it: who reads the file learns nothing of it. */
#include "app/once.h"

#include "base/error.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEY_CHARS = 160,
	KEY_LEAST = 32, ///< characters of a key that keeps a receipt
	DAY = 86400,
	BOX_MOST = 512 ///< bytes of what only the caller is told
};
static const char kind[] = "once";

/// SHA-256 of what a key is for, the actor and the key.
static void hash_key(unsigned char sum[crypto_hash_sha256_BYTES], const char *use,
                     const char *key)
{
	crypto_hash_sha256_state state;
	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, (const unsigned char *)use, strlen(use) + 1);
	(void)crypto_hash_sha256_update(&state, (const unsigned char *)key, strlen(key));
	(void)crypto_hash_sha256_final(&state, sum);
}

static pl_status key_of(char key[PL_HASH_CHARS], char full[KEY_CHARS], const pl_request *r,
                        pl_error *err)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	const int n = snprintf(full, KEY_CHARS, "%" PRId64 " %s", r->actor, r->once);
	if (n >= KEY_CHARS || r->once[0] == '\0')
		return pl_fail(err, PL_EARG, -1,
		               "the key of a request has 1 to 128 characters");
	hash_key(sum, "key", full);
	(void)sodium_bin2hex(key, PL_HASH_CHARS, sum, sizeof sum);
	return PL_OK;
}

/* ---- what only the caller is told ---- */

/// Encrypt it under the caller's key. @return a new text; NULL: nothing to keep, or no memory
static json_t *seal(const json_t *aside, const pl_request *r, const char *full)
{
	unsigned char key[crypto_hash_sha256_BYTES],
	        box[crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + BOX_MOST];
	char hex[2 * sizeof box + 1];
	char *text = json_object_size(aside) > 0 && strlen(r->once) >= KEY_LEAST
	                     ? pl_json_text(aside)
	                     : NULL;
	const size_t n = text == NULL ? 0 : strlen(text);
	json_t *out = NULL;
	if (n > 0 && n <= BOX_MOST) {
		hash_key(key, "receipt", full);
		randombytes_buf(box, crypto_secretbox_NONCEBYTES);
		(void)crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES,
		                            (const unsigned char *)text, n, box, key);
		out = json_string(sodium_bin2hex(hex, sizeof hex, box,
		                                 crypto_secretbox_NONCEBYTES +
		                                         crypto_secretbox_MACBYTES + n));
		sodium_memzero(key, sizeof key);
		sodium_memzero(text, n);
	}
	free(text);
	return out;
}

/// Put what only the caller is told into the answer, where it was kept.
static void unseal(json_t *answer, const char *hex, const char *full)
{
	unsigned char key[crypto_hash_sha256_BYTES],
	        box[crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + BOX_MOST];
	unsigned char text[BOX_MOST];
	size_t n = 0;
	const size_t head = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
	if (hex == NULL ||
	    sodium_hex2bin(box, sizeof box, hex, strlen(hex), NULL, &n, NULL) != 0 || n <= head)
		return;
	hash_key(key, "receipt", full);
	if (crypto_secretbox_open_easy(text, box + crypto_secretbox_NONCEBYTES,
	                               n - crypto_secretbox_NONCEBYTES, box, key) == 0) {
		json_t *aside = json_loadb((const char *)text, n - head, 0, NULL);
		if (aside != NULL) (void)json_object_update(answer, aside);
		json_decref(aside);
	}
	sodium_memzero(key, sizeof key);
	sodium_memzero(text, sizeof text);
}

/* ---- the request ---- */

/// What makes a request another one: its operation, facts and texts. What is marked on a ballot
/// is not part of it: a hash of it could be guessed.
static pl_status hash_asked(char out[PL_HASH_CHARS], const pl_request *r, const pl_fields *in,
                            pl_error *err)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	json_t *asked = json_pack("[o, o]", pl_fields_facts(in), pl_fields_texts(in));
	char *text = asked == NULL ? NULL : pl_json_text(asked);
	json_decref(asked);
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
                              const char *full, pl_error *err)
{
	const char *was = NULL, *hash = NULL, *sealed = NULL;
	json_int_t height = 0;
	json_t *kept, *answer = NULL;
	PL_TRY(pl_json_read(&kept, value, err));
	pl_status st = PL_OK;
	if (json_unpack(kept, "{s:s, s:I, s:s, s:o, s?s}", "asked", &was, "height", &height,
	                "hash", &hash, "answer", &answer, "sealed", &sealed) != 0)
		st = pl_fail(err, PL_EIO, -1, "the answer kept for this key cannot be read");
	else if (strcmp(was, once->asked) != 0)
		st = pl_fail(err, PL_ECONFLICT, -1,
		             "another request was sent with this key; choose a new one");
	if (st == PL_OK) {
		*out = (pl_reply){.height = height, .repeated = true};
		(void)snprintf(out->hash, sizeof out->hash, "%s", hash);
		unseal(answer, sealed, full);
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
	char key[PL_HASH_CHARS], full[KEY_CHARS];
	pl_note_found found = {0};
	*once = (pl_once){.request = r};
	if (r->once == NULL) return PL_OK;
	PL_TRY(key_of(key, full, r, err));
	PL_TRY(hash_asked(once->asked, r, in, err));
	PL_TRY(pl_store_note_find(&found, s, kind, key, err));
	const bool fresh = found.found && found.note.until >= r->time;
	const pl_status st =
	        fresh ? answer_again(out, once, found.note.value, full, err) : PL_OK;
	pl_note_found_clear(&found);
	return st;
}

pl_status pl_once_keep(const pl_once *once, pl_store *s, const pl_deed *d,
                       const pl_reply *reply, pl_error *err)
{
	const pl_request *r = once->request;
	char key[PL_HASH_CHARS], full[KEY_CHARS];
	if (r->once == NULL) return PL_OK;
	PL_TRY(key_of(key, full, r, err));
	json_t *kept = json_pack("{s:s, s:I, s:s, s:O, s:o*}", "asked", once->asked, "height",
	                         (json_int_t)reply->height, "hash", reply->hash, "answer",
	                         d->out, "sealed", seal(d->aside, r, full));
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
