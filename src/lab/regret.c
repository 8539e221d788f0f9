/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* regret.c - each rule counts ballots that follow from the same utilities.
 *
 * Bayesian regret: S. Merrill, American Journal of Political Science 28 (1984) 23-48, as the
 * part 1 - "social utility efficiency"; R. J. Weber, Cowles discussion paper 498 (1978). */
#include "lab/regret.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/threads.h"

#include <stdio.h>
#include <stdlib.h>

/// A stake counts for a third of an equal voice at least, for three at most.
enum { STAKE_SPAN = 3, STAKE_MOST = 1000, POINTS = 100, THIRD = 3 };

static const struct {
	const char *name;
	pl_ballot_kind ballots;
	pl_vote_rule rule;
} rules[PL_REGRET_RULES] = {
        [PL_REGRET_PLURALITY] = {"plurality", PL_BALLOT_APPROVAL, PL_VOTE_approval},
        [PL_REGRET_RUNOFF] = {"stv", PL_BALLOT_RANKED, PL_VOTE_stv},
        [PL_REGRET_SCHULZE] = {"schulze", PL_BALLOT_RANKED, PL_VOTE_schulze},
        [PL_REGRET_APPROVAL] = {"approval", PL_BALLOT_APPROVAL, PL_VOTE_approval},
        [PL_REGRET_SCORE] = {"score", PL_BALLOT_SCORE, PL_VOTE_score},
        [PL_REGRET_NORMALISED] = {"normalised score", PL_BALLOT_SCORE, PL_VOTE_score},
        [PL_REGRET_STAKE] = {"stake", PL_BALLOT_APPROVAL, PL_VOTE_approval},
};
static const char *const ways[PL_REGRET_WAYS] = {"honest", "strategic"};

const char *pl_regret_rule_name(int rule)
{
	return rule >= 0 && rule < PL_REGRET_RULES ? rules[rule].name : NULL;
}

const char *pl_regret_way_name(int way)
{
	return way >= 0 && way < PL_REGRET_WAYS ? ways[way] : NULL;
}

/// A profile while it is judged.
typedef struct {
	const pl_profile *p;
	pl_regret_way way;
	int32_t lead, second;    ///< options with most first choices
	int32_t *rank;           ///< [options] options, of one voter, the best first
	int32_t *place;          ///< [options] by lot: of each option in p->order
	int32_t *under;          ///< [voters] utilities of one option
	int64_t *sum;            ///< [options] utility of all
	int64_t *first;          ///< [options] first choices
	int64_t *stake, *weight; ///< [voters]
} poll;

/* ---- what follows from utilities -----------------------------------------------------------
 */

/// Does a voter like a better than b? Equal ones stand as drawn by lot.
static bool likes(const poll *q, int32_t voter, int32_t a, int32_t b)
{
	const int32_t ua = pl_utility(q->p, voter, a), ub = pl_utility(q->p, voter, b);
	return ua != ub ? ua > ub : q->place[a] < q->place[b];
}

static void rank_options(poll *q, int32_t voter)
{
	for (int32_t i = 0; i < q->p->options; i++) {
		int32_t at = i;
		for (; at > 0 && likes(q, voter, i, q->rank[at - 1]); at--)
			q->rank[at] = q->rank[at - 1];
		q->rank[at] = i;
	}
}

static int32_t favourite(const poll *q, int32_t voter)
{
	int32_t best = 0;
	for (int32_t i = 1; i < q->p->options; i++)
		if (likes(q, voter, i, best)) best = i;
	return best;
}

/// The option with the largest value, by lot where several have it; `but` is left out.
static int32_t largest(const poll *q, const int64_t *value, int32_t but)
{
	int32_t best = -1;
	for (int32_t k = 0; k < q->p->options; k++) {
		const int32_t i = q->p->order[k];
		if (i != but && (best < 0 || value[i] > value[best])) best = i;
	}
	return best;
}

static void survey(poll *q)
{
	const pl_profile *p = q->p;
	for (int32_t k = 0; k < p->options; k++) q->place[p->order[k]] = k;
	for (int32_t v = 0; v < p->voters; v++) {
		int32_t least = PL_UTILITY_MOST, most = 0;
		for (int32_t i = 0; i < p->options; i++) {
			const int32_t u = pl_utility(p, v, i);
			q->sum[i] += u;
			if (u < least) least = u;
			if (u > most) most = u;
		}
		const int64_t stake = (int64_t)(most - least) * STAKE_MOST / PL_UTILITY_MOST;
		q->stake[v] = stake > 0 ? stake : 1;
		q->first[favourite(q, v)]++;
	}
	q->lead = largest(q, q->first, -1);
	q->second = largest(q, q->first, q->lead);
}

