/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/door.h"

#include "app/app.h"
#include "base/alloc.h"
#include "base/random.h"
#include "store/store.h"
#include "tests/pl_test.h"

enum { NOW = 1800000000, LONG = 1000, FORGED = 100000 };

static pl_store *s;
static char code[PL_CODE_CHARS], token[PL_TOKEN_CHARS];

/// A record in memory with persons 1 and 2.
static void begin(void)
{
	static const unsigned char seed[PL_KEY_SEED] = {7};
	char key[PL_HASH_CHARS], fields[256];
	pl_app *app;
	pl_reply reply;
	CHECK(pl_store_memory(&s, NULL) == PL_OK);
	CHECK(pl_app_new(&app, s, seed, NULL) == PL_OK);
	pl_app_key(key, app);
	(void)snprintf(fields, sizeof fields, "{\"title\":\"t\",\"key\":\"%s\"}", key);
	pl_request r = {.time = NOW, .op = "record.begin", .json = fields};
	CHECK(pl_app_do(&reply, app, &r, NULL) == PL_OK);
	free(reply.json);
	r = (pl_request){.actor = 1, .time = NOW, .op = "person.add", .json = "{}"};
	CHECK(pl_app_do(&reply, app, &r, NULL) == PL_OK);
	free(reply.json);
	pl_app_free(app);
	CHECK(pl_store_begin(s, NULL) == PL_OK);
}

static void end(void)
{
	pl_store_rollback(s);
	pl_store_close(s);
}

static pl_status enter(const char *typed, int64_t now)
{
	pl_door_stay stay = {.now = now, .until = now + LONG, .name = ""};
	return pl_door_enter(token, &stay, s, typed, NULL);
}

static int64_t who(const char *asked, int64_t now)
{
	pl_caller c;
	CHECK(pl_door_who(&c, s, asked, now, NULL) == PL_OK);
	CHECK((c.person > 0) == (c.session[0] != '\0'));
	return c.person;
}

