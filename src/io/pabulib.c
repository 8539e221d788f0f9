/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pabulib.c - the three tables of a .pb file, each read as CSV from its place in the file.
 *
 * PROJECTS is read twice: an election keeps money in units of its smallest decimal, which is
 * known only when every cost was seen. */
#include "io/pabulib.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/names.h"
#include "base/text.h"
#include "io/csv.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMALS_MOST = 6, DIGITS_MOST = 18, SENTENCE_BYTES = 480 };

typedef enum { META, PROJECTS, VOTES, SECTIONS } section;
static const char *const section_names[SECTIONS] = {"META", "PROJECTS", "VOTES"};

typedef enum { APPROVAL, CHOOSE_1, CUMULATIVE, SCORING, ORDINAL, VOTE_TYPES } vote_type;
static const char *const type_names[VOTE_TYPES] = {"approval", "choose-1", "cumulative",
                                                   "scoring", "ordinal"};
static const pl_ballot_kind kind_of[VOTE_TYPES] = {PL_BALLOT_APPROVAL, PL_BALLOT_APPROVAL,
                                                   PL_BALLOT_SCORE, PL_BALLOT_SCORE,
                                                   PL_BALLOT_RANKED};

typedef enum {
	DESCRIPTION,
	UNIT,
	INSTANCE,
	BUDGET,
	VOTE_TYPE,
	NUM_PROJECTS,
	NUM_VOTES,
	MAX_LENGTH,
	KEYS
} meta_key;
static const char *const key_names[KEYS] = {"description", "unit",      "instance",
                                            "budget",      "vote_type", "num_projects",
                                            "num_votes",   "max_length"};

/// Where a section's table lies.
typedef struct {
	const char *from;
	size_t n;
	int64_t line; ///< of its header; 0: no such section
} part;

/// A value of META.
typedef struct {
	int64_t text; ///< offset in reader.text
	int64_t line; ///< 0: not there
} meta_value;

/// digits * 10^-decimals, decimals as few as will do.
typedef struct {
	int64_t digits;
	int32_t decimals;
} amount;

typedef struct {
	const char *shown;
	part part[SECTIONS];
	pl_arena text;
	meta_value meta[KEYS];
	vote_type type;
	amount budget;
	int32_t decimals;            ///< that every amount needs
	int64_t n_projects, n_votes; ///< as META says; -1: it does not
	pl_names voters;
	pl_bytes vote, points; ///< of the row being read, cut at the commas
	pl_election_draft *draft;
} reader;

/// Refuse the file. @param line 0: none
__attribute__((format(printf, 4, 5))) static pl_status
refuse(const reader *r, pl_error *err, int64_t line, const char *format, ...)
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

static pl_status no_memory(const reader *r, pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory to read %s", r->shown);
}

/// Put the file and line before what the election says of itself.
static pl_status place(const reader *r, int64_t line, const pl_error *told, pl_error *err)
{
	if (told->code == PL_ENOMEM) return no_memory(r, err);
	return refuse(r, err, line, "%s", told->msg);
}

/* ---- sections ------------------------------------------------------------------------------
 */

static bool is_filler(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';';
}

/// The section that a line names, alone but for spaces and semicolons, or SECTIONS.
static section named(const char *line, size_t n)
{
	while (n > 0 && is_filler(line[n - 1])) n--;
	while (n > 0 && (*line == ' ' || *line == '\t')) {
		line++;
		n--;
	}
	for (int s = 0; s < SECTIONS; s++) {
		const char *name = section_names[s];
		size_t i = 0;
		while (i < n && name[i] != '\0' && (line[i] & ~0x20) == name[i]) i++;
		if (i == n && name[i] == '\0') return (section)s;
	}
	return SECTIONS;
}

/// Is the text still within quotes at the end of the line? Quotes open only where a cell
/// begins.
static bool within_quotes(bool within, const char *line, size_t n)
{
	bool begins = true;
	for (size_t i = 0; i < n; i++) {
		if (within)
			within = line[i] != '"';
		else if (line[i] == '"')
			within = begins || (i > 0 && line[i - 1] == '"');
		begins = !within && line[i] == ';';
	}
	return within;
}

static bool is_blank(const char *line, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_filler(line[i])) return false;
	return true;
}

