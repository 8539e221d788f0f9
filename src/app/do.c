/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* do.c - a request becomes an event: read, authorised, done, sealed, signed, committed. */
#include "app/do.h"

#include "app/app.h"
#include "app/calendar.h"
#include "app/once.h"
#include "app/vote.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pl_op_run *const runs[PL_OPS] = {
#define PL_OP(op, name, method, path, who, of, phases, help) [PL_OP_##op] = pl_run_##op,
#define PL_FIELD(op, field, kind, need, ...)
#define PL_OP_END(op)
#include "app/ops.def"
#undef PL_OP
#undef PL_FIELD
#undef PL_OP_END
};

struct pl_app {
	pl_store *store;
	bool known; ///< the record begins with its key, and this program knows its rules
	unsigned char public_key[crypto_sign_PUBLICKEYBYTES],
	        secret[crypto_sign_SECRETKEYBYTES];
};

/* ---- an operation ---- */

/// Does the operation hold texts about people?
static bool has_texts(int op)
{
	for (int i = pl_ops[op].first; i < pl_ops[op].after; i++)
		if (pl_fields_all[i].need == PL_NEED_APART) return true;
	return false;
}

/// Note that this event holds a person's texts, so that they are found when they are erased.
static pl_status note_texts(pl_deed *d, pl_error *err)
{
	const pl_state_row row = {
	        {PL_WHOLE(d->about > 0 ? d->about : d->actor), PL_WHOLE(d->height)}};
	return pl_store_insert_new(d->store, PL_ROWS_apart, &row, err);
}

