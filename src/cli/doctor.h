/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* doctor.h - what plenum doctor looks at, a finding each. */
#ifndef PL_CLI_DOCTOR_H
#define PL_CLI_DOCTOR_H
#include "app/app.h"

enum { PL_FINDINGS_MOST = 32, PL_FINDING_CHARS = 512 };

/// A thing looked at: is it well, and what is to be done where it is not.
typedef struct {
	const char *what;
	bool good;
	char said[PL_FINDING_CHARS];
} pl_finding;

typedef struct {
	const char *record;       ///< its address
	int64_t now;              ///< seconds since 1970
	char head[PL_HASH_CHARS]; ///< "" where there is none
	pl_finding at[PL_FINDINGS_MOST];
	int n;
} pl_diagnosis;

/// Add a finding.
void pl_doctor_say(pl_diagnosis *d, const char *what, bool good, const char *fmt, ...)
        __attribute__((format(printf, 4, 5)));
/// A day as 2026-11-22, in UTC.
enum { PL_DAY_CHARS = 16 };
const char *pl_doctor_day(char out[PL_DAY_CHARS], int64_t time);

/// The file, its key, the disk. Nothing is opened that a database has open: closing it would
/// give up the database's locks.
void pl_doctor_machine(pl_diagnosis *d, pl_store *store);
/// Tables, chain, clock, tasks, votes, backups, in a transaction that reads.
/// @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_doctor_record(pl_diagnosis *d, pl_store *store, pl_error *err);
#endif
