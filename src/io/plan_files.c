/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* plan_files.c - a claimed plan from its files. What is claimed is judged elsewhere; here
 * each number finds its place in the model, and none is missing or there twice. */
#include "io/plan_files.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/manifest.h"
#include "io/table.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Places in pl_claim_files.array. */
enum {
	A_PRICE,
	A_SUPPLY,
	A_DEMAND,
	A_IMBALANCE,
	A_ACTIVITY,
	A_BENEFIT,
	A_COST,
	A_RATIO,
	A_QUANTITY,
	ARRAYS
};

typedef struct {
	pl_claim_files *out;
	const pl_model *m;
	const pl_source *from;
	pl_faults *faults;
	pl_ids goods, councils;
	int64_t *link_slot; /* [n_slots] number of a link + 1, 0 where empty */
	uint64_t n_slots;   /* a power of two, at least twice the links */
	bool sparse;        /* a link that is not there is 0 */
	pl_faults own;      /* where nobody else keeps them */
	pl_status status;
} claiming;

static void *rows(claiming *c, int64_t n, size_t size)
{
	void *p = pl_alloc(n, size);
	if (p == NULL) c->status = PL_ENOMEM;
	return p;
}

static void note(claiming *c, pl_status status)
{
	if (status != PL_OK) c->status = status;
}

/* Arrays for the columns [first, first + n) of a table that its file has. */
static void make_arrays(claiming *c, const pl_reader *t, int first_column, int first, int n,
                        int64_t length)
{
	for (int k = 0; k < n && c->status == PL_OK; k++) {
		if (t->at[first_column + k] < 0) continue;
		double *x = rows(c, length, sizeof *x);
		for (int64_t i = 0; x != NULL && i < length; i++) x[i] = NAN;
		c->out->array[first + k] = x;
	}
}

/* The line where a row first stood. @return false: it stands twice, told */
static bool first_time(pl_reader *t, int64_t *line, const char *what)
{
	if (*line == 0) {
		*line = pl_table_line(t);
		return true;
	}
	pl_table_fault(t, "%s stands twice (first in line %lld)", what, (long long)*line);
	return false;
}

/* ---- tables with one row for each good or council ---- */

typedef struct {
	const pl_table_kind *kind; /* column 0 is the id, the others go into the arrays */
	int first_array;
	bool empty_allowed;
	pl_ids *ids;
	pl_text id;
	int64_t n;
} id_table;

static void read_id_row(claiming *c, pl_reader *t, const id_table *a, int64_t *line)
{
	const char *id = pl_table_needed(t, 0);
	if (*id == '\0') return;
	const int32_t i = pl_ids_find(a->ids, t, id);
	char brief[PL_BRIEF_CHARS], what[PL_BRIEF_CHARS + 24];
	if (i < 0) return;
	(void)snprintf(what, sizeof what, "%s \"%s\"", a->ids->what, pl_text_brief(brief, id));
	if (!first_time(t, &line[i], what)) return;
	for (int k = 1; k < a->kind->n; k++) {
		double *x = c->out->array[a->first_array + k - 1];
		if (x == NULL) continue;
		x[i] = pl_table_number(t, k);
		if (isnan(x[i]) && !t->row_bad && !a->empty_allowed)
			(void)pl_table_needed(t, k);
	}
}

static void tell_missing_ids(claiming *c, const id_table *a, const int64_t *line)
{
	char brief[PL_BRIEF_CHARS];
	for (int64_t i = 0; i < a->n && c->status == PL_OK; i++)
		if (line[i] == 0)
			note(c,
			     pl_faults_add(c->faults, "%s: %s \"%s\" of the economy is missing",
			                   a->kind->file, a->ids->what,
			                   pl_text_brief(brief, pl_text_at(a->id, i))));
}

