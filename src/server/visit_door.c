/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_door.c - logging in and out, sessions, passwords, invitations. */
#include "server/visit.h"

#include "base/error.h"
#include "report/qr.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	DAY = 86400,
	STAY = 30 * DAY, ///< of a browser
	TOKEN_STAY = 365 * DAY,
	INVITED = 14 * DAY,
	NAME_MOST = 100
};

/* Codes have 160 bits, so guessing is hopeless; what is limited is the work it makes. */
static const pl_rate codes_from_address = {1, 60}, passwords_from_address = {0.2, 20},
                     passwords_of_person = {0.05, 6};

/// What is done in a transaction; each work knows its fields.
typedef struct {
	pl_visit *visit;
	pl_door_stay *stay;
	const char *text; ///< a code, a hash, a session
	char *token;      ///< [PL_TOKEN_CHARS]
	int64_t person;
	char code[PL_RECOVERY_CODES][PL_CODE_CHARS];
	char hash[PL_DOOR_HASH_CHARS];
	bool waits; ///< for a second facilitator
	bool mail;  ///< an invitation is sent by mail
} deed;

static pl_status change(pl_visit *v, pl_desk_work work, deed *d, pl_error *err)
{
	return pl_desk_change(v->server->desk, work, d, err);
}

/// Answer with a value, or with what went wrong.
static void answer(pl_visit *v, pl_status st, const pl_error *err, int status, json_t *value)
{
	if (st == PL_OK) {
		pl_out_json(v->out, status, value);
		return;
	}
	json_decref(value);
	pl_out_failure(v->out, st, err);
}

/// A text of a request. @return "" where it is not given
static const char *text_of(const json_t *asked, const char *name)
{
	const char *text = json_string_value(json_object_get(asked, name));
	return text == NULL ? "" : text;
}

/* ---- logging in ---- */

static pl_status enter_by_code(void *with, pl_store *s, pl_error *err)
{
	deed *d = with;
	return pl_door_enter(d->token, d->stay, s, d->text, err);
}

static pl_status open_session(void *with, pl_store *s, pl_error *err)
{
	deed *d = with;
	return pl_door_open(d->token, d->stay, s, err);
}

static pl_status read_password(void *with, pl_store *s, pl_error *err)
{
	deed *d = with;
	return pl_door_password(d->hash, s, d->person, err);
}

/// Is it the person's password? Verified outside of any lock, a few at a time.
static pl_status check_password(pl_visit *v, int64_t person, const char *password,
                                pl_error *err)
{
	deed d = {.visit = v, .person = person};
	PL_TRY(pl_desk_look(v->server->desk, PL_READ_SHORT, read_password, &d, err));
	const bool right = pl_door_is_password(d.hash, password);
	sodium_memzero(d.hash, sizeof d.hash);
	return right ? PL_OK
	             : pl_fail(err, PL_EDENIED, -1,
	                       "this is not the number of a person with this password");
}

static bool may_try(pl_visit *v, const char *what, const char *whom, pl_rate rate)
{
	char name[PL_PEER_CHARS + 32];
	(void)snprintf(name, sizeof name, "%s %s", what, whom);
	return pl_visit_may(v, name, rate);
}

static pl_status enter_by_password(pl_visit *v, deed *d, const json_t *asked, pl_error *err)
{
	char person[24];
	d->stay->person = json_integer_value(json_object_get(asked, "person"));
	(void)snprintf(person, sizeof person, "%" PRId64, d->stay->person);
	if (d->stay->person <= 0)
		return pl_fail(err, PL_EARG, -1,
		               "log in with code, or with person and password");
	if (!may_try(v, "passwords from", v->peer, passwords_from_address) ||
	    !may_try(v, "passwords of", person, passwords_of_person))
		return PL_ECONFLICT;
	PL_TRY(check_password(v, d->stay->person, text_of(asked, "password"), err));
	return change(v, open_session, d, err);
}

