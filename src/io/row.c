/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/row.h"

#include "base/text.h"
#include "io/csv.h"

#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

static void begin_cell(pl_row *row)
{
	if (row->begun) (void)putc_unlocked(',', row->to);
	row->begun = true;
}

void pl_row_text(pl_row *row, const char *text)
{
	begin_cell(row);
	pl_csv_put(row->to, text);
}

void pl_row_safe(pl_row *row, const char *text)
{
	begin_cell(row);
	pl_csv_put_safe(row->to, text);
}

void pl_row_whole(pl_row *row, int64_t x)
{
	begin_cell(row);
	fprintf(row->to, "%" PRId64, x);
}

void pl_row_number(pl_row *row, double x)
{
	char text[PL_NUMBER_CHARS];
	begin_cell(row);
	if (isfinite(x)) pl_csv_put_bare(row->to, pl_number_print(text, x + 0.0)); /* -0 is 0 */
}

void pl_row_end(pl_row *row)
{
	(void)putc_unlocked('\n', row->to);
	row->begun = false;
}

/* The council whose links hold link k. */
static int32_t council_of(const pl_model *m, int64_t k)
{
	int32_t low = 0, high = m->n_councils;
	while (high - low > 1) {
		const int32_t mid = low + (high - low) / 2;
		if (m->link.start[mid] <= k)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static void look(pl_link_walk *walk, const pl_model *m)
{
	if (walk->n >= m->n_links) return;
	walk->link = m->link.row != NULL ? m->link.row[walk->n] : walk->n;
	const int32_t i = walk->council;
	const int64_t *start = m->link.start;
	if (walk->link < start[i] || walk->link >= start[i + 1])
		walk->council = council_of(m, walk->link);
}

pl_link_walk pl_link_first(const pl_model *m)
{
	pl_link_walk walk = {0, 0, 0};
	look(&walk, m);
	return walk;
}

void pl_link_next(pl_link_walk *walk, const pl_model *m)
{
	walk->n++;
	look(walk, m);
}

bool pl_folder_holds(const char *folder, const char *file)
{
	struct stat there;
	const int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) return false;
	const bool holds = fstatat(dir, file, &there, AT_SYMLINK_NOFOLLOW) == 0;
	(void)close(dir);
	return holds;
}
