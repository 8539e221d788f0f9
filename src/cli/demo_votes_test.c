/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo_votes.h"

#include "cli/demo_season.h"
#include "store/store.h"
#include "tests/pl_test.h"

#include <stdlib.h>

enum { NOW = 1800000000 };

static void ask(pl_app *a, int64_t actor, const char *op, const char *fields)
{
	const pl_request r = {.actor = actor, .time = NOW + 1, .op = op, .json = fields};
	pl_reply reply = {0};
	pl_error err = {0};
	const pl_status st = pl_app_do(&reply, a, &r, &err);
	if (st != PL_OK) fprintf(stderr, "%s\n", err.msg);
	CHECK(st == PL_OK);
	free(reply.json);
}

typedef struct {
	int64_t voted, waits, last; ///< last: of those who have not voted
} roll;

static bool note(void *with, const pl_state_row *row)
{
	roll *r = with;
	if (row->at[PL_C_elector_voted].whole != 0) r->voted++;
	if (row->at[PL_C_elector_voted].whole == 0) r->waits++;
	if (row->at[PL_C_elector_voted].whole == 0)
		r->last = row->at[PL_C_elector_person].whole;
	return true;
}

static roll look(pl_store *s)
{
	static const pl_state_row every = {{{0}}};
	roll r = {.voted = 0};
	CHECK(pl_store_look(s, NULL) == PL_OK);
	CHECK(pl_store_scan(s, PL_ROWS_elector, 0, &every, note, &r, NULL) == PL_OK);
	pl_store_rollback(s);
	return r;
}

static void people_who_were_made_up_vote_on_a_plan_and_nobody_else_and_once(void)
{
	static const unsigned char seed[PL_KEY_SEED] = {1};
	pl_store *s = NULL;
	pl_app *a = NULL;
	pl_demo_people p = {0};
	CHECK(pl_store_memory(&s, NULL) == PL_OK && pl_app_new(&a, s, seed, NULL) == PL_OK);
	CHECK(pl_demo_season(&p, a, s, NOW, NULL) == PL_OK);
	const int64_t real[] = {p.worker, p.neighbour, p.facilitator};
	CHECK(pl_demo_vote(a, s, real, 3, NOW + 1, NULL) == PL_OK);
	CHECK(look(s).voted == 0); /* nothing is open */
	ask(a, p.facilitator, "round.close", "{\"season\":1}");
	ask(a, p.facilitator, "vote.open",
	    "{\"about\":1,\"title\":\"The plan\",\"ballots\":\"motion\",\"secret\":1,"
	    "\"rule\":\"majority\",\"seats\":1,\"quorum\":\"1/50\","
	    "\"options\":[{\"code\":\"plan\"}]}");
	CHECK(look(s).voted == 0 && look(s).waits > 3);
	for (int i = 0; i < 2; i++) {
		CHECK(pl_demo_vote(a, s, real, 3, NOW + 1, NULL) == PL_OK);
		CHECK(look(s).voted > 90 && look(s).waits == 3);
	}
	ask(a, p.worker, "vote.cast", "{\"vote\":1,\"marks\":\"1=no\"}");
	CHECK(pl_demo_vote(a, s, real, 2, NOW + 1, NULL) == PL_OK);
	CHECK(look(s).waits == 1 && look(s).last == p.neighbour);
	pl_app_free(a);
	pl_store_close(s);
}

int main(void)
{
	RUN(people_who_were_made_up_vote_on_a_plan_and_nobody_else_and_once);
	return pl_test_failed;
}
