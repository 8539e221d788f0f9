/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/sketch.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "base/text.h"
#include "io/manifest.h"
#include "io/table.h"

#include <math.h>
#include <string.h>

/// Number a name that is new in its table. @return its number, or -1: told, or no memory
static int32_t number(pl_names *names, pl_reader *t, const char *what, const char *id)
{
	char brief[PL_BRIEF_CHARS];
	if (*id == '\0') return -1;
	if (pl_names_find(names, id) >= 0) {
		pl_table_fault(t, "%s \"%s\" stands twice", what, pl_text_brief(brief, id));
		return -1;
	}
	if (pl_names_reserve(names, id)) return pl_names_put(names, id);
	t->status = PL_ENOMEM;
	return -1;
}

/// Room for row n of an array. @return false: no memory
static bool reserve(void **array, int64_t *room, int64_t n, size_t size, pl_reader *t)
{
	if (n < *room) return true;
	const int64_t more = pl_grow_room(*room, n + 1);
	void *longer = pl_grow(*array, n, more, size);
	if (longer == NULL) {
		t->status = PL_ENOMEM;
		return false;
	}
	*array = longer;
	*room = more;
	return true;
}

static void read_price(pl_sketch *s, pl_reader *t)
{
	void *at = s->good;
	const char *id = pl_table_needed(t, 0);
	if (!reserve(&at, &s->good_room, s->goods.n, sizeof *s->good, t)) return;
	s->good = at;
	const int32_t j = number(&s->goods, t, "good", id);
	if (j < 0) return;
	s->good[j] = (pl_sketch_good){.price = pl_table_number(t, 1),
	                              .supply = pl_table_number(t, 2),
	                              .demand = pl_table_number(t, 3)};
	if (isnan(s->good[j].price) && !t->row_bad) (void)pl_table_needed(t, 1);
	if (s->good[j].price < 0) pl_table_fault(t, "the price is below 0");
}

static void read_council(pl_sketch *s, pl_reader *t)
{
	void *at = s->council;
	const char *id = pl_table_needed(t, 0);
	if (!reserve(&at, &s->council_room, s->councils.n, sizeof *s->council, t)) return;
	s->council = at;
	const int32_t i = number(&s->councils, t, "council", id);
	if (i < 0) return;
	s->council[i] = (pl_sketch_council){.activity = pl_table_number(t, 1),
	                                    .benefit = pl_table_number(t, 2),
	                                    .cost = pl_table_number(t, 3)};
}

/// A name of another table. @return its number, or -1: told
static int32_t look_up(const pl_names *names, pl_reader *t, const char *what, const char *file,
                       const char *id)
{
	char brief[PL_BRIEF_CHARS];
	if (*id == '\0') return -1;
	const int32_t k = pl_names_find(names, id);
	if (k < 0)
		pl_table_fault(t, "%s \"%s\" is not in %s", what, pl_text_brief(brief, id),
		               file);
	return k;
}

static void read_flow(pl_sketch *s, pl_reader *t)
{
	const int32_t i =
	        look_up(&s->councils, t, "council", "councils.csv", pl_table_needed(t, 0));
	const int32_t j = look_up(&s->goods, t, "good", "prices.csv", pl_table_needed(t, 1));
	const int role = pl_table_choice(t, 2, pl_role_name, PL_ROLES);
	const double q = pl_table_number(t, 3);
	if (isnan(q) && !t->row_bad) (void)pl_table_needed(t, 3);
	if (q < 0) pl_table_fault(t, "the quantity is below 0");
	s->n_flows++;
	if (i >= 0 && j >= 0 && role == PL_WANTS && q > 0) s->good[j].wanted += q;
}

static pl_status read_table(pl_sketch *s, const pl_table_kind *kind, const pl_source *from,
                            pl_faults *faults, void (*row)(pl_sketch *, pl_reader *))
{
	pl_reader t;
	pl_table_open(&t, kind, from, faults);
	while (t.status == PL_OK && pl_table_next(&t)) row(s, &t);
	pl_table_close(&t);
	return t.status;
}

static void take_word(char out[PL_SKETCH_WORD], const json_t *root, const char *key)
{
	const char *text = json_string_value(json_object_get(root, key));
	(void)snprintf(out, PL_SKETCH_WORD, "%.70s", text != NULL ? text : "");
}

static double take_number(const json_t *root, const char *key)
{
	const json_t *x = json_object_get(root, key);
	return json_is_number(x) ? json_number_value(x) : NAN;
}

static pl_status read_manifest(pl_sketch *s, const pl_source *from, pl_faults *faults)
{
	json_error_t why = {.line = 1};
	bool there;
	json_t *root = pl_manifest_load(from, &there, &why);
	take_word(s->outcome, root, "outcome");
	take_word(s->inputs, root, "inputs");
	take_word(s->digest, root, "digest");
	take_word(s->period, root, "period");
	s->tolerance = take_number(root, "tolerance");
	s->worst_imbalance = take_number(root, "worst_imbalance");
	json_decref(root);
	if (!there || root != NULL) return PL_OK;
	return pl_faults_add(faults, "plan.json:%d: cannot be read: %s", why.line, why.text);
}

static pl_status read_files(pl_sketch *s, const pl_source *from, pl_faults *faults)
{
	static const pl_column price[] = {
	        {"good", true}, {"price", true}, {"supply", false}, {"demand", false}};
	static const pl_column council[] = {
	        {"council", true}, {"activity", true}, {"benefit", false}, {"cost", false}};
	static const pl_column flow[] = {
	        {"council", true}, {"good", true}, {"role", true}, {"quantity", true}};
	const pl_table_kind
	        prices = {.file = "prices.csv", .column = price, .n = 4, .others = true},
	        councils = {.file = "councils.csv", .column = council, .n = 4, .others = true},
	        flows = {.file = "flows.csv", .column = flow, .n = 4, .others = true};
	PL_TRY(read_table(s, &prices, from, faults, read_price));
	PL_TRY(read_table(s, &councils, from, faults, read_council));
	PL_TRY(read_table(s, &flows, from, faults, read_flow));
	return read_manifest(s, from, faults);
}

pl_status pl_sketch_read_from(pl_sketch *out, const pl_source *from, pl_faults *faults,
                              pl_error *err)
{
	pl_faults own = {0};
	pl_faults *told = faults != NULL ? faults : &own;
	const int64_t before = told->n;
	*out = (pl_sketch){.tolerance = NAN, .worst_imbalance = NAN};
	PL_TRY(pl_source_check(from, err));
	pl_status status = read_files(out, from, told);
	if (status != PL_OK)
		(void)pl_fail(err, status, -1, "no memory to read this plan");
	else if (told->n > before)
		status = pl_faults_first(told, before, err);
	if (status != PL_OK) pl_sketch_free(out);
	pl_faults_clear(&own);
	return status;
}

pl_status pl_sketch_read(pl_sketch *out, const char *folder, pl_faults *faults, pl_error *err)
{
	const pl_source from = {.folder = folder};
	return pl_sketch_read_from(out, &from, faults, err);
}

void pl_sketch_free(pl_sketch *s)
{
	pl_names_clear(&s->goods);
	pl_names_clear(&s->councils);
	pl_free(s->good);
	pl_free(s->council);
	*s = (pl_sketch){0};
}
