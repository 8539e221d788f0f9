/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_vote_explain.c - plenum vote explain: a count as sentences, and why an option won or
 * lost.
 */
#include "base/error.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/vote_json.h"
#include "cli/vote_need.h"
#include "cli/vote_screen.h"

#include <string.h>

enum { SAID = 2048, INDENT = 5 };

/// A count, and the option that is asked about.
typedef struct {
	pl_vote_count c;
	int32_t option; ///< -1: none
	bool won;
	pl_vote_need need;
} view;

/// The option of this id, else the only one of this name.
static pl_status find_option(int32_t *out, const pl_vote_count *c, const char *typed,
                             pl_error *err)
{
	pl_near near = {0};
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	int32_t named = 0;
	for (int32_t i = 0; i < c->e->n_options; i++) {
		if (strcmp(pl_vote_id(c, i), typed) == 0) {
			*out = i;
			return PL_OK;
		}
		if (strcmp(pl_vote_called(c, i), typed) == 0 && named++ == 0) *out = i;
		pl_near_offer(&near, typed, pl_vote_id(c, i));
		pl_near_offer(&near, typed, pl_vote_called(c, i));
	}
	if (named == 1) return PL_OK;
	(void)pl_text_brief(brief, typed);
	if (named > 1)
		return pl_fail(err, PL_EARG, -1,
		               "%d options are called \"%s\"; name one by its id", (int)named,
		               brief);
	return pl_fail(err, PL_EARG, -1, "there is no option \"%s\"%s", brief,
	               pl_near_hint(hint, &near));
}

static pl_status work_out(view *v, const pl_args *a, pl_error *err)
{
	PL_TRY(pl_vote_count_args(&v->c, a, a->arg[0], err));
	const pl_vote_result *r = v->c.r;
	v->option = -1;
	if (pl_args_has(a, PL_O_json)) PL_TRY(pl_votes_digest(v->c.digest, v->c.e, err));
	if (a->n_args < 2) return PL_OK;
	PL_TRY(find_option(&v->option, &v->c, a->arg[1], err));
	for (int32_t w = 0; w < r->n_winners && r->outcome == PL_VOTE_DECIDED; w++)
		v->won = v->won || r->winner[w] == v->option;
	if (v->won) return PL_OK;
	return pl_vote_need_of(&v->need, &v->c, v->option, err);
}

/* ---- for people ----------------------------------------------------------------------------
 */

static void print_verdict(const view *v)
{
	const pl_vote_count *c = &v->c;
	char line[SAID], tally[128], cost[PL_VOTE_MONEY], paid[PL_VOTE_MONEY + 16] = "";
	const pl_brief name = pl_text_named(pl_vote_called(c, v->option));
	const char *unit = pl_vote_unit(c, c->r->tally[v->option].near == 1);
	(void)pl_vote_say_number(tally, sizeof tally, c->r, c->r->tally[v->option]);
	if (pl_vote_spends(c))
		(void)snprintf(paid, sizeof paid, ", cost %s",
		               pl_vote_money(cost, c, c->e->option.cost[v->option]));
	(void)snprintf(line, sizeof line, "%s %s: %s %s%s.", name.text,
	               v->won ? "won" : "did not win", tally, unit, paid);
	pl_help_wrap(stdout, line, 0, 0);
}

static void print_steps(const view *v)
{
	const pl_vote_result *r = v->c.r;
	char line[SAID];
	for (int64_t i = 0; i < r->n_steps; i++) {
		if (!pl_vote_speaks_of(&r->step[i], v->option)) continue;
		(void)pl_vote_say(line, sizeof line, v->c.e, r, &r->step[i]);
		const int used = printf("%3lld. ", (long long)i + 1);
		pl_help_wrap(stdout, line, used, INDENT);
	}
}

static void print_need(const view *v)
{
	char line[SAID], money[PL_VOTE_MONEY], ballots[48];
	const pl_vote_need *n = &v->need;
	const pl_vote_count *c = &v->c;
	if (v->option < 0 || v->won) return;
	if (!n->looked) {
		pl_help_wrap(stdout,
		             "What it would have needed is not looked for: the election is too "
		             "large to be counted many times.",
		             0, 0);
		return;
	}
	if (n->ballots > 0)
		(void)snprintf(
		        line, sizeof line,
		        "With %s for it alone it would have won, with one fewer not.",
		        pl_tell_count(ballots, n->ballots, "more ballot", "more ballots"));
	else
		(void)snprintf(
		        line, sizeof line,
		        "No number of further ballots for it, up to %lld, would have made "
		        "it win.",
		        (long long)n->tried);
	pl_help_wrap(stdout, line, 0, 0);
	if (!pl_vote_spends(c)) return;
	if (n->cost >= 0)
		(void)snprintf(line, sizeof line, "At a cost of %s it would have won.",
		               pl_vote_money(money, c, n->cost));
	else
		(void)snprintf(line, sizeof line, "No lower cost would have made it win.");
	pl_help_wrap(stdout, line, 0, 0);
}

static void print_lot(const pl_vote_count *c)
{
	if (c->order == NULL) return;
	const int used = printf("The lot of seed %lld:", (long long)c->seed);
	int column = used;
	for (int32_t i = 0; i < c->e->n_options; i++) {
		const char *id = pl_vote_id(c, c->order[i]);
		const int width = pl_text_width(id) + 2;
		if (column + width > PL_COLUMNS) column = printf("\n ") - 1;
		printf(" %s%s", id, i + 1 < c->e->n_options ? "," : ".");
		column += width;
	}
	putchar('\n');
}

static void print_explained(const view *v)
{
	if (v->option >= 0) print_verdict(v);
	print_lot(&v->c);
	print_steps(v);
	print_need(v);
}

/* ---- for programs --------------------------------------------------------------------------
 */

static void json_need(pl_json *j, const view *v)
{
	char money[PL_MONEY_CHARS];
	const pl_vote_need *n = &v->need;
	pl_json_put_text(j, "option", pl_vote_id(&v->c, v->option));
	pl_json_put_bool(j, "won", v->won);
	if (n->looked && n->ballots > 0)
		pl_json_put_whole(j, "more_ballots", n->ballots);
	else
		pl_json_put_text(j, "more_ballots", NULL);
	pl_json_put_text(j, "lower_cost",
	                 n->looked && n->cost >= 0
	                         ? pl_money_print(money, n->cost, v->c.e->decimals)
	                         : NULL);
}

static void json_explained(const view *v)
{
	pl_json j = {.to = stdout};
	pl_json_open_object(&j, NULL);
	pl_json_put_text(&j, "outcome", pl_vote_outcome_name((int)v->c.r->outcome));
	if (v->option >= 0) json_need(&j, v);
	pl_vote_json_steps(&j, &v->c, v->option);
	pl_vote_count_put(&j, "settings", &v->c);
	pl_json_put_text(&j, "digest", v->c.digest);
	pl_json_put_text(&j, "version", PL_VERSION);
	pl_json_close_object(&j);
}

int pl_verb_vote_explain(const pl_args *a)
{
	view v = {0};
	pl_error err;
	int code = PL_EXIT_INPUT;
	if (work_out(&v, a, &err) != PL_OK) {
		(void)pl_tell_error(a, &err);
	} else {
		if (pl_args_has(a, PL_O_json))
			json_explained(&v);
		else if (!pl_args_has(a, PL_O_quiet))
			print_explained(&v);
		code = pl_vote_code(&v.c);
	}
	pl_vote_count_clear(&v.c);
	return code;
}
