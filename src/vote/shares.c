/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* shares.c - the method of equal shares.
 *
 * Every voter gets an equal part of the budget. Again and again the option is bought that asks
 * least of its supporters for each unit of utility: its price for a point, over its cost
 * (utility by cost) or over 1 (utility by number). What an option asks never falls, since
 * nobody's purse ever fills: options wait in a heap by a lower bound of what they ask, and only
 * those are looked at again whose bound may still be the least.
 *
 * Source: D. Peters, G. Pierczynski, P. Skowron, Proportional Participatory Budgeting with
 * Additive Utilities, NeurIPS 2021; parts that grow by 1 as at https://equalshares.net. */
#include "base/alloc.h"
#include "base/error.h"
#include "vote/budget.h"
#include "vote/purse.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/// Ballots and marks looked at while parts grow, at most: some minutes. A run counts as so many
/// even where there are fewer.
static const int64_t WORK_MOST = 20000000000, WORK_LEAST = 10000;

/// What an option asks for a unit of utility.
typedef struct {
	int32_t option;
	double low, high; ///< it asks between these; high: as of this step
} ask;

typedef struct {
	pl_count *c;
	const pl_election *e;
	pl_bids bids;
	pl_purses purses;
	bool by_cost; ///< utility of an option is its cost; else 1
	ask *heap;    ///< [n_heap] the least low on top
	int32_t n_heap;
	ask *tried; ///< [n_tried] looked at in this step
	int32_t n_tried;
	int32_t *tied; ///< [n_tied] exactly as little as the best
	int32_t n_tied;
	pl_price best, other;
	int64_t spent;
	bool in_full; ///< all supporters of all that was bought paid its price
	bool saying;  ///< write steps down
} shares;

/* ---- the heap ------------------------------------------------------------------------------
 */

static bool less(ask a, ask b)
{
	return a.low != b.low ? a.low < b.low : a.option < b.option;
}

