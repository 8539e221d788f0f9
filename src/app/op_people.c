/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_people.c - people, councils, communities, and who was given which task. */
#include "app/app.h"
#include "app/erasure.h"
#include "app/vote.h"
#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static pl_status give(pl_deed *d, int64_t person, const char *role, pl_error *err)
{
	const pl_state_row row = {{PL_WHOLE(person), PL_WHOLE(0), PL_TEXT(role),
	                           PL_WHOLE(d->time), PL_WHOLE(PL_TIME_END)}};
	return pl_store_insert(d->store, PL_ROWS_mandate, &row, err);
}

static pl_status add_person(pl_deed *d, const char *name, const char *contact, pl_error *err)
{
	PL_TRY(pl_deed_number(&d->about, d, PL_ROWS_person, err));
	const pl_state_row row = {{PL_WHOLE(d->about), PL_TEXT(name), PL_TEXT(contact),
	                           PL_WHOLE(d->time), PL_WHOLE(0)}};
	PL_TRY(pl_store_insert(d->store, PL_ROWS_person, &row, err));
	return pl_deed_say(d, "person", d->about, err);
}

pl_status pl_run_begin(pl_deed *d, pl_error *err)
{
	PL_TRY(add_person(d, PL_ASKED_TEXT(d, begin, name), "", err));
	PL_TRY(give(d, d->about, "administrator", err));
	return give(d, d->about, "facilitator", err);
}

pl_status pl_run_person_add(pl_deed *d, pl_error *err)
{
	return add_person(d, PL_ASKED_TEXT(d, person_add, name),
	                  PL_ASKED_TEXT(d, person_add, contact), err);
}

pl_status pl_run_person_rename(pl_deed *d, pl_error *err)
{
	const int64_t who = PL_ASKED(d, person_rename, person);
	pl_found f;
	d->about = who;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_person, who, err));
	pl_state_row row = f.row;
	row.at[PL_C_person_name] = PL_TEXT(PL_ASKED_TEXT(d, person_rename, name));
	row.at[PL_C_person_contact] = PL_TEXT(PL_ASKED_TEXT(d, person_rename, contact));
	const pl_status st = pl_store_update(d->store, PL_ROWS_person, &row, err);
	pl_found_clear(&f);
	return st;
}

/* ---- somebody must be able to go on ---- */

/// A search for others who have a task, of the federation as a whole, at least until then.
typedef struct {
	const char *role;
	int64_t but, until;
	bool found;
} others;

static bool note_other(void *with, const pl_state_row *row)
{
	others *o = with;
	const int64_t who = row->at[PL_C_mandate_person].whole;
	if (who == o->but || row->at[PL_C_mandate_council].whole != 0 ||
	    strcmp(row->at[PL_C_mandate_role].text, o->role) != 0 ||
	    row->at[PL_C_mandate_until].whole < o->until)
		return true;
	o->found = true;
	return false;
}

/// Refuse to take a task from the last person who has it: nobody could go on.
/// @param until when the person's task is to end; before now: at once
static pl_status check_successor(pl_deed *d, int64_t person, const char *role, int64_t until,
                                 pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(person), PL_WHOLE(0), PL_TEXT(role)}};
	static const pl_state_row none = {{{0}}};
	pl_found f;
	if (strcmp(role, "administrator") != 0 && strcmp(role, "facilitator") != 0)
		return PL_OK;
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_mandate, &key, err));
	const int64_t has = f.found ? f.row.at[PL_C_mandate_until].whole : 0;
	pl_found_clear(&f);
	if (has <= d->time || has <= until) return PL_OK;
	others o = {.role = role, .but = person, .until = until > d->time ? until : d->time};
	PL_TRY(pl_store_scan(d->store, PL_ROWS_mandate, 0, &none, note_other, &o, err));
	if (o.found) return PL_OK;
	return pl_fail(err, PL_ECONFLICT, -1,
	               "person %" PRId64
	               " is the last %s; give the task to somebody else first",
	               person, role);
}

/* ---- erasing ---- */

/// What a scan may not change, it notes: the rows, or the events, that hold a person's texts.
typedef struct {
	json_t *list;
	int table, author; ///< column
	int64_t person;
	bool failed;
} noted;

/// Note the keys of a row that the person wrote.
static bool note_written(void *with, const pl_state_row *row)
{
	noted *n = with;
	if (row->at[n->author].whole != n->person) return true;
	json_t *keys = json_array();
	for (int i = 0; i < pl_state_keys(n->table); i++)
		if (json_array_append_new(keys, json_integer(row->at[i].whole)) != 0)
			n->failed = true;
	if (json_array_append_new(n->list, keys) != 0) n->failed = true;
	return !n->failed;
}

