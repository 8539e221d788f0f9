/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* http.c - a server over libmicrohttpd: a few threads with epoll, its connections, and a thread
 * that cuts off those that take too long. */
#include "base/alloc.h"
#include "base/error.h"
#include "server/call.h"
#include "server/net.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
	LOOPS = 2,                ///< threads that read and write
	CONNECTIONS_MOST = 8192,  ///< and as many as the system lets a process open, less 64
	CONNECTION_BYTES = 16384, ///< headers of a request, and of its answer
	IDLE_SECONDS = 60,        ///< for a client that takes nothing of its answer
	GRACE_SECONDS = 10,       ///< for what has begun when the server stops
	SWEEP_MS = 200
};

static double now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- connections ---- */

static void line_opened(pl_http *h, struct MHD_Connection *c, void **context)
{
	const union MHD_ConnectionInfo *info =
	        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	pl_line *l = info == NULL ? NULL : pl_alloc(1, sizeof *l);
	*context = l;
	if (l == NULL) return;
	(void)pthread_mutex_lock(&h->mutex);
	l->file = info->connect_fd;
	l->deadline = now() + h->options.patience;
	l->next = h->lines;
	l->link = &h->lines;
	if (l->next != NULL) l->next->link = &l->next;
	h->lines = l;
	(void)pthread_mutex_unlock(&h->mutex);
}

static void line_closed(pl_http *h, void **context)
{
	pl_line *l = *context;
	if (l == NULL) return;
	(void)pthread_mutex_lock(&h->mutex);
	*l->link = l->next;
	if (l->next != NULL) l->next->link = l->link;
	(void)pthread_mutex_unlock(&h->mutex);
	pl_free(l);
	*context = NULL;
}

static void note_line(void *with, struct MHD_Connection *c, void **context,
                      enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		line_opened(with, c, context);
	else
		line_closed(with, context);
}

/// Cut off who takes too long: a client that sends a byte now and then is never idle. Let go
/// what was kept back.
static void *sweep(void *with)
{
	pl_http *h = with;
	const struct timespec pause = {.tv_nsec = SWEEP_MS * 1000000L};
	for (bool on = true; on;) {
		(void)nanosleep(&pause, NULL);
		const double time = now();
		(void)pthread_mutex_lock(&h->mutex);
		for (pl_line *l = h->lines; l != NULL; l = l->next)
			if (l->deadline > 0 && time > l->deadline)
				(void)shutdown(l->file, SHUT_RDWR);
		on = !h->ended;
		(void)pthread_mutex_unlock(&h->mutex);
		pl_call_let_go(h, time);
	}
	return NULL;
}

static enum MHD_Result accept_peer(void *with, const struct sockaddr *address, socklen_t size)
{
	const pl_http *h = with;
	char peer[PL_PEER_CHARS];
	(void)size;
	if (atomic_load(&h->stopping)) return MHD_NO;
	switch (h->options.from) {
	case PL_FROM_LOOPBACK:
		return pl_net_is_loopback(pl_net_print(peer, address)) ? MHD_YES : MHD_NO;
	case PL_FROM_PRIVATE:
		return pl_net_is_private(pl_net_print(peer, address)) ? MHD_YES : MHD_NO;
	case PL_FROM_ONE:
		return strcmp(pl_net_print(peer, address), h->only) == 0 ? MHD_YES : MHD_NO;
	default:
		return MHD_YES;
	}
}

/* ---- the server ---- */

/// As many files as the system lets a process have, so that many may stay connected.
static unsigned connections_most(void)
{
	const rlim_t other = 64; ///< files that are no connections
	struct rlimit most;
	if (getrlimit(RLIMIT_NOFILE, &most) != 0) return CONNECTIONS_MOST / 16;
	most.rlim_cur = most.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &most) != 0) (void)getrlimit(RLIMIT_NOFILE, &most);
	const rlim_t n = most.rlim_cur > 2 * other ? most.rlim_cur - other : other;
	return n < CONNECTIONS_MOST ? (unsigned)n : CONNECTIONS_MOST;
}

/// How libmicrohttpd is asked for; the last entry ends the list.
static void list_options(struct MHD_OptionItem list[16], pl_http *h)
{
	const pl_http_options *o = &h->options;
	int n = 0;
	list[n++] =
	        (struct MHD_OptionItem){MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)pl_call_end, h};
	list[n++] =
	        (struct MHD_OptionItem){MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)note_line, h};
	list[n++] = (struct MHD_OptionItem){MHD_OPTION_URI_LOG_CALLBACK,
	                                    (intptr_t)pl_call_begin, h};
	list[n++] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, LOOPS, NULL};
	list[n++] = (struct MHD_OptionItem){MHD_OPTION_CONNECTION_LIMIT,
	                                    (intptr_t)connections_most(), NULL};
	list[n++] = (struct MHD_OptionItem){MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	                                    CONNECTION_BYTES, NULL};
	list[n++] = (struct MHD_OptionItem){MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, NULL};
	list[n++] = (struct MHD_OptionItem){MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL};
	list[n++] = (struct MHD_OptionItem){MHD_OPTION_PER_IP_CONNECTION_LIMIT,
	                                    (intptr_t)o->per_address, NULL};
	list[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
}

