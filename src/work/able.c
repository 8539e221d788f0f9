/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* able.c - qualifications, and what can be learned in time through what it needs. */
#include "work/able.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"

const pl_work_skill *pl_work_skill_of(const pl_workplace *w, int32_t person, int32_t task)
{
	int64_t low = w->skill_start[person], high = w->skill_start[person + 1];
	while (low < high) {
		const int64_t mid = low + (high - low) / 2;
		if (w->skill[mid].task < task)
			low = mid + 1;
		else
			high = mid;
	}
	return low < w->skill_start[person + 1] && w->skill[low].task == task ? &w->skill[low]
	                                                                      : NULL;
}

static pl_work_can can_of(const pl_workplace *w, int32_t person, int32_t task)
{
	const pl_work_skill *s = pl_work_skill_of(w, person, task);
	return s != NULL ? s->can : PL_WORK_UNABLE;
}

void pl_able_free(pl_able *a)
{
	if (a == NULL) return;
	pl_free(a->can);
	pl_free(a->once);
	pl_free(a->people);
	pl_free(a->able);
	pl_free(a->start);
	pl_free(a->first);
	pl_free(a->stamp);
	pl_free(a);
}

/* ---- what a task needs ---------------------------------------------------------------------
 */

/// A walk through needs, depth first: a task is listed when all it needs is.
typedef struct {
	const pl_workplace *w;
	pl_able *a;
	int64_t room, used;
	int32_t stack[PL_NEEDS_MOST + 1];
	int64_t next[PL_NEEDS_MOST + 1];
} walk;

static pl_status list_task(walk *k, int32_t task, pl_error *err)
{
	if (k->used == k->room) {
		const int64_t room = pl_grow_room(k->room, k->used + 1);
		int32_t *longer = pl_grow(k->a->first, k->used, room, sizeof *longer);
		if (longer == NULL)
			return pl_fail(err, PL_ENOMEM, -1, "no memory for what tasks need");
		k->a->first = longer;
		k->room = room;
	}
	k->a->first[k->used++] = task;
	return PL_OK;
}

/// List all that `task` needs. A stamp is 2 task + 1 while a task is on the stack, + 2 when
/// it is listed.
static pl_status list_needs(walk *k, int32_t task, pl_error *err)
{
	const int64_t open = 2 * (int64_t)task + 1;
	int depth = 0;
	k->stack[0] = task;
	k->next[0] = k->w->needs_start[task];
	k->a->stamp[task] = open;
	while (depth >= 0) {
		const int32_t at = k->stack[depth];
		if (k->next[depth] == k->w->needs_start[at + 1]) {
			PL_TRY(list_task(k, at, err));
			k->a->stamp[at] = open + 1;
			depth--;
			continue;
		}
		const int32_t need = k->w->needs[k->next[depth]++];
		if (k->a->stamp[need] == open)
			return pl_fail(err, PL_EARG, need, "tasks need each other in a circle");
		if (k->a->stamp[need] == open + 1) continue;
		if (depth + 1 >= PL_NEEDS_MOST || k->used - k->a->start[task] >= PL_NEEDS_MOST)
			return pl_fail(err, PL_EARG, task,
			               "a task needs more than %d others, through others too",
			               PL_NEEDS_MOST);
		depth++;
		k->stack[depth] = need;
		k->next[depth] = k->w->needs_start[need];
		k->a->stamp[need] = open;
	}
	return PL_OK;
}

static pl_status list_all(pl_able *a, const pl_workplace *w, pl_error *err)
{
	walk k = {.w = w, .a = a};
	for (int32_t t = 0; t < w->n_tasks; t++) {
		a->start[t] = k.used;
		PL_TRY(list_needs(&k, t, err));
	}
	a->start[w->n_tasks] = k.used;
	for (int32_t t = 0; t < w->n_tasks; t++) a->stamp[t] = 0;
	return PL_OK;
}

/* ---- bits ----------------------------------------------------------------------------------
 */

static void set(uint64_t *bits, int64_t words, int32_t person, int32_t task)
{
	bits[task * words + person / 64] |= UINT64_C(1) << (person % 64);
}

