/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* secants.h - what solving one system tells about the next, nearly equal one: the inverse of
 * a symmetric positive definite matrix as far as products with it are remembered (limited
 * memory BFGS; J. L. Morales and J. Nocedal, SIAM J. Optimization 10, 2000). */
#ifndef PL_NUM_SECANTS_H
#define PL_NUM_SECANTS_H
#include <plenum/base.h>

enum { PL_SECANTS_MOST = 8 };

/// Up to `most` directions d with their products M d, the oldest given up first. Directions
/// that were added since the last pl_secants_turn are not used yet, so that a preconditioner
/// stays the same during one solution.
typedef struct {
	int64_t n;
	int32_t most, used, fresh;
	double *direction[2 * PL_SECANTS_MOST], *product[2 * PL_SECANTS_MOST]; ///< [n] each
	double curve[2 * PL_SECANTS_MOST];                                     ///< d . M d > 0
} pl_secants;

/// @param most 0 .. PL_SECANTS_MOST. @return PL_OK, PL_ENOMEM
pl_status pl_secants_new(pl_secants **out, int64_t n, int32_t most, pl_error *err);
void pl_secants_free(pl_secants *s); ///< NULL is allowed

/// Remember d and M d, unless as many were added already as there is room for. O(n).
void pl_secants_add(pl_secants *s, const double *direction, const double *product,
                    double curve);
/// Use what was added from now on.
void pl_secants_turn(pl_secants *s);
/// z = the inverse, as far as known (the identity where nothing is), times r. O(n used).
/// @param[out] z [n], not r
void pl_secants_apply(const pl_secants *s, double *z, const double *r);
#endif
