/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* parts.h - one input as several files: byte 0x1E, which no table may hold, parts them. */
#ifndef PL_FUZZ_PARTS_H
#define PL_FUZZ_PARTS_H
#include "io/economy.h"

#include <string.h>

/// The parts under these names, in this order; names without a part are left out.
/// @return how many files there are
static inline int32_t pl_fuzz_parts(pl_file_bytes *file, const char *const *name, int32_t n,
                                    const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	for (int32_t i = 0; i < n; i++) {
		const size_t left = (size_t)(end - data);
		const uint8_t *mark = left > 0 ? memchr(data, 0x1E, left) : NULL;
		const uint8_t *stop = mark != NULL ? mark : end;
		file[i] = (pl_file_bytes){name[i], data, (size_t)(stop - data)};
		if (mark == NULL) return i + 1;
		data = mark + 1;
	}
	return n;
}
#endif
