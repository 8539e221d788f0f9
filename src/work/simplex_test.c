/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/random.h"
#include "tests/pl_test.h"
#include "work/held.h"
#include "work/simplex.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS = 6, COLS = 9, PROGRAMS = 300 };
static const double close = 1e-7;

/* A program with a feasible point: variables 0 .. 10, rows within 1 of what that point gives.
 * The last variable is held at 0. */
static pl_simplex *program(pl_random *r, bool steep)
{
	pl_simplex *s = NULL;
	if (pl_simplex_new(&s, ROWS, COLS, NULL) != PL_OK) abort();
	double activity[ROWS] = {0};
	for (int j = 0; j < COLS; j++) {
		const double x = 10 * pl_random_unit(r);
		s->d[j] = pl_random_unit(r);
		s->high[j] = j < COLS - 1 ? 10 : 0;
		for (int i = 0; i < ROWS; i++) {
			s->t[i * COLS + j] = 2 * pl_random_unit(r) - 1;
			activity[i] += s->t[i * COLS + j] * (j < COLS - 1 ? x : 0);
		}
	}
	for (int i = 0; i < ROWS; i++) {
		s->low[COLS + i] = activity[i] - pl_random_unit(r);
		s->high[COLS + i] = activity[i] + pl_random_unit(r);
	}
	s->steep = steep;
	return s;
}

static void steep_steps_reach_the_same_objective(void)
{
	for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
		pl_random r = pl_random_new(seed, 0), again = r;
		pl_simplex *a = program(&r, false), *b = program(&again, true);
		CHECK(pl_simplex_run(a, INFINITY, 1000) == PL_LP_BEST);
		CHECK(pl_simplex_run(b, INFINITY, 1000) == PL_LP_BEST);
		CHECK_NEAR(a->objective, b->objective, close);
		pl_simplex_free(a);
		pl_simplex_free(b);
	}
}

static int32_t column_of(const pl_simplex *s, int32_t variable)
{
	for (int32_t j = 0; j < COLS; j++)
		if (s->other[j] == variable) return j;
	return -1;
}

/* Put other coefficients below the last variable of a solved program, let it be 2 to 3, and
 * solve on; beside it the same from the start. */
static void a_new_column_is_as_if_it_had_always_been_there(void)
{
	const int32_t last = COLS - 1;
	int none = 0, foreseen = 0;
	for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
		pl_random r = pl_random_new(seed, 0), again = r;
		pl_simplex *s = program(&r, true), *anew = program(&again, true);
		(void)pl_simplex_run(s, INFINITY, 1000);
		int32_t row[ROWS];
		double a[ROWS];
		for (int i = 0; i < ROWS; i++) {
			row[i] = i;
			a[i] = anew->t[i * COLS + last] = 2 * pl_random_unit(&r) - 1;
		}
		CHECK(pl_simplex_release(s, last) && s->where[last] < 0);
		pl_simplex_column(s, last, anew->d[last], row, a, ROWS);
		s->low[last] = anew->low[last] = 2;
		s->high[last] = anew->high[last] = 3;
		const int32_t c = column_of(s, last);
		const double by = s->d[c] < 0 ? 3 : 2, before = s->objective;
		const double least = pl_simplex_foresee(s, &c, &by, 1, INFINITY);
		const pl_lp_end end = pl_simplex_run(s, INFINITY, 1000);
		CHECK(end == pl_simplex_run(anew, INFINITY, 1000));
		if (end == PL_LP_BEST) {
			CHECK_NEAR(s->objective, anew->objective, close);
			CHECK(least <= s->objective + close);
			foreseen += least > before + close;
		}
		none += end == PL_LP_NONE;
		pl_simplex_free(s);
		pl_simplex_free(anew);
	}
	CHECK(none > 0 && none < PROGRAMS / 2);
	CHECK(foreseen > PROGRAMS / 4);
}

static void a_copy_goes_on_as_the_original_does(void)
{
	pl_random r = pl_random_new(7, 0);
	pl_simplex *s = program(&r, true), *copy = program(&r, false);
	(void)pl_simplex_run(s, INFINITY, 1000);
	pl_simplex_copy(copy, s);
	s->high[0] = copy->high[0] = 0;
	CHECK(pl_simplex_run(s, INFINITY, 1000) == pl_simplex_run(copy, INFINITY, 1000));
	CHECK(s->objective == copy->objective && s->pivots == copy->pivots);
	pl_simplex_free(s);
	pl_simplex_free(copy);
}

/* Give the last variable a column and a value that it is held at, and solve on. */
static pl_lp_end hold_last(pl_simplex *s, const double *a, double value)
{
	static const int32_t row[ROWS] = {0, 1, 2, 3, 4, 5};
	const int32_t last = COLS - 1;
	const double by = value - s->low[last];
	if (a != NULL) pl_simplex_column(s, last, 0.5, row, a, ROWS);
	const int32_t c = ~s->where[last];
	s->low[last] = s->high[last] = value;
	return pl_simplex_move(s, &c, &by, 1, INFINITY, 900);
}

/* Hold the first rows at one value in two programs that are the same. */
static void hold_rows(pl_simplex *s, pl_simplex *all)
{
	for (int i = COLS; i < COLS + ROWS / 2; i++)
		s->low[i] = s->high[i] = all->low[i] = all->high[i] = s->high[i] - 0.5;
}

/* One program with such columns set aside, beside one with all in a table: the last variable
 * gets other coefficients again and again, at times to be taken back first. */
static void columns_that_are_held_come_to_the_same_later(void)
{
	int taken = 0;
	for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
		pl_random r = pl_random_new(seed, 0), again = r, third = r;
		pl_simplex *s = program(&r, true), *all = program(&again, true);
		pl_simplex *kept = program(&third, true);
		pl_held *h = NULL;
		if (pl_held_new(&h, ROWS, COLS, 1000, NULL) != PL_OK) abort();
		hold_rows(s, all);
		pl_lp_end end = pl_simplex_run(s, INFINITY, 1000);
		CHECK(end == pl_simplex_run(all, INFINITY, 1000));
		if (end == PL_LP_BEST) pl_held_part(h, s);
		for (int k = 0; k < 6 && end == PL_LP_BEST; k++) {
			double a[ROWS];
			for (int i = 0; i < ROWS; i++) a[i] = 2 * pl_random_unit(&r) - 1;
			pl_simplex_copy(kept, s);
			end = hold_last(s, a, 1);
			if (k % 2 == 0) {
				pl_held_forget(h);
				pl_simplex_copy(s, kept);
				CHECK(hold_last(s, a, 1) == end);
			}
			CHECK(hold_last(all, a, 1) == end && s->objective == all->objective);
			if (end != PL_LP_BEST) break;
			pl_held_take(h, s);
			end = hold_last(s, NULL, 0);
			pl_held_take(h, s);
			CHECK(hold_last(all, NULL, 0) == end && s->objective == all->objective);
			for (int32_t j = 0; j < COLS; j++)
				CHECK(s->d[j] == all->d[~all->where[s->other[j]]]);
			taken++;
		}
		pl_held_free(h);
		pl_simplex_free(s);
		pl_simplex_free(all);
		pl_simplex_free(kept);
	}
	CHECK(taken > PROGRAMS);
}

int main(void)
{
	RUN(steep_steps_reach_the_same_objective);
	RUN(a_new_column_is_as_if_it_had_always_been_there);
	RUN(columns_that_are_held_come_to_the_same_later);
	RUN(a_copy_goes_on_as_the_original_does);
	return pl_test_failed;
}
