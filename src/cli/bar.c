/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/bar.h"

#include "base/elementary.h"
#include "cli/stop.h"
#include "cli/terminal.h"

#include <math.h>
#include <time.h>

static const double patience = 0.3; /* seconds before a bar appears: shorter is a flicker */
static const double pause = 0.1;    /* seconds between two drawings */
enum { CELLS = 16, GOOD_COLUMNS = 14 };

double pl_bar_clock(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

pl_bar pl_bar_begin(FILE *to, bool wanted, const pl_model *m, double tolerance)
{
	return (pl_bar){.to = wanted && pl_term_smart(to) ? to : NULL,
	                .m = m,
	                .tolerance = tolerance,
	                .begun = pl_bar_clock()};
}

/// Share of the way from the worst imbalance seen to the tolerance, in orders of magnitude.
static double share_done(const pl_bar *b, double imbalance)
{
	if (imbalance <= b->tolerance) return 1;
	if (!(b->worst > b->tolerance) || imbalance >= b->worst) return 0;
	return pl_log(b->worst / imbalance) / pl_log(b->worst / b->tolerance);
}

static void put_cells(char cells[CELLS + 1], double share)
{
	const int full = (int)(share * CELLS);
	for (int i = 0; i < CELLS; i++) cells[i] = i < full ? '#' : '.';
	cells[CELLS] = '\0';
}

/// Is it time to draw? Then it counts as drawn.
static bool is_due(pl_bar *b)
{
	const double t = pl_bar_clock();
	if (b->to == NULL || t - b->begun < patience || t - b->drawn < pause) return false;
	b->drawn = t;
	b->visible = true;
	return true;
}

static void draw(const pl_bar *b, const pl_progress *now, double seconds)
{
	char cells[CELLS + 1], sweeps[PL_HUMAN_CHARS], off[PL_HUMAN_CHARS];
	put_cells(cells, share_done(b, now->worst_imbalance));
	fputs("\r\033[K", b->to);
	pl_text_cell(b->to, now->phase, 10, false);
	fprintf(b->to, " [%s] step %lld, %s sweeps", cells, (long long)now->step,
	        pl_human(sweeps, (double)now->sweeps));
	if (now->worst_good >= 0) {
		const char *id = pl_text_at(b->m->good.id, now->worst_good);
		const int width = pl_text_width(id);
		fputs(", ", b->to);
		pl_text_cell(b->to, id, width < GOOD_COLUMNS ? width : GOOD_COLUMNS, false);
		fprintf(b->to, " off %s", pl_human_share(off, now->worst_imbalance, false));
	}
	fprintf(b->to, ", %.1f s", seconds);
	(void)fflush(b->to);
}

bool pl_bar_watch(void *bar, const pl_progress *now)
{
	pl_bar *b = bar;
	if (now->worst_imbalance > b->worst) b->worst = now->worst_imbalance;
	if (is_due(b)) draw(b, now, b->drawn - b->begun);
	return !pl_stop_asked();
}

void pl_bar_count(pl_bar *b, const char *what, int64_t done, int64_t all)
{
	char cells[CELLS + 1];
	if (!is_due(b)) return;
	put_cells(cells, (double)done / (double)(all > 0 ? all : 1));
	fprintf(b->to, "\r\033[K%s [%s] %lld of %lld, %.1f s", what, cells, (long long)done,
	        (long long)all, b->drawn - b->begun);
	(void)fflush(b->to);
}

void pl_bar_points(pl_bar *b, const char *what, double points)
{
	if (!is_due(b)) return;
	fprintf(b->to, "\r\033[K%s", what);
	if (isfinite(points)) fprintf(b->to, ", at most %.2f points from the mean now", points);
	fprintf(b->to, ", %.1f s", b->drawn - b->begun);
	(void)fflush(b->to);
}

void pl_bar_end(pl_bar *bar)
{
	if (!bar->visible) return;
	fputs("\r\033[K", bar->to);
	(void)fflush(bar->to);
	bar->visible = false;
}
