/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_vote.c - the page of a vote: the form to vote in it, the receipt, the count. What was
 * marked is on no page before the vote is closed, and the receipt is shown to the voter once.
 */
#include "server/suspend_page.h"
#include "server/vote_page.h"
#include "server/words.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pl_vote_view vote_of(pl_page *p, int64_t id)
{
	pl_vote_view v = {.p = p, .id = id, .view = pl_page_view(p, "/votes/%" PRId64, id)};
	const json_t *elector = pl_page_find(json_object_get(v.view, "roll"), "person",
	                                     p->visit->caller.person);
	v.row = json_object_get(v.view, "vote");
	v.options = json_object_get(v.view, "options");
	v.open = pl_page_is(v.row, "state", "open");
	v.listed = elector != NULL;
	v.voted = pl_page_whole(elector, "voted") != 0;
	v.ballots = pl_page_text(v.row, "ballots");
	pl_page_set_zone(p, pl_page_whole(v.row, "season"));
	return v;
}

/* ---- what the vote is ---- */

static void put_terms(const pl_vote_view *v)
{
	pl_page *p = v->p;
	const char *threshold = pl_page_text(v->row, "threshold"),
	           *quorum = pl_page_text(v->row, "quorum");
	pl_markup_put(&p->m, "<li>%s (the rule \"%s\")",
	              pl_words_of(pl_words_rules, pl_page_text(v->row, "rule")),
	              pl_page_text(v->row, "rule"));
	if (pl_page_whole(v->row, "seats") > 1)
		pl_markup_put(&p->m, ", and %" PRId64 " win", pl_page_whole(v->row, "seats"));
	if (threshold[0] != '\0') pl_markup_put(&p->m, "; %s is needed", threshold);
	if (quorum[0] != '\0')
		pl_markup_put(&p->m, "; at least %s of the roll must vote", quorum);
	pl_markup_raw(&p->m, ".\n");
	if (pl_page_whole(v->row, "budget") > 0)
		pl_markup_put(&p->m, "<li>What wins may cost %s credits together.\n",
		              pl_amount_show(p->number, pl_page_whole(v->row, "budget"), "1"));
	pl_markup_raw(&p->m,
	              pl_page_whole(v->row, "secret") != 0
	                      ? "<li>It is secret: nothing in the record tells who marked "
	                        "what.\n"
	                      : "<li>It was not opened as a secret vote: with few on the "
	                        "roll others may guess who marked what.\n");
}

static void put_roll(const pl_vote_view *v)
{
	pl_page *p = v->p;
	size_t i;
	json_t *row;
	pl_markup_raw(&p->m, "<details>\n<summary>The roll</summary>\n<ul>\n");
	json_array_foreach(json_object_get(v->view, "roll"), i, row)
	{
		pl_markup_raw(&p->m, "<li>");
		pl_page_put_name(p, PL_NAMES_person, pl_page_whole(row, "person"));
		if (pl_page_whole(row, "voted") != 0) pl_markup_raw(&p->m, ": has voted");
		pl_markup_raw(&p->m, "\n");
	}
	pl_markup_raw(&p->m, "</ul>\n</details>\n");
}

static void put_about(const pl_vote_view *v)
{
	pl_page *p = v->p;
	const int64_t season = pl_page_whole(v->row, "season"),
	              council = pl_page_whole(v->row, "council");
	pl_markup_raw(&p->m, "<ul>\n<li>");
	if (council > 0) {
		pl_markup_raw(&p->m, "The members of ");
		pl_page_put_name(p, PL_NAMES_council, council);
		pl_markup_raw(&p->m, " vote.\n");
	} else {
		pl_markup_raw(&p->m, "Everybody votes.\n");
	}
	if (season > 0)
		pl_markup_put(&p->m,
		              "<li>It is about the plan of <a href=\"%s/seasons/%" PRId64
		              "\">round %" PRId64 " of this season</a>.\n",
		              p->m.base, season, pl_page_whole(v->row, "round"));
	put_terms(v);
	pl_markup_put(&p->m, "<li>%" PRId64 " of %" PRId64 " have voted.\n<li>%s ",
	              pl_page_whole(v->view, "voted"),
	              (int64_t)json_array_size(json_object_get(v->view, "roll")),
	              v->open ? "It is open until everybody has voted, or until"
	                      : "It was open until");
	pl_page_put_time(p, pl_page_whole(v->row, "until"), true);
	pl_markup_raw(&p->m,
	              v->open ? ".\n</ul>\n" : " or until everybody had voted.\n</ul>\n");
	put_roll(v);
}

/* ---- the form ---- */

