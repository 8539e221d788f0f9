/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* seed.c - an economy from tables becomes requests, one after another. */
#include "app/seed.h"

#include "app/economy.h"
#include "app/fields.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS_OF_A_YEAR = 31557600 };

typedef struct {
	pl_app *app;
	int64_t actor, time;
	const pl_model *m;
	const double *price;
	int64_t *community, *good, *council; ///< numbers in the record
	pl_error *err;
} sowing;

/// Ask, and take the number that the answer has under @p key over; NULL: none is asked for.
/// Consumes fields, NULL is no memory.
static pl_status ask(int64_t *number, const sowing *s, const char *op, json_t *fields,
                     const char *key)
{
	pl_reply reply = {0};
	char *text = fields == NULL ? NULL : pl_json_text(fields);
	json_decref(fields);
	if (text == NULL) return pl_fail(s->err, PL_ENOMEM, -1, "no memory for the economy");
	const pl_request r = {.actor = s->actor, .time = s->time, .op = op, .json = text};
	const pl_status st = pl_app_do(&reply, s->app, &r, s->err);
	free(text);
	if (st == PL_OK && key != NULL) {
		json_t *answer = json_loads(reply.json, 0, NULL);
		*number = json_integer_value(json_object_get(answer, key));
		json_decref(answer);
	}
	free(reply.json);
	return st;
}

/// A decimal as a text; NaN is "".
static json_t *decimal(double x)
{
	char text[PL_NUMBER_CHARS] = "";
	if (!isnan(x)) (void)pl_number_print(text, x);
	return json_string(text);
}

static pl_status sow_communities(const sowing *s)
{
	const pl_model *m = s->m;
	for (int32_t done = 0, before = -1; done < m->n_communities && done != before;) {
		before = done;
		for (int32_t i = 0; i < m->n_communities; i++) {
			const int32_t parent = m->community.parent[i];
			if (s->community[i] != 0 || (parent >= 0 && s->community[parent] == 0))
				continue;
			PL_TRY(ask(
			        &s->community[i], s, "community.add",
			        json_pack("{s:s, s:s, s:I}", "code",
			                  pl_text_at(m->community.id, i), "name",
			                  pl_text_at(m->community.name, i), "parent",
			                  (json_int_t)(parent < 0 ? 0 : s->community[parent])),
			        "community"));
			done++;
		}
	}
	return PL_OK;
}

static pl_status sow_good(const sowing *s, int32_t i)
{
	const pl_model *m = s->m;
	const double supply = nearbyint(m->good.supply[i] / m->good.step[i]);
	return ask(&s->good[i], s, "good.set",
	           json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:I, s:o, s:o}", "code",
	                     pl_text_at(m->good.id, i), "name", pl_text_at(m->good.name, i),
	                     "kind", pl_good_kind_name(m->good.kind[i]), "unit",
	                     pl_text_at(m->good.unit, i), "category",
	                     pl_text_at(m->good.category, i), "step", decimal(m->good.step[i]),
	                     "supply", (json_int_t)supply, "price", decimal(s->price[i]),
	                     "elasticity", decimal(m->good.elasticity[i])),
	           "good");
}

/// What a schedule's parameters are called, as schedules.def has them.
static json_t *numbers_of(const pl_model *m, int32_t council)
{
	static const struct {
		const char *name;
		pl_schedule schedule;
		int slot;
	} known[] = {
#define PL_SCHEDULE(id, kinds, roles, amount, help)
#define PL_PARAM(schedule, column, slot, ...) {#column, PL_S_##schedule, slot},
#include <plenum/schedules.def>
#undef PL_SCHEDULE
#undef PL_PARAM
	};
	json_t *list = json_array();
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const double x = m->council.param[known[i].slot][council];
		if (known[i].schedule != m->council.schedule[council] || !isfinite(x)) continue;
		(void)json_array_append_new(list, json_pack("{s:s, s:o}", "name", known[i].name,
		                                            "value", decimal(x)));
	}
	return list;
}

