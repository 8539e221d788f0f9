/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_goods.c - goods, and how councils answer to prices. Both stand still while a season is
 * being planned, so that every round is about the same economy. */
#include "app/app.h"
#include "app/deed.h"
#include "app/economy.h"
#include "base/error.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static bool note_planning(void *with, const pl_state_row *row)
{
	const char *phase = row->at[PL_C_season_phase].text;
	*(bool *)with = strcmp(phase, pl_phase_name(PL_PHASE_PROPOSING)) == 0 ||
	                strcmp(phase, pl_phase_name(PL_PHASE_REVIEW)) == 0;
	return !*(bool *)with;
}

static pl_status refuse_while_planning(pl_deed *d, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	bool planning = false;
	PL_TRY(pl_store_scan(d->store, PL_ROWS_season, 0, &none, note_planning, &planning,
	                     err));
	if (!planning) return PL_OK;
	return pl_fail(err, PL_EDENIED, -1,
	               "a season is being planned; goods and schedules change again when it is "
	               "adopted");
}

static bool note_begun(void *with, const pl_state_row *row)
{
	*(bool *)with = row->at[PL_C_season_round].whole > 0;
	return !*(bool *)with;
}

/// Quantities are kept in steps: another step would change what was proposed and delivered.
static pl_status keep_step(pl_deed *d, const pl_state_row *good, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	bool begun = false;
	if (strcmp(good->at[PL_C_good_step].text, PL_ASKED_TEXT(d, good_set, step)) == 0)
		return PL_OK;
	PL_TRY(pl_store_scan(d->store, PL_ROWS_season, 0, &none, note_begun, &begun, err));
	if (!begun) return PL_OK;
	return pl_fail(err, PL_EDENIED, -1,
	               "the step of a good stays once people have proposed in it; add another "
	               "good");
}

pl_status pl_run_good_set(pl_deed *d, pl_error *err)
{
	const char *code = PL_ASKED_TEXT(d, good_set, code);
	int64_t id = 0;
	pl_found f;
	PL_TRY(refuse_while_planning(d, err));
	PL_TRY(pl_store_find(&f, d->store, PL_ROWS_good, PL_C_good_code, code, err));
	const bool there = f.found;
	if (there) id = f.row.at[PL_C_good_id].whole;
	const pl_status kept = there ? keep_step(d, &f.row, err) : PL_OK;
	pl_found_clear(&f);
	PL_TRY(kept);
	if (!there) PL_TRY(pl_deed_number(&id, d, PL_ROWS_good, err));
	const pl_state_row row = {{PL_WHOLE(id), PL_TEXT(code),
	                           PL_TEXT(PL_ASKED_TEXT(d, good_set, name)),
	                           PL_TEXT(PL_ASKED_TEXT(d, good_set, kind)),
	                           PL_TEXT(PL_ASKED_TEXT(d, good_set, unit)),
	                           PL_TEXT(PL_ASKED_TEXT(d, good_set, category)),
	                           PL_TEXT(PL_ASKED_TEXT(d, good_set, step)),
	                           PL_WHOLE(PL_ASKED(d, good_set, supply)),
	                           PL_TEXT(PL_ASKED_TEXT(d, good_set, price)),
	                           PL_TEXT(PL_ASKED_TEXT(d, good_set, elasticity)),
	                           PL_TEXT(PL_ASKED_TEXT(d, good_set, banned))}};
	PL_TRY(there ? pl_store_update(d->store, PL_ROWS_good, &row, err)
	             : pl_store_insert(d->store, PL_ROWS_good, &row, err));
	return pl_deed_say(d, "good", id, err);
}

/* ---- schedules ---- */

/// Remove the rows of a council from a table that they alone are in, one after another.
typedef struct {
	pl_state_row row;
	char role[64];
	bool found;
} first_row;

static bool note_number(void *with, const pl_state_row *row)
{
	first_row *f = with;
	(void)snprintf(f->role, sizeof f->role, "%s", row->at[PL_C_council_number_name].text);
	f->row = (pl_state_row){{row->at[0], PL_TEXT(f->role)}};
	f->found = true;
	return false;
}

