/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_vote_convert.c - plenum vote convert: an election in another format. */
#include "base/error.h"
#include "cli/help.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "cli/vote_count.h"

#include <string.h>

/// What the command line says besides the file.
static pl_status wish_of(pl_votes_wish *wish, const pl_args *a, pl_error *err)
{
	*wish = (pl_votes_wish){.kind = -1, .budget = pl_args_text(a, PL_O_budget)};
	wish->eligible = pl_args_whole(a, PL_O_eligible, -1);
	return pl_args_choice(&wish->kind, a, PL_O_kind__vote, pl_ballot_name, err);
}

static void print_done(const pl_args *a, const pl_election *e)
{
	char line[512], ballots[48], options[48];
	(void)snprintf(line, sizeof line, "%.200s: %s on %s", a->arg[1],
	               pl_tell_count(ballots, e->total, "ballot", "ballots"),
	               pl_tell_count(options, e->n_options, "option", "options"));
	pl_help_wrap(stdout, line, 0, 2);
}

int pl_verb_vote_convert(const pl_args *a)
{
	pl_votes_wish wish;
	pl_votes_format format;
	pl_election *e = NULL;
	pl_error err;
	pl_status status = wish_of(&wish, a, &err);
	if (status == PL_OK) status = pl_votes_format_of(&format, a->arg[1], &err);
	if (status == PL_OK) status = pl_votes_read(&e, a->arg[0], &wish, &err);
	if (status == PL_OK)
		status = pl_votes_write(a->arg[1], e, pl_args_has(a, PL_O_anyway), &err);
	if (status == PL_OK && !pl_args_has(a, PL_O_quiet)) print_done(a, e);
	if (status != PL_OK) (void)pl_tell_error(a, &err);
	pl_election_free(e);
	return status == PL_OK ? PL_EXIT_GOOD : PL_EXIT_INPUT;
}
