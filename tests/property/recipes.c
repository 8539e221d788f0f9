/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* recipes.c - made-up economies of recipes, and what GLPK says of them. */
#include "tests/property/recipes.h"
#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NONE = (double)INFINITY; /* no capacity */
enum { MOST = 16 };                          /* goods a technique touches */

typedef struct {
	int32_t makes, n, good[MOST];
	double units[MOST]; /* > 0 made; good[0] == makes */
	double effort, share, base, capacity;
} technique;

typedef struct {
	econ_random r;
	recipe_kind kind;
	bool bare; /* DEGENERATE: nothing left over anywhere, one technique a product;
	              SHORT: a product's capacities are cut, not an endowment */
	int32_t n_products, n_goods, n;
	technique *of; /* [n], techniques of a product together */
	int32_t cut;   /* SHORT: the good that falls short */
	double *net;   /* [n_goods] of the base plan */
} maker;

static double rounded(const maker *w, double x, double unit)
{
	return w->kind == TIES ? unit * fmax(1, round(x / unit)) : x;
}

static void touch(technique *t, int32_t good, double units)
{
	for (int32_t k = 0; k < t->n; k++)
		if (t->good[k] == good) return;
	t->good[t->n] = good;
	t->units[t->n++] = units;
}

static technique new_technique(maker *w, int32_t product)
{
	technique t = {.makes = product};
	const int32_t naturals = w->n_goods - w->n_products;
	const int32_t parts = 2 + econ_below(&w->r, 5), used = 1 + econ_below(&w->r, 3);
	const double all = econ_uniform(&w->r, 0.2, 0.6);
	touch(&t, product, 1);
	for (int32_t k = 0; k < parts; k++) {
		const double a = all / parts * econ_uniform(&w->r, 0.3, 1.5);
		touch(&t, econ_below(&w->r, w->n_products), -rounded(w, a, 0.05));
	}
	for (int32_t k = 0; k < used; k++)
		touch(&t, w->n_products + econ_below(&w->r, naturals),
		      -rounded(w, econ_uniform(&w->r, 0.1, 0.8), 0.1));
	if (econ_chance(&w->r, 0.15))
		touch(&t, econ_below(&w->r, w->n_products),
		      rounded(w, econ_uniform(&w->r, 0.05, 0.5), 0.1));
	t.effort = econ_chance(&w->r, 0.2) ? 0 : rounded(w, econ_uniform(&w->r, 0, 1), 0.1);
	t.share = econ_chance(&w->r, 0.7) ? econ_uniform(&w->r, 0.1, 1) : 0;
	return t;
}

static void add_techniques(maker *w)
{
	const bool few = w->kind == DEGENERATE && w->bare;
	w->of = econ_array(4 * (int64_t)w->n_products, sizeof *w->of);
	for (int32_t j = 0; j < w->n_products; j++) {
		const int32_t first = w->n, n = few ? 1 : 1 + econ_below(&w->r, 4);
		double sum = 0;
		while (w->n < first + n) {
			w->of[w->n] = new_technique(w, j);
			sum += w->of[w->n++].share;
		}
		if (sum == 0) sum = w->of[first].share = 1;
		for (int32_t k = first; k < w->n; k++) w->of[k].share /= sum;
	}
}

static void add_up(maker *w)
{
	memset(w->net, 0, (size_t)w->n_goods * sizeof *w->net);
	for (int32_t i = 0; i < w->n; i++)
		for (int32_t k = 0; k < w->of[i].n; k++)
			w->net[w->of[i].good[k]] += w->of[i].units[k] * w->of[i].base;
}

/* Activities that make about the wanted net outputs: any will do, so few passes suffice. */
static void find_base(maker *w)
{
	double *want = econ_array(w->n_products, sizeof *want);
	for (int32_t j = 0; j < w->n_products; j++)
		want[j] = econ_chance(&w->r, 0.8) ? econ_uniform(&w->r, 1, 10) : 0;
	for (int32_t pass = 0; pass < 40; pass++) {
		add_up(w);
		for (int32_t i = 0; i < w->n; i++) {
			const double more = want[w->of[i].makes] - w->net[w->of[i].makes];
			w->of[i].base = fmax(0, w->of[i].base + w->of[i].share * more);
		}
	}
	add_up(w);
	free(want);
}

