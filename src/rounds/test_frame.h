/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_frame.h - for the tests of this room (after tests/pl_test.h): frames with proposals,
 * drawn at random. */
#ifndef PL_ROUNDS_TEST_FRAME_H
#define PL_ROUNDS_TEST_FRAME_H
#include "base/alloc.h"
#include "base/random.h"

#include <plenum/rounds.h>

typedef struct {
	int32_t goods, workplaces, consumers, uses, wants; ///< uses and wants of each
	uint64_t seed;
} test_size;

/// Goods: a tenth held by society (labour), one free, the others made. Workplaces make one
/// good and use others; consumers want some. Quantities and prices are multiples of 1/64, so
/// that their sums are exact in any order.
typedef struct {
	pl_frame frame;
	uint8_t *good_kind, *council_kind, *role;
	double *held, *price, *quantity;
	int64_t *start;
	int32_t *good;
} test_world;

static inline void *test_room(int64_t n, size_t size)
{
	void *p = pl_alloc(n, size);
	if (p == NULL) abort();
	return p;
}

static inline double test_number(pl_random *r, double low, double high)
{
	return floor(64 * (low + (high - low) * pl_random_unit(r)) + 1) / 64;
}

static inline test_world test_world_room(int32_t goods, int32_t councils, int64_t links)
{
	test_world w = {.good_kind = test_room(goods, 1),
	                .council_kind = test_room(councils, 1),
	                .role = test_room(links, 1),
	                .held = test_room(goods, sizeof(double)),
	                .price = test_room(goods, sizeof(double)),
	                .quantity = test_room(links, sizeof(double)),
	                .start = test_room((int64_t)councils + 1, sizeof(int64_t)),
	                .good = test_room(links, sizeof(int32_t))};
	w.frame = (pl_frame){goods,          councils, links,  w.good_kind, w.held,
	                     w.council_kind, w.start,  w.good, w.role};
	return w;
}

static inline void test_world_clear(test_world *w)
{
	void *const block[] = {w->good_kind, w->council_kind, w->role,  w->held,
	                       w->price,     w->quantity,     w->start, w->good};
	for (size_t k = 0; k < sizeof block / sizeof *block; k++) pl_free(block[k]);
}

static inline test_world test_world_new(test_size z)
{
	const int32_t held = z.goods / 10 + 1, councils = z.workplaces + z.consumers;
	const int64_t works = (int64_t)z.workplaces * (1 + z.uses);
	pl_random r = pl_random_new(z.seed, 1);
	test_world w =
	        test_world_room(z.goods, councils, works + (int64_t)z.consumers * z.wants);
	for (int32_t j = 0; j < z.goods; j++) {
		w.good_kind[j] = j < held ? PL_LABOUR : j == held ? PL_FREE : PL_PRODUCT;
		w.held[j] = j < held ? test_number(&r, 0, 2 * z.workplaces) : 0;
		w.price[j] = test_number(&r, 0.5, 4);
	}
	int64_t k = 0;
	for (int32_t i = 0; i < councils; i++) {
		const bool makes = i < z.workplaces;
		const int32_t n = makes ? 1 + z.uses : z.wants;
		w.council_kind[i] = makes ? PL_WORKERS : PL_CONSUMERS;
		for (int32_t l = 0; l < n; l++, k++) {
			const bool output = makes && l == 0;
			const int32_t from = output || !makes ? held : 0;
			w.good[k] =
			        from + (int32_t)pl_random_below(&r, (uint64_t)(z.goods - from));
			w.role[k] = output ? PL_MAKES : makes ? PL_USES : PL_WANTS;
			w.quantity[k] = test_number(&r, 0, output ? 8 : 4);
		}
		w.start[i + 1] = k;
	}
	return w;
}

