/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small elections made of the bytes, counted by any rule: no count fails but with a sentence,
 * winners are options that can win together, and the result is the same to the last step when
 * ballots come in another order, or one by one. */
#include "fuzz/demand.h"

#include <plenum/vote.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OPTIONS = 6, BALLOTS = 24, WEIGHT = 4, COST = 16, POINTS = 6, NONE = -9 };

/* The bytes, one after another, then zeros. */
typedef struct {
	const uint8_t *at;
	size_t left;
} source;

static int32_t draw(source *s, int32_t below)
{
	if (s->left == 0) return 0;
	s->left--;
	return *s->at++ % below;
}

/* What an election is made of. */
typedef struct {
	pl_ballot_kind kind;
	int32_t options, ballots;
	int64_t budget, eligible;
	int32_t cost[OPTIONS];
	int32_t weight[BALLOTS];
	int32_t mark[BALLOTS][OPTIONS]; /* value, or NONE */
} world;

static int32_t draw_mark(source *s, pl_ballot_kind kind)
{
	if (draw(s, 3) == 0) return NONE;
	if (kind == PL_BALLOT_SCORE) return draw(s, POINTS) - 1;
	if (kind == PL_BALLOT_RANKED) return 1 + draw(s, OPTIONS);
	return kind == PL_BALLOT_MOTION ? draw(s, PL_MARKS_OF_MOTION) : 1;
}

static void draw_world(world *w, source *s)
{
	memset(w, 0, sizeof *w);
	w->kind = (pl_ballot_kind)draw(s, PL_BALLOT_KINDS);
	w->options = 1 + draw(s, OPTIONS);
	w->ballots = draw(s, BALLOTS);
	w->budget = 1 + draw(s, COST * OPTIONS);
	int64_t total = 0;
	for (int32_t i = 0; i < w->options; i++) w->cost[i] = draw(s, COST);
	for (int32_t b = 0; b < w->ballots; b++) {
		w->weight[b] = 1 + draw(s, WEIGHT);
		total += w->weight[b];
		for (int32_t i = 0; i < w->options; i++) w->mark[b][i] = draw_mark(s, w->kind);
	}
	w->eligible = total + draw(s, BALLOTS);
}

static void put_ballot(pl_election_draft *d, const world *w, int32_t b, int64_t weight)
{
	pl_error err;
	demand(pl_election_ballot(d, NULL, weight, &err) == PL_OK);
	for (int32_t i = 0; i < w->options; i++)
		if (w->mark[b][i] != NONE)
			demand(pl_election_mark(d, i, w->mark[b][i], &err) == PL_OK);
}

/* @param apart from the last ballot to the first, and one by one */
static pl_election *make(const world *w, bool apart)
{
	pl_election_draft *d;
	pl_election *e;
	pl_error err;
	char id[8];
	demand(pl_election_begin(&d, w->kind, &err) == PL_OK);
	demand(pl_election_money(d, 1, w->budget, &err) == PL_OK);
	demand(pl_election_eligible(d, w->eligible, &err) == PL_OK);
	for (int32_t i = 0; i < w->options; i++) {
		(void)snprintf(id, sizeof id, "%c", 'a' + (int)i);
		demand(pl_election_option(d, id, NULL, w->cost[i], -1, &err) == PL_OK);
	}
	for (int32_t k = 0; k < w->ballots; k++) {
		const int32_t b = apart ? w->ballots - 1 - k : k;
		for (int32_t n = 0; n < w->weight[b] && apart; n++) put_ballot(d, w, b, 1);
		if (!apart) put_ballot(d, w, b, w->weight[b]);
	}
	demand(pl_election_finish(&e, d, &err) == PL_OK);
	pl_election_drop(d);
	return e;
}

