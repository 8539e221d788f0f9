/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/help.h"

#include "cli/tables.h"
#include "cli/terminal.h"
#include "tests/pl_test.h"

static char page[1 << 16];

/// What a printer prints, until the next call.
static const char *printed(void (*print)(FILE *to, int verb), int verb)
{
	FILE *to = fmemopen(page, sizeof page, "w");
	if (to == NULL) abort();
	print(to, verb);
	CHECK(fclose(to) == 0 && strlen(page) < sizeof page - 1);
	return page;
}

static void man(FILE *to, int verb)
{
	(void)verb;
	pl_help_man(to);
}

/// Columns of the longest line.
static int widest(const char *text)
{
	int most = 0;
	while (*text != '\0') {
		const size_t n = strcspn(text, "\n");
		const int width = pl_text_columns(text, n);
		if (width > most) most = width;
		text += n + (text[n] == '\n');
	}
	return most;
}

/// Does the verb take an option of this spelling?
static bool takes(int verb, const char *name)
{
	char other[PL_NAME_MOST];
	for (int o = 0; o < PL_OPTIONS; o++) {
		pl_option_name(other, o);
		if (strcmp(other, name) == 0 && pl_option_on(verb, o)) return true;
	}
	return false;
}

static void every_option_stands_in_the_help_of_its_verbs(void)
{
	for (int v = 0; v < PL_VERBS; v++) {
		const char *text = printed(pl_help_print, v);
		for (int o = 0; o < PL_OPTIONS; o++) {
			char name[PL_NAME_MOST], line[PL_NAME_MOST + 8];
			pl_option_name(name, o);
			(void)snprintf(line, sizeof line, "  --%s", name);
			const char *at = strstr(text, line);
			while (at != NULL && strchr(" \n", at[strlen(line)]) == NULL)
				at = strstr(at + 1, line);
			CHECK((at != NULL) == takes(v, name));
		}
	}
}

static void every_verb_stands_in_the_help(void)
{
	const char *text = printed(pl_help_print, -1);
	for (int v = 0; v < PL_VERBS; v++)
		if (!pl_verb_rows[v].hidden)
			CHECK(strstr(text, pl_verb_rows[v].summary) != NULL);
}

static void help_fits_80_columns(void)
{
	for (int v = -1; v < PL_VERBS; v++) {
		const char *text = printed(pl_help_print, v);
		CHECK(widest(text) <= PL_COLUMNS);
	}
}

static void the_manual_names_every_verb_and_option(void)
{
	const char *text = printed(man, 0);
	for (int v = 0; v < PL_VERBS; v++) {
		char head[64];
		(void)snprintf(head, sizeof head, ".SS \"plenum %s", pl_verb_rows[v].words);
		CHECK((strstr(text, head) != NULL) == !pl_verb_rows[v].hidden);
	}
	for (int o = 0; o < PL_OPTIONS; o++) {
		char head[2 * PL_NAME_MOST + 8] = ".B \\-\\-", name[PL_NAME_MOST];
		size_t n = strlen(head);
		pl_option_name(name, o);
		for (const char *c = name; *c != '\0'; c++) {
			if (*c == '-') head[n++] = '\\';
			head[n++] = *c;
		}
		if (o != PL_O_man) CHECK(strstr(text, head) != NULL);
	}
}

static void no_text_of_an_option_is_cut(void)
{
	static char plain[1 << 18];
	const char *text = printed(man, 0);
	size_t n = 0;
	for (; *text != '\0' && n + 1 < sizeof plain; text++)
		if (*text != '\\') plain[n++] = *text;
	plain[n] = '\0';
	CHECK(n + 1 < sizeof plain);
	for (int o = 0; o < PL_OPTIONS; o++)
		if (o != PL_O_man) CHECK(strstr(plain, pl_option_rows[o].help) != NULL);
}

static void wrap_narrow(FILE *to, int verb)
{
	(void)verb;
	for (int used = 0; used < PL_COLUMNS; used++) {
		fprintf(to, "%*s", used, "");
		pl_help_wrap(to, "there are 1 234 567 of 7 654 321 hours, 50 % of all", used,
		             4);
	}
}

static void a_number_is_not_torn(void)
{
	const char *text = printed(wrap_narrow, 0);
	for (const char *end = strchr(text, '\n'); end != NULL; end = strchr(end + 1, '\n')) {
		const char *next = end + 1 + strspn(end + 1, " ");
		CHECK(strchr("0123456789", end[-1]) == NULL || *next < '0' || *next > '9');
		CHECK(*next != '%');
	}
	CHECK(strstr(text, "\n    of 7 654 321") != NULL);
}

int main(void)
{
	RUN(every_option_stands_in_the_help_of_its_verbs);
	RUN(every_verb_stands_in_the_help);
	RUN(help_fits_80_columns);
	RUN(the_manual_names_every_verb_and_option);
	RUN(no_text_of_an_option_is_cut);
	RUN(a_number_is_not_torn);
	return pl_test_failed;
}
