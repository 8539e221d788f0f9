/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* scan.h - the bytes of a table at which its reader must stop, found many at a time. */
#ifndef PL_BASE_SCAN_H
#define PL_BASE_SCAN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PL_SCAN_STEP = 64 }; ///< bytes that are looked at together

typedef struct {
	uint32_t *at; ///< [room] offsets of the marks, rising
	int32_t room; ///< at least PL_SCAN_STEP
	int32_t n;    ///< marks found
	bool high;    ///< some byte was 0x80 or more; never set back
} pl_marks;

/// List the marks in bytes[from, n): @p delimiter, '"', and the control characters 0 to 0x1F
/// and 0x7F. It ends early where less than PL_SCAN_STEP places are left.
/// @param n at most UINT32_MAX
/// @return the offset of the first byte that was not looked at
size_t pl_scan(pl_marks *marks, const unsigned char *bytes, size_t from, size_t n,
               char delimiter);
/// The same byte by byte, for machines that have no SSE2, and for tests.
size_t pl_scan_plain(pl_marks *marks, const unsigned char *bytes, size_t from, size_t n,
                     char delimiter);
#endif