/// Note where a section begins, or that a line belongs to none.
static pl_status take_line(reader *r, part **now, const char *line, size_t n, int64_t number,
                           pl_error *err)
{
	const section s = named(line, n);
	if (s == SECTIONS && (*now != NULL || is_blank(line, n))) return PL_OK;
	if (s == SECTIONS)
		return refuse(r, err, number,
		              "a line before the first section; a Pabulib file begins with a "
		              "line META");
	part *p = &r->part[s];
	if (p->line > 0) return refuse(r, err, number, "a second section %s", section_names[s]);
	if (*now != NULL) (*now)->n = (size_t)(line - (*now)->from);
	*p = (part){.line = number + 1};
	*now = p;
	return PL_OK;
}

static pl_status find_sections(reader *r, const char *at, size_t n, pl_error *err)
{
	const char *const end = at + n;
	part *now = NULL;
	bool within = false;
	if (n >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) at += 3;
	for (int64_t number = 1; at < end; number++) {
		const char *const feed = memchr(at, '\n', (size_t)(end - at));
		const char *const next = feed == NULL ? end : feed + 1;
		const size_t length = (size_t)((feed == NULL ? end : feed) - at);
		if (!within) PL_TRY(take_line(r, &now, at, length, number, err));
		within = within_quotes(within, at, length);
		if (now != NULL && now->line == number + 1) now->from = next;
		at = next;
	}
	if (now != NULL) now->n = (size_t)(end - now->from);
	return PL_OK;
}

/// Open a section's table. @param columns that it needs, ended by NULL @param[out] found theirs
static pl_status open_section(pl_csv **out, reader *r, section s, const char *const *columns,
                              int32_t *found, pl_error *err)
{
	const part *p = &r->part[s];
	*out = NULL;
	if (p->line == 0) return refuse(r, err, 0, "there is no section %s", section_names[s]);
	if (is_blank(p->from, p->n < 1024 ? p->n : 1024) && p->n < 1024)
		return refuse(r, err, p->line,
		              "the section %s is empty; its first row names "
		              "the columns",
		              section_names[s]);
	PL_TRY(pl_csv_open_part(out, p->from, p->n, p->line, r->shown, err));
	for (int i = 0; columns[i] != NULL; i++) {
		found[i] = pl_csv_find(*out, columns[i]);
		if (found[i] >= 0) continue;
		pl_csv_close(*out);
		*out = NULL;
		return refuse(r, err, p->line, "the section %s has no column \"%s\"",
		              section_names[s], columns[i]);
	}
	return PL_OK;
}

/* ---- numbers -------------------------------------------------------------------------------
 */

/// Strip what is 0 behind the mark.
static amount shorten(amount a)
{
	while (a.decimals > 0 && a.digits % 10 == 0) {
		a.digits /= 10;
		a.decimals--;
	}
	return a;
}

/// Read an amount such as 1250, 1250.50 or 1250,5. @return the end of a sentence that tells
/// what is wrong; NULL where nothing is
static const char *read_amount(amount *out, const char *text)
{
	const char *p = text + (*text == '-');
	amount a = {0, 0};
	char mark = 0;
	int digits = 0, seen = 0;
	for (; *p != '\0'; p++) {
		if ((*p == '.' || *p == ',') && mark == 0) {
			mark = *p;
			continue;
		}
		if (*p < '0' || *p > '9')
			return "is no amount of money such as 1250 or 1250.50";
		seen++;
		digits += digits > 0 || *p != '0';
		if (digits > DIGITS_MOST) return "is too large, or has too many digits";
		a.digits = 10 * a.digits + (*p - '0');
		a.decimals += mark != 0;
	}
	if (seen == 0) return "is no amount of money such as 1250 or 1250.50";
	if (mark == ',' && a.decimals == 3)
		return "may have a decimal comma or one between thousands; write a point, or "
		       "none";
	a = shorten(a);
	if (*text == '-' && a.digits > 0) return "is below 0";
	if (a.decimals > DECIMALS_MOST) return "has more than 6 decimals";
	*out = a;
	return NULL;
}

/// The amount in units of 10^-decimals. @return false: too large
static bool in_units(int64_t *out, amount a, int32_t decimals)
{
	int64_t x = a.digits;
	for (int32_t i = a.decimals; i < decimals; i++)
		if (__builtin_mul_overflow(x, INT64_C(10), &x)) return false;
	*out = x;
	return x <= INT64_C(1) << 62;
}

