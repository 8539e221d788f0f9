/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* count.c - a count being written down, from the first ballot to the result. */
#include "vote/count.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- names ---------------------------------------------------------------------------------
 */

static const char *const rule_names[PL_VOTE_RULES] = {
#define PL_VOTE_RULE(id, spelled, ballots, needs, help) [PL_VOTE_##id] = (spelled),
#include <plenum/votes.def>
#undef PL_VOTE_RULE
};

static const char *const step_names[PL_VOTE_STEPS] = {
#define PL_VOTE_STEP(id, sentence) [PL_VOTE_STEP_##id] = #id,
#include <plenum/vote_steps.def>
#undef PL_VOTE_STEP
};

static const struct {
	unsigned ballots, needs;
} demands[PL_VOTE_RULES] = {
#define PL_VOTE_RULE(id, spelled, ballots, needs, help) [PL_VOTE_##id] = {ballots, needs},
#include <plenum/votes.def>
#undef PL_VOTE_RULE
};

static const char *const outcome_names[PL_VOTE_OUTCOMES] = {"decided", "rejected", "blocked",
                                                            "tied", "no_quorum"};
static const char *const of_names[PL_VOTE_OFS] = {"cast", "present", "eligible"};

static const char *name_of(const char *const *names, int n, int i)
{
	return i >= 0 && i < n ? names[i] : NULL;
}

const char *pl_vote_rule_name(int rule)
{
	return name_of(rule_names, PL_VOTE_RULES, rule);
}

int pl_vote_rule_of(const char *name)
{
	for (int i = 0; i < PL_VOTE_RULES; i++)
		if (strcmp(name, rule_names[i]) == 0) return i;
	return -1;
}

const char *pl_vote_step_name(int kind)
{
	return name_of(step_names, PL_VOTE_STEPS, kind);
}

const char *pl_vote_outcome_name(int outcome)
{
	return name_of(outcome_names, PL_VOTE_OUTCOMES, outcome);
}

const char *pl_vote_of_name(int of)
{
	return name_of(of_names, PL_VOTE_OFS, of);
}

pl_vote_settings pl_vote_preset(pl_vote_rule rule)
{
	return (pl_vote_settings){
	        .rule = rule,
	        .threshold = {2, 3},
	        .fallback = {0, 1},
	        .quorum = {0, 1},
	        .of = PL_VOTE_OF_CAST,
	        .seats = 1,
	};
}

/* ---- writing down --------------------------------------------------------------------------
 */

static void fail(pl_count *c)
{
	if (c->status == PL_OK) c->status = PL_ENOMEM;
}

/// Keep a text. @return its offset; 0 after a failure
static int64_t keep(pl_count *c, const char *text)
{
	if (c->status != PL_OK) return 0;
	const int64_t n = (int64_t)strlen(text) + 1, need = c->used_text + n;
	if (need > c->room_text) {
		const int64_t room = pl_grow_room(c->room_text, need);
		char *more = pl_grow(c->text, c->used_text, room, 1);
		if (more == NULL) {
			fail(c);
			return 0;
		}
		c->text = more;
		c->room_text = room;
	}
	memcpy(c->text + c->used_text, text, (size_t)n);
	c->used_text = need;
	return need - n;
}

pl_vote_number pl_count_whole(pl_count *c, int64_t x)
{
	char text[24];
	(void)snprintf(text, sizeof text, "%" PRId64, x);
	return (pl_vote_number){(double)x, keep(c, text)};
}

pl_vote_number pl_count_fraction(pl_count *c, const mpq_t x)
{
	char *text = mpq_get_str(NULL, 10, x);
	const pl_vote_number number = {mpq_get_d(x), keep(c, text)};
	void (*release)(void *, size_t);
	mp_get_memory_functions(NULL, NULL, &release);
	release(text, strlen(text) + 1);
	return number;
}

pl_vote_number pl_count_part(pl_count *c, pl_fraction x)
{
	mpq_t part;
	mpq_init(part);
	mpz_set_si(mpq_numref(part), (long)x.num);
	mpz_set_si(mpq_denref(part), (long)x.den);
	mpq_canonicalize(part);
	const pl_vote_number number = pl_count_fraction(c, part);
	mpq_clear(part);
	return number;
}

pl_vote_number pl_count_money(pl_count *c, int64_t x)
{
	int64_t unit = 1;
	for (int32_t i = 0; i < c->e->decimals; i++) unit *= 10;
	char text[48], part[24];
	/* the digits behind the point are those of unit + part behind its 1 */
	(void)snprintf(part, sizeof part, "%" PRId64, unit + x % unit);
	(void)snprintf(text, sizeof text, "%" PRId64 "%s%s", x / unit, x % unit > 0 ? "." : "",
	               x % unit > 0 ? part + 1 : "");
	return (pl_vote_number){(double)x / (double)unit, keep(c, text)};
}

