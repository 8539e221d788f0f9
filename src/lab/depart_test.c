/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/alloc.h"
#include "lab/councils.h"
#include "lab/generate.h"
#include "tests/pl_test.h"

static pl_model *made(pl_generate_kind kind)
{
	const pl_generate_spec spec = {.kind = kind,
	                               .workplaces = 200,
	                               .goods = 40,
	                               .consumers = 50,
	                               .inputs = 6,
	                               .seed = 7,
	                               .sigma = {0.2, 2.5, kind >= PL_GENERATE_CES}};
	pl_model *m;
	CHECK(pl_generate(&m, NULL, &spec, NULL) == PL_OK);
	return m;
}

static pl_councils *councils(const pl_model *m, const char *text)
{
	pl_behaviour b;
	pl_councils *c;
	CHECK(pl_behaviour_read(&b, text, NULL) == PL_OK);
	CHECK(pl_councils_new(&c, m, &b, 5, NULL) == PL_OK);
	return c;
}

/* All prices equal, but one. */
static double *answer(pl_councils *c, const pl_model *m, double price, int32_t good, double own)
{
	double *p = pl_alloc(m->n_goods, sizeof *p), *q = pl_alloc(m->n_links, sizeof *q);
	for (int32_t j = 0; j < m->n_goods; j++) p[j] = j == good ? own : price;
	for (int64_t k = 0; k < m->n_links; k++) q[k] = (double)NAN; /* nothing expected */
	CHECK(pl_councils_answer(c, q, p, NULL) == PL_OK);
	pl_free(p);
	return q;
}

static bool works(const pl_model *m, int32_t i)
{
	return m->council.kind[i] == PL_WORKERS;
}

/* ---- nests -------------------------------------------------------------------------- */

static bool is_primary(const pl_model *m, int64_t k)
{
	return m->good.kind[m->link.good[k]] != PL_PRODUCT;
}

/* How the two quantities' ratio answers the price of the first, from `before` to `after`. */
static double elasticity(const double *before, const double *after, int64_t a, int64_t b,
                         double log_price)
{
	return -log(after[a] / before[a] / (after[b] / before[b])) / log_price;
}

static void nests_replace_their_own_goods_as_they_were_drawn(void)
{
	static const struct {
		const char *text;
		double primary[2], materials[2], between[2];
	} kinds[] = {{"nested", {0.2, 0.5}, {1.5, 2.5}, {0.3, 0.8}},
	             {"nested:far", {0.05, 0.3}, {3, 5}, {0.1, 0.5}}};
	pl_model *m = made(PL_GENERATE_CES);
	for (int t = 0; t < 2; t++) {
		pl_councils *c = councils(m, kinds[t].text);
		double *before = answer(c, m, 1, -1, 1);
		for (int32_t i = 0; i < 50; i++) {
			/* Links of a workplace: its output, two primary goods, four materials.
			 */
			const int64_t one = m->link.start[i] + 1;
			const double step = 1e-3;
			double *p = answer(c, m, 1, m->link.good[one], exp(step)),
			       *x = answer(c, m, 1, m->link.good[one + 2], exp(step));
			CHECK(is_primary(m, one + 1) && !is_primary(m, one + 2));
			const double primary = elasticity(before, p, one, one + 1, step);
			const double materials = elasticity(before, x, one + 2, one + 3, step);
			CHECK(primary > kinds[t].primary[0] - 1e-6);
			CHECK(primary < kinds[t].primary[1] + 1e-6);
			CHECK(materials > kinds[t].materials[0] - 1e-6);
			CHECK(materials < kinds[t].materials[1] + 1e-6);
			pl_free(p);
			pl_free(x);
		}
		pl_free(before);
		pl_councils_free(c);
	}
	pl_model_free(m);
}

/* All prices of a nest move together: the nest as a whole is replaced. */
static void nests_replace_one_another_as_they_were_drawn(void)
{
	pl_model *m = made(PL_GENERATE_CES);
	pl_councils *c = councils(m, "nested");
	double *before = answer(c, m, 1, -1, 1), *p = pl_alloc(m->n_goods, sizeof *p),
	       *after = pl_alloc(m->n_links, sizeof *after);
	for (int32_t j = 0; j < m->n_goods; j++)
		p[j] = m->good.kind[j] == PL_PRODUCT ? 1 : exp(0.5);
	CHECK(pl_councils_answer(c, after, p, NULL) == PL_OK);
	for (int32_t i = 0; i < m->n_councils; i++) {
		const int64_t one = m->link.start[i] + 1;
		if (!works(m, i)) continue;
		const double between = elasticity(before, after, one, one + 2, 0.5);
		CHECK(between > 0.3 - 1e-9 && between < 0.8 + 1e-9);
		CHECK_NEAR(elasticity(before, after, one, one + 1, 0.5), 0, 1e-9);
	}
	pl_free(before);
	pl_free(after);
	pl_free(p);
	pl_councils_free(c);
	pl_model_free(m);
}

