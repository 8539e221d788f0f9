/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_history.c - who did what in which period, and who spoke, proposed and won votes. Those
 * who are in history.csv but not in people.csv have left; periods follow one another as numbers
 * where all of them are numbers, else as text (2026-03, 2026-W12). */
#include "base/alloc.h"
#include "base/grow.h"
#include "io/work_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { H_PERIOD, H_PERSON, H_TASK, H_HOURS, H_COLUMNS };
enum { V_PERIOD, V_PERSON, V_MINUTES, V_PROPOSALS, V_WON, V_COLUMNS };
static const pl_column history_columns[H_COLUMNS] = {
        {"period", true}, {"person", true}, {"task", true}, {"hours", true}};
static const pl_column voice_columns[V_COLUMNS] = {{"period", true},
                                                   {"person", true},
                                                   {"minutes", false},
                                                   {"proposals", false},
                                                   {"won", false}};
static const pl_table_kind history_kind = {
        .file = "history.csv", .column = history_columns, .n = H_COLUMNS, .optional = true};
static const pl_table_kind voice_kind = {
        .file = "voice.csv", .column = voice_columns, .n = V_COLUMNS, .optional = true};

static const double most_voice = 1e9; /* minutes, proposals or votes of a person in a period */

/* ---- rows ---- */

/// Number of a name, which is added where it is new. @return -1: no memory
static int32_t number_of(pl_work_reading *r, pl_names *names, const char *name)
{
	const int32_t known = pl_names_find(names, name);
	if (known >= 0) return known;
	if (pl_names_reserve(names, name)) return pl_names_put(names, name);
	(void)pl_work_lack(r);
	return -1;
}

/// Of people.csv, or else of those who left. @return -1 where that person's row was refused
static int32_t worker(pl_work_reading *r, const char *id)
{
	int32_t person = -1;
	if (*id == '\0' || r->people.broken || pl_ids_has(&person, &r->people, id))
		return person;
	const int32_t gone = number_of(r, &r->f->gone, id);
	return gone < 0 ? -1 : r->f->people.n + gone;
}

static void read_did(pl_work_reading *r, pl_reader *t)
{
	const int64_t n = r->f->history.n_did;
	const char *period = pl_table_needed(t, H_PERIOD), *id = pl_table_needed(t, H_PERSON);
	pl_work_did d = {.hours = pl_work_cell_hours_needed(t, H_HOURS)};
	d.task = pl_ids_find(&r->tasks, t, pl_table_needed(t, H_TASK));
	if (d.hours > PL_WORK_HOURS_MOST - r->history_hours)
		pl_table_fault(t, "there are more hours up to here than can be added up");
	if (t->row_bad || d.task < 0) return;
	r->history_hours += d.hours;
	d.person = worker(r, id);
	d.period = number_of(r, &r->f->periods, period);
	if (d.person < 0 || d.period < 0) return;
	if (n == r->room_did) {
		const int64_t room = pl_grow_room(n, n + 1);
		if (!pl_work_longer(&r->did, n, room, sizeof *r->did)) {
			(void)pl_work_lack(r);
			return;
		}
		r->room_did = room;
	}
	r->did[r->f->history.n_did++] = d;
}

static double voice_of(pl_reader *t, int column)
{
	const double x = pl_table_number(t, column);
	if (isnan(x)) return 0;
	if (x < 0 || x > most_voice)
		pl_table_fault(t, "%s goes from 0 to %.0f", t->kind->column[column].name,
		               most_voice);
	return x;
}

static void read_voice(pl_work_reading *r, pl_reader *t)
{
	const int64_t n = r->f->history.n_voice;
	const char *period = pl_table_needed(t, V_PERIOD), *id = pl_table_needed(t, V_PERSON);
	pl_work_voice v = {0};
	for (int i = 0; i < PL_VOICES; i++) v.amount[i] = voice_of(t, V_MINUTES + i);
	const int32_t gone = pl_names_find(&r->f->gone, id);
	v.person = gone >= 0 ? r->f->people.n + gone : pl_ids_find(&r->people, t, id);
	if (t->row_bad || v.person < 0) return;
	v.period = number_of(r, &r->f->periods, period);
	if (v.period < 0) return;
	if (n == r->room_voice) {
		const int64_t room = pl_grow_room(n, n + 1);
		if (!pl_work_longer(&r->voice, n, room, sizeof *r->voice)) {
			(void)pl_work_lack(r);
			return;
		}
		r->room_voice = room;
	}
	r->voice[r->f->history.n_voice++] = v;
}

/* ---- the order of periods ---- */

typedef struct {
	const char *name;
	double number;
	int32_t at;
} named_period;

static int by_number(const void *a, const void *b)
{
	const named_period *x = a, *y = b;
	if (x->number != y->number) return x->number < y->number ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
	const named_period *x = a, *y = b;
	return strcmp(x->name, y->name);
}

/// Number the periods in their order.
static void order_periods(pl_work_reading *r)
{
	pl_names *names = &r->f->periods;
	bool numbers = true;
	if (names->n == 0) return;
	named_period *list = pl_alloc(names->n, sizeof *list);
	int32_t *place = pl_alloc(names->n, sizeof *place);
	r->f->period = pl_alloc(names->n, sizeof *r->f->period);
	if (list == NULL || place == NULL || r->f->period == NULL) {
		(void)pl_work_lack(r);
		goto done;
	}
	for (int32_t i = 0; i < names->n; i++) {
		list[i] = (named_period){.name = names->text.bytes + names->at[i], .at = i};
		numbers &= pl_number_read(&list[i].number, list[i].name) == PL_OK;
	}
	qsort(list, (size_t)names->n, sizeof *list, numbers ? by_number : by_name);
	for (int32_t i = 0; i < names->n; i++) {
		r->f->period[i] = list[i].at;
		place[list[i].at] = i;
	}
	for (int64_t k = 0; k < r->f->history.n_did; k++)
		r->did[k].period = place[r->did[k].period];
	for (int64_t k = 0; k < r->f->history.n_voice; k++)
		r->voice[k].period = place[r->voice[k].period];
done:
	pl_free(list);
	pl_free(place);
}

/// The last period stands for last.csv.
static void last_of_history(pl_work_reading *r)
{
	const int32_t last = r->f->periods.n - 1;
	for (int64_t k = 0; k < r->f->history.n_did && r->status == PL_OK; k++) {
		const pl_work_did *d = &r->did[k];
		if (d->period != last || d->person >= r->f->people.n || d->hours == 0) continue;
		pl_work_add_pair(r, &(pl_work_pair){.person = d->person,
		                                    .skill = {.task = d->task,
		                                              .rating = (double)NAN,
		                                              .last = d->hours},
		                                    .of_last = true});
	}
}

void pl_work_read_history(pl_work_reading *r, const pl_source *from)
{
	(void)pl_work_table(r, &history_kind, from, NULL, read_did);
	if (r->status == PL_OK) (void)pl_work_table(r, &voice_kind, from, NULL, read_voice);
	if (r->status == PL_OK) order_periods(r);
	if (r->status == PL_OK && !r->last_there) last_of_history(r);
}
