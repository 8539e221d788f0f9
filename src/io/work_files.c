/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_files.c - people, tasks and what these need; the whole workplace. */
#include "io/work_files.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "io/work_read.h"

#include <math.h>
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
	T_DECISIVE,
	T_OCCUPATION,
	T_COLUMNS
};
static const pl_column person_columns[P_COLUMNS] = {
        {"person", true}, {"name", false}, {"hours", true}, {"learning", false}};
static const pl_column task_columns[T_COLUMNS] = {
        {"task", true},         {"name", false},      {"hours", true},  {"empowerment", true},
        {"desirability", true}, {"min_block", false}, {"needs", false}, {"learn_hours", false},
        {"decisive", false},    {"occupation", false}};
static const pl_table_kind people_kind = {
        .file = "people.csv", .column = person_columns, .n = P_COLUMNS};
static const pl_table_kind tasks_kind = {
        .file = "tasks.csv", .column = task_columns, .n = T_COLUMNS};

static const double decisive_least = 15; /* points, where no task is marked: the top of the
                                          * scale, from three quarters up */

bool pl_work_lack(pl_work_reading *r)
{
	r->status = PL_ENOMEM;
	return false;
}

bool pl_work_longer(void *array, int64_t used, int64_t room, size_t size)
{
	void *old, *grown;
	memcpy(&old, array, sizeof old);
	grown = pl_grow(old, used, room, size);
	if (grown == NULL) return false;
	memcpy(array, &grown, sizeof grown);
	return true;
}

static int64_t keep_text(pl_work_reading *r, const char *s)
{
	if (!pl_arena_reserve(&r->f->text, pl_arena_cost(s))) {
		(void)pl_work_lack(r);
		return 0;
	}
	return pl_arena_put(&r->f->text, s);
}

/* ---- people and tasks ----------------------------------------------------------------------
 */

static bool room_for_person(pl_work_reading *r)
{
	const int64_t n = r->f->people.n;
	if (n < r->room_people) return true;
	const int64_t room = pl_grow_room(r->room_people, n + 1);
	if (!pl_work_longer(&r->hours, n, room, sizeof *r->hours) ||
	    !pl_work_longer(&r->learning, n, room, sizeof *r->learning) ||
	    !pl_work_longer(&r->f->person_name, n, room, sizeof *r->f->person_name))
		return pl_work_lack(r);
	r->room_people = room;
	return true;
}

static void read_person(pl_work_reading *r, pl_reader *t)
{
	const char *id = pl_table_needed(t, P_PERSON);
	if (!pl_ids_new(&r->people, t, id)) return;
	const int64_t hours = pl_work_cell_hours_needed(t, P_HOURS);
	if (hours == 0 && !t->row_bad)
		pl_table_fault(t, "hours is 0; leave people out who do not work");
	const int64_t learning = pl_work_cell_hours(t, P_LEARNING, hours), at = r->f->people.n;
	if (t->row_bad) {
		pl_ids_note(&r->people, t, id);
		return;
	}
	if (!room_for_person(r) || !pl_names_reserve(&r->f->people, id) ||
	    !pl_lines_add(&r->person_line, pl_table_line(t))) {
		(void)pl_work_lack(r);
		return;
	}
	r->hours[at] = hours;
	r->learning[at] = learning;
	r->f->person_name[at] = keep_text(r, pl_table_text(t, P_NAME));
	(void)pl_names_put(&r->f->people, id);
}

static bool room_for_task(pl_work_reading *r)
{
	const int64_t n = r->f->tasks.n;
	if (n < r->room_tasks) return true;
	const int64_t room = pl_grow_room(r->room_tasks, n + 1);
	if (!pl_work_longer(&r->need, n, room, sizeof *r->need) ||
	    !pl_work_longer(&r->block, n, room, sizeof *r->block) ||
	    !pl_work_longer(&r->learn, n, room, sizeof *r->learn) ||
	    !pl_work_longer(&r->empowerment, n, room, sizeof *r->empowerment) ||
	    !pl_work_longer(&r->desirability, n, room, sizeof *r->desirability) ||
	    !pl_work_longer(&r->decisive, n, room, sizeof *r->decisive) ||
	    !pl_work_longer(&r->occupation, n, room, sizeof *r->occupation) ||
	    !pl_work_longer(&r->wish, n, room, sizeof *r->wish) ||
	    !pl_work_longer(&r->f->task_name, n, room, sizeof *r->f->task_name))
		return pl_work_lack(r);
	r->room_tasks = room;
	return true;
}

static const char *yes_name(int i)
{
	static const char *const names[] = {"no", "yes"};
	return i >= 0 && i < 2 ? names[i] : NULL;
}

static bool is_decisive(pl_work_reading *r, pl_reader *t)
{
	if (*pl_table_text(t, T_DECISIVE) == '\0') return false;
	r->some_decisive = true;
	return pl_table_choice(t, T_DECISIVE, yes_name, 2) == 1;
}

