/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* glass_factory_test.c - SC8 without its market: a hundred workers took over a glass factory.
 * Pay is equal, each has a vote, and tasks go to those who volunteer. Whoever has done a task
 * does it better and volunteers again; whoever knows more speaks more and wins more votes. Does
 * a class of coordinators arise, does the alarm see it, and do balanced jobs undo it?
 *
 * Prints the table of docs/jobs.md. */
#include "base/random.h"
#include "tests/pl_test.h"
#include "work/monitor.h"

#include <plenum/work.h>

enum { PEOPLE = 100, MONTHS = 36, WEEKS = 4, WINDOW = 3, FURNACE = 25 };
enum {
	HEAT,
	CUT,
	PACK,
	CLEAN,
	LOAD,
	ACCOUNTS,
	SALES,
	PLANNING,
	AGENDA,
	DESIGN,
	LITERACY,
	COMPUTER,
	TASKS
};
enum { FIRST = ACCOUNTS, LAST = DESIGN, WORK = LITERACY }; /* empowering; tasks with hours */
static const int64_t hour = PL_WORK_HOUR;

/* Hours a week of all together: 33 of the 35 that each offers. */
static const int64_t need[TASKS] = {900, 550, 550, 300, 325, 140, 180, 120, 60, 175};
static const double empowerment[TASKS] = {3, 4, 3, 2, 3, 17, 16, 18, 18, 15, 1, 1};
static const double desirability[TASKS] = {5, 8, 8, 4, 7, 10, 11, 12, 13, 14, 1, 1};
static const int64_t learn[TASKS] = {0, 0, 0, 0, 0, 40, 24, 24, 10, 30, 60, 20};
static const int32_t needs_of[TASKS] = {-1,       -1,       -1,       -1,       -1, COMPUTER,
                                        COMPUTER, COMPUTER, LITERACY, COMPUTER, -1, LITERACY};

/* How people learn and forget, per two hours of a task and per week. Made up: only that
 * practice helps, and that it fades, matters. */
static const double starts = 0.1, practice = 0.009, fades = 0.97;
static const double able = 0.5; /* skill from which a person is counted on */
enum { BLOCK = 2, OFFERED = 35, MINUTES = 240, PROPOSALS = 12, LESSONS_A_WEEK = 5 };

typedef struct {
	pl_random r;
	double skill[PEOPLE][TASKS];
	int64_t done[PEOPLE][TASKS]; /* hours this week */
	int64_t busy[PEOPLE];
	pl_work_did *did;
	pl_work_voice *voice;
	int64_t n_did, n_voice;
	pl_monitor month[MONTHS];
	pl_jobs *jobs; /* once balanced */
	int alarm_month, jobs_month;
} factory;

/* ---- a week ---- */

static bool reads(int m)
{
	return m >= FURNACE;
}

static double knowledge(const factory *f, int m)
{
	double sum = 0;
	for (int t = FIRST; t <= LAST; t++) sum += f->skill[m][t];
	return sum;
}

/* A draw among all by weight. */
static int drawn(factory *f, const double *weight)
{
	double all = 0;
	for (int m = 0; m < PEOPLE; m++) all += weight[m];
	double at = pl_random_unit(&f->r) * all;
	for (int m = 0; m < PEOPLE; m++) {
		at -= weight[m];
		if (at < 0) return m;
	}
	return PEOPLE - 1;
}

static void work(factory *f, int m, int t, int64_t hours)
{
	f->done[m][t] += hours;
	f->busy[m] += hours;
	if (t >= FIRST)
		f->skill[m][t] += practice * (1 - f->skill[m][t]) * (double)hours / BLOCK;
}

/* Those who can read volunteer for what they do well; with somebody else beside, at first. */
static void volunteer(factory *f, int t, int64_t hours)
{
	for (int64_t h = 0; h < hours; h += BLOCK) {
		double weight[PEOPLE];
		for (int m = 0; m < PEOPLE; m++) {
			const double s = f->skill[m][t];
			const bool may = reads(m) || f->jobs != NULL;
			weight[m] = may && f->busy[m] + BLOCK <= OFFERED ? s * s * s : 0;
		}
		work(f, drawn(f, weight), t, BLOCK);
	}
}

