/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* remedy.c - where there are no jobs: solve anew with one thing otherwise. */
#include "work/remedy.h"

#include "base/alloc.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	FEW = 16,         /* people up to whom many trials are made */
	SOME = 128,       /* and up to whom some are */
	TRIALS_FEW = 120, /* quick ones, without balance */
	TRIALS_SOME = 40,
	TRIALS_MANY = 8,
	THOROUGH_FEW = 30, /* and slower ones, where those find nothing */
	THOROUGH_SOME = 10,
	THOROUGH_MANY = 2,
	WHOLE_FEW = 20, /* and those with the settings as they are, all kinds together */
	WHOLE_SOME = 8,
	WHOLE_MANY = 3,
	HALVES = 4, /* times that a least share is halved */
	EACH = 2    /* remedies of a kind that are told */
};
static const int64_t grain = PL_WORK_HOUR / 2; /* least shares are told in half hours */
static const double any = 20;                  /* points: nobody deviates as much */

static const char *const names[PL_REMEDY_KINDS] = {"tasks", "min_block", "min_blocks", "learn"};

const char *pl_remedy_name(int kind)
{
	return kind >= 0 && kind < PL_REMEDY_KINDS ? names[kind] : NULL;
}

typedef struct {
	const pl_workplace *w;
	const pl_work_settings *s;
	const pl_jobs *j;
	pl_workplace now; ///< with one thing otherwise
	int64_t *block, *start;
	pl_work_skill *skill;      ///< room for PL_REMEDY_PEOPLE more
	int left, thorough, whole; ///< trials
	pl_remedy *out;
	int n;
	pl_status status;
	pl_error *err;
} remedying;

/* ---- a trial -------------------------------------------------------------------------------
 */

/// Begin to try things of a kind.
static void allow(remedying *z)
{
	const int32_t n = z->w->n_people;
	z->left = n <= FEW ? TRIALS_FEW : n <= SOME ? TRIALS_SOME : TRIALS_MANY;
	z->thorough = n <= FEW ? THOROUGH_FEW : n <= SOME ? THOROUGH_SOME : THOROUGH_MANY;
}

static bool among(const pl_remedy *r, int32_t m)
{
	for (int32_t i = 0; i < r->n_people; i++)
		if (r->person[i] == m) return true;
	return false;
}

/// The skills of all, those of the remedy able at its task.
static void put_skills(remedying *z, const pl_remedy *r)
{
	const pl_workplace *w = z->w;
	int64_t n = 0;
	for (int32_t m = 0; m < w->n_people; m++) {
		bool missing = r->kind == PL_REMEDY_LEARN && among(r, m);
		const pl_work_skill new = {r->task, PL_WORK_ABLE, (double)NAN, 0};
		z->start[m] = n;
		for (int64_t k = w->skill_start[m]; k < w->skill_start[m + 1]; k++) {
			if (missing && w->skill[k].task > r->task) {
				z->skill[n++] = new;
				missing = false;
			}
			z->skill[n] = w->skill[k];
			if (missing && w->skill[k].task == r->task) {
				z->skill[n].can = PL_WORK_ABLE;
				missing = false;
			}
			n++;
		}
		if (missing) z->skill[n++] = new;
	}
	z->start[w->n_people] = n;
}

static bool solves(remedying *z, const pl_work_settings *s)
{
	pl_jobs *j = NULL;
	z->status = pl_work_balance(&j, &z->now, s, z->err);
	const bool some = z->status == PL_OK && j->outcome <= PL_JOBS_NEAREST;
	if (some) z->status = pl_jobs_check(&z->now, s, j, z->err);
	pl_jobs_free(j);
	return some && z->status == PL_OK;
}

static void put(remedying *z, const pl_remedy *r, pl_work_settings *s)
{
	*s = *z->s;
	s->quick = true;
	if (r->kind == PL_REMEDY_TASKS) s->tasks_most = r->tasks_most;
	memcpy(z->block, z->w->block, (size_t)z->w->n_tasks * sizeof *z->block);
	for (int32_t t = 0; t < z->w->n_tasks; t++)
		if ((r->kind == PL_REMEDY_BLOCKS && z->block[t] > r->block) ||
		    (r->kind == PL_REMEDY_BLOCK && t == r->task))
			z->block[t] = r->block;
	put_skills(z, r);
}

