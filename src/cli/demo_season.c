/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* demo_season.c - the bundled valley as a federation that has been planning for three weeks. */
#include "cli/demo_season.h"

#include "app/economy.h"
#include "app/seed.h"
#include "base/alloc.h"
#include "base/error.h"
#include "cli/valley.h"
#include "io/economy.h"
#include "lab/councils.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <plenum/plan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOUNDER = 1, ROUNDS = 3, WEEK = 7 * 86400, SEED = 7 };

/// Names that a valley of many languages might have; made up. Person by person another pair.
static const char *const given[] = {
        "Ada",   "Bento", "Çiğdem", "Daria",   "Emeka", "Fatima", "Gustav", "Hana", "Inés",
        "Jonas", "Kofi",  "Leila",  "Mateus",  "Nadia", "Óscar",  "Paula",  "Quim", "Rosa",
        "Samir", "Tove",  "Uschi",  "Valeria", "Wanda", "Ximena", "Yusuf",  "Zofia"};
static const char *const family[] = {
        "Lindqvist", "Sousa",     "Aydın",  "Nowak",  "Obi",     "Haddad",  "Brandt",
        "Kimura",    "Robles",    "Weber",  "Mensah", "Karimi",  "Almeida", "Petrova",
        "Vidal",     "Richter",   "Ferrer", "Zimmer", "Mansour", "Dahl",    "Krämer",
        "Conti",     "Zielińska", "Duarte", "Demir",  "Wójcik"};
enum { NAMES = sizeof given / sizeof *given, NAME_CHARS = 64 };

static const char *name_of(char out[NAME_CHARS], int64_t person)
{
	const int64_t i = (person - 1) % NAMES, turn = (person - 1) / NAMES;
	(void)snprintf(out, NAME_CHARS, "%s %s", given[i], family[(i + turn) % NAMES]);
	return out;
}

typedef struct {
	pl_app *app;
	pl_store *store;
	int64_t now;
	const pl_model *m;
	int64_t *council, *good;
	double *price, *quantity;
	pl_councils *answering;
	pl_error *err;
} telling;

/// Ask for something. Consumes fields, NULL is no memory.
static pl_status ask(const telling *t, int64_t actor, const char *op, json_t *fields)
{
	pl_reply reply = {0};
	char *text = fields == NULL ? NULL : json_dumps(fields, JSON_COMPACT);
	json_decref(fields);
	if (text == NULL) return pl_fail(t->err, PL_ENOMEM, -1, "no memory for the season");
	const pl_request r = {.actor = actor, .time = t->now, .op = op, .json = text};
	const pl_status st = pl_app_do(&reply, t->app, &r, t->err);
	free(text);
	free(reply.json);
	return st;
}

/* ---- people ---- */

/// The delegate of council i, counted from 0; another member is the next number.
static int64_t delegate_of(int32_t i)
{
	return FOUNDER + 1 + 2 * (int64_t)i;
}

static pl_status add_person(const telling *t, int64_t person, int32_t council, bool delegate)
{
	const json_int_t until = (json_int_t)t->now + 60 * (json_int_t)WEEK;
	char name[NAME_CHARS];
	PL_TRY(ask(t, FOUNDER, "person.add",
	           json_pack("{s:s}", "name", name_of(name, person))));
	PL_TRY(ask(t, FOUNDER, "member.join",
	           json_pack("{s:I, s:I}", "council", (json_int_t)t->council[council], "person",
	                     (json_int_t)person)));
	if (!delegate) return PL_OK;
	PL_TRY(ask(t, FOUNDER, "mandate.give",
	           json_pack("{s:I, s:I, s:s, s:I}", "person", (json_int_t)person, "council",
	                     (json_int_t)t->council[council], "role", "delegate", "until",
	                     until)));
	return ask(t, FOUNDER, "mandate.recall",
	           json_pack("{s:i, s:I, s:s}", "person", FOUNDER, "council",
	                     (json_int_t)t->council[council], "role", "delegate"));
}

/// Who rules on objections: somebody of the last council who is not its delegate.
static int64_t auditor_of(const pl_model *m)
{
	return delegate_of(m->n_councils - 1) + 1;
}

/// The second facilitator: somebody of the council before.
static int64_t second_of(const pl_model *m)
{
	return delegate_of(m->n_councils - 2) + 1;
}

static pl_status give_task(const telling *t, int64_t person, const char *role)
{
	return ask(t, FOUNDER, "mandate.give",
	           json_pack("{s:I, s:s, s:I}", "person", (json_int_t)person, "role", role,
	                     "until", (json_int_t)t->now + 60 * (json_int_t)WEEK));
}

static pl_status add_people(const telling *t)
{
	for (int32_t i = 0; i < t->m->n_councils; i++) {
		PL_TRY(add_person(t, delegate_of(i), i, true));
		PL_TRY(add_person(t, delegate_of(i) + 1, i, false));
	}
	PL_TRY(give_task(t, second_of(t->m), "facilitator"));
	return give_task(t, auditor_of(t->m), "auditor");
}

/* ---- rounds ---- */

