/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/fields.h"

#include "tests/pl_test.h"

/// Read a request of an operation. @return as pl_fields_read
static pl_status ask(pl_fields *f, const char *op, const char *text, pl_error *err)
{
	json_t *request = json_loads(text, 0, NULL);
	CHECK(request != NULL);
	const pl_status st = pl_fields_read(f, pl_op_of(op), request, err);
	json_decref(request);
	return st;
}

static bool refuses(const char *op, const char *text, const char *words)
{
	pl_fields f;
	pl_error err = {0};
	const pl_status st = ask(&f, op, text, &err);
	const bool right = st == PL_EARG && strstr(err.msg, words) != NULL && f.object == NULL;
	if (!right)
		fprintf(stderr, "%s %s: \"%s\" should say \"%s\"\n", op, text, err.msg, words);
	pl_fields_clear(&f);
	return right;
}

static void every_operation_has_a_name_and_knows_its_fields(void)
{
	for (int op = 0; op < PL_OPS; op++) {
		CHECK(pl_op_of(pl_ops[op].name) == op);
		CHECK(pl_ops[op].first < pl_ops[op].after && pl_ops[op].help[0] != '\0');
		CHECK(op == 0 || pl_ops[op].first == pl_ops[op - 1].after);
	}
	CHECK(pl_op_of("person.fly") < 0);
}

/// What is recorded does not depend on how the request was written.
static void the_same_request_gives_the_same_bytes(void)
{
	static const char *const written[] = {
	        "{\"code\":\"bread\",\"kind\":\"product\",\"step\":\"0.001\",\"price\":\"3\"}",
	        "{ \"price\" : \"3\", \"step\": \"0.001\", \"kind\":\"pr\\u006fduct\", "
	        "\"unit\":null, "
	        "\"code\":\"bread\", \"supply\": 0}"};
	char *bytes[2];
	for (int i = 0; i < 2; i++) {
		pl_fields f;
		CHECK(ask(&f, "good.set", written[i], NULL) == PL_OK);
		json_t *facts = pl_fields_facts(&f);
		bytes[i] = pl_json_text(facts);
		json_decref(facts);
		pl_fields_clear(&f);
	}
	CHECK(strcmp(bytes[0], bytes[1]) == 0);
	free(bytes[0]);
	free(bytes[1]);
}

static void texts_about_people_are_apart_from_the_facts_and_ballots_in_neither(void)
{
	pl_fields person, ballot;
	CHECK(ask(&person, "person.add", "{\"name\":\"Ada\"}", NULL) == PL_OK);
	CHECK(ask(&ballot, "vote.cast", "{\"vote\":1,\"marks\":\"1=yes\"}", NULL) == PL_OK);
	json_t *facts = pl_fields_facts(&person), *texts = pl_fields_texts(&person);
	json_t *cast = pl_fields_facts(&ballot), *none = pl_fields_texts(&ballot);
	CHECK(json_object_size(facts) == 0 && json_object_size(texts) == 1);
	CHECK(json_object_size(cast) == 1 && json_object_size(none) == 0);
	CHECK(strcmp(pl_fields_text(&ballot, PL_F_vote_cast_marks), "1=yes") == 0);
	json_decref(facts);
	json_decref(texts);
	json_decref(cast);
	json_decref(none);
	pl_fields_clear(&person);
	pl_fields_clear(&ballot);
}

