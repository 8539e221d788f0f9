/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo_season.h"

#include "app/look.h"
#include "store/store.h"
#include "tests/pl_test.h"

#include <jansson.h>

static json_t *see(pl_store *s, int64_t actor, const char *path)
{
	const pl_look look = {.actor = actor, .now = 1800000001, .path = path};
	pl_error err = {0};
	char *text;
	CHECK(pl_app_look(&text, s, &look, &err) == PL_OK);
	json_t *json = json_loads(text, 0, NULL);
	free(text);
	return json;
}

static double worst_of(pl_store *s, const char *path)
{
	json_t *round = see(s, 1, path), *row;
	size_t i;
	double worst = 0;
	json_array_foreach(json_object_get(round, "balance"), i, row)
	{
		const double x =
		        strtod(json_string_value(json_object_get(row, "imbalance")), NULL);
		if (x > worst) worst = x;
	}
	json_decref(round);
	return worst;
}

static void the_valley_has_planned_for_three_weeks_and_everything_can_be_done_again(void)
{
	static const unsigned char seed[PL_KEY_SEED] = {1};
	pl_error err = {0};
	pl_store *s = NULL, *scratch = NULL;
	pl_app *a;
	pl_demo_people people;
	pl_findings found;
	CHECK(pl_store_memory(&s, &err) == PL_OK && pl_store_memory(&scratch, &err) == PL_OK);
	CHECK(pl_app_new(&a, s, seed, &err) == PL_OK);
	const pl_status st = pl_demo_season(&people, a, s, 1800000000, &err);
	if (st != PL_OK) fprintf(stderr, "%s\n", err.msg);
	CHECK(st == PL_OK);
	CHECK(pl_app_verify(&found, s, scratch, NULL, &err) == PL_OK && found.first_bad == 0);
	json_t *worker = see(s, people.worker, "/needs"),
	       *neighbour = see(s, people.neighbour, "/needs");
	CHECK(json_array_size(json_object_get(worker, "needs")) == 1);
	CHECK(json_array_size(json_object_get(neighbour, "needs")) == 1);
	json_decref(worker);
	json_decref(neighbour);
	CHECK(worst_of(s, "/seasons/1/rounds/3") < 0.2 * worst_of(s, "/seasons/1/rounds/1"));
	pl_app_free(a);
	pl_store_close(s);
	pl_store_close(scratch);
}

int main(void)
{
	RUN(the_valley_has_planned_for_three_weeks_and_everything_can_be_done_again);
	return pl_test_failed;
}
