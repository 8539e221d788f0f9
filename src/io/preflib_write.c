/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* preflib_write.c - an election for PrefLib: equal ballots on one line, in an order that
 * follows from the ballots alone. Its alternatives are numbered; an id that has no name beside
 * it becomes the name. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/votes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- ballots as places ---------------------------------------------------------------------
 */

/// What is written of a ballot: its options in their places, a place for each new value.
typedef struct {
	const pl_election *e;
	int64_t ballot;
} item;

static int32_t value_of(const pl_election *e, int64_t ballot, int64_t k)
{
	if (e->value != NULL) return e->value[k];
	return e->kind == PL_BALLOT_RANKED ? (int32_t)(k - e->start[ballot]) + 1 : 1;
}

/// Do marks k of ballot a and l of ballot b differ in what is written? Ranks count by their
/// order alone.
static int compare_marks(const item *a, int64_t k, const item *b, int64_t l)
{
	const pl_election *e = a->e;
	if (e->marked[k] != e->marked[l]) return e->marked[k] < e->marked[l] ? -1 : 1;
	int32_t x = value_of(e, a->ballot, k), y = value_of(e, b->ballot, l);
	if (e->kind == PL_BALLOT_RANKED && k > e->start[a->ballot]) {
		x = x == value_of(e, a->ballot, k - 1);
		y = y == value_of(e, b->ballot, l - 1);
	} else if (e->kind == PL_BALLOT_RANKED) {
		return 0;
	}
	return x == y ? 0 : x < y ? -1 : 1;
}

static int compare(const void *first, const void *second)
{
	const item *a = first, *b = second;
	const int64_t *start = a->e->start;
	const int64_t n = start[a->ballot + 1] - start[a->ballot],
	              m = start[b->ballot + 1] - start[b->ballot];
	for (int64_t i = 0; i < n && i < m; i++) {
		const int order =
		        compare_marks(a, start[a->ballot] + i, b, start[b->ballot] + i);
		if (order != 0) return order;
	}
	return n == m ? 0 : n < m ? -1 : 1;
}

/// All ballots in order. @return NULL: no memory
static item *sorted_ballots(const pl_election *e)
{
	item *all = pl_alloc(e->n_ballots, sizeof *all);
	if (all == NULL) return NULL;
	for (int64_t b = 0; b < e->n_ballots; b++) all[b] = (item){e, b};
	qsort(all, (size_t)e->n_ballots, sizeof *all, compare);
	return all;
}

/* ---- what it can hold ----------------------------------------------------------------------
 */

static pl_status check_ballot(const pl_election *e, pl_votes_format format, int64_t ballot,
                              pl_error *err)
{
	const int64_t from = e->start[ballot], to = e->start[ballot + 1];
	const char *name = pl_votes_format_name((int)format);
	if (format == PL_VOTES_CAT) return PL_OK;
	if (from == to)
		return pl_fail(err, PL_EARG, -1, "a .%s file holds no ballot without a mark",
		               name);
	if ((format == PL_VOTES_SOC || format == PL_VOTES_TOC) && to - from < e->n_options)
		return pl_fail(err, PL_EARG, -1,
		               "a ballot leaves options out, and a .%s file holds whole orders "
		               "alone; .%s is for others",
		               name, format == PL_VOTES_SOC ? "soi" : "toi");
	for (int64_t k = from + 1; k < to && (format == PL_VOTES_SOC || format == PL_VOTES_SOI);
	     k++)
		if (value_of(e, ballot, k) == value_of(e, ballot, k - 1))
			return pl_fail(
			        err, PL_EARG, -1,
			        "a ballot has equal ranks, and a .%s file holds none; .%s "
			        "does",
			        name, format == PL_VOTES_SOC ? "toc" : "toi");
	return PL_OK;
}

static bool is_number(const char *id, int32_t number)
{
	char text[16];
	(void)snprintf(text, sizeof text, "%" PRId32, number);
	return strcmp(id, text) == 0;
}

