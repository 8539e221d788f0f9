/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/lab_parts.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "lab/settle.h"

#include <string.h>

enum { RUNS_MOST = 1000000, YEARS_MOST = 1000, ROUNDS_MOST = 1000000 };
static const double shock_most = 3;

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

static pl_status read_rules(pl_lab *lab, const pl_lab_object *o, pl_error *err)
{
	const json_t *list;
	PL_TRY(pl_lab_get_list(&list, o, "rules", false, err));
	lab->n_rules = list == NULL ? 1 : (int32_t)json_array_size(list);
	lab->rule = pl_alloc(lab->n_rules, sizeof *lab->rule);
	if (lab->rule == NULL) return pl_lab_no_memory("rules", err);
	for (int32_t k = 0; k < lab->n_rules; k++) {
		const char *text = list == NULL
		                           ? pl_rule_name(PL_RULE_fitted)
		                           : json_string_value(json_array_get(list, (size_t)k));
		if (text == NULL) return pl_lab_refuse(o, "rules", "is a list of names", err);
		PL_TRY(read_rule(&lab->rule[k], text, err));
		for (int32_t i = 0; i < k; i++)
			if (strcmp(lab->rule[i].text, text) == 0)
				return pl_lab_refuse(o, "rules", "names a rule twice", err);
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

static pl_status read_starts(pl_lab *lab, const pl_lab_object *o, pl_error *err)
{
	const json_t *list;
	PL_TRY(pl_lab_get_list(&list, o, "starts", false, err));
	lab->n_starts = list == NULL ? 1 : (int32_t)json_array_size(list);
	lab->start = pl_alloc(lab->n_starts, sizeof *lab->start);
	if (lab->start == NULL) return pl_lab_no_memory("starts", err);
	for (int32_t k = 0; k < lab->n_starts; k++) {
		if (!read_start(&lab->start[k], json_array_get(list, (size_t)k)))
			return pl_lab_refuse(
			        o, "starts",
			        "is a list of prices above 0, of \"model\" for the "
			        "prices of the tables, and of \"plan\" for those of the "
			        "plan that clears them",
			        err);
	}
	return pl_lab_check_distinct(list, o, "starts", err);
}

static pl_status read_behaviours(pl_lab *lab, const pl_lab_object *o, pl_error *err)
{
	const json_t *list;
	pl_error why;
	PL_TRY(pl_lab_get_list(&list, o, "behaviours", false, err));
	lab->n_behaviours = list == NULL ? 1 : (int32_t)json_array_size(list);
	lab->behaviour = pl_alloc(lab->n_behaviours, sizeof *lab->behaviour);
	if (lab->behaviour == NULL) return pl_lab_no_memory("behaviours", err);
	for (int32_t k = 0; k < lab->n_behaviours; k++) {
		pl_lab_behaviour *b = &lab->behaviour[k];
		b->text = list == NULL ? "declared"
		                       : json_string_value(json_array_get(list, (size_t)k));
		if (b->text == NULL)
			return pl_lab_refuse(o, "behaviours", "is a list of names", err);
		if (pl_behaviour_read(&b->strength, b->text, &why) != PL_OK)
			return pl_fail(err, PL_EARG, -1, "\"behaviours\": %s", why.msg);
	}
	return pl_lab_check_distinct(list, o, "behaviours", err);
}

static pl_status read_seeds(pl_lab *lab, const pl_lab_object *o, pl_error *err)
{
	const json_t *list;
	PL_TRY(pl_lab_get_list(&list, o, "seeds", false, err));
	lab->n_seeds = list == NULL ? 1 : (int32_t)json_array_size(list);
	lab->seed = pl_alloc(lab->n_seeds, sizeof *lab->seed);
	if (lab->seed == NULL) return pl_lab_no_memory("seeds", err);
	for (int32_t k = 0; k < lab->n_seeds; k++) {
		const json_t *v = json_array_get(list, (size_t)k);
		const json_int_t seed = list == NULL ? 1 : json_integer_value(v);
		if ((list != NULL && !json_is_integer(v)) || seed < 0 ||
		    (double)seed > PL_LAB_WHOLE_MOST)
			return pl_lab_refuse(o, "seeds", "is a list of whole numbers from 0 on",
			                     err);
		lab->seed[k] = (uint64_t)seed;
	}
	return pl_lab_check_distinct(list, o, "seeds", err);
}

/* ---- settings ---- */

/// An amount, or "published".
static pl_status read_shock(pl_lab *lab, const pl_lab_object *o, pl_error *err)
{
	const char *text = json_string_value(json_object_get(o->at, "shock"));
	lab->change = PL_CHANGE_SHOCK;
	lab->shock = 0.1;
	if (text == NULL)
		return pl_lab_get_number(&lab->shock, o, "shock", shock_most, true, err);
	lab->change = PL_CHANGE_PUBLISHED;
	return strcmp(text, "published") == 0
	               ? PL_OK
	               : pl_lab_refuse(o, "shock", "is a number from 0 to 3, or \"published\"",
	                               err);
}

static pl_status read_settings(pl_lab *lab, const pl_lab_object *o, pl_error *err)
{
	const pl_rule_settings preset = pl_rule_preset();
	static const double log_step_most = 1000;
	int64_t years = 1, max_rounds = 50;
	int end = PL_END_DISRUPTION, best = PL_BEST_TABLES;
	lab->tolerance = preset.tolerance;
	lab->log_step = preset.log_step;
	PL_TRY(pl_lab_get_whole(&years, o, "years", 1, YEARS_MOST, err));
	PL_TRY(pl_lab_get_whole(&max_rounds, o, "max_rounds", 1, ROUNDS_MOST, err));
	PL_TRY(pl_lab_get_number(&lab->tolerance, o, "tolerance", 1, false, err));
	PL_TRY(pl_lab_get_number(&lab->log_step, o, "log_step", log_step_most, false, err));
	PL_TRY(pl_lab_get_choice(&end, o, "endgame", pl_end_name, err));
	PL_TRY(pl_lab_get_bool(&lab->limits, o, "limits", err));
	PL_TRY(pl_lab_get_bool(&lab->loss, o, "loss", err));
	PL_TRY(pl_lab_get_choice(&best, o, "best", pl_best_name, err));
	lab->years = (int32_t)years;
	lab->max_rounds = (int32_t)max_rounds;
	lab->end = (pl_end_kind)end;
	lab->best = (pl_best)best;
	return read_shock(lab, o, err);
}

/// The name is that of a folder too.
static pl_status read_title(pl_lab *lab, const pl_lab_object *o, pl_error *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                              "0123456789-_.";
	lab->about = "";
	PL_TRY(pl_lab_get_text(&lab->name, o, "name", err));
	PL_TRY(pl_lab_get_text(&lab->about, o, "about", err));
	if (lab->name != NULL && lab->name[0] != '.' && lab->name[0] != '\0' &&
	    strlen(lab->name) <= 64 && lab->name[strspn(lab->name, letters)] == '\0')
		return PL_OK;
	return pl_lab_refuse(
	        o, "name", "is missing or no name: up to 64 of a-z, A-Z, 0-9, - _ and .", err);
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

static pl_status read_experiment(pl_lab *lab, const pl_lab_object *o, pl_error *err)
{
	static const char *const known[] = {
	        "name",  "about",      "economies", "rules",     "starts",  "behaviours",
	        "seeds", "years",      "shock",     "tolerance", "endgame", "limits",
	        "loss",  "max_rounds", "log_step",  "best",      NULL};
	PL_TRY(pl_lab_check_members(o, known, err));
	PL_TRY(read_title(lab, o, err));
	PL_TRY(read_settings(lab, o, err));
	PL_TRY(read_rules(lab, o, err));
	PL_TRY(read_starts(lab, o, err));
	PL_TRY(read_behaviours(lab, o, err));
	PL_TRY(read_seeds(lab, o, err));
	PL_TRY(pl_lab_read_economies(lab, o, err));
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
	const pl_lab_object o = {json_is_object(inner) ? inner : lab->file, ""};
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