/* What is left is done by those who have time, in turns. */
static void do_the_rest(factory *f)
{
	int m = 0;
	for (int t = HEAT; t < FIRST; t++) {
		int64_t left = need[t];
		for (int k = 0; k < PEOPLE; k++) left -= f->done[k][t];
		for (int tried = 0; left > 0 && tried < PEOPLE; m = (m + 1) % PEOPLE, tried++) {
			const int64_t free = OFFERED - f->busy[m],
			              h = free < left ? free : left;
			if (h <= 0) continue;
			work(f, m, t, h);
			left -= h;
			tried = -1;
		}
	}
}

/* Balanced jobs, to the hour; one hour in ten of empowering work still goes to who volunteers.
 */
static void do_jobs(factory *f)
{
	int64_t left[TASKS];
	for (int t = 0; t < TASKS; t++) left[t] = need[t];
	for (int m = 0; m < PEOPLE; m++)
		for (int64_t k = f->jobs->start[m]; k < f->jobs->start[m + 1]; k++) {
			const int t = f->jobs->task[k];
			const int64_t h = f->jobs->hours[k] / hour * (t < FIRST ? 10 : 9) / 10;
			work(f, m, t, h);
			left[t] -= h;
		}
	for (int t = FIRST; t <= LAST; t++) volunteer(f, t, left[t]);
}

static void meet(factory *f, pl_work_voice *voice)
{
	double weight[PEOPLE], all = 0;
	for (int m = 0; m < PEOPLE; m++) {
		weight[m] = knowledge(f, m) * knowledge(f, m);
		all += weight[m];
	}
	for (int m = 0; m < PEOPLE; m++)
		voice[m].amount[PL_VOICE_MINUTES] += MINUTES * weight[m] / all;
	for (int i = 0; i < PROPOSALS; i++) { /* two proposals, one vote each */
		const int a = drawn(f, weight), b = drawn(f, weight);
		const double for_a = knowledge(f, a) / (knowledge(f, a) + knowledge(f, b));
		voice[a].amount[PL_VOICE_PROPOSALS] += 1;
		voice[b].amount[PL_VOICE_PROPOSALS] += 1;
		voice[pl_random_unit(&f->r) < for_a ? a : b].amount[PL_VOICE_WON] += 1;
	}
}

static void run_week(factory *f, int64_t (*month)[TASKS], pl_work_voice *voice)
{
	memset(f->done, 0, sizeof f->done);
	memset(f->busy, 0, sizeof f->busy);
	if (f->jobs != NULL)
		do_jobs(f);
	else
		for (int t = FIRST; t <= LAST; t++) volunteer(f, t, need[t]);
	do_the_rest(f);
	meet(f, voice);
	for (int m = 0; m < PEOPLE; m++)
		for (int t = 0; t < WORK; t++) {
			month[m][t] += f->done[m][t];
			if (f->done[m][t] == 0 && t >= FIRST) f->skill[m][t] *= fades;
		}
}

/* ---- the plan ---- */

typedef struct {
	pl_workplace w;
	int64_t hours[PEOPLE], learning[PEOPLE], need[TASKS], block[TASKS], learn[TASKS];
	int64_t needs_start[TASKS + 1], skill_start[PEOPLE + 1];
	int32_t needs[TASKS];
	pl_work_skill skill[PEOPLE * TASKS];
} tables;

static void add_skill(tables *b, int64_t *n, int32_t task, double rating)
{
	b->skill[(*n)++] = (pl_work_skill){task, PL_WORK_ABLE, rating, 0};
}

/* What the factory knows of itself, as the tables of plenum jobs. */
static void tables_of(tables *b, const factory *f)
{
	int64_t n = 0, n_needs = 0;
	for (int t = 0; t < TASKS; t++) {
		b->need[t] = need[t] * hour;
		b->learn[t] = learn[t] * hour;
		b->block[t] = t < WORK ? BLOCK * hour : 0;
		if (needs_of[t] >= 0) b->needs[n_needs++] = needs_of[t];
		b->needs_start[t + 1] = n_needs;
	}
	for (int m = 0; m < PEOPLE; m++) {
		b->hours[m] = OFFERED * hour;
		b->learning[m] = hour * 26 * LESSONS_A_WEEK;
		for (int32_t t = FIRST; t <= LAST; t++)
			if (f->skill[m][t] >= able) add_skill(b, &n, t, (double)NAN);
		if (reads(m)) {
			add_skill(b, &n, LITERACY, (double)NAN);
			if (m >= PEOPLE / 2) add_skill(b, &n, COMPUTER, (double)NAN);
		}
		b->skill_start[m + 1] = n;
	}
	b->w = (pl_workplace){PEOPLE,   TASKS,          b->hours,     b->learning,
	                      b->need,  empowerment,    desirability, b->block,
	                      b->learn, b->needs_start, b->needs,     b->skill_start,
	                      b->skill};
}

