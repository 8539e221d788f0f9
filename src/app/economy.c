/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* economy.c - a snapshot: the rows of the state put into a model, which never changes. */
#include "app/economy.h"

#include "app/standing.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/// A decimal of the state, or `other` where it is "".
static double decimal(const char *text, double other)
{
	double x = other;
	(void)pl_number_read(&x, text); /* checked when it was filed; "" leaves x */
	return x;
}

/* ---- rows into a model ---- */

/// What the scans need. The first failure stays; rows after it are not looked at.
typedef struct {
	pl_store *declared, *said; ///< goods, councils, schedules; prices and proposals
	pl_builder *to;
	pl_error *err;
	pl_status status;
	int64_t season, round;
	int64_t *good, *community; ///< numbers of the rows, in the order of the model
	double *step;              ///< [n_goods] units
	int32_t n_goods, n_communities;
	int32_t council_now; ///< whose lines are read
} building;

static bool go_on(building *b)
{
	return b->status == PL_OK;
}

int32_t pl_app_index(const int64_t *list, int32_t n, int64_t number)
{
	int32_t low = 0, high = n;
	while (low < high) {
		const int32_t middle = low + (high - low) / 2;
		if (list[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && list[low] == number ? low : -1;
}

static bool add_good(void *with, const pl_state_row *row)
{
	building *b = with;
	const pl_cell *at = row->at;
	const double step = decimal(at[PL_C_good_step].text, 1);
	const pl_good_row good = {
	        .id = at[PL_C_good_code].text,
	        .name = at[PL_C_good_name].text,
	        .unit = at[PL_C_good_unit].text,
	        .category = at[PL_C_good_category].text,
	        .kind = (pl_good_kind)pl_good_kind_of(at[PL_C_good_kind].text),
	        .price = decimal(at[PL_C_good_price].text, NAN),
	        .supply = (double)at[PL_C_good_supply].whole * step,
	        .elasticity = decimal(at[PL_C_good_elasticity].text, NAN),
	        .step = step,
	};
	int32_t index;
	b->status = pl_builder_good(&index, b->to, &good, b->err);
	if (b->status != PL_OK) return false;
	b->step[b->n_goods] = step;
	b->good[b->n_goods++] = at[PL_C_good_id].whole;
	return true;
}

static bool add_community(void *with, const pl_state_row *row)
{
	building *b = with;
	const int64_t parent = row->at[PL_C_community_parent].whole;
	const pl_community_row community = {
	        .id = row->at[PL_C_community_code].text,
	        .name = row->at[PL_C_community_name].text,
	        .parent =
	                parent == 0 ? -1 : pl_app_index(b->community, b->n_communities, parent),
	        .members = NAN,
	};
	int32_t index;
	b->status = pl_builder_community(&index, b->to, &community, b->err);
	if (b->status == PL_OK)
		b->community[b->n_communities++] = row->at[PL_C_community_id].whole;
	return go_on(b);
}

int pl_app_parameter(int schedule, const char *name)
{
	static const struct {
		const char *name;
		int schedule, slot;
	} known[] = {
#define PL_SCHEDULE(id, kinds, roles, amount, help)
#define PL_PARAM(schedule, column, slot, ...) {#column, PL_S_##schedule, slot},
#include <plenum/schedules.def>
#undef PL_SCHEDULE
#undef PL_PARAM
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].schedule == schedule && strcmp(known[i].name, name) == 0)
			return known[i].slot;
	return -1;
}

static bool add_parameter(void *with, const pl_state_row *row)
{
	pl_council_row *council = with;
	const int slot = pl_app_parameter((int)council->schedule,
	                                  row->at[PL_C_council_number_name].text);
	if (slot >= 0)
		council->param[slot] = decimal(row->at[PL_C_council_number_value].text, NAN);
	return true;
}

/// A line of the council that is read now. Goods were added first.
static bool add_line(void *with, const pl_state_row *row)
{
	building *b = with;
	const int32_t good = pl_app_index(b->good, b->n_goods, row->at[PL_C_line_good].whole);
	b->status = pl_builder_link(b->to, b->council_now, good,
	                            (pl_role)pl_role_of(row->at[PL_C_line_role].text),
	                            decimal(row->at[PL_C_line_amount].text, NAN),
	                            decimal(row->at[PL_C_line_elasticity].text, NAN), b->err);
	return go_on(b);
}

/// Index of a good that a proposal or a price names. Where both come from elsewhere than the
/// goods, nothing but the events' word binds them: it may be none.
static int32_t good_of(building *b, int64_t number)
{
	const int32_t good = pl_app_index(b->good, b->n_goods, number);
	if (good < 0)
		b->status = pl_fail(b->err, PL_EARG, -1,
		                    "round %" PRId64 " of season %" PRId64
		                    " speaks of good %" PRId64
		                    ", which was not there when it closed",
		                    b->round, b->season, number);
	return good;
}

/// A line of its proposal, in whole steps; the amount is filled in when the steps are known.
static bool add_proposed(void *with, const pl_state_row *row)
{
	building *b = with;
	const int32_t good = good_of(b, row->at[PL_C_proposal_line_good].whole);
	if (good < 0) return false;
	const double quantity =
	        (double)row->at[PL_C_proposal_line_quantity].whole * b->step[good];
	b->status = pl_builder_link(b->to, b->council_now, good,
	                            (pl_role)pl_role_of(row->at[PL_C_proposal_line_role].text),
	                            quantity, NAN, b->err);
	return go_on(b);
}

/// The lines of a council: those of its proposal where it requests fixed quantities.
static pl_status add_lines(building *b, int64_t council, bool requests)
{
	int64_t version = 0;
	if (requests && b->round > 0)
		PL_TRY(pl_app_version(&version, b->said, b->season, b->round, council, b->err));
	const pl_state_row declared = {{PL_WHOLE(council)}};
	const pl_state_row proposed = {{PL_WHOLE(b->season), PL_WHOLE(b->round),
	                                PL_WHOLE(council), PL_WHOLE(version)}};
	PL_TRY(version > 0 ? pl_store_scan(b->said, PL_ROWS_proposal_line, 4, &proposed,
	                                   add_proposed, b, b->err)
	                   : pl_store_scan(b->declared, PL_ROWS_line, 1, &declared, add_line, b,
	                                   b->err));
	return b->status;
}

static pl_status add_council(building *b, int64_t id)
{
	const pl_state_row key = {{PL_WHOLE(id)}};
	pl_found f;
	PL_TRY(pl_store_get(&f, b->declared, PL_ROWS_council, &key, b->err));
	const pl_cell *at = f.row.at;
	pl_council_row council = {
	        .id = at[PL_C_council_code].text,
	        .name = at[PL_C_council_name].text,
	        .kind = (pl_council_kind)pl_council_kind_of(at[PL_C_council_kind].text),
	        .community = pl_app_index(b->community, b->n_communities,
	                                  at[PL_C_council_community].whole),
	        .members = NAN,
	        .income = at[PL_C_council_income].whole == 0
	                          ? NAN
	                          : (double)at[PL_C_council_income].whole / PL_CREDIT,
	        .schedule = (pl_schedule)pl_schedule_of(at[PL_C_council_schedule].text),
	        .param = {NAN, NAN, NAN, NAN},
	};
	const bool requests = council.schedule == PL_S_request;
	pl_status st = pl_store_scan(b->declared, PL_ROWS_council_number, 1, &key,
	                             add_parameter, &council, b->err);
	if (st == PL_OK) st = pl_builder_council(&b->council_now, b->to, &council, b->err);
	pl_found_clear(&f);
	return st == PL_OK ? add_lines(b, id, requests) : st;
}

/* ---- the numbers of rows ---- */

typedef struct {
	int64_t *id;
	int64_t n, room;
	bool failed, declared; ///< declared: councils without a schedule are left out
} ids;

static bool keep_id(ids *l, int64_t id)
{
	if (l->n == l->room) {
		const int64_t room = pl_grow_room(l->room, l->n + 1);
		int64_t *more = pl_grow(l->id, l->n, room, sizeof *more);
		l->failed = more == NULL;
		if (l->failed) return false;
		l->id = more;
		l->room = room;
	}
	l->id[l->n++] = id;
	return true;
}

static bool note_id(void *with, const pl_state_row *row)
{
	ids *l = with;
	if (l->declared && row->at[PL_C_council_schedule].text[0] == '\0') return true;
	return keep_id(l, row->at[0].whole);
}

static pl_status list_ids(ids *out, pl_store *s, int table, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	*out = (ids){.declared = table == PL_ROWS_council};
	pl_status st = pl_store_scan(s, table, 0, &none, note_id, out, err);
	if (st == PL_OK && (out->failed || out->n > INT32_MAX))
		st = pl_fail(err, PL_ENOMEM, -1, "no memory for the economy");
	if (st != PL_OK) pl_free(out->id);
	return st;
}

pl_status pl_app_rows_of(pl_app_rows *out, pl_store *s, pl_error *err)
{
	ids goods, councils;
	*out = (pl_app_rows){0};
	PL_TRY(list_ids(&goods, s, PL_ROWS_good, err));
	const pl_status st = list_ids(&councils, s, PL_ROWS_council, err);
	if (st != PL_OK) {
		pl_free(goods.id);
		return st;
	}
	*out = (pl_app_rows){(int32_t)goods.n, (int32_t)councils.n, goods.id, councils.id};
	return PL_OK;
}

/// Take those away who are left out of a round. @param said where proposals and rulings are
static pl_status leave_out(pl_app_rows *rows, pl_store *said, int64_t season, int64_t round,
                           pl_error *err)
{
	pl_standing standing;
	int32_t kept = 0;
	PL_TRY(pl_standing_of(&standing, said, season, err));
	pl_status st = PL_OK;
	for (int32_t i = 0; i < rows->n_councils && st == PL_OK; i++) {
		bool out;
		rows->council[kept] = rows->council[i];
		st = pl_standing_leaves(&out, &standing, said, round, rows->council[i], err);
		if (st == PL_OK && !out) kept++;
	}
	rows->n_councils = kept;
	pl_standing_clear(&standing);
	return st;
}

pl_status pl_app_rows_in(pl_app_rows *out, pl_store *declared, pl_store *said, int64_t season,
                         int64_t round, pl_error *err)
{
	PL_TRY(pl_app_rows_of(out, declared, err));
	const pl_status st = leave_out(out, said, season, round, err);
	if (st != PL_OK) pl_app_rows_clear(out);
	return st;
}

void pl_app_rows_clear(pl_app_rows *r)
{
	pl_free(r->good);
	pl_free(r->council);
	*r = (pl_app_rows){0};
}

/* ---- the whole economy ---- */

static bool add_price(void *with, const pl_state_row *row)
{
	building *b = with;
	const int32_t good = good_of(b, row->at[PL_C_price_good].whole);
	if (good < 0) return false;
	b->status = pl_builder_price(b->to, good, decimal(row->at[PL_C_price_price].text, NAN),
	                             b->err);
	return go_on(b);
}

static pl_status build(building *b, const pl_app_rows *rows)
{
	static const pl_state_row none = {{{0}}};
	const pl_state_row announced = {{PL_WHOLE(b->season), PL_WHOLE(b->round)}};
	PL_TRY(pl_store_scan(b->declared, PL_ROWS_good, 0, &none, add_good, b, b->err));
	PL_TRY(b->status);
	PL_TRY(pl_store_scan(b->declared, PL_ROWS_community, 0, &none, add_community, b,
	                     b->err));
	PL_TRY(b->status);
	for (int32_t i = 0; i < rows->n_councils; i++) PL_TRY(add_council(b, rows->council[i]));
	if (b->round > 0)
		PL_TRY(pl_store_scan(b->said, PL_ROWS_price, 2, &announced, add_price, b,
		                     b->err));
	return b->status;
}

pl_status pl_app_economy(pl_model **out, pl_store *s, int64_t season, int64_t round,
                         pl_error *err)
{
	return pl_app_economy_then(out, s, s, season, round, err);
}

pl_status pl_app_economy_then(pl_model **out, pl_store *declared, pl_store *said,
                              int64_t season, int64_t round, pl_error *err)
{
	pl_app_rows rows;
	ids communities;
	*out = NULL;
	PL_TRY(pl_app_rows_of(&rows, declared, err));
	pl_status st = round > 0 ? leave_out(&rows, said, season, round, err) : PL_OK;
	if (st == PL_OK) st = list_ids(&communities, declared, PL_ROWS_community, err);
	if (st != PL_OK) {
		pl_app_rows_clear(&rows);
		return st;
	}
	building b = {.declared = declared,
	              .said = said,
	              .err = err,
	              .season = season,
	              .round = round};
	b.good = pl_alloc(rows.n_goods, sizeof *b.good);
	b.step = pl_alloc(rows.n_goods, sizeof *b.step);
	b.community = pl_alloc(communities.n, sizeof *b.community);
	pl_free(communities.id);
	if (b.good == NULL || b.step == NULL || b.community == NULL)
		st = pl_fail(err, PL_ENOMEM, -1, "no memory for the economy");
	if (st == PL_OK) st = pl_builder_new(&b.to, err);
	if (st == PL_OK) st = build(&b, &rows);
	if (st == PL_OK)
		st = pl_builder_finish(out, b.to, NULL, NULL, err);
	else
		pl_builder_free(b.to);
	pl_free(b.good);
	pl_free(b.step);
	pl_free(b.community);
	pl_app_rows_clear(&rows);
	return st;
}

/* ---- one council ---- */

/// Goods of a council's lines, which stand in their order.
static bool note_line_good(void *with, const pl_state_row *row)
{
	ids *l = with;
	const int64_t good = row->at[PL_C_line_good].whole;
	if (l->n > 0 && l->id[l->n - 1] == good) return true;
	return keep_id(l, good);
}

static pl_status build_one(building *b, const ids *goods, int64_t council)
{
	for (int64_t i = 0; i < goods->n; i++) {
		const pl_state_row key = {{PL_WHOLE(goods->id[i])}};
		pl_found f;
		PL_TRY(pl_store_get(&f, b->declared, PL_ROWS_good, &key, b->err));
		(void)add_good(b, &f.row);
		pl_found_clear(&f);
		PL_TRY(b->status);
	}
	return add_council(b, council);
}

pl_status pl_app_declared(pl_store *s, int64_t council, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(council)}};
	building b = {.declared = s, .said = s, .err = err};
	ids goods = {.declared = false};
	pl_model *m = NULL;
	pl_status st = pl_store_scan(s, PL_ROWS_line, 1, &key, note_line_good, &goods, err);
	b.good = pl_alloc(goods.n, sizeof *b.good);
	b.step = pl_alloc(goods.n, sizeof *b.step);
	if (st == PL_OK && (goods.failed || b.good == NULL || b.step == NULL))
		st = pl_fail(err, PL_ENOMEM, -1, "no memory for the schedule");
	if (st == PL_OK) st = pl_builder_new(&b.to, err);
	if (st == PL_OK) st = build_one(&b, &goods, council);
	if (st == PL_OK)
		st = pl_builder_finish(&m, b.to, NULL, NULL, err);
	else
		pl_builder_free(b.to);
	pl_model_free(m);
	pl_free(goods.id);
	pl_free(b.good);
	pl_free(b.step);
	return st;
}

