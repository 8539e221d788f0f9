/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/sheet.h"

#include "base/error.h"
#include "report/html.h"
#include "report/qr.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { LINK_MOST = 300 };

void pl_sheet_begin(FILE *to)
{
	pl_html h = {.to = to};
	pl_html_raw(
	        &h,
	        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
	        "<title>Invitations</title>\n<style>"
	        "body{font:11pt/1.4 sans-serif;margin:0}"
	        ".card{break-inside:avoid;border-bottom:1px dashed;padding:6mm;display:flex;"
	        "gap:6mm}"
	        ".qr{width:40mm;flex:none}code{overflow-wrap:anywhere}"
	        "</style>\n<main>\n");
}

void pl_sheet_card(FILE *to, const pl_card *card)
{
	pl_html h = {.to = to};
	pl_html_raw(&h, "<div class=\"card\">");
	(void)pl_qr_write(&h, card->link, NULL);
	pl_html_raw(&h, "<div><h2>");
	pl_html_name(&h, card->name, PL_NAME_COLUMNS);
	pl_html_raw(&h, "</h2>");
	if (card->task[0] != '\0') {
		pl_html_raw(&h, "<p><b>");
		pl_html_text(&h, card->task, PL_TITLE_COLUMNS);
		pl_html_raw(&h, "</b></p>");
	}
	pl_html_print(&h,
	              "<p>Person %" PRId64
	              ". This logs you in, once. It is yours alone: keep it to "
	              "yourself.</p><p><code>",
	              card->person);
	pl_html_text(&h, card->link, LINK_MOST);
	pl_html_raw(&h, "</code></p></div></div>\n");
}

void pl_sheet_end(FILE *to)
{
	(void)fputs("</main>\n</html>\n", to);
}

pl_status pl_sheet_file(const char *path, void (*print)(FILE *to, const void *with),
                        const void *with, pl_error *err)
{
	const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *to = file < 0 ? NULL : fdopen(file, "w");
	if (to == NULL)
		return pl_fail(err, errno == EEXIST ? PL_ECONFLICT : PL_EIO, -1,
		               "%.300s cannot be written: %s", path, strerror(errno));
	print(to, with);
	const bool good = ferror(to) == 0;
	if (fclose(to) == 0 && good) return PL_OK;
	(void)unlink(path);
	return pl_fail(err, PL_EIO, -1, "%.300s cannot be written: %s", path, strerror(errno));
}