/// Do more like a better than b than the other way round?
static bool beats(const poll *q, int32_t a, int32_t b)
{
	int32_t ahead = 0;
	for (int32_t v = 0; v < q->p->voters; v++) {
		const int32_t ua = pl_utility(q->p, v, a), ub = pl_utility(q->p, v, b);
		ahead += (ua > ub) - (ua < ub);
	}
	return ahead > 0;
}

static int32_t condorcet(const poll *q)
{
	for (int32_t a = 0; a < q->p->options; a++) {
		bool all = true;
		for (int32_t b = 0; b < q->p->options && all; b++)
			all = b == a || beats(q, a, b);
		if (all) return a;
	}
	return -1;
}

/* ---- ballots -------------------------------------------------------------------------------
 */

/// Of the two that lead, the one that a voter likes better, or the other one.
static int32_t leader(const poll *q, int32_t voter, bool better)
{
	return likes(q, voter, q->lead, q->second) == better ? q->lead : q->second;
}

static pl_status mark_one(poll *q, int32_t v, pl_election_draft *d, pl_error *err)
{
	const bool honest = q->way == PL_REGRET_HONEST;
	return pl_election_mark(d, honest ? favourite(q, v) : leader(q, v, true), 1, err);
}

/// Is an option good enough for a voter to be approved of?
static bool is_good(const poll *q, int32_t v, int32_t option)
{
	if (q->way == PL_REGRET_STRATEGIC) {
		const int32_t bar = leader(q, v, true);
		return option == bar || likes(q, v, option, bar);
	}
	int64_t sum = 0;
	for (int32_t i = 0; i < q->p->options; i++) sum += pl_utility(q->p, v, i);
	return (int64_t)pl_utility(q->p, v, option) * q->p->options > sum;
}

static pl_status mark_good(poll *q, int32_t v, pl_election_draft *d, pl_error *err)
{
	for (int32_t i = 0; i < q->p->options; i++)
		if (is_good(q, v, i)) PL_TRY(pl_election_mark(d, i, 1, err));
	return PL_OK;
}

static pl_status mark_points(poll *q, int32_t v, pl_election_draft *d, pl_error *err)
{
	for (int32_t i = 0; i < q->p->options; i++) {
		int64_t points = is_good(q, v, i) ? POINTS : 0;
		if (q->way == PL_REGRET_HONEST)
			points = ((int64_t)pl_utility(q->p, v, i) * POINTS +
			          PL_UTILITY_MOST / 2) /
			         PL_UTILITY_MOST;
		PL_TRY(pl_election_mark(d, i, (int32_t)points, err));
	}
	return PL_OK;
}

static pl_status mark_ranks(poll *q, int32_t v, pl_election_draft *d, pl_error *err)
{
	const int32_t n = q->p->options;
	rank_options(q, v);
	if (q->way == PL_REGRET_HONEST) {
		for (int32_t k = 0; k < n; k++)
			PL_TRY(pl_election_mark(d, q->rank[k], k + 1, err));
		return PL_OK;
	}
	const int32_t better = leader(q, v, true), worse = leader(q, v, false);
	int32_t next = 1;
	PL_TRY(pl_election_mark(d, better, next++, err));
	for (int32_t k = 0; k < n; k++)
		if (q->rank[k] != better && q->rank[k] != worse)
			PL_TRY(pl_election_mark(d, q->rank[k], next++, err));
	return pl_election_mark(d, worse, next, err);
}

typedef pl_status mark_function(poll *q, int32_t v, pl_election_draft *d, pl_error *err);
static mark_function *const mark[PL_REGRET_RULES] = {
        [PL_REGRET_PLURALITY] = mark_one, [PL_REGRET_RUNOFF] = mark_ranks,
        [PL_REGRET_SCHULZE] = mark_ranks, [PL_REGRET_APPROVAL] = mark_good,
        [PL_REGRET_SCORE] = mark_points,  [PL_REGRET_NORMALISED] = mark_points,
        [PL_REGRET_STAKE] = mark_one,
};

/// Weights of the voters; equal where everybody claims the same.
static pl_status weigh(poll *q, pl_regret_rule rule, pl_error *err)
{
	const int32_t n = q->p->voters;
	for (int32_t v = 0; v < n; v++) q->weight[v] = 1;
	if (rule != PL_REGRET_STAKE || q->way == PL_REGRET_STRATEGIC) return PL_OK;
	const pl_fraction least = {1, (int64_t)STAKE_SPAN * n};
	const pl_fraction most = {n < STAKE_SPAN ? n : STAKE_SPAN, n};
	return pl_vote_weigh(q->weight, n, q->stake, least, most, err);
}

