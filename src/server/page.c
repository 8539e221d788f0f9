/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/page.h"

#include "app/ops.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "server/route.h"
#include "server/words.h"

#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_MOST = 512, MINUTE = 60, HOUR = 3600, DAY = 86400 };
static const char html[] = "text/html; charset=utf-8";

void pl_page_note(pl_page *p, pl_status st, const pl_error *err)
{
	if (p->status != PL_OK) return;
	p->status = st;
	p->err = *err;
}

static bool no_memory(pl_page *p)
{
	pl_error err;
	(void)pl_fail(&err, PL_ENOMEM, -1, "no memory for the page");
	pl_page_note(p, PL_ENOMEM, &err);
	return false;
}

/* ---- beginning and end ---- */

static void page_free(pl_page *p)
{
	pl_form_clear(&p->form);
	json_decref(p->held);
	for (int i = 0; i < PL_NAMES; i++) json_decref(p->names[i]);
	pl_bytes_free(&p->m.bytes);
	pl_free(p);
}

/// Markup of its own in place of what the page has drawn.
static void restart(pl_page *p, const char *title)
{
	p->m.bytes.n = 0;
	pl_markup_begin(&p->m, title);
}

static void answer(pl_page *p, int status)
{
	pl_http_answer *out = p->visit->out;
	pl_markup_end(&p->m);
	out->status = p->m.failed ? 503 : status;
	out->type = html;
	out->body = p->m.bytes;
	p->m.bytes = (pl_bytes){0};
	page_free(p);
}

/// Nobody is known any more: what was typed is kept, and can be sent again after logging in.
static void ask_to_log_in(pl_page *p)
{
	p->m.known = false;
	restart(p, "Log in first");
	pl_markup_put(&p->m,
	              "<p>Your session may have ended. <a href=\"%s/login\" "
	              "target=\"_blank\">Log in in another window</a>, then come back to this "
	              "one.</p>\n",
	              p->m.base);
	if (p->form.n == 0)
		pl_markup_put(&p->m, "<p><a href=\"%s%s\">Show this page again</a></p>\n",
		              p->m.base, p->visit->path);
	else
		pl_markup_put(&p->m,
		              "<p>What you typed is still here.</p>\n"
		              "<form method=\"post\" action=\"%s%s\">\n",
		              p->m.base, p->visit->path);
	for (int64_t i = 0; i < p->form.n; i++)
		pl_markup_put(&p->m, "<input type=\"hidden\" name=\"%s\" value=\"%s\">\n",
		              p->form.name[i], p->form.value[i]);
	if (p->form.n > 0) pl_markup_raw(&p->m, "<button>Send it again</button>\n</form>\n");
	answer(p, 401);
}

pl_page *pl_page_new(pl_visit *v)
{
	pl_error err;
	pl_page *p = pl_alloc(1, sizeof *p);
	pl_status st = PL_OK;
	if (p == NULL) {
		st = pl_fail(&err, PL_ENOMEM, -1, "no memory for the page");
	} else {
		p->visit = v;
		p->m.base = v->server->o.base;
		p->m.known = v->caller.person > 0;
		(void)pl_zone_find(&p->zone, "");
		if (strcmp(v->r->method, "POST") == 0)
			st = pl_form_read(&p->form, v->r->body, &err);
	}
	if (st != PL_OK) {
		pl_out_failure(v->out, st, &err);
		if (p != NULL) page_free(p);
		return NULL;
	}
	p->held = json_array();
	for (int i = 0; i < PL_NAMES; i++) p->names[i] = json_object();
	if (v->caller.person > 0) return p;
	ask_to_log_in(p);
	return NULL;
}

void pl_page_finish(pl_page *p, int status)
{
	if (p->status == PL_OK) {
		answer(p, status);
		return;
	}
	const pl_problem_kind *k = &pl_problems[pl_problem_of(p->status)];
	restart(p, k->title);
	pl_markup_put(&p->m, "<p class=\"wrong\">%s</p>\n", p->err.msg);
	answer(p, k->status);
}

void pl_page_missing(pl_page *p, const char *what, int64_t id)
{
	pl_error err;
	(void)pl_fail(&err, PL_ENOTFOUND, -1, "there is no such page, or no %s %" PRId64, what,
	              id);
	pl_page_note(p, PL_ENOTFOUND, &err);
	pl_page_finish(p, 404);
}

