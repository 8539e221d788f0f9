/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/place.h"

#include "tests/pl_test.h"

#include <sys/stat.h>
#include <unistd.h>

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static bool holds(const char *path, const char *text)
{
	char got[64] = "";
	FILE *f = fopen(path, "r");
	if (f == NULL) return false;
	(void)!fread(got, 1, sizeof got - 1, f);
	(void)fclose(f);
	return strcmp(got, text) == 0;
}

static void a_file_appears_whole_and_what_it_was_made_of_is_gone(void)
{
	char part[64];
	struct stat s;
	CHECK(pl_place_begin(part, sizeof part, "new", NULL) == PL_OK);
	CHECK(access("new", F_OK) != 0 && stat(part, &s) == 0 && (s.st_mode & 0777) == 0600);
	write_file(part, "all of it");
	CHECK(pl_place_end(part, "new", NULL) == PL_OK);
	CHECK(holds("new", "all of it") && access(part, F_OK) != 0);
	(void)unlink("new");
}

static void a_file_that_is_there_is_never_replaced(void)
{
	char part[64];
	pl_error err;
	write_file("old", "mine");
	CHECK(pl_place_begin(part, sizeof part, "old", NULL) == PL_OK);
	write_file(part, "yours");
	CHECK(pl_place_end(part, "old", &err) == PL_ECONFLICT);
	CHECK(strstr(err.msg, "old is there already") != NULL);
	CHECK(holds("old", "mine") && holds(part, "yours"));
	(void)unlink("old");
	(void)unlink(part);
}

static void a_folder_that_is_not_there_and_a_name_too_long_are_told(void)
{
	char part[16];
	pl_error err;
	CHECK(pl_place_begin(part, sizeof part, "a/b", &err) == PL_EIO);
	CHECK(strstr(err.msg, "a/b cannot be written") != NULL);
	CHECK(pl_place_begin(part, sizeof part, "abcdef", &err) == PL_EARG);
	CHECK(pl_place_end("none", "new", NULL) == PL_EIO && access("new", F_OK) != 0);
}

int main(void)
{
	char folder[] = "/tmp/plenum-place-XXXXXX";
	if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
	RUN(a_file_appears_whole_and_what_it_was_made_of_is_gone);
	RUN(a_file_that_is_there_is_never_replaced);
	RUN(a_folder_that_is_not_there_and_a_name_too_long_are_told);
	if (chdir("/") != 0 || rmdir(folder) != 0) return 1;
	return pl_test_failed;
}
