/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_jobs.c - plenum jobs: the tasks of a workplace shared out so that jobs are balanced. */
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/bar.h"
#include "cli/help.h"
#include "cli/jobs_across.h"
#include "cli/jobs_curve.h"
#include "cli/jobs_hired.h"
#include "cli/jobs_pay.h"
#include "cli/jobs_remedy.h"
#include "cli/jobs_rota.h"
#include "cli/jobs_watch.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "io/json.h"
#include "io/outdir.h"
#include "io/work_files.h"
#include "report/jobs.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { LINE = 600, SHOWN = 40 };
static const double hour = PL_WORK_HOUR;

typedef struct {
	pl_work_files *f;
	pl_jobs *j, *cheap; ///< cheap: the cheapest jobs, whatever their balance
	pl_work_settings s;
	pl_jobs_watch watch;
	pl_jobs_across across;
	pl_jobs_hired hired;
	pl_jobs_rota rota;
	pl_jobs_remedies remedies;
	bool curve;
	pl_jobs_cost cost[PL_JOBS_COSTS];
} view;

/* ---- for people ----------------------------------------------------------------------------
 */

__attribute__((format(printf, 1, 2))) static void say(const char *fmt, ...)
{
	char line[LINE];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	pl_help_sentence(stdout, line);
}

/// Hours for people: at most one decimal.
static const char *hours_text(char out[PL_WORK_HOURS_CHARS], int64_t hours)
{
	const int64_t tenth = PL_WORK_HOUR / 10;
	return pl_work_hours(out, (hours + tenth / 2) / tenth * tenth);
}

/// Points with two decimals.
static const char *points(char out[PL_WORK_HOURS_CHARS], double x)
{
	const int cents = (int)floor(x * 100 + 0.5);
	(void)snprintf(out, PL_WORK_HOURS_CHARS, "%d.%02d", cents / 100, cents % 100);
	return out;
}

static void print_why_not(const view *v)
{
	char a[PL_WORK_HOURS_CHARS], b[PL_WORK_HOURS_CHARS], short_of[PL_BRIEF_CHARS],
	        brief[PL_BRIEF_CHARS];
	const pl_jobs *j = v->j;
	const char *task = pl_text_brief(
	        short_of, j->short_task >= 0 ? pl_work_task_name(v->f, j->short_task) : "");
	if (j->outcome == PL_JOBS_HOURS) {
		say("there are no such jobs: the tasks take %s hours more than people offer. "
		    "Somebody has to offer more hours or join, or less has to be done",
		    hours_text(a, j->short_hours));
		return;
	}
	if (j->outcome == PL_JOBS_BLOCKS) {
		say("%s that leave everyone a large enough share of each task and at most %d "
		    "task%s: it fails at \"%s\"",
		    j->proven ? "there are no jobs" : "no jobs were found",
		    (int)v->s.tasks_most, v->s.tasks_most == 1 ? "" : "s", task);
		if (v->remedies.n == 0)
			say("nothing that would help alone was found: try smaller least shares "
			    "(min_block) of several tasks, more tasks a person (--tasks), or "
			    "more people who can do what few can");
		return;
	}
	say("there are no such jobs: %s hours of \"%s\" cannot be covered by those who can do "
	    "it, or can learn it in time",
	    hours_text(a, j->short_hours), task);
	if (j->train >= 0)
		say("\"%s\" can learn it soonest: it takes %s hours, what must be known before "
		    "included, of the %s that there are for learning",
		    pl_text_brief(brief, pl_work_person_name(v->f, j->train)),
		    hours_text(a, j->train_hours), hours_text(b, v->f->w.learning[j->train]));
	else
		say("nobody else can learn it: give learn_hours, or find somebody who can do "
		    "it");
}

