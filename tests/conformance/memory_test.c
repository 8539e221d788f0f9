/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A record where memory runs out: at each allocation in turn, of Plenum's own or of the reader
 * of JSON, a request fails and leaves no trace, verifying, short of Plenum's own, accuses
 * nobody, and an export writes nothing. */
#include "base/alloc.h"
#include "export/export.h"
#include "play.h"
#include "store/store.h"
#include "tests/files.h"
#include "tests/pl_test.h"

#include <jansson.h>
#include <unistd.h>

static const unsigned char seed[PL_KEY_SEED] = {7};
static enum { OWN, OF_JSON, KINDS } short_of;
static int64_t json_grants = -1, failures;
static pl_store *store;

static void *json_malloc(size_t n)
{
	if (json_grants == 0) return NULL;
	if (json_grants > 0) json_grants--;
	return malloc(n);
}

/// Is it what a lack of memory gives? The reader of JSON also says that it is no JSON.
static bool is_short(pl_status st)
{
	return st == PL_ENOMEM || (short_of == OF_JSON && st == PL_EPARSE);
}

/// Grant so many allocations and no more; -1: all.
static void grant(int64_t n)
{
	json_grants = short_of == OF_JSON ? n : -1;
#ifdef PL_ALLOC_FAULTS
	pl_alloc_grants = short_of == OWN ? n : -1;
#endif
}

static int64_t alive(void)
{
#ifdef PL_ALLOC_FAULTS
	return pl_alloc_alive;
#else
	return 0;
#endif
}

/// Each of the first hundred, then fewer.
static int64_t next(int64_t grants)
{
	return grants + 1 + (grants > 100 ? grants / 8 : 0);
}

static void note_state(char state[PL_HASH_CHARS], char head[PL_HASH_CHARS])
{
	int64_t height, when;
	CHECK(pl_store_state_hash(state, store, NULL) == PL_OK);
	CHECK(pl_store_head(&height, head, &when, store, NULL) == PL_OK);
}

static pl_status do_short(pl_reply *reply, play *p, const pl_request *r)
{
	char before[2][PL_HASH_CHARS], after[2][PL_HASH_CHARS];
	note_state(before[0], before[1]);
	for (int64_t grants = 0;; grants = next(grants)) {
		const int64_t blocks = alive();
		grant(grants);
		const pl_status st = pl_app_do(reply, p->app, r, &p->err);
		grant(-1);
		if (st == PL_OK) return st;
		failures++;
		note_state(after[0], after[1]);
		if (!is_short(st))
			fprintf(stderr, "%s, %d allocations: %s\n", r->op, (int)grants,
			        p->err.msg);
		CHECK(is_short(st) && reply->json == NULL);
		/* a list that the store keeps may have been made */
		CHECK(alive() - blocks <= 2);
		CHECK(strcmp(before[0], after[0]) == 0 && strcmp(before[1], after[1]) == 0);
		if (!is_short(st)) return st;
	}
}

/// More work than people: refused, and with all that a refusal tells, once there is memory.
static void refuse_short(play *p)
{
	static const char booking[] =
	        "{\"season\":1,\"council\":1,\"task\":\"clinic\",\"good\":1,"
	        "\"people\":3,\"begins\":10,\"ends\":30}";
	const pl_request r = {2, p->now, "work.book", booking, NULL};
	for (int64_t grants = 0;; grants = next(grants)) {
		pl_reply reply;
		const int64_t blocks = alive();
		grant(grants);
		const pl_status st = pl_app_do(&reply, p->app, &r, &p->err);
		grant(-1);
		const bool whole =
		        reply.json != NULL && strstr(reply.json, "same_hours") != NULL;
		CHECK(alive() == blocks && (st == PL_ECONFLICT || is_short(st)));
		CHECK(st == PL_ECONFLICT || reply.json == NULL);
		free(reply.json);
		if (st != PL_ECONFLICT && !is_short(st)) return;
		if (st == PL_ECONFLICT && whole) return;
		failures++;
	}
}