/* ---- prices and proposals as a rule sees them ---- */

typedef struct {
	double *price;
	const pl_app_rows *rows;
} price_list;

static bool note_price(void *with, const pl_state_row *row)
{
	const price_list *p = with;
	const int32_t good =
	        pl_app_index(p->rows->good, p->rows->n_goods, row->at[PL_C_price_good].whole);
	p->price[good] = decimal(row->at[PL_C_price_price].text, NAN);
	return true;
}

pl_status pl_app_prices(double *price, pl_store *s, const pl_app_rows *rows, int64_t season,
                        int64_t round, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(season), PL_WHOLE(round)}};
	price_list p = {.rows = rows};
	p.price = price;
	return pl_store_scan(s, PL_ROWS_price, 2, &key, note_price, &p, err);
}

static bool note_version(void *with, const pl_state_row *row)
{
	*(int64_t *)with = row->at[PL_C_proposal_version].whole;
	return true; /* the last one stays */
}

pl_status pl_app_version(int64_t *out, pl_store *s, int64_t season, int64_t round,
                         int64_t council, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(season), PL_WHOLE(round), PL_WHOLE(council)}};
	*out = 0;
	return pl_store_scan(s, PL_ROWS_proposal, 3, &key, note_version, out, err);
}

typedef struct {
	double *quantity; ///< [n_links]
	const pl_model *m;
	const pl_app_rows *rows;
	int32_t council;
} filing;

