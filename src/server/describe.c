/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* describe.c - OpenAPI 3.1. A value that there was no memory for is NULL and spoils what it is
 * put into, so one look at the end is enough. */
#include "server/describe.h"

#include "app/look.h"
#include "app/ops.h"
#include "base/error.h"
#include "server/out.h"
#include "server/route.h"
#include "server/visit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 1024, WORDS_MOST = 32 };

static json_t *ref(const char *to)
{
	return json_pack("{s:s}", "$ref", to);
}

/* ---- fields ---- */

/// One of several words, split at |.
static json_t *words(const char *all)
{
	json_t *list = json_array();
	while (*all != '\0') {
		const size_t n = strcspn(all, "|");
		(void)json_array_append_new(list, json_stringn(all, n));
		all += n + (all[n] == '|');
	}
	return json_pack("{s:s, s:o}", "type", "string", "enum", list);
}

static json_t *rows_schema(int op, int field);

static json_t *schema(int op, int field)
{
	const pl_field_kind *k = &pl_fields_all[field];
	char help[TEXT_MOST];
	json_t *s =
	        k->type == PL_FIELD_ROWS   ? rows_schema(op, field)
	        : k->type == PL_FIELD_WORD ? words(k->unit)
	        : k->type == PL_FIELD_WHOLE
	                ? json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum",
	                            (json_int_t)k->low, "maximum", (json_int_t)k->high)
	        : k->type == PL_FIELD_DECIMAL
	                ? json_pack("{s:s, s:s}", "type", "string", "pattern",
	                            "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$")
	                : json_pack("{s:s, s:I, s:I}", "type", "string", "minLength",
	                            (json_int_t)(k->low > 0), "maxLength", (json_int_t)k->high);
	const bool unit = k->unit[0] != '\0' && k->type != PL_FIELD_WORD;
	(void)snprintf(help, sizeof help, "%s%s%s%s", k->help, unit ? " (" : "",
	               unit ? k->unit : "", unit ? ")" : "");
	(void)json_object_set_new(s, "description", json_string(help));
	return s;
}

static bool is_needed(const pl_field_kind *k)
{
	return k->need == PL_NEED_NEEDED || k->need == PL_NEED_SEALED ||
	       (k->need == PL_NEED_APART && k->low > 0);
}

/// An object of fields. @param properties,required taken
static json_t *object(json_t *properties, json_t *required)
{
	return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties,
	                 "required", required, "additionalProperties", 0);
}

static json_t *rows_schema(int op, int field)
{
	const pl_field_kind *k = &pl_fields_all[field];
	json_t *properties = json_object(), *required = json_array();
	for (int i = field + 1; i < pl_ops[op].after; i++) {
		const char *column;
		if (pl_field_rows_of(i, &column) != field) break;
		(void)json_object_set_new(properties, column, schema(op, i));
		if (is_needed(&pl_fields_all[i]))
			(void)json_array_append_new(required, json_string(column));
	}
	return json_pack("{s:s, s:o, s:I, s:I}", "type", "array", "items",
	                 object(properties, required), "minItems", (json_int_t)k->low,
	                 "maxItems", (json_int_t)k->high);
}

/// Is a field part of the address?
static bool in_path(const char *path, const char *name)
{
	char braced[64];
	(void)snprintf(braced, sizeof braced, "{%s}", name);
	return strstr(path, braced) != NULL;
}

/// What the body of an operation holds. @return an object schema
static json_t *body_schema(int op)
{
	json_t *properties = json_object(), *required = json_array();
	for (int i = pl_ops[op].first; i < pl_ops[op].after; i++) {
		const pl_field_kind *k = &pl_fields_all[i];
		const char *column;
		if (pl_field_rows_of(i, &column) >= 0 || k->need == PL_NEED_FILLED ||
		    in_path(pl_ops[op].path, k->name))
			continue;
		(void)json_object_set_new(properties, k->name, schema(op, i));
		if (is_needed(k)) (void)json_array_append_new(required, json_string(k->name));
	}
	return object(properties, required);
}

/* ---- addresses ---- */

