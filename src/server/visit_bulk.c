/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_bulk.c - many operations in one request, a line each. Each is done or refused for
 * itself, as if it had come alone. */
#include "server/visit.h"

#include "base/error.h"
#include "server/route.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINES_MOST = 1000,
	TIMES = 10, ///< lines, for each request that one may make
	ONCE_CHARS = 160
};

/// Lines being done.
typedef struct {
	pl_visit *visit;
	const char *once; ///< key of the whole; NULL: none
	bool goes_on;     ///< after one that was refused
	int64_t line;
	bool ended;
} bulk;

/* ---- what is told ---- */

static void add(bulk *b, const char *text, int64_t n)
{
	if (pl_bytes_add(&b->visit->out->body, text, n) != PL_OK) b->ended = true;
}

static void tell_done(bulk *b, const pl_reply *reply)
{
	char head[32];
	add(b, head, snprintf(head, sizeof head, "{\"line\":%" PRId64 ",", b->line));
	if (pl_visit_add_reply(b->visit, reply) != PL_OK) b->ended = true;
}

/// @param wait seconds after which it may be tried again; 0: at any time
static void tell_refused(bulk *b, pl_problem what, const char *why, int wait)
{
	const pl_problem_kind *p = &pl_problems[what];
	json_t *problem = json_pack("{s:I, s:i, s:s, s:s}", "line", (json_int_t)b->line,
	                            "status", p->status, "code", p->code, "detail", why);
	if (wait > 0) (void)json_object_set_new(problem, "retry_after", json_integer(wait));
	char *text = problem == NULL ? NULL : json_dumps(problem, JSON_COMPACT);
	json_decref(problem);
	if (text != NULL) {
		add(b, text, (int64_t)strlen(text));
		add(b, "\n", 1);
	}
	b->ended = b->ended || text == NULL || !b->goes_on || what == PL_P_STORAGE ||
	           what == PL_P_BUSY || what == PL_P_TOO_MANY;
	free(text);
}

/* ---- a line ---- */

/// The key of a line: its own, or that of the whole with its number. @return NULL: none
static const char *key_of(char out[ONCE_CHARS], const bulk *b, const char *own)
{
	if (own != NULL) return own;
	if (b->once == NULL) return NULL;
	(void)snprintf(out, ONCE_CHARS, "%s/%" PRId64, b->once, b->line);
	return out;
}

/// Do what a line asks for. @param[out] reply free json with free()
static pl_status do_request(pl_reply *reply, bulk *b, json_t *request, pl_error *err)
{
	char key[ONCE_CHARS];
	const char *name = NULL, *own = NULL;
	json_t *fields = NULL;
	json_error_t fault;
	if (json_unpack_ex(request, &fault, JSON_STRICT, "{s:s, s?o, s?s}", "op", &name,
	                   "fields", &fields, "once", &own) != 0)
		return pl_fail(err, PL_EARG, -1, "a line has op, fields and once: %s",
		               fault.text);
	const int op = pl_op_of(name);
	if (op < 0)
		return pl_fail(err, PL_ENOTFOUND, -1, "there is no operation \"%.40s\"", name);
	char *text = fields == NULL ? strdup("{}") : json_dumps(fields, JSON_COMPACT);
	if (text == NULL) return pl_fail(err, PL_EARG, -1, "\"fields\" is an object");
	const pl_status st = pl_visit_do(reply, b->visit, op, text, key_of(key, b, own), err);
	free(text);
	return st;
}

/// Is this line not too much?
static bool may_go_on(bulk *b)
{
	const double rate = TIMES * b->visit->server->o.rate;
	char name[48];
	(void)snprintf(name, sizeof name, "bulk %" PRId64, b->visit->caller.person);
	const int wait = pl_visit_wait(b->visit, name, (pl_rate){rate, LINES_MOST + rate});
	if (wait > 0) tell_refused(b, PL_P_TOO_MANY, "too many lines; go on from here", wait);
	return wait == 0;
}

static void do_line(bulk *b, const char *text, int64_t n)
{
	pl_error err;
	pl_reply reply = {0};
	json_t *request;
	if (!may_go_on(b)) return;
	pl_status st = pl_route_object(&request, text, n, &err);
	if (st == PL_OK) st = do_request(&reply, b, request, &err);
	json_decref(request);
	if (st == PL_OK)
		tell_done(b, &reply);
	else
		tell_refused(b, pl_problem_of(st), err.msg, 0);
	free(reply.json);
}

/* ---- all of them ---- */

static bool is_blank(const char *text, size_t n)
{
	return strspn(text, " \t\r") >= n;
}

/// Lines that hold something.
static int64_t count(const char *at)
{
	int64_t n = 0;
	while (*at != '\0') {
		const size_t length = strcspn(at, "\n");
		n += !is_blank(at, length);
		at += length + (at[length] == '\n');
	}
	return n;
}

/// @return false: the answer is made
static bool read_options(bulk *b)
{
	pl_visit *v = b->visit;
	const char *on_error = pl_http_query(v->r, "on_error");
	b->goes_on = on_error != NULL && strcmp(on_error, "continue") == 0;
	b->once = pl_http_header(v->r, "Idempotency-Key");
	const char *why = NULL;
	if (on_error != NULL && !b->goes_on && strcmp(on_error, "stop") != 0)
		why = "\"on_error\" is stop or continue";
	else if (b->once != NULL && (b->once[0] == '\0' || strlen(b->once) > 120))
		why = "the key of many lines has 1 to 120 characters";
	else if (strlen(v->r->body) != (size_t)v->r->n_body)
		why = "the lines hold a byte that is no text";
	if (why != NULL) pl_out_problem(v->out, PL_P_BAD_REQUEST, "%s", why);
	if (why == NULL && count(v->r->body) > LINES_MOST) {
		why = "lines";
		pl_out_problem(v->out, PL_P_TOO_LARGE, "at most %d lines come at once",
		               LINES_MOST);
	}
	return why == NULL;
}

void pl_visit_bulk(pl_visit *v)
{
	bulk b = {.visit = v};
	if (!read_options(&b)) return;
	pl_out_text(v->out, 200, "application/jsonl", "");
	const char *at = v->r->body;
	while (*at != '\0' && !b.ended) {
		const size_t n = strcspn(at, "\n");
		b.line++;
		if (!is_blank(at, n)) do_line(&b, at, (int64_t)n);
		at += n + (at[n] == '\n');
	}
}
