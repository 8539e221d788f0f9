/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* profile.h - what each of many voters would gain from each of a few options, made up. */
#ifndef PL_LAB_PROFILE_H
#define PL_LAB_PROFILE_H
#include <plenum/base.h>

enum { PL_UTILITY_MOST = 1000000 };

/// Utilities are whole numbers, so that sums are exact whatever the order and the compiler.
typedef struct {
	int32_t voters, options;
	int32_t *utility; ///< [voters * options] 0 .. PL_UTILITY_MOST, a voter's side by side
	int32_t *order;   ///< [options] drawn by lot: settles ties
} pl_profile;

/// Where utilities come from. `docs/votes.md` tells what each stands for.
typedef enum {
	/// Each utility is uniform, of nobody and nothing else: the impartial culture.
	PL_CULTURE_IMPARTIAL,
	/// Voters and options are normal points on a plane; utility is 1 / (1 + distance).
	PL_CULTURE_SPATIAL,
	/// Two camps, the larger with 50 to 60 %; what one values the other does not.
	PL_CULTURE_POLARISED,
	/// 55 to 75 % care a little; the others care much, the other way round.
	PL_CULTURE_INTENSE,
	PL_CULTURES
} pl_culture;
const char *pl_culture_name(int culture); ///< "impartial", ...; NULL outside the enum

/// Room for a profile. @return PL_OK, PL_ENOMEM
pl_status pl_profile_new(pl_profile **out, int32_t voters, int32_t options, pl_error *err);
void pl_profile_free(pl_profile *p); ///< NULL allowed
/// Draw profile number @p which of a seed: the same whatever was drawn before.
void pl_profile_draw(pl_profile *p, pl_culture culture, uint64_t seed, int64_t which);

/// What a voter gains from an option.
static inline int32_t pl_utility(const pl_profile *p, int32_t voter, int32_t option)
{
	return p->utility[(int64_t)voter * p->options + option];
}
#endif
