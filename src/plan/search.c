/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The interior method is Mehrotra's predictor-corrector (S. Mehrotra, SIAM J. Optimization
 * 2, 1992) on the mixed complementarity form of the plan: goods that may be free and acts at
 * their bounds carry a complementary pair, essential goods are plain equations moved in log
 * prices. Where nothing has a bound there is descend.c. */
#include "plan/search.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

static const double boundary = 0.995;    /* of the way to a bound that one step may go */
static const double log_step = 2;        /* largest change of a log price in one step */
static const double small_unit = 1e-6;   /* of an act's first value, when its goods are free */
static const double small_flows = 1e-25; /* of the first look: nothing costs anything */
static const double nearest = 1e-8;      /* a loose plan needs small products too */
static const double tiny_gap = 1e-3;     /* of the gap asked for: smaller is no use */
static const double lead = 0.1;     /* least products, as a part of what is out of balance, */
static const double rebound = 10;   /* and how far they may grow in a step to get there */
static const double far_from = 0.2; /* change of all flows in a step that is no standstill */
static const double growth = 10;    /* of the value out of balance, in one step */
static const double tiny_diagonal = 1e-13; /* of a good's own curvature: M stays definite */
static const double rough = 10;            /* the predictor may be less precise by this much */
static const double need_exact = 1e-2;     /* change of a need in the last round of guessing */
static const double arrived_off = 0.2;     /* what a shortage counts beside a margin missed */
enum {
	NEED_ROUNDS = 12,
	CUTS = 20,         /* of one step's length, to a quarter each */
	IDLE = 10,         /* steps without progress before they are halved */
	PATIENCE = 40,     /* steps without progress before giving up */
	FAR_PATIENCE = 150 /* where Phi is curved: prices fall by a factor e a step at most */
};

pl_status pl_method_new(pl_method **out, const pl_program *g, const pl_settings *s,
                        pl_error *err)
{
	*out = NULL;
	const int32_t n = g->n_goods, acts = g->n_acts;
	pl_status st = PL_ENOMEM;
	pl_method *k = pl_alloc(1, sizeof *k);
	if (k == NULL) goto nomem;
	double **goods[] = {&k->need,    &k->at.price, &k->at.excess, &k->reserve, &k->supply,
	                    &k->demand,  &k->short_of, &k->diag,      &k->rhs,     &k->move,
	                    &k->good[0], &k->good[1],  &k->good[2],   &k->good[3], &k->good[4],
	                    &k->good[5], &k->good[6]};
	double **rows[] = {&k->at.z,   &k->at.room, &k->at.low, &k->at.high, &k->margin,
	                   &k->miss,   &k->answer,  &k->moved,  &k->unit,    &k->act[0],
	                   &k->act[1], &k->act[2],  &k->act[3]};
	bool all = true;
	for (size_t i = 0; i < sizeof goods / sizeof *goods; i++)
		all = (*goods[i] = pl_alloc(n, sizeof(double))) != NULL && all;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		all = (*rows[i] = pl_alloc(acts, sizeof(double))) != NULL && all;
	k->kept = pl_alloc(2 * (int64_t)n + 4 * (int64_t)acts, sizeof *k->kept);
	if (!all || k->kept == NULL) goto nomem;
	k->g = g;
	k->max_steps = s->max_steps;
	k->worst_good = -1;
	if ((st = pl_answers_new(&k->a, g, err)) != PL_OK) goto failed;
	if ((st = pl_normal_new(&k->normal, g, s->direct_goods, err)) != PL_OK) goto failed;
	*out = k;
	return PL_OK;

nomem:
	(void)pl_fail(err, PL_ENOMEM, -1, "no memory to plan %d goods", g->n_goods);
failed:
	pl_method_free(k);
	return st;
}

