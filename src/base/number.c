/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* number.c - a decimal number is w * 10^k for whole w and k. While w has 64 bits and |k| is at
 * most 27, 5^|k| has 64 bits too, and the product or quotient of the two fits in 128 bits with
 * nothing lost: it is rounded to a double once, so it is right. The same holds of the way
 * back. What lies beyond goes to the C library, which glibc rounds correctly. */
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

enum {
	POWERS = 28,   ///< powers of five that fit in 64 bits
	MOST_READ = 19 ///< digits that always fit in 64 bits
};

/// Whole numbers up to this are doubles.
#define MOST_WHOLE ((uint64_t)1 << 53)

/* clang-format off */
static const uint64_t power_of_five[POWERS] = {
	1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1953125, 9765625, 48828125, 244140625,
	1220703125, 6103515625, 30517578125, 152587890625, 762939453125, 3814697265625,
	19073486328125, 95367431640625, 476837158203125, 2384185791015625, 11920928955078125,
	59604644775390625, 298023223876953125, 1490116119384765625, 7450580596923828125
};
/* clang-format on */

/* The thread's locale is swapped for the C locale around strtod and snprintf;
 * uselocale((locale_t)0) would only ask, so a failed newlocale does no harm where the host's
 * locale is C. */
static locale_t c_locale_enter(locale_t *c)
{
	*c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	return uselocale(*c);
}

static void c_locale_leave(locale_t c, locale_t before)
{
	(void)uselocale(before);
	if (c != (locale_t)0) freelocale(c);
}

/* ---- reading ---- */

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_number(const char *s)
{
	const char *p = s;
	int64_t digits = 0;
	if (*p == '+' || *p == '-') p++;
	for (; digit(*p); p++) digits++;
	if (*p == '.') p++;
	for (; digit(*p); p++) digits++;
	if (digits == 0) return false;
	if (*p == 'e' || *p == 'E') {
		p++;
		if (*p == '+' || *p == '-') p++;
		if (!digit(*p)) return false;
		while (digit(*p)) p++;
	}
	return *p == '\0';
}

/// 2^e for a double that is not subnormal.
static double power_of_two(int e)
{
	const uint64_t bits = (uint64_t)(e + 1023) << 52;
	double x;
	memcpy(&x, &bits, sizeof x);
	return x;
}

/// w / 10^k, w > 0, rounded once. Where both w and 5^k are doubles, one division of doubles
/// does; else both sides are shifted to 64 bits, so the quotient has 63 or
/// 64, of which the last stands for all that follow.
static double divided(uint64_t w, int k)
{
	const uint64_t five = power_of_five[k];
	if (w <= MOST_WHOLE && five <= MOST_WHOLE)
		return (double)w / (double)five * power_of_two(-k);
	const int up = __builtin_clzll(w), down = __builtin_clzll(five);
	const uint64_t by = five << down;
	const uint128 top = (uint128)(w << up) << 63;
	const uint64_t q = (uint64_t)(top / by);
	const uint64_t rest = (uint64_t)top - q * by;
	return (double)(q | (rest != 0)) * power_of_two(down - up - 63 - k);
}

/// w * 10^k, w > 0, rounded once.
static double multiplied(uint64_t w, int k)
{
	const uint128 product = (uint128)w * power_of_five[k];
	const uint64_t high = (uint64_t)(product >> 64);
	if (high == 0) return (double)(uint64_t)product * power_of_two(k);
	const int bits = 64 - __builtin_clzll(high);
	const uint64_t q = (uint64_t)(product >> bits);
	const bool rest = (product & (((uint128)1 << bits) - 1)) != 0;
	return (double)(q | rest) * power_of_two(bits + k);
}

/// Append eight digits, joined to pairs, fours and one number; the first stands in the lowest
/// byte (little-endian). @return false, with nothing done, where they are not eight
static bool eight_digits(uint64_t *w, const char *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof v);
	v ^= 0x3030303030303030; /* a digit becomes its value, everything else 10 or more */
	if (((v | (v + 0x0606060606060606)) & 0xF0F0F0F0F0F0F0F0) != 0) return false;
	v = (v * 10 + (v >> 8)) & 0x00FF00FF00FF00FF;
	v = (v * 100 + (v >> 16)) & 0x0000FFFF0000FFFF;
	v = (v * 10000 + (v >> 32)) & 0x00000000FFFFFFFF;
	*w = *w * 100000000 + v;
	return true;
}

/// Append digits to *w, modulo 2^64. @return the first byte that is none
static inline const char *digits(uint64_t *w, const char *p, const char *end)
{
	const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	uint64_t sum = *w;
	while (little && end - p >= 8 && eight_digits(&sum, p)) p += 8;
	for (; p < end && digit(*p); p++) sum = sum * 10 + (uint64_t)(*p - '0');
	*w = sum;
	return p;
}

/// The exponent's digits, at most four. @return the first byte that is none; s where none is
static const char *exponent_digits(int *out, const char *s, const char *end)
{
	const char *p = s;
	int e = 0;
	const bool minus = p < end && *p == '-';
	if (p < end && (*p == '+' || *p == '-')) p++;
	const char *first = p;
	for (; p < end && p - first < 4 && digit(*p); p++) e = e * 10 + (*p - '0');
	if (p == first) return s;
	*out = minus ? -e : e;
	return p;
}

/// Zeros before the first digit that is none.
static int64_t leading_zeros(const char *p, const char *end)
{
	int64_t n = 0;
	for (; p < end && (*p == '0' || *p == '.' || *p == ','); p++) n += *p == '0';
	return n;
}