/// A world in which much goes wrong: supply is short by any factor, goods that nobody makes or
/// holds, joint products, makers who need each other, links that say nothing, offers.
static inline test_world test_world_hard(uint64_t seed)
{
	pl_random r = pl_random_new(seed, 5);
	const test_size z = {
	        (int32_t)pl_random_between(&r, 3, 14), (int32_t)pl_random_between(&r, 0, 25),
	        (int32_t)pl_random_between(&r, 0, 12), (int32_t)pl_random_between(&r, 0, 5),
	        (int32_t)pl_random_between(&r, 1, 6),  seed};
	test_world w = test_world_new(z);
	const double plenty = 4 * pl_random_unit(&r);
	for (int64_t k = 0; k < w.frame.n_links; k++) {
		const double x = pl_random_unit(&r);
		if (w.role[k] == PL_MAKES) w.quantity[k] *= plenty;
		if (x < 0.05) w.quantity[k] = 0;
		if (x > 0.95 && w.role[k] == PL_USES) w.role[k] = PL_MAKES;
		if (x > 0.95 && w.role[k] == PL_WANTS) w.role[k] = PL_OFFERS;
	}
	for (int32_t j = 0; j < w.frame.n_goods; j++)
		if (pl_random_unit(&r) < 0.2) w.held[j] = 10 * pl_random_unit(&r);
	if (seed % 7 == 0) memset(w.held, 0, (size_t)w.frame.n_goods * sizeof *w.held);
	return w;
}

/// What the councils of a world answer to prices: workplaces with returns of 0.6 spend alike on
/// all that they use, consumers spend 40 credits in proportion to the world's quantities.
static inline pl_status test_answer(void *self, double *quantity, const double *price,
                                    pl_error *err)
{
	const test_world *w = self;
	(void)err;
	for (int32_t i = 0; i < w->frame.n_councils; i++) {
		const int64_t first = w->start[i], n = w->start[i + 1] - first;
		double wanted = 0, cost = 0;
		for (int64_t k = first; k < first + n; k++) {
			wanted += w->quantity[k];
			if (k > first) cost += log(price[w->good[k]]) / (double)(n - 1);
		}
		const double out = price[w->good[first]],
		             revenue = w->quantity[first] * exp(2.5 * log(out) - 1.5 * cost);
		for (int64_t k = first; k < first + n; k++) {
			const double p = price[w->good[k]];
			if (w->role[k] == PL_WANTS)
				quantity[k] = 40 * w->quantity[k] / wanted / p;
			else if (w->role[k] == PL_USES)
				quantity[k] = 0.6 * revenue / (double)(n - 1) / p;
			else
				quantity[k] = revenue / p;
		}
	}
	return PL_OK;
}

/// Order of 0..n-1, drawn at random.
static inline int32_t *test_order(int32_t n, pl_random *r)
{
	int32_t *order = test_room(n, sizeof *order);
	for (int32_t i = 0; i < n; i++) order[i] = i;
	for (int32_t i = n - 1; i > 0; i--) {
		const int32_t j = (int32_t)pl_random_below(r, (uint64_t)i + 1);
		const int32_t kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
	return order;
}

/// The same world with council i at place council[i], good j at place good[j].
static inline test_world test_world_relabel(const test_world *w, const int32_t *council,
                                            const int32_t *good)
{
	const int32_t n = w->frame.n_councils;
	test_world to = test_world_room(w->frame.n_goods, n, w->frame.n_links);
	for (int32_t i = 0; i < n; i++) {
		to.start[council[i] + 1] = w->start[i + 1] - w->start[i];
		to.council_kind[council[i]] = w->council_kind[i];
	}
	for (int32_t i = 0; i < n; i++) to.start[i + 1] += to.start[i];
	for (int32_t i = 0; i < n; i++) {
		for (int64_t l = 0; l < w->start[i + 1] - w->start[i]; l++) {
			const int64_t from = w->start[i] + l, at = to.start[council[i]] + l;
			to.good[at] = good[w->good[from]];
			to.role[at] = w->role[from];
			to.quantity[at] = w->quantity[from];
		}
	}
	for (int32_t j = 0; j < w->frame.n_goods; j++) {
		to.good_kind[good[j]] = w->good_kind[j];
		to.held[good[j]] = w->held[j];
		to.price[good[j]] = w->price[j];
	}
	return to;
}
#endif
