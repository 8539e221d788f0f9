/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* parts.h - an export being written, shared by the files of this room. */
#ifndef PL_EXPORT_PARTS_H
#define PL_EXPORT_PARTS_H
#include "base/text.h"
#include "export/export.h"
#include "io/zip.h"

#include <jansson.h>

/// Numbers of rows. Begin with {0}; free with pl_free(at).
typedef struct {
	int64_t *at, n, room;
	bool failed; ///< no memory for one of them
} pl_numbers;

typedef struct {
	pl_store *store, *scratch;
	pl_export_choice choice;
	pl_zip *zip;
	pl_export_watch watch;
	void *with;
	bool stopped;
	int64_t events, time; ///< of the record: how many; seconds, of the last
	char head[PL_HASH_CHARS];
	pl_numbers closed;             ///< votes whose ballots are published
	pl_numbers apart;              ///< events with texts of the person, rising
	int64_t rows[PL_STATE_TABLES]; ///< written
	int64_t events_written, rounds_written;
	pl_bytes left_out; ///< rounds that no table can hold, a line each
} pl_exporting;

/// Tell how far it is. @return false: stop; x->stopped then says so
bool pl_export_go_on(pl_exporting *x, const char *what, int64_t done, int64_t all);
/// @return PL_OK, PL_ESTOPPED
pl_status pl_export_stopped(const pl_exporting *x, pl_error *err);

/// Is the table part of this export; is the column? Columns that can be erased are left out
/// where texts were not asked for.
bool pl_export_has_table(const pl_export_choice *c, int table);
bool pl_export_has_part(const pl_export_choice *c, pl_cell_part part);

/* ---- who is named (named.c) ---- */

/// Can a row of this table name a person?
bool pl_export_may_name(int table);
bool pl_export_row_names(int table, const pl_state_row *row, int64_t person);
/// Does the event name the person, as who acts, or in a field, or hold the person's texts?
/// @param[in,out] apart events with the person's texts, of which those before were met
/// @return PL_OK; PL_EPARSE, PL_ENOMEM
pl_status pl_export_event_names(bool *names, bool *texts, const pl_event *e,
                                const pl_exporting *x, pl_error *err);

/* ---- files of the zip ---- */

pl_status pl_export_tables(pl_exporting *x, pl_error *err);
pl_status pl_export_events(pl_exporting *x, pl_error *err);
pl_status pl_export_rounds(pl_exporting *x, pl_error *err);
pl_status pl_export_columns(pl_exporting *x, pl_error *err);
pl_status pl_export_readme(pl_exporting *x, pl_error *err);
/// "2026-11-22T09:30:00Z"; "" where a calendar has no such day. @return out
enum { PL_EXPORT_TIME = 48 };
const char *pl_export_time(char out[PL_EXPORT_TIME], int64_t seconds);
#endif
