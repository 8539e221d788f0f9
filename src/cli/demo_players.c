/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo_players.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/// Councils as they stand in the record.
typedef struct {
	int64_t n;
	pl_player of[PL_PLAYERS_MOST];
	bool taken[PL_PLAYERS_MOST];
} councils;

static bool note_council(void *with, const pl_state_row *row)
{
	councils *c = with;
	pl_player *p = &c->of[c->n];
	const char *name = row->at[PL_C_council_name].text;
	p->council = row->at[PL_C_council_id].whole;
	(void)snprintf(p->kind, sizeof p->kind, "%s", row->at[PL_C_council_kind].text);
	(void)snprintf(p->name, sizeof p->name, "%s",
	               name[0] == '\0' ? row->at[PL_C_council_code].text : name);
	return ++c->n < PL_PLAYERS_MOST;
}

static bool note_delegate(void *with, const pl_state_row *row)
{
	councils *c = with;
	for (int64_t i = 0; i < c->n; i++)
		if (c->of[i].council == row->at[PL_C_mandate_council].whole &&
		    c->of[i].person == 0)
			c->of[i].person = row->at[PL_C_mandate_person].whole;
	return true;
}

static bool note_person(void *with, const pl_state_row *row)
{
	councils *c = with;
	for (int64_t i = 0; i < c->n; i++)
		if (c->of[i].person == row->at[PL_C_person_id].whole)
			(void)snprintf(c->of[i].called, sizeof c->of[i].called, "%s",
			               row->at[PL_C_person_name].text);
	return true;
}

/// The first council that is left, of a kind where there is one. @return -1: none is left
static int64_t next_of(const councils *c, const char *kind)
{
	int64_t any = -1;
	for (int64_t i = 0; i < c->n; i++) {
		if (c->taken[i] || c->of[i].person == 0) continue;
		if (strcmp(c->of[i].kind, kind) == 0) return i;
		if (any < 0) any = i;
	}
	return any;
}

pl_status pl_players_find(pl_player *out, int64_t n, pl_store *s, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	static const char *const turn[] = {"consumers", "workers"};
	councils c = {.n = 0};
	PL_TRY(pl_store_scan(s, PL_ROWS_council, 0, &none, note_council, &c, err));
	PL_TRY(pl_store_scan(s, PL_ROWS_mandate, 0, &none, note_delegate, &c, err));
	PL_TRY(pl_store_scan(s, PL_ROWS_person, 0, &none, note_person, &c, err));
	for (int64_t i = 0; i < n; i++) {
		const int64_t which = next_of(&c, turn[i % 2]);
		if (which < 0)
			return pl_fail(err, PL_ENOTFOUND, -1,
			               "the season has delegates for %" PRId64 " people", i);
		c.taken[which] = true;
		out[i] = c.of[which];
	}
	return PL_OK;
}
