/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/lab_file.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/names.h"
#include "base/text.h"
#include "cli/folder.h"
#include "io/economy.h"
#include "lab/settle.h"

#include <string.h>

enum { RUNS_MOST = 1000000, LIST_MOST = 100000, YEARS_MOST = 1000, ROUNDS_MOST = 1000000 };
static const double shock_most = 3, whole_most = 9007199254740991; /* 2^53 - 1 */

/* ---- members of an object ---- */

/// An object of the file, and how messages call it.
typedef struct {
	json_t *at;
	const char *where; ///< "" or "economies[2]: "
} object;

static pl_status refuse(const object *o, const char *key, const char *what, pl_error *err)
{
	return pl_fail(err, PL_EARG, -1, "%s\"%s\" %s", o->where, key, what);
}

/// Refuse members that nobody reads, with the nearest name that somebody does.
static pl_status check_members(const object *o, const char *const *known, pl_error *err)
{
	const char *key;
	json_t *value;
	json_object_foreach(o->at, key, value)
	{
		pl_near near = {0};
		char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
		int k = 0;
		for (; known[k] != NULL && strcmp(known[k], key) != 0; k++)
			pl_near_offer(&near, key, known[k]);
		if (known[k] == NULL)
			return pl_fail(err, PL_EARG, -1, "%sthere is no member \"%s\"%s",
			               o->where, pl_text_brief(brief, key),
			               pl_near_hint(hint, &near));
	}
	return PL_OK;
}

static pl_status get_whole(int64_t *out, const object *o, const char *key, double low,
                           double high, pl_error *err)
{
	const json_t *v = json_object_get(o->at, key);
	char what[96];
	if (v == NULL) return PL_OK;
	if (json_is_integer(v) && (double)json_integer_value(v) >= low &&
	    (double)json_integer_value(v) <= high) {
		*out = json_integer_value(v);
		return PL_OK;
	}
	(void)snprintf(what, sizeof what, "is a whole number from %.0f to %.0f", low, high);
	return refuse(o, key, what, err);
}

static pl_status get_bool(bool *out, const object *o, const char *key, pl_error *err)
{
	const json_t *v = json_object_get(o->at, key);
	if (v == NULL) return PL_OK;
	*out = json_is_true(v);
	return json_is_boolean(v) ? PL_OK : refuse(o, key, "is true or false", err);
}

/// A number that lies between, the bounds left out where they are not `closed`.
static pl_status get_number(double *out, const object *o, const char *key, double high,
                            bool closed, pl_error *err)
{
	const json_t *v = json_object_get(o->at, key);
	char what[96];
	if (v == NULL) return PL_OK;
	const double x = json_number_value(v);
	*out = x;
	if (json_is_number(v) && (closed ? x >= 0 && x <= high : x > 0 && x < high))
		return PL_OK;
	(void)snprintf(what, sizeof what,
	               closed ? "is a number from 0 to %g" : "is a number above 0 and below %g",
	               high);
	return refuse(o, key, what, err);
}

static pl_status get_text(const char **out, const object *o, const char *key, pl_error *err)
{
	const json_t *v = json_object_get(o->at, key);
	if (v == NULL) return PL_OK;
	*out = json_string_value(v);
	return *out != NULL ? PL_OK : refuse(o, key, "is a text", err);
}

/// One of several names; unchanged where the member is missing.
static pl_status get_choice(int *out, const object *o, const char *key,
                            const char *(*name)(int), pl_error *err)
{
	const char *text = NULL;
	char brief[PL_BRIEF_CHARS], list[256] = "";
	PL_TRY(get_text(&text, o, key, err));
	if (text == NULL) return PL_OK;
	size_t n = 0;
	for (int k = 0; name(k) != NULL; k++) {
		if (strcmp(name(k), text) == 0) {
			*out = k;
			return PL_OK;
		}
		n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", k > 0 ? ", " : "",
		                      name(k));
	}
	return pl_fail(err, PL_EARG, -1, "%s\"%s\" is \"%s\"; it is one of: %s", o->where, key,
	               pl_text_brief(brief, text), list);
}

/// A list with something in it, or NULL where the member is missing and may be.
static pl_status get_list(const json_t **out, const object *o, const char *key, bool needed,
                          pl_error *err)
{
	const json_t *v = json_object_get(o->at, key);
	*out = v;
	if (v == NULL && !needed) return PL_OK;
	if (json_is_array(v) && json_array_size(v) > 0 && json_array_size(v) <= LIST_MOST)
		return PL_OK;
	return refuse(o, key, "is a list with at least one entry", err);
}

static pl_status no_memory(const char *key, pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory for \"%s\" of the experiment", key);
}

