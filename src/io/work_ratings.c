/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_ratings.c - tasks scored by what members say: ratings.csv, or pairs.csv. What tasks.csv
 * says is where ratings start from, and counts as one of them. */
#include "base/alloc.h"
#include "base/grow.h"
#include "io/work_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { R_PERSON, R_TASK, R_EMPOWERMENT, R_DESIRABILITY, R_COLUMNS };
enum { C_PERSON, C_OF, C_MORE, C_LESS, C_COLUMNS };
static const pl_column rating_columns[R_COLUMNS] = {
        {"person", true}, {"task", true}, {"empowerment", false}, {"desirability", false}};
static const pl_column pair_columns[C_COLUMNS] = {
        {"person", true}, {"of", true}, {"more", true}, {"less", true}};
static const pl_table_kind ratings_kind = {
        .file = "ratings.csv", .column = rating_columns, .n = R_COLUMNS, .optional = true};
static const pl_table_kind pairs_kind = {
        .file = "pairs.csv", .column = pair_columns, .n = C_COLUMNS, .optional = true};

static const char *of_name(int i)
{
	static const char *const names[PL_WORK_SCORES] = {"empowerment", "desirability"};
	return i >= 0 && i < PL_WORK_SCORES ? names[i] : NULL;
}

/* ---- rows ---- */

/// A rating in tenths, 0 where none was given or it is refused.
static int32_t tenths(pl_reader *t, int column)
{
	const double x = pl_work_cell_points(t, column, false);
	if (isnan(x) || t->row_bad) return 0;
	const double whole = floor(x * PL_RATE_POINT + 0.5);
	if (fabs(whole - x * PL_RATE_POINT) > 1e-6) {
		pl_table_fault(t, "%s is finer than a tenth of a point",
		               t->kind->column[column].name);
		return 0;
	}
	return (int32_t)whole;
}

static bool room_for(pl_work_reading *r, void *array, int64_t n, int64_t *room, size_t size)
{
	if (n < *room) return true;
	const int64_t longer = pl_grow_room(n, n + 1);
	if (!pl_work_longer(array, n, longer, size)) return pl_work_lack(r);
	*room = longer;
	return true;
}

static void read_rating(pl_work_reading *r, pl_reader *t)
{
	pl_work_rated row = {.line = pl_table_line(t)};
	row.person = pl_ids_find(&r->people, t, pl_table_needed(t, R_PERSON));
	row.task = pl_ids_find(&r->tasks, t, pl_table_needed(t, R_TASK));
	for (int s = 0; s < PL_WORK_SCORES; s++) row.tenths[s] = tenths(t, R_EMPOWERMENT + s);
	if (t->row_bad || row.person < 0 || row.task < 0) return;
	if (room_for(r, &r->rated, r->n_rated, &r->room_rated, sizeof *r->rated))
		r->rated[r->n_rated++] = row;
}

static void read_comparison(pl_work_reading *r, pl_reader *t)
{
	pl_comparison c = {.person = pl_ids_find(&r->people, t, pl_table_needed(t, C_PERSON))};
	const int of = pl_table_choice(t, C_OF, of_name, PL_WORK_SCORES);
	c.more = pl_ids_find(&r->tasks, t, pl_table_needed(t, C_MORE));
	c.less = pl_ids_find(&r->tasks, t, pl_table_needed(t, C_LESS));
	if (c.more >= 0 && c.more == c.less)
		pl_table_fault(t, "more and less are the same task");
	if (t->row_bad || of < 0 || c.person < 0 || c.more < 0 || c.less < 0) return;
	if (room_for(r, &r->said[of], r->n_said[of], &r->room_said[of], sizeof *r->said[of]))
		r->said[of][r->n_said[of]++] = c;
}

/* ---- the same twice ---- */

static int by_rater(const void *a, const void *b)
{
	const pl_work_rated *x = a, *y = b;
	if (x->person != y->person) return x->person < y->person ? -1 : 1;
	if (x->task != y->task) return x->task < y->task ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static void refuse_twice(pl_work_reading *r)
{
	char person[PL_BRIEF_CHARS], task[PL_BRIEF_CHARS];
	if (r->n_rated > 1) qsort(r->rated, (size_t)r->n_rated, sizeof *r->rated, by_rater);
	for (int64_t k = 1; k < r->n_rated; k++) {
		const pl_work_rated *a = &r->rated[k - 1], *b = &r->rated[k];
		if (a->person != b->person || a->task != b->task) continue;
		if (pl_faults_add(r->faults,
		                  "ratings.csv:%lld: \"%s\" and \"%s\" stand together twice "
		                  "(first in line %lld)",
		                  (long long)b->line,
		                  pl_text_brief(person, pl_work_person(r->f, b->person)),
		                  pl_text_brief(task, pl_work_task(r->f, b->task)),
		                  (long long)a->line) != PL_OK)
			(void)pl_work_lack(r);
	}
}

/* ---- scores ---- */

static pl_status score_rated(pl_work_reading *r, int s, const double *start)
{
	int64_t n = 0;
	pl_rating *list = pl_alloc(r->n_rated, sizeof *list);
	if (list == NULL) return PL_ENOMEM;
	for (int64_t k = 0; k < r->n_rated; k++)
		if (r->rated[k].tenths[s] > 0)
			list[n++] = (pl_rating){r->rated[k].task, r->rated[k].tenths[s]};
	const pl_status status =
	        pl_rate_tasks(r->f->score[s], r->f->tasks.n, n, list, start, NULL);
	pl_free(list);
	return status;
}

/// What was said takes the place of what tasks.csv has; where nothing was, that stays.
static void score(pl_work_reading *r, int s, bool pairs)
{
	const int32_t n = r->f->tasks.n;
	double *value = s == PL_WORK_EMPOWERMENT ? r->empowerment : r->desirability;
	r->f->score[s] = pl_alloc(n, sizeof *r->f->score[s]);
	if (r->f->score[s] == NULL) {
		(void)pl_work_lack(r);
		return;
	}
	const pl_status status = pairs ? pl_rate_pairs(r->f->score[s], n, r->f->people.n,
	                                               r->n_said[s], r->said[s], NULL)
	                               : score_rated(r, s, value);
	if (status != PL_OK) (void)pl_work_lack(r);
	for (int32_t t = 0; t < n && status == PL_OK; t++)
		if (r->f->score[s][t].n > 0) value[t] = r->f->score[s][t].score;
}

void pl_work_read_ratings(pl_work_reading *r, const pl_source *from)
{
	bool pairs = false;
	const bool rated = pl_work_table(r, &ratings_kind, from, NULL, read_rating);
	if (r->status == PL_OK)
		pairs = pl_work_table(r, &pairs_kind, from, NULL, read_comparison);
	if (r->status == PL_OK && rated && pairs &&
	    pl_faults_add(r->faults, "pairs.csv: ratings.csv is there too; give one of them") !=
	            PL_OK)
		(void)pl_work_lack(r);
	if (r->status == PL_OK) refuse_twice(r);
	for (int s = 0; s < PL_WORK_SCORES && r->status == PL_OK && rated != pairs; s++)
		score(r, s, pairs);
}
