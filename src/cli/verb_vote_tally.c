/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_vote_tally.c - plenum vote tally: the ballots of a file, counted. */
#include "base/alloc.h"
#include "base/error.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/vote_json.h"
#include "cli/vote_screen.h"

#include <stdlib.h>
#include <string.h>

/* ---- plain ---------------------------------------------------------------------------------
 */

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/// Winners' ids, sorted, on one line. Options that are tied have not won.
static pl_status print_plain(const pl_vote_count *c, pl_error *err)
{
	const int32_t n = c->r->outcome == PL_VOTE_DECIDED ? c->r->n_winners : 0;
	const char **id = pl_alloc(n, sizeof *id);
	if (id == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to print the winners");
	for (int32_t i = 0; i < n; i++) id[i] = pl_vote_id(c, c->r->winner[i]);
	qsort((void *)id, (size_t)n, sizeof *id, by_bytes);
	for (int32_t i = 0; i < n; i++) printf("%s%s", i > 0 ? " " : "", id[i]);
	putchar('\n');
	pl_free((void *)id);
	return PL_OK;
}

int pl_verb_vote_tally(const pl_args *a)
{
	pl_vote_count c = {0};
	pl_error err;
	pl_status status = pl_vote_count_args(&c, a, a->arg[0], &err);
	int code = PL_EXIT_INPUT;
	if (status == PL_OK && pl_args_has(a, PL_O_json))
		status = pl_votes_digest(c.digest, c.e, &err);
	if (status == PL_OK && pl_args_has(a, PL_O_json))
		pl_vote_json(stdout, &c);
	else if (status == PL_OK && pl_args_has(a, PL_O_plain))
		status = print_plain(&c, &err);
	else if (status == PL_OK && !pl_args_has(a, PL_O_quiet))
		status = pl_vote_screen(stdout, &c, pl_term_colour(stdout), &err);
	if (status == PL_OK)
		code = pl_vote_code(&c);
	else
		(void)pl_tell_error(a, &err);
	pl_vote_count_clear(&c);
	return code;
}
