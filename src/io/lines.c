/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/lines.h"

#include "base/alloc.h"
#include "base/grow.h"

#include <assert.h>

bool pl_lines_add(pl_lines *l, int64_t line)
{
	const pl_line_run *last = l->n_runs > 0 ? &l->run[l->n_runs - 1] : NULL;
	if (last != NULL && line - last->line == l->n - last->row) {
		l->n++;
		return true;
	}
	if (l->n_runs == l->room) {
		const int64_t room = pl_grow_room(l->room, l->n_runs + 1);
		pl_line_run *longer = pl_grow(l->run, l->n_runs, room, sizeof *longer);
		if (longer == NULL) return false;
		l->run = longer;
		l->room = room;
	}
	assert(l->run != NULL);
	l->run[l->n_runs++] = (pl_line_run){l->n++, line};
	return true;
}

int64_t pl_lines_at(const pl_lines *l, int64_t row)
{
	assert(row >= 0 && row < l->n);
	int64_t low = 0, high = l->n_runs;
	while (high - low > 1) {
		const int64_t mid = low + (high - low) / 2;
		if (l->run[mid].row <= row)
			low = mid;
		else
			high = mid;
	}
	return l->run[low].line + (row - l->run[low].row);
}

void pl_lines_clear(pl_lines *l)
{
	pl_free(l->run);
	*l = (pl_lines){0};
}
