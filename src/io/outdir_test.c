/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/outdir.h"

#include "base/alloc.h"
#include "tests/files.h"
#include "tests/pl_test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "outdir-test-XXXXXX"; /* a folder of this test alone */

static void put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	CHECK(f != NULL);
	if (f == NULL) return;
	fputs(text, f);
	fclose(f);
}

static bool holds(const char *path, const char *want)
{
	char text[256] = "";
	FILE *f = fopen(path, "r");
	if (f == NULL) return false;
	const size_t n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	return strcmp(text, want) == 0;
}

static pl_outdir *begin(const char *path, const char *one, const char *two)
{
	pl_outdir *o;
	CHECK(pl_outdir_open(&o, path, NULL) == PL_OK);
	FILE *f = pl_outdir_file(o, "one", NULL);
	CHECK(f != NULL);
	fputs(one, f);
	f = pl_outdir_file(o, "two", NULL);
	CHECK(f != NULL);
	fputs(two, f);
	return o;
}

static void all_files_appear_at_the_commit_and_none_before(void)
{
	pl_outdir *o = begin("new", "1", "2");
	CHECK(access("new/one", F_OK) != 0 && access("new/two", F_OK) != 0);
	CHECK(pl_outdir_commit(o, NULL) == PL_OK);
	CHECK(holds("new/one", "1") && holds("new/two", "2"));
	CHECK(pl_test_entries("new") == 2);
}

static void old_files_are_replaced_and_others_left(void)
{
	put_file("new/one", "old");
	put_file("new/other", "mine");
	CHECK(pl_outdir_commit(begin("new", "3", "4"), NULL) == PL_OK);
	CHECK(holds("new/one", "3") && holds("new/two", "4") && holds("new/other", "mine"));
	CHECK(pl_test_entries("new") == 3);
}

static void what_is_abandoned_leaves_no_trace(void)
{
	pl_outdir_abandon(begin("new", "5", "6"));
	CHECK(holds("new/one", "3") && holds("new/two", "4") && pl_test_entries("new") == 3);
	pl_outdir_abandon(begin("made", "5", "6"));
	CHECK(access("made", F_OK) != 0);
	pl_outdir_abandon(NULL);
}

/* The second rename fails: a folder stands in its place. The first is undone. */
static void a_rename_that_fails_undoes_those_before_it(void)
{
	pl_error err;
	mkdir("half", 0777);
	mkdir("half/two", 0777);
	put_file("half/one", "old");
	CHECK(pl_outdir_commit(begin("half", "new", "new"), &err) == PL_EIO);
	CHECK(strstr(err.msg, "half/two") != NULL);
	CHECK(holds("half/one", "old") && pl_test_entries("half") == 2);
	unlink("half/one");
	CHECK(pl_outdir_commit(begin("half", "new", "new"), &err) == PL_EIO);
	CHECK(pl_test_entries("half") == 1);
}

/* A limit on the size of files stands in for a full disk. */
static void a_full_disk_changes_nothing(void)
{
	pl_error err = {0};
	char big[1 << 14];
	const struct rlimit small = {4096, RLIM_INFINITY};
	struct rlimit before;
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	setrlimit(RLIMIT_FSIZE, &small);
	CHECK(pl_outdir_commit(begin("new", "7", big), &err) == PL_EIO);
	CHECK(strstr(err.msg, "new/two") != NULL);
	CHECK(holds("new/one", "3") && holds("new/two", "4") && pl_test_entries("new") == 3);
	CHECK(pl_outdir_commit(begin("made", big, big), &err) == PL_EIO);
	CHECK(access("made", F_OK) != 0);
	setrlimit(RLIMIT_FSIZE, &before);
}

static void a_place_where_nothing_can_be_written_is_told(void)
{
	pl_outdir *o;
	pl_error err = {0};
	CHECK(pl_outdir_open(&o, "no/such/parent", &err) == PL_ENOTFOUND && o == NULL);
	CHECK(strstr(err.msg, "no/such/parent") != NULL);
	CHECK(pl_outdir_open(&o, "new/one", &err) == PL_EIO && o == NULL);
	CHECK(strstr(err.msg, "not a folder") != NULL);
}

static void files_that_a_crash_left_behind_do_no_harm(void)
{
	put_file("new/.one.part0", "left");
	put_file("new/.one.old0", "left");
	CHECK(pl_outdir_commit(begin("new", "8", "9"), NULL) == PL_OK);
	CHECK(holds("new/one", "8") && holds("new/two", "9"));
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	const int64_t alive = pl_alloc_alive;
	pl_status status = PL_ENOMEM;
	for (int64_t grants = 0; grants < 50 && status != PL_OK; grants++) {
		pl_outdir *o;
		pl_alloc_grants = grants;
		status = pl_outdir_open(&o, "fault", NULL);
		if (status == PL_OK && pl_outdir_file(o, "one", NULL) == NULL)
			status = PL_ENOMEM;
		pl_alloc_grants = -1;
		pl_outdir_abandon(o);
		CHECK(pl_alloc_alive == alive);
		CHECK(access("fault", F_OK) != 0);
	}
	CHECK(status == PL_OK);
#endif
}

int main(void)
{
	if (mkdtemp(root) == NULL || chdir(root) != 0) return 1;
	RUN(all_files_appear_at_the_commit_and_none_before);
	RUN(old_files_are_replaced_and_others_left);
	RUN(what_is_abandoned_leaves_no_trace);
	RUN(a_rename_that_fails_undoes_those_before_it);
	RUN(a_full_disk_changes_nothing);
	RUN(a_place_where_nothing_can_be_written_is_told);
	RUN(files_that_a_crash_left_behind_do_no_harm);
	RUN(every_allocation_may_fail);
	char command[64];
	snprintf(command, sizeof command, "rm -rf ../%s", root);
	return system(command) != 0 || pl_test_failed;
}
