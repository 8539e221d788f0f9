/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_history.c - the record in human sentences, page by page, and how to verify it. */
#include "server/history.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 50, DIGITS_MOST = 15 };

static void put_head(pl_page *p, const json_t *record)
{
	pl_markup_put(
	        &p->m,
	        "<p>The record has %" PRId64 " events. The hash of the last one, its head, is"
	        "</p>\n<p class=\"note\"><code>%s</code></p>\n"
	        "<details>\n<summary>How to verify the record</summary>\n"
	        "<p>Each event holds the hash of the event before. Whoever keeps a head can "
	        "see later that nothing before it was changed: write it down, send it to "
	        "others, print it. With a copy of the file</p>\n"
	        "<p><code>plenum verify FILE --head %s</code></p>\n"
	        "<p>checks every hash and signature, does every operation again, counts every "
	        "vote again, and says whether this head is still in the chain. "
	        "<code>tools/verify.py</code> does the same and shares no code with Plenum. "
	        "The public key of the record is <code>%s</code>.</p>\n</details>\n",
	        pl_page_whole(record, "height"), pl_page_text(record, "head"),
	        pl_page_text(record, "head"), pl_page_text(record, "key"));
}

/// What others should know, as it was said; without how to reach people.
static void put_said(pl_page *p, const json_t *event)
{
	const json_t *texts = json_object_get(event, "texts");
	const char *said = pl_page_text(texts, "reason");
	if (said[0] == '\0') said = pl_page_text(texts, "note");
	if (json_is_null(texts))
		pl_markup_raw(&p->m, " <small>(its texts were erased)</small>");
	if (said[0] != '\0')
		pl_markup_put(&p->m, "<div class=\"said\"><bdi>%s</bdi></div>", said);
}

static void put_events(pl_page *p, const json_t *events)
{
	static const pl_column columns[] = {{"Event", PL_HEADS_ROW},
	                                    {"When", PL_IS_TEXT},
	                                    {"What happened", PL_IS_TEXT},
	                                    {"Hash", PL_IS_TEXT}};
	pl_markup_table(&p->m, "The last event first", columns, 4);
	for (size_t i = json_array_size(events); i > 0; i--) {
		const json_t *event = json_array_get(events, i - 1);
		char hash[13];
		(void)snprintf(hash, sizeof hash, "%.12s", pl_page_text(event, "hash"));
		pl_markup_row(&p->m);
		pl_markup_cell(&p->m, &columns[0]);
		pl_markup_put(&p->m, "%" PRId64, pl_page_whole(event, "height"));
		pl_markup_cell(&p->m, &columns[1]);
		pl_page_put_time(p, pl_page_whole(event, "time"), false);
		pl_markup_cell(&p->m, &columns[2]);
		pl_markup_raw(&p->m, "<div>");
		pl_history_put(p, event);
		put_said(p, event);
		pl_markup_raw(&p->m, "</div>");
		pl_markup_cell(&p->m, &columns[3]);
		pl_markup_put(&p->m, "<code>%s\xe2\x80\xa6</code>\n", hash);
	}
	pl_markup_table_end(&p->m);
}

/// @param from the first event of the page that is shown
static void put_ways(pl_page *p, const char *where, int64_t from, int64_t height)
{
	pl_markup_put(&p->m, "<nav aria-label=\"Pages of the record, %s\">\n<ul>", where);
	if (from + PAGE <= height)
		pl_markup_put(&p->m, "<li><a href=\"?from=%" PRId64 "\">Later events</a></li>",
		              from + PAGE);
	if (from > 1)
		pl_markup_put(&p->m,
		              "<li><a href=\"?from=%" PRId64 "\">Earlier events</a></li>",
		              from > PAGE ? from - PAGE : 1);
	pl_markup_raw(&p->m, "</ul>\n</nav>\n");
}

void pl_visit_history_page(pl_visit *v)
{
	const char *asked = pl_http_query(v->r, "from");
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const json_t *record = pl_page_view(p, "/record");
	const int64_t height = pl_page_whole(record, "height");
	int64_t from = height > PAGE ? height - PAGE + 1 : 1;
	if (asked != NULL && strlen(asked) <= DIGITS_MOST &&
	    strspn(asked, "0123456789") == strlen(asked) && strtoll(asked, NULL, 10) > 0)
		from = strtoll(asked, NULL, 10);
	pl_page_set_zone(p, 0);
	pl_page_begin(p, "The record");
	put_head(p, record);
	pl_markup_put(&p->m, "<h2>What happened</h2>\n<p>Times are those of %s.</p>\n",
	              p->zone.name);
	put_ways(p, "above", from, height);
	put_events(p, pl_history_list(
	                      p, &(pl_history_wanted){.from = from, .most = PAGE, .type = ""}));
	put_ways(p, "below", from, height);
	pl_page_finish(p, 200);
}
