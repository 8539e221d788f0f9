/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lab_member.c - the members of an object of an experiment, each checked. */
#include "cli/lab_parts.h"

#include "base/error.h"
#include "base/names.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { LIST_MOST = 100000 };

pl_status pl_lab_refuse(const pl_lab_object *o, const char *key, const char *what,
                        pl_error *err)
{
	return pl_fail(err, PL_EARG, -1, "%s\"%s\" %s", o->where, key, what);
}

pl_status pl_lab_check_members(const pl_lab_object *o, const char *const *known, pl_error *err)
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

pl_status pl_lab_get_whole(int64_t *out, const pl_lab_object *o, const char *key, double low,
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
	return pl_lab_refuse(o, key, what, err);
}

pl_status pl_lab_get_bool(bool *out, const pl_lab_object *o, const char *key, pl_error *err)
{
	const json_t *v = json_object_get(o->at, key);
	if (v == NULL) return PL_OK;
	*out = json_is_true(v);
	return json_is_boolean(v) ? PL_OK : pl_lab_refuse(o, key, "is true or false", err);
}

pl_status pl_lab_get_number(double *out, const pl_lab_object *o, const char *key, double high,
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
	return pl_lab_refuse(o, key, what, err);
}

pl_status pl_lab_get_text(const char **out, const pl_lab_object *o, const char *key,
                          pl_error *err)
{
	const json_t *v = json_object_get(o->at, key);
	if (v == NULL) return PL_OK;
	*out = json_string_value(v);
	return *out != NULL ? PL_OK : pl_lab_refuse(o, key, "is a text", err);
}

pl_status pl_lab_get_choice(int *out, const pl_lab_object *o, const char *key,
                            const char *(*name)(int), pl_error *err)
{
	const char *text = NULL;
	char brief[PL_BRIEF_CHARS], list[256] = "";
	PL_TRY(pl_lab_get_text(&text, o, key, err));
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

pl_status pl_lab_get_list(const json_t **out, const pl_lab_object *o, const char *key,
                          bool needed, pl_error *err)
{
	const json_t *v = json_object_get(o->at, key);
	*out = v;
	if (v == NULL && !needed) return PL_OK;
	if (json_is_array(v) && json_array_size(v) > 0 && json_array_size(v) <= LIST_MOST)
		return PL_OK;
	return pl_lab_refuse(o, key, "is a list with at least one entry", err);
}

pl_status pl_lab_no_memory(const char *key, pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory for \"%s\" of the experiment", key);
}

pl_status pl_lab_check_distinct(const json_t *list, const pl_lab_object *o, const char *key,
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
			st = pl_lab_refuse(o, key, "has an entry twice", err);
		else if (!pl_names_reserve(&seen, text))
			st = pl_lab_no_memory(key, err);
		else
			(void)pl_names_put(&seen, text);
	}
	pl_names_clear(&seen);
	return st;
}