static void what_is_wrong_is_named(void)
{
	CHECK(refuses("person.add", "[]", "object"));
	CHECK(refuses("community.add", "{}", "\"code\" is missing"));
	CHECK(refuses("community.add", "{\"code\":7}", "\"code\" is a text"));
	CHECK(refuses("community.add", "{\"code\":\"a\",\"parent\":-1}",
	              "\"parent\" is a whole number"));
	CHECK(refuses("community.add", "{\"code\":\"a\",\"parent\":1.0}",
	              "\"parent\" is a whole number"));
	CHECK(refuses("community.add", "{\"code\":\"a\",\"colour\":\"red\"}",
	              "no field \"colour\""));
	CHECK(refuses("council.add", "{\"code\":\"a\",\"kind\":\"work\"}",
	              "workers|consumers"));
	CHECK(refuses("council.add", "{\"code\":\"a\",\"kind\":\"workers|consumers\"}",
	              "it is one of"));
	CHECK(refuses("council.add", "{\"code\":\"a\",\"kind\":\"\"}", "\"kind\" has"));
	CHECK(refuses("season.open", "{\"name\":\"s\",\"rule\":\"book\",\"tolerance\":\"nan\"}",
	              "no decimal number"));
	CHECK(refuses("schedule.set", "{\"council\":1,\"schedule\":\"request\"}",
	              "\"lines\" is a list"));
	CHECK(refuses("schedule.set", "{\"council\":1,\"schedule\":\"request\",\"lines\":[7]}",
	              "list of objects"));
	CHECK(refuses(
	        "schedule.set",
	        "{\"council\":1,\"schedule\":\"request\",\"lines\":[{\"good\":1,\"gold\":2}]}",
	        "no field \"gold\""));
	CHECK(refuses("vote.close", "{\"vote\":1,\"ballots\":[]}", "filled in by the record"));
	CHECK(refuses("community.add", "{\"code\":\"\"}", "1 to 200 bytes"));
}

static void names_are_one_line_and_reasons_may_have_more(void)
{
	pl_fields f;
	CHECK(refuses("community.add", "{\"code\":\"a\\r\\nb\"}",
	              "\"code\" holds a control character (its byte 2)"));
	CHECK(refuses("person.add", "{\"name\":\"Ada\\u0085\"}", "\"name\" holds a control"));
	CHECK(ask(&f, "objection.file",
	          "{\"season\":1,\"council\":1,\"reason\":\"one\\n\\ttwo\"}", NULL) == PL_OK);
	pl_fields_clear(&f);
}

static void rows_are_read_by_column(void)
{
	pl_fields f;
	CHECK(ask(&f, "schedule.set",
	          "{\"council\":3,\"schedule\":\"recipe\",\"lines\":[{\"role\":\"makes\","
	          "\"good\":2,"
	          "\"amount\":\"1\"},{\"good\":5,\"role\":\"uses\",\"amount\":\"0.25\"}]}",
	          NULL) == PL_OK);
	CHECK(pl_fields_whole(&f, PL_F_schedule_set_council) == 3);
	CHECK(pl_fields_rows(&f, PL_F_schedule_set_numbers) == 0);
	CHECK(pl_fields_rows(&f, PL_F_schedule_set_lines) == 2);
	CHECK(pl_fields_row_whole(&f, PL_F_schedule_set_lines__good, 1) == 5);
	CHECK(strcmp(pl_fields_row_text(&f, PL_F_schedule_set_lines__role, 0), "makes") == 0);
	CHECK(strcmp(pl_fields_row_text(&f, PL_F_schedule_set_lines__elasticity, 0), "") == 0);
	pl_fields_clear(&f);
}

/// So that an event of today reads the same when its operation has more fields tomorrow.
static void what_may_be_given_and_is_not_leaves_no_mark(void)
{
	pl_fields f;
	CHECK(ask(&f, "schedule.set",
	          "{\"council\":3,\"schedule\":\"request\",\"income\":0,\"numbers\":[],"
	          "\"lines\":[{\"good\":2,\"role\":\"wants\",\"amount\":\"1\",\"elasticity\":"
	          "\"\"}]}",
	          NULL) == PL_OK);
	json_t *facts = pl_fields_facts(&f);
	char *bytes = pl_json_text(facts);
	CHECK(strcmp(bytes,
	             "{\"council\":3,\"schedule\":\"request\",\"lines\":[{\"good\":2,\"role\":"
	             "\"wants\",\"amount\":\"1\"}]}") == 0);
	pl_fields again;
	CHECK(pl_fields_recall(&again, f.op, facts, NULL, NULL) == PL_OK);
	CHECK(json_equal(again.object, f.object));
	free(bytes);
	json_decref(facts);
	pl_fields_clear(&f);
	pl_fields_clear(&again);
}

int main(void)
{
	RUN(every_operation_has_a_name_and_knows_its_fields);
	RUN(the_same_request_gives_the_same_bytes);
	RUN(texts_about_people_are_apart_from_the_facts_and_ballots_in_neither);
	RUN(what_is_wrong_is_named);
	RUN(names_are_one_line_and_reasons_may_have_more);
	RUN(rows_are_read_by_column);
	RUN(what_may_be_given_and_is_not_leaves_no_mark);
	return pl_test_failed;
}
