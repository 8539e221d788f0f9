/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* vote_result.c - on the page of a vote that is closed: the count, and every ballot. */
#include "base/alloc.h"
#include "server/vote_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD = 32 };

/* ---- options ---- */

bool pl_vote_is(const pl_vote_view *v, const char *ballots)
{
	return strcmp(v->ballots, ballots) == 0;
}

const char *pl_vote_name(const json_t *option)
{
	const char *name = pl_page_text(option, "name");
	return name[0] == '\0' ? pl_page_text(option, "code") : name;
}

void pl_vote_put_cost(const pl_vote_view *v, const json_t *option)
{
	if (pl_page_whole(option, "cost") > 0)
		pl_markup_put(&v->p->m, " <small>%s credits</small>",
		              pl_amount_show(v->p->number, pl_page_whole(option, "cost"), "1"));
}

/* ---- the count ---- */

/// The options in the order of their places; those that have none come last.
static int64_t order_of(const json_t *option)
{
	const int64_t place = pl_page_whole(option, "place");
	return place == 0 ? INT64_MAX : place;
}

static int compare(const void *a, const void *b)
{
	const json_t *const *x = a, *const *y = b;
	const int64_t i = order_of(*x), k = order_of(*y);
	if (i != k) return (i > k) - (i < k);
	const int64_t m = pl_page_whole(*x, "number"), n = pl_page_whole(*y, "number");
	return (m > n) - (m < n);
}

/// The value that a ballot marks an option with, such as "yes". @return false: none
static bool mark_of(char out[FIELD], const char *marks, int64_t option)
{
	while (*marks >= '0' && *marks <= '9') {
		char *end;
		const bool found = strtoll(marks, &end, 10) == option;
		const int n = (int)strcspn(end, " ");
		if (found && n > 0) {
			(void)snprintf(out, FIELD, "%.*s", n - 1, end + 1);
			return true;
		}
		marks = end + n + (end[n] == ' ');
	}
	return false;
}

/// What all ballots together say of an option.
typedef struct {
	int64_t yes, no, abstain, block, marked, points, firsts;
} tally;

static tally add_up(const pl_vote_view *v, int64_t option)
{
	tally t = {0};
	size_t i;
	json_t *ballot;
	json_array_foreach(json_object_get(v->view, "ballots"), i, ballot)
	{
		char mark[FIELD];
		if (!mark_of(mark, pl_page_text(ballot, "marks"), option)) continue;
		t.marked++;
		t.yes += strcmp(mark, "yes") == 0;
		t.no += strcmp(mark, "no") == 0;
		t.abstain += strcmp(mark, "abstain") == 0;
		t.block += strcmp(mark, "block") == 0;
		t.points += strtoll(mark, NULL, 10);
		t.firsts += strcmp(mark, "1") == 0;
	}
	return t;
}

static void put_tally(const pl_vote_view *v, int64_t option)
{
	pl_markup *m = &v->p->m;
	const tally t = add_up(v, option);
	if (pl_vote_is(v, "motion"))
		pl_markup_put(m, "%" PRId64 " yes, %" PRId64 " no, %" PRId64 " abstain", t.yes,
		              t.no, t.abstain);
	else if (pl_vote_is(v, "approval"))
		pl_markup_put(m, "on %" PRId64 " ballots", t.marked);
	else if (pl_vote_is(v, "score"))
		pl_markup_put(m, "%" PRId64 " points on %" PRId64 " ballots", t.points,
		              t.marked);
	else
		pl_markup_put(m, "first on %" PRId64 " ballots, ranked on %" PRId64, t.firsts,
		              t.marked);
	if (t.block > 0) pl_markup_put(m, ", %" PRId64 " block", t.block);
}

static void put_result(const pl_vote_view *v, const pl_column *columns, const json_t *option)
{
	pl_markup *m = &v->p->m;
	const int64_t place = pl_page_whole(option, "place");
	const bool won = pl_page_whole(option, "won") != 0, motion = pl_vote_is(v, "motion");
	pl_markup_row(m);
	pl_markup_cell(m, &columns[0]);
	pl_markup_put(m, "<bdi>%s</bdi>", pl_vote_name(option));
	pl_vote_put_cost(v, option);
	pl_markup_cell(m, &columns[1]);
	if (motion)
		pl_markup_raw(m, won ? "carried" : "not carried");
	else
		pl_markup_raw(m, won ? "won" : "did not win");
	if (!motion && place > 0) pl_markup_put(m, ", place %" PRId64, place);
	pl_markup_cell(m, &columns[2]);
	put_tally(v, pl_page_whole(option, "number"));
	pl_markup_raw(m, "\n");
}

static void put_results(const pl_vote_view *v)
{
	static const pl_column columns[] = {
	        {"Option", PL_HEADS_ROW}, {"Result", PL_IS_TEXT}, {"Ballots", PL_IS_TEXT}};
	const size_t n = json_array_size(v->options);
	const json_t **list = pl_alloc((int64_t)n, sizeof(json_t *));
	pl_markup_raw(&v->p->m, "<h2>The count</h2>\n");
	if (list == NULL) {
		v->p->m.failed = true;
		return;
	}
	for (size_t i = 0; i < n; i++) list[i] = json_array_get(v->options, i);
	qsort(list, n, sizeof(json_t *), compare);
	pl_markup_table(&v->p->m, "The vote is closed", columns, 3);
	for (size_t i = 0; i < n; i++) put_result(v, columns, list[i]);
	pl_markup_table_end(&v->p->m);
	pl_free(list);
}

/// "1=yes 3=no" with the names of the options.
static void put_marks(const pl_vote_view *v, const char *marks)
{
	size_t i;
	json_t *option;
	bool first = true;
	json_array_foreach(v->options, i, option)
	{
		char mark[FIELD];
		if (!mark_of(mark, marks, pl_page_whole(option, "number"))) continue;
		pl_markup_put(&v->p->m, "%s<bdi>%s</bdi>", first ? "" : "; ",
		              pl_vote_name(option));
		if (!pl_vote_is(v, "approval")) pl_markup_put(&v->p->m, ": %s", mark);
		first = false;
	}
}

static void put_ballots(const pl_vote_view *v)
{
	static const pl_column columns[] = {{"Receipt", PL_HEADS_ROW}, {"Marks", PL_IS_TEXT}};
	const json_t *ballots = json_object_get(v->view, "ballots");
	size_t i;
	json_t *row;
	pl_markup_put(
	        &v->p->m,
	        "<p>Find your receipt in the list, to see that your ballot was counted as you "
	        "marked it.</p>\n<details>\n<summary>All %" PRId64 " ballots</summary>\n",
	        (int64_t)json_array_size(ballots));
	pl_markup_table(&v->p->m, "Every ballot, in the order of the receipts", columns, 2);
	json_array_foreach(ballots, i, row)
	{
		pl_markup_row(&v->p->m);
		pl_markup_cell(&v->p->m, &columns[0]);
		pl_markup_put(&v->p->m, "<code>%s</code>", pl_page_text(row, "receipt"));
		pl_markup_cell(&v->p->m, &columns[1]);
		put_marks(v, pl_page_text(row, "marks"));
		pl_markup_raw(&v->p->m, "\n");
	}
	pl_markup_table_end(&v->p->m);
	pl_markup_raw(&v->p->m, "</details>\n");
}

void pl_vote_put_count(const pl_vote_view *v)
{
	put_results(v);
	put_ballots(v);
}
