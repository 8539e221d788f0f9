/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_files.c - the tables of a workplace. Hours are kept to the thousandth (io-5: what is
 * finer is refused, as it would not be read back). */
#include "io/work_files.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "io/row.h"
#include "io/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { P_PERSON, P_NAME, P_HOURS, P_LEARNING, P_COLUMNS };
enum {
	T_TASK,
	T_NAME,
	T_HOURS,
	T_EMPOWERMENT,
	T_DESIRABILITY,
	T_BLOCK,
	T_NEEDS,
	T_LEARN,
	T_COLUMNS
};
enum { S_PERSON, S_TASK, S_CAN, S_RATING, S_COLUMNS };
enum { L_PERSON, L_TASK, L_HOURS, L_COLUMNS };

static const pl_column person_columns[P_COLUMNS] = {
        {"person", true}, {"name", false}, {"hours", true}, {"learning", false}};
static const pl_column task_columns[T_COLUMNS] = {
        {"task", true},         {"name", false},      {"hours", true},  {"empowerment", true},
        {"desirability", true}, {"min_block", false}, {"needs", false}, {"learn_hours", false}};
static const pl_column skill_columns[S_COLUMNS] = {
        {"person", true}, {"task", true}, {"can", true}, {"rating", false}};
static const pl_column last_columns[L_COLUMNS] = {
        {"person", true}, {"task", true}, {"hours", true}};
static const pl_table_kind people_kind = {
        .file = "people.csv", .column = person_columns, .n = P_COLUMNS};
static const pl_table_kind tasks_kind = {
        .file = "tasks.csv", .column = task_columns, .n = T_COLUMNS};
static const pl_table_kind skills_kind = {
        .file = "skills.csv", .column = skill_columns, .n = S_COLUMNS, .optional = true};
static const pl_table_kind last_kind = {
        .file = "last.csv", .column = last_columns, .n = L_COLUMNS, .optional = true};

static const double most_hours = (double)(PL_WORK_HOURS_MOST / PL_WORK_HOUR);
static const double points_least = 1, points_most = 20;

/// A row of skills.csv or last.csv.
typedef struct {
	int32_t person;
	pl_work_skill skill;
	int64_t line;
	bool of_last;
} pair;

/// Tables being read. What is about to be the workplace is borrowed by it at the end.
typedef struct {
	pl_work_files *f;
	pl_faults *faults;
	pl_ids people, tasks;
	pl_lines person_line, task_line;
	int64_t room_people, room_tasks, room_pairs, room_needs;
	int64_t *hours, *learning;
	int64_t *need, *block, *learn;
	double *empowerment, *desirability;
	int64_t *wish; ///< [n_tasks] offsets in text of what was written under needs
	int64_t *needs_start, *skill_start;
	int32_t *needs;
	pl_work_skill *skill;
	pair *pair;
	int64_t n_pairs;
	pl_status status;
} reading;

static bool lack(reading *r)
{
	r->status = PL_ENOMEM;
	return false;
}

static bool longer(void *array, int64_t used, int64_t room, size_t size)
{
	void *old, *grown;
	memcpy(&old, array, sizeof old);
	grown = pl_grow(old, used, room, size);
	if (grown == NULL) return false;
	memcpy(array, &grown, sizeof grown);
	return true;
}

/* ---- cells ---------------------------------------------------------------------------------
 */

/// Hours in thousandths. @param other where the cell is empty @return 0 after a fault
static int64_t hours_of(pl_reader *t, int column, int64_t other)
{
	const char *name = t->kind->column[column].name;
	const double x = pl_table_number(t, column);
	if (isnan(x)) return other;
	if (x < 0 || x > most_hours) {
		pl_table_fault(t, "%s is %s; hours go from 0 to %.0f", name,
		               x < 0 ? "below 0" : "too large", most_hours);
		return 0;
	}
	const double whole = floor(x * PL_WORK_HOUR + 0.5);
	if (fabs(whole - x * PL_WORK_HOUR) > 1e-6) {
		pl_table_fault(t, "%s is finer than a thousandth of an hour", name);
		return 0;
	}
	return (int64_t)whole;
}

static void needed(pl_reader *t, int column, const char *cell)
{
	if (*cell == '\0' && !t->row_bad)
		pl_table_fault(t, "%s is empty; give one", t->kind->column[column].name);
}

static int64_t hours_needed(pl_reader *t, int column)
{
	needed(t, column, pl_table_text(t, column));
	return hours_of(t, column, 0);
}