static pl_jobs *balanced(const factory *f)
{
	tables *b = calloc(1, sizeof *b);
	pl_jobs *j = NULL;
	pl_work_settings s = pl_work_preset();
	if (b == NULL) abort();
	tables_of(b, f);
	pl_error err = {0};
	CHECK(pl_work_balance(&j, &b->w, &s, &err) == PL_OK);
	if (j == NULL) abort();
	CHECK(pl_jobs_check(&b->w, &s, j, &err) == PL_OK);
	CHECK(j->outcome == PL_JOBS_BALANCED);
	free(b);
	return j;
}

/* ---- three years ---- */

static factory *factory_new(uint64_t seed)
{
	factory *f = calloc(1, sizeof *f);
	if (f == NULL) abort();
	f->did = calloc((size_t)MONTHS * PEOPLE * WORK, sizeof *f->did);
	f->voice = calloc((size_t)MONTHS * PEOPLE, sizeof *f->voice);
	if (f->did == NULL || f->voice == NULL) abort();
	f->r = pl_random_new(seed, 8);
	f->alarm_month = f->jobs_month = -1;
	for (int m = 0; m < PEOPLE; m++)
		for (int t = FIRST; t <= LAST; t++)
			f->skill[m][t] = starts * (0.9 + pl_random_unit(&f->r) / 5);
	return f;
}

static void factory_free(factory *f)
{
	pl_jobs_free(f->jobs);
	free(f->did);
	free(f->voice);
	free(f);
}

static double mean_empowerment(void)
{
	double sum = 0, hours = 0;
	for (int t = 0; t < TASKS; t++) {
		sum += (double)need[t] * empowerment[t];
		hours += (double)need[t];
	}
	return sum / hours;
}

static void watch(factory *f, int months)
{
	static const bool decisive[TASKS] = {
	        [ACCOUNTS] = true, [SALES] = true, [PLANNING] = true, [AGENDA] = true};
	pl_monitor_settings s = pl_monitor_preset();
	s.window = WINDOW;
	const pl_work_history h = {.n_periods = months,
	                           .n_people = PEOPLE,
	                           .n_tasks = TASKS,
	                           .empowerment = empowerment,
	                           .decisive = decisive,
	                           .mean = mean_empowerment(),
	                           .n_did = f->n_did,
	                           .n_voice = f->n_voice,
	                           .did = f->did,
	                           .voice = f->voice};
	CHECK(pl_work_watch(f->month, &h, &s, NULL) == PL_OK);
}

static void run_month(factory *f, int month)
{
	int64_t hours[PEOPLE][TASKS] = {{0}};
	pl_work_voice *voice = f->voice + f->n_voice;
	for (int m = 0; m < PEOPLE; m++) voice[m] = (pl_work_voice){month, m, {0, 0, 0}};
	for (int w = 0; w < WEEKS; w++) run_week(f, hours, voice);
	f->n_voice += PEOPLE;
	for (int32_t m = 0; m < PEOPLE; m++)
		for (int32_t t = 0; t < WORK; t++)
			if (hours[m][t] > 0)
				f->did[f->n_did++] =
				        (pl_work_did){month, m, t, hours[m][t] * hour};
	watch(f, month + 1);
}

/* After their lessons people can read, and begin a task as one who was taught it. */
static void take_up_jobs(factory *f, pl_jobs *j)
{
	f->jobs = j;
	for (int m = 0; m < PEOPLE; m++)
		for (int64_t k = j->lesson_start[m]; k < j->lesson_start[m + 1]; k++)
			if (j->lesson[k] <= LAST) f->skill[m][j->lesson[k]] = able;
}

static factory *run(uint64_t seed, bool balance)
{
	factory *f = factory_new(seed);
	pl_jobs *plan = NULL;
	for (int month = 0; month < MONTHS; month++) {
		run_month(f, month);
		if (f->month[month].alarm && f->alarm_month < 0) {
			f->alarm_month = month;
			if (balance) plan = balanced(f);
			f->jobs_month = month + 26 / WEEKS + 1; /* half a year of lessons */
		}
		if (plan != NULL && month == f->jobs_month) take_up_jobs(f, plan);
	}
	return f;
}

