/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/secants.h"

#include "base/alloc.h"
#include "base/random.h"
#include "num/sums.h"
#include "tests/pl_test.h"

enum { N = 13 };

/* A symmetric positive definite matrix, near the identity. */
static void a_matrix(double m[N][N])
{
	pl_random r = pl_random_new(8, 1);
	double b[N][N];
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++) b[i][j] = 0.4 * pl_random_normal(&r);
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++) {
			m[i][j] = i == j;
			for (int k = 0; k < N; k++) m[i][j] += b[i][k] * b[j][k];
		}
}

static void times(double m[N][N], double *to, const double *x)
{
	for (int i = 0; i < N; i++) to[i] = pl_dot(N, m[i], x);
}

static void add(pl_secants *s, double m[N][N], const double *d)
{
	double product[N];
	times(m, product, d);
	pl_secants_add(s, d, product, pl_dot(N, d, product));
}

static void with_nothing_known_it_is_the_identity(void)
{
	pl_secants *s = NULL;
	double z[N], r[N], m[N][N], d[N] = {1, 2, 3};
	CHECK(pl_secants_new(&s, N, 3, NULL) == PL_OK);
	a_matrix(m);
	for (int j = 0; j < N; j++) r[j] = j - 4;
	add(s, m, d); /* not in use before the turn */
	pl_secants_apply(s, z, r);
	for (int j = 0; j < N; j++) CHECK(z[j] == r[j]);
	pl_secants_free(s);
}

/* The last product that was seen is undone exactly; so are all, if directions are
 * conjugate. And the oldest are forgotten. */
static void what_was_seen_last_is_undone_exactly(void)
{
	pl_secants *s = NULL;
	pl_random r = pl_random_new(9, 1);
	double m[N][N], d[N], product[N], z[N];
	CHECK(pl_secants_new(&s, N, 3, NULL) == PL_OK);
	a_matrix(m);
	for (int round = 0; round < 9; round++) {
		for (int j = 0; j < N; j++) d[j] = pl_random_normal(&r);
		add(s, m, d);
		if (round % 2 == 0) pl_secants_turn(s);
		if (round % 2 != 0) continue;
		times(m, product, d);
		pl_secants_apply(s, z, product);
		for (int j = 0; j < N; j++) CHECK_NEAR(z[j], d[j], 1e-12);
		CHECK(s->used <= 3);
	}
	pl_secants_free(s);
}

static void it_stays_symmetric_and_positive(void)
{
	pl_secants *s = NULL;
	pl_random r = pl_random_new(10, 1);
	double m[N][N], d[N], a[N], b[N], za[N], zb[N];
	CHECK(pl_secants_new(&s, N, PL_SECANTS_MOST, NULL) == PL_OK);
	a_matrix(m);
	for (int round = 0; round < 40; round++) {
		for (int j = 0; j < N; j++) {
			d[j] = pl_random_normal(&r);
			a[j] = pl_random_normal(&r);
			b[j] = pl_random_normal(&r);
		}
		add(s, m, d);
		if (round % 3 == 0) pl_secants_turn(s);
		pl_secants_apply(s, za, a);
		pl_secants_apply(s, zb, b);
		CHECK_NEAR(pl_dot(N, a, zb), pl_dot(N, b, za), 1e-11);
		CHECK(pl_dot(N, a, za) > 0);
	}
	pl_secants_free(s);
}

static void memory_of_nothing_is_allowed(void)
{
	pl_secants *s = NULL;
	double m[N][N], d[N] = {1}, z[N];
	CHECK(pl_secants_new(&s, N, 0, NULL) == PL_OK);
	a_matrix(m);
	add(s, m, d);
	pl_secants_turn(s);
	pl_secants_apply(s, z, d);
	CHECK(memcmp(z, d, sizeof z) == 0);
	pl_secants_free(s);
}

int main(void)
{
	RUN(with_nothing_known_it_is_the_identity);
	RUN(what_was_seen_last_is_undone_exactly);
	RUN(it_stays_symmetric_and_positive);
	RUN(memory_of_nothing_is_allowed);
	return pl_test_failed;
}