static void print_people(const view *v)
{
	const pl_jobs *j = v->j;
	char text[PL_WORK_HOURS_CHARS];
	const bool scores =
	        j->n_people > PL_JOBS_ALONE; /* else all would know whose they are */
	pl_term_print(stdout, pl_term_colour(stdout), PL_BOLD, "%-26s%8s%12s%13s  %s\n",
	              "person", "hours", scores ? "empowerment" : "",
	              scores ? "desirability" : "", "lessons");
	for (int32_t m = 0; m < j->n_people && m < SHOWN; m++) {
		int64_t lessons = 0;
		for (int64_t k = j->lesson_start[m]; k < j->lesson_start[m + 1]; k++)
			lessons += v->f->w.learn[j->lesson[k]];
		pl_text_cell(stdout, pl_work_person_name(v->f, m), 25, false);
		pl_text_cell(stdout, hours_text(text, j->work[m]), 9, true);
		pl_text_cell(stdout, scores ? points(text, j->empowerment[m]) : "", 12, true);
		pl_text_cell(stdout, scores ? points(text, j->desirability[m]) : "", 13, true);
		printf("  %s\n", lessons > 0 ? hours_text(text, lessons) : "");
		for (int64_t k = j->start[m]; k < j->start[m + 1]; k++) {
			fputs("    ", stdout);
			pl_text_cell(stdout, pl_work_task_name(v->f, j->task[k]), 21, false);
			pl_text_cell(stdout, hours_text(text, j->hours[k]), 9, true);
			putchar('\n');
		}
	}
	if (j->n_people > SHOWN)
		printf("and %d more; --out DIR writes all\n", (int)(j->n_people - SHOWN));
}

/// "Ada learns computing (12 hours), then bookkeeping (24 hours)"; what takes no time is left
/// out.
static void print_lessons_of(const view *v, int32_t m)
{
	const pl_jobs *j = v->j;
	char text[PL_WORK_HOURS_CHARS], line[LINE], brief[PL_BRIEF_CHARS];
	bool some = false;
	size_t used = (size_t)snprintf(line, sizeof line, "%s learns ",
	                               pl_text_brief(brief, pl_work_person_name(v->f, m)));
	for (int64_t k = j->lesson_start[m]; k < j->lesson_start[m + 1]; k++) {
		const int64_t hours = v->f->w.learn[j->lesson[k]];
		if (hours == 0 || used > sizeof line - 120) continue;
		used += (size_t)snprintf(
		        line + used, sizeof line - used, "%s%s (%s hours)",
		        some ? ", then " : "",
		        pl_text_brief(brief, pl_work_task_name(v->f, j->lesson[k])),
		        hours_text(text, hours));
		some = true;
	}
	if (some) pl_help_sentence(stdout, line);
}

static void print_lessons(const view *v)
{
	for (int32_t m = 0; m < v->j->n_people && m < SHOWN; m++) print_lessons_of(v, m);
}

/// Scores that members gave, and how sure they are.
static void print_scores(const view *v)
{
	char low[PL_WORK_HOURS_CHARS], high[PL_WORK_HOURS_CHARS], score[PL_WORK_HOURS_CHARS];
	const pl_work_files *f = v->f;
	if (f->score[0] == NULL) return;
	pl_term_print(stdout, pl_term_colour(stdout), PL_BOLD, "%-32s%12s%32s\n", "task",
	              "empowerment", "19 times of 20 within");
	for (int32_t t = 0; t < f->w.n_tasks && t < SHOWN; t++) {
		const pl_score *s = &f->score[PL_WORK_EMPOWERMENT][t];
		pl_text_cell(stdout, pl_work_task_name(f, t), 31, false);
		pl_text_cell(stdout, points(score, f->w.empowerment[t]), 13, true);
		if (s->n > 0)
			printf("%24s to %5s\n", points(low, s->low), points(high, s->high));
		else
			puts("");
	}
	putchar('\n');
}

/// @param out the folder that was asked for, NULL: none
static void print_jobs(const view *v, const char *out)
{
	char a[PL_WORK_HOURS_CHARS], b[PL_WORK_HOURS_CHARS], c[PL_WORK_HOURS_CHARS];
	const pl_jobs *j = v->j;
	print_scores(v);
	pl_jobs_watch_print(&v->watch, v->j);
	if (j->outcome > PL_JOBS_NEAREST) {
		print_why_not(v);
		pl_jobs_remedies_print(&v->remedies, v->f);
		if (out != NULL) say("nothing was written to %.300s", out);
		return;
	}
	say("%s: nobody's job deviates by more than %s points from the mean (empowerment %s, "
	    "desirability %s, of 1 to 20)",
	    j->outcome == PL_JOBS_BALANCED ? "balanced" : "as near to balance as was found",
	    points(a, pl_jobs_at_most(j->worst)), points(b, j->mean_empowerment),
	    points(c, j->mean_desirability));
	if (j->outcome == PL_JOBS_NEAREST) {
		char line[PL_JOBS_NEARER];
		pl_jobs_say_nearer(line, sizeof line, j);
		say("%s", line);
	}
	putchar('\n');
	print_people(v);
	putchar('\n');
	print_lessons(v);
	if (v->cheap->outcome <= PL_JOBS_NEAREST)
		say("lessons take %s hours; without balance %s hours would do, and the largest "
		    "deviation would be %s points",
		    hours_text(a, j->learning), hours_text(b, v->cheap->learning),
		    points(c, v->cheap->worst));
	pl_jobs_across_print(&v->across, v->f);
	if (v->curve) pl_jobs_curve_print(v->cost);
	pl_jobs_hired_print(&v->hired, j);
	pl_jobs_pay_print(v->f, v->j);
	pl_jobs_rota_print(&v->rota, v->f);
}

