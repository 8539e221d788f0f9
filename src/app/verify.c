/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verify.c - the whole record again, from the first event: every hash, every signature, every
 * operation. */
#include "app/app.h"
#include "app/do.h"
#include "base/alloc.h"
#include "base/error.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	pl_findings *verdict;
	pl_store *scratch;  ///< NULL: nothing is done again
	const char *wanted; ///< a published head; NULL: none, or found
	pl_count_watch watch;
	void *with;
	int64_t all;  ///< events, for the watcher
	int64_t last; ///< event after which to stop; 0: at the end
	char parent[PL_HASH_CHARS];
	int64_t time;
	unsigned char key[crypto_sign_PUBLICKEYBYTES];
	pl_status status; ///< of the machine, not of the record
	pl_error *err;
} verifying;

static bool is_key(unsigned char *key, const char *text)
{
	size_t n = 0;
	return text != NULL && strlen(text) == PL_HASH_CHARS - 1 &&
	       sodium_hex2bin(key, crypto_sign_PUBLICKEYBYTES, text, strlen(text), NULL, &n,
	                      NULL) == 0 &&
	       n == crypto_sign_PUBLICKEYBYTES;
}

static pl_status check_signature(const verifying *v, const pl_event *e, pl_error *err)
{
	unsigned char signature[crypto_sign_BYTES];
	size_t n = 0;
	if (sodium_hex2bin(signature, sizeof signature, e->signature, strlen(e->signature),
	                   NULL, &n, NULL) == 0 &&
	    n == sizeof signature &&
	    crypto_sign_verify_detached(signature, (const unsigned char *)e->hash,
	                                PL_HASH_CHARS - 1, v->key) == 0)
		return PL_OK;
	return pl_fail(err, PL_EARG, e->height,
	               "event %" PRId64 " is not signed by the record's key", e->height);
}

/// Do it again, and compare what it answers with what is recorded.
static pl_status repeat(pl_deed *d, const pl_event *e, json_t *facts, pl_error *err)
{
	json_t *texts = NULL;
	if (e->texts != NULL && e->texts[0] != '\0')
		PL_TRY(pl_json_read(&texts, e->texts, err));
	pl_status st = pl_fields_recall(&d->in, pl_op_of(e->type), json_object_get(facts, "in"),
	                                texts, err);
	json_decref(texts);
	PL_TRY(st);
	PL_TRY(pl_deed_run(d, err));
	char *again = NULL, *texts_again = NULL;
	PL_TRY(pl_deed_facts(&again, d, err));
	st = pl_deed_texts(&texts_again, d, err);
	const bool same = st == PL_OK && strcmp(again, e->facts) == 0 &&
	                  (e->texts == NULL || strcmp(texts_again, e->texts) == 0);
	free(again);
	free(texts_again);
	PL_TRY(st);
	if (same) return PL_OK;
	return pl_fail(err, PL_EARG, e->height,
	               "event %" PRId64
	               " (%s) does not answer what is recorded when it is done again",
	               e->height, e->type);
}

static pl_status redo(verifying *v, const pl_event *e, pl_error *err)
{
	json_t *facts;
	if (pl_op_of(e->type) < 0)
		return pl_fail(err, PL_EARG, e->height, "event %" PRId64 " is of no known type",
		               e->height);
	PL_TRY(pl_json_read(&facts, e->facts, err));
	pl_deed d = {.store = v->scratch,
	             .actor = e->actor,
	             .time = e->time,
	             .height = e->height,
	             .replayed = true};
	pl_status st = pl_deed_rules(&d.rules, e, facts, err);
	if (st == PL_OK) st = repeat(&d, e, facts, err);
	pl_deed_clear(&d);
	json_decref(facts);
	return st;
}

static pl_status check_event(verifying *v, const pl_event *e, pl_error *err)
{
	if (e->height != v->verdict->events + 1)
		return pl_fail(err, PL_EARG, v->verdict->events + 1,
		               "event %" PRId64 " is missing", v->verdict->events + 1);
	PL_TRY(pl_event_check(e, e->height == 1 ? NULL : v->parent, v->time, err));
	if (v->scratch != NULL) PL_TRY(redo(v, e, err));
	if (e->height == 1) {
		char key[PL_HASH_CHARS];
		pl_event_key(key, e);
		if (!is_key(v->key, key))
			return pl_fail(err, PL_EARG, 1, "event 1 names no key");
	}
	/* going back verifies nothing */
	return v->last > 0 ? PL_OK : check_signature(v, e, err);
}

