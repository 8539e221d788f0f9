/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/words.h"

#include "tests/pl_test.h"

#include <locale.h>

#define THIN  "\xe2\x80\xaf"
#define MINUS "\xe2\x88\x92"

static void says(const char *got, const char *want)
{
	if (strcmp(got, want) == 0) return;
	fprintf(stderr, "\"%s\", not \"%s\"\n", got, want);
	pl_test_failed = 1;
}

static void numbers_have_four_digits_and_thin_groups(void)
{
	char out[PL_WORDS_CHARS];
	says(pl_words_number(out, 0), "0");
	says(pl_words_number(out, -0.0), "0");
	says(pl_words_number(out, 64), "64");
	says(pl_words_number(out, 1.5), "1.5");
	says(pl_words_number(out, 0.123456), "0.1235");
	says(pl_words_number(out, 0.00012), "0.00012");
	says(pl_words_number(out, 999.99), "1" THIN "000");
	says(pl_words_number(out, -12345.6), MINUS "12" THIN "350");
	says(pl_words_number(out, 758000), "758" THIN "000");
	says(pl_words_number(out, 2106000), "2.106 million");
	says(pl_words_number(out, 12345678901.0), "12.35 billion");
	says(pl_words_number(out, 1.25e-10), "1.25" THIN "×" THIN "10⁻¹⁰");
	says(pl_words_number(out, 1.7e308), "1.7" THIN "×" THIN "10³⁰⁸");
	says(pl_words_number(out, (double)NAN), "no number");
	says(pl_words_number(out, (double)INFINITY), "no number");
}

static void counts_keep_all_digits(void)
{
	char out[PL_WORDS_CHARS];
	says(pl_words_count(out, 0), "0");
	says(pl_words_count(out, 999), "999");
	says(pl_words_count(out, 1234567), "1" THIN "234" THIN "567");
	says(pl_words_count(out, -123456), "-123" THIN "456");
}

static void shares_and_changes_are_percents(void)
{
	char out[PL_WORDS_CHARS];
	says(pl_words_share(out, 0.94), "94" THIN "%");
	says(pl_words_share(out, 0), "0" THIN "%");
	says(pl_words_share(out, 1e-9), "less than 0.1" THIN "%");
	says(pl_words_share(out, 31.4), "31.4 times");
	says(pl_words_share(out, 0.2031), "20" THIN "%");
	says(pl_words_share(out, 0.99972), "99.97" THIN "%");
	says(pl_words_share(out, 1), "100" THIN "%");
	says(pl_words_share(out, 0.2031), "20" THIN "%");
	says(pl_words_share(out, 0.99972), "99.97" THIN "%");
	says(pl_words_share(out, 1), "100" THIN "%");
	says(pl_words_change(out, 1.12), "+12" THIN "%");
	says(pl_words_change(out, 0.24), MINUS "76" THIN "%");
	says(pl_words_change(out, 1.000001), "as before");
	says(pl_words_change(out, 31), "times 31");
}

static void tiny_shares_are_parts_and_never_understated(void)
{
	char out[PL_WORDS_CHARS];
	says(pl_words_parts(out, 0), "nothing at all");
	says(pl_words_parts(out, 3e-10), "3 parts in 10 billion");
	says(pl_words_parts(out, 2.1e-10), "3 parts in 10 billion");
	says(pl_words_parts(out, 1e-12), "1 part in 1 trillion");
	says(pl_words_parts(out, 1e-13), "1 part in 10 trillion");
	says(pl_words_parts(out, 5e-3), "5 parts in 1 thousand");
	says(pl_words_parts(out, 0.25), "25" THIN "%");
	says(pl_words_parts(out, 1e-300), "less than 1 part in 1" THIN "000 trillion");
}

/* Where the host writes 1,5 for 1.5; without such a locale the calls above stand alone. */
static void the_locale_changes_nothing(void)
{
	char out[PL_WORDS_CHARS];
	static const char *const other[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8"};
	for (int i = 0; i < 3 && setlocale(LC_ALL, other[i]) == NULL;) i++;
	says(pl_words_number(out, 1.5), "1.5");
	says(pl_words_number(out, 1234.5), "1" THIN "234");
	says(pl_words_place(out, -0.25), "-0.3");
	setlocale(LC_ALL, "C");
}

static void places_have_one_decimal_and_stay_in_the_picture(void)
{
	char out[PL_WORDS_CHARS];
	says(pl_words_place(out, 12.34), "12.3");
	says(pl_words_place(out, 0.04), "0.0");
	says(pl_words_place(out, 1e300), "0.0");
	says(pl_words_place(out, (double)NAN), "0.0");
}

int main(void)
{
	RUN(numbers_have_four_digits_and_thin_groups);
	RUN(counts_keep_all_digits);
	RUN(shares_and_changes_are_percents);
	RUN(tiny_shares_are_parts_and_never_understated);
	RUN(places_have_one_decimal_and_stay_in_the_picture);
	RUN(the_locale_changes_nothing);
	return pl_test_failed;
}
