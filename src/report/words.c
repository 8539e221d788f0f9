/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/words.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THIN  "\xe2\x80\xaf" /* U+202F, a narrow space that does not break */
#define MINUS "\xe2\x88\x92" /* U+2212 */

enum { DIGITS_MOST = 6 };

/// Decimal digits without a point, and the power of ten of the first.
typedef struct {
	int n, power;
	char digit[DIGITS_MOST + 1];
} decimal;

/* The point that printf puts after the first digit depends on the locale, so it is skipped. */
static decimal decimal_of(double x, int digits)
{
	decimal d = {0};
	char text[PL_WORDS_CHARS];
	(void)snprintf(text, sizeof text, "%.*e", digits - 1, fabs(x));
	const char *s = text;
	for (; *s != '\0' && *s != 'e'; s++)
		if (*s >= '0' && *s <= '9' && d.n < DIGITS_MOST) d.digit[d.n++] = *s;
	if (*s == 'e') d.power = (int)strtol(s + 1, NULL, 10);
	while (d.n > 1 && d.digit[d.n - 1] == '0') d.n--;
	return d;
}

static void add(char out[PL_WORDS_CHARS], const char *more)
{
	const size_t n = strlen(out);
	(void)snprintf(out + n, PL_WORDS_CHARS - n, "%s", more);
}

/// Write digits with their point, for powers from -4 to 14.
static void plain(char out[PL_WORDS_CHARS], const decimal *d)
{
	char one[2] = "";
	if (d->power < 0) add(out, "0.");
	for (int i = d->power; i < -1; i++) add(out, "0");
	const int last = d->n > d->power + 1 ? d->n : d->power + 1;
	for (int i = 0; i < last; i++) {
		const int left = d->power - i; /* digits between this one and the point */
		one[0] = '0';
		if (i < d->n) one[0] = d->digit[i];
		if (left == -1 && d->power >= 0) add(out, ".");
		add(out, one);
		if (left > 0 && left % 3 == 0) add(out, THIN);
	}
}

static void raise(char out[PL_WORDS_CHARS], int power)
{
	static const char *const high[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
	char digits[16];
	add(out, THIN "×" THIN "10");
	if (power < 0) add(out, "⁻");
	(void)snprintf(digits, sizeof digits, "%d", abs(power));
	for (const char *s = digits; *s != '\0'; s++) add(out, high[*s - '0']);
}

const char *pl_words_number(char out[PL_WORDS_CHARS], double x)
{
	static const struct {
		double from, by;
		const char *word;
	} large[] = {{1e9, 1e9, " billion"}, {1e6, 1e6, " million"}};
	const double size = fabs(x);
	out[0] = '\0';
	if (!isfinite(x)) {
		add(out, "no number");
		return out;
	}
	if (x < 0) add(out, MINUS);
	if (size == 0) add(out, "0");
	if (size == 0) return out;
	if (size >= 1e12 || size < 1e-4) {
		const decimal d = decimal_of(size, 3);
		const decimal mantissa = {d.n, 0, {d.digit[0], d.digit[1], d.digit[2]}};
		plain(out, &mantissa);
		raise(out, d.power);
		return out;
	}
	const char *word = "";
	double shown = size;
	for (int i = 1; i >= 0; i--)
		if (size >= large[i].from) {
			shown = size / large[i].by;
			word = large[i].word;
		}
	const decimal d = decimal_of(shown, 4);
	plain(out, &d);
	add(out, word);
	return out;
}

const char *pl_words_count(char out[PL_WORDS_CHARS], int64_t n)
{
	char digits[PL_WORDS_CHARS];
	const int length = snprintf(digits, sizeof digits, "%lld", (long long)n);
	out[0] = '\0';
	for (int i = 0; i < length; i++) {
		const char one[2] = {digits[i], '\0'};
		if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-') add(out, THIN);
		add(out, one);
	}
	return out;
}

/// A percentage without a sign, of two digits, or of four where it is nearly all.
static void percent(char out[PL_WORDS_CHARS], double share)
{
	const bool nearly = share > 0.985 && share < 1 - 1e-5;
	const decimal d = decimal_of(100 * share, nearly ? 4 : share >= 1 ? 3 : 2);
	plain(out, &d);
	add(out, THIN "%");
}

const char *pl_words_share(char out[PL_WORDS_CHARS], double share)
{
	if (!isfinite(share)) return pl_words_number(out, share);
	if (share > 10) {
		(void)pl_words_number(out, share);
		add(out, " times");
		return out;
	}
	out[0] = '\0';
	if (share == 0) {
		add(out, "0" THIN "%");
	} else if (share > 0 && share < 1e-3) {
		add(out, "less than 0.1" THIN "%");
	} else {
		if (share < 0) add(out, MINUS);
		percent(out, share);
	}
	return out;
}

const char *pl_words_change(char out[PL_WORDS_CHARS], double ratio)
{
	const double change = ratio - 1;
	out[0] = '\0';
	if (!isfinite(ratio)) return pl_words_number(out, ratio);
	if (fabs(change) < 1e-4) {
		add(out, "as before");
	} else if (ratio > 10) {
		char number[PL_WORDS_CHARS];
		add(out, "times ");
		add(out, pl_words_number(number, ratio));
	} else {
		add(out, change < 0 ? MINUS : "+");
		percent(out, fabs(change));
	}
	return out;
}

const char *pl_words_parts(char out[PL_WORDS_CHARS], double share)
{
	static const char *const word[] = {" thousand", " million", " billion", " trillion"};
	out[0] = '\0';
	if (!isfinite(share)) return pl_words_number(out, share);
	if (share == 0) {
		add(out, "nothing at all");
		return out;
	}
	if (fabs(share) >= 1e-2) return pl_words_share(out, share);
	if (fabs(share) < 1e-15) {
		add(out, "less than 1 part in 1" THIN "000 trillion");
		return out;
	}
	int zeros = -decimal_of(share, DIGITS_MOST).power;
	if (zeros < 3) zeros = 3;
	double whole = 1;
	for (int i = 0; i < zeros; i++) whole *= 10;
	const double parts = ceil(fabs(share) * whole - 1e-6);
	char text[PL_WORDS_CHARS];
	static const char *const tens[] = {"1", "10", "100", "1" THIN "000"};
	const int thousands = zeros / 3 > 4 ? 4 : zeros / 3;
	(void)snprintf(text, sizeof text, "%.0f %s in %s%s", parts,
	               parts == 1 ? "part" : "parts", tens[zeros - 3 * thousands],
	               word[thousands - 1]);
	add(out, text);
	return out;
}

const char *pl_words_place(char out[PL_WORDS_CHARS], double x)
{
	const long tenths = fabs(x) < 1e6 ? lround(10 * x) : 0;
	(void)snprintf(out, PL_WORDS_CHARS, "%s%ld.%ld", tenths < 0 ? "-" : "",
	               labs(tenths) / 10, labs(tenths) % 10);
	return out;
}