/// Check an event, in a transaction of the scratch where there is one.
/// @param[out] why what is wrong with it, or with the machine
static pl_status check_whole(verifying *v, const pl_event *e, pl_error *why)
{
	if (v->scratch == NULL) return check_event(v, e, why);
	PL_TRY(pl_store_begin(v->scratch, why));
	const pl_status st = check_event(v, e, why);
	if (st == PL_OK) return pl_store_commit(v->scratch, why);
	pl_store_rollback(v->scratch);
	return st;
}

static bool see_event(void *with, const pl_event *e)
{
	verifying *v = with;
	pl_error why = {0};
	const pl_status st = check_whole(v, e, &why);
	if (st == PL_ENOMEM || st == PL_EIO) v->status = pl_fail(v->err, st, -1, "%s", why.msg);
	if (v->status != PL_OK) return false;
	if (st != PL_OK) {
		v->verdict->first_bad = v->verdict->events + 1;
		memcpy(v->verdict->reason, why.msg, sizeof why.msg);
		return false;
	}
	v->verdict->events = e->height;
	v->verdict->erased += e->texts == NULL;
	memcpy(v->parent, e->hash, sizeof v->parent);
	v->time = e->time;
	if (v->wanted != NULL && strcmp(v->wanted, e->hash) == 0) v->wanted = NULL;
	if (v->watch != NULL && !v->watch(v->with, e->height, v->all))
		v->status = pl_fail(v->err, PL_ESTOPPED, -1, "stopped");
	return v->status == PL_OK && e->height != v->last;
}

/* ---- what the events alone cannot tell ---- */

/// Events whose texts may be missing: those of people who were erased. A person came with an
/// event, so that both lists have room for every number.
typedef struct {
	bool *gone; ///< [n + 1] by person
	bool *may;  ///< [n + 1] by height
	int64_t n, bad;
} erasures;

static bool note_gone(void *with, const pl_state_row *row)
{
	const erasures *r = with;
	const int64_t id = row->at[PL_C_person_id].whole;
	if (id <= r->n) r->gone[id] = row->at[PL_C_person_erased].whole != 0;
	return true;
}

static bool note_may(void *with, const pl_state_row *row)
{
	const erasures *r = with;
	const int64_t id = row->at[PL_C_apart_person].whole,
	              height = row->at[PL_C_apart_height].whole;
	if (id <= r->n && height <= r->n) r->may[height] = r->gone[id];
	return true;
}

static bool see_erased(void *with, const pl_event *e)
{
	erasures *r = with;
	if (e->texts == NULL && !r->may[e->height]) r->bad = e->height;
	return r->bad == 0;
}

/// @param[out] bad the first event whose texts are missing without a reason; 0: none
static pl_status check_erasures(int64_t *bad, pl_store *store, pl_store *scratch, int64_t n,
                                pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	erasures r = {.n = n};
	r.gone = pl_alloc(n + 1, sizeof *r.gone);
	r.may = pl_alloc(n + 1, sizeof *r.may);
	pl_status st = r.gone != NULL && r.may != NULL
	                       ? PL_OK
	                       : pl_fail(err, PL_ENOMEM, -1, "no memory to verify");
	if (st == PL_OK)
		st = pl_store_scan(scratch, PL_ROWS_person, 0, &none, note_gone, &r, err);
	if (st == PL_OK)
		st = pl_store_scan(scratch, PL_ROWS_apart, 0, &none, note_may, &r, err);
	if (st == PL_OK) st = pl_store_events(store, 1, see_erased, &r, err);
	pl_free(r.gone);
	pl_free(r.may);
	*bad = r.bad;
	return st;
}

static void blame(pl_findings *out, int64_t height, const char *reason)
{
	out->first_bad = height;
	(void)snprintf(out->reason, sizeof out->reason, "%s", reason);
}

/// In a transaction that reads: events and tables are those of one moment.
static pl_status verify_events(verifying *v, pl_store *store, pl_error *err)
{
	char head[PL_HASH_CHARS];
	int64_t time;
	if (v->watch != NULL) PL_TRY(pl_store_head(&v->all, head, &time, store, err));
	PL_TRY(pl_store_events(store, 1, see_event, v, err));
	PL_TRY(v->status);
	memcpy(v->verdict->head, v->parent, sizeof v->verdict->head);
	if (v->verdict->events == 0 && v->verdict->first_bad == 0)
		blame(v->verdict, 1, "the record has no events");
	return PL_OK;
}

