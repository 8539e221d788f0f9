/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rounds/frame.h"

#include "base/threads.h"
#include "tests/pl_test.h"
/* after the harness */
#include "rounds/test_frame.h"

static const test_size small = {12, 20, 15, 3, 4, 1}, large = {300, 4000, 3000, 5, 8, 2};

static pl_totals *a_total(const pl_frame *frame)
{
	pl_totals *l = NULL;
	CHECK(pl_totals_new(&l, frame, NULL) == PL_OK);
	if (l == NULL) abort();
	return l;
}

/* By definition: what is added up for good j on one side. */
static double total(const test_world *w, int32_t j, bool supply)
{
	double sum = supply ? w->held[j] : 0;
	for (int64_t k = 0; k < w->frame.n_links; k++) {
		const bool adds = w->role[k] == PL_MAKES || w->role[k] == PL_OFFERS;
		if (w->good[k] == j && adds == supply) sum += w->quantity[k];
	}
	return sum;
}

static void a_round_is_what_its_definition_says(void)
{
	test_world w = test_world_new(small);
	pl_totals *l = a_total(&w.frame);
	uint8_t floors[12] = {0};
	double worst = 0, apart = 0, both = 0, above[PL_BOUNDS] = {0};
	pl_round r;
	floors[5] = 1;
	w.role[w.start[30]] = PL_OFFERS;
	for (int64_t k = 0; k < w.frame.n_links; k++) /* nobody deals in good 11 */
		if (w.good[k] == 11) w.good[k] = 10;
	CHECK(pl_round_total(&r, l, &w.frame, w.price, w.quantity, floors, NULL) == PL_OK);
	for (int32_t j = 0; j < 12; j++) {
		const double s = total(&w, j, true), d = total(&w, j, false);
		const bool counts = w.good_kind[j] != PL_FREE && s + d > 0;
		const bool rests = floors[j] && s >= d;
		const double v = counts && !rests ? 2 * fabs(s - d) / (s + d) : 0;
		CHECK(r.supply[j] == s && r.demand[j] == d);
		CHECK_NEAR(r.imbalance[j], v, 1e-15);
		worst = fmax(worst, v);
		for (int b = 0; b < PL_BOUNDS; b++) above[b] += v > pl_bound[b];
		if (!counts || rests) continue;
		apart += w.price[j] * fabs(s - d);
		both += w.price[j] * (s + d);
	}
	CHECK(r.worst == worst && r.imbalance[r.worst_good] == worst);
	CHECK_NEAR(r.total, apart / (both / 2), 1e-14);
	for (int b = 0; b < PL_BOUNDS; b++) CHECK_NEAR(r.above[b], above[b] / 11, 1e-15);
	pl_totals_free(l);
	test_world_clear(&w);
}

static void a_good_at_its_floor_counts_only_when_it_is_short(void)
{
	test_world w = test_world_new(small);
	pl_totals *l = a_total(&w.frame);
	uint8_t floors[12];
	pl_round r;
	memset(floors, 1, sizeof floors);
	CHECK(pl_round_total(&r, l, &w.frame, w.price, w.quantity, floors, NULL) == PL_OK);
	for (int32_t j = 0; j < 12; j++)
		CHECK((r.imbalance[j] > 0) ==
		      (w.good_kind[j] != PL_FREE && r.supply[j] < r.demand[j]));
	pl_totals_free(l);
	test_world_clear(&w);
}

static void the_unit_of_a_good_does_not_matter(void)
{
	test_world w = test_world_new(small);
	pl_totals *l = a_total(&w.frame);
	const uint8_t floors[12] = {0};
	double imbalance[12];
	pl_round a, b;
	CHECK(pl_round_total(&a, l, &w.frame, w.price, w.quantity, floors, NULL) == PL_OK);
	memcpy(imbalance, a.imbalance, sizeof imbalance);
	w.price[7] *= 4;
	w.held[7] /= 4;
	for (int64_t k = 0; k < w.frame.n_links; k++)
		if (w.good[k] == 7) w.quantity[k] /= 4;
	CHECK(pl_round_total(&b, l, &w.frame, w.price, w.quantity, floors, NULL) == PL_OK);
	CHECK(memcmp(imbalance, b.imbalance, sizeof imbalance) == 0);
	CHECK(a.worst == b.worst && a.worst_good == b.worst_good && a.total == b.total);
	pl_totals_free(l);
	test_world_clear(&w);
}

