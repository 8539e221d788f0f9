/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* amount.h - quantities as people read and type them. The record counts whole steps; people
 * say units. Between them nothing is rounded. */
#ifndef PL_SERVER_AMOUNT_H
#define PL_SERVER_AMOUNT_H
#include <stdbool.h>
#include <stdint.h>

enum { PL_AMOUNT_CHARS = 192 };

/// So many steps in units, such as "112.25", with every digit.
/// @param step a decimal, as the record has it @return out
const char *pl_amount_print(char out[PL_AMOUNT_CHARS], int64_t steps, const char *step);
/// The same for reading: "12 345.25" with narrow spaces. @return out
const char *pl_amount_show(char out[PL_AMOUNT_CHARS], int64_t steps, const char *step);
/// Units that were typed, with a point or a comma, as steps; not negative.
/// @return false: it is no number, or no whole number of steps
bool pl_amount_read(int64_t *steps, const char *typed, const char *step);
/// A number of any size rounded for reading, to about four digits. @return out
const char *pl_amount_round(char out[PL_AMOUNT_CHARS], double x);
/// Credits, with two places or three digits. @return out
const char *pl_amount_credits(char out[PL_AMOUNT_CHARS], double x);
#endif
