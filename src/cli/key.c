/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/key.h"

#include "base/error.h"
#include "base/place.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEED_DIGITS = 64 };

static const char lite[] = "sqlite:", postgres[] = "postgres:";

bool pl_address_is_database(const char *record)
{
	return strncmp(record, postgres, sizeof postgres - 1) == 0;
}

const char *pl_address_file(const char *record)
{
	return strncmp(record, lite, sizeof lite - 1) == 0 ? record + sizeof lite - 1 : record;
}

bool pl_address_is_taken(const char *record)
{
	return !pl_address_is_database(record) && access(pl_address_file(record), F_OK) == 0;
}

pl_status pl_key_path(char out[PL_PATH_MOST], const char *record, pl_error *err)
{
	const char *named = getenv("PLENUM_KEY");
	const bool database = pl_address_is_database(record);
	if (database && named == NULL)
		return pl_fail(err, PL_EARG, -1,
		               "a record in PostgreSQL has no file that its key could stand "
		               "beside: let PLENUM_KEY name one");
	if (snprintf(out, PL_PATH_MOST, "%s%s", database ? named : pl_address_file(record),
	             database ? "" : ".key") >= PL_PATH_MOST)
		return pl_fail(err, PL_EARG, -1, "the name of the record is too long");
	return PL_OK;
}

pl_status pl_key_read(unsigned char seed[PL_KEY_SEED], const char *path, pl_error *err)
{
	char text[SEED_DIGITS + 1] = "";
	size_t n = 0;
	const int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return pl_fail(err, errno == ENOENT ? PL_ENOTFOUND : PL_EIO, -1,
		               "%.300s cannot be read: %s", path, strerror(errno));
	const bool whole = read(file, text, sizeof text - 1) == (ssize_t)sizeof text - 1;
	(void)close(file);
	const bool good =
	        whole &&
	        sodium_hex2bin(seed, PL_KEY_SEED, text, sizeof text - 1, NULL, &n, NULL) == 0 &&
	        n == PL_KEY_SEED;
	sodium_memzero(text, sizeof text);
	if (good) return PL_OK;
	return pl_fail(err, PL_EPARSE, -1, "%.300s holds no key of a record", path);
}

static bool write_seed(const unsigned char seed[PL_KEY_SEED], const char *path)
{
	char text[SEED_DIGITS + 2];
	const int file = open(path, O_WRONLY | O_CLOEXEC);
	if (file < 0) return false;
	(void)sodium_bin2hex(text, sizeof text, seed, PL_KEY_SEED);
	text[SEED_DIGITS] = '\n';
	const bool done = write(file, text, SEED_DIGITS + 1) == SEED_DIGITS + 1;
	const bool closed = close(file) == 0;
	sodium_memzero(text, sizeof text);
	return done && closed;
}

pl_status pl_key_write(const unsigned char seed[PL_KEY_SEED], const char *path, pl_error *err)
{
	char part[PL_PATH_MOST];
	PL_TRY(pl_place_begin(part, sizeof part, path, err));
	pl_status st = PL_OK;
	if (!write_seed(seed, part))
		st = pl_fail(err, PL_EIO, -1, "%.300s cannot be written: %s", path,
		             strerror(errno));
	if (st == PL_OK) st = pl_place_end(part, path, err);
	if (st != PL_OK) (void)unlink(part);
	return st;
}

/// Draw a key and write it, before anything is signed with it. Another process may be faster.
static pl_status draw_key(unsigned char seed[PL_KEY_SEED], const char *path, pl_error *err)
{
	randombytes_buf(seed, PL_KEY_SEED);
	const pl_status st = pl_key_write(seed, path, err);
	return st == PL_ECONFLICT ? pl_key_read(seed, path, err) : st;
}

pl_status pl_key_get(unsigned char seed[PL_KEY_SEED], const char *record, pl_error *err)
{
	char path[PL_PATH_MOST];
	PL_TRY(pl_key_path(path, record, err));
	pl_status st = pl_key_read(seed, path, err);
	if (st != PL_ENOTFOUND) return st;
	if (!pl_address_is_taken(record)) return draw_key(seed, path, err);
	/* the key comes first: a record that was made a moment ago has it by now */
	st = pl_key_read(seed, path, err);
	if (st != PL_ENOTFOUND) return st;
	return pl_fail(err, PL_ENOTFOUND, -1,
	               "%.200s has no key beside it (%.200s): it can be read and verified, not "
	               "continued",
	               record, path);
}

/// Is this key in a file?
static pl_status check_same(const unsigned char seed[PL_KEY_SEED], const char *path,
                            pl_error *err)
{
	unsigned char there[PL_KEY_SEED];
	PL_TRY(pl_key_read(there, path, err));
	const bool same = sodium_memcmp(there, seed, PL_KEY_SEED) == 0;
	sodium_memzero(there, sizeof there);
	if (same) return PL_OK;
	return pl_fail(err, PL_ECONFLICT, -1,
	               "%.300s is there and holds another key; nothing is replaced", path);
}

pl_status pl_key_copy(bool *made, const char *from, const char *to, pl_error *err)
{
	char source[PL_PATH_MOST], path[PL_PATH_MOST];
	unsigned char seed[PL_KEY_SEED];
	*made = false;
	PL_TRY(pl_key_path(source, from, err));
	PL_TRY(pl_key_path(path, to, err));
	PL_TRY(pl_key_read(seed, source, err));
	const bool there = access(path, F_OK) == 0;
	pl_status st = pl_key_write(seed, path, err);
	*made = st == PL_OK;
	if (st == PL_EIO && !there) (void)unlink(path);
	if (st == PL_ECONFLICT) st = check_same(seed, path, err);
	sodium_memzero(seed, sizeof seed);
	return st;
}

void pl_key_public(char out[PL_HASH_CHARS], const unsigned char seed[PL_KEY_SEED])
{
	unsigned char key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
	(void)crypto_sign_seed_keypair(key, secret, seed);
	(void)sodium_bin2hex(out, PL_HASH_CHARS, key, sizeof key);
	sodium_memzero(secret, sizeof secret);
}
