/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_vote_ballots.c - plenum vote ballots: paper ballots as a page to be printed, and a table
 * to type them into. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/random.h"
#include "cli/folder.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "io/outdir.h"
#include "io/votes.h"
#include "report/ballots.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { POINTS = 5, BALLOTS_MOST = 10000 };

typedef struct {
	const pl_args *a;
	const char *out, *sheet; ///< sheet: NULL where none is asked for
	pl_election *e;
	pl_ballots b;
	int64_t *code, *sorted; ///< [b.n]
} job;

/* ---- what is asked for ---------------------------------------------------------------------
 */

/// Codes that are on paper already would be lost with their table.
static pl_status refuse_file(const char *path, pl_error *err)
{
	if (path == NULL || access(path, F_OK) != 0) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "%s is there already, and ballots may have been printed from it: name "
	               "another file",
	               path);
}

/// Read the election; --kind says what ballots will hold where the file does not.
static pl_status read_election(job *j, pl_error *err)
{
	static const pl_paper usual[PL_BALLOT_KINDS] = {
	        [PL_BALLOT_APPROVAL] = PL_PAPER_APPROVE,
	        [PL_BALLOT_SCORE] = PL_PAPER_POINTS,
	        [PL_BALLOT_RANKED] = PL_PAPER_RANK,
	        [PL_BALLOT_MOTION] = PL_PAPER_MOTION,
	};
	int paper = -1;
	PL_TRY(pl_args_choice(&paper, j->a, PL_O_kind__ballots, pl_paper_name, err));
	const pl_votes_wish wish = {
	        .kind = paper < 0 ? -1 : (int)pl_paper_counts_as((pl_paper)paper),
	        .budget = pl_args_text(j->a, PL_O_budget),
	        .eligible = pl_args_whole(j->a, PL_O_eligible, -1),
	        .blank = true,
	};
	PL_TRY(pl_votes_read(&j->e, j->a->arg[0], &wish, err));
	j->b.paper = paper < 0 ? usual[j->e->kind] : (pl_paper)paper;
	j->b.points = (int)pl_args_whole(j->a, PL_O_points, POINTS);
	if (pl_args_has(j->a, PL_O_points) && j->b.paper != PL_PAPER_POINTS)
		return pl_fail(err, PL_EARG, -1, "--points is for ballots of the kind points");
	return PL_OK;
}

/// How many ballots: those named by --code, else --count, else one for each who is eligible.
static pl_status choose_count(job *j, pl_error *err)
{
	while (pl_args_nth(j->a, PL_O_code, (int)j->b.n) != NULL) j->b.n++;
	if (j->b.n > 0 &&
	    (pl_args_has(j->a, PL_O_count) || pl_args_has(j->a, PL_O_seed__ballots)))
		return pl_fail(err, PL_EARG, -1,
		               "--code names each ballot; leave out --count and --seed");
	if (j->b.n == 0) j->b.n = pl_args_whole(j->a, PL_O_count, j->e->eligible);
	if (j->b.n < 0)
		return pl_fail(err, PL_EARG, -1,
		               "say how many ballots with --count; %s does not tell how many "
		               "people may vote",
		               j->a->arg[0]);
	if (j->b.n == 0 || j->b.n > BALLOTS_MOST)
		return pl_fail(err, PL_EARG, -1, "print 1 to %d ballots at a time",
		               BALLOTS_MOST);
	return PL_OK;
}

/* ---- codes ---------------------------------------------------------------------------------
 */

/// Where codes come from: the system's randomness, or a seed.
typedef struct {
	bool seeded;
	pl_random numbers;
} source;

static int64_t draw(source *from)
{
	if (from->seeded) return (int64_t)pl_random_below(&from->numbers, PL_BALLOT_CODES);
	const uint64_t codes = PL_BALLOT_CODES, fair = UINT64_MAX - UINT64_MAX % codes;
	uint64_t bits;
	do {
		randombytes_buf(&bits, sizeof bits);
	} while (bits >= fair);
	return (int64_t)(bits % codes);
}

