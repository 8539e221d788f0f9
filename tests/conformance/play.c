/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "play.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { REQUEST = 8192, WANTS_MOST = 60 };

__attribute__((format(printf, 5, 0))) static pl_status
ask(play *p, pl_reply *reply, int64_t actor, const char *op, const char *fmt, va_list ap)
{
	char json[REQUEST];
	(void)vsnprintf(json, sizeof json, fmt, ap);
	p->now += (int64_t)pl_random_below(&p->random, 100);
	const pl_request r = {.actor = actor, .time = p->now, .op = op, .json = json};
	const pl_status st = p->through != NULL ? p->through(reply, p, &r)
	                                        : pl_app_do(reply, p->app, &r, &p->err);
	if (st == PL_OK)
		p->facts++;
	else
		p->refused++;
	return st;
}

int64_t must(play *p, int64_t actor, const char *key, const char *op, const char *fmt, ...)
{
	pl_reply reply;
	int64_t number = 0;
	va_list ap;
	va_start(ap, fmt);
	const pl_status st = ask(p, &reply, actor, op, fmt, ap);
	va_end(ap);
	if (st != PL_OK) {
		fprintf(stderr, "%s: %s\n", op, p->err.msg);
		exit(1);
	}
	if (key != NULL) {
		json_t *answer = json_loads(reply.json, 0, NULL);
		number = json_integer_value(json_object_get(answer, key));
		json_decref(answer);
	}
	free(reply.json);
	return number;
}

pl_status may(play *p, int64_t actor, const char *op, const char *fmt, ...)
{
	pl_reply reply;
	va_list ap;
	va_start(ap, fmt);
	const pl_status st = ask(p, &reply, actor, op, fmt, ap);
	va_end(ap);
	free(reply.json);
	return st;
}

/* ---- people and councils ---- */

static void add_people(play *p)
{
	char key[PL_HASH_CHARS];
	pl_app_key(key, p->app);
	(void)must(p, 0, NULL, "record.begin",
	           "{\"title\":\"the valley\",\"key\":\"%s\",\"name\":\"Ada\"}", key);
	for (int i = 2; i <= p->people; i++)
		(void)must(p, 1, NULL, "person.add",
		           "{\"name\":\"person %d\",\"contact\":\"door %d\"}", i, i);
}

static void add_councils(play *p)
{
	const int64_t community =
	        must(p, 1, "community", "community.add", "{\"code\":\"valley\"}");
	for (int c = 1; c <= p->workplaces + p->consumers; c++) {
		const bool works = c <= p->workplaces;
		(void)must(p, 1, NULL, "council.add",
		           "{\"code\":\"%s-%d\",\"kind\":\"%s\",\"community\":%" PRId64 "}",
		           works ? "workplace" : "quarter", c, works ? "workers" : "consumers",
		           community);
		(void)must(p, 1, NULL, "mandate.give",
		           "{\"person\":%d,\"council\":%d,\"role\":\"delegate\",\"until\":"
		           "9999999999}",
		           1 + c, c);
	}
	(void)must(p, 1, NULL, "mandate.give",
	           "{\"person\":2,\"role\":\"auditor\",\"until\":9999999999}");
	for (int i = 1; i <= p->people; i++) {
		(void)must(p, 1, NULL, "member.join", "{\"council\":%d,\"person\":%d}",
		           1 + i % p->workplaces, i);
		(void)must(p, 1, NULL, "member.join", "{\"council\":%d,\"person\":%d}",
		           p->workplaces + 1 + i % p->consumers, i);
	}
}

/// Good 1 is labour; workplace w makes good w + 1 from labour and, but for the first, from the
/// good before it. Consumers want every product.
static void add_economy(play *p)
{
	(void)must(
	        p, 1, NULL, "good.set",
	        "{\"code\":\"labour\",\"kind\":\"labour\",\"unit\":\"hours\",\"step\":\"0.25\","
	        "\"supply\":4000000,\"price\":\"10\"}");
	for (int w = 1; w <= p->workplaces; w++) {
		(void)must(p, 1, NULL, "good.set",
		           "{\"code\":\"good-%d\",\"kind\":\"product\",\"unit\":\"kg\","
		           "\"step\":\"0.001\",\"price\":\"%d\"}",
		           w, 5 + w);
		(void)must(p, 1 + w, NULL, "schedule.set",
		           "{\"council\":%d,\"schedule\":\"recipe\",\"numbers\":[{\"name\":"
		           "\"effort\",\"value\":\"0.5\"}],"
		           "\"lines\":[{\"good\":%d,\"role\":\"makes\",\"amount\":\"1\"},"
		           "{\"good\":1,\"role\":\"uses\",\"amount\":\"0.%d\"}%s%.0d%s]}",
		           w, 1 + w, w, w > 1 ? ",{\"good\":" : "", w > 1 ? w : 0,
		           w > 1 ? ",\"role\":\"uses\",\"amount\":\"0.3\"}" : "");
	}
}

