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

struct pl_desk {
	const char *address;
	unsigned char seed[PL_KEY_SEED];
	pl_gauge *gauge;
	pl_desk_grown grown;
	void *with;
	pthread_mutex_t mutex; ///< of store and app
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

/* ---- writing ---- */

/// Wait for the turn; the record is then open. The mutex is held also after a failure.
static pl_status enter(pl_desk *d, pl_error *err)
{
	const double came = now();
	(void)pthread_mutex_lock(&d->mutex);
	pl_gauge_desk(d->gauge, now() - came);
	return open_writer(d, err);
}

static void leave(pl_desk *d, pl_status st)
{
	atomic_store(&d->ails, st == PL_EIO);
	if (st == PL_EIO) close_writer(d);
	(void)pthread_mutex_unlock(&d->mutex);
}

pl_status pl_desk_do(pl_reply *out, pl_desk *d, const pl_request *r, pl_error *err)
{
	*out = (pl_reply){0};
	pl_status st = enter(d, err);
	if (st == PL_OK) st = pl_app_do(out, d->app, r, err);
	if (st == PL_OK) {
		pl_desk_note_height(d, out->height);
		if (d->grown != NULL) d->grown(d->with);
	}
	leave(d, st);
	return st;
}

pl_status pl_desk_change(pl_desk *d, pl_desk_work work, void *with, pl_error *err)
{
	pl_status st = enter(d, err);
	if (st == PL_OK) st = pl_store_begin(d->store, err);
	if (st == PL_OK) {
		st = work(with, d->store, err);
		if (st == PL_OK)
			st = pl_store_commit(d->store, err);
		else
			pl_store_rollback(d->store);
	}
	leave(d, st);
	return st;
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

typedef struct {
	pl_desk_work work;
	void *with;
} looking;

static pl_status look(void *with, pl_store *s, pl_error *err)
{
	const looking *l = with;
	PL_TRY(pl_store_look(s, err));
	const pl_status st = l->work(l->with, s, err);
	pl_store_rollback(s);
	return st;
}

pl_status pl_desk_look(pl_desk *d, pl_desk_read which, pl_desk_work work, void *with,
                       pl_error *err)
{
	looking l = {work, with};
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
