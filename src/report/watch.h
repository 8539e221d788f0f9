/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* watch.h - what there is to say of a workplace's history: sentences for the screen and the
 * page, and the section of the page. Nobody is named; groups under five are told nothing. */
#ifndef PL_REPORT_WATCH_H
#define PL_REPORT_WATCH_H
#include "report/html.h"
#include "work/monitor.h"

#include <plenum/work.h>

/// Borrowed. Begin with {0}: no history.
typedef struct {
	int32_t n;                 ///< periods
	const pl_monitor *period;  ///< [n], the last is now
	pl_monitor_settings s;     ///< they were watched with
	const pl_monitor *planned; ///< the jobs as a period of their own; NULL: there are none
	const pl_workplace *w;
	const pl_jobs *jobs;
	int64_t changed; ///< hours of the jobs that are not those of last period; < 0: not
	                 ///< known
	const void *names;
	const char *(*name)(const void *names, int32_t period);
} pl_watched;

enum { PL_WATCH_LINE = 600, PL_WATCH_PART = 24 };

/// A part as "54 %", "3.1 %"; "-" for NaN. @return out
const char *pl_watch_part(char out[PL_WATCH_PART], double part);

/// Are there enough people in a period for its numbers to be nobody's?
bool pl_watch_open(const pl_monitor *of);

/// What is to be said of the last period, a sentence after another, without a large letter and
/// a full stop: work, voice, rotation, the alarm and its answer; or that fewer than five
/// worked.
/// @param[out] line the sentence, as users named the period in it
/// @param[in,out] next 0 at first
/// @return false: there are no more
bool pl_watch_next(char line[PL_WATCH_LINE], const pl_watched *w, int *next);

/// The section of the page: these sentences, the periods as lines and as a table. Nothing
/// without a history.
void pl_watch_section(pl_html *h, const pl_watched *w);
#endif
