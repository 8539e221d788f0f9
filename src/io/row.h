/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* row.h - what the writers of tables share. */
#ifndef PL_IO_ROW_H
#define PL_IO_ROW_H
#include <plenum/model.h>
#include <stdio.h>

/// A row of a table being written; begin with {to, false}. Faults show in ferror(to).
typedef struct {
	FILE *to;
	bool begun;
} pl_row;
void pl_row_text(pl_row *row, const char *text);
void pl_row_safe(pl_row *row, const char *text); ///< as pl_csv_put_safe
void pl_row_number(pl_row *row, double x);       ///< empty where it is not finite
void pl_row_whole(pl_row *row, int64_t x);
void pl_row_end(pl_row *row);

/// Links in the order of uses.csv, each with its council.
typedef struct {
	int64_t n; ///< how many went before
	int64_t link;
	int32_t council;
} pl_link_walk;
pl_link_walk pl_link_first(const pl_model *m); ///< walk.n < m->n_links, or there is none
void pl_link_next(pl_link_walk *walk, const pl_model *m);

/// Is there a file of this name in the folder?
bool pl_folder_holds(const char *folder, const char *file);
#endif
