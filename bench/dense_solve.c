/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* dense_solve FOLDER OUT.csv - the outputs of a square economy (as many recipes as goods that
 * they make, fixed requests) by a dense factorisation of (I - A) x = d: our own plain LU, and
 * LAPACK's dgesv where liblapack.so.3 is found at run time. Prints one JSON object; the
 * seconds are the solve alone. OUT.csv: council, activity by our LU. */
#include "base/alloc.h"
#include "io/economy.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/// Net output of goods (rows) by recipes (columns), and what is to be made.
typedef struct {
	int32_t n;
	int32_t *council; ///< [n] of a column
	double *a;        ///< [n * n] row by row
	double *b;        ///< [n]
} system_of;

static int32_t count_recipes(const pl_model *m)
{
	int32_t n = 0;
	for (int32_t i = 0; i < m->n_councils; i++) n += m->council.schedule[i] == PL_S_recipe;
	return n;
}

static bool allocate(system_of *s, int32_t n)
{
	s->n = n;
	s->council = pl_alloc(n, sizeof *s->council);
	s->a = pl_alloc((int64_t)n * n, sizeof *s->a);
	s->b = pl_alloc(n, sizeof *s->b);
	return s->council != NULL && s->a != NULL && s->b != NULL;
}

static void release(system_of *s)
{
	pl_free(s->council);
	pl_free(s->a);
	pl_free(s->b);
}

static void fill(system_of *s, const pl_model *m)
{
	int32_t column = 0;
	for (int32_t j = 0; j < m->n_goods; j++) s->b[j] = -m->good.supply[j];
	for (int32_t i = 0; i < m->n_councils; i++) {
		const bool recipe = m->council.schedule[i] == PL_S_recipe;
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
			const int32_t j = m->link.good[k];
			const bool adds =
			        m->link.role[k] == PL_MAKES || m->link.role[k] == PL_OFFERS;
			const double amount = adds ? m->link.amount[k] : -m->link.amount[k];
			if (recipe)
				s->a[(size_t)j * (size_t)s->n + (size_t)column] += amount;
			else
				s->b[j] -= amount;
		}
		if (recipe) s->council[column++] = i;
	}
}

static void swap_rows(system_of *s, int32_t i, int32_t j)
{
	double *x = s->a + (size_t)i * (size_t)s->n, *y = s->a + (size_t)j * (size_t)s->n;
	for (int32_t k = 0; k < s->n; k++) {
		const double kept = x[k];
		x[k] = y[k];
		y[k] = kept;
	}
	const double kept = s->b[i];
	s->b[i] = s->b[j];
	s->b[j] = kept;
}

static int32_t pivot_of(const system_of *s, int32_t k)
{
	int32_t best = k;
	for (int32_t i = k + 1; i < s->n; i++)
		if (fabs(s->a[(size_t)i * (size_t)s->n + (size_t)k]) >
		    fabs(s->a[(size_t)best * (size_t)s->n + (size_t)k]))
			best = i;
	return best;
}

/// b becomes x: Gauss's elimination with row exchanges, then back substitution.
static void eliminate(system_of *s)
{
	const size_t n = (size_t)s->n;
	for (int32_t k = 0; k < s->n; k++) {
		const int32_t pivot = pivot_of(s, k);
		if (pivot != k) swap_rows(s, k, pivot);
		const double *top = s->a + (size_t)k * n;
		for (size_t i = (size_t)k + 1; i < n; i++) {
			double *row = s->a + i * n;
			const double f = row[k] / top[k];
			if (f == 0) continue;
			for (size_t j = (size_t)k; j < n; j++) row[j] -= f * top[j];
			s->b[i] -= f * s->b[k];
		}
	}
	for (size_t i = n; i-- > 0;) {
		for (size_t j = i + 1; j < n; j++) s->b[i] -= s->a[i * n + j] * s->b[j];
		s->b[i] /= s->a[i * n + i];
	}
}