static bool note_quantity(void *with, const pl_state_row *row)
{
	const filing *f = with;
	const pl_model *m = f->m;
	const int32_t good = pl_app_index(f->rows->good, f->rows->n_goods,
	                                  row->at[PL_C_proposal_line_good].whole);
	const int role = pl_role_of(row->at[PL_C_proposal_line_role].text);
	for (int64_t l = m->link.start[f->council]; l < m->link.start[f->council + 1]; l++)
		if (m->link.good[l] == good && m->link.role[l] == role)
			f->quantity[l] = (double)row->at[PL_C_proposal_line_quantity].whole *
			                 m->good.step[good];
	return true;
}

/// What a council that did not propose was taken at; the first row tells that it was.
static bool note_taken(void *with, const pl_state_row *row)
{
	const filing *f = with;
	const pl_model *m = f->m;
	const int32_t good =
	        pl_app_index(f->rows->good, f->rows->n_goods, row->at[PL_C_taken_good].whole);
	const int role = pl_role_of(row->at[PL_C_taken_role].text);
	for (int64_t l = m->link.start[f->council]; l < m->link.start[f->council + 1]; l++) {
		if (isnan(f->quantity[l])) f->quantity[l] = 0;
		if (m->link.good[l] == good && m->link.role[l] == role)
			f->quantity[l] = decimal(row->at[PL_C_taken_quantity].text, 0);
	}
	return true;
}

