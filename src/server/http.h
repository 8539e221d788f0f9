/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* http.h - requests in, answers out. Only http.c and call.c know libmicrohttpd.
 *
 * A request that has arrived whole is answered at once or goes into a lane, a queue with
 * threads of its own, so that work that takes long keeps no connection of others waiting. */
#ifndef PL_SERVER_HTTP_H
#define PL_SERVER_HTTP_H
#include "base/text.h"

enum {
	PL_HTTP_BODY_MOST = 1 << 20, ///< bytes
	PL_HTTP_PAIRS_MOST = 64,     ///< headers, and parameters of a query
	PL_HTTP_HEADERS_OUT = 8,
	PL_HTTP_VALUE_CHARS = 256,
	PL_PEER_CHARS = 46 ///< an IPv6 address and a NUL
};

typedef struct {
	const char *name, *value;
} pl_pair;

/// A request; everything is borrowed for the call.
typedef struct {
	const char *method; ///< "GET", also where HEAD was asked
	const char *path;   ///< as it was sent, percent signs and all, without the query
	int n_headers, n_query;
	pl_pair header[PL_HTTP_PAIRS_MOST];
	pl_pair query[PL_HTTP_PAIRS_MOST]; ///< decoded
	const char *body;                  ///< [n_body], and a NUL behind
	int64_t n_body;
	char peer[PL_PEER_CHARS]; ///< who is connected, as text
	bool secure;              ///< over TLS
} pl_http_request;

/// A header by its name, capitals and small letters alike; NULL: none.
const char *pl_http_header(const pl_http_request *r, const char *name);
/// A parameter of the query; NULL: none.
const char *pl_http_query(const pl_http_request *r, const char *name);

/// An answer that does not end: embed it first in a struct of your own.
typedef struct pl_http_stream pl_http_stream;
struct pl_http_stream {
	/// Fill in up to @p room bytes. @return how many; 0 after pl_http_sleep; -1: it ends
	int64_t (*read)(pl_http_stream *s, char *out, int64_t room);
	void (*close)(pl_http_stream *s); ///< nobody reads any more; frees it
	void *connection;                 ///< of call.c
};
/// Nothing to say: the stream is not read until it is woken. For read alone, which must see
/// to it that pl_http_wake comes after this.
void pl_http_sleep(pl_http_stream *s);
void pl_http_wake(pl_http_stream *s); ///< one that sleeps

/// An answer. Begin with {0}.
typedef struct {
	int status;
	const char *type; ///< of the content; static
	pl_bytes body;
	pl_http_stream *stream; ///< in place of a body; owned
	bool close;             ///< end the connection behind it
	double hold;            ///< seconds that it is kept back, where it came from a lane
	int n_headers;
	struct {
		const char *name; ///< static
		char value[PL_HTTP_VALUE_CHARS];
	} header[PL_HTTP_HEADERS_OUT];
} pl_http_answer;

/// Add a header; what is too long is cut.
void pl_http_put_header(pl_http_answer *a, const char *name, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));

enum { PL_LANE_NOW = -1, PL_LANES_MOST = 4 };

/// Who answers. All are called by several threads at once.
typedef struct {
	void *with;
	/// The lane of a request, or PL_LANE_NOW, where the answer must not wait for anything.
	int (*lane)(void *with, const pl_http_request *r);
	void (*answer)(void *with, const pl_http_request *r, pl_http_answer *out);
	/// A request that call.c itself refuses, or whose lane is full: only the status is set.
	void (*refuse)(void *with, const char *why, pl_http_answer *out);
	/// An answer was found. @param seconds since the request had arrived
	void (*note)(void *with, int status, double seconds);
	int n_lanes, threads[PL_LANES_MOST];
} pl_http_user;

/// From where connections are taken.
typedef enum { PL_FROM_LOOPBACK, PL_FROM_PRIVATE, PL_FROM_ANYWHERE, PL_FROM_ONE } pl_http_from;

typedef struct {
	int port;                ///< 0: any that is free
	pl_http_from from;       ///< loopback listens there alone, the others on every address
	const char *only;        ///< PL_FROM_ONE: the address
	double patience;         ///< seconds in which a request must arrive
	int per_address;         ///< connections; 0: no limit
	bool single;             ///< a connection carries one request
	char *certificate, *key; ///< PEM, borrowed; NULL: no TLS
} pl_http_options;

typedef struct pl_http pl_http;
/// Listen. @return PL_OK; PL_EIO with a sentence; PL_ENOMEM
pl_status pl_http_new(pl_http **out, const pl_http_options *o, const pl_http_user *user,
                      pl_error *err);
int pl_http_port(const pl_http *h);
/// Take no more connections, answer what has arrived, end. Streams must be ending by then.
void pl_http_free(pl_http *h); ///< NULL allowed
#endif
