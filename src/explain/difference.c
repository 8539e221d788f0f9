/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* difference.c - whose change moved a price.
 *
 * Both plans balance every good, so the changes of all net supplies sum to nothing. Each
 * council's change is split into a shift (what it would have changed at given prices) and a
 * response to prices, which is linear in the change of prices along a path between the plans.
 * Then  K x = shifts  with x the changes of prices and of activities that prices alone do not
 * determine, and row j of the inverse of K says what each shift did to price j: explain-5. */
#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "explain/dense.h"
#include "explain/follow.h"
#include "explain/match.h"
#include "explain/reply.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An activity this near, relatively, to 0 or to the capacity is at it. */
static const double near_bound = 1e-9;
/* A margin that moved by less than this part of the turnover has not moved. */
static const double still = 1e-8;
/* Pulls what nothing determines towards no change; far below what anything determines. */
static const double hold = 1e-11;
/* A cause below this part of the price is rounding. */
static const double rounding = 1e-13;

/// Both economies as one.
typedef struct {
	const pl_explain *x[2];
	pl_match goods, councils;
	double *price[2]; ///< [goods] of a good in one economy alone the same in both
	int32_t *row; ///< [goods] in the system; -1: its price is 0 or the same by definition
	int32_t n_rows, n_acts, n;
	double *k;      ///< [n * n] or NULL while recipes are counted
	double *weight; ///< [n] the row of the inverse
	double *scale;  ///< [n] makes all entries of K comparable
	int32_t act;    ///< the next recipe with a row of its own
	/* of the council looked at: */
	double *net[2]; ///< [goods] units, or units per activity
	double *shift;  ///< [goods] units
	int32_t *touched, n_touched;
	uint8_t *is_touched;
	pl_reply reply;     ///< [most links of a council]
	double *link_price; ///< the same
	double act_shift;   ///< of the recipe's own row, credits per unit of activity
	bool has_act;
} split;

static const pl_model *model(const split *s, int side)
{
	return s->x[side]->m;
}

/* ---- setting up ------------------------------------------------------------------------- */

static int64_t most_links(const pl_model *m)
{
	int64_t most = 0;
	for (int32_t i = 0; i < m->n_councils; i++)
		if (m->link.start[i + 1] - m->link.start[i] > most)
			most = m->link.start[i + 1] - m->link.start[i];
	return most;
}

static void number_goods(split *s)
{
	for (int32_t g = 0; g < s->goods.n; g++) {
		const int32_t a = s->goods.in[0][g], b = s->goods.in[1][g];
		const double p = a >= 0 ? s->x[0]->price[a] : s->x[1]->price[b],
		             q = b >= 0 ? s->x[1]->price[b] : p;
		s->price[0][g] = p;
		s->price[1][g] = q;
		s->row[g] = a >= 0 && b >= 0 && (p > 0 || q > 0) ? s->n_rows++ : -1;
	}
}

static void clear(split *s)
{
	void *const block[] = {s->price[0],    s->price[1],  s->row,        s->k,
	                       s->weight,      s->scale,     s->net[0],     s->net[1],
	                       s->shift,       s->touched,   s->is_touched, s->reply.net,
	                       s->reply.curve, s->link_price};
	for (size_t i = 0; i < sizeof block / sizeof *block; i++) pl_free(block[i]);
	pl_match_free(&s->goods);
	pl_match_free(&s->councils);
}

