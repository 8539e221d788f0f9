/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_plan.c - plenum plan: read, clear, check, write, print, in this order, so that nothing
 * is stored or printed that was not checked. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "cli/bar.h"
#include "cli/folder.h"
#include "cli/judge.h"
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
	const char *folder, *out; ///< out: NULL where nothing is to be written
	pl_settings settings;
	pl_model *m;
	double *start; ///< [n_goods], or NULL for last year's prices
	pl_plan *p;
	pl_bar bar;
	pl_steps steps; ///< for the report
	double seconds;
	char inputs[65];
} job;

/// A folder that holds an economy is no place for a plan; found before the work, not after.
static pl_status check_out(const job *j, pl_error *err)
{
	pl_error why;
	if (j->out == NULL || pl_folder_refuse(j->out, PL_FOLDER_MARKS, &why) == PL_OK)
		return PL_OK;
	return pl_fail(err, PL_EARG, -1, "--out: %.400s", why.msg);
}

/// --start: one price for all goods, or a table of prices.
static pl_status read_start(job *j, pl_faults *faults, pl_error *err)
{
	const char *text = pl_args_text(j->a, PL_O_start);
	double price;
	if (text == NULL) return PL_OK;
	const pl_status number = pl_number_read(&price, text);
	if (number == PL_EARG || (number == PL_OK && !(price > 0)))
		return pl_fail(err, PL_EARG, -1,
		               "--start: a price is above 0 and fits a number");
	j->start = pl_alloc(j->m->n_goods, sizeof *j->start);
	if (j->start == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the start prices");
	if (number != PL_OK) return pl_start_read(j->start, j->m, text, faults, err);
	for (int32_t i = 0; i < j->m->n_goods; i++) j->start[i] = price;
	return PL_OK;
}

static int read_all(job *j)
{
	pl_faults faults = {0};
	pl_error err;
	pl_status s = check_out(j, &err);
	if (s == PL_OK) s = pl_economy_read(&j->m, &j->settings, j->folder, &faults, &err);
	if (s == PL_OK) s = pl_folder_hash(j->inputs, j->folder, &err);
	/* what the command line sets goes before what economy.csv sets */
	if (s == PL_OK) s = pl_args_settings(&j->settings, j->a, &err);
	if (s == PL_OK) s = read_start(j, &faults, &err);
	int code = PL_EXIT_GOOD;
	if (s != PL_OK)
		code = pl_tell_faults(j->a, &faults, &err);
	else
		pl_tell_warnings(j->a, &faults);
	pl_faults_clear(&faults);
	return code;
}

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
	j->bar = pl_bar_begin(stderr, !pl_args_has(j->a, PL_O_quiet), j->m,
	                      j->settings.tolerance);
	const double begun = pl_bar_clock();
	const pl_status s = pl_plan_clear(&j->p, j->m, &j->settings, j->start, watch, j, &err);
	j->seconds = pl_bar_clock() - begun;
	pl_bar_end(&j->bar);
	if (s == PL_ESTOPPED || (s == PL_OK && j->p->outcome == PL_STOPPED))
		return PL_EXIT_STOPPED;
	return s == PL_OK ? PL_EXIT_GOOD : pl_tell_error(j->a, &err);
}

static pl_run_facts facts_of(const job *j)
{
	return (pl_run_facts){.seconds = j->seconds,
	                      .economy = j->folder,
	                      .inputs = j->inputs,
	                      .settings = &j->settings};
}

static pl_status write_report(FILE *to, void *self, pl_error *err)
{
	const job *j = self;
	return pl_report_write(to, j->m, j->p, &j->steps, err);
}

static int deliver(job *j)
{
	pl_error err;
	const pl_run_facts facts = facts_of(j);
	const pl_plan_extra report[] = {{"report.html", write_report, j}, {0}};
	if (j->out != NULL && pl_plan_write(j->out, j->m, j->p, &facts, report, &err) != PL_OK)
		return pl_tell_error(j->a, &err);
	const int code = j->p->outcome == PL_CLEARED ? PL_EXIT_GOOD : PL_EXIT_NOT;
	if (pl_args_has(j->a, PL_O_json)) {
		pl_plan_json(stdout, j->m, j->p, &facts, false);
		return code;
	}
	if (pl_args_has(j->a, PL_O_quiet)) return code;
	const pl_screen_facts show = {j->seconds, j->folder, j->out, pl_term_colour(stdout)};
	if (j->p->outcome == PL_INFEASIBLE)
		pl_screen_conflict(stdout, j->m, j->p, &show);
	else if (pl_screen_plan(stdout, j->m, j->p, &show, &err) != PL_OK)
		return pl_tell_error(j->a, &err);
	return code;
}

/// After Ctrl-C: programs get the object with its outcome, nothing is written.
static void show_stopped(const job *j)
{
	const pl_run_facts facts = facts_of(j);
	if (j->p != NULL && pl_args_has(j->a, PL_O_json))
		pl_plan_json(stdout, j->m, j->p, &facts, false);
	pl_tell_note(j->a, "stopped before there was a plan; nothing was written");
}

int pl_verb_plan(const pl_args *a)
{
	job j = {.a = a,
	         .folder = a->arg[0],
	         .out = pl_args_text(a, PL_O_out),
	         .settings = pl_settings_preset()};
	pl_threads_set((int)pl_args_whole(a, PL_O_threads, 0));
	int code = read_all(&j);
	if (code == PL_EXIT_GOOD && pl_stop_asked()) code = PL_EXIT_STOPPED;
	if (code == PL_EXIT_GOOD) code = clear(&j);
	if (code == PL_EXIT_GOOD) code = pl_judge_own(a, j.m, j.p);
	if (code == PL_EXIT_GOOD)
		code = deliver(&j);
	else if (code == PL_EXIT_STOPPED)
		show_stopped(&j);
	pl_plan_free(j.p);
	pl_free(j.start);
	pl_model_free(j.m);
	return code;
}
