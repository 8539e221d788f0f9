/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* purse.c - prices between proven bounds, and exact ones where they are needed.
 *
 * U below is 2^-53, half the distance from 1 to the next double. */
#include "vote/purse.h"

#include "base/alloc.h"
#include "base/error.h"
#include "vote/budget.h"

#include <float.h>
#include <math.h>

_Static_assert(sizeof(unsigned long) == sizeof(int64_t), "GMP takes 64 bits in one piece");

#define U (DBL_EPSILON / 2)

static const double GONE = -1;

typedef enum { HAS_ENOUGH, PAYS_ALL, HAS_JUST_ENOUGH } pl_purse_state;

static int64_t weight_of(const pl_purses *p, int64_t j)
{
	return pl_ballot_weight(p->e, p->who[j]);
}

static int64_t points_of(const pl_purses *p, int64_t j)
{
	return p->points == NULL ? 1 : p->points[j];
}

/* ---- who supports what ---------------------------------------------------------------------
 */

static bool supports(const pl_election *e, int64_t k)
{
	return e->kind != PL_BALLOT_SCORE || e->value[k] > 0;
}

/// Count the supporters of each option; @return of the most supported
static int64_t count_supporters(pl_purses *p)
{
	const pl_election *e = p->e;
	int64_t most = 0;
	for (int64_t k = 0; k < e->n_marks; k++) p->from[e->marked[k] + 1] += supports(e, k);
	for (int32_t i = 0; i < e->n_options; i++) {
		if (p->from[i + 1] > most) most = p->from[i + 1];
		p->from[i + 1] += p->from[i];
	}
	return most;
}

/// Note the supporters; `from` is the cursor and ends one option ahead.
static void place_supporters(pl_purses *p)
{
	const pl_election *e = p->e;
	for (int64_t i = 0; i < e->n_ballots; i++) {
		const int64_t weight = pl_ballot_weight(e, i);
		for (int64_t k = e->start[i]; k < e->start[i + 1]; k++) {
			if (!supports(e, k)) continue;
			const int32_t option = e->marked[k];
			const int64_t points = pl_ballot_points(e, i, k), j = p->from[option]++;
			p->who[j] = (int32_t)i;
			if (p->points != NULL) p->points[j] = (int32_t)points;
			p->support[option] += weight;
			p->given[option] += weight * points;
		}
	}
	for (int32_t i = e->n_options; i > 0; i--) p->from[i] = p->from[i - 1];
	p->from[0] = 0;
}

static bool open_options(pl_purses *p)
{
	const int32_t n = p->e->n_options;
	p->from = pl_alloc((int64_t)n + 1, sizeof *p->from);
	p->support = pl_alloc(n, sizeof *p->support);
	p->given = pl_alloc(n, sizeof *p->given);
	p->turn = pl_alloc(n, sizeof *p->turn);
	p->bought = pl_alloc(n, sizeof *p->bought);
	p->paid = pl_alloc(n, sizeof *p->paid);
	p->seat = pl_alloc(n, sizeof *p->seat);
	p->given_by = pl_alloc((int64_t)n * PL_PURSES_AT_ONCE, sizeof *p->given_by);
	p->price = pl_alloc(n, sizeof *p->price);
	mpz_inits(p->whole, p->exact_part, p->term, p->sum, NULL);
	for (int32_t i = 0; p->price != NULL && i < n; i++) mpz_init(p->price[i]);
	return p->from != NULL && p->support != NULL && p->given != NULL && p->turn != NULL &&
	       p->bought != NULL && p->paid != NULL && p->price != NULL && p->seat != NULL &&
	       p->given_by != NULL;
}

static bool open_voters(pl_purses *p)
{
	const int64_t most = count_supporters(p), n = p->from[p->e->n_options];
	p->who = pl_alloc(n, sizeof *p->who);
	p->left = pl_alloc(p->e->n_ballots, sizeof *p->left);
	p->purse = pl_alloc(most, sizeof *p->purse);
	p->weight = pl_alloc(most, sizeof *p->weight);
	p->point = pl_alloc(most, sizeof *p->point);
	p->state = pl_alloc(most, sizeof *p->state);
	if (p->e->kind != PL_BALLOT_APPROVAL) {
		p->points = pl_alloc(n, sizeof *p->points);
		if (p->points == NULL) return false;
	}
	return p->who != NULL && p->left != NULL && p->purse != NULL && p->weight != NULL &&
	       p->point != NULL && p->state != NULL;
}