static bool read_whole(int32_t *out, const char *text)
{
	char *end;
	const bool begins = (*text >= '0' && *text <= '9') ||
	                    (*text == '-' && text[1] >= '0' && text[1] <= '9');
	const long long x = begins ? strtoll(text, &end, 10) : 0;
	if (!begins || *end != '\0' || x < -INT32_MAX || x > INT32_MAX) return false;
	*out = (int32_t)x;
	return true;
}

/* ---- META ----------------------------------------------------------------------------------
 */

static const char *value_of(const reader *r, meta_key key)
{
	return r->text.bytes + r->meta[key].text;
}

static pl_status keep_value(reader *r, const char *name, const char *text, int64_t line,
                            pl_error *err)
{
	for (int key = 0; key < KEYS; key++) {
		if (strcmp(name, key_names[key]) != 0) continue;
		if (r->meta[key].line > 0)
			return refuse(r, err, line, "META names %s a second time", name);
		if (!pl_arena_reserve(&r->text, pl_arena_cost(text))) return no_memory(r, err);
		r->meta[key] = (meta_value){pl_arena_put(&r->text, text), line};
	}
	return PL_OK;
}

static pl_status find_type(reader *r, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const char *text = value_of(r, VOTE_TYPE);
	for (int t = 0; t < VOTE_TYPES; t++) {
		if (strcmp(text, type_names[t]) != 0) continue;
		r->type = (vote_type)t;
		return PL_OK;
	}
	return refuse(r, err, r->meta[VOTE_TYPE].line,
	              "the vote_type \"%s\" is none of approval, choose-1, cumulative, "
	              "scoring, ordinal",
	              pl_text_brief(brief, text));
}

static pl_status find_budget(reader *r, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const char *text = value_of(r, BUDGET);
	const char *wrong = read_amount(&r->budget, text);
	if (wrong == NULL && r->budget.digits == 0)
		wrong = "pays for nothing; a budget is above 0";
	if (wrong != NULL)
		return refuse(r, err, r->meta[BUDGET].line, "the budget \"%s\" %s",
		              pl_text_brief(brief, text), wrong);
	r->decimals = r->budget.decimals;
	return PL_OK;
}

/// A count that META may state. @param[out] out -1 where it does not
static pl_status find_count(int64_t *out, const reader *r, meta_key key, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	int32_t x = -1;
	if (r->meta[key].line > 0 && (!read_whole(&x, value_of(r, key)) || x < 0))
		return refuse(r, err, r->meta[key].line, "%s is \"%s\", not a whole number",
		              key_names[key], pl_text_brief(brief, value_of(r, key)));
	*out = x;
	return PL_OK;
}

static pl_status understand_meta(reader *r, pl_error *err)
{
	static const meta_key needed[] = {BUDGET, VOTE_TYPE};
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (r->meta[needed[i]].line == 0)
			return refuse(r, err, r->part[META].line - 1,
			              "the section META does not name %s",
			              key_names[needed[i]]);
	PL_TRY(find_type(r, err));
	PL_TRY(find_budget(r, err));
	PL_TRY(find_count(&r->n_projects, r, NUM_PROJECTS, err));
	return find_count(&r->n_votes, r, NUM_VOTES, err);
}

static pl_status read_meta(reader *r, pl_error *err)
{
	static const char *const columns[] = {"key", "value", NULL};
	int32_t at[2] = {0};
	pl_csv *c;
	PL_TRY(open_section(&c, r, META, columns, at, err));
	bool got = true;
	pl_status status = pl_arena_reserve(&r->text, 1) ? PL_OK : no_memory(r, err);
	while (status == PL_OK && got) {
		status = pl_csv_next(&got, c, err);
		if (status == PL_OK && got)
			status = keep_value(r, pl_csv_cell(c, at[0]), pl_csv_cell(c, at[1]),
			                    pl_csv_line(c), err);
	}
	pl_csv_close(c);
	return status == PL_OK ? understand_meta(r, err) : status;
}