static pl_vote_settings draw_settings(source *s, pl_vote_rule rule, int32_t options)
{
	pl_vote_settings set = pl_vote_preset(rule);
	set.threshold = (pl_fraction){1 + draw(s, 4), 4};
	set.fallback = (pl_fraction){draw(s, 4), 4};
	set.quorum = (pl_fraction){draw(s, 3), 4};
	set.of = (pl_vote_of)draw(s, PL_VOTE_OFS);
	set.seats = 1 + draw(s, options);
	set.normalise = draw(s, 2) == 1;
	set.ties_stand = draw(s, 3) == 1;
	return set;
}

static void check_result(const pl_vote_result *r, const world *w, bool spends)
{
	bool won[OPTIONS] = {false};
	int64_t cost = 0;
	demand(r->n_options == w->options && r->n_winners >= 0 && r->n_winners <= w->options);
	demand(pl_vote_outcome_name((int)r->outcome) != NULL);
	for (int32_t i = 0; i < r->n_winners; i++) {
		const int32_t option = r->winner[i];
		demand(option >= 0 && option < w->options && !won[option]);
		won[option] = true;
		cost += w->cost[option];
	}
	demand(!spends || r->outcome != PL_VOTE_DECIDED || cost <= w->budget);
	for (int32_t i = 0; i < w->options; i++)
		demand(r->place[i] >= 0 && r->place[i] <= w->options);
	for (int64_t i = 0; i < r->n_steps; i++)
		demand(pl_vote_step_name(r->step[i].kind) != NULL);
}

static void check_number(const pl_vote_result *a, pl_vote_number x, const pl_vote_result *b,
                         pl_vote_number y)
{
	demand(strcmp(pl_vote_exact(a, x), pl_vote_exact(b, y)) == 0);
}

static void check_same(const pl_vote_result *a, const pl_vote_result *b)
{
	demand(a->outcome == b->outcome && a->n_winners == b->n_winners);
	demand(a->n_steps == b->n_steps);
	for (int32_t i = 0; i < a->n_winners; i++) demand(a->winner[i] == b->winner[i]);
	for (int32_t i = 0; i < a->n_options; i++) {
		demand(a->place[i] == b->place[i]);
		check_number(a, a->tally[i], b, b->tally[i]);
	}
	for (int64_t i = 0; i < a->n_steps; i++) {
		const pl_vote_step *s = &a->step[i], *t = &b->step[i];
		demand(s->kind == t->kind && s->option == t->option && s->other == t->other);
		check_number(a, s->x, b, t->x);
		check_number(a, s->y, b, t->y);
		check_number(a, s->z, b, t->z);
	}
}

/* Every step can be said. */
static void check_words(const pl_election *e, const pl_vote_result *r)
{
	char said[512];
	for (int64_t i = 0; i < r->n_steps; i++) {
		demand(pl_vote_say(said, sizeof said, e, r, &r->step[i]) > 0);
		demand(strchr(said, '{') == NULL);
	}
}

/* Count twice by one rule. */
static void check_rule(const world *w, const pl_vote_settings *set, bool spends)
{
	pl_election *e = make(w, false), *apart = make(w, true);
	pl_vote_result *r, *again;
	pl_error err;
	const pl_status status = pl_vote_tally(&r, e, set, &err);
	demand(status == pl_vote_tally(&again, apart, set, &err));
	demand((status == PL_OK) == (r != NULL) && (status == PL_OK || err.msg[0] != '\0'));
	if (status == PL_OK) {
		check_result(r, w, spends);
		check_same(r, again);
		check_words(e, r);
	}
	pl_vote_result_free(r);
	pl_vote_result_free(again);
	pl_election_free(e);
	pl_election_free(apart);
}

/* The first byte is the rule. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned needs[PL_VOTE_RULES] = {
#define PL_VOTE_RULE(id, spelled, ballots, needs, help) [PL_VOTE_##id] = (needs),
#include <plenum/votes.def>
#undef PL_VOTE_RULE
	};
	source s = {data, size};
	world w;
	const int32_t rule = draw(&s, PL_VOTE_RULES);
	draw_world(&w, &s);
	const pl_vote_settings set = draw_settings(&s, (pl_vote_rule)rule, w.options);
	check_rule(&w, &set, needs[rule] != 0);
	return 0;
}