/// What PrefLib has no place for, or NULL. Costs and budgets decide who wins; the others do
/// not.
static const char *lost(bool *decides, const pl_election *e)
{
	bool costs = e->budget >= 0, ids = false, recorded = false, codes = false;
	for (int32_t i = 0; i < e->n_options; i++) {
		const char *id = pl_text_at(e->option.id, i),
		           *name = pl_text_at(e->option.name, i);
		costs = costs || e->option.cost[i] > 0;
		recorded = recorded || e->option.recorded[i] >= 0;
		ids = ids || (strcmp(id, name) != 0 && !is_number(id, i + 1));
	}
	for (int64_t b = 0; b < e->n_ballots && e->name != NULL && !codes; b++)
		codes = e->names[e->name[b]] != '\0';
	*decides = costs;
	return costs              ? "costs and budgets"
	       : e->eligible >= 0 ? "the number of those eligible"
	       : codes            ? "codes of ballots"
	       : recorded         ? "recorded winners"
	       : ids              ? "ids of options besides their names"
	                          : NULL;
}

static pl_status check_line(const char *text, pl_error *err)
{
	const size_t n = strlen(text);
	char brief[PL_BRIEF_CHARS];
	const bool blanks = n > 0 && (text[0] == ' ' || text[n - 1] == ' ');
	if (!blanks && pl_utf8_fault(text, (int64_t)n) < 0 &&
	    pl_utf8_control(text, (int64_t)n) < 0)
		return PL_OK;
	return pl_fail(
	        err, PL_EARG, -1,
	        "\"%s\" holds a control character, or a space at an end, which no PrefLib "
	        "file keeps",
	        pl_text_brief(brief, text));
}

pl_status pl_preflib_check(const pl_election *e, pl_votes_format format, bool anyway,
                           pl_error *err)
{
	bool decides;
	const char *what = lost(&decides, e);
	const bool ranked = e->kind == PL_BALLOT_RANKED, cat = format == PL_VOTES_CAT;
	if (e->kind == PL_BALLOT_SCORE || ranked == cat)
		return pl_fail(err, PL_EARG, -1, "a .%s file does not hold %s ballots; %s",
		               pl_votes_format_name((int)format), pl_ballot_name((int)e->kind),
		               ranked                       ? ".soi and .toi do"
		               : e->kind == PL_BALLOT_SCORE ? ".csv does"
		                                            : ".cat and .csv do");
	if (what != NULL && (decides || !anyway))
		return pl_fail(err, PL_EARG, -1, "a PrefLib file does not hold %s%s", what,
		               decides ? "" : "; --anyway leaves them out");
	if (e->n_ballots == 0)
		return pl_fail(err, PL_EARG, -1, "a PrefLib file needs a ballot");
	PL_TRY(check_line(e->title, err));
	for (int32_t i = 0; i < e->n_options; i++)
		PL_TRY(check_line(pl_text_at(e->option.name, i), err));
	for (int64_t b = 0; b < e->n_ballots; b++) PL_TRY(check_ballot(e, format, b, err));
	return PL_OK;
}

/* ---- lines ---------------------------------------------------------------------------------
 */

static const char *const motion_names[] = {"yes", "no", "abstain", "block"};
static const int32_t motion_marks[] = {PL_MARK_YES, PL_MARK_NO, PL_MARK_ABSTAIN, PL_MARK_BLOCK};
enum { MOTION_CATEGORIES = sizeof motion_marks / sizeof *motion_marks };

static void put_categories(FILE *to, const pl_election *e)
{
	const bool motion = e->kind == PL_BALLOT_MOTION;
	fprintf(to, "# NUMBER CATEGORIES: %d\n", motion ? MOTION_CATEGORIES : 2);
	for (int c = 0; c < MOTION_CATEGORIES && motion; c++)
		fprintf(to, "# CATEGORY NAME %d: %s\n", c + 1, motion_names[c]);
	if (!motion)
		fputs("# CATEGORY NAME 1: Approved\n# CATEGORY NAME 2: Not approved\n", to);
}

