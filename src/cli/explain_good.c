/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* explain_good.c - a price on a screen: what it pays for, who makes it, who asks for it. */
#include "base/alloc.h"
#include "base/error.h"
#include "cli/explain_parts.h"
#include "cli/help.h"
#include "cli/screen.h"
#include "cli/tell.h"
#include "cli/terminal.h"

#include <math.h>

enum { SHOWN = 10 };
static const double as_before = 1e-4; /* a price that moved less has not moved */

/// All that is shown of a good.
typedef struct {
	const pl_told *t;
	int32_t good;
	pl_parts level, whole; ///< where it is made; traced to the end
	pl_party *maker, *asker;
	int32_t n_makers, n_askers;
	double *need; ///< [n_goods] what one unit takes in all
} view;

static void clear(view *v)
{
	pl_parts_free(&v->level);
	pl_parts_free(&v->whole);
	pl_explain_parties_free(v->maker);
	pl_explain_parties_free(v->asker);
	pl_free(v->need);
}

static pl_status work_out(view *v, pl_error *err)
{
	const pl_explain *x = v->t->x;
	const int32_t n = v->t->m->n_goods, j = v->good;
	double *one = pl_alloc(n, sizeof *one);
	v->need = pl_alloc(n, sizeof *v->need);
	pl_status s = PL_OK;
	if (one == NULL || v->need == NULL)
		s = pl_fail(err, PL_ENOMEM, -1, "no memory to explain a price");
	else
		one[j] = 1;
	if (s == PL_OK) s = pl_explain_price(&v->level, x, j, err);
	if (s == PL_OK) s = pl_explain_totals(&v->whole, x, j, err);
	if (s == PL_OK) s = pl_explain_content(v->need, x, one, err);
	if (s == PL_OK) s = pl_explain_parties(&v->maker, &v->n_makers, x, j, true, err);
	if (s == PL_OK) s = pl_explain_parties(&v->asker, &v->n_askers, x, j, false, err);
	pl_free(one);
	return s;
}

/* ---- for people ------------------------------------------------------------------------ */

/// "a loaf", or "one" for a good without a unit.
static const char *one_unit(char out[PL_SAID_CHARS], const pl_model *m, int32_t j)
{
	const char *unit = pl_text_at(m->good.unit, j);
	(void)snprintf(out, PL_SAID_CHARS, "one%s%s", unit[0] != '\0' ? " " : "",
	               pl_text_named(unit).text);
	return out;
}

static double sum(const pl_party *p, int32_t n)
{
	double all = 0;
	for (int32_t k = 0; k < n; k++) all += p[k].quantity;
	return all;
}

static void print_head(const view *v, bool colour)
{
	const pl_model *m = v->t->m;
	char unit[PL_SAID_CHARS], price[PL_HUMAN_CHARS], last[PL_HUMAN_CHARS],
	        change[PL_HUMAN_CHARS], made[PL_SAID_CHARS], asked[PL_SAID_CHARS], line[1024];
	const double now = v->t->claim.price[v->good], before = m->good.price[v->good];
	pl_term_print(stdout, colour, PL_BOLD, "%s\n",
	              pl_text_named(pl_screen_good(m, v->good)).text);
	if (m->good.kind[v->good] == PL_FREE)
		(void)snprintf(line, sizeof line, "It is counted and has no price");
	else if (now == 0)
		(void)snprintf(line, sizeof line,
		               "It is free: there is more than is asked for");
	else if (fabs(now / before - 1) < as_before)
		(void)snprintf(line, sizeof line, "Price: %s credits for %s, as last year",
		               pl_human(price, now), one_unit(unit, m, v->good));
	else
		(void)snprintf(line, sizeof line, "Price: %s credits for %s; last year %s (%s)",
		               pl_human(price, now), one_unit(unit, m, v->good),
		               pl_human(last, before),
		               pl_human_share(change, now / before - 1, true));
	pl_help_sentence(stdout, line);
	(void)snprintf(line, sizeof line, "There are %s; asked for are %s",
	               pl_told_amount(made, m, v->good, sum(v->maker, v->n_makers)),
	               pl_told_amount(asked, m, v->good, sum(v->asker, v->n_askers)));
	pl_help_sentence(stdout, line);
}

static void print_parties(const view *v, const pl_party *p, int32_t n)
{
	const pl_model *m = v->t->m;
	double quantity = 0, share = 0;
	for (int32_t k = 0; k < n; k++) {
		if (k >= SHOWN) {
			quantity += p[k].quantity;
			share += p[k].share;
			continue;
		}
		const char *who =
		        p[k].council >= 0 ? pl_screen_council(m, p[k].council) : "society";
		const char *how =
		        p[k].link >= 0 ? pl_role_name(m->link.role[p[k].link]) : "holds";
		pl_told_row(stdout, who, how, p[k].quantity, p[k].share);
	}
	pl_told_others(stdout, n > SHOWN ? n - SHOWN : 0, quantity, share);
	if (n == 0) fputs("  nobody\n", stdout);
}

