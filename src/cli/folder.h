/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* folder.h - folders of an economy, as the verbs that begin one see them. */
#ifndef PL_CLI_FOLDER_H
#define PL_CLI_FOLDER_H
#include <plenum/base.h>

enum {
	PL_PATH_MOST = 4096,
	PL_FOLDER_TABLES = 6,
	PL_FOLDER_MARKS = 2 ///< tables that only an economy has; a plan has prices.csv too
};

/// Names of the tables of an economy, in the order of columns.def.
extern const char *const pl_folder_tables[PL_FOLDER_TABLES];

/// Path of a file in a folder. @return PL_OK, PL_EARG where it is too long
pl_status pl_folder_path(char out[PL_PATH_MOST], const char *folder, const char *name,
                         pl_error *err);

/// Refuse a folder that holds one of the first @p tables tables. @return PL_OK (also where
/// there is no such folder), PL_EARG naming the table
pl_status pl_folder_refuse(const char *folder, int tables, pl_error *err);

/// SHA-256 of the bytes of the tables that exist, one after another in their order: what
/// `cat` and `sha256sum` give. @param[out] out lower-case hex and NUL @return PL_OK, PL_EIO
pl_status pl_folder_hash(char out[65], const char *folder, pl_error *err);
#endif