typedef void (*dgesv_of)(const int *n, const int *nrhs, double *a, const int *lda, int *pivot,
                         double *b, const int *ldb, int *info);

/// Columns of LAPACK are ours transposed. @return seconds, NaN where there is no LAPACK
static double lapack(system_of *s, const char **which)
{
	void *library = dlopen("liblapack.so.3", RTLD_NOW | RTLD_LOCAL);
	void *found = library != NULL ? dlsym(library, "dgesv_") : NULL;
	int *pivot = pl_alloc(s->n, sizeof *pivot);
	dgesv_of dgesv;
	*which = "none";
	if (found == NULL || pivot == NULL) {
		pl_free(pivot);
		return NAN;
	}
	*which = dlsym(library, "openblas_get_config") != NULL ? "OpenBLAS" : "LAPACK";
	/* ISO C has no cast from a pointer to an object to one to a function. */
	memcpy(&dgesv, &found, sizeof dgesv);
	for (int32_t i = 0; i < s->n; i++)
		for (int32_t j = 0; j < i; j++) {
			double *x = &s->a[(size_t)i * (size_t)s->n + (size_t)j],
			       *y = &s->a[(size_t)j * (size_t)s->n + (size_t)i];
			const double kept = *x;
			*x = *y;
			*y = kept;
		}
	const int n = s->n, one = 1;
	int info = 0;
	const double begun = now();
	dgesv(&n, &one, s->a, &n, pivot, s->b, &n, &info);
	const double seconds = now() - begun;
	pl_free(pivot);
	return info == 0 ? seconds : NAN;
}

static bool write_outputs(const char *path, const pl_model *m, const system_of *s)
{
	FILE *to = fopen(path, "w");
	if (to == NULL) return false;
	fputs("council,activity\n", to);
	for (int32_t i = 0; i < s->n; i++)
		fprintf(to, "\"%s\",%.17g\n", pl_text_at(m->council.id, s->council[i]),
		        s->b[i]);
	return fclose(to) == 0;
}

static double largest_difference(const system_of *s, const double *other)
{
	double worst = 0;
	for (int32_t i = 0; i < s->n; i++)
		worst = fmax(worst, fabs(s->b[i] - other[i]) / fmax(fabs(other[i]), 1e-300));
	return worst;
}

static int compare(const pl_model *m, const char *path)
{
	system_of own = {0}, theirs = {0};
	const int32_t n = count_recipes(m);
	const char *which;
	int code = 2;
	if (n != m->n_goods) {
		fprintf(stderr, "dense_solve: %d recipes and %d goods are not square\n", n,
		        m->n_goods);
	} else if (!allocate(&own, n) || !allocate(&theirs, n)) {
		fputs("dense_solve: no memory\n", stderr);
	} else {
		fill(&own, m);
		fill(&theirs, m);
		const double begun = now();
		eliminate(&own);
		const double seconds = now() - begun, peer = lapack(&theirs, &which);
		printf("{\"n\":%d,\"lu_seconds\":%.17g,\"lapack\":\"%s\"", n, seconds, which);
		if (!isnan(peer))
			printf(",\"lapack_seconds\":%.17g,\"difference\":%.17g", peer,
			       largest_difference(&own, theirs.b));
		puts("}");
		code = write_outputs(path, m, &own) ? 0 : 2;
	}
	release(&own);
	release(&theirs);
	return code;
}

int main(int argc, char **argv)
{
	pl_model *m = NULL;
	pl_settings settings = pl_settings_preset();
	pl_error err;
	if (argc != 3) {
		fputs("usage: dense_solve FOLDER OUT.csv\n", stderr);
		return 2;
	}
	if (pl_economy_read(&m, &settings, argv[1], NULL, &err) != PL_OK) {
		fprintf(stderr, "dense_solve: %s\n", err.msg);
		return 2;
	}
	const int code = compare(m, argv[2]);
	pl_model_free(m);
	return code;
}
