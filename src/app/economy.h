/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* economy.h - the state as an economy, and proposals as what a rule sees. */
#ifndef PL_APP_ECONOMY_H
#define PL_APP_ECONOMY_H
#include "app/store.h"

#include <plenum/model.h>

#define PL_CREDIT 1e6 ///< incomes are in millionths of a credit

/// The economy of a season's round: goods, communities and councils as declared; where a
/// consumers' council requests fixed quantities, those of its last proposal in this round;
/// prices as announced in it. Goods, councils and links stand in the order of their numbers.
/// Councils that a ruling leaves out of the round (standing.h) are not among them.
/// @param round 0: as declared, prices of last year
/// @return PL_OK; PL_EARG with a sentence (what is wrong with the economy); PL_EIO, PL_ENOMEM
pl_status pl_app_economy(pl_model **out, pl_store *s, int64_t season, int64_t round,
                         pl_error *err);

/// The same, where goods, communities, councils and schedules are those of @p declared, and
/// prices and proposals those of @p said.
pl_status pl_app_economy_then(pl_model **out, pl_store *declared, pl_store *said,
                              int64_t season, int64_t round, pl_error *err);

/// Can what a council declared be part of an economy, whatever others declare?
/// @return PL_OK; PL_EARG with a sentence; PL_EIO, PL_ENOMEM
pl_status pl_app_declared(pl_store *s, int64_t council, pl_error *err);
/// Where a parameter of a schedule stands in pl_council_row.param; -1: it has none of that
/// name.
int pl_app_parameter(int schedule, const char *name);

/// Numbers of the rows behind the goods and councils of such an economy.
typedef struct {
	int32_t n_goods, n_councils;
	int64_t *good;    ///< [n_goods]
	int64_t *council; ///< [n_councils] those that have declared a schedule
} pl_app_rows;
pl_status pl_app_rows_of(pl_app_rows *out, pl_store *s, pl_error *err);
/// The same without councils that are left out of a round: the rows of a round's economy.
/// @param said where proposals and rulings are
pl_status pl_app_rows_in(pl_app_rows *out, pl_store *declared, pl_store *said, int64_t season,
                         int64_t round, pl_error *err);
void pl_app_rows_clear(pl_app_rows *r);

/// Index of a number in a rising list, or -1.
int32_t pl_app_index(const int64_t *list, int32_t n, int64_t number);

/// Prices as announced in a round. @param[out] price [n_goods] > 0
pl_status pl_app_prices(double *price, pl_store *s, const pl_app_rows *rows, int64_t season,
                        int64_t round, pl_error *err);
/// Quantities as proposed in a round, in units, or as they were taken when it closed; NaN for
/// the links of who did neither, 0 for those of who is left out.
/// @param[out] quantity [n_links]
pl_status pl_app_proposals(double *quantity, pl_store *s, const pl_model *m,
                           const pl_app_rows *rows, int64_t season, int64_t round,
                           pl_error *err);
/// The same for such an economy, 0 in place of NaN, once the round is closed.
/// @param[out] out [n_links] units, to be freed with pl_free; NULL after a failure
pl_status pl_app_proposed(double **out, const pl_model *m, pl_store *declared, pl_store *said,
                          int64_t season, int64_t round, pl_error *err);
/// What the rule expects of each council in a round, in units; NaN where it expects nothing.
/// @param[out] quantity [n_links]
pl_status pl_app_expected(double *quantity, pl_store *s, const pl_model *m,
                          const pl_app_rows *rows, int64_t season, int64_t round,
                          pl_error *err);
/// The last version of a council's proposal in a round; 0: none.
pl_status pl_app_version(int64_t *out, pl_store *s, int64_t season, int64_t round,
                         int64_t council, pl_error *err);
#endif