pl_status pl_purses_open(pl_purses *p, const pl_election *e, pl_error *err)
{
	*p = (pl_purses){.e = e};
	if (e->n_ballots > INT32_MAX)
		return pl_fail(err, PL_EARG, -1, "more ballots than equal shares can count");
	if (!open_options(p) || !open_voters(p))
		return pl_fail(err, PL_ENOMEM, -1, "no memory for what the voters have left");
	place_supporters(p);
	return PL_OK;
}

void pl_purses_free(pl_purses *p)
{
	if (p->e == NULL) return;
	mpz_clears(p->whole, p->exact_part, p->term, p->sum, NULL);
	for (int32_t i = 0; p->price != NULL && i < p->e->n_options; i++)
		mpz_clear(p->price[i]);
	pl_free(p->price);
	pl_free(p->from);
	pl_free(p->who);
	pl_free(p->points);
	pl_free(p->support);
	pl_free(p->given);
	pl_free(p->left);
	pl_free(p->turn);
	pl_free(p->bought);
	pl_free(p->purse);
	pl_free(p->weight);
	pl_free(p->point);
	pl_free(p->state);
	pl_free(p->paid);
	pl_free(p->seat);
	pl_free(p->given_by);
}

/// Each purchase adds at most 9 U of the part: 7 by what the price in doubles is off, and one
/// each by a product and a difference.
static void bound_error(pl_purses *p)
{
	p->error = (12.0 * p->n_bought + 8.0) * U * p->part;
}

void pl_purses_fill(pl_purses *p, int64_t num, int64_t den)
{
	mpz_set_ui(p->exact_part, (unsigned long)num);
	mpz_set_ui(p->whole, (unsigned long)den);
	p->part = (double)num / (double)den;
	p->n_bought = 0;
	for (int64_t i = 0; i < p->e->n_ballots; i++) p->left[i] = p->part;
	for (int32_t i = 0; i < p->e->n_options; i++) p->turn[i] = -1;
	bound_error(p);
}

/* ---- bounds --------------------------------------------------------------------------------
 */

/// The supporters that are looked at, in p->purse, p->weight and p->point.
typedef struct {
	int64_t n;
	double points; ///< weight * points of those in the arrays
	double money;  ///< weight * left of those in the arrays, or of those taken out
} crowd;

/// Gather the supporters who have anything left. Here and below what is to stay is written in
/// any case and counted where it stays: whether it does cannot be foretold.
/// @param plain every weight and every point is 1, and nothing is written of them
static inline crowd gather(pl_purses *p, int32_t option, const bool plain)
{
	crowd all = {0, 0, 0};
	for (int64_t j = p->from[option]; j < p->from[option + 1]; j++) {
		const double left = p->left[p->who[j]];
		const bool stays = left >= 0;
		const double weight = plain ? 1 : (double)weight_of(p, j);
		const double points = plain ? 1 : (double)points_of(p, j);
		p->purse[all.n] = left;
		if (!plain) {
			p->weight[all.n] = weight;
			p->point[all.n] = points;
		}
		all.money += stays ? weight * left : 0;
		all.points += stays ? weight * points : 0;
		all.n += stays;
	}
	return all;
}

/// Take out those who have less than the price for their points. @return who stays, with the
/// money of those taken out added to what was there
static inline crowd take_out(pl_purses *p, crowd from, double price, const bool plain)
{
	crowd rich = {0, 0, from.money};
	for (int64_t i = 0; i < from.n; i++) {
		const double left = p->purse[i];
		const double weight = plain ? 1 : p->weight[i],
		             points = plain ? 1 : p->point[i];
		const bool stays = left >= price * points;
		p->purse[rich.n] = left;
		if (!plain) {
			p->weight[rich.n] = weight;
			p->point[rich.n] = points;
		}
		rich.money += stays ? 0 : weight * left;
		rich.points += stays ? weight * points : 0;
		rich.n += stays;
	}
	return rich;
}

