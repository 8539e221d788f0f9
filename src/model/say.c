/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "model/say.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

pl_said pl_say_id(const char *id)
{
	char brief[PL_BRIEF_CHARS];
	pl_said said;
	(void)snprintf(said.s, sizeof said.s, "\"%s\"", pl_text_brief(brief, id));
	return said;
}

pl_said pl_say_number(double x)
{
	char host[PL_SAID];
	pl_said said;
	char *to = said.s;
	bool point = false;
	(void)snprintf(host, sizeof host, "%.6g", x);
	/* The host's decimal point may be any bytes but these. */
	for (const char *from = host; *from != '\0'; from++) {
		const bool own = strchr("0123456789+-einfa", *from) != NULL;
		if (own || !point) *to++ = own ? *from : '.';
		if (!own) point = true;
	}
	*to = '\0';
	return said;
}

pl_said pl_say_range(pl_range range)
{
	pl_said said;
	const char *low = range.low_open ? "above" : "of at least";
	const pl_said from = pl_say_number(range.low), to = pl_say_number(range.high);
	if (isinf(range.high))
		(void)snprintf(said.s, sizeof said.s, "a number %s %.16s", low, from.s);
	else
		(void)snprintf(said.s, sizeof said.s, "a number %s %.16s and %s %.16s", low,
		               from.s, range.high_open ? "below" : "at most", to.s);
	return said;
}

static pl_said say_bits(unsigned bits, int n, const char *(*name)(int))
{
	pl_said said = {""};
	for (int i = 0; i < n; i++) {
		if (!(bits >> i & 1)) continue;
		const size_t used = strlen(said.s);
		(void)snprintf(said.s + used, sizeof said.s - used, "%s%s",
		               used > 0 ? " or " : "", name(i));
	}
	return said;
}

pl_said pl_say_kinds(unsigned bits)
{
	return say_bits(bits, PL_COUNCIL_KINDS, pl_council_kind_name);
}

pl_said pl_say_roles(unsigned bits)
{
	return say_bits(bits, PL_ROLES, pl_role_name);
}
