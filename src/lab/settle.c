/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/settle.h"

#include "base/error.h"
#include "lab/councils.h"

#include <string.h>

static const double balanced = 1e-6;
/* The quick rule, then the patient one from where the quick one came nearest. */
static const struct {
	pl_rule_kind kind;
	int32_t rounds;
} attempts[] = {{PL_RULE_anderson, 500}, {PL_RULE_power, 5000}};
enum { ATTEMPTS = sizeof attempts / sizeof *attempts };

bool pl_behaviour_is_steady(const pl_behaviour *b)
{
	for (int k = 0; k < PL_BEHAVIOURS; k++)
		if (k != PL_B_declared && k != PL_B_nested && b->strength[k] != 0) return false;
	return true;
}

/// @param[in,out] price from where; the nearest to balance
static pl_status attempt(bool *found, double *price, double *quantity, pl_councils *councils,
                         const pl_frame *frame, int k, pl_error *err)
{
	const pl_round_calls calls = {pl_councils_answer, councils, NULL, NULL};
	pl_rule_settings s = pl_rule_preset();
	pl_rule *rule = NULL;
	pl_rounds *r = NULL;
	s.kind = attempts[k].kind;
	s.tolerance = balanced;
	PL_TRY(pl_rule_new(&rule, frame, &s, err));
	const pl_status st = pl_rounds_run(&r, rule, price, attempts[k].rounds, &calls, err);
	pl_rule_free(rule);
	if (st != PL_OK) return st;
	*found = r->outcome == PL_CLEARED;
	memcpy(price, r->price, (size_t)frame->n_goods * sizeof *price);
	memcpy(quantity, r->quantity, (size_t)frame->n_links * sizeof *quantity);
	pl_rounds_free(r);
	return PL_OK;
}

pl_status pl_lab_settle(bool *found, double *price, double *quantity, const pl_model *m,
                        const pl_behaviour *b, uint64_t seed, const double *start,
                        pl_error *err)
{
	const pl_frame frame = pl_frame_of(m);
	pl_councils *councils = NULL;
	*found = false;
	PL_TRY(pl_councils_new(&councils, m, b, seed, err));
	memcpy(price, start, (size_t)m->n_goods * sizeof *start);
	pl_status st = PL_OK;
	for (int k = 0; k < ATTEMPTS && st == PL_OK && !*found; k++)
		st = attempt(found, price, quantity, councils, &frame, k, err);
	pl_councils_free(councils);
	return st;
}
