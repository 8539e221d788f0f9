/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_doctor.c - plenum doctor: how a record is, on one screen. */
#include "cli/carry.h"
#include "cli/doctor.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "io/json.h"
#include "store/store.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { COLUMNS = 80, WHAT = 15, MARK = 11 };

void pl_doctor_say(pl_diagnosis *d, const char *what, bool good, const char *fmt, ...)
{
	va_list ap;
	if (d->n == PL_FINDINGS_MOST) return;
	pl_finding *f = &d->at[d->n++];
	f->what = what;
	f->good = good;
	va_start(ap, fmt);
	(void)vsnprintf(f->said, sizeof f->said, fmt, ap);
	va_end(ap);
}

const char *pl_doctor_day(char out[PL_DAY_CHARS], int64_t time)
{
	const time_t t = (time_t)time;
	struct tm day;
	if (gmtime_r(&t, &day) == NULL || strftime(out, PL_DAY_CHARS, "%Y-%m-%d", &day) == 0)
		(void)snprintf(out, PL_DAY_CHARS, "?");
	return out;
}

static int n_bad(const pl_diagnosis *d)
{
	int n = 0;
	for (int i = 0; i < d->n; i++) n += !d->at[i].good;
	return n;
}

/// A sentence behind a margin, on as many lines as it needs.
static void print_wrapped(const char *text, int margin)
{
	int column = margin;
	while (*text != '\0') {
		const int n = (int)strcspn(text, " ");
		if (column > margin && column + 1 + n > COLUMNS) {
			printf("\n%*s", margin, "");
			column = margin;
		}
		printf("%s%.*s", column > margin ? " " : "", n, text);
		column += n + (column > margin);
		text += n;
		text += *text == ' ';
	}
	putchar('\n');
}

static void print_words(const pl_diagnosis *d)
{
	const bool colour = pl_term_colour(stdout);
	char things[48];
	for (int i = 0; i < d->n; i++) {
		const pl_finding *f = &d->at[i];
		pl_term_print(stdout, colour, f->good ? PL_GOOD : PL_BAD, "%-*s", MARK,
		              f->good ? "good" : "attention");
		printf("%-*s", WHAT, f->what);
		print_wrapped(f->said, MARK + WHAT);
	}
	if (d->head[0] != '\0') printf("head       %s\n", d->head);
	if (n_bad(d) > 0)
		printf("%s attention.\n",
		       pl_tell_count(things, n_bad(d), "thing needs", "things need"));
	else
		printf("Nothing needs attention. plenum verify checks every event.\n");
}

static void print_json(const pl_diagnosis *d)
{
	pl_json j = {.to = stdout};
	pl_json_open_object(&j, NULL);
	pl_json_put_bool(&j, "good", n_bad(d) == 0);
	pl_json_put_text(&j, "head", d->head[0] == '\0' ? NULL : d->head);
	pl_json_open_array(&j, "findings");
	for (int i = 0; i < d->n; i++) {
		pl_json_open_object(&j, NULL);
		pl_json_put_text(&j, "what", d->at[i].what);
		pl_json_put_bool(&j, "good", d->at[i].good);
		pl_json_put_text(&j, "said", d->at[i].said);
		pl_json_close_object(&j);
	}
	pl_json_close_array(&j);
	pl_json_put_text(&j, "version", PL_VERSION);
	pl_json_close_object(&j);
}

static pl_status diagnose(pl_diagnosis *d, const pl_args *a, pl_error *err)
{
	pl_store *store = NULL;
	pl_status st = pl_args_has(a, PL_O_migrate)
	                       ? pl_carry_open(&store, a->arg[0], false, a, err)
	                       : pl_store_open(&store, a->arg[0], false, err);
	if (st == PL_OK) pl_doctor_machine(d, store);
	if (st == PL_OK) st = pl_store_look(store, err);
	if (st == PL_OK) {
		st = pl_doctor_record(d, store, err);
		pl_store_rollback(store);
	}
	pl_store_close(store);
	return st;
}

int pl_verb_doctor(const pl_args *a)
{
	static pl_diagnosis d;
	pl_error err;
	d = (pl_diagnosis){.record = a->arg[0], .now = (int64_t)time(NULL)};
	if (diagnose(&d, a, &err) != PL_OK) return pl_tell_error(a, &err);
	if (pl_args_has(a, PL_O_json))
		print_json(&d);
	else if (!pl_args_has(a, PL_O_quiet))
		print_words(&d);
	return n_bad(&d) == 0 ? PL_EXIT_GOOD : PL_EXIT_NOT;
}
