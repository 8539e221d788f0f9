/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* number.h - decimal numbers in and out, right to the last bit, whatever locale the host has
 * set. */
#ifndef PL_BASE_NUMBER_H
#define PL_BASE_NUMBER_H
#include <plenum/base.h>

/// Read a decimal number, right to the last bit: an optional sign, digits with at most one
/// point among or around them, an optional exponent (e or E, optional sign, digits). Nothing
/// else: no spaces, hexadecimal, infinity, NaN, thousands separators. Too small for a double
/// gives 0.
/// @return PL_OK; PL_EPARSE where @p s is no such number, PL_EARG where it is too large for a
///         double, *out then unchanged
pl_status pl_number_read(double *out, const char *s);

/// The same for most numbers that people write, fast: at most 19 digits from the first that is
/// not 0, and a value of digits * 10^k with |k| <= 27.
/// @param s [n]
/// @param[out] mark the decimal mark that stood in it, a point or a comma; 0: none
/// @return false where it is no such number, or may be none: pl_number_read knows
bool pl_number_quick(double *out, char *mark, const char *s, int64_t n);

enum { PL_NUMBER_CHARS = 32 };
/// Print a finite number in as few of 17 significant digits as "%.17g" takes, so that
/// pl_number_read gives the same bits. @return out
const char *pl_number_print(char out[PL_NUMBER_CHARS], double x);
#endif
