/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/lab_tables.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/lab_run.h"
#include "cli/terminal.h"
#include "io/outdir.h"

#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <string.h>

enum { LINE_ROOM = 4096, ROWS_SHOWN = 60 };
static const char *const joined[PL_LAB_TABLES] = {"results.csv", "rounds.csv"};
static const char *const bound_name[PL_BOUNDS] = {"0.2", "0.1", "0.05", "0.03", "0.01"};
/* Cells of a row of results.csv that the summary reads. */
enum { YEAR = 6, OUTCOME = 7, FIRST_BOUND = 9, GROWTH = 15, LOSS = 20, CELLS = 21 };

void pl_lab_summary_clear(pl_lab_summary *s)
{
	pl_free(s->group);
	*s = (pl_lab_summary){0};
}

/* ---- joining ---- */

/// One of the two tables on its way.
typedef struct {
	FILE *to;
	crypto_hash_sha256_state sum;
	int64_t rows;
} table;

static void put_line(table *t, const char *line)
{
	(void)fputs(line, t->to);
	(void)crypto_hash_sha256_update(&t->sum, (const unsigned char *)line, strlen(line));
}

/// The numbers of a row of results.csv. @return false where it is no such row
static bool note(pl_lab_group *pair, char *line)
{
	char *cell[CELLS];
	double x;
	line[strcspn(line, "\n")] = '\0';
	for (int k = 0; k < CELLS; k++) {
		cell[k] = line;
		line = strchr(line, ',');
		if ((line == NULL) != (k == CELLS - 1)) return false;
		if (line != NULL) *line++ = '\0';
	}
	pl_lab_group *g = &pair[strcmp(cell[YEAR], "1") != 0];
	g->n++;
	g->cleared += strcmp(cell[OUTCOME], pl_outcome_name(PL_CLEARED)) == 0;
	for (int b = 0; b < PL_BOUNDS; b++) {
		if (cell[FIRST_BOUND + b][0] == '\0') continue;
		if (pl_number_read(&x, cell[FIRST_BOUND + b]) != PL_OK) return false;
		g->reached[b]++;
		g->rounds[b] += x;
	}
	if (pl_number_read(&x, cell[GROWTH]) == PL_OK) {
		g->n_growth++;
		g->growth += x;
	}
	if (pl_number_read(&x, cell[LOSS]) == PL_OK) {
		g->worst_loss = g->n_loss == 0 ? x : fmax(g->worst_loss, x);
		g->n_loss++;
		g->loss += x;
	}
	return true;
}

/// Append the rows of one run. @param pair NULL: rows are not looked at
static pl_status append(table *t, const char *folder, int64_t run, int kind, pl_lab_group *pair,
                        pl_error *err)
{
	char name[PL_LAB_FILE_ROOM], path[PL_PATH_MOST], line[LINE_ROOM];
	pl_lab_file_name(name, run, kind);
	PL_TRY(pl_folder_path(path, folder, name, err));
	FILE *from = fopen(path, "rb");
	if (from == NULL) return pl_fail(err, PL_EIO, -1, "%.400s cannot be opened", path);
	bool good = fgets(line, sizeof line, from) != NULL &&
	            strcmp(line, pl_lab_header(kind)) == 0;
	while (good && fgets(line, sizeof line, from) != NULL) {
		good = line[0] != '\0' && line[strlen(line) - 1] == '\n';
		put_line(t, line);
		t->rows++;
		if (pair != NULL) good = good && note(pair, line);
	}
	good = good && ferror(from) == 0;
	(void)fclose(from);
	if (good) return PL_OK;
	return pl_fail(err, PL_EPARSE, -1,
	               "%.400s is not as it was written; delete it, and it is made again",
	               path);
}

/// The groups of a run: year 1, later years.
static pl_lab_group *groups_of(const pl_lab_summary *s, const pl_lab *lab, int64_t run)
{
	return &s->group[2 * (run / lab->n_seeds)];
}

