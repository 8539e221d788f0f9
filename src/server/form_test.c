/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/form.h"

#include "base/alloc.h"
#include "tests/pl_test.h"

#include <string.h>

static bool has(const pl_form *f, const char *name, const char *value)
{
	return strcmp(pl_form_text(f, name), value) == 0;
}

static void fields_are_decoded(void)
{
	pl_form f;
	CHECK(pl_form_read(&f, "a=1&b+c=%C3%89t%c3%a9+%26%3D&empty=&bare&a=2", NULL) == PL_OK);
	CHECK(f.n == 5);
	CHECK(has(&f, "a", "1"));
	CHECK(has(&f, "b c", "\xc3\x89t\xc3\xa9 &="));
	CHECK(has(&f, "empty", ""));
	CHECK(pl_form_find(&f, "empty") != NULL);
	CHECK(pl_form_find(&f, "bare") != NULL);
	CHECK(pl_form_find(&f, "none") == NULL);
	CHECK(has(&f, "none", ""));
	pl_form_clear(&f);
}

static void line_ends_are_one_line_feed(void)
{
	pl_form f;
	CHECK(pl_form_read(&f, "t=one%0D%0Atwo", NULL) == PL_OK);
	CHECK(has(&f, "t", "one\ntwo"));
	pl_form_clear(&f);
}

static void an_empty_form_has_no_fields(void)
{
	pl_form f;
	CHECK(pl_form_read(&f, "", NULL) == PL_OK);
	CHECK(f.n == 0);
	pl_form_clear(&f);
}

static void what_is_no_text_is_refused(void)
{
	static const char *const wrong[] = {"a=%",   "a=%4",  "a=%zz",     "a=%00",
	                                    "a=%ff", "%C3=1", "a=1&b=%G0", "a=%ED%A0%80"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		pl_form f;
		pl_error err;
		CHECK(pl_form_read(&f, wrong[i], &err) == PL_EARG);
		CHECK(f.n == 0 && f.text == NULL);
	}
}

static void numbers_are_digits_alone(void)
{
	pl_form f;
	CHECK(pl_form_read(&f, "a=42&b=-1&c=4x&d=&e=9999999999999999&f=0", NULL) == PL_OK);
	CHECK(pl_form_whole(&f, "a") == 42);
	CHECK(pl_form_whole(&f, "f") == 0);
	CHECK(pl_form_whole(&f, "b") == -1);
	CHECK(pl_form_whole(&f, "c") == -1);
	CHECK(pl_form_whole(&f, "d") == -1);
	CHECK(pl_form_whole(&f, "e") == -1);
	CHECK(pl_form_whole(&f, "none") == -1);
	pl_form_clear(&f);
}

static void too_many_fields_are_refused(void)
{
	static char body[2 * PL_FORM_MOST + 8];
	pl_form f;
	memset(body, '&', sizeof body - 1);
	CHECK(pl_form_read(&f, body, NULL) == PL_EARG);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	for (int64_t granted = 0; granted < 3; granted++) {
		pl_form f;
		const int64_t alive = pl_alloc_alive;
		pl_alloc_grants = granted;
		CHECK(pl_form_read(&f, "a=1&b=2", NULL) == PL_ENOMEM);
		pl_alloc_grants = -1;
		CHECK(pl_alloc_alive == alive);
	}
}
#endif

int main(void)
{
	RUN(fields_are_decoded);
	RUN(line_ends_are_one_line_feed);
	RUN(an_empty_form_has_no_fields);
	RUN(what_is_no_text_is_refused);
	RUN(numbers_are_digits_alone);
	RUN(too_many_fields_are_refused);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
