/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/makeup.h"

#include "base/error.h"

#include <plenum/explain.h>

static const double visible = 1e-3; /* share of a price */

static pl_price_for kind_of(int part)
{
	switch (part) {
	case PL_PART_LABOUR:
		return PL_FOR_WORK;
	case PL_PART_RESOURCE:
		return PL_FOR_NATURE;
	case PL_PART_CAPITAL:
		return PL_FOR_MACHINES;
	case PL_PART_PERMIT:
		return PL_FOR_POLLUTION;
	case PL_PART_EFFORT:
		return PL_FOR_EFFORT;
	case PL_PART_STOCK:
	case PL_PART_GIVEN:
	case PL_PART_OFFERED:
		return PL_FOR_BROUGHT;
	case PL_PART_CAPACITY:
	case PL_PART_RETURNS:
		return PL_FOR_SCARCITY;
	default:
		return PL_FOR_REST;
	}
}

static void add_good(pl_makeup *out, int32_t good, const pl_parts *parts)
{
	double *share = out->share[out->n];
	double rest = 1;
	for (int32_t k = 0; k < parts->n; k++) {
		const pl_price_for kind = kind_of((int)parts->part[k].kind);
		if (kind != PL_FOR_REST) share[kind] += parts->part[k].credits / parts->whole;
	}
	for (int kind = 0; kind < PL_FOR_REST; kind++) rest -= share[kind];
	share[PL_FOR_REST] = rest;
	for (int kind = 0; kind < PL_FOR_KINDS; kind++)
		out->present[kind] = out->present[kind] || share[kind] >= visible;
	out->good[out->n++] = good;
}

pl_status pl_makeup_find(pl_makeup *out, const pl_model *m, const pl_plan *p,
                         const int32_t *good, int n, pl_error *err)
{
	pl_explain *x;
	*out = (pl_makeup){0};
	if (p->outcome != PL_CLEARED || m->n_links > PL_MAKEUP_LINKS) return PL_OK;
	const pl_claim claim = pl_plan_claim(p);
	PL_TRY(pl_explain_new(&x, m, &claim, err));
	pl_status status = PL_OK;
	for (int k = 0; k < n && status == PL_OK; k++) {
		pl_parts parts;
		if (!(p->price[good[k]] > 0)) continue;
		status = pl_explain_totals(&parts, x, good[k], err);
		if (status != PL_OK) break;
		add_good(out, good[k], &parts);
		pl_parts_free(&parts);
	}
	pl_explain_free(x);
	return status;
}
