/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/behind.h"

#include "base/alloc.h"
#include "base/grow.h"

#include <assert.h>
#include <string.h>

static bool reserve(pl_behind *b, int n)
{
	if (b->n == b->room) {
		const int64_t room = pl_grow_room(b->room, b->n + 1);
		pl_change *more = pl_grow(b->change, b->n, room, sizeof *more);
		if (more == NULL) return false;
		b->change = more;
		b->room = room;
	}
	if (b->n_values + n > b->room_values) {
		const int64_t room = pl_grow_room(b->room_values, b->n_values + n);
		int64_t *more = pl_grow(b->value, b->n_values, room, sizeof *more);
		if (more == NULL) return false;
		b->value = more;
		b->room_values = room;
	}
	return true;
}

pl_status pl_behind_add(pl_behind *b, pl_change c, const char *const *value)
{
	assert(c.n <= PL_COLUMNS_MOST);
	c.first = b->n_values;
	c.before = b->text.n;
	if (!reserve(b, c.n)) return PL_ENOMEM;
	for (int i = 0; i < c.n; i++) {
		b->value[c.first + i] = value[i] == NULL ? -1 : b->text.n;
		if (value[i] != NULL &&
		    pl_bytes_add(&b->text, value[i], (int64_t)strlen(value[i]) + 1) != PL_OK) {
			b->text.n = c.before;
			return PL_ENOMEM;
		}
	}
	b->n_values += c.n;
	b->change[b->n++] = c;
	return PL_OK;
}

static const char *value_at(const pl_behind *b, const pl_change *c, int i)
{
	const int64_t at = b->value[c->first + i];
	return at < 0 ? NULL : b->text.at + at;
}

void pl_behind_values(const char **value, const pl_behind *b, int64_t i)
{
	const pl_change *c = &b->change[i];
	for (int k = 0; k < c->n; k++) value[k] = value_at(b, c, k);
}

static bool is_among(const pl_behind *b, const pl_change *c, int n_prefix,
                     const char *const *prefix)
{
	for (int i = 0; i < n_prefix; i++)
		if (strcmp(value_at(b, c, i), prefix[i]) != 0) return false;
	return true;
}

bool pl_behind_touches(const pl_behind *b, int table, int n_prefix, const char *const *prefix)
{
	for (int64_t k = 0; k < b->n; k++) {
		const pl_change *c = &b->change[k];
		if (c->table == table && (c->many || is_among(b, c, n_prefix, prefix)))
			return true;
	}
	return false;
}

bool pl_behind_finds(const pl_behind *b, int table, int column, const char *text)
{
	for (int64_t k = 0; k < b->n; k++) {
		const pl_change *c = &b->change[k];
		if (c->table == table &&
		    (!c->adds || strcmp(value_at(b, c, column), text) == 0))
			return true;
	}
	return false;
}

void pl_behind_cut(pl_behind *b, int64_t n)
{
	if (n >= b->n) return;
	b->n_values = b->change[n].first;
	b->text.n = b->change[n].before;
	b->n = n;
}

void pl_behind_free(pl_behind *b)
{
	pl_free(b->change);
	pl_free(b->value);
	pl_bytes_free(&b->text);
	*b = (pl_behind){0};
}
