/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* endgame_glpk_test.c - least disruption against a linear programming solver. */
#include "tests/pl_test.h"

#include <glpk.h>
/* after the harness */
#include "rounds/test_frame.h"

static const double near_best = 1e-4; /* part of what is asked for that may be missed */
static const double solver = 1e-6;    /* what GLPK's own tolerances leave uncertain */

/* Variables: the part of each workplace, then the part kept of what consumers want of each
 * good; rows: goods, use less output at most what is there. */
static double net_use(const test_world *w, int32_t i, int32_t j)
{
	double net = 0;
	for (int64_t k = w->start[i]; k < w->start[i + 1]; k++)
		if (w->good[k] == j)
			net += w->role[k] == PL_MAKES ? -w->quantity[k] : w->quantity[k];
	return net;
}

static void add_workplaces(glp_prob *lp, const test_world *w)
{
	int row[64];
	double value[64];
	for (int32_t i = 0; i < w->frame.n_councils; i++) {
		int n = 0;
		for (int32_t j = 0; j < w->frame.n_goods; j++) {
			const double net = net_use(w, i, j);
			if (net == 0 || w->good_kind[j] == PL_FREE) continue;
			row[++n] = j + 1;
			value[n] = net;
		}
		const bool works = w->council_kind[i] == PL_WORKERS;
		glp_set_mat_col(lp, i + 1, works ? n : 0, row, value);
		glp_set_col_bnds(lp, i + 1, GLP_DB, 0, 1);
	}
}

/* @return value of all that is wanted */
static double add_wants(glp_prob *lp, const test_world *w)
{
	const int32_t n = w->frame.n_councils;
	double all = 0;
	for (int32_t j = 0; j < w->frame.n_goods; j++) {
		double wanted = 0, there = w->held[j];
		for (int64_t k = 0; k < w->frame.n_links; k++) {
			if (w->good[k] != j) continue;
			wanted += w->role[k] == PL_WANTS ? w->quantity[k] : 0;
			there += w->role[k] == PL_OFFERS ? w->quantity[k] : 0;
		}
		const int row[2] = {0, j + 1};
		const double value[2] = {0, wanted};
		glp_set_row_bnds(lp, j + 1, GLP_UP, 0, there);
		glp_set_col_bnds(lp, n + j + 1, GLP_DB, 0, 1);
		if (w->good_kind[j] == PL_FREE) continue;
		glp_set_mat_col(lp, n + j + 1, wanted > 0, row, value);
		glp_set_obj_coef(lp, n + j + 1, w->price[j] * wanted);
		all += w->price[j] * wanted;
	}
	return all;
}

static double least_trimmed(const test_world *w)
{
	glp_prob *lp = glp_create_prob();
	glp_set_obj_dir(lp, GLP_MAX);
	glp_add_rows(lp, w->frame.n_goods);
	glp_add_cols(lp, w->frame.n_councils + w->frame.n_goods);
	add_workplaces(lp, w);
	const double all = add_wants(lp, w);
	CHECK(glp_simplex(lp, NULL) == 0 && glp_get_status(lp) == GLP_OPT);
	const double trimmed = all > 0 ? 1 - glp_get_obj_val(lp) / all : 0;
	glp_delete_prob(lp);
	return trimmed;
}

static void least_disruption_is_the_least_there_is(void)
{
	int cut = 0;
	for (uint64_t seed = 1000; seed < 1300; seed++) {
		test_world w = test_world_hard(seed);
		pl_ending *e = NULL;
		CHECK(pl_rounds_end(&e, PL_END_DISRUPTION, &w.frame, w.price, w.quantity, NULL,
		                    NULL) == PL_OK);
		if (e == NULL) abort();
		const double least = least_trimmed(&w);
		CHECK(e->trimmed >= least - solver && e->trimmed <= least + near_best + solver);
		cut += least > 0.01 && least < 0.99;
		pl_ending_free(e);
		test_world_clear(&w);
	}
	CHECK(cut > 100);
}

int main(void)
{
	glp_term_out(GLP_OFF);
	RUN(least_disruption_is_the_least_there_is);
	return pl_test_failed;
}
