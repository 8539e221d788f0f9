/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The C library of the C locale is the definition: what is read and printed has its bits and
 * its bytes. */
#include "base/number.h"

#include "base/random.h"
#include "tests/pl_test.h"

#include <stdlib.h>

enum { DRAWS = 150000 };

static bool same(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

/* Both ways of reading agree with strtod; the quick one may decline. */
static bool reads_like_strtod(const char *s)
{
	double x = 7, quick = 7;
	char mark;
	const double want = strtod(s, NULL);
	const bool done = pl_number_quick(&quick, &mark, s, (int64_t)strlen(s));
	const pl_status status = pl_number_read(&x, s);
	const bool good = (status == PL_OK ? same(x, want) : !isfinite(want)) &&
	                  (!done || same(quick, want));
	if (!good) printf("    %s\n", s);
	return good;
}

static bool prints_like_printf(double x)
{
	char got[PL_NUMBER_CHARS], want[PL_NUMBER_CHARS];
	double back = 0;
	(void)snprintf(want, sizeof want, "%.17g", x);
	const bool good = strcmp(pl_number_print(got, x), want) == 0 &&
	                  pl_number_read(&back, got) == PL_OK && same(back, x);
	if (!good) printf("    %s, not %s\n", got, want);
	return good;
}

static int below(pl_random *draw, int n)
{
	return (int)(pl_random_bits(draw) % (uint64_t)n);
}

static void any_digits_are_read_like_strtod(void)
{
	pl_random draw = pl_random_new(1, 0);
	for (int i = 0; i < DRAWS; i++) {
		char s[64];
		int n = 0;
		const int whole = below(&draw, 12), after = below(&draw, 24);
		const bool zeros = below(&draw, 4) == 0;
		if (below(&draw, 3) == 0) s[n++] = "+-"[below(&draw, 2)];
		for (int k = 0; k < whole; k++)
			s[n++] = (char)(zeros ? '0' : '0' + below(&draw, 10));
		if (after > 0 || whole == 0) s[n++] = '.';
		for (int k = 0; k < after || (whole == 0 && k == 0); k++)
			s[n++] = (char)('0' + (zeros && k < after / 2 ? 0 : below(&draw, 10)));
		s[n] = '\0';
		if (below(&draw, 3) == 0)
			(void)snprintf(s + n, sizeof s - (size_t)n, "%c%d",
			               "eE"[below(&draw, 2)], below(&draw, 80) - 40);
		CHECK(reads_like_strtod(s));
	}
}

/* A whole number halfway between two doubles, and its neighbours, at every scale that the
 * quick way knows: here one bit too few would show. */
static void numbers_halfway_between_doubles_are_read_like_strtod(void)
{
	pl_random draw = pl_random_new(2, 0);
	for (int i = 0; i < DRAWS; i++) {
		char s[64];
		const uint64_t m = pl_random_bits(&draw) >> 11 | (uint64_t)1 << 52;
		const int shift = 1 + below(&draw, 10);
		const uint64_t half = (2 * m + 1) << (shift - 1);
		const uint64_t w = half + (uint64_t)below(&draw, 3) - 1;
		(void)snprintf(s, sizeof s, "%llu", (unsigned long long)w);
		CHECK(reads_like_strtod(s));
		(void)snprintf(s, sizeof s, "%llue%d", (unsigned long long)w,
		               below(&draw, 64) - 32);
		CHECK(reads_like_strtod(s));
	}
}

/* (k 2^20 + 1/2) 2^-bits needs bits + 1 digits behind the point. */
static void short_decimals_halfway_between_doubles_are_read_like_strtod(void)
{
	for (int bits = 1; bits <= 20; bits++)
		for (uint64_t k = 0; k < 200; k++) {
			char s[64];
			const double x = ldexp((double)(2 * (k << 20) + 1), -bits - 1);
			(void)snprintf(s, sizeof s, "%.*f", bits + 1, x);
			CHECK(reads_like_strtod(s));
		}
	CHECK(reads_like_strtod("9007199254740993") && reads_like_strtod("9007199254740995"));
	CHECK(reads_like_strtod("18446744073709551615") && reads_like_strtod("1e27"));
	CHECK(reads_like_strtod("9999999999999999999e-27") && reads_like_strtod("-0"));
	CHECK(reads_like_strtod("5e-324") && reads_like_strtod("1e309"));
}

/* The same value with either mark, whatever stands behind it in memory. */
static void the_quick_way_tells_the_mark_and_reads_n_bytes_only(void)
{
	double x = 0;
	char mark = 'x';
	CHECK(pl_number_quick(&x, &mark, "12,5678", 4) && x == 12.5 && mark == ',');
	CHECK(pl_number_quick(&x, &mark, "12.5678", 4) && x == 12.5 && mark == '.');
	CHECK(pl_number_quick(&x, &mark, "1234567890", 3) && x == 123 && mark == 0);
	CHECK(pl_number_quick(&x, &mark, "1e5", 1) && x == 1);
	CHECK(!pl_number_quick(&x, &mark, "1e5", 2) && !pl_number_quick(&x, &mark, "", 0));
	CHECK(pl_number_read(&x, "1,5") == PL_EPARSE);
}

/* Whatever is neither a number nor none of a number's bytes; the long way is the judge. */
static void what_is_no_number_is_none_either_way(void)
{
	static const char bytes[] = "0123456789+-.eE,x /:";
	pl_random draw = pl_random_new(3, 0);
	for (int i = 0; i < DRAWS; i++) {
		char s[16], mark, *end;
		double quick = 7, x = 7;
		const int n = 1 + below(&draw, 12);
		for (int k = 0; k < n; k++) s[k] = bytes[below(&draw, (int)sizeof bytes - 1)];
		s[n] = '\0';
		const bool done = pl_number_quick(&quick, &mark, s, n);
		const pl_status status = pl_number_read(&x, s);
		const double want = strtod(s, &end);
		const bool whole = *end == '\0' && s[0] != ' ' && strchr(s, 'x') == NULL;
		CHECK((status == PL_OK) == (whole && isfinite(want)));
		CHECK(!done || mark == ',' || (status == PL_OK && same(quick, x)));
	}
}

static void any_number_is_printed_like_printf(void)
{
	pl_random draw = pl_random_new(4, 0);
	for (int i = 0; i < DRAWS; i++) {
		uint64_t bits = pl_random_bits(&draw);
		double x;
		memcpy(&x, &bits, sizeof x);
		CHECK(!isfinite(x) || prints_like_printf(x));
		/* exponents that people's numbers have */
		bits = (bits & 0x800FFFFFFFFFFFFF) | (uint64_t)(1023 - 80 + below(&draw, 240))
		                                             << 52;
		memcpy(&x, &bits, sizeof x);
		CHECK(prints_like_printf(x));
	}
}

static void round_numbers_are_printed_like_printf(void)
{
	pl_random draw = pl_random_new(5, 0);
	for (int i = 0; i < DRAWS; i++) {
		const int64_t w = (int64_t)(pl_random_bits(&draw) >> below(&draw, 60));
		const double x = (double)w, ten = pow(10, below(&draw, 25));
		CHECK(prints_like_printf(x / ten) && prints_like_printf(x * ten));
		CHECK(prints_like_printf(ldexp(x, below(&draw, 100) - 50)));
	}
	for (int e = -330; e <= 308; e++) {
		char s[16];
		double x = 0;
		(void)snprintf(s, sizeof s, "1e%d", e);
		CHECK(pl_number_read(&x, s) == PL_OK);
		CHECK(prints_like_printf(x) && prints_like_printf(nextafter(x, 0)));
		CHECK(prints_like_printf(-nextafter(x, 1)));
	}
}

int main(void)
{
	RUN(any_digits_are_read_like_strtod);
	RUN(numbers_halfway_between_doubles_are_read_like_strtod);
	RUN(short_decimals_halfway_between_doubles_are_read_like_strtod);
	RUN(the_quick_way_tells_the_mark_and_reads_n_bytes_only);
	RUN(what_is_no_number_is_none_either_way);
	RUN(any_number_is_printed_like_printf);
	RUN(round_numbers_are_printed_like_printf);
	return pl_test_failed;
}
