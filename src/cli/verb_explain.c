/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_explain.c - plenum explain: what a price pays for and who moved it, and what a council
 * pays for and gets. All is worked out before the first byte is printed. */
#include "base/threads.h"
#include "cli/explain_parts.h"
#include "cli/tell.h"
#include "cli/verbs.h"

/// Explain a good or a council of an economy that is there with its plan.
static int explain(const pl_args *a, const pl_told *t)
{
	pl_error err;
	pl_meant what;
	const char *name = a->arg[a->n_args - 1];
	const bool council = pl_args_has(a, PL_O_council);
	if (pl_told_find(&what, t->m, name, council, &err) != PL_OK)
		return pl_tell_error(a, &err);
	if (what.council >= 0) return pl_explain_show_council(a, t, what.council);
	return pl_explain_show_good(a, t, &what);
}

int pl_verb_explain(const pl_args *a)
{
	pl_told t;
	pl_threads_set((int)pl_args_whole(a, PL_O_threads, 0));
	const int planned = pl_told_load(&t, a, a->arg[0], a->n_args == 3 ? a->arg[1] : NULL);
	if (planned != PL_EXIT_GOOD && planned != PL_EXIT_NOT) return planned;
	const int code = explain(a, &t);
	pl_told_free(&t);
	return code == PL_EXIT_GOOD ? planned : code;
}