static void at_equal_prices_nests_make_no_difference(void)
{
	pl_model *m = made(PL_GENERATE_CES);
	pl_councils *declared = councils(m, "declared"), *nested = councils(m, "nested:far");
	double *a = answer(declared, m, 3, -1, 1), *b = answer(nested, m, 3, -1, 1);
	for (int64_t k = 0; k < m->n_links; k++) CHECK_NEAR(b[k], a[k], 1e-11 * a[k]);
	pl_free(a);
	pl_free(b);
	pl_councils_free(declared);
	pl_councils_free(nested);
	pl_model_free(m);
}

/* ---- returns to scale --------------------------------------------------------------- */

static double spent(const pl_model *m, const double *q, int32_t i, double price)
{
	double all = 0;
	for (int64_t k = m->link.start[i] + 1; k < m->link.start[i + 1]; k++)
		all += price * q[k];
	return all;
}

/* The cost curve as behaviours.def says: through the declared cost of the usual output, with
 * the raised returns. The best output is tried out along it. */
static double best_of_all(double price, double usual, double cost, double returns)
{
	double best = -INFINITY, at = 0;
	for (int s = 0; s <= 2000; s++) {
		const double scale = pow(2, (s - 1000) / 1000.0);
		const double gain = price * usual * scale - cost * pow(scale, 1 / returns);
		if (gain > best) at = scale;
		best = fmax(best, gain);
	}
	return at * usual;
}

static void raised_returns_lead_to_the_best_output_within_bounds(void)
{
	const double raised[] = {0.05, 0.2, 0.6};
	const char *const text[] = {"returns:0.05", "returns:0.2", "returns:0.6"};
	pl_model *m = made(PL_GENERATE_CES);
	for (int t = 0; t < 3; t++) {
		pl_councils *c = councils(m, text[t]), *plain = councils(m, "declared");
		pl_free(answer(c, m, 90, -1, 1));
		double *usual = answer(c, m, 100, -1, 1), *now = answer(plain, m, 115, -1, 1);
		double *q = answer(c, m, 115, -1, 1);
		for (int32_t i = 0; i < m->n_councils; i++) {
			const int64_t out = m->link.start[i];
			if (!works(m, i)) continue;
			const double r = m->council.param[PL_P_ces_returns][i];
			const double cost =
			        spent(m, now, i, 115) * pow(usual[out] / now[out], 1 / r);
			const double best = best_of_all(115, usual[out], cost, r + raised[t]);
			const double made_at = q[out] / usual[out];
			CHECK_NEAR(q[out], best, 2e-3 * best);
			CHECK_NEAR(spent(m, q, i, 115),
			           cost * pow(made_at, 1 / (r + raised[t])), 1e-9 * cost);
		}
		pl_free(usual);
		pl_free(now);
		pl_free(q);
		pl_councils_free(c);
		pl_councils_free(plain);
	}
	pl_model_free(m);
}

/* ---- what becomes of a proposal ----------------------------------------------------- */

static void whole_lots_are_made_with_inputs_in_proportion(void)
{
	pl_model *m = made(PL_GENERATE_EFFORT);
	pl_councils *c = councils(m, "lots:0.25"), *plain = councils(m, "declared");
	pl_free(answer(c, m, 80, -1, 1));
	double *usual = answer(c, m, 100, -1, 1);
	int moved = 0;
	for (int round = 0; round < 5; round++) {
		double *q = answer(c, m, 100, round, 90),
		       *want = answer(plain, m, 100, round, 90);
		for (int32_t i = 0; i < m->n_councils; i++) {
			const int64_t out = m->link.start[i];
			const double part = works(m, i) ? q[out] / want[out] : 1;
			const double lots = q[out] / (0.25 * usual[out]);
			if (works(m, i)) CHECK_NEAR(lots, floor(lots + 0.5), 1e-9);
			if (works(m, i)) CHECK(fabs(q[out] - want[out]) <= 0.126 * usual[out]);
			moved += part != 1;
			for (int64_t k = out; k < m->link.start[i + 1]; k++)
				CHECK_NEAR(q[k], part * want[k], 1e-9 * want[k]);
		}
		pl_free(q);
		pl_free(want);
	}
	CHECK(moved > 100);
	pl_free(usual);
	pl_councils_free(c);
	pl_councils_free(plain);
	pl_model_free(m);
}

