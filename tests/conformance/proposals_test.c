/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* proposals_test: what a proposal is checked for when it is filed, and who may say what to it.
 */
#include "app/app.h"
#include "app/deed.h"
#include "app/do.h"
#include "world.h"

#include <inttypes.h>
#include <jansson.h>

/// People 1 facilitates, 2 is the mill's delegate and auditor, 3 the quarter's delegate.
enum { FACILITATOR = 1, MILLER, NEIGHBOUR, AUDITOR, PEOPLE };
enum { MILL = 1, QUARTER };
enum { HOURS = 1, FLOUR, BOMB };

static void add_goods(play *p)
{
	must(p, 1, NULL, "good.set",
	     "{\"code\":\"hours\",\"kind\":\"labour\",\"step\":\"0.25\",\"price\":\"10\","
	     "\"supply\":400}");
	must(p, 1, NULL, "good.set",
	     "{\"code\":\"flour\",\"kind\":\"product\",\"step\":\"0.001\",\"price\":\"2\"}");
	must(p, 1, NULL, "good.set",
	     "{\"code\":\"bomb\",\"name\":\"atomic bomb\",\"kind\":\"product\",\"step\":\"1\","
	     "\"price\":\"1\",\"banned\":\"law 3 of 1996; appeals go to the court\"}");
}

/// A mill that makes flour from hours, and a quarter with 100 credits that wants flour, or a
/// bomb.
static void begin(world *w)
{
	play *p = &w->p;
	world_found(w, 9, PEOPLE - 1);
	must(p, 1, NULL, "council.add", "{\"code\":\"mill\",\"kind\":\"workers\"}");
	must(p, 1, NULL, "council.add", "{\"code\":\"quarter\",\"kind\":\"consumers\"}");
	for (int c = MILL; c <= QUARTER; c++)
		must(p, 1, NULL, "mandate.give",
		     "{\"person\":%d,\"council\":%d,\"role\":\"delegate\",\"until\":"
		     "9999999999}",
		     1 + c, c);
	must(p, 1, NULL, "mandate.give",
	     "{\"person\":4,\"role\":\"auditor\",\"until\":9999999999}");
	must(p, 1, NULL, "member.join", "{\"council\":1,\"person\":2}");
	must(p, 1, NULL, "member.join", "{\"council\":2,\"person\":3}");
	add_goods(p);
	must(p, MILLER, NULL, "schedule.set",
	     "{\"council\":1,\"schedule\":\"recipe\",\"lines\":[{\"good\":2,\"role\":\"makes\","
	     "\"amount\":\"5\"},{\"good\":1,\"role\":\"uses\",\"amount\":\"1\"}]}");
	must(p, NEIGHBOUR, NULL, "schedule.set",
	     "{\"council\":2,\"schedule\":\"request\",\"income\":100000000,\"lines\":[{"
	     "\"good\":2,"
	     "\"role\":\"wants\",\"amount\":\"50\"},{\"good\":3,\"role\":\"wants\",\"amount\":"
	     "\"0\"}]}");
	p->season = must(p, 1, "season", "season.open",
	                 "{\"name\":\"s\",\"rule\":\"fitted\",\"tolerance\":\"0.01\"}");
	must(p, 1, NULL, "round.open", "{\"season\":1}");
}

static pl_status wish(world *w, int version, int good, int64_t steps)
{
	return may(
	        &w->p, NEIGHBOUR, "proposal.file",
	        "{\"season\":1,\"council\":2,\"version\":%d,\"lines\":[{\"good\":%d,\"role\":"
	        "\"wants\",\"quantity\":%" PRId64 "}]}",
	        version, good, steps);
}

static pl_status offer(world *w, int version, int64_t flour, int64_t quarters)
{
	return may(&w->p, MILLER, "proposal.file",
	           "{\"season\":1,\"council\":1,\"version\":%d,\"lines\":[{\"good\":2,\"role\":"
	           "\"makes\",\"quantity\":%" PRId64 "},{\"good\":1,\"role\":\"uses\","
	           "\"quantity\":%" PRId64 "}]}",
	           version, flour, quarters);
}

/// Flags of a council's proposal, as the table has them.
static bool is_flagged(world *w, int council, int version, const char *flags)
{
	const pl_state_row key = {
	        {PL_WHOLE(1), PL_WHOLE(1), PL_WHOLE(council), PL_WHOLE(version)}};
	pl_found f;
	CHECK(pl_store_get(&f, w->store, PL_ROWS_proposal, &key, NULL) == PL_OK && f.found);
	const bool same = strcmp(f.row.at[PL_C_proposal_flags].text, flags) == 0 &&
	                  strcmp(f.row.at[PL_C_proposal_state].text,
	                         flags[0] == '\0' ? "passed" : "flagged") == 0;
	pl_found_clear(&f);
	return same;
}