/// What was typed for an option, where the form comes back.
static const char *typed_mark(const pl_vote_view *v, int64_t number)
{
	char field[32];
	(void)snprintf(field, sizeof field, "m.%" PRId64, number);
	return pl_form_text(&v->p->form, field);
}

static void put_motion(const pl_vote_view *v, const json_t *option)
{
	static const char *const marks[] = {"yes", "no", "abstain", "block"};
	const int64_t number = pl_page_whole(option, "number");
	const int n = pl_page_is(v->row, "rule", "consensus") ? 4 : 3;
	pl_markup_put(&v->p->m, "<fieldset>\n<legend><bdi>%s</bdi></legend>\n",
	              pl_vote_name(option));
	for (int i = 0; i < n; i++)
		pl_markup_put(&v->p->m,
		              "<label class=\"pick\"><input type=\"radio\" name=\"m.%" PRId64
		              "\" value=\"%s\"%s required>%s</label>\n",
		              number, marks[i],
		              strcmp(typed_mark(v, number), marks[i]) == 0 ? " checked" : "",
		              marks[i]);
	pl_markup_raw(&v->p->m, "</fieldset>\n");
}

static void put_approval(const pl_vote_view *v, const json_t *option)
{
	const int64_t number = pl_page_whole(option, "number");
	pl_markup_put(&v->p->m,
	              "<p><label class=\"pick\"><input type=\"checkbox\" name=\"m.%" PRId64
	              "\" value=\"1\"%s><bdi>%s</bdi>",
	              number, typed_mark(v, number)[0] != '\0' ? " checked" : "",
	              pl_vote_name(option));
	pl_vote_put_cost(v, option);
	pl_markup_raw(&v->p->m, "</label></p>\n");
}

static void put_number(const pl_vote_view *v, const json_t *option)
{
	const int64_t number = pl_page_whole(option, "number");
	pl_markup_put(&v->p->m, "<label for=\"m.%" PRId64 "\"><bdi>%s</bdi>", number,
	              pl_vote_name(option));
	pl_vote_put_cost(v, option);
	pl_markup_put(&v->p->m,
	              "</label>\n<input type=\"number\" inputmode=\"numeric\" step=\"1\" "
	              "min=\"%s\" id=\"m.%" PRId64 "\" name=\"m.%" PRId64 "\" value=\"%s\">\n",
	              pl_vote_is(v, "ranked") ? "1" : "0", number, number,
	              typed_mark(v, number));
}

static void put_form(const pl_vote_view *v)
{
	pl_page *p = v->p;
	size_t i;
	json_t *option;
	pl_markup_put(&p->m,
	              "<h2>Your vote</h2>\n<p>%s You can vote once, and not change it.</p>\n",
	              pl_words_of(pl_words_ballots, v->ballots));
	pl_page_form(p, "/votes/%" PRId64, v->id);
	json_array_foreach(v->options, i, option)
	{
		if (pl_vote_is(v, "motion"))
			put_motion(v, option);
		else if (pl_vote_is(v, "approval"))
			put_approval(v, option);
		else
			put_number(v, option);
	}
	pl_page_form_end(p, "Cast my vote");
}

static void put_options(const pl_vote_view *v)
{
	size_t i;
	json_t *option;
	pl_markup_raw(&v->p->m, "<h2>Options</h2>\n<ul>\n");
	json_array_foreach(v->options, i, option)
	{
		pl_markup_put(&v->p->m, "<li><bdi>%s</bdi>", pl_vote_name(option));
		pl_vote_put_cost(v, option);
		pl_markup_raw(&v->p->m, "\n");
	}
	pl_markup_raw(&v->p->m, "</ul>\n");
}

/* ---- the page ---- */

/// Those who may close it, once its time has come or everybody has voted.
static void put_closing(const pl_vote_view *v)
{
	pl_page *p = v->p;
	const int64_t council = pl_page_whole(v->row, "council");
	const bool due = p->visit->now >= pl_page_whole(v->row, "until") ||
	                 pl_page_whole(v->view, "voted") ==
	                         (int64_t)json_array_size(json_object_get(v->view, "roll"));
	if (!due || !(pl_page_has_task(p, "facilitator", 0) ||
	              (council > 0 && pl_page_has_task(p, "delegate", council))))
		return;
	pl_page_form(p, "/votes/%" PRId64 "/close", v->id);
	pl_page_form_end(p, "Close the vote and count it");
}

