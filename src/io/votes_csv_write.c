/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* votes_csv_write.c - an election as a spreadsheet that no program runs anything of: text that
 * begins as a formula gets an apostrophe before it, which reading takes away again. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/csv.h"
#include "io/votes.h"

#include <inttypes.h>
#include <string.h>

/* ---- what it can hold ----------------------------------------------------------------------
 */

/// Would the text come back as it is?
static pl_status check_text(const char *what, const char *text, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const size_t n = strlen(text);
	const char *wrong = NULL;
	if (n + 2 > PL_CSV_MAX_CELL)
		wrong = "is too long for a cell";
	else if (n > 0 &&
	         (strchr(" \t", text[0]) != NULL || strchr(" \t", text[n - 1]) != NULL))
		wrong = "begins or ends with a space, which a table does not keep";
	else if (pl_utf8_fault(text, (int64_t)n) >= 0 || pl_utf8_control(text, (int64_t)n) >= 0)
		wrong = "holds a control character";
	if (wrong == NULL) return PL_OK;
	return pl_fail(err, PL_EARG, -1, "%s \"%s\" %s", what, pl_text_brief(brief, text),
	               wrong);
}

static pl_status check_options(const pl_election *e, pl_error *err)
{
	int64_t bytes = 0;
	for (int32_t i = 0; i < e->n_options; i++) {
		const char *id = pl_text_at(e->option.id, i);
		PL_TRY(check_text("the option", id, err));
		PL_TRY(check_text("the name", pl_text_at(e->option.name, i), err));
		if (pl_word_is(id, "ballot") || pl_word_is(id, "weight"))
			return pl_fail(err, PL_EARG, -1,
			               "an option of a table cannot be called \"%s\"", id);
		bytes += (int64_t)strlen(id) + 4;
	}
	if (e->n_options > PL_CSV_MAX_COLUMNS - 2 || bytes > PL_CSV_MAX_HEADER - 32)
		return pl_fail(err, PL_EARG, -1, "%" PRId32 " options are too many for a table",
		               e->n_options);
	return PL_OK;
}

static const char *code_of(const pl_election *e, int64_t ballot)
{
	return e->name == NULL ? "" : e->names + e->name[ballot];
}

static pl_status check_codes(const pl_election *e, pl_error *err)
{
	pl_names codes = {0};
	pl_status status = PL_OK;
	char brief[PL_BRIEF_CHARS];
	for (int64_t b = 0; b < e->n_ballots && status == PL_OK && e->name != NULL; b++) {
		const char *code = code_of(e, b);
		if (*code == '\0') continue;
		status = check_text("the code", code, err);
		if (status == PL_OK && pl_names_find(&codes, code) >= 0)
			status = pl_fail(err, PL_EARG, -1, "two ballots have the code \"%s\"",
			                 pl_text_brief(brief, code));
		if (status == PL_OK && !pl_names_reserve(&codes, code))
			status = pl_fail(err, PL_ENOMEM, -1, "no memory to write a table");
		if (status == PL_OK) (void)pl_names_put(&codes, code);
	}
	pl_names_clear(&codes);
	return status;
}

pl_status pl_votes_csv_check(const pl_election *e, pl_votes_format format, bool anyway,
                             pl_error *err)
{
	(void)format;
	(void)anyway;
	if (e->n_ballots == 0)
		return pl_fail(err, PL_EARG, -1, "a table needs a ballot, and there is none");
	if (e->budget == 0) return pl_fail(err, PL_EARG, -1, "a table holds no budget of 0");
	PL_TRY(check_text("the title", e->title, err));
	PL_TRY(check_options(e, err));
	return check_codes(e, err);
}

/* ---- rows ----------------------------------------------------------------------------------
 */

/// A row being written.
typedef struct {
	FILE *to;
	char delimiter;
	bool begun;
} row;

static void next(row *r)
{
	if (r->begun) (void)putc_unlocked(r->delimiter, r->to);
	r->begun = true;
}

static void put_bare(row *r, const char *cell)
{
	next(r);
	pl_csv_put_bare(r->to, cell);
}

static void put_text(row *r, const char *text)
{
	char safe[PL_CSV_MAX_CELL];
	next(r);
	if (*text == '\0' || strchr("=+-@'#", *text) == NULL) {
		pl_csv_put(r->to, text);
		return;
	}
	(void)snprintf(safe, sizeof safe, "'%s", text);
	pl_csv_put(r->to, safe);
}

static void put_whole(row *r, int64_t x)
{
	char text[24];
	(void)snprintf(text, sizeof text, "%" PRId64, x);
	put_bare(r, text);
}

static void end(row *r)
{
	(void)putc_unlocked('\n', r->to);
	r->begun = false;
}

/// A fact of the whole.
static void put_fact(row *r, const char *fact, const char *value)
{
	put_bare(r, fact);
	put_text(r, value);
	end(r);
}

