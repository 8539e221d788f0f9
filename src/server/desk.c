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

/// A request whose work is done, and which waits to be told that it is safe.
typedef struct guest guest;
struct guest {
	guest *next;
	bool told;
	pl_status status;
	pl_error err;
};

/// What a request does in its turn.
typedef pl_status (*turn)(void *with, pl_desk *d, pl_error *err);

struct pl_desk {
	const char *address;
	unsigned char seed[PL_KEY_SEED];
	pl_gauge *gauge;
	pl_desk_grown grown;
	void *with;
	atomic_int coming;     ///< requests whose work is not done; who waits for the mutex too
	pthread_mutex_t mutex; ///< of what follows, up to the readers
	pthread_cond_t ended;  ///< a transaction
	guest *party;          ///< who is in the transaction that is open
	pl_store *store;       ///< NULL: to be opened anew
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
	(void)pthread_cond_init(&d->ended, NULL);
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
	(void)pthread_cond_destroy(&d->ended);
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
 * Requests that come while another one is at work, or while the disk is, share a transaction:
 * each does its work in turn, behind a mark to which a failure goes back, and waits. Whoever
 * ends its work and sees nobody coming commits for all, and then all are told. So there is one
 * wait for the disk, and nobody is told anything that is not on it. */

/// A transaction begins, or the one that is open gets a mark.
static pl_status begin_turn(pl_desk *d, pl_error *err)
{
	pl_status st = open_writer(d, err);
	if (st == PL_OK)
		st = d->party == NULL ? pl_store_begin(d->store, err)
		                      : pl_store_mark(d->store, err);
	return st;
}

/// The transaction ends, and everybody who is in it is told how.
static void end_party(pl_desk *d, pl_status st, const pl_error *why)
{
	pl_error err = {0};
	if (why != NULL) err = *why;
	if (st == PL_OK) st = pl_store_commit(d->store, &err);
	if (st == PL_EIO) close_writer(d);
	if (st == PL_OK) pl_gauge_commit(d->gauge);
	if (st == PL_OK && d->grown != NULL) d->grown(d->with);
	for (guest *g = d->party; g != NULL; g = g->next) {
		g->told = true;
		g->status = st;
		g->err = err;
	}
	d->party = NULL;
	atomic_store(&d->ails, st == PL_EIO);
	(void)pthread_cond_broadcast(&d->ended);
}

/// What failed leaves no trace. Where the store is at fault, nobody's work is kept.
static void undo_turn(pl_desk *d, pl_status st, const pl_error *why)
{
	pl_error err = *why;
	if (st != PL_EIO && d->party != NULL) st = pl_store_undo(d->store, &err);
	if (d->store != NULL && d->party == NULL) pl_store_rollback(d->store);
	if (st == PL_EIO)
		end_party(d, st, &err);
	else if (d->party == NULL)
		atomic_store(&d->ails, false);
}

/// Wait for the turn, work, wait for the commit.
static pl_status take_turn(pl_desk *d, turn work, void *with, pl_error *err)
{
	guest me = {0};
	const double came = now();
	(void)atomic_fetch_add(&d->coming, 1);
	(void)pthread_mutex_lock(&d->mutex);
	pl_gauge_desk(d->gauge, now() - came);
	pl_status st = begin_turn(d, &me.err);
	if (st == PL_OK) st = work(with, d, &me.err);
	if (st == PL_OK) {
		me.next = d->party;
		d->party = &me;
	} else {
		undo_turn(d, st, &me.err);
	}
	if (atomic_fetch_sub(&d->coming, 1) == 1 && d->party != NULL) end_party(d, PL_OK, NULL);
	while (st == PL_OK && !me.told) (void)pthread_cond_wait(&d->ended, &d->mutex);
	(void)pthread_mutex_unlock(&d->mutex);
	if (st == PL_OK) st = me.status;
	if (st != PL_OK && err != NULL) *err = me.err;
	return st;
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