void pl_method_free(pl_method *k)
{
	if (k == NULL) return;
	double *const block[] = {k->kept,    k->need,    k->unit,    k->at.price, k->at.excess,
	                         k->reserve, k->supply,  k->demand,  k->short_of, k->diag,
	                         k->rhs,     k->move,    k->good[0], k->good[1],  k->good[2],
	                         k->good[3], k->good[4], k->good[5], k->good[6],  k->at.z,
	                         k->at.room, k->at.low,  k->at.high, k->margin,   k->miss,
	                         k->answer,  k->moved,   k->act[0],  k->act[1],   k->act[2],
	                         k->act[3]};
	for (size_t i = 0; i < sizeof block / sizeof *block; i++) pl_free(block[i]);
	pl_answers_free(k->a);
	pl_normal_free(k->normal);
	pl_free(k);
}

bool pl_method_step_done(pl_method *k)
{
	k->steps++;
	if (k->watch == NULL) return true;
	const pl_progress now = {k->phase, k->steps, k->sweeps + k->normal->sweeps, k->worst,
	                         k->worst_good < 0 ? -1 : k->g->good[k->worst_good]};
	if (!k->watch(k->self, &now)) k->stopped = true;
	return !k->stopped;
}

void pl_method_keep(pl_method *k, double *copy, bool back)
{
	double *const part[] = {k->at.price, k->at.excess, k->at.z,
	                        k->at.room,  k->at.low,    k->at.high};
	for (int i = 0; i < 6; i++) {
		const size_t n = (size_t)(i < 2 ? k->g->n_goods : k->g->n_acts);
		if (back)
			memcpy(part[i], copy, n * sizeof *copy);
		else
			memcpy(copy, part[i], n * sizeof *copy);
		copy += n;
	}
}

static bool has_pair(const pl_program *g, int32_t j)
{
	return !g->essential[j];
}

/* Value at these prices of one unit of an act, both sides: the yardstick of its margin. */
static double unit_value(const pl_program *g, const double *price, int32_t i)
{
	double v = g->effort[i] + g->slope[i];
	for (int64_t l = g->link->start[i]; l < g->link->start[i + 1]; l++)
		v += fabs(g->link->val[l]) * price[g->link->col[l]];
	return v;
}

void pl_method_look(pl_method *k)
{
	const pl_program *g = k->g;
	pl_answers_at(k->a, g, k->at.price);
	for (int32_t j = 0; j < g->n_goods; j++) {
		k->supply[j] = g->held[j] + k->a->supply[j];
		k->demand[j] = g->asked[j] + k->a->demand[j];
	}
	pl_act_totals(k->a, k->supply, k->demand, g, k->at.z);
	pl_margins(k->margin, g, k->at.price);
	for (int32_t j = 0; j < g->n_goods; j++)
		k->short_of[j] = k->demand[j] + k->reserve[j] + k->at.excess[j] - k->supply[j];
	k->sweeps++;
}

/* ---- where to begin ---------------------------------------------------------------- */

/* Activity that covers the act's share in what is needed of its main product. */
static double needed_activity(const pl_method *k, int32_t i, const double *makers)
{
	const pl_program *g = k->g;
	double most = 0, z = 0;
	for (int64_t l = g->link->start[i]; l < g->link->start[i + 1]; l++) {
		const int32_t j = g->link->col[l];
		const double value = g->link->val[l] * k->at.price[j];
		if (!(value > most)) continue;
		most = value;
		z = k->need[j] / (makers[j] * g->link->val[l]);
	}
	return fmin(z, g->cap[i]);
}

