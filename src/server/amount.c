/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/amount.h"

#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MOST = 64, EXPONENT_MOST = 30, GROUP = 3, GROUPED_FROM = 5 };
static const int64_t steps_most = 9007199254740991; /* 2^53 - 1, as the record has it */
static const char narrow_space[] = "\xe2\x80\xaf";

/// digit[0] is the last one: the value is their number times 10^exponent.
typedef struct {
	unsigned char digit[DIGITS_MOST];
	int n, exponent;
} decimal;

/// Without zeros at either end, so that equal values are equal digit by digit.
static void normalise(decimal *d)
{
	int low = 0;
	while (d->n > 0 && d->digit[d->n - 1] == 0) d->n--;
	while (low < d->n && d->digit[low] == 0) low++;
	memmove(d->digit, d->digit + low, (size_t)(d->n - low));
	d->n -= low;
	d->exponent = d->n == 0 ? 0 : d->exponent + low;
}

/// "e-3" of a number. @return false: it is none, or too far from 0
static bool read_exponent(int *out, const char *text)
{
	const char *digits = text + 1 + (text[0] != '\0' && (text[1] == '-' || text[1] == '+'));
	*out = 0;
	if (text[0] == '\0') return true;
	const size_t n = strspn(digits, "0123456789");
	if (n == 0 || n > 2 || digits[n] != '\0') return false;
	*out = (int)strtol(text + 1, NULL, 10);
	return abs(*out) <= EXPONENT_MOST;
}

/// Digits, at most one mark among them, an exponent. @return false: it is none, or too long
static bool read_decimal(decimal *out, const char *text)
{
	char digits[DIGITS_MOST];
	int n = 0, behind = 0;
	bool mark = false;
	for (; *text != '\0' && *text != 'e' && *text != 'E'; text++) {
		const bool is_mark = *text == '.' || *text == ',';
		if ((is_mark && mark) || (!is_mark && (*text < '0' || *text > '9')) ||
		    n == DIGITS_MOST / 2)
			return false;
		mark = mark || is_mark;
		if (is_mark) continue;
		digits[n++] = *text;
		behind += mark;
	}
	int exponent;
	if (n == 0 || !read_exponent(&exponent, text)) return false;
	*out = (decimal){.n = n, .exponent = exponent - behind};
	for (int i = 0; i < n; i++) out->digit[i] = (unsigned char)(digits[n - 1 - i] - '0');
	normalise(out);
	return true;
}

/// d <- d * times, which is at most steps_most; the product of 32 digits and 16 has room.
static void multiply(decimal *d, int64_t times)
{
	uint64_t carry = 0;
	for (int i = 0; i < d->n || carry > 0; i++) {
		if (i == d->n) d->digit[d->n++] = 0;
		carry += d->digit[i] * (uint64_t)times;
		d->digit[i] = (unsigned char)(carry % 10);
		carry /= 10;
	}
	normalise(d);
}

/// Write it in plain digits. @param space between groups of three, from five digits on
static void print_decimal(char out[PL_AMOUNT_CHARS], const decimal *d, const char *space)
{
	const int whole = d->n + d->exponent;
	size_t n = 0;
	for (int place = whole > 0 ? whole - 1 : 0; place >= d->exponent || place >= 0;
	     place--) {
		const int i = place - d->exponent;
		if (place == -1) out[n++] = '.';
		out[n++] = (char)('0' + (i >= 0 && i < d->n ? d->digit[i] : 0));
		if (place > 0 && place % GROUP == 0 && whole >= GROUPED_FROM)
			n += (size_t)snprintf(out + n, PL_AMOUNT_CHARS - n, "%s", space);
	}
	out[n] = '\0';
}

static void print_steps(char out[PL_AMOUNT_CHARS], int64_t steps, const char *step,
                        const char *space)
{
	decimal d;
	double unit = 1;
	const bool negative = steps < 0;
	const int64_t size = negative ? -steps : steps;
	if (negative) *out++ = '-';
	if (read_decimal(&d, step)) {
		multiply(&d, size);
		print_decimal(out, &d, space);
		return;
	}
	/* a step of more digits, or smaller or larger than anybody can handle */
	(void)pl_number_read(&unit, step);
	(void)pl_number_print(out, (double)size * unit);
}

const char *pl_amount_print(char out[PL_AMOUNT_CHARS], int64_t steps, const char *step)
{
	print_steps(out, steps, step, "");
	return out;
}

const char *pl_amount_show(char out[PL_AMOUNT_CHARS], int64_t steps, const char *step)
{
	print_steps(out, steps, step, narrow_space);
	return out;
}

/// Do so many steps make this value?
static bool makes(const decimal *value, int64_t steps, const decimal *step)
{
	decimal d = *step;
	if (steps < 0 || steps > steps_most) return false;
	multiply(&d, steps);
	return d.n == value->n && d.exponent == value->exponent &&
	       memcmp(d.digit, value->digit, (size_t)d.n) == 0;
}

static double value_of(const decimal *d)
{
	char text[PL_AMOUNT_CHARS];
	double x = 0;
	print_decimal(text, d, "");
	(void)pl_number_read(&x, text);
	return x;
}

bool pl_amount_read(int64_t *steps, const char *typed, const char *step)
{
	decimal value, unit;
	if (!read_decimal(&value, typed) || !read_decimal(&unit, step) || unit.n == 0)
		return false;
	/* the quotient is known to a step or two; which one it is, the digits say */
	const double about = nearbyint(value_of(&value) / value_of(&unit));
	if (!(about <= (double)steps_most + 2)) return false;
	for (int64_t i = (int64_t)about - 2; i <= (int64_t)about + 2; i++) {
		if (!makes(&value, i, &unit)) continue;
		*steps = i;
		return true;
	}
	return false;
}

/// @param places behind the point
static const char *round_to(char out[PL_AMOUNT_CHARS], double x, int places, bool trim)
{
	enum { NUMBER = 24 };
	double scale = 1;
	char *to = out;
	for (int i = 0; i < places; i++) scale *= 10;
	const double size = nearbyint(fabs(x) * scale);
	if (!(size < 1e15)) return pl_number_print(out, x);
	decimal d = {.exponent = -places};
	for (int64_t rest = (int64_t)size; rest > 0 && d.n < NUMBER; rest /= 10)
		d.digit[d.n++] = (unsigned char)(rest % 10);
	if (trim || d.n == 0) normalise(&d);
	if (x < 0 && d.n > 0) *to++ = '-';
	print_decimal(to, &d, narrow_space);
	return out;
}

const char *pl_amount_round(char out[PL_AMOUNT_CHARS], double x)
{
	const double size = fabs(x);
	int places = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
	for (double least = 1; size > 0 && size < least && places < 9; least /= 10) places++;
	return round_to(out, x, places, true);
}

const char *pl_amount_credits(char out[PL_AMOUNT_CHARS], double x)
{
	const double size = fabs(x);
	int places = 2;
	for (double least = 1; size > 0 && size < least && places < 9; least /= 10) places++;
	return round_to(out, x, places, false);
}
