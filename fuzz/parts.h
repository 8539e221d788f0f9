/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* parts.h - one input as several files: byte 0x1E, which no table may hold, parts them; and
 * what is said of them. */
#ifndef PL_FUZZ_PARTS_H
#define PL_FUZZ_PARTS_H
#include "base/text.h"
#include "fuzz/demand.h"
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

/// A refusal has sentences, each of which begins with one of these names and is UTF-8.
static inline void pl_fuzz_check_faults(const pl_faults *f, const char *const *name, int32_t n)
{
	demand(f->n > 0);
	for (int64_t i = 0; i < f->n && i < PL_FAULTS_SHOWN; i++) {
		bool named = false;
		for (int32_t t = 0; t < n; t++)
			named = named || strncmp(f->text[i], name[t], strlen(name[t])) == 0;
		demand(named && pl_utf8_fault(f->text[i], (int64_t)strlen(f->text[i])) < 0);
	}
}
#endif
