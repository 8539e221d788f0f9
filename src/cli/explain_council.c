/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* explain_council.c - a council on a screen: what it pays for and gets, and why. */
#include "base/alloc.h"
#include "base/error.h"
#include "cli/explain_parts.h"
#include "cli/help.h"
#include "cli/screen.h"
#include "cli/tell.h"
#include "cli/terminal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 10, CATEGORIES = 8 };

/// A flow of the council.
typedef struct {
	int64_t link;
	double worth; ///< credits
} flow;

/// What is spent on goods of a category: the first word of its path.
typedef struct {
	const char *name;
	int length;
	double worth;
} category;

typedef struct {
	const pl_told *t;
	int32_t council;
	flow *in, *out; ///< used or wanted; made or offered, by falling worth
	int32_t n_in, n_out;
	category *category;
	int32_t n_categories;
	pl_earnings earn;
	pl_parts whole; ///< of what it uses or wants, traced to the end
} view;

static int by_worth(const void *a, const void *b)
{
	const flow *x = a, *y = b;
	if (x->worth != y->worth) return x->worth < y->worth ? 1 : -1;
	return x->link < y->link ? -1 : x->link > y->link;
}

static int by_spending(const void *a, const void *b)
{
	const category *x = a, *y = b;
	if (x->worth != y->worth) return x->worth < y->worth ? 1 : -1;
	return strcmp(x->name, y->name);
}

static void add_category(view *v, int32_t good, double worth)
{
	const char *path = pl_text_at(v->t->m->good.category, good);
	const int length = (int)strcspn(path, "/");
	int32_t k = 0;
	while (k < v->n_categories && (v->category[k].length != length ||
	                               strncmp(v->category[k].name, path, (size_t)length) != 0))
		k++;
	if (k == v->n_categories) v->category[v->n_categories++] = (category){path, length, 0};
	v->category[k].worth += worth;
}

static void collect(view *v, double *basket)
{
	const pl_model *m = v->t->m;
	for (int64_t k = m->link.start[v->council]; k < m->link.start[v->council + 1]; k++) {
		const int32_t j = m->link.good[k];
		const double q = v->t->claim.quantity[k], worth = v->t->claim.price[j] * q;
		const bool adds = m->link.role[k] == PL_MAKES || m->link.role[k] == PL_OFFERS;
		if (!(q > 0)) continue;
		if (adds) {
			v->out[v->n_out++] = (flow){k, worth};
			continue;
		}
		v->in[v->n_in++] = (flow){k, worth};
		basket[j] += q;
		add_category(v, j, worth);
	}
	qsort(v->in, (size_t)v->n_in, sizeof *v->in, by_worth);
	qsort(v->out, (size_t)v->n_out, sizeof *v->out, by_worth);
	qsort(v->category, (size_t)v->n_categories, sizeof *v->category, by_spending);
}

static pl_status work_out(view *v, pl_error *err)
{
	const pl_model *m = v->t->m;
	const int64_t links = m->link.start[v->council + 1] - m->link.start[v->council];
	double *basket = pl_alloc(m->n_goods, sizeof *basket);
	v->in = pl_alloc(links, sizeof *v->in);
	v->out = pl_alloc(links, sizeof *v->out);
	v->category = pl_alloc(links, sizeof *v->category);
	v->earn = pl_explain_council(v->t->x, v->council);
	pl_status s = PL_OK;
	if (basket == NULL || v->in == NULL || v->out == NULL || v->category == NULL)
		s = pl_fail(err, PL_ENOMEM, -1, "no memory to explain a council");
	if (s == PL_OK) {
		collect(v, basket);
		s = pl_explain_basket(&v->whole, v->t->x, basket, err);
	}
	pl_free(basket);
	return s;
}

static void clear(view *v)
{
	pl_free(v->in);
	pl_free(v->out);
	pl_free(v->category);
	pl_parts_free(&v->whole);
}

/* ---- for people ------------------------------------------------------------------------ */

static void print_title(const char *left, bool colour)
{
	fputc('\n', stdout);
	pl_term_print(stdout, colour, PL_BOLD, "%-60s%11s%8s\n", left, "credits", "part");
}