static double points_of(pl_reader *t, int column, bool must)
{
	if (must) needed(t, column, pl_table_text(t, column));
	const double x = pl_table_number(t, column);
	if (x < points_least || x > points_most)
		pl_table_fault(t, "%s goes from 1 to 20", t->kind->column[column].name);
	return x;
}

static int64_t keep_text(reading *r, const char *s)
{
	if (!pl_arena_reserve(&r->f->text, pl_arena_cost(s))) {
		(void)lack(r);
		return 0;
	}
	return pl_arena_put(&r->f->text, s);
}

/* ---- people and tasks ----------------------------------------------------------------------
 */

static bool room_for_person(reading *r)
{
	const int64_t n = r->f->people.n;
	if (n < r->room_people) return true;
	const int64_t room = pl_grow_room(r->room_people, n + 1);
	if (!longer(&r->hours, n, room, sizeof *r->hours) ||
	    !longer(&r->learning, n, room, sizeof *r->learning) ||
	    !longer(&r->f->person_name, n, room, sizeof *r->f->person_name))
		return lack(r);
	r->room_people = room;
	return true;
}

static void read_person(reading *r, pl_reader *t)
{
	const char *id = pl_table_needed(t, P_PERSON);
	if (!pl_ids_new(&r->people, t, id)) return;
	const int64_t hours = hours_needed(t, P_HOURS);
	if (hours == 0 && !t->row_bad)
		pl_table_fault(t, "hours is 0; leave people out who do not work");
	const int64_t learning = hours_of(t, P_LEARNING, hours), at = r->f->people.n;
	if (t->row_bad) {
		pl_ids_note(&r->people, t, id);
		return;
	}
	if (!room_for_person(r) || !pl_names_reserve(&r->f->people, id) ||
	    !pl_lines_add(&r->person_line, pl_table_line(t))) {
		(void)lack(r);
		return;
	}
	r->hours[at] = hours;
	r->learning[at] = learning;
	r->f->person_name[at] = keep_text(r, pl_table_text(t, P_NAME));
	(void)pl_names_put(&r->f->people, id);
}

static bool room_for_task(reading *r)
{
	const int64_t n = r->f->tasks.n;
	if (n < r->room_tasks) return true;
	const int64_t room = pl_grow_room(r->room_tasks, n + 1);
	if (!longer(&r->need, n, room, sizeof *r->need) ||
	    !longer(&r->block, n, room, sizeof *r->block) ||
	    !longer(&r->learn, n, room, sizeof *r->learn) ||
	    !longer(&r->empowerment, n, room, sizeof *r->empowerment) ||
	    !longer(&r->desirability, n, room, sizeof *r->desirability) ||
	    !longer(&r->wish, n, room, sizeof *r->wish) ||
	    !longer(&r->f->task_name, n, room, sizeof *r->f->task_name))
		return lack(r);
	r->room_tasks = room;
	return true;
}

static void read_task(reading *r, pl_reader *t)
{
	const char *id = pl_table_needed(t, T_TASK);
	if (!pl_ids_new(&r->tasks, t, id)) return;
	const int64_t need = hours_needed(t, T_HOURS), at = r->f->tasks.n;
	const double e = points_of(t, T_EMPOWERMENT, true),
	             d = points_of(t, T_DESIRABILITY, true);
	const int64_t block = hours_of(t, T_BLOCK, 0), learn = hours_of(t, T_LEARN, -1);
	if (t->row_bad) {
		pl_ids_note(&r->tasks, t, id);
		return;
	}
	if (!room_for_task(r) || !pl_names_reserve(&r->f->tasks, id) ||
	    !pl_lines_add(&r->task_line, pl_table_line(t))) {
		(void)lack(r);
		return;
	}
	r->need[at] = need;
	r->block[at] = block;
	r->learn[at] = learn;
	r->empowerment[at] = e;
	r->desirability[at] = d;
	r->f->task_name[at] = keep_text(r, pl_table_text(t, T_NAME));
	r->wish[at] = keep_text(r, pl_table_text(t, T_NEEDS));
	(void)pl_names_put(&r->f->tasks, id);
}

/* ---- what a task needs ---------------------------------------------------------------------
 */

/// A fault of a task's row, when the table is read already.
static void fault_of_task(reading *r, int32_t task, const char *what, const char *id)
{
	pl_near near = {0};
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	pl_ids_offer(&near, &r->tasks, id);
	if (pl_faults_add(r->faults, "tasks.csv:%lld: %s \"%s\"%s",
	                  (long long)pl_lines_at(&r->task_line, task), what,
	                  pl_text_brief(brief, id), pl_near_hint(hint, &near)) != PL_OK)
		(void)lack(r);
}