void pl_method_guess_needs(pl_method *k)
{
	const pl_program *g = k->g;
	double *final = k->good[1], *makers = k->good[2], *next = k->good[3], value = 0;
	memset(makers, 0, (size_t)g->n_goods * sizeof *makers);
	for (int32_t j = 0; j < g->n_goods; j++)
		final[j] = g->asked[j] + g->spent[j] * k->a->per_price[j];
	for (int64_t w = 0; w < g->n_wants; w++) final[g->want_good[w]] += k->a->want[w];
	for (int32_t i = g->n_acts; i < g->n_rows; i++)
		for (int64_t l = g->link->start[i]; !g->makes[i] && l < g->link->start[i + 1];
		     l++)
			final[g->link->col[l]] -= pl_answers_net(k->a, g, i, l);
	for (int64_t l = 0; l < g->link->start[g->n_acts]; l++)
		if (g->link->val[l] > 0) makers[g->link->col[l]]++;
	for (int32_t j = 0; j < g->n_goods; j++) value += final[j] * k->at.price[j];
	memcpy(k->need, final, (size_t)g->n_goods * sizeof *final);
	double change = 1;
	for (int round = 0; round < NEED_ROUNDS && change > need_exact; round++) {
		k->sweeps++;
		change = 0;
		memcpy(next, final, (size_t)g->n_goods * sizeof *next);
		for (int32_t i = 0; i < g->n_acts; i++) {
			const double z = k->act[0][i] = needed_activity(k, i, makers);
			for (int64_t l = g->link->start[i]; l < g->link->start[i + 1]; l++)
				if (g->link->val[l] < 0)
					next[g->link->col[l]] -= g->link->val[l] * z;
		}
		for (int32_t j = 0; j < g->n_goods; j++) {
			const double most = fmax(final[j], value / k->at.price[j]);
			const double need = fmin(next[j], most);
			change = fmax(change, need > 0 ? 1 - k->need[j] / need : 0);
			k->need[j] = need;
		}
	}
}

double pl_search_arrive(pl_method *k)
{
	const pl_program *g = k->g;
	double missed = 0, units = 0, off = 0, flows = 0;
	pl_answers_at(k->a, g, k->at.price);
	pl_method_guess_needs(k);
	memcpy(k->at.z, k->act[0], (size_t)g->n_acts * sizeof *k->at.z);
	memset(k->at.excess, 0, (size_t)g->n_goods * sizeof *k->at.excess);
	pl_method_look(k);
	for (int32_t i = 0; i < g->n_acts; i++) {
		const double z = k->at.z[i];
		missed += z * fabs(k->margin[i] - pl_act_marginal(g, i, z));
		units += z * unit_value(g, k->at.price, i);
	}
	for (int32_t j = 0; j < g->n_goods; j++) {
		flows += k->at.price[j] * fmax(k->supply[j], k->demand[j]);
		if (has_pair(g, j)) k->at.excess[j] = fmax(0, -k->short_of[j]);
		off += k->at.price[j] *
		       fmax(0, g->essential[j] ? fabs(k->short_of[j]) : k->short_of[j]);
	}
	return fmax(missed / units, arrived_off * off / flows);
}

void pl_search_begin(pl_method *k)
{
	const pl_program *g = k->g;
	const double *need = k->need;
	double value = 0;
	pl_answers_at(k->a, g, k->at.price);
	pl_method_guess_needs(k);
	for (int32_t j = 0; j < g->n_goods; j++) value += need[j] * k->at.price[j];
	value = fmax(value, 1e-300) / (1 + g->n_acts);
	for (int32_t i = 0; i < g->n_acts; i++) {
		const double unit = fmax(unit_value(g, k->at.price, i), 1e-300);
		double z = fmax(k->act[0][i], 0.01 * value / unit);
		if (z > 0.5 * g->cap[i]) z = 0.5 * g->cap[i];
		k->at.z[i] = z;
		k->at.room[i] = g->cap[i] - z;
		k->unit[i] = unit;
		k->at.low[i] = unit;
		k->at.high[i] = isinf(g->cap[i]) ? 0 : unit;
	}
	for (int32_t j = 0; j < g->n_goods; j++)
		k->at.excess[j] = has_pair(g, j) ? fmax(fmax(need[j], 0.1 * g->held[j]),
		                                        0.01 * value / k->at.price[j])
		                                 : 0;
}

/* ---- how far from a plan ----------------------------------------------------------- */

/* Sum of the complementary products, credits, and how many there are. */
static double products(const pl_method *k, int64_t *count)
{
	const pl_program *g = k->g;
	double sum = 0;
	int64_t n = 0;
	for (int32_t i = 0; i < g->n_acts; i++) {
		sum += k->at.z[i] * k->at.low[i];
		n++;
		if (isinf(g->cap[i])) continue;
		sum += k->at.room[i] * k->at.high[i];
		n++;
	}
	for (int32_t j = 0; j < g->n_goods; j++) {
		if (!has_pair(g, j)) continue;
		sum += k->at.price[j] * k->at.excess[j];
		n++;
	}
	*count = n;
	return sum;
}

