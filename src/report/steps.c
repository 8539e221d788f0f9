/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/steps.h"

/// Every other point goes, the first stays.
static void thin_out(pl_steps *t)
{
	for (int from = 0; from < t->n; from += 2) t->point[from / 2] = t->point[from];
	t->n = (t->n + 1) / 2;
	t->stride *= 2;
}

void pl_steps_add(pl_steps *t, const pl_progress *now)
{
	if (t->stride == 0) t->stride = 1;
	t->last.phase = now->phase;
	t->last.step = now->step;
	t->last.sweeps = now->sweeps;
	t->last.imbalance = now->worst_imbalance;
	if (t->seen++ % t->stride != 0) return;
	if (t->n == PL_STEPS_MOST) thin_out(t);
	t->point[t->n++] = t->last;
}
