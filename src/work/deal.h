/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* deal.h - tasks dealt out to people, while the search goes on: hours are whole thousandths,
 * so that nothing is ever lost or doubled. */
#ifndef PL_WORK_DEAL_H
#define PL_WORK_DEAL_H
#include "work/able.h"

enum { PL_HAND_MOST = 24 }; ///< more than anyone may keep: the first dealing may need more

/// What one person does; hours > 0.
typedef struct {
	int32_t n;
	int32_t task[PL_HAND_MOST];
	int64_t hours[PL_HAND_MOST];
} pl_hand;

/// A workplace with what follows from it, and what was dealt out. Its invariant while it is
/// searched (work-1): every task's hours are in hands, and every hand holds `work`.
typedef struct {
	const pl_workplace *w;
	pl_able *able;
	pl_work_settings s;
	int64_t *work;  ///< [n_people] hours to be worked
	int64_t *block; ///< [n_tasks] least share: min(block, need), at least 1
	double *x, *y;  ///< [n_tasks] empowerment and desirability, less their means
	double mean_x, mean_y;
	bool *heavy;    ///< [n_people] has too much to learn; as of pl_deal_weigh
	double *part;   ///< [n_people] 1 / work, 0 where that is 0
	pl_hand *hand;  ///< [n_people]
	uint64_t *held; ///< bits of who holds a task, as pl_able.able: scratch of the search
	double *px,
	        *py; ///< [n_people] sum of hours times x, y, thousandths of an hour * points
} pl_deal;

/// @return PL_OK, PL_ENOMEM, PL_EARG
pl_status pl_deal_new(pl_deal **out, const pl_workplace *w, const pl_work_settings *s,
                      pl_error *err);
void pl_deal_free(pl_deal *d); ///< NULL allowed

/// Hours of a task in a hand.
int64_t pl_hand_of(const pl_hand *h, int32_t task);
/// Add hours, below 0 too. @return false: the hand is full
bool pl_hand_add(pl_hand *h, int32_t task, int64_t hours);
/// Sum up px, py of a person again, and whether there is too much to learn.
void pl_deal_weigh(pl_deal *d, int32_t person);
/// Deviation of a person, points.
double pl_deal_off(const pl_deal *d, int32_t person);
double pl_deal_worst(const pl_deal *d);
/// Would all that a person must learn for a hand take longer than there is?
bool pl_deal_too_much(const pl_deal *d, int32_t person, const pl_hand *h);
/// Shares that are too small, tasks above the limit and people with too much to learn, counted;
/// 0: the deal may stand.
int64_t pl_deal_faults(const pl_deal *d);
/// The same of one person.
int64_t pl_deal_faults_of(const pl_deal *d, int32_t person);

/// Tell who watches what is being done. @param worst points; not finite: no jobs yet
void pl_deal_tell(const pl_deal *d, const char *phase, double worst);

/// What could not be dealt out. Begin with {-1}.
typedef struct {
	int32_t task; ///< -1: nothing
	int64_t hours;
	bool full; ///< only because hands are full
} pl_shortage;
/// Deal out what is not in hands yet to people whose bits are set, in parts of about
/// work / parts where that serves, moving what others hold where that is the only way.
/// @param bits as pl_able.able @return PL_OK, also with a shortage; PL_ENOMEM
pl_status pl_deal_cover(pl_shortage *out, pl_deal *d, const uint64_t *bits, int parts,
                        pl_error *err);
#endif
