/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/rounds_screen.h"

#include "base/elementary.h"
#include "cli/help.h"
#include "cli/screen.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "report/top.h"

#include <math.h>
#include <string.h>

enum { NAME = 24, SHARE = 6, PANEL = 39, GAP = 2, ROWS = 5, LINE = 2048 };
static const double none = 1e-5;  /* nobody notices that this part was cut */
static const double moved = 1e-3; /* a price that moved less is not shown */

/* ---- rounds -------------------------------------------------------------------------------
 */

void pl_rounds_print_head(FILE *to, int32_t year, bool colour)
{
	if (year > 0)
		pl_term_print(to, colour, PL_BOLD, "%sYear %d\n", year > 1 ? "\n" : "",
		              (int)year);
	pl_term_print(to, colour, PL_BOLD, "%5s  %-*s%8s  goods out of balance by more than\n",
	              "Round", NAME, "Furthest from balance", "by");
	pl_term_print(to, colour, PL_BOLD, "%5s  %*s%*s%*s%*s%*s%*s%10s\n", "", NAME + 8, "",
	              SHARE + 1, "20 %", SHARE, "10 %", SHARE, "5 %", SHARE, "3 %", SHARE,
	              "1 %", "in all");
}

/// A share in a few columns: "100%", "0.2%", "" for 0.
static const char *short_share(char out[PL_HUMAN_CHARS], double share)
{
	const double percent = 100 * share;
	if (share == 0) return "-";
	(void)snprintf(out, PL_HUMAN_CHARS,
	               percent >= 9.95    ? "%.0f%%"
	               : percent >= 0.095 ? "%.1f%%"
	                                  : "<0.1%%",
	               percent);
	return out;
}

void pl_rounds_print_row(FILE *to, const pl_model *m, const pl_round *round, double tolerance,
                         bool remark, bool colour)
{
	char text[PL_HUMAN_CHARS];
	const bool good = round->worst <= tolerance;
	fprintf(to, "%5d  ", (int)round->number);
	pl_text_cell(to, round->worst_good >= 0 ? pl_screen_good(m, round->worst_good) : "none",
	             NAME, false);
	pl_term_print(to, colour, good ? PL_GOOD : PL_PLAIN, "%8s ",
	              pl_human_share(text, round->worst, false));
	for (int b = 0; b < PL_BOUNDS; b++)
		pl_text_cell(to, short_share(text, round->above[b]), SHARE, true);
	pl_text_cell(to, pl_human_share(text, round->total, false), 10, true);
	fputc('\n', to);
	if (remark && round->remark[0] != '\0') {
		fputs("       ", to);
		pl_help_wrap(to, round->remark, 7, 7);
	}
	(void)fflush(to);
}

/* ---- why a price moved ---------------------------------------------------------------------
 */

/// A line of a move; a part of 0 leaves its cell empty.
static void print_part(FILE *to, const char *name, const char *what, double part)
{
	char text[PL_HUMAN_CHARS];
	const int wide = pl_text_width(what);
	fputs("         ", to);
	pl_text_cell(to, name, 30, false);
	fputc(' ', to);
	pl_text_cell(to, what, part == 0 && wide < 30 ? wide : 30, false);
	if (part != 0) pl_text_cell(to, pl_human_share(text, pl_exp(part) - 1, true), 9, true);
	fputc('\n', to);
}

static void print_mover(FILE *to, const pl_model *m, int32_t good, const pl_mover *who)
{
	char what[LINE], number[PL_HUMAN_CHARS];
	const char *unit = pl_text_at(m->good.unit, good);
	/* who only makes or offers the good surprises by supplying less */
	bool supplies = true;
	for (int64_t k = m->link.start[who->council]; k < m->link.start[who->council + 1]; k++)
		supplies =
		        supplies && (m->link.good[k] != good || m->link.role[k] == PL_MAKES ||
		                     m->link.role[k] == PL_OFFERS);
	const double more = supplies ? -who->surprise : who->surprise;
	(void)snprintf(what, sizeof what, "%s %s%s%s %s", supplies ? "gives" : "asks",
	               pl_human(number, fabs(more)), unit[0] != '\0' ? " " : "",
	               pl_text_named(unit).text, more >= 0 ? "more" : "less");
	print_part(to, pl_screen_council(m, who->council), what, who->part);
}

