/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lab_economies.c - the economies of an experiment: folders of tables, or made up. */
#include "cli/lab_parts.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/names.h"
#include "cli/folder.h"
#include "io/economy.h"

#include <stdio.h>
#include <string.h>

/// Two numbers in a list, or one for both.
static pl_status get_spread(pl_spread *out, const pl_lab_object *o, const char *key,
                            double high, pl_error *err)
{
	const json_t *v = json_object_get(o->at, key);
	const json_t *a = json_is_array(v) ? json_array_get(v, 0) : v;
	const json_t *b = json_is_array(v) ? json_array_get(v, 1) : v;
	char what[96];
	if (v == NULL) return PL_OK;
	*out = (pl_spread){json_number_value(a), json_number_value(b), true};
	if (json_is_number(a) && json_is_number(b) &&
	    (!json_is_array(v) || json_array_size(v) == 2) && out->low >= 0 &&
	    out->low <= out->high && out->high <= high)
		return PL_OK;
	(void)snprintf(what, sizeof what, "is a number from 0 to %g, or [low, high]", high);
	return pl_lab_refuse(o, key, what, err);
}

/// Members that not every kind takes.
static pl_status check_kind(const pl_lab_object *o, const pl_generate_spec *s, pl_error *err)
{
	const bool capacities = s->kind == PL_GENERATE_CAPACITIES;
	const bool rounds = s->kind >= PL_GENERATE_CES;
	if (s->kind == PL_GENERATE_PUBLISHED && json_object_get(o->at, "inputs") != NULL)
		return pl_lab_refuse(o, "inputs", "is drawn by the kind published itself", err);
	if (s->sigma.given && !rounds)
		return pl_lab_refuse(o, "sigma", "is for the kinds ces, capacities and effort",
		                     err);
	if (s->returns.given && (!rounds || capacities))
		return pl_lab_refuse(o, "returns", "is for the kinds ces and effort", err);
	if (s->returns.given && !(s->returns.low > 0))
		return pl_lab_refuse(o, "returns", "is above 0", err);
	if (json_object_get(o->at, "capacity") != NULL && !capacities)
		return pl_lab_refuse(o, "capacity", "is for the kind capacities", err);
	return PL_OK;
}

static pl_status read_made_up(pl_lab_economy *e, const pl_lab_object *o, pl_error *err)
{
	static const char *const known[] = {"name",      "generate", "workplaces", "goods",
	                                    "consumers", "inputs",   "sigma",      "returns",
	                                    "capacity",  "seed",     NULL};
	static const char *const needed[] = {"workplaces", "goods", "consumers"};
	enum { MOST = 10000000, MOST_INPUTS = 1000, INPUTS = 6 };
	static const double most_sigma = 20, most_returns = 0.95;
	int kind = 0, capacity = PL_CAPACITY_LOOSE;
	int64_t size[3] = {0}, inputs = INPUTS, seed = 0;
	pl_error why;
	PL_TRY(pl_lab_check_members(o, known, err));
	PL_TRY(pl_lab_get_choice(&kind, o, "generate", pl_generate_kind_name, err));
	PL_TRY(pl_lab_get_choice(&capacity, o, "capacity", pl_capacity_name, err));
	for (int k = 0; k < 3; k++) {
		const double low = k == 1 ? 4 : 1;
		if (json_object_get(o->at, needed[k]) == NULL)
			return pl_lab_refuse(o, needed[k], "is missing", err);
		PL_TRY(pl_lab_get_whole(&size[k], o, needed[k], low, MOST, err));
	}
	PL_TRY(pl_lab_get_whole(&inputs, o, "inputs", 1, MOST_INPUTS, err));
	PL_TRY(pl_lab_get_whole(&seed, o, "seed", 0, PL_LAB_WHOLE_MOST, err));
	PL_TRY(get_spread(&e->spec.sigma, o, "sigma", most_sigma, err));
	PL_TRY(get_spread(&e->spec.returns, o, "returns", most_returns, err));
	e->seeded = json_object_get(o->at, "seed") != NULL;
	e->spec.kind = (pl_generate_kind)kind;
	e->spec.capacity = (pl_capacity)capacity;
	e->spec.workplaces = (int32_t)size[0];
	e->spec.goods = (int32_t)size[1];
	e->spec.consumers = (int32_t)size[2];
	e->spec.inputs = (int32_t)inputs;
	e->spec.seed = (uint64_t)seed;
	PL_TRY(check_kind(o, &e->spec, err));
	if (pl_generate_check(&e->spec, &why) == PL_OK) return PL_OK;
	return pl_fail(err, PL_EARG, -1, "%s%s", o->where, why.msg);
}