void pl_count_step(pl_count *c, pl_vote_step_kind kind, pl_said said)
{
	if (c->status != PL_OK) return;
	if (c->step == NULL || c->r->n_steps == c->room_steps) {
		const int64_t room = pl_grow_room(c->room_steps, c->r->n_steps + 1);
		pl_vote_step *more = pl_grow(c->step, c->r->n_steps, room, sizeof *more);
		if (more == NULL) {
			fail(c);
			return;
		}
		c->step = more;
		c->room_steps = room;
	}
	c->step[c->r->n_steps++] = (pl_vote_step){
	        .kind = (int32_t)kind,
	        .option = said.option - 1,
	        .other = said.other - 1,
	        .x = said.x,
	        .y = said.y,
	        .z = said.z,
	};
}

void pl_count_win(pl_count *c, int32_t option)
{
	c->winner[c->r->n_winners++] = option;
}

void pl_count_note(pl_count *c, const int64_t *value)
{
	for (int32_t i = 0; i < c->e->n_options; i++) c->tally[i] = pl_count_whole(c, value[i]);
}

void pl_count_tell(pl_count *c, const int32_t *sorted)
{
	for (int32_t k = 0; k < c->e->n_options; k++)
		PL_STEP(c, count, .option = sorted[k] + 1, .x = c->tally[sorted[k]]);
}

/* ---- sorting -------------------------------------------------------------------------------
 */

typedef struct {
	int64_t value;
	int32_t precedence, option;
} standing;

static int by_value(const void *a, const void *b)
{
	const standing *x = a, *y = b;
	if (x->value != y->value) return x->value < y->value ? 1 : -1;
	return x->precedence < y->precedence ? -1 : 1;
}

bool pl_count_sort(pl_count *c, int32_t *sorted, const int64_t *value)
{
	const int32_t n = c->e->n_options;
	standing *all = pl_alloc(n, sizeof *all);
	if (all == NULL) {
		fail(c);
		return false;
	}
	for (int32_t i = 0; i < n; i++)
		all[i] = (standing){
		        .value = value[i], .precedence = c->precedence[i], .option = i};
	qsort(all, (size_t)n, sizeof *all, by_value);
	for (int32_t i = 0; i < n; i++) sorted[i] = all[i].option;
	pl_free(all);
	return true;
}

/* ---- the whole count -----------------------------------------------------------------------
 */

/// A result with what it owns.
typedef struct {
	pl_vote_result shown;
	int32_t *winner, *place;
	pl_vote_number *tally;
	pl_vote_step *step;
	char *text;
} kept;

static pl_status refuse_ballots(const pl_election *e, const pl_vote_settings *s, pl_error *err)
{
	char takes[96] = "";
	for (int k = 0; k < PL_BALLOT_KINDS; k++) {
		if ((demands[s->rule].ballots & (1U << k)) == 0) continue;
		const size_t used = strlen(takes);
		(void)snprintf(takes + used, sizeof takes - used, "%s%s", used > 0 ? ", " : "",
		               pl_ballot_name(k));
	}
	return pl_fail(err, PL_EARG, -1, "these are %s ballots; the rule %s counts %s",
	               pl_ballot_name((int)e->kind), pl_vote_rule_name((int)s->rule), takes);
}

static bool is_part(pl_fraction x)
{
	return x.den > 0 && x.num >= 0 && x.num <= x.den;
}

static pl_status check(const pl_election *e, const pl_vote_settings *s, pl_error *err)
{
	const unsigned needs = demands[s->rule].needs;
	if ((demands[s->rule].ballots & (1U << e->kind)) == 0) return refuse_ballots(e, s, err);
	if ((needs & PL_VOTE_NEEDS_BUDGET) != 0 && e->budget < 0)
		return pl_fail(err, PL_EARG, -1,
		               "the rule %s needs a budget, and the election names none",
		               pl_vote_rule_name((int)s->rule));
	if (!is_part(s->threshold) || !is_part(s->fallback) || !is_part(s->quorum))
		return pl_fail(err, PL_EARG, -1,
		               "a threshold or quorum is a part between 0 and 1, such as 2/3");
	if ((s->quorum.num > 0 || s->of == PL_VOTE_OF_ELIGIBLE) && e->eligible < 0)
		return pl_fail(err, PL_EARG, -1,
		               "a part of those eligible needs their number, and the election "
		               "does not say it");
	if (e->eligible >= 0 && e->eligible < e->total)
		return pl_fail(err, PL_EARG, -1,
		               "there are more votes than the %" PRId64 " who are eligible",
		               e->eligible);
	if (s->seats < 1 || s->seats > e->n_options)
		return pl_fail(err, PL_EARG, -1,
		               "the seats (%" PRId32 ") are none, or more than the options "
		               "(%" PRId32 ")",
		               s->seats, e->n_options);
	return PL_OK;
}

