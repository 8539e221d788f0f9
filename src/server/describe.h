/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* describe.h - what can be asked of a server, for programs. */
#ifndef PL_SERVER_DESCRIBE_H
#define PL_SERVER_DESCRIBE_H
#include <plenum/base.h>

/// OpenAPI 3.1, made from ops.def and paths.def, as JSON. Free with free().
/// @param base as in pl_serve_options @return PL_OK, PL_ENOMEM
pl_status pl_describe(char **out, const char *base, pl_error *err);
#endif