/// Might there be jobs with the remedy, however unlike? First the cheapest, then any.
static bool serves(remedying *z, const pl_remedy *r)
{
	pl_work_settings s;
	if (z->status != PL_OK || z->left-- <= 0) return false;
	put(z, r, &s);
	s.balance = false;
	if (solves(z, &s)) return true;
	if (z->status != PL_OK || z->thorough-- <= 0) return false;
	s.balance = true;
	s.within = any;
	return solves(z, &s);
}

/// Tell a remedy if it serves with the settings as they are, too.
static bool tell(remedying *z, const pl_remedy *r)
{
	pl_work_settings s;
	if (z->status != PL_OK || z->n >= PL_REMEDIES || z->whole-- <= 0) return false;
	put(z, r, &s);
	if (!solves(z, &s)) return false;
	z->out[z->n++] = *r;
	return true;
}

/* ---- the kinds -----------------------------------------------------------------------------
 */

static void more_tasks(remedying *z)
{
	pl_remedy r = {.kind = PL_REMEDY_TASKS, .task = -1, .tasks_most = PL_WORK_TASKS_MOST};
	if (z->s->tasks_most >= PL_WORK_TASKS_MOST || !serves(z, &r)) return;
	for (r.tasks_most = z->s->tasks_most + 1; r.tasks_most <= PL_WORK_TASKS_MOST;
	     r.tasks_most++)
		if (serves(z, &r) && tell(z, &r)) return;
}

static int64_t share_of(const pl_workplace *w, int32_t task)
{
	return w->block[task] < w->need[task] ? w->block[task] : w->need[task];
}

/// The largest least share, below what it is, that was found to serve, in half hours.
static bool smaller_block(remedying *z, pl_remedy *r, int64_t share)
{
	int64_t low = 0, high = (share - 1) / grain;
	r->block = 0;
	if (!serves(z, r)) return false;
	while (low < high) {
		const int64_t middle = (low + high + 1) / 2;
		r->block = middle * grain;
		if (serves(z, r))
			low = middle;
		else
			high = middle - 1;
	}
	r->block = low * grain;
	return true;
}

/// Hands that are only just possible may not be found with the settings as they are.
static bool tell_smaller(remedying *z, pl_remedy *r)
{
	for (int i = 0; i < HALVES; i++) {
		if (tell(z, r)) return true;
		if (r->block == 0) return false;
		r->block = r->block / 2 / grain * grain;
	}
	return false;
}

static void smaller_blocks(remedying *z)
{
	int told = 0;
	for (int32_t i = -1; i < z->w->n_tasks && told < EACH; i++) {
		pl_remedy r = {.kind = PL_REMEDY_BLOCK, .task = i < 0 ? z->j->short_task : i};
		if (r.task < 0 || (i >= 0 && i == z->j->short_task)) continue;
		if (share_of(z->w, r.task) == 0) continue;
		if (smaller_block(z, &r, share_of(z->w, r.task)) && tell_smaller(z, &r)) told++;
	}
	if (told > 0) return;
	pl_remedy all = {.kind = PL_REMEDY_BLOCKS, .task = -1};
	int64_t largest = 0;
	for (int32_t t = 0; t < z->w->n_tasks; t++)
		if (share_of(z->w, t) > largest) largest = share_of(z->w, t);
	allow(z);
	if (largest > 0 && smaller_block(z, &all, largest)) (void)tell_smaller(z, &all);
}

/// Somebody who might learn a task, soonest first.
typedef struct {
	int64_t hours; ///< INT64_MAX: cannot be learned here
	int32_t person;
} learner;

static int by_hours(const void *a, const void *b)
{
	const learner *x = a, *y = b;
	if (x->hours != y->hours) return x->hours < y->hours ? -1 : 1;
	return x->person < y->person ? -1 : 1;
}