/// Do all who stay surely have the price for their points?
static inline bool all_have(const pl_purses *p, crowd rich, double price, const bool plain)
{
	bool have = true;
	for (int64_t i = 0; i < rich.n; i++)
		have &= p->purse[i] - p->error >=
		        price * (1 + 4 * U) * (plain ? 1 : p->point[i]);
	return have;
}

/// Take out those who have less than the price, raise the price to what the others then pay,
/// and so on until nobody is taken out, or the price is more than enough.
/// @param[in,out] price a price asked at least
static inline crowd part(pl_purses *p, double *price, crowd all, double cost, double enough,
                         const bool plain)
{
	crowd rich = {all.n, all.points, 0};
	bool same = false;
	while (!same && rich.n > 0 && *price <= enough) {
		const crowd fewer = take_out(p, rich, *price, plain);
		same = fewer.n == rich.n;
		rich = fewer;
		const double next = (cost - rich.money) / rich.points;
		if (rich.n > 0 && next > *price) *price = next;
	}
	return rich;
}

static bool has_cost(pl_purses *p, int32_t option);

bool pl_purses_bound(pl_price_bounds *out, pl_purses *p, int32_t option, double since,
                     double enough)
{
	const double cost = (double)p->e->option.cost[option];
	const bool plain = p->points == NULL && p->e->weight == NULL;
	const crowd all = plain ? gather(p, option, true) : gather(p, option, false);
	const double heads = (double)p->support[option], n = (double)all.n;
	/* of every sum of money below, of the cost, and of a difference of the two */
	const double error =
	        heads * ((n + 8) * U * p->part + p->error) * (1 + 1e-6) + 8 * U * cost;
	if (all.money + error < cost) return false;
	*out = (pl_price_bounds){since, INFINITY};
	if (all.money - error < cost) return has_cost(p, option);
	double price = cost / all.points;
	if (price < since) price = since;
	const crowd rich = plain ? part(p, &price, all, cost, enough, true)
	                         : part(p, &price, all, cost, enough, false);
	if (rich.n == 0) return true;
	const double slack = (n + 8) * U; /* of a quotient, its divisor a sum of n */
	const double low = (cost - rich.money - error) / rich.points * (1 - slack);
	const double above = (cost - rich.money + error) / rich.points * (1 + slack);
	const double high = above > price ? above : price;
	if (low > out->low) out->low = low;
	if (price > enough) return true;
	if (plain ? all_have(p, rich, high, true) : all_have(p, rich, high, false))
		out->high = high;
	return true;
}

int64_t pl_purses_lack(const pl_purses *p, int32_t option, bool since_first)
{
	const double cost = (double)p->e->option.cost[option];
	const double heads = (double)p->support[option];
	const double n = (double)(p->from[option + 1] - p->from[option]);
	double money = 0;
	for (int64_t j = p->from[option]; j < p->from[option + 1]; j++) {
		const double left = since_first ? p->part : p->left[p->who[j]];
		if (left > 0) money += (double)weight_of(p, j) * left;
	}
	const double error =
	        heads * ((n + 8) * U * p->part + p->error) * (1 + 1e-6) + 8 * U * cost;
	const double lack = (cost - money - error) / heads * (1 - 16 * U) - 1;
	return lack > 0 ? (int64_t)lack : 0;
}

/* ---- exact ---------------------------------------------------------------------------------
 */

/// What a voter has left, times p->whole.
static void exact_left(mpz_t out, const pl_purses *p, int32_t ballot)
{
	const pl_election *e = p->e;
	mpz_set(out, p->exact_part);
	for (int64_t k = e->start[ballot]; k < e->start[ballot + 1]; k++) {
		const int32_t turn = p->turn[e->marked[k]];
		if (turn < 0 || !supports(e, k)) continue;
		mpz_submul_ui(out, p->price[turn],
		              (unsigned long)pl_ballot_points(e, ballot, k));
	}
}