static bool note_height(void *with, const pl_state_row *row)
{
	noted *n = with;
	if (json_array_append_new(n->list, json_integer(row->at[PL_C_apart_height].whole)) != 0)
		n->failed = true;
	return !n->failed;
}

static pl_status empty_row(pl_deed *d, int table, const json_t *keys, pl_error *err)
{
	const pl_table_kind *t = &pl_state_tables[table];
	pl_state_row key = {{{0}}};
	pl_found f;
	for (size_t i = 0; i < json_array_size(keys); i++)
		key.at[i] = PL_WHOLE(json_integer_value(json_array_get(keys, i)));
	PL_TRY(pl_store_get(&f, d->store, table, &key, err));
	pl_state_row row = f.row;
	for (int i = 0; i < t->n_columns; i++)
		if (t->column[i].part == PL_PART_ERASABLE) row.at[i].text = "";
	const pl_status st = f.found ? pl_store_update(d->store, table, &row, err) : PL_OK;
	pl_found_clear(&f);
	return st;
}

/// Empty what the person wrote in one table, whose keys are all numbers.
static pl_status empty_table(pl_deed *d, int table, int author, int64_t person, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	noted n = {.list = json_array(), .table = table, .author = author, .person = person};
	n.failed = n.list == NULL;
	pl_status st =
	        n.failed ? PL_OK
	                 : pl_store_scan(d->store, table, 0, &none, note_written, &n, err);
	if (st == PL_OK && n.failed)
		st = pl_fail(err, PL_ENOMEM, -1, "no memory to erase texts");
	for (size_t i = 0; st == PL_OK && i < json_array_size(n.list); i++)
		st = empty_row(d, table, json_array_get(n.list, i), err);
	json_decref(n.list);
	return st;
}

static pl_status erase_events(pl_deed *d, int64_t person, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(person)}};
	noted n = {.list = json_array()};
	n.failed = n.list == NULL;
	pl_status st = n.failed ? PL_OK
	                        : pl_store_scan(d->store, PL_ROWS_apart, 1, &key, note_height,
	                                        &n, err);
	if (st == PL_OK && n.failed)
		st = pl_fail(err, PL_ENOMEM, -1, "no memory to erase texts");
	for (size_t i = 0; st == PL_OK && i < json_array_size(n.list); i++)
		st = pl_store_erase(d->store, json_integer_value(json_array_get(n.list, i)),
		                    err);
	json_decref(n.list);
	return st;
}

static bool note_membership(void *with, const pl_state_row *row)
{
	noted *n = with;
	if (row->at[PL_C_membership_person].whole == n->person)
		n->failed = json_array_append_new(
		                    n->list,
		                    json_integer(row->at[PL_C_membership_council].whole)) != 0;
	return !n->failed;
}

/// Who is erased belongs to no council any more, and is on no roll that is written later.
static pl_status leave_councils(pl_deed *d, int64_t person, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	noted n = {.list = json_array(), .person = person};
	pl_status st =
	        pl_store_scan(d->store, PL_ROWS_membership, 0, &none, note_membership, &n, err);
	if (st == PL_OK && (n.failed || n.list == NULL))
		st = pl_fail(err, PL_ENOMEM, -1, "no memory to erase a person");
	for (size_t i = 0; st == PL_OK && i < json_array_size(n.list); i++) {
		const int64_t council = json_integer_value(json_array_get(n.list, i));
		const pl_state_row row = {{PL_WHOLE(council), PL_WHOLE(person)}};
		st = pl_store_remove(d->store, PL_ROWS_membership, &row, err);
	}
	json_decref(n.list);
	return st;
}

/// A task of the person that is noted here, to be taken away.
typedef struct {
	pl_state_row row;
	char role[64];
	bool found;
} task;

static bool note_task(void *with, const pl_state_row *row)
{
	task *t = with;
	(void)snprintf(t->role, sizeof t->role, "%s", row->at[PL_C_mandate_role].text);
	t->row = (pl_state_row){{row->at[0], row->at[1], PL_TEXT(t->role)}};
	t->found = true;
	return false;
}

static pl_status give_up_tasks(pl_deed *d, int64_t person, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(person)}};
	for (;;) {
		task t = {.found = false};
		PL_TRY(pl_store_scan(d->store, PL_ROWS_mandate, 1, &key, note_task, &t, err));
		if (!t.found) return PL_OK;
		PL_TRY(check_successor(d, person, t.role, 0, err));
		PL_TRY(pl_store_remove(d->store, PL_ROWS_mandate, &t.row, err));
	}
}

