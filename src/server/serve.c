/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* serve.c - from a request to who answers it: where it goes, who asks, whether that is too
 * often, and whether a page of somebody else's asks in their name. */
#include "server/serve.h"

#include "base/alloc.h"
#include "base/error.h"
#include "server/describe.h"
#include "server/net.h"
#include "server/route.h"
#include "server/visit.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define NOW    PL_LANE_NOW
#define READ   PL_LANE_READ
#define WRITE  PL_LANE_WRITE
#define SLOW   PL_LANE_SLOW
#define BULK   PL_LANE_BULK
#define OPEN   false
#define PERSON true
const pl_path_kind pl_paths[PL_PATHS] = {
#define PL_PATH(id, method, path, lane, who, status, help) \
	[PL_PATH_##id] = {#method, path, lane, who, status, help, pl_visit_##id},
#include "server/paths.def"
#undef PL_PATH
};
#undef NOW
#undef READ
#undef WRITE
#undef SLOW
#undef BULK
#undef OPEN
#undef PERSON

static const char cookie_name[] = "plenum";
enum {
	BURST = 5, ///< seconds' worth of requests that may come at once
	HOLD = 1 ///< seconds that "too many requests" is kept back, else it is asked on and on
};

static double seconds_now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- where a request goes ---- */

typedef struct {
	int path;       ///< of paths.def, or -1
	int op;         ///< of ops.def, or -1
	bool view;      ///< a GET below /api
	char allow[64]; ///< other methods of the same address, "" for none
} way;

static void allow(way *w, const char *method)
{
	const size_t n = strlen(w->allow);
	if (strstr(w->allow, method) == NULL)
		(void)snprintf(w->allow + n, sizeof w->allow - n, "%s%s", n > 0 ? ", " : "",
		               method);
}

/// The path below the base; NULL: it is not below it.
static const char *below(const pl_server *s, const char *path)
{
	const size_t n = strlen(s->o.base);
	if (strncmp(path, s->o.base, n) != 0) return NULL;
	if (path[n] == '\0' && n > 0) return "/";
	return path[n] == '/' ? path + n : NULL;
}

static way find_way(const char *method, const char *path)
{
	static const char api[] = "/api/";
	way w = {.path = -1, .op = -1};
	unsigned methods = 0;
	for (int i = 0; i < PL_PATHS; i++) {
		if (!pl_route_fits(pl_paths[i].path, path)) continue;
		allow(&w, pl_paths[i].method);
		if (strcmp(pl_paths[i].method, method) == 0) w.path = i;
	}
	if (w.path >= 0 || strncmp(path, api, sizeof api - 1) != 0) return w;
	w.op = pl_route_op(&methods, method, path + sizeof api - 2);
	for (int via = 0; via < PL_VIAS; via++)
		if ((methods & (1U << via)) != 0) allow(&w, pl_route_method(via));
	w.view = w.op < 0 && strcmp(method, "GET") == 0;
	return w;
}

static int lane_of(void *with, const pl_http_request *r)
{
	const char *path = below(with, r->path);
	if (path == NULL) return PL_LANE_NOW;
	const way w = find_way(r->method, path);
	if (w.path >= 0) return pl_paths[w.path].lane;
	return w.op >= 0 ? PL_LANE_WRITE : w.view ? PL_LANE_READ : PL_LANE_NOW;
}

/* ---- who asks ---- */

/// What a proxy says of the one for whom it asks, where it is believed: the last address of the
/// list, which it has put there itself.
static void look_behind_proxy(pl_visit *v)
{
	const char *believed = v->server->o.proxy;
	char normal[PL_NET_CHARS];
	if (believed == NULL ||
	    (strcmp(believed, "loopback") == 0 ? !pl_net_is_loopback(v->r->peer)
	                                       : strcmp(believed, v->r->peer) != 0))
		return;
	const char *list = pl_http_header(v->r, "X-Forwarded-For"),
	           *scheme = pl_http_header(v->r, "X-Forwarded-Proto");
	if (list != NULL) {
		const char *last = strrchr(list, ',');
		last = last == NULL ? list : last + 1;
		while (*last == ' ') last++;
		v->forwarded = true;
		if (pl_net_normal(normal, last))
			(void)snprintf(v->peer, sizeof v->peer, "%s", normal);
	}
	if (scheme != NULL) v->secure = strcasecmp(scheme, "https") == 0;
}

/// The token in the cookie, copied. @return false: there is none
static bool token_of_cookie(char out[PL_TOKEN_CHARS], const pl_http_request *r)
{
	const char *list = pl_http_header(r, "Cookie");
	const size_t n = sizeof cookie_name - 1;
	while (list != NULL && *list != '\0') {
		list += strspn(list, " ;");
		const size_t k = strcspn(list, ";");
		if (k == n + PL_TOKEN_CHARS && strncmp(list, cookie_name, n) == 0 &&
		    list[n] == '=') {
			(void)snprintf(out, PL_TOKEN_CHARS, "%.*s", PL_TOKEN_CHARS - 1,
			               list + n + 1);
			return pl_door_is_token(out);
		}
		list += k;
	}
	return false;
}

static bool token_of_header(char out[PL_TOKEN_CHARS], const pl_http_request *r)
{
	static const char bearer[] = "Bearer ";
	const char *said = pl_http_header(r, "Authorization");
	if (said == NULL || strncasecmp(said, bearer, sizeof bearer - 1) != 0) return false;
	said += sizeof bearer - 1;
	if (!pl_door_is_token(said)) return false;
	memcpy(out, said, PL_TOKEN_CHARS);
	return true;
}

typedef struct {
	const char *token;
	pl_visit *visit;
} asking;

static pl_status read_caller(void *with, pl_store *s, pl_error *err)
{
	const asking *a = with;
	return pl_door_who(&a->visit->caller, s, a->token, a->visit->now, err);
}

/// Find out who asks. @return false: the answer is made
static bool identify(pl_visit *v)
{
	char token[PL_TOKEN_CHARS];
	const asking a = {token, v};
	asking with = a;
	pl_error err;
	if (!token_of_header(token, v->r)) {
		v->by_cookie = token_of_cookie(token, v->r);
		if (!v->by_cookie) return true;
	}
	/* that the session is there and that its person was erased may be read one after the
	 * other: neither is ever taken back */
	const pl_status st =
	        pl_desk_use(v->server->desk, PL_READ_SHORT, read_caller, &with, &err);
	sodium_memzero(token, sizeof token);
	if (st != PL_OK) pl_out_failure(v->out, st, &err);
	return st == PL_OK;
}

int pl_visit_wait(pl_visit *v, const char *name, pl_rate rate)
{
	return v->server->o.rate > 0
	               ? pl_limit_take(v->server->limit, name, rate, seconds_now())
	               : 0;
}

bool pl_visit_may(pl_visit *v, const char *name, pl_rate rate)
{
	const int wait = pl_visit_wait(v, name, rate);
	if (wait == 0) return true;
	pl_out_problem(v->out, PL_P_TOO_MANY, "too many requests; try again in %d s", wait);
	pl_http_put_header(v->out, "Retry-After", "%d", wait);
	v->out->hold = HOLD;
	return false;
}

/// Is it not too often? People by their number, everybody else by their address.
static bool may_ask(pl_visit *v)
{
	enum { STRANGERS = 4 }; ///< several may share an address
	const double rate = v->server->o.rate;
	char name[PL_PEER_CHARS + 8];
	if (v->caller.person > 0)
		(void)snprintf(name, sizeof name, "person %" PRId64, v->caller.person);
	else
		(void)snprintf(name, sizeof name, "from %s", v->peer);
	const double times = v->caller.person > 0 ? 1 : STRANGERS;
	return pl_visit_may(v, name, (pl_rate){times * rate, BURST * times * rate + 1});
}

/* ---- whose page asks ---- */

const char *pl_visit_here(char out[PL_HTTP_VALUE_CHARS], const pl_visit *v)
{
	const char *host = pl_http_header(v->r, "Host");
	(void)snprintf(out, PL_HTTP_VALUE_CHARS, "http%s://%s%s", v->secure ? "s" : "",
	               host == NULL ? "localhost" : host, v->server->o.base);
	return out;
}

bool pl_visit_same_origin(pl_visit *v)
{
	const char *site = pl_http_header(v->r, "Sec-Fetch-Site"),
	           *origin = pl_http_header(v->r, "Origin"),
	           *host = pl_http_header(v->r, "Host");
	char own[PL_HTTP_VALUE_CHARS];
	(void)snprintf(own, sizeof own, "http%s://%s", v->secure ? "s" : "",
	               host == NULL ? "" : host);
	const bool said = site != NULL || origin != NULL;
	if (said && (site == NULL || strcmp(site, "same-origin") == 0) &&
	    (origin == NULL || strcasecmp(origin, own) == 0))
		return true;
	pl_out_problem(v->out, PL_P_DENIED,
	               "this was not sent by a page of this server; programs use a token in "
	               "place of a cookie");
	return false;
}

/// Is this computer itself asked by one of its own names?
static bool is_loopback_name(const pl_visit *v)
{
	static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
	const char *host = pl_http_header(v->r, "Host");
	for (size_t i = 0; host != NULL && i < sizeof names / sizeof *names; i++) {
		const size_t n = strlen(names[i]);
		if (strncasecmp(host, names[i], n) == 0 && (host[n] == '\0' || host[n] == ':'))
			return true;
	}
	return false;
}

/// Does a loopback server go by one of this computer's own names? Else a page of a stranger's
/// whose name was made to mean this computer talks to it.
static bool is_own_name(const pl_visit *v)
{
	return v->server->o.http.from != PL_FROM_LOOPBACK || v->server->o.proxy != NULL ||
	       pl_http_header(v->r, "Host") == NULL || is_loopback_name(v);
}

/* ---- answering ---- */

json_t *pl_visit_object(pl_visit *v)
{
	json_t *object;
	pl_error err;
	const pl_status st = pl_route_object(&object, v->r->body, v->r->n_body, &err);
	if (st != PL_OK) pl_out_failure(v->out, st, &err);
	return object;
}

int64_t pl_visit_number(pl_visit *v, const char *pattern)
{
	enum { DIGITS_MOST = 15 };
	char name[32], *text;
	pl_error err;
	const pl_status st = pl_route_part(&text, name, sizeof name, pattern, v->path, 0, &err);
	const bool number = st == PL_OK && text != NULL && strlen(text) <= DIGITS_MOST &&
	                    strspn(text, "0123456789") == strlen(text);
	const int64_t n = number ? strtoll(text, NULL, 10) : 0;
	free(text);
	if (n <= 0) pl_out_problem(v->out, PL_P_NOT_FOUND, "there is nothing at this address");
	return n;
}

void pl_visit_put_cookie(pl_visit *v, const char *token, int64_t seconds)
{
	pl_http_put_header(v->out, "Set-Cookie",
	                   "%s=%s; Path=%s/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Strict%s",
	                   cookie_name, token, v->server->o.base, seconds,
	                   v->secure ? "; Secure" : "");
}

/// A body is JSON and says so, so that no form of a stranger's page can be one.
static bool is_json(pl_visit *v, bool lines)
{
	const char *wanted = lines ? "application/jsonl" : "application/json",
	           *type = pl_http_header(v->r, "Content-Type");
	const size_t n = strlen(wanted);
	if (v->r->n_body == 0 || (type != NULL && strncasecmp(type, wanted, n) == 0 &&
	                          (type[n] == '\0' || type[n] == ';' || type[n] == ' ')))
		return true;
	pl_out_problem(v->out, PL_P_MEDIA, "the body is %s; send Content-Type: %s",
	               lines ? "JSON, a line each" : "JSON", wanted);
	return false;
}

/// May whoever asks go this way at all? Else the answer is made.
static bool may_go(pl_visit *v, const way *w)
{
	const bool api = strncmp(v->path, "/api/", 5) == 0,
	           person = w->op >= 0 || (w->path >= 0 && pl_paths[w->path].person),
	           reads = strcmp(v->r->method, "GET") == 0;
	if (!identify(v) || !may_ask(v)) return false;
	if (person && v->caller.person == 0) {
		pl_out_problem(v->out, PL_P_UNAUTHORIZED,
		               "log in first; your session may have ended");
		return false;
	}
	if (api && !reads && !is_json(v, w->path == PL_PATH_bulk)) return false;
	/* a form that logs somebody in is looked at too: not everybody wants to be somebody */
	return reads || (api && !v->by_cookie) || pl_visit_same_origin(v);
}

static void go(pl_visit *v)
{
	const way w = find_way(v->r->method, v->path);
	if (w.path < 0 && w.op < 0 && !w.view && w.allow[0] == '\0') {
		pl_out_problem(v->out, PL_P_NOT_FOUND, "there is nothing at this address");
	} else if (w.path < 0 && w.op < 0 && !w.view) {
		pl_out_problem(v->out, PL_P_METHOD, "this address knows %s", w.allow);
		pl_http_put_header(v->out, "Allow", "%s", w.allow);
	} else if (w.path >= 0 && pl_paths[w.path].lane == PL_LANE_NOW) {
		pl_paths[w.path].answer(v);
	} else if (may_go(v, &w)) {
		if (w.path >= 0)
			pl_paths[w.path].answer(v);
		else if (w.op >= 0)
			pl_visit_op(v, w.op);
		else
			pl_visit_view(v);
	}
}

static void answer(void *with, const pl_http_request *r, pl_http_answer *out)
{
	pl_server *s = with;
	pl_visit v = {.server = s,
	              .r = r,
	              .path = below(s, r->path),
	              .secure = r->secure,
	              .now = (int64_t)time(NULL),
	              .out = out};
	memcpy(v.peer, r->peer, sizeof v.peer);
	look_behind_proxy(&v);
	if (!is_own_name(&v))
		pl_out_problem(out, PL_P_MISDIRECTED,
		               "this server is for this computer alone and goes by no other "
		               "name; behind a proxy it is started with --behind-proxy");
	else if (v.path == NULL)
		pl_out_problem(out, PL_P_NOT_FOUND, "this server's pages begin with %s/",
		               s->o.base);
	else
		go(&v);
	/* browsers heed it only where they trust the connection, and complain of it elsewhere
	 */
	if (v.secure || is_loopback_name(&v))
		pl_http_put_header(out, "Cross-Origin-Opener-Policy", "same-origin");
}

static void refuse(void *with, const char *why, pl_http_answer *out)
{
	pl_problem what = PL_P_BAD_REQUEST;
	(void)with;
	for (int i = 0; i < PL_PROBLEMS_N; i++)
		if (pl_problems[i].status == out->status) what = (pl_problem)i;
	pl_out_problem(out, what, "%s", why);
}

static void note_answer(void *with, int status, double seconds)
{
	pl_server *s = with;
	pl_gauge_answer(&s->gauge, status, seconds);
}

/* ---- beginning and end ---- */

static pl_status start(pl_server *s, pl_error *err)
{
	const pl_http_user user = {.with = s,
	                           .lane = lane_of,
	                           .answer = answer,
	                           .refuse = refuse,
	                           .note = note_answer,
	                           .n_lanes = PL_LANES,
	                           .threads = {[PL_LANE_READ] = 2,
	                                       [PL_LANE_WRITE] = 8,
	                                       [PL_LANE_SLOW] = 2,
	                                       [PL_LANE_BULK] = 1}};
	PL_TRY(pl_limit_new(&s->limit, err));
	PL_TRY(pl_describe(&s->openapi, s->o.base, err));
	PL_TRY(pl_desk_new(&s->desk, s->o.address, s->o.seed, &s->gauge, err));
	PL_TRY(pl_live_new(&s->live, s->desk, err));
	PL_TRY(pl_clock_new(&s->clock, s->desk, err));
	PL_TRY(pl_mail_new(&s->mail, &s->o.smtp, s->o.here, s->o.tell, s->desk, err));
	return pl_http_new(&s->http, &s->o.http, &user, err);
}

pl_status pl_serve_new(pl_server **out, const pl_serve_options *o, pl_error *err)
{
	*out = NULL;
	if (sodium_init() < 0)
		return pl_fail(err, PL_EIO, -1, "the system gives no random numbers");
	pl_server *s = pl_alloc(1, sizeof *s);
	if (s == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the server");
	s->o = *o;
	s->o.http.single = o->proxy != NULL;
	const pl_status st = start(s, err);
	if (st == PL_OK)
		*out = s;
	else
		pl_serve_free(s);
	return st;
}

int pl_serve_port(const pl_server *s)
{
	return pl_http_port(s->http);
}

void pl_serve_free(pl_server *s)
{
	if (s == NULL) return;
	pl_clock_free(s->clock);
	pl_live_end(s->live);
	pl_http_free(s->http);
	pl_mail_free(s->mail); /* its thread tells of what it commits */
	pl_live_free(s->live);
	pl_desk_free(s->desk);
	pl_limit_free(s->limit);
	free(s->openapi);
	pl_free(s);
}