int64_t pl_able_to_learn(const pl_able *a, const pl_workplace *w, int32_t person, int32_t task)
{
	int64_t hours = 0;
	if (pl_bit(a->can, a->words, person, task)) return 0;
	for (int64_t k = a->start[task]; k < a->start[task + 1]; k++) {
		const int32_t t = a->first[k];
		if (pl_bit(a->can, a->words, person, t)) continue;
		if (w->learn[t] < 0 || can_of(w, person, t) == PL_WORK_NEVER) return -1;
		hours += w->learn[t];
	}
	return hours;
}

static void fill(pl_able *a, const pl_workplace *w)
{
	for (int32_t m = 0; m < w->n_people; m++)
		for (int64_t k = w->skill_start[m]; k < w->skill_start[m + 1]; k++)
			if (w->skill[k].can == PL_WORK_ABLE)
				set(a->can, a->words, m, w->skill[k].task);
	for (int32_t t = 0; t < w->n_tasks; t++) {
		for (int32_t m = 0; m < w->n_people; m++) {
			const int64_t hours = pl_able_to_learn(a, w, m, t);
			if (hours < 0 || hours > w->learning[m]) continue;
			set(a->able, a->words, m, t);
			if (hours > 0) continue;
			set(a->once, a->words, m, t);
			a->people[t]++;
		}
	}
}

pl_status pl_able_new(pl_able **out, const pl_workplace *w, pl_error *err)
{
	*out = NULL;
	pl_status status = PL_ENOMEM;
	pl_able *a = pl_alloc(1, sizeof *a);
	if (a == NULL) goto done;
	a->words = w->n_people / 64 + 1;
	a->can = pl_alloc(a->words * w->n_tasks, sizeof *a->can);
	a->once = pl_alloc(a->words * w->n_tasks, sizeof *a->once);
	a->people = pl_alloc(w->n_tasks, sizeof *a->people);
	a->able = pl_alloc(a->words * w->n_tasks, sizeof *a->able);
	a->start = pl_alloc((int64_t)w->n_tasks + 1, sizeof *a->start);
	a->stamp = pl_alloc(w->n_tasks, sizeof *a->stamp);
	if (a->can == NULL || a->once == NULL || a->people == NULL || a->able == NULL ||
	    a->start == NULL || a->stamp == NULL)
		goto done;
	status = list_all(a, w, err);
	if (status != PL_OK) goto failed;
	fill(a, w);
	*out = a;
	return PL_OK;

done:
	(void)pl_fail(err, status, -1, "no memory for the skills of %d people at %d tasks",
	              (int)w->n_people, (int)w->n_tasks);
failed:
	pl_able_free(a);
	return status;
}

int64_t pl_able_lessons(int32_t *lesson, int32_t *lessons, pl_able *a, const pl_workplace *w,
                        int32_t person, const int32_t *task, int32_t n)
{
	int64_t hours = 0;
	int32_t found = 0;
	a->now++;
	for (int32_t i = 0; i < n; i++) {
		if (pl_bit(a->can, a->words, person, task[i])) continue;
		for (int64_t k = a->start[task[i]]; k < a->start[task[i] + 1]; k++) {
			const int32_t t = a->first[k];
			if (a->stamp[t] == a->now || pl_bit(a->can, a->words, person, t))
				continue;
			a->stamp[t] = a->now;
			if (lesson != NULL) lesson[found] = t;
			found++;
			hours += w->learn[t];
		}
	}
	if (lessons != NULL) *lessons = found;
	return hours;
}

/* Without bits, for callers that ask of few. */
int64_t pl_work_to_learn(const pl_workplace *w, int32_t person, int32_t task)
{
	pl_able *a = NULL;
	if (can_of(w, person, task) == PL_WORK_ABLE) return 0;
	if (pl_able_new(&a, w, NULL) != PL_OK) return -1;
	const int64_t hours = pl_able_to_learn(a, w, person, task);
	pl_able_free(a);
	return hours;
}
