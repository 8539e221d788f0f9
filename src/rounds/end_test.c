/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rounds/end.h"

#include "base/threads.h"
#include "tests/pl_test.h"
/* after the harness */
#include "rounds/test_frame.h"

enum { TRIALS = 150 };
static const double rounding = 1e-13; /* of sums; relative */

static pl_ending *ended(const test_world *w, pl_end_kind kind, const double *stock)
{
	pl_ending *e = NULL;
	CHECK(pl_rounds_end(&e, kind, &w->frame, w->price, w->quantity, stock, NULL) == PL_OK);
	if (e == NULL) abort();
	return e;
}

static double side(const test_world *w, const double *q, int32_t j, bool supply)
{
	double sum = supply ? w->held[j] : 0;
	for (int64_t k = 0; k < w->frame.n_links; k++) {
		const bool adds = w->role[k] == PL_MAKES || w->role[k] == PL_OFFERS;
		if (w->good[k] == j && adds == supply) sum += q[k];
	}
	return sum;
}

static void fits(const test_world *w, const pl_ending *e)
{
	for (int32_t j = 0; j < w->frame.n_goods; j++) {
		const double s = side(w, e->quantity, j, true),
		             d = side(w, e->quantity, j, false);
		CHECK_NEAR(e->supply[j], s, rounding * s);
		CHECK_NEAR(e->demand[j], d, rounding * d);
		CHECK(w->good_kind[j] == PL_FREE ||
		      e->supply[j] + e->drawn[j] >= e->demand[j] * (1 - rounding));
	}
}

/* Nobody gets more than it proposed, and workplaces keep their proportions. */
static void is_made_of_proposals(const test_world *w, const pl_ending *e)
{
	for (int32_t i = 0; i < w->frame.n_councils; i++) {
		CHECK(e->kept[i] >= 0 && e->kept[i] <= 1);
		for (int64_t k = w->start[i]; k < w->start[i + 1]; k++) {
			CHECK(e->quantity[k] >= 0 && e->quantity[k] <= w->quantity[k]);
			if (w->council_kind[i] == PL_WORKERS)
				CHECK(e->quantity[k] == e->kept[i] * w->quantity[k]);
			else if (w->role[k] == PL_OFFERS || w->good_kind[w->good[k]] == PL_FREE)
				CHECK(e->quantity[k] == w->quantity[k]);
		}
	}
}

/* Found by the planner, to a tolerance? */
static bool is_planned(pl_end_kind kind)
{
	return kind == PL_END_DISRUPTION || kind == PL_END_GENTLE;
}

static void every_endgame_ends_in_a_plan_that_fits(void)
{
	for (uint64_t seed = 1; seed <= TRIALS; seed++) {
		test_world w = test_world_hard(seed);
		double *stock = test_room(w.frame.n_goods, sizeof *stock);
		pl_random r = pl_random_new(seed, 6);
		for (int32_t j = 0; j < w.frame.n_goods; j++)
			stock[j] = fmax(0, 5 * pl_random_unit(&r) - 2);
		for (int k = 0; k < PL_ENDS; k++) {
			pl_ending *e = ended(&w, (pl_end_kind)k, stock);
			fits(&w, e);
			is_made_of_proposals(&w, e);
			for (int32_t j = 0; j < w.frame.n_goods; j++)
				CHECK(e->drawn[j] >= 0 && e->drawn[j] <= stock[j] &&
				      (k == PL_END_STOCKS || e->drawn[j] == 0));
			pl_ending_free(e);
		}
		pl_free(stock);
		test_world_clear(&w);
	}
}

/* Of each good's value the root of the part that consumers keep of it. */
static double roots_kept(const test_world *w, const pl_ending *e)
{
	double all = 0;
	for (int32_t j = 0; j < w->frame.n_goods; j++) {
		double asked = 0, gets = 0;
		for (int64_t k = 0; k < w->frame.n_links; k++) {
			if (w->good[k] != j || w->role[k] != PL_WANTS) continue;
			asked += w->quantity[k];
			gets += e->quantity[k];
		}
		if (asked > 0 && w->good_kind[j] != PL_FREE)
			all += w->price[j] * sqrt(asked * gets);
	}
	return all;
}

/* @return in how many worlds it cuts clearly less */
static int cuts_no_more_than_pro_rata(pl_end_kind kind)
{
	int less = 0;
	for (uint64_t seed = 1; seed <= TRIALS; seed++) {
		test_world w = test_world_hard(seed);
		pl_ending *a = ended(&w, PL_END_PRO_RATA, NULL);
		pl_ending *b = ended(&w, kind, NULL);
		CHECK(b->trimmed <= a->trimmed + rounding);
		less += b->trimmed < a->trimmed - 1e-3;
		pl_ending_free(b);
		pl_ending_free(a);
		test_world_clear(&w);
	}
	return less;
}

