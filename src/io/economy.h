/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* economy.h - an economy as a folder of CSV tables (docs/economy-files.md). */
#ifndef PL_IO_ECONOMY_H
#define PL_IO_ECONOMY_H
#include "io/zip.h"

#include <plenum/model.h>
#include <plenum/plan.h>
#include <stdio.h>

enum { PL_FAULTS_SHOWN = 50 };

/// What is wrong with somebody's tables: the first PL_FAULTS_SHOWN sentences of all tables.
/// Begin with {0}.
typedef struct {
	int64_t n;                   ///< found in all
	char *text[PL_FAULTS_SHOWN]; ///< [min(n, PL_FAULTS_SHOWN)], each "uses.csv:17: ..."
	int32_t n_warnings;          ///< kept: at most PL_FAULTS_SHOWN
	char *warning[PL_FAULTS_SHOWN];
} pl_faults;
/// @return PL_OK, or PL_ENOMEM: then nothing was added
pl_status pl_faults_add(pl_faults *f, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
pl_status pl_faults_warn(pl_faults *f, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
void pl_faults_clear(pl_faults *f); ///< frees the text, not f

/// Tables as a folder, or (folder NULL) as bytes in memory: for tests, fuzzers, uploads.
typedef struct {
	const char *name; ///< "goods.csv"
	const void *bytes;
	size_t n;
} pl_file_bytes;
typedef struct {
	const char *folder;
	const pl_file_bytes *file;
	int32_t n_files;
} pl_source;

/// Read economy.csv, goods.csv, communities.csv, councils.csv, uses.csv and prices.csv. Every
/// table is read to its end, whatever the others hold.
/// @param[in,out] settings those of economy.csv are set on top of what is there; unchanged on
///                failure
/// @param faults may be NULL
/// @return PL_OK; PL_EPARSE with faults filled (err tells the first); PL_ENOTFOUND or PL_EIO
///         where the folder itself cannot be read; PL_ENOMEM; on failure *out is NULL
pl_status pl_economy_read(pl_model **out, pl_settings *settings, const char *folder,
                          pl_faults *faults, pl_error *err);
pl_status pl_economy_read_from(pl_model **out, pl_settings *settings, const pl_source *from,
                               pl_faults *faults, pl_error *err);

/// Start prices from any table with `good` and `price`; a good it does not name keeps the
/// model's. A price of 0 (a floor) starts at the model's too.
/// @param[out] price [n_goods]
/// @return as pl_economy_read
pl_status pl_start_read(double *price, const pl_model *m, const char *path, pl_faults *faults,
                        pl_error *err);

/// Write a model as a folder of tables. Reading it back gives the same model to the last bit.
/// Refuses a folder that already holds one of these tables, and text that would not come
/// back as it is (spaces at its ends, control characters).
/// @param proposed [n_links] units, also written as proposals.csv; NULL: nothing was proposed
/// @return PL_OK, PL_EARG, PL_EIO, PL_ENOTFOUND (no parent folder), PL_ENOMEM; on failure
///         nothing was written
pl_status pl_economy_write(const pl_model *m, const double *proposed, const char *folder,
                           pl_error *err);
/// Write the same tables as entries of a zip file, which others read too: text that a
/// spreadsheet would run is refused besides. @param inside the folder in the zip file
/// @return PL_OK, PL_EARG (no entry was begun), PL_EIO, PL_ENOMEM
pl_status pl_economy_zip(const pl_model *m, const double *proposed, pl_zip *zip,
                         const char *inside, pl_error *err);
#endif
