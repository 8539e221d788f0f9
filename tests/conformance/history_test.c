/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A federation's life, recorded: it verifies, and whatever is changed in it is found. */
#include "play.h"
#include "store/store.h"
#include "tests/pl_test.h"

#include <inttypes.h>
#include <sodium.h>
#include <unistd.h>

static const unsigned char seed[PL_KEY_SEED] = {7};

static void end_with(const pl_error *err)
{
	fprintf(stderr, "%s\n", err->msg);
	exit(1);
}

static void verify(pl_findings *v, pl_store *s, const char *head)
{
	pl_error err = {0};
	pl_store *scratch;
	if (pl_store_memory(&scratch, &err) != PL_OK ||
	    pl_app_verify(v, s, scratch, head, &err) != PL_OK)
		end_with(&err);
	if (v->first_bad > 0)
		fprintf(stderr, "event %" PRId64 ": %s\n", v->first_bad, v->reason);
	pl_store_close(scratch);
}

static pl_store *open_store(const char *address)
{
	pl_error err = {0};
	pl_store *s;
	if (pl_store_open(&s, address, true, &err) != PL_OK) end_with(&err);
	return s;
}

/// A short life on a store: people, councils, one season. @return facts recorded
static int64_t live(pl_store *s, uint64_t which, int people, int rounds)
{
	pl_error err = {0};
	pl_app *app;
	play p = {0};
	if (pl_app_new(&app, s, seed, &err) != PL_OK) end_with(&err);
	play_begin(&p, app, which, people, 3, 2);
	if (rounds > 0) play_season(&p, rounds, 5);
	pl_app_free(app);
	return p.facts;
}

static void a_season_is_recorded_and_verifies(void)
{
	pl_findings v;
	pl_store *s = open_store("memory:");
	const int64_t facts = live(s, 1, 12, 3);
	verify(&v, s, NULL);
	CHECK(v.first_bad == 0 && v.events == facts);
	pl_store_close(s);
}

static void every_store_ends_in_the_same_state(void)
{
	pl_findings in_memory, in_file, opened;
	pl_store *s = open_store("memory:"), *file = open_store("sqlite:history.plenum");
	CHECK(live(s, 3, 12, 2) == live(file, 3, 12, 2));
	verify(&in_memory, s, NULL);
	verify(&in_file, file, NULL);
	CHECK(in_file.first_bad == 0 && in_memory.first_bad == 0);
	CHECK(strcmp(in_memory.state, in_file.state) == 0);
	pl_store_close(file);
	file = open_store("sqlite:history.plenum");
	verify(&opened, file, in_file.head);
	CHECK(opened.first_bad == 0 && strcmp(in_memory.state, opened.state) == 0);
	pl_store_close(file);
	pl_store_close(s);
}

/// The same life on every store; PostgreSQL where PLENUM_POSTGRES says how to reach it.
static void a_database_ends_in_the_same_state_and_verifies(const char *address)
{
	pl_findings in_memory, in_database, opened;
	pl_store *s = open_store("memory:"), *database = open_store(address);
	CHECK(live(s, 4, 6, 1) == live(database, 4, 6, 1));
	verify(&in_memory, s, NULL);
	verify(&in_database, database, NULL);
	CHECK(in_memory.first_bad == 0 && in_database.first_bad == 0);
	CHECK(strcmp(in_memory.state, in_database.state) == 0);
	pl_store_close(database);
	database = open_store(address);
	verify(&opened, database, in_database.head);
	CHECK(opened.first_bad == 0 && strcmp(in_memory.state, opened.state) == 0);
	pl_store_close(database);
	pl_store_close(s);
}

/* ---- tampering ---- */

/// A store that shows another's events, with something changed.
typedef struct {
	pl_store store;
	pl_store *true_one;
	enum { FLIP, LEAVE_OUT, SWAP, REPEAT, CUT } what;
	int64_t height;
	int column, byte; ///< FLIP
	char text[1 << 16];
	pl_event kept;
	char type[64], facts[1 << 16], texts[1 << 12], salt[64];
	pl_event_visit visit;
	void *with;
	bool past; ///< the byte lies behind the end of the text
} liar;

enum { COLUMNS = 9 };

static bool flip(liar *l, pl_event *e)
{
	char *own[] = {e->parent, e->hash, e->facts_hash, e->texts_hash, e->signature};
	const char **borrowed[] = {&e->type, &e->facts, &e->texts, &e->salt};
	const char *from = l->column < 5 ? own[l->column] : *borrowed[l->column - 5];
	const size_t n = strlen(from);
	l->past = (size_t)l->byte >= n;
	if (l->past) return false;
	if (l->column < 5) {
		own[l->column][l->byte] ^= 1;
	} else {
		memcpy(l->text, from, n + 1);
		l->text[l->byte] ^= 1;
		*borrowed[l->column - 5] = l->text;
	}
	return true;
}

