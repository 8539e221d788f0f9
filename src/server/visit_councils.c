/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_councils.c - the list of all councils, and forms to add one, or a community. */
#include "server/input.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- the list ---- */

static const char *name_of(const json_t *row)
{
	return pl_page_is(row, "name", "") ? pl_page_text(row, "code")
	                                   : pl_page_text(row, "name");
}

static void put_list(pl_page *p, const json_t *councils, const json_t *communities)
{
	static const pl_column columns[] = {
	        {"Council", PL_HEADS_ROW}, {"What it is", PL_IS_TEXT}, {"Where", PL_IS_TEXT}};
	size_t i;
	json_t *row;
	if (json_array_size(councils) == 0) {
		pl_markup_raw(&p->m, "<p>There is none yet.</p>\n");
		return;
	}
	pl_markup_table(&p->m, "Everybody who plans together", columns, 3);
	json_array_foreach(councils, i, row)
	{
		const json_t *where =
		        pl_page_find(communities, "id", pl_page_whole(row, "community"));
		pl_markup_row(&p->m);
		pl_markup_cell(&p->m, &columns[0]);
		pl_page_put_name(p, PL_NAMES_council, pl_page_whole(row, "id"));
		pl_markup_cell(&p->m, &columns[1]);
		pl_markup_put(&p->m, "%s",
		              pl_words_of(pl_words_councils, pl_page_text(row, "kind")));
		pl_markup_cell(&p->m, &columns[2]);
		pl_markup_put(&p->m, "<bdi>%s</bdi>\n", where == NULL ? "" : name_of(where));
	}
	pl_markup_table_end(&p->m);
}

/* ---- the forms ---- */

static void put_places(pl_page *p, const char *name, const char *label, const char *nowhere,
                       const json_t *communities)
{
	const int64_t chosen = pl_form_whole(&p->form, name);
	size_t i;
	json_t *row;
	pl_input_choose(p, name, label, NULL);
	if (nowhere != NULL) pl_input_option(p, "0", nowhere, chosen <= 0);
	json_array_foreach(communities, i, row)
	{
		const int64_t id = pl_page_whole(row, "id");
		char value[24];
		(void)snprintf(value, sizeof value, "%" PRId64, id);
		pl_input_option(p, value, name_of(row), id == chosen);
	}
	pl_input_chosen(p);
}

static void put_council_form(pl_page *p, const json_t *communities)
{
	pl_markup_put(&p->m, "<details%s>\n<summary>Add a council</summary>\n",
	              pl_form_find(&p->form, "kind") != NULL ? " open" : "");
	pl_page_form(p, "/councils");
	pl_input_put(p, &(pl_input){.name = "name",
	                            .label = "Its name",
	                            .hint = "As people call it",
	                            .more = "maxlength=\"200\""});
	pl_input_put(p, &(pl_input){.name = "code",
	                            .label = "A short name for tables",
	                            .hint = "Such as bakery; no two councils have the same",
	                            .more = "required maxlength=\"200\""});
	pl_input_words(p, "kind", "What it is", pl_words_councils, "workers");
	put_places(p, "community", "Where it is", "Nowhere in particular", communities);
	pl_page_form_end(p, "Add the council");
	pl_markup_raw(&p->m, "</details>\n");
}

static void put_community_form(pl_page *p, const json_t *communities)
{
	pl_markup_put(&p->m,
	              "<details%s>\n<summary>Add a community: a neighbourhood, a town, a "
	              "region</summary>\n",
	              pl_form_find(&p->form, "place") != NULL ? " open" : "");
	pl_page_form(p, "/councils");
	pl_input_put(p, &(pl_input){.name = "place.name",
	                            .label = "Its name",
	                            .more = "maxlength=\"200\""});
	pl_input_put(p, &(pl_input){.name = "place",
	                            .label = "A short name for tables",
	                            .hint = "No two communities have the same",
	                            .more = "required maxlength=\"200\""});
	if (json_array_size(communities) > 0)
		put_places(p, "parent", "What it is part of", NULL, communities);
	pl_page_form_end(p, "Add the community");
	pl_markup_raw(&p->m, "</details>\n");
}

static void put_page(pl_page *p, int status)
{
	const json_t *communities = pl_page_rows(p, "community");
	pl_page_begin(p, "Councils");
	put_list(p, pl_page_rows(p, "council"), communities);
	if (pl_page_has_task(p, "facilitator", 0) || pl_page_has_task(p, "administrator", 0)) {
		put_council_form(p, communities);
		put_community_form(p, communities);
	}
	pl_page_finish(p, status);
}

void pl_visit_councils_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_page(p, 200);
}

/* ---- adding ---- */

static json_t *community_of(const pl_page *p)
{
	const int64_t parent = pl_form_whole(&p->form, "parent");
	return json_pack("{s:s, s:s, s:I}", "code", pl_form_text(&p->form, "place"), "name",
	                 pl_form_text(&p->form, "place.name"), "parent",
	                 (json_int_t)(parent < 0 ? 0 : parent));
}

static json_t *council_of(const pl_page *p)
{
	return json_pack("{s:s, s:s, s:s, s:I}", "code", pl_form_text(&p->form, "code"), "name",
	                 pl_form_text(&p->form, "name"), "kind", pl_form_text(&p->form, "kind"),
	                 "community", (json_int_t)pl_form_whole(&p->form, "community"));
}

void pl_visit_council_add_form(pl_visit *v)
{
	pl_reply reply = {0};
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const bool place = pl_form_find(&p->form, "place") != NULL;
	const pl_status st = pl_page_do(p, &reply, place ? "community.add" : "council.add",
	                                place ? community_of(p) : council_of(p));
	if (!pl_input_went(p, st, &reply, "", "/councils"))
		put_page(p, pl_problems[pl_problem_of(st)].status);
}
