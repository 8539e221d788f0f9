/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* alloc.h - the only file that calls malloc. */
#ifndef PL_BASE_ALLOC_H
#define PL_BASE_ALLOC_H
#include <stddef.h>
#include <stdint.h>

/// n zeroed elements of `size` bytes. @return NULL if n < 0, n * size overflows or
/// memory is short; free with pl_free(). n == 0 gives a pointer that may be freed.
void *pl_alloc(int64_t n, size_t size);
/// Give a block from pl_alloc (or NULL) room for n elements of `size` bytes: what fits of the
/// old ones is kept, further ones are undefined. A large block is moved without a copy where
/// the system can, so growing it does not hold it twice.
/// @return the block, the old pointer then being dead; NULL as pl_alloc, the old block
/// untouched
void *pl_realloc(void *old, int64_t n, size_t size);
void pl_free(void *p);

#ifdef PL_ALLOC_FAULTS
/// Tests only: allocations still granted before the next one fails; -1 for no limit.
extern _Atomic int64_t pl_alloc_grants;
/// Tests only: blocks alive now.
extern _Atomic int64_t pl_alloc_alive;
#endif
#endif