static void consumers_stay_within_their_means(void)
{
	world w;
	begin(&w);
	CHECK(wish(&w, 1, FLOUR, 50001) == PL_EARG); /* 50.001 at 2 credits */
	CHECK(strstr(w.p.err.msg, "100.00 credits at the announced prices") != NULL);
	CHECK(strstr(w.p.err.msg, "means are 100.00") != NULL);
	CHECK(wish(&w, 1, FLOUR, 50000) == PL_OK);
	CHECK(is_flagged(&w, QUARTER, 1, ""));
	world_end(&w);
}

static void a_workplace_that_costs_more_than_it_gives_is_flagged(void)
{
	world w;
	begin(&w);
	CHECK(offer(&w, 1, 50000, 40) == PL_OK); /* 100 credits of flour for 100 of hours */
	CHECK(is_flagged(&w, MILL, 1, ""));
	CHECK(offer(&w, 2, 49999, 40) == PL_OK);
	CHECK(is_flagged(&w, MILL, 2, "ratio"));
	CHECK(offer(&w, 3, 999999, 401) == PL_OK); /* a quarter of an hour more than there is */
	CHECK(is_flagged(&w, MILL, 3, "hours"));
	CHECK(offer(&w, 4, 0, 401) == PL_OK);
	CHECK(is_flagged(&w, MILL, 4, "ratio hours"));
	world_end(&w);
}

static void a_prohibited_good_is_refused_with_the_decision_even_where_it_is_affordable(void)
{
	world w;
	begin(&w);
	CHECK(wish(&w, 1, BOMB, 1) == PL_EDENIED);
	CHECK(strstr(w.p.err.msg, "atomic bomb is prohibited: law 3 of 1996") != NULL);
	CHECK(strstr(w.p.err.msg, "appeals go to the court") != NULL);
	CHECK(wish(&w, 1, FLOUR, 1) == PL_OK);
	world_end(&w);
}

static void nobody_rules_on_what_people_want_for_themselves(void)
{
	world w;
	begin(&w);
	CHECK(wish(&w, 1, FLOUR, 10) == PL_OK && offer(&w, 1, 50000, 40) == PL_OK);
	must(&w.p, 1, NULL, "round.close", "{\"season\":1}");
	must(&w.p, 1, NULL, "objection.file",
	     "{\"season\":1,\"council\":2,\"reason\":\"cake\"}");
	CHECK(may(&w.p, AUDITOR, "objection.rule",
	          "{\"season\":1,\"objection\":1,\"state\":\"refused\"}") == PL_EDENIED);
	CHECK(strstr(w.p.err.msg, "its own") != NULL);
	world_end(&w);
}

static void who_objected_may_appeal_and_nobody_else_for_them(void)
{
	world w;
	begin(&w);
	CHECK(offer(&w, 1, 50000, 40) == PL_OK);
	must(&w.p, 1, NULL, "round.close", "{\"season\":1}");
	must(&w.p, NEIGHBOUR, NULL, "objection.file",
	     "{\"season\":1,\"council\":1,\"reason\":\"noise\"}");
	const char *appeal = "{\"season\":1,\"objection\":1,\"reason\":\"at night\"}";
	CHECK(may(&w.p, NEIGHBOUR, "objection.appeal", "%s", appeal) == PL_ECONFLICT);
	must(&w.p, AUDITOR, NULL, "objection.rule",
	     "{\"season\":1,\"objection\":1,\"state\":\"granted\"}");
	CHECK(may(&w.p, FACILITATOR, "objection.appeal", "%s", appeal) == PL_EDENIED);
	CHECK(may(&w.p, NEIGHBOUR, "objection.appeal", "%s", appeal) == PL_OK);
	must(&w.p, AUDITOR, NULL, "objection.rule",
	     "{\"season\":1,\"objection\":1,\"state\":\"overturned\"}");
	world_end(&w);
}

