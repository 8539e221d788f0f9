/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rounds_files.h - rounds as tables: what was announced and proposed, who was trimmed. */
#ifndef PL_IO_ROUNDS_FILES_H
#define PL_IO_ROUNDS_FILES_H
#include <plenum/rounds.h>
#include <stdio.h>

/// A round that was kept.
typedef struct {
	int32_t year, number, worst_good;
	double worst, above[PL_BOUNDS], total;
} pl_kept_round;

/// Rounds as they were published, of one year after another. Begin with {.n_goods = ...}.
typedef struct {
	int32_t n_goods;
	bool goods; ///< keep prices and totals of every good
	int32_t n, room;
	pl_kept_round *round;            ///< [n]
	double *price, *supply, *demand; ///< [n n_goods] price 0 where it is at its floor and
	                                 ///< there is as much as is asked for
} pl_record;
/// @return PL_OK, PL_ENOMEM (nothing was added)
pl_status pl_record_add(pl_record *r, int32_t year, const pl_round *round, pl_error *err);
void pl_record_clear(pl_record *r); ///< frees what it holds, not r

/// rounds.csv and round_prices.csv. @param years a last column tells the year
void pl_record_write_rounds(FILE *to, const pl_record *r, const pl_model *m, bool years);
void pl_record_write_prices(FILE *to, const pl_record *r, const pl_model *m, bool years);

/// fairness.csv: what each council proposed and keeps, in credits at the last prices: made by
/// workplaces, asked for by others.
/// @param price [n_goods], quantity [n_links] as proposed
void pl_fairness_write(FILE *to, const pl_model *m, const double *price, const double *quantity,
                       const pl_ending *e);

/// A plan among several.
typedef struct {
	const char *name;
	double kept, least_kept, spread, loss; ///< 0..1; loss NaN: not known
	int32_t least_council;                 ///< -1: nobody was trimmed
} pl_choice;
void pl_choices_write(FILE *to, const pl_model *m, const pl_choice *of, int n);

/// A year that is over.
typedef struct {
	int32_t number;
	pl_outcome outcome;
	int32_t rounds, rounds_to[PL_BOUNDS], worst_good;
	double worst, growth, loss; ///< growth, loss NaN: not known
} pl_year_line;
void pl_years_write(FILE *to, const pl_model *m, const pl_year_line *of, int32_t n);
#endif
