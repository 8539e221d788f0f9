/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Exact prices lie within the bounds that doubles give, and solve what defines them. */
#include "vote/purse.h"

#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

enum { VOTERS = 400, OPTIONS = 30 };

static pl_election *draw(pl_random *g, pl_ballot_kind kind, int64_t weight, int64_t cost)
{
	pl_election_draft *d;
	pl_election *e = NULL;
	CHECK(pl_election_begin(&d, kind, NULL) == PL_OK);
	CHECK(pl_election_money(d, 0, 1, NULL) == PL_OK);
	for (int k = 0; k < OPTIONS; k++) {
		char id[16];
		(void)snprintf(id, sizeof id, "p%d", k);
		CHECK(pl_election_option(d, id, NULL, pl_random_between(g, 1, cost), -1,
		                         NULL) == PL_OK);
	}
	for (int i = 0; i < VOTERS; i++) {
		CHECK(pl_election_ballot(d, NULL, pl_random_between(g, 1, weight), NULL) ==
		      PL_OK);
		for (int k = 0; k < OPTIONS; k++) {
			if (pl_random_below(g, 3) > 0) continue;
			const int32_t points = kind == PL_BALLOT_APPROVAL
			                               ? 1
			                               : (int32_t)pl_random_between(g, -9, 999);
			CHECK(pl_election_mark(d, k, points, NULL) == PL_OK);
		}
	}
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	return e;
}

/* Voters as fractions. */
static void exact_left(mpq_t out, const pl_purses *p, const mpq_t *price, int64_t i)
{
	const pl_election *e = p->e;
	mpq_t pays;
	mpq_init(pays);
	for (int64_t k = e->start[i]; k < e->start[i + 1]; k++) {
		const int32_t turn = p->turn[e->marked[k]];
		const int64_t points = e->kind == PL_BALLOT_SCORE ? e->value[k] : 1;
		if (turn < 0 || points <= 0) continue;
		mpq_set_si(pays, (long)points, 1);
		mpq_mul(pays, pays, price[turn]);
		mpq_sub(out, out, pays);
		if (mpq_sgn(out) < 0) mpq_set_si(out, 0, 1);
	}
	mpq_clear(pays);
}

typedef struct {
	pl_purses p;
	mpq_t start, paid[OPTIONS];
} books;

static void price_as_fraction(mpq_t out, const pl_purses *p, const pl_price *x)
{
	mpz_set(mpq_numref(out), x->asked);
	mpz_mul_ui(mpq_denref(out), p->whole, (unsigned long)x->points);
	mpq_canonicalize(out);
}

/* Do the supporters raise the cost at this price? Who once paid all has prices above the part
 * in sum, and so nothing, in whatever order they are taken off. */
static bool raises_the_cost(const books *b, int32_t option, const mpq_t price)
{
	const pl_purses *p = &b->p;
	mpq_t sum, left, pays;
	mpq_inits(sum, left, pays, NULL);
	for (int64_t j = p->from[option]; j < p->from[option + 1]; j++) {
		mpq_set(left, b->start);
		exact_left(left, p, b->paid, p->who[j]);
		mpq_set_si(pays, p->points == NULL ? 1 : p->points[j], 1);
		mpq_mul(pays, pays, price);
		if (mpq_cmp(pays, left) > 0) mpq_set(pays, left);
		mpq_set_si(left, (long)(p->e->weight == NULL ? 1 : p->e->weight[p->who[j]]), 1);
		mpq_mul(pays, pays, left);
		mpq_add(sum, sum, pays);
	}
	mpq_set_si(left, (long)p->e->option.cost[option], 1);
	const bool same = mpq_cmp(sum, left) == 0;
	mpq_clears(sum, left, pays, NULL);
	return same;
}

/* Look at an option and buy it if it can be paid for. @return are all bounds right? */
static bool trade(books *b, int32_t option, double *since)
{
	pl_purses *p = &b->p;
	pl_price_bounds bounds;
	pl_price price;
	mpq_t exact;
	if (!pl_purses_bound(&bounds, p, option, since[option], INFINITY)) return true;
	mpz_init(price.asked);
	mpq_init(exact);
	pl_purses_price(&price, p, option, bounds.low);
	price_as_fraction(exact, p, &price);
	const double near = mpq_get_d(exact); /* cut towards 0 */
	bool right = bounds.low <= near * (1 + 0x1p-52) && near <= bounds.high;
	right = right && raises_the_cost(b, option, exact);
	right = right && fabs(pl_price_near(p, &price) - near) <= 0x1p-49 * near;
	since[option] = bounds.low;
	if (right && option % 2 == 0) {
		mpq_set(b->paid[p->n_bought], exact);
		pl_purses_pay(p, option, &price);
	}
	mpz_clear(price.asked);
	mpq_clear(exact);
	return right;
}

/* Is what every voter has left within the error of the double? */
static bool all_within_error(const books *b)
{
	const pl_purses *p = &b->p;
	bool within = true;
	mpq_t left, near;
	mpq_inits(left, near, NULL);
	for (int64_t i = 0; i < p->e->n_ballots && within; i++) {
		mpq_set(left, b->start);
		exact_left(left, p, b->paid, i);
		mpq_set_d(near, p->left[i] < 0 ? 0 : p->left[i]);
		mpq_sub(left, left, near);
		mpq_set_d(near, p->error);
		mpq_abs(left, left);
		within = mpq_cmp(left, near) <= 0 && (p->left[i] >= 0 || mpq_sgn(left) == 0);
	}
	mpq_clears(left, near, NULL);
	return within;
}

static void exact_prices_lie_within_the_bounds(void)
{
	pl_random g = pl_random_new(41, 0);
	int32_t bought = 0;
	for (int round = 0; round < 24; round++) {
		const bool large = round % 3 == 2;
		const int64_t cost = large ? INT64_C(100000000000000000) : 10000;
		pl_election *e = draw(&g, round % 2 == 0 ? PL_BALLOT_APPROVAL : PL_BALLOT_SCORE,
		                      round % 4 < 2 ? 1
		                      : large       ? 1000000
		                                    : 5,
		                      cost);
		books b;
		double since[OPTIONS] = {0};
		CHECK(pl_purses_open(&b.p, e, NULL) == PL_OK);
		mpq_init(b.start);
		for (int k = 0; k < OPTIONS; k++) mpq_init(b.paid[k]);
		const int64_t num = pl_random_between(&g, 1, cost / (round % 4 < 2 ? 10 : 40));
		pl_purses_fill(&b.p, num, 7);
		mpq_set_si(b.start, (long)num, 7);
		mpq_canonicalize(b.start);
		for (int32_t k = 0; k < 3 * OPTIONS; k++)
			if (b.p.turn[k % OPTIONS] < 0) CHECK(trade(&b, k % OPTIONS, since));
		CHECK(all_within_error(&b));
		bought += b.p.n_bought;
		for (int k = 0; k < OPTIONS; k++) mpq_clear(b.paid[k]);
		mpq_clear(b.start);
		pl_purses_free(&b.p);
		pl_election_free(e);
	}
	CHECK(bought > 100);
}

int main(void)
{
	RUN(exact_prices_lie_within_the_bounds);
	return pl_test_failed;
}
