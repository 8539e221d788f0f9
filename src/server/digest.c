/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/digest.h"

#include "app/look.h"
#include "base/error.h"
#include "server/zone.h"

#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MOST = 800 };

typedef struct {
	pl_look look;
	char *json;
} looking;

static pl_status draw(void *with, pl_store *s, pl_error *err)
{
	looking *l = with;
	return pl_app_look(&l->json, s, &l->look, err);
}

/// What needs somebody, in words. Names stay in the record: a mail goes through many hands.
static const char *words_of(const json_t *need)
{
	static const struct {
		const char *what, *words;
	} known[] = {
	        {"propose", "a council waits for your proposal"},
	        {"vote", "a vote waits for your ballot"},
	        {"explain", "an objection waits for your council's answer"},
	        {"rule", "an objection waits for your ruling"},
	        {"successor", "your task ends: find a successor"},
	        {"erasure", "a facilitator asks that you be erased: you can refuse"},
	        {"confirm", "a facilitator asks that somebody be erased: confirm it, or not"}};
	const char *what = json_string_value(json_object_get(need, "what"));
	for (size_t i = 0; i < sizeof known / sizeof *known && what != NULL; i++)
		if (strcmp(known[i].what, what) == 0) return known[i].words;
	return "something waits for you";
}

static pl_status add(pl_bytes *out, const char *text)
{
	return pl_bytes_add(out, text, (int64_t)strlen(text));
}

static pl_status add_need(pl_bytes *out, const json_t *need)
{
	static const pl_zone utc = {.name = "UTC"};
	char line[LINE_MOST], when[PL_ZONE_CHARS];
	const int64_t until = json_integer_value(json_object_get(need, "until"));
	(void)snprintf(line, sizeof line, "- %s%s%s%s\r\n", words_of(need),
	               until > 0 ? ", until " : "",
	               until > 0 ? pl_zone_time(when, &utc, until) : "",
	               until > 0 ? " UTC" : "");
	return add(out, line);
}

static pl_status write_needs(pl_bytes *out, const json_t *needs, const char *here)
{
	char end[LINE_MOST];
	size_t i;
	json_t *need;
	PL_TRY(add(out, "What needs you now:\r\n\r\n"));
	json_array_foreach(needs, i, need)
	{
		PL_TRY(add_need(out, need));
	}
	(void)snprintf(end, sizeof end,
	               "\r\n%.300s/\r\n\r\nYou asked for this mail. It comes at most once a "
	               "day, when something is new;\r\nend it at %.200s/you\r\n",
	               here, here);
	PL_TRY(add(out, end));
	PL_TRY(pl_bytes_add(out, "", 1));
	out->n--;
	return PL_OK;
}

static void hash_needs(char said[PL_HASH_CHARS], const char *json)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	(void)crypto_hash_sha256(sum, (const unsigned char *)json, strlen(json));
	(void)sodium_bin2hex(said, PL_HASH_CHARS, sum, sizeof sum);
}

pl_status pl_digest_write(pl_bytes *out, char said[PL_HASH_CHARS], pl_desk *desk,
                          int64_t person, int64_t now, const char *here, pl_error *err)
{
	looking l = {.look = {.actor = person, .now = now, .path = "/needs"}};
	PL_TRY(pl_desk_use(desk, PL_READ_LONG, draw, &l, err));
	json_t *view = json_loads(l.json, 0, NULL);
	const json_t *needs = json_object_get(view, "needs");
	pl_status st = view == NULL ? PL_ENOMEM : PL_OK;
	hash_needs(said, l.json);
	if (json_array_size(needs) > 0) st = write_needs(out, needs, here);
	json_decref(view);
	free(l.json);
	return st == PL_OK ? PL_OK : pl_fail(err, st, -1, "no memory for a mail");
}
