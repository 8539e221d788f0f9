/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* link.h - links that log people in. */
#ifndef PL_CLI_LINK_H
#define PL_CLI_LINK_H
#include "cli/args.h"
#include "server/door.h"

enum { PL_URL_CHARS = 201, PL_LINK_CHARS = PL_URL_CHARS + PL_CODE_CHARS + 8 };

/// Where people reach the server, as --url says, without a / at its end.
/// @return PL_OK; PL_EARG with a sentence
pl_status pl_link_url(char out[PL_URL_CHARS], const pl_args *a, pl_error *err);
#endif