/// The field of the operation that a part of its address is.
static json_t *part_schema(int op, const char *name)
{
	for (int i = op < 0 ? 0 : pl_ops[op].first; op >= 0 && i < pl_ops[op].after; i++)
		if (strcmp(pl_fields_all[i].name, name) == 0) return schema(op, i);
	return json_pack("{s:s}", "type", "string");
}

/// The parts of an address in braces, as parameters. Parts of the same name are numbered.
/// @param[out] address [TEXT_MOST] the address with those names
static json_t *parameters(char *address, const char *path, int op)
{
	json_t *list = json_array();
	size_t n = 0;
	for (int k = 1; *path != '\0' && n < TEXT_MOST - WORDS_MOST; path++) {
		char name[WORDS_MOST];
		address[n++] = *path;
		if (*path != '{') continue;
		const size_t length = strcspn(path, "}") - 1;
		(void)snprintf(name, sizeof name, "%.*s", (int)length, path + 1);
		json_t *kind = part_schema(op, name);
		if (strcmp(name, "number") == 0)
			(void)snprintf(name, sizeof name, "number%d", k++);
		n += (size_t)snprintf(address + n, TEXT_MOST - n, "%s}", name);
		path += length + 1;
		(void)json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:o}", "name",
		                                            name, "in", "path", "required", 1,
		                                            "schema", kind));
	}
	address[n] = '\0';
	return list;
}

static json_t *json_content(const char *to)
{
	return json_pack("{s:{s:{s:o}}}", "content", "application/json", "schema", ref(to));
}

/// Lines of JSON, each an object of that kind.
static json_t *lines_of(const char *kind)
{
	char to[WORDS_MOST + 24];
	(void)snprintf(to, sizeof to, "#/components/schemas/%s", kind);
	return json_pack("{s:{s:s, s:o}}", "schema", "type", "array", "items", ref(to));
}

static json_t *responses(const char *status, json_t *good)
{
	(void)json_object_set_new(good, "description", json_string("done"));
	return json_pack("{s:o, s:o}", status, good, "default",
	                 ref("#/components/responses/problem"));
}

/// Put what is known of an address in its place. @param about taken
static void put(json_t *paths, const char *address, const char *method, json_t *about)
{
	char small[8] = "";
	json_t *all = json_object_get(paths, address);
	for (size_t i = 0; method[i] != '\0' && i < sizeof small - 1; i++)
		small[i] = (char)(method[i] - 'A' + 'a');
	if (all == NULL) {
		(void)json_object_set_new(paths, address, json_object());
		all = json_object_get(paths, address);
	}
	(void)json_object_set_new(all, small, about);
}

static void put_op(json_t *paths, int op)
{
	char path[TEXT_MOST], address[TEXT_MOST];
	(void)snprintf(path, sizeof path, "/api%s", pl_ops[op].path);
	json_t *list = parameters(address, path, op);
	(void)json_array_append_new(list, ref("#/components/parameters/once"));
	put(paths, address, pl_route_method((int)pl_ops[op].method),
	    json_pack("{s:s, s:s, s:o, s:{s:{s:{s:o}}}, s:o}", "operationId", pl_ops[op].name,
	              "summary", pl_ops[op].help, "parameters", list, "requestBody", "content",
	              "application/json", "schema", body_schema(op), "responses",
	              responses("200", json_content("#/components/schemas/reply"))));
}

/// Are two addresses the same but for what their parts are called?
static bool same_shape(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0') {
		if (*a == '{' && *b == '{') {
			a = strchr(a, '}');
			b = strchr(b, '}');
		} else if (*a != *b) {
			return false;
		}
		a++;
		b++;
	}
	return *a == *b;
}

/// A view's address; where an operation has the same one, as that calls it.
static const char *look_path(int look)
{
	for (int i = 0; i < PL_OPS; i++)
		if (same_shape(pl_ops[i].path, pl_looks[look].path)) return pl_ops[i].path;
	return pl_looks[look].path;
}