/// Consumers want every product; where there are many, every second or third of them.
static int stride(const play *p)
{
	return 1 + p->workplaces / WANTS_MOST;
}

static int first_want(const play *p, int council)
{
	return 1 + council % stride(p);
}

static void add_wants(play *p)
{
	for (int c = p->workplaces + 1; c <= p->workplaces + p->consumers; c++) {
		char lines[REQUEST / 2];
		int n = 0;
		for (int w = first_want(p, c); w <= p->workplaces; w += stride(p))
			n += snprintf(lines + n, sizeof lines - (size_t)n,
			              "%s{\"good\":%d,\"role\":\"wants\",\"amount\":\"%d.5\"}",
			              n > 0 ? "," : "", 1 + w, 10 + w % 90);
		(void)must(p, 1 + c, NULL, "schedule.set",
		           "{\"council\":%d,\"schedule\":\"request\",\"lines\":[%s]}", c,
		           lines);
	}
}

void play_begin(play *p, pl_app *app, uint64_t seed, int people, int workplaces, int consumers)
{
	*p = (play){.app = app,
	            .also = p->also,
	            .through = p->through,
	            .random = pl_random_new(seed, 0),
	            .now = 1800000000,
	            .people = people,
	            .workplaces = workplaces,
	            .consumers = consumers};
	add_people(p);
	add_councils(p);
	add_economy(p);
	add_wants(p);
}

/* ---- a season ---- */

static void propose(play *p, int council, int version)
{
	char lines[REQUEST / 2];
	int n = 0;
	const bool works = council <= p->workplaces;
	const int first = works ? council : first_want(p, council),
	          after = works ? council + 1 : p->workplaces + 1;
	for (int w = first; w < after; w += stride(p))
		n += snprintf(lines + n, sizeof lines - (size_t)n,
		              "%s{\"good\":%d,\"role\":\"%s\",\"quantity\":%" PRId64 "}",
		              w > first ? "," : "", 1 + w, works ? "makes" : "wants",
		              pl_random_between(&p->random, 1000, 30000));
	if (works)
		(void)snprintf(lines + n, sizeof lines - (size_t)n,
		               ",{\"good\":1,\"role\":\"uses\",\"quantity\":%" PRId64 "}",
		               pl_random_between(&p->random, 100, 3000));
	(void)must(p, 1 + council, NULL, "proposal.file",
	           "{\"season\":%" PRId64
	           ",\"council\":%d,\"version\":%d,\"reason\":\"as we are %d\",\"lines\":[%s]}",
	           p->season, council, version, council, lines);
}

/// Somebody objects, the council explains, the auditor rules, where it is not their own
/// council.
static void object(play *p)
{
	const int council = 1 + (int)pl_random_below(&p->random, (uint64_t)p->workplaces);
	const int64_t id =
	        must(p, p->people, "objection", "objection.file",
	             "{\"season\":%" PRId64 ",\"council\":%d,\"reason\":\"too much noise\"}",
	             p->season, council);
	const int64_t member =
	        council == 1 ? p->workplaces : council - 1; /* 1 + member % workplaces */
	(void)must(p, member, NULL, "objection.answer",
	           "{\"season\":%" PRId64 ",\"objection\":%" PRId64
	           ",\"council\":%d,\"state\":\"explained\",\"reason\":\"we work by day\"}",
	           p->season, id, council);
	(void)must(p, member, NULL, "comment.write",
	           "{\"season\":%" PRId64 ",\"objection\":%" PRId64
	           ",\"council\":%d,\"text\":\"come and listen\"}",
	           p->season, id, council);
	/* the auditor is the delegate of the first council, and a member of this one */
	if (council == 1 || council == 1 + 2 % p->workplaces) return;
	(void)must(p, 2, NULL, "objection.rule",
	           "{\"season\":%" PRId64 ",\"objection\":%" PRId64
	           ",\"state\":\"refused\",\"reason\":\"heard\"}",
	           p->season, id);
}

static void vote_on_plan(play *p)
{
	p->vote = must(
	        p, 1, "vote", "vote.open",
	        "{\"about\":%" PRId64
	        ",\"title\":\"Do we adopt the plan?\",\"ballots\":\"motion\","
	        "\"rule\":\"majority\",\"seats\":1,\"secret\":1,\"quorum\":\"1/2\","
	        "\"options\":[{\"code\":\"plan\",\"name\":\"The plan of the last round\"}]}",
	        p->season);
	for (int i = 1; i <= p->people; i++)
		(void)must(p, i, NULL, "vote.cast", "{\"vote\":%" PRId64 ",\"marks\":\"1=%s\"}",
		           p->vote, i % 4 == 0 ? "no" : "yes");
	(void)must(p, 1, NULL, "vote.close", "{\"vote\":%" PRId64 "}", p->vote);
}

