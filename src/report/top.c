/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/top.h"

void pl_top_offer(pl_top *t, int32_t index, double key)
{
	int at = t->n;
	t->found++;
	t->sum += key;
	while (at > 0 && t->key[at - 1] < key) at--;
	if (at == t->most) return;
	if (t->n < t->most) t->n++;
	for (int i = t->n - 1; i > at; i--) {
		t->index[i] = t->index[i - 1];
		t->key[i] = t->key[i - 1];
	}
	t->index[at] = index;
	t->key[at] = key;
}

int64_t pl_top_others(const pl_top *t)
{
	return t->found - t->n;
}
