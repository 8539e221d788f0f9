/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/figures.h"

#include "tests/pl_test.h"

#include "report/test_world.h"

static const world_size some = {.goods = 50,
                                .primary = 10,
                                .workplaces = 40,
                                .people = 20,
                                .communities = 4,
                                .categories = 5,
                                .name = "",
                                .seed = 1};

static pl_figures *figures_of(const world *w)
{
	pl_figures *f;
	CHECK(pl_figures_new(&f, w->m, &w->p, NULL) == PL_OK);
	return f;
}

static void the_largest_are_kept_in_order(void)
{
	pl_top t = {.most = 3};
	const double key[] = {2, 5, 1, 5, 4, 0};
	for (int i = 0; i < 6; i++) pl_top_offer(&t, i, key[i]);
	CHECK(t.n == 3 && t.found == 6 && pl_top_others(&t) == 3);
	CHECK(t.index[0] == 1 && t.index[1] == 3 && t.index[2] == 4);
	CHECK_NEAR(t.sum, 17, 0);
}

static void few_are_all_kept(void)
{
	pl_top t = {.most = 3};
	pl_top_offer(&t, 7, -1);
	pl_top_offer(&t, 8, 1);
	CHECK(t.n == 2 && t.index[0] == 8 && t.index[1] == 7 && pl_top_others(&t) == 0);
}

/* What councils get adds up to what reaches people. */
static void what_people_get_is_counted_once(void)
{
	world w = world_of(some);
	pl_figures *f = figures_of(&w);
	double got = 0;
	for (int32_t i = 0; i < w.m->n_councils; i++) got += f->got[i];
	CHECK_NEAR(f->goods.sum, got, 1e-9 * got);
	CHECK_NEAR(f->takers.sum, got, 1e-9 * got);
	CHECK(f->takers.found == 20);
	pl_figures_free(f);
	world_free(&w);
}

static void every_good_with_a_price_moved_or_stayed(void)
{
	world w = world_of(some);
	w.p.price[3] = 0;
	w.p.price[4] = w.p.start_price[4];
	pl_figures *f = figures_of(&w);
	CHECK(f->dearer + f->cheaper + f->steady == 49 && f->steady == 1);
	CHECK(f->moved.found == f->dearer + f->cheaper && f->free_goods == 1);
	pl_figures_free(f);
	world_free(&w);
}

static void every_workplace_with_a_ratio_is_in_one_bin(void)
{
	world w = world_of(some);
	w.p.ratio[0] = (double)NAN;
	pl_figures *f = figures_of(&w);
	int64_t all = 0;
	for (int bin = 0; bin < PL_RATIO_BINS; bin++) all += f->ratio_bin[bin];
	CHECK(all == 39);
	CHECK(f->best.key[0] >= f->best.key[1] && -f->worst.key[0] <= -f->worst.key[1]);
	CHECK(-f->worst.key[0] <= f->best.key[0]);
	pl_figures_free(f);
	world_free(&w);
}

static void a_stock_is_spent_nearly_spent_or_plenty(void)
{
	world w = world_of(some);
	for (int32_t j = 0; j < w.m->n_goods; j++) w.p.demand[j] = 0.1 * w.p.supply[j];
	w.p.demand[0] = w.p.supply[0];
	w.p.demand[1] = 0.9 * w.p.supply[1];
	w.p.price[2] = 0;
	pl_figures *f = figures_of(&w);
	CHECK(f->spent.found == 1 && f->spent.index[0] == 0);
	CHECK_NEAR(f->spent.key[0], w.p.price[0] * w.p.supply[0], 0);
	CHECK(f->nearly.found == 1 && f->nearly.index[0] == 1);
	CHECK_NEAR(f->nearly.key[0], 0.9, 1e-15);
	CHECK(f->plenty.found == 1 && f->plenty.index[0] == 2);
	pl_figures_free(f);
	world_free(&w);
}

static void a_plan_without_prices_is_counted_in_the_prices_it_started_from(void)
{
	world w = world_of(some);
	memset(w.p.price, 0, (size_t)w.m->n_goods * sizeof(double));
	pl_figures *f = figures_of(&w);
	CHECK(f->at_start && f->price == w.p.start_price && f->goods.sum > 0);
	pl_figures_free(f);
	world_free(&w);
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	world w = world_of(some);
	const int64_t alive = pl_alloc_alive;
	pl_status status = PL_ENOMEM;
	for (int64_t grants = 0; grants < 20 && status != PL_OK; grants++) {
		pl_figures *f;
		pl_alloc_grants = grants;
		status = pl_figures_new(&f, w.m, &w.p, NULL);
		pl_alloc_grants = -1;
		CHECK(status == PL_OK || f == NULL);
		pl_figures_free(f);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
	world_free(&w);
#endif
}

int main(void)
{
	RUN(the_largest_are_kept_in_order);
	RUN(few_are_all_kept);
	RUN(what_people_get_is_counted_once);
	RUN(every_good_with_a_price_moved_or_stayed);
	RUN(every_workplace_with_a_ratio_is_in_one_bin);
	RUN(a_stock_is_spent_nearly_spent_or_plenty);
	RUN(a_plan_without_prices_is_counted_in_the_prices_it_started_from);
	RUN(every_allocation_may_fail);
	return pl_test_failed;
}
