/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_invite.c - plenum invite: links that log people in, once; on the screen, as a table, or
 * on paper. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "cli/link.h"
#include "cli/sheet.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "io/row.h"
#include "server/mail.h"
#include "store/store.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DAYS = 14, DAY = 86400 };

/// Somebody to invite.
typedef struct {
	int64_t person;
	char name[256], contact[256];
	bool was_in, mailed;
	char link[PL_LINK_CHARS];
} guest;

typedef struct {
	const pl_args *a;
	const char *people; ///< as it was typed; NULL: all who were never in
	char url[PL_URL_CHARS];
	int64_t until;
	guest *guest;
	int64_t n, room;
	bool short_of_memory;
} job;

/* ---- who is meant ---- */

/// Is a number one of "4,7,9-12"? The list was checked.
static bool is_listed(const char *list, int64_t person)
{
	while (*list != '\0') {
		char *end;
		const int64_t low = strtoll(list, &end, 10);
		const int64_t high = *end == '-' ? strtoll(end + 1, &end, 10) : low;
		if (low <= person && person <= high) return true;
		list = *end == ',' ? end + 1 : end;
	}
	return false;
}

static pl_status check_list(const char *list, pl_error *err)
{
	const char *at = list;
	for (bool more = true; more;) {
		size_t n = strspn(at, "0123456789");
		bool good = n > 0 && n < 16;
		at += n;
		if (good && *at == '-') {
			n = strspn(++at, "0123456789");
			good = n > 0 && n < 16;
			at += n;
		}
		more = *at == ',';
		if (!good || (*at != '\0' && !more))
			return pl_fail(
			        err, PL_EARG, -1,
			        "\"%.60s\": people are numbers such as 4 or 4,7,9-12, or all",
			        list);
		if (more) at++;
	}
	return PL_OK;
}

static bool note_person(void *with, const pl_state_row *row)
{
	job *j = with;
	const int64_t person = row->at[PL_C_person_id].whole;
	if (row->at[PL_C_person_erased].whole != 0) return true;
	if (j->people != NULL && !is_listed(j->people, person)) return true;
	if (j->n == j->room) {
		const int64_t room = pl_grow_room(j->room, j->n + 1);
		guest *more = pl_grow(j->guest, j->n, room, sizeof *more);
		j->short_of_memory = more == NULL;
		if (more == NULL) return false;
		j->guest = more;
		j->room = room;
	}
	guest *g = &j->guest[j->n++];
	*g = (guest){.person = person};
	(void)snprintf(g->name, sizeof g->name, "%s", row->at[PL_C_person_name].text);
	(void)snprintf(g->contact, sizeof g->contact, "%s", row->at[PL_C_person_contact].text);
	return true;
}

static pl_status find_people(job *j, pl_store *s, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	int64_t kept = 0;
	PL_TRY(pl_store_scan(s, PL_ROWS_person, 0, &none, note_person, j, err));
	if (j->short_of_memory) return pl_fail(err, PL_ENOMEM, -1, "no memory for the people");
	for (int64_t i = 0; i < j->n; i++) {
		guest *g = &j->guest[i];
		PL_TRY(pl_door_was_in(&g->was_in, s, g->person, err));
		if (j->people != NULL || !g->was_in) j->guest[kept++] = *g;
	}
	j->n = kept;
	if (kept > 0) return PL_OK;
	return pl_fail(err, PL_ENOTFOUND, -1,
	               j->people != NULL ? "the record has no such people, or they were erased"
	                                 : "everybody in the record has logged in already");
}

