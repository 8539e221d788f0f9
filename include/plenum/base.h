/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* base.h - what every room shares: status codes and errors. */
#ifndef PL_BASE_H
#define PL_BASE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PL_API __attribute__((visibility("default"))) /* exported from libplenum */

#define PL_VERSION "0.1.0" /* as in CMakeLists.txt; a test compares them */

/// Every call that can fail returns one of these. An outcome (a plan that is infeasible, a
/// limit that was reached) is a result, not an error.
typedef enum {
	PL_OK,
	PL_ENOMEM,    ///< out of memory
	PL_EARG,      ///< a value that the economy's rules refuse
	PL_EPARSE,    ///< text that cannot be read
	PL_ENOTFOUND, ///< no such name or file
	PL_EIO,       ///< the system refused to read or write
	PL_ESTOPPED,  ///< a watcher asked to stop before there was a result
	PL_EDENIED,   ///< who asks may not do this, or not now
	PL_ECONFLICT  ///< it was done already, or somebody else was faster
} pl_status;

/// A column of strings: string i starts at bytes[at[i]] and ends with NUL.
typedef struct {
	const char *bytes;
	const int64_t *at; ///< [n]
} pl_text;
static inline const char *pl_text_at(pl_text t, int64_t i)
{
	return t.bytes + t.at[i];
}

/// Filled where the fault is found, passed up untouched. A caller that does not care
/// passes NULL.
typedef struct {
	pl_status code;
	int64_t where; ///< row, line or index the message speaks of; -1 for none
	char msg[512]; ///< one sentence that a user can act on, UTF-8
} pl_error;
#endif