static void least_disruption_cuts_no_more_than_pro_rata(void)
{
	CHECK(cuts_no_more_than_pro_rata(PL_END_DISRUPTION) > TRIALS / 4);
}

static void the_order_of_ratios_cuts_no_more_than_pro_rata(void)
{
	CHECK(cuts_no_more_than_pro_rata(PL_END_RATIO) > TRIALS / 10);
}

static void stocks_never_cut_more_than_none(void)
{
	for (uint64_t seed = 1; seed <= TRIALS; seed++) {
		test_world w = test_world_hard(seed);
		double *stock = test_room(w.frame.n_goods, sizeof *stock);
		for (int32_t j = 0; j < w.frame.n_goods; j++) stock[j] = 1e6;
		pl_ending *all = ended(&w, PL_END_STOCKS, stock);
		CHECK(all->trimmed == 0 && all->least_council == -1);
		for (int64_t k = 0; k < w.frame.n_links; k++)
			CHECK(all->quantity[k] == w.quantity[k]);
		pl_ending_free(all);
		pl_free(stock);
		test_world_clear(&w);
	}
}

static void nothing_is_cut_where_nothing_is_short(void)
{
	for (uint64_t seed = 1; seed <= 30; seed++) {
		test_world w = test_world_hard(seed);
		for (int32_t j = 0; j < w.frame.n_goods; j++)
			w.held[j] += fmax(0, side(&w, w.quantity, j, false) -
			                             side(&w, w.quantity, j, true));
		for (int k = 0; k < PL_ENDS; k++) {
			pl_ending *e = ended(&w, (pl_end_kind)k, NULL);
			CHECK(memcmp(e->quantity, w.quantity,
			             (size_t)w.frame.n_links * sizeof(double)) == 0);
			CHECK(e->trimmed == 0 && e->least_council == -1 && e->spread == 0 &&
			      e->least_kept == 1);
			pl_ending_free(e);
		}
		test_world_clear(&w);
	}
}

/* ---- worked examples ------------------------------------------------------------------- */

enum { COAL, STEEL, BREAD, NAILS, GOODS };
enum { MOST_LINKS = 12 };

typedef struct {
	int32_t council, good;
	pl_role role;
	double quantity;
} line;

/* Councils that make or use are workplaces; lines by council, prices 1, 2, 4, 1. */
static test_world village(int n, const line *lines, const double *held)
{
	static const double price[GOODS] = {1, 2, 4, 1};
	test_world w = test_world_room(GOODS, lines[n - 1].council + 1, n);
	for (int k = 0; k < n; k++) {
		const line l = lines[k];
		w.start[l.council + 1] = k + 1;
		w.good[k] = l.good;
		w.role[k] = (uint8_t)l.role;
		w.quantity[k] = l.quantity;
		w.council_kind[l.council] = l.role == PL_WANTS ? PL_CONSUMERS : PL_WORKERS;
	}
	memcpy(w.held, held, sizeof price);
	memcpy(w.price, price, sizeof price);
	return w;
}

static void quantities_are(const test_world *w, pl_end_kind kind, const double *wanted)
{
	pl_ending *e = ended(w, kind, NULL);
	for (int64_t k = 0; k < w->frame.n_links; k++)
		CHECK_NEAR(e->quantity[k], wanted[k], 2e-3 * is_planned(kind) + 1e-9);
	pl_ending_free(e);
}

static void two_who_ask_for_a_short_good_get_the_same_part(void)
{
	const line lines[] = {
	        {0, COAL, PL_WANTS, 8}, {0, BREAD, PL_WANTS, 3}, {1, COAL, PL_WANTS, 12}};
	const double held[GOODS] = {10, 0, 3, 0};
	test_world w = village(3, lines, held);
	pl_ending *e = ended(&w, PL_END_PRO_RATA, NULL);
	CHECK_NEAR(e->quantity[0], 4, 1e-9);
	CHECK_NEAR(e->quantity[1], 3, 1e-9);
	CHECK_NEAR(e->quantity[2], 6, 1e-9);
	CHECK_NEAR(e->trimmed, 10. / 32, 1e-9);
	CHECK_NEAR(e->kept[0], 16. / 20, 1e-9);
	CHECK_NEAR(e->kept[1], 0.5, 1e-9);
	CHECK_NEAR(e->spread, 0.15, 1e-9);
	CHECK(e->least_council == 1 && e->least_kept == e->kept[1]);
	pl_ending_free(e);
	test_world_clear(&w);
}