/* ---- for programs --------------------------------------------------------------------------
 */

static void json_hours(pl_json *o, const char *key, int64_t hours)
{
	pl_json_put_number(o, key, (double)hours / hour);
}

static void json_person(pl_json *o, const view *v, int32_t m)
{
	const pl_jobs *j = v->j;
	pl_json_open_object(o, NULL);
	pl_json_put_text(o, "person", pl_work_person(v->f, m));
	json_hours(o, "hours", j->work[m]);
	pl_json_put_number(o, "empowerment", j->empowerment[m]);
	pl_json_put_number(o, "desirability", j->desirability[m]);
	pl_json_open_array(o, "tasks");
	for (int64_t k = j->start[m]; k < j->start[m + 1]; k++) {
		pl_json_open_object(o, NULL);
		pl_json_put_text(o, "task", pl_work_task(v->f, j->task[k]));
		json_hours(o, "hours", j->hours[k]);
		pl_json_close_object(o);
	}
	pl_json_close_array(o);
	pl_json_open_array(o, "lessons");
	for (int64_t k = j->lesson_start[m]; k < j->lesson_start[m + 1]; k++)
		pl_json_put_text(o, NULL, pl_work_task(v->f, j->lesson[k]));
	pl_json_close_array(o);
	pl_json_close_object(o);
}

static void json_score(pl_json *o, const char *key, const pl_score *s, double value)
{
	pl_json_open_object(o, key);
	pl_json_put_number(o, "score", value);
	pl_json_put_number(o, "low", s->low);
	pl_json_put_number(o, "high", s->high);
	pl_json_put_whole(o, "count", s->n);
	pl_json_close_object(o);
}

static void json_scores(pl_json *o, const view *v)
{
	const pl_work_files *f = v->f;
	if (f->score[0] == NULL) return;
	pl_json_open_array(o, "scores");
	for (int32_t t = 0; t < f->w.n_tasks; t++) {
		pl_json_open_object(o, NULL);
		pl_json_put_text(o, "task", pl_work_task(f, t));
		json_score(o, "empowerment", &f->score[PL_WORK_EMPOWERMENT][t],
		           f->w.empowerment[t]);
		json_score(o, "desirability", &f->score[PL_WORK_DESIRABILITY][t],
		           f->w.desirability[t]);
		pl_json_close_object(o);
	}
	pl_json_close_array(o);
}

static void json_jobs(const view *v)
{
	const pl_jobs *j = v->j;
	const bool some = j->outcome <= PL_JOBS_NEAREST;
	pl_json o = {.to = stdout};
	pl_json_open_object(&o, NULL);
	pl_json_put_text(&o, "outcome", pl_jobs_outcome_name((int)j->outcome));
	pl_json_put_number(&o, "worst", some ? j->worst : (double)NAN);
	pl_json_put_number(&o, "bound", some ? j->bound : (double)NAN);
	pl_json_put_bool(&o, "proven", j->proven);
	pl_json_put_number(&o, "within", v->s.within);
	pl_json_put_number(&o, "mean_empowerment", j->mean_empowerment);
	pl_json_put_number(&o, "mean_desirability", j->mean_desirability);
	json_hours(&o, "lessons_hours", j->learning);
	const bool cheap = v->cheap->outcome <= PL_JOBS_NEAREST;
	pl_json_put_number(&o, "lessons_hours_without_balance",
	                   cheap ? (double)v->cheap->learning / hour : (double)NAN);
	pl_json_put_number(&o, "worst_without_balance", cheap ? v->cheap->worst : (double)NAN);
	pl_json_put_text(&o, "short_task",
	                 j->short_task >= 0 ? pl_work_task(v->f, j->short_task) : NULL);
	json_hours(&o, "short_hours", j->short_hours);
	pl_json_put_text(&o, "train", j->train >= 0 ? pl_work_person(v->f, j->train) : NULL);
	json_hours(&o, "train_hours", j->train_hours);
	if (!some) pl_jobs_remedies_json(&o, &v->remedies, v->f);
	pl_jobs_watch_json(&o, &v->watch);
	json_scores(&o, v);
	pl_jobs_pay_json(&o, v->f);
	pl_jobs_across_json(&o, &v->across, v->f);
	if (v->curve) pl_jobs_curve_json(&o, v->cost);
	pl_jobs_hired_json(&o, &v->hired);
	pl_jobs_rota_json(&o, &v->rota, v->f);
	pl_json_open_array(&o, "people");
	for (int32_t m = 0; m < j->n_people && some; m++) json_person(&o, v, m);
	pl_json_close_array(&o);
	pl_json_put_text(&o, "version", PL_VERSION);
	pl_json_close_object(&o);
}

