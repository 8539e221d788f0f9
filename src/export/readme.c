/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* readme.c - README.txt: what the zip file is, how to check it, and what is left out of it. */
#include "base/error.h"
#include "export/parts.h"

#include <inttypes.h>
#include <stdio.h>

/// Lines of text, up to NULL.
static void say(FILE *to, const char *const *line)
{
	for (; *line != NULL; line++) fprintf(to, "%s\n", *line);
}

static void say_what(const pl_exporting *x, FILE *to)
{
	char when[PL_EXPORT_TIME];
	if (x->choice.person > 0)
		fprintf(to, "What a record of Plenum holds about person %" PRId64 "\n\n",
		        x->choice.person);
	else
		fputs("A record of Plenum, as tables\n\n", to);
	fprintf(to,
	        "When this was written the record had %" PRId64 " events, the last of %s.\n"
	        "Its head, which pins every one of them, was\n\n  %s\n\n",
	        x->events, pl_export_time(when, x->time), x->head);
}

static void say_file(FILE *to, const char *table, int64_t rows, const char *help)
{
	char name[64];
	(void)snprintf(name, sizeof name, "%s.csv", table);
	fprintf(to, "  %-18s%9" PRId64 "  %s\n", name, rows, help);
}

static void say_files(const pl_exporting *x, FILE *to)
{
	static const char *const rounds[] = {
	        "  rounds/S-R/  the economy of season S as it was when round R closed, and",
	        "               what was proposed: plenum plan rounds/S-R finds the plan whose",
	        "               digest was recorded; where season.csv names an endgame, plenum",
	        "               plan rounds/S-R --proposed ENDGAME", NULL};
	static const char *const form[] = {
	        "",
	        "Tables are UTF-8 with commas; the first line names the columns, and lines end",
	        "with a line feed. A text that a spreadsheet would take for a formula, or that",
	        "begins with an apostrophe, has an apostrophe before it: whoever reads tables",
	        "with a program takes one away from each cell that begins with one. The tables",
	        "of rounds/ hold no such text. Import columns of texts as text: a spreadsheet",
	        "may take 1/2 for a day. All tables follow from the events.",
	        "",
	        NULL};
	fputs("Files, how many rows they have, and what is in them\n\n", to);
	fprintf(to, "  %-18s%9s  what every column of every table here means\n", "columns.csv",
	        "");
	say_file(to, "events", x->events_written, "what happened, one event after another");
	for (int t = 0; t < PL_STATE_TABLES; t++)
		if (pl_export_has_table(&x->choice, t))
			say_file(to, pl_state_tables[t].name, x->rows[t],
			         pl_state_tables[t].help);
	if (x->rounds_written > 0) say(to, rounds);
	say(to, form);
}

static void say_person(FILE *to)
{
	static const char *const lines[] = {
	        "What is here",
	        "",
	        "  Every row that names the person, and every event that the person did, that",
	        "  is about the person, or that holds texts of the person, with these texts.",
	        "  Texts of others are left out.",
	        "",
	        "What is not here",
	        "",
	        "  The person's ballots. elector.csv tells in which votes the person could",
	        "  vote, and did; nothing in the record binds a ballot to who cast it. Whoever",
	        "  kept the receipt finds the ballot among those that were published when the",
	        "  vote closed.",
	        "",
	        "  What a server remembers beside the record, such as sessions.",
	        "",
	        NULL};
	say(to, lines);
}

static void say_left_out(const pl_exporting *x, FILE *to)
{
	static const char *const without[] = {
	        "Left out", "",
	        "  Names and contacts of people, notes and reasons, and the salts of their",
	        "  hashes, so that this file may be published. --texts brings them.", NULL};
	static const char *const with[] = {
	        "NOT TO BE PUBLISHED",
	        "",
	        "  Names and contacts of people, notes and reasons are in here. People can ask",
	        "  that theirs be erased from the record; a copy forgets nothing. What was",
	        "  erased before is not here.",
	        "",
	        "Left out",
	        "",
	        NULL};
	static const char *const ballots[] = {
	        "  Ballots of votes that are open, always: they are published when it closes.",
	        NULL};
	static const char *const rounds[] = {
	        "  Economies of rounds that a table for everybody cannot hold as they are.",
	        "  plenum export RECORD FOLDER --season S --round R may still write them:",
	        NULL};
	say(to, x->choice.texts ? with : without);
	say(to, ballots);
	if (x->left_out.n > 0) {
		say(to, rounds);
		(void)fwrite(x->left_out.at, 1, (size_t)x->left_out.n, to);
	}
	fputs("\n", to);
}

static void say_how_to_check(const pl_exporting *x, FILE *to)
{
	static const char *const lines[] = {
	        "  does everything in the record again. This file was not verified when it was",
	        "  written; the same record gives the same file, to compare.",
	        "",
	        "  events.csv by itself: facts_hash is the SHA-256 of the cell facts. hash is",
	        "  the SHA-256 of eight lines, each ended by a line feed: plenum 1, height,",
	        "  parent, seconds, actor, type, facts_hash, texts_hash. parent is the hash of",
	        "  the event before, 64 zeros in the first. signature is Ed25519 over the 64",
	        "  digits of hash, by the key that the facts of event 1 name.",
	        NULL};
	fprintf(to, "How to check it\n\n  plenum verify RECORD --head %s\n", x->head);
	say(to, lines);
	fputs(x->choice.person > 0
	              ? "  Between the events here stand others, which do not name "
	                "the person.\n"
	              : "  The last hash is the head above.\n",
	      to);
}

pl_status pl_export_readme(pl_exporting *x, pl_error *err)
{
	FILE *to;
	PL_TRY(pl_zip_entry(&to, x->zip, "README.txt", err));
	say_what(x, to);
	say_files(x, to);
	if (x->choice.person > 0)
		say_person(to);
	else
		say_left_out(x, to);
	say_how_to_check(x, to);
	return PL_OK;
}
