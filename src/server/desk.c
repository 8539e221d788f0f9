/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/desk.h"

#include "base/alloc.h"
#include "base/error.h"
#include "store/store.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>

/// A store for reading, and who may use it.
typedef struct {
	pthread_mutex_t mutex;
	pl_store *store; ///< NULL: to be opened anew
} reader;

/// What a request does in its turn.
typedef pl_status (*turn)(void *with, pl_desk *d, pl_error *err);

/// A request that stands in the line, or waits to be told that its work is safe.
typedef struct guest guest;
struct guest {
	guest *next;
	turn work;
	void *with;
	double came;
	pthread_cond_t call; ///< that it was told, or that it leads
	bool told, leads;
	pl_status status;
	pl_error err;
};

enum { PARTY_LEAST = 32 }; ///< requests that a transaction has room for

struct pl_desk {
	const char *address;
	unsigned char seed[PL_KEY_SEED];
	pl_gauge *gauge;
	pl_desk_grown grown;
	void *with;
	pthread_mutex_t mutex; ///< of the line, and of who is told
	guest *line;           ///< requests that nobody works for yet, the first one first
	int waiting;           ///< how many stand in it
	bool busy;             ///< somebody is at work, or is called to be
	pl_store *store;       ///< whose is at work; NULL: to be opened anew
	pl_app *app;
	reader reader[PL_READS];
	atomic_llong height;
	atomic_bool ails;
};

static double now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- opening ---- */

static void close_writer(pl_desk *d)
{
	pl_app_free(d->app);
	pl_store_close(d->store);
	d->app = NULL;
	d->store = NULL;
}

static pl_status open_writer(pl_desk *d, pl_error *err)
{
	if (d->store != NULL) return PL_OK;
	pl_status st = pl_store_open(&d->store, d->address, false, err);
	if (st == PL_OK) st = pl_app_new(&d->app, d->store, d->seed, err);
	if (st != PL_OK) close_writer(d);
	return st;
}

void pl_desk_note_height(pl_desk *d, int64_t height)
{
	long long known = atomic_load(&d->height);
	while (known < height && !atomic_compare_exchange_weak(&d->height, &known, height)) {
	}
}

static pl_status read_height(void *with, pl_store *s, pl_error *err)
{
	char hash[PL_HASH_CHARS];
	int64_t height, when;
	pl_desk *d = with;
	PL_TRY(pl_store_head(&height, hash, &when, s, err));
	pl_desk_note_height(d, height);
	return height > 0 ? PL_OK
	                  : pl_fail(err, PL_ENOTFOUND, -1,
	                            "%.300s holds nothing yet; its first request, "
	                            "record.begin, is made with plenum record",
	                            d->address);
}

