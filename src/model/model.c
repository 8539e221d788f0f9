/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/alloc.h"
#include "model/snapshot.h"

#include <assert.h>

void *pl_snapshot_adopt(pl_snapshot *s, void *block)
{
	assert(s->n_held < PL_HELD);
	s->held[s->n_held++] = block;
	return block;
}

void *pl_snapshot_alloc(pl_snapshot *s, int64_t n, size_t size)
{
	return pl_snapshot_adopt(s, pl_alloc(n, size));
}

void pl_model_free(pl_model *m)
{
	if (m == NULL) return;
	pl_snapshot *s = (pl_snapshot *)m;
	for (int i = 0; i < s->n_held; i++) pl_free(s->held[i]);
	pl_free(s);
}
