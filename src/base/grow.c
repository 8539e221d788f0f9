/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/grow.h"

#include "base/alloc.h"

#include <string.h>

enum { FIRST_ROOM = 16 };

int64_t pl_grow_room(int64_t room, int64_t need)
{
	int64_t next = room < FIRST_ROOM ? FIRST_ROOM : room;
	while (next < need) next = next > INT64_MAX / 2 ? INT64_MAX : next * 2;
	return next;
}

void *pl_grow(void *old, int64_t used, int64_t room, size_t size)
{
	void *longer = pl_alloc(room, size);
	if (longer == NULL) return NULL;
	if (used > 0) memcpy(longer, old, (size_t)used * size);
	pl_free(old);
	return longer;
}
