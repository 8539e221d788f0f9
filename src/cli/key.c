/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/key.h"

#include "base/error.h"
#include "cli/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEED_DIGITS = 64 };

/// Read the seed of a record's key.
static pl_status read_key(unsigned char seed[PL_KEY_SEED], int file, const char *path,
                          pl_error *err)
{
	char text[SEED_DIGITS + 1] = "";
	size_t n = 0;
	const bool whole = read(file, text, sizeof text - 1) == (ssize_t)sizeof text - 1;
	if (whole &&
	    sodium_hex2bin(seed, PL_KEY_SEED, text, sizeof text - 1, NULL, &n, NULL) == 0 &&
	    n == PL_KEY_SEED)
		return PL_OK;
	return pl_fail(err, PL_EPARSE, -1, "%.300s holds no key of a record", path);
}

/// Draw a key and write it, for its owner alone, before anything is signed with it.
static pl_status make_key(unsigned char seed[PL_KEY_SEED], const char *path, pl_error *err)
{
	char text[SEED_DIGITS + 2];
	const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return pl_fail(err, PL_EIO, -1, "%.300s cannot be written: %s", path,
		               strerror(errno));
	randombytes_buf(seed, PL_KEY_SEED);
	(void)sodium_bin2hex(text, sizeof text, seed, PL_KEY_SEED);
	text[SEED_DIGITS] = '\n';
	const bool done =
	        write(file, text, SEED_DIGITS + 1) == SEED_DIGITS + 1 && fsync(file) == 0;
	const bool closed = close(file) == 0;
	sodium_memzero(text, sizeof text);
	if (done && closed) return PL_OK;
	(void)unlink(path);
	return pl_fail(err, PL_EIO, -1, "%.300s cannot be written: %s", path, strerror(errno));
}

pl_status pl_key_get(unsigned char seed[PL_KEY_SEED], const char *record, pl_error *err)
{
	static const char lite[] = "sqlite:", postgres[] = "postgres:";
	char path[PL_PATH_MOST];
	const char *named = getenv("PLENUM_KEY");
	const bool database = strncmp(record, postgres, sizeof postgres - 1) == 0;
	if (database && named == NULL)
		return pl_fail(err, PL_EARG, -1,
		               "a record in PostgreSQL has no file that its key could stand "
		               "beside: let PLENUM_KEY name one");
	if (strncmp(record, lite, sizeof lite - 1) == 0) record += sizeof lite - 1;
	if (snprintf(path, sizeof path, "%s%s", database ? named : record,
	             database ? "" : ".key") >= (int)sizeof path)
		return pl_fail(err, PL_EARG, -1, "the name of the record is too long");
	const int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file >= 0) {
		const pl_status st = read_key(seed, file, path, err);
		(void)close(file);
		return st;
	}
	if (database || access(record, F_OK) != 0) return make_key(seed, path, err);
	return pl_fail(err, PL_ENOTFOUND, -1,
	               "%.200s has no key beside it (%.200s): it can be read and verified, not "
	               "continued",
	               record, path);
}