pl_status pl_deed_run(pl_deed *d, pl_error *err)
{
	PL_TRY(pl_authorize(d, err));
	d->out = json_object();
	d->aside = json_object();
	if (d->out == NULL || d->aside == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the answer");
	if (d->in.op == PL_OP_vote_close && !d->replayed) PL_TRY(pl_vote_unseal(d, err));
	PL_TRY(runs[d->in.op](d, err));
	if (d->actor == 0 && d->in.op != PL_OP_begin) PL_TRY(pl_calendar_tick_off(d, err));
	return has_texts(d->in.op) ? note_texts(d, err) : PL_OK;
}

void pl_deed_clear(pl_deed *d)
{
	pl_fields_clear(&d->in);
	json_decref(d->out);
	json_decref(d->aside);
	json_decref(d->why);
}

pl_status pl_deed_facts(char **out, const pl_deed *d, pl_error *err)
{
	json_t *in = pl_fields_facts(&d->in);
	json_t *facts = in == NULL ? NULL : json_pack("{s:o, s:O}", "in", in, "out", d->out);
	bool whole = facts != NULL;
	if (whole && d->rules > 1)
		whole = json_object_set_new(facts, "rules", json_integer(d->rules)) == 0;
	*out = whole ? pl_json_text(facts) : NULL;
	json_decref(facts);
	return *out != NULL ? PL_OK : pl_fail(err, PL_ENOMEM, -1, "no memory for the event");
}

pl_status pl_deed_rules(int64_t *out, const pl_event *e, const json_t *facts, pl_error *err)
{
	const json_t *rules = json_object_get(facts, "rules");
	*out = rules == NULL ? 1 : json_integer_value(rules);
	if (*out < 1)
		return pl_fail(err, PL_EARG, e->height,
		               "event %" PRId64 " names no rules by which it was done",
		               e->height);
	if (*out <= PL_RULES_NOW) return PL_OK;
	return pl_fail(err, PL_ECONFLICT, e->height,
	               "event %" PRId64 " was done by rules %" PRId64
	               ", and this plenum knows them up to %d; use a newer one",
	               e->height, *out, (int)PL_RULES_NOW);
}

/* ---- the event ---- */

pl_status pl_deed_texts(char **out, const pl_deed *d, pl_error *err)
{
	json_t *texts = pl_fields_texts(&d->in);
	*out = texts == NULL                 ? NULL
	       : json_object_size(texts) > 0 ? pl_json_text(texts)
	                                     : strdup("");
	json_decref(texts);
	return *out != NULL ? PL_OK : pl_fail(err, PL_ENOMEM, -1, "no memory for the event");
}

static void sign(pl_event *e, const pl_app *a)
{
	unsigned char signature[crypto_sign_BYTES];
	(void)crypto_sign_detached(signature, NULL, (const unsigned char *)e->hash,
	                           PL_HASH_CHARS - 1, a->secret);
	(void)sodium_bin2hex(e->signature, sizeof e->signature, signature, sizeof signature);
}

static pl_status record(pl_reply *out, pl_app *a, const pl_deed *d, const char *parent,
                        pl_error *err)
{
	unsigned char salt[PL_SALT_CHARS / 2];
	char salt_text[PL_SALT_CHARS] = "", *facts = NULL, *texts = NULL;
	pl_status st = pl_deed_facts(&facts, d, err);
	if (st == PL_OK) st = pl_deed_texts(&texts, d, err);
	if (st == PL_OK) {
		if (texts[0] != '\0') {
			randombytes_buf(salt, sizeof salt);
			(void)sodium_bin2hex(salt_text, sizeof salt_text, salt, sizeof salt);
		}
		pl_event e = {.height = d->height,
		              .time = d->time,
		              .actor = d->actor,
		              .type = pl_ops[d->in.op].name,
		              .facts = facts,
		              .texts = texts,
		              .salt = salt_text};
		pl_event_seal(&e, d->height == 1 ? NULL : parent);
		sign(&e, a);
		st = pl_store_append(a->store, &e, err);
		out->height = e.height;
		memcpy(out->hash, e.hash, sizeof out->hash);
	}
	free(facts);
	free(texts);
	return st;
}

/* ---- a request ---- */

static pl_status read_request(pl_deed *d, const pl_request *r, pl_error *err)
{
	const int op = pl_op_of(r->op);
	char brief[PL_BRIEF_CHARS];
	if (r->time < 0 || r->time >= PL_TIME_END)
		return pl_fail(err, PL_EARG, -1,
		               "\"time\" is in seconds since 1970, before the year 9999 ends");
	if (op < 0)
		return pl_fail(err, PL_ENOTFOUND, -1, "there is no operation \"%s\"",
		               pl_text_brief(brief, r->op));
	json_t *object;
	PL_TRY(pl_json_read(&object, r->json, err));
	const pl_status st = pl_fields_read(&d->in, op, object, err);
	json_decref(object);
	return st;
}

/// The answer, with what only the caller is told.
static pl_status answer(pl_reply *out, const pl_deed *d, pl_error *err)
{
	json_t *all = json_copy(d->out);
	if (all != NULL && json_object_update(all, d->aside) == 0)
		out->json = pl_json_text(all);
	json_decref(all);
	return out->json != NULL ? PL_OK
	                         : pl_fail(err, PL_ENOMEM, -1, "no memory for the answer");
}

typedef struct {
	char key[PL_HASH_CHARS];
	pl_status status;
	pl_error *err;
} beginning;

static bool note_key(void *with, const pl_event *e)
{
	beginning *b = with;
	json_t *facts;
	b->status = pl_json_read(&facts, e->facts, b->err);
	if (b->status != PL_OK) return false;
	const char *key =
	        json_string_value(json_object_get(json_object_get(facts, "in"), "key"));
	(void)snprintf(b->key, sizeof b->key, "%s", key == NULL ? "" : key);
	json_decref(facts);
	return false;
}

static bool note_rules(void *with, const pl_event *e)
{
	beginning *b = with;
	json_t *facts;
	int64_t rules;
	b->status = pl_json_read(&facts, e->facts, b->err);
	if (b->status != PL_OK) return false;
	b->status = pl_deed_rules(&rules, e, facts, b->err);
	json_decref(facts);
	return false;
}

/// Is the record's key the one that would sign, and does this program know the rules of its
/// last event? Another key would make an event that is not valid, and be acknowledged all the
/// same; older rules could not read what newer ones left.
static pl_status check_record(pl_app *a, const pl_deed *d, pl_error *err)
{
	char own[PL_HASH_CHARS];
	beginning b = {.err = err};
	if (a->known) return PL_OK;
	pl_app_key(own, a);
	if (d->height > 1)
		PL_TRY(pl_store_events(a->store, 1, note_key, &b, err));
	else if (d->in.op == PL_OP_begin)
		(void)snprintf(b.key, sizeof b.key, "%s", PL_ASKED_TEXT(d, begin, key));
	else
		return PL_OK; /* not authorised */
	PL_TRY(b.status);
	if (strcmp(own, b.key) != 0)
		return pl_fail(err, d->height > 1 ? PL_EIO : PL_EARG, -1,
		               "the key that signs is not the record's; nothing was recorded");
	if (d->height == 1) return PL_OK;
	PL_TRY(pl_store_events(a->store, PL_LAST_EVENT, note_rules, &b, err));
	a->known = b.status == PL_OK;
	return b.status;
}

/// In an open transaction. What fails is rolled back by the caller.
static pl_status do_in_transaction(pl_reply *out, pl_app *a, pl_deed *d, pl_error *err)
{
	char parent[PL_HASH_CHARS];
	int64_t height, last;
	PL_TRY(pl_store_head(&height, parent, &last, a->store, err));
	d->height = height + 1;
	if (d->time < last) d->time = last;
	PL_TRY(check_record(a, d, err));
	PL_TRY(pl_deed_run(d, err));
	PL_TRY(record(out, a, d, parent, err));
	return answer(out, d, err);
}

static pl_deed deed_of(const pl_app *a, const pl_request *r)
{
	return (pl_deed){
	        .store = a->store, .actor = r->actor, .time = r->time, .rules = PL_RULES_NOW};
}

/// Do it, or find that it was done.
static pl_status do_once(pl_reply *out, pl_app *a, pl_deed *d, const pl_request *r,
                         pl_error *err)
{
	pl_once once;
	PL_TRY(pl_once_find(&once, out, a->store, r, &d->in, err));
	if (out->repeated) return PL_OK;
	PL_TRY(do_in_transaction(out, a, d, err));
	return pl_once_keep(&once, a->store, d, out, err);
}

static pl_status finish(pl_reply *out, pl_deed *d, pl_status st)
{
	if (st != PL_OK) {
		free(out->json);
		*out = (pl_reply){0};
		if (d->why != NULL && st == PL_ECONFLICT) out->json = pl_json_text(d->why);
	}
	pl_deed_clear(d);
	return st;
}

pl_status pl_app_do_within(pl_reply *out, pl_app *a, const pl_request *r, pl_error *err)
{
	pl_deed d = deed_of(a, r);
	*out = (pl_reply){0};
	PL_TRY(read_request(&d, r, err));
	return finish(out, &d, do_once(out, a, &d, r, err));
}

pl_status pl_app_do(pl_reply *out, pl_app *a, const pl_request *r, pl_error *err)
{
	pl_deed d = deed_of(a, r);
	*out = (pl_reply){0};
	PL_TRY(read_request(&d, r, err));
	pl_status st = pl_store_begin(a->store, err);
	if (st == PL_OK) {
		st = do_once(out, a, &d, r, err);
		if (st == PL_OK && !out->repeated)
			st = pl_store_commit(a->store, err);
		else
			pl_store_rollback(a->store);
	}
	return finish(out, &d, st);
}

/* ---- opening ---- */

pl_status pl_app_new(pl_app **out, pl_store *store, const unsigned char seed[PL_KEY_SEED],
                     pl_error *err)
{
	*out = NULL;
	if (sodium_init() < 0)
		return pl_fail(err, PL_EIO, -1,
		               "the system gives no random numbers to draw receipts from");
	pl_app *a = pl_alloc(1, sizeof *a);
	if (a == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	a->store = store;
	(void)crypto_sign_seed_keypair(a->public_key, a->secret, seed);
	*out = a;
	return PL_OK;
}

void pl_app_free(pl_app *a)
{
	if (a == NULL) return;
	sodium_memzero(a->secret, sizeof a->secret);
	pl_free(a);
}

void pl_app_key(char out[PL_HASH_CHARS], const pl_app *a)
{
	(void)sodium_bin2hex(out, PL_HASH_CHARS, a->public_key, sizeof a->public_key);
}