static void read_id_table(claiming *c, const id_table *a)
{
	pl_reader t;
	int64_t *line = rows(c, a->n, sizeof *line);
	if (line == NULL) return;
	pl_table_open(&t, a->kind, c->from, c->faults);
	make_arrays(c, &t, 1, a->first_array, a->kind->n - 1, a->n);
	while (c->status == PL_OK && pl_table_next(&t)) read_id_row(c, &t, a, line);
	pl_table_close(&t);
	note(c, t.status);
	if (!t.broken) tell_missing_ids(c, a, line);
	pl_free(line);
}

static void read_prices(claiming *c)
{
	static const pl_column columns[] = {{"good", true},
	                                    {"price", true},
	                                    {"supply", false},
	                                    {"demand", false},
	                                    {"imbalance", false}};
	static const pl_table_kind kind = {
	        .file = "prices.csv", .column = columns, .n = 5, .others = true};
	read_id_table(
	        c, &(id_table){&kind, A_PRICE, false, &c->goods, c->m->good.id, c->m->n_goods});
}

static void read_councils(claiming *c)
{
	static const pl_column columns[] = {{"council", true},
	                                    {"activity", true},
	                                    {"benefit", false},
	                                    {"cost", false},
	                                    {"ratio", false}};
	static const pl_table_kind kind = {
	        .file = "councils.csv", .column = columns, .n = 5, .others = true};
	read_id_table(c, &(id_table){&kind, A_ACTIVITY, true, &c->councils, c->m->council.id,
	                             c->m->n_councils});
}

/* ---- flows.csv ---- */

static uint64_t mix(uint64_t council, uint64_t good, uint64_t role)
{
	uint64_t h = (council << 32 ^ good) * PL_ROLES + role;
	h = (h ^ h >> 31) * 0x9e3779b97f4a7c15; /* 2^64 over the golden ratio, odd */
	return h ^ h >> 29;
}

/* The slot that holds this link, or the empty one where it belongs. */
static int64_t *slot_of(const claiming *c, int32_t council, int32_t good, int role)
{
	const pl_model *m = c->m;
	uint64_t at = mix((uint64_t)council, (uint64_t)good, (uint64_t)role);
	for (;; at++) {
		int64_t *slot = &c->link_slot[at & (c->n_slots - 1)];
		const int64_t k = *slot - 1;
		if (k < 0) return slot;
		if (m->link.good[k] == good && m->link.role[k] == role &&
		    k >= m->link.start[council] && k < m->link.start[council + 1])
			return slot;
	}
}

static void index_links(claiming *c)
{
	const pl_model *m = c->m;
	c->n_slots = 2;
	while (c->n_slots < 2 * (uint64_t)m->n_links) c->n_slots *= 2;
	c->link_slot = rows(c, (int64_t)c->n_slots, sizeof *c->link_slot);
	if (c->link_slot == NULL) return;
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
			*slot_of(c, i, m->link.good[k], m->link.role[k]) = k + 1;
}

enum { F_COUNCIL, F_GOOD, F_ROLE, F_QUANTITY, F_COLUMNS };

enum { FLOW_CHARS = 2 * PL_BRIEF_CHARS + 64 };
static const char *name_flow(char out[FLOW_CHARS], const pl_model *m, int32_t council,
                             int32_t good, int role)
{
	char a[PL_BRIEF_CHARS], b[PL_BRIEF_CHARS];
	(void)snprintf(out, FLOW_CHARS, "the flow \"%s\" %s \"%s\"",
	               pl_text_brief(a, pl_text_at(m->council.id, council)), pl_role_name(role),
	               pl_text_brief(b, pl_text_at(m->good.id, good)));
	return out;
}