/// Add up what a voter gave to each option on the ballot, bought or not.
static inline void add_given(int64_t *given, const pl_election *e, int32_t ballot,
                             int64_t weight)
{
	for (int64_t k = e->start[ballot]; k < e->start[ballot + 1]; k++) {
		if (e->kind == PL_BALLOT_APPROVAL)
			given[e->marked[k]] += weight;
		else if (supports(e, k))
			given[e->marked[k]] += weight * pl_ballot_points(e, ballot, k);
	}
}

/// What voters have left together, times p->whole.
/// @param heads their weight @param given [n_options] by them to each option
static void add_left(mpz_t out, const pl_purses *p, int64_t heads, const int64_t *given)
{
	mpz_mul_ui(out, p->exact_part, (unsigned long)heads);
	for (int32_t k = 0; k < p->n_bought; k++)
		mpz_submul_ui(out, p->price[k], (unsigned long)given[p->bought[k]]);
}

static void clear_paid(pl_purses *p)
{
	for (int32_t i = 0; i < p->e->n_options; i++) p->paid[i] = 0;
}

/// What those supporters of an option have left together who pay all. @return their weight
static int64_t left_of_poor(mpz_t out, pl_purses *p, int32_t option)
{
	const int64_t first = p->from[option];
	int64_t heads = 0;
	for (int64_t j = first; j < p->from[option + 1]; j++) {
		const int32_t i = p->who[j];
		if (p->left[i] < 0 || p->state[j - first] != PAYS_ALL) continue;
		if (heads == 0) clear_paid(p);
		heads += weight_of(p, j);
		add_given(p->paid, p->e, i, weight_of(p, j));
	}
	if (heads > 0)
		add_left(out, p, heads, p->paid);
	else
		mpz_set_ui(out, 0);
	return heads;
}

/// Add what a voter gave to those options at once that the ballot supports.
static void add_given_by(pl_purses *p, int64_t *heads, int32_t ballot)
{
	const pl_election *e = p->e;
	const int64_t weight = pl_ballot_weight(e, ballot);
	for (int64_t k = e->start[ballot]; k < e->start[ballot + 1]; k++) {
		const int32_t seat = p->seat[e->marked[k]] - 1;
		if (seat < 0 || !supports(e, k)) continue;
		heads[seat] += weight;
		add_given(p->given_by + (int64_t)seat * e->n_options, e, ballot, weight);
	}
}

void pl_purses_left(mpz_t *out, pl_purses *p, const int32_t *option, int32_t n)
{
	int64_t heads[PL_PURSES_AT_ONCE] = {0};
	const int64_t options = p->e->n_options;
	for (int64_t i = 0; i < options; i++) p->seat[i] = 0;
	for (int64_t i = 0; i < n * options; i++) p->given_by[i] = 0;
	for (int32_t i = 0; i < n; i++) p->seat[option[i]] = i + 1;
	for (int32_t i = 0; i < (int32_t)p->e->n_ballots; i++)
		if (p->left[i] >= 0) add_given_by(p, heads, i);
	for (int32_t i = 0; i < n; i++)
		add_left(out[i], p, heads[i], p->given_by + i * options);
}

/// Do the supporters of an option have its cost together, exactly?
static bool has_cost(pl_purses *p, int32_t option)
{
	const int64_t first = p->from[option], n = p->from[option + 1] - first;
	for (int64_t j = 0; j < n; j++) p->state[j] = PAYS_ALL;
	(void)left_of_poor(p->sum, p, option);
	mpz_submul_ui(p->sum, p->whole, (unsigned long)p->e->option.cost[option]);
	return mpz_sgn(p->sum) >= 0;
}

double pl_price_near(const pl_purses *p, const pl_price *price)
{
	long above, below;
	const double x = mpz_get_d_2exp(&above, price->asked);
	const double y = mpz_get_d_2exp(&below, p->whole);
	return ldexp(x / y / (double)price->points, (int)(above - below));
}