/// Refuse a list of texts and numbers that has an entry twice.
static pl_status check_distinct(const json_t *list, const object *o, const char *key,
                                pl_error *err)
{
	pl_names seen = {0};
	pl_status st = PL_OK;
	for (size_t k = 0; st == PL_OK && k < json_array_size(list); k++) {
		const json_t *v = json_array_get(list, k);
		char number[32];
		const char *text = json_is_string(v) ? json_string_value(v) : number;
		(void)snprintf(number, sizeof number, "%.17g", json_number_value(v));
		if (pl_names_find(&seen, text) >= 0)
			st = refuse(o, key, "has an entry twice", err);
		else if (!pl_names_reserve(&seen, text))
			st = no_memory(key, err);
		else
			(void)pl_names_put(&seen, text);
	}
	pl_names_clear(&seen);
	return st;
}

/* ---- economies ---- */

/// Two numbers in a list, or one for both.
static pl_status get_spread(pl_spread *out, const object *o, const char *key, double high,
                            pl_error *err)
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
	return refuse(o, key, what, err);
}

/// Members that not every kind takes.
static pl_status check_kind(const object *o, const pl_generate_spec *s, pl_error *err)
{
	const bool capacities = s->kind == PL_GENERATE_CAPACITIES;
	const bool rounds = s->kind >= PL_GENERATE_CES;
	if (s->kind == PL_GENERATE_PUBLISHED && json_object_get(o->at, "inputs") != NULL)
		return refuse(o, "inputs", "is drawn by the kind published itself", err);
	if (s->sigma.given && !rounds)
		return refuse(o, "sigma", "is for the kinds ces, capacities and effort", err);
	if (s->returns.given && (!rounds || capacities))
		return refuse(o, "returns", "is for the kinds ces and effort", err);
	if (s->returns.given && !(s->returns.low > 0))
		return refuse(o, "returns", "is above 0", err);
	if (json_object_get(o->at, "capacity") != NULL && !capacities)
		return refuse(o, "capacity", "is for the kind capacities", err);
	return PL_OK;
}