pl_status pl_visit_enter(char token[PL_TOKEN_CHARS], pl_door_stay *stay, pl_visit *v,
                         const json_t *asked, pl_error *err)
{
	deed d = {.visit = v, .stay = stay, .text = text_of(asked, "code")};
	d.token = token;
	if (d.text[0] == '\0') return enter_by_password(v, &d, asked, err);
	if (!may_try(v, "codes from", v->peer, codes_from_address)) return PL_ECONFLICT;
	return change(v, enter_by_code, &d, err);
}

static bool is_name(pl_visit *v, const char *name)
{
	if (strlen(name) <= NAME_MOST) return true;
	pl_out_problem(v->out, PL_P_BAD_REQUEST, "a name has at most %d bytes", NAME_MOST);
	return false;
}

void pl_visit_login(pl_visit *v)
{
	char token[PL_TOKEN_CHARS];
	pl_error err;
	json_t *asked = pl_visit_object(v);
	if (asked == NULL) return;
	const bool cookie = json_is_true(json_object_get(asked, "cookie"));
	pl_door_stay stay = {
	        .now = v->now, .until = v->now + STAY, .name = text_of(asked, "name")};
	pl_status st = PL_ECONFLICT;
	/* with a cookie to be set, only for a page of our own */
	if (is_name(v, stay.name) && (!cookie || pl_visit_same_origin(v)))
		st = pl_visit_enter(token, &stay, v, asked, &err);
	if (st == PL_OK) {
		pl_out_json(v->out, 200,
		            json_pack("{s:I, s:I, s:s*}", "person", (json_int_t)stay.person,
		                      "until", (json_int_t)stay.until, "token",
		                      cookie ? NULL : token));
		if (cookie) pl_visit_put_cookie(v, token, STAY);
	} else if (st == PL_EDENIED) {
		pl_out_problem(v->out, PL_P_UNAUTHORIZED, "%s", err.msg);
	} else if (st != PL_ECONFLICT) {
		pl_out_failure(v->out, st, &err);
	}
	sodium_memzero(token, sizeof token);
	json_decref(asked);
}

/* ---- sessions ---- */

static pl_status end_session(void *with, pl_store *s, pl_error *err)
{
	const deed *d = with;
	return pl_door_end(s, d->person, d->text, err);
}

void pl_visit_logout(pl_visit *v)
{
	deed d = {.visit = v, .person = v->caller.person, .text = v->caller.session};
	pl_error err;
	const pl_status st = change(v, end_session, &d, &err);
	answer(v, st, &err, 200, json_object());
	if (v->by_cookie) pl_visit_put_cookie(v, "", 0);
}

void pl_visit_session_end(pl_visit *v)
{
	deed d = {.visit = v,
	          .person = v->caller.person,
	          .text = v->path + strlen("/api/sessions/")};
	pl_error err;
	const pl_status st = change(v, end_session, &d, &err);
	answer(v, st, &err, 200, json_object());
}

typedef struct {
	json_t *list;
	const pl_visit *visit;
} listing;

static bool list_session(void *with, const char *id, const pl_door_stay *stay, int64_t made)
{
	const listing *l = with;
	return json_array_append_new(l->list,
	                             json_pack("{s:s, s:s, s:b, s:I, s:I, s:b}", "id", id,
	                                       "name", stay->name, "token", stay->token, "made",
	                                       (json_int_t)made, "until",
	                                       (json_int_t)stay->until, "this",
	                                       strcmp(id, l->visit->caller.session) == 0)) == 0;
}

static pl_status list_sessions(void *with, pl_store *s, pl_error *err)
{
	listing *l = with;
	const pl_visit *v = l->visit;
	return pl_door_sessions(s, v->caller.person, v->now, list_session, l, err);
}

void pl_visit_sessions(pl_visit *v)
{
	listing l = {json_array(), v};
	pl_error err;
	const pl_status st =
	        pl_desk_look(v->server->desk, PL_READ_SHORT, list_sessions, &l, &err);
	answer(v, st, &err, 200, json_pack("{s:o}", "sessions", l.list));
}

