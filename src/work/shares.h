/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* shares.h - what the share of each person in each task can still be while branching: nothing,
 * or hours between two bounds; and what follows from that for all other shares. */
#ifndef PL_WORK_SHARES_H
#define PL_WORK_SHARES_H
#include "work/deal.h"

typedef enum { PL_SHARE_OPEN, PL_SHARE_NONE, PL_SHARE_SOME } pl_share_is;

/// Of a pair (person, task): no hours (not PL_SHARE_SOME), or low..high (not PL_SHARE_NONE).
typedef struct {
	int64_t low, high; ///< thousandths of an hour
	pl_share_is is;
} pl_share;

/// Sets of tasks, as bits, that a person could hold; those that still can come first.
typedef struct {
	uint64_t *set; ///< NULL: too many, none is listed
	int32_t n, alive;
	int32_t tasks;  ///< most in one that is alive
	uint64_t stale; ///< bits of tasks whose shares changed since sets were looked at
} pl_hands;

typedef struct {
	const pl_deal *d;
	int32_t n_pairs;
	int32_t *person, *task; ///< [n_pairs] rising by person, then by task
	int32_t *of_person;     ///< [n_people + 1] first pair
	int32_t *of_task;       ///< [n_tasks + 1] first of `listed`
	int32_t *listed;        ///< [n_pairs] pairs by task
	int32_t *equal;         ///< [n_people] the last before who is the same in all; -1: none
	pl_share *share;        ///< [n_pairs]
	pl_hands *hands;        ///< [n_people]
	uint64_t *moved;        ///< bits of people, then of tasks, to be looked at again
	int32_t *failed;        ///< [n_tasks] times that the sum of a task could not come out
	bool brief;             ///< do not narrow sets of tasks from which little can follow
	double near;   ///< only deals whose largest deviation is below this are looked for
	int64_t spent; ///< about as many numbers were looked at
} pl_shares;

/// All shares that may be. @return PL_OK, PL_ENOMEM
pl_status pl_shares_new(pl_shares **out, const pl_deal *d, pl_error *err);
void pl_shares_free(pl_shares *s); ///< NULL allowed

/// Decide that a share is some or none. @return false: it cannot be
bool pl_shares_decide(pl_shares *s, int32_t pair, bool some);
/// All that follows. It never rules out a deal that may stand and is nearer than `near`, but
/// for those in which equal people have changed places.
/// @return false: there is no such deal
bool pl_shares_follow(pl_shares *s);

/// What pl_shares_keep keeps.
typedef struct {
	pl_share *share;
	pl_hands *hands;
} pl_shares_kept;
pl_status pl_shares_keep(pl_shares_kept *k, const pl_shares *s, pl_error *err);
void pl_shares_restore(pl_shares *s, const pl_shares_kept *k);
void pl_shares_drop(pl_shares_kept *k);
#endif