static void find_misses(pl_method *k)
{
	for (int32_t i = 0; i < k->g->n_acts; i++)
		k->miss[i] = k->margin[i] - pl_act_marginal(k->g, i, k->at.z[i]) +
		             k->at.low[i] - k->at.high[i];
}

static void look(pl_method *k)
{
	pl_method_look(k);
	find_misses(k);
}

static void measure(pl_method *k, double gap)
{
	const pl_program *g = k->g;
	double flows = 0, worst = 0, missed = 0;
	k->worst_good = -1;
	for (int32_t j = 0; j < g->n_goods; j++) {
		const double turn = fmax(k->supply[j], k->demand[j]);
		const double off = turn > 0 ? fabs(k->short_of[j]) / turn : 0;
		flows += turn * k->at.price[j];
		if (!(off > worst)) continue;
		worst = off;
		k->worst_good = j;
	}
	for (int32_t i = 0; i < g->n_acts; i++) {
		const double unit = unit_value(g, k->at.price, i);
		missed = fmax(missed, fabs(k->miss[i]) / fmax(unit, small_unit * k->unit[i]));
	}
	k->worst = worst;
	k->flows = flows;
	if (k->first_flows == 0) k->first_flows = flows;
	const double value = fmax(flows, small_flows * k->first_flows);
	k->distance = fmax(fmax(worst, missed), value > 0 ? gap / value : 0);
}

/* ---- one step ---------------------------------------------------------------------- */

/* dz/dm of every act, and the diagonal that pairs add to M. */
static void set_equations(pl_method *k)
{
	const pl_program *g = k->g;
	for (int32_t i = 0; i < g->n_acts; i++) {
		double stiff = pl_act_curve(g, i, k->at.z[i]) + k->at.low[i] / k->at.z[i];
		if (!isinf(g->cap[i])) stiff += k->at.high[i] / k->at.room[i];
		k->answer[i] = 1 / stiff;
		k->a->whole[i] = k->answer[i];
	}
	for (int32_t j = 0; j < g->n_goods; j++) {
		const double turn = fmax(k->supply[j], k->demand[j]) + k->at.excess[j];
		k->diag[j] = k->a->curve[j] + tiny_diagonal * turn / k->at.price[j];
		if (has_pair(g, j))
			k->diag[j] += k->at.excess[j] / k->at.price[j];
		else /* Newton in log prices: no price falls by more than a factor e */
			k->diag[j] += fmax(0, k->supply[j] - k->demand[j]) / k->at.price[j];
	}
	pl_normal_set(k->normal, k->a, k->diag);
}

/* What each pair's product should become, less what it is, with the second-order terms of a
 * predicted step (all 0 for the predictor). Pairs: act[0] z low, act[1] room high, good[0]. */
static void set_targets(pl_method *k, double target, bool corrected)
{
	const pl_program *g = k->g;
	for (int32_t i = 0; i < g->n_acts; i++) {
		double low = target - k->at.z[i] * k->at.low[i];
		double high = target - k->at.room[i] * k->at.high[i];
		if (corrected) {
			low -= k->moved[i] * k->act[2][i];
			high += k->moved[i] * k->act[3][i];
		}
		k->act[0][i] = low;
		k->act[1][i] = isinf(g->cap[i]) ? 0 : high;
	}
	for (int32_t j = 0; j < g->n_goods; j++) {
		double c = target - k->at.price[j] * k->at.excess[j];
		if (corrected) c -= k->move[j] * k->good[1][j];
		k->good[0][j] = has_pair(g, j) ? c : 0;
	}
}

/* Solve for the step: move [goods] in prices, good[1] in excess, moved [acts] in z, act[2] in
 * low, act[3] in high. @param near `move` is near already */