void pl_vote_put_page(pl_page *p, int64_t id, int status)
{
	const pl_vote_view v = vote_of(p, id);
	pl_page_begin(p, pl_page_text(v.row, "title"));
	if (v.open && v.listed && !v.voted) {
		put_form(&v);
	} else if (v.open) {
		pl_markup_put(
		        &p->m,
		        "<p class=\"note\">%s The count comes when the vote is closed; until "
		        "then nobody sees it.</p>\n",
		        v.voted ? "You have voted." : "You are not on the roll of this vote.");
		put_options(&v);
	} else {
		pl_vote_put_count(&v);
		pl_suspend_put_act(p, id, json_array_get(v.options, 0));
	}
	if (v.open) put_closing(&v);
	pl_markup_raw(&p->m, "<h2>About this vote</h2>\n");
	put_about(&v);
	pl_page_finish(p, status);
}

void pl_visit_vote_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) pl_vote_put_page(p, pl_page_number(p, "/votes/{vote}"), 200);
}

/* ---- casting ---- */

/// The form as marks: "1=yes 2=no". @return what the record takes, to be freed with free()
static json_t *read_marks(const pl_vote_view *v)
{
	pl_bytes marks = {0};
	size_t i;
	json_t *option, *text = NULL;
	pl_status st = PL_OK;
	json_array_foreach(v->options, i, option)
	{
		const int64_t number = pl_page_whole(option, "number");
		const char *typed = typed_mark(v, number);
		char mark[64];
		if (typed[0] == '\0') continue;
		const int n = snprintf(mark, sizeof mark, "%s%" PRId64 "=%.32s",
		                       marks.n > 0 ? " " : "", number, typed);
		if (st == PL_OK) st = pl_bytes_add(&marks, mark, n);
	}
	if (st == PL_OK) text = json_stringn(marks.at == NULL ? "" : marks.at, (size_t)marks.n);
	pl_bytes_free(&marks);
	return text;
}

static void put_receipt(pl_page *p, int64_t id, const pl_reply *reply)
{
	json_t *answer = json_loads(reply->json, 0, NULL);
	const char *receipt = pl_page_text(answer, "receipt");
	pl_page_begin(p, "You have voted");
	if (reply->repeated)
		pl_markup_raw(&p->m, "<p>This was sent twice. Your vote was counted once, as "
		                     "you sent it first.</p>\n");
	if (receipt[0] != '\0')
		pl_markup_put(
		        &p->m,
		        "<p>This is your receipt. It is shown now and not later: write it "
		        "down, or print this page.</p>\n<p "
		        "class=\"note\"><code>%s</code></p>\n"
		        "<ul>\n<li>When the vote is closed all ballots are published with "
		        "their receipts. Find yours, to see that it was counted as you marked "
		        "it.\n<li>Whoever sees your receipt can then see how you voted. Keep "
		        "it to yourself.\n<li>It cannot change your vote, and nobody can ask "
		        "for it later, not even you.\n</ul>\n",
		        receipt);
	pl_markup_put(&p->m, "<p><a href=\"%s/votes/%" PRId64 "\">Back to the vote</a></p>\n",
	              p->m.base, id);
	json_decref(answer);
	pl_page_finish(p, 200);
}

void pl_visit_vote_form(pl_visit *visit)
{
	pl_reply reply = {0};
	pl_page *p = pl_page_new(visit);
	if (p == NULL) return;
	const int64_t id = pl_page_number(p, "/votes/{vote}");
	const pl_vote_view v = vote_of(p, id);
	json_t *marks = read_marks(&v);
	pl_status st = PL_EARG;
	if (json_string_length(marks) == 0) {
		(void)snprintf(p->problem, sizeof p->problem, "mark something first.");
		json_decref(marks);
	} else {
		st = pl_page_do(
		        p, &reply, "vote.cast",
		        json_pack("{s:I, s:o}", "vote", (json_int_t)id, "marks", marks));
	}
	if (st == PL_OK)
		put_receipt(p, id, &reply);
	else
		pl_vote_put_page(p, id, pl_problems[pl_problem_of(st)].status);
	free(reply.json);
}

void pl_visit_vote_close_form(pl_visit *visit)
{
	pl_reply reply = {0};
	pl_page *p = pl_page_new(visit);
	if (p == NULL) return;
	const int64_t id = pl_page_number(p, "/votes/{vote}/close");
	const pl_status st =
	        pl_page_do(p, &reply, "vote.close", json_pack("{s:I}", "vote", (json_int_t)id));
	free(reply.json);
	if (st == PL_OK)
		pl_page_go(p, reply.height, "", "/votes/%" PRId64, id);
	else
		pl_vote_put_page(p, id, pl_problems[pl_problem_of(st)].status);
}
