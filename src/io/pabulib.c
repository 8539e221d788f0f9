/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pabulib.c - the three tables of a .pb file, each read as CSV from its place in the file.
 *
 * PROJECTS is read twice: an election keeps money in units of its smallest decimal, which is
 * known only when every cost was seen. */
#include "io/pabulib_parts.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { SENTENCE_BYTES = 480 };

pl_status pl_pb_refuse(const pl_pb_reader *r, pl_error *err, int64_t line, const char *format,
                       ...)
{
	char said[SENTENCE_BYTES];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(said, sizeof said, format, args);
	va_end(args);
	if (line > 0)
		return pl_fail(err, PL_EPARSE, line, "%s:%" PRId64 ": %s", r->shown, line,
		               said);
	return pl_fail(err, PL_EPARSE, 0, "%s: %s", r->shown, said);
}

pl_status pl_pb_no_memory(const pl_pb_reader *r, pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory to read %s", r->shown);
}

pl_status pl_pb_place(const pl_pb_reader *r, int64_t line, const pl_error *told, pl_error *err)
{
	if (told->code == PL_ENOMEM) return pl_pb_no_memory(r, err);
	return pl_pb_refuse(r, err, line, "%s", told->msg);
}

/* ---- PROJECTS ---- */

enum { PROJECT_ID, COST, PROJECT_COLUMNS };
static const char *const project_columns[] = {"project_id", "cost", NULL};

/// The project of this row. @param[out] cost
static pl_status read_project(pl_pb_amount *cost, const pl_pb_reader *r, const pl_csv *c,
                              const int32_t *at, pl_error *err)
{
	char id[PL_BRIEF_CHARS], brief[PL_BRIEF_CHARS];
	const char *text = pl_csv_cell(c, at[COST]), *name = pl_csv_cell(c, at[PROJECT_ID]);
	const int64_t line = pl_csv_line(c);
	const char *wrong = *text == '\0' ? "is not given" : pl_pb_read_amount(cost, text);
	if (*name == '=' || *name == '@')
		return pl_pb_refuse(
		        r, err, line,
		        "the project_id \"%s\" is a formula; save the table with what it "
		        "shows",
		        pl_text_brief(id, name));
	if (strchr(name, ',') != NULL)
		return pl_pb_refuse(
		        r, err, line,
		        "the project_id \"%s\" holds a comma, which votes put between ids",
		        pl_text_brief(id, name));
	if (wrong != NULL)
		return pl_pb_refuse(r, err, line, "the cost \"%s\" of project \"%s\" %s",
		                    pl_text_brief(brief, text), pl_text_brief(id, name), wrong);
	return PL_OK;
}

/// How many decimals the costs need.
static pl_status measure_project(pl_pb_reader *r, const pl_csv *c, const int32_t *at,
                                 pl_error *err)
{
	pl_pb_amount cost = {0, 0};
	PL_TRY(read_project(&cost, r, c, at, err));
	if (cost.decimals > r->decimals) r->decimals = cost.decimals;
	return PL_OK;
}

static pl_status recorded(int *out, const pl_pb_reader *r, const pl_csv *c, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const int32_t column = pl_csv_find(c, "selected");
	const char *text = column < 0 ? "" : pl_csv_cell(c, column);
	int32_t x = -1;
	if (*text != '\0' && (!pl_pb_read_whole(&x, text) || x < 0))
		return pl_pb_refuse(r, err, pl_csv_line(c), "selected is \"%s\", not 0 or 1",
		                    pl_text_brief(brief, text));
	*out = x > 1 ? 0 : (int)x;
	return PL_OK;
}

static pl_status add_project(pl_pb_reader *r, const pl_csv *c, const int32_t *at, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	pl_pb_amount cost = {0, 0};
	int64_t units = 0;
	int won = -1;
	pl_error told = {0};
	const int32_t column = pl_csv_find(c, "name");
	const char *name = column < 0 ? "" : pl_csv_cell(c, column);
	PL_TRY(read_project(&cost, r, c, at, err));
	PL_TRY(recorded(&won, r, c, err));
	if (*name == '=')
		return pl_pb_refuse(
		        r, err, pl_csv_line(c),
		        "the name \"%s\" is a formula; save the table with what it shows",
		        pl_text_brief(brief, name));
	if (!pl_pb_in_units(&units, cost, r->decimals))
		return pl_pb_refuse(r, err, pl_csv_line(c),
		                    "the cost \"%s\" is too large to count",
		                    pl_text_brief(brief, pl_csv_cell(c, at[COST])));
	if (pl_election_option(r->draft, pl_csv_cell(c, at[PROJECT_ID]), name, units, won,
	                       &told) != PL_OK)
		return pl_pb_place(r, pl_csv_line(c), &told, err);
	return PL_OK;
}

/* ---- VOTES ---- */

enum { VOTER_ID, VOTE, POINTS };
static const char *const vote_columns[] = {"voter_id", "vote", NULL};
static const char *const points_columns[] = {"voter_id", "vote", "points", NULL};

/// Cut the next item off a list, spaces trimmed. @param[in,out] list NULL: it has ended
static char *next_item(char **list)
{
	char *item = *list;
	const size_t n = strcspn(item, ",");
	char *end = item + n;
	*list = *end == ',' ? end + 1 : NULL;
	while (*item == ' ') item++;
	while (end > item && end[-1] == ' ') end--;
	*end = '\0';
	return item;
}

/// A copy of a cell that may be cut. @param[out] list NULL where the cell is empty
static pl_status copy_list(char **list, pl_bytes *b, const pl_pb_reader *r, const char *cell,
                           pl_error *err)
{
	b->n = 0;
	*list = NULL;
	if (*cell == '\0') return PL_OK;
	if (pl_bytes_add(b, cell, (int64_t)strlen(cell) + 1) != PL_OK)
		return pl_pb_no_memory(r, err);
	*list = b->at;
	return PL_OK;
}