static void deliver(play *p)
{
	const int64_t giver = 1 + (int64_t)pl_random_below(&p->random, (uint64_t)p->workplaces);
	const int64_t taker = p->workplaces + 1 +
	                      (int64_t)pl_random_below(&p->random, (uint64_t)p->consumers);
	(void)must(p, 1 + giver, NULL, "delivery.record",
	           "{\"season\":%" PRId64 ",\"giver\":%" PRId64 ",\"taker\":%" PRId64
	           ",\"good\":%" PRId64 ",\"quantity\":%" PRId64 ",\"day\":%" PRId64
	           ",\"note\":\"by cart\"}",
	           p->season, giver, taker, 1 + giver, pl_random_between(&p->random, 1, 5000),
	           p->now);
}

void play_season(play *p, int rounds, int deliveries)
{
	p->season = must(p, 1, "season", "season.open",
	                 "{\"name\":\"season %" PRId64
	                 "\",\"period\":\"2027\",\"rule\":\"%s\",\"tolerance\":\"0.01\"}",
	                 p->facts, p->rule == NULL ? "fitted" : p->rule);
	for (int r = 0; r < rounds; r++) {
		(void)must(p, 1, NULL, "round.open", "{\"season\":%" PRId64 "}", p->season);
		for (int c = 1; c <= p->workplaces + p->consumers; c++) propose(p, c, 1);
		propose(p, 1, 2);
		(void)must(p, 1, NULL, "round.close", "{\"season\":%" PRId64 "}", p->season);
	}
	object(p);
	vote_on_plan(p);
	(void)must(p, 1, NULL, "plan.adopt", "{\"season\":%" PRId64 ",\"vote\":%" PRId64 "}",
	           p->season, p->vote);
	for (int i = 0; i < deliveries; i++) deliver(p);
	if (p->also != NULL) p->also(p);
	(void)must(p, 1, NULL, "season.close", "{\"season\":%" PRId64 "}", p->season);
}

/* ---- at random ---- */

static void ask_about_people(play *p, int64_t actor, int64_t one, int64_t other)
{
	switch (pl_random_below(&p->random, 6)) {
	case 0:
		(void)may(p, actor, "person.rename",
		          "{\"person\":%" PRId64 ",\"name\":\"n%" PRId64 "\"}", one, other);
		break;
	case 1:
		(void)may(p, actor, "person.erase", "{\"person\":%" PRId64 "}", one);
		break;
	case 2:
		(void)may(p, actor, "member.join",
		          "{\"council\":%" PRId64 ",\"person\":%" PRId64 "}", one, other);
		break;
	case 3:
		(void)may(p, actor, "member.leave",
		          "{\"council\":%" PRId64 ",\"person\":%" PRId64 "}", one, actor);
		break;
	case 4:
		(void)may(p, actor, "mandate.give",
		          "{\"person\":%" PRId64 ",\"role\":\"auditor\",\"until\":1900000000}",
		          one);
		break;
	default:
		(void)may(p, actor, "mandate.recall",
		          "{\"person\":%" PRId64 ",\"council\":%" PRId64
		          ",\"role\":\"delegate\"}",
		          one, other);
	}
}

static void ask_about_things(play *p, int64_t actor, int64_t one, int64_t other)
{
	switch (pl_random_below(&p->random, 5)) {
	case 0:
		(void)may(p, actor, "community.add",
		          "{\"code\":\"c%" PRId64 "\",\"parent\":%" PRId64 "}", one, other);
		break;
	case 1:
		(void)may(p, actor, "council.add",
		          "{\"code\":\"workplace-%" PRId64 "\",\"kind\":\"workers\"}", one);
		break;
	case 2:
		(void)may(p, actor, "vote.open",
		          "{\"council\":%" PRId64
		          ",\"title\":\"t\",\"ballots\":\"approval\",\"rule\":\"approval\","
		          "\"seats\":1,\"secret\":0,\"options\":[{\"code\":\"a\"},{\"code\":"
		          "\"b\"}]}",
		          one);
		break;
	case 3:
		(void)may(p, actor, "vote.cast",
		          "{\"vote\":%" PRId64 ",\"marks\":\"%" PRId64 "=1\"}", one,
		          1 + other % 2);
		break;
	default:
		(void)may(p, actor, "vote.close", "{\"vote\":%" PRId64 "}", one);
	}
}

void play_at_random(play *p, int n)
{
	for (int i = 0; i < n; i++) {
		const int64_t actor = pl_random_below(&p->random, 3) == 0
		                              ? pl_random_between(&p->random, 0, p->people + 1)
		                              : 1,
		              one = pl_random_between(&p->random, 1, p->people + 1),
		              other = pl_random_between(&p->random, 0, p->people + 1);
		if (pl_random_below(&p->random, 2) == 0)
			ask_about_people(p, actor, one, other);
		else
			ask_about_things(p, actor, one, other);
	}
}
