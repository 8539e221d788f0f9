/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* call.c - a request, from its first line to the end of its answer. One that has to wait for
 * its answer is suspended and handed to a lane, and resumed when the lane has it. */
#include "server/call.h"

#include "base/alloc.h"
#include "server/net.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
	TAKING_FACTOR = 10, ///< an answer may take so much longer than a request
	LENGTH_DIGITS = 7,  ///< of a length that is looked at
	SWALLOWED_MOST = 4  ///< bodies' worth that is read of what is too large
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

/* ---- a request arrives ---- */

static void set_deadline(pl_http *h, pl_line *l, double seconds)
{
	(void)pthread_mutex_lock(&h->mutex);
	l->deadline = seconds > 0 ? now() + seconds : 0;
	(void)pthread_mutex_unlock(&h->mutex);
}

static pl_line *line_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info == NULL ? NULL : info->socket_context;
}

void *pl_call_begin(void *with, const char *uri, struct MHD_Connection *c)
{
	const size_t n = strcspn(uri, "?");
	pl_call *k = pl_alloc(1, sizeof *k);
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
static int check_head(const char **why, pl_call *k, const char *method, const char *version)
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
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
};

static bool put_headers(struct MHD_Response *to, const pl_call *k)
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

static struct MHD_Response *stream_response(pl_call *k)
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

static struct MHD_Response *body_response(pl_call *k)
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

static enum MHD_Result send_answer(pl_call *k)
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

static enum MHD_Result send_refusal(pl_call *k, int status, const char *why)
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
static bool keep_back(pl_call *k)
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

/// Take out what was kept back long enough; all of it where the server stops. Under the mutex.
static pl_call *take_due(pl_http *h, double time)
{
	const bool all = atomic_load(&h->stopping);
	pl_call *due = NULL, **at = &h->held;
	while (*at != NULL) {
		pl_call *k = *at;
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

void pl_call_let_go(pl_http *h, double time)
{
	(void)pthread_mutex_lock(&h->mutex);
	pl_call *due = take_due(h, time);
	(void)pthread_mutex_unlock(&h->mutex);
	while (due != NULL) {
		pl_call *k = due;
		due = k->next; /* it is gone once it goes on */
		MHD_resume_connection(k->connection);
	}
}

void pl_call_work(void *job)
{
	pl_call *k = job;
	k->http->user.answer(k->http->user.with, &k->r, &k->out);
	k->answered = true;
	if (!keep_back(k)) MHD_resume_connection(k->connection);
}

/// Let the connection wait for its turn in a lane. @param[out] put false: the lane is full
/// @return false: the lanes have ended
static bool enqueue(bool *put, pl_call *k, int lane)
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
static enum MHD_Result dispatch(pl_call *k)
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

static enum MHD_Result take_body(pl_call *k, const char *data, size_t *n)
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

enum MHD_Result pl_call_handle(void *with, struct MHD_Connection *c, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *n_data, void **context)
{
	pl_call *k = *context;
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

void pl_call_end(void *with, struct MHD_Connection *c, void **context,
                 enum MHD_RequestTerminationCode how)
{
	pl_call *k = *context;
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
