/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* check_council.c - one council of a claimed plan: possible, best, and its columns. */
#include "plan/check_inner.h"

#include <float.h>
#include <math.h>

static const char *council_id(const pl_check *c, int32_t i)
{
	return pl_text_at(c->m->council.id, i);
}
static const char *good_id(const pl_check *c, int64_t link)
{
	return pl_text_at(c->m->good.id, c->m->link.good[link]);
}

/// Both within @p tolerance of each other; numbers below the smallest normal one are equal.
static bool near(double is, double ought, double tolerance)
{
	return fabs(is - ought) <= tolerance * fabs(ought) + DBL_MIN;
}

static const char *const answer_pattern[PL_ROLES] = {
        [PL_MAKES] = "@ makes < of #, but its best answer to these prices is >",
        [PL_USES] = "@ uses < of #, but its best answer to these prices is >",
        [PL_WANTS] = "@ wants < of #, but its schedule asks for > at these prices",
        [PL_OFFERS] = "@ offers < of #, but its schedule offers > at these prices",
};

/// Where nobody has a use for a good, its price may end a little above 0 and its quantity at
/// 0, although the best answer is a trace.
static bool is_trace(const pl_check *c, double is, double best, double price)
{
	return is == 0 && price * best <= PL_NEXT_TO_NOTHING * c->verdict->flow_value;
}

/// Every schedule but `recipe` has one best answer. The value of the difference counts as
/// loss; it is more than the loss itself, which is of second order.
static void judge_answer(pl_check *c, int32_t i)
{
	const pl_model *m = c->m;
	const double *quantity = c->stated[PL_C_QUANTITY];
	const pl_answer a = pl_answer_find(&c->market, i);
	const double tolerance = c->tolerance + 2 * PL_TEN_DIGITS * a.condition;
	for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++) {
		const double best = pl_answer_quantity(&a, &c->market, i, l);
		const double price = c->market.price[m->link.good[l]];
		if (!isfinite(best))
			pl_check_fault(
			        c, INFINITY,
			        "@ has < of #, but at a price of > it would ask for ever more",
			        council_id(c, i), good_id(c, l), quantity[l], price);
		else if (!near(quantity[l], best, tolerance) &&
		         !is_trace(c, quantity[l], best, price))
			pl_check_fault(c, pl_check_error(quantity[l], best),
			               answer_pattern[m->link.role[l]], council_id(c, i),
			               good_id(c, l), quantity[l], best);
		if (isfinite(best)) c->loss += price * fabs(quantity[l] - best);
	}
}

/// The activity that explains a recipe's flows: the mean over its links.
static double activity_of(const pl_check *c, int32_t i)
{
	const pl_model *m = c->m;
	double sum = 0, count = 0;
	for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++) {
		if (!(m->link.amount[l] > 0)) continue;
		sum += c->stated[PL_C_QUANTITY][l] / m->link.amount[l];
		count++;
	}
	return count > 0 ? sum / count : 0;
}

static void judge_proportions(pl_check *c, int32_t i, double z)
{
	const pl_model *m = c->m;
	for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++) {
		const double is = c->stated[PL_C_QUANTITY][l], ought = m->link.amount[l] * z;
		if (near(is, ought, c->tolerance)) continue;
		pl_check_fault(
		        c, pl_check_error(is, ought),
		        m->link.role[l] == PL_MAKES
		                ? "@ makes < of #, but the rest of its recipe goes with >"
		                : "@ uses < of #, but the rest of its recipe goes with >",
		        council_id(c, i), good_id(c, l), is, ought);
	}
}

/// A finite activity to compare an unlimited recipe with: the smallest that alone would make
/// the whole supply and demand of one of its outputs. More than that nobody could have a use
/// for, and its value is at most twice that of all flows.
static double enough(const pl_check *c, int32_t i)
{
	const pl_model *m = c->m;
	double most = INFINITY;
	for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++) {
		const int32_t g = m->link.good[l];
		if (m->link.role[l] == PL_MAKES && m->link.amount[l] > 0)
			most = fmin(most, (c->supply[g] + c->demand[g]) / m->link.amount[l]);
	}
	return isinf(most) ? 0 : most;
}

