/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/import_radius.h"

#include "base/alloc.h"
#include "base/error.h"
#include "io/import_perron.h"

#include <float.h>
#include <math.h>

enum {
	MAX_STEPS = 120, ///< QR steps for one eigenvalue; five are usual
	ODD_STEP = 10    ///< every so many steps other shifts break a cycle
};

static inline double *at(double *a, int32_t n, int32_t i, int32_t j)
{
	return a + (int64_t)i * n + j;
}

static void swap(double *a, double *b)
{
	const double t = *a;
	*a = *b;
	*b = t;
}

/// Scale row and column i by 1/f and f, a power of two, where that brings their sums nearer.
/// @return whether it did
static bool scale_one(double *a, int32_t n, int32_t i)
{
	double down = 0, across = 0, f = 1;
	for (int32_t j = 0; j < n; j++) {
		if (j == i) continue;
		down += fabs(*at(a, n, j, i));
		across += fabs(*at(a, n, i, j));
	}
	if (!(down > 0 && across > 0)) return false;
	const double sum = down + across;
	for (; down < across / 2; f *= 2, down *= 2, across /= 2) {
	}
	for (; across < down / 2; f /= 2, down /= 2, across *= 2) {
	}
	if (down + across >= 0.95 * sum) return false; /* not worth it */
	for (int32_t j = 0; j < n; j++) {
		*at(a, n, i, j) /= f;
		*at(a, n, j, i) *= f;
	}
	return true;
}

static void scale(double *a, int32_t n)
{
	bool changed = true;
	for (int turn = 0; changed && turn < MAX_STEPS; turn++) {
		changed = false;
		for (int32_t i = 0; i < n; i++) changed = scale_one(a, n, i) || changed;
	}
}

/// Bring the largest of a[m.., m-1] to row m, and the same column to column m.
static void pivot(double *a, int32_t n, int32_t m)
{
	int32_t best = m;
	for (int32_t i = m + 1; i < n; i++)
		if (fabs(*at(a, n, i, m - 1)) > fabs(*at(a, n, best, m - 1))) best = i;
	if (best == m) return;
	for (int32_t j = 0; j < n; j++) swap(at(a, n, best, j), at(a, n, m, j));
	for (int32_t i = 0; i < n; i++) swap(at(a, n, i, best), at(a, n, i, m));
}

/// A similar matrix with zeros below the first subdiagonal. @param y [n] scratch
static void to_hessenberg(double *a, int32_t n, double *y)
{
	for (int32_t m = 1; m < n - 1; m++) {
		pivot(a, n, m);
		const double *top = at(a, n, m, 0);
		if (top[m - 1] == 0) continue;
		for (int32_t i = m + 1; i < n; i++) {
			double *row = at(a, n, i, 0);
			y[i] = row[m - 1] / top[m - 1];
			row[m - 1] = 0;
			if (y[i] == 0) continue;
			for (int32_t j = m; j < n; j++) row[j] -= y[i] * top[j];
		}
		for (int32_t i = 0; i < n; i++) {
			double *row = at(a, n, i, 0), sum = 0;
			for (int32_t j = m + 1; j < n; j++) sum += y[j] * row[j];
			row[m] += sum;
		}
	}
}

/// The reflection I - v v' that takes x to a multiple of the first unit vector.
/// @param[in,out] x [3] the vector, then v @return false if x is zero
static bool reflection(double x[3])
{
	const double size = fabs(x[0]) + fabs(x[1]) + fabs(x[2]);
	if (size == 0) return false;
	for (int i = 0; i < 3; i++) x[i] /= size;
	const double length = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
	x[0] += x[0] < 0 ? -length : length;
	const double half = sqrt((x[0] * x[0] + x[1] * x[1] + x[2] * x[2]) / 2);
	for (int i = 0; i < 3; i++) x[i] /= half;
	return true;
}

/// Apply a reflection of w coordinates (2 or 3) from k on to the block [lo, hi]: rows, then
/// columns.
static void reflect(double *a, int32_t n, const double v[3], int32_t k, int32_t w, int32_t lo,
                    int32_t hi)
{
	double *r0 = at(a, n, k, 0), *r1 = r0 + n, *r2 = w == 3 ? r1 + n : r1;
	const double v2 = w == 3 ? v[2] : 0;
	for (int32_t j = k > lo ? k - 1 : lo; j <= hi; j++) {
		const double d = v[0] * r0[j] + v[1] * r1[j] + v2 * r2[j];
		r0[j] -= d * v[0];
		r1[j] -= d * v[1];
		r2[j] -= d * v2;
	}
	for (int32_t i = lo; i <= hi && i <= k + 3; i++) {
		double *c = at(a, n, i, k), *c2 = w == 3 ? c + 2 : c + 1;
		const double d = v[0] * c[0] + v[1] * c[1] + v2 * *c2;
		c[0] -= d * v[0];
		c[1] -= d * v[1];
		*c2 -= d * v2;
	}
}

