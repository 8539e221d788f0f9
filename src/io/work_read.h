/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_read.h - what the readers of a workplace's tables share. Hours are kept to the
 * thousandth (io-5: what is finer is refused, as it would not be read back). */
#ifndef PL_IO_WORK_READ_H
#define PL_IO_WORK_READ_H
#include "io/table.h"
#include "io/work_files.h"

/// A row of skills.csv or last.csv.
typedef struct {
	int32_t person;
	pl_work_skill skill;
	int64_t line; ///< 0: added up from history.csv
	bool of_last;
} pl_work_pair;

/// A row of ratings.csv.
typedef struct {
	int32_t person, task;
	int32_t tenths[PL_WORK_SCORES]; ///< 0: none given
	int64_t line;
} pl_work_rated;

/// Tables being read. What is about to be the workplace is borrowed by it at the end.
typedef struct {
	pl_work_files *f;
	pl_faults *faults;
	pl_ids people, tasks;
	pl_lines person_line, task_line;
	int64_t room_people, room_tasks, room_pairs, room_needs, room_did, room_voice,
	        room_places, room_swaps, room_pay;
	int64_t *hours, *learning;
	int64_t *need, *block, *learn;
	double *empowerment, *desirability;
	bool *decisive;
	bool some_decisive; ///< tasks.csv says of some task whether it is
	int64_t *wish;      ///< [n_tasks] offsets in text of what was written under needs
	int64_t *needs_start, *skill_start;
	int32_t *needs;
	pl_work_skill *skill;
	pl_work_pair *pair;
	int64_t n_pairs;
	pl_work_did *did;
	pl_work_voice *voice;
	int64_t *occupation; ///< [n_tasks] offsets in text
	pl_work_rated *rated;
	int64_t n_rated, room_rated;
	pl_comparison *said[PL_WORK_SCORES];
	int64_t n_said[PL_WORK_SCORES], room_said[PL_WORK_SCORES];
	int64_t history_hours; ///< all of history.csv
	bool last_there;       ///< last.csv
	pl_status status;
} pl_work_reading;

/// Note that memory is short. @return false
bool pl_work_lack(pl_work_reading *r);
/// Make an array longer. @param array points to the array @return false: no memory
bool pl_work_longer(void *array, int64_t used, int64_t room, size_t size);
/// Read a table row by row. @param ids of its rows, or NULL @return whether the file is there
bool pl_work_table(pl_work_reading *r, const pl_table_kind *kind, const pl_source *from,
                   pl_ids *ids, void (*row)(pl_work_reading *, pl_reader *));

/* Cells. Each adds a fault where it must. */
/// Hours in thousandths. @param other where the cell is empty @return 0 after a fault
int64_t pl_work_cell_hours(pl_reader *t, int column, int64_t other);
int64_t pl_work_cell_hours_needed(pl_reader *t, int column);
double pl_work_cell_points(pl_reader *t, int column, bool must); ///< 1 .. 20, or NaN

/// What a task has under occupation, "" where nothing.
const char *pl_work_occupation(const pl_work_reading *r, int32_t task);
/// Scores to start from, of tasks that name an occupation and lack them.
void pl_work_read_occupations(pl_work_reading *r, const char *path);
/* ratings.csv or pairs.csv: scores of tasks by what members say. */
void pl_work_read_ratings(pl_work_reading *r, const pl_source *from);

void pl_work_read_places(pl_work_reading *r, const pl_source *from); ///< workplaces.csv

void pl_work_read_days(pl_work_reading *r, const pl_source *from); ///< leave.csv, swaps.csv

void pl_work_read_pay(pl_work_reading *r, const char *path); ///< a payroll

/* skills.csv, last.csv; then one row for each person and task, what both say in it. */
void pl_work_read_skills(pl_work_reading *r, const pl_source *from);
void pl_work_add_pair(pl_work_reading *r, const pl_work_pair *p);
void pl_work_join_pairs(pl_work_reading *r);

/* history.csv and voice.csv; where last.csv is missing, the last period stands for it. */
void pl_work_read_history(pl_work_reading *r, const pl_source *from);
#endif