/// Keep a copy of an event that is to be shown later.
static void keep(liar *l, const pl_event *e)
{
	l->kept = *e;
	(void)snprintf(l->type, sizeof l->type, "%s", e->type);
	(void)snprintf(l->facts, sizeof l->facts, "%s", e->facts);
	(void)snprintf(l->texts, sizeof l->texts, "%s", e->texts);
	(void)snprintf(l->salt, sizeof l->salt, "%s", e->salt);
	l->kept.type = l->type;
	l->kept.facts = l->facts;
	l->kept.texts = l->texts;
	l->kept.salt = l->salt;
}

static bool show(void *with, const pl_event *e)
{
	liar *l = with;
	pl_event other = *e;
	if (e->height < l->height) return l->visit(l->with, e);
	if (l->what == CUT) return false;
	if (e->height == l->height) {
		if (l->what == LEAVE_OUT) return true;
		if (l->what == FLIP) return flip(l, &other) && l->visit(l->with, &other);
		keep(l, e);
		return l->what == SWAP || l->visit(l->with, e);
	}
	if (e->height == l->height + 1) {
		if (l->what == SWAP) return l->visit(l->with, e) && l->visit(l->with, &l->kept);
		if (l->what == REPEAT && !l->visit(l->with, &l->kept)) return false;
	}
	return l->visit(l->with, e);
}

static pl_status liar_events(pl_store *s, int64_t from, pl_event_visit visit, void *with,
                             pl_error *err)
{
	liar *l = (liar *)s;
	l->visit = visit;
	l->with = with;
	return pl_store_events(l->true_one, from, show, l, err);
}

static pl_status liar_scan(pl_store *s, int table, int n_prefix, const pl_state_row *prefix,
                           pl_row_visit visit, void *with, pl_error *err)
{
	return pl_store_scan(((liar *)s)->true_one, table, n_prefix, prefix, visit, with, err);
}

static pl_status liar_look(pl_store *s, pl_error *err)
{
	return pl_store_look(((liar *)s)->true_one, err);
}

static void liar_rollback(pl_store *s)
{
	pl_store_rollback(((liar *)s)->true_one);
}

static const pl_store_calls liar_calls = {.name = "liar",
                                          .look = liar_look,
                                          .rollback = liar_rollback,
                                          .events = liar_events,
                                          .scan = liar_scan};

/// @return the height that verifying names; 0: it found nothing
static int64_t found(liar *l, const char *head)
{
	pl_error err = {0};
	pl_findings v;
	pl_store *scratch;
	if (pl_store_memory(&scratch, &err) != PL_OK ||
	    pl_app_verify(&v, &l->store, scratch, head, &err) != PL_OK)
		end_with(&err);
	pl_store_close(scratch);
	return v.first_bad;
}

/// Every byte with PLENUM_LONG; else one in thirteen, which meets every column of every event.
static void every_byte_that_is_changed_is_found_and_its_event_named(void)
{
	static liar l = {.store = {.calls = &liar_calls}, .what = FLIP};
	const int step = getenv("PLENUM_LONG") != NULL ? 1 : 13;
	int64_t flips = 0, missed = 0;
	l.true_one = open_store("memory:");
	const int64_t facts = live(l.true_one, 5, 6, 0);
	for (l.height = 1; l.height <= facts; l.height++)
		for (l.column = 0; l.column < COLUMNS; l.column++)
			for (l.byte = 0;; l.byte += step) {
				const int64_t bad = found(&l, NULL);
				if (l.past) break;
				flips++;
				missed += bad != l.height;
			}
	printf("    %" PRId64 " bytes changed, %" PRId64 " missed\n", flips, missed);
	CHECK(missed == 0 && flips > 1000);
	pl_store_close(l.true_one);
}

static void events_dropped_swapped_repeated_and_cut_off_are_found(void)
{
	static liar l = {.store = {.calls = &liar_calls}};
	pl_findings v;
	l.true_one = open_store("memory:");
	const int64_t facts = live(l.true_one, 6, 6, 1);
	verify(&v, l.true_one, NULL);
	CHECK(v.events == facts);
	for (l.height = 1; l.height < facts; l.height++) {
		l.what = LEAVE_OUT;
		CHECK(found(&l, NULL) == l.height);
		l.what = SWAP;
		CHECK(found(&l, NULL) == l.height);
		l.what = REPEAT;
		CHECK(found(&l, NULL) == l.height + 1);
		l.what = CUT;
		CHECK(found(&l, v.head) == l.height);
	}
	pl_store_close(l.true_one);
}

/* ---- a liar who has the key ---- */

