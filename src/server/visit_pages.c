/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_pages.c - the pages for people. */
#include "server/visit.h"

#include "base/error.h"
#include "server/form.h"
#include "server/markup.h"
#include "server/route.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STAY = 30 * 86400 };
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

void pl_visit_home(pl_visit *v)
{
	pl_markup p = {.base = v->server->o.base};
	pl_error err = {.code = PL_OK};
	if (v->caller.person > 0) {
		pl_visit_member_home(v);
		return;
	}
	json_t *record = pl_visit_look(v, "/record", NULL, &err);
	if (record == NULL) {
		pl_out_failure(v->out, err.code, &err);
		return;
	}
	pl_markup_begin(&p, json_string_value(json_object_get(record, "title")));
	pl_markup_put(&p,
	              "<p>A record of %" PRId64
	              " events, kept with Plenum. Head:<br><code>%s</code></p>\n"
	              "<p><a href=\"%s/login\">Log in</a></p>\n",
	              (int64_t)json_integer_value(json_object_get(record, "height")),
	              json_string_value(json_object_get(record, "head")), p.base);
	json_decref(record);
	finish(v, &p, 200);
}

void pl_visit_style(pl_visit *v)
{
	pl_markup p = {.base = ""};
	for (int i = 0; i < PL_MARKUP_STYLES; i++) pl_markup_raw(&p, pl_markup_styles[i]);
	v->out->status = p.failed ? 503 : 200;
	v->out->type = "text/css; charset=utf-8";
	v->out->body = p.bytes;
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

/// The form as the object that the interface for programs takes.
static json_t *form_object(const pl_form *form)
{
	json_t *asked = json_object();
	const int64_t person = pl_form_whole(form, "person");
	if (pl_form_find(form, "code") != NULL)
		(void)json_object_set_new(asked, "code",
		                          json_string(pl_form_text(form, "code")));
	if (person >= 0) (void)json_object_set_new(asked, "person", json_integer(person));
	if (pl_form_find(form, "password") != NULL)
		(void)json_object_set_new(asked, "password",
		                          json_string(pl_form_text(form, "password")));
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
	pl_form form;
	pl_status st = pl_form_read(&form, v->r->body, &err);
	json_t *asked = form_object(&form);
	if (st == PL_OK) st = pl_visit_enter(token, &stay, v, asked, &err);
	json_decref(asked);
	pl_form_clear(&form);
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
