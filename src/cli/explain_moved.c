/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* explain_moved.c - whose change moved a price from one plan to another. */
#include "base/error.h"
#include "cli/explain_parts.h"
#include "cli/help.h"
#include "cli/screen.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "model/schedule.h"

#include <math.h>
#include <string.h>

enum { SHOWN = 10 };
static const double no_move = 1e-9; /* relative: plans differ by as much in rounding */
static const double very_little = 1e-4;
static const double unclear = 0.01; /* part of a difference that nobody's change explains */

/// Two plans and what is known of the difference.
typedef struct {
	const pl_told *before, *after;
	int32_t good;
	pl_causes causes;
} view;

static const char *name_of(const view *v, const pl_cause *c)
{
	const bool gone = c->after < 0;
	const pl_model *m = gone ? v->before->m : v->after->m;
	const int32_t i = gone ? c->before : c->after;
	if (c->kind == PL_CAUSE_CHOICE) return "nobody's change";
	return c->kind == PL_CAUSE_SUPPLY ? pl_screen_good(m, i) : pl_screen_council(m, i);
}

/// The link of a council of one economy with the same good and role in the other, or -1.
static int64_t same_link(const pl_model *m, int32_t council, const pl_model *other, int64_t k)
{
	for (int64_t l = m->link.start[council]; l < m->link.start[council + 1]; l++)
		if (m->link.role[l] == other->link.role[k] &&
		    strcmp(pl_text_at(m->good.id, m->link.good[l]),
		           pl_text_at(other->good.id, other->link.good[k])) == 0)
			return l;
	return -1;
}

/// Columns of the table of causes.
enum { NAME_WIDTH = 28, WHY_WIDTH = 31 };

/// "wants 80, not 64 Bread", of the link whose amount changed most; the good where it fits.
static bool changed_link(char out[PL_SAID_CHARS], const view *v, const pl_cause *c)
{
	const pl_model *a = v->before->m, *b = v->after->m;
	double most = 0;
	for (int64_t k = b->link.start[c->after]; k < b->link.start[c->after + 1]; k++) {
		const int64_t l = same_link(a, c->before, b, k);
		const double old = l >= 0 ? a->link.amount[l] : 0, now = b->link.amount[k],
		             change = fabs(now - old) / fmax(now, old);
		char from[PL_HUMAN_CHARS], to[PL_HUMAN_CHARS];
		if (!(change > most)) continue;
		most = change;
		const char *name = pl_screen_good(b, b->link.good[k]);
		const int n = snprintf(out, PL_SAID_CHARS, "%s %s, not %s",
		                       pl_role_name(b->link.role[k]), pl_human(to, now),
		                       pl_human(from, old));
		if (n + 1 + pl_text_width(name) <= WHY_WIDTH)
			(void)snprintf(out + n, PL_SAID_CHARS - (size_t)n, " %s", name);
	}
	return most > 0;
}

/// "capacity 4 300, not 4 600": the first of its abilities that changed, or its income.
static bool changed_number(char out[PL_SAID_CHARS], const view *v, const pl_cause *c)
{
	const pl_model *a = v->before->m, *b = v->after->m;
	const pl_schedule schedule = (pl_schedule)b->council.schedule[c->after];
	double old = a->council.income[c->before], now = b->council.income[c->after];
	const char *name = "income";
	char from[PL_HUMAN_CHARS], to[PL_HUMAN_CHARS];
	if (a->council.schedule[c->before] != schedule) {
		(void)snprintf(out, PL_SAID_CHARS, "answers by %s",
		               pl_schedule_name((int)schedule));
		return true;
	}
	for (int slot = PL_PARAM_SLOTS - 1; slot >= 0; slot--) {
		const pl_param_about *about = pl_param_in(schedule, slot);
		const double x = a->council.param[slot][c->before],
		             y = b->council.param[slot][c->after];
		if (about == NULL || x == y) continue;
		name = about->name;
		old = x;
		now = y;
	}
	if (!(old != now) || isnan(old) || isnan(now)) return false;
	(void)snprintf(out, PL_SAID_CHARS, "%s %s, not %s", name,
	               isinf(now) ? "without end" : pl_human(to, now),
	               isinf(old) ? "without end" : pl_human(from, old));
	return true;
}

static const char *why(char out[PL_SAID_CHARS], const view *v, const pl_cause *c)
{
	const pl_model *a = v->before->m, *b = v->after->m;
	char from[PL_HUMAN_CHARS], to[PL_HUMAN_CHARS];
	if (c->kind == PL_CAUSE_CHOICE)
		(void)snprintf(out, PL_SAID_CHARS, "other prices would do as well");
	else if (c->kind == PL_CAUSE_SUPPLY)
		(void)snprintf(out, PL_SAID_CHARS, "there are %s, not %s",
		               pl_human(to, b->good.supply[c->after]),
		               pl_human(from, a->good.supply[c->before]));
	else if (c->before < 0)
		(void)snprintf(out, PL_SAID_CHARS, "is new");
	else if (c->after < 0)
		(void)snprintf(out, PL_SAID_CHARS, "is gone");
	else if (!changed_number(out, v, c) && !changed_link(out, v, c))
		(void)snprintf(out, PL_SAID_CHARS, "its goods count differently");
	return out;
}

