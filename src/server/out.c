/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/out.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const pl_problem_kind pl_problems[PL_PROBLEMS_N] = {
#define X(name, status, code, title) [PL_P_##name] = {status, code, title},
        PL_PROBLEMS(X)
#undef X
};

pl_problem pl_problem_of(pl_status st)
{
	switch (st) {
	case PL_EDENIED:
		return PL_P_DENIED;
	case PL_ECONFLICT:
		return PL_P_CONFLICT;
	case PL_ENOTFOUND:
		return PL_P_NOT_FOUND;
	case PL_EIO:
		return PL_P_STORAGE;
	case PL_ENOMEM:
		return PL_P_BUSY;
	default:
		return PL_P_BAD_REQUEST;
	}
}

void pl_out_text(pl_http_answer *out, int status, const char *type, const char *text)
{
	out->status = status;
	out->type = type;
	out->body.n = 0;
	if (pl_bytes_add(&out->body, text, (int64_t)strlen(text)) != PL_OK) out->status = 503;
}

void pl_out_json(pl_http_answer *out, int status, json_t *value)
{
	char *text = value == NULL ? NULL : json_dumps(value, JSON_COMPACT);
	json_decref(value);
	out->status = 503;
	if (text == NULL) return;
	pl_out_text(out, status, "application/json", text);
	if (pl_bytes_add(&out->body, "\n", 1) != PL_OK) out->status = 503;
	free(text);
}

/// @param more taken; members beside the common ones, or NULL
static void put_problem(pl_http_answer *out, pl_problem what, const char *detail, json_t *more)
{
	const pl_problem_kind *p = &pl_problems[what];
	pl_out_json(out, p->status,
	            json_pack("{s:s, s:i, s:s, s:s, s:o*}", "title", p->title, "status",
	                      p->status, "code", p->code, "detail", detail, "conflict", more));
	out->type = "application/problem+json";
	if (what == PL_P_UNAUTHORIZED) pl_http_put_header(out, "WWW-Authenticate", "Bearer");
	if (p->status == 503) pl_http_put_header(out, "Retry-After", "5");
}

void pl_out_problem(pl_http_answer *out, pl_problem what, const char *fmt, ...)
{
	char detail[1024];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(detail, sizeof detail, fmt, ap);
	va_end(ap);
	put_problem(out, what, detail, NULL);
}

void pl_out_failure(pl_http_answer *out, pl_status st, const pl_error *err)
{
	put_problem(out, pl_problem_of(st), err->msg, NULL);
}

void pl_out_refusal(pl_http_answer *out, pl_status st, const pl_error *err,
                    const char *conflict)
{
	put_problem(out, pl_problem_of(st), err->msg,
	            conflict == NULL ? NULL : json_loads(conflict, 0, NULL));
}

void pl_out_see_other(pl_http_answer *out, const char *where)
{
	out->status = 303;
	pl_http_put_header(out, "Location", "%s", where);
}
