/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work.h - balanced job complexes: who does which tasks of a workplace, and for how long, so
 * that empowering and pleasant work is shared. docs/jobs.md tells it at length. */
#ifndef PL_WORK_H
#define PL_WORK_H
#include <plenum/base.h>

/// Hours are whole numbers of thousandths of an hour here, so that sums are exact.
enum { PL_WORK_HOUR = 1000 };
#define PL_WORK_HOURS_MOST INT64_C(1000000000000) ///< of all people together, thousandths

enum { PL_WORK_TASKS_MOST = 16 }; ///< highest limit on the tasks of one person

/// May a person do a task?
typedef enum {
	PL_WORK_UNABLE, ///< not yet; may learn it where the task can be learned
	PL_WORK_ABLE,   ///< is qualified
	PL_WORK_NEVER   ///< and is not to learn it either
} pl_work_can;

/// What a person said of a task, or did last period. Rows of a person stand together.
typedef struct {
	int32_t task;
	pl_work_can can;
	double rating; ///< how much the person likes it or would like to learn it, 1 .. 20; or
	               ///< NaN
	int64_t last;  ///< thousandths of an hour last period, >= 0
} pl_work_skill;

/// People, tasks and skills. Borrowed by every call; nothing in it changes.
typedef struct {
	int32_t n_people, n_tasks;
	const int64_t *hours;      ///< [n_people] offered this period, > 0
	const int64_t *learning;   ///< [n_people] most that each may spend on learning, >= 0
	const int64_t *need;       ///< [n_tasks] to be done this period, >= 0; 0: a lesson only
	const double *empowerment; ///< [n_tasks] 1 .. 20
	const double *desirability; ///< [n_tasks] 1 .. 20
	const int64_t *block; ///< [n_tasks] least share that makes sense for one person, >= 0
	const int64_t *learn; ///< [n_tasks] hours to learn it once what it needs is known,
	                      ///< >= 0; -1: nobody can learn it here
	const int64_t *needs_start; ///< [n_tasks + 1]
	const int32_t *needs;       ///< tasks that must be known first; no circles
	const int64_t *skill_start; ///< [n_people + 1]
	const pl_work_skill *skill; ///< by person, then by task, rising; a task that is missing
	                            ///< is PL_WORK_UNABLE
} pl_workplace;

/// What a watcher is told many times a second.
typedef struct {
	const char *phase; ///< "exchanging hours", "trying other tasks", "ruling out others"
	double worst;      ///< points: the largest deviation of jobs now; NAN: there are none
} pl_work_progress;
typedef void (*pl_work_told)(void *self, const pl_work_progress *now);

typedef struct {
	double within;      ///< points; a deviation up to this counts as balanced, >= 0
	int32_t tasks_most; ///< tasks of one person, 1 .. PL_WORK_TASKS_MOST
	bool balance;       ///< false: the cheapest sharing out, whatever its balance
	uint64_t seed;
	bool quick;        ///< up to eight people: prove less, where one of many is asked
	pl_work_told tell; ///< NULL: nobody; it only reads
	void *to;          ///< its first argument
} pl_work_settings;
pl_work_settings pl_work_preset(void); ///< half a point, six tasks, balanced, 1

typedef enum {
	PL_JOBS_BALANCED,  ///< every deviation is at most `within`
	PL_JOBS_NEAREST,   ///< as near as was found; `bound` tells how near anybody can come
	PL_JOBS_HOURS,     ///< more is to be done than people offer hours
	PL_JOBS_UNCOVERED, ///< too few people can do some tasks, or learn them in time
	PL_JOBS_BLOCKS, ///< no way was found to keep every least share and the limit on tasks
	PL_JOBS_OUTCOMES
} pl_jobs_outcome;
const char *pl_jobs_outcome_name(int outcome); ///< "balanced", ...; NULL outside the enum

/// Jobs: what each person does. Each works the same part of the hours offered,
/// W = sum of need / sum of hours, to the thousandth of an hour (`work`).
///
///   sum over people of a[m][t] = need[t]          every task is covered exactly
///   sum over tasks of a[m][t] = work[m] <= hours[m]
///   a[m][t] = 0, or a[m][t] >= min(block[t], need[t])
///   at most tasks_most tasks a person
///   a[m][t] > 0 only where m is able, or learns t and all it needs within learning[m]
///
/// A job's empowerment is E[m] = sum a[m][t] e[t] / work[m]; as every task is covered, the mean
/// over people by hours is that of the tasks, e* = sum need[t] e[t] / sum need[t], whatever the
/// jobs. Its deviation is the larger of |E[m] - e*| and |D[m] - d*|. The largest deviation of
/// all people, `worst`, is made as small as can be; no jobs have one below `bound`. Where
/// several have one within `within`, the cheapest that is found is taken: hours of learning,
/// then hours that change hands, then what people would rather not do.
typedef struct {
	pl_jobs_outcome outcome;
	int32_t n_people, n_tasks;
	int64_t *start; ///< [n_people + 1] of task and hours; all 0 where there are no jobs
	int32_t *task;  ///< rising for each person
	int64_t *hours; ///< > 0
	int64_t *work;  ///< [n_people]
	double *empowerment, *desirability; ///< [n_people] E and D; the mean where work is 0
	double mean_empowerment, mean_desirability;
	double worst, bound; ///< points; 0 <= bound <= worst
	bool proven;         ///< nothing can be better than worst by 0.001 of a point; of
	                     ///< PL_JOBS_BLOCKS: there are no jobs

	int64_t *lesson_start; ///< [n_people + 1] of lesson
	int32_t *lesson;       ///< tasks to learn, in an order in which they can be learned
	int64_t learning;      ///< hours of all lessons together

	/* Where there are no jobs: */
	int32_t short_task;  ///< the task that cannot be covered, -1: none
	int64_t short_hours; ///< hours that are missing
	int32_t train;       ///< who can learn it soonest, -1: nobody
	int64_t train_hours; ///< and how long that takes
} pl_jobs;

/// Find balanced jobs. Small workplaces are searched to the end; the same people, tasks and
/// settings give the same jobs to the last bit.
/// @param s NULL: pl_work_preset
/// @return PL_OK, also where there are no jobs (see outcome); PL_ENOMEM; PL_EARG with a
/// sentence
///         (err->where: the task, or n_tasks + the person)
PL_API pl_status pl_work_balance(pl_jobs **out, const pl_workplace *w,
                                 const pl_work_settings *s, pl_error *err);
PL_API void pl_jobs_free(pl_jobs *j); ///< NULL allowed

/// Add jobs up again, by code that shares nothing with the search: every rule above, sums,
/// means and deviations, lessons.
/// @return PL_OK; PL_EARG with the first rule that is broken
PL_API pl_status pl_jobs_check(const pl_workplace *w, const pl_work_settings *s,
                               const pl_jobs *j, pl_error *err);

/// Hours that a person needs to learn a task with all it needs; 0 where able already.
/// @return -1: never
PL_API int64_t pl_work_to_learn(const pl_workplace *w, int32_t person, int32_t task);
#endif