/// With a rising effort cost there is one best activity, known as far as ten digits of the
/// prices tell the margin. @return that activity
static double judge_rising(pl_check *c, int32_t i, const pl_recipe *r, double z)
{
	const double gain = r->made - r->given,
	             doubt = 4 * PL_TEN_DIGITS * (r->made + r->given);
	const double low = pl_recipe_activity(r, gain - doubt);
	const double high = pl_recipe_activity(r, gain + doubt);
	const double best = pl_recipe_activity(r, gain);
	if (!(z >= low * (1 - c->tolerance)) || !(z <= high * (1 + c->tolerance) + DBL_MIN))
		pl_check_fault(
		        c, pl_check_error(z, best),
		        "@ runs at an activity of <, but its best answer to these prices is >",
		        council_id(c, i), "", z, best);
	return best;
}

/// With constant effort cost a recipe runs at capacity where it gains, not at all where it
/// loses, and anywhere between where it does neither. What it misses is judged by its value;
/// an activity below tolerance^2 of its scale is nothing. @return the best activity
static double judge_constant(pl_check *c, int32_t i, const pl_recipe *r, double z)
{
	const double gain = r->made - r->given, unit = r->made + r->given;
	const double most = fmin(r->capacity, fmax(z, enough(c, i)));
	if (fabs(gain) <= c->tolerance * unit) return gain > 0 ? most : 0;
	if (gain > 0 && isinf(r->capacity))
		pl_check_fault(
		        c, gain / unit,
		        "@ would gain without limit: a unit of its activity makes a value of < "
		        "at a cost of >",
		        council_id(c, i), "", r->made, r->given);
	else if (gain > 0 && !(gain * (r->capacity - z) <= c->tolerance * unit * z))
		pl_check_fault(
		        c, pl_check_error(z, r->capacity),
		        "@ gains by what it does, yet runs at an activity of < where its "
		        "capacity is >",
		        council_id(c, i), "", z, r->capacity);
	else if (gain < 0 && !(z <= c->tolerance * c->tolerance * most))
		pl_check_fault(
		        c, -gain / unit,
		        "@ runs at a loss: a unit of its activity makes a value of < at a "
		        "cost of >",
		        council_id(c, i), "", r->made, r->given);
	return gain > 0 ? r->capacity : 0;
}

static void judge_recipe(pl_check *c, int32_t i)
{
	const pl_model *m = c->m;
	const double z = activity_of(c, i);
	const pl_recipe r = pl_recipe_find(&c->market, i);
	judge_proportions(c, i, z);
	if (!(z <= r.capacity * (1 + c->tolerance)))
		pl_check_fault(c, pl_check_error(z, r.capacity),
		               "@ runs at an activity of <, above its capacity of >",
		               council_id(c, i), "", z, r.capacity);
	const double best =
	        r.slope > 0 ? judge_rising(c, i, &r, z) : judge_constant(c, i, &r, z);
	if (isinf(best)) return; /* a fault was noted */
	double surplus = -pl_recipe_cost(&r, z);
	for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++) {
		const double value =
		        c->stated[PL_C_QUANTITY][l] * c->market.price[m->link.good[l]];
		surplus += m->link.role[l] == PL_MAKES ? value : -value;
	}
	const double ideal = (r.made - r.given + r.effort) * best - pl_recipe_cost(&r, best);
	c->loss += fabs(ideal - surplus);
}

