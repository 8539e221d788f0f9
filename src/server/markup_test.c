/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/markup.h"
#include "tests/pl_test.h"

/// A text as it stands on a page. Free with pl_bytes_free.
static pl_bytes written(const char *text)
{
	pl_markup p = {.base = ""};
	pl_markup_text(&p, text);
	CHECK(!p.failed && pl_bytes_add(&p.bytes, "", 1) == PL_OK);
	return p.bytes;
}

static void what_was_typed_is_no_markup(void)
{
	for (int c = 1; c < 128; c++) {
		const char text[] = {'a', (char)c, 'b', '\0'};
		pl_bytes b = written(text);
		CHECK(strpbrk(b.at, "<>\"'") == NULL);
		CHECK((strchr(b.at, '&') != NULL) == (strchr("&<>\"'", c) != NULL));
		CHECK(b.at[0] == 'a' && b.at[b.n - 2] == 'b');
		pl_bytes_free(&b);
	}
	pl_bytes b = written("&lt;<é>");
	CHECK(strcmp(b.at, "&amp;lt;&lt;\xc3\xa9&gt;") == 0);
	pl_bytes_free(&b);
}

static void a_code_stays_within_its_quotes(void)
{
	pl_markup p = {.base = "/\"><script>"};
	pl_markup_begin(&p, "<b>");
	pl_markup_login(&p, "\"><script>", "<i>");
	pl_markup_end(&p);
	CHECK(!p.failed && pl_bytes_add(&p.bytes, "", 1) == PL_OK);
	CHECK(strstr(p.bytes.at, "<script>") == NULL && strstr(p.bytes.at, "<b>") == NULL &&
	      strstr(p.bytes.at, "<i>") == NULL);
	CHECK(strstr(p.bytes.at, "value=\"&quot;&gt;&lt;script&gt;\"") != NULL);
	pl_bytes_free(&p.bytes);
}

int main(void)
{
	RUN(what_was_typed_is_no_markup);
	RUN(a_code_stays_within_its_quotes);
	return pl_test_failed;
}
