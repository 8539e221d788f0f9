/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/doctor.h"

#include "base/error.h"
#include "cli/key.h"
#include "cli/terminal.h"
#include "store/store.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* A copy of the record should fit beside it, and some days of work. */
static const double spare_least = 100e6;
/* SQLite folds its log in at some 4 MB; far more says that it cannot. */
static const double log_most = 64e6;
static const double thousand = 1000;

/// "193 kB", "82.1 GB".
static const char *size_of(char out[PL_HUMAN_CHARS], double bytes)
{
	static const char *const unit[] = {"bytes", "kB", "MB", "GB", "TB"};
	int k = 0;
	for (; bytes >= thousand && k < 4; k++) bytes /= thousand;
	(void)snprintf(out, PL_HUMAN_CHARS, "%.3g %s", bytes, unit[k]);
	return out;
}

static void look_at_file(pl_diagnosis *d, const char *file)
{
	struct stat s;
	char size[PL_HUMAN_CHARS];
	if (stat(file, &s) != 0) return; /* it was opened: it is there by another name */
	(void)size_of(size, (double)s.st_size);
	if ((s.st_mode & 07) == 0)
		pl_doctor_say(d, "file", true, "%s", size);
	else
		pl_doctor_say(d, "file", false,
		              "%s; everybody on this computer may read names, contacts and "
		              "ballots in it: chmod o= %s",
		              size, file);
	const char *far_one = pl_store_far(file);
	if (far_one != NULL)
		pl_doctor_say(
		        d, "file system", false,
		        "the file is on %s, where locks are not kept reliably: put it on a "
		        "disk of this computer, or use PostgreSQL",
		        far_one);
}

static void look_at_disk(pl_diagnosis *d, const char *file)
{
	struct statvfs v;
	struct stat s;
	char spare[PL_HUMAN_CHARS];
	if (statvfs(file, &v) != 0 || stat(file, &s) != 0) return;
	const double left = (double)v.f_bavail * (double)v.f_frsize;
	const bool good = left >= spare_least && left >= 2 * (double)s.st_size;
	(void)size_of(spare, left);
	pl_doctor_say(d, "disk", good, good ? "%s free" : "%s free: make room", spare);
}

static void look_at_log(pl_diagnosis *d, const char *file)
{
	char path[PL_PATH_MOST], size[PL_HUMAN_CHARS];
	struct stat s;
	if (snprintf(path, sizeof path, "%s-wal", file) >= (int)sizeof path) return;
	const double bytes = stat(path, &s) == 0 ? (double)s.st_size : 0;
	(void)size_of(size, bytes);
	if (bytes == 0)
		pl_doctor_say(d, "log", true, "all of it is folded into the file");
	else if (bytes <= log_most)
		pl_doctor_say(d, "log", true, "%s not yet folded into the file", size);
	else
		pl_doctor_say(d, "log", false,
		              "%s not yet folded into the file: some program has been reading "
		              "for long; end it",
		              size);
}

/* ---- the key ---- */

static bool note_key(void *with, const pl_event *e)
{
	pl_event_key(with, e);
	return false;
}

static void look_at_seed(pl_diagnosis *d, pl_store *store, const char *path,
                         const unsigned char seed[PL_KEY_SEED])
{
	char own[PL_HASH_CHARS], recorded[PL_HASH_CHARS] = "";
	struct stat s;
	pl_key_public(own, seed);
	if (pl_store_events(store, 1, note_key, recorded, NULL) == PL_OK &&
	    recorded[0] != '\0' && strcmp(own, recorded) != 0)
		pl_doctor_say(d, "key", false,
		              "%.200s is not the key of this record: nothing can be recorded",
		              path);
	else if (stat(path, &s) == 0 && (s.st_mode & 077) != 0)
		pl_doctor_say(
		        d, "key", false,
		        "others may read %.200s, and continue the record: chmod 600 %.200s",
		        path, path);
	else
		pl_doctor_say(d, "key", true, "%.200s, for its owner alone", path);
}

static void look_at_key(pl_diagnosis *d, pl_store *store)
{
	unsigned char seed[PL_KEY_SEED];
	char path[PL_PATH_MOST];
	pl_error why;
	pl_status st = pl_key_path(path, d->record, &why);
	if (st == PL_OK) st = pl_key_read(seed, path, &why);
	if (st == PL_OK)
		look_at_seed(d, store, path, seed);
	else
		pl_doctor_say(d, "key", false, "%.300s: nothing can be recorded without it",
		              why.msg);
	sodium_memzero(seed, sizeof seed);
}

void pl_doctor_machine(pl_diagnosis *d, pl_store *store)
{
	const char *file = pl_address_file(d->record);
	if (!pl_address_is_database(d->record)) {
		look_at_file(d, file);
		look_at_disk(d, file);
		look_at_log(d, file);
	}
	look_at_key(d, store);
}
