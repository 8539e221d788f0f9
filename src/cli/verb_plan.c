/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_plan.c - plenum plan: read, clear, check, write, print, in this order, so that nothing
 * is stored or printed that was not checked. */
#include "base/threads.h"
#include "cli/bar.h"
#include "cli/begin.h"
#include "cli/judge.h"
#include "cli/plan_proposed.h"
#include "cli/screen.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "io/plan_files.h"
#include "report/report.h"

/// A plan on its way from the tables to the screen.
typedef struct {
	const pl_args *a;
	pl_begin b;
	pl_plan *p;
	pl_bar bar;
	pl_steps steps; ///< for the report
	double seconds;
} job;

/// pl_watch: draw the bar, keep the step.
static bool watch(void *self, const pl_progress *now)
{
	job *j = self;
	pl_steps_add(&j->steps, now);
	return pl_bar_watch(&j->bar, now);
}

static int clear(job *j)
{
	pl_error err;
	j->bar = pl_bar_begin(stderr, !pl_args_has(j->a, PL_O_quiet), j->b.m,
	                      j->b.settings.tolerance);
	const double begun = pl_bar_clock();
	const pl_status s =
	        pl_plan_clear(&j->p, j->b.m, &j->b.settings, j->b.start, watch, j, &err);
	j->seconds = pl_bar_clock() - begun;
	pl_bar_end(&j->bar);
	if (s == PL_ESTOPPED || (s == PL_OK && j->p->outcome == PL_STOPPED))
		return PL_EXIT_STOPPED;
	return s == PL_OK ? PL_EXIT_GOOD : pl_tell_error(j->a, &err);
}

static pl_run_facts facts_of(const job *j)
{
	return (pl_run_facts){.seconds = j->seconds,
	                      .economy = j->b.folder,
	                      .inputs = j->b.inputs,
	                      .settings = &j->b.settings};
}

static pl_status write_report(FILE *to, void *self, pl_error *err)
{
	const job *j = self;
	return pl_report_write(to, j->b.m, j->p, &j->steps, err);
}

static int deliver(job *j)
{
	pl_error err;
	const pl_run_facts facts = facts_of(j);
	const pl_plan_extra report[] = {{"report.html", write_report, j}, {0}};
	if (j->b.out != NULL &&
	    pl_plan_write(j->b.out, j->b.m, j->p, &facts, report, &err) != PL_OK)
		return pl_tell_error(j->a, &err);
	const int code = j->p->outcome == PL_CLEARED ? PL_EXIT_GOOD : PL_EXIT_NOT;
	if (pl_args_has(j->a, PL_O_json)) {
		pl_plan_json(stdout, j->b.m, j->p, &facts, false);
		return code;
	}
	if (pl_args_has(j->a, PL_O_quiet)) return code;
	const pl_screen_facts show = {j->seconds, j->b.folder, j->b.out,
	                              pl_term_colour(stdout)};
	if (j->p->outcome == PL_INFEASIBLE)
		pl_screen_conflict(stdout, j->b.m, j->p, &show);
	else if (pl_screen_plan(stdout, j->b.m, j->p, &show, &err) != PL_OK)
		return pl_tell_error(j->a, &err);
	return code;
}

/// After Ctrl-C: programs get the object with its outcome, nothing is written.
static void show_stopped(const job *j)
{
	const pl_run_facts facts = facts_of(j);
	if (j->p != NULL && pl_args_has(j->a, PL_O_json))
		pl_plan_json(stdout, j->b.m, j->p, &facts, false);
	pl_tell_note(j->a, "stopped before there was a plan; nothing was written");
}

int pl_verb_plan(const pl_args *a)
{
	job j = {.a = a};
	pl_threads_set((int)pl_args_whole(a, PL_O_threads, 0));
	int code = pl_begin_read(&j.b, a);
	if (code == PL_EXIT_GOOD && pl_stop_asked()) code = PL_EXIT_STOPPED;
	if (code == PL_EXIT_GOOD && pl_args_has(a, PL_O_proposed)) {
		code = pl_plan_proposed(&j.b, a);
		pl_begin_free(&j.b);
		return code;
	}
	if (code == PL_EXIT_GOOD) code = clear(&j);
	if (code == PL_EXIT_GOOD) code = pl_judge_own(a, j.b.m, j.p);
	if (code == PL_EXIT_GOOD)
		code = deliver(&j);
	else if (code == PL_EXIT_STOPPED)
		show_stopped(&j);
	pl_plan_free(j.p);
	pl_begin_free(&j.b);
	return code;
}
