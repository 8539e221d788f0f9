/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* qr.h - a code as a QR picture that is drawn, not loaded. */
#ifndef PL_REPORT_QR_H
#define PL_REPORT_QR_H
#include "report/html.h"

#include <plenum/base.h>

/// Blank modules that a QR code needs around it (ISO/IEC 18004).
enum { PL_QR_MARGIN = 4 };

/// Write an <svg>, black on white in any scheme; its unit is a module.
/// @param code capitals, digits and - . / only
/// @return PL_OK, PL_ENOMEM
pl_status pl_qr_write(pl_html *h, const char *code, pl_error *err);

/// The dark modules alone, as the path of an <svg> that is @p side modules wide and high.
/// @param[out] path to be freed with free(); NULL after a failure
/// @return PL_OK, PL_ENOMEM
pl_status pl_qr_path(char **path, int *side, const char *code, pl_error *err);
#endif
