/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* vote_screen.c - a result as a member reads it: what was voted on, what came out and by how
 * much, what nearly did, and where an order settled a tie. */
#include "cli/vote_screen.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/letters.h"
#include "cli/help.h"
#include "cli/tell.h"
#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>

enum {
	ROWS = 14,   ///< of the table
	TIES = 3,    ///< that are told
	LINE = 1024, ///< bytes of a sentence
	NAMED = 6,   ///< options in one
	NAME_WIDTH = 34,
	NUMBER_WIDTH = 9,
	MONEY_WIDTH = 14,
	MARK_WIDTH = 8,
	PL_VOTE_TALLY = PL_HUMAN_CHARS + 16
};

/// Options in the order in which they are shown, winners first.
typedef struct {
	const pl_vote_count *c;
	FILE *to;
	bool colour;
	int32_t *shown; ///< [n_options]
	int64_t *marks; ///< [n_options][PL_MARKS_OF_MOTION] weights; motions only
	double most;    ///< greatest tally
} screen;

const char *pl_vote_unit(const pl_vote_count *c, bool one)
{
	const pl_vote_rule rule = c->s.rule;
	const bool marks = c->e->kind == PL_BALLOT_SCORE || c->e->kind == PL_BALLOT_RANKED;
	if (rule == PL_VOTE_schulze) return one ? "win" : "wins";
	if (rule == PL_VOTE_score || (pl_vote_spends(c) && marks))
		return one ? "point" : "points";
	return one ? "vote" : "votes";
}

/// "43 votes".
static const char *tally_of(char out[PL_VOTE_TALLY], const pl_vote_count *c, int32_t option)
{
	char human[PL_HUMAN_CHARS];
	const double x = c->r->tally[option].near;
	(void)snprintf(out, PL_VOTE_TALLY, "%s %s", pl_human(human, x),
	               pl_vote_unit(c, x == 1));
	return out;
}

const char *pl_vote_list(char *out, size_t room, const pl_vote_count *c, const int32_t *option,
                         int32_t n, int32_t most)
{
	size_t used = 0;
	const int32_t named = n <= most + 1 ? n : most;
	out[0] = '\0';
	for (int32_t i = 0; i < named && used < room; i++) {
		const char *between = i == 0 ? "" : i + 1 == n ? " and " : ", ";
		used += (size_t)snprintf(out + used, room - used, "%s%s", between,
		                         pl_text_named(pl_vote_called(c, option[i])).text);
	}
	if (named < n && used < room)
		(void)snprintf(out + used, room - used, " and %d more", (int)(n - named));
	return out;
}

/* ---- order ---------------------------------------------------------------------------------
 */

/// What an option is sorted by.
typedef struct {
	int32_t option, place;
	double tally;
} standing;

static int by_standing(const void *a, const void *b)
{
	const standing *x = a, *y = b;
	if (x->place != y->place) return x->place < y->place ? -1 : 1;
	if (x->tally != y->tally) return x->tally > y->tally ? -1 : 1;
	return x->option < y->option ? -1 : 1;
}

/// Winners as they won, then the others by place and tally; motions as listed.
static pl_status order(screen *s, pl_error *err)
{
	const pl_vote_result *r = s->c->r;
	const int32_t n = r->n_options;
	standing *all = pl_alloc(n, sizeof *all);
	s->shown = pl_alloc(n, sizeof *s->shown);
	s->marks = pl_alloc((int64_t)n * PL_MARKS_OF_MOTION, sizeof *s->marks);
	if (all == NULL || s->shown == NULL || s->marks == NULL) {
		pl_free(all);
		return pl_fail(err, PL_ENOMEM, -1, "no memory to show a result");
	}
	for (int32_t i = 0; i < n; i++) {
		const int32_t place = r->place[i] > 0 ? r->place[i] : INT32_MAX;
		all[i] = (standing){i, place, r->tally[i].near};
		if (r->tally[i].near > s->most) s->most = r->tally[i].near;
	}
	for (int32_t w = 0; w < r->n_winners; w++) all[r->winner[w]].place = w - r->n_winners;
	if (s->c->e->kind != PL_BALLOT_MOTION) qsort(all, (size_t)n, sizeof *all, by_standing);
	for (int32_t i = 0; i < n; i++) s->shown[i] = all[i].option;
	pl_free(all);
	return PL_OK;
}

/* ---- sentences -----------------------------------------------------------------------------
 */

static const char *things(const pl_vote_count *c, bool one)
{
	if (pl_vote_spends(c)) return one ? "project" : "projects";
	if (c->e->kind == PL_BALLOT_MOTION) return one ? "motion" : "motions";
	return one ? "option" : "options";
}

