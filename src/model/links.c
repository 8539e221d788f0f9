/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* links.c - the rows of uses.csv, in any order, become links grouped by council.
 *
 * Rows that come council by council, as most files have them, stay where they are; others
 * are sorted by counting. Then one pass adds rows with the same good and role: `seen` tells
 * for each good and role where its link stands, so a row costs O(1) however many a council
 * has. A link is where its first row was. */
#include "base/alloc.h"
#include "model/finish.h"
#include "model/say.h"

#include <math.h>
#include <string.h>

/// One council being merged; links [begin, to) are its.
typedef struct {
	int32_t council;
	pl_schedule schedule;
	int64_t begin, to;
	bool has_output; ///< a row that makes or offers was met
	int64_t *seen;   ///< [n_goods * PL_ROLES] link + 1; older than begin: another council's
	int64_t *call;   ///< number of the call that brought a row, or NULL: rows never moved
} merging;

static bool rows_are_grouped(const pl_builder *b)
{
	for (int64_t k = 1; k < b->link.n; k++)
		if (b->link.council[k] < b->link.council[k - 1]) return false;
	return true;
}

/// start[i] = number of rows of the councils before i.
static void count_rows(const pl_builder *b, int64_t *start, int32_t n_councils)
{
	for (int64_t k = 0; k < b->link.n; k++) start[b->link.council[k] + 1]++;
	for (int32_t i = 0; i < n_councils; i++) start[i + 1] += start[i];
}

/// Rows by council, each council's in the order of the calls. `start` is the cursor, ends one
/// council ahead, and is shifted back.
static void order_calls(const pl_builder *b, int64_t *call, int64_t *start, int32_t n_councils)
{
	for (int64_t k = 0; k < b->link.n; k++) call[start[b->link.council[k]]++] = k;
	memmove(start + 1, start, (size_t)n_councils * sizeof *start);
	start[0] = 0;
}

/// column[call[0]], column[call[1]] ... in a block of its own; the old one is freed.
static void *reordered(void *column, const int64_t *call, int64_t n, size_t size)
{
	char *to = pl_alloc(n, size);
	if (to == NULL) return NULL;
	const char *from = column;
	for (int64_t k = 0; k < n; k++)
		memcpy(to + (size_t)k * size, from + (size_t)call[k] * size, size);
	pl_free(column);
	return to;
}

static bool reorder_rows(pl_builder *b, const int64_t *call)
{
	const int64_t n = b->link.n;
	int32_t *good = reordered(b->link.good, call, n, sizeof *good);
	if (good == NULL) return false;
	b->link.good = good;
	uint8_t *role = reordered(b->link.role, call, n, sizeof *role);
	if (role == NULL) return false;
	b->link.role = role;
	double *amount = reordered(b->link.amount, call, n, sizeof *amount);
	if (amount == NULL) return false;
	b->link.amount = amount;
	if (b->link.elasticity == NULL) return true;
	double *elasticity = reordered(b->link.elasticity, call, n, sizeof *elasticity);
	if (elasticity == NULL) return false;
	b->link.elasticity = elasticity;
	return true;
}

static int64_t call_of(const merging *w, int64_t k)
{
	return w->call != NULL ? w->call[k] : k;
}

/// Row k repeats the council, good and role of link j.
static void add_row(pl_finishing *f, const merging *w, int64_t j, int64_t k)
{
	const pl_builder *b = f->b;
	const pl_model *m = &f->s->m;
	const char *council = pl_text_at(m->council.id, w->council);
	const char *good = pl_text_at(m->good.id, b->link.good[k]);
	const double sum = b->link.amount[j] + b->link.amount[k];
	b->link.amount[j] = sum;
	if (!isfinite(sum))
		pl_fault(f, PL_T_USES, call_of(w, k),
		         "the rows of council %s with good %s add up to more than a number "
		         "holds; "
		         "give smaller amounts",
		         pl_say_id(council).s, pl_say_id(good).s);
	if (b->link.elasticity == NULL || isnan(b->link.elasticity[k])) return;
	const double first = b->link.elasticity[j], again = b->link.elasticity[k];
	if (isnan(first))
		b->link.elasticity[j] = again;
	else if (first != again)
		pl_fault(f, PL_T_USES, call_of(w, k),
		         "council %s wants good %s with elasticity %s in one row and %s in "
		         "another; "
		         "rows with the same good are added, give them one elasticity",
		         pl_say_id(council).s, pl_say_id(good).s, pl_say_number(first).s,
		         pl_say_number(again).s);
}

