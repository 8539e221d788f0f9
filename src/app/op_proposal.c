/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_proposal.c - proposals: what a council plans for itself, checked when it is filed. What
 * the arithmetic cannot accept is refused with its reason; what others should look at is
 * flagged. */
#include "app/app.h"
#include "app/deed.h"
#include "app/reach.h"
#include "app/season.h"
#include "app/suspend.h"
#include "base/error.h"
#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <plenum/model.h>
#include <stdio.h>
#include <string.h>

/// A proposal being checked at the prices of its round.
typedef struct {
	pl_deed *d;
	int64_t season, round, council;
	bool consumes, works;
	double means;         ///< credits; NaN: none are counted
	double least;         ///< ratio below which it is flagged
	double benefit, cost; ///< credits, at the announced prices
	bool beyond_hours;    ///< it alone wants more hours than there are
	char flags[PL_STATE_WORD];
} checking;

static double decimal(const char *text, double other)
{
	double x = other;
	(void)pl_number_read(&x, text); /* checked when it was filed; "" leaves x */
	return x;
}

/* ---- a line ---- */

static bool note(void *with, const pl_state_row *row)
{
	(void)row;
	*(bool *)with = true;
	return false;
}

/// Has the council declared that it deals in this good in this way?
static pl_status check_line(pl_deed *d, int64_t council, int64_t i, pl_error *err)
{
	const int64_t good = pl_fields_row_whole(&d->in, PL_F_proposal_file_lines__good, i);
	const char *role = pl_fields_row_text(&d->in, PL_F_proposal_file_lines__role, i);
	const pl_state_row key = {{PL_WHOLE(council), PL_WHOLE(good), PL_TEXT(role)}};
	bool declared = false;
	PL_TRY(pl_store_scan(d->store, PL_ROWS_line, 3, &key, note, &declared, err));
	if (declared) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "the council's schedule does not say that it %s good %" PRId64, role,
	               good);
}

static bool note_price(void *with, const pl_state_row *row)
{
	*(double *)with = decimal(row->at[PL_C_price_price].text, NAN);
	return false;
}

static pl_status refuse_banned(const pl_state_row *good, pl_error *err)
{
	const char *decision = good->at[PL_C_good_banned].text;
	if (decision[0] == '\0') return PL_OK;
	return pl_fail(err, PL_EDENIED, -1, "%.100s is prohibited: %.300s",
	               good->at[PL_C_good_name].text[0] == '\0' ? good->at[PL_C_good_code].text
	                                                        : good->at[PL_C_good_name].text,
	               decision);
}

/// Add a line to what it costs, or brings.
static void add_worth(checking *c, const pl_state_row *good, const char *role, int64_t steps,
                      double price)
{
	const double quantity = (double)steps * decimal(good->at[PL_C_good_step].text, 1);
	const bool gives = strcmp(role, pl_role_name(PL_MAKES)) == 0 ||
	                   strcmp(role, pl_role_name(PL_OFFERS)) == 0;
	*(gives ? &c->benefit : &c->cost) += price * quantity;
	if (strcmp(good->at[PL_C_good_kind].text, pl_good_kind_name(PL_LABOUR)) == 0 &&
	    !gives && steps > good->at[PL_C_good_supply].whole)
		c->beyond_hours = true;
}

static pl_status check_worth(checking *c, int64_t i, pl_error *err)
{
	const pl_fields *in = &c->d->in;
	const int64_t good = pl_fields_row_whole(in, PL_F_proposal_file_lines__good, i);
	const pl_state_row at = {{PL_WHOLE(c->season), PL_WHOLE(c->round), PL_WHOLE(good)}};
	double price = 0;
	pl_found f;
	PL_TRY(pl_store_scan(c->d->store, PL_ROWS_price, 3, &at, note_price, &price, err));
	PL_TRY(pl_deed_get(&f, c->d, PL_ROWS_good, good, err));
	const pl_status st = refuse_banned(&f.row, err);
	add_worth(c, &f.row, pl_fields_row_text(in, PL_F_proposal_file_lines__role, i),
	          pl_fields_row_whole(in, PL_F_proposal_file_lines__quantity, i), price);
	pl_found_clear(&f);
	return st;
}

/* ---- the whole ---- */