static void add_need(reading *r, int32_t task, int64_t *n, const char *id)
{
	int32_t index = -1;
	if (!pl_ids_has(&index, &r->tasks, id)) {
		fault_of_task(r, task, "needs speaks of no task:", id);
		return;
	}
	if (index < 0) return;
	if (*n == r->room_needs) {
		const int64_t room = pl_grow_room(r->room_needs, *n + 1);
		if (!longer(&r->needs, *n, room, sizeof *r->needs)) {
			(void)lack(r);
			return;
		}
		r->room_needs = room;
	}
	r->needs[(*n)++] = index;
}

/// The ids in a cell of needs: all of it is one id, or ids stand between |.
static void split_needs(reading *r, int32_t task, int64_t *n)
{
	char word[PL_BRIEF_CHARS * 8];
	const char *s = r->f->text.bytes + r->wish[task];
	int32_t index;
	if (*s == '\0') return;
	if (pl_ids_has(&index, &r->tasks, s)) {
		add_need(r, task, n, s);
		return;
	}
	while (*s != '\0') {
		const size_t length = strcspn(s, "|");
		size_t from = 0, to = length;
		while (from < to && s[from] == ' ') from++;
		while (to > from && s[to - 1] == ' ') to--;
		(void)snprintf(word, sizeof word, "%.*s", (int)(to - from), s + from);
		if (*word != '\0') add_need(r, task, n, word);
		s += length + (s[length] == '|');
	}
}

static void read_needs(reading *r)
{
	int64_t n = 0;
	r->needs_start = pl_alloc((int64_t)r->f->tasks.n + 1, sizeof *r->needs_start);
	if (r->needs_start == NULL) {
		(void)lack(r);
		return;
	}
	for (int32_t t = 0; t < r->f->tasks.n && r->status == PL_OK; t++) {
		split_needs(r, t, &n);
		r->needs_start[t + 1] = n;
	}
}

/* ---- skills and last hours -----------------------------------------------------------------
 */

static const char *can_name(int i)
{
	static const char *const names[] = {"no", "yes", "never"};
	return i >= 0 && i < 3 ? names[i] : NULL;
}

static void add_pair(reading *r, const pair *p)
{
	if (r->n_pairs == r->room_pairs) {
		const int64_t room = pl_grow_room(r->room_pairs, r->n_pairs + 1);
		if (!longer(&r->pair, r->n_pairs, room, sizeof *r->pair)) {
			(void)lack(r);
			return;
		}
		r->room_pairs = room;
	}
	r->pair[r->n_pairs++] = *p;
}

static void read_pair(reading *r, pl_reader *t, bool of_last)
{
	pair p = {
	        .line = pl_table_line(t), .of_last = of_last, .skill = {.rating = (double)NAN}};
	p.person = pl_ids_find(&r->people, t, pl_table_needed(t, S_PERSON));
	p.skill.task = pl_ids_find(&r->tasks, t, pl_table_needed(t, S_TASK));
	if (of_last) {
		p.skill.last = hours_needed(t, L_HOURS);
	} else {
		const char *can = pl_table_text(t, S_CAN);
		int known = PL_WORK_UNABLE;
		if (strcmp(can, "1") == 0)
			known = PL_WORK_ABLE;
		else if (*can != '\0' && strcmp(can, "0") != 0)
			known = pl_table_choice(t, S_CAN, can_name, 3);
		p.skill.can = known < 0 ? PL_WORK_UNABLE : (pl_work_can)known;
		p.skill.rating = points_of(t, S_RATING, false);
	}
	if (!t->row_bad && p.person >= 0 && p.skill.task >= 0) add_pair(r, &p);
}

static int by_pair(const void *a, const void *b)
{
	const pair *x = a, *y = b;
	if (x->person != y->person) return x->person < y->person ? -1 : 1;
	if (x->skill.task != y->skill.task) return x->skill.task < y->skill.task ? -1 : 1;
	if (x->of_last != y->of_last) return x->of_last ? 1 : -1;
	return x->line < y->line ? -1 : 1;
}

static bool same(const pair *a, const pair *b)
{
	return a->person == b->person && a->skill.task == b->skill.task;
}

static void fault_twice(reading *r, const pair *first, const pair *again)
{
	char person[PL_BRIEF_CHARS], task[PL_BRIEF_CHARS];
	if (pl_faults_add(
	            r->faults,
	            "%s:%lld: \"%s\" and \"%s\" stand together twice (first in line %lld)",
	            again->of_last ? "last.csv" : "skills.csv", (long long)again->line,
	            pl_text_brief(person, pl_work_person(r->f, again->person)),
	            pl_text_brief(task, pl_work_task(r->f, again->skill.task)),
	            (long long)first->line) != PL_OK)
		(void)lack(r);
}

