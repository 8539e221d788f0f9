/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/screen.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "cli/help.h"
#include "cli/tell.h"
#include "cli/terminal.h"

#include <math.h>
#include <string.h>

enum { PANEL = 39, GAP = 2, ROWS = 5, TAKES = 3, LINE = 2048 };
enum { AMOUNT_ROOM = PL_HUMAN_CHARS + PL_BRIEF_ROOM };
static const double near_limit = 1e-6; /* a limit binds when this share of it or less is left */
static const double moved = 1e-3;      /* a price that moved less is not shown */

/// The few largest of many, by falling key, then rising index.
typedef struct {
	int n;
	int64_t found; ///< offered in all
	int32_t index[ROWS];
	double key[ROWS];
} top;

/// All that the panels draw on.
typedef struct {
	const pl_model *m;
	const pl_plan *p;
	double *made; ///< [n_goods] units that councils make
	top goods, prices, councils, tight;
	int32_t free_goods; ///< of price 0 although somebody uses them
	bool workplaces;    ///< there are no consumers: the councils are workplaces
} view;

typedef struct {
	const char *title;
	void (*row)(FILE *to, const view *v, int k); ///< prints PANEL columns
	int rows;
	const char *none; ///< what stands there when there are no rows
} panel;

static void offer(top *t, int32_t index, double key)
{
	int at = t->n;
	t->found++;
	while (at > 0 && t->key[at - 1] < key) at--;
	if (at == ROWS) return;
	const int kept = t->n < ROWS ? t->n : ROWS - 1;
	for (int i = kept; i > at; i--) {
		t->index[i] = t->index[i - 1];
		t->key[i] = t->key[i - 1];
	}
	t->index[at] = index;
	t->key[at] = key;
	t->n = kept + 1;
}

const char *pl_screen_good(const pl_model *m, int32_t good)
{
	const char *name = pl_text_at(m->good.name, good);
	return name[0] != '\0' ? name : pl_text_at(m->good.id, good);
}

const char *pl_screen_council(const pl_model *m, int32_t council)
{
	const char *name = pl_text_at(m->council.name, council);
	return name[0] != '\0' ? name : pl_text_at(m->council.id, council);
}

/// "120 loaf", or "120" for a good without a unit.
static const char *amount(char *out, size_t room, const pl_model *m, int32_t good, double x)
{
	char number[PL_HUMAN_CHARS];
	const char *unit = pl_text_at(m->good.unit, good);
	(void)snprintf(out, room, "%s%s%s", pl_human(number, x), unit[0] != '\0' ? " " : "",
	               pl_text_named(unit).text);
	return out;
}

static void look_at_goods(view *v)
{
	const pl_model *m = v->m;
	for (int64_t k = 0; k < m->n_links; k++)
		if (m->link.role[k] == PL_MAKES) v->made[m->link.good[k]] += v->p->quantity[k];
	for (int32_t j = 0; j < m->n_goods; j++) {
		const double price = v->p->price[j], last = m->good.price[j];
		const int kind = m->good.kind[j];
		if (kind != PL_FREE && v->made[j] > 0) offer(&v->goods, j, price * v->made[j]);
		if (kind != PL_FREE && price == 0 && v->p->demand[j] > 0) v->free_goods++;
		if (price > 0 && fabs(price / last - 1) >= moved)
			offer(&v->prices, j, fabs(pl_log(price / last)));
		if (price > 0 && m->good.supply[j] > 0 &&
		    v->p->demand[j] >= m->good.supply[j] * (1 - near_limit))
			offer(&v->tight, j, price * m->good.supply[j]);
	}
}

/// Does a workplace work at its capacity?
static bool at_capacity(const view *v, int32_t i)
{
	if (v->m->council.schedule[i] != PL_S_recipe) return false;
	const double capacity = v->m->council.param[PL_P_recipe_capacity][i];
	return isfinite(capacity) && capacity > 0 &&
	       v->p->activity[i] >= capacity * (1 - near_limit);
}