static void a_cut_goes_through_workplaces_to_those_who_want_the_product(void)
{
	const line lines[] = {{0, BREAD, PL_MAKES, 24},
	                      {0, COAL, PL_USES, 12},
	                      {1, COAL, PL_WANTS, 8},
	                      {1, BREAD, PL_WANTS, 24}};
	const double held[GOODS] = {10, 0, 0, 0}, half[] = {12, 6, 4, 12};
	test_world w = village(4, lines, held);
	quantities_are(&w, PL_END_PRO_RATA, half);
	test_world_clear(&w);
}

/* Coal needs steel, steel needs coal; were each given its part of what there is of the other,
 * nothing would be made in the end. */
static void makers_who_need_each_other_do_not_starve_each_other(void)
{
	const line lines[] = {{0, COAL, PL_MAKES, 10}, {0, STEEL, PL_USES, 1},
	                      {1, STEEL, PL_MAKES, 1}, {1, COAL, PL_USES, 4},
	                      {2, BREAD, PL_MAKES, 8}, {2, COAL, PL_USES, 8},
	                      {3, BREAD, PL_WANTS, 8}};
	const double held[GOODS] = {0}, fits_[] = {10, 1, 1, 4, 6, 6, 6};
	test_world w = village(7, lines, held);
	for (int k = 0; k < PL_ENDS; k++) quantities_are(&w, (pl_end_kind)k, fits_);
	test_world_clear(&w);
}

static void makers_who_use_up_what_they_make_stand_still(void)
{
	const line lines[] = {{0, COAL, PL_MAKES, 10}, {0, STEEL, PL_USES, 3},
	                      {1, STEEL, PL_MAKES, 2}, {1, COAL, PL_USES, 10},
	                      {2, COAL, PL_WANTS, 5},  {2, BREAD, PL_WANTS, 5}};
	const double held[GOODS] = {0, 0, 5, 0}, nothing[] = {0, 0, 0, 0, 0, 5};
	test_world w = village(6, lines, held);
	for (int k = 0; k < PL_ENDS; k++) quantities_are(&w, (pl_end_kind)k, nothing);
	test_world_clear(&w);
}

/* Of two bakeries that use as much coal, the one that makes more of it is served first. */
static void the_order_of_ratios_serves_the_higher_one_first(void)
{
	const line lines[] = {{0, BREAD, PL_MAKES, 4},
	                      {0, COAL, PL_USES, 8},
	                      {1, BREAD, PL_MAKES, 8},
	                      {1, COAL, PL_USES, 8},
	                      {2, BREAD, PL_WANTS, 12}};
	const double held[GOODS] = {10, 0, 0, 0}, equal[] = {2.5, 5, 5, 5, 7.5},
	             first[] = {1, 2, 8, 8, 9};
	test_world w = village(5, lines, held);
	quantities_are(&w, PL_END_PRO_RATA, equal);
	quantities_are(&w, PL_END_RATIO, first);
	test_world_clear(&w);
}

static void least_disruption_cuts_what_is_worth_least(void)
{
	const line lines[] = {{0, BREAD, PL_MAKES, 10}, {0, COAL, PL_USES, 10},
	                      {1, NAILS, PL_MAKES, 10}, {1, COAL, PL_USES, 10},
	                      {2, BREAD, PL_WANTS, 10}, {2, NAILS, PL_WANTS, 10}};
	const double held[GOODS] = {10, 0, 0, 0}, half[] = {5, 5, 5, 5, 5, 5},
	             bread[] = {10, 10, 0, 0, 10, 0};
	test_world w = village(6, lines, held);
	quantities_are(&w, PL_END_PRO_RATA, half);
	quantities_are(&w, PL_END_DISRUPTION, bread);
	test_world_clear(&w);
}

/* With 10 of coal, bread at 2 and nails at 1, 10 wanted of each: value x root of what is kept
 * is largest where bread keeps four times the part of nails, to 4 : 1 of 10. */
