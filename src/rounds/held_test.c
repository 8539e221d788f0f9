/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the fitted rule makes of people who change nothing by more than a part in a round. */
#include "base/alloc.h"
#include "rounds/fit.h"
#include "rounds/frame.h"
#include "tests/pl_test.h"

#include "rounds/test_frame.h"

static const double habit = 1.2;

/* A world whose councils answer with a habit, and the rule that sees them. */
typedef struct {
	test_world w;
	pl_fitted *f;
	pl_totals *totals;
	double *price, *quantity, *next;
	uint8_t *at_floor;
} table;

static table table_of(int32_t workplaces, int32_t consumers)
{
	const test_size z = {20, workplaces, consumers, 3, 8, 7};
	const pl_rule_settings s = pl_rule_preset();
	table t = {.w = test_world_new(z)};
	if (pl_fitted_new(&t.f, &t.w.frame, &s, NULL) != PL_OK || t.f == NULL) abort();
	if (pl_totals_new(&t.totals, &t.w.frame, NULL) != PL_OK) abort();
	t.price = test_room(t.w.frame.n_goods, sizeof(double));
	t.next = test_room(t.w.frame.n_goods, sizeof(double));
	t.at_floor = test_room(t.w.frame.n_goods, 1);
	t.quantity = test_room(t.w.frame.n_links, sizeof(double));
	memcpy(t.price, t.w.price, (size_t)t.w.frame.n_goods * sizeof(double));
	return t;
}

static void table_clear(table *t)
{
	pl_fitted_free(t->f);
	pl_totals_free(t->totals);
	pl_free(t->price);
	pl_free(t->next);
	pl_free(t->at_floor);
	pl_free(t->quantity);
	test_world_clear(&t->w);
}

/* Everyone answers; nothing moves by more than `most` times, but in the first round. */
static void answer(table *t, double most)
{
	const int64_t n = t->w.frame.n_links;
	double *now = test_room(n, sizeof *now);
	CHECK(test_answer(&t->w, now, t->price, NULL) == PL_OK);
	for (int64_t l = 0; l < n; l++) {
		const double last = t->quantity[l];
		t->quantity[l] =
		        last > 0 ? fmax(last / most, fmin(last * most, now[l])) : now[l];
	}
	pl_free(now);
}

static void see(table *t, double most)
{
	pl_round round;
	bool found = false;
	answer(t, most);
	CHECK(pl_round_total(&round, t->totals, &t->w.frame, t->price, t->quantity, t->at_floor,
	                     NULL) == PL_OK);
	CHECK(pl_fitted_step(&found, t->next, t->at_floor, t->f, &round, NULL) == PL_OK);
	CHECK(found);
}

/* Each price by a factor of its own, both ways. */
static void move_prices(table *t, double amount)
{
	for (int32_t j = 0; j < t->w.frame.n_goods; j++)
		t->price[j] *= exp(amount * (j % 5 - 2 + 0.1 * j / t->w.frame.n_goods));
}

static bool moved_by(const double *now, const double *last, int64_t l, double factor)
{
	return fabs(fabs(log(now[l] / last[l])) - log(factor)) < 1e-12;
}

static void who_moves_as_far_as_anyone_is_held(void)
{
	table t = table_of(60, 30);
	int32_t held = 0;
	see(&t, habit);
	CHECK(t.f->limit == 0);
	const int64_t n = t.w.frame.n_links;
	double *last = test_room(n, sizeof *last);
	memcpy(last, t.quantity, (size_t)n * sizeof *last);
	move_prices(&t, 0.08);
	see(&t, habit);
	CHECK_NEAR(t.f->limit, log(habit), 1e-12);
	for (int32_t i = 0; i < t.w.frame.n_councils; i++) {
		bool at_limit = false;
		for (int64_t l = t.w.start[i]; l < t.w.start[i + 1]; l++)
			at_limit = at_limit || moved_by(t.quantity, last, l, habit);
		CHECK((t.f->held[i] == PL_HELD_NOW) == at_limit);
		CHECK(fabs(t.f->wants_on[i]) <= 1 && (at_limit || t.f->wants_on[i] == 0));
		held += at_limit;
	}
	CHECK(held > 10 && held < t.w.frame.n_councils);
	CHECK(t.f->beyond > 0 && isfinite(t.f->beyond));
	pl_free(last);
	table_clear(&t);
}