static bool is_seen(const merging *w, int32_t good, pl_role role)
{
	return w->seen[(int64_t)good * PL_ROLES + role] > w->begin;
}

/// A schedule with one output: row k must not bring a second one, nor an input of the same
/// good.
static void check_sole(pl_finishing *f, merging *w, int64_t k)
{
	const pl_builder *b = f->b;
	const pl_model *m = &f->s->m;
	const pl_role role = (pl_role)b->link.role[k];
	const char *council = pl_text_at(m->council.id, w->council);
	const char *good = pl_text_at(m->good.id, b->link.good[k]);
	const char *schedule = pl_schedule_name((int)w->schedule);
	if (role != PL_USES) {
		if (w->has_output)
			pl_fault(f, PL_T_USES, call_of(w, k),
			         "council %s has a second row %s, for good %s; schedule %s "
			         "takes one",
			         pl_say_id(council).s, pl_role_name((int)role),
			         pl_say_id(good).s, schedule);
		w->has_output = true;
	}
	if (w->schedule == PL_S_affected) {
		const uint8_t kind = m->good.kind[b->link.good[k]];
		if (kind != PL_POLLUTANT)
			pl_fault(f, PL_T_USES, call_of(w, k),
			         "council %s offers good %s, which is of kind %s; schedule "
			         "affected "
			         "offers a pollutant",
			         pl_say_id(council).s, pl_say_id(good).s,
			         pl_good_kind_name(kind));
		return;
	}
	if (is_seen(w, b->link.good[k], role == PL_USES ? PL_MAKES : PL_USES))
		pl_fault(f, PL_T_USES, call_of(w, k),
		         "council %s both makes and uses good %s; with schedule %s leave the "
		         "own use "
		         "out and make scale the output after it, or use schedule recipe",
		         pl_say_id(council).s, pl_say_id(good).s, schedule);
}

static void merge_row(pl_finishing *f, merging *w, int64_t k)
{
	pl_builder *b = f->b;
	const bool sole = w->schedule == PL_S_cobb_douglas || w->schedule == PL_S_ces ||
	                  w->schedule == PL_S_affected;
	int64_t *seen = &w->seen[(int64_t)b->link.good[k] * PL_ROLES + b->link.role[k]];
	if (sole) check_sole(f, w, k);
	if (*seen > w->begin) {
		add_row(f, w, *seen - 1, k);
		return;
	}
	const int64_t j = w->to++;
	b->link.good[j] = b->link.good[k];
	b->link.role[j] = b->link.role[k];
	b->link.amount[j] = b->link.amount[k];
	if (b->link.elasticity != NULL) b->link.elasticity[j] = b->link.elasticity[k];
	if (w->call != NULL) w->call[j] = w->call[k];
	*seen = j + 1;
}

/// @param[in,out] start of rows, then of links
static bool merge_rows(pl_finishing *f, int64_t *start, merging *w)
{
	const pl_model *m = &f->s->m;
	w->seen = pl_alloc((int64_t)m->n_goods * PL_ROLES, sizeof *w->seen);
	if (w->seen == NULL) return false;
	int64_t k = 0;
	for (int32_t i = 0; i < m->n_councils; i++) {
		w->council = i;
		w->schedule = (pl_schedule)m->council.schedule[i];
		w->begin = w->to;
		w->has_output = false;
		start[i] = w->begin;
		for (; k < start[i + 1]; k++) merge_row(f, w, k);
	}
	start[m->n_councils] = w->to;
	f->s->m.n_links = w->to;
	pl_free(w->seen);
	return true;
}

