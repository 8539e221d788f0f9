/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* route.h - addresses of operations, from ops.def: which one is meant, and its fields. */
#ifndef PL_SERVER_ROUTE_H
#define PL_SERVER_ROUTE_H
#include "app/ops.h"

#include <jansson.h>

enum { PL_ROUTE_DEPTH = 32 }; ///< of the JSON in a body

/// Does a path fit a pattern such as "/seasons/{season}/rounds"? A {field} fits any text that
/// is not empty, up to the next /.
bool pl_route_fits(const char *pattern, const char *path);
/// The text in place of the @p k-th {field}, decoded. Free with free(). @param name [room] of
/// it
/// @return PL_OK, *out NULL where there are no more; PL_EARG with a sentence; PL_ENOMEM
pl_status pl_route_part(char **out, char *name, size_t room, const char *pattern,
                        const char *path, int k, pl_error *err);

/// The operation of a method and a path, or -1. @param[out] methods bits of the methods that
/// the path is known for, 1 << PL_VIA_...
int pl_route_op(unsigned *methods, const char *method, const char *path);
const char *pl_route_method(int via); ///< "POST", ...

/// The JSON object of a body; an empty one is {}.
/// @param body [n] and a NUL
/// @return PL_OK; PL_EPARSE or PL_EARG with a sentence; PL_ENOMEM
pl_status pl_route_object(json_t **out, const char *body, int64_t n, pl_error *err);
/// All fields of an operation as JSON text: those of the address, and those of the body, an
/// object. Free with free(). @return as above
pl_status pl_route_fields(char **out, int op, const char *path, const char *body, int64_t n,
                          pl_error *err);
#endif
