/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whatever the bytes, a file of votes is an election or refused with a sentence that names it;
 * and what was read is the same election when it is written and read again. The first byte
 * chooses the format, and the kind of ballots that is asked for. */
#include "base/text.h"
#include "fuzz/demand.h"
#include "io/csv.h"
#include "io/votes.h"
#include "io/votes_digest.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A sentence begins with the file's name and is valid UTF-8. */
static void check_sentence(const pl_error *err)
{
	demand(strncmp(err->msg, "t:", 2) == 0 && strlen(err->msg) > 10);
	demand(pl_utf8_fault(err->msg, (int64_t)strlen(err->msg)) < 0);
}

/* Every number of an election lies where the others need it. */
static void check_election(const pl_election *e)
{
	int64_t total = 0;
	demand(e->n_options > 0 && e->n_ballots >= 0 && e->start[0] == 0);
	demand(e->start[e->n_ballots] == e->n_marks && e->decimals >= 0 && e->decimals <= 6);
	for (int32_t i = 0; i < e->n_options; i++) {
		demand(e->option.cost[i] >= 0 && *pl_text_at(e->option.id, i) != '\0');
		demand(*pl_text_at(e->option.name, i) != '\0');
	}
	for (int64_t b = 0; b < e->n_ballots; b++) {
		demand(e->start[b] <= e->start[b + 1]);
		demand(e->weight == NULL || e->weight[b] > 0);
		total += e->weight == NULL ? 1 : e->weight[b];
	}
	demand(total == e->total);
	for (int64_t k = 0; k < e->n_marks; k++)
		demand(e->marked[k] >= 0 && e->marked[k] < e->n_options);
}

static void check_same(const pl_election *a, const pl_election *b)
{
	char first[PL_VOTES_DIGEST], second[PL_VOTES_DIGEST];
	pl_error err;
	demand(pl_votes_digest(first, a, &err) == PL_OK);
	demand(pl_votes_digest(second, b, &err) == PL_OK);
	demand(strcmp(first, second) == 0 && strcmp(a->title, b->title) == 0);
}

/* No cell of a table may be one that a spreadsheet runs: a minus begins a number alone. */
static void check_cells(const char *text, size_t n)
{
	pl_csv *c;
	pl_error err;
	bool got = true;
	demand(pl_csv_open_bytes(&c, text, n, "t", &err) == PL_OK);
	while (pl_csv_next(&got, c, &err) == PL_OK && got) {
		for (int32_t i = 0; i < pl_csv_columns(c); i++) {
			const char *cell = pl_csv_cell(c, i), *name = pl_csv_name(c, i);
			int64_t x;
			demand(*cell == '\0' || strchr("=+@", *cell) == NULL);
			demand(*cell != '-' || pl_whole_read(&x, cell, INT64_MIN, 0));
			demand(strchr("=+-@", *name) == NULL);
		}
	}
	demand(!got);
	pl_csv_close(c);
}

/* Write and read again, in this format. */
static void check_again(const pl_election *e, pl_votes_format format)
{
	char *text = NULL;
	size_t n = 0;
	pl_error err;
	pl_election *again = NULL;
	const pl_votes_wish wish = {.kind = (int)e->kind, .eligible = -1};
	FILE *to = open_memstream(&text, &n);
	demand(to != NULL);
	const pl_status status = pl_votes_put(to, format, e, true, &err);
	(void)fclose(to);
	if (status == PL_OK) {
		demand(pl_votes_read_bytes(&again, text, n, format, "t", &wish, &err) == PL_OK);
		check_same(e, again);
		if (format == PL_VOTES_CSV || format == PL_VOTES_TSV) check_cells(text, n);
	} else {
		demand(n == 0 && strlen(err.msg) > 10);
	}
	pl_election_free(again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) return 0;
	const pl_votes_format format = (pl_votes_format)(data[0] % PL_VOTES_FORMATS);
	const pl_votes_wish wish = {
	        .kind = data[0] / PL_VOTES_FORMATS % (PL_BALLOT_KINDS + 1) - 1, .eligible = -1};
	pl_election *e;
	pl_error err = {0};
	if (pl_votes_read_bytes(&e, data + 1, size - 1, format, "t", &wish, &err) != PL_OK) {
		demand(e == NULL);
		check_sentence(&err);
		return 0;
	}
	check_election(e);
	check_again(e, format);
	if (format != PL_VOTES_CSV) check_again(e, PL_VOTES_CSV);
	pl_election_free(e);
	return 0;
}