static int64_t unmarked(const pl_election *e)
{
	int64_t n = 0;
	for (int64_t b = 0; b < e->n_ballots; b++)
		if (e->start[b] == e->start[b + 1]) n += e->weight == NULL ? 1 : e->weight[b];
	return n;
}

/// "84 ballots on 14 projects, 3 of them without a mark; counted by greedy, budget 100 000."
static void say_what(const screen *s)
{
	const pl_vote_count *c = s->c;
	const pl_election *e = c->e;
	char line[LINE], ballots[48], options[48], money[PL_VOTE_MONEY], human[PL_HUMAN_CHARS];
	char blank[64] = "", spent[96] = "", entitled[64] = "";
	const int64_t none = unmarked(e);
	if (none > 0)
		(void)snprintf(blank, sizeof blank, ", %s of them without a mark",
		               pl_human(human, (double)none));
	if (e->eligible >= 0)
		(void)snprintf(entitled, sizeof entitled, " of %s eligible",
		               pl_human(human, (double)e->eligible));
	if (pl_vote_spends(c))
		(void)snprintf(spent, sizeof spent, ", with a budget of %s",
		               pl_vote_money(money, c, e->budget));
	(void)snprintf(line, sizeof line, "%s%s on %s%s; counted by %s%s.",
	               pl_tell_count(ballots, e->total, "ballot", "ballots"), entitled,
	               pl_tell_count(options, e->n_options, things(c, true), things(c, false)),
	               blank, pl_vote_rule_name((int)c->s.rule), spent);
	pl_help_wrap(s->to, line, 0, 0);
}

static int64_t spent(const pl_vote_count *c)
{
	int64_t sum = 0;
	for (int32_t w = 0; w < c->r->n_winners; w++) sum += c->e->option.cost[c->r->winner[w]];
	return sum;
}

static void say_spent(char line[LINE], const pl_vote_count *c)
{
	char paid[PL_VOTE_MONEY], left[PL_VOTE_MONEY];
	const int64_t sum = spent(c);
	if (c->r->n_winners == 0)
		(void)snprintf(line, LINE, "Nothing is paid for.");
	else
		(void)snprintf(line, LINE,
		               "%d of %d projects %s paid for: they cost %s, and %s of the "
		               "budget stays.",
		               (int)c->r->n_winners, (int)c->e->n_options,
		               c->r->n_winners == 1 ? "is" : "are", pl_vote_money(paid, c, sum),
		               pl_vote_money(left, c, c->e->budget - sum));
}

static void say_won(char line[LINE], const pl_vote_count *c)
{
	char who[LINE / 2], tally[PL_VOTE_TALLY];
	const pl_vote_result *r = c->r;
	(void)pl_vote_list(who, sizeof who, c, r->winner, r->n_winners, NAMED);
	if (c->e->kind == PL_BALLOT_MOTION)
		(void)snprintf(line, LINE, "Carried: %s.", who);
	else if (r->n_winners == 1)
		(void)snprintf(line, LINE, "%s wins, with %s.", who,
		               tally_of(tally, c, r->winner[0]));
	else
		(void)snprintf(line, LINE, "Elected: %s.", who);
}

static void say_outcome(const screen *s)
{
	const pl_vote_count *c = s->c;
	char line[LINE] = "", who[LINE / 2];
	(void)pl_vote_list(who, sizeof who, c, c->r->winner, c->r->n_winners, NAMED);
	switch (c->r->outcome) {
	case PL_VOTE_DECIDED:
		if (pl_vote_spends(c))
			say_spent(line, c);
		else
			say_won(line, c);
		break;
	case PL_VOTE_TIED:
		(void)snprintf(line, sizeof line, "Tied, and so not decided: %s.", who);
		break;
	case PL_VOTE_BLOCKED:
		(void)snprintf(line, sizeof line, "Blocked: somebody stands in the way.");
		break;
	case PL_VOTE_NO_QUORUM:
		(void)snprintf(line, sizeof line,
		               "Too few have voted for a decision, so nothing was counted.");
		break;
	default:
		(void)snprintf(line, sizeof line,
		               "Rejected: nothing has reached what it needs.");
	}
	pl_help_wrap(s->to, line, 0, 0);
}

/* ---- table ---------------------------------------------------------------------------------
 */

static bool won(const pl_vote_count *c, int32_t option)
{
	for (int32_t w = 0; w < c->r->n_winners; w++)
		if (c->r->winner[w] == option) return true;
	return false;
}