/// One row for each person and task, what both tables say in it.
static void join_pairs(reading *r)
{
	const int32_t people = r->f->people.n;
	r->skill = pl_alloc(r->n_pairs, sizeof *r->skill);
	r->skill_start = pl_alloc((int64_t)people + 1, sizeof *r->skill_start);
	if (r->skill == NULL || r->skill_start == NULL) {
		(void)lack(r);
		return;
	}
	if (r->n_pairs > 1) qsort(r->pair, (size_t)r->n_pairs, sizeof *r->pair, by_pair);
	int64_t n = 0;
	for (int64_t k = 0; k < r->n_pairs; k++) {
		const pair *p = &r->pair[k];
		if (k > 0 && same(p, p - 1)) {
			if (p->of_last == (p - 1)->of_last) fault_twice(r, p - 1, p);
			r->skill[n - 1].last = p->skill.last;
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

/* ---- the whole -----------------------------------------------------------------------------
 */

/// An empty table is one fault: others do not complain of each id that it lacks (io-4).
static void refuse_empty(reading *r, pl_ids *ids)
{
	if (ids->known->n > 0 || !ids->there || ids->broken || ids->names.n > 0) return;
	ids->broken = true;
	if (pl_faults_add(r->faults, "%s: there is no %s in it", ids->file, ids->what) != PL_OK)
		(void)lack(r);
}

static void read_table(reading *r, const pl_table_kind *kind, const pl_source *from,
                       pl_ids *ids, void (*row)(reading *, pl_reader *))
{
	pl_reader t;
	pl_table_open(&t, kind, from, r->faults);
	if (ids != NULL) ids->there = t.there;
	while (r->status == PL_OK && pl_table_next(&t)) row(r, &t);
	pl_table_close(&t);
	if (ids != NULL) ids->broken = t.broken;
	if (t.status != PL_OK) r->status = t.status;
	if (ids != NULL && r->status == PL_OK) refuse_empty(r, ids);
}

static void read_skill(reading *r, pl_reader *t)
{
	read_pair(r, t, false);
}

static void read_last(reading *r, pl_reader *t)
{
	read_pair(r, t, true);
}

static void borrow(reading *r)
{
	pl_workplace *w = &r->f->w;
	*w = (pl_workplace){.n_people = r->f->people.n,
	                    .n_tasks = r->f->tasks.n,
	                    .hours = r->hours,
	                    .learning = r->learning,
	                    .need = r->need,
	                    .empowerment = r->empowerment,
	                    .desirability = r->desirability,
	                    .block = r->block,
	                    .learn = r->learn,
	                    .needs_start = r->needs_start,
	                    .needs = r->needs,
	                    .skill_start = r->skill_start,
	                    .skill = r->skill};
}

static void read_all(reading *r, const pl_source *from)
{
	r->people = (pl_ids){.what = "person",
	                     .file = "people.csv",
	                     .known = &r->f->people,
	                     .known_line = &r->person_line};
	r->tasks = (pl_ids){.what = "task",
	                    .file = "tasks.csv",
	                    .known = &r->f->tasks,
	                    .known_line = &r->task_line};
	read_table(r, &people_kind, from, &r->people, read_person);
	if (r->status == PL_OK) read_table(r, &tasks_kind, from, &r->tasks, read_task);
	if (r->status == PL_OK) read_needs(r);
	if (r->status == PL_OK) read_table(r, &skills_kind, from, NULL, read_skill);
	if (r->status == PL_OK) read_table(r, &last_kind, from, NULL, read_last);
	if (r->status == PL_OK) join_pairs(r);
	borrow(r);
	pl_ids_clear(&r->people);
	pl_ids_clear(&r->tasks);
	pl_lines_clear(&r->person_line);
	pl_lines_clear(&r->task_line);
	pl_free(r->wish);
	pl_free(r->pair);
}

pl_status pl_work_read(pl_work_files **out, const pl_source *from, pl_faults *faults,
                       pl_error *err)
{
	*out = NULL;
	PL_TRY(pl_source_check(from, err));
	const int64_t before = faults->n;
	reading r = {.faults = faults};
	r.f = pl_alloc(1, sizeof *r.f);
	if (r.f == NULL || !pl_arena_reserve(&r.f->text, 1)) {
		pl_work_files_free(r.f);
		return pl_fail(err, PL_ENOMEM, -1, "no memory to read a workplace");
	}
	read_all(&r, from);
	pl_status status = r.status;
	if (status != PL_OK)
		(void)pl_fail(err, status, -1, "no memory to read a workplace");
	else if (faults->n > before)
		status = pl_faults_first(faults, before, err);
	if (status == PL_OK)
		*out = r.f;
	else
		pl_work_files_free(r.f);
	return status;
}

/// Give back a column that the workplace borrowed.
static void drop(const void *column)
{
	void *mine;
	memcpy(&mine, &column, sizeof mine);
	pl_free(mine);
}

void pl_work_files_free(pl_work_files *f)
{
	if (f == NULL) return;
	drop(f->w.hours);
	drop(f->w.learning);
	drop(f->w.need);
	drop(f->w.empowerment);
	drop(f->w.desirability);
	drop(f->w.block);
	drop(f->w.learn);
	drop(f->w.needs_start);
	drop(f->w.needs);
	drop(f->w.skill_start);
	drop(f->w.skill);
	pl_free(f->person_name);
	pl_free(f->task_name);
	pl_names_clear(&f->people);
	pl_names_clear(&f->tasks);
	pl_arena_clear(&f->text);
	pl_free(f);
}

const char *pl_work_person(const pl_work_files *f, int32_t person)
{
	return f->people.text.bytes + f->people.at[person];
}

const char *pl_work_task(const pl_work_files *f, int32_t task)
{
	return f->tasks.text.bytes + f->tasks.at[task];
}

const char *pl_work_person_name(const void *files, int32_t person)
{
	const pl_work_files *f = files;
	const char *name = f->text.bytes + f->person_name[person];
	return *name != '\0' ? name : pl_work_person(f, person);
}

const char *pl_work_task_name(const void *files, int32_t task)
{
	const pl_work_files *f = files;
	const char *name = f->text.bytes + f->task_name[task];
	return *name != '\0' ? name : pl_work_task(f, task);
}

/* ---- jobs ----------------------------------------------------------------------------------
 */

const char *pl_work_hours(char out[PL_WORK_HOURS_CHARS], int64_t hours)
{
	int n = snprintf(out, PL_WORK_HOURS_CHARS, "%" PRId64 ".%03d", hours / PL_WORK_HOUR,
	                 (int)(hours % PL_WORK_HOUR));
	while (out[n - 1] == '0') out[--n] = '\0';
	if (out[n - 1] == '.') out[--n] = '\0';
	return out;
}

static void put_hours(pl_row *row, int64_t hours)
{
	char text[PL_WORK_HOURS_CHARS];
	pl_row_text(row, pl_work_hours(text, hours));
}

void pl_work_write_jobs(FILE *to, const pl_work_files *f, const pl_jobs *j)
{
	fputs("person,task,hours\n", to);
	for (int32_t m = 0; m < j->n_people; m++)
		for (int64_t k = j->start[m]; k < j->start[m + 1]; k++) {
			pl_row row = {to, false};
			pl_row_text(&row, pl_work_person(f, m));
			pl_row_text(&row, pl_work_task(f, j->task[k]));
			put_hours(&row, j->hours[k]);
			pl_row_end(&row);
		}
}

void pl_work_write_summary(FILE *to, const pl_work_files *f, const pl_jobs *j)
{
	fputs("person,hours,tasks,empowerment,desirability,empowerment_off,desirability_off,"
	      "learning\n",
	      to);
	for (int32_t m = 0; m < j->n_people; m++) {
		int64_t lessons = 0;
		for (int64_t k = j->lesson_start[m]; k < j->lesson_start[m + 1]; k++)
			lessons += f->w.learn[j->lesson[k]];
		pl_row row = {to, false};
		pl_row_text(&row, pl_work_person(f, m));
		put_hours(&row, j->work[m]);
		pl_row_whole(&row, j->start[m + 1] - j->start[m]);
		pl_row_number(&row, j->empowerment[m]);
		pl_row_number(&row, j->desirability[m]);
		pl_row_number(&row, j->empowerment[m] - j->mean_empowerment);
		pl_row_number(&row, j->desirability[m] - j->mean_desirability);
		put_hours(&row, lessons);
		pl_row_end(&row);
	}
}

void pl_work_write_lessons(FILE *to, const pl_work_files *f, const pl_jobs *j)
{
	fputs("person,order,task,hours\n", to);
	for (int32_t m = 0; m < j->n_people; m++)
		for (int64_t k = j->lesson_start[m]; k < j->lesson_start[m + 1]; k++) {
			pl_row row = {to, false};
			pl_row_text(&row, pl_work_person(f, m));
			pl_row_whole(&row, k - j->lesson_start[m] + 1);
			pl_row_text(&row, pl_work_task(f, j->lesson[k]));
			put_hours(&row, f->w.learn[j->lesson[k]]);
			pl_row_end(&row);
		}
}