/// How a voter stands to an exact price.
static pl_purse_state compare(pl_purses *p, int64_t j, const pl_price *price)
{
	exact_left(p->term, p, p->who[j]);
	mpz_mul_ui(p->term, p->term, (unsigned long)price->points);
	mpz_submul_ui(p->term, price->asked, (unsigned long)points_of(p, j));
	const int sign = mpz_sgn(p->term);
	return sign < 0 ? PAYS_ALL : sign > 0 ? HAS_ENOUGH : HAS_JUST_ENOUGH;
}

/// The price if those pay all who are said to.
static void solve(pl_price *out, pl_purses *p, int32_t option)
{
	const int64_t first = p->from[option];
	out->points = 0;
	out->full = 0;
	for (int64_t j = first; j < p->from[option + 1]; j++) {
		if (p->left[p->who[j]] < 0 || p->state[j - first] == PAYS_ALL) continue;
		out->points += weight_of(p, j) * points_of(p, j);
		out->full += weight_of(p, j);
	}
	out->all = left_of_poor(p->sum, p, option);
	mpz_mul_ui(out->asked, p->whole, (unsigned long)p->e->option.cost[option]);
	mpz_sub(out->asked, out->asked, p->sum);
}

/// Sort the supporters by whether they have the price. @return does anyone change sides?
static bool resort(pl_purses *p, int32_t option, const pl_price *price)
{
	const double near = pl_price_near(p, price);
	const int64_t first = p->from[option];
	bool changed = false;
	for (int64_t j = first; j < p->from[option + 1]; j++) {
		const double left = p->left[p->who[j]];
		if (left < 0) continue;
		const double pays = near * (double)points_of(p, j), over = left - pays;
		const double unsure = p->error + 16 * U * (left + pays);
		const int8_t was = p->state[j - first];
		pl_purse_state now = over < 0 ? PAYS_ALL : HAS_ENOUGH;
		if (over <= unsure && over >= -unsure) now = compare(p, j, price);
		p->state[j - first] = (int8_t)now;
		changed = changed || (was == PAYS_ALL) != (now == PAYS_ALL);
	}
	return changed;
}

/// Sort the supporters by a price in doubles. @return has anybody enough?
static bool presort(pl_purses *p, int32_t option, double price)
{
	const int64_t first = p->from[option];
	bool some = false;
	for (int64_t j = first; j < p->from[option + 1]; j++) {
		const double left = p->left[p->who[j]];
		const bool enough = left >= price * (double)points_of(p, j);
		p->state[j - first] = enough ? HAS_ENOUGH : PAYS_ALL;
		some = some || enough;
	}
	return some;
}

void pl_purses_price(pl_price *out, pl_purses *p, int32_t option, double near)
{
	if (!presort(p, option, near)) (void)presort(p, option, 0);
	do {
		solve(out, p, option);
	} while (resort(p, option, out));
}

/// Bring what is exact to a denominator that is `by` times as large.
static void refine(pl_purses *p, uint64_t by)
{
	if (by == 1) return;
	mpz_mul_ui(p->whole, p->whole, by);
	mpz_mul_ui(p->exact_part, p->exact_part, by);
	for (int32_t k = 0; k < p->n_bought; k++) mpz_mul_ui(p->price[k], p->price[k], by);
}

void pl_purses_pay(pl_purses *p, int32_t option, const pl_price *price)
{
	const double near = pl_price_near(p, price);
	const int64_t first = p->from[option];
	for (int64_t j = first; j < p->from[option + 1]; j++) {
		double *left = &p->left[p->who[j]];
		if (*left < 0) continue;
		*left -= near * (double)points_of(p, j);
		if (p->state[j - first] != HAS_ENOUGH)
			*left = GONE;
		else if (*left < 0)
			*left = 0;
	}
	const uint64_t points = (uint64_t)price->points;
	const uint64_t common = mpz_gcd_ui(p->term, price->asked, points);
	mpz_divexact_ui(p->price[p->n_bought], price->asked, common);
	refine(p, points / common);
	p->turn[option] = p->n_bought;
	p->bought[p->n_bought++] = option;
	bound_error(p);
}