static void limit(maker *w, technique *t)
{
	const bool none = !econ_chance(&w->r, w->kind == SHORT ? 0.95 : 0.7);
	const double room = econ_uniform(&w->r, 1, 1.6);
	t->capacity = none ? NONE : t->base * room + 0.01;
	if (w->kind == DEGENERATE && !none && econ_chance(&w->r, 0.5)) t->capacity = t->base;
	if (w->kind == TIES) t->capacity = ceil(t->capacity);
	if (w->kind == SHORT) t->capacity = fmin(t->capacity, 1.3 * t->base + 0.01);
	if (w->kind == SHORT && w->bare && t->makes == w->cut) t->capacity = 0.2 * t->base;
}

static double endowment(maker *w, int32_t j)
{
	const double used = -w->net[j];
	double e = used * econ_uniform(&w->r, 1.01, 1.5);
	if (w->kind == DEGENERATE && w->bare) return used;
	if (w->kind == DEGENERATE && econ_chance(&w->r, 0.6)) e = used;
	if (econ_chance(&w->r, w->kind == SLACK ? 0.8 : 0.2)) e = 10 * used;
	return w->kind == TIES ? ceil(e) : e;
}

static void add_recipe(econ *e, const technique *t)
{
	const int32_t i = econ_add_council(e, PL_S_recipe);
	e->council[i].param[PL_P_recipe_effort] = t->effort;
	e->council[i].param[PL_P_recipe_capacity] = t->capacity;
	for (int32_t k = 0; k < t->n; k++)
		econ_add_link(e, t->good[k], t->units[k] > 0 ? PL_MAKES : PL_USES,
		              fabs(t->units[k]));
}

/* Some councils ask for what the base plan makes; a negative request is net supply. */
static void add_requests(maker *w, econ *e)
{
	int32_t left = 0;
	for (int32_t j = 0; j < w->n_products; j++) {
		double r = w->net[j];
		if (w->kind != DEGENERATE && r > 0) r *= 0.98;
		if (w->kind == TIES) r = floor(r);
		if (fabs(r) < (w->kind == DEGENERATE ? 1e-12 : 1e-3)) continue; /* rounding */
		if (left == 0) {
			econ_add_council(e, PL_S_request);
			left = 1 + econ_below(&w->r, w->n_products / 3);
		}
		left--;
		econ_add_link(e, j, PL_WANTS, r);
	}
}

static void fill(maker *w, econ *e)
{
	static const pl_good_kind KIND[] = {PL_LABOUR, PL_RESOURCE, PL_CAPITAL};
	for (int32_t j = 0; j < w->n_goods; j++) {
		const bool made = j < w->n_products;
		const double held = made ? 0 : endowment(w, j);
		econ_add_good(e, made ? PL_PRODUCT : KIND[econ_below(&w->r, 3)], 1,
		              w->kind == SHORT && j == w->cut ? 0.05 * held : held);
	}
	for (int32_t i = 0; i < w->n; i++) {
		limit(w, &w->of[i]);
		add_recipe(e, &w->of[i]);
	}
	add_requests(w, e);
}

econ recipes_new(uint64_t seed, int32_t n_goods, recipe_kind kind)
{
	econ e = {0};
	maker w = {.r = econ_seed(seed), .kind = kind, .n_goods = n_goods};
	w.n_products = n_goods - n_goods / 6 - 1;
	w.bare = econ_chance(&w.r, 0.3);
	w.net = econ_array(n_goods, sizeof *w.net);
	w.cut = w.bare ? econ_below(&w.r, w.n_products)
	               : w.n_products + econ_below(&w.r, n_goods - w.n_products);
	add_techniques(&w);
	find_base(&w);
	fill(&w, &e);
	free(w.of);
	free(w.net);
	return e;
}

/* ---- GLPK ---- */

typedef struct {
	glp_prob *lp;
	double *bound; /* [n_goods] demand of requests less endowment */
	double *wants; /* [n_goods] positive requests alone */
	int *at, n;    /* entries of the matrix, from 1 */
	int *column;
	double *value;
} program;

static void enter(program *a, int row, int column, double value)
{
	a->n++;
	a->at[a->n] = row;
	a->column[a->n] = column;
	a->value[a->n] = value;
}

