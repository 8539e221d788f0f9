/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* votes.c - which format a file has, and what the formats share. */
#include "io/votes.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/outdir.h"
#include "io/pabulib.h"
#include "io/plain.h"

#include <inttypes.h>
#include <string.h>

enum { PB_MOST = 1 << 30, DECIMALS_MOST = 6 };

static pl_votes_reader pb_read;
static pl_votes_checker pb_check;
static pl_votes_writer pb_write;

static const struct {
	const char *name;
	pl_votes_reader *read;
	pl_votes_checker *check;
	pl_votes_writer *write;
} formats[PL_VOTES_FORMATS] = {
        [PL_VOTES_PB] = {"pb", pb_read, pb_check, pb_write},
        [PL_VOTES_CSV] = {"csv", pl_votes_csv_read, pl_votes_csv_check, pl_votes_csv_write},
        [PL_VOTES_TSV] = {"tsv", pl_votes_csv_read, pl_votes_csv_check, pl_votes_csv_write},
        [PL_VOTES_SOC] = {"soc", pl_preflib_read, pl_preflib_check, pl_preflib_write},
        [PL_VOTES_SOI] = {"soi", pl_preflib_read, pl_preflib_check, pl_preflib_write},
        [PL_VOTES_TOC] = {"toc", pl_preflib_read, pl_preflib_check, pl_preflib_write},
        [PL_VOTES_TOI] = {"toi", pl_preflib_read, pl_preflib_check, pl_preflib_write},
        [PL_VOTES_CAT] = {"cat", pl_preflib_read, pl_preflib_check, pl_preflib_write},
};

