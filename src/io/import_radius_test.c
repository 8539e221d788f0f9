/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/import_radius.h"

#include "base/alloc.h"
#include "io/import_perron.h"
#include "tests/pl_test.h"

static double radius_of(const double *a, int32_t n)
{
	double r = -1;
	CHECK(pl_import_radius(&r, a, n, NULL) == PL_OK);
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

/// Numbers >= 0, about one in `every` of them above 0.
static void draw_matrix(double *a, int32_t n, int every, uint64_t *state)
{
	for (int32_t k = 0; k < n * n; k++) {
		const double x = draw(state) + 1;
		a[k] = (draw(state) + 1) * every < 2 ? x / n : 0;
	}
}

/* Powers of a matrix without negative numbers, against all eigenvalues of the same one in other
 * coordinates, some turned: there negative numbers stand, so powers are not taken. */
static void powers_and_all_eigenvalues_tell_the_same_radius(void)
{
	enum { MOST = 40 };
	uint64_t state = 5;
	double a[MOST * MOST], b[MOST * MOST];
	for (int32_t n = 2; n <= MOST; n++)
		for (int every = 1; every <= n; every *= 2) {
			draw_matrix(a, n, every, &state);
			for (int32_t i = 0; i < n; i++)
				for (int32_t j = 0; j < n; j++)
					b[i * n + j] = a[i * n + j] * (i % 2 == j % 2 ? 1 : -1);
			const double radius = radius_of(b, n);
			CHECK_NEAR(radius_of(a, n), radius, 1e-12 * radius + 1e-15);
		}
}

/* The definition: i reaches j and j reaches i, by closing the relation step by step. */
static bool parts_are_right(const pl_matrix_parts *p, const double *a, int32_t n)
{
	bool *reach = calloc((size_t)n * (size_t)n, sizeof *reach);
	int32_t *part = calloc((size_t)n, sizeof *part);
	bool good = p->start[0] == 0 && p->start[p->n_parts] == n;
	for (int32_t k = 0; k < n * n; k++) reach[k] = a[k] != 0;
	for (int32_t k = 0; k < n; k++)
		for (int32_t i = 0; i < n; i++)
			for (int32_t j = 0; j < n; j++)
				if (reach[i * n + k] && reach[k * n + j])
					reach[i * n + j] = true;
	for (int32_t q = 0; q < p->n_parts; q++)
		for (int32_t k = p->start[q]; k < p->start[q + 1]; k++)
			part[p->member[k]] +=
			        q + 1; /* no row stands twice: checked by the sum */
	for (int32_t i = 0; i < n; i++)
		for (int32_t j = 0; j < n; j++)
			if ((i == j || (reach[i * n + j] && reach[j * n + i])) !=
			    (part[i] == part[j]))
				good = false;
	free(reach);
	free(part);
	return good;
}

static void parts_are_rows_that_lead_to_each_other(void)
{
	enum { MOST = 30 };
	uint64_t state = 3;
	double a[MOST * MOST];
	for (int32_t n = 1; n <= MOST; n++)
		for (int every = 1; every <= 2 * n; every += 3) {
			pl_matrix_parts parts;
			draw_matrix(a, n, every, &state);
			CHECK(pl_matrix_parts_find(&parts, a, n));
			CHECK(parts_are_right(&parts, a, n));
			pl_matrix_parts_clear(&parts);
		}
}

static void a_radius_is_between_the_sums_of_rows_whatever_their_size(void)
{
	uint64_t state = 9;
	enum { N = 200 };
	static double a[N * N];
	draw_matrix(a, N, 3, &state);
	double least = INFINITY, most = 0;
	for (int32_t i = 0; i < N; i++) {
		double sum = 0;
		for (int32_t j = 0; j < N; j++) sum += a[i * N + j];
		least = fmin(least, sum);
		most = fmax(most, sum);
	}
	const double radius = radius_of(a, N);
	CHECK(radius > least && radius < most);
	for (int32_t k = 0; k < N * N; k++) a[k] *= 1e150;
	CHECK_NEAR(radius_of(a, N) / 1e150, radius, 1e-12 * radius);
	for (int32_t k = 0; k < N * N; k++) a[k] *= 1e-300;
	CHECK_NEAR(radius_of(a, N) / 1e-150, radius, 1e-12 * radius);
}

static void without_memory_no_radius_is_told(void)
{
#ifdef PL_ALLOC_FAULTS
	const double a[] = {0.5, 0.25, 0.5, 0.125};
	const int64_t alive = pl_alloc_alive;
	for (int64_t grants = 0;; grants++) {
		double r = 0;
		pl_alloc_grants = grants;
		const pl_status status = pl_import_radius(&r, a, 2, NULL);
		pl_alloc_grants = -1;
		CHECK(pl_alloc_alive == alive);
		CHECK(status == PL_OK || (status == PL_ENOMEM && isnan(r)));
		if (status == PL_OK || grants > 20) break;
	}
#endif
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
	RUN(powers_and_all_eigenvalues_tell_the_same_radius);
	RUN(parts_are_rows_that_lead_to_each_other);
	RUN(a_radius_is_between_the_sums_of_rows_whatever_their_size);
	RUN(without_memory_no_radius_is_told);
	RUN(equations_are_solved_and_singular_ones_refused);
	return pl_test_failed;
}