static void nothing_is_learned_from_steps_on_the_way(void)
{
	table t = table_of(60, 30);
	see(&t, habit);
	move_prices(&t, 0.3);
	see(&t, habit);
	for (int32_t i = 0; i < t.w.frame.n_councils; i++)
		CHECK(t.f->replaced[1].count[i] == 0 && t.f->replaced[0].count[i] == 0);
	/* free twice, at prices that moved in between: an answer */
	for (int round = 0; round < 30; round++) see(&t, habit);
	for (int32_t i = 0; i < t.w.frame.n_councils; i++) CHECK(t.f->held[i] == PL_HELD_NOT);
	move_prices(&t, 0.01);
	see(&t, habit);
	bool learned = false;
	for (int32_t i = 0; i < t.w.frame.n_councils; i++)
		learned = learned || t.f->replaced[1].count[i] > 0;
	CHECK(learned);
	table_clear(&t);
}

static void free_answers_show_no_limit(void)
{
	/* workplaces of all kinds; and consumers alone, who all move by the same factor when
	 * prices do, up and down */
	for (int only = 0; only < 2; only++) {
		table t = table_of(only ? 0 : 60, 30);
		see(&t, INFINITY);
		for (int round = 0; round < 3; round++) {
			for (int32_t j = 0; only && j < t.w.frame.n_goods; j++)
				t.price[j] *= j % 2 == 0 ? 3 : 1 / 3.;
			if (!only) move_prices(&t, 0.1);
			see(&t, INFINITY);
			CHECK(t.f->limit == 0 && t.f->n_held == 0);
		}
		table_clear(&t);
	}
}

static void who_moves_further_ends_the_limit(void)
{
	table t = table_of(60, 30);
	see(&t, habit);
	move_prices(&t, 0.2);
	see(&t, habit);
	CHECK(t.f->limit > 0);
	move_prices(&t, 0.5);
	see(&t, INFINITY);
	CHECK(t.f->limit == 0 && !pl_fitted_waits(t.f));
	table_clear(&t);
}

static void prices_stay_while_nearly_all_are_held(void)
{
	table t = table_of(60, 30);
	see(&t, habit);
	move_prices(&t, 1);
	see(&t, habit);
	CHECK(pl_held_are_most(t.f) && pl_fitted_waits(t.f));
	for (int32_t j = 0; j < t.w.frame.n_goods; j++) CHECK(t.next[j] == t.price[j]);
	table_clear(&t);
}

static void nobody_is_expected_to_move_further_than_people_do(void)
{
	table t = table_of(60, 30);
	const int64_t n = t.w.frame.n_links;
	double *expected = test_room(n, sizeof *expected);
	see(&t, habit);
	move_prices(&t, 0.08);
	see(&t, habit);
	pl_fitted_expected(expected, t.f, t.next);
	for (int64_t l = 0; l < n; l++)
		CHECK(fabs(log(expected[l] / t.quantity[l])) <= log(habit) + 1e-9);
	pl_free(expected);
	table_clear(&t);
}

/* One workplace in twenty says again what it said. */
static void who_only_repeats_itself_is_noticed(void)
{
	table t = table_of(60, 30);
	for (int round = 0; round < 3; round++) {
		move_prices(&t, 0.1);
		see(&t, INFINITY);
		CHECK(t.f->all_spoke == round);
	}
	for (int round = 0; round < 2; round++) {
		const int64_t end = t.w.start[3], links = t.w.frame.n_links;
		double *said = test_room(links, sizeof *said);
		memcpy(said, t.quantity, (size_t)links * sizeof *said);
		move_prices(&t, 0.1);
		answer(&t, INFINITY);
		if (round == 0) memcpy(t.quantity, said, (size_t)end * sizeof *said);
		const pl_round r = {.price = t.price, .quantity = t.quantity};
		pl_learn_round(t.f, &r);
		CHECK(t.f->all_spoke == (round == 0 ? 0 : 1));
		pl_free(said);
	}
	table_clear(&t);
}

int main(void)
{
	RUN(who_moves_as_far_as_anyone_is_held);
	RUN(nothing_is_learned_from_steps_on_the_way);
	RUN(free_answers_show_no_limit);
	RUN(who_moves_further_ends_the_limit);
	RUN(prices_stay_while_nearly_all_are_held);
	RUN(who_only_repeats_itself_is_noticed);
	RUN(nobody_is_expected_to_move_further_than_people_do);
	return pl_test_failed;
}