/// What a ballot says of the next option. @param[in,out] points the list of points
static pl_status read_points(int32_t *out, const pl_pb_reader *r, char **points, int64_t line,
                             pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	if (*points == NULL)
		return pl_pb_refuse(r, err, line, "this vote has fewer points than projects");
	const char *text = next_item(points);
	if (!pl_pb_read_whole(out, text))
		return pl_pb_refuse(r, err, line, "the points \"%s\" are no whole number",
		                    pl_text_brief(brief, text));
	if (r->type == PL_PB_CUMULATIVE && *out < 0)
		return pl_pb_refuse(r, err, line, "the points \"%s\" are below 0",
		                    pl_text_brief(brief, text));
	return PL_OK;
}

static bool has_points(const pl_pb_reader *r)
{
	return r->type == PL_PB_CUMULATIVE || r->type == PL_PB_SCORING;
}

/// The marks of a ballot.
static pl_status read_marks(pl_pb_reader *r, char *vote, char *points, int64_t line,
                            pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	for (int32_t n = 1; vote != NULL; n++) {
		const char *id = next_item(&vote);
		const int32_t option = pl_election_find(r->draft, id);
		int32_t value = r->type == PL_PB_ORDINAL ? n : 1;
		pl_error told = {0};
		if (option < 0)
			return pl_pb_refuse(r, err, line,
			                    "a vote for \"%s\", which is no project",
			                    pl_text_brief(brief, id));
		if (r->type == PL_PB_CHOOSE_1 && n > 1)
			return pl_pb_refuse(
			        r, err, line,
			        "a vote for more than one project; the vote_type is "
			        "choose-1");
		if (has_points(r)) PL_TRY(read_points(&value, r, &points, line, err));
		if (pl_election_mark(r->draft, option, value, &told) != PL_OK)
			return pl_pb_place(r, line, &told, err);
	}
	if (points != NULL)
		return pl_pb_refuse(r, err, line, "this vote has more points than projects");
	return PL_OK;
}

static pl_status note_voter(pl_pb_reader *r, const char *id, int64_t line, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	if (*id == '\0') return pl_pb_refuse(r, err, line, "this vote has no voter_id");
	if (pl_names_find(&r->voters, id) >= 0)
		return pl_pb_refuse(r, err, line, "a second vote with the voter_id \"%s\"",
		                    pl_text_brief(brief, id));
	if (!pl_names_reserve(&r->voters, id)) return pl_pb_no_memory(r, err);
	(void)pl_names_put(&r->voters, id);
	return PL_OK;
}

/// How many equal ballots a row stands for.
static pl_status read_weight(int64_t *out, const pl_pb_reader *r, const pl_csv *c,
                             pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const int32_t column = pl_csv_find(c, "weight");
	const char *text = column < 0 ? "1" : pl_csv_cell(c, column);
	int32_t x = 1;
	if (!pl_pb_read_whole(&x, text) || x < 1)
		return pl_pb_refuse(r, err, pl_csv_line(c),
		                    "the weight \"%s\" is no whole number above 0",
		                    pl_text_brief(brief, text));
	*out = x;
	return PL_OK;
}

static pl_status add_vote(pl_pb_reader *r, const pl_csv *c, const int32_t *at, pl_error *err)
{
	const char *id = pl_csv_cell(c, at[VOTER_ID]);
	const int64_t line = pl_csv_line(c);
	char *vote, *points = NULL;
	int64_t weight = 1;
	pl_error told = {0};
	PL_TRY(note_voter(r, id, line, err));
	PL_TRY(read_weight(&weight, r, c, err));
	PL_TRY(copy_list(&vote, &r->vote, r, pl_csv_cell(c, at[VOTE]), err));
	if (has_points(r))
		PL_TRY(copy_list(&points, &r->points, r, pl_csv_cell(c, at[POINTS]), err));
	if (pl_election_ballot(r->draft, id, weight, &told) != PL_OK)
		return pl_pb_place(r, line, &told, err);
	return read_marks(r, vote, points, line, err);
}

/* ---- the whole file ---- */

static pl_status read_all(pl_election **out, pl_pb_reader *r, const char *bytes, size_t n,
                          pl_error *err)
{
	pl_error told = {0};
	PL_TRY(pl_pb_find_sections(r, bytes, n, err));
	PL_TRY(pl_pb_read_meta(r, err));
	PL_TRY(pl_pb_read_rows(r, PL_PB_PROJECTS, project_columns, r->n_projects,
	                       measure_project, err));
	PL_TRY(pl_pb_begin_draft(r, err));
	PL_TRY(pl_pb_read_rows(r, PL_PB_PROJECTS, project_columns, -1, add_project, err));
	PL_TRY(pl_pb_read_rows(r, PL_PB_VOTES, has_points(r) ? points_columns : vote_columns,
	                       r->n_votes, add_vote, err));
	if (pl_election_finish(out, r->draft, &told) != PL_OK)
		return pl_pb_place(r, r->part[PL_PB_PROJECTS].line, &told, err);
	return PL_OK;
}

pl_status pl_pabulib_read(pl_election **out, const void *bytes, size_t n, const char *shown,
                          pl_error *err)
{
	*out = NULL;
	pl_pb_reader r = {.shown = shown};
	const pl_status status = read_all(out, &r, bytes, n, err);
	pl_election_drop(r.draft);
	pl_arena_clear(&r.text);
	pl_names_clear(&r.voters);
	pl_bytes_free(&r.vote);
	pl_bytes_free(&r.points);
	return status;
}