static void read_flow(claiming *c, pl_reader *t, int64_t *line)
{
	char what[FLOW_CHARS];
	int32_t council = -1, good = -1;
	const char *id = pl_table_needed(t, F_COUNCIL);
	if (*id != '\0') council = pl_ids_find(&c->councils, t, id);
	id = pl_table_needed(t, F_GOOD);
	if (*id != '\0') good = pl_ids_find(&c->goods, t, id);
	const int role = pl_table_choice(t, F_ROLE, pl_role_name, PL_ROLES);
	const double quantity = pl_table_number(t, F_QUANTITY);
	if (t->row_bad || council < 0 || good < 0) return;
	const int64_t k = *slot_of(c, council, good, role) - 1;
	name_flow(what, c->m, council, good, role);
	if (k < 0) {
		pl_table_fault(t, "%s is not in the economy's uses.csv", what);
		return;
	}
	if (!first_time(t, &line[k], what)) return;
	if (isnan(quantity)) (void)pl_table_needed(t, F_QUANTITY);
	if (c->sparse && quantity < 0)
		pl_table_fault(t, "nobody proposes less than nothing: %g", quantity);
	c->out->array[A_QUANTITY][k] = quantity;
}

static void tell_missing_flows(claiming *c, const int64_t *line)
{
	const pl_model *m = c->m;
	char what[FLOW_CHARS];
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
			if (line[k] != 0 || c->status != PL_OK) continue;
			name_flow(what, m, i, m->link.good[k], m->link.role[k]);
			note(c, pl_faults_add(c->faults, "flows.csv: %s is missing", what));
		}
}

static const pl_column flow_columns[F_COLUMNS] = {
        {"council", true}, {"good", true}, {"role", true}, {"quantity", true}};
static const pl_table_kind flows = {
        .file = "flows.csv", .column = flow_columns, .n = F_COLUMNS, .others = true};
static const pl_table_kind proposals = {
        .file = "proposals.csv", .column = flow_columns, .n = F_COLUMNS};

static void read_flows(claiming *c, const pl_table_kind *kind)
{
	pl_reader t;
	index_links(c);
	int64_t *line = rows(c, c->m->n_links, sizeof *line);
	double *quantity = rows(c, c->m->n_links, sizeof *quantity);
	c->out->array[A_QUANTITY] = quantity;
	if (c->status == PL_OK) {
		pl_table_open(&t, kind, c->from, c->faults);
		while (c->status == PL_OK && pl_table_next(&t)) read_flow(c, &t, line);
		pl_table_close(&t);
		note(c, t.status);
		if (!t.broken && !c->sparse) tell_missing_flows(c, line);
	}
	pl_free(line);
}

/* ---- plan.json ---- */

enum { JSON_MOST = 1 << 26 }; /* bytes of plan.json */

json_t *pl_manifest_load(const pl_source *from, bool *there, json_error_t *why)
{
	const size_t flags = JSON_REJECT_DUPLICATES;
	*there = false;
	if (from->folder == NULL) {
		for (int32_t i = 0; i < from->n_files && !*there; i++) {
			if (strcmp(from->file[i].name, "plan.json") != 0) continue;
			*there = true;
			return json_loadb(from->file[i].bytes, from->file[i].n, flags, why);
		}
		return NULL;
	}
	const int dir = open(from->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const int fd = dir < 0 ? -1 : openat(dir, "plan.json", O_RDONLY | O_CLOEXEC);
	*there = fd >= 0 || errno != ENOENT;
	(void)snprintf(why->text, sizeof why->text, "%s", strerror(errno));
	why->line = 1;
	if (dir >= 0) (void)close(dir);
	if (fd < 0) return NULL;
	struct stat info;
	json_t *root = NULL;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= JSON_MOST)
		root = json_loadfd(fd, flags, why);
	else
		(void)snprintf(why->text, sizeof why->text, "no file of at most %d bytes",
		               (int)JSON_MOST);
	(void)close(fd);
	return root;
}

static void read_manifest(claiming *c)
{
	json_error_t why = {.line = 1};
	bool there;
	json_t *root = pl_manifest_load(c->from, &there, &why);
	const json_t *tolerance = json_object_get(root, "tolerance");
	const double x = json_number_value(tolerance);
	if (there && root == NULL)
		note(c, pl_faults_add(c->faults, "plan.json:%d: cannot be read: %s", why.line,
		                      why.text));
	else if (tolerance != NULL && !(json_is_number(tolerance) && x > 0 && x < 1))
		note(c,
		     pl_faults_add(c->faults, "plan.json: tolerance is no number above 0 and "
		                              "below 1"));
	else if (tolerance != NULL)
		c->out->tolerance = x;
	json_decref(root);
}

