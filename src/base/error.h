/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* error.h - reporting an error: set it where it is found, pass it on untouched. */
#ifndef PL_BASE_ERROR_H
#define PL_BASE_ERROR_H
#include <plenum/base.h>

/// Fill @p err (may be NULL) and yield @p code, so that a caller can write
/// `return pl_fail(err, PL_EARG, row, "...")`.
/// @param where byte offset, line or index the message speaks of; -1 for none
#define pl_fail(err, code, where, ...) (pl_error_set(err, code, where, __VA_ARGS__), (code))

__attribute__((format(printf, 4, 5))) void pl_error_set(pl_error *err, pl_status code,
                                                        int64_t where, const char *fmt, ...);

/// Return at once if @p call failed. Only where nothing is owned yet; else goto.
#define PL_TRY(call)                                  \
	do {                                          \
		const pl_status pl_try_ = (call);     \
		if (pl_try_ != PL_OK) return pl_try_; \
	} while (0)
#endif
