/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* match.h - the goods and councils of two economies, matched by id. */
#ifndef PL_EXPLAIN_MATCH_H
#define PL_EXPLAIN_MATCH_H
#include <plenum/model.h>

/// Row i is number in[0][i] of the first table and in[1][i] of the second, -1 where it is in
/// one alone; the first table's rows come first, in their order.
typedef struct {
	int32_t n;
	int32_t *in[2]; ///< [n]
	int32_t *of[2]; ///< [rows of each table] row here
} pl_match;
pl_status pl_match_new(pl_match *out, pl_text a, int32_t n_a, pl_text b, int32_t n_b,
                       pl_error *err);
void pl_match_free(pl_match *m); ///< frees what it holds, not m

/// Does a council propose the same at any prices in both economies? @param goods matched
bool pl_match_same(const pl_model *a, int32_t i, const pl_model *b, int32_t j,
                   const pl_match *goods);
#endif