static pl_status begin(checking *c, pl_error *err)
{
	pl_found f;
	PL_TRY(pl_deed_get(&f, c->d, PL_ROWS_season, c->season, err));
	c->least = decimal(f.row.at[PL_C_season_ratio].text, 1);
	c->round = f.row.at[PL_C_season_round].whole;
	pl_found_clear(&f);
	PL_TRY(pl_deed_get(&f, c->d, PL_ROWS_council, c->council, err));
	const int64_t income = f.row.at[PL_C_council_income].whole;
	c->consumes = strcmp(f.row.at[PL_C_council_kind].text,
	                     pl_council_kind_name(PL_CONSUMERS)) == 0;
	c->works =
	        strcmp(f.row.at[PL_C_council_kind].text, pl_council_kind_name(PL_WORKERS)) == 0;
	c->means = c->consumes && income > 0 ? (double)income / PL_CREDIT : NAN;
	pl_found_clear(&f);
	return PL_OK;
}

static void flag(checking *c, const char *what)
{
	const size_t n = strlen(c->flags);
	(void)snprintf(c->flags + n, sizeof c->flags - n, "%s%s", n > 0 ? " " : "", what);
}

/// Consumers stay within their means, to a millionth of a credit for each line.
static pl_status check_means(const checking *c, pl_error *err)
{
	const double slack =
	        (double)pl_fields_rows(&c->d->in, PL_F_proposal_file_lines) / PL_CREDIT;
	if (isnan(c->means) || c->cost <= c->means + slack) return PL_OK;
	return pl_fail(
	        err, PL_EARG, -1,
	        "this costs %.2f credits at the announced prices, and the means are %.2f: "
	        "ask for less of something",
	        c->cost, c->means);
}

/* ---- how far it may move ---- */

/// Steps that the request asks for of a link; 0 where it does not name it.
static int64_t asked_steps(const checking *c, const pl_reach *r, int64_t link)
{
	const pl_fields *in = &c->d->in;
	const int64_t good = r->rows.good[r->m->link.good[link]];
	const char *role = pl_role_name(r->m->link.role[link]);
	for (int64_t i = 0; i < pl_fields_rows(in, PL_F_proposal_file_lines); i++)
		if (pl_fields_row_whole(in, PL_F_proposal_file_lines__good, i) == good &&
		    strcmp(pl_fields_row_text(in, PL_F_proposal_file_lines__role, i), role) ==
		            0)
			return pl_fields_row_whole(in, PL_F_proposal_file_lines__quantity, i);
	return 0;
}

static pl_status refuse_move(const pl_reach *r, int64_t link, int64_t steps, pl_error *err)
{
	const pl_model *m = r->m;
	const int32_t good = m->link.good[link];
	const double step = m->good.step[good];
	const char *name = pl_text_at(m->good.name, good),
	           *unit = pl_text_at(m->good.unit, good);
	int64_t from, to;
	pl_reach_steps(&from, &to, r, link);
	const bool balances = pl_reach_balances(r, link) == (steps > to);
	return pl_fail(err, PL_EARG, -1,
	               "%.100s (%s): %.10g %.40s is too far from the %.10g of round %" PRId64
	               "; in round %" PRId64
	               " it may be from %.10g to %.10g, since a proposal moves %s "
	               "balance by at most %s of what the good is off per council",
	               name[0] == '\0' ? pl_text_at(m->good.id, good) : name,
	               pl_role_name(m->link.role[link]), (double)steps * step,
	               unit[0] == '\0' ? "units" : unit, r->last[link], r->round - 1, r->round,
	               (double)from * step, (double)to * step,
	               balances ? "towards" : "away from", balances ? "half" : "a quarter");
}

/// Where the season limits movements, no line moves further; what is left out moves to 0.
static pl_status check_reach(const checking *c, pl_error *err)
{
	pl_reach r;
	PL_TRY(pl_reach_new(&r, c->d->store, c->season, c->council, err));
	pl_status st = PL_OK;
	for (int64_t k = r.first; r.limited && k < r.after && st == PL_OK; k++) {
		int64_t from, to;
		const int64_t steps = asked_steps(c, &r, k);
		pl_reach_steps(&from, &to, &r, k);
		if (steps < from || (to >= 0 && steps > to))
			st = refuse_move(&r, k, steps, err);
	}
	pl_reach_clear(&r);
	return st;
}