static pl_status read_made_up(pl_lab_economy *e, const object *o, pl_error *err)
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
	PL_TRY(check_members(o, known, err));
	PL_TRY(get_choice(&kind, o, "generate", pl_generate_kind_name, err));
	PL_TRY(get_choice(&capacity, o, "capacity", pl_capacity_name, err));
	for (int k = 0; k < 3; k++) {
		const double low = k == 1 ? 4 : 1;
		if (json_object_get(o->at, needed[k]) == NULL)
			return refuse(o, needed[k], "is missing", err);
		PL_TRY(get_whole(&size[k], o, needed[k], low, MOST, err));
	}
	PL_TRY(get_whole(&inputs, o, "inputs", 1, MOST_INPUTS, err));
	PL_TRY(get_whole(&seed, o, "seed", 0, whole_most, err));
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
static pl_status read_folder(pl_lab_economy *e, const object *o, pl_error *err)
{
	static const char *const known[] = {"name", "folder", "inputs", NULL};
	pl_settings settings = pl_settings_preset();
	pl_model *m = NULL;
	const char *inputs = NULL;
	PL_TRY(check_members(o, known, err));
	PL_TRY(get_text(&e->folder, o, "folder", err));
	PL_TRY(get_text(&inputs, o, "inputs", err));
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

static pl_status read_name(pl_lab_economy *e, const object *o, pl_error *err)
{
	const char *name = NULL;
	PL_TRY(get_text(&name, o, "name", err));
	if (name == NULL)
		name_economy(e);
	else
		(void)snprintf(e->name, sizeof e->name, "%s", name);
	if (is_plain(e->name)) return PL_OK;
	return refuse(
	        o, "name",
	        "is at most 126 bytes long, without commas, quotes and control characters",
	        err);
}

static pl_status read_economy(pl_lab *lab, int32_t k, json_t *at, pl_error *err)
{
	pl_lab_economy *e = &lab->economy[k];
	char where[32];
	(void)snprintf(where, sizeof where, "economies[%d]: ", k + 1);
	const object o = {at, where};
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
	if (!pl_names_reserve(seen, name)) return no_memory("economies", err);
	(void)pl_names_put(seen, name);
	return PL_OK;
}

static pl_status read_economies(pl_lab *lab, const object *o, pl_error *err)
{
	const json_t *list;
	PL_TRY(get_list(&list, o, "economies", true, err));
	lab->n_economies = (int32_t)json_array_size(list);
	lab->economy = pl_alloc(lab->n_economies, sizeof *lab->economy);
	if (lab->economy == NULL) return no_memory("economies", err);
	pl_names seen = {0};
	pl_status st = PL_OK;
	for (int32_t k = 0; st == PL_OK && k < lab->n_economies; k++) {
		st = read_economy(lab, k, json_array_get(list, (size_t)k), err);
		if (st == PL_OK) st = note_economy(&seen, lab->economy[k].name, err);
	}
	pl_names_clear(&seen);
	return st;
}

/* ---- the other factors ---- */

static pl_status read_rule(pl_lab_rule *r, const char *text, pl_error *err)
{
	char name[PL_LAB_NAME_ROOM], brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	pl_near near = {0};
	(void)snprintf(name, sizeof name, "%s", text);
	char *colon = strchr(name, ':');
	if (colon != NULL) *colon++ = '\0';
	const int kind = pl_rule_of(name);
	for (int k = 0; k < PL_RULES; k++) pl_near_offer(&near, name, pl_rule_name(k));
	if (kind < 0)
		return pl_fail(err, PL_EARG, -1, "\"rules\": no rule is called \"%s\"%s",
		               pl_text_brief(brief, name), pl_near_hint(hint, &near));
	*r = (pl_lab_rule){text, (pl_rule_kind)kind, true, false};
	if (colon == NULL) return PL_OK;
	r->learns = strcmp(colon, "still") != 0;
	r->forgets = strcmp(colon, "forgets") == 0;
	if (r->learns != r->forgets || kind != PL_RULE_fitted)
		return pl_fail(err, PL_EARG, -1,
		               "\"rules\": \"%s\" is no rule; fitted is also spelled "
		               "fitted:still (it learns nothing) and fitted:forgets (a new one "
		               "each year)",
		               pl_text_brief(brief, text));
	return PL_OK;
}

static pl_status read_rules(pl_lab *lab, const object *o, pl_error *err)
{
	const json_t *list;
	PL_TRY(get_list(&list, o, "rules", false, err));
	lab->n_rules = list == NULL ? 1 : (int32_t)json_array_size(list);
	lab->rule = pl_alloc(lab->n_rules, sizeof *lab->rule);
	if (lab->rule == NULL) return no_memory("rules", err);
	for (int32_t k = 0; k < lab->n_rules; k++) {
		const char *text = list == NULL
		                           ? pl_rule_name(PL_RULE_fitted)
		                           : json_string_value(json_array_get(list, (size_t)k));
		if (text == NULL) return refuse(o, "rules", "is a list of names", err);
		PL_TRY(read_rule(&lab->rule[k], text, err));
		for (int32_t i = 0; i < k; i++)
			if (strcmp(lab->rule[i].text, text) == 0)
				return refuse(o, "rules", "names a rule twice", err);
	}
	return PL_OK;
}

const char *pl_lab_start_word(double start)
{
	if (start == PL_LAB_MODEL) return "model";
	return start == PL_LAB_PLAN ? "plan" : NULL;
}

/// @param v NULL: not given
static bool read_start(double *out, const json_t *v)
{
	static const double words[] = {PL_LAB_MODEL, PL_LAB_PLAN};
	const char *text = json_string_value(v);
	*out = v == NULL ? PL_LAB_MODEL : json_number_value(v);
	for (size_t k = 0; text != NULL && k < sizeof words / sizeof *words; k++)
		if (strcmp(text, pl_lab_start_word(words[k])) == 0) {
			*out = words[k];
			return true;
		}
	return v == NULL || (json_is_number(v) && *out > 0);
}

static pl_status read_starts(pl_lab *lab, const object *o, pl_error *err)
{
	const json_t *list;
	PL_TRY(get_list(&list, o, "starts", false, err));
	lab->n_starts = list == NULL ? 1 : (int32_t)json_array_size(list);
	lab->start = pl_alloc(lab->n_starts, sizeof *lab->start);
	if (lab->start == NULL) return no_memory("starts", err);
	for (int32_t k = 0; k < lab->n_starts; k++) {
		if (!read_start(&lab->start[k], json_array_get(list, (size_t)k)))
			return refuse(o, "starts",
			              "is a list of prices above 0, of \"model\" for the "
			              "prices of the tables, and of \"plan\" for those of the "
			              "plan that clears them",
			              err);
	}
	return check_distinct(list, o, "starts", err);
}

static pl_status read_behaviours(pl_lab *lab, const object *o, pl_error *err)
{
	const json_t *list;
	pl_error why;
	PL_TRY(get_list(&list, o, "behaviours", false, err));
	lab->n_behaviours = list == NULL ? 1 : (int32_t)json_array_size(list);
	lab->behaviour = pl_alloc(lab->n_behaviours, sizeof *lab->behaviour);
	if (lab->behaviour == NULL) return no_memory("behaviours", err);
	for (int32_t k = 0; k < lab->n_behaviours; k++) {
		pl_lab_behaviour *b = &lab->behaviour[k];
		b->text = list == NULL ? "declared"
		                       : json_string_value(json_array_get(list, (size_t)k));
		if (b->text == NULL) return refuse(o, "behaviours", "is a list of names", err);
		if (pl_behaviour_read(&b->strength, b->text, &why) != PL_OK)
			return pl_fail(err, PL_EARG, -1, "\"behaviours\": %s", why.msg);
	}
	return check_distinct(list, o, "behaviours", err);
}

static pl_status read_seeds(pl_lab *lab, const object *o, pl_error *err)
{
	const json_t *list;
	PL_TRY(get_list(&list, o, "seeds", false, err));
	lab->n_seeds = list == NULL ? 1 : (int32_t)json_array_size(list);
	lab->seed = pl_alloc(lab->n_seeds, sizeof *lab->seed);
	if (lab->seed == NULL) return no_memory("seeds", err);
	for (int32_t k = 0; k < lab->n_seeds; k++) {
		const json_t *v = json_array_get(list, (size_t)k);
		const json_int_t seed = list == NULL ? 1 : json_integer_value(v);
		if ((list != NULL && !json_is_integer(v)) || seed < 0 ||
		    (double)seed > whole_most)
			return refuse(o, "seeds", "is a list of whole numbers from 0 on", err);
		lab->seed[k] = (uint64_t)seed;
	}
	return check_distinct(list, o, "seeds", err);
}

/* ---- settings ---- */

/// An amount, or "published".
static pl_status read_shock(pl_lab *lab, const object *o, pl_error *err)
{
	const char *text = json_string_value(json_object_get(o->at, "shock"));
	lab->change = PL_CHANGE_SHOCK;
	lab->shock = 0.1;
	if (text == NULL) return get_number(&lab->shock, o, "shock", shock_most, true, err);
	lab->change = PL_CHANGE_PUBLISHED;
	return strcmp(text, "published") == 0
	               ? PL_OK
	               : refuse(o, "shock", "is a number from 0 to 3, or \"published\"", err);
}

static pl_status read_settings(pl_lab *lab, const object *o, pl_error *err)
{
	const pl_rule_settings preset = pl_rule_preset();
	static const double log_step_most = 1000;
	int64_t years = 1, max_rounds = 50;
	int end = PL_END_DISRUPTION, best = PL_BEST_TABLES;
	lab->tolerance = preset.tolerance;
	lab->log_step = preset.log_step;
	PL_TRY(get_whole(&years, o, "years", 1, YEARS_MOST, err));
	PL_TRY(get_whole(&max_rounds, o, "max_rounds", 1, ROUNDS_MOST, err));
	PL_TRY(get_number(&lab->tolerance, o, "tolerance", 1, false, err));
	PL_TRY(get_number(&lab->log_step, o, "log_step", log_step_most, false, err));
	PL_TRY(get_choice(&end, o, "endgame", pl_end_name, err));
	PL_TRY(get_bool(&lab->limits, o, "limits", err));
	PL_TRY(get_bool(&lab->loss, o, "loss", err));
	PL_TRY(get_choice(&best, o, "best", pl_best_name, err));
	lab->years = (int32_t)years;
	lab->max_rounds = (int32_t)max_rounds;
	lab->end = (pl_end_kind)end;
	lab->best = (pl_best)best;
	return read_shock(lab, o, err);
}

/// The name is that of a folder too.
static pl_status read_title(pl_lab *lab, const object *o, pl_error *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                              "0123456789-_.";
	lab->about = "";
	PL_TRY(get_text(&lab->name, o, "name", err));
	PL_TRY(get_text(&lab->about, o, "about", err));
	if (lab->name != NULL && lab->name[0] != '.' && lab->name[0] != '\0' &&
	    strlen(lab->name) <= 64 && lab->name[strspn(lab->name, letters)] == '\0')
		return PL_OK;
	return refuse(o, "name", "is missing or no name: up to 64 of a-z, A-Z, 0-9, - _ and .",
	              err);
}

/// What does not go together, and grids that nobody can wait for.
static pl_status check_grid(const pl_lab *lab, pl_error *err)
{
	for (int32_t r = 0; r < lab->n_rules; r++)
		for (int32_t b = 0; b < lab->n_behaviours; b++)
			if (lab->rule[r].kind == PL_RULE_direct &&
			    strcmp(lab->behaviour[b].text, "declared") != 0)
				return pl_fail(err, PL_EARG, -1,
				               "the rule direct clears the schedules of the "
				               "tables: it goes with the behaviour declared "
				               "alone; make it an experiment of its own");
	for (int32_t b = 0; b < lab->n_behaviours; b++)
		if (lab->best == PL_BEST_COUNCILS &&
		    !pl_behaviour_is_steady(&lab->behaviour[b].strength))
			return pl_fail(err, PL_EARG, -1,
			               "\"best\": councils that do not answer the same prices "
			               "always alike (%.100s) have no best plan of their own",
			               lab->behaviour[b].text);
	const double runs = (double)lab->n_economies * lab->n_rules * lab->n_starts *
	                    lab->n_behaviours * lab->n_seeds;
	if (runs <= RUNS_MOST) return PL_OK;
	return pl_fail(err, PL_EARG, -1, "the grid has %.0f runs; %d are the most", runs,
	               RUNS_MOST);
}

static pl_status read_experiment(pl_lab *lab, const object *o, pl_error *err)
{
	static const char *const known[] = {
	        "name",  "about",      "economies", "rules",     "starts",  "behaviours",
	        "seeds", "years",      "shock",     "tolerance", "endgame", "limits",
	        "loss",  "max_rounds", "log_step",  "best",      NULL};
	PL_TRY(check_members(o, known, err));
	PL_TRY(read_title(lab, o, err));
	PL_TRY(read_settings(lab, o, err));
	PL_TRY(read_rules(lab, o, err));
	PL_TRY(read_starts(lab, o, err));
	PL_TRY(read_behaviours(lab, o, err));
	PL_TRY(read_seeds(lab, o, err));
	PL_TRY(read_economies(lab, o, err));
	return check_grid(lab, err);
}

/* ---- the file ---- */

static void promise(char out[PL_LAB_DIGEST], const json_t *file, const char *key)
{
	const char *text = json_string_value(json_object_get(file, key));
	(void)snprintf(out, PL_LAB_DIGEST, "%s", text != NULL ? text : "");
}

static pl_status read_file(pl_lab *lab, const char *path, pl_error *err)
{
	json_error_t fault;
	FILE *from = fopen(path, "rb");
	if (from == NULL)
		return pl_fail(err, PL_ENOTFOUND, -1, "%.300s cannot be opened", path);
	lab->file = json_loadf(from, JSON_REJECT_DUPLICATES, &fault);
	(void)fclose(from);
	if (lab->file == NULL)
		return pl_fail(err, PL_EPARSE, fault.line, "line %d is not JSON: %s",
		               fault.line, fault.text);
	if (!json_is_object(lab->file))
		return pl_fail(err, PL_EPARSE, -1, "an experiment is one JSON object");
	json_t *inner = json_object_get(lab->file, "experiment");
	promise(lab->results, lab->file, "results");
	promise(lab->rounds, lab->file, "rounds");
	const object o = {json_is_object(inner) ? inner : lab->file, ""};
	return read_experiment(lab, &o, err);
}

pl_status pl_lab_read(pl_lab *out, const char *path, pl_error *err)
{
	pl_error why;
	*out = (pl_lab){0};
	const pl_status st = read_file(out, path, &why);
	if (st == PL_OK) return PL_OK;
	pl_lab_clear(out);
	if (st == PL_ENOTFOUND || st == PL_ENOMEM) return pl_fail(err, st, -1, "%s", why.msg);
	return pl_fail(err, st, why.where, "%.120s: %.380s", path, why.msg);
}

void pl_lab_clear(pl_lab *lab)
{
	pl_free(lab->economy);
	pl_free(lab->rule);
	pl_free(lab->start);
	pl_free(lab->behaviour);
	pl_free(lab->seed);
	json_decref(lab->file);
	*lab = (pl_lab){0};
}

/* ---- writing ---- */

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

/* ---- the grid ---- */

int64_t pl_lab_runs(const pl_lab *lab)
{
	return (int64_t)lab->n_economies * lab->n_rules * lab->n_starts * lab->n_behaviours *
	       lab->n_seeds;
}

static int32_t digit(int64_t *rest, int32_t n)
{
	const int32_t d = (int32_t)(*rest % n);
	*rest /= n;
	return d;
}

pl_lab_place pl_lab_place_of(const pl_lab *lab, int64_t run)
{
	pl_lab_place p;
	p.seed = digit(&run, lab->n_seeds);
	p.behaviour = digit(&run, lab->n_behaviours);
	p.start = digit(&run, lab->n_starts);
	p.rule = digit(&run, lab->n_rules);
	p.economy = digit(&run, lab->n_economies);
	return p;
}