/// The quantities of one council. @param out is it left out?
static pl_status propose(filing *f, pl_store *s, int64_t season, int64_t round, bool out,
                         pl_error *err)
{
	const pl_model *m = f->m;
	const int64_t council = f->rows->council[f->council];
	int64_t version;
	PL_TRY(pl_app_version(&version, s, season, round, council, err));
	for (int64_t l = m->link.start[f->council]; l < m->link.start[f->council + 1]; l++)
		f->quantity[l] = version > 0 || out ? 0 : NAN;
	const pl_state_row key = {
	        {PL_WHOLE(season), PL_WHOLE(round), PL_WHOLE(council), PL_WHOLE(version)}};
	if (out) return PL_OK;
	if (version > 0)
		return pl_store_scan(s, PL_ROWS_proposal_line, 4, &key, note_quantity, f, err);
	return pl_store_scan(s, PL_ROWS_taken, 3, &key, note_taken, f, err);
}

pl_status pl_app_proposals(double *quantity, pl_store *s, const pl_model *m,
                           const pl_app_rows *rows, int64_t season, int64_t round,
                           pl_error *err)
{
	pl_standing standing;
	PL_TRY(pl_standing_of(&standing, s, season, err));
	pl_status st = PL_OK;
	for (int32_t i = 0; i < m->n_councils && st == PL_OK; i++) {
		filing f = {.m = m, .rows = rows, .council = i};
		bool out;
		f.quantity = quantity;
		st = pl_standing_leaves(&out, &standing, s, round, rows->council[i], err);
		if (st == PL_OK) st = propose(&f, s, season, round, out, err);
	}
	pl_standing_clear(&standing);
	return st;
}

