/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_pay.c - a payroll, and what people would get if the same money were paid for effort. */
#include "base/grow.h"
#include "io/row.h"
#include "io/work_read.h"

#include <math.h>

enum { M_PERSON, M_ROLE, M_HOURS, M_PAY, M_EFFORT, M_COLUMNS };
static const pl_column columns[M_COLUMNS] = {
        {"person", true}, {"role", true}, {"hours", true}, {"pay", true}, {"effort", false}};
static const double most_pay = 1e12, most_effort = 10;

static double amount(pl_reader *t, int column, double other, double most)
{
	const double x = pl_table_number(t, column);
	if (isnan(x)) return other;
	if (x < 0 || x > most)
		pl_table_fault(t, "%s goes from 0 to %.0f", t->kind->column[column].name, most);
	return x;
}

/// Number of the role, which is added where it is new. @return -1: no memory
static int32_t role_of(pl_work_reading *r, const char *role)
{
	const int32_t known = pl_names_find(&r->f->roles, role);
	if (known >= 0) return known;
	if (pl_names_reserve(&r->f->roles, role)) return pl_names_put(&r->f->roles, role);
	(void)pl_work_lack(r);
	return -1;
}

static void read_pay(pl_work_reading *r, pl_reader *t)
{
	const char *id = pl_table_needed(t, M_PERSON), *role = pl_table_needed(t, M_ROLE);
	pl_work_pay p = {.hours = (double)pl_work_cell_hours_needed(t, M_HOURS) / PL_WORK_HOUR};
	(void)pl_table_needed(t, M_PAY);
	p.person = pl_ids_find(&r->people, t, id);
	p.pay = amount(t, M_PAY, 0, most_pay);
	p.effort = amount(t, M_EFFORT, 1, most_effort);
	if (t->row_bad || p.person < 0) return;
	p.role = role_of(r, role);
	if (p.role < 0) return;
	if (r->f->n_pay == r->room_pay) {
		const int64_t room = pl_grow_room(r->room_pay, r->f->n_pay + 1);
		if (!pl_work_longer(&r->f->pay, r->f->n_pay, room, sizeof *r->f->pay)) {
			(void)pl_work_lack(r);
			return;
		}
		r->room_pay = room;
	}
	r->f->pay[r->f->n_pay++] = p;
}

/// The same sum, by hours times effort: then nobody's pay hangs on what they were let do.
/// @return false: there is neither
static bool pay_for_effort(pl_work_pay *list, int64_t n)
{
	double money = 0, effort = 0;
	for (int64_t i = 0; i < n; i++) {
		money += list[i].pay;
		effort += list[i].hours * list[i].effort;
	}
	for (int64_t i = 0; i < n && effort > 0; i++)
		list[i].for_effort = money * (list[i].hours * list[i].effort / effort);
	return effort > 0;
}

void pl_work_read_pay(pl_work_reading *r, const char *path)
{
	const pl_table_kind kind = {.file = path, .column = columns, .n = M_COLUMNS};
	pl_reader t;
	pl_table_open_path(&t, &kind, path, r->faults);
	while (r->status == PL_OK && pl_table_next(&t)) read_pay(r, &t);
	pl_table_close(&t);
	if (t.status != PL_OK) r->status = t.status;
	if (!pay_for_effort(r->f->pay, r->f->n_pay) && r->f->n_pay > 0 && r->faults->n == 0 &&
	    r->status == PL_OK &&
	    pl_faults_add(r->faults, "%s: nobody has hours and effort above 0 to be paid for",
	                  path) != PL_OK)
		(void)pl_work_lack(r);
}

const char *pl_work_role(const pl_work_files *f, int32_t role)
{
	return f->roles.text.bytes + f->roles.at[role];
}

void pl_work_write_pay(FILE *to, const pl_work_files *f)
{
	fputs("person,role,hours,effort,pay,pay_for_effort,change\n", to);
	for (int64_t i = 0; i < f->n_pay; i++) {
		const pl_work_pay *p = &f->pay[i];
		pl_row row = {to, false};
		pl_row_text(&row, pl_work_person(f, p->person));
		pl_row_text(&row, pl_work_role(f, p->role));
		pl_row_number(&row, p->hours);
		pl_row_number(&row, p->effort);
		pl_row_number(&row, p->pay);
		pl_row_number(&row, p->for_effort);
		pl_row_number(&row, p->for_effort - p->pay);
		pl_row_end(&row);
	}
}
