/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_council.c - the page of a council: what it is, who is in it, what it deals in; and in a
 * season what it proposes and hands over. */
#include "server/council_page.h"
#include "server/suspend_page.h"
#include "server/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* ---- who ---- */

static void put_members(pl_page *p, const json_t *view)
{
	const json_t *members = json_object_get(view, "members");
	size_t i;
	json_t *row;
	pl_markup_put(&p->m, "<details>\n<summary>Members: %" PRId64 "</summary>\n<ul>\n",
	              (int64_t)json_array_size(members));
	json_array_foreach(members, i, row)
	{
		pl_markup_raw(&p->m, "<li>");
		pl_page_put_name(p, PL_NAMES_person, pl_page_whole(row, "person"));
		pl_markup_raw(&p->m, "\n");
	}
	pl_markup_raw(&p->m, "</ul>\n</details>\n");
}

static void put_tasks(pl_page *p, const json_t *view)
{
	size_t i;
	json_t *row;
	pl_markup_raw(&p->m, "<ul>\n");
	json_array_foreach(json_object_get(view, "tasks"), i, row)
	{
		pl_markup_raw(&p->m, "<li>");
		pl_page_put_name(p, PL_NAMES_person, pl_page_whole(row, "person"));
		pl_markup_put(&p->m, " is %s until ",
		              pl_words_of(pl_words_tasks, pl_page_text(row, "role")));
		pl_page_put_time(p, pl_page_whole(row, "until"), true);
		pl_markup_raw(&p->m, "\n");
	}
	pl_markup_raw(&p->m, "</ul>\n");
}

static void put_suspension(pl_page *p, const json_t *view)
{
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(view, "suspensions"), i, row)
	{
		const int64_t vote = pl_page_whole(row, "vote");
		pl_markup_put(&p->m,
		              "<p class=\"flag\"><a href=\"%s/votes/%" PRId64 "\">Vote %" PRId64
		              "</a> suspended it until ",
		              p->m.base, vote, vote);
		pl_page_put_time(p, pl_page_whole(row, "until"), true);
		pl_markup_put(&p->m,
		              ": its proposals do not count, and it gets no deliveries. "
		              "<bdi>%s</bdi></p>\n",
		              pl_page_text(row, "reason"));
	}
}

static void put_what_it_is(pl_page *p, const json_t *view)
{
	const json_t *council = json_object_get(view, "council");
	const int64_t community = pl_page_whole(council, "community"),
	              income = pl_page_whole(council, "income");
	pl_markup_put(&p->m, "<p>It is %s",
	              pl_words_of(pl_words_councils, pl_page_text(council, "kind")));
	if (community > 0) {
		const json_t *row =
		        json_array_get(pl_page_rows(p, "community/%" PRId64, community), 0);
		const char *name = pl_page_text(row, "name");
		pl_markup_put(&p->m, " in <bdi>%s</bdi>",
		              name[0] == '\0' ? pl_page_text(row, "code") : name);
	}
	pl_markup_raw(&p->m, ".");
	if (income > 0)
		pl_markup_put(&p->m, " Its means are %s credits.",
		              pl_amount_credits(p->number, (double)income * 1e-6));
	pl_markup_raw(&p->m, "</p>\n");
	put_suspension(p, view);
	pl_suspend_put_wish(p, pl_page_whole(council, "id"),
	                    json_array_size(json_object_get(view, "suspensions")) > 0);
	put_tasks(p, view);
	put_members(p, view);
	pl_markup_put(&p->m,
	              "<p><a href=\"%s/councils/%" PRId64
	              "/members\">Its people</a>: join, leave, recall a delegate. "
	              "<a href=\"%s/councils/%" PRId64 "/work\">Work by the hour</a></p>\n",
	              p->m.base, pl_page_whole(council, "id"), p->m.base,
	              pl_page_whole(council, "id"));
}

/* ---- what it deals in ---- */

double pl_council_price(pl_page *p, int64_t season, int64_t round, int64_t good)
{
	const json_t *row = json_array_get(
	        pl_page_rows(p, "price/%" PRId64 "/%" PRId64 "/%" PRId64, season, round, good),
	        0);
	return pl_page_decimal(row, "price");
}