/// A request for less than nothing is net supply.
static void turn_negatives(pl_builder *b, int64_t n_links)
{
	for (int64_t k = 0; k < n_links; k++) {
		if (!(b->link.amount[k] < 0)) continue;
		b->link.role[k] = PL_OFFERS;
		b->link.amount[k] = -b->link.amount[k];
	}
}

/// Elasticities where isoelastic councils have none of their own; NaN at other councils.
static bool fill_elasticities(pl_finishing *f, const int64_t *start)
{
	pl_builder *b = f->b;
	const pl_model *m = &f->s->m;
	bool needed = false;
	for (int32_t i = 0; i < m->n_councils && !needed; i++)
		needed = m->council.schedule[i] == PL_S_isoelastic;
	if (!needed) return true;
	if (b->link.elasticity == NULL) {
		b->link.elasticity = pl_alloc(m->n_links, sizeof(double));
		if (b->link.elasticity == NULL) return false;
		for (int64_t k = 0; k < m->n_links; k++) b->link.elasticity[k] = NAN;
	}
	for (int32_t i = 0; i < m->n_councils; i++) {
		if (m->council.schedule[i] != PL_S_isoelastic) continue;
		for (int64_t k = start[i]; k < start[i + 1]; k++)
			if (isnan(b->link.elasticity[k]))
				b->link.elasticity[k] = m->good.elasticity[b->link.good[k]];
	}
	return true;
}

/// The links in the order of their first calls, or NULL where that is 0, 1, 2 ...
/// @param call [n_links] @param n_calls before rows were added
static bool list_links(pl_finishing *f, const int64_t *call, int64_t n_calls)
{
	pl_model *m = &f->s->m;
	int64_t *row = pl_alloc(n_calls, sizeof *row); /* first link + 1 by call, 0: added */
	if (row == NULL) return false;
	for (int64_t k = 0; k < m->n_links; k++) row[call[k]] = k + 1;
	int64_t n = 0;
	bool moved = false;
	for (int64_t c = 0; c < n_calls; c++) {
		if (row[c] == 0) continue;
		moved = moved || row[c] != n + 1;
		row[n++] = row[c] - 1;
	}
	if (moved)
		m->link.row = pl_snapshot_adopt(f->s, row);
	else
		pl_free(row);
	return true;
}

static void adopt_links(pl_finishing *f)
{
	pl_builder *b = f->b;
	pl_model *m = &f->s->m;
	m->link.good = pl_snapshot_adopt(f->s, b->link.good);
	m->link.role = pl_snapshot_adopt(f->s, b->link.role);
	m->link.amount = pl_snapshot_adopt(f->s, b->link.amount);
	m->link.elasticity = pl_snapshot_adopt(f->s, b->link.elasticity);
	b->link.good = NULL;
	b->link.role = NULL;
	b->link.amount = NULL;
	b->link.elasticity = NULL;
}

bool pl_finish_links(pl_finishing *f)
{
	pl_builder *b = f->b;
	pl_model *m = &f->s->m;
	merging w = {.call = NULL};
	bool done = false;
	int64_t *start = pl_snapshot_alloc(f->s, (int64_t)m->n_councils + 1, sizeof *start);
	if (start == NULL) return false;
	m->link.start = start;
	count_rows(b, start, m->n_councils);
	if (!rows_are_grouped(b)) {
		w.call = pl_alloc(b->link.n, sizeof *w.call);
		if (w.call == NULL) goto done;
		order_calls(b, w.call, start, m->n_councils);
		if (!reorder_rows(b, w.call)) goto done;
	}
	if (!merge_rows(f, start, &w) || !fill_elasticities(f, start)) goto done;
	if (w.call != NULL && !list_links(f, w.call, b->link.n)) goto done;
	turn_negatives(b, m->n_links);
	adopt_links(f);
	done = true;

done:
	pl_free(w.call);
	return done;
}
