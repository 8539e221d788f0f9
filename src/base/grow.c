/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/grow.h"

#include "base/alloc.h"

#include <assert.h>

enum { FIRST_ROOM = 16 };

int64_t pl_grow_room(int64_t room, int64_t need)
{
	int64_t next = room < FIRST_ROOM ? FIRST_ROOM : room;
	while (next < need) next = next > INT64_MAX / 2 ? INT64_MAX : next * 2;
	return next;
}

void *pl_grow(void *old, int64_t used, int64_t room, size_t size)
{
	assert(used <= room);
	(void)used; /* asserted only */
	return pl_realloc(old, room, size);
}
