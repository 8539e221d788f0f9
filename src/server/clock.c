/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/clock.h"

#include "base/alloc.h"
#include "base/error.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct pl_clock {
	pl_desk *desk;
	pthread_mutex_t mutex;
	pthread_cond_t end;
	pthread_t thread;
	bool running, ending;
};

typedef struct {
	pl_due due;
	int64_t now, after;
} asking;

static pl_status ask(void *with, pl_store *s, pl_error *err)
{
	asking *a = with;
	return pl_app_due(&a->due, s, a->now, a->after, err);
}

/// Do one thing that is due. @return false: nothing is, or it cannot be known now
static bool do_next(pl_clock *c, asking *a)
{
	pl_reply reply;
	if (pl_desk_use(c->desk, PL_READ_SHORT, ask, a, NULL) != PL_OK) return false;
	const int64_t season = a->due.season;
	if (season == 0) return false;
	/* what cannot be done stays due; the other seasons do not wait for it */
	if (pl_desk_do(&reply, c->desk, &a->due.request, NULL) != PL_OK) a->after = season;
	free(reply.json);
	pl_due_clear(&a->due);
	return true;
}

static bool ends(pl_clock *c)
{
	(void)pthread_mutex_lock(&c->mutex);
	const bool ending = c->ending;
	(void)pthread_mutex_unlock(&c->mutex);
	return ending;
}

/// A second passes. @return false: the clock ends
static bool tick(pl_clock *c)
{
	struct timespec until;
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	(void)pthread_mutex_lock(&c->mutex);
	while (!c->ending && pthread_cond_timedwait(&c->end, &c->mutex, &until) == 0) {
	}
	(void)pthread_mutex_unlock(&c->mutex);
	return !ends(c);
}

static void *run(void *with)
{
	pl_clock *c = with;
	do {
		asking a = {.now = (int64_t)time(NULL)};
		while (!ends(c) && do_next(c, &a)) {
		}
	} while (tick(c));
	return NULL;
}

pl_status pl_clock_new(pl_clock **out, pl_desk *desk, pl_error *err)
{
	*out = NULL;
	pl_clock *c = pl_alloc(1, sizeof *c);
	if (c == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the clock");
	c->desk = desk;
	(void)pthread_mutex_init(&c->mutex, NULL);
	(void)pthread_cond_init(&c->end, NULL);
	c->running = pthread_create(&c->thread, NULL, run, c) == 0;
	if (!c->running) {
		pl_clock_free(c);
		return pl_fail(err, PL_EIO, -1, "the system gives no more threads");
	}
	*out = c;
	return PL_OK;
}

void pl_clock_free(pl_clock *c)
{
	if (c == NULL) return;
	(void)pthread_mutex_lock(&c->mutex);
	c->ending = true;
	(void)pthread_cond_signal(&c->end);
	(void)pthread_mutex_unlock(&c->mutex);
	if (c->running) (void)pthread_join(c->thread, NULL);
	(void)pthread_cond_destroy(&c->end);
	(void)pthread_mutex_destroy(&c->mutex);
	pl_free(c);
}
