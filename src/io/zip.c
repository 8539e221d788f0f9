/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* libzip asks for contents when the file is closed, and writes through functions of its caller:
 * it reads the spool, and writes a part of pl_outdir. */
#include "io/zip.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "io/outdir.h"
#include "io/row.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

/// Unix's mode of a plain file that everybody may read, in the upper half.
#define MODE (UINT32_C(0100644) << 16)

enum {
	LEVEL = 1, ///< of deflate: a million events 3 % larger than with 6, in a third of the
	           ///< time
	DATE = 1 << 5 | 1,
	TIME = 12 << 11, ///< 1980-01-01, noon: exists in every time zone
};

/// A file in the zip file: its part of the spool.
typedef struct {
	pl_zip *zip;
	int64_t from, n;
	int64_t at; ///< of it, read so far
	char name[PL_ZIP_NAME];
} entry;

struct pl_zip {
	char *path;
	pl_outdir *folder;
	FILE *to, *spool;
	entry *entry; ///< [n]
	int64_t n, room;
	pl_zip_watch watch;
	void *with;
	int64_t packed; ///< bytes of the contents
	bool stopped;
	int why; ///< errno of the first failure, 0: none
};

/* ---- opening ---- */

/// An unnamed file that is gone with its process.
static FILE *open_spool(const char *folder)
{
	char name[4096];
	if (snprintf(name, sizeof name, "%s/.plenum-XXXXXX", folder) >= (int)sizeof name) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	const int file = mkstemp(name);
	if (file < 0) return NULL;
	(void)unlink(name);
	FILE *spool = fdopen(file, "w+");
	if (spool == NULL) (void)close(file);
	return spool;
}

static pl_status open_in(pl_zip *z, const char *folder, const char *name, bool own,
                         pl_error *err)
{
	pl_error inner = {0};
	if (pl_folder_holds(folder, name))
		return pl_fail(err, PL_EARG, -1, "%.300s is there already; name another file",
		               z->path);
	PL_TRY(pl_outdir_open(&z->folder, folder, err));
	z->to = pl_outdir_file(z->folder, name, &inner);
	if (z->to == NULL) return pl_fail(err, inner.code, -1, "%s", inner.msg);
	z->spool = open_spool(folder);
	if (z->spool != NULL && (!own || fchmod(fileno(z->to), S_IRUSR | S_IWUSR) == 0))
		return PL_OK;
	return pl_fail(err, PL_EIO, -1, "%.300s cannot be written: %s", z->path,
	               strerror(errno));
}

/// Split "folder/name" in place. @return the name
static char *split(char *path, const char **folder)
{
	char *slash = strrchr(path, '/');
	*folder = slash == NULL ? "." : slash == path ? "/" : path;
	if (slash == NULL) return path;
	*slash = '\0';
	return slash + 1;
}

pl_status pl_zip_open(pl_zip **out, const char *path, bool own, pl_error *err)
{
	const size_t n = strlen(path) + 1;
	const char *folder;
	*out = NULL;
	pl_zip *z = pl_alloc(1, sizeof *z);
	char *parts = pl_alloc((int64_t)n, 1);
	if (z != NULL) z->path = pl_alloc((int64_t)n, 1);
	pl_status st = PL_ENOMEM;
	if (z != NULL && z->path != NULL && parts != NULL) {
		memcpy(z->path, path, n);
		memcpy(parts, path, n);
		char *name = split(parts, &folder);
		st = open_in(z, folder, name, own, err);
	} else {
		(void)pl_fail(err, st, -1, "no memory to write %.300s", path);
	}
	pl_free(parts);
	if (st == PL_OK)
		*out = z;
	else
		pl_zip_abandon(z);
	return st;
}

void pl_zip_abandon(pl_zip *z)
{
	if (z == NULL) return;
	if (z->spool != NULL) (void)fclose(z->spool);
	pl_outdir_abandon(z->folder);
	pl_free(z->entry);
	pl_free(z->path);
	pl_free(z);
}

/* ---- contents ---- */

static pl_status fail(const pl_zip *z, pl_error *err)
{
	return pl_fail(err, PL_EIO, -1, "%.300s cannot be written: %s; nothing was changed",
	               z->path,
	               z->why != 0 ? strerror(z->why) : "a write failed (is the disk full?)");
}

