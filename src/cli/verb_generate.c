/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_generate.c - plenum generate: a made-up economy as a folder of tables. */
#include "base/error.h"
#include "cli/folder.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "io/economy.h"
#include "lab/generate.h"

#include <stdio.h>

static pl_status read_spread(pl_spread *out, const pl_args *a, int option, pl_error *err)
{
	out->given = pl_args_has(a, option);
	return pl_args_range(&out->low, &out->high, a, option, err);
}

/// What an option that not every kind takes is for.
static pl_status check_kind(const pl_args *a, const pl_generate_spec *spec, pl_error *err)
{
	const bool spread = spec->sigma.given || spec->returns.given;
	if (spec->kind == PL_GENERATE_PUBLISHED && pl_args_has(a, PL_O_inputs))
		return pl_fail(err, PL_EARG, -1,
		               "--inputs: workplaces of the published kind draw 3 to 8 inputs");
	if (spread && spec->kind < PL_GENERATE_CES)
		return pl_fail(err, PL_EARG, -1,
		               "--sigma and --returns are for the kinds ces, capacities and "
		               "effort");
	if (spec->returns.given && spec->kind == PL_GENERATE_CAPACITIES)
		return pl_fail(err, PL_EARG, -1,
		               "--returns: recipes have constant returns up to their capacity; "
		               "leave it out");
	if (pl_args_has(a, PL_O_capacity) && spec->kind != PL_GENERATE_CAPACITIES)
		return pl_fail(err, PL_EARG, -1, "--capacity is for the kind capacities");
	return PL_OK;
}

static pl_status read_options(pl_generate_spec *spec, const pl_args *a, pl_error *err)
{
	int kind = 0, capacity = PL_CAPACITY_LOOSE;
	PL_TRY(pl_args_choice(&kind, a, PL_O_kind, pl_generate_kind_name, err));
	PL_TRY(pl_args_choice(&capacity, a, PL_O_capacity, pl_capacity_name, err));
	PL_TRY(read_spread(&spec->sigma, a, PL_O_sigma, err));
	PL_TRY(read_spread(&spec->returns, a, PL_O_returns, err));
	spec->kind = (pl_generate_kind)kind;
	spec->capacity = (pl_capacity)capacity;
	return check_kind(a, spec, err);
}

int pl_verb_generate(const pl_args *a)
{
	enum { INPUTS = 6 };
	pl_generate_spec spec = {
	        .workplaces = (int32_t)pl_args_whole(a, PL_O_workplaces, 0),
	        .goods = (int32_t)pl_args_whole(a, PL_O_goods, 0),
	        .consumers = (int32_t)pl_args_whole(a, PL_O_consumers, 0),
	        .inputs = (int32_t)pl_args_whole(a, PL_O_inputs, INPUTS),
	        .seed = (uint64_t)pl_args_whole(a, PL_O_seed, 0),
	};
	pl_model *m = NULL;
	pl_error err;
	char goods[48], councils[48], links[48];
	pl_status s = read_options(&spec, a, &err);
	if (s == PL_OK) s = pl_folder_refuse(a->arg[0], PL_FOLDER_TABLES, &err);
	if (s == PL_OK) s = pl_generate(&m, NULL, &spec, &err);
	if (s == PL_OK && pl_stop_asked())
		s = pl_fail(&err, PL_ESTOPPED, -1, "stopped; nothing was written");
	if (s == PL_OK) s = pl_economy_write(m, NULL, a->arg[0], &err);
	if (s == PL_OK && !pl_args_has(a, PL_O_quiet))
		printf("%s: %s, %s, %s\nNext: plenum plan %s\n", a->arg[0],
		       pl_tell_count(goods, m->n_goods, "good", "goods"),
		       pl_tell_count(councils, m->n_councils, "council", "councils"),
		       pl_tell_count(links, m->n_links, "link", "links"), a->arg[0]);
	pl_model_free(m);
	if (s == PL_OK) return PL_EXIT_GOOD;
	(void)pl_tell_error(a, &err);
	return s == PL_ESTOPPED ? PL_EXIT_STOPPED : PL_EXIT_INPUT;
}
