/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fields.c - a request is read into an object of its own, member by member in the order of
 * ops.def, so that what is recorded does not depend on how it was written. */
#include "app/fields.h"

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static pl_status no_memory(pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the request");
}

/* ---- one value ---- */

static bool is_one_of(const char *words, const char *word)
{
	const size_t n = strlen(word);
	if (strchr(word, '|') != NULL) return false;
	for (const char *at = words; at != NULL;
	     at = strchr(at, '|'), at = at == NULL ? NULL : at + 1)
		if (strncmp(at, word, n) == 0 && (at[n] == '|' || at[n] == '\0')) return true;
	return false;
}

static pl_status check_whole(const pl_field_kind *k, const json_t *v, pl_error *err)
{
	if (json_is_integer(v) && json_integer_value(v) >= k->low &&
	    json_integer_value(v) <= k->high)
		return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "\"%s\" is a whole number from %" PRId64 " to %" PRId64, k->name, k->low,
	               k->high);
}

static pl_status check_text(const pl_field_kind *k, const char *text, pl_error *err)
{
	const int64_t n = (int64_t)strlen(text);
	char brief[PL_BRIEF_CHARS];
	double number;
	if (n < k->low || n > k->high)
		return pl_fail(err, PL_EARG, -1, "\"%s\" has %" PRId64 " to %" PRId64 " bytes",
		               k->name, k->low, k->high);
	if (k->type == PL_FIELD_WORD && !is_one_of(k->unit, text))
		return pl_fail(err, PL_EARG, -1, "\"%s\" is \"%s\"; it is one of %s", k->name,
		               pl_text_brief(brief, text), k->unit);
	if (k->type == PL_FIELD_DECIMAL && n > 0 && pl_number_read(&number, text) != PL_OK)
		return pl_fail(err, PL_EARG, -1, "\"%s\" is \"%s\", which is no decimal number",
		               k->name, pl_text_brief(brief, text));
	return PL_OK;
}

/// What is a name is one line: a model refuses ids that are not, so that a season whose
/// councils had such codes could not be planned. Longer texts may have lines.
static pl_status check_line(const pl_field_kind *k, const char *text, pl_error *err)
{
	enum { LINE_MOST = 200 }; ///< bytes that codes and names have
	const int64_t n = (int64_t)strlen(text),
	              at = k->high <= LINE_MOST ? pl_utf8_control(text, n) : -1;
	if (at < 0) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "\"%s\" holds a control character (its byte %" PRId64
	               "); write it without",
	               k->name, at + 1);
}

/// A field that is no list. @param v NULL: not given @param[out] out a new value
static pl_status read_value(json_t **out, const pl_field_kind *k, const json_t *v,
                            bool recalled, pl_error *err)
{
	const bool whole = k->type == PL_FIELD_WHOLE;
	const bool needed = k->need == PL_NEED_NEEDED ||
	                    (k->need == PL_NEED_SEALED && !recalled) ||
	                    (k->need == PL_NEED_APART && k->low > 0 && !recalled);
	*out = NULL;
	if (v == NULL || json_is_null(v)) {
		if (needed)
			return pl_fail(err, PL_EARG, -1, "\"%s\" is missing: %s", k->name,
			               k->help);
		*out = whole ? json_integer(0) : json_string("");
	} else if (whole) {
		PL_TRY(check_whole(k, v, err));
		*out = json_integer(json_integer_value(v));
	} else {
		const char *text = json_string_value(v);
		if (text == NULL) return pl_fail(err, PL_EARG, -1, "\"%s\" is a text", k->name);
		if (strlen(text) != json_string_length(v))
			return pl_fail(err, PL_EARG, -1,
			               "\"%s\" holds a character that ends texts", k->name);
		if (text[0] != '\0' || needed) PL_TRY(check_text(k, text, err));
		if (!recalled) PL_TRY(check_line(k, text, err)); /* older events stay valid */
		*out = json_string(text);
	}
	return *out != NULL ? PL_OK : no_memory(err);
}

/* ---- lists ---- */

/// Refuse members that no field has.
static pl_status check_members(json_t *object, int first, int after, int rows_of, pl_error *err)
{
	const char *key;
	json_t *value;
	json_object_foreach(object, key, value)
	{
		bool known = false;
		char brief[PL_BRIEF_CHARS];
		for (int i = first; i < after && !known; i++) {
			const char *column;
			const int of = pl_field_rows_of(i, &column);
			known = of == rows_of &&
			        strcmp(of < 0 ? pl_fields_all[i].name : column, key) == 0;
		}
		if (!known)
			return pl_fail(err, PL_EARG, -1, "there is no field \"%s\"",
			               pl_text_brief(brief, key));
	}
	return PL_OK;
}