/// Read a folder for what is wrong with it; the runs read it again.
static pl_status read_folder(pl_lab_economy *e, const pl_lab_object *o, pl_error *err)
{
	static const char *const known[] = {"name", "folder", "inputs", NULL};
	pl_settings settings = pl_settings_preset();
	pl_model *m = NULL;
	const char *inputs = NULL;
	PL_TRY(pl_lab_check_members(o, known, err));
	PL_TRY(pl_lab_get_text(&e->folder, o, "folder", err));
	PL_TRY(pl_lab_get_text(&inputs, o, "inputs", err));
	PL_TRY(pl_economy_read(&m, &settings, e->folder, NULL, err));
	pl_model_free(m);
	PL_TRY(pl_folder_hash(e->inputs, e->folder, err));
	if (inputs == NULL || strcmp(inputs, e->inputs) == 0) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "%sthe tables in %.200s are not those that the experiment was run with",
	               o->where, e->folder);
}

/// What results.csv calls an economy without a name of its own.
static void name_economy(pl_lab_economy *e)
{
	const pl_generate_spec *s = &e->spec;
	if (e->folder != NULL)
		(void)snprintf(e->name, sizeof e->name, "%s", e->folder);
	else
		(void)snprintf(e->name, sizeof e->name, "%s-%dx%dx%d",
		               pl_generate_kind_name((int)s->kind), s->workplaces, s->goods,
		               s->consumers);
}

/// A name stands in a cell of a table, and between others, as it is.
static bool is_plain(const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == ',' || *c == '"') return false;
	return name[0] != '\0' && strlen(name) < PL_LAB_NAME_ROOM - 1;
}

static pl_status read_name(pl_lab_economy *e, const pl_lab_object *o, pl_error *err)
{
	const char *name = NULL;
	PL_TRY(pl_lab_get_text(&name, o, "name", err));
	if (name == NULL)
		name_economy(e);
	else
		(void)snprintf(e->name, sizeof e->name, "%s", name);
	if (is_plain(e->name)) return PL_OK;
	return pl_lab_refuse(
	        o, "name",
	        "is at most 126 bytes long, without commas, quotes and control characters",
	        err);
}

static pl_status read_economy(pl_lab *lab, int32_t k, json_t *at, pl_error *err)
{
	pl_lab_economy *e = &lab->economy[k];
	char where[32];
	(void)snprintf(where, sizeof where, "economies[%d]: ", k + 1);
	const pl_lab_object o = {at, where};
	if (!json_is_object(at))
		return pl_fail(err, PL_EARG, -1, "economies[%d] is an object", k + 1);
	const bool folder = json_object_get(at, "folder") != NULL;
	if (folder == (json_object_get(at, "generate") != NULL))
		return pl_fail(err, PL_EARG, -1, "%sgive either \"folder\" or \"generate\"",
		               where);
	PL_TRY(folder ? read_folder(e, &o, err) : read_made_up(e, &o, err));
	return read_name(e, &o, err);
}

static pl_status note_economy(pl_names *seen, const char *name, pl_error *err)
{
	const int32_t i = pl_names_find(seen, name);
	if (i >= 0)
		return pl_fail(err, PL_EARG, -1,
		               "economies[%d] and [%d] are both called %s; give each "
		               "a \"name\"",
		               i + 1, seen->n + 1, name);
	if (!pl_names_reserve(seen, name)) return pl_lab_no_memory("economies", err);
	(void)pl_names_put(seen, name);
	return PL_OK;
}

pl_status pl_lab_read_economies(pl_lab *lab, const pl_lab_object *o, pl_error *err)
{
	const json_t *list;
	PL_TRY(pl_lab_get_list(&list, o, "economies", true, err));
	lab->n_economies = (int32_t)json_array_size(list);
	lab->economy = pl_alloc(lab->n_economies, sizeof *lab->economy);
	if (lab->economy == NULL) return pl_lab_no_memory("economies", err);
	pl_names seen = {0};
	pl_status st = PL_OK;
	for (int32_t k = 0; st == PL_OK && k < lab->n_economies; k++) {
		st = read_economy(lab, k, json_array_get(list, (size_t)k), err);
		if (st == PL_OK) st = note_economy(&seen, lab->economy[k].name, err);
	}
	pl_names_clear(&seen);
	return st;
}