static void print_flows(const view *v, const flow *f, int32_t n)
{
	const pl_model *m = v->t->m;
	double whole = 0, rest = 0;
	for (int32_t k = 0; k < n; k++) whole += f[k].worth;
	for (int32_t k = 0; k < n; k++) {
		char why[PL_SAID_CHARS];
		const int32_t j = m->link.good[f[k].link];
		const pl_part part = {PL_PART_INPUT,
		                      j,
		                      -1,
		                      v->t->claim.quantity[f[k].link],
		                      f[k].worth,
		                      whole > 0 ? f[k].worth / whole : NAN};
		if (k >= SHOWN)
			rest += f[k].worth;
		else
			pl_told_row(stdout, pl_screen_good(m, j), pl_told_why(why, m, &part),
			            part.credits, part.share);
	}
	pl_told_others(stdout, n > SHOWN ? n - SHOWN : 0, rest, whole > 0 ? rest / whole : NAN);
}

static bool is_worker(const view *v)
{
	return v->t->m->council.kind[v->council] == PL_WORKERS;
}

static bool is_affected(const view *v)
{
	return v->t->m->council.schedule[v->council] == PL_S_affected;
}

static void print_head(const view *v, bool colour)
{
	const pl_model *m = v->t->m;
	const int32_t i = v->council, home = m->council.community[i];
	char line[1024], members[PL_HUMAN_CHARS] = "", where[PL_BRIEF_ROOM] = "";
	const double people = m->council.members[i];
	pl_term_print(stdout, colour, PL_BOLD, "%s\n",
	              pl_text_named(pl_screen_council(m, i)).text);
	if (!isnan(people)) (void)pl_human(members, people);
	if (home >= 0) {
		const char *name = pl_text_at(m->community.name, home);
		if (name[0] == '\0') name = pl_text_at(m->community.id, home);
		(void)snprintf(where, sizeof where, ", %.200s", pl_text_named(name).text);
	}
	(void)snprintf(line, sizeof line, "%s%s%s%s%s",
	               pl_council_kind_name(m->council.kind[i]), members[0] != '\0' ? ", " : "",
	               members, members[0] != '\0' ? " people" : "", where);
	pl_help_sentence(stdout, line);
}

/// Where a workplace's benefit goes.
static void print_balance(const view *v, bool colour)
{
	const pl_earnings *e = &v->earn;
	char line[512], ratio[PL_HUMAN_CHARS];
	const double made = e->made;
	print_title("Where the worth of it goes", colour);
	pl_told_row(stdout, "to what it uses", "at the prices of the plan", e->used,
	            e->used / made);
	if (e->effort > 0)
		pl_told_row(stdout,
		            is_affected(v) ? "to make up for the damage" : "to its effort",
		            "as declared", e->effort, e->effort / made);
	if (fabs(e->capacity) > 1e-12 * made)
		pl_told_row(stdout, "left: it works at its limit", "society wants more of it",
		            e->capacity, e->capacity / made);
	if (fabs(e->returns) > 1e-12 * made)
		pl_told_row(stdout, "left: its cost rises", "its last unit costs most",
		            e->returns, e->returns / made);
	if (e->used > 0) {
		(void)snprintf(
		        line, sizeof line,
		        "Benefit over cost: %s. What is left is paid to nobody; it says how "
		        "much one would gain if it could do more",
		        pl_human_share(ratio, made / e->used, false));
		pl_help_sentence(stdout, line);
	}
}

static void print_categories(const view *v, bool colour)
{
	double rest = 0;
	const double whole = v->earn.used;
	if (v->n_categories < 2) return;
	print_title("The same by category", colour);
	for (int32_t k = 0; k < v->n_categories; k++) {
		const category *c = &v->category[k];
		char name[128];
		(void)snprintf(name, sizeof name, "%.*s", c->length < 100 ? c->length : 100,
		               c->length > 0 ? c->name : "other");
		if (c->length == 0) (void)snprintf(name, sizeof name, "without a category");
		if (k >= CATEGORIES)
			rest += c->worth;
		else
			pl_told_row(stdout, name, "", c->worth,
			            whole > 0 ? c->worth / whole : NAN);
	}
	pl_told_others(stdout, v->n_categories > CATEGORIES ? v->n_categories - CATEGORIES : 0,
	               rest, whole > 0 ? rest / whole : NAN);
}

