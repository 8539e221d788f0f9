/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rounds_close.h - closing a year of rounds: the plan that is carried out, its loss, the plans
 * to vote on, all as files and as JSON. */
#ifndef PL_CLI_ROUNDS_CLOSE_H
#define PL_CLI_ROUNDS_CLOSE_H
#include "cli/bar.h"
#include "cli/begin.h"
#include "io/rounds_files.h"
#include "lab/experiment.h"
#include "report/steps.h"
#include "rounds/why.h"

/// A move of the watched price, kept for programs.
enum { PL_MOVERS_KEPT = 20 };
typedef struct {
	int32_t year;
	pl_move move; ///< its movers are those below
	pl_mover mover[PL_MOVERS_KEPT];
	double rest; ///< of movers that were not kept
} pl_kept_move;

/// Rounds on their way from the tables to the screen.
typedef struct {
	const pl_args *a;
	pl_begin b;
	pl_experiment e;
	const char *behaviour; ///< as typed
	bool five;             ///< all endgames, to vote on
	bool table, colour;    ///< print rounds as they go
	int32_t why;           ///< good whose price is watched, or -1
	pl_why *watched;
	int32_t n_moves, moves_room;
	pl_kept_move *move; ///< [n_moves]
	pl_record record;
	pl_steps steps;    ///< for the report, of the last year
	uint8_t *at_floor; ///< [n_goods] in the announcement that is carried out
	int32_t n_years;
	pl_year_line *year; ///< [n_years]
	char remark[256];   ///< that was printed last
	pl_bar bar;
	double begun, seconds;
	int code; ///< of the command
} pl_rounds_job;

/// How a year ended. Begin with {0}; free with pl_closed_free.
typedef struct {
	const pl_year *year;     ///< borrowed
	const pl_ending *ending; ///< carried out; NULL: `direct`
	pl_ending *own[PL_ENDS]; ///< those made here
	pl_choice choice[PL_ENDS];
	int n_choices;        ///< 0: nobody is asked to vote
	const pl_plan *best;  ///< of the tables' schedules, or NULL
	pl_plan *found;       ///< the same where it was made here
	double loss;          ///< NaN: not known
	pl_plan *plan;        ///< what is written; NULL: `direct`
	const pl_plan *shown; ///< plan, or that of `direct`
} pl_closed;
void pl_closed_free(pl_closed *c); ///< frees what it holds, not c

/// Make the proposals into a plan that fits, and tell its loss where that is worth a
/// computation. @return PL_OK, PL_ENOMEM
pl_status pl_rounds_close(pl_closed *c, pl_rounds_job *j, const pl_year *year, pl_error *err);
/// Does everything fit, up to rounding? No plan of proposals is printed or written that does
/// not.
/// @return PL_OK; PL_EARG with a sentence
pl_status pl_rounds_check_fit(const pl_plan *p, const pl_model *m, pl_error *err);
/// The tables and the page of a year that is closed. @return as pl_plan_write
pl_status pl_rounds_write(const pl_closed *c, pl_rounds_job *j, pl_error *err);
/// The object of --json.
void pl_rounds_json(FILE *to, const pl_closed *c, const pl_rounds_job *j);
#endif
