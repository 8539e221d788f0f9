/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "model/bulk.h"

#include "base/alloc.h"
#include "base/error.h"
#include "model/snapshot.h"

#include <math.h>
#include <string.h>

enum { ID_CHARS = 12 }; /* a letter, ten digits, NUL */
static const double step_preset = 0.001;

/// @p letter and the decimal digits of @p number.
static void write_id(char out[ID_CHARS], char letter, int32_t number)
{
	char digit[ID_CHARS];
	int n = 0, at = 0;
	for (; number > 0; number /= 10) digit[n++] = (char)('0' + number % 10);
	out[at++] = letter;
	while (n > 0) out[at++] = digit[--n];
	out[at] = '\0';
}

static bool add_ids(pl_snapshot *s, pl_text *out, char letter, int32_t n)
{
	char *bytes = pl_snapshot_alloc(s, n, ID_CHARS);
	int64_t *at = pl_snapshot_alloc(s, n, sizeof *at);
	if (bytes == NULL || at == NULL) return false;
	for (int32_t i = 0; i < n; i++) {
		at[i] = (int64_t)i * ID_CHARS;
		write_id(bytes + at[i], letter, i + 1);
	}
	*out = (pl_text){bytes, at};
	return true;
}

static double *constant(pl_snapshot *s, int32_t n, double value)
{
	double *x = pl_snapshot_alloc(s, n, sizeof *x);
	for (int32_t i = 0; x != NULL && i < n; i++) x[i] = value;
	return x;
}

/// Texts that are all empty share one column of zeros: all of them are the byte at 0.
static bool add_texts(pl_snapshot *s, const char *name, int32_t n_goods, int32_t n_councils)
{
	pl_model *m = &s->m;
	char *bytes = pl_snapshot_alloc(s, (int64_t)strlen(name) + 2, 1);
	int64_t *at =
	        pl_snapshot_alloc(s, n_goods > n_councils ? n_goods : n_councils, sizeof *at);
	if (bytes == NULL || at == NULL) return false;
	memcpy(bytes + 1, name, strlen(name));
	const pl_text empty = {bytes, at};
	m->name = bytes + 1;
	m->period = m->credit = bytes;
	m->good.name = m->good.unit = m->good.category = empty;
	m->community.id = m->community.name = m->council.name = empty;
	return add_ids(s, &m->good.id, 'g', n_goods) &&
	       add_ids(s, &m->council.id, 'c', n_councils);
}

static bool add_goods(pl_snapshot *s, pl_bulk *b, int32_t n)
{
	pl_model *m = &s->m;
	m->n_goods = n;
	m->good.kind = b->good_kind = pl_snapshot_alloc(s, n, sizeof *b->good_kind);
	m->good.supply = b->supply = pl_snapshot_alloc(s, n, sizeof *b->supply);
	m->good.price = m->good.elasticity = constant(s, n, 1);
	m->good.step = constant(s, n, step_preset);
	return b->good_kind && b->supply && m->good.price && m->good.step;
}

static bool add_councils(pl_snapshot *s, pl_bulk *b, int32_t n)
{
	pl_model *m = &s->m;
	int32_t *community = pl_snapshot_alloc(s, n, sizeof *community);
	m->n_councils = n;
	m->council.kind = b->council_kind = pl_snapshot_alloc(s, n, sizeof *b->council_kind);
	m->council.schedule = b->schedule = pl_snapshot_alloc(s, n, sizeof *b->schedule);
	m->council.members = constant(s, n, NAN);
	m->council.income = b->income = constant(s, n, NAN);
	m->council.community = community;
	for (int p = 0; p < PL_PARAM_SLOTS; p++) {
		m->council.param[p] = b->param[p] = constant(s, n, NAN);
		if (b->param[p] == NULL) return false;
	}
	for (int32_t i = 0; community != NULL && i < n; i++) community[i] = -1;
	return community && b->council_kind && b->schedule && b->income && m->council.members;
}

static bool add_links(pl_snapshot *s, pl_bulk *b, int32_t n_councils, int64_t n)
{
	pl_model *m = &s->m;
	m->n_links = n;
	m->link.start = b->start =
	        pl_snapshot_alloc(s, (int64_t)n_councils + 1, sizeof *b->start);
	m->link.good = b->good = pl_snapshot_alloc(s, n, sizeof *b->good);
	m->link.role = b->role = pl_snapshot_alloc(s, n, sizeof *b->role);
	m->link.amount = b->amount = pl_snapshot_alloc(s, n, sizeof *b->amount);
	return b->start && b->good && b->role && b->amount;
}

pl_status pl_bulk_new(pl_bulk *out, const char *name, int32_t n_goods, int32_t n_councils,
                      int64_t n_links, pl_error *err)
{
	*out = (pl_bulk){0};
	pl_snapshot *s = pl_alloc(1, sizeof *s);
	if (s != NULL && add_texts(s, name, n_goods, n_councils) &&
	    add_goods(s, out, n_goods) && add_councils(s, out, n_councils) &&
	    add_links(s, out, n_councils, n_links)) {
		out->model = &s->m;
		return PL_OK;
	}
	if (s != NULL) pl_model_free(&s->m);
	*out = (pl_bulk){0};
	return pl_fail(err, PL_ENOMEM, -1, "no memory for an economy of %lld links",
	               (long long)n_links);
}