/// The title: what META describes, or its place and time.
static pl_status put_title(reader *r, pl_error *err)
{
	const char *said = value_of(r, DESCRIPTION), *unit = value_of(r, UNIT);
	const char *when = value_of(r, INSTANCE);
	if (*said != '\0') return pl_election_title(r->draft, said, err);
	pl_bytes title = {0};
	pl_status status = pl_bytes_add(&title, unit, (int64_t)strlen(unit));
	if (status == PL_OK && *unit != '\0' && *when != '\0')
		status = pl_bytes_add(&title, " ", 1);
	if (status == PL_OK) status = pl_bytes_add(&title, when, (int64_t)strlen(when) + 1);
	status = status == PL_OK ? pl_election_title(r->draft, title.at, err)
	                         : no_memory(r, err);
	pl_bytes_free(&title);
	return status;
}

static pl_status begin_draft(reader *r, pl_error *err)
{
	pl_error told = {0};
	int64_t budget = 0, longest = -1;
	PL_TRY(find_count(&longest, r, MAX_LENGTH, err));
	if (!in_units(&budget, r->budget, r->decimals))
		return refuse(r, err, r->meta[BUDGET].line, "the budget is too large to count");
	PL_TRY(pl_election_begin(&r->draft, kind_of[r->type], err));
	PL_TRY(put_title(r, err));
	PL_TRY(pl_election_money(r->draft, r->decimals, budget, err));
	if (r->type != ORDINAL || longest < 0) return PL_OK;
	if (pl_election_longest(r->draft, (int32_t)longest, &told) == PL_OK) return PL_OK;
	return place(r, r->meta[MAX_LENGTH].line, &told, err);
}

/* ---- PROJECTS ------------------------------------------------------------------------------
 */

enum { PROJECT_ID, COST, PROJECT_COLUMNS };
static const char *const project_columns[] = {"project_id", "cost", NULL};

/// The project of this row. @param[out] cost
static pl_status read_project(amount *cost, const reader *r, const pl_csv *c, const int32_t *at,
                              pl_error *err)
{
	char id[PL_BRIEF_CHARS], brief[PL_BRIEF_CHARS];
	const char *text = pl_csv_cell(c, at[COST]), *name = pl_csv_cell(c, at[PROJECT_ID]);
	const int64_t line = pl_csv_line(c);
	const char *wrong = *text == '\0' ? "is not given" : read_amount(cost, text);
	if (*name == '=' || *name == '@')
		return refuse(r, err, line,
		              "the project_id \"%s\" is a formula; save the table with what it "
		              "shows",
		              pl_text_brief(id, name));
	if (strchr(name, ',') != NULL)
		return refuse(
		        r, err, line,
		        "the project_id \"%s\" holds a comma, which votes put between ids",
		        pl_text_brief(id, name));
	if (wrong != NULL)
		return refuse(r, err, line, "the cost \"%s\" of project \"%s\" %s",
		              pl_text_brief(brief, text), pl_text_brief(id, name), wrong);
	return PL_OK;
}

/// How many decimals the costs need.
static pl_status measure_project(reader *r, const pl_csv *c, const int32_t *at, pl_error *err)
{
	amount cost = {0, 0};
	PL_TRY(read_project(&cost, r, c, at, err));
	if (cost.decimals > r->decimals) r->decimals = cost.decimals;
	return PL_OK;
}

static pl_status recorded(int *out, const reader *r, const pl_csv *c, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const int32_t column = pl_csv_find(c, "selected");
	const char *text = column < 0 ? "" : pl_csv_cell(c, column);
	int32_t x = -1;
	if (*text != '\0' && (!read_whole(&x, text) || x < 0))
		return refuse(r, err, pl_csv_line(c), "selected is \"%s\", not 0 or 1",
		              pl_text_brief(brief, text));
	*out = x > 1 ? 0 : (int)x;
	return PL_OK;
}

