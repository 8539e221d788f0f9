/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/table.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

pl_status pl_faults_first(const pl_faults *f, int64_t before, pl_error *err)
{
	return pl_fail(err, PL_EPARSE, -1, "%s",
	               before < PL_FAULTS_SHOWN ? f->text[before] : "the tables hold faults");
}

pl_status pl_source_check(const pl_source *from, pl_error *err)
{
	if (from->folder == NULL) return PL_OK;
	DIR *d = opendir(from->folder);
	if (d != NULL) {
		(void)closedir(d);
		return PL_OK;
	}
	if (errno == ENOENT)
		return pl_fail(err, PL_ENOTFOUND, -1, "%s does not exist", from->folder);
	if (errno == ENOTDIR)
		return pl_fail(err, PL_EIO, -1,
		               "%s is not a folder; name the folder that holds the tables",
		               from->folder);
	if (errno == ENOMEM)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to open %s", from->folder);
	return pl_fail(err, PL_EIO, -1, "%s cannot be read: %s", from->folder, strerror(errno));
}

/* ---- opening ---- */

static pl_status open_bytes(pl_csv **out, const pl_source *from, const char *file,
                            pl_error *err)
{
	for (int32_t i = 0; i < from->n_files; i++)
		if (strcmp(from->file[i].name, file) == 0)
			return pl_csv_open_bytes(out, from->file[i].bytes, from->file[i].n,
			                         file, err);
	*out = NULL;
	return pl_fail(err, PL_ENOTFOUND, -1, "%s: there is no such file", file);
}

static pl_status open_in_folder(pl_csv **out, const char *folder, const char *file,
                                pl_error *err)
{
	*out = NULL;
	pl_bytes path = {0};
	const size_t n = strlen(folder);
	pl_status status = pl_bytes_add(&path, folder, (int64_t)n);
	if (status == PL_OK && n > 0 && folder[n - 1] != '/')
		status = pl_bytes_add(&path, "/", 1);
	if (status == PL_OK) status = pl_bytes_add(&path, file, (int64_t)strlen(file) + 1);
	if (status != PL_OK)
		(void)pl_fail(err, status, -1, "no memory to open %s", file);
	else
		status = pl_csv_open(out, path.at, file, err);
	pl_bytes_free(&path);
	return status;
}

static void keep(pl_reader *t, pl_status status)
{
	if (status == PL_ENOMEM) t->status = status;
}

/* Keep a sentence that names its file and line itself. */
static void add_error(pl_reader *t, pl_status status, const pl_error *err)
{
	t->row_bad = true;
	if (status == PL_ENOMEM)
		t->status = PL_ENOMEM;
	else
		keep(t, pl_faults_add(t->faults, "%s", err->msg));
}

static int column_of(const pl_table_kind *kind, const char *name)
{
	for (int k = 0; k < kind->n; k++)
		if (strcmp(kind->column[k].name, name) == 0) return k;
	return -1;
}

static void refuse_unknown(pl_reader *t, const char *name)
{
	pl_near near = {0};
	char hint[PL_HINT_CHARS], brief[PL_BRIEF_CHARS];
	if (*name == '\0') {
		pl_table_fault(t, "the first column has no name in the header; name it, or "
		                  "take it out");
		return;
	}
	for (int k = 0; k < t->kind->n; k++)
		pl_near_offer(&near, name, t->kind->column[k].name);
	pl_table_fault(t, "there is no column \"%s\" in this table%s",
	               pl_text_brief(brief, name), pl_near_hint(hint, &near));
}

static void match_columns(pl_reader *t)
{
	const pl_table_kind *kind = t->kind;
	for (int32_t i = 0; i < pl_csv_columns(t->csv); i++) {
		const int k = column_of(kind, pl_csv_name(t->csv, i));
		if (k >= 0)
			t->at[k] = i;
		else if (!kind->others)
			refuse_unknown(t, pl_csv_name(t->csv, i));
	}
	for (int k = 0; k < kind->n; k++) {
		if (!kind->column[k].required || t->at[k] >= 0) continue;
		pl_table_fault(t, "the column \"%s\" is missing", kind->column[k].name);
		t->broken = true;
	}
	if (!t->broken) return;
	pl_csv_close(t->csv); /* its rows say nothing without the column */
	t->csv = NULL;
}

static void begin(pl_reader *t, const pl_table_kind *kind, pl_faults *faults)
{
	*t = (pl_reader){.kind = kind, .faults = faults};
	for (int k = 0; k < PL_TABLE_COLUMNS; k++) t->at[k] = -1;
}

