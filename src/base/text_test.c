/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/text.h"

#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

#include <locale.h>

static void any_finite_number_comes_back_to_the_last_bit(void)
{
	pl_random draw = pl_random_new(1, 0);
	char text[PL_NUMBER_CHARS];
	for (int i = 0; i < 100000; i++) {
		const uint64_t bits = pl_random_bits(&draw);
		double x, y = 0;
		memcpy(&x, &bits, sizeof x);
		if (!isfinite(x)) continue;
		CHECK(pl_number_read(&y, pl_number_print(text, x)) == PL_OK);
		CHECK(memcmp(&x, &y, sizeof x) == 0);
	}
}

static void numbers_between_two_doubles_are_rounded_to_even(void)
{
	double x = 0;
	CHECK(pl_number_read(&x, "9007199254740993") == PL_OK && x == 9007199254740992.0);
	CHECK(pl_number_read(&x, "9007199254740993.00000000000000000000001") == PL_OK);
	CHECK(x == 9007199254740994.0);
	CHECK(pl_number_read(&x, "2.2250738585072011e-308") == PL_OK);
	CHECK(x == 0x0.fffffffffffffp-1022);
	CHECK(pl_number_read(&x, "1e-400") == PL_OK && x == 0);
}

static void what_is_no_decimal_number_is_refused_and_changes_nothing(void)
{
	static const char no_break[] = {(char)0xC2, (char)0xA0, '1', '\0'};
	static const char *const bad[] = {
	        "",     "+",     ".",        "-.",     "e5",    "1e",    "1e+",
	        "0x10", "inf",   "-inf",     "nan",    "NaN",   "1,5",   "1.2.3",
	        " 1",   "1 ",    "1_0",      "--1",    "1-",    "1e5.",  "1e 5",
	        "1f",   "0x1p3", "infinity", "nan(1)", "1'000", no_break};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		double x = 7;
		CHECK(pl_number_read(&x, bad[i]) == PL_EPARSE);
		CHECK(x == 7);
	}
	double x = 7;
	CHECK(pl_number_read(&x, "1e400") == PL_EARG && x == 7);
	CHECK(pl_number_read(&x, "-1.8e308") == PL_EARG && x == 7);
}

static void a_sign_a_point_and_an_exponent_may_stand_alone_or_together(void)
{
	double x = 0;
	CHECK(pl_number_read(&x, "+5") == PL_OK && x == 5);
	CHECK(pl_number_read(&x, ".5") == PL_OK && x == 0.5);
	CHECK(pl_number_read(&x, "5.") == PL_OK && x == 5);
	CHECK(pl_number_read(&x, "-1.25E-2") == PL_OK && x == -0.0125);
	CHECK(pl_number_read(&x, "007") == PL_OK && x == 7);
}

/* Whichever of these the host has; a host without any still passes by the rest. */
static void the_hosts_locale_changes_nothing(void)
{
	static const char *const comma[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8",
	                                    "pt_BR.UTF-8", "de_DE.utf8",  "fr_FR.utf8"};
	bool found = false;
	for (size_t i = 0; i < sizeof comma / sizeof *comma && !found; i++)
		found = setlocale(LC_ALL, comma[i]) != NULL;
	if (!found) printf("    (no locale with a decimal comma on this host)\n");
	char text[PL_NUMBER_CHARS];
	double x = 0;
	CHECK(strcmp(pl_number_print(text, 1.5), "1.5") == 0);
	CHECK(pl_number_read(&x, "1.5") == PL_OK && x == 1.5);
	CHECK(pl_number_read(&x, "1,5") == PL_EPARSE);
	CHECK(!found || strcmp(localeconv()->decimal_point, ",") == 0); /* left as it was */
	setlocale(LC_ALL, "C");
}

/* The definition: encode every number from 0 to 0x1FFFFF and see what is accepted. */
static void exactly_the_unicode_scalar_values_are_valid(void)
{
	for (uint32_t c = 0; c < 0x200000; c++) {
		unsigned char s[4];
		int n = 4;
		if (c < 0x80) {
			n = 1;
			s[0] = (unsigned char)c;
		} else if (c < 0x800) {
			n = 2;
			s[0] = (unsigned char)(0xC0 | c >> 6);
		} else if (c < 0x10000) {
			n = 3;
			s[0] = (unsigned char)(0xE0 | c >> 12);
		} else {
			s[0] = (unsigned char)(0xF0 | c >> 18);
		}
		for (int k = 1; k < n; k++)
			s[k] = (unsigned char)(0x80 | ((c >> (6 * (n - 1 - k))) & 0x3F));
		const bool valid = c < 0xD800 || (c > 0xDFFF && c < 0x110000);
		if ((pl_utf8_fault((const char *)s, n) < 0) != valid) {
			fprintf(stderr, "U+%X is taken for what it is not\n", (unsigned)c);
			pl_test_failed = 1;
			return;
		}
	}
}

static void broken_utf8_is_found_where_it_breaks(void)
{
	CHECK(pl_utf8_fault("ab\xFF", 3) == 2);
	CHECK(pl_utf8_fault("\xC3", 1) == 0);
	CHECK(pl_utf8_fault("a\xC3(", 3) == 1);
	CHECK(pl_utf8_fault("\xC0\x80", 2) == 0);     /* overlong NUL */
	CHECK(pl_utf8_fault("\xE0\x80\xAF", 3) == 0); /* overlong slash */
	CHECK(pl_utf8_fault("\xF0\x80\x80\xAF", 4) == 0);
	CHECK(pl_utf8_fault("\x80", 1) == 0);
	CHECK(pl_utf8_fault("", 0) == -1);
}

