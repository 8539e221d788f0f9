/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/qr.h"

#include "base/error.h"

#include <qrencode.h>
#include <stdlib.h>

static bool is_dark(const QRcode *q, int row, int col)
{
	return (q->data[row * q->width + col] & 1U) != 0;
}

/// The dark modules of a row as bars, from left to right.
static void put_row(pl_html *h, const QRcode *q, int row)
{
	for (int col = 0; col < q->width;) {
		int end = col;
		while (end < q->width && is_dark(q, row, end)) end++;
		if (end > col)
			pl_html_print(h, "M%d %dh%dv1h-%dz", col + PL_QR_MARGIN,
			              row + PL_QR_MARGIN, end - col, end - col);
		col = end + 1;
	}
}

/// Level Q: a quarter of the modules may be covered by a fold or a stain.
static QRcode *encode(const char *code)
{
	return QRcode_encodeString(code, 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
}

pl_status pl_qr_write(pl_html *h, const char *code, pl_error *err)
{
	QRcode *q = encode(code);
	if (q == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a QR code");
	const int side = q->width + 2 * PL_QR_MARGIN;
	pl_html_print(
	        h,
	        "<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s as a "
	        "QR code\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path "
	        "shape-rendering=\"crispEdges\" fill=\"#000\" d=\"",
	        side, side, code, side, side);
	for (int row = 0; row < q->width; row++) put_row(h, q, row);
	pl_html_raw(h, "\"/></svg>\n");
	QRcode_free(q);
	return PL_OK;
}

pl_status pl_qr_path(char **path, int *side, const char *code, pl_error *err)
{
	size_t n = 0;
	QRcode *q = encode(code);
	*path = NULL;
	FILE *to = q == NULL ? NULL : open_memstream(path, &n);
	if (to != NULL) {
		pl_html h = {.to = to};
		*side = q->width + 2 * PL_QR_MARGIN;
		for (int row = 0; row < q->width; row++) put_row(&h, q, row);
	}
	QRcode_free(q);
	if (to != NULL && fclose(to) == 0) return PL_OK;
	free(*path);
	*path = NULL;
	return pl_fail(err, PL_ENOMEM, -1, "no memory for a QR code");
}