static pl_status fill(poll *q, pl_regret_rule rule, pl_election_draft *d, pl_error *err)
{
	char id[16];
	for (int32_t i = 0; i < q->p->options; i++) {
		(void)snprintf(id, sizeof id, "%d", (int)i + 1);
		PL_TRY(pl_election_option(d, id, NULL, 0, -1, err));
	}
	PL_TRY(weigh(q, rule, err));
	for (int32_t v = 0; v < q->p->voters; v++) {
		PL_TRY(pl_election_ballot(d, NULL, q->weight[v], err));
		PL_TRY(mark[rule](q, v, d, err));
	}
	return PL_OK;
}

static pl_status hold(pl_election **out, poll *q, pl_regret_rule rule, pl_error *err)
{
	*out = NULL;
	pl_election_draft *d;
	pl_status s = pl_election_begin(&d, rules[rule].ballots, err);
	if (s == PL_OK) s = fill(q, rule, d, err);
	if (s == PL_OK) s = pl_election_finish(out, d, err);
	pl_election_drop(d);
	return s;
}

/* ---- judging -------------------------------------------------------------------------------
 */

static int smaller(const void *a, const void *b)
{
	const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
	return (x > y) - (x < y);
}

/// Mean utility of the third of the voters who get least from an option, the third rounded up.
static double worst_off(poll *q, int32_t option)
{
	const int32_t n = q->p->voters, third = (n + THIRD - 1) / THIRD;
	int64_t sum = 0;
	for (int32_t v = 0; v < n; v++) q->under[v] = pl_utility(q->p, v, option);
	qsort(q->under, (size_t)n, sizeof *q->under, smaller);
	for (int32_t v = 0; v < third; v++) sum += q->under[v];
	return (double)sum / ((double)third * PL_UTILITY_MOST);
}

static double regret_of(const poll *q, int32_t best, int32_t winner)
{
	int64_t all = 0;
	for (int32_t i = 0; i < q->p->options; i++) all += q->sum[i];
	const int64_t span = q->sum[best] * q->p->options - all;
	const int64_t missed = (q->sum[best] - q->sum[winner]) * q->p->options;
	return span > 0 ? (double)missed / (double)span : 0;
}

static pl_status count(pl_regret_count *out, poll *q, pl_regret_rule rule, int32_t best,
                       pl_error *err)
{
	pl_election *e;
	pl_vote_result *r = NULL;
	pl_vote_settings s = pl_vote_preset(rules[rule].rule);
	s.order = q->p->order;
	s.normalise = rule == PL_REGRET_NORMALISED;
	pl_status status = hold(&e, q, rule, err);
	if (status == PL_OK) status = pl_vote_tally(&r, e, &s, err);
	if (status == PL_OK) {
		out->winner = r->n_winners > 0 ? r->winner[0] : q->p->order[0];
		out->regret = regret_of(q, best, out->winner);
		out->worst = worst_off(q, out->winner);
	}
	pl_vote_result_free(r);
	pl_election_free(e);
	return status;
}

/// What those who like the winner best gain from it over the best option, and the rest lose.
static void weigh_harm(pl_regret_trial *t, const poll *q)
{
	const int32_t winner = t->count[PL_REGRET_HONEST][PL_REGRET_PLURALITY].winner;
	int64_t gain = 0, loss = 0;
	for (int32_t v = 0; v < q->p->voters; v++) {
		const int64_t more =
		        pl_utility(q->p, v, winner) - (int64_t)pl_utility(q->p, v, t->best);
		const bool theirs = favourite(q, v) == winner;
		t->first += theirs;
		gain += theirs ? more : 0;
		loss -= theirs ? 0 : more;
	}
	const int32_t others = q->p->voters - t->first;
	if (t->first > 0) t->gain = (double)gain / ((double)t->first * PL_UTILITY_MOST);
	if (others > 0) t->loss = (double)loss / ((double)others * PL_UTILITY_MOST);
}

static pl_status judge(pl_regret_trial *out, poll *q, pl_error *err)
{
	survey(q);
	*out = (pl_regret_trial){.best = largest(q, q->sum, -1), .condorcet = condorcet(q)};
	for (int way = 0; way < PL_REGRET_WAYS; way++) {
		q->way = (pl_regret_way)way;
		for (int rule = 0; rule < PL_REGRET_RULES; rule++)
			PL_TRY(count(&out->count[way][rule], q, (pl_regret_rule)rule, out->best,
			             err));
	}
	weigh_harm(out, q);
	return PL_OK;
}