/* ---- what it must show ---- */

static int points(double part)
{
	return (int)floor(part * 100 + 0.5);
}

static void print_table(const factory *without, const factory *with)
{
	puts("| month | Gini | a fifth does | speaks | wins | balanced: Gini | does | speaks | "
	     "wins |\n|---|---|---|---|---|---|---|---|---|");
	for (int p = 0; p < MONTHS; p = p < 6 ? p + 1 : p + 3) {
		const pl_monitor *a = &without->month[p], *b = &with->month[p];
		printf("| %d | 0.%02d | %d %% | %d %% | %d %% | 0.%02d | %d %%%s | %d %% | %d "
		       "%% |\n",
		       p + 1, points(a->empowering.gini), points(a->empowering.top),
		       points(a->ruled[PL_VOICE_MINUTES]), points(a->ruled[PL_VOICE_WON]),
		       points(b->empowering.gini), points(b->empowering.top),
		       b->alarm ? " (alarm)" : "", points(b->ruled[PL_VOICE_MINUTES]),
		       points(b->ruled[PL_VOICE_WON]));
	}
}

static void a_class_of_coordinators_arises(const factory *f)
{
	const pl_monitor *first = &f->month[0], *year = &f->month[11],
	                 *end = &f->month[MONTHS - 1];
	CHECK(!first->alarm);
	CHECK(f->alarm_month > 0 && f->alarm_month < 12);
	CHECK(year->empowering.top > 0.7);
	CHECK(year->empowering.gini > first->empowering.gini + 0.2);
	CHECK(first->ruled[PL_VOICE_MINUTES] < 0.4);
	CHECK(year->ruled[PL_VOICE_MINUTES] > 0.6);
	CHECK(end->empowering.top > 0.6 && end->ruled[PL_VOICE_WON] > 0.6);
	for (int p = f->alarm_month; p < MONTHS; p++) CHECK(f->month[p].alarm);
}

/* Does this person learn to read, then to use the computer, then to keep accounts? */
static bool from_letters_to_accounts(const pl_jobs *j, int m)
{
	int64_t at[TASKS];
	for (int t = 0; t < TASKS; t++) at[t] = -1;
	for (int64_t k = j->lesson_start[m]; k < j->lesson_start[m + 1]; k++)
		at[j->lesson[k]] = k;
	return at[LITERACY] >= 0 && at[COMPUTER] > at[LITERACY] && at[ACCOUNTS] > at[COMPUTER];
}

/* The plan takes workers at the furnace, who cannot read, up to the accounts. */
static void furnace_workers_come_to_keep_accounts(const pl_jobs *j)
{
	int some = 0, read = 0;
	for (int m = 0; m < FURNACE; m++) {
		some += from_letters_to_accounts(j, m);
		read += j->lesson_start[m + 1] > j->lesson_start[m];
	}
	printf("%d of %d at the furnace learn to read, %d of them to keep accounts\n", read,
	       FURNACE, some);
	CHECK(some > 0);
	CHECK(read == FURNACE);
}

static void balanced_jobs_undo_it_for_good(const factory *f)
{
	CHECK(f->jobs_month < MONTHS - 12);
	for (int p = f->jobs_month + 1 + WINDOW; p < MONTHS; p++) {
		CHECK(!f->month[p].alarm);
		CHECK(f->month[p].empowering.top < 0.4);
	}
	CHECK(f->month[MONTHS - 1].ruled[PL_VOICE_MINUTES] < 0.4);
	CHECK(f->month[MONTHS - 1].ruled[PL_VOICE_WON] < 0.4);
}

int main(void)
{
	const char *longer = getenv("PLENUM_LONG");
	const uint64_t seeds = longer != NULL && *longer != '\0' ? 5 : 1;
	for (uint64_t seed = 1; seed <= seeds; seed++) {
		factory *without = run(seed, false), *with = run(seed, true);
		print_table(without, with);
		a_class_of_coordinators_arises(without);
		balanced_jobs_undo_it_for_good(with);
		if (with->jobs != NULL) furnace_workers_come_to_keep_accounts(with->jobs);
		factory_free(without);
		factory_free(with);
	}
	return pl_test_failed;
}