void pl_rounds_print_move(FILE *to, const pl_model *m, int32_t good, const pl_move *move,
                          bool colour)
{
	enum { SHOWN = 4 };
	static const double worth_a_line = 5e-5;
	char a[PL_HUMAN_CHARS], b[PL_HUMAN_CHARS], c[PL_HUMAN_CHARS], others[64];
	double rest = 0;
	int32_t shown = 0;
	fputs("       ", to);
	pl_term_print(to, colour, PL_BOLD, "%s: %s -> %s (%s)",
	              pl_text_named(pl_screen_good(m, good)).text, pl_human(a, move->before),
	              pl_human(b, move->after),
	              pl_human_share(c, move->after / move->before - 1, true));
	fprintf(to, "%s\n",
	        move->n == 0    ? ""
	        : move->expects ? ", against what the rule expected"
	                        : ", against the round before");
	for (int32_t k = 0; k < move->n; k++) {
		const pl_mover *who = &move->mover[k];
		const bool silent = who->part == 0; /* all went through other goods */
		if (shown < SHOWN && (silent || fabs(who->part) > worth_a_line)) {
			print_mover(to, m, good, who);
			shown++;
		} else {
			rest += who->part;
		}
	}
	(void)snprintf(others, sizeof others, "%s others", shown > 0 ? "all" : "councils, all");
	if (fabs(rest) > worth_a_line) print_part(to, others, "", rest);
	if (fabs(move->known) > worth_a_line)
		print_part(to, "out of balance before that", "", move->known);
	if (fabs(move->others) > worth_a_line)
		print_part(to, "through other goods", "", move->others);
}

/* ---- years ---------------------------------------------------------------------------------
 */

void pl_rounds_print_year_head(FILE *to, bool colour)
{
	fputc('\n', to);
	pl_term_print(to, colour, PL_BOLD, "%4s  %-12s%9s   announcements until all within\n",
	              "Year", "ended", "rounds");
	pl_term_print(to, colour, PL_BOLD, "%27s%*s%*s%*s%*s%*s%10s%10s\n", "", SHARE + 1,
	              "20 %", SHARE, "10 %", SHARE, "5 %", SHARE, "3 %", SHARE, "1 %", "growth",
	              "loss");
}

void pl_rounds_print_year(FILE *to, const pl_year_line *y)
{
	char text[PL_HUMAN_CHARS];
	fprintf(to, "%4d  %-12s%9d ", (int)y->number, pl_outcome_name(y->outcome),
	        (int)y->rounds);
	for (int b = 0; b < PL_BOUNDS; b++) {
		if (y->rounds_to[b] > 0)
			fprintf(to, "%*d", SHARE, (int)y->rounds_to[b]);
		else
			fprintf(to, "%*s", SHARE, "-");
	}
	fprintf(to, "%10s", isnan(y->growth) ? "-" : pl_human_share(text, y->growth, true));
	fprintf(to, "%10s", isnan(y->loss) ? "-" : pl_human_share(text, y->loss, false));
	fputc('\n', to);
}

/* ---- the end -------------------------------------------------------------------------------
 */

static void print_title(FILE *to, const pl_rounds_end_facts *f)
{
	const bool good = f->rounds->outcome == PL_CLEARED;
	const char *name = f->m->name[0] != '\0' ? f->m->name : f->economy;
	char a[48], b[48], c[48], line[LINE];
	const char *result =
	        good ? "the rounds end in balance" : "the rounds end without balance";
	const int left = PL_COLUMNS - pl_text_width(result) - 2;
	fputc('\n', to);
	pl_text_cell(to, name, pl_text_width(name) < left ? pl_text_width(name) : left, false);
	fputs(": ", to);
	pl_term_print(to, f->colour, good ? PL_GOOD : PL_BAD, "%s\n", result);
	(void)snprintf(line, sizeof line, "%s, %s; rule %s, councils %s; %s, %.2g s",
	               pl_tell_count(a, f->m->n_goods, "good", "goods"),
	               pl_tell_count(b, f->m->n_councils, "council", "councils"), f->rule,
	               pl_text_named(f->behaviour).text,
	               pl_tell_count(c, f->rounds->n_rounds, "announcement", "announcements"),
	               f->seconds);
	pl_help_wrap(to, line, 0, 0);
	if (!good) pl_help_sentence(to, f->rounds->reason);
}