pl_status pl_regret_judge(pl_regret_trial *out, const pl_profile *p, pl_error *err)
{
	poll q = {
	        .p = p,
	        .rank = pl_alloc(p->options, sizeof *q.rank),
	        .place = pl_alloc(p->options, sizeof *q.place),
	        .under = pl_alloc(p->voters, sizeof *q.under),
	        .sum = pl_alloc(p->options, sizeof *q.sum),
	        .first = pl_alloc(p->options, sizeof *q.first),
	        .stake = pl_alloc(p->voters, sizeof *q.stake),
	        .weight = pl_alloc(p->voters, sizeof *q.weight),
	};
	const bool room = q.rank != NULL && q.place != NULL && q.under != NULL &&
	                  q.sum != NULL && q.first != NULL && q.stake != NULL &&
	                  q.weight != NULL;
	pl_status s = PL_OK;
	if (room)
		s = judge(out, &q, err);
	else
		s = pl_fail(err, PL_ENOMEM, -1, "no memory to judge a profile");
	pl_free(q.rank);
	pl_free(q.place);
	pl_free(q.under);
	pl_free(q.sum);
	pl_free(q.first);
	pl_free(q.stake);
	pl_free(q.weight);
	return s;
}

/* ---- many profiles -------------------------------------------------------------------------
 */

static pl_status try_one(pl_regret_trial *out, const pl_regret_spec *spec, int64_t which,
                         pl_error *err)
{
	pl_profile *p;
	PL_TRY(pl_profile_new(&p, spec->voters, spec->options, err));
	pl_profile_draw(p, spec->culture, spec->seed, which);
	const pl_status s = pl_regret_judge(out, p, err);
	pl_profile_free(p);
	return s;
}

/// Every profile on its own; which thread takes it does not matter.
static pl_status try_all(pl_regret *r, pl_error *err)
{
	pl_status status = PL_OK;
#pragma omp parallel for schedule(dynamic)
	for (int64_t k = 0; k < r->spec.profiles; k++) {
		pl_error why;
		const pl_status s = try_one(&r->trial[k], &r->spec, k, &why);
		if (s == PL_OK) continue;
#pragma omp critical(pl_regret_failed)
		{
			if (status == PL_OK && err != NULL) *err = why;
			status = s;
		}
	}
	return status;
}

static void add(pl_regret_mean *m, const pl_regret_trial *t, const pl_regret_count *c)
{
	m->regret += c->regret;
	m->worst += c->worst;
	m->best += c->winner == t->best;
	m->condorcet += t->condorcet >= 0 && c->winner == t->condorcet;
}

static void divide(pl_regret_mean *m, const pl_regret *r)
{
	const double n = (double)r->spec.profiles;
	m->regret /= n;
	m->worst /= n;
	m->best /= n;
	if (r->with_condorcet > 0) m->condorcet /= (double)r->with_condorcet;
}

/// Sums in the order of the profiles, so that the last digit is the same on any machine.
static void sum_up(pl_regret *r)
{
	for (int64_t k = 0; k < r->spec.profiles; k++)
		r->with_condorcet += r->trial[k].condorcet >= 0;
	for (int way = 0; way < PL_REGRET_WAYS; way++)
		for (int rule = 0; rule < PL_REGRET_RULES; rule++) {
			pl_regret_mean *m = &r->mean[way][rule];
			for (int64_t k = 0; k < r->spec.profiles; k++)
				add(m, &r->trial[k], &r->trial[k].count[way][rule]);
			divide(m, r);
		}
}

static void find_example(pl_regret *r)
{
	double most = 0;
	r->example = -1;
	for (int64_t k = 0; k < r->spec.profiles; k++) {
		const pl_regret_trial *t = &r->trial[k];
		const double regret = t->count[PL_REGRET_HONEST][PL_REGRET_PLURALITY].regret;
		if (2 * t->first <= r->spec.voters || regret <= most) continue;
		most = regret;
		r->example = k;
	}
}

pl_status pl_regret_run(pl_regret **out, const pl_regret_spec *spec, pl_error *err)
{
	*out = NULL;
	pl_regret *r = pl_alloc(1, sizeof *r);
	if (r != NULL) r->trial = pl_alloc(spec->profiles, sizeof *r->trial);
	if (r == NULL || r->trial == NULL) {
		pl_regret_free(r);
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %lld profiles",
		               (long long)spec->profiles);
	}
	r->spec = *spec;
	const pl_status s = try_all(r, err);
	if (s != PL_OK) {
		pl_regret_free(r);
		return s;
	}
	sum_up(r);
	find_example(r);
	*out = r;
	return PL_OK;
}

void pl_regret_free(pl_regret *r)
{
	if (r == NULL) return;
	pl_free(r->trial);
	pl_free(r);
}