static pl_status add_project(reader *r, const pl_csv *c, const int32_t *at, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	amount cost = {0, 0};
	int64_t units = 0;
	int won = -1;
	pl_error told = {0};
	const int32_t column = pl_csv_find(c, "name");
	const char *name = column < 0 ? "" : pl_csv_cell(c, column);
	PL_TRY(read_project(&cost, r, c, at, err));
	PL_TRY(recorded(&won, r, c, err));
	if (*name == '=')
		return refuse(r, err, pl_csv_line(c),
		              "the name \"%s\" is a formula; save the table with what it shows",
		              pl_text_brief(brief, name));
	if (!in_units(&units, cost, r->decimals))
		return refuse(r, err, pl_csv_line(c), "the cost \"%s\" is too large to count",
		              pl_text_brief(brief, pl_csv_cell(c, at[COST])));
	if (pl_election_option(r->draft, pl_csv_cell(c, at[PROJECT_ID]), name, units, won,
	                       &told) != PL_OK)
		return place(r, pl_csv_line(c), &told, err);
	return PL_OK;
}

typedef pl_status each_row(reader *r, const pl_csv *c, const int32_t *at, pl_error *err);

/// @param stated how many rows META says there are, -1: it does not
static pl_status read_rows(reader *r, section s, const char *const *columns, int64_t stated,
                           each_row *take, pl_error *err)
{
	int32_t at[4] = {0};
	pl_csv *c;
	int64_t n = 0;
	PL_TRY(open_section(&c, r, s, columns, at, err));
	bool got = true;
	pl_status status = PL_OK;
	while (status == PL_OK && got) {
		status = pl_csv_next(&got, c, err);
		if (status != PL_OK || !got) continue;
		status = take(r, c, at, err);
		n++;
	}
	pl_csv_close(c);
	if (status == PL_OK && stated >= 0 && n != stated)
		return refuse(r, err, r->part[s].line,
		              "META says %" PRId64
		              " rows for this section %s, but it has %" PRId64
		              "; is the file complete?",
		              stated, section_names[s], n);
	return status;
}

/* ---- VOTES ---------------------------------------------------------------------------------
 */

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
static pl_status copy_list(char **list, pl_bytes *b, const reader *r, const char *cell,
                           pl_error *err)
{
	b->n = 0;
	*list = NULL;
	if (*cell == '\0') return PL_OK;
	if (pl_bytes_add(b, cell, (int64_t)strlen(cell) + 1) != PL_OK) return no_memory(r, err);
	*list = b->at;
	return PL_OK;
}

/// What a ballot says of the next option. @param[in,out] points the list of points
static pl_status read_points(int32_t *out, const reader *r, char **points, int64_t line,
                             pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	if (*points == NULL)
		return refuse(r, err, line, "this vote has fewer points than projects");
	const char *text = next_item(points);
	if (!read_whole(out, text))
		return refuse(r, err, line, "the points \"%s\" are no whole number",
		              pl_text_brief(brief, text));
	if (r->type == CUMULATIVE && *out < 0)
		return refuse(r, err, line, "the points \"%s\" are below 0",
		              pl_text_brief(brief, text));
	return PL_OK;
}

static bool has_points(const reader *r)
{
	return r->type == CUMULATIVE || r->type == SCORING;
}

/// The marks of a ballot.
static pl_status read_marks(reader *r, char *vote, char *points, int64_t line, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	for (int32_t n = 1; vote != NULL; n++) {
		const char *id = next_item(&vote);
		const int32_t option = pl_election_find(r->draft, id);
		int32_t value = r->type == ORDINAL ? n : 1;
		pl_error told = {0};
		if (option < 0)
			return refuse(r, err, line, "a vote for \"%s\", which is no project",
			              pl_text_brief(brief, id));
		if (r->type == CHOOSE_1 && n > 1)
			return refuse(r, err, line,
			              "a vote for more than one project; the vote_type is "
			              "choose-1");
		if (has_points(r)) PL_TRY(read_points(&value, r, &points, line, err));
		if (pl_election_mark(r->draft, option, value, &told) != PL_OK)
			return place(r, line, &told, err);
	}
	if (points != NULL)
		return refuse(r, err, line, "this vote has more points than projects");
	return PL_OK;
}

static pl_status note_voter(reader *r, const char *id, int64_t line, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	if (*id == '\0') return refuse(r, err, line, "this vote has no voter_id");
	if (pl_names_find(&r->voters, id) >= 0)
		return refuse(r, err, line, "a second vote with the voter_id \"%s\"",
		              pl_text_brief(brief, id));
	if (!pl_names_reserve(&r->voters, id)) return no_memory(r, err);
	(void)pl_names_put(&r->voters, id);
	return PL_OK;
}