/* Rows are goods, columns 1 .. n_councils are activities (0 for who has none). */
static program program_of(const econ *e)
{
	program a = {.lp = glp_create_prob()};
	const int64_t room = e->n_links + e->n_goods + 1;
	a.bound = econ_array(e->n_goods, sizeof *a.bound);
	a.wants = econ_array(e->n_goods, sizeof *a.wants);
	a.at = econ_array(room, sizeof *a.at);
	a.column = econ_array(room, sizeof *a.column);
	a.value = econ_array(room, sizeof *a.value);
	glp_add_rows(a.lp, e->n_goods);
	glp_add_cols(a.lp, e->n_councils + 1);
	for (int32_t j = 0; j < e->n_goods; j++) a.bound[j] = -e->good[j].supply;
	for (int64_t k = 0; k < e->n_links; k++) {
		const econ_link *l = &e->link[k];
		if (e->council[l->council].schedule == PL_S_recipe) {
			enter(&a, l->good + 1, l->council + 1, econ_side(l) * l->amount);
			continue;
		}
		a.bound[l->good] += l->amount;
		a.wants[l->good] += fmax(0, l->amount);
	}
	for (int32_t i = 0; i < e->n_councils; i++) {
		const bool recipe = e->council[i].schedule == PL_S_recipe;
		const double most = recipe ? e->council[i].param[PL_P_recipe_capacity] : 0;
		const int how = !(most < NONE) ? GLP_LO : most > 0 ? GLP_DB : GLP_FX;
		glp_set_col_bnds(a.lp, i + 1, how, 0, how == GLP_DB ? most : 0);
		if (recipe)
			glp_set_obj_coef(a.lp, i + 1, e->council[i].param[PL_P_recipe_effort]);
	}
	glp_set_col_bnds(a.lp, e->n_councils + 1, GLP_FX, 0, 0);
	return a;
}

static void program_free(program *a)
{
	glp_delete_prob(a->lp);
	free(a->bound);
	free(a->wants);
	free(a->at);
	free(a->column);
	free(a->value);
}

static int solve(program *a)
{
	glp_smcp how;
	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.tol_bnd = 1e-10;
	how.tol_dj = 1e-10;
	how.presolve = GLP_ON;
	glp_load_matrix(a->lp, a->n, a->at, a->column, a->value);
	const int rc = glp_simplex(a->lp, &how);
	if (rc == GLP_ENOPFS) return GLP_NOFEAS;
	if (rc != 0) return GLP_UNDEF;
	return glp_get_status(a->lp);
}

lp_answer lp_least_effort(const econ *e, const bool *only, double ease, double *slack)
{
	program a = program_of(e);
	for (int32_t j = 0; j < e->n_goods; j++)
		glp_set_row_bnds(a.lp, j + 1, only == NULL || only[j] ? GLP_LO : GLP_FR,
		                 a.bound[j] - ease * (e->good[j].supply + a.wants[j]), 0);
	const int status = solve(&a);
	lp_answer answer = {status == GLP_OPT || status == GLP_NOFEAS, status == GLP_OPT,
	                    status == GLP_OPT ? glp_get_obj_val(a.lp) : 0};
	for (int32_t j = 0; answer.feasible && slack != NULL && j < e->n_goods; j++)
		slack[j] = glp_get_row_prim(a.lp, j + 1) - a.bound[j];
	program_free(&a);
	return answer;
}

double lp_most_met(const econ *e)
{
	program a = program_of(e);
	for (int32_t j = 0; j < e->n_goods; j++) {
		glp_set_row_bnds(a.lp, j + 1, GLP_LO, a.bound[j] - a.wants[j], 0);
		if (a.wants[j] > 0) enter(&a, j + 1, e->n_councils + 1, -a.wants[j]);
	}
	for (int32_t i = 0; i < e->n_councils; i++) glp_set_obj_coef(a.lp, i + 1, 0);
	glp_set_obj_dir(a.lp, GLP_MAX);
	glp_set_obj_coef(a.lp, e->n_councils + 1, 1);
	glp_set_col_bnds(a.lp, e->n_councils + 1, GLP_DB, 0, 10);
	const int status = solve(&a);
	const double met = status == GLP_OPT ? glp_get_obj_val(a.lp) : -1;
	program_free(&a);
	return met;
}

void lp_end(void)
{
	glp_free_env();
}