static void read_task(pl_work_reading *r, pl_reader *t)
{
	const char *id = pl_table_needed(t, T_TASK);
	if (!pl_ids_new(&r->tasks, t, id)) return;
	const int64_t need = pl_work_cell_hours_needed(t, T_HOURS), at = r->f->tasks.n;
	const double e = pl_work_cell_points(t, T_EMPOWERMENT, false),
	             d = pl_work_cell_points(t, T_DESIRABILITY, false);
	const int64_t block = pl_work_cell_hours(t, T_BLOCK, 0),
	              learn = pl_work_cell_hours(t, T_LEARN, -1);
	const bool decisive = is_decisive(r, t);
	if (t->row_bad) {
		pl_ids_note(&r->tasks, t, id);
		return;
	}
	if (!room_for_task(r) || !pl_names_reserve(&r->f->tasks, id) ||
	    !pl_lines_add(&r->task_line, pl_table_line(t))) {
		(void)pl_work_lack(r);
		return;
	}
	r->need[at] = need;
	r->block[at] = block;
	r->learn[at] = learn;
	r->empowerment[at] = e;
	r->desirability[at] = d;
	r->decisive[at] = decisive;
	r->f->task_name[at] = keep_text(r, pl_table_text(t, T_NAME));
	r->wish[at] = keep_text(r, pl_table_text(t, T_NEEDS));
	r->occupation[at] = keep_text(r, pl_table_text(t, T_OCCUPATION));
	(void)pl_names_put(&r->f->tasks, id);
}

const char *pl_work_occupation(const pl_work_reading *r, int32_t task)
{
	return r->f->text.bytes + r->occupation[task];
}

/// Each task has a score in the end, from its row, its occupation or the members.
static void refuse_unscored(pl_work_reading *r)
{
	for (int32_t t = 0; t < r->f->tasks.n; t++) {
		const double *const score[] = {r->empowerment, r->desirability};
		for (int s = 0; s < PL_WORK_SCORES; s++)
			if (isnan(score[s][t]) &&
			    pl_faults_add(r->faults, "tasks.csv:%lld: %s is empty; give one",
			                  (long long)pl_lines_at(&r->task_line, t),
			                  task_columns[T_EMPOWERMENT + s].name) != PL_OK)
				(void)pl_work_lack(r);
	}
}

/* ---- what a task needs ---------------------------------------------------------------------
 */

/// A fault of a task's row, when the table is read already.
static void fault_of_task(pl_work_reading *r, int32_t task, const char *what, const char *id)
{
	pl_near near = {0};
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	pl_ids_offer(&near, &r->tasks, id);
	if (pl_faults_add(r->faults, "tasks.csv:%lld: %s \"%s\"%s",
	                  (long long)pl_lines_at(&r->task_line, task), what,
	                  pl_text_brief(brief, id), pl_near_hint(hint, &near)) != PL_OK)
		(void)pl_work_lack(r);
}

static void add_need(pl_work_reading *r, int32_t task, int64_t *n, const char *id)
{
	int32_t index = -1;
	if (!pl_ids_has(&index, &r->tasks, id)) {
		fault_of_task(r, task, "needs speaks of no task:", id);
		return;
	}
	if (index < 0) return;
	if (*n == r->room_needs) {
		const int64_t room = pl_grow_room(r->room_needs, *n + 1);
		if (!pl_work_longer(&r->needs, *n, room, sizeof *r->needs)) {
			(void)pl_work_lack(r);
			return;
		}
		r->room_needs = room;
	}
	r->needs[(*n)++] = index;
}

/// The ids in a cell of needs: all of it is one id, or ids stand between |.
static void split_needs(pl_work_reading *r, int32_t task, int64_t *n)
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

static void read_needs(pl_work_reading *r)
{
	int64_t n = 0;
	r->needs_start = pl_alloc((int64_t)r->f->tasks.n + 1, sizeof *r->needs_start);
	if (r->needs_start == NULL) {
		(void)pl_work_lack(r);
		return;
	}
	for (int32_t t = 0; t < r->f->tasks.n && r->status == PL_OK; t++) {
		split_needs(r, t, &n);
		r->needs_start[t + 1] = n;
	}
}

/* ---- the whole -----------------------------------------------------------------------------
 */

/// An empty table is one fault: others do not complain of each id that it lacks (io-4).
static void refuse_empty(pl_work_reading *r, pl_ids *ids)
{
	if (ids->known->n > 0 || !ids->there || ids->broken || ids->names.n > 0) return;
	ids->broken = true;
	if (pl_faults_add(r->faults, "%s: there is no %s in it", ids->file, ids->what) != PL_OK)
		(void)pl_work_lack(r);
}

bool pl_work_table(pl_work_reading *r, const pl_table_kind *kind, const pl_source *from,
                   pl_ids *ids, void (*row)(pl_work_reading *, pl_reader *))
{
	pl_reader t;
	pl_table_open(&t, kind, from, r->faults);
	if (ids != NULL) ids->there = t.there;
	while (r->status == PL_OK && pl_table_next(&t)) row(r, &t);
	pl_table_close(&t);
	if (ids != NULL) ids->broken = t.broken;
	if (t.status != PL_OK) r->status = t.status;
	if (ids != NULL && r->status == PL_OK) refuse_empty(r, ids);
	return t.there;
}