/// How many equal ballots a row stands for.
static pl_status read_weight(int64_t *out, const reader *r, const pl_csv *c, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const int32_t column = pl_csv_find(c, "weight");
	const char *text = column < 0 ? "1" : pl_csv_cell(c, column);
	int32_t x = 1;
	if (!read_whole(&x, text) || x < 1)
		return refuse(r, err, pl_csv_line(c),
		              "the weight \"%s\" is no whole number above 0",
		              pl_text_brief(brief, text));
	*out = x;
	return PL_OK;
}

static pl_status add_vote(reader *r, const pl_csv *c, const int32_t *at, pl_error *err)
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
		return place(r, line, &told, err);
	return read_marks(r, vote, points, line, err);
}

/* ---- the whole file ------------------------------------------------------------------------
 */

static pl_status read_all(pl_election **out, reader *r, const char *bytes, size_t n,
                          pl_error *err)
{
	pl_error told = {0};
	PL_TRY(find_sections(r, bytes, n, err));
	PL_TRY(read_meta(r, err));
	PL_TRY(read_rows(r, PROJECTS, project_columns, r->n_projects, measure_project, err));
	PL_TRY(begin_draft(r, err));
	PL_TRY(read_rows(r, PROJECTS, project_columns, -1, add_project, err));
	PL_TRY(read_rows(r, VOTES, has_points(r) ? points_columns : vote_columns, r->n_votes,
	                 add_vote, err));
	if (pl_election_finish(out, r->draft, &told) != PL_OK)
		return place(r, r->part[PROJECTS].line, &told, err);
	return PL_OK;
}

pl_status pl_pabulib_read(pl_election **out, const void *bytes, size_t n, const char *shown,
                          pl_error *err)
{
	*out = NULL;
	reader r = {.shown = shown};
	const pl_status status = read_all(out, &r, bytes, n, err);
	pl_election_drop(r.draft);
	pl_arena_clear(&r.text);
	pl_names_clear(&r.voters);
	pl_bytes_free(&r.vote);
	pl_bytes_free(&r.points);
	return status;
}

/* ---- writing -------------------------------------------------------------------------------
 */

static bool ranks_in_order(const pl_election *e)
{
	for (int64_t i = 0; e->value != NULL && i < e->n_ballots; i++)
		for (int64_t k = e->start[i]; k < e->start[i + 1]; k++)
			if (e->value[k] != k - e->start[i] + 1) return false;
	return true;
}

/// @return what stands in the way of writing; NULL where nothing does
static const char *unfit(const pl_election *e)
{
	if (e->kind == PL_BALLOT_MOTION) return "motions";
	if (e->budget < 1) return "an election without a budget";
	if (e->kind == PL_BALLOT_RANKED && !ranks_in_order(e))
		return "equal ranks, or ranks left out";
	if (strpbrk(e->title, "\r\n") != NULL) return "a title with a line break";
	for (int32_t i = 0; i < e->n_options; i++) {
		const char *id = pl_text_at(e->option.id, i);
		if (strpbrk(id, ",\r\n") != NULL || *id == '=' || *id == '@')
			return "an id with a comma or a formula";
		const char *name = pl_text_at(e->option.name, i);
		if (*name == '=' || strpbrk(name, "\r\n") != NULL)
			return "a name that is a formula or has a line break";
	}
	return NULL;
}

/// Has every ballot a code of its own that the file can hold? Otherwise they are numbered.
static pl_status find_codes(bool *coded, const pl_election *e, pl_error *err)
{
	pl_names codes = {0};
	pl_status status = PL_OK;
	*coded = e->name != NULL;
	for (int64_t i = 0; *coded && i < e->n_ballots; i++) {
		const char *code = e->names + e->name[i];
		*coded = e->name[i] > 0 && strpbrk(code, "\r\n") == NULL &&
		         named(code, strlen(code)) == SECTIONS &&
		         pl_names_find(&codes, code) < 0;
		if (!*coded) break;
		if (!pl_names_reserve(&codes, code)) {
			status = pl_fail(err, PL_ENOMEM, -1, "no memory to write the votes");
			break;
		}
		(void)pl_names_put(&codes, code);
	}
	pl_names_clear(&codes);
	return status;
}