static json_t *lines_of(const sowing *s, int32_t council)
{
	const pl_model *m = s->m;
	json_t *list = json_array();
	for (int64_t l = m->link.start[council]; l < m->link.start[council + 1]; l++) {
		/* what a request offers was wanted with a minus in the tables */
		const bool minus = m->link.role[l] == PL_OFFERS &&
		                   m->council.schedule[council] == PL_S_request;
		const double own = m->link.elasticity == NULL ? NAN : m->link.elasticity[l];
		(void)json_array_append_new(
		        list,
		        json_pack("{s:I, s:s, s:o, s:o}", "good",
		                  (json_int_t)s->good[m->link.good[l]], "role",
		                  pl_role_name(minus ? PL_WANTS : m->link.role[l]), "amount",
		                  decimal(minus ? -m->link.amount[l] : m->link.amount[l]),
		                  "elasticity", decimal(own)));
	}
	return list;
}

static pl_status sow_council(const sowing *s, int32_t i)
{
	const pl_model *m = s->m;
	const int32_t community = m->council.community[i];
	const double income = m->council.income[i];
	const json_int_t millionths =
	        isnan(income) ? 0 : (json_int_t)nearbyint(income * PL_CREDIT);
	PL_TRY(ask(&s->council[i], s, "council.add",
	           json_pack("{s:s, s:s, s:s, s:I}", "code", pl_text_at(m->council.id, i),
	                     "name", pl_text_at(m->council.name, i), "kind",
	                     pl_council_kind_name(m->council.kind[i]), "community",
	                     (json_int_t)(community < 0 ? 0 : s->community[community])),
	           "council"));
	PL_TRY(ask(NULL, s, "mandate.give",
	           json_pack("{s:I, s:I, s:s, s:I}", "person", (json_int_t)s->actor, "council",
	                     (json_int_t)s->council[i], "role", "delegate", "until",
	                     (json_int_t)(s->time + SECONDS_OF_A_YEAR)),
	           NULL));
	return ask(NULL, s, "schedule.set",
	           json_pack("{s:I, s:s, s:I, s:o, s:o}", "council", (json_int_t)s->council[i],
	                     "schedule", pl_schedule_name(m->council.schedule[i]), "income",
	                     millionths, "numbers", numbers_of(m, i), "lines", lines_of(s, i)),
	           NULL);
}

static pl_status sow(const sowing *s)
{
	PL_TRY(sow_communities(s));
	for (int32_t i = 0; i < s->m->n_goods; i++) PL_TRY(sow_good(s, i));
	for (int32_t i = 0; i < s->m->n_councils; i++) PL_TRY(sow_council(s, i));
	return PL_OK;
}

pl_status pl_app_seed(int64_t *good, int64_t *council, pl_app *a, int64_t actor, int64_t time,
                      const pl_model *m, const double *price, pl_error *err)
{
	sowing s = {.app = a, .actor = actor, .time = time, .m = m, .err = err};
	s.price = price == NULL ? m->good.price : price;
	s.community = pl_alloc(m->n_communities, sizeof *s.community);
	s.good = pl_alloc(m->n_goods, sizeof *s.good);
	s.council = pl_alloc(m->n_councils, sizeof *s.council);
	pl_status st = PL_OK;
	if (s.community == NULL || s.good == NULL || s.council == NULL)
		st = pl_fail(err, PL_ENOMEM, -1, "no memory for the economy");
	if (st == PL_OK) st = sow(&s);
	if (st == PL_OK && good != NULL)
		memcpy(good, s.good, (size_t)m->n_goods * sizeof *good);
	if (st == PL_OK && council != NULL)
		memcpy(council, s.council, (size_t)m->n_councils * sizeof *council);
	pl_free(s.community);
	pl_free(s.good);
	pl_free(s.council);
	return st;
}
