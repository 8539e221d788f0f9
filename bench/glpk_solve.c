/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* glpk_solve FOLDER simplex|interior SECONDS - the least effort that meets the requests of a
 * recipe economy, by GLPK: min effort . z, net output . z >= requests - endowments, 0 <= z <=
 * capacity. Prints one JSON object; `seconds` is the solve alone. The interior method knows no
 * limit of time; whoever starts it may end it. */
#include "base/alloc.h"
#include "io/economy.h"

#include <glpk.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Column i + 1 is council i; councils that only request have none of their own rows. */
static void add_column(glp_prob *lp, const pl_model *m, int32_t i, int *row, double *value)
{
	const double most = m->council.param[PL_P_recipe_capacity][i];
	int n = 0;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
		const double sign = m->link.role[k] == PL_MAKES ? 1 : -1;
		const int j = m->link.good[k] + 1;
		int at = 1;
		while (at <= n && row[at] != j) at++;
		if (at > n) {
			n = at;
			row[n] = j;
			value[n] = 0;
		}
		value[at] += sign * m->link.amount[k];
	}
	glp_set_mat_col(lp, i + 1, n, row, value);
	glp_set_col_bnds(lp, i + 1, isinf(most) ? GLP_LO : most > 0 ? GLP_DB : GLP_FX, 0, most);
	glp_set_obj_coef(lp, i + 1, m->council.param[PL_P_recipe_effort][i]);
}

/// What requests ask for above what society holds.
static void add_requests(double *needed, const pl_model *m, int32_t i)
{
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
		needed[m->link.good[k]] +=
		        m->link.role[k] == PL_OFFERS ? -m->link.amount[k] : m->link.amount[k];
}

static bool is_linear(const pl_model *m, int32_t i)
{
	return m->council.schedule[i] == PL_S_recipe &&
	       m->council.param[PL_P_recipe_slope][i] == 0;
}

/// @return false where some council is neither a recipe without slope nor a request
static bool fill(glp_prob *lp, const pl_model *m, double *needed, int *row, double *value)
{
	glp_add_rows(lp, m->n_goods);
	glp_add_cols(lp, m->n_councils);
	for (int32_t j = 0; j < m->n_goods; j++) needed[j] = -m->good.supply[j];
	for (int32_t i = 0; i < m->n_councils; i++) {
		glp_set_col_bnds(lp, i + 1, GLP_FX, 0, 0);
		if (is_linear(m, i))
			add_column(lp, m, i, row, value);
		else if (m->council.schedule[i] == PL_S_request)
			add_requests(needed, m, i);
		else
			return false;
	}
	for (int32_t j = 0; j < m->n_goods; j++)
		glp_set_row_bnds(lp, j + 1, m->good.kind[j] == PL_FREE ? GLP_FR : GLP_LO,
		                 needed[j], 0);
	return true;
}

static const char *solve(glp_prob *lp, bool interior, int limit, double *objective)
{
	if (interior) {
		const int failed = glp_interior(lp, NULL);
		*objective = glp_ipt_obj_val(lp);
		return failed == 0 && glp_ipt_status(lp) == GLP_OPT ? "optimal" : "failed";
	}
	glp_smcp how;
	glp_init_smcp(&how);
	how.presolve = GLP_ON;
	how.tm_lim = 1000 * limit;
	const int failed = glp_simplex(lp, &how);
	*objective = glp_get_obj_val(lp);
	if (failed == GLP_ETMLIM) return "limit";
	return failed == 0 && glp_get_status(lp) == GLP_OPT ? "optimal" : "failed";
}

int main(int argc, char **argv)
{
	pl_model *m = NULL;
	pl_settings settings = pl_settings_preset();
	pl_error err;
	const int limit = argc == 4 ? (int)strtol(argv[3], NULL, 10) : 0;
	const bool interior = argc == 4 && strcmp(argv[2], "interior") == 0;
	if (limit < 1 || (!interior && strcmp(argv[2], "simplex") != 0)) {
		fputs("usage: glpk_solve FOLDER simplex|interior SECONDS\n", stderr);
		return 2;
	}
	if (pl_economy_read(&m, &settings, argv[1], NULL, &err) != PL_OK) {
		fprintf(stderr, "glpk_solve: %s\n", err.msg);
		return 2;
	}
	const int64_t rows = (int64_t)m->n_goods + 1;
	glp_prob *lp = glp_create_prob();
	double *needed = pl_alloc(rows, sizeof *needed), *value = pl_alloc(rows, sizeof *value);
	int *row = pl_alloc(rows, sizeof *row), code = 2;
	glp_term_out(GLP_OFF);
	if (needed == NULL || value == NULL || row == NULL) {
		fputs("glpk_solve: no memory\n", stderr);
	} else if (!fill(lp, m, needed, row, value)) {
		fputs("glpk_solve: only recipes without slope and requests are linear\n",
		      stderr);
	} else {
		double objective = NAN;
		const double begun = now();
		const char *status = solve(lp, interior, limit, &objective);
		printf("{\"status\":\"%s\",\"seconds\":%.17g,\"objective\":%.17g,"
		       "\"version\":\"%s\"}\n",
		       status, now() - begun, objective, glp_version());
		code = 0;
	}
	pl_free(row);
	pl_free(value);
	pl_free(needed);
	glp_delete_prob(lp);
	glp_free_env();
	pl_model_free(m);
	return code;
}
