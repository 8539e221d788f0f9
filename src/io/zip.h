/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* zip.h - many files in one zip file: what is written into it gives the same bytes whenever,
 * wherever it is written. All or nothing, as by outdir.h.
 *
 * Contents go to an unnamed file in the same folder first, so that memory does not grow with
 * them; the folder needs room for them once uncompressed. */
#ifndef PL_IO_ZIP_H
#define PL_IO_ZIP_H
#include <plenum/base.h>
#include <stdio.h>

typedef struct pl_zip pl_zip;
enum { PL_ZIP_NAME = 256 };

/// Begin a zip file, which must not be there yet.
/// @param own for its owner alone to read
/// @return PL_OK, PL_EARG (it is there), PL_ENOTFOUND (no folder), PL_EIO, PL_ENOMEM
pl_status pl_zip_open(pl_zip **out, const char *path, bool own, pl_error *err);
/// Begin a file in it. What is written to the stream is its content, until the next one begins.
/// @param[out] out owned by z; faults of writing show when the next one begins
/// @param name at most PL_ZIP_NAME - 1 bytes, with / between folders
/// @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_zip_entry(FILE **out, pl_zip *z, const char *name, pl_error *err);

/// Called while contents are packed. @param done part of them, 0 to 1 @return false: stop
typedef bool (*pl_zip_watch)(void *with, double done);
/// Pack, sync, rename. Frees z in every case; on failure nothing was written.
/// @param watch may be NULL
/// @return PL_OK, PL_EARG (two files of one name), PL_EIO, PL_ENOMEM, PL_ESTOPPED
pl_status pl_zip_commit(pl_zip *z, pl_zip_watch watch, void *with, pl_error *err);
void pl_zip_abandon(pl_zip *z); ///< drop what was written; frees z; NULL allowed
#endif
