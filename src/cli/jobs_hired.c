/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_hired.c - a hired manager beside balanced jobs. */
#include "cli/jobs_hired.h"

#include "base/alloc.h"
#include "base/error.h"
#include "cli/help.h"
#include "report/watch.h"

#include <string.h>

enum { LINE = 800 };
static const double hour = PL_WORK_HOUR;

/* ---- finding ---- */

static int64_t longest(const pl_workplace *w)
{
	int64_t most = 1;
	for (int32_t m = 0; m < w->n_people; m++)
		if (w->hours[m] > most) most = w->hours[m];
	return most;
}

/// What somebody hired does of a task, as evenly as whole thousandths can be.
static int64_t part_of(int64_t need, int32_t person, int32_t people)
{
	return need / people + (person < need % people);
}

/// Watch one period: jobs, and whoever is hired for the decisive tasks.
static pl_status watch(pl_monitor *out, const pl_work_files *f, const pl_jobs *j,
                       int32_t people, pl_error *err)
{
	const int64_t held = j->start[j->n_people];
	pl_work_did *did = pl_alloc(held + (int64_t)people * f->w.n_tasks, sizeof *did);
	if (did == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to watch the jobs");
	int64_t n = 0;
	for (int32_t m = 0; m < j->n_people; m++)
		for (int64_t k = j->start[m]; k < j->start[m + 1]; k++)
			did[n++] = (pl_work_did){0, m, j->task[k], j->hours[k]};
	for (int32_t t = 0; t < f->w.n_tasks; t++)
		for (int32_t p = 0; p < people && f->history.decisive[t]; p++)
			did[n++] = (pl_work_did){0, j->n_people + p, t,
			                         part_of(f->w.need[t], p, people)};
	pl_work_history h = f->history;
	h.n_periods = 1;
	h.n_people = j->n_people + people;
	h.did = did;
	h.n_did = n;
	h.n_voice = 0;
	const pl_status status = pl_work_watch(out, &h, NULL, err);
	pl_free(did);
	return status;
}

/// @param need [n_tasks] hours without the decisive tasks
static pl_status compare(pl_jobs_hired *v, const int64_t *need, const pl_work_files *f,
                         const pl_work_settings *s, const pl_jobs *j, pl_error *err)
{
	pl_workplace rest = f->w;
	pl_jobs *others = NULL;
	rest.need = need;
	PL_TRY(pl_work_balance(&others, &rest, s, err));
	pl_status status = pl_jobs_check(&rest, s, others, err);
	v->some = others->outcome <= PL_JOBS_NEAREST;
	v->empowerment = others->mean_empowerment;
	v->worst = others->worst;
	v->learning = others->learning;
	if (status == PL_OK && v->some) status = watch(&v->hired, f, others, v->people, err);
	if (status == PL_OK && v->some) status = watch(&v->shared, f, j, 0, err);
	pl_jobs_free(others);
	return status;
}

pl_status pl_jobs_hired_find(pl_jobs_hired *v, const pl_work_files *f,
                             const pl_work_settings *s, const pl_jobs *j, pl_error *err)
{
	if (!v->asked || j->outcome > PL_JOBS_NEAREST) return PL_OK;
	int64_t *need = pl_alloc(f->w.n_tasks, sizeof *need), others = 0;
	if (need == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to compare jobs");
	for (int32_t t = 0; t < f->w.n_tasks; t++) {
		const bool decisive = f->history.decisive[t] && f->w.need[t] > 0;
		need[t] = decisive ? 0 : f->w.need[t];
		v->tasks += decisive;
		v->hours += f->w.need[t] - need[t];
		others += need[t];
	}
	v->people = (int32_t)((v->hours + longest(&f->w) - 1) / longest(&f->w));
	const pl_status status =
	        v->tasks > 0 && others > 0 ? compare(v, need, f, s, j, err) : PL_OK;
	pl_free(need);
	return status;
}

/* ---- for people ---- */

static void say_members(const pl_jobs_hired *v, const pl_jobs *j)
{
	char line[LINE], a[PL_WORK_HOURS_CHARS], b[PL_WORK_HOURS_CHARS], c[PL_WORK_HOURS_CHARS];
	(void)snprintf(
	        line, sizeof line,
	        "if %d %s hired for the %d task%s in which decisions fall, %s hours, the "
	        "mean of your own empowerment is %.2f instead of %.2f, nobody's job "
	        "deviates from that by more than %.2f points, and lessons take %s hours "
	        "instead of %s",
	        (int)v->people, v->people == 1 ? "is" : "are", (int)v->tasks,
	        v->tasks == 1 ? "" : "s", pl_work_hours(a, v->hours), v->empowerment,
	        j->mean_empowerment, v->worst + 0.005, pl_work_hours(b, v->learning),
	        pl_work_hours(c, j->learning));
	pl_help_sentence(stdout, line);
}

static void say_parts(const pl_jobs_hired *v)
{
	char line[LINE], a[PL_WATCH_PART], b[PL_WATCH_PART], c[PL_WATCH_PART], d[PL_WATCH_PART];
	(void)snprintf(line, sizeof line,
	               "then those who do most of it in a fifth of the hours have %s of the "
	               "empowering work and %s of the decisive; with jobs as above %s and %s",
	               pl_watch_part(a, v->hired.empowering.top),
	               pl_watch_part(b, v->hired.decisive.top),
	               pl_watch_part(c, v->shared.empowering.top),
	               pl_watch_part(d, v->shared.decisive.top));
	pl_help_sentence(stdout, line);
	pl_help_sentence(stdout, "whom you hire you can dismiss; what is learned by doing that "
	                         "work, they learn");
}

void pl_jobs_hired_print(const pl_jobs_hired *v, const pl_jobs *j)
{
	if (!v->asked || j->outcome > PL_JOBS_NEAREST) return;
	putchar('\n');
	if (v->some) {
		say_members(v, j);
		if (pl_watch_open(&v->shared)) say_parts(v);
		return;
	}
	pl_help_sentence(stdout, v->tasks == 0
	                                 ? "nobody need be hired: decisions fall in no task "
	                                   "(the column decisive of tasks.csv)"
	                                 : "without the tasks in which decisions fall no jobs "
	                                   "were found for the others");
}

/* ---- for programs ---- */

static void put_watched(pl_json *o, const char *name, const pl_monitor *m)
{
	pl_json_open_object(o, name);
	pl_json_put_number(o, "empowering_top_fifth", m->empowering.top);
	pl_json_put_number(o, "decisive_top_fifth", m->decisive.top);
	pl_json_put_number(o, "class_index", m->class_index);
	pl_json_put_number(o, "imbalance", m->imbalance);
	pl_json_close_object(o);
}

void pl_jobs_hired_json(pl_json *o, const pl_jobs_hired *v)
{
	if (!v->asked) return;
	if (!v->some) {
		pl_json_put_text(o, "hired", NULL);
		return;
	}
	pl_json_open_object(o, "hired");
	pl_json_put_whole(o, "tasks", v->tasks);
	pl_json_put_whole(o, "people", v->people);
	pl_json_put_number(o, "hours", (double)v->hours / hour);
	pl_json_put_number(o, "mean_empowerment", v->empowerment);
	pl_json_put_number(o, "worst", v->worst);
	pl_json_put_number(o, "lessons_hours", (double)v->learning / hour);
	put_watched(o, "then", &v->hired);
	put_watched(o, "shared", &v->shared);
	pl_json_close_object(o);
}
