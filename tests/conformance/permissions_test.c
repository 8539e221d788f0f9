/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* permissions_test FILE: who may do what, when. Every operation is asked for by everybody who
 * can be told apart, in every phase of a season, and the answers are compared with the reviewed
 * table in FILE; permissions_test alone prints the table. */
#include "app/do.h"
#include "app/ops.h"
#include "store/store.h"
#include "tests/conformance/reviewed.h"

#include <inttypes.h>

enum { OWN = 1, OTHER = 2, COUNCILS = 2 };

/// Everybody who can be told apart, in the order of the columns.
enum {
	STRANGER,
	ERASED,
	PERSON,
	MEMBER,
	DELEGATE,
	FORMER,
	FACILITATOR,
	AUDITOR,
	ADMINISTRATOR,
	CALENDAR,
	ROLES
};
static const char *const roles[ROLES] = {"stranger",      "erased",  "person",      "member",
                                         "delegate",      "former",  "facilitator", "auditor",
                                         "administrator", "calendar"};
static const int64_t now = 1000;

static void must(pl_status st, const pl_error *err)
{
	if (st == PL_OK) return;
	fprintf(stderr, "%s\n", err->msg);
	exit(1);
}

static void put(pl_store *s, int table, pl_state_row row)
{
	pl_error err = {0};
	must(pl_store_insert(s, table, &row, &err), &err);
}

static pl_state_row mandate(int64_t who, int64_t council, const char *role, int64_t until)
{
	return (pl_state_row){{PL_WHOLE(who), PL_WHOLE(council), PL_TEXT(role), PL_WHOLE(0),
	                       PL_WHOLE(until)}};
}

/// Person r + 1 has role r, where it is a council's in council OWN; vote c is of council c;
/// season p + 1 is in phase p.
static pl_store *world(void)
{
	pl_error err = {0};
	pl_store *s;
	must(pl_store_memory(&s, &err), &err);
	for (int c = 1; c <= COUNCILS; c++)
		put(s, PL_ROWS_council,
		    (pl_state_row){{PL_WHOLE(c), PL_TEXT(c == OWN ? "own" : "other"),
		                    PL_TEXT(""), PL_TEXT("workers"), PL_WHOLE(0), PL_TEXT(""),
		                    PL_WHOLE(0)}});
	for (int r = ERASED; r < CALENDAR; r++)
		put(s, PL_ROWS_person,
		    (pl_state_row){{PL_WHOLE(r + 1), PL_TEXT(""), PL_TEXT(""), PL_WHOLE(0),
		                    PL_WHOLE(r == ERASED)}});
	put(s, PL_ROWS_membership,
	    (pl_state_row){{PL_WHOLE(OWN), PL_WHOLE(ERASED + 1), PL_WHOLE(0)}});
	put(s, PL_ROWS_membership,
	    (pl_state_row){{PL_WHOLE(OWN), PL_WHOLE(MEMBER + 1), PL_WHOLE(0)}});
	put(s, PL_ROWS_mandate, mandate(ERASED + 1, 0, "administrator", now + 1));
	put(s, PL_ROWS_mandate, mandate(DELEGATE + 1, OWN, "delegate", now + 1));
	put(s, PL_ROWS_mandate, mandate(FORMER + 1, OWN, "delegate", now));
	put(s, PL_ROWS_mandate, mandate(FORMER + 1, 0, "facilitator", now));
	put(s, PL_ROWS_mandate, mandate(FACILITATOR + 1, 0, "facilitator", now + 1));
	put(s, PL_ROWS_mandate, mandate(AUDITOR + 1, 0, "auditor", now + 1));
	put(s, PL_ROWS_mandate, mandate(ADMINISTRATOR + 1, 0, "administrator", now + 1));
	for (int c = 1; c <= COUNCILS; c++)
		put(s, PL_ROWS_vote,
		    (pl_state_row){{PL_WHOLE(c), PL_WHOLE(c), PL_WHOLE(0), PL_WHOLE(0),
		                    PL_TEXT("a vote of the council"), PL_TEXT("motion"),
		                    PL_TEXT("majority"), PL_WHOLE(1), PL_TEXT(""), PL_TEXT(""),
		                    PL_WHOLE(0), PL_WHOLE(0), PL_TEXT("open"), PL_WHOLE(0),
		                    PL_WHOLE(0)}});
	for (int p = 0; p < PL_PHASES; p++)
		put(s, PL_ROWS_season,
		    (pl_state_row){{PL_WHOLE(p + 1), PL_TEXT(pl_phase_name(p)), PL_TEXT(""),
		                    PL_TEXT(pl_phase_name(p)), PL_WHOLE(0), PL_TEXT("fitted"),
		                    PL_TEXT("0.01"), PL_TEXT(""), PL_TEXT(""), PL_TEXT(""),
		                    PL_TEXT(""), PL_TEXT(""), PL_WHOLE(0), PL_TEXT(""),
		                    PL_TEXT("")}});
	return s;
}