static void solve_step(pl_method *k, double precision, bool near)
{
	const pl_program *g = k->g;
	for (int32_t i = 0; i < g->n_acts; i++) {
		double push = k->miss[i] + k->act[0][i] / k->at.z[i];
		if (!isinf(g->cap[i])) push -= k->act[1][i] / k->at.room[i];
		k->moved[i] = k->answer[i] * push;
	}
	double *made = k->good[2], *used = k->good[3];
	memset(made, 0, (size_t)g->n_goods * sizeof *made);
	memset(used, 0, (size_t)g->n_goods * sizeof *used);
	pl_act_totals(k->a, made, used, g, k->moved);
	for (int32_t j = 0; j < g->n_goods; j++) {
		k->rhs[j] = k->short_of[j] - (made[j] - used[j]);
		if (has_pair(g, j)) k->rhs[j] += k->good[0][j] / k->at.price[j];
	}
	if (near)
		pl_normal_improve(k->normal, k->move, k->rhs, precision);
	else
		pl_normal_solve(k->normal, k->move, k->rhs, precision);
	k->sweeps++;
	pl_margins(k->margin, g, k->move); /* n . dp; k->margin is looked at anew each step */
	for (int32_t i = 0; i < g->n_acts; i++) {
		k->moved[i] += k->answer[i] * k->margin[i];
		k->act[2][i] = (k->act[0][i] - k->at.low[i] * k->moved[i]) / k->at.z[i];
		k->act[3][i] = isinf(g->cap[i]) ? 0
		                                : (k->act[1][i] + k->at.high[i] * k->moved[i]) /
		                                          k->at.room[i];
	}
	for (int32_t j = 0; j < g->n_goods; j++)
		k->good[1][j] = has_pair(g, j)
		                        ? (k->good[0][j] - k->at.excess[j] * k->move[j]) /
		                                  k->at.price[j]
		                        : 0;
}

static double shorten(double length, double value, double change)
{
	return change < 0 ? fmin(length, -boundary * value / change) : length;
}

/* Does Phi bend anywhere but at bounds? */
static bool is_curved(const pl_method *k)
{
	const pl_program *g = k->g;
	if (g->n_all > g->n_acts || g->n_wants > 0) return true;
	for (int32_t i = 0; i < g->n_acts; i++)
		if (g->slope[i] > 0) return true;
	return false;
}

/* How far quantities and prices may go: one length for both where Phi is curved. */
static void lengths(const pl_method *k, double *quantities, double *prices)
{
	const pl_program *g = k->g;
	double q = 1, p = 1;
	for (int32_t i = 0; i < g->n_acts; i++) {
		q = shorten(q, k->at.z[i], k->moved[i]);
		p = shorten(p, k->at.low[i], k->act[2][i]);
		if (isinf(g->cap[i])) continue;
		q = shorten(q, k->at.room[i], -k->moved[i]);
		p = shorten(p, k->at.high[i], k->act[3][i]);
	}
	for (int32_t j = 0; j < g->n_goods; j++) {
		if (has_pair(g, j)) {
			p = shorten(p, k->at.price[j], k->move[j]);
			q = shorten(q, k->at.excess[j], k->good[1][j]);
		}
	}
	if (is_curved(k)) p = q = fmin(p, q);
	*quantities = q;
	*prices = p;
}

static double moved_price(const pl_method *k, int32_t j, double length)
{
	const double d = length * k->move[j];
	if (has_pair(k->g, j)) return k->at.price[j] + d;
	return k->at.price[j] * pl_exp(fmin(fmax(d / k->at.price[j], -log_step), log_step));
}

/* Sum of products if the step were taken. */
static double products_after(const pl_method *k, double q, double p)
{
	const pl_program *g = k->g;
	double sum = 0;
	for (int32_t i = 0; i < g->n_acts; i++) {
		sum += (k->at.z[i] + q * k->moved[i]) * (k->at.low[i] + p * k->act[2][i]);
		if (isinf(g->cap[i])) continue;
		sum += (k->at.room[i] - q * k->moved[i]) * (k->at.high[i] + p * k->act[3][i]);
	}
	for (int32_t j = 0; j < g->n_goods; j++)
		if (has_pair(g, j))
			sum += (k->at.price[j] + p * k->move[j]) *
			       (k->at.excess[j] + q * k->good[1][j]);
	return sum;
}