static void same_bits_for_any_number_of_threads(void)
{
	static const int threads[] = {1, 2, 5, 8};
	test_world w = test_world_new(large);
	pl_totals *l = a_total(&w.frame);
	uint8_t *floors = test_room(w.frame.n_goods, 1);
	double *first = test_room(2 * (int64_t)w.frame.n_goods, sizeof *first);
	const size_t size = (size_t)w.frame.n_goods * sizeof *first;
	CHECK(l->sum->n_blocks > 1);
	for (int64_t k = 0; k < w.frame.n_links; k++) w.quantity[k] /= 3;
	for (int t = 0; t < 4; t++) {
		pl_round r;
		pl_threads_set(threads[t]);
		CHECK(pl_round_total(&r, l, &w.frame, w.price, w.quantity, floors, NULL) ==
		      PL_OK);
		if (t == 0) memcpy(first, r.supply, size);
		if (t == 0) memcpy(first + w.frame.n_goods, r.demand, size);
		CHECK(memcmp(first, r.supply, size) == 0);
		CHECK(memcmp(first + w.frame.n_goods, r.demand, size) == 0);
	}
	pl_threads_set(1);
	pl_free(first);
	pl_free(floors);
	pl_totals_free(l);
	test_world_clear(&w);
}

static void what_is_no_price_or_quantity_is_refused_by_its_number(void)
{
	static const double no_price[] = {0, -1, (double)NAN, (double)INFINITY},
	                    no_quantity[] = {-0.5, (double)NAN, (double)INFINITY};
	test_world w = test_world_new(small);
	pl_totals *l = a_total(&w.frame);
	const uint8_t floors[12] = {0};
	pl_round r;
	pl_error err;
	for (int t = 0; t < 4; t++) {
		const double kept = w.price[3];
		w.price[3] = no_price[t];
		CHECK(pl_round_total(&r, l, &w.frame, w.price, w.quantity, floors, &err) ==
		      PL_EARG);
		CHECK(err.where == 3 && strstr(err.msg, "good 3") != NULL);
		w.price[3] = kept;
	}
	for (int t = 0; t < 3; t++) {
		const int64_t k = w.start[21] + 1; /* totals are infinite: the good is named */
		const double kept = w.quantity[k];
		w.quantity[k] = no_quantity[t];
		CHECK(pl_round_total(&r, l, &w.frame, w.price, w.quantity, floors, &err) ==
		      PL_EARG);
		CHECK(err.where == (t < 2 ? k : w.good[k]));
		CHECK(t == 2 || strstr(err.msg, "council 21 ") != NULL);
		w.quantity[k] = kept;
	}
	CHECK(pl_round_total(&r, l, &w.frame, w.price, w.quantity, floors, &err) == PL_OK);
	pl_totals_free(l);
	test_world_clear(&w);
}

static void nothing_at_all_is_in_balance(void)
{
	const int64_t start[] = {0};
	const pl_frame frame = {.start = start};
	pl_totals *l = a_total(&frame);
	pl_round r;
	CHECK(pl_round_total(&r, l, &frame, NULL, NULL, NULL, NULL) == PL_OK);
	CHECK(r.worst == 0 && r.worst_good == -1 && r.total == 0 && r.above[0] == 0);
	pl_totals_free(l);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	test_world w = test_world_new(small);
	const int64_t alive = pl_alloc_alive;
	pl_totals *l = NULL;
	int failures = 0;
	for (;; failures++) {
		pl_alloc_grants = failures;
		const pl_status st = pl_totals_new(&l, &w.frame, NULL);
		pl_alloc_grants = -1;
		if (st == PL_OK) break;
		CHECK(st == PL_ENOMEM && l == NULL && pl_alloc_alive == alive);
	}
	CHECK(failures == 7);
	pl_totals_free(l);
	CHECK(pl_alloc_alive == alive);
	test_world_clear(&w);
}
#endif

int main(void)
{
	RUN(a_round_is_what_its_definition_says);
	RUN(a_good_at_its_floor_counts_only_when_it_is_short);
	RUN(the_unit_of_a_good_does_not_matter);
	RUN(same_bits_for_any_number_of_threads);
	RUN(what_is_no_price_or_quantity_is_refused_by_its_number);
	RUN(nothing_at_all_is_in_balance);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