static void control_characters_are_found_in_both_blocks(void)
{
	CHECK(pl_utf8_control("caf\xC3\xA9", 5) == -1);
	CHECK(pl_utf8_control("a\tb", 3) == 1);
	CHECK(pl_utf8_control("a\x7F", 2) == 1);
	CHECK(pl_utf8_control("ab\xC2\x85", 4) == 2);
	CHECK(pl_utf8_control("ab\xC2\xA0", 4) == -1); /* a no-break space */
}

static void a_long_text_is_cut_between_characters(void)
{
	char out[PL_BRIEF_CHARS], text[201];
	for (int i = 0; i < 200; i += 2) memcpy(text + i, "\xC3\xA9", 2);
	text[200] = '\0';
	for (int from = 0; from < 4; from += 2) {
		text[199] = 'x';
		pl_text_brief(out, text + from);
		CHECK(pl_utf8_fault(out, (int64_t)strlen(out)) == -1);
		CHECK(strlen(out) <= 63);
	}
	CHECK(strcmp(pl_text_brief(out, "short"), "short") == 0);
}

/* The recursion that defines the distance, without the table. */
static int slow_distance(const char *a, int n, const char *b, int m)
{
	if (n == 0 || m == 0) return n + m;
	int d = slow_distance(a, n - 1, b, m - 1) + (a[n - 1] != b[m - 1]);
	const int drop = slow_distance(a, n - 1, b, m) + 1,
	          add = slow_distance(a, n, b, m - 1) + 1;
	if (drop < d) d = drop;
	if (add < d) d = add;
	if (n > 1 && m > 1 && a[n - 1] == b[m - 2] && a[n - 2] == b[m - 1]) {
		const int swap = slow_distance(a, n - 2, b, m - 2) + 1;
		if (swap < d) d = swap;
	}
	return d;
}

static void the_distance_is_what_its_definition_says(void)
{
	pl_random draw = pl_random_new(2, 0);
	for (int i = 0; i < 300; i++) {
		char a[7] = "", b[7] = "";
		const int n = (int)(pl_random_bits(&draw) % 7),
		          m = (int)(pl_random_bits(&draw) % 7);
		for (int k = 0; k < n; k++) a[k] = (char)('a' + pl_random_bits(&draw) % 3);
		for (int k = 0; k < m; k++) b[k] = (char)('a' + pl_random_bits(&draw) % 3);
		CHECK(pl_text_distance(a, b, 9) == slow_distance(a, n, b, m));
		CHECK(pl_text_distance(a, b, 9) == pl_text_distance(b, a, 9));
	}
	CHECK(pl_text_distance("abcdef", "uvwxyz", 3) == 4);
}

static void only_a_near_word_is_suggested_and_the_nearest_wins(void)
{
	char hint[PL_HINT_CHARS];
	pl_near near = {0};
	pl_near_offer(&near, "wheet", "barley");
	CHECK(strcmp(pl_near_hint(hint, &near), "") == 0);
	pl_near_offer(&near, "wheet", "sheep");
	pl_near_offer(&near, "wheet", "wheat");
	CHECK(strcmp(pl_near_hint(hint, &near), " (did you mean \"wheat\"?)") == 0);
	near = (pl_near){0};
	pl_near_offer(&near, "WHEAT", "wheat");
	CHECK(near.word != NULL && near.distance == 0);
	near = (pl_near){0};
	pl_near_offer(&near, "x", "y"); /* all of it wrong */
	CHECK(near.word == NULL);
}

static void bytes_keep_what_was_added_and_a_failure_changes_nothing(void)
{
	pl_bytes b = {0};
	for (int i = 0; i < 5000; i++) {
		const char c = (char)(i % 100);
		CHECK(pl_bytes_add(&b, &c, 1) == PL_OK);
	}
	CHECK(b.n == 5000);
	for (int i = 0; i < 5000; i++) CHECK(b.at[i] == (char)(i % 100));
#ifdef PL_ALLOC_FAULTS
	const pl_bytes before = b;
	pl_alloc_grants = 0;
	CHECK(pl_bytes_reserve(&b, 1 << 20) == PL_ENOMEM);
	pl_alloc_grants = -1;
	CHECK(b.at == before.at && b.n == before.n && b.room == before.room);
#endif
	pl_bytes_free(&b);
}

int main(void)
{
	RUN(any_finite_number_comes_back_to_the_last_bit);
	RUN(numbers_between_two_doubles_are_rounded_to_even);
	RUN(what_is_no_decimal_number_is_refused_and_changes_nothing);
	RUN(a_sign_a_point_and_an_exponent_may_stand_alone_or_together);
	RUN(the_hosts_locale_changes_nothing);
	RUN(exactly_the_unicode_scalar_values_are_valid);
	RUN(broken_utf8_is_found_where_it_breaks);
	RUN(control_characters_are_found_in_both_blocks);
	RUN(a_long_text_is_cut_between_characters);
	RUN(the_distance_is_what_its_definition_says);
	RUN(only_a_near_word_is_suggested_and_the_nearest_wins);
	RUN(bytes_keep_what_was_added_and_a_failure_changes_nothing);
	return pl_test_failed;
}
