/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* votes.h - elections in files: Pabulib, PrefLib and spreadsheets.
 *
 * A fault is one sentence that begins "FILE:LINE: ", or "FILE: " where no line is at fault. */
#ifndef PL_IO_VOTES_H
#define PL_IO_VOTES_H
#include "base/names.h"

#include <plenum/vote.h>
#include <stdio.h>

/// By the end of a file's name; capitals count as small letters.
typedef enum {
	PL_VOTES_PB,  ///< Pabulib
	PL_VOTES_CSV, ///< a row a ballot, a column an option
	PL_VOTES_TSV, ///< the same, with tabs
	PL_VOTES_SOC, ///< PrefLib: strict orders of all options
	PL_VOTES_SOI, ///< strict orders of some
	PL_VOTES_TOC, ///< orders of all with ties
	PL_VOTES_TOI, ///< orders of some with ties
	PL_VOTES_CAT, ///< PrefLib: options in categories
	PL_VOTES_FORMATS
} pl_votes_format;
PL_API const char *pl_votes_format_name(int format); ///< "pb", "csv", ...; NULL outside
/// @param[out] format of a file of this name @return PL_OK, PL_EARG
PL_API pl_status pl_votes_format_of(pl_votes_format *format, const char *path, pl_error *err);

/// What the reader is told besides the file. {.kind = -1, .eligible = -1}: nothing.
typedef struct {
	int kind;           ///< pl_ballot_kind; -1: as the file says or shows
	const char *budget; ///< "1250.50", in place of the file's; NULL: the file's
	int64_t eligible;   ///< in place of the file's; -1: the file's
	bool blank;         ///< a table of options alone, without a ballot, is no fault
} pl_votes_wish;

/// Read an election. @param shown how messages name the file; NULL: by its path
/// @return PL_OK, PL_ENOTFOUND, PL_EIO, PL_EPARSE, PL_ENOMEM, PL_EARG (no such format, or a
///         wish that the file does not allow)
PL_API pl_status pl_votes_read(pl_election **out, const char *path, const pl_votes_wish *wish,
                               pl_error *err);
/// The same over bytes in memory (borrowed), for tests and fuzzers.
PL_API pl_status pl_votes_read_bytes(pl_election **out, const void *bytes, size_t n,
                                     pl_votes_format format, const char *shown,
                                     const pl_votes_wish *wish, pl_error *err);

/// Write an election as a file that `pl_votes_read` takes, whole or not at all.
/// @param anyway leave out what the format cannot hold, unless it decides who wins
/// @return PL_OK, PL_EIO, PL_ENOMEM, PL_EARG (the format cannot hold it: nothing is written)
PL_API pl_status pl_votes_write(const char *path, const pl_election *e, bool anyway,
                                pl_error *err);
/// The same to a stream; faults show in ferror(to).
PL_API pl_status pl_votes_put(FILE *to, pl_votes_format format, const pl_election *e,
                              bool anyway, pl_error *err);

/* ---- shared by the formats ----------------------------------------------------------------
 */

/// Where an election comes from: a path, or bytes where `bytes` is not NULL.
typedef struct {
	const char *path, *shown;
	const void *bytes;
	size_t n;
	pl_votes_format format;
} pl_votes_from;

/// A format. `check` says whether it can hold an election; a sentence without a file's name.
typedef pl_status pl_votes_reader(pl_election **out, const pl_votes_from *from,
                                  const pl_votes_wish *wish, pl_error *err);
typedef pl_status pl_votes_checker(const pl_election *e, pl_votes_format format, bool anyway,
                                   pl_error *err);
typedef pl_status pl_votes_writer(FILE *to, const pl_election *e, pl_votes_format format,
                                  pl_error *err);
pl_votes_reader pl_votes_csv_read, pl_preflib_read;
pl_votes_checker pl_votes_csv_check, pl_preflib_check;
pl_votes_writer pl_votes_csv_write, pl_preflib_write;

/// An amount of money as it was written: digits * 10^-decimals.
typedef struct {
	int64_t digits;
	int32_t decimals; ///< 0 .. 6
} pl_money;
/// Read digits with at most one mark, a point or a comma. @return NULL, or what is wrong with
/// it
const char *pl_money_read(pl_money *out, const char *text);
/// The same amount with more decimals. @return false: too large
bool pl_money_scale(int64_t *out, pl_money x, int32_t decimals);
enum { PL_MONEY_CHARS = 32 };
/// With all its decimals: "1250.50". @return out
const char *pl_money_print(char out[PL_MONEY_CHARS], int64_t x, int32_t decimals);

/// Read a whole number, an optional minus before it. @return false: it is none, or beyond
/// low .. high
bool pl_whole_read(int64_t *out, const char *text, int64_t low, int64_t high);
/// Is it this word, given in small letters? Capitals count as small letters.
bool pl_word_is(const char *text, const char *word);
/// Number of a name of the list, or -1. @param name NULL past the last
int pl_word_of(const char *text, const char *(*name)(int));

/// Put what a draft refused behind the file's name and line. @return status
pl_status pl_votes_refused(pl_error *err, pl_status status, const char *shown, int64_t line,
                           const pl_error *why);
#endif