/// Net worth of what a workplace makes; the councils in `tight` are stored as -1 - council.
static void look_at_councils(view *v)
{
	const pl_model *m = v->m;
	bool consumers = false;
	for (int32_t i = 0; i < m->n_councils; i++)
		consumers = consumers || (m->council.kind[i] != PL_WORKERS &&
		                          m->council.schedule[i] != PL_S_affected);
	v->workplaces = !consumers;
	for (int32_t i = 0; i < m->n_councils; i++) {
		const bool worker = m->council.kind[i] == PL_WORKERS;
		const double worth = worker ? v->p->benefit[i] : v->p->cost[i];
		if (worker == v->workplaces && m->council.schedule[i] != PL_S_affected)
			offer(&v->councils, i, isnan(worth) ? 0 : worth);
		if (worker && at_capacity(v, i)) {
			const double rent = v->p->benefit[i] - v->p->cost[i];
			offer(&v->tight, -1 - i, isnan(rent) ? 0 : rent);
		}
	}
}

static void made_row(FILE *to, const view *v, int k)
{
	const int32_t j = v->goods.index[k];
	char number[PL_HUMAN_CHARS];
	pl_text_cell(to, pl_screen_good(v->m, j), 20, false);
	pl_text_cell(to, pl_human(number, v->made[j]), 11, true);
	fputc(' ', to);
	pl_text_cell(to, pl_text_at(v->m->good.unit, j), 7, false);
}

static void price_row(FILE *to, const view *v, int k)
{
	char number[PL_HUMAN_CHARS], line[96];
	if (k == v->prices.n || (k == ROWS - 1 && v->free_goods > 0)) {
		(void)snprintf(line, sizeof line,
		               v->free_goods == 1 ? "%d good free: more than enough of it"
		                                  : "%d goods free: more than enough",
		               (int)v->free_goods);
		pl_text_cell(to, line, PANEL, false);
		return;
	}
	const int32_t j = v->prices.index[k];
	const double now = v->p->price[j], last = v->m->good.price[j];
	pl_text_cell(to, pl_screen_good(v->m, j), 14, false);
	pl_text_cell(to, pl_human(number, last), 8, true);
	fputc(' ', to);
	pl_text_cell(to, pl_human(number, now), 7, true);
	fputc(' ', to);
	pl_text_cell(to, pl_human_share(number, now / last - 1, true), 8, true);
}

static void council_row(FILE *to, const view *v, int k)
{
	const int32_t i = v->councils.index[k];
	char number[PL_HUMAN_CHARS];
	const double worth = v->workplaces ? v->p->benefit[i] : v->p->cost[i];
	pl_text_cell(to, pl_screen_council(v->m, i), 21, false);
	pl_text_cell(to, isnan(worth) ? "" : pl_human(number, worth), 11, true);
	const double ratio = v->p->ratio[i];
	pl_text_cell(to, isnan(ratio) ? "" : pl_human_share(number, ratio, false), 7, true);
}

static void tight_row(FILE *to, const view *v, int k)
{
	const int32_t which = v->tight.index[k];
	char text[AMOUNT_ROOM + 16], quantity[AMOUNT_ROOM];
	const char *name =
	        which >= 0 ? pl_screen_good(v->m, which) : pl_screen_council(v->m, -1 - which);
	if (which >= 0)
		(void)snprintf(text, sizeof text, " all %s",
		               amount(quantity, sizeof quantity, v->m, which,
		                      v->m->good.supply[which]));
	else
		(void)snprintf(text, sizeof text, " at its capacity");
	const int width = pl_text_width(text) < PANEL - 16 ? pl_text_width(text) : PANEL - 16;
	pl_text_cell(to, name, PANEL - width, false);
	pl_text_cell(to, text, width, true);
}

static void print_row(FILE *to, const view *v, const panel *p, int k)
{
	if (k < p->rows)
		p->row(to, v, k);
	else
		fprintf(to, "%-*s", PANEL, k == 0 ? p->none : "");
}

static void print_panels(FILE *to, const view *v, panel left, panel right, bool colour)
{
	const int most = left.rows > right.rows ? left.rows : right.rows;
	fputc('\n', to);
	pl_term_print(to, colour, PL_BOLD, "%-*s%*s%s\n", PANEL, left.title, GAP, "",
	              right.title);
	for (int k = 0; k == 0 || k < most; k++) {
		print_row(to, v, &left, k);
		if (k == 0 || k < right.rows) {
			fprintf(to, "%*s", GAP, "");
			print_row(to, v, &right, k);
		}
		fputc('\n', to);
	}
}