static void push(shares *s, ask a)
{
	int32_t i = s->n_heap++;
	while (i > 0 && less(a, s->heap[(i - 1) / 2])) {
		s->heap[i] = s->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	s->heap[i] = a;
}

static ask pop(shares *s)
{
	const ask top = s->heap[0], last = s->heap[--s->n_heap];
	int32_t i = 0;
	for (;;) {
		int32_t child = 2 * i + 1;
		if (child >= s->n_heap) break;
		if (child + 1 < s->n_heap && less(s->heap[child + 1], s->heap[child])) child++;
		if (!less(s->heap[child], last)) break;
		s->heap[i] = s->heap[child];
		i = child;
	}
	if (s->n_heap > 0) s->heap[i] = last;
	return top;
}

/* ---- what options ask ----------------------------------------------------------------------
 */

static int64_t utility(const shares *s, int32_t option)
{
	return s->by_cost ? s->e->option.cost[option] : 1;
}

/// Bound what an option asks now. @param high what another asks at most
/// @return false: it cannot be paid for
static bool look(shares *s, ask *a, double high)
{
	const double worth = (double)utility(s, a->option);
	pl_price_bounds b;
	/* `low` was rounded twice: what it was made from may have been less */
	const double since = a->low * worth * (1 - 4 * DBL_EPSILON);
	if (!pl_purses_bound(&b, &s->purses, a->option, since,
	                     high * worth * (1 + 8 * DBL_EPSILON)))
		return false;
	a->low = b.low / worth * (1 - 4 * DBL_EPSILON);
	a->high = INFINITY;
	if (a->low > high) return true;
	if (isinf(b.high)) {
		pl_purses_price(&s->other, &s->purses, a->option, b.low);
		const double near = pl_price_near(&s->purses, &s->other);
		b = (pl_price_bounds){near * (1 - 8 * DBL_EPSILON),
		                      near * (1 + 8 * DBL_EPSILON)};
	}
	a->low = b.low / worth * (1 - 4 * DBL_EPSILON);
	a->high = b.high / worth * (1 + 4 * DBL_EPSILON);
	return true;
}

/// Compare what two options ask: < 0 if the first asks less.
static int compare_asks(const shares *s, const pl_price *x, int32_t a, const pl_price *y,
                        int32_t b)
{
	mpz_t left, right;
	mpz_inits(left, right, NULL);
	mpz_mul_ui(left, x->asked, (unsigned long)y->points);
	mpz_mul_ui(left, left, (unsigned long)utility(s, b));
	mpz_mul_ui(right, y->asked, (unsigned long)x->points);
	mpz_mul_ui(right, right, (unsigned long)utility(s, a));
	const int order = mpz_cmp(left, right);
	mpz_clears(left, right, NULL);
	return order;
}

static void swap_prices(shares *s)
{
	mpz_swap(s->best.asked, s->other.asked);
	s->best.points = s->other.points;
	s->best.full = s->other.full;
	s->best.all = s->other.all;
}

/// Of those tried that may ask least, find who does, exactly: its price is s->best, and who
/// pays what stands in the purses. @return it
static int32_t settle(shares *s, double high)
{
	int32_t best = -1, last = -1;
	double near = 0;
	for (int32_t i = 0; i < s->n_tried; i++) {
		const ask a = s->tried[i];
		if (a.low > high) continue;
		last = a.option;
		near = a.low * (double)utility(s, last);
		pl_purses_price(&s->other, &s->purses, last, near);
		const int order =
		        best < 0 ? -1 : compare_asks(s, &s->other, a.option, &s->best, best);
		if (order > 0) continue;
		if (order < 0) s->n_tied = 0;
		s->tied[s->n_tied++] = a.option;
		if (order == 0 && pl_bids_before(&s->bids, s->c, best, a.option)) continue;
		swap_prices(s);
		best = a.option;
	}
	if (best != last) pl_purses_price(&s->best, &s->purses, best, near);
	return best;
}

/// Find the option that asks least. @return -1: none can be paid for
static int32_t find_least(shares *s)
{
	double high = INFINITY;
	s->n_tried = 0;
	while (s->n_heap > 0 && s->heap[0].low <= high) {
		ask a = pop(s);
		if (!look(s, &a, high)) continue;
		s->tried[s->n_tried++] = a;
		if (a.high < high) high = a.high;
	}
	return s->n_tried == 0 ? -1 : settle(s, high);
}

/* ---- buying --------------------------------------------------------------------------------
 */

/// asked / (whole * points * by), as a step shows it
static pl_vote_number say_price(shares *s, int64_t by)
{
	mpq_t x;
	mpq_init(x);
	mpz_set(mpq_numref(x), s->best.asked);
	mpz_mul_ui(mpq_denref(x), s->purses.whole, (unsigned long)s->best.points);
	mpz_mul_ui(mpq_denref(x), mpq_denref(x), (unsigned long)by);
	mpq_canonicalize(x);
	const pl_vote_number number = pl_count_fraction(s->c, x);
	mpq_clear(x);
	return number;
}

static int64_t units(const pl_election *e)
{
	int64_t unit = 1;
	for (int32_t i = 0; i < e->decimals; i++) unit *= 10;
	return unit;
}

/// Before whom of those tied with it, the first of them, an option goes.
static void say_tie(shares *s, int32_t option)
{
	int32_t next = -1;
	for (int32_t i = 0; i < s->n_tied; i++) {
		const int32_t a = s->tied[i];
		if (a == option) continue;
		if (next < 0 || pl_bids_before(&s->bids, s->c, a, next)) next = a;
	}
	if (next >= 0) pl_bids_tie(&s->bids, s->c, option, next);
}

static void say_purchase(shares *s, int32_t option)
{
	if (!s->saying) return;
	const int64_t unit = units(s->e);
	pl_count_step(
	        s->c, s->by_cost ? PL_VOTE_STEP_least_part : PL_VOTE_STEP_least,
	        (pl_said){.option = option + 1,
	                  .x = pl_count_money(s->c, s->e->option.cost[option]),
	                  .y = say_price(s, s->by_cost ? s->e->option.cost[option] : unit)});
	say_tie(s, option);
	PL_STEP(s->c, paid, .option = option + 1, .x = pl_count_whole(s->c, s->best.full),
	        .y = say_price(s, unit), .z = pl_count_whole(s->c, s->best.all));
}

/// asked / whole / 10^decimals, as a step shows it
static pl_vote_number say_money(shares *s, const mpz_t asked)
{
	mpq_t x;
	mpq_init(x);
	mpz_set(mpq_numref(x), asked);
	mpz_mul_ui(mpq_denref(x), s->purses.whole, (unsigned long)units(s->e));
	mpq_canonicalize(x);
	const pl_vote_number number = pl_count_fraction(s->c, x);
	mpq_clear(x);
	return number;
}

/// What the supporters of some options that were not bought have in the end.
static void say_some_lost(shares *s, const int32_t *lost, int32_t n)
{
	mpz_t left[PL_PURSES_AT_ONCE];
	for (int32_t i = 0; i < n; i++) mpz_init(left[i]);
	pl_purses_left(left, &s->purses, lost, n);
	for (int32_t i = 0; i < n; i++) {
		PL_STEP(s->c, cannot, .option = lost[i] + 1,
		        .x = pl_count_money(s->c, s->e->option.cost[lost[i]]),
		        .y = say_money(s, left[i]));
		mpz_clear(left[i]);
	}
}

/// The same of all that anyone wants.
static void say_lost(shares *s)
{
	int32_t lost[PL_PURSES_AT_ONCE], n = 0;
	for (int32_t k = 0; k < s->e->n_options; k++) {
		const int32_t a = s->bids.sorted[k];
		if (s->c->place[a] == 0 && s->purses.given[a] > 0) lost[n++] = a;
		if (n < PL_PURSES_AT_ONCE && k + 1 < s->e->n_options) continue;
		say_some_lost(s, lost, n);
		n = 0;
	}
}

/// Buy what costs nothing and somebody wants; put all else that is wanted on the heap.
static void begin_run(shares *s)
{
	const pl_election *e = s->e;
	s->n_heap = 0;
	s->spent = 0;
	s->in_full = true;
	for (int32_t k = 0; k < e->n_options; k++) {
		const int32_t a = s->bids.sorted[k];
		if (s->purses.given[a] == 0) continue;
		if (e->option.cost[a] > 0) {
			push(s, (ask){a, 0, 0});
			continue;
		}
		if (!s->saying) continue;
		PL_STEP(s->c, free_of_cost, .option = a + 1, .x = s->c->tally[a]);
		pl_count_buy(s->c, a);
	}
}

/// Let everybody spend num / den. What was bought is in s->purses.
/// @param most stop once more than this is spent
static void run(shares *s, int64_t num, int64_t den, int64_t most)
{
	pl_purses_fill(&s->purses, num, den);
	begin_run(s);
	while (s->spent <= most) {
		const int32_t option = find_least(s);
		if (option < 0) break;
		say_purchase(s, option);
		pl_purses_pay(&s->purses, option, &s->best);
		s->spent += s->e->option.cost[option];
		s->in_full = s->in_full && s->best.full == s->purses.support[option];
		if (s->saying) pl_count_buy(s->c, option);
		for (int32_t i = 0; i < s->n_tried; i++)
			if (s->tried[i].option != option) push(s, s->tried[i]);
	}
}

static void run_and_say(shares *s, int64_t num, int64_t den)
{
	mpq_t part;
	mpq_init(part);
	mpz_set_ui(mpq_numref(part), (unsigned long)num);
	mpz_set_ui(mpq_denref(part), (unsigned long)den);
	mpz_mul_ui(mpq_denref(part), mpq_denref(part), (unsigned long)units(s->e));
	mpq_canonicalize(part);
	PL_STEP(s->c, part, .x = pl_count_whole(s->c, s->e->total),
	        .y = pl_count_fraction(s->c, part));
	mpq_clear(part);
	s->saying = true;
	run(s, num, den, s->e->budget);
	say_lost(s);
}

/* ---- parts that grow -----------------------------------------------------------------------
 */

/// What all that anyone wants costs together.
static int64_t wanted(const shares *s)
{
	int64_t cost = 0;
	for (int32_t i = 0; i < s->e->n_options; i++)
		if (s->purses.given[i] > 0) cost += s->e->option.cost[i];
	return cost;
}

/// Does an option ask more than another for a unit of utility, if all supporters of both pay
/// the full price?
static bool asks_more(const shares *s, int32_t option, int32_t than)
{
	const int64_t *given = s->purses.given, *cost = s->e->option.cost;
	if (s->by_cost) return given[option] < given[than];
	return (pl_wide)cost[option] * given[than] > (pl_wide)cost[than] * given[option];
}

/// How much parts can grow from those of the last run, surely, with no change in what is
/// bought. Where everybody paid full prices, larger parts pay the same ones. An option that was
/// left asks no less than its full price: if that is more than the last one asked, it comes
/// after all that was bought, and once its supporters have its cost then; else perhaps once
/// they have it at first.
static int64_t idle_growth(const shares *s)
{
	const pl_purses *p = &s->purses;
	int64_t least = INT64_MAX;
	if (!s->in_full) return 0;
	for (int32_t i = 0; i < s->e->n_options; i++) {
		if (p->given[i] == 0 || p->turn[i] >= 0 || s->e->option.cost[i] == 0) continue;
		const bool last =
		        p->n_bought == 0 || asks_more(s, i, p->bought[p->n_bought - 1]);
		const int64_t lack = pl_purses_lack(p, i, !last);
		if (lack < least) least = lack;
	}
	return least;
}

/// Let parts grow by 1 from the greatest whole one within the budget, as long as no more than
/// the budget is spent. Where even all that anyone wants costs no more, nothing would end the
/// growth: parts are then those of the rule that does not let them grow.
static pl_status grow(shares *s, pl_error *err)
{
	const int64_t unit = units(s->e), budget = s->e->budget, all = wanted(s);
	const int64_t work = s->e->n_ballots + s->e->n_marks + WORK_LEAST;
	int64_t part = budget / s->e->total / unit * unit;
	if (all <= budget) {
		run_and_say(s, budget, s->e->total);
		PL_STEP(s->c, no_growth, .x = pl_count_money(s->c, all),
		        .y = pl_count_money(s->c, budget));
		return PL_OK;
	}
	for (int64_t left = WORK_MOST;; left -= work) {
		if (left < 0)
			return pl_fail(err, PL_EARG, -1,
			               "parts of %" PRId64
			               " each do not spend the budget yet: a dear project has "
			               "few supporters, and to let the parts grow on would "
			               "take too long; count by %s-completed",
			               part / unit,
			               s->by_cost ? "equal-shares"
			                          : "equal-shares-cardinality");
		run(s, part + unit, 1, budget);
		if (s->spent > budget) break;
		part += unit + idle_growth(s) / unit * unit;
	}
	run_and_say(s, part, 1);
	PL_STEP(s->c, grown, .x = pl_count_money(s->c, part),
	        .y = pl_count_money(s->c, s->spent), .z = pl_count_money(s->c, budget));
	return PL_OK;
}

/* ---- the rule ------------------------------------------------------------------------------
 */

static pl_status open(shares *s, pl_error *err)
{
	const int32_t n = s->e->n_options;
	mpz_inits(s->best.asked, s->other.asked, NULL);
	PL_TRY(pl_bids_count(&s->bids, s->c, err));
	s->heap = pl_alloc(n, sizeof *s->heap);
	s->tried = pl_alloc(n, sizeof *s->tried);
	s->tied = pl_alloc(n, sizeof *s->tied);
	if (s->heap == NULL || s->tried == NULL || s->tied == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to count %d options", (int)n);
	return pl_purses_open(&s->purses, s->e, err);
}

static void shut(shares *s)
{
	mpz_clears(s->best.asked, s->other.asked, NULL);
	pl_bids_free(&s->bids);
	pl_purses_free(&s->purses);
	pl_free(s->heap);
	pl_free(s->tried);
	pl_free(s->tied);
}

/// What the names of the rules say.
typedef struct {
	bool by_cost, grows, completes;
} variant;

static variant variant_of(pl_vote_rule rule)
{
	static const pl_vote_rule cost[] = {
	        PL_VOTE_equal_shares, PL_VOTE_equal_shares_completed, PL_VOTE_equal_shares_add1,
	        PL_VOTE_equal_shares_add1_completed};
	static const pl_vote_rule number[] = {PL_VOTE_equal_shares_cardinality,
	                                      PL_VOTE_equal_shares_cardinality_completed,
	                                      PL_VOTE_equal_shares_cardinality_add1,
	                                      PL_VOTE_equal_shares_cardinality_add1_completed};
	variant v = {false, false, false};
	for (int i = 0; i < 4; i++) {
		if (rule != cost[i] && rule != number[i]) continue;
		v = (variant){rule == cost[i], i >= 2, i % 2 == 1};
	}
	return v;
}

static pl_status spend(shares *s, variant v, pl_error *err)
{
	const pl_election *e = s->e;
	PL_STEP(s->c, budget, .x = pl_count_money(s->c, e->budget));
	if (e->total > 0 && v.grows)
		PL_TRY(grow(s, err));
	else if (e->total > 0)
		run_and_say(s, e->budget, e->total);
	if (!v.completes) return PL_OK;
	PL_STEP(s->c, left, .x = pl_count_money(s->c, e->budget - s->spent));
	pl_bids_spend(&s->bids, s->c, e->budget - s->spent, true);
	return PL_OK;
}

pl_status pl_count_equal_shares(pl_count *c, pl_error *err)
{
	const variant v = variant_of(c->s->rule);
	shares s = {.c = c, .e = c->e, .by_cost = v.by_cost};
	pl_status status = open(&s, err);
	if (status == PL_OK) status = spend(&s, v, err);
	shut(&s);
	return status;
}