/* ---- the whole ---- */

static void know_ids(claiming *c)
{
	if (!pl_ids_of(&c->goods, c->m->good.id, c->m->n_goods) ||
	    !pl_ids_of(&c->councils, c->m->council.id, c->m->n_councils))
		c->status = PL_ENOMEM;
}

static void read_files(claiming *c)
{
	know_ids(c);
	if (c->status == PL_OK) read_prices(c);
	if (c->status == PL_OK) read_councils(c);
	if (c->status == PL_OK) read_flows(c, &flows);
	if (c->status == PL_OK) read_manifest(c);
}

static void point_claim(pl_claim_files *out)
{
	double *const *a = out->array;
	out->claim = (pl_claim){.price = a[A_PRICE],
	                        .quantity = a[A_QUANTITY],
	                        .supply = a[A_SUPPLY],
	                        .demand = a[A_DEMAND],
	                        .imbalance = a[A_IMBALANCE],
	                        .activity = a[A_ACTIVITY],
	                        .benefit = a[A_BENEFIT],
	                        .cost = a[A_COST],
	                        .ratio = a[A_RATIO]};
}

/* Read with one function what a claim, or part of it, needs; on failure nothing is left. */
static pl_status read_with(void (*read)(claiming *c), claiming *c, pl_faults *faults,
                           pl_error *err)
{
	c->faults = faults != NULL ? faults : &c->own;
	c->goods = (pl_ids){.what = "good", .file = "the economy's goods.csv"};
	c->councils = (pl_ids){.what = "council", .file = "the economy's councils.csv"};
	const int64_t before = c->faults->n;
	*c->out = (pl_claim_files){.tolerance = NAN};
	PL_TRY(pl_source_check(c->from, err));
	read(c);
	pl_status status = c->status;
	if (status != PL_OK)
		(void)pl_fail(err, status, -1, "no memory to read this plan");
	else if (c->faults->n > before)
		status = pl_faults_first(c->faults, before, err);
	if (status == PL_OK)
		point_claim(c->out);
	else
		pl_claim_free(c->out);
	pl_ids_clear(&c->goods);
	pl_ids_clear(&c->councils);
	pl_free(c->link_slot);
	pl_faults_clear(&c->own);
	return status;
}

pl_status pl_claim_read_from(pl_claim_files *out, const pl_model *m, const pl_source *from,
                             pl_faults *faults, pl_error *err)
{
	_Static_assert(sizeof out->array / sizeof *out->array == ARRAYS, "an array a column");
	claiming c = {.out = out, .m = m, .from = from};
	return read_with(read_files, &c, faults, err);
}

static void read_proposals(claiming *c)
{
	know_ids(c);
	if (c->status == PL_OK) read_flows(c, &proposals);
}

pl_status pl_proposals_read_from(double *quantity, const pl_model *m, const pl_source *from,
                                 pl_faults *faults, pl_error *err)
{
	pl_claim_files read;
	claiming c = {.out = &read, .m = m, .from = from, .sparse = true};
	PL_TRY(read_with(read_proposals, &c, faults, err));
	memcpy(quantity, read.claim.quantity, (size_t)m->n_links * sizeof *quantity);
	pl_claim_free(&read);
	return PL_OK;
}

pl_status pl_claim_read(pl_claim_files *out, const pl_model *m, const char *folder,
                        pl_faults *faults, pl_error *err)
{
	const pl_source from = {.folder = folder};
	return pl_claim_read_from(out, m, &from, faults, err);
}

void pl_claim_free(pl_claim_files *c)
{
	for (int k = 0; k < ARRAYS; k++) pl_free(c->array[k]);
	*c = (pl_claim_files){.tolerance = NAN};
}