static void habit_bounds_every_move_and_is_not_felt_within_the_bounds(void)
{
	pl_model *m = made(PL_GENERATE_CAPACITIES);
	pl_councils *c = councils(m, "habit:0.2"), *plain = councils(m, "declared");
	double *last = answer(c, m, 1, -1, 1);
	int free = 0, bound = 0;
	for (int round = 0; round < 6; round++) {
		const double price = round % 2 == 0 ? 3 : 1.1;
		double *q = answer(c, m, price, 0, 1), *want = answer(plain, m, price, 0, 1);
		for (int64_t k = 0; k < m->n_links; k++) {
			CHECK(last[k] == 0 || q[k] <= last[k] * 1.2 * (1 + 1e-12));
			CHECK(last[k] == 0 || q[k] >= last[k] / 1.2 * (1 - 1e-12));
			const bool allowed = last[k] == 0 || (want[k] < last[k] * 1.2 &&
			                                      want[k] > last[k] / 1.2);
			if (allowed) CHECK(q[k] == want[k]);
			*(allowed ? &free : &bound) += 1;
		}
		pl_free(want);
		pl_free(last);
		last = q;
	}
	CHECK(free > 100 && bound > 100);
	pl_free(last);
	pl_councils_free(c);
	pl_councils_free(plain);
	pl_model_free(m);
}

static void noise_has_the_deviation_asked_for_and_no_bias(void)
{
	pl_model *m = made(PL_GENERATE_CES);
	pl_councils *c = councils(m, "noise:0.1"), *plain = councils(m, "declared");
	double *q = answer(c, m, 10, -1, 1), *want = answer(plain, m, 10, -1, 1);
	double sum = 0, squares = 0;
	for (int64_t k = 0; k < m->n_links; k++) {
		const double off = log(q[k] / want[k]);
		sum += off;
		squares += off * off;
	}
	const double n = (double)m->n_links;
	CHECK_NEAR(sum / n, 0, 5 * 0.1 / sqrt(n));
	CHECK_NEAR(sqrt(squares / n), 0.1, 5 * 0.1 / sqrt(2 * n));
	pl_free(q);
	pl_free(want);
	pl_councils_free(c);
	pl_councils_free(plain);
	pl_model_free(m);
}

static void a_late_council_misses_the_whole_round(void)
{
	pl_model *m = made(PL_GENERATE_CES);
	pl_councils *c = councils(m, "late:0.3");
	int late = 0, always = 0;
	const int rounds = 20;
	double *first = answer(c, m, 10, -1, 1);
	for (int round = 0; round < rounds; round++) {
		double *q = answer(c, m, 10, -1, 1);
		for (int32_t i = 0; i < m->n_councils; i++) {
			const bool is_late = isnan(q[m->link.start[i]]);
			late += is_late;
			always += is_late && isnan(first[m->link.start[i]]);
			for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
				CHECK(isnan(q[k]) == is_late);
		}
		pl_free(q);
	}
	const double n = rounds * (double)m->n_councils;
	CHECK_NEAR(late / n, 0.3, 5 * sqrt(0.21 / n));
	CHECK_NEAR(always / n, 0.09, 0.02); /* not the same ones in every round */
	pl_free(first);
	pl_councils_free(c);
	pl_model_free(m);
}

int main(void)
{
	RUN(nests_replace_their_own_goods_as_they_were_drawn);
	RUN(nests_replace_one_another_as_they_were_drawn);
	RUN(at_equal_prices_nests_make_no_difference);
	RUN(raised_returns_lead_to_the_best_output_within_bounds);
	RUN(whole_lots_are_made_with_inputs_in_proportion);
	RUN(habit_bounds_every_move_and_is_not_felt_within_the_bounds);
	RUN(noise_has_the_deviation_asked_for_and_no_bias);
	RUN(a_late_council_misses_the_whole_round);
	return pl_test_failed;
}
