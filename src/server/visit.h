/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit.h - one request to the server, and the functions that answer it, one for each line of
 * paths.def. */
#ifndef PL_SERVER_VISIT_H
#define PL_SERVER_VISIT_H
#include "server/clock.h"
#include "server/desk.h"
#include "server/door.h"
#include "server/limit.h"
#include "server/live.h"
#include "server/mail.h"
#include "server/out.h"
#include "server/serve.h"

struct pl_server {
	pl_serve_options o;
	pl_gauge gauge;
	pl_desk *desk;
	pl_live *live;
	pl_clock *clock;
	pl_mail *mail;
	pl_limit *limit;
	char *openapi;
	pl_http *http;
};

/// A request with what is known of who asks.
typedef struct {
	pl_server *server;
	const pl_http_request *r;
	const char *path;         ///< below the base
	char peer[PL_PEER_CHARS]; ///< for whom it is asked, where a proxy that is believed says
	                          ///< so
	bool forwarded;           ///< a proxy asks
	bool secure;              ///< over TLS, to the proxy where there is one
	int64_t now;              ///< seconds since 1970
	pl_caller caller;
	bool by_cookie;
	pl_http_answer *out;
} pl_visit;

#define PL_PATH(id, method, path, lane, who, status, help) void pl_visit_##id(pl_visit *v);
#include "server/paths.def"
#undef PL_PATH

enum {
#define PL_PATH(id, method, path, lane, who, status, help) PL_PATH_##id,
#include "server/paths.def"
#undef PL_PATH
	PL_PATHS
};

typedef enum { PL_LANE_READ, PL_LANE_WRITE, PL_LANE_SLOW, PL_LANE_BULK, PL_LANES } pl_lane_name;

typedef struct {
	const char *method, *path;
	int lane; ///< PL_LANE_NOW or pl_lane_name
	bool person;
	int status;
	const char *help;
	void (*answer)(pl_visit *v);
} pl_path_kind;
extern const pl_path_kind pl_paths[PL_PATHS];

/// Take a token from a bucket. @return 0, or the seconds to wait
int pl_visit_wait(pl_visit *v, const char *name, pl_rate rate);
/// May this be done now? Else the answer is made. @param name of the bucket
bool pl_visit_may(pl_visit *v, const char *name, pl_rate rate);
/// Does the request come from a page of this server? Else the answer is made.
bool pl_visit_same_origin(pl_visit *v);
/// The JSON object of the body. @return NULL: the answer is made
json_t *pl_visit_object(pl_visit *v);
/// The {field} of the path as a positive number; 0: the answer is made.
int64_t pl_visit_number(pl_visit *v, const char *pattern);
/// Where this server is, as the client calls it: "http://host:port/base". @return out
const char *pl_visit_here(char out[PL_HTTP_VALUE_CHARS], const pl_visit *v);
/// The client keeps a token, or forgets it where it is "".
void pl_visit_put_cookie(pl_visit *v, const char *token, int64_t seconds);

/// A view of the record, as who asks sees it. @param after of a page, or NULL
/// @return a new value; NULL: err says why
json_t *pl_visit_look(const pl_visit *v, const char *path, const char *after, pl_error *err);
/// GET below /api that no other line answers: views of the record.
void pl_visit_view(pl_visit *v);
/// An operation of ops.def.
void pl_visit_op(pl_visit *v, int op);
/// Do it for who asks. @param once a key, or NULL @param[out] reply free json with free()
/// @return as pl_app_do
pl_status pl_visit_do(pl_reply *reply, pl_visit *v, int op, const char *fields,
                      const char *once, pl_error *err);
/// {"height":...,"hash":...,"answer":...} without its brace at the end, put behind what the
/// answer has already. @return PL_OK, PL_ENOMEM
pl_status pl_visit_add_reply(pl_visit *v, const pl_reply *reply);

/// Tell who asks once a day what needs them, or no more. @return as pl_mail_set_digest
pl_status pl_visit_set_digest(pl_visit *v, bool on, pl_error *err);

/// "/" of somebody who has logged in.
void pl_visit_member_home(pl_visit *v);

/// What inviting somebody came to.
typedef struct {
	char code[PL_CODE_CHARS], link[PL_HTTP_VALUE_CHARS + PL_CODE_CHARS + 3];
	int64_t until;
	bool waits; ///< a second facilitator has to ask for it too: there is no code yet
} pl_visit_invited;
/// Invite a person, where who asks may. Overwrite what it came to after use.
/// @return PL_OK; PL_EDENIED, PL_ENOTFOUND with a sentence; PL_EIO, PL_ENOMEM
pl_status pl_visit_invite_person(pl_visit_invited *out, pl_visit *v, int64_t person,
                                 pl_error *err);

/// Log in as the members of @p asked say: code, or person and password.
/// @param asked an object; borrowed
/// @return PL_OK; PL_EDENIED or PL_EARG with a sentence; PL_EIO, PL_ENOMEM. Where too much was
///         tried the answer is made and PL_ECONFLICT returned
pl_status pl_visit_enter(char token[PL_TOKEN_CHARS], pl_door_stay *stay, pl_visit *v,
                         const json_t *asked, pl_error *err);
#endif
