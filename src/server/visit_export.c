/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_export.c - what the record holds about somebody, for themselves. It is written beside,
 * by a store of its own, so that nobody else waits for it. */
#include "server/visit.h"

#include "base/error.h"
#include "export/export.h"
#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const pl_rate exports = {1.0 / 60, 5}; ///< a minute's work for a large record

enum { PATH_MOST = 512 };

static pl_status make_folder(char folder[PATH_MOST], pl_error *err)
{
	const char *where = getenv("TMPDIR");
	if (where == NULL || where[0] != '/') where = "/tmp";
	if (snprintf(folder, PATH_MOST, "%s/plenum-export-XXXXXX", where) < PATH_MOST &&
	    mkdtemp(folder) != NULL)
		return PL_OK;
	return pl_fail(err, PL_EIO, -1, "no folder can be made in %.300s: %s", where,
	               strerror(errno));
}

static pl_status write_zip(const char *path, const pl_visit *v, pl_error *err)
{
	const pl_export_choice choice = {.person = v->caller.person};
	pl_store *store = NULL, *scratch = NULL;
	pl_status st = pl_store_open(&store, v->server->o.address, false, err);
	if (st == PL_OK) st = pl_store_memory(&scratch, err);
	if (st == PL_OK) st = pl_export_zip(path, store, scratch, &choice, NULL, NULL, err);
	pl_store_close(scratch);
	pl_store_close(store);
	return st;
}

static pl_status read_file(pl_bytes *out, const char *path, pl_error *err)
{
	char chunk[16384];
	FILE *from = fopen(path, "r");
	pl_status st = PL_OK;
	if (from == NULL)
		return pl_fail(err, PL_EIO, -1, "%.300s cannot be read: %s", path,
		               strerror(errno));
	for (size_t n = 1; n > 0 && st == PL_OK;) {
		n = fread(chunk, 1, sizeof chunk, from);
		st = pl_bytes_add(out, chunk, (int64_t)n);
	}
	const bool whole = ferror(from) == 0;
	(void)fclose(from);
	if (st != PL_OK) return pl_fail(err, st, -1, "no memory for the export");
	return whole ? PL_OK : pl_fail(err, PL_EIO, -1, "%.300s cannot be read", path);
}

/// The zip file in memory; nothing stays on the disk.
static pl_status make_export(pl_visit *v, pl_error *err)
{
	char folder[PATH_MOST], path[PATH_MOST + 16];
	PL_TRY(make_folder(folder, err));
	(void)snprintf(path, sizeof path, "%s/person.zip", folder);
	pl_status st = write_zip(path, v, err);
	if (st == PL_OK) st = read_file(&v->out->body, path, err);
	(void)unlink(path);
	(void)rmdir(folder);
	return st;
}

void pl_visit_export(pl_visit *v)
{
	char name[48];
	pl_error err;
	(void)snprintf(name, sizeof name, "export of %" PRId64, v->caller.person);
	if (!pl_visit_may(v, name, exports)) return;
	const pl_status st = make_export(v, &err);
	if (st != PL_OK) {
		v->out->body.n = 0;
		pl_out_failure(v->out, st, &err);
		return;
	}
	v->out->status = 200;
	v->out->type = "application/zip";
	pl_http_put_header(v->out, "Content-Disposition",
	                   "attachment; filename=\"person-%" PRId64 ".zip\"", v->caller.person);
}
