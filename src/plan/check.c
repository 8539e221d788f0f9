/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* check.c - the second opinion on a plan: prices, balance, stated numbers and the gap. The
 * councils are judged in check_council.c. Nothing here or there comes from the planner
 * (plan-7): sums are compensated, exp and log are the C library's. */
#include "plan/check_inner.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double pl_check_error(double is, double ought)
{
	if (is == ought) return 0;
	return fabs(is - ought) / fmax(fabs(is), fabs(ought));
}

/// A number as in the C locale, whatever locale the host has set.
static void print_number(char out[PL_NUMBER_CHARS], double x, int digits)
{
	char text[PL_NUMBER_CHARS];
	(void)snprintf(text, sizeof text, "%.*g", digits, x);
	size_t n = 0;
	for (const char *s = text; *s != '\0'; s++) {
		const bool plain = strchr("0123456789+-einfa", *s) != NULL;
		if (plain)
			out[n++] = *s;
		else if (n == 0 || out[n - 1] != '.')
			out[n++] = '.';
	}
	out[n] = '\0';
}

static void fill_pattern(char out[512], const char *pattern, const char *const word[4])
{
	size_t n = 0;
	for (; *pattern != '\0' && n < 511; pattern++) {
		const char *mark = strchr("@#<>", *pattern);
		if (mark == NULL) {
			out[n++] = *pattern;
			continue;
		}
		const size_t which = (size_t)(mark - "@#<>");
		for (const char *w = word[which]; *w != '\0' && n < 511; w++) out[n++] = *w;
	}
	out[n] = '\0';
}

void pl_check_fault(pl_check *c, double error, const char *pattern, const char *who,
                    const char *what, double is, double ought)
{
	if (isnan(error)) error = INFINITY;
	if (!(error > c->worst)) return;
	c->worst = error;
	c->verdict->accepted = false;
	char brief[PL_BRIEF_CHARS], subject[PL_BRIEF_CHARS + 2], object[PL_BRIEF_CHARS + 2];
	char left[PL_NUMBER_CHARS], right[PL_NUMBER_CHARS];
	(void)snprintf(subject, sizeof subject, "\"%s\"", pl_text_brief(brief, who));
	(void)snprintf(object, sizeof object, "\"%s\"", pl_text_brief(brief, what));
	print_number(left, is, 10);
	print_number(right, ought, 10);
	if (strcmp(left, right) == 0) {
		print_number(left, is, 17);
		print_number(right, ought, 17);
	}
	const char *const word[4] = {subject, object, left, right};
	fill_pattern(c->verdict->reason, pattern, word);
}

void pl_check_stated(pl_check *c, pl_column column, int64_t row, double ought, double size,
                     const char *who, const char *pattern)
{
	const double *cell = c->stated[column];
	if (cell == NULL || isnan(cell[row])) return;
	if (isnan(ought)) {
		pl_check_fault(
		        c, INFINITY,
		        "a number < is stated for @ where none is defined: leave the cell "
		        "empty",
		        who, "", cell[row], ought);
		return;
	}
	const pl_plan_table table = column < PL_C_ACTIVITY ? PL_C_PRICES : PL_C_COUNCILS;
	const bool whole = c->whole[PL_C_PRICES] && c->whole[PL_C_FLOWS] && c->whole[table];
	const double allowed = whole ? PL_ALL_DIGITS * size
	                             : c->tolerance * fabs(ought) + 4 * PL_TEN_DIGITS * size;
	if (!(fabs(cell[row] - ought) <= allowed))
		pl_check_fault(c, pl_check_error(cell[row], ought), pattern, who, "", cell[row],
		               ought);
}

/// Does some cell need more than the 15 digits that spreadsheets keep?
static bool has_all_digits(const double *x, int64_t n)
{
	char text[PL_NUMBER_CHARS];
	for (int64_t i = 0; x != NULL && i < n; i++) {
		if (!isfinite(x[i])) continue;
		(void)snprintf(text, sizeof text, "%.15g", x[i]);
		if (strtod(text, NULL) != x[i]) return true;
	}
	return false;
}