static pl_status set_up(split *s, pl_error *err)
{
	const pl_model *a = model(s, 0), *b = model(s, 1);
	PL_TRY(pl_match_new(&s->goods, a->good.id, a->n_goods, b->good.id, b->n_goods, err));
	PL_TRY(pl_match_new(&s->councils, a->council.id, a->n_councils, b->council.id,
	                    b->n_councils, err));
	const int64_t links = most_links(a) > most_links(b) ? most_links(a) : most_links(b);
	const int32_t n = s->goods.n;
	double **goods[] = {&s->price[0], &s->price[1], &s->net[0], &s->net[1], &s->shift};
	bool all = true;
	for (size_t i = 0; i < sizeof goods / sizeof *goods; i++)
		all = (*goods[i] = pl_alloc(n, sizeof(double))) != NULL && all;
	s->row = pl_alloc(n, sizeof *s->row);
	s->touched = pl_alloc(n, sizeof *s->touched);
	s->is_touched = pl_alloc(n, 1);
	s->reply.net = pl_alloc(links, sizeof(double));
	s->reply.curve = pl_alloc(links, sizeof(double));
	s->link_price = pl_alloc(links, sizeof(double));
	if (!all || !s->row || !s->touched || !s->is_touched || !s->reply.net ||
	    !s->reply.curve || !s->link_price)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to compare two plans");
	number_goods(s);
	return PL_OK;
}

/* ---- a council's net supplies ----------------------------------------------------------- */

static void touch(split *s, int32_t g)
{
	if (s->is_touched[g]) return;
	s->is_touched[g] = 1;
	s->touched[s->n_touched++] = g;
}

static void forget(split *s)
{
	for (int32_t t = 0; t < s->n_touched; t++) {
		const int32_t g = s->touched[t];
		s->net[0][g] = s->net[1][g] = s->shift[g] = 0;
		s->is_touched[g] = 0;
	}
	s->n_touched = 0;
	s->act_shift = 0;
	s->has_act = false;
}

/// Put a council's numbers, one a link, into net as what it adds to supply.
static void put_net(split *s, int side, int32_t council, const double *of_link)
{
	const pl_model *m = model(s, side);
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++) {
		const int32_t g = s->goods.of[side][m->link.good[k]];
		const int role = m->link.role[k];
		touch(s, g);
		s->net[side][g] +=
		        role == PL_MAKES || role == PL_OFFERS ? of_link[k] : -of_link[k];
	}
}

/// All of the council's change is a shift.
static void shift_all(split *s, const int32_t council[2])
{
	forget(s);
	for (int side = 0; side < 2; side++)
		if (council[side] >= 0) put_net(s, side, council[side], s->x[side]->quantity);
	for (int32_t t = 0; t < s->n_touched; t++) {
		const int32_t g = s->touched[t];
		s->shift[g] = s->net[1][g] - s->net[0][g];
	}
}

/// Does it take part in the plan?
static bool is_idle(const split *s, int side, int32_t council)
{
	const pl_model *m = model(s, side);
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++)
		if (s->x[side]->quantity[k] > 0) return false;
	return true;
}

static double *entry(const split *s, int32_t i, int32_t j)
{
	return s->k + (int64_t)i * s->n + j;
}

/* ---- councils whose answer is smooth ------------------------------------------------------
 */

/// Half of the council's answer at the prices of a plan, times sign, is a shift.
static bool add_half(split *s, int side, int32_t council, int at, double sign)
{
	const pl_model *m = model(s, side);
	const int64_t from = m->link.start[council], n = m->link.start[council + 1] - from;
	for (int64_t l = 0; l < n; l++)
		s->link_price[l] = s->price[at][s->goods.of[side][m->link.good[from + l]]];
	pl_reply_at(&s->reply, m, council, s->link_price);
	for (int64_t l = 0; l < n; l++) {
		const int32_t g = s->goods.of[side][m->link.good[from + l]];
		if (!isfinite(s->reply.net[l])) return false;
		touch(s, g);
		s->shift[g] += sign / 2 * s->reply.net[l];
	}
	return true;
}

/// The path of a price: a straight line in its logarithm, or as it is where one end is 0.
/// @param[out] pace its speed over the whole change: their mean along the path is 1
static double price_on_path(const split *s, int32_t g, double t, double *pace)
{
	const double p = s->price[0][g], q = s->price[1][g];
	*pace = 1;
	if (p == q || p == 0 || q == 0) return p + t * (q - p);
	const double speed = pl_log(q / p), at = p * pl_exp(t * speed);
	if (fabs(speed) > 1e-6) /* else the quotient is 1/p to more digits than it would have */
		*pace = at * speed / (q - p);
	else
		*pace = at / p * (1 - speed / 2);
	return at;
}