/// Bounds are nested: the first that was never reached is followed by others like it.
static void print_bounds(FILE *to, const pl_rounds_end_facts *f)
{
	char line[LINE] = "Rounds until all goods were within", share[PL_HUMAN_CHARS];
	const int32_t *n = f->rounds->rounds_to;
	if (n[0] == 0) (void)snprintf(line, sizeof line, "Some good");
	size_t used = strlen(line);
	for (int b = 0; b < PL_BOUNDS; b++) {
		pl_human_share(share, pl_bound[b], false);
		if (n[b] > 0)
			(void)snprintf(line + used, sizeof line - used, "%s %s: %d",
			               b > 0 ? "," : "", share, (int)n[b]);
		else
			(void)snprintf(
			        line + used, sizeof line - used,
			        b > 0 ? "; never within %s"
			              : " was more than %s out of balance in every round",
			        share);
		used += strlen(line + used);
		if (n[b] == 0) break;
	}
	(void)snprintf(line + used, sizeof line - used, ".");
	pl_help_wrap(to, line, 0, 0);
}

/// A part of nearly all: "99.7 %".
static const char *kept_share(char out[PL_HUMAN_CHARS], double share)
{
	static const double much = 0.9, all = 1 - 5e-7;
	if (share < much || share >= all) return pl_human_share(out, share, false);
	int digits = 1;
	for (double left = 1 - share; left < 0.005 && digits < 4; left *= 10) digits++;
	(void)snprintf(out, PL_HUMAN_CHARS, "%.*f %%", digits, 100 * share);
	return out;
}

/// @param more does something follow at the right?
static void left_row(FILE *to, const pl_rounds_end_facts *f, const pl_top *t, int k, bool more)
{
	char text[PL_HUMAN_CHARS];
	if (k >= t->n) {
		fprintf(to, "%-*s", PANEL, k == 0 ? "none" : "");
	} else {
		pl_text_cell(to, pl_screen_good(f->m, t->index[k]), PANEL - 9, false);
		pl_text_cell(to, pl_human_share(text, t->key[k], false), 9, true);
	}
	if (more) fprintf(to, "%*s", GAP, "");
}

static void right_row(FILE *to, const pl_rounds_end_facts *f, const pl_top *t, int k)
{
	char text[PL_HUMAN_CHARS];
	if (k >= t->n) {
		if (k == 0) fputs("none by 0.1 % or more", to);
		return;
	}
	const int32_t j = t->index[k];
	const double now = f->rounds->price[j], then = f->start[j];
	pl_text_cell(to, pl_screen_good(f->m, j), 13, false);
	pl_text_cell(to, pl_human(text, then), 9, true);
	pl_text_cell(to, pl_human(text, now), 9, true);
	pl_text_cell(to, pl_human_share(text, now / then - 1, true), 8, true);
}

/// Goods furthest from balance in the last round, and prices that moved most over all.
static void print_goods(FILE *to, const pl_rounds_end_facts *f)
{
	pl_top far = {.most = ROWS}, most = {.most = ROWS};
	for (int32_t j = 0; j < f->m->n_goods; j++) {
		const double now = f->rounds->price[j];
		if (f->m->good.kind[j] == PL_FREE) continue;
		if (f->rounds->imbalance[j] > 0) pl_top_offer(&far, j, f->rounds->imbalance[j]);
		if (now > 0 && fabs(now / f->start[j] - 1) >= moved)
			pl_top_offer(&most, j, fabs(pl_log(now / f->start[j])));
	}
	fputc('\n', to);
	pl_term_print(to, f->colour, PL_BOLD, "%-*s%*s%-13s%9s%9s%8s\n", PANEL,
	              "Furthest from balance at the end", GAP, "", "Prices moved", "first",
	              "last", "change");
	for (int k = 0; k == 0 || k < far.n || k < most.n; k++) {
		left_row(to, f, &far, k, k == 0 || k < most.n);
		right_row(to, f, &most, k);
		fputc('\n', to);
	}
}

/// "Of what people asked for, 99 % is kept, by value. The least keeps ..."
static void say_consumers(char *line, size_t room, const pl_rounds_end_facts *f)
{
	char a[PL_HUMAN_CHARS], b[PL_HUMAN_CHARS], c[PL_HUMAN_CHARS];
	const pl_ending *e = f->ending;
	if (e->trimmed <= none) {
		(void)snprintf(
		        line, room,
		        e->trimmed > 0
		                ? "Everybody gets all that they asked for but for less than "
		                  "a thousandth of a percent."
		                : "Everybody gets all that they asked for.");
		return;
	}
	(void)snprintf(line, room,
	               "Of what people asked for, %s of the value had to be cut (%s). %s keeps "
	               "least, %s; the councils' parts differ by %s.",
	               pl_human_share(a, e->trimmed, false), f->end,
	               e->least_council >= 0
	                       ? pl_text_named(pl_screen_council(f->m, e->least_council)).text
	                       : "Nobody",
	               kept_share(b, e->least_kept), pl_human_share(c, e->spread, false));
}