enum { EXTRA_FACT, ORDER, SPACE, SECOND_BEGIN, NO_TEXTS, EXTRA_TEXT, SALTED, OTHER_KEY };
/// Shows another's first events, and in place of the last one an event of its own, signed.
typedef struct {
	pl_store store;
	pl_store *true_one;
	int64_t last;
	pl_event forged;
	pl_event_visit visit;
	void *with;
	int lie; ///< of those above
} forger;

static void sign(pl_event *e, unsigned char first)
{
	unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
	unsigned char own[PL_KEY_SEED] = {first}, signature[crypto_sign_BYTES];
	crypto_sign_seed_keypair(public, secret, own);
	crypto_sign_detached(signature, NULL, (const unsigned char *)e->hash, PL_HASH_CHARS - 1,
	                     secret);
	sodium_bin2hex(e->signature, sizeof e->signature, signature, sizeof signature);
}

static bool forge(void *with, const pl_event *e)
{
	static const char begin[] = "{\"in\":{\"title\":\"again\",\"key\":\"%s\"},\"out\":{}}";
	static char facts[1 << 12];
	forger *f = with;
	if (e->height != f->last) return f->visit(f->with, e);
	pl_event *o = &f->forged;
	*o = *e; /* community.add */
	switch (f->lie) {
	case EXTRA_FACT:
		(void)snprintf(facts, sizeof facts, "%.*s,\"more\":1}",
		               (int)strlen(e->facts) - 1, e->facts);
		break;
	case ORDER:
		(void)snprintf(facts, sizeof facts,
		               "{\"out\":{\"community\":2},\"in\":{\"code\":\"last\",\"name\":"
		               "\"\",\"parent\":1}}");
		break;
	case SPACE:
		(void)snprintf(facts, sizeof facts, "%s ", e->facts);
		break;
	case SECOND_BEGIN:
		(void)snprintf(facts, sizeof facts, begin, e->hash);
		o->type = "record.begin";
		o->actor = 0;
		break;
	default:
		(void)snprintf(facts, sizeof facts, "%s", e->facts);
	}
	o->facts = facts;
	if (f->lie == NO_TEXTS || f->lie == EXTRA_TEXT) {
		o->texts = f->lie == NO_TEXTS ? "no JSON" : "{\"secret\":\"x\"}";
		o->salt = "00112233445566778899aabbccddeeff";
	}
	if (f->lie == SALTED) o->salt = "00";
	pl_event_seal(o, e->parent);
	sign(o, f->lie == OTHER_KEY ? 8 : seed[0]);
	return f->visit(f->with, o);
}

static pl_status forger_events(pl_store *s, int64_t from, pl_event_visit visit, void *with,
                               pl_error *err)
{
	forger *f = (forger *)s;
	f->visit = visit;
	f->with = with;
	return pl_store_events(f->true_one, from, forge, f, err);
}

static pl_status forger_scan(pl_store *s, int table, int n_prefix, const pl_state_row *prefix,
                             pl_row_visit visit, void *with, pl_error *err)
{
	return pl_store_scan(((forger *)s)->true_one, table, n_prefix, prefix, visit, with,
	                     err);
}

static pl_status forger_look(pl_store *s, pl_error *err)
{
	return pl_store_look(((forger *)s)->true_one, err);
}

static void forger_rollback(pl_store *s)
{
	pl_store_rollback(((forger *)s)->true_one);
}

static const pl_store_calls forger_calls = {.name = "forger",
                                            .look = forger_look,
                                            .rollback = forger_rollback,
                                            .events = forger_events,
                                            .scan = forger_scan};

/// What the holder of the key adds has one form, and nothing beside it.
static void what_the_key_signs_is_found_where_it_is_not_what_was_done(void)
{
	forger f = {.store = {.calls = &forger_calls}};
	pl_error err = {0};
	pl_app *app;
	play p = {0};
	f.true_one = open_store("memory:");
	if (pl_app_new(&app, f.true_one, seed, &err) != PL_OK) end_with(&err);
	play_begin(&p, app, 8, 6, 3, 2);
	(void)must(&p, 1, NULL, "community.add", "{\"code\":\"last\",\"parent\":1}");
	pl_app_free(app);
	f.last = p.facts;
	for (int lie = EXTRA_FACT; lie <= OTHER_KEY; lie++) {
		pl_findings v;
		pl_store *scratch = open_store("memory:");
		f.lie = lie;
		CHECK(pl_app_verify(&v, &f.store, scratch, NULL, &err) == PL_OK);
		if (v.first_bad != f.last) fprintf(stderr, "lie %d: %s\n", lie, v.reason);
		CHECK(v.first_bad == f.last);
		pl_store_close(scratch);
	}
	pl_store_close(f.true_one);
}

/* ---- rules ---- */

