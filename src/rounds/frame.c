/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rounds/frame.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/threads.h"

#include <math.h>

const double pl_bound[PL_BOUNDS] = {0.2, 0.1, 0.05, 0.03, 0.01};

/* Prices and totals beyond it could not be multiplied and added any more. */
static const double largest = 1e150;

enum { SUPPLY, DEMAND, SIDES };

pl_frame pl_frame_of(const pl_model *m)
{
	return (pl_frame){.n_goods = m->n_goods,
	                  .n_councils = m->n_councils,
	                  .n_links = m->n_links,
	                  .good_kind = m->good.kind,
	                  .held = m->good.supply,
	                  .council_kind = m->council.kind,
	                  .start = m->link.start,
	                  .good = m->link.good,
	                  .role = m->link.role};
}

pl_status pl_totals_new(pl_totals **out, const pl_frame *frame, pl_error *err)
{
	*out = NULL;
	pl_totals *l = pl_alloc(1, sizeof *l);
	if (l == NULL) goto nomem;
	l->supply = pl_alloc(frame->n_goods, sizeof *l->supply);
	l->demand = pl_alloc(frame->n_goods, sizeof *l->demand);
	l->imbalance = pl_alloc(frame->n_goods, sizeof *l->imbalance);
	if (l->supply == NULL || l->demand == NULL || l->imbalance == NULL) goto nomem;
	if (pl_scatter_rows(&l->sum, frame->start, frame->n_goods, 0, frame->n_councils, SIDES,
	                    NULL) != PL_OK)
		goto nomem;
	*out = l;
	return PL_OK;

nomem:
	pl_totals_free(l);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the totals of %d goods",
	               frame->n_goods);
}

void pl_totals_free(pl_totals *l)
{
	if (l == NULL) return;
	pl_scatter_free(l->sum);
	pl_free(l->imbalance);
	pl_free(l->demand);
	pl_free(l->supply);
	pl_free(l);
}

bool pl_totals_add(pl_totals *l, const pl_frame *frame, const double *quantity)
{
	int refused = 0;
#pragma omp parallel for schedule(dynamic, 1) \
        reduction(|                           \
                  : refused) if (frame->n_links >= PL_PAR_MIN)
	for (int32_t b = 0; b < l->sum->n_blocks; b++) {
		double *sum = pl_scatter_begin(l->sum, b);
		const int64_t end = frame->start[l->sum->first[b + 1]];
		for (int64_t k = frame->start[l->sum->first[b]]; k < end; k++) {
			const int side = pl_role_supplies(frame->role[k]) ? SUPPLY : DEMAND;
			refused |= !(quantity[k] >= 0);
			sum[SIDES * (int64_t)frame->good[k] + side] += quantity[k];
		}
	}
#pragma omp parallel for schedule(static) if (frame->n_goods >= PL_PAR_MIN)
	for (int32_t j = 0; j < frame->n_goods; j++) {
		l->supply[j] = frame->held[j] + pl_scatter_total(l->sum, j, SUPPLY);
		l->demand[j] = pl_scatter_total(l->sum, j, DEMAND);
	}
	return refused == 0;
}

static pl_status refuse_quantity(const pl_frame *frame, const double *quantity, pl_error *err)
{
	int32_t i = 0;
	int64_t k = 0;
	while (quantity[k] >= 0) k++;
	while (frame->start[i + 1] <= k) i++;
	return pl_fail(err, PL_EARG, k,
	               "council %d proposes %g units of good %d; a quantity is a number >= 0",
	               i, quantity[k], frame->good[k]);
}

static pl_status refuse_good(const pl_totals *l, const pl_frame *frame, const double *price,
                             pl_error *err)
{
	for (int32_t j = 0; j < frame->n_goods; j++) {
		if (!(price[j] > 0 && price[j] <= largest))
			return pl_fail(err, PL_EARG, j,
			               "good %d has the price %g; a price is a number above 0, "
			               "at most %g",
			               j, price[j], largest);
		if (!(l->supply[j] <= largest && l->demand[j] <= largest))
			return pl_fail(err, PL_EARG, j,
			               "proposals for good %d add up to more than %g units", j,
			               largest);
	}
	return PL_OK;
}

/* |S - D| over the mean of the two; 0 where it does not count. */
static double imbalance_of(const pl_round *r, const pl_frame *frame, int32_t j)
{
	const double s = r->supply[j], d = r->demand[j];
	if (frame->good_kind[j] == PL_FREE || (r->at_floor[j] && s >= d)) return 0;
	return s + d > 0 ? 2 * (fabs(s - d) / (s + d)) : 0;
}

pl_status pl_round_total(pl_round *out, pl_totals *l, const pl_frame *frame,
                         const double *price, const double *quantity, const uint8_t *at_floor,
                         pl_error *err)
{
	double apart = 0, both = 0;
	int32_t balanced = 0;
	if (!pl_totals_add(l, frame, quantity)) return refuse_quantity(frame, quantity, err);
	PL_TRY(refuse_good(l, frame, price, err));
	*out = (pl_round){.price = price,
	                  .quantity = quantity,
	                  .supply = l->supply,
	                  .demand = l->demand,
	                  .imbalance = l->imbalance,
	                  .at_floor = at_floor,
	                  .worst_good = -1,
	                  .remark = ""};
	for (int32_t j = 0; j < frame->n_goods; j++) {
		const double v = l->imbalance[j] = imbalance_of(out, frame, j);
		if (frame->good_kind[j] == PL_FREE) continue;
		balanced++;
		for (int b = 0; b < PL_BOUNDS; b++) out->above[b] += v > pl_bound[b];
		if (v > out->worst) {
			out->worst = v;
			out->worst_good = j;
		}
		if (at_floor[j] && l->supply[j] >= l->demand[j]) continue;
		apart += price[j] * fabs(l->supply[j] - l->demand[j]);
		both += price[j] * (l->supply[j] + l->demand[j]);
	}
	for (int b = 0; b < PL_BOUNDS && balanced > 0; b++) out->above[b] /= balanced;
	out->total = both > 0 ? 2 * (apart / both) : 0;
	return PL_OK;
}