static void say_workplaces(char *line, size_t room, const pl_rounds_end_facts *f)
{
	char a[48], b[PL_HUMAN_CHARS], c[PL_HUMAN_CHARS];
	int32_t n = 0, works = 0, least = -1;
	for (int32_t i = 0; i < f->m->n_councils; i++) {
		if (f->m->council.kind[i] != PL_WORKERS) continue;
		works++;
		if (f->ending->kept[i] >= 1 - none) continue;
		n++;
		if (least < 0 || f->ending->kept[i] < f->ending->kept[least]) least = i;
	}
	line[0] = '\0';
	if (n > 0)
		(void)snprintf(line, room, " %s of %s %s less than proposed, %s least, at %s.",
		               pl_human(c, n),
		               pl_tell_count(a, works, "workplace", "workplaces"),
		               n == 1 ? "works" : "work",
		               pl_text_named(pl_screen_council(f->m, least)).text,
		               kept_share(b, f->ending->kept[least]));
}

static void print_loss(FILE *to, const pl_rounds_end_facts *f)
{
	char line[LINE], share[PL_HUMAN_CHARS];
	if (isnan(f->loss)) return;
	if (f->loss > none)
		(void)snprintf(
		        line, sizeof line,
		        "Next to the best plan of the schedules in the tables that is a loss "
		        "of %s of all consumption%s.",
		        pl_human_share(share, f->loss, false),
		        f->others
		                ? "; these councils produce in other ways, and their own best "
		                  "plan is another"
		                : "");
	else
		(void)snprintf(line, sizeof line,
		               "No plan of the schedules in the tables is better.");
	pl_help_wrap(to, line, 0, 0);
}

static void print_fairness(FILE *to, const pl_rounds_end_facts *f)
{
	char line[LINE];
	if (f->ending == NULL) return;
	say_consumers(line, sizeof line, f);
	const size_t used = strlen(line);
	say_workplaces(line + used, sizeof line - used, f);
	fputc('\n', to);
	pl_help_wrap(to, line, 0, 0);
	print_loss(to, f);
	if (f->best_reason != NULL) {
		(void)snprintf(
		        line, sizeof line,
		        "At no prices could all of it be met: %.600s (plenum plan tells who "
		        "is in it)",
		        f->best_reason);
		pl_help_sentence(to, line);
	}
}

void pl_rounds_print_end(FILE *to, const pl_rounds_end_facts *f)
{
	print_title(to, f);
	print_bounds(to, f);
	print_goods(to, f);
	print_fairness(to, f);
	if (f->out != NULL)
		fprintf(to, "All of it is in %s: open report.html there to look at it\n",
		        f->out);
	else
		fprintf(to, "All of it as tables: plenum rounds %s --out DIR\n", f->economy);
}

void pl_rounds_print_choices(FILE *to, const pl_model *m, const pl_choice *of, int n,
                             bool colour)
{
	enum { WHO = PL_COLUMNS - 55 };
	char text[PL_HUMAN_CHARS];
	fputc('\n', to);
	pl_term_print(to, colour, PL_BOLD, "%-17s%8s%9s%9s%10s  %s\n", "Plans to vote on",
	              "kept", "least", "spread", "loss", "who keeps least");
	for (int k = 0; k < n; k++) {
		const int32_t who = of[k].least_council;
		const char *name = who >= 0 ? pl_screen_council(m, who) : "nobody is trimmed";
		const int width = pl_text_width(name);
		fprintf(to, "%-17s", of[k].name);
		pl_text_cell(to, kept_share(text, of[k].kept), 8, true);
		pl_text_cell(to, kept_share(text, of[k].least_kept), 9, true);
		pl_text_cell(to, pl_human_share(text, of[k].spread, false), 9, true);
		pl_text_cell(to,
		             isnan(of[k].loss) ? "-" : pl_human_share(text, of[k].loss, false),
		             10, true);
		fputs("  ", to);
		pl_text_cell(to, name, width < WHO ? width : WHO, false);
		fputc('\n', to);
	}
}
