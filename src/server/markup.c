/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/markup.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Text stands out from what is behind it by 4.5 to 1 at least, light and dark. */
const char *const pl_markup_styles[PL_MARKUP_STYLES] = {
        ":root{color-scheme:light dark;--ink:#1b2023;--soft:#545c61;--paper:#fff;"
        "--tint:#eff5f3;--line:#8a9693;--act:#0b5d52;--on:#fff;--warn:#8f2d00}"
        "@media(prefers-color-scheme:dark){:root{--ink:#e7eae9;--soft:#aab4b1;"
        "--paper:#13181a;--tint:#1d2527;--line:#75827f;--act:#84d8c8;--on:#0c1614;"
        "--warn:#ffb083}}"
        "*{box-sizing:border-box}"
        "html{-webkit-text-size-adjust:100%}"
        "body{font:1rem/1.5 system-ui,sans-serif;color:var(--ink);"
        "background:var(--paper);max-width:64rem;margin:0 auto;padding:0 1rem 3rem;"
        "overflow-wrap:anywhere}"
        "h1{font-size:1.6rem;line-height:1.25;margin:1rem 0 .5rem}"
        "h2{font-size:1.25rem;line-height:1.3;margin:2rem 0 .5rem;padding-top:.75rem;"
        "border-top:1px solid var(--line)}"
        "h3{font-size:1.05rem;margin:1.25rem 0 .25rem}"
        "p,ul,ol,dl{margin:.5rem 0;max-width:44rem}"
        "ul,ol{padding-left:1.4rem}"
        "li{margin:.3rem 0}"
        "a{color:var(--act)}"
        "a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,"
        "textarea:focus-visible,summary:focus-visible{outline:3px solid var(--act);"
        "outline-offset:2px}"
        ".many{columns:15rem}"
        ".many li{break-inside:avoid}"
        "nav ul{max-width:none;display:flex;flex-wrap:wrap;gap:0 1.25rem;list-style:none;"
        "padding:0;margin:.25rem 0;border-bottom:1px solid var(--line)}"
        "nav a{display:inline-block;padding:.6rem 0}"
        ".skip{position:absolute;left:-100vw}"
        ".skip:focus{left:1rem;top:.25rem;padding:.5rem;background:var(--paper)}"
        "small,.soft{color:var(--soft);font-size:.9rem}"
        "code{overflow-wrap:anywhere;font-size:.9rem}"
        "label,legend{font-weight:600}"
        "label,input,select,button,textarea{display:block;font:inherit}"
        "input,select,textarea{width:100%;max-width:26rem;min-height:2.75rem;"
        "padding:.5rem;margin:.2rem 0 1rem;color:var(--ink);background:var(--paper);"
        "border:1px solid var(--line);border-radius:.3rem}"
        "textarea{max-width:44rem;min-height:6rem}"
        "fieldset{border:1px solid var(--line);border-radius:.3rem;margin:.75rem 0;"
        "padding:.5rem 1rem;max-width:44rem;min-width:0}"
        "input[type=radio],input[type=checkbox]{display:inline-block;width:1.4rem;"
        "height:1.4rem;min-height:0;margin:0 .5rem 0 0;vertical-align:-.25rem;"
        "accent-color:var(--act)}"
        "label.pick{font-weight:400;display:inline-block;min-width:7rem;"
        "padding:.6rem .75rem .6rem 0}"
        "button{min-height:2.75rem;padding:.5rem 1.1rem;margin:.5rem 0;color:var(--on);"
        "background:var(--act);border:1px solid var(--act);border-radius:.3rem;"
        "cursor:pointer}"
        "button.quiet{color:var(--act);background:var(--paper)}"
        ".row{display:flex;flex-wrap:wrap;gap:0 .75rem}"
        ".note{border-left:.3rem solid var(--act);background:var(--tint);"
        "padding:.5rem .75rem;max-width:44rem}"
        ".wrong{border-left:.3rem solid var(--warn);background:var(--tint);"
        "padding:.5rem .75rem;max-width:44rem}"
        ".wrong b,.flag{color:var(--warn);font-weight:600}"
        ".said{white-space:pre-line;border-left:1px solid var(--line);"
        "padding-left:.75rem}"
        ".now{font-weight:600}"
        "details{margin:.5rem 0}"
        "summary{padding:.5rem 0;cursor:pointer;color:var(--act)}",
        "table{border-collapse:collapse;margin:.75rem 0;width:100%}"
        "caption{text-align:left;color:var(--soft);padding:.25rem 0}"
        "th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;"
        "border-bottom:1px solid var(--line)}"
        "thead th{font-size:.9rem;color:var(--soft);font-weight:600;"
        "vertical-align:bottom;overflow-wrap:normal}"
        "td code{white-space:nowrap}"
        "dt{font-weight:600;margin-top:.6rem}"
        "dd{margin:0 0 0 1.4rem}"
        "tbody th{font-weight:600}"
        ".n{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:normal}"
        "th small{font-weight:400}"
        ".under{display:block}"
        "td input,td select{margin:0;min-width:7rem}"
        ".qr{width:14rem;max-width:100%;display:block}"
        "@media screen and (max-width:46rem){table,caption,tbody,tr,td,tbody th{"
        "display:block}thead{position:absolute;width:1px;height:1px;overflow:hidden;"
        "clip-path:inset(50%)}tr{border-bottom:1px solid var(--line);padding:.5rem 0}th,"
        "td,.n{border:0;padding:.1rem 0;text-align:left}td.n{padding-left:8rem}td{"
        "display:flow-root;padding-left:8rem}td::before{content:attr(data-head);"
        "color:var(--soft);font-size:.9rem;line-height:1.65;float:left;width:7.5rem;"
        "margin-left:-8rem}tbody th{font-size:1.05rem}tr:has(select) td{"
        "padding-left:0}tr:has(select) td::before{float:none;display:block;margin:0}}"
        "@media print{:root{--ink:#000;--soft:#333;--paper:#fff;--tint:#fff;--line:#777;"
        "--act:#000;--on:#000;--warn:#000}body{font-size:10pt;max-width:none;padding:0}"
        "nav,.skip,button{display:none}input,select,textarea{border:0;"
        "border-bottom:1px solid;min-height:0}h2,h3,caption{break-after:avoid}tr,"
        "fieldset{break-inside:avoid}thead{display:table-header-group}}"
        "@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}"};

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

