/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* manifest.h - plan.json as a tree. */
#ifndef PL_IO_MANIFEST_H
#define PL_IO_MANIFEST_H
#include "io/economy.h"

#include <jansson.h>

/// @param[out] there plan.json exists
/// @return the tree, to be released with json_decref; NULL where there is no such file, or with
///         why->text set
json_t *pl_manifest_load(const pl_source *from, bool *there, json_error_t *why);
#endif
