/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/route.h"
#include "tests/pl_test.h"

static void a_pattern_fits_what_it_is_written_for_and_nothing_else(void)
{
	static const struct {
		const char *pattern, *path;
		bool fits;
	} cases[] = {
	        {"/people", "/people", true},
	        {"/people", "/people/", false},
	        {"/people", "/peopl", false},
	        {"/people", "/peoples", false},
	        {"/people", "people", false},
	        {"/people", "", false},
	        {"/", "/", true},
	        {"/", "/x", false},
	        {"/people/{person}", "/people/7", true},
	        {"/people/{person}", "/people/", false},
	        {"/people/{person}", "/people/7/8", false},
	        {"/people/{person}", "/people//8", false},
	        {"/a/{b}/c", "/a/x%2Fy/c", true},
	        {"/a/{b}/c", "/a/x/y/c", false},
	        {"/a/{b}/c", "/a//c", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK(pl_route_fits(cases[i].pattern, cases[i].path) == cases[i].fits);
}

static void every_operation_is_found_at_its_address_and_no_two_share_one(void)
{
	for (int i = 0; i < PL_OPS; i++) {
		unsigned methods;
		const char *method = pl_route_method((int)pl_ops[i].method);
		/* a part in braces is text, too, so a pattern is an address of its own */
		CHECK(pl_route_op(&methods, method, pl_ops[i].path) == i);
		CHECK((methods & (1U << pl_ops[i].method)) != 0);
		CHECK(pl_route_op(&methods, "GET", pl_ops[i].path) == -1);
	}
	unsigned methods;
	CHECK(pl_route_op(&methods, "POST", "/nothing") == -1 && methods == 0);
}

/// The decoded k-th part, "" where there is none or it is refused.
static char *part(const char *pattern, const char *path, int k)
{
	static char kept[64];
	char name[32], *text;
	kept[0] = '\0';
	if (pl_route_part(&text, name, sizeof name, pattern, path, k, NULL) == PL_OK &&
	    text != NULL)
		(void)snprintf(kept, sizeof kept, "%s=%s", name, text);
	free(text);
	return kept;
}

static void parts_are_decoded_each_by_itself(void)
{
	const char *two = "/councils/{council}/members/{person}";
	CHECK(strcmp(part(two, "/councils/3/members/7", 0), "council=3") == 0);
	CHECK(strcmp(part(two, "/councils/3/members/7", 1), "person=7") == 0);
	CHECK(strcmp(part(two, "/councils/3/members/7", 2), "") == 0);
	CHECK(strcmp(part("/g/{code}", "/g/a%2Fb%25%c3%A9+", 0), "code=a/b%\xc3\xa9+") == 0);
	static const char *const wrong[] = {"/g/%",   "/g/%1",  "/g/%1g", "/g/%00",
	                                    "/g/%ff", "/g/a%0", "/g/%c3", "/g/%%31"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		CHECK(strcmp(part("/g/{code}", wrong[i], 0), "") == 0);
}

/// The fields of a request as text, or the failure.
static pl_status fields(char out[256], const char *op, const char *path, const char *body)
{
	char *text;
	const pl_status st =
	        pl_route_fields(&text, pl_op_of(op), path, body, (int64_t)strlen(body), NULL);
	(void)snprintf(out, 256, "%s", text == NULL ? "" : text);
	CHECK((st == PL_OK) == (text != NULL));
	free(text);
	return st;
}

static void address_and_body_together_are_the_fields(void)
{
	char got[256];
	CHECK(fields(got, "person.rename", "/people/7", "{\"name\":\"Z\"}") == PL_OK);
	CHECK(strcmp(got, "{\"name\":\"Z\",\"person\":7}") == 0);
	CHECK(fields(got, "person.erase", "/people/7", "") == PL_OK);
	CHECK(strcmp(got, "{\"person\":7}") == 0);
	CHECK(fields(got, "good.set", "/goods/7", "{}") == PL_OK);
	CHECK(strcmp(got, "{\"code\":\"7\"}") == 0); /* a text, by its kind */
}

static void what_is_said_twice_or_is_no_number_is_refused(void)
{
	char got[256];
	CHECK(fields(got, "person.erase", "/people/7", "{\"person\":7}") == PL_EARG);
	static const char *const wrong[] = {"/people/x",
	                                    "/people/-7",
	                                    "/people/7x",
	                                    "/people/%37%",
	                                    "/people/+7",
	                                    "/people/7.0",
	                                    "/people/99999999999999999"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		CHECK(fields(got, "person.erase", wrong[i], "") == PL_EARG);
	CHECK(fields(got, "person.erase", "/people/%37", "") == PL_OK);
	CHECK(fields(got, "person.erase", "/people/7", "[]") == PL_EARG);
	CHECK(fields(got, "person.erase", "/people/7", "{") == PL_EPARSE);
	CHECK(fields(got, "person.erase", "/people/7", "{\"a\":1,\"a\":2}") == PL_EPARSE);
}

/// JSON with lists in one another, @p depth of them, within an object.
static pl_status nested(int depth)
{
	char body[2 * PL_ROUTE_DEPTH + 32] = "{\"a[{\\\"\":";
	size_t n = strlen(body);
	json_t *object;
	for (int i = 0; i < depth; i++) body[n++] = '[';
	for (int i = 0; i < depth; i++) body[n++] = ']';
	body[n++] = '}';
	const pl_status st = pl_route_object(&object, body, (int64_t)n, NULL);
	json_decref(object);
	return st;
}

static void json_stands_at_most_so_deep_and_brackets_in_texts_do_not_count(void)
{
	CHECK(nested(PL_ROUTE_DEPTH - 1) == PL_OK);
	CHECK(nested(PL_ROUTE_DEPTH) == PL_EARG);
}

int main(void)
{
	RUN(a_pattern_fits_what_it_is_written_for_and_nothing_else);
	RUN(every_operation_is_found_at_its_address_and_no_two_share_one);
	RUN(parts_are_decoded_each_by_itself);
	RUN(address_and_body_together_are_the_fields);
	RUN(what_is_said_twice_or_is_no_number_is_refused);
	RUN(json_stands_at_most_so_deep_and_brackets_in_texts_do_not_count);
	return pl_test_failed;
}
