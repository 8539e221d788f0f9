/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/closed.h"

#include "app/do.h"
#include "app/economy.h"
#include "base/error.h"

#include <inttypes.h>

/// What declares an economy. The record authorised it when it was done.
static pl_op_run *const declares[PL_OPS] = {
        [PL_OP_community_add] = pl_run_community_add,
        [PL_OP_council_add] = pl_run_council_add,
        [PL_OP_good_set] = pl_run_good_set,
        [PL_OP_schedule_set] = pl_run_schedule_set,
};

typedef struct {
	pl_closed *at;
	bool found;
	pl_status status;
	pl_error *err;
} looking;

static pl_status run_again(pl_deed *d, int op, const json_t *facts, pl_error *err)
{
	PL_TRY(pl_fields_recall(&d->in, op, json_object_get(facts, "in"), NULL, err));
	d->out = json_object();
	if (d->out == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to read an event again");
	PL_TRY(pl_store_begin(d->store, err));
	const pl_status st = declares[op](d, err);
	if (st == PL_OK) return pl_store_commit(d->store, err);
	pl_store_rollback(d->store);
	return st;
}

static int64_t number_in(const json_t *facts, const char *part, const char *name)
{
	return json_integer_value(json_object_get(json_object_get(facts, part), name));
}

static pl_status declare_again(looking *l, const pl_event *e, int op, const json_t *facts)
{
	pl_deed d = {.store = l->at->scratch,
	             .actor = e->actor,
	             .time = e->time,
	             .height = e->height,
	             .replayed = true};
	pl_status st = pl_deed_rules(&d.rules, e, facts, l->err);
	if (st == PL_OK) st = run_again(&d, op, facts, l->err);
	pl_deed_clear(&d);
	return st;
}

static pl_status note_round(looking *l, const pl_event *e, const json_t *facts)
{
	l->found = true;
	l->at->season = number_in(facts, "in", "season");
	l->at->round = number_in(facts, "out", "round");
	if (l->at->season > 0 && l->at->round > 0) return PL_OK;
	return pl_fail(l->err, PL_EARG, e->height,
	               "event %" PRId64 " does not say which round it closed", e->height);
}

static bool look_at(void *with, const pl_event *e)
{
	looking *l = with;
	const int op = pl_op_of(e->type);
	json_t *facts;
	l->at->height = e->height;
	if (l->at->watch != NULL && !l->at->watch(l->at->with, e->height))
		l->status = pl_fail(l->err, PL_ESTOPPED, -1, "stopped");
	if (l->status != PL_OK) return false;
	if (op < 0 || (declares[op] == NULL && op != PL_OP_round_close)) return true;
	l->status = pl_json_read(&facts, e->facts, l->err);
	if (l->status != PL_OK) return false;
	l->status = op == PL_OP_round_close ? note_round(l, e, facts)
	                                    : declare_again(l, e, op, facts);
	json_decref(facts);
	return !l->found && l->status == PL_OK;
}

pl_status pl_closed_next(pl_model **out, pl_closed *c, pl_error *err)
{
	looking l = {.at = c, .err = err};
	*out = NULL;
	PL_TRY(pl_store_events(c->store, c->height + 1, look_at, &l, err));
	PL_TRY(l.status);
	if (!l.found) return PL_OK;
	return pl_app_economy_then(out, c->scratch, c->store, c->season, c->round, err);
}