static void an_auditor_rules_on_no_proposal_of_a_council_of_their_own(void)
{
	static const char *const own[] = {
	        "member.join\0{\"council\":1,\"person\":4}",
	        "mandate.give\0{\"person\":4,\"council\":1,\"role\":\"delegate\","
	        "\"until\":9999999999}"};
	const char *rule = "{\"season\":1,\"objection\":1,\"state\":\"refused\"}";
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		world w;
		begin(&w);
		CHECK(offer(&w, 1, 50000, 40) == PL_OK);
		must(&w.p, 1, NULL, "round.close", "{\"season\":1}");
		must(&w.p, NEIGHBOUR, NULL, "objection.file",
		     "{\"season\":1,\"council\":1,\"reason\":\"noise\"}");
		must(&w.p, 1, NULL, own[i], "%s", own[i] + strlen(own[i]) + 1);
		CHECK(may(&w.p, AUDITOR, "objection.rule", "%s", rule) == PL_EDENIED);
		CHECK(strstr(w.p.err.msg, "your own") != NULL);
		must(&w.p, 1, NULL, "mandate.give",
		     "{\"person\":1,\"role\":\"auditor\",\"until\":9999999999}");
		must(&w.p, FACILITATOR, NULL, "objection.rule", "%s", rule);
		world_end(&w);
	}
}

/// What an operation comes to by earlier rules; nothing of it stays.
/// @param flags NULL, or where the flags that it answers go
static pl_status by_rules_flagged(world *w, int64_t rules, int64_t actor, const char *op,
                                  const char *json, char flags[PL_STATE_WORD])
{
	pl_deed d = {.store = w->store,
	             .actor = actor,
	             .time = w->p.now,
	             .height = w->p.facts + 1,
	             .rules = rules};
	json_t *request = json_loads(json, 0, NULL);
	CHECK(pl_fields_read(&d.in, pl_op_of(op), request, NULL) == PL_OK);
	CHECK(pl_store_begin(w->store, NULL) == PL_OK);
	const pl_status st = pl_deed_run(&d, &w->p.err);
	if (flags != NULL)
		(void)snprintf(flags, PL_STATE_WORD, "%s",
		               json_string_value(json_object_get(d.out, "flags")));
	pl_store_rollback(w->store);
	pl_deed_clear(&d);
	json_decref(request);
	return st;
}

static pl_status by_rules(world *w, int64_t rules, int64_t actor, const char *op,
                          const char *json)
{
	return by_rules_flagged(w, rules, actor, op, json, NULL);
}

static bool flags_by(world *w, int64_t rules, int64_t actor, const char *json,
                     const char *flags)
{
	char told[PL_STATE_WORD];
	return by_rules_flagged(w, rules, actor, "proposal.file", json, told) == PL_OK &&
	       strcmp(told, flags) == 0;
}

static void communities_are_one_tree(void)
{
	static const char other[] = "{\"code\":\"island\"}";
	world w;
	begin(&w);
	must(&w.p, 1, NULL, "community.add", "{\"code\":\"valley\"}");
	must(&w.p, 1, NULL, "community.add", "{\"code\":\"hill\",\"parent\":1}");
	CHECK(may(&w.p, 1, "community.add", "%s", other) == PL_EARG);
	CHECK(strstr(w.p.err.msg, "\"valley\" is at its top") != NULL);
	CHECK(by_rules(&w, PL_RULES_ONE_TREE - 1, 1, "community.add", other) == PL_OK);
	must(&w.p, 1, NULL, "community.add", "{\"code\":\"island\",\"parent\":1}");
	must(&w.p, 1, NULL, "round.close", "{\"season\":1}");
	world_end(&w);
}

static void an_auditor_rules_on_no_objection_of_their_own(void)
{
	static const char rule[] = "{\"season\":1,\"objection\":1,\"state\":\"granted\"}";
	world w;
	begin(&w);
	CHECK(offer(&w, 1, 50000, 40) == PL_OK);
	must(&w.p, 1, NULL, "round.close", "{\"season\":1}");
	must(&w.p, AUDITOR, NULL, "objection.file",
	     "{\"season\":1,\"council\":1,\"reason\":\"noise\"}");
	CHECK(may(&w.p, AUDITOR, "objection.rule", "%s", rule) == PL_EDENIED);
	CHECK(strstr(w.p.err.msg, "your own") != NULL);
	CHECK(by_rules(&w, PL_RULES_OWN_OBJECTION - 1, AUDITOR, "objection.rule", rule) ==
	      PL_OK);
	must(&w.p, 1, NULL, "mandate.give",
	     "{\"person\":3,\"role\":\"auditor\",\"until\":9999999999}");
	must(&w.p, NEIGHBOUR, NULL, "objection.rule", "%s", rule);
	world_end(&w);
}

