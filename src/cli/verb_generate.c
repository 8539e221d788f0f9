/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_generate.c - plenum generate: a made-up economy as a folder of tables. */
#include "base/error.h"
#include "base/text.h"
#include "cli/folder.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "io/economy.h"
#include "lab/generate.h"

#include <string.h>

static pl_status read_kind(pl_generate_kind *out, const char *name, pl_error *err)
{
	static const char *const kinds[PL_GENERATE_KINDS] = {[PL_GENERATE_RECIPE] = "recipe",
	                                                     [PL_GENERATE_MIXED] = "mixed",
	                                                     [PL_GENERATE_PUBLISHED] =
	                                                             "published"};
	pl_near near = {0};
	char hint[PL_HINT_CHARS];
	for (int k = 0; k < PL_GENERATE_KINDS; k++) {
		*out = (pl_generate_kind)k;
		if (strcmp(name, kinds[k]) == 0) return PL_OK;
		pl_near_offer(&near, name, kinds[k]);
	}
	return pl_fail(err, PL_EARG, -1, "--kind: there are published, recipe and mixed%s",
	               pl_near_hint(hint, &near));
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
	pl_status s = read_kind(&spec.kind, pl_args_text(a, PL_O_kind), &err);
	if (s == PL_OK && spec.kind == PL_GENERATE_PUBLISHED && pl_args_has(a, PL_O_inputs))
		s = pl_fail(&err, PL_EARG, -1,
		            "--inputs: workplaces of the published kind draw 3 to 8 inputs");
	if (s == PL_OK) s = pl_folder_refuse(a->arg[0], PL_FOLDER_TABLES, &err);
	if (s == PL_OK) s = pl_generate(&m, NULL, &spec, &err);
	if (s == PL_OK && pl_stop_asked())
		s = pl_fail(&err, PL_ESTOPPED, -1, "stopped; nothing was written");
	if (s == PL_OK) s = pl_economy_write(m, a->arg[0], &err);
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
