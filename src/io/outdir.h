/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* outdir.h - several files into one folder, all or none.
 *
 * Each file is written beside its name, then all are flushed and synced, then renamed. A full
 * disk, a signal or a fault before the renames leaves the folder as it was. */
#ifndef PL_IO_OUTDIR_H
#define PL_IO_OUTDIR_H
#include <plenum/base.h>
#include <stdio.h>

typedef struct pl_outdir pl_outdir;

/// Begin writing into a folder, made if missing (its parent must exist).
pl_status pl_outdir_open(pl_outdir **out, const char *path, pl_error *err);
/// A stream for one file of the folder; owned by the outdir. NULL with err set on failure.
FILE *pl_outdir_file(pl_outdir *o, const char *name, pl_error *err);
/// Finish: flush, sync, close, rename all. Frees o in every case; on failure nothing changed.
pl_status pl_outdir_commit(pl_outdir *o, pl_error *err);
void pl_outdir_abandon(pl_outdir *o); ///< drop what was written; frees o; NULL allowed
#endif
