/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_rota.c - who is away on which day, who swaps; the rota as a table and as a calendar. */
#include "base/alloc.h"
#include "base/grow.h"
#include "io/row.h"
#include "io/work_read.h"

#include <inttypes.h>
#include <string.h>

enum { A_PERSON, A_DAY, A_COLUMNS };
enum { X_DAY, X_PERSON, X_WITH, X_COLUMNS };
static const pl_column leave_columns[A_COLUMNS] = {{"person", true}, {"day", true}};
static const pl_column swap_columns[X_COLUMNS] = {
        {"day", true}, {"person", true}, {"with", true}};
static const pl_table_kind leave_kind = {
        .file = "leave.csv", .column = leave_columns, .n = A_COLUMNS, .optional = true};
static const pl_table_kind swaps_kind = {
        .file = "swaps.csv", .column = swap_columns, .n = X_COLUMNS, .optional = true};

const char *pl_work_day(int day)
{
	static const char *const names[PL_ROTA_DAYS] = {"mon", "tue", "wed", "thu",
	                                                "fri", "sat", "sun"};
	return day >= 0 && day < PL_ROTA_DAYS ? names[day] : NULL;
}

/* ---- in ---- */

static void read_leave(pl_work_reading *r, pl_reader *t)
{
	const int32_t person = pl_ids_find(&r->people, t, pl_table_needed(t, A_PERSON));
	const int day = pl_table_choice(t, A_DAY, pl_work_day, PL_ROTA_DAYS);
	if (t->row_bad || person < 0 || day < 0) return;
	r->f->away[(int64_t)person * PL_ROTA_DAYS + day] = true;
}

static void read_swap(pl_work_reading *r, pl_reader *t)
{
	pl_work_swap s = {.line = pl_table_line(t)};
	s.day = pl_table_choice(t, X_DAY, pl_work_day, PL_ROTA_DAYS);
	s.one = pl_ids_find(&r->people, t, pl_table_needed(t, X_PERSON));
	s.other = pl_ids_find(&r->people, t, pl_table_needed(t, X_WITH));
	if (s.one >= 0 && s.one == s.other) pl_table_fault(t, "nobody swaps with themselves");
	if (t->row_bad || s.day < 0 || s.one < 0 || s.other < 0) return;
	if (r->f->n_swaps == r->room_swaps) {
		const int64_t room = pl_grow_room(r->room_swaps, r->f->n_swaps + 1);
		if (!pl_work_longer(&r->f->swap, r->f->n_swaps, room, sizeof *r->f->swap)) {
			(void)pl_work_lack(r);
			return;
		}
		r->room_swaps = room;
	}
	r->f->swap[r->f->n_swaps++] = s;
}

void pl_work_read_days(pl_work_reading *r, const pl_source *from)
{
	r->f->away = pl_alloc((int64_t)r->f->people.n * PL_ROTA_DAYS, sizeof *r->f->away);
	if (r->f->away == NULL) {
		(void)pl_work_lack(r);
		return;
	}
	(void)pl_work_table(r, &leave_kind, from, NULL, read_leave);
	if (r->status == PL_OK) (void)pl_work_table(r, &swaps_kind, from, NULL, read_swap);
}

/* ---- out ---- */

void pl_work_write_rota(FILE *to, const pl_work_files *f, const pl_rota *rota)
{
	char hours[PL_WORK_HOURS_CHARS];
	fputs("day,person,task,hours\n", to);
	for (int64_t i = 0; i < rota->n; i++) {
		const pl_shift *s = &rota->shift[i];
		pl_row row = {to, false};
		pl_row_text(&row, pl_work_day(s->day));
		pl_row_text(&row, pl_work_person(f, s->person));
		pl_row_text(&row, pl_work_task(f, s->task));
		pl_row_text(&row, pl_work_hours(hours, s->hours));
		pl_row_end(&row);
	}
}

