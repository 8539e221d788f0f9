/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Each file is written as .NAME.part; an old file of that name is kept as .NAME.old until all
 * renames are done, so that a rename that fails can be undone (io-2). */
#include "io/outdir.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MOST = 16, TRIES = 100 };

typedef struct {
	FILE *stream;
	char *name, *part, *old; /* names inside the folder */
	bool kept, placed;       /* `old` exists; `name` is the new file */
} out_file;

struct pl_outdir {
	char *path;
	int dir;
	bool made; /* the folder did not exist */
	int n;
	out_file file[FILES_MOST];
};

/* ---- opening ---- */

static char *copy(const char *s)
{
	const size_t n = strlen(s) + 1;
	char *to = pl_alloc((int64_t)n, 1);
	if (to != NULL) memcpy(to, s, n);
	return to;
}

static pl_status folder_open(pl_outdir *o, pl_error *err)
{
	o->made = mkdir(o->path, 0777) == 0;
	if (!o->made && errno == ENOENT)
		return pl_fail(err, PL_ENOTFOUND, -1,
		               "%s cannot be made: the folder above it does not exist",
		               o->path);
	if (!o->made && errno != EEXIST)
		return pl_fail(err, PL_EIO, -1, "%s cannot be made: %s", o->path,
		               strerror(errno));
	o->dir = open(o->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (o->dir >= 0) return PL_OK;
	return pl_fail(err, PL_EIO, -1, "%s cannot be written to: %s", o->path,
	               errno == ENOTDIR ? "it is not a folder" : strerror(errno));
}

pl_status pl_outdir_open(pl_outdir **out, const char *path, pl_error *err)
{
	*out = NULL;
	pl_outdir *o = pl_alloc(1, sizeof *o);
	if (o == NULL || (o->path = copy(path)) == NULL) {
		pl_free(o);
		return pl_fail(err, PL_ENOMEM, -1, "no memory to write %s", path);
	}
	o->dir = -1;
	const pl_status status = folder_open(o, err);
	if (status != PL_OK) {
		pl_outdir_abandon(o);
		return status;
	}
	*out = o;
	return PL_OK;
}

/* ---- files ---- */

/* ".NAME.part", or with a number behind it where others left such a file. */
static int create_part(pl_outdir *o, out_file *f)
{
	const int64_t room = (int64_t)strlen(f->name) + 16;
	f->part = pl_alloc(room, 1);
	f->old = pl_alloc(room, 1);
	if (f->part == NULL || f->old == NULL) {
		errno = ENOMEM;
		return -1;
	}
	int fd = -1;
	for (int k = 0; k < TRIES && fd < 0; k++) {
		(void)snprintf(f->part, (size_t)room, ".%s.part%d", f->name, k);
		(void)snprintf(f->old, (size_t)room, ".%s.old%d", f->name, k);
		fd = openat(o->dir, f->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd < 0 && errno != EEXIST) break;
	}
	if (fd < 0) f->part[0] = '\0';
	return fd;
}

FILE *pl_outdir_file(pl_outdir *o, const char *name, pl_error *err)
{
	if (o->n == FILES_MOST) {
		(void)pl_fail(err, PL_EARG, -1, "more than %d files for %s", (int)FILES_MOST,
		              o->path);
		return NULL;
	}
	out_file *f = &o->file[o->n++];
	f->name = copy(name);
	const int fd = f->name == NULL ? -1 : create_part(o, f);
	if (f->name == NULL || (fd < 0 && errno == ENOMEM)) {
		(void)pl_fail(err, PL_ENOMEM, -1, "no memory to write %s/%s", o->path, name);
		return NULL;
	}
	if (fd < 0) {
		(void)pl_fail(err, PL_EIO, -1, "%s/%s cannot be written: %s", o->path, name,
		              strerror(errno));
		return NULL;
	}
	f->stream = fdopen(fd, "w");
	if (f->stream == NULL) {
		(void)close(fd);
		(void)pl_fail(err, PL_ENOMEM, -1, "no memory to write %s/%s", o->path, name);
	}
	return f->stream;
}

/* ---- the end ---- */

/* All bytes on the disk, or an error. */
static pl_status flush(const pl_outdir *o, out_file *f, pl_error *err)
{
	if (f->stream == NULL)
		return pl_fail(err, PL_EIO, -1, "%s/%s was never opened", o->path, f->name);
	errno = 0;
	const bool bad = fflush(f->stream) != 0 || ferror(f->stream) != 0 ||
	                 fsync(fileno(f->stream)) != 0;
	const int why = errno;
	const bool late = fclose(f->stream) != 0;
	f->stream = NULL;
	if (!bad && !late) return PL_OK;
	return pl_fail(err, PL_EIO, -1, "%s/%s cannot be written: %s; nothing was changed",
	               o->path, f->name,
	               why != 0 ? strerror(why) : "a write failed (is the disk full?)");
}

/* Put the new file in its place and keep the old one aside. */
static pl_status place(const pl_outdir *o, out_file *f, pl_error *err)
{
	struct stat there;
	if (fstatat(o->dir, f->name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(there.st_mode))
		return pl_fail(err, PL_EIO, -1,
		               "%s/%s is a folder, so no file can have this name; "
		               "nothing was changed",
		               o->path, f->name);
	(void)unlinkat(o->dir, f->old, 0);
	f->kept = linkat(o->dir, f->name, o->dir, f->old, 0) == 0;
	if (!f->kept && errno != ENOENT) /* a file system without links */
		f->kept = renameat(o->dir, f->name, o->dir, f->old) == 0;
	f->placed = renameat(o->dir, f->part, o->dir, f->name) == 0;
	if (f->placed) return PL_OK;
	return pl_fail(err, PL_EIO, -1, "%s/%s cannot be replaced: %s; nothing was changed",
	               o->path, f->name, strerror(errno));
}

/* Back to what was there before `place`. */
static void undo(const pl_outdir *o, out_file *f)
{
	if (f->kept)
		(void)renameat(o->dir, f->old, o->dir, f->name);
	else if (f->placed)
		(void)unlinkat(o->dir, f->name, 0);
	f->kept = f->placed = false;
}

pl_status pl_outdir_commit(pl_outdir *o, pl_error *err)
{
	pl_status status = PL_OK;
	for (int i = 0; i < o->n && status == PL_OK; i++) status = flush(o, &o->file[i], err);
	for (int i = 0; i < o->n && status == PL_OK; i++) status = place(o, &o->file[i], err);
	if (status == PL_OK && fsync(o->dir) != 0 && errno != EINVAL)
		status = pl_fail(err, PL_EIO, -1,
		                 "%s cannot be written: %s; nothing was changed", o->path,
		                 strerror(errno));
	if (status != PL_OK) {
		for (int i = o->n - 1; i >= 0; i--) undo(o, &o->file[i]);
	} else {
		o->made = false;
		for (int i = 0; i < o->n; i++)
			if (o->file[i].kept) (void)unlinkat(o->dir, o->file[i].old, 0);
	}
	pl_outdir_abandon(o);
	return status;
}

void pl_outdir_abandon(pl_outdir *o)
{
	if (o == NULL) return;
	for (int i = 0; i < o->n; i++) {
		out_file *f = &o->file[i];
		if (f->stream != NULL) (void)fclose(f->stream);
		if (f->part != NULL && f->part[0] != '\0' && !f->placed)
			(void)unlinkat(o->dir, f->part, 0);
		pl_free(f->name);
		pl_free(f->part);
		pl_free(f->old);
	}
	if (o->dir >= 0) (void)close(o->dir);
	if (o->made) (void)rmdir(o->path);
	pl_free(o->path);
	pl_free(o);
}
