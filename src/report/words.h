/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* words.h - numbers for people, the same in every locale: few digits, thin groups, words
 * for what is very large or very small. */
#ifndef PL_REPORT_WORDS_H
#define PL_REPORT_WORDS_H
#include <stdint.h>

enum { PL_WORDS_CHARS = 64 };

/// Four significant digits: "0.1234", "12.3", "1 235", "12.35 million"; a power of ten beyond
/// a thousand billion and below a ten-thousandth. Thin spaces (U+202F) group digits, the minus
/// is U+2212. "no number" where it is not finite. @return out
const char *pl_words_number(char out[PL_WORDS_CHARS], double x);

/// All digits of a count. @return out
const char *pl_words_count(char out[PL_WORDS_CHARS], int64_t n);

/// A share as "94 %", "less than 0.1 %"; above tenfold "31 times". @return out
const char *pl_words_share(char out[PL_WORDS_CHARS], double share);

/// The change from one number to another as "+12 %" or "−3.1 %"; "times 31" above tenfold,
/// "as before" where it is less than 0.01 %. @param ratio new over old, >= 0 @return out
const char *pl_words_change(char out[PL_WORDS_CHARS], double ratio);

/// A very small share as "3 parts in 10 billion", rounded up; "nothing at all" for 0; a
/// percentage from a hundredth on. @return out
const char *pl_words_parts(char out[PL_WORDS_CHARS], double share);

/// A coordinate with one decimal and a point, "12.5"; "0.0" for what no picture holds.
/// @return out
const char *pl_words_place(char out[PL_WORDS_CHARS], double x);
#endif