const char *pl_votes_format_name(int format)
{
	return format >= 0 && format < PL_VOTES_FORMATS ? formats[format].name : NULL;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

pl_status pl_votes_format_of(pl_votes_format *format, const char *path, pl_error *err)
{
	const char *dot = strrchr(last_part(path), '.');
	const int f = dot != NULL ? pl_word_of(dot + 1, pl_votes_format_name) : -1;
	char brief[PL_BRIEF_CHARS];
	if (f < 0)
		return pl_fail(err, PL_EARG, -1,
		               "%s: a file of votes ends in .csv or .tsv (a spreadsheet), .pb "
		               "(Pabulib), .soc, .soi, .toc, .toi or .cat (PrefLib)",
		               pl_text_brief(brief, last_part(path)));
	*format = (pl_votes_format)f;
	return PL_OK;
}

/* ---- numbers and words ---------------------------------------------------------------------
 */

bool pl_whole_read(int64_t *out, const char *text, int64_t low, int64_t high)
{
	const bool minus = *text == '-';
	const char *c = text + (minus ? 1 : 0);
	int64_t x = 0;
	if (*c == '\0') return false;
	for (; *c != '\0'; c++) {
		if (*c < '0' || *c > '9' || x > (INT64_MAX - 9) / 10) return false;
		x = 10 * x + (*c - '0');
	}
	x = minus ? -x : x;
	if (x < low || x > high) return false;
	*out = x;
	return true;
}

const char *pl_money_read(pl_money *out, const char *text)
{
	pl_money x = {0};
	bool marked = false, any = false;
	if (*text == '-') return "is below 0";
	for (const char *c = text; *c != '\0'; c++) {
		if ((*c == '.' || *c == ',') && !marked) {
			marked = true;
			continue;
		}
		if (*c < '0' || *c > '9') return "is no amount of money, such as 1250.50";
		if (x.digits > (INT64_MAX - 9) / 10) return "is too large";
		x.digits = 10 * x.digits + (*c - '0');
		x.decimals += marked;
		any = true;
		if (x.decimals > DECIMALS_MOST) return "has more than 6 decimals";
	}
	if (!any) return "is no amount of money, such as 1250.50";
	*out = x;
	return NULL;
}

bool pl_money_scale(int64_t *out, pl_money x, int32_t decimals)
{
	for (; x.decimals < decimals; x.decimals++) {
		if (x.digits > INT64_MAX / 10) return false;
		x.digits *= 10;
	}
	*out = x.digits;
	return true;
}

const char *pl_money_print(char out[PL_MONEY_CHARS], int64_t x, int32_t decimals)
{
	int64_t unit = 1;
	for (int32_t i = 0; i < decimals; i++) unit *= 10;
	char part[PL_MONEY_CHARS];
	/* the digits behind the point are those of unit + part behind its 1 */
	(void)snprintf(part, sizeof part, "%" PRId64, unit + x % unit);
	if (decimals == 0)
		(void)snprintf(out, PL_MONEY_CHARS, "%" PRId64, x);
	else
		(void)snprintf(out, PL_MONEY_CHARS, "%" PRId64 ".%.*s", x / unit, (int)decimals,
		               part + 1);
	return out;
}

bool pl_word_is(const char *text, const char *word)
{
	for (; *text != '\0' && *word != '\0'; text++, word++) {
		const char c = (char)(*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text);
		if (c != *word) return false;
	}
	return *text == *word;
}

int pl_word_of(const char *text, const char *(*name)(int))
{
	for (int k = 0; name(k) != NULL; k++)
		if (pl_word_is(text, name(k))) return k;
	return -1;
}

pl_status pl_votes_refused(pl_error *err, pl_status status, const char *shown, int64_t line,
                           const pl_error *why)
{
	if (status == PL_ENOMEM) return pl_fail(err, status, -1, "%s", why->msg);
	return pl_fail(err, PL_EPARSE, line, "%s:%lld: %s", shown, (long long)line, why->msg);
}

/* ---- Pabulib -------------------------------------------------------------------------------
 */

static pl_status slurp(pl_bytes *out, const pl_votes_from *from, pl_error *err)
{
	pl_plain p;
	bool more = true;
	PL_TRY(pl_plain_open(&p, from->path, from->shown, NULL, 0, err));
	pl_status status = PL_OK;
	while (status == PL_OK && more && out->n <= PB_MOST) {
		status = pl_bytes_reserve(out, PL_PLAIN_CHUNK);
		if (status != PL_OK) {
			(void)pl_fail(err, status, -1, "no memory to read %s", from->shown);
			break;
		}
		const size_t n = fread(out->at + out->n, 1, PL_PLAIN_CHUNK, p.from);
		out->n += (int64_t)n;
		more = n > 0;
		if (ferror(p.from))
			status = pl_fail(err, PL_EIO, -1, "%s: cannot be read", from->shown);
	}
	pl_plain_close(&p);
	if (status == PL_OK && out->n > PB_MOST)
		return pl_fail(err, PL_EPARSE, -1, "%s: is larger than a gibibyte",
		               from->shown);
	return status;
}

static pl_status pb_read(pl_election **out, const pl_votes_from *from,
                         const pl_votes_wish *wish, pl_error *err)
{
	pl_bytes text = {0};
	(void)wish;
	*out = NULL;
	if (from->bytes != NULL)
		return pl_pabulib_read(out, from->bytes, from->n, from->shown, err);
	pl_status status = slurp(&text, from, err);
	if (status == PL_OK)
		status = pl_pabulib_read(out, text.at, (size_t)text.n, from->shown, err);
	pl_bytes_free(&text);
	return status;
}

/// Pabulib's writer refuses what it cannot hold before it writes anything.
static pl_status pb_check(const pl_election *e, pl_votes_format format, bool anyway,
                          pl_error *err)
{
	(void)e;
	(void)format;
	(void)anyway;
	(void)err;
	return PL_OK;
}

static pl_status pb_write(FILE *to, const pl_election *e, pl_votes_format format, pl_error *err)
{
	(void)format;
	return pl_pabulib_write(to, e, err);
}

/* ---- reading -------------------------------------------------------------------------------
 */

static pl_status wish_kind(const pl_election *e, const char *shown, int kind, pl_error *err)
{
	if (kind < 0 || (int)e->kind == kind) return PL_OK;
	return pl_fail(err, PL_EARG, -1, "%s: these are %s ballots, not %s", shown,
	               pl_ballot_name((int)e->kind), pl_ballot_name(kind));
}

static pl_status wish_budget(pl_election *e, const char *shown, const char *budget,
                             pl_error *err)
{
	pl_money x;
	int64_t scaled;
	char brief[PL_BRIEF_CHARS];
	if (budget == NULL) return PL_OK;
	const char *wrong = pl_money_read(&x, budget);
	if (wrong != NULL)
		return pl_fail(err, PL_EARG, -1, "the budget \"%s\" %s",
		               pl_text_brief(brief, budget), wrong);
	while (x.decimals > e->decimals && x.digits % 10 == 0) {
		x.digits /= 10;
		x.decimals--;
	}
	if (x.decimals > e->decimals)
		return pl_fail(err, PL_EARG, -1,
		               "the budget \"%s\" has more decimals than the costs in %s",
		               pl_text_brief(brief, budget), shown);
	if (!pl_money_scale(&scaled, x, e->decimals) || scaled > INT64_C(1) << 62)
		return pl_fail(err, PL_EARG, -1, "the budget \"%s\" is too large",
		               pl_text_brief(brief, budget));
	e->budget = scaled;
	return PL_OK;
}

static pl_status read_any(pl_election **out, const pl_votes_from *from,
                          const pl_votes_wish *wish, pl_error *err)
{
	static const pl_votes_wish none = {.kind = -1, .eligible = -1};
	const pl_votes_wish *w = wish != NULL ? wish : &none;
	PL_TRY(formats[from->format].read(out, from, w, err));
	pl_status status = wish_kind(*out, from->shown, w->kind, err);
	if (status == PL_OK) status = wish_budget(*out, from->shown, w->budget, err);
	if (status == PL_OK && w->eligible >= 0) (*out)->eligible = w->eligible;
	if (status == PL_OK) return PL_OK;
	pl_election_free(*out);
	*out = NULL;
	return status;
}

pl_status pl_votes_read(pl_election **out, const char *path, const pl_votes_wish *wish,
                        pl_error *err)
{
	pl_votes_from from = {.path = path, .shown = path};
	*out = NULL;
	if (strlen(path) > PL_BRIEF_CHARS) from.shown = last_part(path);
	PL_TRY(pl_votes_format_of(&from.format, path, err));
	return read_any(out, &from, wish, err);
}

pl_status pl_votes_read_bytes(pl_election **out, const void *bytes, size_t n,
                              pl_votes_format format, const char *shown,
                              const pl_votes_wish *wish, pl_error *err)
{
	const pl_votes_from from = {
	        .shown = shown, .bytes = bytes != NULL ? bytes : "", .n = n, .format = format};
	*out = NULL;
	return read_any(out, &from, wish, err);
}

/* ---- writing -------------------------------------------------------------------------------
 */

pl_status pl_votes_put(FILE *to, pl_votes_format format, const pl_election *e, bool anyway,
                       pl_error *err)
{
	PL_TRY(formats[format].check(e, format, anyway, err));
	return formats[format].write(to, e, format, err);
}

/// The folder of a path: "." where it names none.
static pl_status folder_of(pl_bytes *out, const char *path, pl_error *err)
{
	const char *name = last_part(path);
	pl_status status =
	        name == path ? pl_bytes_add(out, ".", 1) : pl_bytes_add(out, path, name - path);
	if (status == PL_OK) status = pl_bytes_add(out, "", 1);
	if (status != PL_OK) return pl_fail(err, status, -1, "no memory to write %s", path);
	return PL_OK;
}

pl_status pl_votes_write(const char *path, const pl_election *e, bool anyway, pl_error *err)
{
	pl_votes_format format;
	pl_bytes folder = {0};
	pl_outdir *dir = NULL;
	PL_TRY(pl_votes_format_of(&format, path, err));
	PL_TRY(formats[format].check(e, format, anyway, err));
	pl_status status = folder_of(&folder, path, err);
	if (status == PL_OK) status = pl_outdir_open(&dir, folder.at, err);
	pl_bytes_free(&folder);
	if (status != PL_OK) return status;
	FILE *to = pl_outdir_file(dir, last_part(path), err);
	status = to == NULL ? PL_EIO : formats[format].write(to, e, format, err);
	if (status != PL_OK) {
		pl_outdir_abandon(dir);
		return status;
	}
	return pl_outdir_commit(dir, err);
}