static void what_a_community_wants_for_all_is_not_flagged_for_its_ratio(void)
{
	static const char ask[] = "{\"season\":2,\"council\":3,\"version\":1,\"lines\":[{"
	                          "\"good\":2,\"role\":\"wants\",\"quantity\":1000}]}";
	world w;
	begin(&w);
	must(&w.p, 1, NULL, "season.close", "{\"season\":1}");
	must(&w.p, 1, NULL, "community.add", "{\"code\":\"valley\"}");
	must(&w.p, 1, NULL, "council.add",
	     "{\"code\":\"town\",\"kind\":\"community\",\"community\":1}");
	must(&w.p, 1, NULL, "mandate.give",
	     "{\"person\":4,\"council\":3,\"role\":\"delegate\",\"until\":9999999999}");
	must(&w.p, 4, NULL, "schedule.set",
	     "{\"council\":3,\"schedule\":\"request\",\"lines\":[{\"good\":2,\"role\":"
	     "\"wants\",\"amount\":\"1\"}]}");
	must(&w.p, 1, NULL, "season.open",
	     "{\"name\":\"next\",\"rule\":\"fitted\",\"tolerance\":\"0.01\"}");
	must(&w.p, 1, NULL, "round.open", "{\"season\":2}");
	CHECK(flags_by(&w, PL_RULES_WORK_RATIO - 1, 4, ask, "ratio"));
	CHECK(flags_by(&w, PL_RULES_WORK_RATIO, 4, ask, ""));
	CHECK(may(&w.p, 4, "proposal.file", "%s", ask) == PL_OK);
	world_end(&w);
}

static void a_schedule_that_no_round_can_be_planned_with_is_refused(void)
{
	static const struct {
		const char *set, *words;
	} wrong[] = {
	        {"\"recipe\",\"numbers\":[{\"name\":\"slope\",\"value\":\"-1\"}],\"lines\":[{"
	         "\"good\":2,\"role\":\"makes\",\"amount\":\"1\"}]",
	         "slope of council"},
	        {"\"recipe\",\"numbers\":[{\"name\":\"speed\",\"value\":\"1\"}],\"lines\":[]",
	         "no parameter \"speed\""},
	        {"\"recipe\",\"lines\":[{\"good\":2,\"role\":\"wants\",\"amount\":\"1\"}]",
	         "recipe"},
	        {"\"request\",\"lines\":[]", "is of kind workers"},
	        {"\"recipe\",\"lines\":[{\"good\":2,\"role\":\"makes\",\"amount\":\"-1\"}]",
	         "give 0 or more"},
	        {"\"ces\",\"lines\":[{\"good\":2,\"role\":\"makes\",\"amount\":\"1\"}]",
	         "has no returns"}};
	world w;
	begin(&w);
	must(&w.p, 1, NULL, "season.close", "{\"season\":1}");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char set[300];
		(void)snprintf(set, sizeof set, "{\"council\":1,\"schedule\":%s}",
		               wrong[i].set);
		CHECK(may(&w.p, MILLER, "schedule.set", "%s", set) == PL_EARG);
		if (strstr(w.p.err.msg, wrong[i].words) == NULL)
			fprintf(stderr, "%s\n", w.p.err.msg);
		CHECK(strstr(w.p.err.msg, wrong[i].words) != NULL);
		CHECK(by_rules(&w, PL_RULES_SCHEDULES - 1, MILLER, "schedule.set", set) ==
		      PL_OK);
	}
	must(&w.p, 1, NULL, "season.open",
	     "{\"name\":\"next\",\"rule\":\"fitted\",\"tolerance\":\"0.01\"}");
	must(&w.p, 1, NULL, "round.open", "{\"season\":2}");
	world_end(&w);
}

static pl_status send(world *w, pl_reply *reply, int64_t actor, const char *op,
                      const char *json, const char *once)
{
	const pl_request r = {actor, w->p.now, op, json, once};
	return pl_app_do(reply, w->app, &r, &w->p.err);
}

static void a_request_that_comes_twice_is_done_once(void)
{
	static const char add[] = "{\"code\":\"x\"}", other[] = "{\"code\":\"y\",\"parent\":1}";
	world w;
	pl_reply first, again;
	begin(&w);
	CHECK(send(&w, &first, 1, "community.add", add, "k") == PL_OK && !first.repeated);
	CHECK(send(&w, &again, 1, "community.add", add, "k") == PL_OK && again.repeated);
	CHECK(again.height == first.height && strcmp(again.hash, first.hash) == 0);
	CHECK(strcmp(again.json, first.json) == 0);
	free(first.json);
	free(again.json);
	CHECK(send(&w, &again, 1, "community.add", other, "k") == PL_ECONFLICT);
	CHECK(send(&w, &again, 1, "community.add", other, "") == PL_EARG);
	/* another person's key, or another key, or the next day */
	CHECK(send(&w, &again, 2, "community.add", add, "k") == PL_EDENIED);
	CHECK(send(&w, &again, 1, "community.add", other, "l") == PL_OK && !again.repeated);
	free(again.json);
	w.p.now += 86401;
	CHECK(send(&w, &again, 1, "community.add", add, "k") == PL_EARG); /* x is taken */
	world_end(&w);
}