/* What came of opening the file. @param folder where it was looked for, or NULL */
static void opened(pl_reader *t, pl_status status, const char *folder, const pl_error *err)
{
	const pl_table_kind *kind = t->kind;
	t->there = status != PL_ENOTFOUND;
	if (status == PL_OK) {
		match_columns(t);
		return;
	}
	if (status == PL_ENOTFOUND && kind->optional) return;
	if (status == PL_EPARSE && kind->may_be_empty && err->where == 0) return;
	t->broken = true;
	if (status == PL_ENOTFOUND && folder != NULL)
		keep(t, pl_faults_add(t->faults, "%s: there is no such file in %s", kind->file,
		                      folder));
	else
		add_error(t, status, err);
}

void pl_table_open(pl_reader *t, const pl_table_kind *kind, const pl_source *from,
                   pl_faults *faults)
{
	pl_error err = {0};
	begin(t, kind, faults);
	const pl_status status =
	        from->folder != NULL ? open_in_folder(&t->csv, from->folder, kind->file, &err)
	                             : open_bytes(&t->csv, from, kind->file, &err);
	opened(t, status, from->folder, &err);
}

void pl_table_open_path(pl_reader *t, const pl_table_kind *kind, const char *path,
                        pl_faults *faults)
{
	pl_error err = {0};
	begin(t, kind, faults);
	opened(t, pl_csv_open(&t->csv, path, kind->file, &err), NULL, &err);
}

void pl_table_close(pl_reader *t)
{
	if (t->csv != NULL && pl_csv_broken(t->csv)) t->broken = true;
	pl_csv_close(t->csv);
	t->csv = NULL;
}

bool pl_table_next(pl_reader *t)
{
	bool got = false;
	while (t->csv != NULL && t->status == PL_OK) {
		pl_error err;
		const pl_status status = pl_csv_next(&got, t->csv, &err);
		t->row_bad = false;
		if (status == PL_OK) return got;
		t->broken = true;
		add_error(t, status, &err);
	}
	return false;
}

int64_t pl_table_line(const pl_reader *t)
{
	return pl_csv_line(t->csv);
}

/* ---- cells ---- */

void pl_table_fault(pl_reader *t, const char *fmt, ...)
{
	char text[900];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	t->row_bad = true;
	keep(t, pl_faults_add(t->faults, "%s:%lld: %s", t->kind->file,
	                      (long long)pl_csv_line(t->csv), text));
}

bool pl_table_listens(const pl_reader *t)
{
	return t->faults->n < PL_FAULTS_SHOWN;
}

const char *pl_table_text(pl_reader *t, int column)
{
	bool printable;
	if (t->at[column] < 0) return "";
	const char *s = pl_csv_text(&printable, t->csv, t->at[column]);
	if (printable || pl_utf8_control(s, (int64_t)strlen(s)) < 0) return s;
	pl_table_fault(t, "%s holds a line break, a tab or another control character",
	               t->kind->column[column].name);
	return "";
}

const char *pl_table_needed(pl_reader *t, int column)
{
	const int64_t before = t->faults->n;
	const char *s = pl_table_text(t, column);
	if (*s == '\0' && t->faults->n == before)
		pl_table_fault(t, "%s is empty; give one", t->kind->column[column].name);
	return s;
}

double pl_table_number(pl_reader *t, int column)
{
	double x = NAN;
	pl_error err; /* filled only by a fault, and this is called for every number */
	if (t->at[column] < 0) return x;
	const pl_status status = pl_csv_number(&x, t->csv, t->at[column], &err);
	if (status != PL_OK) add_error(t, status, &err);
	return x;
}

/* No name is the word. */
static void refuse_choice(pl_reader *t, int column, const char *word, const char *(*name)(int),
                          int n)
{
	pl_near near = {0};
	char all[256] = "", hint[PL_HINT_CHARS], brief[PL_BRIEF_CHARS];
	for (int i = 0; i < n; i++) {
		const size_t used = strlen(all);
		(void)snprintf(all + used, sizeof all - used, "%s%s", i == 0 ? "" : ", ",
		               name(i));
		pl_near_offer(&near, word, name(i));
	}
	pl_table_fault(t, "%s \"%s\" is none of %s%s", t->kind->column[column].name,
	               pl_text_brief(brief, word), all, pl_near_hint(hint, &near));
}