bool pl_work_date(pl_work_day_date *out, const char *text)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	for (int i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	if (text[10] != '\0') return false;
	out->year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 +
	            text[3] - '0';
	out->month = (text[5] - '0') * 10 + text[6] - '0';
	out->day = (text[8] - '0') * 10 + text[9] - '0';
	if (out->month < 1 || out->month > 12 || out->day < 1 || out->year < 1583) return false;
	const bool leap = out->year % 4 == 0 && (out->year % 100 != 0 || out->year % 400 == 0);
	out->days = days[out->month - 1] + (out->month == 2 && leap);
	return out->day <= out->days;
}

bool pl_work_date_monday(const pl_work_day_date *d)
{
	/* C. Zeller, Acta Math. 9 (1887) 131: January and February belong to the year before */
	const int m = d->month < 3 ? d->month + 12 : d->month;
	const int y = d->month < 3 ? d->year - 1 : d->year;
	return (d->day + 13 * (m + 1) / 5 + y + y / 4 - y / 100 + y / 400) % 7 == 2;
}

/// The date so many days, fewer than a month's, later, as 20261207.
static int date_after(const pl_work_day_date *from, int days)
{
	int year = from->year, month = from->month, day = from->day + days;
	if (day > from->days) {
		day -= from->days;
		month++;
	}
	if (month > 12) {
		month = 1;
		year++;
	}
	return year * 10000 + month * 100 + day;
}

/// A calendar's line, folded before 75 bytes but never inside a letter (RFC 5545, 3.1).
typedef struct {
	FILE *to;
	int used;
} line;
enum { LINE_BYTES = 74 };

/// Text, escaped (RFC 5545, 3.3.11).
static void put_text(line *l, const char *s)
{
	for (; *s != '\0'; s++) {
		const bool escape = *s == ',' || *s == ';' || *s == '\\';
		const bool inside = ((unsigned char)*s & 0xC0U) == 0x80U;
		if (l->used + 4 + escape > LINE_BYTES && !inside) {
			fputs("\r\n ", l->to);
			l->used = 1;
		}
		if (escape) fputc('\\', l->to);
		fputc(*s, l->to);
		l->used += 1 + escape;
	}
}

/// One event for all that a person does on a day. @return the first shift behind
static int64_t put_event(FILE *to, const pl_work_files *f, const pl_rota *r, int64_t i,
                         const pl_work_day_date *monday)
{
	char hours[PL_WORK_HOURS_CHARS];
	const pl_shift *first = &r->shift[i];
	const int date = date_after(monday, first->day);
	fprintf(to, "BEGIN:VEVENT\r\nUID:%d-%" PRId32 "@jobs.plenum.invalid\r\n", date,
	        first->person + 1);
	fprintf(to, "DTSTAMP:%dT000000Z\r\nDTSTART;VALUE=DATE:%d\r\nDTEND;VALUE=DATE:%d\r\n",
	        date_after(monday, 0), date, date_after(monday, first->day + 1));
	line l = {to, (int)strlen("SUMMARY:")};
	fputs("SUMMARY:", to);
	put_text(&l, pl_work_person_name(f, first->person));
	for (int64_t k = i; k < r->n; k++) {
		const pl_shift *s = &r->shift[k];
		if (s->day != first->day || s->person != first->person) break;
		const int64_t tenth = PL_WORK_HOUR / 10;
		put_text(&l, k == i ? ": " : ", ");
		put_text(&l, pl_work_task_name(f, s->task));
		put_text(&l, " ");
		put_text(&l, pl_work_hours(hours, (s->hours + tenth / 2) / tenth * tenth));
		put_text(&l, " h");
	}
	fputs("\r\nEND:VEVENT\r\n", to);
	while (i < r->n && r->shift[i].day == first->day && r->shift[i].person == first->person)
		i++;
	return i;
}

void pl_work_write_calendar(FILE *to, const pl_work_files *f, const pl_rota *rota,
                            const pl_work_day_date *monday)
{
	fputs("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Plenum//jobs//EN\r\n", to);
	for (int64_t i = 0; i < rota->n;) i = put_event(to, f, rota, i, monday);
	fputs("END:VCALENDAR\r\n", to);
}
