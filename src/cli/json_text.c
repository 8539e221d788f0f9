/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/json_text.h"

#include "base/text.h"

#include <math.h>

void pl_json_text(FILE *to, const char *s)
{
	fputc('"', to);
	for (; *s != '\0'; s++) {
		const unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\')
			fprintf(to, "\\%c", c);
		else if (c < 0x20)
			fprintf(to, "\\u%04x", (unsigned)c);
		else
			fputc(c, to);
	}
	fputc('"', to);
}

void pl_json_number(FILE *to, double x)
{
	char text[PL_NUMBER_CHARS];
	fputs(isfinite(x) ? pl_number_print(text, x) : "null", to);
}