static bool note_line(void *with, const pl_state_row *row)
{
	first_row *f = with;
	(void)snprintf(f->role, sizeof f->role, "%s", row->at[PL_C_line_role].text);
	f->row = (pl_state_row){{row->at[0], row->at[1], PL_TEXT(f->role)}};
	f->found = true;
	return false;
}

static pl_status remove_all(pl_deed *d, int table, int64_t council, pl_row_visit note,
                            pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(council)}};
	for (;;) {
		first_row f = {.found = false};
		PL_TRY(pl_store_scan(d->store, table, 1, &key, note, &f, err));
		if (!f.found) return PL_OK;
		PL_TRY(pl_store_remove(d->store, table, &f.row, err));
	}
}

/// What no round could be planned with is refused when it is declared.
static pl_status check_names(const pl_deed *d, pl_error *err)
{
	const char *schedule = PL_ASKED_TEXT(d, schedule_set, schedule);
	for (int64_t i = 0; i < pl_fields_rows(&d->in, PL_F_schedule_set_numbers); i++) {
		const char *name =
		        pl_fields_row_text(&d->in, PL_F_schedule_set_numbers__name, i);
		char brief[PL_BRIEF_CHARS];
		if (pl_app_parameter(pl_schedule_of(schedule), name) >= 0) continue;
		return pl_fail(err, PL_EARG, -1,
		               "schedule %s has no parameter \"%s\"; docs/economy-files.md "
		               "lists those that it has",
		               schedule, pl_text_brief(brief, name));
	}
	return PL_OK;
}

static pl_status set_numbers(pl_deed *d, int64_t council, pl_error *err)
{
	PL_TRY(remove_all(d, PL_ROWS_council_number, council, note_number, err));
	for (int64_t i = 0; i < pl_fields_rows(&d->in, PL_F_schedule_set_numbers); i++) {
		const pl_state_row row = {
		        {PL_WHOLE(council),
		         PL_TEXT(pl_fields_row_text(&d->in, PL_F_schedule_set_numbers__name,
		                                    i)),
		         PL_TEXT(pl_fields_row_text(&d->in, PL_F_schedule_set_numbers__value,
		                                    i))}};
		PL_TRY(pl_store_insert(d->store, PL_ROWS_council_number, &row, err));
	}
	return PL_OK;
}

static pl_status set_lines(pl_deed *d, int64_t council, pl_error *err)
{
	PL_TRY(remove_all(d, PL_ROWS_line, council, note_line, err));
	for (int64_t i = 0; i < pl_fields_rows(&d->in, PL_F_schedule_set_lines); i++) {
		const pl_state_row row = {
		        {PL_WHOLE(council),
		         PL_WHOLE(
		                 pl_fields_row_whole(&d->in, PL_F_schedule_set_lines__good, i)),
		         PL_TEXT(pl_fields_row_text(&d->in, PL_F_schedule_set_lines__role, i)),
		         PL_TEXT(pl_fields_row_text(&d->in, PL_F_schedule_set_lines__amount,
		                                    i)),
		         PL_TEXT(pl_fields_row_text(&d->in, PL_F_schedule_set_lines__elasticity,
		                                    i))}};
		PL_TRY(pl_store_insert(d->store, PL_ROWS_line, &row, err));
	}
	return PL_OK;
}

pl_status pl_run_schedule_set(pl_deed *d, pl_error *err)
{
	const int64_t council = PL_ASKED(d, schedule_set, council);
	pl_found f;
	PL_TRY(refuse_while_planning(d, err));
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_council, council, err));
	pl_state_row row = f.row;
	row.at[PL_C_council_schedule] = PL_TEXT(PL_ASKED_TEXT(d, schedule_set, schedule));
	row.at[PL_C_council_income] = PL_WHOLE(PL_ASKED(d, schedule_set, income));
	const pl_status st = pl_store_update(d->store, PL_ROWS_council, &row, err);
	pl_found_clear(&f);
	PL_TRY(st);
	const bool checked = d->rules >= PL_RULES_SCHEDULES;
	if (checked) PL_TRY(check_names(d, err));
	PL_TRY(set_numbers(d, council, err));
	PL_TRY(set_lines(d, council, err));
	return checked ? pl_app_declared(d->store, council, err) : PL_OK;
}
