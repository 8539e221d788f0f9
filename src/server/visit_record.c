/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_record.c - what is asked of the record: operations, views, news; and how the server is.
 */
#include "server/visit.h"

#include "app/look.h"
#include "base/error.h"
#include "server/net.h"
#include "server/route.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { API = sizeof "/api" - 1 }; ///< bytes in front of the addresses of app

/* ---- operations ---- */

pl_status pl_visit_add_reply(pl_visit *v, const pl_reply *reply)
{
	char head[2 * PL_HASH_CHARS];
	pl_bytes *body = &v->out->body;
	const int n =
	        snprintf(head, sizeof head,
	                 "\"height\":%" PRId64 ",\"hash\":\"%s\",\"answer\":", reply->height,
	                 reply->hash);
	PL_TRY(pl_bytes_add(body, head, n));
	PL_TRY(pl_bytes_add(body, reply->json, (int64_t)strlen(reply->json)));
	return pl_bytes_add(body, "}\n", 2);
}

/// {"height":...,"hash":...,"answer":...}, as plenum record prints it.
static void answer_reply(pl_visit *v, const pl_reply *reply)
{
	pl_out_text(v->out, 200, "application/json", "{");
	if (pl_visit_add_reply(v, reply) != PL_OK) v->out->status = 503;
}

static pl_status forget_person(void *with, pl_store *s, pl_error *err)
{
	return pl_door_forget(s, *(const int64_t *)with, err);
}

/// Whom an operation erases; 0: nobody.
static int64_t erased_by(const pl_visit *v, int op, const char *fields)
{
	if (op == PL_OP_person_erase) return v->caller.person;
	if (op != PL_OP_erasure_confirm) return 0;
	json_t *asked = json_loads(fields, 0, NULL);
	const int64_t person = json_integer_value(json_object_get(asked, "person"));
	json_decref(asked);
	return person;
}

pl_status pl_visit_do(pl_reply *reply, pl_visit *v, int op, const char *fields,
                      const char *once, pl_error *err)
{
	int64_t gone = erased_by(v, op, fields);
	const pl_request asked = {.actor = v->caller.person,
	                          .time = v->now,
	                          .op = pl_ops[op].name,
	                          .json = fields,
	                          .once = once};
	PL_TRY(pl_desk_do(reply, v->server->desk, &asked, err));
	if (gone > 0) (void)pl_desk_change(v->server->desk, forget_person, &gone, NULL);
	return PL_OK;
}

void pl_visit_op(pl_visit *v, int op)
{
	pl_error err;
	pl_reply reply = {0};
	char *fields;
	pl_status st =
	        pl_route_fields(&fields, op, v->path + API, v->r->body, v->r->n_body, &err);
	if (st == PL_OK)
		st = pl_visit_do(&reply, v, op, fields, pl_http_header(v->r, "Idempotency-Key"),
		                 &err);
	if (st == PL_OK)
		answer_reply(v, &reply);
	else
		pl_out_refusal(v->out, st, &err, reply.json);
	free(fields);
	free(reply.json);
}

/* ---- views ---- */

typedef struct {
	pl_look look;
	char *json;
} looking;

static pl_status draw(void *with, pl_store *s, pl_error *err)
{
	looking *l = with;
	return pl_app_look(&l->json, s, &l->look, err);
}

json_t *pl_visit_look(const pl_visit *v, const char *path, const char *after, pl_error *err)
{
	looking l = {.look = {.actor = v->caller.person,
	                      .now = v->now,
	                      .path = path,
	                      .after = after}};
	if (pl_desk_use(v->server->desk, PL_READ_LONG, draw, &l, err) != PL_OK) return NULL;
	json_t *value = json_loads(l.json, 0, NULL);
	free(l.json);
	if (value == NULL) (void)pl_fail(err, PL_ENOMEM, -1, "no memory for the view");
	return value;
}

/// Does the client want a list as lines?
static bool wants_lines(const pl_visit *v)
{
	const char *accept = pl_http_header(v->r, "Accept");
	return accept != NULL && strncasecmp(accept, "application/jsonl", 17) == 0 &&
	       (accept[17] == '\0' || accept[17] == ';' || accept[17] == ',');
}

/// Does the client have this already? The same head shows the same to the same person.
static bool is_known(pl_visit *v)
{
	char tag[64];
	const char *known = pl_http_header(v->r, "If-None-Match");
	(void)snprintf(tag, sizeof tag, "\"%" PRId64 ".%" PRId64 "%s\"",
	               pl_desk_height(v->server->desk), v->caller.person,
	               wants_lines(v) ? ".lines" : "");
	pl_http_put_header(v->out, "ETag", "%s", tag);
	pl_http_put_header(v->out, "Cache-Control", "private, no-cache");
	pl_http_put_header(v->out, "Vary", "Cookie, Authorization, Accept");
	return known != NULL && strcmp(known, tag) == 0;
}

static pl_status add_line(pl_visit *v, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);
	pl_status st = text == NULL ? PL_ENOMEM : PL_OK;
	if (st == PL_OK) st = pl_bytes_add(&v->out->body, text, (int64_t)strlen(text));
	if (st == PL_OK) st = pl_bytes_add(&v->out->body, "\n", 1);
	free(text);
	return st;
}

