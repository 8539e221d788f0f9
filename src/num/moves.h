/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* moves.h - what moves made so far took away from what is missing, so that the next one does
 * not have to find it out again: generalised conjugate residuals (S. C. Eisenstat, H. C. Elman
 * and M. H. Schultz, SIAM J. Numerical Analysis 20, 1983) without the products, each effect
 * being seen where the move has led. Equations that bend a little do no harm: what a move did
 * not do as foreseen is missing still, and the next one's business. */
#ifndef PL_NUM_MOVES_H
#define PL_NUM_MOVES_H
#include <plenum/base.h>

enum { PL_MOVES_MOST = 16 };

/// The last moves and their effects, the effects orthonormal, the oldest given up first.
typedef struct {
	int64_t n;
	int32_t most, used;
	double *move[PL_MOVES_MOST], *effect[PL_MOVES_MOST]; ///< [n] each
} pl_moves;

/// @param most 1 .. PL_MOVES_MOST. @return PL_OK, PL_ENOMEM
pl_status pl_moves_new(pl_moves **out, int64_t n, int32_t most, pl_error *err);
void pl_moves_free(pl_moves *s); ///< NULL is allowed

/// Remember a move and what it took away, both [n] and changed here: of the effect what is
/// new stays, of unit length, and of the move what had it. Nothing new, nothing remembered.
/// O(n used).
void pl_moves_add(pl_moves *s, double *move, double *effect);
/// The combination of moves that takes away most of what is missing.
/// @param[out] move [n]
/// @param[in,out] missing [n] what is left of it after that, as far as is known. O(n used)
void pl_moves_apply(const pl_moves *s, double *move, double *missing);
#endif
