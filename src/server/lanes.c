/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/lanes.h"

#include "base/alloc.h"
#include "base/error.h"

#include <pthread.h>

struct pl_lane {
	pthread_mutex_t mutex;
	pthread_cond_t some;
	void (*work)(void *job);
	void *waiting[PL_LANE_WAITING_MOST]; ///< a ring
	int first, n;
	bool ending;
	int n_threads;
	pthread_t thread[PL_LANE_THREADS_MOST];
};

/// The next job; NULL: the lane has ended.
static void *take(pl_lane *l)
{
	void *job = NULL;
	(void)pthread_mutex_lock(&l->mutex);
	while (l->n == 0 && !l->ending) (void)pthread_cond_wait(&l->some, &l->mutex);
	if (l->n > 0) {
		job = l->waiting[l->first];
		l->first = (l->first + 1) % PL_LANE_WAITING_MOST;
		l->n--;
	}
	(void)pthread_mutex_unlock(&l->mutex);
	return job;
}

static void *run(void *with)
{
	pl_lane *l = with;
	for (void *job = take(l); job != NULL; job = take(l)) l->work(job);
	return NULL;
}

pl_status pl_lane_new(pl_lane **out, int threads, void (*work)(void *job), pl_error *err)
{
	*out = NULL;
	pl_lane *l = pl_alloc(1, sizeof *l);
	if (l == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a queue of requests");
	(void)pthread_mutex_init(&l->mutex, NULL);
	(void)pthread_cond_init(&l->some, NULL);
	l->work = work;
	while (l->n_threads < threads) {
		if (pthread_create(&l->thread[l->n_threads], NULL, run, l) != 0) {
			pl_lane_free(l);
			return pl_fail(err, PL_EIO, -1, "the system gives no more threads");
		}
		l->n_threads++;
	}
	*out = l;
	return PL_OK;
}

bool pl_lane_put(pl_lane *l, void *job)
{
	(void)pthread_mutex_lock(&l->mutex);
	const bool taken = l->n < PL_LANE_WAITING_MOST && !l->ending;
	if (taken) {
		l->waiting[(l->first + l->n) % PL_LANE_WAITING_MOST] = job;
		l->n++;
		(void)pthread_cond_signal(&l->some);
	}
	(void)pthread_mutex_unlock(&l->mutex);
	return taken;
}

void pl_lane_free(pl_lane *l)
{
	if (l == NULL) return;
	(void)pthread_mutex_lock(&l->mutex);
	l->ending = true;
	(void)pthread_cond_broadcast(&l->some);
	(void)pthread_mutex_unlock(&l->mutex);
	for (int i = 0; i < l->n_threads; i++) (void)pthread_join(l->thread[i], NULL);
	(void)pthread_cond_destroy(&l->some);
	(void)pthread_mutex_destroy(&l->mutex);
	pl_free(l);
}
