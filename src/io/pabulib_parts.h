/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pabulib_parts.h - what the files of the reader and writer of Pabulib files share. */
#ifndef PL_IO_PABULIB_PARTS_H
#define PL_IO_PABULIB_PARTS_H
#include "io/pabulib.h"

#include "base/names.h"
#include "base/text.h"
#include "io/csv.h"

typedef enum { PL_PB_META, PL_PB_PROJECTS, PL_PB_VOTES, PL_PB_SECTIONS } pl_pb_section;

typedef enum {
	PL_PB_APPROVAL,
	PL_PB_CHOOSE_1,
	PL_PB_CUMULATIVE,
	PL_PB_SCORING,
	PL_PB_ORDINAL,
	PL_PB_TYPES
} pl_pb_type;

/// Of META.
typedef enum {
	PL_PB_DESCRIPTION,
	PL_PB_UNIT,
	PL_PB_INSTANCE,
	PL_PB_BUDGET,
	PL_PB_VOTE_TYPE,
	PL_PB_NUM_PROJECTS,
	PL_PB_NUM_VOTES,
	PL_PB_MAX_LENGTH,
	PL_PB_KEYS
} pl_pb_key;

/// Where a section's table lies.
typedef struct {
	const char *from;
	size_t n;
	int64_t line; ///< of its header; 0: no such section
} pl_pb_part;

/// A value of META.
typedef struct {
	int64_t text; ///< offset in reader.text
	int64_t line; ///< 0: not there
} pl_pb_value;

/// digits * 10^-decimals, decimals as few as will do.
typedef struct {
	int64_t digits;
	int32_t decimals;
} pl_pb_amount;

typedef struct {
	const char *shown;
	pl_pb_part part[PL_PB_SECTIONS];
	pl_arena text;
	pl_pb_value meta[PL_PB_KEYS];
	pl_pb_type type;
	pl_pb_amount budget;
	int32_t decimals;            ///< that every amount needs
	int64_t n_projects, n_votes; ///< as META says; -1: it does not
	pl_names voters;
	pl_bytes vote, points; ///< of the row being read, cut at the commas
	pl_election_draft *draft;
} pl_pb_reader;

/// Refuse the file. @param line 0: none
__attribute__((format(printf, 4, 5))) pl_status
pl_pb_refuse(const pl_pb_reader *r, pl_error *err, int64_t line, const char *format, ...);
pl_status pl_pb_no_memory(const pl_pb_reader *r, pl_error *err);
/// Put the file and line before what the election says of itself.
pl_status pl_pb_place(const pl_pb_reader *r, int64_t line, const pl_error *told, pl_error *err);

/* ---- pabulib_section.c ---- */

/// The section that a line names, alone but for spaces and semicolons, or PL_PB_SECTIONS.
pl_pb_section pl_pb_named(const char *line, size_t n);
/// Note where each section lies. @param at [n] the file
pl_status pl_pb_find_sections(pl_pb_reader *r, const char *at, size_t n, pl_error *err);
/// @param at [columns] where those that were asked for stand
typedef pl_status pl_pb_each_row(pl_pb_reader *r, const pl_csv *c, const int32_t *at,
                                 pl_error *err);
/// Read the table of a section row by row.
/// @param columns that it needs, at most 4, ended by NULL
/// @param stated how many rows META says there are, -1: it does not
pl_status pl_pb_read_rows(pl_pb_reader *r, pl_pb_section s, const char *const *columns,
                          int64_t stated, pl_pb_each_row *take, pl_error *err);

/* ---- pabulib_number.c ---- */

/// Read an amount such as 1250, 1250.50 or 1250,5. @return the end of a sentence that tells
/// what is wrong; NULL where nothing is
const char *pl_pb_read_amount(pl_pb_amount *out, const char *text);
/// The amount in units of 10^-decimals. @return false: too large
bool pl_pb_in_units(int64_t *out, pl_pb_amount a, int32_t decimals);
bool pl_pb_read_whole(int32_t *out, const char *text);

/* ---- pabulib_meta.c ---- */

pl_status pl_pb_read_meta(pl_pb_reader *r, pl_error *err);
/// Begin the election that META tells of, once every cost was seen.
pl_status pl_pb_begin_draft(pl_pb_reader *r, pl_error *err);
#endif