/// Whole steps: what is wanted and used is rounded down, so that it stays within the means.
static json_t *lines_of(const telling *t, int32_t council)
{
	const pl_model *m = t->m;
	json_t *list = json_array();
	for (int64_t l = m->link.start[council]; l < m->link.start[council + 1]; l++) {
		const int32_t good = m->link.good[l];
		const double steps = floor(t->quantity[l] / m->good.step[good]);
		(void)json_array_append_new(list, json_pack("{s:I, s:s, s:I}", "good",
		                                            (json_int_t)t->good[good], "role",
		                                            pl_role_name(m->link.role[l]),
		                                            "quantity", (json_int_t)steps));
	}
	return list;
}

static pl_status propose(const telling *t, int64_t round)
{
	pl_app_rows rows;
	PL_TRY(pl_app_rows_of(&rows, t->store, t->err));
	pl_status st = pl_app_prices(t->price, t->store, &rows, 1, round, t->err);
	if (st == PL_OK)
		st = pl_app_expected(t->quantity, t->store, t->m, &rows, 1, round, t->err);
	pl_app_rows_clear(&rows);
	PL_TRY(st);
	PL_TRY(pl_councils_answer(t->answering, t->quantity, t->price, t->err));
	for (int32_t i = 0; i < t->m->n_councils; i++)
		PL_TRY(ask(t, delegate_of(i), "proposal.file",
		           json_pack("{s:i, s:I, s:i, s:o}", "season", 1, "council",
		                     (json_int_t)t->council[i], "version", 1, "lines",
		                     lines_of(t, i))));
	return PL_OK;
}

static pl_status play(telling *t)
{
	PL_TRY(ask(t, FOUNDER, "season.open",
	           json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", "2027", "period", "2027",
	                     "rule", "fitted", "tolerance", "0.01", "zone", "Europe/Berlin",
	                     "quorum", "1/50")));
	for (int64_t r = 1; r <= ROUNDS; r++, t->now += WEEK) {
		PL_TRY(ask(t, FOUNDER, "round.open", json_pack("{s:i}", "season", 1)));
		PL_TRY(propose(t, r));
		PL_TRY(ask(t, FOUNDER, "round.close", json_pack("{s:i}", "season", 1)));
	}
	return ask(t, FOUNDER, "round.open", json_pack("{s:i}", "season", 1));
}

/* ---- the whole ---- */

/// Last year's prices: those of a plan of this economy, in which since then one good in three
/// became a hundredth dearer, and one in three a hundredth cheaper.
static pl_status last_year(double *price, const pl_model *m, pl_error *err)
{
	static const double since[] = {1, 1.01, 0.99};
	const pl_settings settings = pl_settings_preset();
	pl_plan *p;
	PL_TRY(pl_plan_clear(&p, m, &settings, NULL, NULL, NULL, err));
	for (int32_t i = 0; i < m->n_goods; i++)
		price[i] = fmax(p->price[i], 0.01 * m->good.price[i]) * since[i % 3];
	pl_plan_free(p);
	return PL_OK;
}

static pl_status begin(telling *t)
{
	char key[PL_HASH_CHARS], name[NAME_CHARS];
	pl_app_key(key, t->app);
	const pl_model *m = t->m;
	t->council = pl_alloc(m->n_councils, sizeof *t->council);
	t->good = pl_alloc(m->n_goods, sizeof *t->good);
	t->price = pl_alloc(m->n_goods, sizeof *t->price);
	t->quantity = pl_alloc(m->n_links, sizeof *t->quantity);
	if (t->council == NULL || t->good == NULL || t->price == NULL || t->quantity == NULL)
		return pl_fail(t->err, PL_ENOMEM, -1, "no memory for the season");
	PL_TRY(pl_councils_new(&t->answering, m, NULL, SEED, t->err));
	PL_TRY(ask(t, 0, "record.begin",
	           json_pack("{s:s, s:s, s:s}", "title", m->name, "key", key, "name",
	                     name_of(name, FOUNDER))));
	PL_TRY(last_year(t->price, m, t->err));
	PL_TRY(pl_app_seed(t->good, t->council, t->app, FOUNDER, t->now, m, t->price, t->err));
	PL_TRY(add_people(t));
	return play(t);
}

static int32_t first_of(const pl_model *m, pl_council_kind kind)
{
	int32_t i = 0;
	while (i < m->n_councils && m->council.kind[i] != kind) i++;
	return i;
}

pl_status pl_demo_season(pl_demo_people *out, pl_app *a, pl_store *store, int64_t now,
                         pl_error *err)
{
	const pl_source from = {.file = pl_valley, .n_files = pl_valley_files};
	pl_settings settings = pl_settings_preset();
	pl_model *m;
	PL_TRY(pl_economy_read_from(&m, &settings, &from, NULL, err));
	telling t = {.app = a,
	             .store = store,
	             .now = now - (int64_t)ROUNDS * WEEK,
	             .m = m,
	             .err = err};
	const pl_status st = begin(&t);
	out->facilitator = FOUNDER;
	out->second = second_of(m);
	out->auditor = auditor_of(m);
	out->worker = delegate_of(first_of(m, PL_WORKERS));
	out->neighbour = delegate_of(first_of(m, PL_CONSUMERS));
	pl_councils_free(t.answering);
	pl_free(t.council);
	pl_free(t.good);
	pl_free(t.price);
	pl_free(t.quantity);
	pl_model_free(m);
	return st;
}