static void count_marks(screen *s)
{
	const pl_election *e = s->c->e;
	for (int64_t b = 0; b < e->n_ballots; b++) {
		const int64_t w = e->weight == NULL ? 1 : e->weight[b];
		for (int64_t k = e->start[b]; k < e->start[b + 1]; k++)
			s->marks[(int64_t)e->marked[k] * PL_MARKS_OF_MOTION + e->value[k]] += w;
	}
	for (int32_t i = 0; i < e->n_options; i++) {
		int64_t *m = s->marks + (int64_t)i * PL_MARKS_OF_MOTION;
		m[PL_MARK_ABSTAIN] =
		        e->total - m[PL_MARK_YES] - m[PL_MARK_NO] - m[PL_MARK_BLOCK];
	}
}

static void motion_row(const screen *s, int32_t option)
{
	static const pl_mark columns[] = {PL_MARK_YES, PL_MARK_NO, PL_MARK_ABSTAIN,
	                                  PL_MARK_BLOCK};
	char text[PL_HUMAN_CHARS];
	const bool carried = won(s->c, option) && s->c->r->outcome == PL_VOTE_DECIDED;
	fputs("  ", s->to);
	pl_text_cell(s->to, pl_vote_called(s->c, option), NAME_WIDTH, false);
	for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
		pl_text_cell(
		        s->to,
		        pl_human(text, (double)s->marks[(int64_t)option * PL_MARKS_OF_MOTION +
		                                        columns[k]]),
		        MARK_WIDTH, true);
	pl_term_print(s->to, s->colour, carried ? PL_GOOD : PL_PLAIN, "  %s\n",
	              carried ? "carried" : "not");
}

/// A bar of so many columns, in halves.
static void put_bar(const screen *s, double part, int width, pl_paint paint)
{
	char bar[PL_COLUMNS * 3 + 1] = "";
	const int halves = (int)(part * 2 * width + 0.5);
	size_t n = 0;
	for (int i = 0; i + 1 < halves; i += 2, n += 3) memcpy(bar + n, "\xE2\x96\x88", 3);
	if (halves % 2 == 1) {
		memcpy(bar + n, "\xE2\x96\x8C", 3);
		n += 3;
	}
	bar[n] = '\0';
	pl_term_print(s->to, s->colour, paint, "  %s", bar);
}

static void option_row(const screen *s, int32_t option, bool winner)
{
	const pl_vote_count *c = s->c;
	const bool spends = pl_vote_spends(c);
	char number[PL_HUMAN_CHARS], money[PL_VOTE_MONEY];
	const double tally = c->r->tally[option].near;
	const int used = 4 + NAME_WIDTH + NUMBER_WIDTH + (spends ? MONEY_WIDTH : 0) + 2;
	pl_term_print(s->to, s->colour, winner ? PL_GOOD : PL_PLAIN, "  %s ",
	              winner ? "*" : " ");
	pl_text_cell(s->to, pl_vote_called(c, option), NAME_WIDTH, false);
	pl_text_cell(s->to, pl_human(number, tally), NUMBER_WIDTH, true);
	if (spends)
		pl_text_cell(s->to, pl_vote_money(money, c, c->e->option.cost[option]),
		             MONEY_WIDTH, true);
	if (s->most > 0 && tally > 0)
		put_bar(s, tally / s->most, PL_COLUMNS - used, winner ? PL_GOOD : PL_FAINT);
	fputc('\n', s->to);
}

static void put_head(const screen *s)
{
	const bool motion = s->c->e->kind == PL_BALLOT_MOTION;
	fputc('\n', s->to);
	if (motion)
		pl_term_print(s->to, s->colour, PL_BOLD, "%*s%*s%*s%*s%*s\n", NAME_WIDTH + 2,
		              "", MARK_WIDTH, "yes", MARK_WIDTH, "no", MARK_WIDTH, "abstain",
		              MARK_WIDTH, "block");
	else
		pl_term_print(s->to, s->colour, PL_BOLD, "%*s%*s%*s\n", NAME_WIDTH + 4, "",
		              NUMBER_WIDTH, pl_vote_unit(s->c, false),
		              pl_vote_spends(s->c) ? MONEY_WIDTH : 0,
		              pl_vote_spends(s->c) ? "cost" : "");
}

