/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* app_files.h - the built files of web/, carried inside the program; made by cmake/embed.cmake.
 */
#ifndef PL_SERVER_APP_FILES_H
#define PL_SERVER_APP_FILES_H
#include <stdint.h>

typedef struct {
	const char *name; ///< as an address below /app/; NAME.gz is the same file, compressed
	const unsigned char *at;
	int64_t n; ///< bytes
} pl_app_file;

extern const pl_app_file pl_app_files[]; ///< [pl_app_files_n]
extern const int32_t pl_app_files_n;     ///< 0: this build has no member app
#endif
