/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pabulib_number.c - amounts of money, and whole numbers. */
#include "io/pabulib_parts.h"

#include <stdlib.h>

enum { DECIMALS_MOST = 6, DIGITS_MOST = 18 };

/// Strip what is 0 behind the mark.
static pl_pb_amount shorten(pl_pb_amount a)
{
	while (a.decimals > 0 && a.digits % 10 == 0) {
		a.digits /= 10;
		a.decimals--;
	}
	return a;
}

const char *pl_pb_read_amount(pl_pb_amount *out, const char *text)
{
	const char *p = text + (*text == '-');
	pl_pb_amount a = {0, 0};
	char mark = 0;
	int digits = 0, seen = 0;
	for (; *p != '\0'; p++) {
		if ((*p == '.' || *p == ',') && mark == 0) {
			mark = *p;
			continue;
		}
		if (*p < '0' || *p > '9')
			return "is no amount of money such as 1250 or 1250.50";
		seen++;
		digits += digits > 0 || *p != '0';
		if (digits > DIGITS_MOST) return "is too large, or has too many digits";
		a.digits = 10 * a.digits + (*p - '0');
		a.decimals += mark != 0;
	}
	if (seen == 0) return "is no amount of money such as 1250 or 1250.50";
	if (mark == ',' && a.decimals == 3)
		return "may have a decimal comma or one between thousands; write a point, or "
		       "none";
	a = shorten(a);
	if (*text == '-' && a.digits > 0) return "is below 0";
	if (a.decimals > DECIMALS_MOST) return "has more than 6 decimals";
	*out = a;
	return NULL;
}

bool pl_pb_in_units(int64_t *out, pl_pb_amount a, int32_t decimals)
{
	int64_t x = a.digits;
	for (int32_t i = a.decimals; i < decimals; i++)
		if (__builtin_mul_overflow(x, INT64_C(10), &x)) return false;
	*out = x;
	return x <= INT64_C(1) << 62;
}

bool pl_pb_read_whole(int32_t *out, const char *text)
{
	char *end;
	const bool begins = (*text >= '0' && *text <= '9') ||
	                    (*text == '-' && text[1] >= '0' && text[1] <= '9');
	const long long x = begins ? strtoll(text, &end, 10) : 0;
	if (!begins || *end != '\0' || x < -INT32_MAX || x > INT32_MAX) return false;
	*out = (int32_t)x;
	return true;
}
