/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pabulib_meta.c - what META says of the vote. */
#include "io/pabulib_parts.h"

#include "base/error.h"

#include <string.h>

static const char *const type_names[PL_PB_TYPES] = {"approval", "choose-1", "cumulative",
                                                    "scoring", "ordinal"};
static const pl_ballot_kind kind_of[PL_PB_TYPES] = {PL_BALLOT_APPROVAL, PL_BALLOT_APPROVAL,
                                                    PL_BALLOT_SCORE, PL_BALLOT_SCORE,
                                                    PL_BALLOT_RANKED};

static const char *const key_names[PL_PB_KEYS] = {"description", "unit",      "instance",
                                                  "budget",      "vote_type", "num_projects",
                                                  "num_votes",   "max_length"};

static const char *value_of(const pl_pb_reader *r, pl_pb_key key)
{
	return r->text.bytes + r->meta[key].text;
}

static pl_status keep_value(pl_pb_reader *r, const pl_csv *c, const int32_t *at, pl_error *err)
{
	const char *name = pl_csv_cell(c, at[0]), *text = pl_csv_cell(c, at[1]);
	const int64_t line = pl_csv_line(c);
	for (int key = 0; key < PL_PB_KEYS; key++) {
		if (strcmp(name, key_names[key]) != 0) continue;
		if (r->meta[key].line > 0)
			return pl_pb_refuse(r, err, line, "META names %s a second time", name);
		if (!pl_arena_reserve(&r->text, pl_arena_cost(text)))
			return pl_pb_no_memory(r, err);
		r->meta[key] = (pl_pb_value){pl_arena_put(&r->text, text), line};
	}
	return PL_OK;
}

static pl_status find_type(pl_pb_reader *r, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const char *text = value_of(r, PL_PB_VOTE_TYPE);
	for (int t = 0; t < PL_PB_TYPES; t++) {
		if (strcmp(text, type_names[t]) != 0) continue;
		r->type = (pl_pb_type)t;
		return PL_OK;
	}
	return pl_pb_refuse(r, err, r->meta[PL_PB_VOTE_TYPE].line,
	                    "the vote_type \"%s\" is none of approval, choose-1, cumulative, "
	                    "scoring, ordinal",
	                    pl_text_brief(brief, text));
}

static pl_status find_budget(pl_pb_reader *r, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const char *text = value_of(r, PL_PB_BUDGET);
	const char *wrong = pl_pb_read_amount(&r->budget, text);
	if (wrong == NULL && r->budget.digits == 0)
		wrong = "pays for nothing; a budget is above 0";
	if (wrong != NULL)
		return pl_pb_refuse(r, err, r->meta[PL_PB_BUDGET].line, "the budget \"%s\" %s",
		                    pl_text_brief(brief, text), wrong);
	r->decimals = r->budget.decimals;
	return PL_OK;
}

/// A count that META may state. @param[out] out -1 where it does not
static pl_status find_count(int64_t *out, const pl_pb_reader *r, pl_pb_key key, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	int32_t x = -1;
	if (r->meta[key].line > 0 && (!pl_pb_read_whole(&x, value_of(r, key)) || x < 0))
		return pl_pb_refuse(r, err, r->meta[key].line,
		                    "%s is \"%s\", not a whole number", key_names[key],
		                    pl_text_brief(brief, value_of(r, key)));
	*out = x;
	return PL_OK;
}

static pl_status understand_meta(pl_pb_reader *r, pl_error *err)
{
	static const pl_pb_key needed[] = {PL_PB_BUDGET, PL_PB_VOTE_TYPE};
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (r->meta[needed[i]].line == 0)
			return pl_pb_refuse(r, err, r->part[PL_PB_META].line - 1,
			                    "the section META does not name %s",
			                    key_names[needed[i]]);
	PL_TRY(find_type(r, err));
	PL_TRY(find_budget(r, err));
	PL_TRY(find_count(&r->n_projects, r, PL_PB_NUM_PROJECTS, err));
	return find_count(&r->n_votes, r, PL_PB_NUM_VOTES, err);
}

pl_status pl_pb_read_meta(pl_pb_reader *r, pl_error *err)
{
	static const char *const columns[] = {"key", "value", NULL};
	if (!pl_arena_reserve(&r->text, 1)) return pl_pb_no_memory(r, err);
	PL_TRY(pl_pb_read_rows(r, PL_PB_META, columns, -1, keep_value, err));
	return understand_meta(r, err);
}

/// The title: what META describes, or its place and time.
static pl_status put_title(pl_pb_reader *r, pl_error *err)
{
	const char *said = value_of(r, PL_PB_DESCRIPTION), *unit = value_of(r, PL_PB_UNIT);
	const char *when = value_of(r, PL_PB_INSTANCE);
	if (*said != '\0') return pl_election_title(r->draft, said, err);
	pl_bytes title = {0};
	pl_status status = pl_bytes_add(&title, unit, (int64_t)strlen(unit));
	if (status == PL_OK && *unit != '\0' && *when != '\0')
		status = pl_bytes_add(&title, " ", 1);
	if (status == PL_OK) status = pl_bytes_add(&title, when, (int64_t)strlen(when) + 1);
	status = status == PL_OK ? pl_election_title(r->draft, title.at, err)
	                         : pl_pb_no_memory(r, err);
	pl_bytes_free(&title);
	return status;
}

pl_status pl_pb_begin_draft(pl_pb_reader *r, pl_error *err)
{
	pl_error told = {0};
	int64_t budget = 0, longest = -1;
	PL_TRY(find_count(&longest, r, PL_PB_MAX_LENGTH, err));
	if (!pl_pb_in_units(&budget, r->budget, r->decimals))
		return pl_pb_refuse(r, err, r->meta[PL_PB_BUDGET].line,
		                    "the budget is too large to count");
	PL_TRY(pl_election_begin(&r->draft, kind_of[r->type], err));
	PL_TRY(put_title(r, err));
	PL_TRY(pl_election_money(r->draft, r->decimals, budget, err));
	if (r->type != PL_PB_ORDINAL || longest < 0) return PL_OK;
	if (pl_election_longest(r->draft, (int32_t)longest, &told) == PL_OK) return PL_OK;
	return pl_pb_place(r, r->meta[PL_PB_MAX_LENGTH].line, &told, err);
}
