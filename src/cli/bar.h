/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* bar.h - the progress bar: a watcher of a plan that draws one line on a terminal. */
#ifndef PL_CLI_BAR_H
#define PL_CLI_BAR_H
#include <plenum/plan.h>
#include <stdio.h>

/// A bar; begin with pl_bar_begin. It only reads what it watches.
typedef struct {
	FILE *to; ///< NULL: draws nothing
	const pl_model *m;
	double tolerance;    ///< imbalance at which the bar is full
	double worst;        ///< imbalance at which it is empty: the largest so far
	double begun, drawn; ///< seconds
	bool visible;
} pl_bar;

/// Seconds since some fixed moment, for durations.
double pl_bar_clock(void);

/// @param to stream to draw on; nothing is drawn unless it is a terminal and @p wanted
pl_bar pl_bar_begin(FILE *to, bool wanted, const pl_model *m, double tolerance);
/// pl_watch: draws at most ten times a second, from 0.3 s on. @return false after Ctrl-C
bool pl_bar_watch(void *bar, const pl_progress *now);
/// The same for a count of things of one kind, for a bar without a model.
void pl_bar_count(pl_bar *bar, const char *what, int64_t done, int64_t all);
/// The same for what is looked for, and how far it is from what is sought, in points; NAN:
/// unknown.
void pl_bar_points(pl_bar *bar, const char *what, double points);
/// Wipe the line.
void pl_bar_end(pl_bar *bar);
#endif
