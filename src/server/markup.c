/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/markup.h"

#include <string.h>

const char pl_markup_style[] =
        ":root{color-scheme:light dark}"
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:1rem}"
        "code{overflow-wrap:anywhere}"
        "label,input,button{display:block;font:inherit}"
        "input{box-sizing:border-box;width:100%;padding:.5rem;margin-bottom:1rem}"
        "button{padding:.5rem 1rem}"
        ".wrong{border-left:.25rem solid;padding-left:.75rem}";

void pl_markup_raw(pl_markup *p, const char *markup)
{
	if (pl_bytes_add(&p->bytes, markup, (int64_t)strlen(markup)) != PL_OK) p->failed = true;
}

void pl_markup_text(pl_markup *p, const char *text)
{
	static const struct {
		char byte;
		const char *written;
	} special[] = {
	        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
	while (*text != '\0') {
		const size_t n = strcspn(text, "&<>\"'");
		if (pl_bytes_add(&p->bytes, text, (int64_t)n) != PL_OK) p->failed = true;
		text += n;
		for (size_t i = 0; i < sizeof special / sizeof *special; i++)
			if (*text == special[i].byte) pl_markup_raw(p, special[i].written);
		if (*text != '\0') text++;
	}
}

void pl_markup_begin(pl_markup *p, const char *title)
{
	pl_markup_raw(p, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
	                 "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
	pl_markup_text(p, title);
	pl_markup_raw(p, "</title>\n<link rel=\"stylesheet\" href=\"");
	pl_markup_text(p, p->base);
	pl_markup_raw(p, "/style.css\">\n<main>\n<h1>");
	pl_markup_text(p, title);
	pl_markup_raw(p, "</h1>\n");
}

void pl_markup_end(pl_markup *p)
{
	pl_markup_raw(p, "</main>\n</html>\n");
}

/// A line to fill in. @param more attributes of our own
static void put_field(pl_markup *p, const char *name, const char *label, const char *more,
                      const char *value)
{
	pl_markup_raw(p, "<label for=\"");
	pl_markup_raw(p, name);
	pl_markup_raw(p, "\">");
	pl_markup_raw(p, label);
	pl_markup_raw(p, "</label>\n<input id=\"");
	pl_markup_raw(p, name);
	pl_markup_raw(p, "\" name=\"");
	pl_markup_raw(p, name);
	pl_markup_raw(p, "\" ");
	pl_markup_raw(p, more);
	pl_markup_raw(p, " value=\"");
	pl_markup_text(p, value);
	pl_markup_raw(p, "\">\n");
}

static void begin_form(pl_markup *p)
{
	pl_markup_raw(p, "<form method=\"post\" action=\"");
	pl_markup_text(p, p->base);
	pl_markup_raw(p, "/login\">\n");
}

void pl_markup_login(pl_markup *p, const char *code, const char *why)
{
	if (why[0] != '\0') {
		pl_markup_raw(p, "<p class=\"wrong\" role=\"alert\">");
		pl_markup_text(p, why);
		pl_markup_raw(p, "</p>\n");
	}
	begin_form(p);
	put_field(p, "code", "Code of your invitation, or a recovery code",
	          "required autocomplete=\"one-time-code\" autocapitalize=\"characters\" "
	          "spellcheck=\"false\"",
	          code);
	pl_markup_raw(p, "<button>Log in</button>\n</form>\n");
	if (code[0] != '\0') return;
	pl_markup_raw(p, "<h2>With a password</h2>\n");
	begin_form(p);
	put_field(p, "person", "Your number",
	          "required autocomplete=\"username\" inputmode=\"numeric\"", "");
	put_field(p, "password", "Password",
	          "required type=\"password\" autocomplete=\"current-password\"", "");
	pl_markup_raw(p, "<button>Log in</button>\n</form>\n");
}