pl_status pl_person_erase(pl_deed *d, int64_t who, pl_error *err)
{
	static const struct {
		int table, author;
	} written[] = {{PL_ROWS_proposal, PL_C_proposal_author},
	               {PL_ROWS_objection, PL_C_objection_author},
	               {PL_ROWS_delivery, PL_C_delivery_author},
	               {PL_ROWS_booking, PL_C_booking_author},
	               {PL_ROWS_swap, PL_C_swap_author},
	               {PL_ROWS_suspension, PL_C_suspension_author},
	               {PL_ROWS_comment, PL_C_comment_author}};
	pl_found f;
	PL_TRY(give_up_tasks(d, who, err));
	PL_TRY(leave_councils(d, who, err));
	for (size_t i = 0; i < sizeof written / sizeof *written; i++)
		PL_TRY(empty_table(d, written[i].table, written[i].author, who, err));
	PL_TRY(erase_events(d, who, err));
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_person, who, err));
	pl_state_row row = f.row;
	row.at[PL_C_person_name] = row.at[PL_C_person_contact] = PL_TEXT("");
	row.at[PL_C_person_erased].whole = 1;
	const pl_status st = pl_store_update(d->store, PL_ROWS_person, &row, err);
	pl_found_clear(&f);
	return st;
}

pl_status pl_run_person_erase(pl_deed *d, pl_error *err)
{
	const int64_t who = PL_ASKED(d, person_erase, person);
	PL_TRY(pl_erasure_forget(d, who, err));
	return pl_person_erase(d, who, err);
}

/* ---- communities, councils, tasks ---- */

/// The community that is part of no other; a search for it.
typedef struct {
	int64_t id;
	char code[201];
} top;

static bool note_top(void *with, const pl_state_row *row)
{
	top *t = with;
	if (row->at[PL_C_community_parent].whole != 0) return true;
	t->id = row->at[PL_C_community_id].whole;
	(void)snprintf(t->code, sizeof t->code, "%s", row->at[PL_C_community_code].text);
	return false;
}

/// An economy's communities are one tree: a second one at the top would let no round close.
static pl_status check_tree(pl_deed *d, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	top t = {.id = 0};
	if (d->rules < PL_RULES_ONE_TREE || PL_ASKED(d, community_add, parent) > 0)
		return PL_OK;
	PL_TRY(pl_store_scan(d->store, PL_ROWS_community, 0, &none, note_top, &t, err));
	if (t.id == 0) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "communities are one tree, and \"%.100s\" is at its top: say in "
	               "\"parent\" what this one is part of, %" PRId64 " where nothing else",
	               t.code, t.id);
}

pl_status pl_run_community_add(pl_deed *d, pl_error *err)
{
	int64_t id;
	PL_TRY(check_tree(d, err));
	PL_TRY(pl_deed_number(&id, d, PL_ROWS_community, err));
	const pl_state_row row = {{PL_WHOLE(id), PL_TEXT(PL_ASKED_TEXT(d, community_add, code)),
	                           PL_TEXT(PL_ASKED_TEXT(d, community_add, name)),
	                           PL_WHOLE(PL_ASKED(d, community_add, parent))}};
	PL_TRY(pl_store_insert(d->store, PL_ROWS_community, &row, err));
	return pl_deed_say(d, "community", id, err);
}

pl_status pl_run_council_add(pl_deed *d, pl_error *err)
{
	int64_t id;
	PL_TRY(pl_deed_number(&id, d, PL_ROWS_council, err));
	const pl_state_row row = {{PL_WHOLE(id), PL_TEXT(PL_ASKED_TEXT(d, council_add, code)),
	                           PL_TEXT(PL_ASKED_TEXT(d, council_add, name)),
	                           PL_TEXT(PL_ASKED_TEXT(d, council_add, kind)),
	                           PL_WHOLE(PL_ASKED(d, council_add, community)), PL_TEXT(""),
	                           PL_WHOLE(0)}};
	PL_TRY(pl_store_insert(d->store, PL_ROWS_council, &row, err));
	return pl_deed_say(d, "council", id, err);
}

/// Is the person there, and not erased?
static pl_status check_person(pl_deed *d, int64_t person, pl_error *err)
{
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_person, person, err));
	const bool erased = f.row.at[PL_C_person_erased].whole != 0;
	pl_found_clear(&f);
	if (!erased) return PL_OK;
	return pl_fail(err, PL_ECONFLICT, -1, "person %" PRId64 " was erased", person);
}

