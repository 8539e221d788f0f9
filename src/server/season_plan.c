/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* season_plan.c - on the page of a season: the adopted plan with what was handed over, and who
 * keeps how much of what was proposed. */
#include "base/alloc.h"
#include "base/error.h"
#include "server/season_page.h"
#include "server/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* ---- the plan ---- */

static void put_line(pl_page *p, const pl_column *columns, const json_t *line)
{
	const int64_t good = pl_page_whole(line, "good"),
	              adopted = pl_page_whole(line, "quantity"),
	              planned = pl_page_whole(line, "now"),
	              delivered = pl_page_whole(line, "delivered");
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, &columns[0]);
	pl_page_put_name(p, PL_NAMES_good, good);
	pl_markup_cell(&p->m, &columns[1]);
	pl_markup_put(&p->m, "%s ", pl_page_text(line, "role"));
	pl_page_put_amount(p, good, planned);
	if (planned != adopted) {
		pl_markup_raw(&p->m, " <small>(adopted: ");
		pl_page_put_amount(p, good, adopted);
		pl_markup_raw(&p->m, ")</small>");
	}
	pl_markup_cell(&p->m, &columns[2]);
	pl_page_put_amount(p, good, delivered);
	if (planned > 0) {
		pl_markup_raw(&p->m, " <small>(");
		pl_page_put_percent(p, (double)delivered / (double)planned);
		pl_markup_raw(&p->m, ")</small>");
	}
	pl_markup_raw(&p->m, "\n");
}

void pl_season_put_plan(const pl_season_view *s)
{
	static const pl_column columns[] = {
	        {"Good", PL_HEADS_ROW}, {"Planned", PL_IS_TEXT}, {"Handed over", PL_IS_TEXT}};
	pl_page *p = s->p;
	const json_t *lines =
	        json_object_get(pl_page_view(p, "/seasons/%" PRId64 "/plan", s->id), "lines");
	size_t i;
	json_t *line;
	int64_t council = 0;
	pl_markup_put(&p->m,
	              "<h2 id=\"plan\">The plan</h2>\n<p>The fingerprint of the plan is "
	              "<code>%s</code>.</p>\n",
	              pl_page_text(s->row, "digest"));
	json_array_foreach(lines, i, line)
	{
		const int64_t of = pl_page_whole(line, "council");
		if (of != council) {
			const char *name = pl_page_name(p, PL_NAMES_council, of);
			if (council > 0)
				pl_markup_raw(&p->m, "</tbody>\n</table>\n</details>\n");
			pl_markup_put(&p->m, "<details%s>\n<summary><bdi>%s</bdi></summary>\n",
			              pl_page_is_member(p, of) ? " open" : "", name);
			pl_markup_table(&p->m, name, columns, 3);
		}
		council = of;
		put_line(p, columns, line);
	}
	if (council > 0) pl_markup_raw(&p->m, "</tbody>\n</table>\n</details>\n");
}

/* ---- who keeps how much ---- */

/// What a council keeps of its proposal.
typedef struct {
	int64_t council;
	double proposed, kept; ///< credits, 0..1
} keeping;

static int by_kept(const void *a, const void *b)
{
	const keeping *x = a, *y = b;
	if (x->kept != y->kept) return x->kept < y->kept ? -1 : 1;
	return (x->council > y->council) - (x->council < y->council);
}

static keeping *list_keeping(pl_page *p, const json_t *fairness)
{
	pl_error err;
	size_t i;
	json_t *row;
	keeping *list = pl_alloc((int64_t)json_array_size(fairness), sizeof *list);
	if (list == NULL) {
		pl_page_note(p, pl_fail(&err, PL_ENOMEM, -1, "no memory for the page"), &err);
		return NULL;
	}
	json_array_foreach(fairness, i, row)
	{
		list[i] = (keeping){.council = pl_page_whole(row, "council"),
		                    .proposed = pl_page_decimal(row, "proposed"),
		                    .kept = pl_page_decimal(row, "kept")};
	}
	qsort(list, i, sizeof *list, by_kept);
	return list;
}

/// Councils that keep less than all, the least first.
static void put_trimmed(pl_page *p, const json_t *fairness)
{
	static const pl_column columns[] = {{"Council", PL_HEADS_ROW},
	                                    {"Proposed, credits", PL_IS_NUMBER},
	                                    {"Keeps", PL_IS_NUMBER}};
	const size_t n = json_array_size(fairness);
	keeping *list = list_keeping(p, fairness);
	if (list == NULL) return;
	pl_markup_table(&p->m, "Councils that keep less than they proposed, the least first",
	                columns, 3);
	for (size_t i = 0; i < n && list[i].kept < 1; i++) {
		pl_markup_row(&p->m);
		pl_markup_cell(&p->m, &columns[0]);
		pl_page_put_name(p, PL_NAMES_council, list[i].council);
		pl_markup_cell(&p->m, &columns[1]);
		pl_markup_raw(&p->m, pl_amount_credits(p->number, list[i].proposed));
		pl_markup_cell(&p->m, &columns[2]);
		pl_page_put_percent(p, list[i].kept);
		pl_markup_raw(&p->m, "\n");
	}
	pl_markup_table_end(&p->m);
	pl_free(list);
}

void pl_season_put_fairness(const pl_season_view *s)
{
	pl_page *p = s->p;
	const json_t *view = pl_page_view(p, "/seasons/%" PRId64 "/plan", s->id);
	const json_t *fairness = json_object_get(view, "fairness");
	if (json_array_size(fairness) == 0) return;
	pl_markup_put(
	        &p->m,
	        "<h2 id=\"fairness\">Who keeps how much</h2>\n<p>The plan of round %" PRId64
	        " is made of its proposals: %s. ",
	        s->closed, pl_words_of(pl_words_endgames, pl_page_text(s->row, "endgame")));
	if (json_object_get(view, "least_council") == NULL) {
		pl_markup_raw(&p->m, "Nobody's wishes had to be cut.</p>\n");
	} else {
		pl_markup_raw(&p->m, "Of what is wanted ");
		pl_page_put_percent(p, pl_page_decimal(view, "trimmed"));
		pl_markup_raw(&p->m, " by worth is cut; ");
		pl_page_put_name(p, PL_NAMES_council, pl_page_whole(view, "least_council"));
		pl_markup_raw(&p->m, " keeps least, ");
		pl_page_put_percent(p, pl_page_decimal(view, "least_kept"));
		pl_markup_raw(&p->m, ".</p>\n");
	}
	if (pl_page_decimal(view, "least_kept") < 1) put_trimmed(p, fairness);
}
