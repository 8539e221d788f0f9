/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_across.c - visits between this workplace and others: told, or part of the plan. */
#include "cli/jobs_across.h"

#include "base/alloc.h"
#include "base/error.h"
#include "cli/help.h"
#include "cli/terminal.h"

#include <math.h>
#include <string.h>

enum { LINE = 600, SHOWN = 12 };

static const char *policy_name(int i)
{
	static const char *const names[] = {"off", "advisory", "required"};
	return i >= 0 && i < 3 ? names[i] : NULL;
}

pl_status pl_jobs_across_settings(pl_jobs_across *v, const pl_args *a, pl_error *err)
{
	v->policy = PL_ACROSS_ADVISORY;
	return pl_args_choice(&v->policy, a, PL_O_across, policy_name, err);
}

/// This workplace's own hours and mean, of the tasks that are to be done.
static void measure(pl_jobs_across *v, const pl_workplace *w)
{
	double sum = 0;
	for (int32_t t = 0; t < w->n_tasks; t++) {
		v->hours += (double)w->need[t] / PL_WORK_HOUR;
		sum += (double)w->need[t] / PL_WORK_HOUR * w->empowerment[t];
	}
	v->mean = v->hours > 0 ? sum / v->hours : 0;
}

pl_status pl_jobs_across_find(pl_jobs_across *v, const pl_work_files *f, pl_error *err)
{
	const int32_t n = f->places.n;
	measure(v, &f->w);
	if (n == 0 || v->policy == PL_ACROSS_OFF || !(v->hours > 0)) return PL_OK;
	pl_status status = PL_ENOMEM;
	double *hours = pl_alloc((int64_t)n + 1, sizeof *hours);
	double *mean = pl_alloc((int64_t)n + 1, sizeof *mean);
	if (hours != NULL && mean != NULL) {
		memcpy(hours, f->place_hours, (size_t)n * sizeof *hours);
		memcpy(mean, f->place_mean, (size_t)n * sizeof *mean);
		hours[n] = v->hours;
		mean[n] = v->mean;
		status = pl_work_across(&v->a, n + 1, hours, mean, err);
	} else {
		(void)pl_fail(err, status, -1, "no memory for %d workplaces", (int)n);
	}
	pl_free(hours);
	pl_free(mean);
	return status;
}

void pl_jobs_across_free(pl_jobs_across *v)
{
	pl_across_free(v->a);
	v->a = NULL;
}

/* ---- for people ---- */

static const char *fixed(char out[PL_HUMAN_CHARS], double x, int per)
{
	const int64_t whole = (int64_t)floor(x * per + 0.5);
	(void)snprintf(out, PL_HUMAN_CHARS, "%lld.%0*lld", (long long)(whole / per),
	               per == 10 ? 1 : 2, (long long)(whole % per));
	return out;
}

void pl_jobs_across_print(const pl_jobs_across *v, const pl_work_files *f)
{
	char line[LINE], a[PL_HUMAN_CHARS], b[PL_HUMAN_CHARS], c[PL_HUMAN_CHARS];
	const int32_t own = f->places.n;
	if (v->a == NULL) return;
	const bool above = v->mean > v->a->mean;
	(void)snprintf(
	        line, sizeof line,
	        "across workplaces: work here is at %s, society's at %s; %s of the hours "
	        "of this workplace's members %s elsewhere",
	        fixed(a, v->mean, 100), fixed(b, v->a->mean, 100),
	        pl_human_share(c, v->a->elsewhere[own] / v->hours, false),
	        v->policy == PL_ACROSS_REQUIRED ? "are to be" : "would have to be");
	putchar('\n');
	pl_help_sentence(stdout, line);
	int shown = 0;
	for (int64_t k = 0; k < v->a->n_visits && shown < SHOWN; k++) {
		const pl_visit *s = &v->a->visit[k];
		if (s->above != own && s->below != own) continue;
		const int32_t other = above ? s->below : s->above;
		fputs("    ", stdout);
		pl_text_cell(stdout, pl_work_place(f, other), 40, false);
		printf("%10s hours each way\n", fixed(a, s->hours, 10));
		shown++;
	}
}

/* ---- for programs ---- */

void pl_jobs_across_json(pl_json *o, const pl_jobs_across *v, const pl_work_files *f)
{
	if (v->a == NULL) return;
	pl_json_open_object(o, "across");
	pl_json_put_text(o, "policy", policy_name(v->policy));
	pl_json_put_number(o, "mean", v->a->mean);
	pl_json_put_number(o, "here", v->mean);
	pl_json_put_number(o, "hours_elsewhere", v->a->elsewhere[f->places.n]);
	pl_json_open_array(o, "visits");
	for (int64_t k = 0; k < v->a->n_visits; k++) {
		const pl_visit *s = &v->a->visit[k];
		pl_json_open_object(o, NULL);
		pl_json_put_text(o, "above", pl_work_place(f, s->above));
		pl_json_put_text(o, "below", pl_work_place(f, s->below));
		pl_json_put_number(o, "hours", s->hours);
		pl_json_close_object(o);
	}
	pl_json_close_array(o);
	pl_json_close_object(o);
}
