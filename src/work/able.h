/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* able.h - who can do which task, or can learn it in time, as bits. */
#ifndef PL_WORK_ABLE_H
#define PL_WORK_ABLE_H
#include <plenum/work.h>

/// Bit m of task t is bit m % 64 of word t * words + m / 64.
typedef struct {
	int64_t words;   ///< of a task
	uint64_t *can;   ///< qualified now
	uint64_t *once;  ///< qualified now, or by lessons that take no time
	int32_t *people; ///< [n_tasks] how many of those
	uint64_t *able;  ///< qualified now, or by learning in time
	int64_t *start;  ///< [n_tasks + 1] of first
	int32_t *first;  ///< what a task needs, itself last, in an order of learning
	int64_t *stamp;  ///< [n_tasks] scratch of pl_able_lessons
	int64_t now;     ///< scratch
} pl_able;

enum { PL_NEEDS_MOST = 256 }; ///< tasks that one task may need, through others too

/// @return PL_OK; PL_EARG: tasks need each other in a circle, or one needs too many
pl_status pl_able_new(pl_able **out, const pl_workplace *w, pl_error *err);
void pl_able_free(pl_able *a); ///< NULL allowed

static inline bool pl_bit(const uint64_t *bits, int64_t words, int32_t person, int32_t task)
{
	return bits[task * words + person / 64] >> (person % 64) & 1;
}

/// Hours to learn a task with all it needs, 0 where qualified; -1: never.
int64_t pl_able_to_learn(const pl_able *a, const pl_workplace *w, int32_t person, int32_t task);
/// Hours of all that a person must learn for n tasks together; what several need counts once.
/// @param[out] lesson NULL, or room for n * PL_NEEDS_MOST tasks @param[out] lessons their
/// number
int64_t pl_able_lessons(int32_t *lesson, int32_t *lessons, pl_able *a, const pl_workplace *w,
                        int32_t person, const int32_t *task, int32_t n);
/// The skill of a person at a task; NULL where no row tells.
const pl_work_skill *pl_work_skill_of(const pl_workplace *w, int32_t person, int32_t task);
#endif
