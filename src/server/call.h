/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* call.h - what http.c and call.c share, and no other file includes: the server, its
 * connections and the requests on them, as libmicrohttpd knows them. */
#ifndef PL_SERVER_CALL_H
#define PL_SERVER_CALL_H
#include "server/http.h"
#include "server/lanes.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

/// A connection. Guarded by pl_http.mutex.
typedef struct pl_line pl_line;
struct pl_line {
	pl_line *next, **link;
	int file;
	double deadline; ///< cut off then; 0: no deadline
};

typedef struct pl_call pl_call;

struct pl_http {
	struct MHD_Daemon *daemon;
	pl_http_user user;
	pl_http_options options;
	char only[PL_PEER_CHARS];
	pl_lane *lane[PL_LANES_MOST];
	pthread_mutex_t mutex;
	pthread_cond_t idle;
	pl_line *lines;
	pl_call *held; ///< answers that are kept back
	int busy;      ///< requests that have begun and are not answered
	bool ended;
	atomic_bool stopping;
	bool closed; ///< nothing more goes into a lane; under the mutex
	bool sweeping;
	pthread_t sweeper;
};

/// A request from its first line to the end of its answer.
struct pl_call {
	pl_http *http;
	pl_call *next; ///< of those that are kept back
	double until;  ///< then it is let go
	struct MHD_Connection *connection;
	pl_line *line;
	char *path;
	pl_http_request r;
	pl_bytes body;
	double arrived;
	bool begun, too_large, answered, streams;
	int64_t swallowed;
	pl_http_answer out;
};

/// Called by libmicrohttpd, in this order; with is the pl_http.
void *pl_call_begin(void *with, const char *uri, struct MHD_Connection *c);
enum MHD_Result pl_call_handle(void *with, struct MHD_Connection *c, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *n_data, void **context);
void pl_call_end(void *with, struct MHD_Connection *c, void **context,
                 enum MHD_RequestTerminationCode how);
/// What a lane does with a call.
void pl_call_work(void *job);
/// Let go what was kept back long enough by @p time; all of it where the server stops.
void pl_call_let_go(pl_http *h, double time);
#endif
