/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lab_write.c - an experiment as JSON, with every default filled in. */
#include "cli/lab_file.h"
#include "lab/settle.h"

static void put_spread(pl_json *j, const char *key, const pl_spread *s)
{
	if (!s->given) return;
	pl_json_open_array(j, key);
	pl_json_put_number(j, NULL, s->low);
	pl_json_put_number(j, NULL, s->high);
	pl_json_close_array(j);
}

static void put_economy(pl_json *j, const pl_lab_economy *e)
{
	const pl_generate_spec *s = &e->spec;
	pl_json_open_object(j, NULL);
	pl_json_put_text(j, "name", e->name);
	if (e->folder != NULL) {
		pl_json_put_text(j, "folder", e->folder);
		pl_json_put_text(j, "inputs", e->inputs);
	} else {
		pl_json_put_text(j, "generate", pl_generate_kind_name((int)s->kind));
		pl_json_put_whole(j, "workplaces", s->workplaces);
		pl_json_put_whole(j, "goods", s->goods);
		pl_json_put_whole(j, "consumers", s->consumers);
		if (s->kind != PL_GENERATE_PUBLISHED) pl_json_put_whole(j, "inputs", s->inputs);
		put_spread(j, "sigma", &s->sigma);
		put_spread(j, "returns", &s->returns);
		if (s->kind == PL_GENERATE_CAPACITIES)
			pl_json_put_text(j, "capacity", pl_capacity_name((int)s->capacity));
		if (e->seeded) pl_json_put_whole(j, "seed", (int64_t)s->seed);
	}
	pl_json_close_object(j);
}

static void put_factors(pl_json *j, const pl_lab *lab)
{
	pl_json_open_array(j, "economies");
	for (int32_t k = 0; k < lab->n_economies; k++) put_economy(j, &lab->economy[k]);
	pl_json_close_array(j);
	pl_json_open_array(j, "rules");
	for (int32_t k = 0; k < lab->n_rules; k++) pl_json_put_text(j, NULL, lab->rule[k].text);
	pl_json_close_array(j);
	pl_json_open_array(j, "starts");
	for (int32_t k = 0; k < lab->n_starts; k++)
		if (pl_lab_start_word(lab->start[k]) != NULL)
			pl_json_put_text(j, NULL, pl_lab_start_word(lab->start[k]));
		else
			pl_json_put_number(j, NULL, lab->start[k]);
	pl_json_close_array(j);
	pl_json_open_array(j, "behaviours");
	for (int32_t k = 0; k < lab->n_behaviours; k++)
		pl_json_put_text(j, NULL, lab->behaviour[k].text);
	pl_json_close_array(j);
	pl_json_open_array(j, "seeds");
	for (int32_t k = 0; k < lab->n_seeds; k++)
		pl_json_put_whole(j, NULL, (int64_t)lab->seed[k]);
	pl_json_close_array(j);
}

void pl_lab_write(pl_json *j, const char *key, const pl_lab *lab)
{
	pl_json_open_object(j, key);
	pl_json_put_text(j, "name", lab->name);
	if (lab->about[0] != '\0') pl_json_put_text(j, "about", lab->about);
	put_factors(j, lab);
	pl_json_put_whole(j, "years", lab->years);
	if (lab->change == PL_CHANGE_PUBLISHED)
		pl_json_put_text(j, "shock", "published");
	else
		pl_json_put_number(j, "shock", lab->shock);
	pl_json_put_number(j, "tolerance", lab->tolerance);
	pl_json_put_number(j, "log_step", lab->log_step);
	pl_json_put_whole(j, "max_rounds", lab->max_rounds);
	pl_json_put_text(j, "endgame", pl_end_name((int)lab->end));
	pl_json_put_bool(j, "limits", lab->limits);
	pl_json_put_bool(j, "loss", lab->loss);
	pl_json_put_text(j, "best", pl_best_name((int)lab->best));
	pl_json_close_object(j);
}
