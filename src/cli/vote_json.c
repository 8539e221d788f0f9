/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/vote_json.h"

enum { SAID = 1024 };

static void put_number(pl_json *j, const char *key, const pl_vote_result *r, pl_vote_number x)
{
	pl_json_open_object(j, key);
	pl_json_put_text(j, "exact", pl_vote_exact(r, x));
	pl_json_put_number(j, "near", x.near);
	pl_json_close_object(j);
}

static void put_options(pl_json *j, const pl_vote_count *c)
{
	char money[PL_MONEY_CHARS];
	pl_json_open_array(j, "options");
	for (int32_t i = 0; i < c->e->n_options; i++) {
		pl_json_open_object(j, NULL);
		pl_json_put_text(j, "id", pl_vote_id(c, i));
		pl_json_put_text(j, "name", pl_vote_called(c, i));
		pl_json_put_text(j, "cost",
		                 pl_money_print(money, c->e->option.cost[i], c->e->decimals));
		put_number(j, "tally", c->r, c->r->tally[i]);
		if (c->r->place[i] > 0)
			pl_json_put_whole(j, "place", c->r->place[i]);
		else
			pl_json_put_text(j, "place", NULL);
		pl_json_close_object(j);
	}
	pl_json_close_array(j);
}

static void put_named(pl_json *j, const char *key, const pl_vote_count *c, int32_t option)
{
	if (option >= 0) pl_json_put_text(j, key, pl_vote_id(c, option));
}

bool pl_vote_speaks_of(const pl_vote_step *s, int32_t option)
{
	return option < 0 || s->option == option || s->other == option || s->option < 0;
}

void pl_vote_json_steps(pl_json *j, const pl_vote_count *c, int32_t option)
{
	char says[SAID];
	pl_json_open_array(j, "steps");
	for (int64_t i = 0; i < c->r->n_steps; i++) {
		const pl_vote_step *s = &c->r->step[i];
		if (!pl_vote_speaks_of(s, option)) continue;
		(void)pl_vote_say(says, sizeof says, c->e, c->r, s);
		pl_json_open_object(j, NULL);
		pl_json_put_text(j, "step", pl_vote_step_name(s->kind));
		put_named(j, "option", c, s->option);
		put_named(j, "other", c, s->other);
		if (s->x.exact > 0) put_number(j, "x", c->r, s->x);
		if (s->y.exact > 0) put_number(j, "y", c->r, s->y);
		if (s->z.exact > 0) put_number(j, "z", c->r, s->z);
		pl_json_put_text(j, "says", says);
		pl_json_close_object(j);
	}
	pl_json_close_array(j);
}

/// The options in `winner`, if this is how it came out.
static void put_winners(pl_json *j, const char *key, const pl_vote_count *c,
                        pl_vote_outcome outcome)
{
	pl_json_open_array(j, key);
	for (int32_t i = 0; i < c->r->n_winners && c->r->outcome == outcome; i++)
		pl_json_put_text(j, NULL, pl_vote_id(c, c->r->winner[i]));
	pl_json_close_array(j);
}

void pl_vote_json(FILE *to, const pl_vote_count *c)
{
	pl_json j = {.to = to};
	pl_json_open_object(&j, NULL);
	pl_json_put_text(&j, "outcome", pl_vote_outcome_name((int)c->r->outcome));
	pl_json_put_text(&j, "title", c->e->title);
	put_winners(&j, "winners", c, PL_VOTE_DECIDED);
	put_winners(&j, "tied", c, PL_VOTE_TIED);
	put_options(&j, c);
	pl_vote_json_steps(&j, c, -1);
	pl_json_put_whole(&j, "ballots", c->e->n_ballots);
	pl_json_put_whole(&j, "weight", c->e->total);
	pl_vote_count_put(&j, "settings", c);
	pl_json_put_text(&j, "digest", c->digest);
	pl_json_put_text(&j, "version", PL_VERSION);
	pl_json_close_object(&j);
}