/// Prices and quantities are numbers from 0; free goods have no price.
static void judge_numbers(pl_check *c)
{
	const pl_model *m = c->m;
	const double *price = c->market.price, *quantity = c->stated[PL_C_QUANTITY];
	for (int32_t g = 0; g < m->n_goods; g++) {
		const char *id = pl_text_at(m->good.id, g);
		if (!isfinite(price[g]) || price[g] < 0)
			pl_check_fault(c, INFINITY,
			               "the price of @ is <; a price is a number from 0", id,
			               "", price[g], 0);
		else if (m->good.kind[g] == PL_FREE && price[g] > 0)
			pl_check_fault(c, INFINITY, "@ is free, but its price is <", id, "",
			               price[g], 0);
	}
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++)
			if (!isfinite(quantity[l]) || quantity[l] < 0)
				pl_check_fault(
				        c, INFINITY,
				        "the quantity of # at @ is <; a quantity is a number "
				        "from 0",
				        pl_text_at(m->council.id, i),
				        pl_text_at(m->good.id, m->link.good[l]), quantity[l],
				        0);
}

/// Add x and keep what rounding drops. Source: A. Neumaier, ZAMM 54 (1974) 39-51.
static void add(double *sum, double *lost, double x)
{
	const double total = *sum + x;
	*lost += fabs(*sum) >= fabs(x) ? (*sum - total) + x : (x - total) + *sum;
	*sum = total;
}

/// Supply and demand of every good from the flows. @param lost [2 n_goods] zeros
static void sum_flows(pl_check *c, double *lost)
{
	const pl_model *m = c->m;
	double *lost_demand = lost + m->n_goods;
	for (int32_t g = 0; g < m->n_goods; g++) c->supply[g] = m->good.supply[g];
	for (int64_t l = 0; l < m->n_links; l++) {
		const int32_t g = m->link.good[l];
		const double quantity = c->stated[PL_C_QUANTITY][l];
		if (m->link.role[l] == PL_MAKES || m->link.role[l] == PL_OFFERS)
			add(&c->supply[g], &lost[g], quantity);
		else
			add(&c->demand[g], &lost_demand[g], quantity);
	}
	for (int32_t g = 0; g < m->n_goods; g++) {
		c->supply[g] += lost[g];
		c->demand[g] += lost_demand[g];
		c->verdict->flow_value += c->market.price[g] * (c->supply[g] + c->demand[g]);
	}
}

/// 2|S - D|/(S + D); 0 where both are 0, and where nothing is scarce at a price of 0.
static double imbalance_of(double price, double supply, double demand)
{
	if (supply + demand == 0 || (price == 0 && supply >= demand)) return 0;
	return 2 * fabs(supply - demand) / (supply + demand);
}

static void judge_balance(pl_check *c)
{
	const pl_model *m = c->m;
	pl_verdict *v = c->verdict;
	v->worst_good = -1;
	for (int32_t g = 0; g < m->n_goods; g++) {
		if (m->good.kind[g] == PL_FREE) continue;
		const char *id = pl_text_at(m->good.id, g);
		const double supply = c->supply[g], demand = c->demand[g];
		const double off = imbalance_of(c->market.price[g], supply, demand);
		if (off > v->worst_imbalance) {
			v->worst_imbalance = off;
			v->worst_good = g;
		}
		if (!(supply >= demand * (1 - c->tolerance)))
			pl_check_fault(c, off, "@ is short: < are there and > are asked for",
			               id, "", supply, demand);
		else if (!(off <= c->tolerance))
			pl_check_fault(
			        c, off,
			        "@ has a price, but is left over: < are there and > are asked "
			        "for",
			        id, "", supply, demand);
	}
}

/// An imbalance is a small difference of large numbers: with all digits there it follows
/// from the stated supply and demand to 5e-13 (0.1 % of 1e-9 shows), else to what ten digits
/// leave of them.
static void judge_stated_imbalance(pl_check *c, int32_t g)
{
	const double *cell = c->stated[PL_C_IMBALANCE];
	if (cell == NULL || isnan(cell[g])) return;
	const double *supply_cell = c->stated[PL_C_SUPPLY],
	             *demand_cell = c->stated[PL_C_DEMAND];
	const bool whole = c->whole[PL_C_PRICES] && supply_cell != NULL &&
	                   demand_cell != NULL && !isnan(supply_cell[g]) &&
	                   !isnan(demand_cell[g]);
	const double supply = whole ? supply_cell[g] : c->supply[g];
	const double demand = whole ? demand_cell[g] : c->demand[g];
	const double ought = imbalance_of(c->market.price[g], supply, demand);
	const double allowed = whole ? 5e-13 : 8 * PL_TEN_DIGITS + c->tolerance * ought;
	if (c->m->good.kind[g] == PL_FREE && cell[g] == 0) return;
	if (!(fabs(cell[g] - ought) <= allowed))
		pl_check_fault(
		        c, pl_check_error(cell[g], ought),
		        "the imbalance of @ is stated as <, but its supply and demand give >",
		        pl_text_at(c->m->good.id, g), "", cell[g], ought);
}