/// The one list of a view.
/// @return NULL: it has none, or several
static const json_t *only_list(json_t *view)
{
	const json_t *list = NULL;
	const char *key;
	json_t *value;
	json_object_foreach(view, key, value)
	{
		if (json_is_array(value) && list != NULL) return NULL;
		if (json_is_array(value)) list = value;
		if (json_is_object(value)) return NULL;
	}
	return list;
}

/// A list, a line each; a last line says where the next page begins. What is no list is JSON.
static void answer_view(pl_visit *v, const char *json)
{
	json_t *view = wants_lines(v) ? json_loads(json, 0, NULL) : NULL, *row,
	       *next = json_object_get(view, "next");
	const json_t *list = only_list(view);
	pl_status st = PL_OK;
	size_t i;
	pl_out_text(v->out, 200, list == NULL ? "application/json" : "application/jsonl",
	            list == NULL ? json : "");
	json_array_foreach(list, i, row)
	{
		if (st == PL_OK) st = add_line(v, row);
	}
	if (list != NULL && next != NULL && st == PL_OK) {
		json_t *last = json_pack("{s:O}", "next", next);
		st = add_line(v, last);
		json_decref(last);
	}
	if (st != PL_OK) v->out->status = 503;
	json_decref(view);
}

/// Rows of a page. @return false: the answer is made
static bool read_limit(int64_t *out, pl_visit *v)
{
	const char *limit = pl_http_query(v->r, "limit");
	const size_t n = limit == NULL ? 0 : strlen(limit);
	*out = limit == NULL ? 0 : strtoll(limit, NULL, 10);
	if (limit == NULL || (n > 0 && n <= 4 && strspn(limit, "0123456789") == n && *out > 0 &&
	                      *out <= PL_LOOK_PAGE_MOST))
		return true;
	pl_out_problem(v->out, PL_P_BAD_REQUEST, "\"limit\" is a whole number from 1 to %d",
	               PL_LOOK_PAGE_MOST);
	return false;
}

void pl_visit_view(pl_visit *v)
{
	looking l = {.look = {.actor = v->caller.person,
	                      .now = v->now,
	                      .path = v->path + API,
	                      .after = pl_http_query(v->r, "after")}};
	pl_error err;
	if (!read_limit(&l.look.limit, v)) return;
	/* the tag is taken first: what comes meanwhile makes it old, never new */
	if (is_known(v)) {
		v->out->status = 304;
		return;
	}
	const pl_status st = pl_desk_use(v->server->desk, PL_READ_LONG, draw, &l, &err);
	if (st == PL_OK)
		answer_view(v, l.json);
	else
		v->out->n_headers = 0;
	if (st == PL_EDENIED && v->caller.person == 0)
		pl_out_problem(v->out, PL_P_UNAUTHORIZED, "%s", err.msg);
	else if (st != PL_OK)
		pl_out_failure(v->out, st, &err);
	free(l.json);
}

/* ---- news ---- */

void pl_visit_events(pl_visit *v)
{
	enum { DIGITS_MOST = 15 };
	const char *last = pl_http_header(v->r, "Last-Event-ID");
	const size_t n = last == NULL ? 0 : strspn(last, "0123456789");
	const bool knows = n > 0 && n <= DIGITS_MOST && last[n] == '\0';
	pl_error err;
	const pl_status st = pl_live_stream(&v->out->stream, v->server->live, v->caller.person,
	                                    knows ? strtoll(last, NULL, 10) : -1, &err);
	v->out->status = 200;
	v->out->type = "text/event-stream";
	if (st == PL_ECONFLICT)
		pl_out_problem(v->out, PL_P_TOO_MANY, "%s", err.msg);
	else if (st != PL_OK)
		pl_out_failure(v->out, st, &err);
}

/* ---- the server itself ---- */

void pl_visit_health(pl_visit *v)
{
	const bool ails = pl_desk_ails(v->server->desk);
	pl_out_json(v->out, ails ? 503 : 200,
	            json_pack("{s:s, s:I}", "status", ails ? "storage" : "ok", "height",
	                      (json_int_t)pl_desk_height(v->server->desk)));
}

static pl_status add_mail(pl_visit *v)
{
	char text[256];
	if (!pl_mail_is_on(v->server->mail)) return PL_OK;
	const pl_mail_counts c = pl_mail_count(v->server->mail);
	const int n = snprintf(text, sizeof text,
	                       "# TYPE plenum_mails_total counter\n"
	                       "plenum_mails_total{outcome=\"sent\"} %lld\n"
	                       "plenum_mails_total{outcome=\"later\"} %lld\n"
	                       "plenum_mails_total{outcome=\"refused\"} %lld\n",
	                       c.sent, c.tried, c.refused);
	return pl_bytes_add(&v->out->body, text, n);
}

void pl_visit_metrics(pl_visit *v)
{
	if (v->forwarded || !pl_net_is_loopback(v->peer)) {
		pl_out_problem(v->out, PL_P_NOT_FOUND, "there is nothing at this address");
		return;
	}
	v->out->status = 200;
	v->out->type = "text/plain; version=0.0.4; charset=utf-8";
	if (pl_gauge_print(&v->out->body, &v->server->gauge, pl_desk_height(v->server->desk),
	                   pl_live_clients(v->server->live)) != PL_OK ||
	    add_mail(v) != PL_OK)
		v->out->status = 503;
}

void pl_visit_openapi(pl_visit *v)
{
	pl_out_text(v->out, 200, "application/json", v->server->openapi);
}