static void put_look(json_t *paths, int look)
{
	char path[TEXT_MOST], address[TEXT_MOST], name[WORDS_MOST];
	(void)snprintf(path, sizeof path, "/api%s", look_path(look));
	(void)snprintf(name, sizeof name, "look.%s", pl_looks[look].name);
	json_t *list = parameters(address, path, -1);
	json_t *content = json_content("#/components/schemas/view");
	const bool rows =
	        look == PL_LOOK_rows || look == PL_LOOK_events || look == PL_LOOK_comments;
	if (rows || look == PL_LOOK_round) {
		(void)json_array_append_new(list, ref("#/components/parameters/after"));
		(void)json_array_append_new(list, ref("#/components/parameters/limit"));
	}
	if (rows)
		(void)json_object_set_new(json_object_get(content, "content"),
		                          "application/jsonl", lines_of("row"));
	json_t *about = json_pack("{s:s, s:s, s:o, s:o}", "operationId", name, "summary",
	                          pl_looks[look].help, "parameters", list, "responses",
	                          responses("200", content));
	if (pl_looks[look].everybody)
		(void)json_object_set_new(about, "security", json_array());
	put(paths, address, "GET", about);
}

/// What more is to be said of many operations at once.
static void put_bulk(json_t *about)
{
	json_t *list = json_object_get(about, "parameters"),
	       *good = json_object_get(json_object_get(about, "responses"), "200");
	(void)json_array_append_new(list, ref("#/components/parameters/once"));
	(void)json_array_append_new(
	        list, json_pack("{s:s, s:s, s:s, s:{s:s, s:[s, s]}}", "name", "on_error", "in",
	                        "query", "description", "after a line that is refused",
	                        "schema", "type", "string", "enum", "stop", "continue"));
	(void)json_object_set_new(
	        about, "requestBody",
	        json_pack("{s:{s:o}}", "content", "application/jsonl", lines_of("line")));
	(void)json_object_set_new(good, "content",
	                          json_pack("{s:o}", "application/jsonl", lines_of("done")));
}

static void put_path(json_t *paths, int i)
{
	const pl_path_kind *k = &pl_paths[i];
	char address[TEXT_MOST], name[WORDS_MOST], status[8];
	static const char *const ids[PL_PATHS] = {
#define PL_PATH(id, method, path, lane, who, status, help) [PL_PATH_##id] = #id,
#include "server/paths.def"
#undef PL_PATH
	};
	(void)snprintf(name, sizeof name, "server.%s", ids[i]);
	(void)snprintf(status, sizeof status, "%d", k->status);
	json_t *list = parameters(address, k->path, -1);
	json_t *about =
	        json_pack("{s:s, s:s, s:o, s:o}", "operationId", name, "summary", k->help,
	                  "parameters", list, "responses", responses(status, json_object()));
	if (!k->person) (void)json_object_set_new(about, "security", json_array());
	if (i == PL_PATH_bulk) put_bulk(about);
	put(paths, address, k->method, about);
}

/* ---- the whole ---- */

static json_t *problem_response(void)
{
	json_t *codes = json_array();
	for (int i = 0; i < PL_PROBLEMS_N; i++)
		(void)json_array_append_new(codes, json_string(pl_problems[i].code));
	return json_pack(
	        "{s:s, s:{s:{s:{s:s, s:[s, s, s, s], s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s, "
	        "s:o}, s:{s:s, s:s}}}}}}",
	        "description", "what is wrong, in a sentence, with a code that stays",
	        "content", "application/problem+json", "schema", "type", "object", "required",
	        "title", "status", "code", "detail", "properties", "title", "type", "string",
	        "status", "type", "integer", "detail", "type", "string", "code", "type",
	        "string", "enum", codes, "conflict", "type", "object", "description",
	        "of work.book: the bookings in the way, when as many are free as long, and "
	        "other "
	        "workplaces of the same labour that have people free");
}

