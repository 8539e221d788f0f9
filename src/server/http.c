/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* http.c - requests and answers over libmicrohttpd: a few threads with epoll. A request that
 * has to wait for its answer is suspended and handed to a lane, and resumed when the lane has
 * it. */
#include "server/http.h"

#include "base/alloc.h"
#include "base/error.h"
#include "server/lanes.h"
#include "server/net.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
	LOOPS = 2,                ///< threads that read and write
	CONNECTIONS_MOST = 8192,  ///< and as many as the system lets a process open, less 64
	CONNECTION_BYTES = 16384, ///< headers of a request, and of its answer
	IDLE_SECONDS = 60,        ///< for a client that takes nothing of its answer
	TAKING_FACTOR = 10,       ///< an answer may take so much longer than a request
	LENGTH_DIGITS = 7,        ///< of a length that is looked at
	SWALLOWED_MOST = 4,       ///< bodies' worth that is read of what is too large
	GRACE_SECONDS = 10,       ///< for what has begun when the server stops
	SWEEP_MS = 200
};

/// A connection. Guarded by pl_http.mutex.
typedef struct line line;
struct line {
	line *next, **link;
	int file;
	double deadline; ///< cut off then; 0: no deadline
};

typedef struct call call;

struct pl_http {
	struct MHD_Daemon *daemon;
	pl_http_user user;
	pl_http_options options;
	char only[PL_PEER_CHARS];
	pl_lane *lane[PL_LANES_MOST];
	pthread_mutex_t mutex;
	pthread_cond_t idle;
	line *lines;
	call *held; ///< answers that are kept back
	int busy;   ///< requests that have begun and are not answered
	bool ended;
	atomic_bool stopping;
	bool closed; ///< nothing more goes into a lane; under the mutex
	bool sweeping;
	pthread_t sweeper;
};

/// A request from its first line to the end of its answer.
struct call {
	pl_http *http;
	call *next;   ///< of those that are kept back
	double until; ///< then it is let go
	struct MHD_Connection *connection;
	line *line;
	char *path;
	pl_http_request r;
	pl_bytes body;
	double arrived;
	bool begun, too_large, answered, streams;
	int64_t swallowed;
	pl_http_answer out;
};

static double now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- looking at requests ---- */

static const char *find(const pl_pair *pairs, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcasecmp(pairs[i].name, name) == 0) return pairs[i].value;
	return NULL;
}

const char *pl_http_header(const pl_http_request *r, const char *name)
{
	return find(r->header, r->n_headers, name);
}

const char *pl_http_query(const pl_http_request *r, const char *name)
{
	for (int i = 0; i < r->n_query; i++)
		if (strcmp(r->query[i].name, name) == 0) return r->query[i].value;
	return NULL;
}

void pl_http_put_header(pl_http_answer *a, const char *name, const char *fmt, ...)
{
	va_list ap;
	if (a->n_headers == PL_HTTP_HEADERS_OUT) return;
	a->header[a->n_headers].name = name;
	va_start(ap, fmt);
	(void)vsnprintf(a->header[a->n_headers++].value, PL_HTTP_VALUE_CHARS, fmt, ap);
	va_end(ap);
}

/* ---- connections ---- */

static void set_deadline(pl_http *h, line *l, double seconds)
{
	(void)pthread_mutex_lock(&h->mutex);
	l->deadline = seconds > 0 ? now() + seconds : 0;
	(void)pthread_mutex_unlock(&h->mutex);
}

static void line_opened(pl_http *h, struct MHD_Connection *c, void **context)
{
	const union MHD_ConnectionInfo *info =
	        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	line *l = info == NULL ? NULL : pl_alloc(1, sizeof *l);
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
	line *l = *context;
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

static line *line_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info == NULL ? NULL : info->socket_context;
}

