/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_pages.c - the pages for people. */
#include "server/visit.h"

#include "app/look.h"
#include "base/error.h"
#include "server/markup.h"
#include "server/route.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STAY = 30 * 86400, FORM_FIELD_MOST = 2048 };
static const char html[] = "text/html; charset=utf-8";

/// The page becomes the answer.
static void finish(pl_visit *v, pl_markup *p, int status)
{
	pl_markup_end(p);
	v->out->status = p->failed ? 503 : status;
	v->out->type = html;
	v->out->body = p->bytes;
}

/* ---- the first page ---- */

typedef struct {
	pl_look look;
	char *json;
} looking;

static pl_status draw(void *with, pl_store *s, pl_error *err)
{
	looking *l = with;
	return pl_app_look(&l->json, s, &l->look, err);
}

/// A view as an object. @return NULL: it cannot be had
static json_t *view(pl_visit *v, const char *path, pl_error *err)
{
	looking l = {.look = {.actor = v->caller.person, .now = v->now, .path = path}};
	if (pl_desk_use(v->server->desk, PL_READ_LONG, draw, &l, err) != PL_OK) return NULL;
	json_t *object = json_loads(l.json, 0, NULL);
	free(l.json);
	return object;
}

static void put_line(pl_markup *p, const char *before, const char *text, const char *after)
{
	pl_markup_raw(p, before);
	pl_markup_text(p, text == NULL ? "" : text);
	pl_markup_raw(p, after);
}

static void put_person(pl_markup *p, pl_visit *v)
{
	json_t *me = view(v, "/me", NULL);
	const char *name =
	        json_string_value(json_object_get(json_object_get(me, "person"), "name"));
	char number[64];
	(void)snprintf(number, sizeof number, " (person %" PRId64 ")", v->caller.person);
	put_line(p, "<p>You are <bdi>", name, "</bdi>");
	put_line(p, "", number, ".</p>\n");
	put_line(p, "<form method=\"post\" action=\"", p->base,
	         "/logout\"><button>Log out</button></form>\n");
	json_decref(me);
}

void pl_visit_home(pl_visit *v)
{
	pl_markup p = {.base = v->server->o.base};
	pl_error err = {.code = PL_OK};
	char height[48];
	json_t *record = view(v, "/record", &err);
	if (record == NULL) {
		pl_out_failure(v->out, err.code, &err);
		return;
	}
	json_t *head = json_object_get(record, "head");
	(void)snprintf(height, sizeof height, "%" JSON_INTEGER_FORMAT,
	               json_integer_value(json_object_get(record, "height")));
	pl_markup_begin(&p, json_string_value(json_object_get(record, "title")));
	put_line(&p, "<p>A record of ", height, " events, kept with Plenum.");
	put_line(&p, " Head:<br><code>", json_string_value(head), "</code></p>\n");
	if (v->caller.person > 0)
		put_person(&p, v);
	else
		put_line(&p, "<p><a href=\"", p.base, "/login\">Log in</a></p>\n");
	json_decref(record);
	finish(v, &p, 200);
}

void pl_visit_style(pl_visit *v)
{
	pl_out_text(v->out, 200, "text/css; charset=utf-8", pl_markup_style);
	pl_http_put_header(v->out, "Cache-Control", "max-age=3600");
}

/* ---- logging in ---- */

static void login_page(pl_visit *v, int status, const char *code, const char *why)
{
	pl_markup p = {.base = v->server->o.base};
	pl_markup_begin(&p, "Log in");
	pl_markup_login(&p, code, why);
	finish(v, &p, status);
}

void pl_visit_login_page(pl_visit *v)
{
	login_page(v, 200, "", "");
}

/// Nothing is done with the code yet: whoever shows a preview of a link uses up no invitation.
void pl_visit_invitation_page(pl_visit *v)
{
	char name[16], *code;
	if (pl_route_part(&code, name, sizeof name, "/j/{code}", v->path, 0, NULL) != PL_OK)
		code = NULL;
	login_page(v, 200, code == NULL ? "" : code, "");
	free(code);
}

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
	return c == '\0' || at == NULL ? -1 : (int)(at - digits);
}

/// A field of application/x-www-form-urlencoded. @return false: it is not there, or not good
static bool form_field(char out[FORM_FIELD_MOST], const char *form, const char *name)
{
	const size_t n = strlen(name);
	size_t k = 0;
	while (strncmp(form, name, n) != 0 || form[n] != '=') {
		form = strchr(form, '&');
		if (form++ == NULL) return false;
	}
	for (form += n + 1; *form != '\0' && *form != '&'; form++) {
		int c = *form == '+' ? ' ' : (unsigned char)*form;
		if (c == '%') {
			const int high = digit(form[1]), low = high < 0 ? -1 : digit(form[2]);
			if (low < 0 || high * 16 + low == 0) return false;
			c = high * 16 + low;
			form += 2;
		}
		if (k == FORM_FIELD_MOST - 1) return false;
		out[k++] = (char)c;
	}
	out[k] = '\0';
	return true;
}

/// The form as the object that the interface for programs takes.
static json_t *form_object(const char *form)
{
	char text[FORM_FIELD_MOST];
	json_t *asked = json_object();
	if (form_field(text, form, "code"))
		(void)json_object_set_new(asked, "code", json_string(text));
	if (form_field(text, form, "person"))
		(void)json_object_set_new(asked, "person",
		                          json_integer(strtoll(text, NULL, 10)));
	if (form_field(text, form, "password"))
		(void)json_object_set_new(asked, "password", json_string(text));
	sodium_memzero(text, sizeof text);
	return asked;
}

static void go_home(pl_visit *v)
{
	char where[PL_HTTP_VALUE_CHARS];
	(void)snprintf(where, sizeof where, "%s/", v->server->o.base);
	pl_out_see_other(v->out, where);
}

void pl_visit_login_form(pl_visit *v)
{
	char token[PL_TOKEN_CHARS];
	pl_error err = {.msg = ""};
	pl_door_stay stay = {.now = v->now, .until = v->now + STAY, .name = ""};
	json_t *asked = form_object(v->r->body);
	const pl_status st = pl_visit_enter(token, &stay, v, asked, &err);
	json_decref(asked);
	if (st == PL_OK) {
		go_home(v);
		pl_visit_put_cookie(v, token, STAY);
	} else if (st != PL_ECONFLICT) {
		login_page(v, pl_problems[pl_problem_of(st)].status, "", err.msg);
	}
	sodium_memzero(token, sizeof token);
}

void pl_visit_logout_form(pl_visit *v)
{
	pl_visit_logout(v);
	if (v->out->status != 200) return;
	v->out->body.n = 0;
	go_home(v);
}