int pl_table_choice(pl_reader *t, int column, const char *(*name)(int), int n)
{
	const char *word = pl_table_needed(t, column);
	if (*word == '\0') return -1;
	for (int i = 0; i < n; i++)
		if (*name(i) == *word && strcmp(name(i), word) == 0) return i;
	refuse_choice(t, column, word, name, n);
	return -1;
}

/* ---- ids ---- */

void pl_ids_clear(pl_ids *s)
{
	pl_names_clear(&s->names);
	pl_free(s->line);
	s->line = NULL;
	s->room = 0;
}

bool pl_ids_of(pl_ids *s, pl_text ids, int64_t n)
{
	for (int32_t i = 0; i < n; i++) {
		const char *id = pl_text_at(ids, i);
		if (!pl_names_reserve(&s->names, id)) return false;
		(void)pl_names_put(&s->names, id);
	}
	s->there = s->of_model = true;
	return true;
}

bool pl_ids_new(const pl_ids *s, pl_reader *t, const char *id)
{
	char brief[PL_BRIEF_CHARS];
	if (*id == '\0') return false;
	const int32_t known = s->known != NULL ? pl_names_find(s->known, id) : -1;
	const int32_t other = known < 0 ? pl_names_find(&s->names, id) : -1;
	if (known < 0 && other < 0) return true;
	const int64_t line = known >= 0 ? pl_lines_at(s->known_line, known) : s->line[other];
	pl_table_fault(t, "%s \"%s\" stands twice (first in line %lld)", s->what,
	               pl_text_brief(brief, id), (long long)line);
	return false;
}

static bool ids_reserve(pl_ids *s, const char *id)
{
	const int64_t n = s->names.n;
	if (!pl_names_reserve(&s->names, id)) return false;
	if (n < s->room) return true;
	const int64_t room = pl_grow_room(s->room, n + 1);
	int64_t *line = pl_grow(s->line, n, room, sizeof *line);
	if (line == NULL) return false;
	s->line = line;
	s->room = room;
	return true;
}

void pl_ids_note(pl_ids *s, pl_reader *t, const char *id)
{
	if (!ids_reserve(s, id)) {
		t->status = PL_ENOMEM;
		return;
	}
	s->line[pl_names_put(&s->names, id)] = pl_table_line(t);
}

static bool has_near(int32_t *index, const pl_ids *s, const char *id, int32_t guess)
{
	*index = s->known != NULL ? pl_names_find_near(s->known, id, guess) : -1;
	if (*index >= 0) return true;
	const int32_t k = pl_names_find_near(&s->names, id, guess);
	if (s->of_model) *index = k;
	return k >= 0;
}

bool pl_ids_has(int32_t *index, const pl_ids *s, const char *id)
{
	return has_near(index, s, id, -1);
}

static void offer_names(pl_near *near, const pl_names *names, const char *id)
{
	for (int32_t i = 0; i < names->n; i++)
		pl_near_offer(near, id, names->text.bytes + names->at[i]);
}

void pl_ids_offer(pl_near *near, const pl_ids *s, const char *id)
{
	if (s->known != NULL) offer_names(near, s->known, id);
	offer_names(near, &s->names, id);
}

void pl_ids_expect(const pl_ids *s, const pl_reader *t, int column)
{
	/* rows in which memory answers twice: where the name is listed, then its text */
	static const int32_t ahead[2] = {8, 4};
	const pl_names *names = s->known != NULL ? s->known : &s->names;
	for (int k = 0; k < 2; k++) {
		int64_t n;
		const char *name = pl_csv_ahead(&n, t->csv, ahead[k], t->at[column]);
		if (name != NULL) pl_names_expect(names, name, n, k == 1);
	}
}

int32_t pl_ids_find_near(const pl_ids *s, pl_reader *t, const char *id, int32_t guess)
{
	int32_t index;
	if (has_near(&index, s, id, guess)) return index;
	t->row_bad = true;
	if (s->broken) return -1; /* it may stand where nothing could be read */
	pl_near near = {0};
	char hint[PL_HINT_CHARS], brief[PL_BRIEF_CHARS];
	if (pl_table_listens(t)) pl_ids_offer(&near, s, id);
	pl_table_fault(t,
	               s->there ? "%s \"%s\" is not in %s%s" : "%s \"%s\" needs a table %s%s",
	               s->what, pl_text_brief(brief, id), s->file, pl_near_hint(hint, &near));
	return -1;
}

int32_t pl_ids_find(const pl_ids *s, pl_reader *t, const char *id)
{
	return pl_ids_find_near(s, t, id, -1);
}