static pl_status read_row(json_t **out, const pl_op_kind *op, int rows, json_t *v,
                          bool recalled, pl_error *err)
{
	*out = NULL;
	if (!json_is_object(v))
		return pl_fail(err, PL_EARG, -1, "\"%s\" is a list of objects",
		               pl_fields_all[rows].name);
	PL_TRY(check_members(v, op->first, op->after, rows, err));
	json_t *row = json_object();
	pl_status st = row == NULL ? no_memory(err) : PL_OK;
	for (int i = rows + 1; i < op->after && st == PL_OK; i++) {
		const char *column;
		json_t *cell;
		if (pl_field_rows_of(i, &column) != rows) break;
		st = read_value(&cell, &pl_fields_all[i], json_object_get(v, column), recalled,
		                err);
		if (st == PL_OK && json_object_set_new(row, column, cell) != 0)
			st = no_memory(err);
	}
	if (st == PL_OK)
		*out = row;
	else
		json_decref(row);
	return st;
}

static pl_status read_rows(json_t **out, const pl_op_kind *op, int field, const json_t *v,
                           bool recalled, pl_error *err)
{
	const pl_field_kind *k = &pl_fields_all[field];
	const size_t n = json_array_size(v);
	*out = NULL;
	if (v == NULL && (k->need == PL_NEED_MAY || k->need == PL_NEED_FILLED)) {
		*out = json_array();
		return *out != NULL ? PL_OK : no_memory(err);
	}
	if (!json_is_array(v) || (int64_t)n < k->low || (int64_t)n > k->high)
		return pl_fail(err, PL_EARG, -1,
		               "\"%s\" is a list of %" PRId64 " to %" PRId64 " rows", k->name,
		               k->low, k->high);
	json_t *rows = json_array();
	pl_status st = rows == NULL ? no_memory(err) : PL_OK;
	for (size_t i = 0; i < n && st == PL_OK; i++) {
		json_t *row;
		st = read_row(&row, op, field, json_array_get(v, i), recalled, err);
		if (st == PL_OK && json_array_append_new(rows, row) != 0) st = no_memory(err);
	}
	if (st == PL_OK)
		*out = rows;
	else
		json_decref(rows);
	return st;
}

/* ---- a request ---- */

/// Where a field is looked for; NULL: it is not given.
static const json_t *given(int field, const json_t *facts, const json_t *texts, bool recalled)
{
	const pl_field_kind *k = &pl_fields_all[field];
	if (!recalled)
		return k->need == PL_NEED_FILLED ? NULL : json_object_get(facts, k->name);
	if (k->need == PL_NEED_SEALED) return NULL;
	return json_object_get(k->need == PL_NEED_APART ? texts : facts, k->name);
}

static pl_status read_all(pl_fields *out, const json_t *facts, const json_t *texts,
                          bool recalled, pl_error *err)
{
	const pl_op_kind *op = &pl_ops[out->op];
	for (int i = op->first; i < op->after; i++) {
		const char *column;
		json_t *value;
		if (pl_field_rows_of(i, &column) >= 0) continue;
		const json_t *v = given(i, facts, texts, recalled);
		if (pl_fields_all[i].type == PL_FIELD_ROWS)
			PL_TRY(read_rows(&value, op, i, v, recalled, err));
		else
			PL_TRY(read_value(&value, &pl_fields_all[i], v, recalled, err));
		if (json_object_set_new(out->object, pl_fields_all[i].name, value) != 0)
			return no_memory(err);
	}
	return PL_OK;
}

static pl_status begin(pl_fields *out, int op, json_t *object, pl_error *err)
{
	*out = (pl_fields){.op = op};
	if (!json_is_object(object))
		return pl_fail(err, PL_EARG, -1, "a request is a JSON object");
	PL_TRY(check_members(object, pl_ops[op].first, pl_ops[op].after, -1, err));
	out->object = json_object();
	return out->object != NULL ? PL_OK : no_memory(err);
}

pl_status pl_fields_read(pl_fields *out, int op, json_t *request, pl_error *err)
{
	pl_status st = begin(out, op, request, err);
	for (int i = pl_ops[op].first; i < pl_ops[op].after && st == PL_OK; i++)
		if (pl_fields_all[i].need == PL_NEED_FILLED &&
		    json_object_get(request, pl_fields_all[i].name) != NULL)
			st = pl_fail(err, PL_EARG, -1, "\"%s\" is filled in by the record",
			             pl_fields_all[i].name);
	if (st == PL_OK) st = read_all(out, request, NULL, false, err);
	if (st != PL_OK) pl_fields_clear(out);
	return st;
}

pl_status pl_fields_recall(pl_fields *out, int op, json_t *facts, const json_t *texts,
                           pl_error *err)
{
	pl_status st = begin(out, op, facts, err);
	if (st == PL_OK) st = read_all(out, facts, texts, true, err);
	if (st != PL_OK) pl_fields_clear(out);
	return st;
}