static int smaller(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/// Sort the codes. @return is each there once?
static bool sort_codes(job *j)
{
	memcpy(j->sorted, j->code, (size_t)j->b.n * sizeof *j->code);
	qsort(j->sorted, (size_t)j->b.n, sizeof *j->sorted, smaller);
	for (int64_t i = 1; i < j->b.n; i++)
		if (j->sorted[i] == j->sorted[i - 1]) return false;
	return true;
}

static pl_status read_codes(job *j, pl_error *err)
{
	for (int64_t i = 0; i < j->b.n; i++) {
		const char *typed = pl_args_nth(j->a, PL_O_code, (int)i);
		j->code[i] = pl_ballot_code_read(typed);
		if (j->code[i] < 0)
			return pl_fail(err, PL_EARG, i,
			               "--code %s: this is no ballot's code; one letter is "
			               "wrong, or two have changed places",
			               typed);
	}
	return sort_codes(j) ? PL_OK : pl_fail(err, PL_EARG, -1, "--code names a ballot twice");
}

static pl_status find_codes(job *j, pl_error *err)
{
	j->code = pl_alloc(j->b.n, sizeof *j->code);
	j->sorted = pl_alloc(j->b.n, sizeof *j->sorted);
	if (j->code == NULL || j->sorted == NULL || sodium_init() < 0)
		return pl_fail(err, PL_ENOMEM, -1,
		               "no memory for the codes of %" PRId64 " ballots", j->b.n);
	j->b.code = j->code;
	if (pl_args_has(j->a, PL_O_code)) return read_codes(j, err);
	source from = {.seeded = pl_args_has(j->a, PL_O_seed__ballots)};
	from.numbers = pl_random_new((uint64_t)pl_args_whole(j->a, PL_O_seed__ballots, 0), 0);
	do {
		for (int64_t i = 0; i < j->b.n; i++) j->code[i] = draw(&from);
	} while (!sort_codes(j));
	return PL_OK;
}

/* ---- files ---------------------------------------------------------------------------------
 */

/// The folder of a file. @return its name in there; NULL where the path is too long
static const char *part_path(char folder[PL_PATH_MOST], const char *path)
{
	const char *slash = strrchr(path, '/');
	if (slash == NULL) {
		(void)snprintf(folder, PL_PATH_MOST, ".");
		return path;
	}
	const size_t n = slash == path ? 1 : (size_t)(slash - path);
	if (n >= PL_PATH_MOST) return NULL;
	memcpy(folder, path, n);
	folder[n] = '\0';
	return slash + 1;
}

/// The same election with a blank ballot for each code, sorted, so that their order tells
/// nothing of the order on paper.
static pl_status add_blanks(const job *j, pl_election_draft *d, pl_error *err)
{
	const pl_election *e = j->e;
	char code[PL_BALLOT_CODE_CHARS];
	PL_TRY(pl_election_title(d, j->b.title != NULL ? j->b.title : e->title, err));
	PL_TRY(pl_election_money(d, e->decimals, e->budget, err));
	if (e->eligible >= 0) PL_TRY(pl_election_eligible(d, e->eligible, err));
	if (e->longest > 0) PL_TRY(pl_election_longest(d, e->longest, err));
	for (int32_t i = 0; i < e->n_options; i++)
		PL_TRY(pl_election_option(d, pl_text_at(e->option.id, i),
		                          pl_text_at(e->option.name, i), e->option.cost[i],
		                          e->option.recorded[i], err));
	for (int64_t i = 0; i < j->b.n; i++)
		PL_TRY(pl_election_ballot(d, pl_ballot_code(code, j->sorted[i]), 1, err));
	return PL_OK;
}

static pl_status write_sheet(const job *j, pl_error *err)
{
	if (j->sheet == NULL) return PL_OK;
	pl_election_draft *d;
	pl_election *blank = NULL;
	PL_TRY(pl_election_begin(&d, pl_paper_counts_as(j->b.paper), err));
	pl_status s = add_blanks(j, d, err);
	if (s == PL_OK) s = pl_election_finish(&blank, d, err);
	if (s == PL_OK) s = pl_votes_write(j->sheet, blank, false, err);
	pl_election_free(blank);
	pl_election_drop(d);
	return s;
}

/// The page and the table: both, or neither.
static pl_status write_files(const job *j, pl_error *err)
{
	char folder[PL_PATH_MOST];
	pl_outdir *dir;
	const char *name = part_path(folder, j->out);
	if (name == NULL) return pl_fail(err, PL_EARG, -1, "--out: the path is too long");
	PL_TRY(pl_outdir_open(&dir, folder, err));
	FILE *to = pl_outdir_file(dir, name, err);
	pl_status s = to == NULL ? PL_EIO : pl_ballots_write(to, j->e, &j->b, err);
	if (s == PL_OK) s = write_sheet(j, err);
	if (s != PL_OK) {
		pl_outdir_abandon(dir);
		return s;
	}
	s = pl_outdir_commit(dir, err);
	if (s != PL_OK && j->sheet != NULL) (void)unlink(j->sheet);
	return s;
}

static pl_status refuse_files(const job *j, pl_error *err)
{
	pl_votes_format format;
	PL_TRY(refuse_file(j->out, err));
	if (j->sheet == NULL) return PL_OK;
	PL_TRY(refuse_file(j->sheet, err));
	PL_TRY(pl_votes_format_of(&format, j->sheet, err));
	if (format == PL_VOTES_CSV || format == PL_VOTES_TSV) return PL_OK;
	return pl_fail(err, PL_EARG, -1, "--sheet: name a .csv or .tsv file");
}

static pl_status work(job *j, pl_error *err)
{
	PL_TRY(refuse_files(j, err));
	PL_TRY(read_election(j, err));
	PL_TRY(choose_count(j, err));
	PL_TRY(find_codes(j, err));
	return write_files(j, err);
}

static void tell(const job *j)
{
	char ballots[48], sheets[48];
	const int share = pl_ballots_on_sheet(j->e, &j->b);
	printf("%s: %s", j->out, pl_tell_count(ballots, j->b.n, "ballot", "ballots"));
	if (share > 0)
		printf(" on %s of A4\n",
		       pl_tell_count(sheets, (j->b.n + share - 1) / share, "sheet", "sheets"));
	else
		printf(", several sheets of A4 each\n");
	if (j->sheet != NULL) printf("%s: a row for each, to type the marks into\n", j->sheet);
	printf("Next: open %s in a browser, and print it on one side of the paper\n", j->out);
}

int pl_verb_vote_ballots(const pl_args *a)
{
	job j = {.a = a,
	         .out = pl_args_text(a, PL_O_out__ballots),
	         .sheet = pl_args_text(a, PL_O_sheet),
	         .b = {.title = pl_args_text(a, PL_O_title)}};
	pl_error err;
	const pl_status s = work(&j, &err);
	if (s == PL_OK && !pl_args_has(a, PL_O_quiet)) tell(&j);
	pl_election_free(j.e);
	pl_free(j.code);
	pl_free(j.sorted);
	return s == PL_OK ? PL_EXIT_GOOD : pl_tell_error(a, &err);
}
