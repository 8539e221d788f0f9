/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* votes_csv.c - an election as a spreadsheet: a row a ballot, a column an option. Rows of facts
 * (#name, #cost ...) stand above the ballots. Where neither the file nor the caller says what
 * the marks mean, the table is read once more than it is counted, to recognise them. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/csv.h"
#include "io/lines.h"
#include "io/votes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { POINTS_MOST = 1000000000 };

/// What can be said above the ballots: of each option, then of the whole.
typedef enum {
	F_NAME,
	F_COST,
	F_RECORDED,
	F_EACH, ///< facts of each option are those before
	F_KIND = F_EACH,
	F_BUDGET,
	F_ELIGIBLE,
	F_LONGEST,
	F_TITLE,
	FACTS
} fact;
static const char *const fact_names[FACTS] = {"#name",   "#cost",     "#recorded", "#kind",
                                              "#budget", "#eligible", "#longest",  "#title"};

static const char *fact_name(int f)
{
	return f >= 0 && f < FACTS ? fact_names[f] : NULL;
}

/// A table being read.
typedef struct {
	const pl_votes_from *from;
	const pl_votes_wish *wish;
	pl_csv *csv;
	pl_election_draft *draft; ///< NULL before the first ballot
	int kind;                 ///< -1: not yet known
	int32_t code, weight;     ///< columns, -1: none
	int32_t first, n;         ///< the options' columns
	int64_t fact_line[FACTS]; ///< 0: not given
	pl_arena text;
	int64_t *name; ///< [n] offsets in text
	pl_money *cost;
	int8_t *recorded;
	int64_t title; ///< offset in text
	pl_money budget;
	int64_t eligible, longest;
	pl_names codes;
	pl_lines code_line;
} reader;

static pl_status no_memory(const reader *r, pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory to read %s", r->from->shown);
}

/// A fault of the row: "FILE:LINE: ".
#define FAULT(r, err, ...) fault_at(r, err, pl_csv_line((r)->csv), __VA_ARGS__)
__attribute__((format(printf, 4, 5))) static pl_status
fault_at(const reader *r, pl_error *err, int64_t line, const char *fmt, ...)
{
	char what[400];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	return pl_fail(err, PL_EPARSE, line, "%s:%lld: %s", r->from->shown, (long long)line,
	               what);
}

/* ---- text ----------------------------------------------------------------------------------
 */

/// Take a text that a spreadsheet would not run. An apostrophe before = + - @ ' or # says that
/// what follows is meant as text, and is no part of it.
static pl_status safe_text(const char **out, const reader *r, const char *what,
                           const char *cell, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	if (*cell != '\0' && strchr("=+-@", *cell) != NULL)
		return FAULT(
		        r, err,
		        "%s \"%s\" begins as a formula does; write an apostrophe before it "
		        "where it is meant as text",
		        what, pl_text_brief(brief, cell));
	if (pl_utf8_control(cell, (int64_t)strlen(cell)) >= 0)
		return FAULT(r, err, "%s holds a control character or a line end", what);
	*out = *cell == '\'' && cell[1] != '\0' && strchr("=+-@'#", cell[1]) != NULL ? cell + 1
	                                                                             : cell;
	return PL_OK;
}

static const char *option_id(const reader *r, int32_t i)
{
	const char *name = pl_csv_name(r->csv, r->first + i);
	return name[0] == '\'' && name[1] != '\0' && strchr("=+-@'#", name[1]) != NULL
	               ? name + 1
	               : name;
}

/* ---- columns -------------------------------------------------------------------------------
 */

static pl_status check_ids(const reader *r, pl_error *err)
{
	const char *id = "";
	for (int32_t i = 0; i < r->n; i++) {
		const char *name = pl_csv_name(r->csv, r->first + i);
		PL_TRY(safe_text(&id, r, "the option", name, err));
		if (pl_word_is(name, "ballot") || pl_word_is(name, "weight"))
			return fault_at(r, err, 1,
			                "the column \"%s\" stands before the options, ballot "
			                "first",
			                name);
	}
	return PL_OK;
}

static pl_status find_columns(reader *r, pl_error *err)
{
	const int32_t all = pl_csv_columns(r->csv);
	const char *head = pl_csv_name(r->csv, 0);
	r->code = r->weight = -1;
	if (*head == '\0' || pl_word_is(head, "ballot")) r->code = r->first++;
	if (r->first < all && pl_word_is(pl_csv_name(r->csv, r->first), "weight"))
		r->weight = r->first++;
	r->n = all - r->first;
	if (r->n == 0)
		return fault_at(r, err, 1,
		                "there is no column of an option; each has one, headed "
		                "by its id");
	r->name = pl_alloc(r->n, sizeof *r->name);
	r->cost = pl_alloc(r->n, sizeof *r->cost);
	r->recorded = pl_alloc(r->n, sizeof *r->recorded);
	if (r->name == NULL || r->cost == NULL || r->recorded == NULL ||
	    !pl_arena_reserve(&r->text, 1))
		return no_memory(r, err);
	memset(r->recorded, -1, (size_t)r->n);
	return check_ids(r, err);
}

/* ---- facts ---------------------------------------------------------------------------------
 */

/// Digits as the table's decimal mark allows them. @return PL_OK, PL_EPARSE
static pl_status money(pl_money *out, const reader *r, int32_t column, pl_error *err)
{
	double x;
	char brief[PL_BRIEF_CHARS];
	const char *cell = pl_csv_cell(r->csv, column), *wrong = pl_money_read(out, cell);
	if (wrong == NULL) return pl_csv_number(&x, r->csv, column, err);
	return FAULT(r, err, "\"%s\" %s", pl_text_brief(brief, cell), wrong);
}

static pl_status keep_text(int64_t *out, reader *r, const char *what, const char *cell,
                           pl_error *err)
{
	const char *text = "";
	PL_TRY(safe_text(&text, r, what, cell, err));
	if (!pl_arena_reserve(&r->text, pl_arena_cost(text))) return no_memory(r, err);
	*out = pl_arena_put(&r->text, text);
	return PL_OK;
}

/// One cell of a fact that each option has.
static pl_status fact_of_option(reader *r, fact f, int32_t i, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const char *cell = pl_csv_cell(r->csv, r->first + i);
	if (*cell == '\0') return PL_OK;
	if (f == F_NAME) return keep_text(&r->name[i], r, "the name", cell, err);
	if (f == F_COST) return money(&r->cost[i], r, r->first + i, err);
	if (strcmp(cell, "0") != 0 && strcmp(cell, "1") != 0)
		return FAULT(r, err,
		             "#recorded is 1 where the option won and 0 where it did not, not "
		             "\"%s\"",
		             pl_text_brief(brief, cell));
	r->recorded[i] = *cell == '1';
	return PL_OK;
}

/// The one cell behind the first that is not empty. @return its column, -1 after a fault
static int32_t only_value(const reader *r, fact f, pl_error *err)
{
	int32_t at = -1;
	for (int32_t c = 1; c < pl_csv_columns(r->csv); c++) {
		if (*pl_csv_cell(r->csv, c) == '\0') continue;
		if (at >= 0) {
			(void)FAULT(r, err, "%s has one value", fact_names[f]);
			return -1;
		}
		at = c;
	}
	if (at < 0) (void)FAULT(r, err, "%s needs a value in the next cell", fact_names[f]);
	return at;
}

static pl_status kind_told(reader *r, const char *cell, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const int kind = pl_word_of(cell, pl_ballot_name);
	if (kind < 0)
		return FAULT(r, err, "#kind is approval, score, ranked or motion, not \"%s\"",
		             pl_text_brief(brief, cell));
	if (r->wish->kind >= 0 && r->wish->kind != kind)
		return FAULT(r, err, "the table holds %s ballots, not %s", pl_ballot_name(kind),
		             pl_ballot_name(r->wish->kind));
	r->kind = kind;
	return PL_OK;
}

static pl_status fact_of_all(reader *r, fact f, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const int32_t column = only_value(r, f, err);
	if (column < 0) return PL_EPARSE;
	const char *cell = pl_csv_cell(r->csv, column);
	switch (f) {
	case F_KIND:
		return kind_told(r, cell, err);
	case F_BUDGET:
		PL_TRY(money(&r->budget, r, column, err));
		if (r->budget.digits > 0) return PL_OK;
		return FAULT(r, err,
		             "a budget of 0 pays for nothing; leave the row out where "
		             "there is none");
	case F_ELIGIBLE:
		if (pl_whole_read(&r->eligible, cell, 0, INT64_MAX)) return PL_OK;
		return FAULT(r, err, "#eligible is a whole number, not \"%s\"",
		             pl_text_brief(brief, cell));
	case F_LONGEST:
		if (pl_whole_read(&r->longest, cell, 1, INT32_MAX)) return PL_OK;
		return FAULT(
		        r, err,
		        "#longest, how many options a ballot may rank, is a whole number, not "
		        "\"%s\"",
		        pl_text_brief(brief, cell));
	default:
		return keep_text(&r->title, r, "the title", cell, err);
	}
}

static pl_status no_such_fact(const reader *r, const char *cell, pl_error *err)
{
	pl_near near = {0};
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	for (int f = 0; f < FACTS; f++) pl_near_offer(&near, cell, fact_names[f]);
	return FAULT(r, err,
	             "there is no fact \"%s\"%s; there are #name, #cost, #recorded, #kind, "
	             "#budget, #eligible, #longest, #title",
	             pl_text_brief(brief, cell), pl_near_hint(hint, &near));
}

static pl_status read_fact(reader *r, pl_error *err)
{
	const char *cell = pl_csv_cell(r->csv, 0);
	const int f = pl_word_of(cell, fact_name);
	if (r->first == 0)
		return FAULT(r, err, "facts need a column before the options, headed ballot");
	if (f < 0) return no_such_fact(r, cell, err);
	if (r->draft != NULL) return FAULT(r, err, "%s stands below a ballot", cell);
	if (r->fact_line[f] > 0)
		return FAULT(r, err, "%s stands twice (first in line %lld)", cell,
		             (long long)r->fact_line[f]);
	r->fact_line[f] = pl_csv_line(r->csv);
	if (f >= F_EACH) return fact_of_all(r, (fact)f, err);
	for (int32_t i = 0; i < r->n; i++) PL_TRY(fact_of_option(r, (fact)f, i, err));
	if (r->weight > 0 && *pl_csv_cell(r->csv, r->weight) != '\0')
		return FAULT(r, err,
		             "%s says something of the column weight, which is no option",
		             fact_names[f]);
	return PL_OK;
}

/* ---- what the marks mean -------------------------------------------------------------------
 */

/// Kinds of ballot on which a mark may stand, as bits.
static unsigned kinds_of(const char *cell)
{
	int64_t x;
	if (pl_word_is(cell, "x")) return 1U << PL_BALLOT_APPROVAL;
	if (pl_word_is(cell, "yes") || pl_word_is(cell, "no"))
		return 1U << PL_BALLOT_APPROVAL | 1U << PL_BALLOT_MOTION;
	if (pl_word_is(cell, "abstain") || pl_word_is(cell, "block"))
		return 1U << PL_BALLOT_MOTION;
	if (!pl_whole_read(&x, cell, -POINTS_MOST, POINTS_MOST)) return 0;
	return (x == 0 || x == 1 ? 1U << PL_BALLOT_APPROVAL : 0U) | 1U << PL_BALLOT_SCORE |
	       (x >= 1 ? 1U << PL_BALLOT_RANKED : 0U);
}

/// What all marks of a table have in common.
typedef struct {
	unsigned kinds;
	bool any, no;
} look;

static pl_status look_at_row(look *seen, const reader *r, pl_csv *c, pl_error *err)
{
	char brief[PL_BRIEF_CHARS], option[PL_BRIEF_CHARS];
	for (int32_t i = 0; i < r->n; i++) {
		const char *cell = pl_csv_cell(c, r->first + i);
		if (*cell == '\0') continue;
		const unsigned kinds = kinds_of(cell);
		if (kinds == 0)
			return fault_at(r, err, pl_csv_line(c),
			                "option \"%s\": \"%s\" is no mark: a ballot holds 1 or "
			                "x, points, ranks, or yes, no, abstain, block",
			                pl_text_brief(option, option_id(r, i)),
			                pl_text_brief(brief, cell));
		seen->kinds &= kinds;
		seen->any = true;
		seen->no = seen->no || pl_word_is(cell, "no");
	}
	return PL_OK;
}

/// The kind that all marks are of; -1 where there are several.
static int recognised(const look *seen)
{
	const unsigned approval = 1U << PL_BALLOT_APPROVAL, motion = 1U << PL_BALLOT_MOTION;
	if (!seen->any) return -1;
	if (seen->kinds == motion || (seen->kinds == (motion | approval) && seen->no))
		return PL_BALLOT_MOTION;
	if ((seen->kinds & approval) != 0 && (seen->kinds & motion) == 0)
		return PL_BALLOT_APPROVAL;
	return -1;
}

static pl_status open_table(pl_csv **out, const pl_votes_from *from, pl_error *err)
{
	if (from->bytes != NULL)
		return pl_csv_open_bytes(out, from->bytes, from->n, from->shown, err);
	return pl_csv_open(out, from->path, from->shown, err);
}

static pl_status recognise(reader *r, pl_error *err)
{
	pl_csv *c = NULL;
	look seen = {.kinds = ~0U};
	bool got = true;
	pl_status status = open_table(&c, r->from, err);
	while (status == PL_OK && got) {
		status = pl_csv_next(&got, c, err);
		if (status == PL_OK && got && *pl_csv_cell(c, 0) != '#')
			status = look_at_row(&seen, r, c, err);
	}
	pl_csv_close(c);
	if (status != PL_OK) return status;
	r->kind = recognised(&seen);
	if (r->kind >= 0) return PL_OK;
	return pl_fail(err, PL_EPARSE, -1,
	               "%s: what the marks mean cannot be told from them alone; say --kind "
	               "approval, score, ranked or motion, or begin the table with a row #kind",
	               r->from->shown);
}

/* ---- options -------------------------------------------------------------------------------
 */

static int32_t decimals_of(const reader *r)
{
	int32_t most = r->budget.decimals;
	for (int32_t i = 0; i < r->n; i++)
		if (r->cost[i].decimals > most) most = r->cost[i].decimals;
	return most;
}

static pl_status add_options(reader *r, int32_t decimals, pl_error *err)
{
	pl_error why;
	int64_t cost;
	char brief[PL_BRIEF_CHARS];
	for (int32_t i = 0; i < r->n; i++) {
		const char *id = option_id(r, i), *name = r->text.bytes + r->name[i];
		if (!pl_money_scale(&cost, r->cost[i], decimals))
			return fault_at(r, err, r->fact_line[F_COST],
			                "the cost of \"%s\" is too large",
			                pl_text_brief(brief, id));
		const pl_status s =
		        pl_election_option(r->draft, id, name, cost, r->recorded[i], &why);
		if (s != PL_OK) return pl_votes_refused(err, s, r->from->shown, 1, &why);
	}
	return PL_OK;
}

/// All facts are known: begin the election.
static pl_status begin(reader *r, pl_error *err)
{
	pl_error why;
	int64_t budget = -1;
	const int32_t decimals = decimals_of(r);
	if (r->kind < 0) PL_TRY(recognise(r, err));
	if (r->fact_line[F_BUDGET] > 0 && !pl_money_scale(&budget, r->budget, decimals))
		return fault_at(r, err, r->fact_line[F_BUDGET], "the budget is too large");
	PL_TRY(pl_election_begin(&r->draft, (pl_ballot_kind)r->kind, err));
	PL_TRY(pl_election_title(r->draft, r->text.bytes + r->title, err));
	pl_status s = pl_election_money(r->draft, decimals, budget, &why);
	if (s == PL_OK && r->fact_line[F_ELIGIBLE] > 0)
		s = pl_election_eligible(r->draft, r->eligible, &why);
	if (s == PL_OK && r->fact_line[F_LONGEST] > 0)
		s = pl_election_longest(r->draft, (int32_t)r->longest, &why);
	if (s != PL_OK) return pl_votes_refused(err, s, r->from->shown, 1, &why);
	return add_options(r, decimals, err);
}

/* ---- ballots -------------------------------------------------------------------------------
 */

/// Value of a mark. @return -1: nothing is marked; 0: it is no mark of this kind; 1: a mark
static int mark_of(int32_t *value, int kind, const char *cell)
{
	int64_t x;
	if (kind == PL_BALLOT_APPROVAL) {
		*value = 1;
		if (cell[0] == '1' && cell[1] == '\0') return 1;
		if (pl_word_is(cell, "x") || pl_word_is(cell, "yes")) return 1;
		return pl_word_is(cell, "0") || pl_word_is(cell, "no") ? -1 : 0;
	}
	if (kind == PL_BALLOT_MOTION) {
		*value = pl_word_of(cell, pl_mark_name);
		return *value >= 0;
	}
	if (!pl_whole_read(&x, cell, kind == PL_BALLOT_RANKED ? 1 : -POINTS_MOST, POINTS_MOST))
		return 0;
	*value = (int32_t)x;
	return 1;
}

static pl_status no_mark(const reader *r, int32_t i, const char *cell, pl_error *err)
{
	static const char *const wanted[PL_BALLOT_KINDS] = {
	        [PL_BALLOT_APPROVAL] = "1, x or yes where it is chosen, else nothing",
	        [PL_BALLOT_SCORE] = "whole points, at most 10^9",
	        [PL_BALLOT_RANKED] = "a rank: 1 for the best, then 2, 3",
	        [PL_BALLOT_MOTION] = "yes, no, abstain or block"};
	char brief[PL_BRIEF_CHARS], option[PL_BRIEF_CHARS];
	const bool formula = strchr("=+@", *cell) != NULL;
	return FAULT(r, err, "option \"%s\": \"%s\" is %s; a%s %s ballot holds %s",
	             pl_text_brief(option, option_id(r, i)), pl_text_brief(brief, cell),
	             formula ? "a formula, not a mark" : "no mark",
	             r->kind == PL_BALLOT_APPROVAL ? "n" : "", pl_ballot_name(r->kind),
	             wanted[r->kind]);
}

/// Is the code of this ballot new?
static pl_status note_code(reader *r, const char *code, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const int32_t before = pl_names_find(&r->codes, code);
	if (before >= 0)
		return FAULT(r, err, "ballot \"%s\" stands twice (first in line %lld)",
		             pl_text_brief(brief, code),
		             (long long)pl_lines_at(&r->code_line, before));
	if (!pl_names_reserve(&r->codes, code) ||
	    !pl_lines_add(&r->code_line, pl_csv_line(r->csv)))
		return no_memory(r, err);
	(void)pl_names_put(&r->codes, code);
	return PL_OK;
}

static pl_status begin_ballot(reader *r, pl_error *err)
{
	pl_error why;
	const char *code = "";
	int64_t weight = 1;
	char brief[PL_BRIEF_CHARS];
	if (r->code >= 0)
		PL_TRY(safe_text(&code, r, "the ballot's code", pl_csv_cell(r->csv, r->code),
		                 err));
	const char *cell = r->weight >= 0 ? pl_csv_cell(r->csv, r->weight) : "";
	if (*cell != '\0' && !pl_whole_read(&weight, cell, 1, INT64_MAX))
		return FAULT(
		        r, err,
		        "the weight \"%s\" is no whole number above 0; it says for how many "
		        "equal ballots the row stands",
		        pl_text_brief(brief, cell));
	if (*code != '\0') PL_TRY(note_code(r, code, err));
	const pl_status s = pl_election_ballot(r->draft, code, weight, &why);
	if (s == PL_OK) return PL_OK;
	return pl_votes_refused(err, s, r->from->shown, pl_csv_line(r->csv), &why);
}

static pl_status read_ballot(reader *r, pl_error *err)
{
	pl_error why;
	int32_t value = 1;
	if (r->draft == NULL) PL_TRY(begin(r, err));
	PL_TRY(begin_ballot(r, err));
	for (int32_t i = 0; i < r->n; i++) {
		const char *cell = pl_csv_cell(r->csv, r->first + i);
		if (*cell == '\0') continue;
		const int is = mark_of(&value, r->kind, cell);
		if (is == 0) return no_mark(r, i, cell, err);
		if (is < 0) continue;
		const pl_status s = pl_election_mark(r->draft, i, value, &why);
		if (s != PL_OK)
			return pl_votes_refused(err, s, r->from->shown, pl_csv_line(r->csv),
			                        &why);
	}
	return PL_OK;
}

/* ---- the table -----------------------------------------------------------------------------
 */

static pl_status read_rows(pl_election **out, reader *r, pl_error *err)
{
	bool got = true;
	pl_error why;
	PL_TRY(find_columns(r, err));
	for (;;) {
		PL_TRY(pl_csv_next(&got, r->csv, err));
		if (!got) break;
		if (*pl_csv_cell(r->csv, 0) == '#')
			PL_TRY(read_fact(r, err));
		else
			PL_TRY(read_ballot(r, err));
	}
	if (r->draft == NULL && !r->wish->blank)
		return pl_fail(err, PL_EPARSE, -1, "%s: there is no ballot", r->from->shown);
	if (r->draft == NULL && r->kind < 0)
		return pl_fail(
		        err, PL_EPARSE, -1,
		        "%s: there is no ballot, and neither a row #kind nor --kind says "
		        "what ballots will hold",
		        r->from->shown);
	if (r->draft == NULL) PL_TRY(begin(r, err));
	const pl_status s = pl_election_finish(out, r->draft, &why);
	if (s == PL_OK) return PL_OK;
	return pl_fail(err, s == PL_ENOMEM ? s : PL_EPARSE, -1, "%s: %s", r->from->shown,
	               why.msg);
}

pl_status pl_votes_csv_read(pl_election **out, const pl_votes_from *from,
                            const pl_votes_wish *wish, pl_error *err)
{
	reader r = {.from = from, .wish = wish, .kind = wish->kind};
	*out = NULL;
	pl_status status = open_table(&r.csv, from, err);
	if (status == PL_OK) status = read_rows(out, &r, err);
	pl_csv_close(r.csv);
	pl_election_drop(r.draft);
	pl_arena_clear(&r.text);
	pl_free(r.name);
	pl_free(r.cost);
	pl_free(r.recorded);
	pl_names_clear(&r.codes);
	pl_lines_clear(&r.code_line);
	return status;
}
