/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_rota.c - leave and swaps, and who is where on which day. */
#include "cli/jobs_rota.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/terminal.h"
#include "io/row.h"
#include "report/jobs.h"

#include <math.h>

enum { SHOWN = 40, LINE = 400 };

pl_status pl_jobs_rota_settings(pl_jobs_rota *v, const pl_args *a, pl_error *err)
{
	const char *date = pl_args_text(a, PL_O_rota);
	v->days = (int32_t)pl_args_whole(a, PL_O_weekdays, 5);
	v->wanted = date != NULL;
	if (date == NULL) return PL_OK;
	if (!pl_work_date(&v->monday, date) || !pl_work_date_monday(&v->monday))
		return pl_fail(err, PL_EARG, -1,
		               "--rota is the date of a Monday, such as 2026-12-07");
	return PL_OK;
}

/// Who is away on the days of the rota, by person.
static bool *away_of(const pl_work_files *f, int32_t days)
{
	bool *away = pl_alloc((int64_t)f->people.n * days, sizeof *away);
	for (int64_t m = 0; m < f->people.n && away != NULL; m++)
		for (int32_t d = 0; d < days; d++)
			away[m * days + d] = f->away[m * PL_ROTA_DAYS + d];
	return away;
}

static pl_status swap_all(pl_jobs_rota *v, const pl_work_files *f, const pl_jobs *j,
                          pl_error *err)
{
	for (int64_t i = 0; i < f->n_swaps; i++) {
		const pl_work_swap *s = &f->swap[i];
		pl_error why = {0};
		const pl_status status =
		        pl_rota_swap(v->rota, &f->w, j, s->day, s->one, s->other, &why);
		char brief[PL_BRIEF_CHARS];
		if (status != PL_OK)
			return pl_fail(
			        err, status, -1, "swaps.csv:%lld: \"%s\" %.200s",
			        (long long)s->line,
			        pl_text_brief(brief, pl_work_person(f, (int32_t)why.where)),
			        why.msg);
	}
	return PL_OK;
}

static bool swapped(const pl_work_files *f, int32_t person)
{
	for (int64_t i = 0; i < f->n_swaps; i++)
		if (f->swap[i].one == person || f->swap[i].other == person) return true;
	return false;
}

