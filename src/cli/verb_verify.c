/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_verify.c - plenum verify: a record, checked from its first event. */
#include "app/app.h"
#include "base/error.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "io/json.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>

static void print_json(const pl_findings *v)
{
	pl_json j = {.to = stdout};
	pl_json_open_object(&j, NULL);
	pl_json_put_bool(&j, "intact", v->first_bad == 0);
	pl_json_put_whole(&j, "events", v->events);
	pl_json_put_whole(&j, "erased", v->erased);
	if (v->first_bad > 0) {
		pl_json_put_whole(&j, "first_bad", v->first_bad);
		pl_json_put_text(&j, "reason", v->reason);
	}
	pl_json_put_bool(&j, "tables_compared", !v->apart);
	pl_json_put_text(&j, "head", v->head);
	pl_json_put_text(&j, "state", v->state);
	pl_json_put_text(&j, "version", PL_VERSION);
	pl_json_close_object(&j);
}

static void print_words(const char *file, const pl_findings *v)
{
	char events[48];
	const bool colour = pl_term_colour(stdout);
	(void)pl_tell_count(events, v->events, "event", "events");
	if (v->first_bad > 0) {
		pl_term_print(stdout, colour, PL_BAD, "not intact");
		printf("  %s: %s.\n", file, v->reason);
		printf("The first %s are as they were recorded.\n", events);
		return;
	}
	pl_term_print(stdout, colour, PL_GOOD, "intact");
	printf("  %s: %s, every hash and signature, and everything done again with the same "
	       "result.\n",
	       file, events);
	if (v->erased > 0)
		printf("The texts of %s were erased, as the people they are about asked.\n",
		       pl_tell_count(events, v->erased, "event", "events"));
	if (v->apart)
		printf("The tables beside the events are of an older version, and were not "
		       "compared with them:\nplenum doctor --migrate %s makes them anew.\n",
		       file);
	printf("head   %s\nWrite the head down: with --head it shows later whether anything "
	       "was cut off.\n",
	       v->head);
}

static pl_status check_head(const char *head, pl_error *err)
{
	if (head == NULL || (strlen(head) == PL_HASH_CHARS - 1 &&
	                     head[strspn(head, "0123456789abcdef")] == '\0'))
		return PL_OK;
	return pl_fail(err, PL_EARG, -1, "--head: a hash has 64 of the digits 0-9 and a-f");
}

int pl_verb_verify(const pl_args *a)
{
	const char *head = pl_args_text(a, PL_O_head);
	pl_store *store = NULL, *scratch = NULL;
	pl_findings v;
	pl_error err;
	pl_status st = check_head(head, &err);
	if (st == PL_OK) st = pl_store_open(&store, a->arg[0], false, &err);
	if (st == PL_OK) st = pl_store_memory(&scratch, &err);
	if (st == PL_OK) st = pl_app_verify(&v, store, scratch, head, &err);
	pl_store_close(scratch);
	pl_store_close(store);
	if (st != PL_OK) return pl_tell_error(a, &err);
	if (pl_args_has(a, PL_O_json))
		print_json(&v);
	else if (!pl_args_has(a, PL_O_quiet))
		print_words(a->arg[0], &v);
	return v.first_bad == 0 ? PL_EXIT_GOOD : PL_EXIT_NOT;
}