/// Where nothing is to be done there are no jobs to balance.
static void refuse_idle(pl_work_reading *r)
{
	if (r->status != PL_OK || r->faults->n > 0 || r->f->tasks.n == 0) return;
	for (int32_t t = 0; t < r->f->tasks.n; t++)
		if (r->need[t] > 0) return;
	if (pl_faults_add(r->faults, "tasks.csv: no task has hours above 0: give what is to be "
	                             "done in a period") != PL_OK)
		(void)pl_work_lack(r);
}

static void borrow(pl_work_reading *r)
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

/// The tasks' mean empowerment by the hours that are to be done.
static double mean_of(const pl_workplace *w)
{
	double sum = 0, hours = 0, plain = 0;
	for (int32_t t = 0; t < w->n_tasks; t++) {
		sum += (double)w->need[t] * w->empowerment[t];
		hours += (double)w->need[t];
		plain += w->empowerment[t];
	}
	return hours > 0 ? sum / hours : plain / (w->n_tasks > 0 ? w->n_tasks : 1);
}

static void borrow_history(pl_work_reading *r)
{
	pl_work_history *h = &r->f->history;
	if (!r->some_decisive)
		for (int32_t t = 0; t < r->f->tasks.n; t++)
			r->decisive[t] = r->empowerment[t] >= decisive_least;
	h->n_periods = r->f->periods.n;
	h->n_people = r->f->people.n + r->f->gone.n;
	h->n_tasks = r->f->tasks.n;
	h->empowerment = r->empowerment;
	h->decisive = r->decisive;
	h->mean = mean_of(&r->f->w);
	h->did = r->did;
	h->voice = r->voice;
}

static void read_all(pl_work_reading *r, const pl_source *from, const char *occupations,
                     const char *payroll)
{
	r->people = (pl_ids){.what = "person",
	                     .file = "people.csv",
	                     .known = &r->f->people,
	                     .known_line = &r->person_line};
	r->tasks = (pl_ids){.what = "task",
	                    .file = "tasks.csv",
	                    .known = &r->f->tasks,
	                    .known_line = &r->task_line};
	(void)pl_work_table(r, &people_kind, from, &r->people, read_person);
	if (r->status == PL_OK) (void)pl_work_table(r, &tasks_kind, from, &r->tasks, read_task);
	refuse_idle(r);
	if (r->status == PL_OK) read_needs(r);
	if (r->status == PL_OK && occupations != NULL) pl_work_read_occupations(r, occupations);
	if (r->status == PL_OK) pl_work_read_ratings(r, from);
	if (r->status == PL_OK) refuse_unscored(r);
	if (r->status == PL_OK) pl_work_read_skills(r, from);
	if (r->status == PL_OK) pl_work_read_history(r, from);
	if (r->status == PL_OK) pl_work_read_places(r, from);
	if (r->status == PL_OK) pl_work_read_days(r, from);
	if (r->status == PL_OK && payroll != NULL) pl_work_read_pay(r, payroll);
	if (r->status == PL_OK) pl_work_join_pairs(r);
	borrow(r);
	borrow_history(r);
	pl_ids_clear(&r->people);
	pl_ids_clear(&r->tasks);
	pl_lines_clear(&r->person_line);
	pl_lines_clear(&r->task_line);
	pl_free(r->wish);
	pl_free(r->pair);
	pl_free(r->occupation);
	pl_free(r->rated);
	pl_free(r->said[PL_WORK_EMPOWERMENT]);
	pl_free(r->said[PL_WORK_DESIRABILITY]);
}

pl_status pl_work_read(pl_work_files **out, const pl_source *from, const char *occupations,
                       const char *payroll, pl_faults *faults, pl_error *err)
{
	*out = NULL;
	PL_TRY(pl_source_check(from, err));
	const int64_t before = faults->n;
	pl_work_reading r = {.faults = faults};
	r.f = pl_alloc(1, sizeof *r.f);
	if (r.f == NULL || !pl_arena_reserve(&r.f->text, 1)) {
		pl_work_files_free(r.f);
		return pl_fail(err, PL_ENOMEM, -1, "no memory to read a workplace");
	}
	read_all(&r, from, occupations, payroll);
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
	pl_free(f->score[PL_WORK_EMPOWERMENT]);
	pl_free(f->score[PL_WORK_DESIRABILITY]);
	drop(f->history.decisive);
	drop(f->history.did);
	drop(f->history.voice);
	pl_free(f->person_name);
	pl_free(f->task_name);
	pl_names_clear(&f->people);
	pl_names_clear(&f->tasks);
	pl_names_clear(&f->places);
	pl_free(f->place_hours);
	pl_free(f->place_mean);
	pl_names_clear(&f->roles);
	pl_free(f->pay);
	pl_free(f->away);
	pl_free(f->swap);
	pl_names_clear(&f->gone);
	pl_names_clear(&f->periods);
	pl_free(f->period);
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

const char *pl_work_period(const pl_work_files *f, int32_t period)
{
	return f->periods.text.bytes + f->periods.at[f->period[period]];
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