bool pl_number_quick(double *out, char *mark, const char *s, int64_t n)
{
	const char *p = s, *end = s + n;
	uint64_t w = 0;
	int exponent = 0;
	const bool minus = n > 0 && *s == '-';
	*mark = 0;
	if (n > 0 && (*s == '-' || *s == '+')) p++;
	const char *first = p;
	p = digits(&w, first, end);
	int64_t count = p - first, after = 0;
	if (p < end && (*p == '.' || *p == ',')) {
		*mark = *p++;
		const char *from = p;
		p = digits(&w, from, end);
		after = p - from;
		count += after;
	}
	if (count == 0) return false;
	if (count > MOST_READ && count - leading_zeros(first, p) > MOST_READ) return false;
	if (p < end && (*p == 'e' || *p == 'E')) {
		const char *from = ++p;
		p = exponent_digits(&exponent, from, end);
		if (p == from) return false;
	}
	const int64_t k = exponent - after;
	if (p != end || k <= -POWERS || k >= POWERS) return false;
	const double size = w == 0 ? 0 : k < 0 ? divided(w, (int)-k) : multiplied(w, (int)k);
	*out = minus ? -size : size;
	return true;
}

pl_status pl_number_read(double *out, const char *s)
{
	char mark;
	double quick;
	if (pl_number_quick(&quick, &mark, s, (int64_t)strlen(s)) && mark != ',') {
		*out = quick;
		return PL_OK;
	}
	if (!is_number(s)) return PL_EPARSE;
	locale_t c;
	const locale_t before = c_locale_enter(&c);
	const double x = strtod(s, NULL);
	c_locale_leave(c, before);
	if (!isfinite(x)) return PL_EARG;
	*out = x;
	return PL_OK;
}

/* ---- printing ---- */

enum {
	DIGITS = 17,
	LEAST_TEN =
	        -16, ///< power of ten of the first digit that is printed without the C library
	MOST_TEN = DIGITS - 1 + POWERS - 1
};
static const uint64_t digits_end = 100000000000000000; /* 10^17 */

/// m * 2^e * 10^p to the nearest whole number, even where two are as near; p <= 32, and the
/// result below 2^64.
static uint64_t scaled_up(uint64_t m, int e, int p)
{
	uint128 whole = (uint128)m * power_of_five[p < POWERS ? p : POWERS - 1];
	if (p >= POWERS) whole *= power_of_five[p - POWERS + 1]; /* 53 + 75 bits */
	const int shift = -(e + p);
	if (shift <= 0) return (uint64_t)(whole << -shift);
	const uint64_t q = (uint64_t)(whole >> shift);
	const uint128 rest = whole & (((uint128)1 << shift) - 1),
	              half = (uint128)1 << (shift - 1);
	return q + (rest > half || (rest == half && (q & 1) != 0));
}

/// m * 2^e / 10^k to the nearest whole number, 0 < k < POWERS and e >= k; 5^k is odd, so no
/// two are as near.
static uint64_t scaled_down(uint64_t m, int e, int k)
{
	const uint128 whole = (uint128)m << (e - k);
	const uint64_t by = power_of_five[k], q = (uint64_t)(whole / by);
	const uint64_t rest = (uint64_t)whole - q * by;
	return q + (rest > by - rest);
}

/// The 17 digits of x > 0. @param[out] ten power of ten of the first
/// @return false where the C library must find them
static bool seventeen(uint64_t *out, int *ten, double x)
{
	uint64_t bits;
	memcpy(&bits, &x, sizeof bits);
	const int e = (int)(bits >> 52) - 1075;
	const uint64_t m = (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
	*ten = (int)floor((e + 52) *
	                  0.30102999566398120); /* log10 2: exact, or one too small */
	for (int turn = 0; turn < 2; turn++) {
		const int p = DIGITS - 1 - *ten;
		if (*ten < LEAST_TEN || *ten > MOST_TEN) return false;
		*out = p >= 0 ? scaled_up(m, e, p) : scaled_down(m, e, -p);
		if (*out < digits_end) return true;
		++*ten;
	}
	return false;
}

/// Cut zeros at the end. @param[out] text [DIGITS] @return digits that are left
static int spell(char *text, uint64_t w)
{
	int n = DIGITS;
	for (int i = DIGITS - 1; i >= 0; i--, w /= 10) text[i] = (char)('0' + w % 10);
	while (n > 1 && text[n - 1] == '0') n--;
	return n;
}

/// As "%g" sets n digits, the first of them worth 10^ten. @return the end
static char *set_digits(char *to, const char *text, int n, int ten)
{
	if (ten < 0) {
		*to++ = '0';
		*to++ = '.';
		for (int i = -1; i > ten; i--) *to++ = '0';
		memcpy(to, text, (size_t)n);
		return to + n;
	}
	for (int i = 0; i < n || i <= ten; i++) {
		if (i == ten + 1) *to++ = '.';
		*to++ = (char)(i < n ? text[i] : '0');
	}
	return to;
}

const char *pl_number_print(char out[PL_NUMBER_CHARS], double x)
{
	uint64_t w = 0;
	int ten = 0;
	char text[DIGITS], *to = out;
	if (!isfinite(x) || (x != 0 && !seventeen(&w, &ten, fabs(x)))) {
		locale_t c;
		const locale_t before = c_locale_enter(&c);
		(void)snprintf(out, PL_NUMBER_CHARS, "%.17g", x);
		c_locale_leave(c, before);
		return out;
	}
	if (signbit(x)) *to++ = '-';
	const int n = spell(text, w);
	if (ten >= -4 && ten < DIGITS) {
		to = set_digits(to, text, n, ten);
	} else {
		to = set_digits(to, text, n, 0);
		*to++ = 'e';
		*to++ = (char)(ten < 0 ? '-' : '+');
		*to++ = (char)('0' + abs(ten) / 10);
		*to++ = (char)('0' + abs(ten) % 10);
	}
	*to = '\0';
	return out;
}