pl_status pl_app_proposed(double **out, const pl_model *m, pl_store *declared, pl_store *said,
                          int64_t season, int64_t round, pl_error *err)
{
	pl_app_rows rows;
	*out = NULL;
	PL_TRY(pl_app_rows_in(&rows, declared, said, season, round, err));
	double *quantity = pl_alloc(m->n_links, sizeof *quantity);
	pl_status st = quantity == NULL ? PL_ENOMEM : PL_OK;
	if (quantity == NULL)
		(void)pl_fail(err, PL_ENOMEM, -1, "no memory for the round");
	else
		st = pl_app_proposals(quantity, said, m, &rows, season, round, err);
	pl_app_rows_clear(&rows);
	for (int64_t l = 0; l < m->n_links && st == PL_OK; l++)
		if (isnan(quantity[l])) quantity[l] = 0;
	if (st == PL_OK)
		*out = quantity;
	else
		pl_free(quantity);
	return st;
}

static bool note_expected(void *with, const pl_state_row *row)
{
	const filing *f = with;
	const pl_model *m = f->m;
	const int32_t council = pl_app_index(f->rows->council, f->rows->n_councils,
	                                     row->at[PL_C_expected_council].whole),
	              good = pl_app_index(f->rows->good, f->rows->n_goods,
	                                  row->at[PL_C_expected_good].whole);
	const int role = pl_role_of(row->at[PL_C_expected_role].text);
	for (int64_t l = m->link.start[council]; l < m->link.start[council + 1]; l++)
		if (m->link.good[l] == good && m->link.role[l] == role)
			f->quantity[l] = (double)row->at[PL_C_expected_quantity].whole *
			                 m->good.step[good];
	return true;
}

pl_status pl_app_expected(double *quantity, pl_store *s, const pl_model *m,
                          const pl_app_rows *rows, int64_t season, int64_t round, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(season), PL_WHOLE(round)}};
	filing f = {.quantity = quantity, .m = m, .rows = rows};
	for (int64_t l = 0; l < m->n_links; l++) quantity[l] = NAN;
	return pl_store_scan(s, PL_ROWS_expected, 2, &key, note_expected, &f, err);
}
