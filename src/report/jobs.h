/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs.h - balanced jobs as one page for the people of a workplace. */
#ifndef PL_REPORT_JOBS_H
#define PL_REPORT_JOBS_H
#include "report/watch.h"

#include <stdio.h>

typedef struct {
	const pl_workplace *w;
	const pl_work_settings *s;
	const pl_jobs *jobs, *without; ///< without: the cheapest jobs, whatever their balance
	bool last;                     ///< there are hours of last period to compare with
	pl_watched watch;              ///< {0}: no history
	int32_t swapped,
	        still; ///< people who swapped days, and those of them within afterwards
	const void *names;
	const char *(*person)(const void *names, int32_t person);
	const char *(*task)(const void *names, int32_t task);
} pl_jobs_page;

/// People up to whom nobody's scores are shown: each would know whose they are.
enum { PL_JOBS_ALONE = 4 };

enum { PL_JOBS_NEARER = 100 };
/// What the bound of jobs that are not balanced tells, as a sentence without a large letter and
/// a full stop.
void pl_jobs_say_nearer(char *out, size_t room, const pl_jobs *j);
/// Points to the next hundredth above: nobody deviates by more.
double pl_jobs_at_most(double points);

/// What swaps of days leave of the balance of that week, as a sentence without a large letter
/// and a full stop.
void pl_jobs_say_swaps(char *out, size_t room, int32_t swapped, int32_t still, double within);

/// Write one self-contained page (report-2): what was watched over time, who does what, the
/// distribution of empowerment and desirability before and after, lessons, proof. People stand
/// in the order of their table and are never ranked; dots have no names. Faults of writing show
/// in ferror(to).
void pl_jobs_page_write(FILE *to, const pl_jobs_page *page);
#endif