/// The date that asks for an operation now, in a season's calendar; "" where none can.
static const char *date_of(int op)
{
	return op == PL_OP_round_open     ? "open"
	       : op == PL_OP_round_close  ? "close"
	       : op == PL_OP_plan_adopt   ? "adopt"
	       : op == PL_OP_season_close ? "end"
	                                  : "";
}

/// May the role do it? @param object council, or person, that it is about; phase of the season
static bool may(pl_store *s, int op, int role, int64_t object, int phase)
{
	pl_error err = {0};
	const pl_state_row date = {{PL_WHOLE(phase + 1), PL_WHOLE(1), PL_TEXT(date_of(op)),
	                            PL_WHOLE(now), PL_WHOLE(0)}};
	pl_deed d = {.store = s,
	             .actor = role == CALENDAR ? 0 : role + 1,
	             .time = now,
	             .height = 5,
	             .in = {.op = op}};
	if (role == CALENDAR) put(s, PL_ROWS_calendar, date);
	d.in.object = json_pack("{s:I}", "season", (json_int_t)phase + 1);
	if (pl_ops[op].of[0] != '\0')
		json_object_set_new(d.in.object, pl_ops[op].of, json_integer(object));
	const pl_status st = pl_authorize(&d, &err);
	if (st != PL_OK && st != PL_EDENIED) must(st, &err);
	if (st == PL_EDENIED && err.msg[0] == '\0')
		pl_test_fail(__FILE__, __LINE__, "a refusal says why");
	pl_deed_clear(&d);
	if (role == CALENDAR) must(pl_store_remove(s, PL_ROWS_calendar, &date, &err), &err);
	return st == PL_OK;
}

/// One row of the table: an operation, about what, for each role the phases in which it may.
static void print_row(FILE *to, pl_store *s, int op, const char *about, bool of_person,
                      bool own)
{
	fprintf(to, "| %s | %s |", pl_ops[op].name, about);
	for (int r = 0; r < ROLES; r++) {
		const int64_t object = of_person ? (own ? r + 1 : PERSON + 1 + (r == PERSON))
		                       : own     ? OWN
		                                 : OTHER;
		char phases[64] = "";
		int n = 0;
		for (int p = 0; p < PL_PHASES; p++) {
			if (!may(s, op, r, object, p)) continue;
			n++;
			(void)snprintf(phases + strlen(phases), sizeof phases - strlen(phases),
			               "%s%s", phases[0] == '\0' ? "" : " ", pl_phase_name(p));
		}
		fprintf(to, " %s |", n == 0 ? "–" : n == PL_PHASES ? "yes" : phases);
	}
	fputs("\n", to);
}

static void print_table(FILE *to)
{
	pl_store *s = world();
	fputs("<!-- SPDX-License-Identifier: AGPL-3.0-or-later -->\n# Who may do what, and "
	      "when\n\n"
	      "Printed by `conformance_permissions_test` and compared with what `authorize` "
	      "answers, cell by\n"
	      "cell. A cell holds the phases of the season in which it is allowed; *yes* is "
	      "always, – never.\n"
	      "*own* and *other*: about a council of one's own or another; *self* and "
	      "*somebody*: about oneself\n"
	      "or another person. A stranger is nobody of the record; *former* had tasks whose "
	      "term is over.\n"
	      "The *calendar* is nobody, on a date of the season's that says so; it also opens "
	      "and "
	      "closes the\nvote on the plan. As long as dates are to come, nobody else does "
	      "what "
	      "they say.\nAn auditor rules on no objection of their own, nor on one to a "
	      "proposal of a\n"
	      "council that they are a member "
	      "or a delegate of.\n\n"
	      "| operation | about |",
	      to);
	for (int r = 0; r < ROLES; r++) fprintf(to, " %s |", roles[r]);
	fputs("\n|---|---|", to);
	for (int r = 0; r < ROLES; r++) fputs("---|", to);
	fputs("\n", to);
	for (int op = 0; op < PL_OPS; op++) {
		const char *of = pl_ops[op].of;
		const bool person = strcmp(of, "person") == 0;
		if (of[0] == '\0') {
			print_row(to, s, op, "", false, true);
			continue;
		}
		print_row(to, s, op, person ? "self" : "own", person, true);
		print_row(to, s, op, person ? "somebody" : "other", person, false);
	}
	pl_store_close(s);
}

int main(int argc, char *argv[])
{
	return pl_reviewed(argc, argv, print_table,
	                   "authorize does not answer what was reviewed");
}
