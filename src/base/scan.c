/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/scan.h"

static bool is_mark(unsigned char byte, unsigned char delimiter)
{
	return byte == delimiter || byte == '"' || byte < 0x20 || byte == 0x7F;
}

static void plain_step(pl_marks *marks, const unsigned char *bytes, size_t from, size_t to,
                       unsigned char delimiter)
{
	unsigned char any = 0;
	for (size_t i = from; i < to; i++) {
		marks->at[marks->n] = (uint32_t)i; /* overwritten unless it counts */
		marks->n += is_mark(bytes[i], delimiter);
		any |= bytes[i];
	}
	if (any >= 0x80) marks->high = true;
}

size_t pl_scan_plain(pl_marks *marks, const unsigned char *bytes, size_t from, size_t n,
                     char delimiter)
{
	while (from < n && marks->room - marks->n >= PL_SCAN_STEP) {
		const size_t to = n - from > PL_SCAN_STEP ? from + PL_SCAN_STEP : n;
		plain_step(marks, bytes, from, to, (unsigned char)delimiter);
		from = to;
	}
	return from;
}

#ifdef __SSE2__
#include <emmintrin.h>

/// The marks among 16 bytes, and the bytes that are 0x80 or more, a bit each.
static uint64_t sixteen(uint64_t *high, const unsigned char *bytes, __m128i delimiter)
{
	__m128i v = _mm_loadu_si128((const void *)bytes);
	const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1F)), v);
	const __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
	const __m128i del = _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F));
	const __m128i comma = _mm_cmpeq_epi8(v, delimiter);
	const __m128i mark =
	        _mm_or_si128(_mm_or_si128(control, quote), _mm_or_si128(del, comma));
	*high |= (uint64_t)_mm_movemask_epi8(v);
	return (uint64_t)_mm_movemask_epi8(mark);
}

static uint64_t sixty_four(uint64_t *high, const unsigned char *bytes, __m128i delimiter)
{
	return sixteen(high, bytes, delimiter) | sixteen(high, bytes + 16, delimiter) << 16 |
	       sixteen(high, bytes + 32, delimiter) << 32 |
	       sixteen(high, bytes + 48, delimiter) << 48;
}

size_t pl_scan(pl_marks *marks, const unsigned char *bytes, size_t from, size_t n,
               char delimiter)
{
	const __m128i wanted = _mm_set1_epi8(delimiter);
	uint64_t high = 0;
	uint32_t *to = marks->at + marks->n;
	const uint32_t *last = marks->at + marks->room - PL_SCAN_STEP;
	for (; n - from >= PL_SCAN_STEP && to <= last; from += PL_SCAN_STEP) {
		uint64_t bits = sixty_four(&high, bytes + from, wanted);
		for (; bits != 0; bits &= bits - 1)
			*to++ = (uint32_t)from + (uint32_t)__builtin_ctzll(bits);
	}
	marks->n = (int32_t)(to - marks->at);
	if (high != 0) marks->high = true;
	if (n - from >= PL_SCAN_STEP) return from;
	return pl_scan_plain(marks, bytes, from, n, delimiter);
}
#else
size_t pl_scan(pl_marks *marks, const unsigned char *bytes, size_t from, size_t n,
               char delimiter)
{
	return pl_scan_plain(marks, bytes, from, n, delimiter);
}
#endif