static void the_gentle_one_cuts_nothing_to_nothing(void)
{
	const line lines[] = {{0, BREAD, PL_MAKES, 10}, {0, COAL, PL_USES, 10},
	                      {1, NAILS, PL_MAKES, 10}, {1, COAL, PL_USES, 10},
	                      {2, BREAD, PL_WANTS, 10}, {2, NAILS, PL_WANTS, 10}};
	const double held[GOODS] = {10, 0, 0, 0};
	test_world w = village(6, lines, held);
	const double ratio = w.price[BREAD] / w.price[NAILS], nails = 10 / (1 + ratio * ratio),
	             bread = 10 - nails;
	const double kept[] = {bread, bread, nails, nails, bread, nails};
	quantities_are(&w, PL_END_GENTLE, kept);
	test_world_clear(&w);
}

/* No want of what can be had is cut to nothing: the root's first part is worth the most. */
static void the_gentle_one_keeps_more_roots_than_any_other(void)
{
	int more = 0;
	for (uint64_t seed = 1; seed <= TRIALS; seed++) {
		test_world w = test_world_hard(seed);
		double kept[PL_ENDS];
		for (int k = 0; k < PL_ENDS; k++) {
			pl_ending *e = ended(&w, (pl_end_kind)k, NULL);
			kept[k] = roots_kept(&w, e);
			pl_ending_free(e);
		}
		for (int k = 0; k < PL_ENDS; k++)
			CHECK(kept[k] <= kept[PL_END_GENTLE] * (1 + 1e-3) + rounding);
		more += kept[PL_END_GENTLE] > kept[PL_END_DISRUPTION] * (1 + 1e-3);
		test_world_clear(&w);
	}
	CHECK(more > TRIALS / 10);
}

static void stocks_give_what_is_missing_and_no_more(void)
{
	const line lines[] = {{0, BREAD, PL_MAKES, 24},
	                      {0, COAL, PL_USES, 12},
	                      {1, COAL, PL_WANTS, 8},
	                      {1, BREAD, PL_WANTS, 24}};
	const double held[GOODS] = {10, 0, 0, 0}, enough[GOODS] = {11, 5, 7, 9},
	             little[GOODS] = {5, 0, 0, 0};
	test_world w = village(4, lines, held);
	pl_ending *e = ended(&w, PL_END_STOCKS, enough);
	CHECK(e->drawn[COAL] == 10 && e->drawn[BREAD] == 0 && e->trimmed == 0);
	pl_ending_free(e);
	e = ended(&w, PL_END_STOCKS, little);
	CHECK_NEAR(e->drawn[COAL], 5, 1e-9);
	for (int64_t k = 0; k < 4; k++) CHECK_NEAR(e->quantity[k], 0.75 * w.quantity[k], 1e-9);
	pl_ending_free(e);
	test_world_clear(&w);
}

/* ---- invariance ------------------------------------------------------------------------ */

static void the_unit_of_a_good_does_not_matter(void)
{
	for (uint64_t seed = 1; seed <= 30; seed++) {
		test_world w = test_world_hard(seed), x = test_world_hard(seed);
		x.price[2] *= 4;
		x.held[2] /= 4;
		for (int64_t k = 0; k < x.frame.n_links; k++)
			if (x.good[k] == 2) x.quantity[k] /= 4;
		for (int k = 0; k < PL_ENDS; k++) {
			const bool plans = is_planned((pl_end_kind)k); /* not unique */
			pl_ending *a = ended(&w, (pl_end_kind)k, NULL);
			pl_ending *b = ended(&x, (pl_end_kind)k, NULL);
			CHECK_NEAR(a->trimmed, b->trimmed, plans ? 1e-3 : 1e-12);
			for (int32_t i = 0; i < w.frame.n_councils && !plans; i++)
				CHECK_NEAR(a->kept[i], b->kept[i], 1e-12);
			pl_ending_free(b);
			pl_ending_free(a);
		}
		test_world_clear(&x);
		test_world_clear(&w);
	}
}

static void relabelling_councils_and_goods_permutes_what_is_kept(void)
{
	for (uint64_t seed = 1; seed <= 30; seed++) {
		test_world w = test_world_hard(seed);
		pl_random r = pl_random_new(seed, 7);
		int32_t *council = test_order(w.frame.n_councils, &r),
		        *good = test_order(w.frame.n_goods, &r);
		test_world x = test_world_relabel(&w, council, good);
		pl_ending *a = ended(&w, PL_END_PRO_RATA, NULL);
		pl_ending *b = ended(&x, PL_END_PRO_RATA, NULL);
		for (int32_t i = 0; i < w.frame.n_councils; i++)
			CHECK_NEAR(a->kept[i], b->kept[council[i]], 1e-9);
		pl_ending_free(b);
		pl_ending_free(a);
		test_world_clear(&x);
		pl_free(good);
		pl_free(council);
		test_world_clear(&w);
	}
}

