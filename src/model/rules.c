/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rules.c - what one row must satisfy by itself; finish.c has the rules of the whole. */
#include "base/error.h"
#include "base/text.h"
#include "model/builder.h"
#include "model/say.h"

#include <math.h>
#include <string.h>

static const pl_range positive = {0, INFINITY, true, true};
static const pl_range not_negative = {0, INFINITY, false, true};

static bool within(double x, pl_range r)
{
	return (r.low_open ? x > r.low : x >= r.low) &&
	       (r.high_open ? x < r.high : x <= r.high);
}

static pl_status rule_id(const pl_names *names, const char *what, const char *id, pl_error *err)
{
	if (id == NULL || id[0] == '\0')
		return pl_fail(err, PL_EARG, -1,
		               "a %s has no id; give each %s an id of its own", what, what);
	const int64_t n = (int64_t)strlen(id);
	if (pl_utf8_fault(id, n) >= 0)
		return pl_fail(err, PL_EARG, -1,
		               "the id of a %s is not UTF-8 (its byte %lld); write it in UTF-8",
		               what, (long long)pl_utf8_fault(id, n) + 1);
	const int64_t control = pl_utf8_control(id, n);
	if (control >= 0)
		return pl_fail(
		        err, PL_EARG, -1,
		        "the id of a %s holds a control character (its byte %lld); write "
		        "it without",
		        what, (long long)control + 1);
	if (pl_names_find(names, id) >= 0)
		return pl_fail(err, PL_EARG, -1,
		               "%s %s stands twice; give each %s an id of its own", what,
		               pl_say_id(id).s, what);
	if (names->n >= INT32_MAX - 1)
		return pl_fail(err, PL_EARG, -1,
		               "%s %s is one too many; a table holds %d rows at most", what,
		               pl_say_id(id).s, INT32_MAX - 1);
	return PL_OK;
}

/// NaN, "not given", is in every range.
static pl_status rule_good_number(const char *column, const char *id, double x, pl_range range,
                                  const char *default_value, pl_error *err)
{
	if (isnan(x) || within(x, range)) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "%s of good %s is %s; give %s, or leave it empty for %s", column,
	               pl_say_id(id).s, pl_say_number(x).s, pl_say_range(range).s,
	               default_value);
}

pl_status pl_rule_good(const pl_builder *b, const pl_good_row *row, pl_error *err)
{
	PL_TRY(rule_id(&b->goods, "good", row->id, err));
	const int kind = (int)row->kind;
	if (pl_good_kind_name(kind) == NULL)
		return pl_fail(err, PL_EARG, -1, "kind %d of good %s does not exist", kind,
		               pl_say_id(row->id).s);
	if (row->kind == PL_INFORMATION)
		return pl_fail(err, PL_EARG, -1,
		               "good %s is of kind information; information goods wait for "
		               "collective goods, use kind public or free until then",
		               pl_say_id(row->id).s);
	PL_TRY(rule_good_number("price", row->id, row->price, positive, "1", err));
	PL_TRY(rule_good_number("supply", row->id, row->supply, not_negative, "none", err));
	PL_TRY(rule_good_number("elasticity", row->id, row->elasticity, not_negative, "1",
	                        err));
	return rule_good_number("step", row->id, row->step, positive, "0.001", err);
}

pl_status pl_rule_price(const char *id, double price, pl_error *err)
{
	if (within(price, positive)) return PL_OK;
	return pl_fail(err, PL_EARG, -1, "price of good %s is %s; give %s", pl_say_id(id).s,
	               pl_say_number(price).s, pl_say_range(positive).s);
}

static pl_status rule_members(const char *what, const char *id, double x, pl_error *err)
{
	if (isnan(x) || within(x, not_negative)) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "members of %s %s is %s; give %s, or leave it empty where unknown", what,
	               pl_say_id(id).s, pl_say_number(x).s, pl_say_range(not_negative).s);
}

pl_status pl_rule_parent(const pl_builder *b, const char *id, int32_t parent, pl_error *err)
{
	if (parent >= -1 && parent < b->communities.n) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "the parent of community %s is number %d of %d communities",
	               pl_say_id(id).s, (int)parent, (int)b->communities.n);
}

