/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/json.h"

#include "tests/pl_test.h"

#include <jansson.h>

static char text[4096];

static void sample(bool indent, const char *s, double x)
{
	FILE *to = fmemopen(text, sizeof text, "w");
	pl_json j = {.to = to, .indent = indent};
	pl_json_open_object(&j, NULL);
	pl_json_put_text(&j, "text", s);
	pl_json_put_number(&j, "number", x);
	pl_json_open_array(&j, "list");
	pl_json_put_whole(&j, NULL, INT64_MIN);
	pl_json_open_object(&j, NULL);
	pl_json_close_object(&j);
	pl_json_put_bool(&j, NULL, true);
	pl_json_close_array(&j);
	pl_json_put_text(&j, "nothing", NULL);
	pl_json_close_object(&j);
	fclose(to);
}

static json_t *parsed(void)
{
	json_error_t why;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &why);
	if (root == NULL) fprintf(stderr, "%s in %s\n", why.text, text);
	CHECK(root != NULL);
	return root;
}

static void any_text_comes_back_through_another_reader(void)
{
	char all[256];
	for (int c = 1; c < 128; c++) all[c - 1] = (char)c;
	memcpy(all + 127, "caf\xC3\xA9 \xF0\x9F\x8C\xBE", 11);
	for (int indent = 0; indent < 2; indent++) {
		sample(indent, all, 1);
		json_t *root = parsed();
		const char *got = json_string_value(json_object_get(root, "text"));
		CHECK(got != NULL && strcmp(got, all) == 0);
		json_decref(root);
	}
}

static void bytes_that_are_no_text_become_a_replacement_character(void)
{
	sample(false,
	       "a\xFF"
	       "b\xC3",
	       1);
	json_t *root = parsed();
	const char *got = json_string_value(json_object_get(root, "text"));
	CHECK(got != NULL && strcmp(got, "a\xEF\xBF\xBD"
	                                 "b\xEF\xBF\xBD") == 0);
	json_decref(root);
}

static void numbers_keep_their_bits_and_others_are_null(void)
{
	const double x = 0.1 + 0.2;
	sample(false, "", x);
	json_t *root = parsed();
	CHECK(json_number_value(json_object_get(root, "number")) == x);
	json_decref(root);
	sample(false, "", NAN);
	root = parsed();
	CHECK(json_is_null(json_object_get(root, "number")));
	json_decref(root);
	sample(false, "", -INFINITY);
	root = parsed();
	CHECK(json_is_null(json_object_get(root, "number")));
	json_decref(root);
}

static void one_line_or_one_value_a_line(void)
{
	sample(false, "x", 1.5);
	CHECK(strcmp(text,
	             "{\"text\":\"x\",\"number\":1.5,\"list\":[-9223372036854775808,{},true],"
	             "\"nothing\":null}\n") == 0);
	sample(true, "x", 1.5);
	CHECK(strcmp(text,
	             "{\n\t\"text\": \"x\",\n\t\"number\": 1.5,\n\t\"list\": [\n\t\t"
	             "-9223372036854775808,\n\t\t{},\n\t\ttrue\n\t],\n\t\"nothing\": null\n"
	             "}\n") == 0);
}

int main(void)
{
	RUN(any_text_comes_back_through_another_reader);
	RUN(bytes_that_are_no_text_become_a_replacement_character);
	RUN(numbers_keep_their_bits_and_others_are_null);
	RUN(one_line_or_one_value_a_line);
	return pl_test_failed;
}
