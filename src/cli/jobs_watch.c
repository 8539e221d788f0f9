/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_watch.c - concentration over time, tokens and the alarm, for people and for programs. */
#include "cli/jobs_watch.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/jobs_curve.h"
#include "cli/terminal.h"

#include <math.h>
#include <string.h>

enum { LINE = 600, SHOWN = 12 };

/* ---- finding ---- */

pl_status pl_jobs_watch_settings(pl_monitor_settings *s, const pl_args *a, pl_error *err)
{
	*s = pl_monitor_preset();
	s->window = (int32_t)pl_args_whole(a, PL_O_window, s->window);
	const char *alarm = pl_args_text(a, PL_O_alarm);
	if (alarm != NULL &&
	    (pl_number_read(&s->alarm, alarm) != PL_OK || !(s->alarm > 0.2 && s->alarm <= 1)))
		return pl_fail(err, PL_EARG, -1,
		               "--alarm is a part above 0.2, which is a fifth's own, up to 1");
	return PL_OK;
}

/// The jobs as a history of one period.
static pl_status watch_jobs(pl_jobs_watch *v, const pl_jobs *j, pl_error *err)
{
	const int64_t n = j->start[j->n_people];
	pl_work_did *did = pl_alloc(n, sizeof *did);
	if (did == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to watch the jobs");
	for (int32_t m = 0; m < j->n_people; m++)
		for (int64_t k = j->start[m]; k < j->start[m + 1]; k++)
			did[k] = (pl_work_did){0, m, j->task[k], j->hours[k]};
	pl_work_history h = v->f->history;
	h.n_periods = 1;
	h.n_people = j->n_people;
	h.did = did;
	h.n_did = n;
	h.n_voice = 0;
	const pl_status status = pl_work_watch(&v->planned, &h, &v->s, err);
	pl_free(did);
	v->answered = status == PL_OK;
	return status;
}

pl_status pl_jobs_watch_find(pl_jobs_watch *v, const pl_work_files *f, const pl_jobs *j,
                             pl_error *err)
{
	v->f = f;
	if (f->history.n_periods == 0) return PL_OK;
	v->period = pl_alloc(f->history.n_periods, sizeof *v->period);
	if (v->period == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a history");
	PL_TRY(pl_work_watch(v->period, &f->history, &v->s, err));
	return j->outcome <= PL_JOBS_NEAREST ? watch_jobs(v, j, err) : PL_OK;
}

void pl_jobs_watch_free(pl_jobs_watch *v)
{
	pl_free(v->period);
	v->period = NULL;
}

/* ---- for people ---- */

static const char *period_name(const void *files, int32_t period)
{
	return pl_work_period(files, period);
}

pl_watched pl_jobs_watch_told(const pl_jobs_watch *v, const pl_jobs *j)
{
	return (pl_watched){.n = v->f->history.n_periods,
	                    .period = v->period,
	                    .s = v->s,
	                    .planned = v->answered ? &v->planned : NULL,
	                    .w = &v->f->w,
	                    .jobs = j,
	                    .changed = v->answered && v->f->last ? pl_jobs_changed(&v->f->w, j)
	                                                         : -1,
	                    .names = v->f,
	                    .name = period_name};
}

static void put_part(double part)
{
	char text[PL_WATCH_PART];
	pl_text_cell(stdout, pl_watch_part(text, part), 12, true);
}

static void print_periods(const pl_jobs_watch *v)
{
	const int32_t n = v->f->history.n_periods;
	pl_term_print(stdout, pl_term_colour(stdout), PL_BOLD, "%-20s%8s%12s%12s%12s%14s\n",
	              "period", "people", "empowering", "decisive", "speaking", "imbalance");
	for (int32_t p = n > SHOWN ? n - SHOWN : 0; p < n; p++) {
		const pl_monitor *w = &v->period[p];
		const bool open = pl_watch_open(w);
		const int cents = (int)floor(w->imbalance * 100 + 0.5);
		pl_text_cell(stdout, pl_work_period(v->f, p), 20, false);
		printf("%8d", (int)w->people);
		put_part(open ? w->empowering.top : (double)NAN);
		put_part(open ? w->decisive.top : (double)NAN);
		put_part(open ? w->ruled[PL_VOICE_MINUTES] : (double)NAN);
		if (!open)
			puts("          -");
		else
			printf("%8d.%02d%s\n", cents / 100, cents % 100,
			       w->alarm ? "  alarm" : "");
	}
}

void pl_jobs_watch_print(const pl_jobs_watch *v, const pl_jobs *j)
{
	char sentence[PL_WATCH_LINE];
	int next = 0;
	const int32_t n = v->f->history.n_periods;
	if (n == 0) return;
	const pl_watched told = pl_jobs_watch_told(v, j);
	while (pl_watch_next(sentence, &told, &next)) pl_help_sentence(stdout, sentence);
	if (pl_watch_open(&v->period[n - 1])) {
		putchar('\n');
		print_periods(v);
	}
	if (v->f->gone.n > 0) {
		char line[LINE], brief[PL_BRIEF_CHARS];
		(void)pl_text_brief(brief, v->f->gone.text.bytes + v->f->gone.at[0]);
		if (v->f->gone.n == 1)
			(void)snprintf(line, sizeof line,
			               "\"%s\" of history.csv is not in people.csv and is "
			               "taken to have left",
			               brief);
		else
			(void)snprintf(line, sizeof line,
			               "%d people of history.csv are not in people.csv, such "
			               "as \"%s\": they are taken to have left",
			               (int)v->f->gone.n, brief);
		pl_help_sentence(stdout, line);
	}
	putchar('\n');
}

/* ---- for programs ---- */

static void json_concentration(pl_json *o, const char *gini, const char *top,
                               const pl_concentration *c)
{
	pl_json_put_number(o, gini, c->gini);
	pl_json_put_number(o, top, c->top);
}

static void json_work(pl_json *o, const pl_monitor *w)
{
	pl_json_put_whole(o, "people", w->people);
	pl_json_put_number(o, "hours", (double)w->hours / PL_WORK_HOUR);
	json_concentration(o, "empowering_gini", "empowering_top_fifth", &w->empowering);
	json_concentration(o, "decisive_gini", "decisive_top_fifth", &w->decisive);
	pl_json_put_number(o, "imbalance", w->imbalance);
	pl_json_put_bool(o, "alarm", w->alarm);
}

static void json_voice(pl_json *o, const pl_monitor *w)
{
	static const char *const names[PL_VOICES][3] = {
	        {"minutes_gini", "minutes_top_fifth", "minutes_of_empowered"},
	        {"proposals_gini", "proposals_top_fifth", "proposals_of_empowered"},
	        {"won_gini", "won_top_fifth", "won_of_empowered"}};
	for (int i = 0; i < PL_VOICES; i++) {
		json_concentration(o, names[i][0], names[i][1], &w->voice[i]);
		pl_json_put_number(o, names[i][2], w->ruled[i]);
	}
	pl_json_put_number(o, "class_index", w->class_index);
}

static void json_period(pl_json *o, const pl_jobs_watch *v, int32_t p)
{
	const pl_monitor *w = &v->period[p];
	pl_json_open_object(o, NULL);
	pl_json_put_text(o, "period", pl_work_period(v->f, p));
	json_work(o, w);
	json_voice(o, w);
	pl_json_put_number(o, "imbalance_without_rotation", w->without);
	pl_json_put_whole(o, "rotating", w->rotating);
	pl_json_put_number(o, "rotated", w->rotated);
	pl_json_put_number(o, "left", w->left);
	pl_json_put_bool(o, "tokenistic", w->tokenistic);
	pl_json_close_object(o);
}

void pl_jobs_watch_json(pl_json *o, const pl_jobs_watch *v)
{
	const int32_t n = v->f->history.n_periods;
	if (n == 0) return;
	pl_json_put_bool(o, "alarm", v->period[n - 1].alarm);
	pl_json_put_bool(o, "tokenistic", v->period[n - 1].tokenistic);
	if (v->answered) {
		pl_json_open_object(o, "planned");
		json_work(o, &v->planned);
		pl_json_close_object(o);
	}
	pl_json_open_array(o, "watch");
	for (int32_t p = 0; p < n; p++) json_period(o, v, p);
	pl_json_close_array(o);
}