static pl_status invite_all(job *j, pl_store *s, pl_error *err)
{
	char code[PL_CODE_CHARS];
	PL_TRY(find_people(j, s, err));
	for (int64_t i = 0; i < j->n; i++) {
		guest *g = &j->guest[i];
		g->mailed = pl_args_has(j->a, PL_O_mail) && pl_letter_is_address(g->contact);
		if (g->mailed) {
			PL_TRY(pl_mail_invite(s, g->person, j->until, g->was_in, err));
			(void)snprintf(g->link, sizeof g->link, "(by mail)");
			continue;
		}
		PL_TRY(pl_door_invite(code, s, g->person, j->until, g->was_in, err));
		(void)snprintf(g->link, sizeof g->link, "%s/j/%s", j->url, code);
	}
	sodium_memzero(code, sizeof code);
	return PL_OK;
}

/* ---- how it is told ---- */

static void print_table(FILE *to, const void *with)
{
	const job *j = with;
	pl_row row = {to, false};
	pl_row_text(&row, "person");
	pl_row_text(&row, "name");
	pl_row_text(&row, "contact");
	pl_row_text(&row, "link");
	pl_row_end(&row);
	for (int64_t i = 0; i < j->n; i++) {
		pl_row_number(&row, (double)j->guest[i].person);
		pl_row_text(&row, j->guest[i].name);
		pl_row_text(&row, j->guest[i].contact);
		pl_row_text(&row, j->guest[i].link);
		pl_row_end(&row);
	}
}

static void print_sheet(FILE *to, const void *with)
{
	const job *j = with;
	pl_sheet_begin(to);
	for (int64_t i = 0; i < j->n; i++) {
		const guest *g = &j->guest[i];
		if (g->mailed) continue;
		pl_sheet_card(to, &(pl_card){.person = g->person,
		                             .name = g->name,
		                             .task = "",
		                             .link = g->link});
	}
	pl_sheet_end(to);
}

static pl_status write_files(const job *j, pl_error *err)
{
	const char *table = pl_args_text(j->a, PL_O_csv),
	           *sheet = pl_args_text(j->a, PL_O_sheet__invite);
	if (table != NULL) PL_TRY(pl_sheet_file(table, print_table, j, err));
	const pl_status st = sheet != NULL ? pl_sheet_file(sheet, print_sheet, j, err) : PL_OK;
	if (st != PL_OK && table != NULL) (void)unlink(table);
	return st;
}

/// Links that are written down may be good from now on, or none is.
static pl_status invite(job *j, pl_store *s, pl_error *err)
{
	PL_TRY(pl_store_begin(s, err));
	pl_status st = invite_all(j, s, err);
	if (st == PL_OK) st = write_files(j, err);
	if (st == PL_OK)
		st = pl_store_commit(s, err);
	else
		pl_store_rollback(s);
	return st;
}

static pl_status read_options(job *j, pl_error *err)
{
	if (strcmp(j->a->arg[1], "all") != 0) {
		j->people = j->a->arg[1];
		PL_TRY(check_list(j->people, err));
	}
	return pl_link_url(j->url, j->a, err);
}

int pl_verb_invite(const pl_args *a)
{
	job j = {.a = a,
	         .until = (int64_t)time(NULL) + DAY * pl_args_whole(a, PL_O_days, DAYS)};
	pl_store *s = NULL;
	pl_error err;
	pl_status st = read_options(&j, &err);
	if (st == PL_OK && sodium_init() < 0)
		st = pl_fail(&err, PL_EIO, -1, "the system gives no random numbers");
	if (st == PL_OK) st = pl_store_open(&s, a->arg[0], false, &err);
	if (st == PL_OK) st = invite(&j, s, &err);
	for (int64_t i = 0; i < j.n && st == PL_OK && !pl_args_has(a, PL_O_quiet); i++)
		printf("%" PRId64 "  %s  %s\n", j.guest[i].person, j.guest[i].name,
		       j.guest[i].link);
	pl_store_close(s);
	if (j.guest != NULL) sodium_memzero(j.guest, (size_t)j.n * sizeof *j.guest);
	pl_free(j.guest);
	return st == PL_OK ? PL_EXIT_GOOD : pl_tell_error(a, &err);
}
