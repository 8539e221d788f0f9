/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/alloc.h"

#include <stdlib.h>

#ifdef PL_ALLOC_FAULTS
_Atomic int64_t pl_alloc_grants = -1;
_Atomic int64_t pl_alloc_alive;

static int refuse(void)
{
	if (pl_alloc_grants == 0) return 1;
	if (pl_alloc_grants > 0) pl_alloc_grants--;
	return 0;
}
#else
static int refuse(void)
{
	return 0;
}
#endif

void *pl_alloc(int64_t n, size_t size)
{
	if (n < 0 || (uint64_t)n > SIZE_MAX || refuse()) return NULL;
	void *p = calloc(n > 0 ? (size_t)n : 1, size);
#ifdef PL_ALLOC_FAULTS
	if (p != NULL) pl_alloc_alive++;
#endif
	return p;
}

void *pl_realloc(void *old, int64_t n, size_t size)
{
	if (old == NULL) return pl_alloc(n, size);
	if (n < 0 || (uint64_t)n > SIZE_MAX / size || refuse()) return NULL;
	return realloc(old, n > 0 ? (size_t)n * size : 1);
}

void pl_free(void *p)
{
#ifdef PL_ALLOC_FAULTS
	if (p != NULL) pl_alloc_alive--;
#endif
	free(p);
}