static void take_step(pl_method *k, double q, double p)
{
	const pl_program *g = k->g;
	for (int32_t i = 0; i < g->n_acts; i++) {
		k->at.z[i] += q * k->moved[i];
		k->at.low[i] += p * k->act[2][i];
		if (isinf(g->cap[i])) continue;
		k->at.room[i] -= q * k->moved[i];
		k->at.high[i] += p * k->act[3][i];
	}
	for (int32_t j = 0; j < g->n_goods; j++) {
		k->at.price[j] = moved_price(k, j, p);
		if (has_pair(g, j)) k->at.excess[j] += q * k->good[1][j];
	}
}

static double value_out_of_balance(const pl_method *k)
{
	double value = 0;
	for (int32_t j = 0; j < k->g->n_goods; j++)
		value += fabs(k->short_of[j]) * k->at.price[j];
	for (int32_t i = 0; i < k->g->n_acts; i++) value += fabs(k->miss[i]) * k->at.z[i];
	return value;
}

/* Answers that rise with the fifth power of a price can explode in one step: shorten it until
 * the value out of balance has at most grown tenfold. Ends with a look, like every step. */
static void careful_step(pl_method *k, double q, double p, double sum)
{
	const double most = growth * (value_out_of_balance(k) + sum);
	pl_method_keep(k, k->kept, false);
	for (int cut = 0; cut < CUTS; cut++, q *= 0.25, p *= 0.25) {
		take_step(k, q, p);
		look(k);
		if (value_out_of_balance(k) <= most) return;
		pl_method_keep(k, k->kept, true);
	}
	look(k);
}

/* ---- the loop ---------------------------------------------------------------------- */

/* The products may not run ahead of the balance: on the way from far they stay a part of
 * what is out of balance, near the plan a small part of what is asked for. */
static double least_products(const pl_method *k, double sum, double near)
{
	const double least = tiny_gap * fmin(near, nearest) * k->flows;
	if (!is_curved(k)) return least;
	return fmax(least, fmin(lead * value_out_of_balance(k), rebound * sum));
}

static void one_step(pl_method *k, double sum, int64_t pairs, double near)
{
	const double precision = fmin(1e-2, 0.01 * k->distance);
	double q, p;
	set_equations(k);
	set_targets(k, 0, false);
	solve_step(k, rough * precision, false);
	lengths(k, &q, &p);
	const double after = products_after(k, q, p) / sum;
	const double centre = after * after * after * sum;
	set_targets(k, fmax(centre, least_products(k, sum, near)) / (double)pairs, true);
	solve_step(k, precision, true);
	lengths(k, &q, &p);
	const double part =
	        k->idle > IDLE ? 0.5 : 1; /* steps that come to nothing go in circles */
	if (is_curved(k)) {
		careful_step(k, part * q, part * p, sum);
	} else {
		take_step(k, q, p);
		look(k);
	}
}

bool pl_search(pl_method *k, double near)
{
	double best = INFINITY;
	int64_t pairs, since = 0;
	look(k);
	while (k->steps < k->max_steps && !k->stopped) {
		const double sum = products(k, &pairs), flows = k->flows;
		measure(k, sum);
		if (k->distance <= near) return true;
		if (!isfinite(k->distance)) return false;
		since = k->distance < 0.9 * best ? 0 : since + 1;
		const bool far = fabs(k->flows - flows) > far_from * flows;
		k->idle = since == 0 || far ? 0 : k->idle + 1;
		best = fmin(best, k->distance);
		if (since > (is_curved(k) ? FAR_PATIENCE : PATIENCE)) return false;
		one_step(k, sum, pairs, near);
		if (!pl_method_step_done(k)) return false;
	}
	return false;
}
