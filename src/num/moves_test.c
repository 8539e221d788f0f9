/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/moves.h"

#include "base/random.h"
#include "num/sums.h"
#include "tests/pl_test.h"

#include <math.h>

enum { N = 11 };

/* Not symmetric, near the identity. */
static void a_matrix(double m[N][N])
{
	pl_random r = pl_random_new(5, 1);
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++) m[i][j] = (i == j) + 0.1 * pl_random_normal(&r);
}

static void times(double m[N][N], double *to, const double *x)
{
	for (int i = 0; i < N; i++) to[i] = pl_dot(N, m[i], x);
}

static void draw(double *x, pl_random *r)
{
	for (int j = 0; j < N; j++) x[j] = pl_random_normal(r);
}

static void add_drawn(pl_moves *s, double m[N][N], pl_random *r)
{
	double move[N], effect[N];
	draw(move, r);
	times(m, effect, move);
	pl_moves_add(s, move, effect);
}

static void with_nothing_known_all_is_left(void)
{
	pl_moves *s = NULL;
	double move[N], missing[N];
	CHECK(pl_moves_new(&s, N, 3, NULL) == PL_OK);
	for (int j = 0; j < N; j++) missing[j] = j - 4;
	pl_moves_apply(s, move, missing);
	for (int j = 0; j < N; j++) CHECK(move[j] == 0 && missing[j] == j - 4);
	pl_moves_free(s);
}

/* For linear equations: the matrix times the move is what went, and what is left stands
 * upright on every effect remembered, so that no combination of them takes more. */
static void what_goes_is_the_most_that_the_moves_can_take(void)
{
	pl_moves *s = NULL;
	pl_random r = pl_random_new(6, 1);
	double m[N][N], move[N], missing[N], left[N], went[N];
	a_matrix(m);
	CHECK(pl_moves_new(&s, N, 4, NULL) == PL_OK);
	for (int k = 0; k < 7; k++) {
		add_drawn(s, m, &r);
		CHECK(s->used == (k < 4 ? k + 1 : 4));
		draw(missing, &r);
		for (int j = 0; j < N; j++) left[j] = missing[j];
		pl_moves_apply(s, move, left);
		times(m, went, move);
		for (int j = 0; j < N; j++) CHECK_NEAR(missing[j] - left[j], went[j], 1e-12);
		for (int i = 0; i < s->used; i++)
			CHECK_NEAR(pl_dot(N, s->effect[i], left), 0, 1e-12);
	}
	pl_moves_free(s);
}

/* As many moves as unknowns, and what they taught, solve linear equations. */
static void moves_by_what_is_left_solve_linear_equations(void)
{
	pl_moves *s = NULL;
	pl_random r = pl_random_new(7, 1);
	double m[N][N], move[N], missing[N], left[N], effect[N];
	a_matrix(m);
	draw(missing, &r);
	CHECK(pl_moves_new(&s, N, N, NULL) == PL_OK);
	for (int step = 0; step <= N; step++) {
		for (int j = 0; j < N; j++) left[j] = missing[j];
		pl_moves_apply(s, move, left);
		for (int j = 0; j < N; j++) move[j] += left[j];
		times(m, effect, move);
		for (int j = 0; j < N; j++) missing[j] -= effect[j];
		pl_moves_add(s, move, effect);
	}
	CHECK(sqrt(pl_dot(N, missing, missing)) < 1e-10);
	pl_moves_free(s);
}

static void a_move_without_a_new_effect_is_not_remembered(void)
{
	pl_moves *s = NULL;
	double move[N] = {1, 2}, effect[N] = {3, 0, 4};
	double same[N] = {1, 2}, twice[N] = {6, 0, 8}, none[N] = {0}, still[N] = {1};
	CHECK(pl_moves_new(&s, N, 3, NULL) == PL_OK);
	pl_moves_add(s, move, effect);
	CHECK(s->used == 1);
	pl_moves_add(s, same, twice);
	pl_moves_add(s, still, none);
	CHECK(s->used == 1);
	pl_moves_free(s);
}

int main(void)
{
	RUN(with_nothing_known_all_is_left);
	RUN(what_goes_is_the_most_that_the_moves_can_take);
	RUN(moves_by_what_is_left_solve_linear_equations);
	RUN(a_move_without_a_new_effect_is_not_remembered);
	return pl_test_failed;
}