/// Some winners and those next to them: what nearly won is there whatever the number of
/// winners.
static void put_table(screen *s)
{
	const int32_t n = s->c->e->n_options;
	int32_t winners = s->c->r->n_winners, others = n - winners;
	const bool motion = s->c->e->kind == PL_BALLOT_MOTION;
	const int32_t least = others < 3 ? others : 3;
	if (motion) count_marks(s);
	put_head(s);
	if (winners > ROWS - least) winners = ROWS - least;
	if (others > ROWS - winners) others = ROWS - winners;
	for (int32_t i = 0; i < n && i < ROWS && motion; i++) motion_row(s, s->shown[i]);
	for (int32_t i = 0; i < winners && !motion; i++) option_row(s, s->shown[i], true);
	if (winners < s->c->r->n_winners && !motion)
		fprintf(s->to, "    and %d more\n", (int)(s->c->r->n_winners - winners));
	for (int32_t i = 0; i < others && !motion; i++)
		option_row(s, s->shown[s->c->r->n_winners + i], false);
	const int32_t left = motion ? n - ROWS : n - s->c->r->n_winners - others;
	if (left > 0) fprintf(s->to, "    and %d more\n", (int)left);
}

/* ---- what is near, what was tied -----------------------------------------------------------
 */

static void say_next(const screen *s)
{
	const pl_vote_count *c = s->c;
	const int32_t next = c->r->n_winners < c->e->n_options ? s->shown[c->r->n_winners] : -1;
	char line[LINE], cost[PL_VOTE_MONEY], tally[PL_VOTE_TALLY];
	if (next < 0 || c->e->kind == PL_BALLOT_MOTION || c->r->outcome != PL_VOTE_DECIDED)
		return;
	const pl_brief who = pl_text_named(pl_vote_called(c, next));
	(void)tally_of(tally, c, next);
	if (pl_vote_spends(c))
		(void)snprintf(line, sizeof line,
		               "Most wanted of those not paid for: %s, with %s, for %s.",
		               who.text, tally,
		               pl_vote_money(cost, c, c->e->option.cost[next]));
	else
		(void)snprintf(line, sizeof line, "Runner-up: %s, with %s.", who.text, tally);
	pl_help_wrap(s->to, line, 0, 0);
}

static void say_ties(const screen *s)
{
	const pl_vote_result *r = s->c->r;
	char line[LINE];
	int64_t n = 0;
	for (int64_t i = 0; i < r->n_steps; i++) {
		if (r->step[i].kind != PL_VOTE_STEP_tie) continue;
		if (n++ >= TIES) continue;
		(void)pl_vote_say(line, sizeof line, s->c->e, r, &r->step[i]);
		pl_help_wrap(s->to, line, 0, 2);
	}
	if (n > TIES)
		fprintf(s->to, "Further ties that the order decided: %d.\n", (int)(n - TIES));
	if (s->c->order == NULL) return;
	char who[LINE / 2];
	(void)pl_vote_list(who, sizeof who, s->c, s->c->order, r->n_options, 2 * NAMED);
	(void)snprintf(line, sizeof line, "The lot of seed %lld: %s.", (long long)s->c->seed,
	               who);
	pl_help_wrap(s->to, line, 0, 2);
}

static void put_title(const screen *s)
{
	static const char *const shouted[PL_VOTE_OUTCOMES] = {[PL_VOTE_DECIDED] = "DECIDED",
	                                                      [PL_VOTE_REJECTED] = "REJECTED",
	                                                      [PL_VOTE_BLOCKED] = "BLOCKED",
	                                                      [PL_VOTE_TIED] = "TIED",
	                                                      [PL_VOTE_NO_QUORUM] =
	                                                              "NO QUORUM"};
	const pl_vote_count *c = s->c;
	const char *what = shouted[c->r->outcome];
	const char *title = *c->e->title != '\0' ? c->e->title : c->path;
	const bool good = c->r->outcome == PL_VOTE_DECIDED;
	pl_text_cell(s->to, title, PL_COLUMNS - (int)strlen(what) - 2, false);
	fputs("  ", s->to);
	pl_term_print(s->to, s->colour, good ? PL_GOOD : PL_BAD, "%s\n", what);
}

pl_status pl_vote_screen(FILE *to, const pl_vote_count *c, bool colour, pl_error *err)
{
	screen s = {.c = c, .to = to, .colour = colour};
	const pl_status status = order(&s, err);
	if (status == PL_OK) {
		put_title(&s);
		say_what(&s);
		say_outcome(&s);
		if (c->r->outcome != PL_VOTE_NO_QUORUM) put_table(&s);
		if (c->r->outcome != PL_VOTE_NO_QUORUM) fputc('\n', to);
		say_next(&s);
		say_ties(&s);
	}
	pl_free(s.shown);
	pl_free(s.marks);
	return status;
}
