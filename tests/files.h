/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* files.h - what tests ask of the files that something wrote. */
#ifndef PL_TESTS_FILES_H
#define PL_TESTS_FILES_H
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>

/// How many files and folders there are in a folder, hidden ones too; -1: no such folder.
static inline int pl_test_entries(const char *path)
{
	int n = 0;
	DIR *d = opendir(path);
	if (d == NULL) return -1;
	while (readdir(d) != NULL) n++;
	closedir(d);
	return n - 2;
}

/// Do both files exist, and hold the same?
static inline bool pl_test_same_bytes(const char *one, const char *other)
{
	FILE *a = fopen(one, "rb"), *b = fopen(other, "rb");
	int x = 0, y = 1;
	if (a != NULL && b != NULL) do {
			x = getc(a);
			y = getc(b);
		} while (x == y && x != EOF);
	if (a != NULL) (void)fclose(a);
	if (b != NULL) (void)fclose(b);
	return x == y;
}
#endif
