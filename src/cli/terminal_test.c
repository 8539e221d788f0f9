/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/terminal.h"

#include "cli/judge.h"
#include "tests/pl_test.h"

static bool reads(double x, const char *text)
{
	char out[PL_HUMAN_CHARS];
	const bool same = strcmp(pl_human(out, x), text) == 0;
	if (!same) fprintf(stderr, "%.17g: %s, not %s\n", x, out, text);
	return same;
}

static bool share_reads(double x, bool sign, const char *text)
{
	char out[PL_HUMAN_CHARS];
	const bool same = strcmp(pl_human_share(out, x, sign), text) == 0;
	if (!same) fprintf(stderr, "%.17g: %s, not %s\n", x, out, text);
	return same;
}

static void numbers_are_short_and_grouped(void)
{
	CHECK(reads(0, "0"));
	CHECK(reads(1.234567, "1.23"));
	CHECK(reads(999.4, "999"));
	CHECK(reads(999.6, "1 000"));
	CHECK(reads(-1234.5, "-1 234") || reads(-1234.5, "-1 235"));
	CHECK(reads(1234567, "1 234 567"));
	CHECK(reads(12345678, "12.35 M"));
	CHECK(reads(12345678901, "12 346 M"));
	CHECK(reads(1e13, "1.0e+13"));
	CHECK(reads(0.00012345, "1.2e-04"));
	CHECK(reads(INFINITY, "inf"));
}

static void shares_are_percents(void)
{
	CHECK(share_reads(0.94, false, "94 %"));
	CHECK(share_reads(0.12, true, "+12 %"));
	CHECK(share_reads(-0.003, true, "-0.3 %"));
	CHECK(share_reads(30, true, "x 31"));
	CHECK(share_reads(1.6e34, true, "x 2e+34"));
	CHECK(share_reads(1, false, "100 %"));
}

/// Print a cell and return it; free it.
static char *cell(const char *s, int width, bool right)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	if (to == NULL) abort();
	pl_text_cell(to, s, width, right);
	(void)fclose(to);
	return text;
}

static void a_cell_is_as_wide_as_asked(void)
{
	static const char *const texts[] = {"",
	                                    "bread",
	                                    "Żabia Wola",
	                                    "面包和黄油",
	                                    "the\xcc\x81",
	                                    "مخبز",
	                                    "Neighbourhood council of the Upper Mill",
	                                    "🍞🍞🍞"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (int width = 1; width < 45; width++)
			for (int right = 0; right < 2; right++) {
				char *text = cell(texts[i], width, right == 1);
				CHECK(pl_text_width(text) == width);
				free(text);
			}
}

static void a_long_name_keeps_both_ends(void)
{
	char *text = cell("Neighbourhood council of Mill Hill", 21, false);
	CHECK(strncmp(text, "Neighbourh", 10) == 0);
	CHECK(strcmp(text + strlen(text) - 9, "Mill Hill") == 0);
	free(text);
}

static void text_that_is_no_utf8_is_bounded(void)
{
	CHECK(pl_text_width("\xff\xfe") == 2);
	CHECK(pl_text_width("a\xe2\x82") == 3);
}

static void a_check_is_as_strict_as_the_plan_was_made_to(void)
{
	CHECK_NEAR(pl_judge_tolerance(NAN), 1e-6, 0);
	CHECK_NEAR(pl_judge_tolerance(1e-9), 1e-6, 0);
	CHECK_NEAR(pl_judge_tolerance(1e-4), 2e-4, 0);
	CHECK_NEAR(pl_judge_tolerance(0.1), 0.01, 0);
}

int main(void)
{
	RUN(numbers_are_short_and_grouped);
	RUN(shares_are_percents);
	RUN(a_cell_is_as_wide_as_asked);
	RUN(a_long_name_keeps_both_ends);
	RUN(text_that_is_no_utf8_is_bounded);
	RUN(a_check_is_as_strict_as_the_plan_was_made_to);
	return pl_test_failed;
}
