/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_app.c - the files of the member app. It asks for everything else over the interface for
 * programs, so it can do no more than that; what it would ask for first comes with its page. */
#include "base/error.h"
#include "server/app_files.h"
#include "server/markup.h"
#include "server/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NAME_MOST = 128, ///< bytes of a file's name
	NAMED_MOST = 16  ///< councils, and votes, whose names come with the page
};
static const char first_page[] = "index.html";

/// What the app's page may do: run the scripts of this server and ask this server. No text
/// becomes markup, also not by the app's own hand.
static const char policy[] =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'";
_Static_assert(sizeof policy <= PL_HTTP_VALUE_CHARS, "a header's value would be cut");

static const pl_app_file *find(const char *name)
{
	for (int32_t i = 0; i < pl_app_files_n; i++)
		if (strcmp(pl_app_files[i].name, name) == 0) return &pl_app_files[i];
	return NULL;
}

static const char *type_of(const char *name)
{
	static const char *const types[][2] = {{".html", "text/html; charset=utf-8"},
	                                       {".js", "text/javascript; charset=utf-8"},
	                                       {".css", "text/css; charset=utf-8"},
	                                       {".svg", "image/svg+xml"}};
	const char *end = strrchr(name, '.');
	for (size_t i = 0; end != NULL && i < sizeof types / sizeof *types; i++)
		if (strcmp(end, types[i][0]) == 0) return types[i][1];
	return NULL;
}

/// Does the client take gzip? One that says "gzip;q=0" gets the plain file.
static bool takes_gzip(const pl_visit *v)
{
	const char *list = pl_http_header(v->r, "Accept-Encoding");
	const char *at = list == NULL ? NULL : strstr(list, "gzip");
	return at != NULL && strncmp(at, "gzip;q=0", 8) != 0;
}

static void put_head(pl_visit *v, const char *type, const char *kept)
{
	v->out->status = 200;
	v->out->type = type;
	pl_http_put_header(v->out, "Content-Security-Policy", "%s", policy);
	pl_http_put_header(v->out, "Cache-Control", "%s", kept);
}

static void answer_file(pl_visit *v, const char *name)
{
	char packed[NAME_MOST];
	const char *type = type_of(name);
	const pl_app_file *file = type == NULL ? NULL : find(name), *small = NULL;
	if (file == NULL) {
		pl_out_problem(v->out, PL_P_NOT_FOUND, "the member app has no such file");
		return;
	}
	if (snprintf(packed, sizeof packed, "%s.gz", name) < NAME_MOST && takes_gzip(v))
		small = find(packed);
	if (small != NULL) {
		file = small;
		pl_http_put_header(v->out, "Content-Encoding", "gzip");
	}
	pl_http_put_header(v->out, "Vary", "Accept-Encoding");
	/* the names of all files but the first page are made from what is in them */
	put_head(v, type,
	         strcmp(name, first_page) == 0 ? "no-cache"
	                                       : "public, max-age=31536000, immutable");
	if (pl_bytes_add(&v->out->body, file->at, file->n) != PL_OK) v->out->status = 503;
}

/* ---- the first page ---- */

/// Put in what a view shows; where it cannot be had, the app asks for it itself.
/// @return what was put in, borrowed; NULL: nothing
static json_t *add_view(json_t *all, const pl_visit *v, const char *path)
{
	json_t *view = pl_visit_look(v, path, NULL, NULL);
	return view == NULL || json_object_set_new(all, path, view) != 0 ? NULL : view;
}

/// Put in the rows that the members of a list name: an app that has them need not ask for all
/// that there are.
static void add_rows(json_t *all, const pl_visit *v, const json_t *list, const char *table)
{
	char path[64];
	const json_t *one;
	size_t i;
	json_array_foreach(list, i, one)
	{
		const int64_t id = pl_page_whole(one, table);
		(void)snprintf(path, sizeof path, "/rows/%s/%" PRId64, table, id);
		if (id > 0 && i < NAMED_MOST && json_object_get(all, path) == NULL)
			(void)add_view(all, v, path);
	}
}