/// Take out what was kept back long enough; all of it where the server stops. Under the mutex.
static call *take_due(pl_http *h, double time)
{
	const bool all = atomic_load(&h->stopping);
	call *due = NULL, **at = &h->held;
	while (*at != NULL) {
		call *k = *at;
		if (all || time > k->until) {
			*at = k->next;
			k->next = due;
			due = k;
		} else {
			at = &k->next;
		}
	}
	return due;
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
		for (line *l = h->lines; l != NULL; l = l->next)
			if (l->deadline > 0 && time > l->deadline)
				(void)shutdown(l->file, SHUT_RDWR);
		call *due = take_due(h, time);
		on = !h->ended;
		(void)pthread_mutex_unlock(&h->mutex);
		while (due != NULL) {
			call *k = due;
			due = k->next; /* it is gone once it goes on */
			MHD_resume_connection(k->connection);
		}
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

/* ---- a request arrives ---- */

/// Called with the line of a request, before everything else.
static void *begin_call(void *with, const char *uri, struct MHD_Connection *c)
{
	const size_t n = strcspn(uri, "?");
	call *k = pl_alloc(1, sizeof *k);
	if (k == NULL) return NULL;
	k->http = with;
	k->connection = c;
	k->path = pl_alloc((int64_t)n + 1, 1);
	if (k->path == NULL) {
		pl_free(k);
		return NULL;
	}
	memcpy(k->path, uri, n);
	return k;
}

typedef struct {
	pl_pair *pair;
	int n;
	bool good;
	bool names; ///< are they headers?
} pairs;

static bool is_token(const char *s, size_t n)
{
	static const char more[] = "!#$%&'*+-.^_`|~";
	for (size_t i = 0; i < n; i++) {
		const char c = s[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
			continue;
		if (c == '\0' || strchr(more, c) == NULL) return false;
	}
	return n > 0;
}

static bool is_value(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((unsigned char)s[i] < ' ' && s[i] != '\t') || s[i] == 0x7f) return false;
	return true;
}

static enum MHD_Result take_pair(void *with, enum MHD_ValueKind kind, const char *name,
                                 size_t n_name, const char *value, size_t n_value)
{
	pairs *p = with;
	(void)kind;
	if (value == NULL) value = "";
	const bool fits = p->names ? is_token(name, n_name) && is_value(value, n_value)
	                           : strlen(name) == n_name && strlen(value) == n_value;
	p->good = p->good && fits;
	if (p->n < PL_HTTP_PAIRS_MOST) p->pair[p->n] = (pl_pair){name, value};
	p->n++;
	return MHD_YES;
}

/// Take one list of pairs. @return an HTTP status: 0 where they are as they should be
static int take_pairs(pl_pair *out, int *n, struct MHD_Connection *c, enum MHD_ValueKind kind)
{
	pairs p = {.pair = out, .good = true, .names = kind == MHD_HEADER_KIND};
	(void)MHD_get_connection_values_n(c, kind, take_pair, &p);
	*n = p.n < PL_HTTP_PAIRS_MOST ? p.n : PL_HTTP_PAIRS_MOST;
	return p.n > PL_HTTP_PAIRS_MOST ? 431 : p.good ? 0 : 400;
}

static int count(const pl_http_request *r, const char *name)
{
	int n = 0;
	for (int i = 0; i < r->n_headers; i++) n += strcasecmp(r->header[i].name, name) == 0;
	return n;
}

/// May the headers be read in one way only? What two programs read differently lets one
/// request hide in another. @param[out] why a sentence @return an HTTP status, 0: they may
static int check_framing(const char **why, const pl_http_request *r, const char *version)
{
	const char *length = pl_http_header(r, "Content-Length"),
	           *coding = pl_http_header(r, "Transfer-Encoding");
	*why = "this request says in more than one way where it ends";
	if (length != NULL && coding != NULL) return 400;
	if (count(r, "Content-Length") > 1 || count(r, "Transfer-Encoding") > 1) return 400;
	*why = "the length of a request is a whole number";
	if (length != NULL &&
	    (length[0] == '\0' || strspn(length, "0123456789") != strlen(length)))
		return 400;
	*why = "a request is sent as it is, or in chunks by HTTP/1.1";
	if (coding != NULL &&
	    (strcasecmp(coding, "chunked") != 0 || strcmp(version, "HTTP/1.1") != 0))
		return 400;
	*why = "a request to read has no body";
	if (strcmp(r->method, "GET") == 0 &&
	    (coding != NULL || (length != NULL && strspn(length, "0") != strlen(length))))
		return 400;
	*why = "a request names one host";
	if (count(r, "Host") > 1 || (count(r, "Host") == 0 && strcmp(version, "HTTP/1.0") != 0))
		return 400;
	*why = "a request has at most 1 MiB";
	/* what is a little too long is read first: who is still sending hears no answer */
	return length != NULL && (strlen(length) > LENGTH_DIGITS ||
	                          strtol(length, NULL, 10) >
	                                  (long)SWALLOWED_MOST * PL_HTTP_BODY_MOST)
	               ? 413
	               : 0;
}

/// @return an HTTP status, 0 where the request may go on
static int check_head(const char **why, call *k, const char *method, const char *version)
{
	pl_http_request *r = &k->r;
	const union MHD_ConnectionInfo *peer =
	        MHD_get_connection_info(k->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	*why = "a request has at most 64 headers and 64 parameters";
	int status = take_pairs(r->header, &r->n_headers, k->connection, MHD_HEADER_KIND);
	if (status == 431) return status;
	const int query =
	        take_pairs(r->query, &r->n_query, k->connection, MHD_GET_ARGUMENT_KIND);
	if (query == 431) return query;
	*why = "a header or a parameter holds what it may not";
	if (status != 0 || query != 0) return 400;
	r->method = strcmp(method, "HEAD") == 0 ? "GET" : method;
	r->path = k->path;
	r->secure = k->http->options.certificate != NULL;
	(void)pl_net_print(r->peer, peer == NULL ? NULL : peer->client_addr);
	*why = "an address begins with /";
	return k->path[0] != '/' ? 400 : check_framing(why, r, version);
}

/* ---- an answer leaves ---- */

static const pl_pair everywhere[] = {
        {"Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; "
                                    "base-uri 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
};

static bool put_headers(struct MHD_Response *to, const call *k)
{
	const pl_http_answer *a = &k->out;
	bool good = MHD_add_response_header(to, "Content-Type", a->type) == MHD_YES;
	for (int i = 0; i < a->n_headers; i++)
		good = MHD_add_response_header(to, a->header[i].name, a->header[i].value) ==
		               MHD_YES &&
		       good;
	for (size_t i = 0; i < sizeof everywhere / sizeof *everywhere; i++) {
		bool own = false;
		for (int j = 0; j < a->n_headers; j++)
			own = own || strcmp(a->header[j].name, everywhere[i].name) == 0;
		if (!own)
			good = MHD_add_response_header(to, everywhere[i].name,
			                               everywhere[i].value) == MHD_YES &&
			       good;
	}
	if (a->close || k->http->options.single || atomic_load(&k->http->stopping))
		good = MHD_add_response_header(to, "Connection", "close") == MHD_YES && good;
	return good;
}

static ssize_t read_stream(void *with, uint64_t at, char *out, size_t room)
{
	pl_http_stream *s = with;
	(void)at;
	const int64_t n = s->read(s, out, (int64_t)room);
	return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)n;
}

static void close_stream(void *with)
{
	pl_http_stream *s = with;
	s->close(s);
}

void pl_http_sleep(pl_http_stream *s)
{
	MHD_suspend_connection(s->connection);
}

void pl_http_wake(pl_http_stream *s)
{
	MHD_resume_connection(s->connection);
}

static void settle(pl_http *h)
{
	(void)pthread_mutex_lock(&h->mutex);
	if (--h->busy == 0) (void)pthread_cond_signal(&h->idle);
	(void)pthread_mutex_unlock(&h->mutex);
}

static struct MHD_Response *stream_response(call *k)
{
	enum { BLOCK = 4096 };
	k->out.stream->connection = k->connection;
	struct MHD_Response *to = MHD_create_response_from_callback(
	        MHD_SIZE_UNKNOWN, BLOCK, read_stream, k->out.stream, close_stream);
	if (to == NULL) return NULL;
	k->out.stream = NULL;
	k->streams = true;
	settle(k->http); /* a stream is not waited for */
	return to;
}

static struct MHD_Response *body_response(call *k)
{
	static char nothing[1];
	char *at = k->out.body.at;
	struct MHD_Response *to =
	        at == NULL ? MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT)
	                   : MHD_create_response_from_buffer_with_free_callback(
	                             (size_t)k->out.body.n, at, pl_free);
	if (to != NULL) k->out.body = (pl_bytes){0};
	return to;
}

static enum MHD_Result send_answer(call *k)
{
	pl_http *h = k->http;
	const bool streams = k->out.stream != NULL;
	if (k->out.type == NULL) k->out.type = "application/json";
	h->user.note(h->user.with, k->out.status, now() - k->arrived);
	if (k->line != NULL)
		set_deadline(h, k->line, streams ? 0 : TAKING_FACTOR * h->options.patience);
	struct MHD_Response *to = streams ? stream_response(k) : body_response(k);
	if (to == NULL) return MHD_NO;
	const enum MHD_Result sent =
	        put_headers(to, k)
	                ? MHD_queue_response(k->connection, (unsigned)k->out.status, to)
	                : MHD_NO;
	MHD_destroy_response(to);
	return sent;
}

static enum MHD_Result send_refusal(call *k, int status, const char *why)
{
	pl_http *h = k->http;
	k->arrived = now();
	k->out.status = status;
	k->out.close = status != 503;
	h->user.refuse(h->user.with, why, &k->out);
	return send_answer(k);
}

/* ---- from request to answer ---- */

/// Keep an answer back: who asks too often waits, and keeps no processor busy meanwhile.
/// @return false: it goes at once
static bool keep_back(call *k)
{
	pl_http *h = k->http;
	if (k->out.hold <= 0) return false;
	(void)pthread_mutex_lock(&h->mutex);
	const bool keep = !atomic_load(&h->stopping);
	if (keep) {
		k->until = now() + k->out.hold;
		k->next = h->held;
		h->held = k;
	}
	(void)pthread_mutex_unlock(&h->mutex);
	return keep;
}

/// In a lane's thread.
static void work(void *job)
{
	call *k = job;
	k->http->user.answer(k->http->user.with, &k->r, &k->out);
	k->answered = true;
	if (!keep_back(k)) MHD_resume_connection(k->connection);
}

/// Let the connection wait for its turn in a lane. @param[out] put false: the lane is full
/// @return false: the lanes have ended
static bool enqueue(bool *put, call *k, int lane)
{
	pl_http *h = k->http;
	(void)pthread_mutex_lock(&h->mutex);
	const bool open = !h->closed;
	if (open) {
		MHD_suspend_connection(k->connection);
		*put = pl_lane_put(h->lane[lane], k);
	}
	(void)pthread_mutex_unlock(&h->mutex);
	return open;
}

/// The request is whole.
static enum MHD_Result dispatch(call *k)
{
	pl_http *h = k->http;
	bool put = false;
	if (k->too_large) return send_refusal(k, 413, "a request has at most 1 MiB");
	if (pl_bytes_add(&k->body, "", 1) != PL_OK)
		return send_refusal(k, 503, "no memory for the request");
	k->r.body = k->body.at;
	k->r.n_body = k->body.n - 1;
	k->arrived = now();
	if (k->line != NULL) set_deadline(h, k->line, 0);
	const int lane = h->user.lane(h->user.with, &k->r);
	if (lane == PL_LANE_NOW) {
		h->user.answer(h->user.with, &k->r, &k->out);
		return send_answer(k);
	}
	if (!enqueue(&put, k, lane))
		return send_refusal(k, 503, "the server is being stopped; try again soon");
	if (put) return MHD_YES;
	k->out.status = 503;
	h->user.refuse(h->user.with, "too many requests are waiting; try again", &k->out);
	k->answered = true;
	MHD_resume_connection(k->connection);
	return MHD_YES;
}

static enum MHD_Result take_body(call *k, const char *data, size_t *n)
{
	k->swallowed += (int64_t)*n;
	if (k->swallowed > (int64_t)SWALLOWED_MOST * PL_HTTP_BODY_MOST) return MHD_NO;
	if (k->swallowed > PL_HTTP_BODY_MOST)
		k->too_large = true;
	else if (pl_bytes_add(&k->body, data, (int64_t)*n) != PL_OK)
		return MHD_NO;
	*n = 0;
	return MHD_YES;
}

static enum MHD_Result handle(void *with, struct MHD_Connection *c, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *n_data, void **context)
{
	call *k = *context;
	const char *why = "";
	(void)with;
	(void)url;
	if (k == NULL) return MHD_NO;
	if (!k->begun) {
		k->begun = true;
		k->line = line_of(c);
		(void)pthread_mutex_lock(&k->http->mutex);
		k->http->busy++;
		(void)pthread_mutex_unlock(&k->http->mutex);
		const int status = check_head(&why, k, method, version);
		return status == 0 ? MHD_YES : send_refusal(k, status, why);
	}
	if (k->answered) return send_answer(k);
	return *n_data > 0 ? take_body(k, data, n_data) : dispatch(k);
}

static void end_call(void *with, struct MHD_Connection *c, void **context,
                     enum MHD_RequestTerminationCode how)
{
	call *k = *context;
	pl_http *h = with;
	(void)c;
	(void)how;
	if (k == NULL) return;
	if (k->line != NULL) set_deadline(h, k->line, h->options.patience);
	if (k->begun && !k->streams) settle(h);
	if (k->out.stream != NULL) k->out.stream->close(k->out.stream);
	pl_bytes_free(&k->out.body);
	pl_bytes_free(&k->body);
	pl_free(k->path);
	pl_free(k);
	*context = NULL;
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
	list[n++] = (struct MHD_OptionItem){MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)end_call, h};
	list[n++] =
	        (struct MHD_OptionItem){MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)note_line, h};
	list[n++] =
	        (struct MHD_OptionItem){MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)begin_call, h};
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
	return MHD_start_daemon(flags, 0, accept_peer, h, handle, h, MHD_OPTION_SOCK_ADDR,
	                        &at->any.plain, MHD_OPTION_ARRAY, list, MHD_OPTION_ARRAY, tls,
	                        MHD_OPTION_END);
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
		PL_TRY(pl_lane_new(&h->lane[i], h->user.threads[i], work, err));
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