static void judge_good_columns(pl_check *c)
{
	for (int32_t g = 0; g < c->m->n_goods; g++) {
		const char *id = pl_text_at(c->m->good.id, g);
		pl_check_stated(c, PL_C_SUPPLY, g, c->supply[g], c->supply[g], id,
		                "the supply of @ is stated as <, but its flows add up to >");
		pl_check_stated(c, PL_C_DEMAND, g, c->demand[g], c->demand[g], id,
		                "the demand for @ is stated as <, but its flows add up to >");
		judge_stated_imbalance(c, g);
	}
}

/// Price times excess supply, sizes added, and what councils lose, over the value of all
/// flows: 0 at an exact plan and nowhere else.
static void judge_gap(pl_check *c)
{
	const pl_model *m = c->m;
	pl_verdict *v = c->verdict;
	double excess = 0;
	for (int32_t g = 0; g < m->n_goods; g++)
		excess += c->market.price[g] * fabs(c->supply[g] - c->demand[g]);
	if (excess + c->loss != 0) v->gap = (excess + c->loss) / v->flow_value;
	if (v->gap <= c->tolerance) return;
	pl_check_fault(c, v->gap,
	               "councils and goods together lose < of the value of all flows against "
	               "their best answers, where > is allowed",
	               "", "", v->gap, c->tolerance);
}

static void note_digits(pl_check *c)
{
	for (int i = 0; i < PL_C_COLUMNS; i++) {
		if (i == PL_C_QUANTITY)
			c->whole[PL_C_FLOWS] = has_all_digits(c->stated[i], c->m->n_links);
		else if (i < PL_C_ACTIVITY)
			c->whole[PL_C_PRICES] |= has_all_digits(c->stated[i], c->m->n_goods);
		else
			c->whole[PL_C_COUNCILS] |=
			        has_all_digits(c->stated[i], c->m->n_councils);
	}
}

static void judge(pl_check *c, double *lost)
{
	judge_numbers(c);
	if (!c->verdict->accepted) { /* nothing can be computed from what is no number */
		c->verdict->worst_imbalance = c->verdict->gap = c->verdict->flow_value = NAN;
		c->verdict->worst_good = -1;
		return;
	}
	const pl_model *m = c->m;
	for (int32_t g = 0; g < m->n_goods; g++) c->log_price[g] = log(c->market.price[g]);
	note_digits(c);
	sum_flows(c, lost);
	judge_balance(c);
	pl_check_reach(c);
	for (int32_t i = 0; i < m->n_councils; i++) pl_check_council(c, i);
	judge_good_columns(c);
	judge_gap(c);
}

pl_status pl_plan_check(pl_verdict *out, const pl_model *m, const pl_claim *claim,
                        double tolerance, pl_error *err)
{
	*out = (pl_verdict){.worst_good = -1};
	if (claim->price == NULL || claim->quantity == NULL)
		return pl_fail(err, PL_EARG, -1,
		               "a plan to check needs its prices and its flows");
	if (!(tolerance > 0 && tolerance < 1))
		return pl_fail(err, PL_EARG, -1,
		               "a plan is checked to a tolerance between 0 and 1");
	const int64_t n = m->n_goods;
	double *lost = pl_alloc(2 * n, sizeof *lost);
	pl_check c = {
	        .m = m,
	        .stated = {claim->price, claim->quantity, claim->supply, claim->demand,
	                   claim->imbalance, claim->activity, claim->benefit, claim->cost,
	                   claim->ratio},
	        .tolerance = tolerance,
	        .log_price = pl_alloc(n, sizeof *lost),
	        .supply = pl_alloc(n, sizeof *lost),
	        .demand = pl_alloc(n, sizeof *lost),
	        .there = pl_alloc(n, 1),
	        .barred = pl_alloc(m->n_councils, 1),
	        .verdict = out,
	};
	c.market = (pl_market){.m = m, .price = claim->price, .log_price = c.log_price};
	const bool room = lost != NULL && c.log_price != NULL && c.supply != NULL &&
	                  c.demand != NULL && c.there != NULL && c.barred != NULL;
	out->accepted = room;
	if (room) judge(&c, lost);
	pl_free(lost);
	pl_free(c.log_price);
	pl_free(c.supply);
	pl_free(c.demand);
	pl_free(c.there);
	pl_free(c.barred);
	if (room) return PL_OK;
	return pl_fail(err, PL_ENOMEM, -1, "no memory to check a plan of %lld goods",
	               (long long)n);
}
