/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_events.c - the record itself, page by page. */
#include "app/fields.h"
#include "app/looks.h"
#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES = 4 << 20 }; ///< a page ends with the event that brings it there

typedef struct {
	json_t *list;
	int64_t limit, last;
	size_t bytes;
	bool more, failed;
} listing;

/// What was said, without how to reach people; null where it was erased.
/// @return NULL: no memory
static json_t *texts_of(const pl_event *e)
{
	json_t *texts = e->texts == NULL      ? json_null()
	                : e->texts[0] == '\0' ? json_object()
	                                      : json_loads(e->texts, 0, NULL);
	(void)json_object_del(texts, "contact");
	return texts;
}

json_t *pl_look_event(const pl_event *e)
{
	json_t *facts = json_loads(e->facts, 0, NULL);
	json_t *event = json_pack("{s:I, s:I, s:I, s:s, s:s, s:O, s:O, s:o}", "height",
	                          (json_int_t)e->height, "time", (json_int_t)e->time, "actor",
	                          (json_int_t)e->actor, "type", e->type, "hash", e->hash, "in",
	                          json_object_get(facts, "in"), "out",
	                          json_object_get(facts, "out"), "texts", texts_of(e));
	json_decref(facts);
	return event;
}

static bool add_event(void *with, const pl_event *e)
{
	listing *g = with;
	g->more = (int64_t)json_array_size(g->list) == g->limit || g->bytes > PAGE_BYTES;
	if (g->more) return false;
	g->bytes += strlen(e->facts);
	g->last = e->height;
	g->failed = json_array_append_new(g->list, pl_look_event(e)) != 0;
	return !g->failed;
}

pl_status pl_look_events(json_t *out, pl_looking *l, pl_error *err)
{
	enum { DIGITS_MOST = 15 };
	const char *after = l->look->after == NULL ? "0" : l->look->after;
	listing g = {.limit = pl_look_limit(l)};
	char last[24];
	if (after[0] == '\0' || strlen(after) > DIGITS_MOST ||
	    strspn(after, "0123456789") != strlen(after))
		return pl_fail(err, PL_EARG, -1, "\"after\" is the height of an event");
	g.list = json_array();
	PL_TRY(pl_look_set(out, "events", g.list, err));
	PL_TRY(pl_store_events(l->store, strtoll(after, NULL, 10) + 1, add_event, &g, err));
	if (g.failed) return pl_look_no_memory(err);
	(void)snprintf(last, sizeof last, "%" PRId64, g.last);
	return g.more ? pl_look_set(out, "next", json_string(last), err) : PL_OK;
}
