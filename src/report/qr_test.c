/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/qr.h"

#include "tests/pl_test.h"

#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 16, SIDE = 64 };
static char written[ROOM];
static bool drawn[SIDE][SIDE];

static void draw(const char *code)
{
	FILE *to = fmemopen(written, sizeof written, "w");
	pl_html h = {.to = to};
	CHECK(pl_qr_write(&h, code, NULL) == PL_OK);
	CHECK(fclose(to) == 0);
}

/// The number behind a letter of a path.
static int number(const char **at, char letter)
{
	char *end;
	CHECK(**at == letter);
	const long n = strtol(*at + 1, &end, 10);
	CHECK(end > *at + 1);
	*at = end;
	return (int)n;
}

/// Read the bars of the dark path back into `drawn`.
static void read_back(void)
{
	static const char head[] = "fill=\"#000\" d=\"";
	memset(drawn, 0, sizeof drawn);
	const char *at = strstr(written, head);
	CHECK(at != NULL);
	if (at == NULL) return;
	at += sizeof head - 1;
	while (*at == 'M') {
		const int x = number(&at, 'M'), y = number(&at, ' '), n = number(&at, 'h');
		CHECK(number(&at, 'v') == 1 && number(&at, 'h') == -n && *at++ == 'z');
		CHECK(x >= 0 && y >= 0 && y < SIDE && n > 0 && x + n <= SIDE);
		for (int i = 0; i < n; i++) drawn[y][x + i] = true;
	}
	CHECK(strncmp(at, "\"/></svg>", 9) == 0);
}

static void each_module_is_drawn_where_it_belongs(void)
{
	static const char *const codes[] = {"B7K-4QX-9MP", "222-222-222", "ZZZ-ZZZ-ZZZ"};
	for (int k = 0; k < 3; k++) {
		QRcode *q = QRcode_encodeString(codes[k], 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
		draw(codes[k]);
		read_back();
		CHECK(q->width + 2 * PL_QR_MARGIN < SIDE);
		int wrong = 0;
		for (int y = 0; y < SIDE; y++)
			for (int x = 0; x < SIDE; x++) {
				const int row = y - PL_QR_MARGIN, col = x - PL_QR_MARGIN;
				const bool inside = row >= 0 && col >= 0 && row < q->width &&
				                    col < q->width;
				const bool dark =
				        inside && (q->data[row * q->width + col] & 1) != 0;
				wrong += dark != drawn[y][x];
			}
		CHECK(wrong == 0);
		QRcode_free(q);
	}
}

static void the_picture_is_named_and_has_its_margin(void)
{
	draw("B7K-4QX-9MP");
	/* version 1 has 21 modules a side: large enough for one code, small enough for any
	 * phone */
	CHECK(strstr(written, "viewBox=\"0 0 29 29\"") != NULL);
	CHECK(strstr(written, "role=\"img\" aria-label=\"B7K-4QX-9MP as a QR code\"") != NULL);
}

static void a_path_alone_is_the_one_of_the_picture(void)
{
	char *path;
	int side;
	draw("B7K-4QX-9MP");
	CHECK(pl_qr_path(&path, &side, "B7K-4QX-9MP", NULL) == PL_OK);
	CHECK(strlen(path) > 100 && strstr(written, path) != NULL);
	read_back();
	CHECK(side == 29 && !drawn[PL_QR_MARGIN - 1][PL_QR_MARGIN] &&
	      drawn[PL_QR_MARGIN][side - PL_QR_MARGIN - 1] &&
	      !drawn[PL_QR_MARGIN][side - PL_QR_MARGIN]);
	free(path);
}

int main(void)
{
	RUN(each_module_is_drawn_where_it_belongs);
	RUN(the_picture_is_named_and_has_its_margin);
	RUN(a_path_alone_is_the_one_of_the_picture);
	return pl_test_failed;
}
