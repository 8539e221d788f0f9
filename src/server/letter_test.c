/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/letter.h"

#include "tests/pl_test.h"

#include <stdio.h>
#include <string.h>

static void an_address_is_an_address_and_nothing_else(void)
{
	static const char *const good[] = {"a@b", "ada.l+x@example.org", "o'brien@a-b.example",
	                                   "1@127.0.0.1"};
	static const char *const bad[] = {
	        "",        "a",           "@b",         "a@",     "a@b@c",      "a b@c",
	        "a@b c",   "a@b\r\nX: y", "a@b\n",      "<a@b>",  "a@b>",       "\"a\"@b",
	        "a@b,c@d", "a..b@c",      ".a@b",       "a.@b",   "a@b.",       "a@.b",
	        "a@b..c",  "\xc3\xa4@b",  "a@\xc3\xa4", "a@b\tc", "mailto:a@b", "a@[1.2.3.4]",
	        "a(x)@b",  "a@b;",        "a\\@b",      "a@b_c"};
	char longest[400];
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		CHECK(pl_letter_is_address(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(!pl_letter_is_address(bad[i]));
	memset(longest, 'a', sizeof longest);
	longest[64] = '@';
	longest[254] = '\0';
	CHECK(pl_letter_is_address(longest));
	longest[254] = 'a';
	longest[255] = '\0';
	CHECK(!pl_letter_is_address(longest));
}

static void a_mail_has_these_bytes(void)
{
	static const char wanted[] =
	        "From: <plenum@example.org>\r\nTo: <ada@example.org>\r\n"
	        "Subject: =?UTF-8?B?R3LDvMOfZQ0KQmNjOiBldmVAZXhhbXBsZS5vcmc=?=\r\n"
	        "Date: Fri, 27 Nov 2026 18:00:05 +0000\r\nMessage-ID: <x1@example.org>\r\n"
	        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
	        "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n"
	        "Lg0KDQpRVUlUDQo=\r\n";
	const pl_letter l = {.from = "plenum@example.org",
	                     .to = "ada@example.org",
	                     .subject = "Gr\xc3\xbc\xc3\x9f"
	                                "e\r\nBcc: eve@example.org",
	                     .text = ".\r\n\r\nQUIT\r\n",
	                     .time = 1795802405,
	                     .id = "x1"};
	pl_bytes b = {0};
	CHECK(pl_letter_write(&b, &l, NULL) == PL_OK);
	CHECK(b.n == (int64_t)sizeof wanted - 1 && memcmp(b.at, wanted, (size_t)b.n) == 0);
	pl_bytes_free(&b);
}

static void every_line_is_short_and_ascii_whatever_is_said(void)
{
	char text[3000], subject[500];
	for (size_t i = 0; i < sizeof text - 1; i++) text[i] = (char)(1 + i * 7 % 255);
	text[sizeof text - 1] = '\0';
	for (size_t i = 0; i + 2 < sizeof subject; i += 2) memcpy(subject + i, "\xc3\xa4", 3);
	const pl_letter l = {"a@b", "c@d", subject, text, 0, "1"};
	pl_bytes b = {0};
	int64_t begin = 0;
	CHECK(pl_letter_write(&b, &l, NULL) == PL_OK);
	for (int64_t i = 0; i < b.n; i++) {
		CHECK((b.at[i] >= ' ' && b.at[i] <= '~') || b.at[i] == '\r' || b.at[i] == '\n');
		CHECK((b.at[i] == '\n') == (i > 0 && b.at[i - 1] == '\r'));
		if (b.at[i] != '\n') continue;
		CHECK(i - begin <= 77);
		begin = i + 1;
	}
	CHECK(begin == b.n);
	pl_bytes_free(&b);
}

static void no_mail_is_written_to_what_is_no_address(void)
{
	const pl_letter to = {"a@b", "c@d\r\nBcc: e@f", "s", "t", 0, "1"};
	const pl_letter from = {"a@b>\r\nX: y", "c@d", "s", "t", 0, "1"};
	pl_bytes b = {0};
	CHECK(pl_letter_write(&b, &to, NULL) == PL_EARG && b.n == 0);
	CHECK(pl_letter_write(&b, &from, NULL) == PL_EARG && b.n == 0);
}

int main(void)
{
	RUN(an_address_is_an_address_and_nothing_else);
	RUN(a_mail_has_these_bytes);
	RUN(every_line_is_short_and_ascii_whatever_is_said);
	RUN(no_mail_is_written_to_what_is_no_address);
	return pl_test_failed;
}