/// What it takes: the labour and resources of the largest worth.
static void print_takes(FILE *to, const view *v)
{
	top t = {0};
	char line[LINE] = "It takes: ";
	size_t used = strlen(line);
	for (int32_t j = 0; j < v->m->n_goods; j++) {
		const int kind = v->m->good.kind[j];
		if ((kind == PL_LABOUR || kind == PL_RESOURCE) && v->p->demand[j] > 0)
			offer(&t, j, v->p->price[j] * v->p->demand[j]);
	}
	for (int k = 0; k < t.n && k < TAKES; k++) {
		const int32_t j = t.index[k];
		char need[PL_HUMAN_CHARS], have[AMOUNT_ROOM];
		(void)snprintf(line + used, sizeof line - used, "%s%s %s of %s",
		               k > 0 ? "; " : "", pl_text_named(pl_screen_good(v->m, j)).text,
		               pl_human(need, v->p->demand[j]),
		               amount(have, sizeof have, v->m, j, v->p->supply[j]));
		used += strlen(line + used);
	}
	if (t.n > 0) pl_help_wrap(to, line, 0, 0);
}

/// "Valley federation, 2027: what came of it", the name cut where the line would be too long.
static void print_head(FILE *to, const pl_model *m, const pl_screen_facts *f, bool good,
                       const char *result)
{
	const char *name = m->name[0] != '\0' ? m->name : f->economy;
	char period[PL_BRIEF_ROOM + 8] = "";
	if (m->period[0] != '\0')
		(void)snprintf(period, sizeof period, ", %s", pl_text_named(m->period).text);
	const int left = PL_COLUMNS - pl_text_width(period) - pl_text_width(result) - 2;
	const int width = pl_text_width(name) < left ? pl_text_width(name) : left;
	pl_text_cell(to, name, width, false);
	fprintf(to, "%s: ", period);
	pl_term_print(to, f->colour, good ? PL_GOOD : PL_BAD, "%s\n", result);
}

static void print_title(FILE *to, const view *v, const pl_screen_facts *f)
{
	const pl_model *m = v->m;
	const bool good = v->p->outcome == PL_CLEARED;
	char a[48], b[48], c[48];
	print_head(to, m, f, good, good ? "a plan that fits" : "the plan is not finished");
	fprintf(to, "%s, %s, %s; ", pl_tell_count(a, m->n_goods, "good", "goods"),
	        pl_tell_count(b, m->n_councils, "council", "councils"),
	        pl_tell_count(c, m->n_links, "link", "links"));
	fprintf(to, "%s, %s, %.2g s\n", pl_tell_count(a, v->p->steps, "step", "steps"),
	        pl_tell_count(b, v->p->sweeps, "sweep", "sweeps"), f->seconds);
}

/// The certificate in words.
static void print_proof(FILE *to, const view *v)
{
	const pl_plan *p = v->p;
	char line[LINE], worst[PL_BRIEF_ROOM + 8] = "";
	if (p->worst_good >= 0)
		(void)snprintf(worst, sizeof worst, " (%s)",
		               pl_text_named(pl_screen_good(v->m, p->worst_good)).text);
	if (p->outcome == PL_CLEARED)
		(void)snprintf(
		        line, sizeof line,
		        "Proof: no good is out of balance by more than %.1e%s, and at these "
		        "prices no council could do better by more than %.1e of all that "
		        "flows. Recomputed by a check that shares no code with the planner.",
		        p->worst_imbalance, worst, p->gap);
	else
		(void)snprintf(line, sizeof line, "%s. The gap is %.1e of all that flows.",
		               p->reason, p->gap);
	fputc('\n', to);
	pl_help_sentence(to, line);
}

/// Where to look next: a command to copy, so it is never wrapped.
static void print_next(FILE *to, const pl_screen_facts *f)
{
	if (f->out != NULL)
		fprintf(to, "All of it is in %s: open report.html there to look at it\n",
		        f->out);
	else
		fprintf(to, "All of it as tables: plenum plan %s --out DIR\n", f->economy);
}

