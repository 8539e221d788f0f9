/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/folder.h"

#include "base/error.h"
#include "io/row.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

const char *const pl_folder_tables[PL_FOLDER_TABLES] = {
#define PL_TABLE(id, file, required, help) file,
#define PL_COLUMN(table, name, required, type, unit, preset, low, open, help)
#include "io/columns.def"
#undef PL_TABLE
#undef PL_COLUMN
};

pl_status pl_folder_path(char out[PL_PATH_MOST], const char *folder, const char *name,
                         pl_error *err)
{
	const int n = snprintf(out, PL_PATH_MOST, "%s/%s", folder, name);
	if (n >= 0 && n < PL_PATH_MOST) return PL_OK;
	return pl_fail(err, PL_EARG, -1, "the name of the folder is too long");
}

pl_status pl_folder_refuse(const char *folder, int tables, pl_error *err)
{
	for (int t = 0; t < tables; t++)
		if (pl_folder_holds(folder, pl_folder_tables[t]))
			return pl_fail(err, PL_EARG, -1,
			               "%.200s holds an economy (%s); name another folder",
			               folder, pl_folder_tables[t]);
	return PL_OK;
}

/// Add a file's bytes; a file that does not exist adds none.
static pl_status add_file(crypto_hash_sha256_state *sum, const char *folder, const char *name,
                          pl_error *err)
{
	char path[PL_PATH_MOST];
	unsigned char block[16384];
	size_t n;
	PL_TRY(pl_folder_path(path, folder, name, err));
	FILE *f = fopen(path, "rb");
	if (f == NULL) return PL_OK; /* what cannot be read, the reader of tables reports */
	while ((n = fread(block, 1, sizeof block, f)) > 0)
		(void)crypto_hash_sha256_update(sum, block, n);
	const bool bad = ferror(f) != 0;
	(void)fclose(f);
	return bad ? pl_fail(err, PL_EIO, -1, "%s cannot be read to its end", name) : PL_OK;
}

pl_status pl_folder_hash(char out[65], const char *folder, pl_error *err)
{
	crypto_hash_sha256_state sum;
	unsigned char hash[crypto_hash_sha256_BYTES];
	(void)crypto_hash_sha256_init(&sum);
	for (int t = 0; t < PL_FOLDER_TABLES; t++)
		PL_TRY(add_file(&sum, folder, pl_folder_tables[t], err));
	(void)crypto_hash_sha256_final(&sum, hash);
	(void)sodium_bin2hex(out, 65, hash, sizeof hash);
	return PL_OK;
}