/// Are the tables beside the events what these make?
static pl_status verify_tables(pl_findings *out, pl_store *store, pl_error *err)
{
	char stored[PL_HASH_CHARS];
	out->apart = store->older != 0;
	if (out->first_bad > 0 || out->apart) return PL_OK;
	PL_TRY(pl_store_state_hash(stored, store, err));
	if (strcmp(stored, out->state) != 0)
		blame(out, out->events,
		      "the tables beside the events are not what the events make");
	return PL_OK;
}

/// In a transaction that reads: events and tables are those of one moment.
static pl_status verify(pl_findings *out, pl_store *store, pl_store *scratch,
                        const pl_verifying *how, pl_error *err)
{
	verifying v = {.verdict = out,
	               .scratch = scratch,
	               .wanted = how->head,
	               .watch = how->watch,
	               .with = how->with,
	               .err = err};
	pl_store *made = scratch != NULL ? scratch : store;
	int64_t bad = 0;
	PL_TRY(verify_events(&v, store, err));
	PL_TRY(pl_store_state_hash(out->state, made, err));
	if (out->first_bad > 0) return PL_OK;
	if (out->erased > 0) PL_TRY(check_erasures(&bad, store, made, out->events, err));
	if (bad > 0) blame(out, bad, "texts are missing whose person was not erased");
	if (out->first_bad == 0 && v.wanted != NULL)
		blame(out, out->events + 1,
		      "the head that was published is not in the chain: its end was cut off");
	return verify_tables(out, store, err);
}

pl_status pl_app_verify_how(pl_findings *out, pl_store *store, pl_store *scratch,
                            const pl_verifying *how, pl_error *err)
{
	*out = (pl_findings){0};
	if (sodium_init() < 0)
		return pl_fail(err, PL_EIO, -1, "the system gives no random numbers");
	PL_TRY(pl_store_look(store, err));
	const pl_status st = verify(out, store, scratch, how, err);
	pl_store_rollback(store);
	return st;
}

pl_status pl_app_verify(pl_findings *out, pl_store *store, pl_store *scratch, const char *head,
                        pl_error *err)
{
	const pl_verifying how = {.head = head};
	return pl_app_verify_how(out, store, scratch, &how, err);
}

/* ---- going back ---- */

pl_status pl_app_rewind(pl_store *scratch, pl_store *store, int64_t height, pl_error *err)
{
	pl_findings verdict = {0};
	verifying v = {.verdict = &verdict, .scratch = scratch, .last = height, .err = err};
	PL_TRY(pl_store_events(store, 1, see_event, &v, err));
	PL_TRY(v.status);
	if (verdict.first_bad == 0) return PL_OK;
	return pl_fail(err, PL_EARG, verdict.first_bad, "%s", verdict.reason);
}

typedef struct {
	int64_t season, round, height, which;
} closing;

static bool see_closing(void *with, const pl_event *e)
{
	closing *c = with;
	if (strcmp(e->type, pl_ops[PL_OP_round_close].name) != 0) return true;
	json_t *facts = json_loads(e->facts, 0, NULL);
	const int64_t season =
	        json_integer_value(json_object_get(json_object_get(facts, "in"), "season"));
	const int64_t round =
	        json_integer_value(json_object_get(json_object_get(facts, "out"), "round"));
	json_decref(facts);
	if (season != c->season || (c->round > 0 && round != c->round)) return true;
	c->height = e->height;
	c->which = round;
	return c->round == 0;
}

pl_status pl_app_round(int64_t *height, int64_t *which, pl_store *store, int64_t season,
                       int64_t round, pl_error *err)
{
	closing c = {.season = season, .round = round};
	PL_TRY(pl_store_events(store, 1, see_closing, &c, err));
	*height = c.height;
	*which = c.which;
	if (c.height > 0) return PL_OK;
	if (round > 0)
		return pl_fail(err, PL_ENOTFOUND, -1,
		               "round %" PRId64 " of season %" PRId64 " was not closed", round,
		               season);
	return pl_fail(err, PL_ENOTFOUND, -1, "no round of season %" PRId64 " was closed",
	               season);
}