static void codes_are_drawn_anew_and_of_32_letters(void)
{
	char one[PL_CODE_CHARS], other[PL_CODE_CHARS];
	pl_door_draw_code(one);
	pl_door_draw_code(other);
	CHECK(strcmp(one, other) != 0);
	CHECK(strspn(one, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == PL_CODE_CHARS - 1);
	CHECK(strlen(one) == PL_CODE_CHARS - 1);
}

static void a_code_is_good_once_and_until_its_last_second(void)
{
	begin();
	CHECK(pl_door_invite(code, s, 2, NOW + LONG, false, NULL) == PL_OK);
	CHECK(enter(code, NOW + LONG + 1) == PL_EDENIED);
	CHECK(enter(code, NOW + LONG) == PL_OK);
	CHECK(who(token, NOW) == 2);
	CHECK(enter(code, NOW) == PL_EDENIED);
	CHECK(pl_door_invite(code, s, 3, NOW + LONG, false, NULL) == PL_ENOTFOUND);
	end();
}

static void a_session_is_its_person_s_until_its_last_second(void)
{
	begin();
	CHECK(pl_door_invite(code, s, 2, NOW, false, NULL) == PL_OK);
	CHECK(enter(code, NOW) == PL_OK);
	CHECK(who(token, NOW + LONG) == 2);
	CHECK(who(token, NOW + LONG + 1) == 0);
	CHECK(pl_door_end(s, 1, "", NULL) == PL_OK);
	CHECK(who(token, NOW) == 2);
	CHECK(pl_door_end(s, 2, "", NULL) == PL_OK);
	CHECK(who(token, NOW) == 0);
	end();
}

/// Change one letter to another of the same alphabet.
static void spoil(char *text, const char *alphabet, pl_random *draw)
{
	const size_t at = (size_t)pl_random_below(draw, strlen(text)), n = strlen(alphabet);
	const size_t now = (size_t)(strchr(alphabet, text[at]) - alphabet);
	text[at] = alphabet[(now + 1 + (size_t)pl_random_below(draw, n - 1)) % n];
}

static void of_a_hundred_thousand_forged_tokens_and_codes_none_is_good(void)
{
	pl_random draw = pl_random_new(7, 0);
	int64_t good = 0;
	begin();
	CHECK(pl_door_invite(code, s, 2, NOW + LONG, false, NULL) == PL_OK);
	CHECK(enter(code, NOW) == PL_OK);
	CHECK(pl_door_invite(code, s, 2, NOW + LONG, false, NULL) == PL_OK);
	for (int i = 0; i < FORGED; i++) {
		char forged[PL_TOKEN_CHARS], typed[PL_CODE_CHARS], made[PL_TOKEN_CHARS];
		pl_door_stay stay = {.now = NOW, .until = NOW + LONG, .name = ""};
		(void)snprintf(forged, sizeof forged, "%s", token);
		(void)snprintf(typed, sizeof typed, "%s", code);
		spoil(forged, "0123456789abcdef", &draw);
		spoil(typed, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", &draw);
		good += who(forged, NOW) != 0;
		good += pl_door_enter(made, &stay, s, typed, NULL) != PL_EDENIED;
	}
	CHECK(good == 0);
	CHECK(who(token, NOW) == 2);
	CHECK(enter(code, NOW) == PL_OK);
	end();
}

static void whoever_comes_back_after_a_loss_ends_what_there_was(void)
{
	char earlier[PL_TOKEN_CHARS], other[PL_CODE_CHARS],
	        codes[PL_RECOVERY_CODES][PL_CODE_CHARS], hash[PL_DOOR_HASH_CHARS];
	begin();
	CHECK(pl_door_invite(code, s, 2, NOW + LONG, false, NULL) == PL_OK);
	CHECK(enter(code, NOW) == PL_OK);
	(void)snprintf(earlier, sizeof earlier, "%s", token);
	CHECK(pl_door_recovery(codes, s, 2, NULL) == PL_OK);
	CHECK(pl_door_set_password(s, 2, "a hash", NULL) == PL_OK);
	CHECK(pl_door_invite(other, s, 2, NOW + LONG, false, NULL) == PL_OK);
	CHECK(pl_door_invite(code, s, 2, NOW + LONG, true, NULL) == PL_OK);
	CHECK(who(earlier, NOW) == 2);
	CHECK(enter(code, NOW) == PL_OK);
	CHECK(who(token, NOW) == 2 && who(earlier, NOW) == 0);
	CHECK(enter(codes[0], NOW) == PL_EDENIED && enter(other, NOW) == PL_EDENIED);
	CHECK(pl_door_password(hash, s, 2, NULL) == PL_OK && hash[0] == '\0');
	end();
}

static void a_login_is_lost_when_two_people_say_so_within_a_day(void)
{
	enum { DAY = 86400 };
	bool agreed;
	begin();
	CHECK(pl_door_lost(&agreed, s, 2, 1, NOW, NULL) == PL_OK && !agreed);
	CHECK(pl_door_lost(&agreed, s, 2, 1, NOW + 1, NULL) == PL_OK && !agreed);
	CHECK(pl_door_lost(&agreed, s, 2, 5, NOW + DAY + 1, NULL) == PL_OK && !agreed);
	CHECK(pl_door_lost(&agreed, s, 2, 1, NOW + DAY + 2, NULL) == PL_OK && agreed);
	CHECK(pl_door_lost(&agreed, s, 2, 5, NOW + DAY + 3, NULL) == PL_OK && !agreed);
	end();
}

static void who_has_many_sessions_loses_the_one_that_ends_first(void)
{
	char first[PL_TOKEN_CHARS], made[PL_TOKEN_CHARS];
	begin();
	for (int i = 0; i < 60; i++) {
		const pl_door_stay stay = {
		        .person = 2, .now = NOW, .until = NOW + i, .name = "x"};
		CHECK(pl_door_open(i == 0 ? first : made, &stay, s, NULL) == PL_OK);
	}
	CHECK(who(first, NOW) == 0 && who(made, NOW) == 2);
	end();
}

static void nothing_of_who_was_forgotten_is_left(void)
{
	char codes[PL_RECOVERY_CODES][PL_CODE_CHARS];
	bool was, agreed;
	begin();
	CHECK(pl_door_invite(code, s, 2, NOW + LONG, false, NULL) == PL_OK);
	CHECK(enter(code, NOW) == PL_OK);
	CHECK(pl_door_recovery(codes, s, 2, NULL) == PL_OK);
	CHECK(pl_door_set_password(s, 2, "a hash", NULL) == PL_OK);
	CHECK(pl_door_lost(&agreed, s, 2, 1, NOW, NULL) == PL_OK);
	CHECK(pl_door_forget(s, 2, NULL) == PL_OK);
	CHECK(who(token, NOW) == 0 && enter(codes[0], NOW) == PL_EDENIED);
	CHECK(pl_door_was_in(&was, s, 2, NULL) == PL_OK && !was);
	end();
}

static void a_password_is_itself_and_no_other(void)
{
	char hash[PL_DOOR_HASH_CHARS], again[PL_DOOR_HASH_CHARS];
	CHECK(pl_door_hash_password(hash, "too short", NULL) == PL_EARG);
	CHECK(pl_door_hash_password(hash, "correct horse", NULL) == PL_OK);
	CHECK(pl_door_hash_password(again, "correct horse", NULL) == PL_OK);
	CHECK(strcmp(hash, again) != 0); /* each has a salt of its own */
	CHECK(pl_door_is_password(hash, "correct horse"));
	CHECK(!pl_door_is_password(hash, "correct horsf"));
	CHECK(!pl_door_is_password(hash, ""));
	CHECK(!pl_door_is_password("", "correct horse"));
	CHECK(!pl_door_is_password("no hash", "correct horse"));
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	begin();
	pl_store_rollback(s);
	for (int64_t grants = 0;; grants++) {
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		CHECK(pl_door_invite(code, s, 2, NOW + LONG, true, NULL) == PL_OK);
		const int64_t alive = pl_alloc_alive;
		pl_alloc_grants = grants;
		const pl_status st = enter(code, NOW);
		pl_alloc_grants = -1;
		if (st == PL_OK) break;
		CHECK(st == PL_ENOMEM);
		pl_store_rollback(s);
		CHECK(pl_alloc_alive <= alive);
		CHECK(enter(code, NOW) == PL_EDENIED); /* it was never invited */
	}
	end();
#endif
}

int main(void)
{
	RUN(codes_are_drawn_anew_and_of_32_letters);
	RUN(a_code_is_good_once_and_until_its_last_second);
	RUN(a_session_is_its_person_s_until_its_last_second);
	RUN(of_a_hundred_thousand_forged_tokens_and_codes_none_is_good);
	RUN(whoever_comes_back_after_a_loss_ends_what_there_was);
	RUN(a_login_is_lost_when_two_people_say_so_within_a_day);
	RUN(who_has_many_sessions_loses_the_one_that_ends_first);
	RUN(nothing_of_who_was_forgotten_is_left);
	RUN(a_password_is_itself_and_no_other);
	RUN(every_allocation_may_fail);
	return pl_test_failed;
}
