/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_app.c - the files of the member app. It asks for everything else over the interface for
 * programs, so it can do no more than that. */
#include "server/app_files.h"
#include "server/markup.h"
#include "server/visit.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MOST = 128 };
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
	v->out->status = 200;
	v->out->type = type;
	if (pl_bytes_add(&v->out->body, file->at, file->n) != PL_OK) v->out->status = 503;
	pl_http_put_header(v->out, "Vary", "Accept-Encoding");
	pl_http_put_header(v->out, "Content-Security-Policy", "%s", policy);
	/* the names of all files but the first page are made from what is in them */
	pl_http_put_header(v->out, "Cache-Control", "%s",
	                   strcmp(name, first_page) == 0
	                           ? "no-cache"
	                           : "public, max-age=31536000, immutable");
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
		answer_file(v, first_page);
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