static void add_hessian(split *s, int side, int32_t council, double t, double weight)
{
	const pl_model *m = model(s, side);
	const int64_t from = m->link.start[council], n = m->link.start[council + 1] - from;
	const int32_t *of = s->goods.of[side];
	double pace;
	for (int64_t l = 0; l < n; l++)
		s->link_price[l] = price_on_path(s, of[m->link.good[from + l]], t, &pace);
	const pl_reply *r = &s->reply;
	pl_reply_at(&s->reply, m, council, s->link_price);
	for (int64_t b = 0; b < n; b++) {
		const int32_t good = of[m->link.good[from + b]], j = s->row[good];
		if (j < 0) continue;
		(void)price_on_path(s, good, t, &pace);
		const bool b_made = m->link.role[from + b] == PL_MAKES;
		for (int64_t a = 0; a < n; a++) {
			const int32_t i = s->row[of[m->link.good[from + a]]];
			const bool a_made = m->link.role[from + a] == PL_MAKES;
			double h = r->whole * r->net[a] * r->net[b];
			if (!a_made && !b_made) h += r->mixed * r->net[a] * r->net[b];
			if (a == b) h += r->curve[a];
			if (i >= 0 && isfinite(h)) *entry(s, i, j) += weight * pace * h;
		}
	}
}

/// The mean of second derivatives along the path. Gauss and Legendre's eight points (M.
/// Abramowitz and I. Stegun, 1964, table 25.4) on each half.
static void add_response(split *s, int side, int32_t council, double weight)
{
	static const double point[4] = {0.1834346424956498, 0.5255324099163290,
	                                0.7966664774136267, 0.9602898564975363},
	                    mass[4] = {0.3626837833783620, 0.3137066458778873,
	                               0.2223810344533745, 0.1012285362903763};
	for (int half = 0; half < 2; half++)
		for (int k = 0; k < 4; k++)
			for (int sign = -1; sign <= 1; sign += 2)
				add_hessian(s, side, council,
				            (half + (1 + sign * point[k]) / 2) / 2,
				            weight * mass[k] / 4);
}

static void split_smooth(split *s, const int32_t council[2], bool changed)
{
	for (int side = 0; changed && side < 2; side++)
		for (int at = 0; at < 2 && council[side] >= 0; at++)
			if (!add_half(s, side, council[side], at, side == 1 ? 1 : -1)) {
				shift_all(s, council);
				return;
			}
	if (s->k == NULL) return;
	for (int side = 0; side < 2; side++)
		if (council[side] >= 0 && (changed || side == 0) &&
		    !is_idle(s, side, council[side]))
			add_response(s, side, council[side], changed ? 0.5 : 1);
}

/* ---- recipes --------------------------------------------------------------------------- */

/// Two recipes of one council: what is known of its change.
typedef struct {
	const pl_model *m[2];
	int32_t i[2];
	double z[2], cap[2], effort[2], slope[2], margin[2];
	double moved;    ///< change of the margin at mean prices by the recipe's own change
	double turnover; ///< credits per unit of activity, at mean prices
	bool inside[2];
	double own;  ///< change of activity that prices have no part in
	double rest; ///< the other part
} recipe;

static double capacity_of(const pl_model *m, int32_t i)
{
	return m->council.param[PL_P_recipe_capacity][i];
}

