/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* finish.h - the steps that make a model from a builder. Each gives false when memory is
 * short; what is wrong with the economy is a fault, told and counted, and the step goes on. */
#ifndef PL_MODEL_FINISH_H
#define PL_MODEL_FINISH_H
#include "model/builder.h"
#include "model/snapshot.h"

typedef struct {
	pl_builder *b;
	pl_snapshot *s;
	pl_report report; ///< or NULL
	void *self;
	pl_error *err; ///< tells the first fault
	int64_t n_faults;
} pl_finishing;

__attribute__((format(printf, 4, 5))) void pl_fault(pl_finishing *f, pl_table table,
                                                    int64_t row, const char *fmt, ...);

/// Columns of goods, communities and councils.
bool pl_finish_tables(pl_finishing *f);
/// Links by council, rows with the same good and role added (links.c).
bool pl_finish_links(pl_finishing *f);
/// The tree of communities (whole.c).
bool pl_check_communities(pl_finishing *f);
/// Goods that are asked for, but that nobody makes or holds (whole.c). Before pl_finish_links:
/// the rows must still be in the order of the calls.
bool pl_check_goods(pl_finishing *f);
/// Councils and their links together (whole.c).
void pl_check_councils(pl_finishing *f);
#endif