/* ---- files ---------------------------------------------------------------------------------
 */

static void write_page(FILE *to, const view *v)
{
	const pl_jobs_page page = {.w = &v->f->w,
	                           .s = &v->s,
	                           .jobs = v->j,
	                           .without = v->cheap,
	                           .person = pl_work_person_name,
	                           .task = pl_work_task_name,
	                           .names = v->f,
	                           .last = v->f->last,
	                           .swapped = v->rota.n_weeks,
	                           .still = pl_jobs_rota_within(&v->rota),
	                           .watch = pl_jobs_watch_told(&v->watch, v->j)};
	pl_jobs_page_write(to, &page);
}

static void write_jobs(FILE *to, const view *v)
{
	pl_work_write_jobs(to, v->f, v->j);
}

static void write_summary(FILE *to, const view *v)
{
	pl_work_write_summary(to, v->f, v->j);
}

static void write_lessons(FILE *to, const view *v)
{
	pl_work_write_lessons(to, v->f, v->j);
}

static void write_watch(FILE *to, const view *v)
{
	pl_work_write_watch(to, v->f, v->watch.period);
}

static void write_scores(FILE *to, const view *v)
{
	pl_work_write_scores(to, v->f);
}

static void write_visits(FILE *to, const view *v)
{
	pl_work_write_visits(to, v->f, v->across.a);
}

static void write_curve(FILE *to, const view *v)
{
	pl_jobs_curve_write(to, v->cost);
}

static void write_rota(FILE *to, const view *v)
{
	pl_work_write_rota(to, v->f, v->rota.rota);
}

static void write_calendar(FILE *to, const view *v)
{
	pl_work_write_calendar(to, v->f, v->rota.rota, &v->rota.monday);
}

static void write_swapped(FILE *to, const view *v)
{
	pl_jobs_rota_write(to, &v->rota, v->f);
}

static void write_pay(FILE *to, const view *v)
{
	pl_work_write_pay(to, v->f);
}

static pl_status write_files(const view *v, const char *folder, pl_error *err)
{
	const struct {
		const char *name;
		void (*write)(FILE *to, const view *v);
		bool wanted;
	} files[] = {{"jobs.csv", write_jobs, true},
	             {"summary.csv", write_summary, true},
	             {"lessons.csv", write_lessons, true},
	             {"report.html", write_page, true},
	             {"monitor.csv", write_watch, v->watch.period != NULL},
	             {"scores.csv", write_scores, v->f->score[0] != NULL},
	             {"visits.csv", write_visits,
	              v->across.policy == PL_ACROSS_REQUIRED && v->across.a != NULL},
	             {"cost.csv", write_curve, v->curve},
	             {"pay.csv", write_pay, v->f->n_pay > 0},
	             {"rota.csv", write_rota, v->rota.rota != NULL},
	             {"rota.ics", write_calendar, v->rota.rota != NULL},
	             {"swapped.csv", write_swapped, v->rota.n_weeks > 0}};
	pl_outdir *dir;
	if (folder == NULL || v->j->outcome > PL_JOBS_NEAREST) return PL_OK;
	PL_TRY(pl_outdir_open(&dir, folder, err));
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		if (!files[i].wanted) continue;
		FILE *to = pl_outdir_file(dir, files[i].name, err);
		if (to == NULL) {
			pl_outdir_abandon(dir);
			return PL_EIO;
		}
		files[i].write(to, v);
	}
	return pl_outdir_commit(dir, err);
}

/* ---- the verb ------------------------------------------------------------------------------
 */

