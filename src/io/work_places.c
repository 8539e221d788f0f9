/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_places.c - the other workplaces of a society: hours and mean empowerment of each. */
#include "base/grow.h"
#include "io/row.h"
#include "io/work_read.h"

enum { W_PLACE, W_HOURS, W_EMPOWERMENT, W_COLUMNS };
static const pl_column columns[W_COLUMNS] = {
        {"workplace", true}, {"hours", true}, {"empowerment", true}};
static const pl_table_kind places_kind = {
        .file = "workplaces.csv", .column = columns, .n = W_COLUMNS, .optional = true};

static bool room_for_place(pl_work_reading *r)
{
	const int64_t n = r->f->places.n;
	if (n < r->room_places) return true;
	const int64_t room = pl_grow_room(r->room_places, n + 1);
	if (!pl_work_longer(&r->f->place_hours, n, room, sizeof *r->f->place_hours) ||
	    !pl_work_longer(&r->f->place_mean, n, room, sizeof *r->f->place_mean))
		return pl_work_lack(r);
	r->room_places = room;
	return true;
}

static void read_place(pl_work_reading *r, pl_reader *t)
{
	const char *id = pl_table_needed(t, W_PLACE);
	const int64_t hours = pl_work_cell_hours_needed(t, W_HOURS);
	const double mean = pl_work_cell_points(t, W_EMPOWERMENT, true);
	const int32_t n = r->f->places.n;
	char brief[PL_BRIEF_CHARS];
	if (!t->row_bad && hours == 0)
		pl_table_fault(t, "hours is 0; leave workplaces out that do nothing");
	if (!t->row_bad && pl_names_find(&r->f->places, id) >= 0)
		pl_table_fault(t, "workplace \"%s\" stands twice", pl_text_brief(brief, id));
	if (t->row_bad || !room_for_place(r)) return;
	if (!pl_names_reserve(&r->f->places, id)) {
		(void)pl_work_lack(r);
		return;
	}
	r->f->place_hours[n] = (double)hours / PL_WORK_HOUR;
	r->f->place_mean[n] = mean;
	(void)pl_names_put(&r->f->places, id);
}

void pl_work_read_places(pl_work_reading *r, const pl_source *from)
{
	(void)pl_work_table(r, &places_kind, from, NULL, read_place);
}

const char *pl_work_place(const pl_work_files *f, int32_t place)
{
	return place < f->places.n ? f->places.text.bytes + f->places.at[place] : "";
}

void pl_work_write_visits(FILE *to, const pl_work_files *f, const pl_across *a)
{
	fputs("above,below,hours\n", to);
	for (int64_t k = 0; k < a->n_visits; k++) {
		pl_row row = {to, false};
		pl_row_text(&row, pl_work_place(f, a->visit[k].above));
		pl_row_text(&row, pl_work_place(f, a->visit[k].below));
		pl_row_number(&row, a->visit[k].hours);
		pl_row_end(&row);
	}
}
