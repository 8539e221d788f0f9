/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_glpk_test.c - balanced jobs of few people against an integer solver. */
#include "tests/pl_test.h"

#include <glpk.h>
/* after the harness */
#include "work/test_workplace.h"

static const double hour = PL_WORK_HOUR;
static const double near_best = 0.003; /* points: thousandths of an hour, and where both stop */

static bool able(const pl_workplace *w, int32_t person, int32_t task)
{
	return w->learn[task] >= 0 || pl_work_to_learn(w, person, task) == 0;
}

/* Columns: hours of a pair, whether there are any, then the deviation last. */
static int column(const pl_workplace *w, int32_t person, int32_t task, bool any)
{
	return 1 + 2 * (person * w->n_tasks + task) + any;
}

static void add_row(glp_prob *p, int n, const int *at, const double *value, int type, double b)
{
	const int row = glp_add_rows(p, 1);
	glp_set_row_bnds(p, row, type, b, b);
	glp_set_mat_row(p, row, n, at, value);
}

static void add_pairs(glp_prob *p, const pl_workplace *w)
{
	for (int32_t m = 0; m < w->n_people; m++)
		for (int32_t t = 0; t < w->n_tasks; t++) {
			const int a = column(w, m, t, false), z = column(w, m, t, true);
			const double need = (double)w->need[t] / hour,
			             block = fmin((double)w->block[t] / hour, need);
			glp_set_col_bnds(p, a, GLP_DB, 0, need);
			glp_set_col_kind(p, z, GLP_BV);
			if (!able(w, m, t)) glp_set_col_bnds(p, z, GLP_FX, 0, 0);
			const int at[3] = {0, a, z};
			const double most[3] = {0, 1, -need}, least[3] = {0, 1, -block};
			add_row(p, 2, at, most, GLP_UP, 0);
			add_row(p, 2, at, least, GLP_LO, 0);
		}
}

static void add_person(glp_prob *p, const pl_workplace *w, int32_t m, double work,
                       const double mean[2])
{
	int at[64] = {0};
	double one[64], up[64], down[64];
	const int n = w->n_tasks;
	for (int32_t t = 0; t < n; t++) {
		at[t + 1] = column(w, m, t, false);
		one[t + 1] = 1;
	}
	add_row(p, n, at, one, GLP_FX, work);
	at[n + 1] = column(w, w->n_people, 0, false);
	up[n + 1] = -work;
	down[n + 1] = work;
	for (int k = 0; k < 2; k++) {
		for (int32_t t = 0; t < n; t++)
			up[t + 1] = down[t + 1] =
			        (k == 0 ? w->empowerment[t] : w->desirability[t]) - mean[k];
		add_row(p, n + 1, at, up, GLP_UP, 0);
		add_row(p, n + 1, at, down, GLP_LO, 0);
	}
	for (int32_t t = 0; t < n; t++) at[t + 1] = column(w, m, t, true);
	add_row(p, n, at, one, GLP_UP, 6);
}

static void add_tasks(glp_prob *p, const pl_workplace *w)
{
	int at[64] = {0};
	double one[64] = {0};
	for (int32_t t = 0; t < w->n_tasks; t++) {
		for (int32_t m = 0; m < w->n_people; m++) {
			at[m + 1] = column(w, m, t, false);
			one[m + 1] = 1;
		}
		add_row(p, w->n_people, at, one, GLP_FX, (double)w->need[t] / hour);
	}
}

/* Hours of a person: whole thousandths, as blocks may fill them exactly. */
static double work_of(const pl_workplace *w, const pl_jobs *j, int32_t m)
{
	double need = 0, offered = 0;
	if (j->outcome <= PL_JOBS_NEAREST) return (double)j->work[m] / hour;
	for (int32_t t = 0; t < w->n_tasks; t++) need += (double)w->need[t] / hour;
	for (int32_t i = 0; i < w->n_people; i++) offered += (double)w->hours[i];
	return need * ((double)w->hours[m] / offered);
}

/* @return the least largest deviation; NaN where there are no jobs */
static double best_of(const pl_workplace *w, const pl_jobs *j)
{
	const double mean[2] = {j->mean_empowerment, j->mean_desirability};
	glp_prob *p = glp_create_prob();
	const int last = 2 * w->n_people * w->n_tasks + 1;
	glp_add_cols(p, last);
	glp_set_col_bnds(p, last, GLP_DB, 0, 20);
	glp_set_obj_coef(p, last, 1);
	add_pairs(p, w);
	for (int32_t m = 0; m < w->n_people; m++) add_person(p, w, m, work_of(w, j, m), mean);
	add_tasks(p, w);
	glp_iocp how;
	glp_init_iocp(&how);
	how.presolve = GLP_ON;
	how.tm_lim = 60000;
	const int failed = glp_intopt(p, &how);
	const int status = glp_mip_status(p);
	const double best = failed == 0 && status == GLP_OPT ? glp_mip_obj_val(p) : (double)NAN;
	glp_delete_prob(p);
	return best;
}

static void compare(test_kind k, int *both)
{
	test_workplace t = test_workplace_of(k);
	const pl_work_settings s = {.within = 0, .tasks_most = 6, .balance = true, .seed = 1};
	pl_jobs *j = NULL;
	CHECK(pl_work_balance(&j, &t.w, &s, NULL) == PL_OK);
	if (j == NULL) abort();
	CHECK(pl_jobs_check(&t.w, &s, j, NULL) == PL_OK);
	const double best = best_of(&t.w, j);
	const bool some = j->outcome <= PL_JOBS_NEAREST;
	CHECK(some == !isnan(best));
	if (some && !isnan(best)) {
		CHECK_NEAR(j->worst, best, near_best);
		CHECK(j->proven);
		CHECK(j->bound <= best + near_best);
		(*both)++;
	}
	pl_jobs_free(j);
	test_workplace_free(&t);
}

static void few_people_get_the_best_jobs_there_are(int seeds)
{
	int both = 0;
	for (int s = 0; s < seeds; s++)
		compare((test_kind){.people = 2 + s % 4,
		                    .tasks = 4 + s % 3,
		                    .can = 0.7,
		                    .block = 2000 * (int64_t)(s % 4),
		                    .lessons = s % 5 == 4,
		                    .seed = (uint64_t)s},
		        &both);
	printf("    %d of %d workplaces have jobs\n", both, seeds);
	CHECK(both >= seeds / 3);
}

static void eight_people_get_the_best_jobs_there_are(void)
{
	int both = 0;
	for (uint64_t s = 1; s <= 5; s++)
		compare((test_kind){8, 8, 0.8, 3000, false, s}, &both);
	CHECK(both > 0);
}

int main(int argc, char **argv)
{
	const bool sanitized = argc > 1 && strcmp(argv[1], "few") == 0;
	const char *all = getenv("PLENUM_LONG");
	glp_term_out(GLP_OFF);
	printf("  few_people_get_the_best_jobs_there_are\n");
	few_people_get_the_best_jobs_there_are(sanitized ? 10 : 40);
	if (all != NULL && *all != '\0') RUN(eight_people_get_the_best_jobs_there_are);
	return pl_test_failed;
}