int64_t pl_page_number_at(const pl_page *p, const char *pattern, int which)
{
	enum { DIGITS_MOST = 15 };
	char name[32], *text = NULL;
	(void)pl_route_part(&text, name, sizeof name, pattern, p->visit->path, which, NULL);
	const bool number = text != NULL && strlen(text) <= DIGITS_MOST &&
	                    strspn(text, "0123456789") == strlen(text);
	const int64_t n = number ? strtoll(text, NULL, 10) : 0;
	free(text);
	return n;
}

int64_t pl_page_number(const pl_page *p, const char *pattern)
{
	return pl_page_number_at(p, pattern, 0);
}

void pl_page_go(pl_page *p, int64_t height, const char *anchor, const char *format, ...)
{
	char path[PL_HTTP_VALUE_CHARS / 2], where[PL_HTTP_VALUE_CHARS];
	va_list ap;
	va_start(ap, format);
	(void)vsnprintf(path, sizeof path, format, ap);
	va_end(ap);
	(void)snprintf(where, sizeof where, "%s%s?done=%" PRId64 "%s", p->m.base, path, height,
	               anchor);
	pl_out_see_other(p->visit->out, where);
	page_free(p);
}

void pl_page_begin(pl_page *p, const char *title)
{
	const char *done = pl_http_query(p->visit->r, "done");
	pl_markup_begin(&p->m, title);
	if (p->problem[0] != '\0')
		pl_markup_put(&p->m,
		              "<p class=\"wrong\" role=\"alert\"><b>Not done:</b> %s</p>\n",
		              p->problem);
	else if (done != NULL && done[0] >= '1' && done[0] <= '9' &&
	         strspn(done, "0123456789") == strlen(done))
		pl_markup_put(&p->m,
		              "<p class=\"note\" role=\"status\">Done. It is <a "
		              "href=\"%s/record?from=%s\">event %s of the record</a>.</p>\n",
		              p->m.base, done, done);
}

/* ---- what is looked at ---- */

json_t *pl_page_hold(pl_page *p, json_t *value)
{
	/* the list takes the value over, and gives it back when it cannot */
	if (value == NULL || json_array_append_new(p->held, value) != 0) {
		(void)no_memory(p);
		return NULL;
	}
	return value;
}

/// @return a new value; NULL: the page will say why
static json_t *view(pl_page *p, const char *path, const char *after)
{
	pl_error err;
	json_t *value = pl_visit_look(p->visit, path, after, &err);
	if (value == NULL) pl_page_note(p, err.code, &err);
	return value;
}

json_t *pl_page_view(pl_page *p, const char *format, ...)
{
	char path[PATH_MOST];
	va_list ap;
	va_start(ap, format);
	(void)vsnprintf(path, sizeof path, format, ap);
	va_end(ap);
	json_t *value = view(p, path, NULL);
	return value == NULL ? NULL : pl_page_hold(p, value);
}

json_t *pl_page_rows(pl_page *p, const char *format, ...)
{
	char path[PATH_MOST] = "/rows/", after[PATH_MOST] = "";
	json_t *all = pl_page_hold(p, json_array());
	va_list ap;
	va_start(ap, format);
	(void)vsnprintf(path + strlen(path), sizeof path - strlen(path), format, ap);
	va_end(ap);
	for (bool more = true; more && all != NULL;) {
		json_t *page = view(p, path, after[0] == '\0' ? NULL : after);
		const char *next = pl_page_text(page, "next");
		more = next[0] != '\0';
		(void)snprintf(after, sizeof after, "%s", next);
		if (page != NULL && json_array_extend(all, json_object_get(page, "rows")) != 0)
			more = no_memory(p);
		json_decref(page);
	}
	return all;
}

int64_t pl_page_whole(const json_t *row, const char *column)
{
	return json_integer_value(json_object_get(row, column));
}

const char *pl_page_text(const json_t *row, const char *column)
{
	const char *text = json_string_value(json_object_get(row, column));
	return text == NULL ? "" : text;
}

bool pl_page_is(const json_t *row, const char *column, const char *text)
{
	return strcmp(pl_page_text(row, column), text) == 0;
}

