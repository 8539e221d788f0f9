/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/place.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FOLDER_MOST = 4096 };

static pl_status fail(const char *path, pl_error *err)
{
	return pl_fail(err, PL_EIO, -1, "%.300s cannot be written: %s", path, strerror(errno));
}

pl_status pl_place_begin(char *part, size_t room, const char *path, pl_error *err)
{
	if (snprintf(part, room, "%s.part-XXXXXX", path) >= (int)room)
		return pl_fail(err, PL_EARG, -1, "the name %.200s... is too long", path);
	const int file = mkstemp(part);
	if (file < 0) return fail(path, err);
	(void)close(file);
	return PL_OK;
}

/// @param flags of open
static pl_status sync_one(const char *path, int flags, pl_error *err)
{
	const int file = open(path, flags | O_CLOEXEC);
	if (file < 0) return fail(path, err);
	/* file systems that cannot do it for a folder say EINVAL */
	const bool done = fsync(file) == 0 || errno == EINVAL;
	const pl_status st = done ? PL_OK : fail(path, err);
	(void)close(file);
	return st;
}

pl_status pl_place_sync(const char *path, pl_error *err)
{
	char folder[FOLDER_MOST];
	const char *slash = strrchr(path, '/');
	if (slash == NULL) return sync_one(".", O_RDONLY | O_DIRECTORY, err);
	const size_t n = slash == path ? 1 : (size_t)(slash - path);
	if (n >= sizeof folder)
		return pl_fail(err, PL_EARG, -1, "the name %.200s... is too long", path);
	memcpy(folder, path, n);
	folder[n] = '\0';
	return sync_one(folder, O_RDONLY | O_DIRECTORY, err);
}

/// Not every file system knows a second name for a file; there it is looked at first.
static bool appear(const char *part, const char *path)
{
	if (link(part, path) == 0) {
		(void)unlink(part);
		return true;
	}
	if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS) return false;
	if (access(path, F_OK) == 0) {
		errno = EEXIST;
		return false;
	}
	return rename(part, path) == 0;
}

pl_status pl_place_end(const char *part, const char *path, pl_error *err)
{
	PL_TRY(sync_one(part, O_RDONLY, err));
	if (appear(part, path)) return pl_place_sync(path, err);
	if (errno != EEXIST) return fail(path, err);
	return pl_fail(err, PL_ECONFLICT, -1, "%.300s is there already", path);
}