/* ---- what is told ---- */

static pl_status say_credits(pl_deed *d, const char *name, double credits, pl_error *err)
{
	char text[PL_NUMBER_CHARS];
	return pl_deed_say_text(d, name, pl_number_print(text, credits), err);
}

/// What the check found: worth and cost at the announced prices, and what is flagged.
static pl_status say_check(checking *c, pl_error *err)
{
	const bool has_ratio = c->works || (c->d->rules < PL_RULES_WORK_RATIO && !c->consumes);
	if (has_ratio && c->cost > 0 && c->benefit < c->least * c->cost) flag(c, "ratio");
	if (c->beyond_hours) flag(c, "hours");
	PL_TRY(say_credits(c->d, "cost", c->cost, err));
	if (!c->consumes) PL_TRY(say_credits(c->d, "benefit", c->benefit, err));
	if (!isnan(c->means)) PL_TRY(say_credits(c->d, "means", c->means, err));
	return pl_deed_say_text(c->d, "flags", c->flags, err);
}

/* ---- filing ---- */

static pl_status check_version(const checking *c, int64_t version, pl_error *err)
{
	int64_t last;
	PL_TRY(pl_app_version(&last, c->d->store, c->season, c->round, c->council, err));
	if (version == last + 1) return PL_OK;
	return pl_fail(
	        err, PL_ECONFLICT, -1,
	        "version %" PRId64
	        " of this proposal is there already; look at it, and file version %" PRId64,
	        last, last + 1);
}

static pl_status file_lines(const checking *c, int64_t version, pl_error *err)
{
	const pl_fields *in = &c->d->in;
	const pl_state_row list = {{PL_WHOLE(c->season), PL_WHOLE(c->round),
	                            PL_WHOLE(c->council), PL_WHOLE(version)}};
	pl_store_fresh(c->d->store, PL_ROWS_proposal_line, 4, &list);
	for (int64_t i = 0; i < pl_fields_rows(in, PL_F_proposal_file_lines); i++) {
		const pl_state_row row = {
		        {PL_WHOLE(c->season), PL_WHOLE(c->round), PL_WHOLE(c->council),
		         PL_WHOLE(version),
		         PL_WHOLE(pl_fields_row_whole(in, PL_F_proposal_file_lines__good, i)),
		         PL_TEXT(pl_fields_row_text(in, PL_F_proposal_file_lines__role, i)),
		         PL_WHOLE(pl_fields_row_whole(in, PL_F_proposal_file_lines__quantity,
		                                      i))}};
		PL_TRY(check_line(c->d, c->council, i, err));
		PL_TRY(pl_store_insert(c->d->store, PL_ROWS_proposal_line, &row, err));
	}
	return PL_OK;
}

pl_status pl_run_proposal_file(pl_deed *d, pl_error *err)
{
	checking c = {.d = d,
	              .season = PL_ASKED(d, proposal_file, season),
	              .council = PL_ASKED(d, proposal_file, council)};
	const int64_t version = PL_ASKED(d, proposal_file, version);
	PL_TRY(pl_suspend_refuse(d, c.council, err));
	PL_TRY(begin(&c, err));
	PL_TRY(check_version(&c, version, err));
	for (int64_t i = 0; i < pl_fields_rows(&d->in, PL_F_proposal_file_lines); i++)
		PL_TRY(check_worth(&c, i, err));
	PL_TRY(check_means(&c, err));
	PL_TRY(check_reach(&c, err));
	PL_TRY(pl_deed_say(d, "round", c.round, err));
	PL_TRY(say_check(&c, err));
	const pl_state_row row = {{PL_WHOLE(c.season), PL_WHOLE(c.round), PL_WHOLE(c.council),
	                           PL_WHOLE(version), PL_WHOLE(d->actor), PL_WHOLE(d->time),
	                           PL_TEXT(c.flags[0] == '\0' ? "passed" : "flagged"),
	                           PL_TEXT(PL_ASKED_TEXT(d, proposal_file, reason)),
	                           PL_TEXT(c.flags)}};
	PL_TRY(pl_store_insert(d->store, PL_ROWS_proposal, &row, err));
	return file_lines(&c, version, err);
}