pl_status pl_rule_community(const pl_builder *b, const pl_community_row *row, pl_error *err)
{
	PL_TRY(rule_id(&b->communities, "community", row->id, err));
	PL_TRY(pl_rule_parent(b, row->id, row->parent, err));
	return rule_members("community", row->id, row->members, err);
}

static pl_status rule_param(const pl_council_row *row, int slot, pl_error *err)
{
	const double x = row->param[slot];
	const pl_param_about *about = pl_param_in(row->schedule, slot);
	const char *schedule = pl_schedule_name((int)row->schedule);
	if (about == NULL) {
		if (isnan(x)) return PL_OK;
		return pl_fail(
		        err, PL_EARG, -1,
		        "council %s gives %s for a parameter that schedule %s does not have; "
		        "leave it empty",
		        pl_say_id(row->id).s, pl_say_number(x).s, schedule);
	}
	if (isnan(x) && isnan(about->preset))
		return pl_fail(err, PL_EARG, -1,
		               "council %s has no %s (%s); schedule %s needs it, give %s",
		               pl_say_id(row->id).s, about->name, about->help, schedule,
		               pl_say_range(about->range).s);
	if (isnan(x) || within(x, about->range)) return PL_OK;
	return pl_fail(err, PL_EARG, -1, "%s of council %s is %s; schedule %s takes %s (%s)",
	               about->name, pl_say_id(row->id).s, pl_say_number(x).s, schedule,
	               pl_say_range(about->range).s, about->help);
}

static bool spends_budget(pl_schedule s)
{
	return s == PL_S_budget_cd || s == PL_S_budget_ces;
}

static pl_status rule_income(const pl_council_row *row, pl_error *err)
{
	const bool needed = spends_budget(row->schedule);
	if (needed && isnan(row->income))
		return pl_fail(err, PL_EARG, -1,
		               "council %s has no income; schedule %s spends one, give %s",
		               pl_say_id(row->id).s, pl_schedule_name((int)row->schedule),
		               pl_say_range(positive).s);
	const pl_range range = needed ? positive : not_negative;
	if (isnan(row->income) || within(row->income, range)) return PL_OK;
	return pl_fail(err, PL_EARG, -1, "income of council %s is %s; give %s",
	               pl_say_id(row->id).s, pl_say_number(row->income).s,
	               pl_say_range(range).s);
}

pl_status pl_rule_council(const pl_builder *b, const pl_council_row *row, pl_error *err)
{
	PL_TRY(rule_id(&b->councils, "council", row->id, err));
	const int kind = (int)row->kind, schedule = (int)row->schedule;
	if (pl_council_kind_name(kind) == NULL || pl_schedule_name(schedule) == NULL)
		return pl_fail(err, PL_EARG, -1,
		               "kind %d or schedule %d of council %s does not exist", kind,
		               schedule, pl_say_id(row->id).s);
	const unsigned kinds = pl_schedules[schedule].kinds;
	if (!(kinds >> kind & 1))
		return pl_fail(
		        err, PL_EARG, -1,
		        "council %s is of kind %s, but schedule %s is for kind %s; change "
		        "one of them",
		        pl_say_id(row->id).s, pl_council_kind_name(kind),
		        pl_schedule_name(schedule), pl_say_kinds(kinds).s);
	if (row->community < -1 || row->community >= b->communities.n)
		return pl_fail(err, PL_EARG, -1,
		               "the community of council %s is number %d of %d communities",
		               pl_say_id(row->id).s, (int)row->community,
		               (int)b->communities.n);
	PL_TRY(rule_members("council", row->id, row->members, err));
	PL_TRY(rule_income(row, err));
	for (int slot = 0; slot < PL_PARAM_SLOTS; slot++) PL_TRY(rule_param(row, slot, err));
	return PL_OK;
}

static bool has_shares(pl_schedule s)
{
	return s == PL_S_cobb_douglas || s == PL_S_ces || spends_budget(s);
}