double pl_page_decimal(const json_t *row, const char *column)
{
	double x = NAN;
	(void)pl_number_read(&x, pl_page_text(row, column));
	return x;
}

json_t *pl_page_find(const json_t *rows, const char *column, int64_t number)
{
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		if (pl_page_whole(row, column) == number) return row;
	}
	return NULL;
}

/* ---- names ---- */

static const char *const name_tables[PL_NAMES] = {"good", "council", "person", "season"};

/// Fetch the page of rows that begins with this one.
static void fetch_names(pl_page *p, pl_page_names of, int64_t id)
{
	char path[PATH_MOST], after[24], key[24];
	size_t i;
	json_t *row;
	(void)snprintf(path, sizeof path, "/rows/%s", name_tables[of]);
	(void)snprintf(after, sizeof after, "%" PRId64, id - 1);
	json_t *page = view(p, path, after);
	json_array_foreach(json_object_get(page, "rows"), i, row)
	{
		(void)snprintf(key, sizeof key, "%" PRId64, pl_page_whole(row, "id"));
		(void)json_object_set(p->names[of], key, row);
	}
	json_decref(page);
}

json_t *pl_page_named(pl_page *p, pl_page_names of, int64_t id)
{
	char key[24];
	(void)snprintf(key, sizeof key, "%" PRId64, id);
	json_t *row = json_object_get(p->names[of], key);
	if (row != NULL || id < 1) return row;
	fetch_names(p, of, id);
	return json_object_get(p->names[of], key);
}

const char *pl_page_name(pl_page *p, pl_page_names of, int64_t id)
{
	const json_t *row = pl_page_named(p, of, id);
	const char *name = pl_page_text(row, "name"), *code = pl_page_text(row, "code");
	if (name[0] != '\0') return name;
	if (code[0] != '\0') return code;
	(void)snprintf(p->number, sizeof p->number, "%s %" PRId64, name_tables[of], id);
	return p->number;
}

void pl_page_put_name(pl_page *p, pl_page_names of, int64_t id)
{
	const char *name = pl_page_name(p, of, id);
	if (of == PL_NAMES_council || of == PL_NAMES_season)
		pl_markup_put(&p->m, "<a href=\"%s/%ss/%" PRId64 "\"><bdi>%s</bdi></a>",
		              p->m.base, name_tables[of], id, name);
	else
		pl_markup_put(&p->m, "<bdi>%s</bdi>", name);
}

const char *pl_page_unit(const json_t *good)
{
	return pl_page_is(good, "unit", "") ? "unit" : pl_page_text(good, "unit");
}

void pl_page_put_percent(pl_page *p, double part)
{
	pl_markup_put(&p->m, "%s %%", pl_amount_round(p->number, nearbyint(1000 * part) / 10));
}

void pl_page_put_amount(pl_page *p, int64_t good, int64_t steps)
{
	const json_t *row = pl_page_named(p, PL_NAMES_good, good);
	pl_markup_put(&p->m, "%s <bdi>%s</bdi>",
	              pl_amount_show(p->number, steps, pl_page_text(row, "step")),
	              pl_page_text(row, "unit"));
}

void pl_page_put_flags(pl_page *p, const json_t *proposal)
{
	static const pl_words flags[] = {
	        {"ratio", "its benefit is low for what it costs"},
	        {"hours", "it alone wants more hours than there are"},
	        {"ratio hours", "its benefit is low for what it costs, and it alone wants more "
	                        "hours than there are"},
	        {NULL, NULL}};
	const char *flag = pl_page_text(proposal, "flags");
	if (flag[0] == '\0') return;
	pl_markup_put(&p->m, " <span class=\"flag\">To look at: %s.</span>",
	              pl_words_of(flags, flag));
}

/// Who looks: /me, once.
static const json_t *me(pl_page *p)
{
	if (p->me == NULL) p->me = pl_page_view(p, "/me");
	return p->me;
}

bool pl_page_has_task(pl_page *p, const char *role, int64_t council)
{
	size_t i;
	json_t *task;
	json_array_foreach(json_object_get(me(p), "tasks"), i, task)
	{
		if (pl_page_is(task, "role", role) && pl_page_whole(task, "council") == council)
			return true;
	}
	return false;
}

bool pl_page_is_member(pl_page *p, int64_t council)
{
	return pl_page_find(json_object_get(me(p), "memberships"), "council", council) != NULL;
}