static void same_for_threads(pl_end_kind kind, test_size size)
{
	static const int threads[] = {2, 5, 8};
	test_world w = test_world_new(size);
	const size_t bytes = (size_t)w.frame.n_links * sizeof(double);
	for (int64_t k = 0; k < w.frame.n_links; k++)
		w.quantity[k] *= w.role[k] == PL_WANTS ? 6 : w.role[k] == PL_USES ? 0.15 : 1;
	pl_threads_set(1);
	pl_ending *a = ended(&w, kind, w.held);
	CHECK(a->trimmed > 0.01 && a->trimmed < 0.99);
	for (int t = 0; t < 3; t++) {
		pl_threads_set(threads[t]);
		pl_ending *b = ended(&w, kind, w.held);
		CHECK(memcmp(a->quantity, b->quantity, bytes) == 0);
		pl_ending_free(b);
	}
	pl_threads_set(1);
	pl_ending_free(a);
	test_world_clear(&w);
}

static void same_bits_for_any_number_of_threads(void)
{
	const test_size many = {60, 17000, 6000, 4, 5, 3}, some = {60, 1100, 400, 4, 5, 3};
	CHECK(17000 * 4 >= PL_WEB_PAR_MIN);
	same_for_threads(PL_END_STOCKS, many);
	same_for_threads(PL_END_RATIO, some);
	same_for_threads(PL_END_DISRUPTION, some);
	same_for_threads(PL_END_GENTLE, some);
}

static void endgames_are_known_by_their_names(void)
{
	for (int k = 0; k < PL_ENDS; k++) CHECK(pl_end_of(pl_end_name(k)) == k);
	CHECK(pl_end_of("pro-rata") == PL_END_PRO_RATA && pl_end_of("lots") == -1);
	CHECK(pl_end_name(-1) == NULL && pl_end_name(PL_ENDS) == NULL);
}

static void an_economy_of_nothing_has_a_plan(void)
{
	const int64_t start[] = {0};
	const pl_frame frame = {.start = start};
	for (int k = 0; k < PL_ENDS; k++) {
		pl_ending *e = NULL;
		CHECK(pl_rounds_end(&e, (pl_end_kind)k, &frame, NULL, NULL, NULL, NULL) ==
		      PL_OK);
		CHECK(e != NULL && e->trimmed == 0 && e->n_links == 0);
		pl_ending_free(e);
	}
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	test_world w = test_world_hard(11);
	const int64_t alive = pl_alloc_alive;
	for (int k = 0; k < PL_ENDS; k++) {
		int failures = 0;
		for (bool done = false; !done; failures++) {
			pl_ending *e = NULL;
			pl_alloc_grants = failures;
			const pl_status st = pl_rounds_end(&e, (pl_end_kind)k, &w.frame,
			                                   w.price, w.quantity, NULL, NULL);
			pl_alloc_grants = -1;
			done = st == PL_OK;
			CHECK(done == (e != NULL) && (done || st == PL_ENOMEM));
			CHECK(e == NULL || e->trimmed > 0.01);
			pl_ending_free(e);
			CHECK(pl_alloc_alive == alive);
		}
		CHECK(failures > (is_planned((pl_end_kind)k) ? 100 : 30));
	}
	test_world_clear(&w);
}
#endif

int main(void)
{
	RUN(endgames_are_known_by_their_names);
	RUN(an_economy_of_nothing_has_a_plan);
	RUN(every_endgame_ends_in_a_plan_that_fits);
	RUN(least_disruption_cuts_no_more_than_pro_rata);
	RUN(the_order_of_ratios_cuts_no_more_than_pro_rata);
	RUN(stocks_never_cut_more_than_none);
	RUN(nothing_is_cut_where_nothing_is_short);
	RUN(two_who_ask_for_a_short_good_get_the_same_part);
	RUN(a_cut_goes_through_workplaces_to_those_who_want_the_product);
	RUN(makers_who_need_each_other_do_not_starve_each_other);
	RUN(makers_who_use_up_what_they_make_stand_still);
	RUN(the_order_of_ratios_serves_the_higher_one_first);
	RUN(least_disruption_cuts_what_is_worth_least);
	RUN(the_gentle_one_cuts_nothing_to_nothing);
	RUN(the_gentle_one_keeps_more_roots_than_any_other);
	RUN(stocks_give_what_is_missing_and_no_more);
	RUN(the_unit_of_a_good_does_not_matter);
	RUN(relabelling_councils_and_goods_permutes_what_is_kept);
	RUN(same_bits_for_any_number_of_threads);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