/// A change of the price, in credits and as a part of what it was.
static void print_row(const view *v, const char *name, const char *reason, double credits)
{
	char text[PL_HUMAN_CHARS];
	const double share = credits / v->causes.before;
	fputs("  ", stdout);
	pl_text_cell(stdout, name, NAME_WIDTH, false);
	fputc(' ', stdout);
	pl_text_cell(stdout, reason, WHY_WIDTH, false);
	pl_text_cell(stdout, pl_human(text, credits), 9, true);
	pl_text_cell(stdout,
	             !isfinite(share)            ? ""
	             : fabs(share) < very_little ? "<0.01 %"
	                                         : pl_human_share(text, share, true),
	             9, true);
	fputc('\n', stdout);
}

static void print_causes(const view *v, bool colour)
{
	const pl_causes *c = &v->causes;
	const double least = no_move * fmax(c->before, c->after);
	double rest = 0;
	int64_t shown = 0, others = 0;
	fputc('\n', stdout);
	pl_term_print(stdout, colour, PL_BOLD, "%-62s%9s%9s\n", "Whose change moved it",
	              "credits", "change");
	for (int32_t k = 0; k < c->n; k++) {
		char reason[PL_SAID_CHARS];
		if (fabs(c->cause[k].credits) < least) continue;
		if (shown++ < SHOWN) {
			print_row(v, name_of(v, &c->cause[k]), why(reason, v, &c->cause[k]),
			          c->cause[k].credits);
			continue;
		}
		others++;
		rest += c->cause[k].credits;
	}
	if (others > 0) {
		char text[64];
		(void)snprintf(text, sizeof text,
		               others == 1 ? "and %lld other" : "and %lld others",
		               (long long)others);
		print_row(v, text, "", rest);
	}
}

static void print_moved(const view *v)
{
	const pl_causes *c = &v->causes;
	const bool colour = pl_term_colour(stdout);
	char from[PL_HUMAN_CHARS], to[PL_HUMAN_CHARS], share[PL_HUMAN_CHARS], line[512];
	const double by = c->after - c->before;
	pl_term_print(stdout, colour, PL_BOLD, "%s\n",
	              pl_text_named(pl_screen_good(v->after->m, v->good)).text);
	if (fabs(by) <= no_move * fmax(c->before, c->after)) {
		(void)snprintf(line, sizeof line, "The price is %s in both plans",
		               pl_human(to, c->after));
		pl_help_sentence(stdout, line);
		return;
	}
	(void)snprintf(line, sizeof line, "The price went from %s to %s%s%s%s",
	               pl_human(from, c->before), pl_human(to, c->after),
	               c->before > 0 ? " (" : "",
	               c->before > 0 ? pl_human_share(share, by / c->before, true) : "",
	               c->before > 0 ? ")" : "");
	pl_help_sentence(stdout, line);
	print_causes(v, colour);
	for (int32_t k = 0; k < c->n; k++)
		if (c->cause[k].kind == PL_CAUSE_CHOICE &&
		    fabs(c->cause[k].credits) > unclear * fabs(by))
			pl_help_sentence(stdout,
			                 "part of it is nobody's change: at these plans other "
			                 "prices would do as well, or the plans are rough");
}

static void json_moved(const view *v)
{
	static const char *const kind[] = {"council", "supply", "choice"};
	const pl_causes *c = &v->causes;
	pl_json j = {.to = stdout};
	pl_json_open_object(&j, NULL);
	pl_json_put_text(&j, "good", pl_text_at(v->after->m->good.id, v->good));
	pl_json_put_number(&j, "before", c->before);
	pl_json_put_number(&j, "after", c->after);
	pl_json_open_array(&j, "causes");
	for (int32_t k = 0; k < c->n; k++) {
		const pl_cause *cause = &c->cause[k];
		const bool gone = cause->after < 0, supply = cause->kind == PL_CAUSE_SUPPLY;
		const pl_model *m = gone ? v->before->m : v->after->m;
		const pl_text ids = supply ? m->good.id : m->council.id;
		pl_json_open_object(&j, NULL);
		pl_json_put_text(&j, "kind", kind[cause->kind]);
		pl_json_put_text(
		        &j, "id",
		        cause->kind == PL_CAUSE_CHOICE
		                ? NULL
		                : pl_text_at(ids, gone ? cause->before : cause->after));
		pl_json_put_number(&j, "credits", cause->credits);
		pl_json_close_object(&j);
	}
	pl_json_close_array(&j);
	pl_json_put_text(&j, "version", PL_VERSION);
	pl_json_close_object(&j);
}

/// The good in the economy before, by its id.
static pl_status find_before(int32_t *out, const view *v, pl_error *err)
{
	const pl_model *m = v->before->m;
	const char *id = pl_text_at(v->after->m->good.id, v->good);
	for (*out = 0; *out < m->n_goods; (*out)++)
		if (strcmp(pl_text_at(m->good.id, *out), id) == 0) return PL_OK;
	return pl_fail(err, PL_ENOTFOUND, -1, "\"%.200s\" is new: there was no price before",
	               id);
}

int pl_explain_show_moved(const pl_args *a, const pl_told *before, const pl_told *after,
                          int32_t good)
{
	view v = {.before = before, .after = after, .good = good};
	int32_t there;
	pl_error err;
	if (find_before(&there, &v, &err) != PL_OK ||
	    pl_explain_difference(&v.causes, before->x, after->x, there, &err) != PL_OK)
		return pl_tell_error(a, &err);
	if (pl_args_has(a, PL_O_json))
		json_moved(&v);
	else if (!pl_args_has(a, PL_O_quiet))
		print_moved(&v);
	pl_causes_free(&v.causes);
	return PL_EXIT_GOOD;
}
