/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* change.h - the same economy said differently. Each returns a new economy. */
#ifndef PL_TESTS_PROPERTY_CHANGE_H
#define PL_TESTS_PROPERTY_CHANGE_H
#include "tests/property/econ.h"

/// Good j becomes good_to[j], council i council_to[i]; links of a council turn round.
/// @param[out] link_to [n_links] where each link of `from` stands now
econ change_names(const econ *from, const int32_t *good_to, const int32_t *council_to,
                  int64_t *link_to);
/// Good j is counted in smaller units: factor[j] of them were one before.
econ change_units(const econ *from, const double *factor);
/// Two councils of half the size instead of each: council i becomes 2i and 2i + 1.
econ change_halves(const econ *from);
/// All money counts mu times: incomes, efforts, slopes, damage, anchor prices.
econ change_money(const econ *from, double mu);
#endif