static void print_title(const char *left, const char *right, bool colour)
{
	fputc('\n', stdout);
	pl_term_print(stdout, colour, PL_BOLD, "%-60s%11s%8s\n", left, right, "part");
}

static void print_good(const view *v, bool both)
{
	const pl_model *m = v->t->m;
	const bool colour = pl_term_colour(stdout);
	char unit[PL_SAID_CHARS], line[PL_SAID_CHARS + 64];
	print_head(v, colour);
	if (v->level.n > 0 && v->n_makers > 0) {
		(void)one_unit(unit, m, v->good);
		(void)snprintf(line, sizeof line, "Where %.40s is made it pays for", unit);
		print_title(line, "credits", colour);
		pl_told_print(stdout, m, &v->level, SHOWN);
		(void)snprintf(line, sizeof line, "In all, through all makers, %.24s takes",
		               unit);
		print_title(line, "credits", colour);
		pl_told_kinds(stdout, m, &v->whole, colour);
	}
	const char *unit_name = pl_text_named(pl_text_at(m->good.unit, v->good)).text;
	(void)snprintf(line, sizeof line, "%.10s", unit_name);
	print_title("Who makes or holds it", line, colour);
	print_parties(v, v->maker, v->n_makers);
	print_title("Who asks for it", line, colour);
	print_parties(v, v->asker, v->n_askers);
	if (both)
		fputs("\nA council has the same name: add --council to explain that.\n",
		      stdout);
}

/* ---- for programs ---------------------------------------------------------------------- */

static void json_parties(pl_json *j, const char *key, const pl_model *m, const pl_party *p,
                         int32_t n)
{
	pl_json_open_array(j, key);
	for (int32_t k = 0; k < n; k++) {
		pl_json_open_object(j, NULL);
		pl_json_put_text(j, "council",
		                 p[k].council >= 0 ? pl_text_at(m->council.id, p[k].council)
		                                   : NULL);
		pl_json_put_text(j, "role",
		                 p[k].link >= 0 ? pl_role_name(m->link.role[p[k].link]) : NULL);
		pl_json_put_number(j, "quantity", p[k].quantity);
		pl_json_put_number(j, "share", p[k].share);
		pl_json_close_object(j);
	}
	pl_json_close_array(j);
}

static void json_good(const view *v)
{
	const pl_model *m = v->t->m;
	const int32_t g = v->good;
	pl_json j = {.to = stdout};
	pl_json_open_object(&j, NULL);
	pl_json_put_text(&j, "good", pl_text_at(m->good.id, g));
	pl_json_put_text(&j, "name", pl_text_at(m->good.name, g));
	pl_json_put_text(&j, "kind", pl_good_kind_name(m->good.kind[g]));
	pl_json_put_text(&j, "unit", pl_text_at(m->good.unit, g));
	pl_json_put_number(&j, "price", v->t->claim.price[g]);
	pl_json_put_number(&j, "last_price", m->good.price[g]);
	pl_json_put_number(&j, "supply", sum(v->maker, v->n_makers));
	pl_json_put_number(&j, "demand", sum(v->asker, v->n_askers));
	pl_told_json(&j, "made_of", m, &v->level);
	pl_told_json(&j, "in_all", m, &v->whole);
	pl_json_open_array(&j, "content");
	for (int32_t i = 0; i < m->n_goods; i++) {
		if (!(v->need[i] > 0)) continue;
		pl_json_open_object(&j, NULL);
		pl_json_put_text(&j, "good", pl_text_at(m->good.id, i));
		pl_json_put_number(&j, "quantity", v->need[i]);
		pl_json_close_object(&j);
	}
	pl_json_close_array(&j);
	json_parties(&j, "supplied_by", m, v->maker, v->n_makers);
	json_parties(&j, "asked_by", m, v->asker, v->n_askers);
	pl_json_put_text(&j, "version", PL_VERSION);
	pl_json_close_object(&j);
}

int pl_explain_show_good(const pl_args *a, const pl_told *t, const pl_meant *what)
{
	view v = {.t = t, .good = what->good};
	pl_error err;
	int code = PL_EXIT_GOOD;
	if (work_out(&v, &err) != PL_OK)
		code = pl_tell_error(a, &err);
	else if (pl_args_has(a, PL_O_json))
		json_good(&v);
	else if (!pl_args_has(a, PL_O_quiet))
		print_good(&v, what->both);
	clear(&v);
	return code;
}
