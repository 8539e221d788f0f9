/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* histories_test [FILE] - made-up histories end in the same state everywhere: on every store,
 * and in every build, whose digests FILE holds. Each line of FILE says what so many histories
 * make; without FILE the lines are printed. A change of the state's tables, of what operations
 * do or of the engine's bits changes the digests: whoever means to, prints them anew. */
#include "play.h"
#include "store/store.h"
#include "tests/pl_test.h"

#include <inttypes.h>
#include <sodium.h>
#include <unistd.h>

static const unsigned char seed[PL_KEY_SEED] = {7};
static const int marks[] = {6, 40, 1000}; /* histories after which a digest is compared */

static _Noreturn void end_with(const pl_error *err)
{
	fprintf(stderr, "%s\n", err->msg);
	exit(1);
}

/// An empty database: psql is part of the server that the test was started with.
static void empty_database(void)
{
	if (system("psql -q \"${PLENUM_POSTGRES#postgres:}\" -c 'SET client_min_messages = "
	           "error' -c 'DROP SCHEMA public CASCADE' -c 'CREATE SCHEMA public'") != 0)
		exit(1);
}

/* ---- a history ---- */

/// What a history made: how much was done and refused, and the state.
typedef struct {
	int64_t facts, refused;
	char state[PL_HASH_CHARS];
} outcome;

static void live(play *p, pl_app *app, uint64_t which)
{
	static const char *const rules[] = {"fitted", "lagged",       "book",       "paper",
	                                    "power",  "proportional", "elasticity", "anderson"};
	pl_random r = pl_random_new(which, 1);
	const bool large = which % 500 == 7; /* enough for several threads */
	const int workplaces = large ? 520 : (int)pl_random_between(&r, 2, 4),
	          consumers = large ? 70 : (int)pl_random_between(&r, 1, 2),
	          people = workplaces + consumers + (int)pl_random_between(&r, 2, 6);
	play_begin(p, app, which, people, workplaces, consumers);
	p->rule = rules[which % (sizeof rules / sizeof *rules)];
	for (int64_t n = large ? 1 : pl_random_between(&r, 0, 2); n > 0; n--) {
		const int rounds = (int)pl_random_between(&r, 1, 3);
		play_season(p, rounds, (int)pl_random_between(&r, 0, 5));
	}
	play_at_random(p, 20);
}

static outcome live_on(const char *address, uint64_t which)
{
	outcome out;
	pl_error err = {0};
	pl_store *s;
	pl_app *app;
	play p = {0};
	if (pl_store_open(&s, address, true, &err) != PL_OK ||
	    pl_app_new(&app, s, seed, &err) != PL_OK)
		end_with(&err);
	live(&p, app, which);
	out.facts = p.facts;
	out.refused = p.refused;
	if (pl_store_state_hash(out.state, s, &err) != PL_OK) end_with(&err);
	pl_app_free(app);
	pl_store_close(s);
	return out;
}

/// On memory and on another store. @return as it was on memory
static outcome live_twice(const char *postgres, uint64_t which)
{
	const outcome a = live_on("memory:", which);
	if (postgres != NULL) empty_database();
	const outcome b = live_on(postgres != NULL ? postgres : "sqlite:h.plenum", which);
	if (strcmp(a.state, b.state) != 0)
		fprintf(stderr, "history %" PRIu64 " ends otherwise there\n", which);
	CHECK(a.facts == b.facts && a.refused == b.refused && strcmp(a.state, b.state) == 0);
	(void)remove("h.plenum");
	return a;
}

/* ---- their digest ---- */

/// One line that says what the first n histories made.
static void say(char *line, size_t room, int n, const outcome *sum,
                crypto_hash_sha256_state sha)
{
	unsigned char bytes[crypto_hash_sha256_BYTES];
	char digest[PL_HASH_CHARS];
	(void)crypto_hash_sha256_final(&sha, bytes);
	(void)sodium_bin2hex(digest, sizeof digest, bytes, sizeof bytes);
	(void)snprintf(line, room,
	               "%d histories: %" PRId64 " events, %" PRId64 " refused, %s\n", n,
	               sum->facts, sum->refused, digest);
}

/// Is the line one of those in the file? NULL: no file, the line is printed.
static bool is_known(const char *line, FILE *file)
{
	char known[256];
	if (file == NULL) return fputs(line, stdout) >= 0;
	rewind(file);
	while (fgets(known, sizeof known, file) != NULL)
		if (strcmp(known, line) == 0) return true;
	fprintf(stderr, "not in the file: %s", line);
	return false;
}

static void histories_end_alike(const char *postgres, FILE *file, int most)
{
	char line[256];
	outcome sum = {0, 0, ""};
	crypto_hash_sha256_state sha;
	size_t mark = 0;
	(void)crypto_hash_sha256_init(&sha);
	for (int n = 1; n <= most; n++) {
		const outcome o = live_twice(postgres, (uint64_t)n - 1);
		sum.facts += o.facts;
		sum.refused += o.refused;
		(void)crypto_hash_sha256_update(&sha, (const unsigned char *)o.state,
		                                PL_HASH_CHARS - 1);
		if (n != marks[mark]) continue;
		say(line, sizeof line, n, &sum, sha);
		CHECK(is_known(line, file));
		mark++;
	}
}

int main(int argc, char *argv[])
{
	const char *postgres = getenv("PLENUM_POSTGRES");
	const char *form = getenv("PLENUM_LONG");
	const bool all = form != NULL && strcmp(form, "1") == 0;
	const int most = all ? 1000 : postgres != NULL ? 6 : 40;
	FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
	if (argc > 1 && file == NULL) return 1;
	char folder[] = "/tmp/plenum-histories-XXXXXX";
	if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
	histories_end_alike(postgres, file, most);
	if (file != NULL) (void)fclose(file);
	if (chdir("/") != 0 || rmdir(folder) != 0) return 1;
	return pl_test_failed;
}