static pl_status join_table(pl_lab_summary *s, const pl_lab *lab, int kind, FILE *to,
                            const char *folder, pl_error *err)
{
	table t = {.to = to};
	unsigned char hash[crypto_hash_sha256_BYTES];
	(void)crypto_hash_sha256_init(&t.sum);
	put_line(&t, pl_lab_header(kind));
	for (int64_t run = 0; run < pl_lab_runs(lab); run++)
		PL_TRY(append(&t, folder, run, kind,
		              kind == PL_LAB_YEARS ? groups_of(s, lab, run) : NULL, err));
	(void)crypto_hash_sha256_final(&t.sum, hash);
	(void)sodium_bin2hex(s->digest[kind], PL_LAB_DIGEST, hash, sizeof hash);
	s->rows[kind] = t.rows;
	return PL_OK;
}

static pl_status groups_new(pl_lab_summary *s, const pl_lab *lab, pl_error *err)
{
	s->n_groups = (int32_t)(2 * (pl_lab_runs(lab) / lab->n_seeds));
	s->group = pl_alloc(s->n_groups, sizeof *s->group);
	if (s->group == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the results");
	for (int32_t g = 0; g < s->n_groups; g++) {
		s->group[g].at = pl_lab_place_of(lab, (int64_t)(g / 2) * lab->n_seeds);
		s->group[g].later = g % 2 == 1;
	}
	return PL_OK;
}

static pl_status join_into(pl_lab_summary *s, const pl_lab *lab, const char *folder,
                           pl_outdir *to, pl_error *err)
{
	char runs[PL_PATH_MOST];
	PL_TRY(pl_folder_path(runs, folder, "runs", err));
	PL_TRY(groups_new(s, lab, err));
	for (int kind = 0; kind < PL_LAB_TABLES; kind++) {
		FILE *file = pl_outdir_file(to, joined[kind], err);
		if (file == NULL) return PL_EIO;
		PL_TRY(join_table(s, lab, kind, file, runs, err));
	}
	FILE *file = pl_outdir_file(to, "manifest.json", err);
	if (file == NULL) return PL_EIO;
	pl_lab_manifest(file, lab, s);
	return PL_OK;
}

pl_status pl_lab_join(pl_lab_summary *out, const pl_lab *lab, const char *folder, pl_error *err)
{
	pl_outdir *to = NULL;
	*out = (pl_lab_summary){0};
	PL_TRY(pl_outdir_open(&to, folder, err));
	pl_status st = join_into(out, lab, folder, to, err);
	if (st == PL_OK)
		st = pl_outdir_commit(to, err);
	else
		pl_outdir_abandon(to);
	if (st != PL_OK) pl_lab_summary_clear(out);
	return st;
}

void pl_lab_manifest(FILE *to, const pl_lab *lab, const pl_lab_summary *s)
{
	pl_json j = {.to = to, .indent = true};
	pl_json_open_object(&j, NULL);
	pl_json_put_text(&j, "plenum", PL_VERSION);
	pl_lab_write(&j, "experiment", lab);
	if (s != NULL) {
		pl_json_put_whole(&j, "runs", pl_lab_runs(lab));
		pl_json_put_text(&j, "results", s->digest[PL_LAB_YEARS]);
		pl_json_put_text(&j, "rounds", s->digest[PL_LAB_ROUNDS]);
	}
	pl_json_close_object(&j);
}

/* ---- what it came to ---- */

double pl_lab_mean(const pl_lab_group *g, int bound)
{
	return g->reached[bound] > 0 ? g->rounds[bound] / g->reached[bound] : (double)NAN;
}

static const char *start_text(char out[PL_NUMBER_CHARS], const pl_lab *lab, int32_t start)
{
	const char *word = pl_lab_start_word(lab->start[start]);
	return word != NULL ? word : pl_number_print(out, lab->start[start]);
}

static const char *start_shown(char out[PL_HUMAN_CHARS], const pl_lab *lab, int32_t start)
{
	const char *word = pl_lab_start_word(lab->start[start]);
	return word != NULL ? word : pl_human(out, lab->start[start]);
}

/// A mean in six columns; a star where not all came within.
static void print_mean(FILE *to, const pl_lab_group *g, int bound)
{
	if (g->reached[bound] == 0)
		fputs("     -", to);
	else
		fprintf(to, " %4.1f%c", pl_lab_mean(g, bound),
		        g->reached[bound] < g->n ? '*' : ' ');
}

static void print_name(FILE *to, const char *name)
{
	enum { COLUMNS = 80 };
	const int width = pl_text_width(name);
	pl_text_cell(to, name, width < COLUMNS ? width : COLUMNS, false);
	fputc('\n', to);
}

static void print_group(FILE *to, const pl_lab *lab, const pl_lab_group *g)
{
	char start[PL_HUMAN_CHARS];
	fputs("  ", to);
	pl_text_cell(to, lab->rule[g->at.rule].text, 14, false);
	fputs(" ", to);
	pl_text_cell(to, start_shown(start, lab, g->at.start), 6, true);
	fputs(" ", to);
	pl_text_cell(to, lab->behaviour[g->at.behaviour].text, 16, false);
	fprintf(to, " %-5s", g->later ? "later" : "1");
	for (int b = 1; b < PL_BOUNDS; b++) print_mean(to, g, b);
	fprintf(to, " %4d/%d\n", g->cleared, g->n);
}

void pl_lab_print(FILE *to, const pl_lab *lab, const pl_lab_summary *s)
{
	int32_t economy = -1, shown = 0;
	fputs("Announcements until every good is within (mean of seeds and years):\n", to);
	fputs("  rule            start behaviour        year   10 %   5 %   3 %   1 % "
	      "cleared\n",
	      to);
	for (int32_t k = 0; k < s->n_groups && shown < ROWS_SHOWN; k++) {
		const pl_lab_group *g = &s->group[k];
		if (g->n == 0) continue;
		if (g->at.economy != economy) {
			economy = g->at.economy;
			print_name(to, lab->economy[economy].name);
		}
		print_group(to, lab, g);
		shown++;
	}
	if (shown == ROWS_SHOWN) fputs("The others stand in results.csv.\n", to);
	fputs("- never; * where some did; the mean is of those.\n", to);
}

static void json_group(pl_json *j, const pl_lab *lab, const pl_lab_group *g)
{
	char start[PL_NUMBER_CHARS];
	pl_json_open_object(j, NULL);
	pl_json_put_text(j, "economy", lab->economy[g->at.economy].name);
	pl_json_put_text(j, "rule", lab->rule[g->at.rule].text);
	pl_json_put_text(j, "start", start_text(start, lab, g->at.start));
	pl_json_put_text(j, "behaviour", lab->behaviour[g->at.behaviour].text);
	pl_json_put_text(j, "year", g->later ? "later" : "1");
	pl_json_put_whole(j, "years", g->n);
	pl_json_put_whole(j, "cleared", g->cleared);
	pl_json_open_object(j, "rounds_to");
	for (int b = 0; b < PL_BOUNDS; b++)
		pl_json_put_number(j, bound_name[b], pl_lab_mean(g, b));
	pl_json_close_object(j);
	pl_json_open_object(j, "reached");
	for (int b = 0; b < PL_BOUNDS; b++) pl_json_put_whole(j, bound_name[b], g->reached[b]);
	pl_json_close_object(j);
	pl_json_put_number(j, "growth",
	                   g->n_growth > 0 ? g->growth / g->n_growth : (double)NAN);
	pl_json_put_number(j, "loss", g->n_loss > 0 ? g->loss / g->n_loss : (double)NAN);
	pl_json_put_number(j, "worst_loss", g->n_loss > 0 ? g->worst_loss : (double)NAN);
	pl_json_close_object(j);
}

void pl_lab_json(pl_json *j, const pl_lab *lab, const pl_lab_summary *s)
{
	pl_json_put_text(j, "name", lab->name);
	pl_json_put_whole(j, "runs", pl_lab_runs(lab));
	pl_json_put_text(j, "results", s->digest[PL_LAB_YEARS]);
	pl_json_put_text(j, "rounds", s->digest[PL_LAB_ROUNDS]);
	pl_json_open_array(j, "groups");
	for (int32_t k = 0; k < s->n_groups; k++)
		if (s->group[k].n > 0) json_group(j, lab, &s->group[k]);
	pl_json_close_array(j);
}
