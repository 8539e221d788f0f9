/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_record.c - plenum record: requests, a line each, done on a record. */
#include "app/app.h"
#include "base/error.h"
#include "cli/carry.h"
#include "cli/key.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "io/json.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { AHEAD_MOST = 86400 };

/* ---- a request ---- */

/// What a request answered, as a line of JSON.
static void print_reply(const pl_reply *reply)
{
	printf("{\"height\":%lld,\"hash\":\"%s\",\"answer\":%s}\n", (long long)reply->height,
	       reply->hash, reply->json);
}

static const char *error_word(pl_status st)
{
	switch (st) {
	case PL_EDENIED:
		return "denied";
	case PL_ECONFLICT:
		return "conflict";
	case PL_ENOTFOUND:
		return "not_found";
	default:
		return "bad_request";
	}
}

static void print_refusal(int64_t line, pl_status st, const pl_error *err)
{
	pl_json j = {.to = stdout};
	pl_json_open_object(&j, NULL);
	pl_json_put_whole(&j, "line", line);
	pl_json_put_text(&j, "error", error_word(st));
	pl_json_put_text(&j, "message", err->msg);
	pl_json_close_object(&j);
}

/// The fields of a request; those of record.begin get the key where they have none.
static char *fields_text(pl_app *app, json_t *fields, const char *op)
{
	char key[PL_HASH_CHARS];
	if (strcmp(op, "record.begin") == 0 && json_object_get(fields, "key") == NULL) {
		pl_app_key(key, app);
		if (json_object_set_new(fields, "key", json_string(key)) != 0) return NULL;
	}
	return json_dumps(fields, JSON_COMPACT);
}

static pl_status do_request(pl_reply *reply, pl_app *app, json_t *request, pl_error *err)
{
	json_int_t actor = 0, when = (json_int_t)time(NULL);
	const char *op = NULL;
	json_t *fields = NULL;
	json_error_t fault;
	if (json_unpack_ex(request, &fault, JSON_STRICT, "{s?I, s?I, s:s, s?o}", "actor",
	                   &actor, "time", &when, "op", &op, "fields", &fields) != 0)
		return pl_fail(err, PL_EARG, -1, "a request has actor, time, op and fields: %s",
		               fault.text);
	if (when > (json_int_t)time(NULL) + AHEAD_MOST)
		return pl_fail(err, PL_EARG, -1,
		               "\"time\" lies more than a day ahead of this computer's clock; "
		               "everything after it would be dated as late");
	json_t *all = fields == NULL ? json_object() : json_incref(fields);
	char *text = json_is_object(all) ? fields_text(app, all, op) : NULL;
	json_decref(all);
	if (text == NULL) return pl_fail(err, PL_EARG, -1, "\"fields\" is an object");
	const pl_request r = {.actor = actor, .time = when, .op = op, .json = text};
	const pl_status st = pl_app_do(reply, app, &r, err);
	free(text);
	return st;
}

/// One line. @param n its bytes
/// @return PL_OK also where it was refused, *refused then true; PL_EIO, PL_ENOMEM
static pl_status do_line(bool *refused, pl_app *app, const char *text, size_t n, int64_t line,
                         pl_error *err)
{
	json_error_t fault;
	pl_reply reply = {0};
	json_t *request = json_loadb(text, n, JSON_REJECT_DUPLICATES, &fault);
	pl_status st;
	if (request == NULL)
		st = pl_fail(err, PL_EPARSE, line, "this is not JSON: %s", fault.text);
	else
		st = do_request(&reply, app, request, err);
	json_decref(request);
	if (st == PL_EIO || st == PL_ENOMEM) return st;
	if (st == PL_OK)
		print_reply(&reply);
	else
		print_refusal(line, st, err);
	free(reply.json);
	*refused = *refused || st != PL_OK;
	(void)fflush(stdout);
	return PL_OK;
}

static pl_status do_lines(bool *refused, pl_app *app, FILE *from, pl_error *err)
{
	char *text = NULL;
	size_t room = 0;
	pl_status st = PL_OK;
	for (int64_t line = 1; st == PL_OK && !pl_stop_asked(); line++) {
		const ssize_t n = getline(&text, &room, from);
		if (n <= 0) break;
		if (strspn(text, " \t\r\n") != (size_t)n)
			st = do_line(refused, app, text, (size_t)n, line, err);
	}
	if (st == PL_OK && ferror(from) != 0 && !pl_stop_asked())
		st = pl_fail(err, PL_EIO, -1, "the requests cannot be read on: %s",
		             strerror(errno));
	free(text);
	return st;
}

/* ---- the verb ---- */

static pl_status record_all(bool *refused, const pl_args *a, FILE *from, pl_error *err)
{
	unsigned char seed[PL_KEY_SEED];
	pl_store *store = NULL;
	pl_app *app = NULL;
	if (sodium_init() < 0)
		return pl_fail(err, PL_EIO, -1, "the system gives no random numbers");
	PL_TRY(pl_key_get(seed, a->arg[0], err));
	pl_status st = pl_carry_open(&store, a->arg[0], true, a, err);
	if (st == PL_OK) st = pl_app_new(&app, store, seed, err);
	sodium_memzero(seed, sizeof seed);
	if (st == PL_OK) st = do_lines(refused, app, from, err);
	pl_app_free(app);
	pl_store_close(store);
	return st;
}

int pl_verb_record(const pl_args *a)
{
	pl_error err;
	bool refused = false;
	FILE *from = a->n_args > 1 ? fopen(a->arg[1], "r") : stdin;
	if (from == NULL) {
		(void)pl_fail(&err, PL_ENOTFOUND, -1, "%.300s cannot be opened: %s", a->arg[1],
		              strerror(errno));
		return pl_tell_error(a, &err);
	}
	pl_stop_listen();
	const pl_status st = record_all(&refused, a, from, &err);
	if (from != stdin) (void)fclose(from);
	if (st != PL_OK) return pl_tell_error(a, &err);
	if (pl_stop_asked()) return PL_EXIT_STOPPED;
	return refused ? PL_EXIT_NOT : PL_EXIT_GOOD;
}