/// One QR step with two shifts at once on the block [lo, hi], hi - lo >= 2.
/// @param sum,product of the shifts
static void double_step(double *a, int32_t n, int32_t lo, int32_t hi, double sum,
                        double product)
{
	const double h00 = *at(a, n, lo, lo), h10 = *at(a, n, lo + 1, lo);
	double x[3] = {h00 * h00 + *at(a, n, lo, lo + 1) * h10 - sum * h00 + product,
	               h10 * (h00 + *at(a, n, lo + 1, lo + 1) - sum),
	               h10 * *at(a, n, lo + 2, lo + 1)};
	for (int32_t k = lo; k < hi; k++) {
		const int32_t w = k + 2 <= hi ? 3 : 2;
		if (reflection(x)) reflect(a, n, x, k, w, lo, hi);
		if (k > lo) {
			*at(a, n, k + 1, k - 1) = 0;
			if (w == 3) *at(a, n, k + 2, k - 1) = 0;
		}
		x[0] = *at(a, n, k + 1, k);
		x[1] = k + 2 <= hi ? *at(a, n, k + 2, k) : 0;
		x[2] = k + 3 <= hi ? *at(a, n, k + 3, k) : 0;
	}
}

/// First row of the block that ends at hi: above it the subdiagonal is negligible (and set 0).
static int32_t block_start(double *a, int32_t n, int32_t hi, double norm)
{
	int32_t lo = hi;
	for (; lo > 0; lo--) {
		double size = fabs(*at(a, n, lo, lo)) + fabs(*at(a, n, lo - 1, lo - 1));
		if (size == 0) size = norm;
		if (fabs(*at(a, n, lo, lo - 1)) > DBL_EPSILON * size) continue;
		*at(a, n, lo, lo - 1) = 0;
		break;
	}
	return lo;
}

/// Larger absolute value of the two eigenvalues of rows and columns k, k + 1.
static double pair_radius(double *a, int32_t n, int32_t k)
{
	const double p = *at(a, n, k, k), q = *at(a, n, k + 1, k + 1);
	const double off = *at(a, n, k, k + 1) * *at(a, n, k + 1, k);
	const double mean = (p + q) / 2, half = (p - q) / 2, root = half * half + off;
	return root >= 0 ? fabs(mean) + sqrt(root) : hypot(mean, sqrt(-root));
}

/// Absolute value of the largest eigenvalue of a Hessenberg matrix; NaN if it does not settle.
static double hessenberg_radius(double *a, int32_t n)
{
	double norm = 0, radius = 0;
	for (int64_t k = 0; k < (int64_t)n * n; k++) norm = fmax(norm, fabs(a[k]));
	for (int32_t hi = n - 1, step = 0; hi >= 0;) {
		const int32_t lo = block_start(a, n, hi, norm);
		if (hi - lo < 2) {
			radius = fmax(radius, lo == hi ? fabs(*at(a, n, hi, hi))
			                               : pair_radius(a, n, lo));
			hi = lo - 1;
			step = 0;
			continue;
		}
		if (++step > MAX_STEPS) return NAN;
		const double p = *at(a, n, hi - 1, hi - 1), q = *at(a, n, hi, hi);
		double sum = p + q;
		double product = p * q - *at(a, n, hi - 1, hi) * *at(a, n, hi, hi - 1);
		if (step % ODD_STEP == 0) {
			const double w =
			        fabs(*at(a, n, hi, hi - 1)) + fabs(*at(a, n, hi - 1, hi - 2));
			sum = 1.5 * w;
			product = w * w;
		}
		double_step(a, n, lo, hi, sum, product);
	}
	return radius;
}

/// By all eigenvalues. @param a destroyed @param y [n] scratch @return NaN if they do not
/// settle
static double radius_of_all(double *a, int32_t n, double *y)
{
	scale(a, n);
	to_hessenberg(a, n, y);
	return hessenberg_radius(a, n);
}