/// Two who work in one place swap hours, and are booked.
static void work_short(play *p)
{
	must(p, 2, NULL, "swap.offer",
	     "{\"season\":1,\"giver\":1,\"taker\":2,\"good\":1,\"role\":\"uses\",\"quantity\":"
	     "1,"
	     "\"reason\":\"flu\"}");
	must(p, 3, NULL, "swap.answer",
	     "{\"season\":1,\"swap\":1,\"council\":2,\"state\":\"accepted\"}");
	for (int i = 0; i < 2; i++)
		must(p, 2, NULL, "work.book",
		     "{\"season\":1,\"council\":1,\"task\":\"house\",\"good\":1,\"people\":1,"
		     "\"begins\":%d,\"ends\":%d}",
		     10 * i, 20 + i);
	refuse_short(p);
	const int64_t vote = must(
	        p, 1, "vote", "vote.open",
	        "{\"title\":\"t\",\"ballots\":\"motion\",\"rule\":\"supermajority\",\"seats\":"
	        "1,"
	        "\"threshold\":\"2/3\",\"quorum\":\"1/2\",\"secret\":0,\"options\":[{\"code\":"
	        "\"suspend-3\"}]}");
	for (int i = 1; i <= p->people; i++)
		must(p, i, NULL, "vote.cast", "{\"vote\":%d,\"marks\":\"1=yes\"}", (int)vote);
	must(p, 1, NULL, "vote.close", "{\"vote\":%d}", (int)vote);
	must(p, 1, NULL, "council.suspend",
	     "{\"council\":3,\"vote\":%d,\"until\":1810000000,\"reason\":\"theft\"}",
	     (int)vote);
	for (int i = 1; i <= p->people; i++)
		(void)may(p, i, "comment.write", "{\"council\":1,\"text\":\"well done\"}");
	must(p, 2, NULL, "work.unbook", "{\"council\":1,\"booking\":1}");
}

static void verify_short(void)
{
	pl_findings v;
	pl_error err = {0};
	for (int64_t grants = 0;; grants = next(grants)) {
		pl_store *scratch;
		CHECK(pl_store_memory(&scratch, &err) == PL_OK);
		grant(grants);
		const pl_status st = pl_app_verify(&v, store, scratch, NULL, &err);
		grant(-1);
		pl_store_close(scratch);
		if (st == PL_OK && (short_of == OWN || v.first_bad == 0)) break;
		failures++;
		CHECK(short_of == OF_JSON || (st == PL_ENOMEM && v.first_bad == 0));
		if (short_of == OF_JSON) continue;
		if (st != PL_ENOMEM) break;
	}
	if (v.first_bad != 0) fprintf(stderr, "%s\n", v.reason);
	CHECK(v.first_bad == 0);
}

static pl_status export_to(const char *path, const pl_export_choice *choice, int64_t grants,
                           pl_error *err)
{
	const int64_t blocks = alive();
	pl_store *scratch;
	CHECK(pl_store_memory(&scratch, err) == PL_OK);
	grant(grants);
	const pl_status st = pl_export_zip(path, store, scratch, choice, NULL, NULL, err);
	grant(-1);
	pl_store_close(scratch);
	CHECK(alive() == blocks);
	return st;
}

static void export_short(int64_t person)
{
	const pl_export_choice choice = {.person = person};
	pl_error err = {0};
	CHECK(export_to("whole.zip", &choice, -1, &err) == PL_OK);
	for (int64_t grants = 0;; grants = next(grants)) {
		const pl_status st = export_to("short.zip", &choice, grants, &err);
		if (st == PL_OK) break;
		failures++;
		if (!is_short(st)) fprintf(stderr, "%d: %s\n", (int)grants, err.msg);
		CHECK(is_short(st) && access("short.zip", F_OK) != 0);
		if (!is_short(st)) break;
	}
	CHECK(pl_test_same_bytes("whole.zip", "short.zip"));
	(void)remove("whole.zip");
	(void)remove("short.zip");
}

static void without_memory_nothing_leaves_a_trace(void)
{
	static const char *const addresses[] = {"memory:", "sqlite:short.plenum"};
	for (size_t k = 0; k < sizeof addresses / sizeof *addresses; k++) {
		pl_error err = {0};
		pl_app *app;
		play p = {.through = do_short, .also = work_short};
		const int64_t blocks = alive();
		CHECK(pl_store_open(&store, addresses[k], true, &err) == PL_OK);
		CHECK(pl_app_new(&app, store, seed, &err) == PL_OK);
		play_begin(&p, app, 5, 6, 2, 1);
		play_season(&p, 1, 1);
		CHECK(may(&p, 6, "person.erase", "{\"person\":6}") == PL_OK);
		pl_app_free(app);
		verify_short();
		export_short(0);
		export_short(2);
		pl_store_close(store);
		CHECK(alive() == blocks);
		(void)remove("short.plenum");
	}
}

int main(void)
{
	char folder[] = "/tmp/plenum-short-XXXXXX";
	if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
	json_set_alloc_funcs(json_malloc, free);
	for (short_of = OWN; short_of < KINDS; short_of++) {
		failures = 0;
		RUN(without_memory_nothing_leaves_a_trace);
		printf("    %d failures\n", (int)failures);
#ifdef PL_ALLOC_FAULTS
		CHECK(failures > 100);
#endif
	}
	if (chdir("/") != 0 || rmdir(folder) != 0) return 1;
	return pl_test_failed;
}
