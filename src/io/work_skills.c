/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_skills.c - who can do what, and who did what last period. */
#include "base/alloc.h"
#include "base/grow.h"
#include "io/work_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { S_PERSON, S_TASK, S_CAN, S_RATING, S_COLUMNS };
enum { L_PERSON, L_TASK, L_HOURS, L_COLUMNS };

static const pl_column skill_columns[S_COLUMNS] = {
        {"person", true}, {"task", true}, {"can", true}, {"rating", false}};
static const pl_column last_columns[L_COLUMNS] = {
        {"person", true}, {"task", true}, {"hours", true}};
static const pl_table_kind skills_kind = {
        .file = "skills.csv", .column = skill_columns, .n = S_COLUMNS, .optional = true};
static const pl_table_kind last_kind = {
        .file = "last.csv", .column = last_columns, .n = L_COLUMNS, .optional = true};

static const char *can_name(int i)
{
	static const char *const names[] = {"no", "yes", "never"};
	return i >= 0 && i < 3 ? names[i] : NULL;
}

void pl_work_add_pair(pl_work_reading *r, const pl_work_pair *p)
{
	if (r->n_pairs == r->room_pairs) {
		const int64_t room = pl_grow_room(r->room_pairs, r->n_pairs + 1);
		if (!pl_work_longer(&r->pair, r->n_pairs, room, sizeof *r->pair)) {
			(void)pl_work_lack(r);
			return;
		}
		r->room_pairs = room;
	}
	r->pair[r->n_pairs++] = *p;
}

static void read_pair(pl_work_reading *r, pl_reader *t, bool of_last)
{
	pl_work_pair p = {
	        .line = pl_table_line(t), .of_last = of_last, .skill = {.rating = (double)NAN}};
	p.person = pl_ids_find(&r->people, t, pl_table_needed(t, S_PERSON));
	p.skill.task = pl_ids_find(&r->tasks, t, pl_table_needed(t, S_TASK));
	if (of_last) {
		p.skill.last = pl_work_cell_hours_needed(t, L_HOURS);
	} else {
		const char *can = pl_table_text(t, S_CAN);
		int known = PL_WORK_UNABLE;
		if (strcmp(can, "1") == 0)
			known = PL_WORK_ABLE;
		else if (*can != '\0' && strcmp(can, "0") != 0)
			known = pl_table_choice(t, S_CAN, can_name, 3);
		p.skill.can = known < 0 ? PL_WORK_UNABLE : (pl_work_can)known;
		p.skill.rating = pl_work_cell_points(t, S_RATING, false);
	}
	if (!t->row_bad && p.person >= 0 && p.skill.task >= 0) pl_work_add_pair(r, &p);
}

static int by_pair(const void *a, const void *b)
{
	const pl_work_pair *x = a, *y = b;
	if (x->person != y->person) return x->person < y->person ? -1 : 1;
	if (x->skill.task != y->skill.task) return x->skill.task < y->skill.task ? -1 : 1;
	if (x->of_last != y->of_last) return x->of_last ? 1 : -1;
	return (x->line > y->line) - (x->line < y->line);
}

static bool same(const pl_work_pair *a, const pl_work_pair *b)
{
	return a->person == b->person && a->skill.task == b->skill.task;
}

static void fault_twice(pl_work_reading *r, const pl_work_pair *first,
                        const pl_work_pair *again)
{
	char person[PL_BRIEF_CHARS], task[PL_BRIEF_CHARS];
	if (pl_faults_add(
	            r->faults,
	            "%s:%lld: \"%s\" and \"%s\" stand together twice (first in line %lld)",
	            again->of_last ? "last.csv" : "skills.csv", (long long)again->line,
	            pl_text_brief(person, pl_work_person(r->f, again->person)),
	            pl_text_brief(task, pl_work_task(r->f, again->skill.task)),
	            (long long)first->line) != PL_OK)
		(void)pl_work_lack(r);
}

/// One row for each person and task, what both tables say in it.
void pl_work_join_pairs(pl_work_reading *r)
{
	const int32_t people = r->f->people.n;
	r->skill = pl_alloc(r->n_pairs, sizeof *r->skill);
	r->skill_start = pl_alloc((int64_t)people + 1, sizeof *r->skill_start);
	if (r->skill == NULL || r->skill_start == NULL) {
		(void)pl_work_lack(r);
		return;
	}
	if (r->n_pairs > 1) qsort(r->pair, (size_t)r->n_pairs, sizeof *r->pair, by_pair);
	int64_t n = 0;
	for (int64_t k = 0; k < r->n_pairs; k++) {
		const pl_work_pair *p = &r->pair[k];
		if (k > 0 && same(p, p - 1)) {
			if (p->of_last == (p - 1)->of_last && p->line > 0)
				fault_twice(r, p - 1, p);
			r->skill[n - 1].last += p->skill.last;
		} else {
			r->skill[n++] = p->skill;
		}
		r->skill_start[p->person + 1] = n;
		r->f->last = r->f->last || p->skill.last > 0;
	}
	for (int32_t m = 0; m < people; m++)
		if (r->skill_start[m + 1] < r->skill_start[m])
			r->skill_start[m + 1] = r->skill_start[m];
}

static void read_skill(pl_work_reading *r, pl_reader *t)
{
	read_pair(r, t, false);
}

static void read_last(pl_work_reading *r, pl_reader *t)
{
	read_pair(r, t, true);
}

void pl_work_read_skills(pl_work_reading *r, const pl_source *from)
{
	(void)pl_work_table(r, &skills_kind, from, NULL, read_skill);
	if (r->status == PL_OK)
		r->last_there = pl_work_table(r, &last_kind, from, NULL, read_last);
}