static bool any_negative(const double *a, int64_t n)
{
	for (int64_t k = 0; k < n; k++)
		if (a[k] < 0) return true;
	return false;
}

/// @param b [n * n] of one part; destroyed @param scratch [PL_PERRON_SCRATCH * n]
static double radius_of_part(double *b, int32_t n, double *scratch)
{
	double radius;
	if (n == 1) return fabs(b[0]);
	if (!any_negative(b, (int64_t)n * n) && pl_import_perron(&radius, b, n, scratch))
		return radius;
	return radius_of_all(b, n, scratch);
}

/// @param block [the largest part's rows, squared] scratch
static double largest_of_parts(const pl_matrix_parts *parts, const double *a, int32_t n,
                               double *block, double *scratch)
{
	double radius = 0;
	for (int32_t p = 0; p < parts->n_parts; p++) {
		const int32_t *member = parts->member + parts->start[p];
		const int32_t k = parts->start[p + 1] - parts->start[p];
		for (int32_t i = 0; i < k; i++)
			for (int32_t j = 0; j < k; j++)
				block[(int64_t)i * k + j] =
				        a[(int64_t)member[i] * n + member[j]];
		const double one = radius_of_part(block, k, scratch);
		if (isnan(one)) return NAN;
		radius = fmax(radius, one);
	}
	return radius;
}

static pl_status no_memory(int32_t n, pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory for a matrix of %d rows", (int)n);
}

pl_status pl_import_radius(double *out, const double *a, int32_t n, pl_error *err)
{
	pl_matrix_parts parts;
	int32_t most = 0;
	*out = NAN;
	if (!pl_matrix_parts_find(&parts, a, n)) return no_memory(n, err);
	for (int32_t p = 0; p < parts.n_parts; p++) {
		const int32_t rows = parts.start[p + 1] - parts.start[p];
		most = rows > most ? rows : most;
	}
	double *block = pl_alloc((int64_t)most * most, sizeof *block);
	double *scratch = pl_alloc(PL_PERRON_SCRATCH * (int64_t)most, sizeof *scratch);
	const bool room = block != NULL && scratch != NULL;
	if (room) *out = largest_of_parts(&parts, a, n, block, scratch);
	pl_free(block);
	pl_free(scratch);
	pl_matrix_parts_clear(&parts);
	if (!room) return no_memory(n, err);
	if (!isnan(*out)) return PL_OK;
	return pl_fail(
	        err, PL_EARG, -1,
	        "the spectral radius of these coefficients cannot be found: some are too "
	        "large or too small");
}

/// Clear column k under its pivot. @return false if there is none worth dividing by
static bool eliminate(double *a, double *b, int32_t n, int32_t m, int32_t k, double tiny)
{
	int32_t best = k;
	for (int32_t i = k + 1; i < n; i++)
		if (fabs(*at(a, n, i, k)) > fabs(*at(a, n, best, k))) best = i;
	if (!(fabs(*at(a, n, best, k)) > tiny)) return false;
	for (int32_t j = k; j < n && best != k; j++) swap(at(a, n, best, j), at(a, n, k, j));
	for (int32_t j = 0; j < m && best != k; j++) swap(at(b, m, best, j), at(b, m, k, j));
	for (int32_t i = k + 1; i < n; i++) {
		const double f = *at(a, n, i, k) / *at(a, n, k, k);
		if (f == 0) continue;
		for (int32_t j = k; j < n; j++) *at(a, n, i, j) -= f * *at(a, n, k, j);
		for (int32_t j = 0; j < m; j++) *at(b, m, i, j) -= f * *at(b, m, k, j);
	}
	return true;
}

bool pl_import_solve(double *a, double *b, int32_t n, int32_t m)
{
	double norm = 0;
	for (int64_t k = 0; k < (int64_t)n * n; k++) norm = fmax(norm, fabs(a[k]));
	for (int32_t k = 0; k < n; k++)
		if (!eliminate(a, b, n, m, k, norm * n * DBL_EPSILON)) return false;
	for (int32_t k = n - 1; k >= 0; k--)
		for (int32_t j = 0; j < m; j++) {
			double x = *at(b, m, k, j);
			for (int32_t i = k + 1; i < n; i++)
				x -= *at(a, n, k, i) * *at(b, m, i, j);
			*at(b, m, k, j) = x / *at(a, n, k, k);
		}
	return true;
}
