/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* out.h - what answers look like: JSON, and problems in the form of RFC 9457. */
#ifndef PL_SERVER_OUT_H
#define PL_SERVER_OUT_H
#include "server/http.h"

#include <jansson.h>

/// What can be wrong. The codes are part of the interface and stay.
#define PL_PROBLEMS(X)                                                     \
	X(BAD_REQUEST, 400, "bad_request", "This cannot be understood")    \
	X(UNAUTHORIZED, 401, "unauthorized", "Log in first")               \
	X(DENIED, 403, "denied", "This may not be done")                   \
	X(NOT_FOUND, 404, "not_found", "There is no such thing")           \
	X(METHOD, 405, "method", "This address knows another verb")        \
	X(CONFLICT, 409, "conflict", "Somebody was faster")                \
	X(TOO_LARGE, 413, "too_large", "This is too large")                \
	X(MEDIA, 415, "media", "This is sent as JSON")                     \
	X(MISDIRECTED, 421, "misdirected", "This server has another name") \
	X(TOO_MANY, 429, "too_many", "Too many requests")                  \
	X(HEADERS, 431, "headers", "The headers are too large")            \
	X(STORAGE, 503, "storage", "The record cannot be used now")        \
	X(BUSY, 503, "busy", "Too much to do")
typedef enum {
#define X(name, status, code, title) PL_P_##name,
	PL_PROBLEMS(X)
#undef X
	        PL_PROBLEMS_N
} pl_problem;

typedef struct {
	int status;
	const char *code, *title;
} pl_problem_kind;
extern const pl_problem_kind pl_problems[PL_PROBLEMS_N];

/// The problem that a failed call is.
pl_problem pl_problem_of(pl_status st);

/// @param value taken; NULL: there was no memory for it
void pl_out_json(pl_http_answer *out, int status, json_t *value);
/// @param type static
void pl_out_text(pl_http_answer *out, int status, const char *type, const char *text);
void pl_out_problem(pl_http_answer *out, pl_problem what, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));
void pl_out_failure(pl_http_answer *out, pl_status st, const pl_error *err);
/// The same, with what more the record tells of it. @param conflict JSON; NULL: nothing
void pl_out_refusal(pl_http_answer *out, pl_status st, const pl_error *err,
                    const char *conflict);
/// Nothing but a status, and where to go.
void pl_out_see_other(pl_http_answer *out, const char *where);
#endif
