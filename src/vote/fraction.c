/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <plenum/vote.h>

enum { MOST = 1000000000, DECIMALS = 1000000, PERCENT = 100 };

/// Digits behind those that were read before. @param unit grows by ten with each; NULL: whole
/// @return where they end, or where there are too many
static const char *take_digits(int64_t *x, int64_t *unit, const char *at)
{
	while (*at >= '0' && *at <= '9' && *x <= MOST && (unit == NULL || *unit < DECIMALS)) {
		*x = 10 * *x + (*at++ - '0');
		if (unit != NULL) *unit *= 10;
	}
	return at;
}

bool pl_fraction_read(pl_fraction *out, const char *text)
{
	pl_fraction x = {0, 1};
	const char *at = take_digits(&x.num, NULL, text), *after = at;
	bool any = at > text;
	if (*at == '/') {
		x.den = 0;
		at = take_digits(&x.den, NULL, ++after);
		any = any && at > after;
	} else {
		if (*at == '.' || *at == ',') at = take_digits(&x.num, &x.den, ++after);
		any = any || at > after;
		if (*at == '%') x.den *= PERCENT;
		at += *at == '%';
	}
	if (!any || *at != '\0' || x.num > MOST || x.den > MOST || x.num > x.den || x.den == 0)
		return false;
	*out = x;
	return true;
}
