/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* grow.h - arrays that get longer: each time to twice the size, so that n additions cost
 * O(n) copies in all. */
#ifndef PL_BASE_GROW_H
#define PL_BASE_GROW_H
#include <stddef.h>
#include <stdint.h>

/// Elements to make room for when @p need no longer fit in @p room: room, doubled until they
/// fit, at least 16.
int64_t pl_grow_room(int64_t room, int64_t need);

/// Make an array longer; what is new is undefined.
/// @param old [used] from pl_alloc, or NULL; dead on success
/// @return the longer array; NULL when memory is short, @p old is then untouched
void *pl_grow(void *old, int64_t used, int64_t room, size_t size);
#endif
