/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pabulib_write.c - an election as a .pb file. */
#include "io/pabulib_parts.h"

#include "base/error.h"

#include <inttypes.h>
#include <string.h>

static bool ranks_in_order(const pl_election *e)
{
	for (int64_t i = 0; e->value != NULL && i < e->n_ballots; i++)
		for (int64_t k = e->start[i]; k < e->start[i + 1]; k++)
			if (e->value[k] != k - e->start[i] + 1) return false;
	return true;
}

/// @return what stands in the way of writing; NULL where nothing does
static const char *unfit(const pl_election *e)
{
	if (e->kind == PL_BALLOT_MOTION) return "motions";
	if (e->budget < 1) return "an election without a budget";
	if (e->kind == PL_BALLOT_RANKED && !ranks_in_order(e))
		return "equal ranks, or ranks left out";
	if (strpbrk(e->title, "\r\n") != NULL) return "a title with a line break";
	for (int32_t i = 0; i < e->n_options; i++) {
		const char *id = pl_text_at(e->option.id, i);
		if (strpbrk(id, ",\r\n") != NULL || *id == '=' || *id == '@')
			return "an id with a comma or a formula";
		const char *name = pl_text_at(e->option.name, i);
		if (*name == '=' || strpbrk(name, "\r\n") != NULL)
			return "a name that is a formula or has a line break";
	}
	return NULL;
}

/// Has every ballot a code of its own that the file can hold? Otherwise they are numbered.
static pl_status find_codes(bool *coded, const pl_election *e, pl_error *err)
{
	pl_names codes = {0};
	pl_status status = PL_OK;
	*coded = e->name != NULL;
	for (int64_t i = 0; *coded && i < e->n_ballots; i++) {
		const char *code = e->names + e->name[i];
		*coded = e->name[i] > 0 && strpbrk(code, "\r\n") == NULL &&
		         pl_pb_named(code, strlen(code)) == PL_PB_SECTIONS &&
		         pl_names_find(&codes, code) < 0;
		if (!*coded) break;
		if (!pl_names_reserve(&codes, code)) {
			status = pl_fail(err, PL_ENOMEM, -1, "no memory to write the votes");
			break;
		}
		(void)pl_names_put(&codes, code);
	}
	pl_names_clear(&codes);
	return status;
}

static void put_money(FILE *to, const pl_election *e, int64_t x)
{
	int64_t unit = 1;
	for (int32_t i = 0; i < e->decimals; i++) unit *= 10;
	(void)fprintf(to, "%" PRId64, x / unit);
	if (x % unit != 0) (void)fprintf(to, ".%0*" PRId64, (int)e->decimals, x % unit);
}

static void write_meta(FILE *to, const pl_election *e)
{
	static const char *const type[PL_BALLOT_KINDS] = {"approval", "scoring", "ordinal", ""};
	(void)fputs("META\nkey;value\ndescription;", to);
	pl_csv_put(to, e->title);
	(void)fprintf(to, "\nnum_projects;%" PRId32 "\nnum_votes;%" PRId64 "\nbudget;",
	              e->n_options, e->n_ballots);
	put_money(to, e, e->budget);
	(void)fprintf(to, "\nvote_type;%s\n", type[e->kind]);
	if (e->longest > 0) (void)fprintf(to, "max_length;%" PRId32 "\n", e->longest);
}

static void write_projects(FILE *to, const pl_election *e)
{
	bool known = false;
	for (int32_t i = 0; i < e->n_options; i++) known = known || e->option.recorded[i] >= 0;
	(void)fprintf(to, "PROJECTS\nproject_id;cost;name%s\n", known ? ";selected" : "");
	for (int32_t i = 0; i < e->n_options; i++) {
		pl_csv_put(to, pl_text_at(e->option.id, i));
		(void)putc(';', to);
		put_money(to, e, e->option.cost[i]);
		(void)putc(';', to);
		pl_csv_put(to, pl_text_at(e->option.name, i));
		if (known) (void)putc(';', to);
		if (e->option.recorded[i] >= 0) (void)fprintf(to, "%d", e->option.recorded[i]);
		(void)putc('\n', to);
	}
}

/// An id within quotes.
static void put_quoted(FILE *to, const char *id)
{
	for (; *id != '\0'; id++) {
		if (*id == '"') (void)putc('"', to);
		(void)putc(*id, to);
	}
}

/// The ids of a ballot in one cell.
static void write_ids(FILE *to, const pl_election *e, int64_t ballot)
{
	bool quoted = false;
	for (int64_t k = e->start[ballot]; k < e->start[ballot + 1]; k++)
		quoted = quoted || strpbrk(pl_text_at(e->option.id, e->marked[k]), ";\t\"");
	if (quoted) (void)putc('"', to);
	for (int64_t k = e->start[ballot]; k < e->start[ballot + 1]; k++) {
		if (k > e->start[ballot]) (void)putc(',', to);
		const char *id = pl_text_at(e->option.id, e->marked[k]);
		if (quoted)
			put_quoted(to, id);
		else
			(void)fputs(id, to);
	}
	if (quoted) (void)putc('"', to);
}

static void write_points(FILE *to, const pl_election *e, int64_t ballot)
{
	for (int64_t k = e->start[ballot]; k < e->start[ballot + 1]; k++)
		(void)fprintf(to, "%s%" PRId32, k > e->start[ballot] ? "," : "", e->value[k]);
}

static void write_votes(FILE *to, const pl_election *e, bool coded)
{
	const bool points = e->kind == PL_BALLOT_SCORE;
	(void)fprintf(to, "VOTES\nvoter_id;vote%s%s\n", points ? ";points" : "",
	              e->weight != NULL ? ";weight" : "");
	for (int64_t i = 0; i < e->n_ballots; i++) {
		if (coded)
			pl_csv_put(to, e->names + e->name[i]);
		else
			(void)fprintf(to, "%" PRId64, i + 1);
		(void)putc(';', to);
		write_ids(to, e, i);
		if (points) {
			(void)putc(';', to);
			write_points(to, e, i);
		}
		if (e->weight != NULL) (void)fprintf(to, ";%" PRId64, e->weight[i]);
		(void)putc('\n', to);
	}
}

pl_status pl_pabulib_write(FILE *to, const pl_election *e, pl_error *err)
{
	const char *what = unfit(e);
	if (what != NULL)
		return pl_fail(err, PL_EARG, -1, "a Pabulib file cannot hold %s", what);
	bool coded;
	PL_TRY(find_codes(&coded, e, err));
	write_meta(to, e);
	write_projects(to, e);
	write_votes(to, e, coded);
	return PL_OK;
}
