/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* monitor.h - who did the empowering work over time, whether rotation is more than a token, and
 * whether those who do that work have begun to rule the meetings. docs/jobs.md tells it. */
#ifndef PL_WORK_MONITOR_H
#define PL_WORK_MONITOR_H
#include <plenum/base.h>

/// Hours of a person at a task in a period; several rows of the same are added.
typedef struct {
	int32_t period, person, task;
	int64_t hours; ///< thousandths of an hour, >= 0
} pl_work_did;

/// What a person said and moved in the meetings of a period; several rows are added.
enum { PL_VOICE_MINUTES, PL_VOICE_PROPOSALS, PL_VOICE_WON, PL_VOICES };
typedef struct {
	int32_t period, person;
	double amount[PL_VOICES]; ///< minutes spoken, proposals written, votes won, >= 0
} pl_work_voice;

/// Borrowed; rows stand in any order.
typedef struct {
	int32_t n_periods, n_people, n_tasks;
	const double *empowerment; ///< [n_tasks] 1 .. 20
	const bool *decisive;      ///< [n_tasks]
	double mean; ///< points: work above it is empowering, as a rule the tasks' mean by
	             ///< hours
	int64_t n_did, n_voice;
	const pl_work_did *did;
	const pl_work_voice *voice;
} pl_work_history;

enum { PL_MONITOR_PEOPLE = 5 }; ///< of whom one is a fifth
typedef struct {
	int32_t window; ///< periods that are taken together, the last of them included, >= 1
	double alarm;   ///< part of empowering or decisive work done in a fifth of the hours,
	                ///< among at least PL_MONITOR_PEOPLE
	double token;   ///< rotation that leaves this part of the imbalance is a token
	double even;    ///< points; an imbalance up to this is none
} pl_monitor_settings;
pl_monitor_settings pl_monitor_preset(void); ///< 12 periods, 0.5, 0.9, 1 point

/// How unevenly something is shared. With amounts x and weights w of people, by falling x/w:
/// gini is twice the area between the Lorenz curve and the diagonal (0: all have the same x/w),
/// top is the part of all x that the first fifth of all w has (0.2 .. 1). Those of the same x/w
/// share the border of the fifth evenly. NaN where there is nothing to share.
typedef struct {
	double gini, top;
} pl_concentration;
/// A place in that order.
typedef struct {
	double rate;
	int32_t who;
} pl_ranked;
/// @param[out] part [n] how far each belongs to that first fifth, 0 .. 1; NULL: not asked
/// @param x,w [n] >= 0; who has w = 0 does not count
/// @param order [n] to work in
pl_concentration pl_concentration_of(double *part, int32_t n, const double *x, const double *w,
                                     pl_ranked *order);

/// One period, together with those of its window.
///
/// Empowering work is what lies above the mean; it and decisive work are weighed by the hours
/// of each, voice by heads. E[m] is the mean empowerment of a person's hours,
///   imbalance = sum hours[m] |E[m] - mean| / sum hours
/// A job lies on the side of the mean on which E[m] is. Had everybody done only those of their
/// tasks that lie on that side, in the proportions they did them, imbalance would be `without`;
/// left = imbalance / without is 1 where nobody crosses the mean, 0 where every job is a mix
/// that comes to the mean, and above 0.9 where the other side is a token.
typedef struct {
	int32_t people; ///< who worked
	int64_t hours;
	pl_concentration empowering, decisive;
	pl_concentration voice[PL_VOICES];
	double ruled[PL_VOICES]; ///< part of the voice of the fifth with the most empowering
	                         ///< work
	double class_index; ///< mean of that fifth's parts of work and voice, 0.2 -> 0, 1 -> 1
	double imbalance, without, left; ///< points, points, part
	int32_t rotating;                ///< people with some hours on the other side
	double rotated;                  ///< these hours as a part of all
	bool tokenistic, alarm;
} pl_monitor;

/// Watch every period.
/// @param[out] out [h->n_periods]
/// @param s NULL: pl_monitor_preset
/// @return PL_OK; PL_EARG (err->where: the row); PL_ENOMEM
pl_status pl_work_watch(pl_monitor *out, const pl_work_history *h, const pl_monitor_settings *s,
                        pl_error *err);
#endif
