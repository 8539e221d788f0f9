/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* authorize.c - the one place that says who may do what, when. What is not allowed by a line of
 * ops.def is refused. */
#include "app/calendar.h"
#include "app/deed.h"
#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool note(void *with, const pl_state_row *row)
{
	(void)row;
	*(bool *)with = true;
	return false;
}

pl_status pl_is_member(bool *is, const pl_deed *d, int64_t council, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(council), PL_WHOLE(d->actor)}};
	*is = false;
	return pl_store_scan(d->store, PL_ROWS_membership, 2, &key, note, is, err);
}

typedef struct {
	int64_t now;
	bool has;
} term;

static bool note_term(void *with, const pl_state_row *row)
{
	term *t = with;
	t->has = row->at[PL_C_mandate_until].whole > t->now;
	return false;
}

pl_status pl_has_mandate(bool *has, const pl_deed *d, int64_t person, int64_t council,
                         const char *role, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(person), PL_WHOLE(council), PL_TEXT(role)}};
	term t = {d->time, false};
	PL_TRY(pl_store_scan(d->store, PL_ROWS_mandate, 3, &key, note_term, &t, err));
	*has = t.has;
	return PL_OK;
}

static bool note_alive(void *with, const pl_state_row *row)
{
	*(bool *)with = row->at[PL_C_person_erased].whole == 0;
	return false;
}

/// Is the actor a person of the record who has not been erased?
static pl_status is_person(bool *is, const pl_deed *d, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(d->actor)}};
	*is = false;
	return pl_store_scan(d->store, PL_ROWS_person, 1, &key, note_alive, is, err);
}

static bool note_council(void *with, const pl_state_row *row)
{
	*(int64_t *)with = row->at[PL_C_vote_council].whole;
	return false;
}

/// Whose it is: the council or the person that the field `of` names, or the council whose vote
/// it names; 0: nobody's.
static pl_status object_of(int64_t *object, const pl_deed *d, pl_error *err)
{
	const char *of = pl_ops[d->in.op].of;
	*object = of[0] == '\0' ? 0 : json_integer_value(json_object_get(d->in.object, of));
	if (strcmp(of, "vote") != 0) return PL_OK;
	const pl_state_row key = {{PL_WHOLE(*object)}};
	*object = 0;
	return pl_store_scan(d->store, PL_ROWS_vote, 1, &key, note_council, object, err);
}

/// Is one of the roles that may the actor's? Roles of the whole federation come last.
static pl_status has_role(bool *has, const pl_deed *d, unsigned who, pl_error *err)
{
	static const struct {
		unsigned bit;
		const char *role;
	} whole[] = {{PL_WHO_FACILITATOR, "facilitator"},
	             {PL_WHO_AUDITOR, "auditor"},
	             {PL_WHO_ADMINISTRATOR, "administrator"}};
	int64_t object;
	PL_TRY(object_of(&object, d, err));
	*has = (who & PL_WHO_ANYONE) != 0 || ((who & PL_WHO_SELF) != 0 && object == d->actor);
	if (!*has && (who & PL_WHO_MEMBER) != 0 && object > 0)
		PL_TRY(pl_is_member(has, d, object, err));
	if (!*has && (who & PL_WHO_DELEGATE) != 0 && object > 0)
		PL_TRY(pl_has_mandate(has, d, d->actor, object, "delegate", err));
	for (size_t i = 0; i < sizeof whole / sizeof *whole && !*has; i++)
		if ((who & whole[i].bit) != 0)
			PL_TRY(pl_has_mandate(has, d, d->actor, 0, whole[i].role, err));
	return PL_OK;
}

/// "a delegate of the council, a facilitator".
static void say_who(char *out, size_t room, unsigned who)
{
	static const struct {
		unsigned bit;
		const char *words;
	} roles[] = {{PL_WHO_SELF, "the person"},
	             {PL_WHO_MEMBER, "a member of the council"},
	             {PL_WHO_DELEGATE, "a delegate of the council"},
	             {PL_WHO_FACILITATOR, "a facilitator"},
	             {PL_WHO_AUDITOR, "an auditor"},
	             {PL_WHO_ADMINISTRATOR, "an administrator"}};
	size_t n = 0;
	out[0] = '\0';
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if ((who & roles[i].bit) != 0)
			n += (size_t)snprintf(out + n, room - n, "%s%s", n > 0 ? " or " : "",
			                      roles[i].words);
}

static bool note_phase(void *with, const pl_state_row *row)
{
	const char *phase = row->at[PL_C_season_phase].text;
	for (int i = 0; i < PL_PHASES; i++)
		if (strcmp(pl_phase_name(i), phase) == 0) *(int *)with = i;
	return false;
}

/// Is the season in a phase in which this may be done?
static pl_status check_phase(const pl_deed *d, pl_error *err)
{
	const pl_op_kind *op = &pl_ops[d->in.op];
	if (op->phases == PL_IN_ANY) return PL_OK;
	const int64_t season = json_integer_value(json_object_get(d->in.object, "season"));
	const pl_state_row key = {{PL_WHOLE(season)}};
	int phase = -1;
	PL_TRY(pl_store_scan(d->store, PL_ROWS_season, 1, &key, note_phase, &phase, err));
	if (phase < 0)
		return pl_fail(err, PL_ENOTFOUND, -1, "there is no season %" PRId64, season);
	if ((op->phases & (1U << phase)) != 0) return PL_OK;
	return pl_fail(err, PL_EDENIED, -1, "%s: not now; the season is in its phase \"%s\"",
	               op->name, pl_phase_name(phase));
}

pl_status pl_authorize(const pl_deed *d, pl_error *err)
{
	const pl_op_kind *op = &pl_ops[d->in.op];
	bool person = false, has = false;
	if (op->who == PL_WHO_NOBODY)
		return d->height == 1 && d->actor == 0
		               ? PL_OK
		               : pl_fail(err, PL_EDENIED, -1,
		                         "%s: the record was begun already", op->name);
	const bool calendar = (op->who & PL_WHO_CALENDAR) != 0;
	if (calendar && d->actor == 0) {
		PL_TRY(pl_calendar_asks(d, err));
		return check_phase(d, err);
	}
	PL_TRY(is_person(&person, d, err));
	if (person) PL_TRY(has_role(&has, d, op->who, err));
	if (!has) {
		char who[160];
		say_who(who, sizeof who, op->who);
		return pl_fail(err, PL_EDENIED, -1,
		               "%s: %s may, and person %" PRId64 " is none", op->name,
		               who[0] == '\0' ? "a person of the record" : who, d->actor);
	}
	if (calendar) PL_TRY(pl_calendar_leaves(d, err));
	return check_phase(d, err);
}
