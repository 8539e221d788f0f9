/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/scan.h"

#include "base/random.h"
#include "tests/pl_test.h"

enum { BYTES = 1000, ROOM = BYTES + PL_SCAN_STEP };

/* Bytes of which one in three or so is a mark, or none is high. */
static void draw_bytes(unsigned char *bytes, size_t n, bool high, pl_random *draw)
{
	static const unsigned char often[] = {',', ';', '\t', '\n', '\r', '"', 0x7F, 0x1F, ' '};
	for (size_t i = 0; i < n; i++) {
		const uint64_t bits = pl_random_bits(draw);
		const uint64_t mask = high ? 0xFF : 0x7F;
		bytes[i] = bits % 3 == 0 ? often[(bits >> 8) % sizeof often]
		                         : (unsigned char)((bits >> 8) & mask);
	}
}

/* The definition, byte by byte. */
static bool lists_just_the_marks(const pl_marks *m, const unsigned char *bytes, size_t from,
                                 size_t to, unsigned char delimiter)
{
	int32_t n = 0;
	for (size_t i = from; i < to; i++) {
		const bool mark = bytes[i] < 0x20 || bytes[i] == 0x7F || bytes[i] == '"' ||
		                  bytes[i] == delimiter;
		if (mark && (n >= m->n || m->at[n] != i)) return false;
		n += mark;
	}
	return n == m->n;
}

static bool any_high(const unsigned char *bytes, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (bytes[i] >= 0x80) return true;
	return false;
}

static void both_ways_list_just_the_marks_of_any_bytes(void)
{
	static unsigned char bytes[BYTES];
	static uint32_t one[ROOM], two[ROOM];
	pl_random draw = pl_random_new(1, 0);
	for (int turn = 0; turn < 3000; turn++) {
		const size_t n = pl_random_bits(&draw) % BYTES;
		const size_t from = n > 0 ? pl_random_bits(&draw) % n : 0;
		const char delimiter = ",;\t"[turn % 3];
		draw_bytes(bytes, n, turn % 2 == 0, &draw);
		pl_marks a = {.at = one, .room = ROOM}, b = {.at = two, .room = ROOM};
		CHECK(pl_scan(&a, bytes, from, n, delimiter) == n);
		CHECK(pl_scan_plain(&b, bytes, from, n, delimiter) == n);
		CHECK(lists_just_the_marks(&a, bytes, from, n, (unsigned char)delimiter));
		CHECK(lists_just_the_marks(&b, bytes, from, n, (unsigned char)delimiter));
		CHECK(a.high == any_high(bytes, from, n) && b.high == a.high);
	}
}

static void a_list_that_is_full_is_gone_on_with_where_it_ended(void)
{
	unsigned char bytes[BYTES];
	uint32_t at[2 * PL_SCAN_STEP];
	memset(bytes, ',', sizeof bytes);
	for (int way = 0; way < 2; way++) {
		size_t from = 0, found = 0;
		while (from < BYTES) {
			pl_marks m = {.at = at, .room = 2 * PL_SCAN_STEP};
			const size_t to = way == 0 ? pl_scan(&m, bytes, from, BYTES, ',')
			                           : pl_scan_plain(&m, bytes, from, BYTES, ',');
			CHECK(to > from && to - from == (size_t)m.n && m.at[0] == from);
			found += (size_t)m.n;
			from = to;
		}
		CHECK(found == BYTES);
	}
}

int main(void)
{
	RUN(both_ways_list_just_the_marks_of_any_bytes);
	RUN(a_list_that_is_full_is_gone_on_with_where_it_ended);
	return pl_test_failed;
}
