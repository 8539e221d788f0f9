/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_mip.c - an integer program: hours of each pair that may be, whether there are any, and
 * the largest deviation, which is to be least. Nothing here is shared with src/work. */
#include "jobs_mip.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>

static const double hour = PL_WORK_HOUR;
static const double highest = 20; /* points */

/* Columns of a pair are its number and the next one; 0: the pair may not be. */
typedef struct {
	glp_prob *p;
	const pl_workplace *w;
	const pl_work_settings *s;
	int *first;    /* [n_people * n_tasks] */
	double *learn; /* [n_people * n_tasks] hours of lessons, -1: never */
	double *work;  /* [n_people] hours */
	double mean[2];
	int last; /* column of the deviation */
	int *at;  /* a row */
	double *value;
} program;

static double learning(const pl_workplace *w, int32_t person, int32_t task)
{
	for (int64_t k = w->skill_start[person]; k < w->skill_start[person + 1]; k++) {
		if (w->skill[k].task != task) continue;
		if (w->skill[k].can == PL_WORK_ABLE) return 0;
		if (w->skill[k].can == PL_WORK_NEVER) return -1;
	}
	return w->learn[task] <= w->learning[person] ? (double)w->learn[task] / hour : -1;
}

/* Hours of people are whole thousandths in jobs, as blocks may fill them exactly. */
static void share(program *q, const pl_jobs *j)
{
	double need = 0, offered = 0;
	for (int32_t t = 0; t < q->w->n_tasks; t++) {
		const double hours = (double)q->w->need[t];
		need += hours;
		q->mean[0] += hours * q->w->empowerment[t];
		q->mean[1] += hours * q->w->desirability[t];
	}
	for (int k = 0; k < 2 && need > 0; k++) q->mean[k] /= need;
	for (int32_t m = 0; m < q->w->n_people; m++) offered += (double)q->w->hours[m];
	for (int32_t m = 0; m < q->w->n_people; m++)
		q->work[m] = j->outcome <= PL_JOBS_NEAREST
		                     ? (double)j->work[m] / hour
		                     : need / hour * ((double)q->w->hours[m] / offered);
}

static void add_row(program *q, int n, int type, double bound)
{
	const int row = glp_add_rows(q->p, 1);
	glp_set_row_bnds(q->p, row, type, bound, bound);
	glp_set_mat_row(q->p, row, n, q->at, q->value);
}

static void add_pair(program *q, int32_t m, int32_t t)
{
	const double need = (double)q->w->need[t] / hour, most = fmin(need, q->work[m]),
	             block = fmin((double)q->w->block[t] / hour, need);
	const int a = glp_add_cols(q->p, 2), z = a + 1;
	q->first[m * q->w->n_tasks + t] = a;
	glp_set_col_bnds(q->p, a, GLP_DB, 0, most);
	glp_set_col_kind(q->p, z, GLP_BV);
	q->at[1] = a;
	q->at[2] = z;
	q->value[1] = 1;
	q->value[2] = -most;
	add_row(q, 2, GLP_UP, 0);
	q->value[2] = -block;
	if (block > 0) add_row(q, 2, GLP_LO, 0);
}

static void add_pairs(program *q)
{
	const pl_workplace *w = q->w;
	for (int32_t m = 0; m < w->n_people; m++)
		for (int32_t t = 0; t < w->n_tasks; t++) {
			q->learn[m * w->n_tasks + t] = learning(w, m, t);
			if (w->need[t] > 0 && q->learn[m * w->n_tasks + t] >= 0)
				add_pair(q, m, t);
		}
	q->last = glp_add_cols(q->p, 1);
	glp_set_col_bnds(q->p, q->last, GLP_DB, 0, highest);
	glp_set_obj_coef(q->p, q->last, 1);
}