/// Append an event that says by which rules it was done, with all that belongs to one.
static void append_by_rules(pl_store *s, const char *rules)
{
	char facts[256], parent[PL_HASH_CHARS];
	pl_event e = {.actor = 1, .type = "community.add", .texts = "", .salt = ""};
	CHECK(pl_store_begin(s, NULL) == PL_OK);
	CHECK(pl_store_head(&e.height, parent, &e.time, s, NULL) == PL_OK);
	(void)snprintf(facts, sizeof facts,
	               "{\"in\":{\"code\":\"new\"},\"out\":{\"community\":2},\"rules\":%s}",
	               rules);
	e.facts = facts;
	e.height++;
	pl_event_seal(&e, parent);
	sign(&e, seed[0]);
	CHECK(pl_store_append(s, &e, NULL) == PL_OK && pl_store_commit(s, NULL) == PL_OK);
}

/// Do one thing, as the first person. @return as pl_app_do
static pl_status add_community(pl_store *s, pl_error *err)
{
	const pl_request r = {
	        .actor = 1, .op = "community.add", .json = "{\"code\":\"one\",\"parent\":1}"};
	pl_app *app;
	pl_reply reply;
	CHECK(pl_app_new(&app, s, seed, NULL) == PL_OK);
	const pl_status st = pl_app_do(&reply, app, &r, err);
	free(reply.json);
	pl_app_free(app);
	return st;
}

static void rules_that_are_not_known_are_named_and_nothing_is_done_after_them(void)
{
	static const char *const wrong[] = {"0", "-1", "\"2\"", "1"};
	pl_findings v;
	pl_error err = {0};
	pl_store *s = open_store("memory:");
	const int64_t facts = live(s, 7, 6, 0);
	CHECK(add_community(s, &err) == PL_OK);
	append_by_rules(s, "999");
	verify(&v, s, NULL);
	CHECK(v.first_bad == facts + 2 && strstr(v.reason, "use a newer one") != NULL);
	CHECK(add_community(s, &err) == PL_ECONFLICT && strstr(err.msg, "rules 999") != NULL);
	pl_store_close(s);
	for (int i = 0; i < 4; i++) {
		s = open_store("memory:");
		(void)live(s, 7, 6, 0);
		append_by_rules(s, wrong[i]);
		verify(&v, s, NULL);
		CHECK(v.first_bad == facts + 1);
		pl_store_close(s);
	}
}

/// Texts are taken out of the file, and the person was not erased.
static void texts_that_are_missing_without_a_reason_are_found(void)
{
	pl_findings v;
	pl_store *s = open_store("memory:");
	(void)live(s, 9, 6, 0);
	CHECK(pl_store_begin(s, NULL) == PL_OK);
	CHECK(pl_store_erase(s, 3, NULL) == PL_OK);
	CHECK(pl_store_commit(s, NULL) == PL_OK);
	verify(&v, s, NULL);
	CHECK(v.first_bad == 3 && strstr(v.reason, "was not erased") != NULL);
	pl_store_close(s);
}

/// Somebody with the file and no key changes the tables beside the events.
static void a_row_changed_beside_the_events_is_found(void)
{
	pl_findings v;
	pl_store *s = open_store("memory:");
	(void)live(s, 7, 6, 1);
	CHECK(pl_store_begin(s, NULL) == PL_OK);
	const pl_state_row more = {
	        {PL_WHOLE(1), PL_WHOLE(0), PL_TEXT("auditor"), PL_WHOLE(0), PL_WHOLE(1)}};
	CHECK(pl_store_insert(s, PL_ROWS_mandate, &more, NULL) == PL_OK);
	CHECK(pl_store_commit(s, NULL) == PL_OK);
	verify(&v, s, NULL);
	CHECK(v.first_bad > 0 && strstr(v.reason, "tables beside the events") != NULL);
	pl_store_close(s);
}

int main(void)
{
	const char *postgres = getenv("PLENUM_POSTGRES");
	if (postgres != NULL) {
		a_database_ends_in_the_same_state_and_verifies(postgres);
		return pl_test_failed;
	}
	char folder[] = "/tmp/plenum-history-XXXXXX";
	if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
	RUN(a_season_is_recorded_and_verifies);
	RUN(every_store_ends_in_the_same_state);
	RUN(every_byte_that_is_changed_is_found_and_its_event_named);
	RUN(events_dropped_swapped_repeated_and_cut_off_are_found);
	RUN(what_the_key_signs_is_found_where_it_is_not_what_was_done);
	RUN(rules_that_are_not_known_are_named_and_nothing_is_done_after_them);
	RUN(texts_that_are_missing_without_a_reason_are_found);
	RUN(a_row_changed_beside_the_events_is_found);
	(void)remove("history.plenum");
	if (chdir("/") != 0 || rmdir(folder) != 0) return 1;
	return pl_test_failed;
}