/// End the entry that is being written.
static pl_status end_entry(pl_zip *z, pl_error *err)
{
	errno = 0;
	const bool bad = fflush(z->spool) != 0 || ferror(z->spool) != 0;
	const off_t end = bad ? -1 : ftello(z->spool);
	if (end < 0) {
		z->why = errno;
		return fail(z, err);
	}
	if (z->n > 0) z->entry[z->n - 1].n = (int64_t)end - z->entry[z->n - 1].from;
	return PL_OK;
}

pl_status pl_zip_entry(FILE **out, pl_zip *z, const char *name, pl_error *err)
{
	*out = NULL;
	PL_TRY(end_entry(z, err));
	if (z->n == z->room) {
		const int64_t room = pl_grow_room(z->room, z->n + 1);
		entry *more = pl_grow(z->entry, z->n, room, sizeof *more);
		if (more == NULL)
			return pl_fail(err, PL_ENOMEM, -1, "no memory to write %.300s",
			               z->path);
		z->entry = more;
		z->room = room;
	}
	const entry *last = z->n > 0 ? &z->entry[z->n - 1] : NULL;
	entry *e = &z->entry[z->n++];
	*e = (entry){.zip = z, .from = last == NULL ? 0 : last->from + last->n};
	(void)snprintf(e->name, sizeof e->name, "%s", name);
	*out = z->spool;
	return PL_OK;
}

/* ---- what libzip asks of a source ---- */

static zip_int64_t give_error(const pl_zip *z, void *data)
{
	const int told[] = {ZIP_ER_WRITE, z->why};
	memcpy(data, told, sizeof told);
	return (zip_int64_t)sizeof told;
}

static zip_int64_t note_failure(pl_zip *z)
{
	if (z->why == 0) z->why = errno != 0 ? errno : EIO;
	return -1;
}

/// @return false: whoever watches wants it stopped
static bool show(pl_zip *z, int64_t bytes)
{
	const entry *last = &z->entry[z->n - 1];
	const int64_t all = last->from + last->n;
	z->packed += bytes;
	if (z->watch != NULL && !z->watch(z->with, (double)z->packed / (double)all))
		z->stopped = true;
	return !z->stopped;
}

static zip_int64_t read_some(entry *e, void *data, zip_uint64_t room)
{
	const int64_t left = e->n - e->at;
	const size_t want = room < (zip_uint64_t)left ? (size_t)room : (size_t)left;
	const ssize_t got = pread(fileno(e->zip->spool), data, want, (off_t)(e->from + e->at));
	if (got < 0 || (got == 0 && want > 0)) return note_failure(e->zip);
	e->at += got;
	return got == 0 || show(e->zip, got) ? got : -1;
}

/// Contents of an entry.
static zip_int64_t read_entry(void *with, void *data, zip_uint64_t n, zip_source_cmd_t what)
{
	entry *e = with;
	zip_stat_t *known = data;
	switch (what) {
	case ZIP_SOURCE_OPEN:
		e->at = 0;
		return 0;
	case ZIP_SOURCE_READ:
		return read_some(e, data, n);
	case ZIP_SOURCE_CLOSE:
	case ZIP_SOURCE_FREE:
		return 0;
	case ZIP_SOURCE_STAT:
		zip_stat_init(known);
		known->size = (zip_uint64_t)e->n;
		known->valid = ZIP_STAT_SIZE;
		return (zip_int64_t)sizeof *known;
	case ZIP_SOURCE_ERROR:
		return give_error(e->zip, data);
	default:
		return -1;
	}
}

static zip_int64_t seek(pl_zip *z, void *data, zip_uint64_t n)
{
	const zip_source_args_seek_t *to =
	        ZIP_SOURCE_GET_ARGS(zip_source_args_seek_t, data, n, NULL);
	if (to == NULL || fseeko(z->to, (off_t)to->offset, to->whence) != 0)
		return note_failure(z);
	return 0;
}