static pl_status settings_of(pl_work_settings *s, const pl_args *a, pl_error *err)
{
	*s = pl_work_preset();
	s->tasks_most = (int32_t)pl_args_whole(a, PL_O_tasks, s->tasks_most);
	const char *within = pl_args_text(a, PL_O_within);
	if (within != NULL && (pl_number_read(&s->within, within) != PL_OK ||
	                       !(s->within >= 0 && s->within <= 20)))
		return pl_fail(err, PL_EARG, -1, "--within is a number of points from 0 to 20");
	return PL_OK;
}

/// Name the row that a refusal speaks of.
static pl_status name_row(const view *v, pl_status status, pl_error *err)
{
	const pl_error was = *err;
	if (status != PL_EARG || was.where < 0) return status;
	const int64_t person = was.where - v->f->w.n_tasks;
	char brief[PL_BRIEF_CHARS];
	const char *id = person < 0 ? pl_work_task(v->f, (int32_t)was.where)
	                            : pl_work_person(v->f, (int32_t)person);
	return pl_fail(err, status, was.where, "%s: \"%s\": %.300s",
	               person < 0 ? "tasks.csv" : "people.csv", pl_text_brief(brief, id),
	               was.msg);
}

static pl_status find(view *v, pl_error *err)
{
	pl_work_settings cheap = v->s;
	cheap.balance = false;
	pl_status status = pl_work_balance(&v->j, &v->f->w, &v->s, err);
	if (status != PL_OK) return name_row(v, status, err);
	PL_TRY(pl_jobs_check(&v->f->w, &v->s, v->j, err));
	PL_TRY(pl_work_remedies(v->remedies.of, &v->remedies.n, &v->f->w, &v->s, v->j, err));
	PL_TRY(pl_work_balance(&v->cheap, &v->f->w, &cheap, err));
	return pl_jobs_check(&v->f->w, &cheap, v->cheap, err);
}

static void show_progress(void *bar, const pl_work_progress *now)
{
	pl_bar_points(bar, now->phase, now->worst);
}

int pl_verb_jobs(const pl_args *a)
{
	view v = {0};
	pl_bar bar = pl_bar_begin(stderr, !pl_args_has(a, PL_O_quiet), NULL, 0);
	pl_faults faults = {0};
	pl_error err;
	const pl_source from = {.folder = a->arg[0]};
	pl_stop_at_once();
	pl_status status = settings_of(&v.s, a, &err);
	if (status == PL_OK)
		status = pl_work_read(&v.f, &from, pl_args_text(a, PL_O_occupations),
		                      pl_args_text(a, PL_O_from_payroll), &faults, &err);
	if (status == PL_OK) status = pl_jobs_watch_settings(&v.watch.s, a, &err);
	if (status == PL_OK) status = pl_jobs_across_settings(&v.across, a, &err);
	if (status == PL_OK) status = pl_jobs_rota_settings(&v.rota, a, &err);
	v.rota.within = v.s.within;
	v.s.tell = show_progress;
	v.s.to = &bar;
	if (status == PL_OK) status = find(&v, &err);
	if (status == PL_OK) status = pl_jobs_rota_find(&v.rota, v.f, v.j, &err);
	if (status == PL_OK) status = pl_jobs_across_find(&v.across, v.f, &err);
	v.curve = pl_args_has(a, PL_O_curve);
	if (status == PL_OK && v.curve) status = pl_jobs_curve(v.cost, &v.f->w, &v.s, &err);
	v.hired.asked = pl_args_has(a, PL_O_hired);
	if (status == PL_OK) status = pl_jobs_hired_find(&v.hired, v.f, &v.s, v.j, &err);
	if (status == PL_OK) status = pl_jobs_watch_find(&v.watch, v.f, v.j, &err);
	pl_bar_end(&bar);
	pl_stop_listen();
	if (status == PL_OK) status = write_files(&v, pl_args_text(a, PL_O_out), &err);
	int code = PL_EXIT_INPUT;
	if (status != PL_OK) {
		(void)pl_tell_faults(a, &faults, &err);
	} else {
		if (pl_args_has(a, PL_O_json))
			json_jobs(&v);
		else if (!pl_args_has(a, PL_O_quiet))
			print_jobs(&v, pl_args_text(a, PL_O_out));
		code = v.j->outcome == PL_JOBS_BALANCED ? PL_EXIT_GOOD : PL_EXIT_NOT;
	}
	pl_jobs_watch_free(&v.watch);
	pl_jobs_across_free(&v.across);
	pl_jobs_rota_free(&v.rota);
	pl_jobs_free(v.j);
	pl_jobs_free(v.cheap);
	pl_work_files_free(v.f);
	pl_faults_clear(&faults);
	return code;
}