void pl_visit_token(pl_visit *v)
{
	char token[PL_TOKEN_CHARS];
	pl_error err;
	json_t *asked = pl_visit_object(v);
	if (asked == NULL) return;
	pl_door_stay stay = {.person = v->caller.person,
	                     .now = v->now,
	                     .until = v->now + TOKEN_STAY,
	                     .name = text_of(asked, "name"),
	                     .token = true};
	deed d = {.visit = v, .stay = &stay, .token = token};
	if (is_name(v, stay.name)) {
		const pl_status st = change(v, open_session, &d, &err);
		answer(v, st, &err, 201,
		       st != PL_OK ? NULL
		                   : json_pack("{s:s, s:I}", "token", token, "until",
		                               (json_int_t)stay.until));
		sodium_memzero(token, sizeof token);
	}
	json_decref(asked);
}

/* ---- passwords and recovery codes ---- */

static pl_status set_password(void *with, pl_store *s, pl_error *err)
{
	const deed *d = with;
	return pl_door_set_password(s, d->person, d->hash, err);
}

/// The old password, where there is one, is asked for: a borrowed telephone sets no new one.
static pl_status change_password(pl_visit *v, const json_t *asked, pl_error *err)
{
	deed d = {.visit = v, .person = v->caller.person};
	PL_TRY(pl_desk_look(v->server->desk, PL_READ_SHORT, read_password, &d, err));
	if (d.hash[0] != '\0') PL_TRY(check_password(v, d.person, text_of(asked, "old"), err));
	PL_TRY(pl_door_hash_password(d.hash, text_of(asked, "password"), err));
	return change(v, set_password, &d, err);
}

void pl_visit_password(pl_visit *v)
{
	char person[24];
	pl_error err;
	json_t *asked = pl_visit_object(v);
	if (asked == NULL) return;
	(void)snprintf(person, sizeof person, "%" PRId64, v->caller.person);
	if (may_try(v, "passwords of", person, passwords_of_person))
		answer(v, change_password(v, asked, &err), &err, 200, json_object());
	json_decref(asked);
}

static pl_status draw_recovery(void *with, pl_store *s, pl_error *err)
{
	deed *d = with;
	return pl_door_recovery(d->code, s, d->person, err);
}

void pl_visit_recovery(pl_visit *v)
{
	deed d = {.visit = v, .person = v->caller.person};
	pl_error err;
	json_t *list = json_array();
	const pl_status st = change(v, draw_recovery, &d, &err);
	for (int i = 0; i < PL_RECOVERY_CODES; i++)
		(void)json_array_append_new(list, json_string(d.code[i]));
	answer(v, st, &err, 201, json_pack("{s:o}", "codes", list));
	sodium_memzero(&d, sizeof d);
}

/* ---- invitations ---- */

/// Who has never been in is invited by one facilitator or administrator; who has lost their
/// login, by two facilitators.
static pl_status invite(void *with, pl_store *s, pl_error *err)
{
	deed *d = with;
	const int64_t by = d->visit->caller.person, now = d->visit->now;
	bool facilitates, administers, was_in, agreed = false;
	PL_TRY(pl_door_has_task(&facilitates, s, by, "facilitator", now, err));
	PL_TRY(pl_door_has_task(&administers, s, by, "administrator", now, err));
	PL_TRY(pl_door_was_in(&was_in, s, d->person, err));
	if (!facilitates && (!administers || was_in))
		return pl_fail(
		        err, PL_EDENIED, -1,
		        was_in ? "a facilitator may invite somebody again, and person "
		                 "%" PRId64 " is none"
		               : "a facilitator or an administrator may invite, and person "
		                 "%" PRId64 " is none",
		        by);
	PL_TRY(pl_door_person(s, d->person, err));
	if (by == d->person)
		return pl_fail(err, PL_EDENIED, -1,
		               "you are in already; others let you in again");
	if (was_in && pl_http_query(d->visit->r, "first") != NULL)
		return pl_fail(err, PL_ECONFLICT, -1, "person %" PRId64 " has logged in before",
		               d->person);
	if (was_in) PL_TRY(pl_door_lost(&agreed, s, d->person, by, now, err));
	d->waits = was_in && !agreed;
	if (d->mail && !d->waits)
		return pl_mail_invite(s, d->person, now + INVITED, was_in, err);
	return d->waits ? PL_OK
	                : pl_door_invite(d->code[0], s, d->person, now + INVITED, was_in, err);
}