void pl_markup_put(pl_markup *p, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	while (*format != '\0') {
		const size_t n = strcspn(format, "%");
		if (pl_bytes_add(&p->bytes, format, (int64_t)n) != PL_OK) p->failed = true;
		format += n;
		if (*format == '\0') break;
		format += 1 + strspn(format + 1, "l");
		if (*format == 's') {
			const char *text = va_arg(ap, const char *);
			pl_markup_text(p, text == NULL ? "" : text);
		} else if (*format == 'd') {
			char number[24];
			(void)snprintf(number, sizeof number, "%" PRId64, va_arg(ap, int64_t));
			pl_markup_raw(p, number);
		} else {
			pl_markup_raw(p, "%");
		}
		format++;
	}
	va_end(ap);
}

/* ---- pages ---- */

static void put_nav(pl_markup *p)
{
	static const char *const to[][2] = {{"/", "Home"},         {"/councils", "Councils"},
	                                    {"/people", "People"}, {"/goods", "Goods"},
	                                    {"/votes", "Votes"},   {"/record", "Record"},
	                                    {"/you", "You"},       {"/help", "Help"}};
	pl_markup_raw(p, "<nav aria-label=\"Pages\">\n<ul>");
	for (size_t i = 0; i < sizeof to / sizeof *to; i++)
		pl_markup_put(p, "<li><a href=\"%s%s\">%s</a></li>", p->base, to[i][0],
		              to[i][1]);
	pl_markup_raw(p, "</ul>\n</nav>\n");
}

void pl_markup_begin(pl_markup *p, const char *title)
{
	pl_markup_put(p,
	              "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
	              "<meta name=\"viewport\" content=\"width=device-width\">\n"
	              "<title>%s</title>\n<link rel=\"stylesheet\" href=\"%s/style.css\">\n",
	              title, p->base);
	if (p->known) {
		pl_markup_raw(p, "<a class=\"skip\" href=\"#main\">Skip to the page</a>\n");
		put_nav(p);
	}
	pl_markup_put(p, "<main id=\"main\">\n<h1><bdi>%s</bdi></h1>\n", title);
}

void pl_markup_end(pl_markup *p)
{
	pl_markup_raw(p, "</main>\n</html>\n");
}

/* ---- tables ---- */

void pl_markup_table(pl_markup *p, const char *caption, const pl_column *column, int n)
{
	/* roles are said again, since some browsers forget them where a style changes how
	 * a table is shown */
	pl_markup_put(p,
	              "<table role=\"table\">\n<caption>%s</caption>\n"
	              "<thead role=\"rowgroup\">\n<tr role=\"row\">",
	              caption);
	for (int i = 0; i < n; i++)
		pl_markup_put(p, "<th scope=\"col\" role=\"columnheader\"%s>%s</th>",
		              column[i].is == PL_IS_NUMBER ? " class=n" : "", column[i].head);
	pl_markup_raw(p, "</tr>\n</thead>\n<tbody role=\"rowgroup\">\n");
}

void pl_markup_row(pl_markup *p)
{
	pl_markup_raw(p, "<tr role=\"row\">");
}

void pl_markup_cell(pl_markup *p, const pl_column *column)
{
	if (column->is == PL_HEADS_ROW)
		pl_markup_raw(p, "<th scope=\"row\" role=\"rowheader\">");
	else
		pl_markup_put(p, "<td role=\"cell\"%s data-head=\"%s\">",
		              column->is == PL_IS_NUMBER ? " class=n" : "", column->head);
}

void pl_markup_table_end(pl_markup *p)
{
	pl_markup_raw(p, "</tbody>\n</table>\n");
}

/* ---- logging in ---- */

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