static void put_money(FILE *to, const pl_election *e, int64_t x)
{
	int64_t unit = 1;
	for (int32_t i = 0; i < e->decimals; i++) unit *= 10;
	(void)fprintf(to, "%" PRId64, x / unit);
	if (x % unit != 0) (void)fprintf(to, ".%0*" PRId64, (int)e->decimals, x % unit);
}

static void write_meta(FILE *to, const pl_election *e)
{
	static const char *const type[PL_BALLOT_KINDS] = {"approval", "scoring", "ordinal", ""};
	(void)fputs("META\nkey;value\ndescription;", to);
	pl_csv_put(to, e->title);
	(void)fprintf(to, "\nnum_projects;%" PRId32 "\nnum_votes;%" PRId64 "\nbudget;",
	              e->n_options, e->n_ballots);
	put_money(to, e, e->budget);
	(void)fprintf(to, "\nvote_type;%s\n", type[e->kind]);
	if (e->longest > 0) (void)fprintf(to, "max_length;%" PRId32 "\n", e->longest);
}

static void write_projects(FILE *to, const pl_election *e)
{
	bool known = false;
	for (int32_t i = 0; i < e->n_options; i++) known = known || e->option.recorded[i] >= 0;
	(void)fprintf(to, "PROJECTS\nproject_id;cost;name%s\n", known ? ";selected" : "");
	for (int32_t i = 0; i < e->n_options; i++) {
		pl_csv_put(to, pl_text_at(e->option.id, i));
		(void)putc(';', to);
		put_money(to, e, e->option.cost[i]);
		(void)putc(';', to);
		pl_csv_put(to, pl_text_at(e->option.name, i));
		if (known) (void)putc(';', to);
		if (e->option.recorded[i] >= 0) (void)fprintf(to, "%d", e->option.recorded[i]);
		(void)putc('\n', to);
	}
}

/// An id within quotes.
static void put_quoted(FILE *to, const char *id)
{
	for (; *id != '\0'; id++) {
		if (*id == '"') (void)putc('"', to);
		(void)putc(*id, to);
	}
}

/// The ids of a ballot in one cell.
static void write_ids(FILE *to, const pl_election *e, int64_t ballot)
{
	bool quoted = false;
	for (int64_t k = e->start[ballot]; k < e->start[ballot + 1]; k++)
		quoted = quoted || strpbrk(pl_text_at(e->option.id, e->marked[k]), ";\t\"");
	if (quoted) (void)putc('"', to);
	for (int64_t k = e->start[ballot]; k < e->start[ballot + 1]; k++) {
		if (k > e->start[ballot]) (void)putc(',', to);
		const char *id = pl_text_at(e->option.id, e->marked[k]);
		if (quoted)
			put_quoted(to, id);
		else
			(void)fputs(id, to);
	}
	if (quoted) (void)putc('"', to);
}

static void write_points(FILE *to, const pl_election *e, int64_t ballot)
{
	for (int64_t k = e->start[ballot]; k < e->start[ballot + 1]; k++)
		(void)fprintf(to, "%s%" PRId32, k > e->start[ballot] ? "," : "", e->value[k]);
}

static void write_votes(FILE *to, const pl_election *e, bool coded)
{
	const bool points = e->kind == PL_BALLOT_SCORE;
	(void)fprintf(to, "VOTES\nvoter_id;vote%s%s\n", points ? ";points" : "",
	              e->weight != NULL ? ";weight" : "");
	for (int64_t i = 0; i < e->n_ballots; i++) {
		if (coded)
			pl_csv_put(to, e->names + e->name[i]);
		else
			(void)fprintf(to, "%" PRId64, i + 1);
		(void)putc(';', to);
		write_ids(to, e, i);
		if (points) {
			(void)putc(';', to);
			write_points(to, e, i);
		}
		if (e->weight != NULL) (void)fprintf(to, ";%" PRId64, e->weight[i]);
		(void)putc('\n', to);
	}
}

pl_status pl_pabulib_write(FILE *to, const pl_election *e, pl_error *err)
{
	const char *what = unfit(e);
	if (what != NULL)
		return pl_fail(err, PL_EARG, -1, "a Pabulib file cannot hold %s", what);
	bool coded;
	PL_TRY(find_codes(&coded, e, err));
	write_meta(to, e);
	write_projects(to, e);
	write_votes(to, e, coded);
	return PL_OK;
}
