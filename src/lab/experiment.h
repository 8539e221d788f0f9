/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* experiment.h - one run of an experiment: simulated councils of one economy, one rule, rounds
 * in one year after another. What `plenum rounds` shows and `plenum lab` repeats. */
#ifndef PL_LAB_EXPERIMENT_H
#define PL_LAB_EXPERIMENT_H
#include "lab/behaviour.h"

#include <plenum/rounds.h>

/// What makes a later year another one.
typedef enum {
	PL_CHANGE_SHOCK,     ///< pl_lab_shock by an amount, which may be 0
	PL_CHANGE_PUBLISHED, ///< pl_lab_year_two
	PL_CHANGES
} pl_change;

/// What a plan's loss is measured against.
typedef enum {
	PL_BEST_TABLES,   ///< the plan of the tables' schedules
	PL_BEST_COUNCILS, ///< the plan at which the councils, as they behave, balance
	                  ///< (settle.h)
	PL_BESTS
} pl_best;
const char *pl_best_name(int best); ///< "tables", "councils"; NULL outside the enum

/// Everything that a run follows from. Begin with pl_experiment_preset.
typedef struct {
	const pl_model *model; ///< of year 1, borrowed
	const double *start;   ///< [n_goods] first prices, > 0; NULL: the model's
	pl_rule_settings rule; ///< `direct` clears the schedules of the tables
	bool forgets; ///< a new rule each year: prices carry over, what it learned does not
	pl_behaviour behaviour; ///< `direct`: declared
	bool limits;            ///< proposals move as pl_rounds_limit allows
	uint64_t seed;          ///< of what councils and years draw
	int32_t years;          ///< > 0
	pl_change change;
	double shock;       ///< amount of PL_CHANGE_SHOCK, 0..3
	int32_t max_rounds; ///< of a year, > 0
	pl_end_kind end;    ///< where a year ends without a plan
	double stocks; ///< what PL_END_STOCKS may draw on: this part of what is asked for last
	bool loss;     ///< against the best plan, which is cleared for it each year
	pl_best best;  ///< which that is; the councils' only where they are steady (settle.h)
	double plan_tolerance; ///< of the best plan, and of `direct`
} pl_experiment;
/// The preset rule, declared schedules, seed 1, one year, shock 0.1, 50 rounds, least
/// disruption, no stocks, plans to 1e-6: well below any tolerance of rounds.
pl_experiment pl_experiment_preset(const pl_model *m);
/// How the proposals of a year are made to fit: what little is short where the rounds ended in
/// a plan is cut pro rata; else as the experiment says.
pl_end_kind pl_experiment_end(const pl_experiment *e, const pl_rounds *year);

/// Stocks for an endgame: of each product this part of what is asked for in proposals.
/// @param[out] stock [n_goods] units @param quantity [n_links] units
void pl_lab_stocks(double *stock, const pl_frame *frame, const double *quantity, double part);

/// A year that is over. Borrowed until the watcher returns.
typedef struct {
	int32_t number; ///< 1 ..
	const pl_model *model;
	const double *start; ///< [n_goods] prices announced first
	/// `direct`: one round, price 0 where a price is at its floor, quantities of the plan;
	/// its outcome may be INFEASIBLE.
	const pl_rounds *rounds;
	/// What is carried out: where the rounds ended without a plan (`direct`: never), and
	/// wherever the loss is asked for. NULL: the proposals of the last round.
	const pl_ending *ending;
	const pl_plan
	        *best; ///< the tables': `direct`, and where the loss is asked for; else NULL
	/// Real growth against the year before, as the proposals of the last round have it: of
	/// what is left for consumers of the goods that they want (made and held, less used by
	/// workplaces), mean of Laspeyres' and Paasche's indices less 1. NaN in year 1.
	double growth;
	double loss; ///< of what is carried out (welfare.h); NaN where not asked for, or where
	             ///< there is no best plan, or it was not found
} pl_year;

/// Who looks on; each may be NULL. false: stop.
typedef struct {
	bool (*round)(void *self, int32_t year, const pl_round *round);
	bool (*year)(void *self, const pl_year *year);
	/// Before the rounds of a year, not of `direct`: the rule that will step, borrowed
	/// until the year is over.
	void (*rule)(void *self, int32_t year, const pl_rule *rule);
	bool stopped_too; ///< the year that `round` stopped is ended and reported like others
	void *self;
} pl_experiment_watch;

/// Play all years. Proposals that do not come are filled in by pl_rounds_fill, also with last
/// year's. A year begins at the last prices of the one before.
/// @param w may be NULL
/// @return PL_OK; PL_ESTOPPED where a watcher said so (the year it stopped is not reported,
///         unless stopped_too);
///         PL_ENOMEM; PL_EARG (start prices, settings of the rule, `direct` with a behaviour,
///         a shock that the economy does not take)
pl_status pl_experiment_run(const pl_experiment *e, const pl_experiment_watch *w,
                            pl_error *err);
#endif