pl_status pl_visit_invite_person(pl_visit_invited *out, pl_visit *v, int64_t person,
                                 pl_error *err)
{
	deed d = {.visit = v, .person = person};
	char here[PL_HTTP_VALUE_CHARS];
	const pl_status st = change(v, invite, &d, err);
	*out = (pl_visit_invited){.until = v->now + INVITED, .waits = d.waits};
	if (st == PL_OK && !d.waits) {
		(void)snprintf(out->code, sizeof out->code, "%s", d.code[0]);
		(void)snprintf(out->link, sizeof out->link, "%s/j/%s", pl_visit_here(here, v),
		               out->code);
	}
	sodium_memzero(&d, sizeof d);
	return st;
}

/// An invitation as who asked for it gets it: also drawn, so that it can be printed.
/// @return NULL: no memory
static json_t *invited(int64_t person, const pl_visit_invited *i)
{
	char *path;
	int side = 0;
	pl_error err;
	if (i->waits) return json_pack("{s:i, s:i}", "asked", 1, "needed", 2);
	if (pl_qr_path(&path, &side, i->link, &err) != PL_OK) return NULL;
	json_t *value = json_pack("{s:I, s:s, s:s, s:I, s:{s:i, s:s}}", "person",
	                          (json_int_t)person, "code", i->code, "link", i->link, "until",
	                          (json_int_t)i->until, "qr", "side", side, "path", path);
	sodium_memzero(path, strlen(path));
	free(path);
	return value;
}

void pl_visit_invite(pl_visit *v)
{
	const int64_t person = pl_visit_number(v, "/api/people/{person}/invitation");
	pl_visit_invited i;
	pl_error err;
	if (person == 0) return;
	const pl_status st = pl_visit_invite_person(&i, v, person, &err);
	json_t *value = st == PL_OK ? invited(person, &i) : NULL;
	answer(v, st, &err, i.waits ? 202 : 201, value);
	sodium_memzero(&i, sizeof i);
}

/* ---- mail ---- */

static bool sends_mail(pl_visit *v)
{
	if (pl_mail_is_on(v->server->mail)) return true;
	pl_out_problem(v->out, PL_P_NOT_FOUND,
	               "this server sends no mail; it is not needed for anything");
	return false;
}

void pl_visit_invite_mail(pl_visit *v)
{
	deed d = {.visit = v,
	          .person = pl_visit_number(v, "/api/people/{person}/invitation/mail"),
	          .mail = true};
	pl_error err;
	if (d.person == 0 || !sends_mail(v)) return;
	const pl_status st = change(v, invite, &d, &err);
	answer(v, st, &err, 202,
	       d.waits ? json_pack("{s:i, s:i}", "asked", 1, "needed", 2)
	               : json_pack("{s:I, s:b}", "person", (json_int_t)d.person, "mail", 1));
	if (st == PL_OK) pl_mail_wake(v->server->mail);
}

static pl_status set_digest(void *with, pl_store *s, pl_error *err)
{
	const deed *d = with;
	return pl_mail_set_digest(s, d->person, d->mail, err);
}

pl_status pl_visit_set_digest(pl_visit *v, bool on, pl_error *err)
{
	deed d = {.visit = v, .person = v->caller.person, .mail = on};
	PL_TRY(change(v, set_digest, &d, err));
	pl_mail_wake(v->server->mail);
	return PL_OK;
}

void pl_visit_digest(pl_visit *v)
{
	pl_error err;
	json_t *asked = pl_visit_object(v);
	if (asked == NULL) return;
	const json_t *on = json_object_get(asked, "on");
	if (!json_is_boolean(on))
		pl_out_problem(v->out, PL_P_BAD_REQUEST, "\"on\" is true or false");
	else if (json_is_false(on) || sends_mail(v))
		answer(v, pl_visit_set_digest(v, json_is_true(on), &err), &err, 200,
		       json_object());
	json_decref(asked);
}
