/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* bandwidth.h - what this machine's memory gives, so that a figure need not be of a machine. */
#ifndef PL_CLI_BANDWIDTH_H
#define PL_CLI_BANDWIDTH_H
#include <plenum/base.h>

/// Bytes a second of a STREAM triad on all threads, the fastest of several.
/// @return PL_OK, PL_ENOMEM
pl_status pl_bandwidth_measure(double *out, pl_error *err);
#endif
