/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/zip.h"

#include "base/alloc.h"
#include "base/random.h"
#include "tests/files.h"
#include "tests/pl_test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zip.h>

enum { NOISE = 4000, PAGE = 4096 };

static char root[] = "zip-test-XXXXXX"; /* a folder of this test alone */
static char noise[NOISE];               /* cannot be packed any smaller */

static void put(pl_zip *z, const char *name, const char *bytes, size_t n)
{
	FILE *to;
	CHECK(pl_zip_entry(&to, z, name, NULL) == PL_OK && to != NULL);
	if (to != NULL) CHECK(fwrite(bytes, 1, n, to) == n);
}

/// Three files: text, nothing, noise.
static pl_zip *begin(const char *path)
{
	pl_zip *z;
	CHECK(pl_zip_open(&z, path, false, NULL) == PL_OK);
	put(z, "a.txt", "hello\n", 6);
	put(z, "in/empty", "", 0);
	put(z, "in/a/noise", noise, NOISE);
	return z;
}

static bool holds(zip_t *archive, zip_uint64_t i, const char *name, const char *want, size_t n)
{
	char got[NOISE + 1];
	zip_file_t *f = zip_fopen_index(archive, i, 0);
	if (f == NULL) return false;
	const zip_int64_t read = zip_fread(f, got, sizeof got);
	return zip_fclose(f) == 0 && read == (zip_int64_t)n && memcmp(got, want, n) == 0 &&
	       strcmp(zip_get_name(archive, i, 0), name) == 0;
}

static void what_was_written_is_read_back_in_its_order(void)
{
	CHECK(pl_zip_commit(begin("one.zip"), NULL, NULL, NULL) == PL_OK);
	zip_t *archive = zip_open("one.zip", ZIP_RDONLY | ZIP_CHECKCONS, NULL);
	CHECK(archive != NULL && zip_get_num_entries(archive, 0) == 3);
	CHECK(holds(archive, 0, "a.txt", "hello\n", 6));
	CHECK(holds(archive, 1, "in/empty", "", 0));
	CHECK(holds(archive, 2, "in/a/noise", noise, NOISE));
	CHECK(zip_close(archive) == 0);
	CHECK(pl_test_entries(".") == 1);
}

/* Times in a zip file are of the local zone, to two seconds. */
static void the_bytes_do_not_depend_on_when_and_where(void)
{
	static const char *const zones[] = {"UTC0", "America/New_York", "Asia/Kathmandu",
	                                    "Pacific/Apia"};
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		const struct timespec pause = {0, 700000000};
		setenv("TZ", zones[i], 1);
		tzset();
		nanosleep(&pause, NULL);
		CHECK(pl_zip_commit(begin("again.zip"), NULL, NULL, NULL) == PL_OK);
		CHECK(pl_test_same_bytes("one.zip", "again.zip"));
		unlink("again.zip");
	}
}

static void a_file_that_is_there_is_refused_and_left(void)
{
	pl_zip *z;
	pl_error err = {0};
	CHECK(pl_zip_open(&z, "one.zip", false, &err) == PL_EARG && z == NULL);
	CHECK(strstr(err.msg, "one.zip is there already") != NULL && pl_test_entries(".") == 1);
	CHECK(pl_zip_open(&z, "no/such/one.zip", false, &err) == PL_ENOTFOUND && z == NULL);
}

static void what_is_abandoned_leaves_no_trace(void)
{
	pl_zip_abandon(begin("two.zip"));
	pl_zip_abandon(begin("made/two.zip"));
	pl_zip_abandon(NULL);
	CHECK(pl_test_entries(".") == 1);
}

static void it_may_be_for_its_owner_alone(void)
{
	pl_zip *z;
	struct stat there = {0};
	CHECK(pl_zip_open(&z, "own.zip", true, NULL) == PL_OK);
	put(z, "a", "a", 1);
	CHECK(pl_zip_commit(z, NULL, NULL, NULL) == PL_OK);
	CHECK(stat("own.zip", &there) == 0 && (there.st_mode & 0777) == 0600);
	unlink("own.zip");
}

static void two_files_of_one_name_are_refused(void)
{
	pl_error err = {0};
	pl_zip *z = begin("two.zip");
	put(z, "a.txt", "again", 5);
	CHECK(pl_zip_commit(z, NULL, NULL, &err) == PL_EARG && pl_test_entries(".") == 1);
	CHECK(strstr(err.msg, "two.zip cannot be packed") != NULL);
}

static bool stop_half_way(void *with, double done)
{
	(void)with;
	return done < 0.5;
}

static void who_watches_can_stop_it(void)
{
	CHECK(pl_zip_commit(begin("two.zip"), stop_half_way, NULL, NULL) == PL_ESTOPPED);
	CHECK(pl_test_entries(".") == 1);
}

/* A limit on the size of files stands in for a full disk: for the contents, and, where they
 * just fit, for the zip file. */
static void a_full_disk_changes_nothing(void)
{
	pl_error err = {0};
	const struct rlimit small = {PAGE, RLIM_INFINITY};
	struct rlimit before;
	FILE *to;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	setrlimit(RLIMIT_FSIZE, &small);
	CHECK(pl_zip_commit(begin("two.zip"), NULL, NULL, &err) == PL_EIO);
	CHECK(strstr(err.msg, "two.zip cannot be written") != NULL &&
	      pl_test_entries(".") == 1);
	pl_zip *z = begin("two.zip");
	put(z, "more", noise, NOISE);
	CHECK(pl_zip_entry(&to, z, "and more", &err) == PL_EIO && to == NULL);
	pl_zip_abandon(z);
	setrlimit(RLIMIT_FSIZE, &before);
	CHECK(pl_test_entries(".") == 1);
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	const int64_t alive = pl_alloc_alive;
	pl_status status = PL_ENOMEM;
	for (int64_t grants = 0; grants < 50 && status != PL_OK; grants++) {
		pl_zip *z;
		FILE *to;
		pl_alloc_grants = grants;
		status = pl_zip_open(&z, "two.zip", false, NULL);
		if (status == PL_OK) status = pl_zip_entry(&to, z, "a", NULL);
		if (status == PL_OK)
			status = pl_zip_commit(z, NULL, NULL, NULL);
		else
			pl_zip_abandon(z);
		pl_alloc_grants = -1;
		CHECK(status == PL_OK || status == PL_ENOMEM);
		CHECK(pl_alloc_alive == alive &&
		      pl_test_entries(".") == (status == PL_OK ? 2 : 1));
	}
	CHECK(status == PL_OK);
#endif
}

int main(void)
{
	if (mkdtemp(root) == NULL || chdir(root) != 0) return 1;
	pl_random g = pl_random_new(1, 0);
	for (int i = 0; i < NOISE; i++) noise[i] = (char)pl_random_between(&g, -128, 127);
	RUN(what_was_written_is_read_back_in_its_order);
	RUN(the_bytes_do_not_depend_on_when_and_where);
	RUN(a_file_that_is_there_is_refused_and_left);
	RUN(what_is_abandoned_leaves_no_trace);
	RUN(it_may_be_for_its_owner_alone);
	RUN(two_files_of_one_name_are_refused);
	RUN(who_watches_can_stop_it);
	RUN(a_full_disk_changes_nothing);
	RUN(every_allocation_may_fail);
	char command[64];
	snprintf(command, sizeof command, "rm -rf ../%s", root);
	return system(command) != 0 || pl_test_failed;
}
