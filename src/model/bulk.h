/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* bulk.h - a model whose columns are filled in directly, by code that makes economies of
 * tens of millions of links. A builder checks every row and looks every id up; whoever fills
 * a bulk owes the invariants of README.md, and tests that they hold. */
#ifndef PL_MODEL_BULK_H
#define PL_MODEL_BULK_H
#include <plenum/model.h>

/// A model in the making. Ids are "g1", "g2" ... and "c1", "c2" ...; names are empty, there
/// are no communities, prices and elasticities are 1, steps 0.001. The rest is the caller's:
/// all zero to begin with, save income and parameters, which are NaN.
typedef struct {
	pl_model *model; ///< given away by its owner, or freed with pl_model_free
	uint8_t *good_kind;
	double *supply;                ///< [n_goods]
	uint8_t *council_kind;         ///< [n_councils] pl_council_kind
	uint8_t *schedule;             ///< [n_councils] pl_schedule
	double *income;                ///< [n_councils]
	double *param[PL_PARAM_SLOTS]; ///< each [n_councils]
	int64_t *start;                ///< [n_councils + 1]
	int32_t *good;                 ///< [n_links]
	uint8_t *role;                 ///< [n_links] pl_role
	double *amount;                ///< [n_links]
} pl_bulk;

/// @param name of the economy, copied @return PL_OK; PL_ENOMEM, out then all zero
pl_status pl_bulk_new(pl_bulk *out, const char *name, int32_t n_goods, int32_t n_councils,
                      int64_t n_links, pl_error *err);
#endif