/// The same of a number.
static void put_number(row *r, const char *fact, int64_t x)
{
	put_bare(r, fact);
	put_whole(r, x);
	end(r);
}

/* ---- facts ---------------------------------------------------------------------------------
 */

static void put_facts(row *r, const pl_election *e)
{
	char text[PL_MONEY_CHARS];
	if (*e->title != '\0') put_fact(r, "#title", e->title);
	put_fact(r, "#kind", pl_ballot_name((int)e->kind));
	if (e->budget > 0) put_fact(r, "#budget", pl_money_print(text, e->budget, e->decimals));
	if (e->eligible >= 0) put_number(r, "#eligible", e->eligible);
	if (e->kind == PL_BALLOT_RANKED && e->longest > 0)
		put_number(r, "#longest", e->longest);
}

static void begin_each(row *r, const char *fact, bool weighed)
{
	put_bare(r, fact);
	if (weighed) put_bare(r, "");
}

static bool has_names(const pl_election *e)
{
	for (int32_t i = 0; i < e->n_options; i++)
		if (strcmp(pl_text_at(e->option.id, i), pl_text_at(e->option.name, i)) != 0)
			return true;
	return false;
}

static void put_names(row *r, const pl_election *e, bool weighed)
{
	if (!has_names(e)) return;
	begin_each(r, "#name", weighed);
	for (int32_t i = 0; i < e->n_options; i++) {
		const char *name = pl_text_at(e->option.name, i);
		put_text(r, strcmp(name, pl_text_at(e->option.id, i)) == 0 ? "" : name);
	}
	end(r);
}

static void put_costs(row *r, const pl_election *e, bool weighed)
{
	char text[PL_MONEY_CHARS];
	bool any = e->budget >= 0 || e->decimals > 0;
	for (int32_t i = 0; i < e->n_options; i++) any = any || e->option.cost[i] > 0;
	if (!any) return;
	begin_each(r, "#cost", weighed);
	for (int32_t i = 0; i < e->n_options; i++)
		put_bare(r, pl_money_print(text, e->option.cost[i], e->decimals));
	end(r);
}

static void put_recorded(row *r, const pl_election *e, bool weighed)
{
	bool any = false;
	for (int32_t i = 0; i < e->n_options; i++) any = any || e->option.recorded[i] >= 0;
	if (!any) return;
	begin_each(r, "#recorded", weighed);
	for (int32_t i = 0; i < e->n_options; i++) {
		const int8_t won = e->option.recorded[i];
		put_bare(r, won < 0 ? "" : won > 0 ? "1" : "0");
	}
	end(r);
}

/* ---- ballots -------------------------------------------------------------------------------
 */

static void put_ballot(row *r, const pl_election *e, int64_t b, bool weighed, int64_t *mark_at)
{
	for (int64_t k = e->start[b]; k < e->start[b + 1]; k++) mark_at[e->marked[k]] = k;
	put_text(r, code_of(e, b));
	if (weighed) put_whole(r, e->weight == NULL ? 1 : e->weight[b]);
	for (int32_t i = 0; i < e->n_options; i++) {
		const int64_t k = mark_at[i];
		if (k < e->start[b] || k >= e->start[b + 1] || e->marked[k] != i)
			put_bare(r, "");
		else if (e->kind == PL_BALLOT_MOTION)
			put_bare(r, pl_mark_name(e->value[k]));
		else if (e->value != NULL)
			put_whole(r, e->value[k]);
		else
			put_whole(r, e->kind == PL_BALLOT_RANKED ? k - e->start[b] + 1 : 1);
	}
	end(r);
}

/// Is there a column of weights? A ballot without mark and code needs it, to be a row with
/// text.
static bool is_weighed(const pl_election *e)
{
	bool needed = e->weight != NULL;
	for (int64_t b = 0; b < e->n_ballots && !needed; b++)
		needed = e->start[b] == e->start[b + 1] && *code_of(e, b) == '\0';
	return needed;
}

pl_status pl_votes_csv_write(FILE *to, const pl_election *e, pl_votes_format format,
                             pl_error *err)
{
	row r = {to, format == PL_VOTES_TSV ? '\t' : ',', false};
	const bool weighed = is_weighed(e);
	int64_t *mark_at = pl_alloc(e->n_options, sizeof *mark_at);
	if (mark_at == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to write a table");
	put_bare(&r, "ballot");
	if (weighed) put_bare(&r, "weight");
	for (int32_t i = 0; i < e->n_options; i++) put_text(&r, pl_text_at(e->option.id, i));
	end(&r);
	put_facts(&r, e);
	put_names(&r, e, weighed);
	put_costs(&r, e, weighed);
	put_recorded(&r, e, weighed);
	for (int64_t b = 0; b < e->n_ballots; b++) put_ballot(&r, e, b, weighed, mark_at);
	pl_free(mark_at);
	return PL_OK;
}
