/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* named.c - whom a row or an event names, told by the tables and the operations themselves: a
 * column that refers to persons, a field that is the number of one. */
#include "app/fields.h"
#include "app/vote.h"
#include "base/error.h"
#include "export/parts.h"

#include <stdio.h>
#include <string.h>

static bool is_person(int table, int column)
{
	return (table == PL_ROWS_person && column == PL_C_person_id) ||
	       pl_state_refers(table, column) == PL_ROWS_person;
}

bool pl_export_may_name(int table)
{
	bool may = table == PL_ROWS_vote_option; /* by "recall-PERSON" */
	for (int i = 0; i < pl_state_tables[table].n_columns; i++)
		may = may || is_person(table, i);
	return may;
}

bool pl_export_row_names(int table, const pl_state_row *row, int64_t person)
{
	char code[PL_RECALL_CHARS];
	if (table == PL_ROWS_vote_option)
		return strcmp(row->at[PL_C_vote_option_code].text,
		              pl_recall_code(code, person)) == 0;
	for (int i = 0; i < pl_state_tables[table].n_columns; i++)
		if (is_person(table, i) && row->at[i].whole == person) return true;
	return false;
}

/// Is a field of the event the number of the person?
static bool field_names(int op, const json_t *facts, int64_t person)
{
	const json_t *in = json_object_get(facts, "in"), *out = json_object_get(facts, "out");
	for (int i = pl_ops[op].first; i < pl_ops[op].after; i++)
		if (strcmp(pl_fields_all[i].unit, "person") == 0 &&
		    json_integer_value(json_object_get(in, pl_fields_all[i].name)) == person)
			return true;
	return json_integer_value(json_object_get(out, "person")) == person;
}

/// Does the event open a vote on recalling the person?
static bool is_recall(int op, const char *facts, int64_t person)
{
	char code[PL_RECALL_CHARS], quoted[PL_RECALL_CHARS + 2];
	(void)snprintf(quoted, sizeof quoted, "\"%s\"", pl_recall_code(code, person));
	return op == PL_OP_vote_open && strstr(facts, quoted) != NULL;
}

static bool holds(const pl_numbers *rising, int64_t number)
{
	int64_t low = 0, high = rising->n;
	while (low < high) {
		const int64_t middle = low + (high - low) / 2;
		if (rising->at[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < rising->n && rising->at[low] == number;
}

pl_status pl_export_event_names(bool *names, bool *texts, const pl_event *e,
                                const pl_exporting *x, pl_error *err)
{
	const int64_t person = x->choice.person;
	const int op = pl_op_of(e->type);
	json_t *facts;
	*texts = holds(&x->apart, e->height);
	*names = *texts || e->actor == person;
	if (*names || op < 0) return PL_OK;
	PL_TRY(pl_json_read(&facts, e->facts, err));
	*names = field_names(op, facts, person) || is_recall(op, e->facts, person);
	json_decref(facts);
	return PL_OK;
}
