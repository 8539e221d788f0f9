/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_occupations.c - scores to start from, for tasks that name an occupation: a table of what
 * work gives those who do it, as O*NET publishes it (onet_soc and six work values, 1 to 7).
 *
 * Empowerment is the mean of achievement, independence and recognition, desirability that of
 * relationships, support and working conditions; 1 .. 7 is stretched to 1 .. 20. The index is
 * ours. A code without its last part, 43-3031, is the mean of all that begin with it. */
#include "base/alloc.h"
#include "base/grow.h"
#include "io/work_read.h"

#include <math.h>
#include <string.h>

enum { O_CODE, O_FIRST, O_VALUES = 6, O_COLUMNS = O_FIRST + O_VALUES };
static const pl_column columns[O_COLUMNS] = {{"onet_soc", true},          {"Achievement", true},
                                             {"Independence", true},      {"Recognition", true},
                                             {"Relationships", true},     {"Support", true},
                                             {"Working Conditions", true}};
static const double extent_most = 7;

typedef struct {
	double sum[PL_WORK_SCORES];
	int32_t n;
	bool refused; ///< a row of it has a fault already
} found;

/// Does a task's occupation mean this code?
static bool means(const char *occupation, const char *code)
{
	const size_t n = strlen(occupation);
	return n > 0 && strncmp(code, occupation, n) == 0 &&
	       (code[n] == '\0' || code[n] == '.');
}

static bool index_of(double out[PL_WORK_SCORES], pl_reader *t)
{
	for (int s = 0; s < PL_WORK_SCORES; s++) {
		out[s] = 0;
		for (int i = 0; i < O_VALUES / PL_WORK_SCORES; i++) {
			const int column = O_FIRST + s * O_VALUES / PL_WORK_SCORES + i;
			const double x = pl_table_number(t, column);
			if (!(x >= 1 && x <= extent_most))
				pl_table_fault(t, "%s goes from 1 to 7", columns[column].name);
			out[s] += x * PL_WORK_SCORES / O_VALUES;
		}
	}
	return !t->row_bad;
}

static double stretched(double extent)
{
	return 1 + 19 * (extent - 1) / (extent_most - 1);
}

static void fault_unknown(pl_work_reading *r, int32_t task, const char *path)
{
	char code[PL_BRIEF_CHARS];
	if (pl_faults_add(r->faults, "tasks.csv:%lld: occupation \"%s\" is not in %s",
	                  (long long)pl_lines_at(&r->task_line, task),
	                  pl_text_brief(code, pl_work_occupation(r, task)), path) != PL_OK)
		(void)pl_work_lack(r);
}

/// A task without a score that was to come from here is one fault, not three (io-4): it gets
/// the least one, which nobody will see.
static void fill(double *score, const found *f, int s)
{
	if (isnan(*score)) *score = f->n > 0 ? stretched(f->sum[s] / f->n) : 1;
}

static void take_up(pl_work_reading *r, const found *all, bool read, const char *path)
{
	for (int32_t t = 0; t < r->f->tasks.n && r->status == PL_OK; t++) {
		const found *f = &all[t];
		if (*pl_work_occupation(r, t) == '\0') continue;
		if (f->n == 0 && !f->refused && read) fault_unknown(r, t, path);
		fill(&r->empowerment[t], f, PL_WORK_EMPOWERMENT);
		fill(&r->desirability[t], f, PL_WORK_DESIRABILITY);
	}
}

static void add_row(pl_work_reading *r, found *all, const char *code, const double *index)
{
	for (int32_t t = 0; t < r->f->tasks.n; t++) {
		if (!means(pl_work_occupation(r, t), code)) continue;
		all[t].refused |= index == NULL;
		if (index == NULL) continue;
		for (int s = 0; s < PL_WORK_SCORES; s++) all[t].sum[s] += index[s];
		all[t].n++;
	}
}

void pl_work_read_occupations(pl_work_reading *r, const char *path)
{
	const pl_table_kind kind = {
	        .file = path, .column = columns, .n = O_COLUMNS, .others = true};
	found *all = pl_alloc(r->f->tasks.n, sizeof *all);
	pl_reader t;
	if (all == NULL) {
		(void)pl_work_lack(r);
		return;
	}
	pl_table_open_path(&t, &kind, path, r->faults);
	while (pl_table_next(&t)) {
		double index[PL_WORK_SCORES];
		const char *code = pl_table_needed(&t, O_CODE);
		add_row(r, all, code, index_of(index, &t) ? index : NULL);
	}
	pl_table_close(&t);
	if (t.status != PL_OK) r->status = t.status;
	if (r->status == PL_OK) take_up(r, all, t.there && !t.broken, path);
	pl_free(all);
}