/* A row over what a person may do: what = 0, 1 the scores; 2 hours; 3 tasks; 4 lessons. */
static int list(program *q, int32_t m, int what)
{
	const pl_workplace *w = q->w;
	int n = 0;
	for (int32_t t = 0; t < w->n_tasks; t++) {
		const int a = q->first[m * w->n_tasks + t];
		if (a == 0) continue;
		const double values[] = {w->empowerment[t] - q->mean[0],
		                         w->desirability[t] - q->mean[1], 1, 1,
		                         q->learn[m * w->n_tasks + t]};
		n++;
		q->at[n] = a + (what > 2);
		q->value[n] = values[what];
	}
	return n;
}

static void add_person(program *q, int32_t m)
{
	for (int what = 0; what < 2; what++) {
		const int n = list(q, m, what) + 1;
		q->at[n] = q->last;
		q->value[n] = -q->work[m];
		add_row(q, n, GLP_UP, 0);
		q->value[n] = q->work[m];
		add_row(q, n, GLP_LO, 0);
	}
	add_row(q, list(q, m, 2), GLP_FX, q->work[m]);
	add_row(q, list(q, m, 3), GLP_UP, q->s->tasks_most);
	add_row(q, list(q, m, 4), GLP_UP, (double)q->w->learning[m] / hour);
}

static void add_task(program *q, int32_t t)
{
	int n = 0;
	for (int32_t m = 0; m < q->w->n_people; m++) {
		if (q->first[m * q->w->n_tasks + t] == 0) continue;
		n++;
		q->at[n] = q->first[m * q->w->n_tasks + t];
		q->value[n] = 1;
	}
	add_row(q, n, GLP_FX, (double)q->w->need[t] / hour);
}

static void follow(glp_tree *tree, void *info)
{
	jobs_mip *out = info;
	const int node = glp_ios_best_node(tree);
	if (node > 0) out->bound = fmax(out->bound, glp_ios_node_bound(tree, node));
}

static void solve(jobs_mip *out, program *q, int seconds)
{
	glp_iocp how;
	glp_init_iocp(&how);
	how.tm_lim = 1000 * seconds;
	how.cb_func = follow;
	how.cb_info = out;
	how.presolve = GLP_ON;
	const int failed = glp_intopt(q->p, &how);
	const int status = glp_mip_status(q->p);
	out->done = failed == 0 || failed == GLP_ENOPFS;
	if (failed == GLP_ENOPFS || (failed == 0 && status == GLP_NOFEAS))
		out->bound = INFINITY;
	if (failed != GLP_ENOPFS && (status == GLP_OPT || status == GLP_FEAS))
		out->best = glp_mip_obj_val(q->p);
	if (failed == 0 && status == GLP_OPT) out->bound = out->best;
}

pl_status jobs_mip_solve(jobs_mip *out, const pl_workplace *w, const pl_work_settings *s,
                         const pl_jobs *j, int seconds)
{
	const size_t pairs = (size_t)w->n_people * (size_t)w->n_tasks;
	program q = {.w = w, .s = s};
	*out = (jobs_mip){.best = (double)NAN};
	if (w->needs_start[w->n_tasks] > 0) return PL_EARG;
	q.p = glp_create_prob();
	q.first = calloc(pairs, sizeof *q.first);
	q.learn = calloc(pairs, sizeof *q.learn);
	q.work = calloc((size_t)w->n_people, sizeof *q.work);
	q.at = calloc((size_t)w->n_people + (size_t)w->n_tasks + 3, sizeof *q.at);
	q.value = calloc((size_t)w->n_people + (size_t)w->n_tasks + 3, sizeof *q.value);
	const bool some = q.first != NULL && q.learn != NULL && q.work != NULL &&
	                  q.at != NULL && q.value != NULL;
	if (some) {
		share(&q, j);
		add_pairs(&q);
		for (int32_t m = 0; m < w->n_people; m++) add_person(&q, m);
		for (int32_t t = 0; t < w->n_tasks; t++)
			if (w->need[t] > 0) add_task(&q, t);
		solve(out, &q, seconds);
	}
	free(q.first);
	free(q.learn);
	free(q.work);
	free(q.at);
	free(q.value);
	glp_delete_prob(q.p);
	return some ? PL_OK : PL_ENOMEM;
}
