/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/event.h"

#include "tests/pl_test.h"

static pl_event sealed(const char *parent, const char *facts, const char *texts,
                       const char *salt)
{
	pl_event e = {.height = 2,
	              .time = 1800000000,
	              .actor = 7,
	              .type = "person.add",
	              .facts = facts,
	              .texts = texts,
	              .salt = salt};
	pl_event_seal(&e, parent);
	return e;
}

static const char some[] = "00000000000000000000000000000000000000000000000000000000000000ff";

/// Worked out with sha256sum over the eight lines that event.h states.
static void the_hash_is_that_of_the_eight_lines(void)
{
	const pl_event e = sealed(some, "{\"in\":{},\"out\":{\"person\":7}}",
	                          "{\"name\":\"Ada\"}", "000102030405060708090a0b0c0d0e0f");
	CHECK(strcmp(e.facts_hash,
	             "339585c9bd41a17fc30da13d22648d39a8a99cfa4c33777bcceefbd7583a1ebe") == 0);
	CHECK(strcmp(e.texts_hash,
	             "9155eb7170d1572f8f073b21be2a350e89b307519d604bf362d36fc7abc5c14b") == 0);
	CHECK(strcmp(e.hash,
	             "d43b880556b729f20f8c17b5cc9a8301b43e59cb2f851b04b8e3cdf1b76184d5") == 0);
}

static void the_first_event_has_a_parent_of_zeros_and_no_texts_hash_to_zeros(void)
{
	const pl_event e = sealed(NULL, "{}", "", "");
	CHECK(strspn(e.parent, "0") == PL_HASH_CHARS - 1);
	CHECK(strspn(e.texts_hash, "0") == PL_HASH_CHARS - 1);
	CHECK(pl_event_check(&e, NULL, 0, NULL) == PL_OK);
}

static void it_follows_its_parent_and_no_later_time(void)
{
	pl_error err = {0};
	const pl_event e = sealed(some, "{}", "", "");
	CHECK(pl_event_check(&e, some, 1800000000, NULL) == PL_OK);
	CHECK(pl_event_check(&e, NULL, 0, &err) == PL_EARG && err.where == 2);
	CHECK(pl_event_check(&e, some, 1800000001, &err) == PL_EARG);
	CHECK(strstr(err.msg, "event 2 is dated before") != NULL);
}

static void erased_texts_are_no_fault_and_missing_ones_are(void)
{
	pl_error err = {0};
	pl_event e = sealed(some, "{}", "{\"name\":\"Ada\"}", "00");
	e.texts = e.salt = NULL;
	CHECK(pl_event_check(&e, some, 0, NULL) == PL_OK);
	e.texts = "";
	CHECK(pl_event_check(&e, some, 0, &err) == PL_EARG && strstr(err.msg, "lacks") != NULL);
}

/// Two people of the same name do not have the same hash: nobody can look a name up.
static void the_salt_hides_what_the_texts_say(void)
{
	const pl_event a = sealed(some, "{}", "{\"name\":\"Ada\"}", "00");
	const pl_event b = sealed(some, "{}", "{\"name\":\"Ada\"}", "01");
	CHECK(strcmp(a.texts_hash, b.texts_hash) != 0);
}

int main(void)
{
	RUN(the_hash_is_that_of_the_eight_lines);
	RUN(the_first_event_has_a_parent_of_zeros_and_no_texts_hash_to_zeros);
	RUN(it_follows_its_parent_and_no_later_time);
	RUN(erased_texts_are_no_fault_and_missing_ones_are);
	RUN(the_salt_hides_what_the_texts_say);
	return pl_test_failed;
}
