/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* reviewed.h - a page that a program prints and people have read: it must not change unseen. */
#ifndef PL_CONFORMANCE_REVIEWED_H
#define PL_CONFORMANCE_REVIEWED_H
#include "tests/pl_test.h"

/// Compare line by line, and tell each that differs. @return has a check failed?
static inline int pl_reviewed_compare(const char *now, const char *path, const char *who)
{
	char *line = NULL;
	size_t room = 0;
	FILE *reviewed = fopen(path, "r");
	CHECK(reviewed != NULL);
	for (int number = 1; reviewed != NULL && getline(&line, &room, reviewed) > 0;
	     number++) {
		const size_t size = strlen(line);
		if (strncmp(now, line, size) != 0) {
			fprintf(stderr, "%s:%d: %s:\n  %s", path, number, who, line);
			pl_test_failed = 1;
		}
		const char *end = strchr(now, '\n');
		now = end == NULL ? now + strlen(now) : end + 1;
	}
	CHECK(*now == '\0');
	free(line);
	if (reviewed != NULL) (void)fclose(reviewed);
	return pl_test_failed;
}

/// Print the page, or with its path compare it. @param who says what it does not
/// @return exit code of the program
static inline int pl_reviewed(int argc, char *const *argv, void (*print)(FILE *to),
                              const char *who)
{
	char *now = NULL;
	size_t n = 0;
	if (argc < 2) {
		print(stdout);
		return 0;
	}
	FILE *to = open_memstream(&now, &n);
	if (to == NULL) return 1;
	print(to);
	(void)fclose(to);
	const int failed = pl_reviewed_compare(now, argv[1], who);
	free(now);
	return failed;
}
#endif
