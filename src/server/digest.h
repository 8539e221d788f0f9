/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* digest.h - what needs somebody, as the text of one mail. */
#ifndef PL_SERVER_DIGEST_H
#define PL_SERVER_DIGEST_H
#include "base/text.h"
#include "server/desk.h"

/// @param[out] out ends with a NUL that is not counted; n 0: nothing needs them
/// @param[out] said fingerprint of what it says
/// @param here where people reach the server
/// @return PL_OK; PL_EIO, PL_ENOMEM; PL_EDENIED (erased)
pl_status pl_digest_write(pl_bytes *out, char said[PL_HASH_CHARS], pl_desk *desk,
                          int64_t person, int64_t now, const char *here, pl_error *err);
#endif
