/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* regret.h - voting rules compared on the same profiles of preferences. */
#ifndef PL_LAB_REGRET_H
#define PL_LAB_REGRET_H
#include "lab/profile.h"

#include <plenum/vote.h>

/// Rules, each with the ballots that people fill in for it.
typedef enum {
	PL_REGRET_PLURALITY,  ///< one mark each; most marks
	PL_REGRET_RUNOFF,     ///< ranked; stv with one seat
	PL_REGRET_SCHULZE,    ///< ranked
	PL_REGRET_APPROVAL,   ///< marks what is better than one's own mean
	PL_REGRET_SCORE,      ///< points 0 .. 100 on a scale that all share
	PL_REGRET_NORMALISED, ///< the same, each ballot stretched to the full range
	PL_REGRET_STAKE, ///< one mark each, weighing by what the voter stands to win or lose
	PL_REGRET_RULES
} pl_regret_rule;
const char *pl_regret_rule_name(int rule); ///< "plurality", ...; NULL outside the enum

/// How ballots follow from utilities.
typedef enum {
	PL_REGRET_HONEST,
	/// Everybody knows the two options with most first choices and makes the most of the
	/// choice between them: marks the better of the two alone; approves of it and of what
	/// is better still; gives those all points and the others none; ranks the better one
	/// first and the worse one last; claims as large a stake as anybody.
	PL_REGRET_STRATEGIC,
	PL_REGRET_WAYS
} pl_regret_way;
const char *pl_regret_way_name(int way); ///< "honest", "strategic"

/// How one count ended.
typedef struct {
	int32_t winner;
	/// (best - winner's) / (best - mean), of the sums of utilities over all voters: 0 for
	/// the best option, 1 for what an option drawn by lot gives on average.
	double regret;
	double worst; ///< mean utility, 0 .. 1, of the third of the voters with the lowest
} pl_regret_count;

/// A profile, judged.
typedef struct {
	int32_t best;      ///< option with the largest sum of utilities
	int32_t condorcet; ///< option that more prefer than not to any other; -1: there is none
	int32_t first;     ///< voters who like the honest winner of plurality best
	double gain, loss; ///< what these gain from it over the best option, and the others
	                   ///< lose, mean utility 0 .. 1 of each; 0 where nobody is
	pl_regret_count count[PL_REGRET_WAYS][PL_REGRET_RULES];
} pl_regret_trial;

/// Count one profile by every rule. @return PL_OK, PL_ENOMEM, PL_EARG
pl_status pl_regret_judge(pl_regret_trial *out, const pl_profile *p, pl_error *err);

typedef struct {
	pl_culture culture;
	int64_t profiles;        ///< > 0
	int32_t voters, options; ///< >= 3, >= 2
	uint64_t seed;
} pl_regret_spec;

/// Means over profiles.
typedef struct {
	double regret, best,
	        worst;    ///< best: part of the profiles in which the best option wins
	double condorcet; ///< part of those with a Condorcet winner in which it wins
} pl_regret_mean;

typedef struct {
	pl_regret_spec spec;
	pl_regret_trial *trial; ///< [spec.profiles]
	int64_t with_condorcet;
	pl_regret_mean mean[PL_REGRET_WAYS][PL_REGRET_RULES];
	int64_t example; ///< profile in which more than half get what they like best and the
	                 ///< others together lose most by it, as regret; -1: none
} pl_regret;

/// Draw and judge profiles; the same for any number of threads.
/// @return PL_OK, PL_ENOMEM, PL_EARG
pl_status pl_regret_run(pl_regret **out, const pl_regret_spec *spec, pl_error *err);
void pl_regret_free(pl_regret *r); ///< NULL allowed
#endif