/// What the app's first screen shows, by the views' addresses; "/me" is null where nobody has
/// logged in.
static json_t *first_answers(const pl_visit *v)
{
	json_t *all = json_object();
	(void)add_view(all, v, "/record"); /* first: the others are not older than it says */
	if (v->caller.person == 0) {
		(void)json_object_set_new(all, "/me", json_null());
		return all;
	}
	const json_t *me = add_view(all, v, "/me"), *needs = add_view(all, v, "/needs");
	(void)add_view(all, v, "/seasons");
	add_rows(all, v, json_object_get(me, "memberships"), "council");
	add_rows(all, v, json_object_get(me, "tasks"), "council");
	add_rows(all, v, json_object_get(needs, "needs"), "council");
	add_rows(all, v, json_object_get(needs, "needs"), "vote");
	return all;
}

/// JSON in which no text can end the element that it stands in.
static pl_status add_json(pl_bytes *to, const char *json)
{
	static const char less[] = "\\u003c";
	pl_status st = PL_OK;
	while (st == PL_OK && *json != '\0') {
		const size_t n = strcspn(json, "<");
		st = pl_bytes_add(to, json, (int64_t)n);
		json += n;
		if (st == PL_OK && *json == '<') st = pl_bytes_add(to, less, sizeof less - 1);
		json += *json == '<';
	}
	return st;
}

/// The page as it was built, and the first answers in it, as data that no browser runs.
static pl_status add_page(pl_bytes *to, const pl_app_file *page, const char *json)
{
	static const char before[] = "<body>",
	                  open[] = "<script type=\"application/json\" id=\"answers\">",
	                  shut[] = "</script>\n";
	int64_t n = 0;
	while (n < page->n && (page->n - n < (int64_t)sizeof before ||
	                       memcmp(page->at + n, before, sizeof before - 1) != 0))
		n++;
	PL_TRY(pl_bytes_add(to, page->at, n));
	PL_TRY(pl_bytes_add(to, open, sizeof open - 1));
	PL_TRY(add_json(to, json));
	PL_TRY(pl_bytes_add(to, shut, sizeof shut - 1));
	return pl_bytes_add(to, page->at + n, page->n - n);
}

static void answer_page(pl_visit *v)
{
	json_t *all = first_answers(v);
	char *json = json_dumps(all, JSON_COMPACT);
	pl_http_put_header(v->out, "Vary", "Cookie, Authorization");
	put_head(v, type_of(first_page), "no-store");
	if (json == NULL || add_page(&v->out->body, find(first_page), json) != PL_OK)
		v->out->status = 503;
	free(json);
	json_decref(all);
}

static void answer_none(pl_visit *v)
{
	pl_markup p = {.base = v->server->o.base};
	pl_markup_begin(&p, "The member app");
	pl_markup_put(&p,
	              "<p>This build of Plenum carries no member app: it was built where there "
	              "was no Node.</p>\n<p>All of it can be done on <a href=\"%s/\">the plain "
	              "pages</a> too.</p>\n",
	              p.base);
	pl_markup_end(&p);
	v->out->status = p.failed ? 503 : 404;
	v->out->type = "text/html; charset=utf-8";
	v->out->body = p.bytes;
}

void pl_visit_app(pl_visit *v)
{
	if (pl_app_files_n == 0)
		answer_none(v);
	else
		answer_page(v);
}

void pl_visit_app_file(pl_visit *v)
{
	answer_file(v, v->path + sizeof "/app/" - 1);
}

void pl_visit_app_way(pl_visit *v)
{
	char where[PL_HTTP_VALUE_CHARS];
	(void)snprintf(where, sizeof where, "%s/app/", v->server->o.base);
	pl_out_see_other(v->out, where);
}