static void a_refused_request_may_be_sent_again_with_its_key(void)
{
	static const char early[] = "{\"season\":1,\"vote\":1}";
	world w;
	pl_reply reply;
	begin(&w);
	CHECK(send(&w, &reply, 1, "plan.adopt", early, "k") == PL_EDENIED);
	CHECK(send(&w, &reply, 1, "round.close", "{\"season\":1}", "k") == PL_OK);
	free(reply.json);
	world_end(&w);
}

typedef struct {
	const char *receipt;
	bool seen;
} looking;

static bool look(void *with, const pl_note *note)
{
	looking *l = with;
	l->seen = l->seen || strstr(note->value, l->receipt) != NULL ||
	          strstr(note->key, l->receipt) != NULL || strstr(note->value, "1=yes") != NULL;
	return true;
}

static bool receipt_of(char out[64], const pl_reply *reply)
{
	json_t *told = json_loads(reply->json, 0, NULL);
	const char *receipt = json_string_value(json_object_get(told, "receipt"));
	(void)snprintf(out, 64, "%s", receipt == NULL ? "" : receipt);
	json_decref(told);
	return out[0] != '\0';
}

static void a_receipt_is_told_again_to_a_key_that_cannot_be_guessed_alone(void)
{
	static const char cast[] = "{\"vote\":1,\"marks\":\"1=yes\"}",
	                  other[] = "{\"vote\":1,\"marks\":\"1=no\"}",
	                  *const keys[] = {"k", "0123456789abcdef0123456789abcdef"};
	world w;
	begin(&w);
	must(&w.p, 1, NULL, "vote.open",
	     "{\"title\":\"t\",\"ballots\":\"motion\",\"rule\":\"majority\",\"seats\":1,"
	     "\"secret\":0,\"options\":[{\"code\":\"a\"}]}");
	for (int k = 0; k < 2; k++) {
		pl_reply first, again;
		char receipt[64], told[64];
		CHECK(send(&w, &first, 2 + k, "vote.cast", cast, keys[k]) == PL_OK);
		CHECK(send(&w, &again, 2 + k, "vote.cast", cast, keys[k]) == PL_OK);
		CHECK(again.repeated && receipt_of(receipt, &first));
		CHECK(receipt_of(told, &again) == (k == 1));
		CHECK(k == 0 || strcmp(receipt, told) == 0);
		free(again.json); /* what is kept does not even tell whether the marks agree */
		CHECK(send(&w, &again, 2 + k, "vote.cast", other, keys[k]) == PL_OK);
		CHECK(again.repeated);
		looking l = {.receipt = receipt};
		CHECK(pl_store_notes(w.store, NULL, 0, look, &l, NULL) == PL_OK && !l.seen);
		l = (looking){.receipt = keys[1]};
		CHECK(pl_store_notes(w.store, NULL, 0, look, &l, NULL) == PL_OK && !l.seen);
		free(first.json);
		free(again.json);
	}
	world_end(&w);
}

int main(void)
{
	RUN(consumers_stay_within_their_means);
	RUN(a_workplace_that_costs_more_than_it_gives_is_flagged);
	RUN(a_prohibited_good_is_refused_with_the_decision_even_where_it_is_affordable);
	RUN(nobody_rules_on_what_people_want_for_themselves);
	RUN(who_objected_may_appeal_and_nobody_else_for_them);
	RUN(an_auditor_rules_on_no_proposal_of_a_council_of_their_own);
	RUN(communities_are_one_tree);
	RUN(an_auditor_rules_on_no_objection_of_their_own);
	RUN(what_a_community_wants_for_all_is_not_flagged_for_its_ratio);
	RUN(a_schedule_that_no_round_can_be_planned_with_is_refused);
	RUN(a_request_that_comes_twice_is_done_once);
	RUN(a_refused_request_may_be_sent_again_with_its_key);
	RUN(a_receipt_is_told_again_to_a_key_that_cannot_be_guessed_alone);
	return pl_test_failed;
}