static void stated(pl_check *c, pl_column column, int32_t i, double ought, double size)
{
	static const char *const pattern[PL_C_COLUMNS] = {
	        [PL_C_ACTIVITY] = "the activity of @ is stated as <, but its flows show >",
	        [PL_C_BENEFIT] =
	                "the benefit of @ is stated as <, but its flows at these prices "
	                "give >",
	        [PL_C_COST] =
	                "the cost of @ is stated as <, but its flows at these prices give >",
	        [PL_C_RATIO] = "the ratio of @ is stated as <, but its flows at these prices "
	                       "give >",
	};
	pl_check_stated(c, column, i, ought, size, council_id(c, i), pattern[column]);
}

/// Value of the links of one role at plan prices, credits.
static double value_of(const pl_check *c, int32_t i, pl_role role)
{
	const pl_model *m = c->m;
	double value = 0;
	for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++)
		if (m->link.role[l] == role)
			value += c->stated[PL_C_QUANTITY][l] * c->market.price[m->link.good[l]];
	return value;
}

/// Workers: value made and used. Consumers and requests: income, and wants less offers.
static void judge_columns(pl_check *c, int32_t i, double activity)
{
	const bool workers = c->m->council.kind[i] == PL_WORKERS;
	const double in = value_of(c, i, workers ? PL_MAKES : PL_WANTS);
	const double out = value_of(c, i, workers ? PL_USES : PL_OFFERS);
	const double benefit = workers ? in : c->m->council.income[i];
	const double cost = workers ? out : in - out, size = workers ? out : in + out;
	const double above = workers ? benefit : cost, below = workers ? cost : benefit;
	const double above_size = workers ? benefit : size;
	const bool ratio = below > 0;
	stated(c, PL_C_ACTIVITY, i, activity, fabs(activity));
	stated(c, PL_C_BENEFIT, i, benefit, benefit);
	stated(c, PL_C_COST, i, cost, size);
	stated(c, PL_C_RATIO, i, ratio ? above / below : NAN, ratio ? above_size / below : NAN);
}

/// A community that is affected: compensation, the damage it stands for, their ratio.
static void judge_affected_columns(pl_check *c, int32_t i)
{
	const pl_model *m = c->m;
	const double w = m->council.param[PL_P_affected_damage_weight][i];
	const double k = m->council.param[PL_P_affected_damage_exponent][i];
	double offered = 0, damage = 0;
	for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++) {
		offered += c->stated[PL_C_QUANTITY][l];
		damage += w * pow(c->stated[PL_C_QUANTITY][l], k);
	}
	const double paid = value_of(c, i, PL_OFFERS);
	const double ratio = damage > 0 ? paid / damage : NAN;
	stated(c, PL_C_ACTIVITY, i, offered, offered);
	stated(c, PL_C_BENEFIT, i, paid, paid);
	stated(c, PL_C_COST, i, damage, k * damage);
	stated(c, PL_C_RATIO, i, ratio, k * ratio);
}

/// One that cannot work, whatever the prices, stands still.
static void judge_barred(pl_check *c, int32_t i)
{
	const pl_model *m = c->m;
	for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++)
		if (c->stated[PL_C_QUANTITY][l] != 0)
			pl_check_fault(c, INFINITY,
			               "@ has < of #, but needs something that nobody holds "
			               "or can make",
			               council_id(c, i), good_id(c, l),
			               c->stated[PL_C_QUANTITY][l], 0);
	judge_columns(c, i, 0);
}

void pl_check_council(pl_check *c, int32_t council)
{
	const pl_model *m = c->m;
	const pl_schedule schedule = (pl_schedule)m->council.schedule[council];
	if (c->barred[council]) {
		judge_barred(c, council);
		return;
	}
	if (schedule == PL_S_recipe) {
		judge_recipe(c, council);
		judge_columns(c, council, activity_of(c, council));
		return;
	}
	judge_answer(c, council);
	if (schedule == PL_S_affected) {
		judge_affected_columns(c, council);
		return;
	}
	double activity = NAN;
	for (int64_t l = m->link.start[council]; l < m->link.start[council + 1]; l++)
		if (m->link.role[l] == PL_MAKES) activity = c->stated[PL_C_QUANTITY][l];
	judge_columns(c, council, activity);
}