pl_status pl_desk_new(pl_desk **out, const char *address, const unsigned char seed[PL_KEY_SEED],
                      pl_gauge *gauge, pl_error *err)
{
	*out = NULL;
	pl_desk *d = pl_alloc(1, sizeof *d);
	if (d == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	d->address = address;
	d->gauge = gauge;
	for (int i = 0; i < PL_KEY_SEED; i++) d->seed[i] = seed[i];
	(void)pthread_mutex_init(&d->mutex, NULL);
	for (int i = 0; i < PL_READS; i++) (void)pthread_mutex_init(&d->reader[i].mutex, NULL);
	pl_status st = open_writer(d, err);
	if (st == PL_OK) st = pl_desk_look(d, PL_READ_SHORT, read_height, d, err);
	if (st == PL_OK)
		*out = d;
	else
		pl_desk_free(d);
	return st;
}

void pl_desk_free(pl_desk *d)
{
	if (d == NULL) return;
	close_writer(d);
	for (int i = 0; i < PL_READS; i++) {
		pl_store_close(d->reader[i].store);
		(void)pthread_mutex_destroy(&d->reader[i].mutex);
	}
	(void)pthread_mutex_destroy(&d->mutex);
	sodium_memzero(d->seed, sizeof d->seed);
	pl_free(d);
}

void pl_desk_tell(pl_desk *d, pl_desk_grown grown, void *with)
{
	(void)pthread_mutex_lock(&d->mutex);
	d->grown = grown;
	d->with = with;
	(void)pthread_mutex_unlock(&d->mutex);
}

/* ---- writing ----
 *
 * Requests stand in a line, in the order in which they came. Who is first in it when nobody is
 * at work works for all: does what is asked, one after another, each behind a mark to which a
 * failure goes back; commits; and then everybody is told. So there is one wait for the disk for
 * those who came together, nobody is told anything that is not on it, and no thread has to wake
 * up between two requests. A party is of those who stood in the line when it began, and of some
 * who come meanwhile: so it grows where the disk is slow, and who came first does not wait for
 * all who come later. */

/// Do what a guest wants. The mutex is not held: whoever works is alone.
/// @param kept guests whose work is in the transaction
static void work_for(pl_desk *d, guest *g, int kept)
{
	pl_gauge_desk(d->gauge, now() - g->came);
	pl_status st = open_writer(d, &g->err);
	if (st == PL_OK)
		st = kept == 0 ? pl_store_begin(d->store, &g->err)
		               : pl_store_mark(d->store, &g->err);
	if (st == PL_OK) st = g->work(g->with, d, &g->err);
	if (st != PL_OK && st != PL_EIO && kept > 0) {
		pl_error err = g->err;
		const pl_status undone = pl_store_undo(d->store, &err);
		if (undone != PL_OK) {
			st = undone;
			g->err = err;
		}
	}
	if (st != PL_OK && d->store != NULL && (kept == 0 || st == PL_EIO))
		pl_store_rollback(d->store);
	g->status = st;
}

/// With the mutex: a guest may go home.
static void tell(guest *g, pl_status st, const pl_error *why)
{
	g->told = true;
	g->status = st;
	if (why != NULL) g->err = *why;
	(void)pthread_cond_signal(&g->call);
}

/// Work for whoever stands in the line, and for some who come meanwhile.
/// @param[out] party whose work is in the transaction, not committed yet
/// @return PL_OK; what was the matter with the store, and then nobody's work is kept
static pl_status work_for_all(guest **party, pl_desk *d, pl_error *err)
{
	const int most = d->waiting > PARTY_LEAST ? d->waiting : PARTY_LEAST;
	pl_status st = PL_OK;
	*party = NULL;
	for (int kept = 0; kept < most && d->line != NULL && st == PL_OK;) {
		guest *g = d->line;
		d->line = g->next;
		d->waiting--;
		(void)pthread_mutex_unlock(&d->mutex);
		work_for(d, g, kept);
		(void)pthread_mutex_lock(&d->mutex);
		if (g->status == PL_OK || g->status == PL_EIO) {
			st = g->status;
			if (st != PL_OK) *err = g->err;
			g->next = *party;
			*party = g;
			kept++;
		} else {
			tell(g, g->status, NULL);
		}
	}
	return st;
}

/// The transaction ends, and everybody who is in it is told how.
static void end_party(pl_desk *d, guest *party, pl_status st, pl_error *err)
{
	if (party == NULL) {
		atomic_store(&d->ails, false);
		return;
	}
	(void)pthread_mutex_unlock(&d->mutex);
	if (st == PL_OK) st = pl_store_commit(d->store, err);
	if (st == PL_EIO) close_writer(d);
	if (st == PL_OK) pl_gauge_commit(d->gauge);
	atomic_store(&d->ails, st == PL_EIO);
	(void)pthread_mutex_lock(&d->mutex);
	if (st == PL_OK && d->grown != NULL) d->grown(d->with);
	while (party != NULL) { /* who was told is gone */
		guest *g = party;
		party = g->next;
		tell(g, st, st == PL_OK ? NULL : err);
	}
}

/// Work for all who are there, then leave that to the first of those who came meanwhile.
static void lead(pl_desk *d)
{
	pl_error err = {0};
	guest *party;
	const pl_status st = work_for_all(&party, d, &err);
	end_party(d, party, st, &err);
	d->busy = d->line != NULL;
	if (d->busy) {
		d->line->leads = true;
		(void)pthread_cond_signal(&d->line->call);
	}
}

/// Stand in the line, work or be worked for, wait for the commit.
static pl_status take_turn(pl_desk *d, turn work, void *with, pl_error *err)
{
	guest me = {.work = work, .with = with, .came = now()};
	(void)pthread_cond_init(&me.call, NULL);
	(void)pthread_mutex_lock(&d->mutex);
	guest **last = &d->line;
	while (*last != NULL) last = &(*last)->next;
	*last = &me;
	d->waiting++;
	me.leads = !d->busy;
	d->busy = true;
	while (!me.told && !me.leads) (void)pthread_cond_wait(&me.call, &d->mutex);
	if (!me.told) lead(d);
	(void)pthread_mutex_unlock(&d->mutex);
	(void)pthread_cond_destroy(&me.call);
	if (me.status != PL_OK && err != NULL) *err = me.err;
	return me.status;
}

typedef struct {
	pl_reply *out;
	const pl_request *request;
} doing;

static pl_status do_request(void *with, pl_desk *d, pl_error *err)
{
	const doing *w = with;
	return pl_app_do_within(w->out, d->app, w->request, err);
}

pl_status pl_desk_do(pl_reply *out, pl_desk *d, const pl_request *r, pl_error *err)
{
	doing w = {out, r};
	*out = (pl_reply){0};
	const pl_status st = take_turn(d, do_request, &w, err);
	if (st == PL_OK) {
		pl_desk_note_height(d, out->height);
	} else if (out->height > 0) { /* done, and not kept */
		free(out->json);
		*out = (pl_reply){0};
	}
	return st;
}

typedef struct {
	pl_desk_work work;
	void *with;
} using;

static pl_status change(void *with, pl_desk *d, pl_error *err)
{
	const using *w = with;
	return w->work(w->with, d->store, err);
}

pl_status pl_desk_change(pl_desk *d, pl_desk_work work, void *with, pl_error *err)
{
	using w = {work, with};
	return take_turn(d, change, &w, err);
}

/* ---- reading ---- */

pl_status pl_desk_use(pl_desk *d, pl_desk_read which, pl_desk_work work, void *with,
                      pl_error *err)
{
	reader *r = &d->reader[which];
	(void)pthread_mutex_lock(&r->mutex);
	pl_status st =
	        r->store != NULL ? PL_OK : pl_store_open(&r->store, d->address, false, err);
	if (st == PL_OK) st = work(with, r->store, err);
	if (st == PL_EIO) {
		pl_store_close(r->store);
		r->store = NULL;
	}
	(void)pthread_mutex_unlock(&r->mutex);
	return st;
}

static pl_status look(void *with, pl_store *s, pl_error *err)
{
	const using *l = with;
	PL_TRY(pl_store_look(s, err));
	const pl_status st = l->work(l->with, s, err);
	pl_store_rollback(s);
	return st;
}

pl_status pl_desk_look(pl_desk *d, pl_desk_read which, pl_desk_work work, void *with,
                       pl_error *err)
{
	using l = {work, with};
	return pl_desk_use(d, which, look, &l, err);
}

int64_t pl_desk_height(const pl_desk *d)
{
	return atomic_load(&d->height);
}

bool pl_desk_ails(const pl_desk *d)
{
	return atomic_load(&d->ails);
}
