/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/history.h"

#include "app/ops.h"
#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- events as objects ---- */

typedef struct {
	const pl_history_wanted *wanted;
	json_t *list;
	bool failed;
} listing;

/// @return a new object; NULL: no memory
static json_t *object_of(const pl_event *e)
{
	json_t *facts = json_loads(e->facts, 0, NULL), *texts = NULL;
	if (e->texts != NULL)
		texts = e->texts[0] == '\0' ? json_object() : json_loads(e->texts, 0, NULL);
	json_t *event = json_pack("{s:I, s:I, s:I, s:s, s:s, s:O?, s:O?, s:o?}", "height",
	                          (json_int_t)e->height, "time", (json_int_t)e->time, "actor",
	                          (json_int_t)e->actor, "type", e->type, "hash", e->hash, "in",
	                          json_object_get(facts, "in"), "out",
	                          json_object_get(facts, "out"), "texts", texts);
	json_decref(facts);
	return event;
}

/// Is the planning of the season over with this event?
static bool ends_planning(const pl_event *e, int64_t season)
{
	if (season == 0 ||
	    (strcmp(e->type, "plan.adopt") != 0 && strcmp(e->type, "season.close") != 0))
		return false;
	json_t *facts = json_loads(e->facts, 0, NULL);
	const bool ends = pl_page_whole(json_object_get(facts, "in"), "season") == season;
	json_decref(facts);
	return ends;
}

static bool note_event(void *with, const pl_event *e)
{
	listing *l = with;
	const char *type = l->wanted->type;
	if (ends_planning(e, l->wanted->season)) return false;
	if (strncmp(e->type, type, strlen(type)) == 0)
		l->failed = json_array_append_new(l->list, object_of(e)) != 0;
	return !l->failed &&
	       (l->wanted->most == 0 || (int64_t)json_array_size(l->list) < l->wanted->most);
}

static pl_status read_events(void *with, pl_store *s, pl_error *err)
{
	listing *l = with;
	int64_t from = l->wanted->from;
	if (l->wanted->since > 0) PL_TRY(pl_store_since(&from, s, l->wanted->since, err));
	PL_TRY(pl_store_events(s, from, note_event, l, err));
	return l->failed ? pl_fail(err, PL_ENOMEM, -1, "no memory for the events") : PL_OK;
}

json_t *pl_history_list(pl_page *p, const pl_history_wanted *wanted)
{
	pl_error err;
	listing l = {.wanted = wanted, .list = pl_page_hold(p, json_array())};
	if (l.list == NULL) return NULL;
	const pl_status st =
	        pl_desk_look(p->visit->server->desk, PL_READ_LONG, read_events, &l, &err);
	if (st != PL_OK) pl_page_note(p, st, &err);
	return l.list;
}

/* ---- sentences ---- */

static const char *const sentences[PL_OPS] = {
#define PL_SENTENCE(op, sentence) [PL_OP_##op] = (sentence),
#include "server/sentences.def"
#undef PL_SENTENCE
};

/// A field of an event by its name.
static void put_field(pl_page *p, const char *name, const json_t *value)
{
	static const struct {
		const char *name;
		pl_page_names of;
	} named[] = {{"person", PL_NAMES_person}, {"council", PL_NAMES_council},
	             {"giver", PL_NAMES_council}, {"taker", PL_NAMES_council},
	             {"good", PL_NAMES_good},     {"worst_good", PL_NAMES_good},
	             {"season", PL_NAMES_season}};
	const int64_t number = json_integer_value(value);
	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		if (strcmp(named[i].name, name) != 0) continue;
		if (number > 0)
			pl_page_put_name(p, named[i].of, number);
		else
			pl_markup_raw(&p->m, "the whole federation");
		return;
	}
	if (strcmp(name, "vote") == 0)
		pl_markup_put(&p->m, "<a href=\"%s/votes/%" PRId64 "\">vote %" PRId64 "</a>",
		              p->m.base, number, number);
	else if (strcmp(name, "until") == 0 || strcmp(name, "begins") == 0 ||
	         strcmp(name, "ends") == 0)
		pl_page_put_time(p, number, true);
	else if (json_is_string(value))
		pl_markup_put(&p->m, "<bdi>%s</bdi>", json_string_value(value));
	else
		pl_markup_put(&p->m, "%" PRId64, number);
}

static void put_actor(pl_page *p, const json_t *event)
{
	const int64_t actor = pl_page_whole(event, "actor");
	if (actor > 0)
		pl_page_put_name(p, PL_NAMES_person, actor);
	else
		pl_markup_raw(&p->m, "The calendar");
}

void pl_history_put(pl_page *p, const json_t *event)
{
	const int op = pl_op_of(pl_page_text(event, "type"));
	const char *at = op < 0 || sentences[op] == NULL ? "{actor}: {type}" : sentences[op];
	while (*at != '\0') {
		const char *open = strchr(at, '{'), *close = strchr(at, '}');
		char part[64];
		if (open == NULL) {
			pl_markup_raw(&p->m, at);
			return;
		}
		(void)snprintf(part, sizeof part, "%.*s", (int)(open - at), at);
		pl_markup_raw(&p->m, part);
		(void)snprintf(part, sizeof part, "%.*s", (int)(close - open - 1), open + 1);
		const json_t *value =
		        json_object_get(event, strcmp(part, "type") == 0 ? part : "");
		if (value == NULL) value = json_object_get(json_object_get(event, "in"), part);
		if (value == NULL) value = json_object_get(json_object_get(event, "out"), part);
		if (strcmp(part, "actor") == 0)
			put_actor(p, event);
		else
			put_field(p, part, value);
		at = close + 1;
	}
}