pl_status pl_run_member_join(pl_deed *d, pl_error *err)
{
	PL_TRY(check_person(d, PL_ASKED(d, member_join, person), err));
	const pl_state_row row = {{PL_WHOLE(PL_ASKED(d, member_join, council)),
	                           PL_WHOLE(PL_ASKED(d, member_join, person)),
	                           PL_WHOLE(d->time)}};
	return pl_store_insert(d->store, PL_ROWS_membership, &row, err);
}

pl_status pl_run_member_leave(pl_deed *d, pl_error *err)
{
	const pl_state_row row = {{PL_WHOLE(PL_ASKED(d, member_leave, council)),
	                           PL_WHOLE(PL_ASKED(d, member_leave, person))}};
	return pl_store_remove(d->store, PL_ROWS_membership, &row, err);
}

pl_status pl_run_mandate_give(pl_deed *d, pl_error *err)
{
	const int64_t council = PL_ASKED(d, mandate_give, council),
	              person = PL_ASKED(d, mandate_give, person),
	              until = PL_ASKED(d, mandate_give, until);
	const char *role = PL_ASKED_TEXT(d, mandate_give, role);
	if ((strcmp(role, "delegate") == 0) != (council > 0))
		return pl_fail(err, PL_EARG, -1,
		               "a delegate is one of a council; the other tasks are of all");
	if (until <= d->time) return pl_fail(err, PL_EARG, -1, "\"until\" is over already");
	PL_TRY(check_person(d, person, err));
	if (council == 0) PL_TRY(check_successor(d, person, role, until, err));
	const pl_state_row row = {{PL_WHOLE(person), PL_WHOLE(council), PL_TEXT(role),
	                           PL_WHOLE(d->time), PL_WHOLE(until)}};
	pl_found f;
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_mandate, &row, err));
	const bool there = f.found;
	pl_found_clear(&f);
	return there ? pl_store_update(d->store, PL_ROWS_mandate, &row, err)
	             : pl_store_insert(d->store, PL_ROWS_mandate, &row, err);
}

const char *pl_recall_code(char out[PL_RECALL_CHARS], int64_t person)
{
	(void)snprintf(out, PL_RECALL_CHARS, "recall-%" PRId64, person);
	return out;
}

/// A member alone recalls nobody: the members of the council voted on it, since the task was
/// given, and carried "recall-PERSON".
static pl_status check_recall(pl_deed *d, int64_t person, int64_t council, int64_t since,
                              pl_error *err)
{
	const int64_t vote = PL_ASKED(d, mandate_recall, vote);
	const pl_state_row first = {{PL_WHOLE(vote), PL_WHOLE(1)}};
	char code[PL_RECALL_CHARS];
	bool founder = false;
	pl_found f;
	PL_TRY(pl_has_mandate(&founder, d, d->actor, 0, "administrator", err));
	if (!founder) PL_TRY(pl_has_mandate(&founder, d, d->actor, 0, "facilitator", err));
	if (founder) return PL_OK;
	(void)pl_recall_code(code, person);
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_vote, &first, err));
	const bool its = f.found && f.row.at[PL_C_vote_council].whole == council &&
	                 f.row.at[PL_C_vote_opened].whole >= since;
	pl_found_clear(&f);
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_vote_option, &first, err));
	const bool carried = its && f.found && f.row.at[PL_C_vote_option_won].whole == 1 &&
	                     strcmp(f.row.at[PL_C_vote_option_code].text, code) == 0;
	pl_found_clear(&f);
	if (carried) return PL_OK;
	return pl_fail(err, PL_EDENIED, -1,
	               "a member recalls a delegate with \"vote\", a vote of the council whose "
	               "first option, \"%s\", was carried",
	               code);
}

pl_status pl_run_mandate_recall(pl_deed *d, pl_error *err)
{
	const int64_t person = PL_ASKED(d, mandate_recall, person),
	              council = PL_ASKED(d, mandate_recall, council);
	const char *role = PL_ASKED_TEXT(d, mandate_recall, role);
	const pl_state_row row = {{PL_WHOLE(person), PL_WHOLE(council), PL_TEXT(role)}};
	pl_found f;
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_mandate, &row, err));
	const int64_t since = f.found ? f.row.at[PL_C_mandate_since].whole : 0;
	pl_found_clear(&f);
	PL_TRY(check_recall(d, person, council, since, err));
	if (council == 0) PL_TRY(check_successor(d, person, role, 0, err));
	return pl_store_remove(d->store, PL_ROWS_mandate, &row, err);
}