static void print_income(const view *v)
{
	char line[512], income[PL_HUMAN_CHARS], cost[PL_HUMAN_CHARS], share[PL_HUMAN_CHARS];
	const double has = v->t->m->council.income[v->council],
	             net = v->earn.used - v->earn.made;
	if (isnan(has))
		(void)snprintf(line, sizeof line, "What it asks for costs society %s credits",
		               pl_human(cost, net));
	else
		(void)snprintf(line, sizeof line,
		               "Income %s credits; what it asks for costs %s (%s)",
		               pl_human(income, has), pl_human(cost, net),
		               pl_human_share(share, net / has, false));
	pl_help_sentence(stdout, line);
}

static void print_council(const view *v)
{
	const bool colour = pl_term_colour(stdout), worker = is_worker(v);
	print_head(v, colour);
	if (!worker && !is_affected(v)) print_income(v);
	if (v->n_in == 0 && v->n_out == 0) {
		fputs("It has no part in this plan: it makes, uses and asks for nothing.\n",
		      stdout);
		return;
	}
	if (v->n_out > 0) {
		print_title(worker ? "What it makes" : "What it offers", colour);
		print_flows(v, v->out, v->n_out);
	}
	if (v->n_in > 0) {
		print_title(worker ? "What it uses" : "What it gets", colour);
		print_flows(v, v->in, v->n_in);
	}
	if (v->earn.made > 0 && (worker || is_affected(v))) print_balance(v, colour);
	if (!worker) print_categories(v, colour);
	if (v->n_in > 0) {
		print_title("In all, through all makers, this takes", colour);
		pl_told_kinds(stdout, v->t->m, &v->whole, colour);
	}
}

/* ---- for programs ---------------------------------------------------------------------- */

static void json_flows(pl_json *j, const char *key, const view *v, const flow *f, int32_t n)
{
	const pl_model *m = v->t->m;
	pl_json_open_array(j, key);
	for (int32_t k = 0; k < n; k++) {
		const int32_t good = m->link.good[f[k].link];
		pl_json_open_object(j, NULL);
		pl_json_put_text(j, "good", pl_text_at(m->good.id, good));
		pl_json_put_text(j, "role", pl_role_name(m->link.role[f[k].link]));
		pl_json_put_number(j, "quantity", v->t->claim.quantity[f[k].link]);
		pl_json_put_number(j, "price", v->t->claim.price[good]);
		pl_json_put_number(j, "credits", f[k].worth);
		pl_json_close_object(j);
	}
	pl_json_close_array(j);
}

static void json_council(const view *v)
{
	const pl_model *m = v->t->m;
	const int32_t i = v->council;
	pl_json j = {.to = stdout};
	pl_json_open_object(&j, NULL);
	pl_json_put_text(&j, "council", pl_text_at(m->council.id, i));
	pl_json_put_text(&j, "name", pl_text_at(m->council.name, i));
	pl_json_put_text(&j, "kind", pl_council_kind_name(m->council.kind[i]));
	pl_json_put_text(&j, "schedule", pl_schedule_name(m->council.schedule[i]));
	pl_json_put_number(&j, "income", m->council.income[i]);
	pl_json_put_number(&j, "made", v->earn.made);
	pl_json_put_number(&j, "used", v->earn.used);
	pl_json_put_number(&j, "effort", v->earn.effort);
	pl_json_put_number(&j, "capacity", v->earn.capacity);
	pl_json_put_number(&j, "returns", v->earn.returns);
	json_flows(&j, "gives", v, v->out, v->n_out);
	json_flows(&j, "gets", v, v->in, v->n_in);
	pl_told_json(&j, "in_all", m, &v->whole);
	pl_json_put_text(&j, "version", PL_VERSION);
	pl_json_close_object(&j);
}

int pl_explain_show_council(const pl_args *a, const pl_told *t, int32_t council)
{
	view v = {.t = t, .council = council};
	pl_error err;
	int code = PL_EXIT_GOOD;
	if (work_out(&v, &err) != PL_OK)
		code = pl_tell_error(a, &err);
	else if (pl_args_has(a, PL_O_json))
		json_council(&v);
	else if (!pl_args_has(a, PL_O_quiet))
		print_council(&v);
	clear(&v);
	return code;
}