/// What the week comes to for those who swapped.
static pl_status find_weeks(pl_jobs_rota *v, const pl_work_files *f, const pl_jobs *j,
                            pl_error *err)
{
	if (f->n_swaps == 0) return PL_OK;
	v->week = pl_alloc(f->people.n, sizeof *v->week);
	if (v->week == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a rota");
	for (int32_t m = 0; m < f->people.n; m++)
		if (swapped(f, m))
			v->week[v->n_weeks++] =
			        pl_rota_week_of(v->rota, &f->w, j, m, v->within);
	return PL_OK;
}

pl_status pl_jobs_rota_find(pl_jobs_rota *v, const pl_work_files *f, const pl_jobs *j,
                            pl_error *err)
{
	if (!v->wanted || j->outcome > PL_JOBS_NEAREST) return PL_OK;
	bool *away = away_of(f, v->days);
	pl_error why = {0};
	char brief[PL_BRIEF_CHARS];
	if (away == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a rota");
	const pl_status status = pl_rota_make(&v->rota, &f->w, j, v->days, away, &why);
	pl_free(away);
	if (status == PL_EARG)
		return pl_fail(err, status, -1, "people.csv: \"%s\" %.200s",
		               pl_text_brief(brief, pl_work_person(f, (int32_t)why.where)),
		               why.msg);
	if (status != PL_OK) return pl_fail(err, status, -1, "%.200s", why.msg);
	PL_TRY(swap_all(v, f, j, err));
	return find_weeks(v, f, j, err);
}

void pl_jobs_rota_free(pl_jobs_rota *v)
{
	pl_rota_free(v->rota);
	pl_free(v->week);
	v->rota = NULL;
	v->week = NULL;
}

int32_t pl_jobs_rota_within(const pl_jobs_rota *v)
{
	int32_t n = 0;
	for (int32_t i = 0; i < v->n_weeks; i++) n += v->week[i].within;
	return n;
}

/// Points with two decimals.
static const char *points(char out[PL_WORK_HOURS_CHARS], double x)
{
	const int cents = (int)floor(x * 100 + 0.5);
	(void)snprintf(out, PL_WORK_HOURS_CHARS, "%d.%02d", cents / 100, cents % 100);
	return out;
}

/// How balanced the week is after the swaps: of each who swapped, in groups that are large
/// enough.
static void print_weeks(const pl_jobs_rota *v, const pl_work_files *f)
{
	char line[LINE], a[PL_WORK_HOURS_CHARS], b[PL_WORK_HOURS_CHARS], brief[PL_BRIEF_CHARS];
	if (v->n_weeks == 0) return;
	putchar('\n');
	pl_jobs_say_swaps(line, sizeof line, v->n_weeks, pl_jobs_rota_within(v), v->within);
	pl_help_sentence(stdout, line);
	for (int32_t i = 0; i < v->n_weeks && i < SHOWN && f->people.n > PL_JOBS_ALONE; i++) {
		const pl_rota_week *w = &v->week[i];
		(void)snprintf(line, sizeof line,
		               "%s: %s points from the mean this week, %s without swaps%s",
		               pl_text_brief(brief, pl_work_person_name(f, w->person)),
		               points(a, w->off), points(b, w->off_without),
		               w->within ? "" : " (too far)");
		pl_help_sentence(stdout, line);
	}
}

static void print_shifts(const pl_jobs_rota *v, const pl_work_files *f)
{
	char hours[PL_WORK_HOURS_CHARS];
	int32_t day = -1, person = -1;
	const int64_t tenth = PL_WORK_HOUR / 10;
	for (int64_t i = 0; i < v->rota->n && f->people.n <= SHOWN; i++) {
		const pl_shift *s = &v->rota->shift[i];
		if (s->day != day)
			pl_term_print(stdout, pl_term_colour(stdout), PL_BOLD, "\n%s\n",
			              pl_work_day(s->day));
		const bool same = s->day == day && s->person == person;
		day = s->day;
		person = s->person;
		fputs("    ", stdout);
		pl_text_cell(stdout, same ? "" : pl_work_person_name(f, person), 26, false);
		pl_text_cell(stdout, pl_work_task_name(f, s->task), 30, false);
		pl_text_cell(stdout,
		             pl_work_hours(hours, (s->hours + tenth / 2) / tenth * tenth), 8,
		             true);
		putchar('\n');
	}
}

void pl_jobs_rota_print(const pl_jobs_rota *v, const pl_work_files *f)
{
	if (v->rota == NULL) return;
	print_shifts(v, f);
	print_weeks(v, f);
}

void pl_jobs_rota_json(pl_json *o, const pl_jobs_rota *v, const pl_work_files *f)
{
	if (v->n_weeks == 0) return;
	pl_json_open_array(o, "swapped");
	for (int32_t i = 0; i < v->n_weeks; i++) {
		const pl_rota_week *w = &v->week[i];
		pl_json_open_object(o, NULL);
		pl_json_put_text(o, "person", pl_work_person(f, w->person));
		pl_json_put_number(o, "hours", (double)w->hours / PL_WORK_HOUR);
		pl_json_put_number(o, "empowerment", w->empowerment);
		pl_json_put_number(o, "desirability", w->desirability);
		pl_json_put_number(o, "off", w->off);
		pl_json_put_number(o, "off_without", w->off_without);
		pl_json_put_bool(o, "within", w->within);
		pl_json_close_object(o);
	}
	pl_json_close_array(o);
}

void pl_jobs_rota_write(FILE *to, const pl_jobs_rota *v, const pl_work_files *f)
{
	char hours[PL_WORK_HOURS_CHARS];
	fputs("person,hours,empowerment,desirability,off,off_without,within\n", to);
	for (int32_t i = 0; i < v->n_weeks; i++) {
		const pl_rota_week *w = &v->week[i];
		pl_row row = {to, false};
		pl_row_text(&row, pl_work_person(f, w->person));
		pl_row_text(&row, pl_work_hours(hours, w->hours));
		pl_row_number(&row, w->empowerment);
		pl_row_number(&row, w->desirability);
		pl_row_number(&row, w->off);
		pl_row_number(&row, w->off_without);
		pl_row_text(&row, w->within ? "yes" : "no");
		pl_row_end(&row);
	}
}
