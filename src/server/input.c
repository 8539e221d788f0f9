/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/input.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *pl_input_typed(const pl_page *p, const char *name, const char *otherwise)
{
	const char *typed = pl_form_find(&p->form, name);
	return typed == NULL ? otherwise : typed;
}

static void put_label(pl_page *p, const char *name, const char *label, const char *hint)
{
	pl_markup_put(&p->m, "<label for=\"%s\">%s</label>\n", name, label);
	if (hint != NULL)
		pl_markup_put(&p->m, "<small class=under id=\"h.%s\">%s</small>\n", name, hint);
}

void pl_input_put(pl_page *p, const pl_input *i)
{
	put_label(p, i->name, i->label, i->hint);
	pl_markup_put(&p->m, "<input id=\"%s\" name=\"%s\"", i->name, i->name);
	if (i->hint != NULL) pl_markup_put(&p->m, " aria-describedby=\"h.%s\"", i->name);
	if (i->more != NULL) {
		pl_markup_raw(&p->m, " ");
		pl_markup_raw(&p->m, i->more);
	}
	pl_markup_put(&p->m, " value=\"%s\">\n", pl_input_typed(p, i->name, i->value));
}

void pl_input_tick(pl_page *p, const char *name, const char *label, bool ticked)
{
	const bool sent = p->form.n > 0;
	pl_markup_put(&p->m,
	              "<p><label class=\"pick\"><input type=\"checkbox\" name=\"%s\" "
	              "value=\"1\"%s>%s</label></p>\n",
	              name,
	              (sent ? pl_form_find(&p->form, name) != NULL : ticked) ? " checked" : "",
	              label);
}

void pl_input_choose(pl_page *p, const char *name, const char *label, const char *hint)
{
	put_label(p, name, label, hint);
	pl_markup_put(&p->m, "<select id=\"%s\" name=\"%s\"", name, name);
	if (hint != NULL) pl_markup_put(&p->m, " aria-describedby=\"h.%s\"", name);
	pl_markup_raw(&p->m, ">\n");
}

void pl_input_option(pl_page *p, const char *value, const char *said, bool selected)
{
	pl_markup_put(&p->m, "<option value=\"%s\"%s>%s</option>\n", value,
	              selected ? " selected" : "", said);
}

void pl_input_chosen(pl_page *p)
{
	pl_markup_raw(&p->m, "</select>\n");
}

void pl_input_words(pl_page *p, const char *name, const char *label, const pl_words *list,
                    const char *otherwise)
{
	const char *typed = pl_input_typed(p, name, otherwise);
	pl_input_choose(p, name, label, NULL);
	for (; list->word != NULL; list++)
		pl_input_option(p, list->word, list->said, strcmp(typed, list->word) == 0);
	pl_input_chosen(p);
}

/* ---- times ---- */

bool pl_input_time(int64_t *time, pl_page *p, const char *name, const char *label)
{
	const char *typed = pl_form_text(&p->form, name);
	char brief[PL_BRIEF_CHARS];
	if (pl_zone_minute(time, &p->zone, typed)) return true;
	(void)snprintf(p->problem, sizeof p->problem,
	               "%s: \"%s\" is no day with a time; they are written like "
	               "2027-01-31T18:00.",
	               label, pl_text_brief(brief, typed));
	return false;
}

const char *pl_input_stamp(char out[PL_ZONE_CHARS], const pl_page *p, int64_t time)
{
	enum { TO_THE_MINUTE = 16 };
	(void)pl_zone_stamp(out, &p->zone, time);
	out[TO_THE_MINUTE] = '\0';
	return out;
}

json_t *pl_input_decimal(const pl_page *p, const char *name)
{
	enum { CHARS = 64 }; /* longer ones are no numbers that the record takes */
	char text[CHARS];
	(void)snprintf(text, sizeof text, "%s", pl_form_text(&p->form, name));
	char *comma = strchr(text, ',');
	if (comma != NULL && strchr(text, '.') == NULL) *comma = '.';
	text[pl_utf8_fault(text, (int64_t)strlen(text)) < 0 ? strlen(text) : 0] = '\0';
	return json_string(text);
}

/* ---- people ---- */

static int64_t by_name(pl_page *p, const char *typed)
{
	size_t i;
	json_t *row;
	int64_t found = 0;
	json_array_foreach(pl_page_rows(p, "person"), i, row)
	{
		if (pl_page_whole(row, "erased") != 0 || !pl_page_is(row, "name", typed))
			continue;
		if (found > 0) {
			(void)snprintf(p->problem, sizeof p->problem,
			               "more than one person has that name: type the number.");
			return 0;
		}
		found = pl_page_whole(row, "id");
	}
	return found;
}

int64_t pl_input_person(pl_page *p, const char *name)
{
	const char *typed = pl_form_text(&p->form, name);
	char brief[PL_BRIEF_CHARS];
	const int64_t number = pl_form_whole(&p->form, name),
	              found = number > 0         ? number
	                      : typed[0] == '\0' ? 0
	                                         : by_name(p, typed);
	if (found == 0 && p->problem[0] == '\0')
		(void)snprintf(p->problem, sizeof p->problem,
		               "nobody here is called \"%s\": type a name as the list of "
		               "people has it, or the number.",
		               pl_text_brief(brief, typed));
	return found;
}

bool pl_input_holds(const char *text, const char *part)
{
	const size_t n = strlen(part);
	while (strncasecmp(text, part, n) != 0) {
		if (*text == '\0') return false;
		text++;
	}
	return true;
}

/* ---- answers ---- */

bool pl_input_went(pl_page *p, pl_status st, pl_reply *reply, const char *anchor,
                   const char *path)
{
	free(reply->json);
	reply->json = NULL;
	if (st != PL_OK) return false;
	pl_page_go(p, reply->height, anchor, "%s", path);
	return true;
}