pl_status pl_screen_plan(FILE *to, const pl_model *m, const pl_plan *p,
                         const pl_screen_facts *facts, pl_error *err)
{
	view v = {.m = m, .p = p, .made = pl_alloc(m->n_goods, sizeof(double))};
	if (v.made == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to show the plan");
	look_at_goods(&v);
	look_at_councils(&v);
	print_title(to, &v, facts);
	print_takes(to, &v);
	int prices = v.prices.n + (v.free_goods > 0);
	if (prices > ROWS) prices = ROWS;
	print_panels(to, &v,
	             (panel){"What is made most, by worth", made_row, v.goods.n, "nothing"},
	             (panel){"Prices moved    before     now  change", price_row, prices,
	                     "none by 0.1 % or more"},
	             facts->colour);
	print_panels(to, &v,
	             (panel){v.workplaces ? "What each makes            worth /cost"
	                                  : "What each council gets     worth income",
	                     council_row, v.councils.n, "there are none"},
	             (panel){"Where it is tight", tight_row, v.tight.n, "nowhere"},
	             facts->colour);
	print_proof(to, &v);
	print_next(to, facts);
	pl_free(v.made);
	return PL_OK;
}

/// One sentence about a party to the conflict.
static void print_conflict(FILE *to, const pl_model *m, const pl_conflict *c)
{
	char asked[AMOUNT_ROOM], met[AMOUNT_ROOM], share[PL_HUMAN_CHARS], line[LINE];
	const pl_brief good = pl_text_named(c->good >= 0 ? pl_screen_good(m, c->good) : ""),
	               who = pl_text_named(c->council >= 0 ? pl_screen_council(m, c->council)
	                                                   : "");
	if (c->limits && c->council < 0)
		(void)snprintf(line, sizeof line, "there is no more than %s of %s",
		               amount(asked, sizeof asked, m, c->good, c->asked), good.text);
	else if (c->limits)
		(void)snprintf(line, sizeof line, "%s can work at %s at most", who.text,
		               pl_human(asked, c->asked));
	else
		(void)snprintf(
		        line, sizeof line, "%s asks for %s of %s; %s can be had (%s)", who.text,
		        amount(asked, sizeof asked, m, c->good, c->asked), good.text,
		        amount(met, sizeof met, m, c->good, c->met),
		        pl_human_share(share, c->asked > 0 ? c->met / c->asked : 1, false));
	fputs("  ", to);
	pl_help_wrap(to, line, 2, 4);
}

/// The part of the least met request.
static double least_met(const pl_plan *p)
{
	double least = 1;
	for (int32_t k = 0; k < p->n_conflicts; k++) {
		const pl_conflict *c = &p->conflict[k];
		if (!c->limits && c->asked > 0 && c->met / c->asked < least)
			least = c->met / c->asked;
	}
	return least;
}

/* How far the nearest plan meets what is asked for, where it does so least. */
static const char *nearest_in_words(char *text, size_t size, const pl_plan *p)
{
	char share[PL_HUMAN_CHARS];
	const double least = least_met(p);
	if (least < 0.005) return "In the nearest plan nothing can be had of some of it";
	if (least > 0.9995)
		return "The nearest plan meets each of these requests but for a trace";
	(void)snprintf(text, size,
	               "The nearest plan meets each of these requests to at least %s",
	               pl_human_share(share, least, false));
	return text;
}

void pl_screen_conflict(FILE *to, const pl_model *m, const pl_plan *p,
                        const pl_screen_facts *facts)
{
	char line[LINE], text[LINE - 128], share[PL_HUMAN_CHARS];
	enum { GOODS_SHOWN = 6, PARTIES_SHOWN = 10 };
	print_head(to, m, facts, false, "no plan fits");
	pl_help_sentence(to, p->reason);
	if (p->n_scarce > 0) fputs("\nGoods in conflict, and their part in it:\n", to);
	for (int32_t k = 0; k < p->n_scarce && k < GOODS_SHOWN; k++) {
		fputs("  ", to);
		pl_text_cell(to, pl_screen_good(m, p->scarce[k]), 40, false);
		pl_text_cell(to, pl_human_share(share, p->scarce_weight[k], false), 8, true);
		fputc('\n', to);
	}
	if (p->n_scarce > GOODS_SHOWN)
		fprintf(to, "  and %d more\n", p->n_scarce - GOODS_SHOWN);
	if (p->n_conflicts > 0) fputs("\nWho is in it:\n", to);
	for (int32_t k = 0; k < p->n_conflicts && k < PARTIES_SHOWN; k++)
		print_conflict(to, m, &p->conflict[k]);
	if (p->n_conflicts > PARTIES_SHOWN)
		fprintf(to, "  and %d more\n", p->n_conflicts - PARTIES_SHOWN);
	(void)snprintf(line, sizeof line,
	               "%s%s. Ask for that much less, or find more of the goods above.",
	               nearest_in_words(text, sizeof text, p),
	               facts->out != NULL ? " (it was written)" : "");
	fputc('\n', to);
	pl_help_wrap(to, line, 0, 0);
}