static bool never(const pl_workplace *w, int32_t m, int32_t task)
{
	for (int64_t k = w->skill_start[m]; k < w->skill_start[m + 1]; k++)
		if (w->skill[k].task == task) return w->skill[k].can == PL_WORK_NEVER;
	return false;
}

/// Those who cannot do a task and cannot learn it in time, but might. @return how many
static int32_t learners(learner *to, const remedying *z, int32_t task)
{
	int32_t n = 0;
	for (int32_t m = 0; m < z->w->n_people; m++) {
		const int64_t hours = pl_work_to_learn(z->w, m, task);
		if (never(z->w, m, task) || (hours >= 0 && hours <= z->w->learning[m]))
			continue;
		to[n++] = (learner){hours < 0 ? INT64_MAX : hours, m};
	}
	qsort(to, (size_t)n, sizeof *to, by_hours);
	return n;
}

/// One after another learns a task until that serves; then those without whom it does are left
/// out.
static bool somebody_learns(remedying *z, pl_remedy *r, const learner *of, int32_t n)
{
	bool some = false;
	for (int32_t i = 0; i < n && i < PL_REMEDY_PEOPLE && !some; i++) {
		r->person[r->n_people++] = of[i].person;
		some = serves(z, r);
	}
	for (int32_t i = 0; some && i + 1 < r->n_people;) {
		pl_remedy less = *r;
		less.n_people--;
		memmove(less.person + i, less.person + i + 1,
		        (size_t)(less.n_people - i) * sizeof *less.person);
		if (serves(z, &less))
			*r = less;
		else
			i++;
	}
	return some;
}

static void lessons(remedying *z)
{
	learner *of = pl_alloc(z->w->n_people, sizeof *of);
	int told = 0;
	if (of == NULL) {
		z->status = pl_fail(z->err, PL_ENOMEM, -1,
		                    "no memory to look for who might "
		                    "learn a task");
		return;
	}
	for (int32_t i = -1; i < z->w->n_tasks && told < EACH; i++) {
		pl_remedy r = {.kind = PL_REMEDY_LEARN, .task = i < 0 ? z->j->short_task : i};
		if (r.task < 0 || (i >= 0 && i == z->j->short_task)) continue;
		if (z->w->need[r.task] == 0) continue;
		if (somebody_learns(z, &r, of, learners(of, z, r.task)) && tell_smaller(z, &r))
			told++;
	}
	pl_free(of);
}

/* ---- the whole -----------------------------------------------------------------------------
 */

static bool begin(remedying *z)
{
	const int64_t n = z->w->n_people;
	z->block = pl_alloc(z->w->n_tasks, sizeof *z->block);
	z->start = pl_alloc(n + 1, sizeof *z->start);
	z->skill = pl_alloc(z->w->skill_start[n] + PL_REMEDY_PEOPLE, sizeof *z->skill);
	z->now = *z->w;
	z->now.block = z->block;
	z->now.skill_start = z->start;
	z->now.skill = z->skill;
	return z->block != NULL && z->start != NULL && z->skill != NULL;
}

pl_status pl_work_remedies(pl_remedy out[PL_REMEDIES], int *n, const pl_workplace *w,
                           const pl_work_settings *s, const pl_jobs *j, pl_error *err)
{
	const pl_work_settings preset = pl_work_preset();
	remedying z = {.w = w, .s = s != NULL ? s : &preset, .j = j, .out = out, .err = err};
	z.whole = w->n_people <= FEW    ? WHOLE_FEW
	          : w->n_people <= SOME ? WHOLE_SOME
	                                : WHOLE_MANY;
	*n = 0;
	if (j->outcome != PL_JOBS_UNCOVERED && j->outcome != PL_JOBS_BLOCKS) return PL_OK;
	if (!begin(&z))
		z.status = pl_fail(err, PL_ENOMEM, -1, "no memory to look for a way out");
	static void (*const kinds[])(remedying *) = {more_tasks, smaller_blocks, lessons};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (i != 2 && j->outcome == PL_JOBS_UNCOVERED) continue;
		allow(&z);
		if (z.status == PL_OK) kinds[i](&z);
	}
	pl_free(z.block);
	pl_free(z.start);
	pl_free(z.skill);
	*n = z.n;
	return z.status;
}