/// The zip file itself, which is new and is written alone.
static zip_int64_t write_file(void *with, void *data, zip_uint64_t n, zip_source_cmd_t what)
{
	pl_zip *z = with;
	switch (what) {
	case ZIP_SOURCE_SUPPORTS:
		return ZIP_SOURCE_SUPPORTS_WRITABLE;
	case ZIP_SOURCE_STAT:
		zip_stat_init(data);
		((zip_stat_t *)data)->size = 0;
		((zip_stat_t *)data)->valid = ZIP_STAT_SIZE;
		return (zip_int64_t)sizeof(zip_stat_t);
	case ZIP_SOURCE_WRITE:
		errno = 0;
		return fwrite(data, 1, (size_t)n, z->to) == n ? (zip_int64_t)n
		                                              : note_failure(z);
	case ZIP_SOURCE_SEEK_WRITE:
		return seek(z, data, n);
	case ZIP_SOURCE_TELL_WRITE:
		return ftello(z->to);
	case ZIP_SOURCE_ERROR:
		return give_error(z, data);
	case ZIP_SOURCE_OPEN:
	case ZIP_SOURCE_CLOSE:
	case ZIP_SOURCE_BEGIN_WRITE:
	case ZIP_SOURCE_COMMIT_WRITE:
	case ZIP_SOURCE_ROLLBACK_WRITE:
	case ZIP_SOURCE_FREE:
		return 0;
	default: /* nothing is read back, cloned or removed */
		return -1;
	}
}

/* ---- packing ---- */

static bool add(zip_t *archive, entry *e)
{
	zip_source_t *from = zip_source_function(archive, read_entry, e);
	if (from == NULL) return false;
	const zip_int64_t k = zip_file_add(archive, e->name, from, ZIP_FL_ENC_UTF_8);
	if (k < 0) {
		zip_source_free(from);
		return false;
	}
	const zip_uint64_t i = (zip_uint64_t)k;
	return zip_set_file_compression(archive, i, ZIP_CM_DEFLATE, LEVEL) == 0 &&
	       zip_file_set_dostime(archive, i, TIME, DATE, 0) == 0 &&
	       zip_file_set_external_attributes(archive, i, 0, ZIP_OPSYS_UNIX, MODE) == 0;
}

static zip_t *begin_archive(pl_zip *z)
{
	zip_error_t error;
	zip_error_init(&error);
	zip_source_t *to = zip_source_function_create(write_file, z, &error);
	zip_t *archive =
	        to == NULL ? NULL : zip_open_from_source(to, ZIP_CREATE | ZIP_TRUNCATE, &error);
	if (archive == NULL) zip_source_free(to);
	zip_error_fini(&error);
	return archive;
}

/// What went wrong, as far as libzip knows. @param archive NULL: it had no memory to begin
static pl_status fail_to_pack(const pl_zip *z, zip_t *archive, pl_error *err)
{
	if (z->stopped)
		return pl_fail(err, PL_ESTOPPED, -1, "stopped; %.300s was not written",
		               z->path);
	if (z->why != 0) return fail(z, err);
	if (archive == NULL || zip_error_code_zip(zip_get_error(archive)) == ZIP_ER_MEMORY)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to pack %.300s", z->path);
	return pl_fail(err, PL_EARG, -1, "%.300s cannot be packed: %s", z->path,
	               zip_strerror(archive));
}

static pl_status pack(pl_zip *z, pl_error *err)
{
	zip_t *archive = begin_archive(z);
	bool good = archive != NULL;
	for (int64_t i = 0; i < z->n && good; i++) good = add(archive, &z->entry[i]);
	good = good && zip_close(archive) == 0;
	if (good) return PL_OK;
	const pl_status st = fail_to_pack(z, archive, err);
	if (archive != NULL) zip_discard(archive);
	return st;
}

pl_status pl_zip_commit(pl_zip *z, pl_zip_watch watch, void *with, pl_error *err)
{
	z->watch = watch;
	z->with = with;
	pl_status st = end_entry(z, err);
	if (st == PL_OK) st = pack(z, err);
	if (st == PL_OK) {
		pl_outdir *folder = z->folder;
		z->folder = NULL;
		st = pl_outdir_commit(folder, err);
	}
	pl_zip_abandon(z);
	return st;
}