static struct MHD_Daemon *start_on(pl_http *h, const pl_net_address *at)
{
	const pl_http_options *o = &h->options;
	struct MHD_OptionItem list[16], tls[3] = {{MHD_OPTION_END, 0, NULL}};
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
	list_options(list, h);
	if (o->certificate != NULL) {
		flags |= MHD_USE_TLS;
		tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, o->certificate};
		tls[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, o->key};
		tls[2] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
	}
	if (at->six) flags |= MHD_USE_DUAL_STACK;
	return MHD_start_daemon(flags, 0, accept_peer, h, pl_call_handle, h,
	                        MHD_OPTION_SOCK_ADDR, &at->any.plain, MHD_OPTION_ARRAY, list,
	                        MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

/// Listen; on every address, also where the system knows IPv4 alone.
static pl_status start(pl_http *h, pl_error *err)
{
	const pl_http_options *o = &h->options;
	pl_net_address at = pl_net_listen(o->from == PL_FROM_LOOPBACK, true, o->port);
	errno = 0;
	h->daemon = start_on(h, &at);
	if (h->daemon == NULL && errno != EADDRINUSE && errno != EACCES &&
	    o->from != PL_FROM_LOOPBACK) {
		at = pl_net_listen(false, false, o->port);
		h->daemon = start_on(h, &at);
	}
	if (h->daemon != NULL) return PL_OK;
	if (errno == EADDRINUSE)
		return pl_fail(err, PL_EIO, -1,
		               "port %d is taken by another program: choose another with "
		               "--port, or 0 for any that is free",
		               o->port);
	if (o->certificate != NULL && errno == 0)
		return pl_fail(err, PL_EIO, -1,
		               "the certificate and its key cannot be used for TLS; both are "
		               "PEM files, and belong together");
	return pl_fail(err, PL_EIO, -1, "port %d cannot be listened on: %s", o->port,
	               errno != 0 ? strerror(errno) : "the system says no more");
}

static pl_status start_threads(pl_http *h, pl_error *err)
{
	for (int i = 0; i < h->user.n_lanes; i++)
		PL_TRY(pl_lane_new(&h->lane[i], h->user.threads[i], pl_call_work, err));
	if (pthread_create(&h->sweeper, NULL, sweep, h) != 0)
		return pl_fail(err, PL_EIO, -1, "the system gives no more threads");
	h->sweeping = true;
	return PL_OK;
}

pl_status pl_http_new(pl_http **out, const pl_http_options *o, const pl_http_user *user,
                      pl_error *err)
{
	*out = NULL;
	pl_http *h = pl_alloc(1, sizeof *h);
	if (h == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the server");
	h->user = *user;
	h->options = *o;
	(void)snprintf(h->only, sizeof h->only, "%s", o->only == NULL ? "" : o->only);
	(void)pthread_mutex_init(&h->mutex, NULL);
	(void)pthread_cond_init(&h->idle, NULL);
	pl_status st = start_threads(h, err);
	if (st == PL_OK) st = start(h, err);
	if (st == PL_OK)
		*out = h;
	else
		pl_http_free(h);
	return st;
}

int pl_http_port(const pl_http *h)
{
	const union MHD_DaemonInfo *info =
	        MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);
	return info == NULL ? 0 : info->port;
}

/// Wait until every request that has begun is answered, but not for ever; then nothing more
/// goes into a lane.
static void wait_for_answers(pl_http *h)
{
	struct timespec until;
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += GRACE_SECONDS;
	(void)pthread_mutex_lock(&h->mutex);
	while (h->busy > 0 && pthread_cond_timedwait(&h->idle, &h->mutex, &until) == 0) {
	}
	h->closed = true;
	(void)pthread_mutex_unlock(&h->mutex);
}

/// Not by MHD_quiesce_daemon: with epoll and several threads its version 0.9.75 may end the
/// process, when a thread and the caller both take the listening socket out of a set.
static void stop_daemon(pl_http *h)
{
	wait_for_answers(h);
	for (int i = 0; i < h->user.n_lanes; i++) {
		pl_lane_free(h->lane[i]);
		h->lane[i] = NULL;
	}
	MHD_stop_daemon(h->daemon);
}

void pl_http_free(pl_http *h)
{
	if (h == NULL) return;
	atomic_store(&h->stopping, true);
	if (h->daemon != NULL) stop_daemon(h);
	for (int i = 0; i < h->user.n_lanes; i++) pl_lane_free(h->lane[i]);
	(void)pthread_mutex_lock(&h->mutex);
	h->ended = true;
	(void)pthread_mutex_unlock(&h->mutex);
	if (h->sweeping) (void)pthread_join(h->sweeper, NULL);
	(void)pthread_cond_destroy(&h->idle);
	(void)pthread_mutex_destroy(&h->mutex);
	pl_free(h);
}
