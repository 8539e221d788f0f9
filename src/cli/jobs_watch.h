/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_watch.h - what plenum jobs tells of a workplace's history. */
#ifndef PL_CLI_JOBS_WATCH_H
#define PL_CLI_JOBS_WATCH_H
#include "cli/args.h"
#include "io/json.h"
#include "io/work_files.h"
#include "report/watch.h"

/// What was watched. Begin with {0}; free with pl_jobs_watch_free.
typedef struct {
	const pl_work_files *f;
	pl_monitor_settings s;
	pl_monitor *period; ///< [f->history.n_periods]
	pl_monitor planned; ///< the jobs that were found, as a history of one period
	bool answered;      ///< there are such jobs
} pl_jobs_watch;

/// Settings of --window and --alarm. @return PL_OK, PL_EARG
pl_status pl_jobs_watch_settings(pl_monitor_settings *s, const pl_args *a, pl_error *err);
/// Watch the history, if there is one, and what the jobs would make of it.
/// @param v s is set
pl_status pl_jobs_watch_find(pl_jobs_watch *v, const pl_work_files *f, const pl_jobs *j,
                             pl_error *err);
void pl_jobs_watch_free(pl_jobs_watch *v);
/// What is said of it on the screen and on the page.
pl_watched pl_jobs_watch_told(const pl_jobs_watch *v, const pl_jobs *j);
/// Nothing without a history.
void pl_jobs_watch_print(const pl_jobs_watch *v, const pl_jobs *j);
/// "alarm", "tokenistic", "planned" and "watch" of the one object on standard output.
void pl_jobs_watch_json(pl_json *o, const pl_jobs_watch *v);
#endif