static void put_line(const pl_council_view *c, const pl_column *columns, const json_t *line)
{
	pl_page *p = c->p;
	const int64_t good = pl_page_whole(line, "good");
	const json_t *row = pl_page_named(p, PL_NAMES_good, good);
	double price = c->round > 0 ? pl_council_price(p, c->season, c->round, good) : NAN;
	if (isnan(price)) price = pl_page_decimal(row, "price");
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, &columns[0]);
	pl_markup_put(&p->m, "<a href=\"%s/goods/%" PRId64 "\"><bdi>%s</bdi></a>", p->m.base,
	              good, pl_page_name(p, PL_NAMES_good, good));
	if (!pl_page_is(row, "banned", ""))
		pl_markup_put(&p->m, " <span class=\"flag\">prohibited: <bdi>%s</bdi></span>",
		              pl_page_text(row, "banned"));
	pl_markup_cell(&p->m, &columns[1]);
	pl_markup_put(&p->m, "%s", pl_page_text(line, "role"));
	pl_markup_cell(&p->m, &columns[2]);
	pl_markup_put(&p->m, "%s per <bdi>%s</bdi>\n", pl_amount_credits(p->number, price),
	              pl_page_unit(row));
}

static void put_lines(const pl_council_view *c)
{
	static const pl_column columns[] = {{"Good", PL_HEADS_ROW},
	                                    {"What of it", PL_IS_TEXT},
	                                    {"Price in credits", PL_IS_NUMBER}};
	size_t i;
	json_t *line;
	pl_markup_put(&c->p->m,
	              "<h2>What it deals in</h2>\n<p><a href=\"%s/councils/%" PRId64
	              "/schedule\">How it answers to prices</a>: its recipe, or its "
	              "wishes</p>\n",
	              c->p->m.base, c->council);
	if (json_array_size(c->lines) == 0) {
		pl_markup_raw(&c->p->m, "<p>It has not declared this yet.</p>\n");
		return;
	}
	pl_markup_table(&c->p->m,
	                c->round > 0 ? "At the prices that were announced last"
	                             : "At last year's prices",
	                columns, 3);
	json_array_foreach(c->lines, i, line)
	{
		put_line(c, columns, line);
	}
	pl_markup_table_end(&c->p->m);
}

/* ---- the page ---- */

/// The parts of a season that are about the council.
static void put_season(pl_council_view *c, const json_t *season)
{
	c->seasons = season;
	c->season = pl_page_whole(season, "id");
	c->round = pl_page_whole(season, "round");
	c->proposing = pl_page_is(season, "phase", "proposing");
	(void)pl_zone_find(&c->p->zone, pl_page_text(season, "zone"));
	if (c->proposing || pl_page_is(season, "phase", "review"))
		pl_council_put_proposals(c);
	else if (pl_page_is(season, "phase", "adopted")) {
		pl_council_put_deliveries(c);
		pl_council_put_swaps(c);
	}
}

void pl_council_put_page(pl_page *p, int64_t council, int status)
{
	const json_t *view = pl_page_view(p, "/councils/%" PRId64, council),
	             *seasons = json_object_get(pl_page_view(p, "/seasons"), "seasons"),
	             *last = json_array_get(seasons, json_array_size(seasons) - 1);
	pl_council_view c = {.p = p,
	                     .council = council,
	                     .row = json_object_get(view, "council"),
	                     .lines = json_object_get(view, "lines"),
	                     .season = pl_page_whole(last, "id"),
	                     .round = pl_page_whole(last, "round"),
	                     .delegate = pl_page_has_task(p, "delegate", council)};
	const pl_council_view at_last = c;
	(void)pl_zone_find(&p->zone, pl_page_text(last, "zone"));
	pl_page_begin(p, pl_page_name(p, PL_NAMES_council, council));
	put_what_it_is(p, view);
	if (json_array_size(c.lines) > 0)
		for (size_t i = json_array_size(seasons); i > 0; i--)
			put_season(&c, json_array_get(seasons, i - 1));
	put_lines(&at_last);
	pl_council_put_discussion(&at_last);
	pl_page_finish(p, status);
}

void pl_visit_council_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) pl_council_put_page(p, pl_page_number(p, "/councils/{council}"), 200);
}