/// The precedence of each option. @return PL_OK, PL_EARG
static pl_status rank_options(pl_count *c, pl_error *err)
{
	const int32_t n = c->e->n_options;
	for (int32_t i = 0; i < n; i++) c->precedence[i] = c->s->order == NULL ? i : -1;
	if (c->s->order == NULL) return PL_OK;
	for (int32_t i = 0; i < n; i++) {
		const int32_t option = c->s->order[i];
		if (option < 0 || option >= n || c->precedence[option] >= 0)
			return pl_fail(err, PL_EARG, i,
			               "the order for ties must name each option once");
		c->precedence[option] = i;
	}
	return PL_OK;
}

static void say_ballots(pl_count *c)
{
	int64_t empty = 0;
	for (int64_t i = 0; i < c->e->n_ballots; i++)
		if (c->e->start[i] == c->e->start[i + 1]) empty += pl_ballot_weight(c->e, i);
	PL_STEP(c, ballots, .x = pl_count_whole(c, c->e->total), .y = pl_count_whole(c, empty));
}

/// @return have enough voted?
static bool has_quorum(pl_count *c)
{
	const pl_fraction q = c->s->quorum;
	if (q.num == 0) return true;
	/* at least num/den of the eligible: ceil(eligible * num / den) without overflow */
	const int64_t whole = c->e->eligible / q.den, rest = c->e->eligible % q.den;
	const pl_wide part = (pl_wide)rest * q.num;
	const int64_t needed = (int64_t)((pl_wide)whole * q.num + (part + q.den - 1) / q.den);
	PL_STEP(c, quorum, .x = pl_count_whole(c, needed), .y = pl_count_whole(c, c->e->total));
	return c->e->total >= needed;
}

static pl_status count_by_rule(pl_count *c, pl_error *err)
{
	switch (c->s->rule) {
	case PL_VOTE_majority:
	case PL_VOTE_supermajority:
	case PL_VOTE_consensus:
		return pl_count_motion(c, err);
	case PL_VOTE_approval:
	case PL_VOTE_score:
		return pl_count_points(c, err);
	case PL_VOTE_schulze:
		return pl_count_schulze(c, err);
	case PL_VOTE_stv:
		return pl_count_stv(c, err);
	case PL_VOTE_knapsack:
		return pl_count_knapsack(c, err);
	case PL_VOTE_greedy:
	case PL_VOTE_greedy_no_skip:
		return pl_count_greedy(c, err);
	default:
		return pl_count_equal_shares(c, err);
	}
}

static pl_status begin(pl_count *c, pl_error *err)
{
	const int32_t n = c->e->n_options;
	c->winner = pl_alloc(n, sizeof *c->winner);
	c->place = pl_alloc(n, sizeof *c->place);
	c->precedence = pl_alloc(n, sizeof *c->precedence);
	c->tally = pl_alloc(n, sizeof *c->tally);
	if (c->winner == NULL || c->place == NULL || c->precedence == NULL || c->tally == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to count %" PRId32 " options", n);
	c->r->n_options = n;
	(void)pl_count_whole(c, 0); /* offset 0, of whatever is not said */
	const pl_vote_number none = {0, 0};
	for (int32_t i = 0; i < n; i++) c->tally[i] = none;
	PL_TRY(rank_options(c, err));
	say_ballots(c);
	return PL_OK;
}

static void free_kept(kept *k)
{
	pl_free(k->winner);
	pl_free(k->place);
	pl_free(k->tally);
	pl_free(k->step);
	pl_free(k->text);
	pl_free(k);
}

/// Hand over what was written down.
static void seal(kept *k, const pl_count *c)
{
	k->winner = c->winner;
	k->place = c->place;
	k->tally = c->tally;
	k->step = c->step;
	k->text = c->text;
	k->shown.winner = k->winner;
	k->shown.place = k->place;
	k->shown.tally = k->tally;
	k->shown.step = k->step;
	k->shown.text = k->text;
}

pl_status pl_vote_tally(pl_vote_result **out, const pl_election *e, const pl_vote_settings *s,
                        pl_error *err)
{
	*out = NULL;
	PL_TRY(check(e, s, err));
	kept *k = pl_alloc(1, sizeof *k);
	if (k == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a count");
	pl_count c = {.e = e, .s = s, .r = &k->shown};
	pl_status status = begin(&c, err);
	if (status == PL_OK && !has_quorum(&c))
		k->shown.outcome = PL_VOTE_NO_QUORUM;
	else if (status == PL_OK)
		status = count_by_rule(&c, err);
	if (status == PL_OK && c.status != PL_OK)
		status = pl_fail(err, c.status, -1, "no memory to write the count down");
	pl_free(c.precedence);
	seal(k, &c);
	if (status == PL_OK)
		*out = &k->shown;
	else
		free_kept(k);
	return status;
}

void pl_vote_result_free(pl_vote_result *r)
{
	if (r != NULL) free_kept((kept *)r);
}
