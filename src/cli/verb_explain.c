/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_explain.c - plenum explain: what a price pays for and who moved it, and what a council
 * pays for and gets. All is worked out before the first byte is printed. */
#include "base/error.h"
#include "base/threads.h"
#include "cli/explain_parts.h"
#include "cli/tell.h"
#include "cli/verbs.h"

/// The plan that --against and --against-economy name, if any.
static int load_before(pl_told *before, const pl_args *a)
{
	const char *folder = pl_args_text(a, PL_O_against_economy);
	const char *dir = pl_args_text(a, PL_O_against);
	return pl_told_load(before, a, folder != NULL ? folder : a->arg[0], dir);
}

/// Why a price is another than before.
static int explain_move(const pl_args *a, const pl_told *t, const pl_meant *what)
{
	pl_told before;
	pl_error err;
	if (what->good < 0) {
		pl_error_set(&err, PL_EARG, -1,
		             "--against explains a price, and \"%.200s\" is a council",
		             a->arg[a->n_args - 1]);
		return pl_tell_error(a, &err);
	}
	const int planned = load_before(&before, a);
	if (planned != PL_EXIT_GOOD && planned != PL_EXIT_NOT) return planned;
	const int code = pl_explain_show_moved(a, &before, t, what->good);
	pl_told_free(&before);
	return code == PL_EXIT_GOOD ? planned : code;
}

/// Explain a good or a council of an economy that is there with its plan.
static int explain(const pl_args *a, const pl_told *t)
{
	pl_error err;
	pl_meant what;
	const char *name = a->arg[a->n_args - 1];
	const bool council = pl_args_has(a, PL_O_council);
	if (pl_told_find(&what, t->m, name, council, &err) != PL_OK)
		return pl_tell_error(a, &err);
	if (pl_args_has(a, PL_O_against) || pl_args_has(a, PL_O_against_economy))
		return explain_move(a, t, &what);
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