static recipe read_recipe(split *s, const int32_t council[2])
{
	recipe r = {.i = {council[0], council[1]}};
	for (int side = 0; side < 2; side++) {
		const int32_t i = council[side];
		r.m[side] = model(s, side);
		put_net(s, side, i, r.m[side]->link.amount);
		r.z[side] = pl_explain_activity(s->x[side], i);
		r.cap[side] = capacity_of(r.m[side], i);
		r.effort[side] = r.m[side]->council.param[PL_P_recipe_effort][i];
		r.slope[side] = r.m[side]->council.param[PL_P_recipe_slope][i];
	}
	for (int32_t t = 0; t < s->n_touched; t++) {
		const int32_t g = s->touched[t];
		const double mean = (s->price[0][g] + s->price[1][g]) / 2;
		r.margin[0] += s->net[0][g] * s->price[0][g];
		r.margin[1] += s->net[1][g] * s->price[1][g];
		r.moved += (s->net[1][g] - s->net[0][g]) * mean;
		r.turnover += fabs(s->net[0][g] + s->net[1][g]) / 2 * mean;
	}
	for (int side = 0; side < 2; side++) {
		const double most = fmin(r.cap[side], fmax(r.z[0], r.z[1]));
		r.inside[side] = r.z[side] > near_bound * most &&
		                 r.z[side] < r.cap[side] * (1 - near_bound);
	}
	return r;
}

/// Slope in both: the activity is a function of the margin. @return its steepness, >= 0
static double split_sloped(recipe *r, bool changed)
{
	double z[2][2];
	for (int side = 0; side < 2; side++)
		for (int at = 0; at < 2; at++)
			z[side][at] = pl_reply_activity(r->m[side], r->i[side], r->margin[at]);
	if (changed) r->own = ((z[1][1] - z[0][1]) + (z[1][0] - z[0][0])) / 2;
	r->rest = r->z[1] - r->z[0] - r->own;
	/* of the function, not of the plans: their rounding may be all that moved */
	const double by = r->margin[1] - r->margin[0],
	             answer = ((z[0][1] - z[0][0]) + (z[1][1] - z[1][0])) / 2;
	if (fabs(by) > still * r->turnover) return answer / by;
	return (pl_reply_steepness(r->m[0], r->i[0], r->margin[0]) +
	        pl_reply_steepness(r->m[1], r->i[1], r->margin[1])) /
	       2;
}

/// No slope: between 0 and the capacity the activity is whatever balances the goods, and the
/// margin stays at the effort cost. @return how much the margin moves with the activity
static double split_flat(recipe *r)
{
	const bool both = r->inside[0] && r->inside[1];
	if (!both && isfinite(r->cap[0]) && isfinite(r->cap[1]) && r->cap[0] > 0 &&
	    r->cap[1] > 0)
		r->own = (r->z[0] / r->cap[0] + r->z[1] / r->cap[1]) / 2 *
		         (r->cap[1] - r->cap[0]);
	r->rest = r->z[1] - r->z[0] - r->own;
	const double over = (r->margin[1] - r->effort[1]) - (r->margin[0] - r->effort[0]);
	return both ? 0 : over / r->rest;
}

/// The recipe's part of K and of the shifts, given how it answers.
static void put_recipe(split *s, const recipe *r, double steep, bool act, double yield)
{
	const double z = (r->z[0] + r->z[1]) / 2, own = r->own + steep * r->moved;
	const int32_t row = s->n_rows + s->act;
	for (int32_t t = 0; t < s->n_touched; t++) {
		const int32_t g = s->touched[t], i = s->row[g];
		const double mean = (s->net[0][g] + s->net[1][g]) / 2;
		s->shift[g] = (s->net[1][g] - s->net[0][g]) * z + mean * own;
		if (s->k == NULL || i < 0) continue;
		if (act) *entry(s, i, row) = *entry(s, row, i) = mean;
		if (steep == 0) continue;
		for (int32_t u = 0; u < s->n_touched; u++) {
			const int32_t h = s->touched[u], j = s->row[h];
			if (j >= 0)
				*entry(s, i, j) +=
				        steep * mean * (s->net[0][h] + s->net[1][h]) / 2;
		}
	}
	if (!act) return;
	s->has_act = true;
	s->act_shift = r->effort[1] - r->effort[0] - r->moved;
	if (s->k != NULL) {
		const double most = fmax(r->z[0], r->z[1]);
		*entry(s, row, row) = -yield;
		s->scale[row] = r->turnover > 0 && most > 0 ? sqrt(most / r->turnover) : 1;
	}
	s->act++;
}

