/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_rota.c - leave and swaps, and who is where on which day. */
#include "cli/jobs_rota.h"

#include "base/alloc.h"
#include "base/error.h"
#include "cli/terminal.h"

enum { SHOWN = 40 };

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
		if (status != PL_OK)
			return pl_fail(err, status, -1, "swaps.csv:%lld: \"%.60s\" %.200s",
			               (long long)s->line,
			               pl_work_person(f, (int32_t)why.where), why.msg);
	}
	return PL_OK;
}

pl_status pl_jobs_rota_find(pl_jobs_rota *v, const pl_work_files *f, const pl_jobs *j,
                            pl_error *err)
{
	if (!v->wanted || j->outcome > PL_JOBS_NEAREST) return PL_OK;
	bool *away = away_of(f, v->days);
	pl_error why = {0};
	if (away == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a rota");
	const pl_status status = pl_rota_make(&v->rota, &f->w, j, v->days, away, &why);
	pl_free(away);
	if (status == PL_EARG)
		return pl_fail(err, status, -1, "people.csv: \"%.60s\" %.200s",
		               pl_work_person(f, (int32_t)why.where), why.msg);
	if (status != PL_OK) return pl_fail(err, status, -1, "%.200s", why.msg);
	return swap_all(v, f, j, err);
}

void pl_jobs_rota_free(pl_jobs_rota *v)
{
	pl_rota_free(v->rota);
	v->rota = NULL;
}

void pl_jobs_rota_print(const pl_jobs_rota *v, const pl_work_files *f)
{
	char hours[PL_WORK_HOURS_CHARS];
	int32_t day = -1, person = -1;
	if (v->rota == NULL) return;
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