/// Amounts that are not "0 or more units": 1, or a sign with a meaning of its own.
static pl_status rule_amount(const pl_link_row *row, pl_schedule schedule, const char *council,
                             const char *good, pl_error *err)
{
	const bool one =
	        schedule == PL_S_affected || (row->role == PL_MAKES && has_shares(schedule));
	if (one) {
		if (row->amount == 1 || (schedule == PL_S_affected && isnan(row->amount)))
			return PL_OK;
		return pl_fail(
		        err, PL_EARG, -1,
		        "council %s %s %s of good %s; with schedule %s this amount is 1, its "
		        "size is a parameter of the council",
		        pl_say_id(council).s, pl_role_name((int)row->role),
		        pl_say_number(row->amount).s, pl_say_id(good).s,
		        pl_schedule_name((int)schedule));
	}
	if (!isfinite(row->amount))
		return pl_fail(err, PL_EARG, -1,
		               "the amount of good %s that council %s %s is %s; give "
		               "a finite number",
		               pl_say_id(good).s, pl_say_id(council).s,
		               pl_role_name((int)row->role), pl_say_number(row->amount).s);
	if (row->amount >= 0 || schedule == PL_S_request) return PL_OK;
	if (has_shares(schedule))
		return pl_fail(err, PL_EARG, -1,
		               "council %s has a negative share %s for good %s; give 0 or more",
		               pl_say_id(council).s, pl_say_number(row->amount).s,
		               pl_say_id(good).s);
	return pl_fail(err, PL_EARG, -1,
	               "council %s %s %s of good %s; give 0 or more, the role tells the side",
	               pl_say_id(council).s, pl_role_name((int)row->role),
	               pl_say_number(row->amount).s, pl_say_id(good).s);
}

static pl_status rule_free(const pl_link_row *row, pl_schedule schedule, const char *council,
                           const char *good, pl_error *err)
{
	if (has_shares(schedule) || schedule == PL_S_isoelastic)
		return pl_fail(
		        err, PL_EARG, -1,
		        "council %s %s good %s, which is free; a free good has no price that "
		        "schedule %s could answer, put it in a %s",
		        pl_say_id(council).s, pl_role_name((int)row->role), pl_say_id(good).s,
		        pl_schedule_name((int)schedule),
		        row->role == PL_WANTS ? "request" : "recipe");
	return PL_OK;
}

static pl_status rule_elasticity(const pl_link_row *row, pl_schedule schedule,
                                 const char *council, const char *good, pl_error *err)
{
	if (isnan(row->elasticity)) return PL_OK;
	if (schedule != PL_S_isoelastic)
		return pl_fail(
		        err, PL_EARG, -1,
		        "council %s gives an elasticity for good %s, but schedule %s has none; "
		        "leave it empty",
		        pl_say_id(council).s, pl_say_id(good).s,
		        pl_schedule_name((int)schedule));
	if (within(row->elasticity, not_negative)) return PL_OK;
	return pl_fail(
	        err, PL_EARG, -1,
	        "the elasticity of council %s for good %s is %s; give %s, or leave it empty "
	        "for the good's",
	        pl_say_id(council).s, pl_say_id(good).s, pl_say_number(row->elasticity).s,
	        pl_say_range(not_negative).s);
}

pl_status pl_rule_link(const pl_builder *b, const pl_link_row *row, pl_error *err)
{
	if (row->council < 0 || row->council >= b->councils.n || row->good < 0 ||
	    row->good >= b->goods.n)
		return pl_fail(err, PL_EARG, -1,
		               "a row joins council number %d of %d with good number %d of %d",
		               (int)row->council, (int)b->councils.n, (int)row->good,
		               (int)b->goods.n);
	const char *council = pl_id_at(&b->councils, row->council);
	const char *good = pl_id_at(&b->goods, row->good);
	const pl_schedule schedule = (pl_schedule)b->council.schedule[row->council];
	const unsigned roles = pl_schedules[schedule].roles;
	if (pl_role_name((int)row->role) == NULL || !(roles >> row->role & 1))
		return pl_fail(
		        err, PL_EARG, -1,
		        "council %s cannot have the role %s for good %s; with schedule %s a "
		        "row %s",
		        pl_say_id(council).s,
		        pl_role_name((int)row->role) ? pl_role_name((int)row->role) : "?",
		        pl_say_id(good).s, pl_schedule_name((int)schedule),
		        pl_say_roles(roles).s);
	PL_TRY(rule_amount(row, schedule, council, good, err));
	if (b->good_kind[row->good] == PL_FREE)
		PL_TRY(rule_free(row, schedule, council, good, err));
	return rule_elasticity(row, schedule, council, good, err);
}
