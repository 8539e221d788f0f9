/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* builder.h - what a builder holds, for the files of this room. */
#ifndef PL_MODEL_BUILDER_H
#define PL_MODEL_BUILDER_H
#include "base/names.h"
#include "model/schedule.h"

/* Text is an offset in pl_builder.text; ids are in the sets of names. */
typedef struct {
	int64_t name, unit, category;
	double price, supply, elasticity, step;
	bool supply_given; ///< also where it is 0
} pl_good_kept;
typedef struct {
	int64_t name;
	double members;
	int32_t parent;
} pl_community_kept;
struct pl_builder {
	int64_t name, period, credit;
	pl_arena text;
	pl_names goods, communities, councils;
	pl_good_kept *good;
	pl_community_kept *community;
	int64_t room_goods, room_communities;
	uint8_t *good_kind; ///< [room_goods] apart from the rest: each link asks for it
	/// Columns as the model has them, so that it takes them over: councils may be many.
	struct {
		int64_t room;
		int64_t *name;
		double *members, *income, *param[PL_PARAM_SLOTS];
		int32_t *community;
		uint8_t *kind, *schedule;
	} council;
	/// In the order of the calls.
	struct {
		int64_t n, room;
		int32_t *council, *good;
		uint8_t *role;
		double *amount;
		double *elasticity; ///< NaN where not given; NULL: nowhere given
	} link;
};

static inline const char *pl_id_at(const pl_names *names, int64_t i)
{
	return names->text.bytes + names->at[i];
}

/* Rules of one row (rules.c): @return PL_OK, or PL_EARG with a sentence. */
pl_status pl_rule_good(const pl_builder *b, const pl_good_row *row, pl_error *err);
pl_status pl_rule_price(const char *id, double price, pl_error *err);
pl_status pl_rule_community(const pl_builder *b, const pl_community_row *row, pl_error *err);
pl_status pl_rule_parent(const pl_builder *b, const char *id, int32_t parent, pl_error *err);
pl_status pl_rule_council(const pl_builder *b, const pl_council_row *row, pl_error *err);
typedef struct {
	int32_t council, good;
	pl_role role;
	double amount, elasticity;
} pl_link_row;
pl_status pl_rule_link(const pl_builder *b, const pl_link_row *row, pl_error *err);
#endif