static void split_recipe(split *s, const int32_t council[2], bool changed)
{
	recipe r = read_recipe(s, council);
	if (r.z[0] == 0 && r.z[1] == 0) {
		forget(s);
		return;
	}
	if ((r.slope[0] > 0) != (r.slope[1] > 0)) {
		shift_all(s, council);
		return;
	}
	if (r.slope[0] > 0) {
		const double steep = split_sloped(&r, changed);
		if (steep >= 0 && isfinite(steep))
			put_recipe(s, &r, steep, false, 0);
		else
			shift_all(s, council);
		return;
	}
	const double yield = split_flat(&r);
	if (r.rest == 0 && !(r.inside[0] && r.inside[1]))
		put_recipe(s, &r, 0, false, 0);
	else if (yield >= 0 && isfinite(yield))
		put_recipe(s, &r, 0, true, yield);
	else
		shift_all(s, council);
}

/* ---- the whole --------------------------------------------------------------------------- */

/// Split the change of one council into what is left in s and, where there is a K, in that.
static void split_council(split *s, int32_t pair)
{
	const int32_t council[2] = {s->councils.in[0][pair], s->councils.in[1][pair]};
	bool fixed[2] = {false, false}, both = true;
	for (int side = 0; side < 2; side++) {
		both = both && council[side] >= 0;
		if (council[side] >= 0)
			fixed[side] =
			        model(s, side)->council.schedule[council[side]] == PL_S_recipe;
	}
	const bool changed = !both || !pl_match_same(model(s, 0), council[0], model(s, 1),
	                                             council[1], &s->goods);
	forget(s);
	if (fixed[0] && fixed[1])
		split_recipe(s, council, changed);
	else if (fixed[0] || fixed[1])
		shift_all(s, council);
	else
		split_smooth(s, council, changed);
}

static void split_all(split *s)
{
	s->act = 0;
	for (int32_t i = 0; i < s->councils.n; i++) split_council(s, i);
}

/// Goods: what is left over of one that is free in one plan shrinks as its price rises.
static void put_goods(split *s)
{
	for (int32_t g = 0; g < s->goods.n; g++) {
		const int32_t i = s->row[g];
		if (i < 0) continue;
		double left[2], most = 0;
		for (int side = 0; side < 2; side++) {
			const int32_t j = s->goods.in[side][g];
			left[side] = s->x[side]->supply[j] - s->x[side]->demand[j];
			most = fmax(most, fmax(s->x[side]->supply[j], s->x[side]->demand[j]));
		}
		const double p = s->price[0][g], q = s->price[1][g],
		             fall = (left[0] - left[1]) / (q - p);
		if ((p == 0 || q == 0) && fall > 0) *entry(s, i, i) += fall;
		s->scale[i] = most > 0 ? sqrt((p + q) / 2 / most) : 1;
	}
}

/// Row of the inverse of K for a good, into weight.
static void solve(split *s, int32_t row)
{
	for (int32_t i = 0; i < s->n; i++) {
		for (int32_t j = 0; j < s->n; j++) *entry(s, i, j) *= s->scale[i] * s->scale[j];
		*entry(s, i, i) += i < s->n_rows ? hold : -hold;
	}
	s->weight[row] = s->scale[row];
	pl_dense_solve_transposed(s->n, s->k, s->weight);
	for (int32_t i = 0; i < s->n; i++) s->weight[i] *= s->scale[i];
	pl_free(s->k);
	s->k = NULL;
}

