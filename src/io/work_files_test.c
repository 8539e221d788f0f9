/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/work_files.h"

#include "base/alloc.h"
#include "tests/pl_test.h"

#define TABLE(name, text)                    \
	{                                    \
		name, text, sizeof(text) - 1 \
	}
static const pl_file_bytes tables[] = {
        TABLE("people.csv", "person,hours\nada,30\nbo,20\n"),
        TABLE("tasks.csv", "task,hours,empowerment,desirability,needs,learn_hours,decisive\n"
                           "books,20,17,9,sums,8,yes\nsweep,30,2,3,,0,\nsums,0,1,1,,5,no\n"),
        TABLE("skills.csv", "person,task,can,rating\nada,books,yes,12\nbo,sweep,1,\n"),
        TABLE("history.csv", "period,person,task,hours\n10,ada,books,20\n9,cy,books,4\n"
                             "10,bo,sweep,7.5\n10,bo,sweep,1\n"),
        TABLE("voice.csv", "period,person,minutes,won\n10,cy,12,1\n9,bo,3,\n"),
        TABLE("ratings.csv", "person,task,empowerment\nada,books,19\nbo,books,12.5\n"),
        TABLE("workplaces.csv", "workplace,hours,empowerment\nmill,300,4\n"),
        TABLE("leave.csv", "person,day\nbo,fri\n"),
        TABLE("swaps.csv", "day,person,with\nmon,ada,bo\n")};
static const pl_source source = {.file = tables,
                                 .n_files = (int32_t)(sizeof tables / sizeof *tables)};

static pl_work_files *read_all(void)
{
	pl_work_files *f = NULL;
	pl_faults faults = {0};
	pl_error err = {0};
	if (pl_work_read(&f, &source, NULL, NULL, &faults, &err) != PL_OK) {
		fprintf(stderr, "%s\n", err.msg);
		abort();
	}
	pl_faults_clear(&faults);
	return f;
}

static void a_history_is_in_the_order_of_its_periods(void)
{
	pl_work_files *f = read_all();
	const pl_work_history *h = &f->history;
	CHECK(h->n_periods == 2 && h->n_people == 3 && h->n_did == 4 && h->n_voice == 2);
	CHECK(strcmp(pl_work_period(f, 0), "9") == 0 &&
	      strcmp(pl_work_period(f, 1), "10") == 0);
	CHECK(f->gone.n == 1 && h->did[1].person == 2 && h->did[1].period == 0);
	CHECK(h->voice[0].person == 2 && h->voice[0].period == 1);
	CHECK(h->decisive[0] && !h->decisive[1] && !h->decisive[2]);
	pl_work_files_free(f);
}

static void the_last_period_is_added_up_for_each_task(void)
{
	pl_work_files *f = read_all();
	const pl_workplace *w = &f->w;
	CHECK(f->last && w->skill_start[1] == 1 && w->skill_start[2] == 2);
	CHECK(w->skill[0].last == (int64_t)20 * PL_WORK_HOUR);
	CHECK(w->skill[1].last == 17 * PL_WORK_HOUR / 2 && w->skill[1].can == PL_WORK_ABLE);
	pl_work_files_free(f);
}

static void ratings_begin_with_what_the_table_says(void)
{
	pl_work_files *f = read_all();
	/* 12.5, 17 and 19: means of pairs 12.5, 14.75, 15.75, 17, 18, 19 */
	CHECK_NEAR(f->w.empowerment[0], (15.75 + 17) / 2, 1e-12);
	CHECK_NEAR(f->w.empowerment[1], 2, 1e-12);
	CHECK(f->score[0][0].n == 3);
	pl_work_files_free(f);
}

static void days_and_other_workplaces_are_kept(void)
{
	pl_work_files *f = read_all();
	CHECK(f->places.n == 1 && f->place_hours[0] == 300 && f->place_mean[0] == 4);
	for (int k = 0; k < 2 * PL_ROTA_DAYS; k++) CHECK(f->away[k] == (k == PL_ROTA_DAYS + 4));
	CHECK(f->n_swaps == 1 && f->swap[0].day == 0 && f->swap[0].one == 0);
	pl_work_files_free(f);
}

/* 2026-12-07 and 2024-02-26 are Mondays; so is one day of each seven that follow. */
static void mondays_are_known(void)
{
	pl_work_day_date d;
	CHECK(pl_work_date(&d, "2026-12-07") && pl_work_date_monday(&d) && d.days == 31);
	CHECK(pl_work_date(&d, "2024-02-26") && pl_work_date_monday(&d) && d.days == 29);
	CHECK(pl_work_date(&d, "2000-01-03") && pl_work_date_monday(&d));
	CHECK(pl_work_date(&d, "2024-02-29") && !pl_work_date_monday(&d));
	CHECK(!pl_work_date(&d, "2023-02-29") && !pl_work_date(&d, "2026-13-01"));
	CHECK(!pl_work_date(&d, "2026-1-01") && !pl_work_date(&d, "") &&
	      !pl_work_date(&d, "2026"));
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	pl_status status = PL_ENOMEM;
	const int64_t alive = pl_alloc_alive;
	for (int64_t grants = 0; status == PL_ENOMEM; grants++) {
		pl_work_files *f = NULL;
		pl_faults faults = {0};
		pl_alloc_grants = grants;
		status = pl_work_read(&f, &source, NULL, NULL, &faults, NULL);
		pl_alloc_grants = -1;
		CHECK((status == PL_OK) == (f != NULL));
		pl_work_files_free(f);
		pl_faults_clear(&faults);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
}
#endif

int main(void)
{
	RUN(a_history_is_in_the_order_of_its_periods);
	RUN(the_last_period_is_added_up_for_each_task);
	RUN(ratings_begin_with_what_the_table_says);
	RUN(days_and_other_workplaces_are_kept);
	RUN(mondays_are_known);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
