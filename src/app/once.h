/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* once.h - requests that come twice, since the answer was lost on the way. */
#ifndef PL_APP_ONCE_H
#define PL_APP_ONCE_H
#include "app/app.h"
#include "app/deed.h"

/// A request that has a key.
typedef struct {
	const pl_request *request; ///< borrowed
	char asked[PL_HASH_CHARS]; ///< hash of its facts: no ballot, no text about a person
} pl_once;

/// Was this done before, under the same key? In a transaction.
/// @param in fields as they were read
/// @param[out] out repeated, with its json, where it was; untouched where not
/// @return PL_OK; PL_EARG (a key that is too long), PL_ECONFLICT (another request had this
/// key);
///         PL_EIO, PL_ENOMEM
pl_status pl_once_find(pl_once *once, pl_reply *out, pl_store *s, const pl_request *r,
                       const pl_fields *in, pl_error *err);
/// Remember what was answered, for a day. What only the caller is told, a receipt, would say
/// whose ballot it is: it is remembered where the key has 32 characters or more, and cannot be
/// read without that key.
pl_status pl_once_keep(const pl_once *once, pl_store *s, const pl_deed *d,
                       const pl_reply *reply, pl_error *err);
#endif