static pl_status build(split *s, int32_t row, pl_error *err)
{
	split_all(s);
	s->n_acts = s->act;
	if ((int64_t)s->n_rows + s->n_acts > PL_CAUSE_MOST)
		return pl_fail(
		        err, PL_EARG, -1,
		        "causes of a change can be told among at most %d goods and recipes; "
		        "these are %lld",
		        PL_CAUSE_MOST, (long long)s->n_rows + s->n_acts);
	s->n = s->n_rows + s->n_acts;
	s->k = pl_alloc((int64_t)s->n * s->n, sizeof *s->k);
	s->weight = pl_alloc(s->n, sizeof *s->weight);
	s->scale = pl_alloc(s->n, sizeof *s->scale);
	if (s->k == NULL || s->weight == NULL || s->scale == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to compare two plans");
	split_all(s);
	put_goods(s);
	solve(s, row);
	return PL_OK;
}

static double part_of_council(const split *s)
{
	double part = 0;
	for (int32_t t = 0; t < s->n_touched; t++) {
		const int32_t g = s->touched[t];
		if (s->row[g] >= 0) part -= s->weight[s->row[g]] * s->shift[g];
	}
	if (s->has_act) part += s->weight[s->n_rows + s->act - 1] * s->act_shift;
	return part;
}

static int compare(const void *a, const void *b)
{
	const pl_cause *x = a, *y = b;
	const double dx = fabs(x->credits), dy = fabs(y->credits);
	if (dx != dy) return dx < dy ? 1 : -1;
	if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
	if (x->before != y->before) return x->before < y->before ? -1 : 1;
	return x->after < y->after ? -1 : x->after > y->after;
}

static void add(pl_causes *out, pl_cause cause)
{
	const double least = rounding * fmax(out->before, out->after);
	if (fabs(cause.credits) > least) out->cause[out->n++] = cause;
}

static void attribute(pl_causes *out, split *s)
{
	double left = out->after - out->before;
	s->act = 0;
	for (int32_t i = 0; i < s->councils.n; i++) {
		split_council(s, i);
		add(out, (pl_cause){PL_CAUSE_COUNCIL, s->councils.in[0][i],
		                    s->councils.in[1][i], part_of_council(s)});
	}
	for (int32_t g = 0; g < s->goods.n; g++) {
		const int32_t a = s->goods.in[0][g], b = s->goods.in[1][g];
		if (s->row[g] < 0) continue;
		const double more = model(s, 1)->good.supply[b] - model(s, 0)->good.supply[a];
		add(out, (pl_cause){PL_CAUSE_SUPPLY, a, b, -s->weight[s->row[g]] * more});
	}
	for (int32_t k = 0; k < out->n; k++) left -= out->cause[k].credits;
	add(out, (pl_cause){PL_CAUSE_CHOICE, -1, -1, left});
	qsort(out->cause, (size_t)out->n, sizeof *out->cause, compare);
}

void pl_causes_free(pl_causes *c)
{
	pl_free(c->cause);
	*c = (pl_causes){0};
}

pl_status pl_explain_difference(pl_causes *out, const pl_explain *before,
                                const pl_explain *after, int32_t good, pl_error *err)
{
	split s = {.x = {before, after}};
	*out = (pl_causes){0};
	pl_status status = set_up(&s, err);
	if (status != PL_OK) goto end;
	if (s.goods.in[1][good] < 0) {
		status = pl_fail(err, PL_ENOTFOUND, good,
		                 "\"%.200s\" is not in the other economy",
		                 pl_text_at(before->m->good.id, good));
		goto end;
	}
	out->before = s.price[0][good];
	out->after = s.price[1][good];
	if (s.row[good] < 0) goto end;
	out->cause = pl_alloc((int64_t)s.councils.n + s.goods.n + 1, sizeof *out->cause);
	if (out->cause == NULL) {
		status = pl_fail(err, PL_ENOMEM, -1, "no memory to compare two plans");
		goto end;
	}
	status = build(&s, s.row[good], err);
	if (status == PL_OK) attribute(out, &s);
end:
	if (status != PL_OK) pl_causes_free(out);
	clear(&s);
	return status;
}
