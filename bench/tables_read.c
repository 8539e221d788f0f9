/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* tables_read.c - what bench/tables times: `cells FILE` reads a table cell by cell, `economy
 * FOLDER` an economy into a model, `write FOLDER DEST` writes it again. It prints one JSON
 * object: counts, seconds, and the peak of memory in bytes. */
#include "io/csv.h"
#include "io/economy.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(clockid_t clock)
{
	struct timespec t;
	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int complain(const pl_error *err)
{
	fprintf(stderr, "%s\n", err->msg);
	return 1;
}

/* Every cell is asked for, as a program does that uses them. */
static pl_status read_cells(int64_t *rows, int64_t *bytes, const char *path, pl_error *err)
{
	pl_csv *c;
	bool got = true;
	pl_status status = pl_csv_open(&c, path, path, err);
	const int32_t columns = status == PL_OK ? pl_csv_columns(c) : 0;
	while (status == PL_OK && got) {
		status = pl_csv_next(&got, c, err);
		if (status != PL_OK || !got) break;
		++*rows;
		for (int32_t k = 0; k < columns; k++)
			*bytes += (unsigned char)pl_csv_cell(c, k)[0];
	}
	pl_csv_close(c);
	return status;
}

/* The most memory of this program; that of getrusage() may be its parent's, before it became
 * this program. */
static long long peak_bytes(void)
{
	char line[256];
	long long kib = 0;
	FILE *f = fopen("/proc/self/status", "r");
	if (f == NULL) return 0;
	while (fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0) kib = strtoll(line + 6, NULL, 10);
	(void)fclose(f);
	return kib * 1024;
}

static void print(int64_t rows, double wall, double cpu)
{
	printf("{\"rows\": %lld, \"wall\": %.6f, \"cpu\": %.6f, \"peak_bytes\": %lld}\n",
	       (long long)rows, now(CLOCK_MONOTONIC) - wall,
	       now(CLOCK_PROCESS_CPUTIME_ID) - cpu, peak_bytes());
}

int main(int argc, char **argv)
{
	pl_error err = {0};
	const double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	if (argc == 3 && strcmp(argv[1], "cells") == 0) {
		int64_t rows = 0, bytes = 0;
		if (read_cells(&rows, &bytes, argv[2], &err) != PL_OK) return complain(&err);
		print(rows, wall, cpu);
		return bytes == 0;
	}
	const bool write = argc == 4 && strcmp(argv[1], "write") == 0;
	if (!write && (argc != 3 || strcmp(argv[1], "economy") != 0)) {
		fputs("usage: tables_read cells FILE | economy FOLDER | write FOLDER DEST\n",
		      stderr);
		return 2;
	}
	pl_model *m;
	pl_settings settings = pl_settings_preset();
	if (pl_economy_read(&m, &settings, argv[2], NULL, &err) != PL_OK) return complain(&err);
	const double wall_read = now(CLOCK_MONOTONIC), cpu_read = now(CLOCK_PROCESS_CPUTIME_ID);
	if (write && pl_economy_write(m, NULL, argv[3], &err) != PL_OK) return complain(&err);
	print(m->n_links, write ? wall_read : wall, write ? cpu_read : cpu);
	pl_model_free(m);
	return 0;
}
