/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/import_radius.h"

#include "base/alloc.h"
#include "tests/pl_test.h"

static double radius_of(const double *a, int32_t n)
{
	double *copy = pl_alloc((int64_t)n * n, sizeof *copy), r = -1;
	memcpy(copy, a, (size_t)n * (size_t)n * sizeof *copy);
	CHECK(pl_import_radius(&r, copy, n, NULL) == PL_OK);
	pl_free(copy);
	return r;
}

/// The same stream of numbers in -1..1 everywhere.
static double draw(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(int64_t)(*state >> 11) / 4503599627370496.0 - 1;
}

static void a_triangle_shows_its_diagonal(void)
{
	const double a[] = {0.5, 3, 9, 0, -0.75, 7, 0, 0, 0.25};
	CHECK_NEAR(radius_of(a, 3), 0.75, 1e-12);
	const double one[] = {-2};
	CHECK_NEAR(radius_of(one, 1), 2, 0);
	CHECK_NEAR(radius_of(one, 0), 0, 0);
}

static void a_cycle_of_any_length_does_not_mislead(void)
{
	for (int32_t n = 2; n <= 40; n++) { /* x -> next, times n: radius is the root of n */
		double a[1600] = {0};
		for (int32_t i = 0; i < n; i++) a[i * n + (i + 1) % n] = i == 0 ? n : 1;
		CHECK_NEAR(radius_of(a, n), pow(n, 1.0 / n), 1e-12 * n);
	}
}

static void a_matrix_of_separate_parts_shows_its_largest(void)
{
	double a[36] = {0};
	a[0] = 0.3;
	a[1 * 6 + 2] = 0.9; /* a two-cycle: sqrt(0.9 * 0.4) = 0.6 */
	a[2 * 6 + 1] = 0.4;
	a[5 * 6 + 0] = 100; /* no cycle: counts for nothing */
	CHECK_NEAR(radius_of(a, 6), 0.6, 1e-14);
}

static void a_rotation_has_complex_roots_and_radius_one(void)
{
	const double turn[] = {0.6, -0.8, 0.8, 0.6};
	CHECK_NEAR(radius_of(turn, 2), 1, 1e-15);
}

static void a_known_matrix_in_other_coordinates_keeps_its_radius(void)
{
	enum { N = 30 };
	uint64_t state = 7;
	double a[N * N] = {0}, largest = 0;
	for (int32_t i = 0; i < N; i++) {
		a[i * N + i] = draw(&state);
		largest = fmax(largest, fabs(a[i * N + i]));
		for (int32_t j = i + 1; j < N; j++) a[i * N + j] = draw(&state) / 8;
	}
	for (int turn = 0; turn < 300;
	     turn++) { /* similar: row k -= f row i, column i += f column k */
		const int32_t i = (int32_t)((draw(&state) + 1) * N / 2) % N, k = (i + 7) % N;
		const double f = draw(&state) / 8;
		for (int32_t j = 0; j < N; j++) a[k * N + j] -= f * a[i * N + j];
		for (int32_t j = 0; j < N; j++) a[j * N + i] += f * a[j * N + k];
	}
	CHECK_NEAR(radius_of(a, N), largest, 1e-9);
}

static void the_units_of_rows_do_not_matter(void)
{
	uint64_t state = 11;
	double a[144], b[144];
	for (int i = 0; i < 144; i++) a[i] = (draw(&state) + 1) / 24;
	for (int i = 0; i < 144; i++) b[i] = a[i] * pow(10, i / 12 % 7) / pow(10, i % 12 % 7);
	CHECK_NEAR(radius_of(a, 12), radius_of(b, 12), 1e-12);
}

static void equations_are_solved_and_singular_ones_refused(void)
{
	double a[] = {0, 2, 1, 1}, b[] = {4, 0, 3, 1}; /* two right-hand sides */
	CHECK(pl_import_solve(a, b, 2, 2));
	CHECK_NEAR(b[0], 1, 1e-15);
	CHECK_NEAR(b[1], 1, 1e-15);
	CHECK_NEAR(b[2], 2, 1e-15);
	CHECK_NEAR(b[3], 0, 1e-15);
	double flat[] = {1, 2, 2, 4}, c[] = {1, 2};
	CHECK(!pl_import_solve(flat, c, 2, 1));
}

int main(void)
{
	RUN(a_triangle_shows_its_diagonal);
	RUN(a_cycle_of_any_length_does_not_mislead);
	RUN(a_matrix_of_separate_parts_shows_its_largest);
	RUN(a_rotation_has_complex_roots_and_radius_one);
	RUN(a_known_matrix_in_other_coordinates_keeps_its_radius);
	RUN(the_units_of_rows_do_not_matter);
	RUN(equations_are_solved_and_singular_ones_refused);
	return pl_test_failed;
}
