/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

void pl_error_set(pl_error *err, pl_status code, int64_t where, const char *fmt, ...)
{
	if (err == NULL) return;
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(err->msg, sizeof err->msg, fmt, ap);
	va_end(ap);
	err->code = code;
	err->where = where;
}
