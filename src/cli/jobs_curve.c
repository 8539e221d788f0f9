/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_curve.c - jobs found again for one distance from the mean after another. */
#include "cli/jobs_curve.h"

#include "base/error.h"
#include "cli/terminal.h"
#include "io/row.h"

#include <math.h>

static const double within[PL_JOBS_COSTS] = {INFINITY, 8, 4, 2, 1, 0.5, 0.25};
static const double hour = PL_WORK_HOUR;

/// Hours of last period at a task, 0 where none.
static int64_t last_of(const pl_workplace *w, int32_t m, int32_t task)
{
	for (int64_t k = w->skill_start[m]; k < w->skill_start[m + 1]; k++)
		if (w->skill[k].task == task) return w->skill[k].last;
	return 0;
}

int64_t pl_jobs_changed(const pl_workplace *w, const pl_jobs *j)
{
	int64_t changed = 0;
	for (int32_t m = 0; m < j->n_people; m++)
		for (int64_t k = j->start[m]; k < j->start[m + 1]; k++) {
			const int64_t more = j->hours[k] - last_of(w, m, j->task[k]);
			if (more > 0) changed += more;
		}
	return changed;
}

pl_status pl_jobs_curve(pl_jobs_cost *cost, const pl_workplace *w, const pl_work_settings *s,
                        pl_error *err)
{
	for (int i = 0; i < PL_JOBS_COSTS; i++) {
		pl_work_settings at = *s;
		pl_jobs *j;
		at.quick = true;
		at.balance = isfinite(within[i]);
		if (at.balance) at.within = within[i];
		PL_TRY(pl_work_balance(&j, w, &at, err));
		const pl_status status = pl_jobs_check(w, &at, j, err);
		cost[i] = (pl_jobs_cost){.within = within[i],
		                         .outcome = j->outcome,
		                         .worst = j->worst,
		                         .learning = j->learning,
		                         .changed = pl_jobs_changed(w, j)};
		pl_jobs_free(j);
		PL_TRY(status);
	}
	return PL_OK;
}

/// "7.5" or, at infinity, "any".
static const char *number(char out[PL_WORK_HOURS_CHARS], double x)
{
	if (!isfinite(x)) return "any";
	return pl_work_hours(out, (int64_t)floor(x * 100 + 0.5) * (PL_WORK_HOUR / 100));
}

void pl_jobs_curve_print(const pl_jobs_cost *cost)
{
	char a[PL_WORK_HOURS_CHARS], b[PL_WORK_HOURS_CHARS], c[PL_WORK_HOURS_CHARS],
	        d[PL_WORK_HOURS_CHARS];
	putchar('\n');
	pl_term_print(stdout, pl_term_colour(stdout), PL_BOLD, "%-16s%16s%18s%18s\n",
	              "points at most", "reached", "hours of lessons", "hours changed");
	for (int i = 0; i < PL_JOBS_COSTS; i++)
		if (cost[i].outcome <= PL_JOBS_NEAREST)
			printf("%-16s%16s%18s%18s\n", number(a, cost[i].within),
			       number(b, cost[i].worst),
			       number(c, (double)cost[i].learning / hour),
			       number(d, (double)cost[i].changed / hour));
}

void pl_jobs_curve_json(pl_json *o, const pl_jobs_cost *cost)
{
	pl_json_open_array(o, "cost");
	for (int i = 0; i < PL_JOBS_COSTS; i++) {
		pl_json_open_object(o, NULL);
		pl_json_put_number(o, "within", cost[i].within);
		pl_json_put_text(o, "outcome", pl_jobs_outcome_name((int)cost[i].outcome));
		pl_json_put_number(o, "worst", cost[i].worst);
		pl_json_put_number(o, "lessons_hours", (double)cost[i].learning / hour);
		pl_json_put_number(o, "changed_hours", (double)cost[i].changed / hour);
		pl_json_close_object(o);
	}
	pl_json_close_array(o);
}

void pl_jobs_curve_write(FILE *to, const pl_jobs_cost *cost)
{
	fputs("within,outcome,worst,lessons_hours,changed_hours\n", to);
	for (int i = 0; i < PL_JOBS_COSTS; i++) {
		pl_row row = {to, false};
		pl_row_number(&row, cost[i].within);
		pl_row_text(&row, pl_jobs_outcome_name((int)cost[i].outcome));
		pl_row_number(&row, cost[i].worst);
		pl_row_number(&row, (double)cost[i].learning / hour);
		pl_row_number(&row, (double)cost[i].changed / hour);
		pl_row_end(&row);
	}
}
