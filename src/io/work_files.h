/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_files.h - a workplace as a folder of tables (docs/jobs.md), and its jobs as tables. */
#ifndef PL_IO_WORK_FILES_H
#define PL_IO_WORK_FILES_H
#include "base/names.h"
#include "io/economy.h"
#include "work/across.h"
#include "work/monitor.h"
#include "work/rate.h"
#include "work/rota.h"

#include <plenum/work.h>

/// What tasks are scored on.
enum { PL_WORK_EMPOWERMENT, PL_WORK_DESIRABILITY, PL_WORK_SCORES };

/// Two people take each other's shifts of a day; line of swaps.csv.
typedef struct {
	int32_t day, one, other;
	int64_t line;
} pl_work_swap;

/// A row of a payroll. What is paid for effort is a part of the same sum, by hours times
/// effort.
typedef struct {
	int32_t person, role;
	double hours, pay, effort, for_effort;
} pl_work_pay;

/// A workplace that was read, with its names.
typedef struct {
	pl_workplace w; ///< points into what this owns
	pl_names people, tasks;
	pl_arena text;
	int64_t *person_name, *task_name; ///< offsets in text
	bool last; ///< there are hours of last period, from last.csv or history.csv

	pl_score *score[PL_WORK_SCORES]; ///< [n_tasks] where members rated them, else NULL

	pl_work_history history; ///< of history.csv and voice.csv; periods in their order
	pl_names gone; ///< people of history.csv who are not in people.csv: theirs are
	               ///< the numbers from people.n on
	pl_names periods;
	int32_t *period; ///< [periods.n] number in `periods` of each period in order

	pl_names places;                  ///< other workplaces
	double *place_hours, *place_mean; ///< [places.n] hours, points

	bool *away; ///< [people.n * PL_ROTA_DAYS] by person, then day from Monday on
	pl_work_swap *swap;
	int64_t n_swaps;

	pl_names roles;
	pl_work_pay *pay; ///< [n_pay]
	int64_t n_pay;
} pl_work_files;

/// Read people.csv, tasks.csv and, where they are there, ratings.csv or pairs.csv, skills.csv,
/// last.csv, history.csv, voice.csv,
/// workplaces.csv, leave.csv and swaps.csv.
/// @param occupations a table of work values for tasks that name an occupation; NULL: none
/// @param payroll a table of person, role, hours, pay and effort; NULL: none
/// @return PL_OK; PL_EPARSE with faults filled; PL_ENOTFOUND, PL_EIO, PL_ENOMEM; *out is then
///         NULL
pl_status pl_work_read(pl_work_files **out, const pl_source *from, const char *occupations,
                       const char *payroll, pl_faults *faults, pl_error *err);
void pl_work_files_free(pl_work_files *f); ///< NULL allowed

const char *pl_work_person(const pl_work_files *f, int32_t person); ///< id
const char *pl_work_task(const pl_work_files *f, int32_t task);     ///< id
/// @param period its place in the order of periods
const char *pl_work_period(const pl_work_files *f, int32_t period);
/// What people read: the name, or the id where none was given. @param files a pl_work_files
const char *pl_work_person_name(const void *files, int32_t person);
const char *pl_work_task_name(const void *files, int32_t task);

enum { PL_WORK_HOURS_CHARS = 32 };
/// Thousandths of an hour as a decimal number of hours: "7.5". @return out
const char *pl_work_hours(char out[PL_WORK_HOURS_CHARS], int64_t hours);

/// Write jobs.csv (person, task, hours), summary.csv (a row a person) and lessons.csv (person,
/// order, task, hours). Faults of writing show in ferror.
void pl_work_write_jobs(FILE *to, const pl_work_files *f, const pl_jobs *j);
void pl_work_write_summary(FILE *to, const pl_work_files *f, const pl_jobs *j);
void pl_work_write_lessons(FILE *to, const pl_work_files *f, const pl_jobs *j);
/// Write scores.csv: a row a task, with intervals. Only where members rated them.
void pl_work_write_scores(FILE *to, const pl_work_files *f);
const char *pl_work_place(const pl_work_files *f, int32_t place); ///< id; "" for this one
/// Write visits.csv (above, below, hours); an empty name is this workplace.
void pl_work_write_visits(FILE *to, const pl_work_files *f, const pl_across *a);
/// "mon" .. "sun"; NULL outside. Write rota.csv (day, person, task, hours).
const char *pl_work_day(int day);
void pl_work_write_rota(FILE *to, const pl_work_files *f, const pl_rota *rota);
typedef struct {
	int year, month, day;
	int days; ///< of the month
} pl_work_day_date;
/// A date such as 2026-12-07, from 1583 on. @return false: it is none
bool pl_work_date(pl_work_day_date *out, const char *text);
bool pl_work_date_monday(const pl_work_day_date *d);
/// Write rota.ics, an event of a whole day for each person and day (RFC 5545). What it holds
/// follows from the jobs and the date alone, the time stamp too.
void pl_work_write_calendar(FILE *to, const pl_work_files *f, const pl_rota *rota,
                            const pl_work_day_date *monday);
const char *pl_work_role(const pl_work_files *f, int32_t role);
/// Write pay.csv: a row of the payroll, and what it would be for effort.
void pl_work_write_pay(FILE *to, const pl_work_files *f);
/// Write monitor.csv: a row a period. @param watch [f->history.n_periods]
void pl_work_write_watch(FILE *to, const pl_work_files *f, const pl_monitor *watch);
#endif
