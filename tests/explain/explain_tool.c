/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* explain_tool.c - explains every good of a finished plan.
 *
 *   explain_tool sums FOLDER PLAN_DIR        parts of each price, at the first level and traced
 *                                            to the end, sum to it; prints the worst deviation
 *   explain_tool content FOLDER PLAN_DIR GOOD OUT.csv
 *                                            `good,content`: how much of GOOD one unit of each
 *                                            good takes; GOOD "+" sums what makers make */
#include "base/alloc.h"
#include "io/csv.h"
#include "io/plan_files.h"

#include <math.h>
#include <plenum/explain.h>
#include <stdio.h>
#include <string.h>

typedef struct {
	pl_model *m;
	pl_explain *x;
	pl_claim_files files;
	pl_error err;
} work;

static pl_status load(work *w, const char *folder, const char *plan)
{
	pl_settings settings = pl_settings_preset();
	pl_faults faults = {0};
	pl_status s = pl_economy_read(&w->m, &settings, folder, &faults, &w->err);
	if (s == PL_OK) s = pl_claim_read(&w->files, w->m, plan, &faults, &w->err);
	if (s == PL_OK) s = pl_explain_new(&w->x, w->m, &w->files.claim, &w->err);
	pl_faults_clear(&faults);
	return s;
}

/// How far parts miss the price, over it.
static double miss(const pl_parts *p, double price)
{
	double sum = 0;
	for (int32_t k = 0; k < p->n; k++) sum += p->part[k].credits;
	return price > 0 ? fabs(sum - price) / price : fabs(sum);
}

static double untraced(const pl_parts *p)
{
	double worst = 0;
	for (int32_t k = 0; k < p->n; k++)
		if (p->part[k].kind == PL_PART_UNTRACED)
			worst = fmax(worst, fabs(p->part[k].share));
	return worst;
}

static pl_status sums(work *w)
{
	double worst = 0, open = 0;
	for (int32_t j = 0; j < w->m->n_goods; j++) {
		pl_parts level, all;
		pl_status s = pl_explain_price(&level, w->x, j, &w->err);
		if (s == PL_OK) s = pl_explain_totals(&all, w->x, j, &w->err);
		if (s != PL_OK) return s;
		const double price = w->files.claim.price[j];
		worst = fmax(worst, fmax(miss(&level, price), miss(&all, price)));
		open = fmax(open, fmax(untraced(&level), untraced(&all)));
		pl_parts_free(&level);
		pl_parts_free(&all);
	}
	printf("%d goods, parts miss prices by at most %.1e, untraced at most %.1e\n",
	       (int)w->m->n_goods, worst, open);
	if (worst <= 1e-9 && open <= 1e-9) return PL_OK;
	(void)snprintf(w->err.msg, sizeof w->err.msg, "parts do not sum to prices");
	return PL_EARG;
}

/// Goods that somebody makes out of something: products of sectors, not value added.
static void mark_made(uint8_t *made, const pl_model *m)
{
	for (int32_t i = 0; i < m->n_councils; i++) {
		bool uses = false;
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
			uses = uses || m->link.role[k] == PL_USES;
		for (int64_t k = m->link.start[i]; uses && k < m->link.start[i + 1]; k++)
			if (m->link.role[k] == PL_MAKES) made[m->link.good[k]] = 1;
	}
}

static pl_status content(work *w, const char *good, const char *path)
{
	const pl_model *m = w->m;
	uint8_t *counts = pl_alloc(m->n_goods, 1);
	double *basket = pl_alloc(m->n_goods, sizeof *basket),
	       *need = pl_alloc(m->n_goods, sizeof *need);
	FILE *to = fopen(path, "w");
	pl_status s = PL_OK;
	if (strcmp(good, "+") == 0) mark_made(counts, m);
	for (int32_t j = 0; j < m->n_goods; j++)
		if (strcmp(pl_text_at(m->good.id, j), good) == 0) counts[j] = 1;
	fputs("good,content\n", to);
	for (int32_t j = 0; j < m->n_goods && s == PL_OK; j++) {
		double sum = 0;
		basket[j] = 1;
		s = pl_explain_content(need, w->x, basket, &w->err);
		basket[j] = 0;
		for (int32_t i = 0; i < m->n_goods; i++) sum += counts[i] ? need[i] : 0;
		pl_csv_put(to, pl_text_at(m->good.id, j));
		fprintf(to, ",%.17g\n", sum);
	}
	(void)fclose(to);
	pl_free(counts);
	pl_free(basket);
	pl_free(need);
	return s;
}

int main(int argc, char **argv)
{
	work w = {0};
	pl_status s = PL_EARG;
	(void)snprintf(
	        w.err.msg, sizeof w.err.msg,
	        "usage: explain_tool sums FOLDER PLAN_DIR | content FOLDER PLAN_DIR GOOD OUT");
	if (argc == 4 && strcmp(argv[1], "sums") == 0) {
		s = load(&w, argv[2], argv[3]);
		if (s == PL_OK) s = sums(&w);
	} else if (argc == 6 && strcmp(argv[1], "content") == 0) {
		s = load(&w, argv[2], argv[3]);
		if (s == PL_OK) s = content(&w, argv[4], argv[5]);
	}
	if (s != PL_OK) fprintf(stderr, "%s\n", w.err.msg);
	pl_explain_free(w.x);
	pl_claim_free(&w.files);
	pl_model_free(w.m);
	return s == PL_OK ? 0 : 1;
}