/// Rows and events as lines, and the lines of many operations and their answers.
static void put_lines(json_t *schemas)
{
	(void)json_object_set_new(
	        schemas, "row",
	        json_pack("{s:s, s:s}", "type", "object", "description",
	                  "a row; where there is another page, {\"next\": ...} ends this one"));
	(void)json_object_set_new(
	        schemas, "line",
	        json_pack("{s:s, s:[s], s:{s:{s:s, s:s}, s:{s:s}, s:{s:s, s:s}}}", "type",
	                  "object", "required", "op", "properties", "op", "type", "string",
	                  "description", "the operationId of an operation", "fields", "type",
	                  "object", "once", "type", "string", "description",
	                  "a key; where not given, that of the whole with / and the line"));
	(void)json_object_set_new(
	        schemas, "done",
	        json_pack(
	                "{s:s, s:[s], s:{s:{s:s}}, s:s}", "type", "object", "required", "line",
	                "properties", "line", "type", "integer", "description",
	                "with height, hash and answer where it was done; with status, code and "
	                "detail where it was refused"));
}

static json_t *components(void)
{
	json_t *once = json_pack("{s:s, s:s, s:s, s:{s:s, s:i, s:i}}", "name",
	                         "Idempotency-Key", "in", "header", "description",
	                         "a text of your choice: the same request with the same key "
	                         "within a day is done "
	                         "once, and answered again",
	                         "schema", "type", "string", "minLength", 1, "maxLength", 128);
	json_t *after = json_pack("{s:s, s:s, s:s, s:{s:s}}", "name", "after", "in", "query",
	                          "description", "\"next\" of the page before", "schema",
	                          "type", "string");
	json_t *limit =
	        json_pack("{s:s, s:s, s:s, s:{s:s, s:i, s:i, s:i}}", "name", "limit", "in",
	                  "query", "description", "rows of a page", "schema", "type", "integer",
	                  "minimum", 1, "maximum", PL_LOOK_PAGE_MOST, "default", PL_LOOK_PAGE);
	json_t *reply =
	        json_pack("{s:s, s:[s, s, s], s:{s:{s:s}, s:{s:s, s:s}, s:{s:s}}}", "type",
	                  "object", "required", "height", "hash", "answer", "properties",
	                  "height", "type", "integer", "hash", "type", "string", "pattern",
	                  "^[0-9a-f]{64}$", "answer", "type", "object");
	json_t *schemes = json_pack("{s:{s:s, s:s}, s:{s:s, s:s, s:s}}", "token", "type",
	                            "http", "scheme", "bearer", "cookie", "type", "apiKey",
	                            "in", "cookie", "name", "plenum");
	json_t *all =
	        json_pack("{s:{s:o, s:o, s:o}, s:{s:o, s:{s:s}}, s:{s:o}, s:o}", "parameters",
	                  "once", once, "after", after, "limit", limit, "schemas", "reply",
	                  reply, "view", "type", "object", "responses", "problem",
	                  problem_response(), "securitySchemes", schemes);
	put_lines(json_object_get(all, "schemas"));
	return all;
}

/// Pages and their forms answer people, with pages.
static bool is_for_programs(const char *path)
{
	return strncmp(path, "/api/", 5) == 0 || strcmp(path, "/healthz") == 0 ||
	       strcmp(path, "/metrics") == 0;
}

static json_t *describe(const char *base)
{
	json_t *paths = json_object();
	for (int i = 0; i < PL_OPS; i++) put_op(paths, i);
	for (int i = 0; i < PL_LOOKS; i++) put_look(paths, i);
	for (int i = 0; i < PL_PATHS; i++)
		if (is_for_programs(pl_paths[i].path)) put_path(paths, i);
	return json_pack("{s:s, s:{s:s, s:s}, s:[{s:s}], s:[{s:[]}, {s:[]}], s:o, s:o}",
	                 "openapi", "3.1.0", "info", "title", "Plenum", "version", PL_VERSION,
	                 "servers", "url", base[0] == '\0' ? "/" : base, "security", "token",
	                 "cookie", "components", components(), "paths", paths);
}

pl_status pl_describe(char **out, const char *base, pl_error *err)
{
	json_t *all = describe(base);
	*out = all == NULL ? NULL : json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return *out != NULL ? PL_OK
	                    : pl_fail(err, PL_ENOMEM, -1, "no memory for the description");
}
