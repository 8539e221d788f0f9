/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* reply.h - what one council answers to prices, and how it changes its answer. */
#ifndef PL_EXPLAIN_REPLY_H
#define PL_EXPLAIN_REPLY_H
#include <plenum/model.h>

/// The answer of a council whose schedule is not `recipe`, by its links. The second derivatives
/// of its surplus are
///     whole y y' + mixed u u' + diag(curve),  y the net supplies, u the same without what it
/// makes.
typedef struct {
	double *net; ///< [links of the council] units, made and offered > 0, used and wanted <
	             ///< 0
	double *curve;       ///< [links] units^2 per credit
	double whole, mixed; ///< 1/credits
} pl_reply;

/// @param price [links of the council] credits per unit, of each link's good
void pl_reply_at(pl_reply *r, const pl_model *m, int32_t council, const double *price);

/// Activity of a recipe with slope > 0 at a margin, and its derivative, per credit.
double pl_reply_activity(const pl_model *m, int32_t council, double margin);
double pl_reply_steepness(const pl_model *m, int32_t council, double margin);
#endif