void pl_fields_clear(pl_fields *f)
{
	json_decref(f->object);
	f->object = NULL;
}

pl_status pl_fields_fill(pl_fields *f, int field, json_t *rows, pl_error *err)
{
	return json_object_set_new(f->object, pl_fields_all[field].name, rows) == 0
	               ? PL_OK
	               : no_memory(err);
}

/* ---- reading it ---- */

static const json_t *cell(const pl_fields *f, int field, int64_t i)
{
	const char *column;
	const int rows = pl_field_rows_of(field, &column);
	const json_t *list = json_object_get(f->object, pl_fields_all[rows].name);
	return json_object_get(json_array_get(list, (size_t)i), column);
}

int64_t pl_fields_whole(const pl_fields *f, int field)
{
	return json_integer_value(json_object_get(f->object, pl_fields_all[field].name));
}

const char *pl_fields_text(const pl_fields *f, int field)
{
	return json_string_value(json_object_get(f->object, pl_fields_all[field].name));
}

int64_t pl_fields_rows(const pl_fields *f, int field)
{
	return (int64_t)json_array_size(json_object_get(f->object, pl_fields_all[field].name));
}

int64_t pl_fields_row_whole(const pl_fields *f, int field, int64_t i)
{
	return json_integer_value(cell(f, field, i));
}

const char *pl_fields_row_text(const pl_fields *f, int field, int64_t i)
{
	return json_string_value(cell(f, field, i));
}

/* ---- what is recorded ---- */

static bool says_nothing(const json_t *value)
{
	return json_is_integer(value)  ? json_integer_value(value) == 0
	       : json_is_string(value) ? json_string_length(value) == 0
	                               : json_array_size(value) == 0;
}

/// Is a field left out of an event? What may be given and is not leaves no mark, so that an
/// event stays the same when its operation is given more fields.
static bool left_out(int field, const json_t *value)
{
	const pl_field_need need = pl_fields_all[field].need;
	return need == PL_NEED_SEALED ||
	       ((need == PL_NEED_APART || need == PL_NEED_MAY) && says_nothing(value));
}

/// A row without the columns that are left out. @return NULL: no memory
static json_t *row_to_record(int field, const json_t *row)
{
	json_t *out = json_object();
	for (int i = field + 1; i < PL_FIELDS && out != NULL; i++) {
		const char *column;
		if (pl_field_rows_of(i, &column) != field) break;
		json_t *value = json_object_get(row, column);
		if (left_out(i, value) || json_object_set(out, column, value) == 0) continue;
		json_decref(out);
		out = NULL;
	}
	return out;
}

/// As it stands in an event. @return a new value; NULL: no memory
static json_t *to_record(int field, json_t *value)
{
	if (pl_fields_all[field].type != PL_FIELD_ROWS) return json_incref(value);
	json_t *rows = json_array();
	for (size_t i = 0; i < json_array_size(value) && rows != NULL; i++) {
		json_t *row = row_to_record(field, json_array_get(value, i));
		if (row != NULL && json_array_append_new(rows, row) == 0) continue;
		json_decref(rows);
		rows = NULL;
	}
	return rows;
}

/// A new object of some of the fields: the texts apart, or the facts.
static json_t *part_of(const pl_fields *f, bool apart)
{
	json_t *part = json_object();
	const char *key;
	json_t *value;
	int i = pl_ops[f->op].first;
	if (part == NULL) return NULL;
	json_object_foreach(f->object, key, value)
	{
		while (strcmp(pl_fields_all[i].name, key) != 0) i++;
		if ((pl_fields_all[i].need == PL_NEED_APART) != apart || left_out(i, value))
			continue;
		json_t *kept = to_record(i, value);
		if (kept != NULL && json_object_set_new(part, key, kept) == 0) continue;
		json_decref(part);
		return NULL;
	}
	return part;
}

json_t *pl_fields_facts(const pl_fields *f)
{
	return part_of(f, false);
}

json_t *pl_fields_texts(const pl_fields *f)
{
	return part_of(f, true);
}

pl_status pl_json_read(json_t **out, const char *text, pl_error *err)
{
	json_error_t fault;
	*out = json_loads(text, JSON_REJECT_DUPLICATES, &fault);
	if (*out != NULL) return PL_OK;
	/* where there is no memory to begin with, nothing is said */
	if (fault.text[0] == '\0' || json_error_code(&fault) == json_error_out_of_memory)
		return no_memory(err);
	return pl_fail(err, PL_EPARSE, fault.line, "this is not JSON: %s", fault.text);
}

char *pl_json_text(const json_t *value)
{
	return json_dumps(value, JSON_COMPACT);
}