static void put_header(FILE *to, const pl_election *e, pl_votes_format format, int64_t orders)
{
	fprintf(to, "# TITLE: %s\n# DATA TYPE: %s\n", e->title,
	        pl_votes_format_name((int)format));
	fprintf(to,
	        "# NUMBER ALTERNATIVES: %" PRId32 "\n# NUMBER VOTERS: %" PRId64
	        "\n# NUMBER UNIQUE ORDERS: %" PRId64 "\n",
	        e->n_options, e->total, orders);
	if (format == PL_VOTES_CAT) put_categories(to, e);
	for (int32_t i = 0; i < e->n_options; i++)
		fprintf(to, "# ALTERNATIVE NAME %" PRId32 ": %s\n", i + 1,
		        pl_text_at(e->option.name, i));
}

static void put_order(FILE *to, const pl_election *e, int64_t ballot)
{
	const int64_t end = e->start[ballot + 1];
	for (int64_t k = e->start[ballot]; k < end;) {
		int64_t last = k;
		while (last + 1 < end &&
		       value_of(e, ballot, last + 1) == value_of(e, ballot, k))
			last++;
		if (k > e->start[ballot]) fputc(',', to);
		if (last > k) fputc('{', to);
		for (int64_t l = k; l <= last; l++)
			fprintf(to, "%s%" PRId32, l > k ? "," : "", e->marked[l] + 1);
		if (last > k) fputc('}', to);
		k = last + 1;
	}
}

/// Options of a ballot with this mark; -1: without one, which for motions is abstaining.
static void put_category(FILE *to, const pl_election *e, int64_t ballot, int32_t mark)
{
	int64_t k = e->start[ballot];
	bool begun = false;
	fputc('{', to);
	for (int32_t i = 0; i < e->n_options; i++) {
		const bool marked = k < e->start[ballot + 1] && e->marked[k] == i;
		int32_t value = e->kind == PL_BALLOT_MOTION ? PL_MARK_ABSTAIN : -1;
		if (marked) value = value_of(e, ballot, k++);
		if (value != mark) continue;
		fprintf(to, "%s%" PRId32, begun ? "," : "", i + 1);
		begun = true;
	}
	fputc('}', to);
}

static void put_ballot(FILE *to, const pl_election *e, int64_t ballot, int64_t count)
{
	fprintf(to, "%" PRId64 ": ", count);
	if (e->kind == PL_BALLOT_RANKED) {
		put_order(to, e, ballot);
	} else if (e->kind == PL_BALLOT_APPROVAL) {
		put_category(to, e, ballot, 1);
		fputc(',', to);
		put_category(to, e, ballot, -1);
	} else {
		for (int c = 0; c < MOTION_CATEGORIES; c++) {
			if (c > 0) fputc(',', to);
			put_category(to, e, ballot, motion_marks[c]);
		}
	}
	fputc('\n', to);
}

static int64_t count_orders(const item *all, int64_t n)
{
	int64_t orders = n > 0;
	for (int64_t b = 1; b < n; b++) orders += compare(&all[b - 1], &all[b]) != 0;
	return orders;
}

pl_status pl_preflib_write(FILE *to, const pl_election *e, pl_votes_format format,
                           pl_error *err)
{
	item *all = sorted_ballots(e);
	if (all == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to write the ballots");
	put_header(to, e, format, count_orders(all, e->n_ballots));
	for (int64_t b = 0; b < e->n_ballots;) {
		int64_t count = 0, first = b;
		for (; b < e->n_ballots && compare(&all[first], &all[b]) == 0; b++)
			count += e->weight == NULL ? 1 : e->weight[all[b].ballot];
		put_ballot(to, e, all[first].ballot, count);
	}
	pl_free(all);
	return PL_OK;
}
