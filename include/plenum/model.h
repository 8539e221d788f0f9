/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* model.h - an economy as an immutable snapshot.
 *
 * A builder takes goods, communities, councils and links in any sensible order and gives a
 * pl_model. The model is arrays, one per field; nobody writes to it after pl_builder_finish.
 * Goods, communities and councils keep the order in which they were added. */
#ifndef PL_MODEL_H
#define PL_MODEL_H
#include <plenum/base.h>
#ifdef __cplusplus
extern "C" {
#endif

/// Kinds of good. All but PL_FREE must balance: supply >= demand at a price >= 0.
/// The spelling in files is in model.c (pl_good_kind_name).
typedef enum {
	PL_PRODUCT,
	PL_LABOUR,
	PL_RESOURCE,
	PL_CAPITAL,
	PL_POLLUTANT,
	PL_PUBLIC,
	PL_FREE,        ///< counted, price 0, never balanced
	PL_INFORMATION, ///< refused until collective goods are built
	PL_GOOD_KINDS
} pl_good_kind;

typedef enum { PL_WORKERS, PL_CONSUMERS, PL_COMMUNITY, PL_COUNCIL_KINDS } pl_council_kind;

/// What a link is. PL_MAKES and PL_OFFERS add to supply, PL_USES and PL_WANTS to demand.
/// A `wants` row whose sum is negative (net supply of a request) becomes PL_OFFERS.
typedef enum { PL_MAKES, PL_USES, PL_WANTS, PL_OFFERS, PL_ROLES } pl_role;

/// The families of schedules; parameters, defaults and bounds are in schedules.def.
typedef enum {
#define PL_SCHEDULE(id, kinds, roles, amount, help) PL_S_##id,
#define PL_PARAM(schedule, name, slot, preset, low, low_open, high, high_open, help)
#include <plenum/schedules.def>
#undef PL_SCHEDULE
#undef PL_PARAM
	PL_SCHEDULES
} pl_schedule;

enum { PL_PARAM_SLOTS = 4 };

/// Slot of each parameter in pl_model.param: PL_P_recipe_capacity == 0 and so on.
enum {
#define PL_SCHEDULE(id, kinds, roles, amount, help)
#define PL_PARAM(schedule, name, slot, preset, low, low_open, high, high_open, help) \
	PL_P_##schedule##_##name = (slot),
#include <plenum/schedules.def>
#undef PL_SCHEDULE
#undef PL_PARAM
	PL_P_END
};

/// An economy. Read only. All amounts are per period.
typedef struct pl_model {
	const char *name, *period, *credit; ///< from economy.csv; "" where not given
	int32_t n_goods, n_communities, n_councils;
	int64_t n_links;
	struct {
		pl_text id, name, unit, category;
		const uint8_t *kind;  ///< [n_goods] pl_good_kind
		const double *price;  ///< [n_goods] last year's, credits per unit, > 0; 1 where
		                      ///< not given
		const double *supply; ///< [n_goods] society's endowment, units, >= 0
		const double *elasticity; ///< [n_goods] of demand, >= 0
		const double *step;       ///< [n_goods] smallest quantity people deal in, > 0
	} good;
	struct {
		pl_text id, name;
		const int32_t *parent; ///< [n_communities] index, -1 at the root
		const double *members; ///< [n_communities] people, NaN where not given
	} community;
	struct {
		pl_text id, name;
		const uint8_t *kind;      ///< [n_councils] pl_council_kind
		const uint8_t *schedule;  ///< [n_councils] pl_schedule
		const int32_t *community; ///< [n_councils] index, -1 where not given
		const double *members;    ///< [n_councils] people, NaN where not given
		const double *income;     ///< [n_councils] credits, NaN where not given
		const double *param[PL_PARAM_SLOTS]; ///< each [n_councils]; defaults filled in
	} council;
	/// Links of council i are [start[i], start[i+1]), in the order they were first added.
	struct {
		const int64_t *start;     ///< [n_councils + 1]
		const int32_t *good;      ///< [n_links]
		const uint8_t *role;      ///< [n_links] pl_role
		const double *amount;     ///< [n_links] >= 0, raw: shares are not normalised
		const double *elasticity; ///< [n_links] NaN at links of other schedules than
		                          ///< isoelastic, or NULL: no such council
		const int64_t
		        *row; ///< [n_links] links in the order of uses.csv; NULL: 0, 1, 2 ...
	} link;
} pl_model;

/// Rows as a builder takes them. NULL text is "". NaN is "not given": the default applies.
typedef struct {
	const char *id, *name, *unit, *category;
	pl_good_kind kind;
	double price, supply, elasticity, step;
} pl_good_row;
typedef struct {
	const char *id, *name;
	int32_t parent; ///< index of a community, or -1; may be set later
	double members;
} pl_community_row;
typedef struct {
	const char *id, *name;
	pl_council_kind kind;
	int32_t community; ///< index, or -1
	double members, income;
	pl_schedule schedule;
	double param[PL_PARAM_SLOTS];
} pl_council_row;

typedef struct pl_builder pl_builder;
typedef enum {
	PL_T_ECONOMY,
	PL_T_GOODS,
	PL_T_COMMUNITIES,
	PL_T_COUNCILS,
	PL_T_USES,
	PL_T_PRICES,
	PL_TABLES
} pl_table;

/// Told of each fault that pl_builder_finish finds. @param row index of the row in its
/// table in the order of the calls that succeeded, -1 for the table as a whole; msg is
/// borrowed.
typedef void (*pl_report)(void *self, pl_table table, int64_t row, const char *msg);

PL_API pl_status pl_builder_new(pl_builder **out, pl_error *err);
PL_API void pl_builder_free(pl_builder *b); ///< NULL allowed

/// Name, period and unit of account, each may be NULL. @return PL_OK, PL_ENOMEM
PL_API pl_status pl_builder_about(pl_builder *b, const char *name, const char *period,
                                  const char *credit, pl_error *err);

/// Add a row. The text is copied. @return PL_OK; PL_EARG with a sentence about the row (an
/// id that exists, a price <= 0, a parameter out of bounds, a kind the schedule does not
/// allow ...), the builder then unchanged; PL_ENOMEM.
PL_API pl_status pl_builder_good(int32_t *out, pl_builder *b, const pl_good_row *row,
                                 pl_error *err);
PL_API pl_status pl_builder_community(int32_t *out, pl_builder *b, const pl_community_row *row,
                                      pl_error *err);
PL_API pl_status pl_builder_council(int32_t *out, pl_builder *b, const pl_council_row *row,
                                    pl_error *err);
/// @param amount units, exponent or share as the council's schedule reads it, finite
///        (`affected` may leave it out: NaN)
/// @param elasticity NaN where not given; only isoelastic rows have one
PL_API pl_status pl_builder_link(pl_builder *b, int32_t council, int32_t good, pl_role role,
                                 double amount, double elasticity, pl_error *err);

/// A price that overrides the good's own (prices.csv). PL_EARG unless > 0.
PL_API pl_status pl_builder_price(pl_builder *b, int32_t good, double price, pl_error *err);
PL_API pl_status pl_builder_parent(pl_builder *b, int32_t community, int32_t parent,
                                   pl_error *err);

/// Index of an id, or -1. O(1) expected.
PL_API int32_t pl_builder_find_good(const pl_builder *b, const char *id);
PL_API int32_t pl_builder_find_community(const pl_builder *b, const char *id);
PL_API int32_t pl_builder_find_council(const pl_builder *b, const char *id);

/// Check what needs the whole (cycles among communities, exponents that sum to 1 or more,
/// a slope without a capacity, a council without links, no goods) and make the model.
/// Rows with the same council, good and role are added. Consumes b in every case.
/// @param report may be NULL; called once a fault
/// @return PL_OK; PL_EARG (err tells the first fault), PL_ENOMEM, out then NULL
PL_API pl_status pl_builder_finish(pl_model **out, pl_builder *b, pl_report report, void *self,
                                   pl_error *err);
PL_API void pl_model_free(pl_model *m); ///< NULL allowed

/// Spelling in files; NULL for a number outside the enum. And back: -1 if unknown.
PL_API const char *pl_good_kind_name(int kind);
PL_API const char *pl_council_kind_name(int kind);
PL_API const char *pl_schedule_name(int schedule);
PL_API const char *pl_role_name(int role);
PL_API int pl_good_kind_of(const char *name);
PL_API int pl_council_kind_of(const char *name);
PL_API int pl_schedule_of(const char *name);
PL_API int pl_role_of(const char *name);
#ifdef __cplusplus
}
#endif
#endif