const json_t *pl_page_planned(pl_page *p)
{
	size_t i;
	json_t *season;
	json_array_foreach(json_object_get(pl_page_view(p, "/seasons"), "seasons"), i, season)
	{
		if (pl_page_is(season, "phase", "proposing") ||
		    pl_page_is(season, "phase", "review"))
			return season;
	}
	return NULL;
}

/* ---- times ---- */

void pl_page_set_zone(pl_page *p, int64_t season)
{
	const json_t *seasons = json_object_get(pl_page_view(p, "/seasons"), "seasons");
	const json_t *row = season > 0 ? pl_page_find(seasons, "id", season)
	                               : json_array_get(seasons, json_array_size(seasons) - 1);
	(void)pl_zone_find(&p->zone, pl_page_text(row, "zone"));
}

void pl_page_put_time(pl_page *p, int64_t time, bool named)
{
	char stamp[PL_ZONE_CHARS];
	pl_markup_put(&p->m, "<time datetime=\"%s\">%s</time>",
	              pl_zone_stamp(stamp, &p->zone, time),
	              pl_zone_time(p->when, &p->zone, time));
	if (named) pl_markup_put(&p->m, " <small>(%s)</small>", p->zone.name);
}

void pl_page_put_distance(pl_page *p, int64_t time)
{
	static const struct {
		int64_t seconds;
		const char *one, *many;
	} units[] = {
	        {DAY, "day", "days"}, {HOUR, "hour", "hours"}, {MINUTE, "minute", "minutes"}};
	const int64_t away = time - p->visit->now, size = away < 0 ? -away : away;
	size_t i = 0;
	while (i < 2 && size < 2 * units[i].seconds) i++;
	const int64_t n = (size + units[i].seconds / 2) / units[i].seconds;
	pl_markup_put(&p->m, "%s%" PRId64 " %s%s", away < 0 ? "" : "in ", n,
	              n == 1 ? units[i].one : units[i].many, away < 0 ? " ago" : "");
}

/* ---- forms ---- */

void pl_page_form(pl_page *p, const char *format, ...)
{
	char path[PATH_MOST], once[PL_ONCE_CHARS];
	unsigned char bytes[PL_ONCE_CHARS / 2];
	va_list ap;
	va_start(ap, format);
	(void)vsnprintf(path, sizeof path, format, ap);
	va_end(ap);
	randombytes_buf(bytes, sizeof bytes);
	pl_markup_put(&p->m,
	              "<form method=\"post\" action=\"%s%s\">\n<input type=\"hidden\" "
	              "name=\"once\" value=\"%s\" autocomplete=\"off\">\n",
	              p->m.base, path, sodium_bin2hex(once, sizeof once, bytes, sizeof bytes));
}

void pl_page_form_end(pl_page *p, const char *button)
{
	pl_markup_put(&p->m, "<button>%s</button>\n</form>\n", button);
}

void pl_page_put_hidden(pl_page *p, const char *name, int64_t value)
{
	pl_markup_put(&p->m,
	              "<input type=\"hidden\" name=\"%s\" value=\"%" PRId64
	              "\" autocomplete=\"off\">\n",
	              name, value);
}

void pl_page_put_note(pl_page *p, const char *name, const char *label, const char *typed)
{
	/* the line feed behind <textarea> is none of the text's */
	pl_markup_put(&p->m,
	              "<label for=\"%s\">%s</label>\n<textarea id=\"%s\" name=\"%s\" "
	              "maxlength=\"5000\">\n%s</textarea>\n",
	              name, label, name, name, typed);
}

pl_status pl_page_do(pl_page *p, pl_reply *reply, const char *op, json_t *fields)
{
	pl_error err;
	char *text = fields == NULL ? NULL : json_dumps(fields, JSON_COMPACT);
	json_decref(fields);
	*reply = (pl_reply){0};
	pl_status st = PL_OK;
	if (text == NULL)
		st = pl_fail(&err, PL_ENOMEM, -1, "no memory for the request");
	else
		st = pl_visit_do(reply, p->visit, pl_op_of(op), text,
		                 pl_form_find(&p->form, "once"), &err);
	free(text);
	if (st != PL_OK) (void)snprintf(p->problem, sizeof p->problem, "%s", err.msg);
	return st;
}
