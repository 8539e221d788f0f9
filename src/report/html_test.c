/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/html.h"

#include "tests/pl_test.h"

enum { ROOM = 1 << 16 };
static char written[ROOM];

static const char *text_of(const char *s, int columns)
{
	FILE *to = fmemopen(written, sizeof written, "w");
	pl_html h = {.to = to};
	pl_html_text(&h, s, columns);
	fclose(to);
	return written;
}

static const char *name_of(const char *s, int columns, int64_t titles)
{
	FILE *to = fmemopen(written, sizeof written, "w");
	pl_html h = {.to = to, .titles = titles};
	pl_html_name(&h, s, columns);
	fclose(to);
	return written;
}

static void writes(const char *got, const char *want)
{
	if (strcmp(got, want) == 0) return;
	fprintf(stderr, "\"%s\", not \"%s\"\n", got, want);
	pl_test_failed = 1;
}

static void what_ends_text_or_attributes_is_escaped(void)
{
	writes(text_of("<script>", 99), "&lt;script&gt;");
	writes(text_of("\"onload='x'", 99), "&quot;onload=&#39;x&#39;");
	writes(text_of("]]>", 99), "]]&gt;");
	writes(text_of("a&lt;b", 99), "a&amp;lt;b");
}

/* Whatever the bytes: nothing in the page ends the text it stands in. */
static void no_bytes_get_out(void)
{
	char s[4] = "";
	for (int a = 1; a < 256; a++)
		for (int b = 1; b < 256; b++) {
			s[0] = (char)a;
			s[1] = (char)b;
			CHECK(strpbrk(text_of(s, 99), "<>\"'") == NULL);
		}
}

static void letters_of_all_scripts_are_kept(void)
{
	writes(text_of("Łoś, 面包, مخبز, 😀", 99), "Łoś, 面包, مخبز, 😀");
}

static void what_turns_the_direction_of_writing_is_left_out(void)
{
	writes(text_of("a\u202eb\u2066c\u200fd\u061ce", 99), "abcde");
}

static void what_is_no_letter_is_shown_as_such(void)
{
	writes(text_of("a\x01\x7f"
	               "b\xff\xc0\xaf",
	               99),
	       "a\ufffd\ufffdb\ufffd\ufffd\ufffd");
	writes(text_of("\xe2\x82", 99), "\ufffd\ufffd");
}

static void marks_do_not_pile_up(void)
{
	writes(text_of("e\u0301", 99), "e\u0301");
	writes(text_of("z\u0301\u0301\u0301\u0301\u0301\u0301z", 99), "z\u0301\u0301\u0301z");
}

static void long_text_keeps_both_ends(void)
{
	writes(text_of("abcdefghij", 10), "abcdefghij");
	writes(text_of("abcdefghijk", 10), "abcde…hijk");
	writes(text_of("面面面面面面", 5), "面…面");
}

static void a_column_takes_at_most_sixteen_bytes(void)
{
	static const char column[] = "\"\u0301\u0301\u0301\u0301";
	enum { LETTERS = 500, BYTES = 16 };
	char s[LETTERS * sizeof column] = "";
	for (int i = 0; i < LETTERS; i++)
		memcpy(s + (size_t)i * (sizeof column - 1), column, sizeof column);
	CHECK(strlen(text_of(s, PL_NAME_COLUMNS)) <= (size_t)BYTES * PL_NAME_COLUMNS);
}

static void a_name_that_was_cut_has_its_whole_in_a_title_while_titles_last(void)
{
	writes(name_of("abc", 10, 1000), "<bdi>abc</bdi>");
	writes(name_of("abcdefghij\"k", 10, 1000),
	       "<bdi title=\"abcdefghij&quot;k\">abcde…ij&quot;k</bdi>");
	writes(name_of("abcdefghijk", 10, 10), "<bdi>abcde…hijk</bdi>");
}

int main(void)
{
	RUN(what_ends_text_or_attributes_is_escaped);
	RUN(no_bytes_get_out);
	RUN(letters_of_all_scripts_are_kept);
	RUN(what_turns_the_direction_of_writing_is_left_out);
	RUN(what_is_no_letter_is_shown_as_such);
	RUN(marks_do_not_pile_up);
	RUN(long_text_keeps_both_ends);
	RUN(a_column_takes_at_most_sixteen_bytes);
	RUN(a_name_that_was_cut_has_its_whole_in_a_title_while_titles_last);
	return pl_test_failed;
}
