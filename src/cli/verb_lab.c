/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_lab.c - plenum lab: run a grid of experiments. Each run is stored when it is finished,
 * so that whatever ends the program, the same command does only what is missing. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "cli/bar.h"
#include "cli/lab_run.h"
#include "cli/lab_tables.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "io/outdir.h"
#include "io/row.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char marker[] = "experiment.json";

/// An experiment on its way. What threads share is written inside `critical` only.
typedef struct {
	const pl_args *a;
	pl_lab lab;
	char out[PL_PATH_MOST], runs[PL_PATH_MOST];
	int lock; ///< the marker, held against another process; -1
	int64_t n_runs, n_before, n_done;
	pl_bar bar;
	pl_status status;
	pl_error why; ///< of the run that failed first
	pl_lab_summary summary;
	double seconds;
} job;

/* ---- the folder ---- */

static pl_status name_folder(job *j, pl_error *err)
{
	const char *out = pl_args_text(j->a, PL_O_out);
	if (out == NULL) out = j->lab.name;
	if (strlen(out) + PL_LAB_NAME_ROOM >= PL_PATH_MOST)
		return pl_fail(err, PL_EARG, -1, "the name of the folder is too long");
	(void)snprintf(j->out, sizeof j->out, "%s", out);
	return pl_folder_path(j->runs, out, "runs", err);
}

/// The bytes of the marker that this experiment has.
static pl_status marker_bytes(char **out, size_t *n, const pl_lab *lab, pl_error *err)
{
	FILE *to = open_memstream(out, n);
	if (to == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the experiment");
	pl_lab_manifest(to, lab, NULL);
	if (fclose(to) == 0) return PL_OK;
	free(*out);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the experiment");
}

/// Does the marker in the folder hold these bytes? A folder without a marker must be empty or
/// missing.
static pl_status compare_marker(bool *there, const job *j, const char *bytes, size_t n,
                                pl_error *err)
{
	char path[PL_PATH_MOST];
	PL_TRY(pl_folder_path(path, j->out, marker, err));
	FILE *from = fopen(path, "rb");
	*there = from != NULL;
	if (from != NULL) {
		size_t k = 0;
		int c = getc(from);
		while (k < n && c == (unsigned char)bytes[k]) {
			k++;
			c = getc(from);
		}
		(void)fclose(from);
		if (k == n && c == EOF) return PL_OK;
		return pl_fail(err, PL_EARG, -1,
		               "%.200s holds another experiment (%s), or one that another "
		               "version ran; name another folder with --out",
		               j->out, marker);
	}
	DIR *dir = opendir(j->out);
	bool empty = true;
	if (dir == NULL && errno == ENOENT) return PL_OK;
	if (dir == NULL)
		return pl_fail(err, PL_EIO, -1, "%.300s cannot be read: %s", j->out,
		               strerror(errno));
	for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) empty = false;
	(void)closedir(dir);
	if (empty) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "%.300s is not empty and holds no experiment; name another folder "
	               "with --out",
	               j->out);
}

static pl_status write_marker(const job *j, const char *bytes, size_t n, pl_error *err)
{
	pl_outdir *to;
	PL_TRY(pl_outdir_open(&to, j->out, err));
	FILE *file = pl_outdir_file(to, marker, err);
	if (file == NULL) {
		pl_outdir_abandon(to);
		return PL_EIO;
	}
	(void)fwrite(bytes, 1, n, file);
	return pl_outdir_commit(to, err);
}

/// Keep other processes out of the folder for as long as this one lives.
static pl_status lock_folder(job *j, pl_error *err)
{
	char path[PL_PATH_MOST];
	PL_TRY(pl_folder_path(path, j->out, marker, err));
	j->lock = open(path, O_RDONLY | O_CLOEXEC);
	if (j->lock < 0 || flock(j->lock, LOCK_EX | LOCK_NB) != 0)
		return pl_fail(err, PL_EARG, -1, "another plenum lab is at work in %.300s",
		               j->out);
	if (mkdir(j->runs, 0777) == 0 || errno == EEXIST) return PL_OK;
	return pl_fail(err, PL_EIO, -1, "%.300s cannot be made: %s", j->runs, strerror(errno));
}

/// Parts of tables that a killed process left. @pre the folder is locked
static void sweep_parts(const job *j)
{
	DIR *dir = opendir(j->runs);
	if (dir == NULL) return;
	for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
		if (e->d_name[0] == '.' && strstr(e->d_name, ".csv.") != NULL)
			(void)unlinkat(dirfd(dir), e->d_name, 0);
	(void)closedir(dir);
}

static pl_status open_folder(job *j, pl_error *err)
{
	char *bytes = NULL;
	size_t n = 0;
	bool there = false;
	PL_TRY(name_folder(j, err));
	PL_TRY(marker_bytes(&bytes, &n, &j->lab, err));
	pl_status st = compare_marker(&there, j, bytes, n, err);
	if (st == PL_OK && !there) st = write_marker(j, bytes, n, err);
	free(bytes);
	if (st == PL_OK) st = lock_folder(j, err);
	if (st == PL_OK) sweep_parts(j);
	return st;
}

/* ---- the runs ---- */

static bool is_done(const job *j, int64_t run)
{
	char name[PL_LAB_FILE_ROOM];
	pl_lab_file_name(name, run, PL_LAB_YEARS);
	return pl_folder_holds(j->runs, name);
}

/// After each round of each run, on the thread that plays it.
static bool go_on(void *self)
{
	job *j = self;
	bool more;
#pragma omp critical(pl_lab)
	{
		pl_bar_count(&j->bar, "runs", j->n_done, j->n_runs);
		more = j->status == PL_OK && !pl_stop_asked();
	}
	return more;
}

static void play_one(job *j, int64_t run)
{
	pl_error err;
	if (is_done(j, run) || !go_on(j)) return;
	const pl_status st = pl_lab_play(&j->lab, run, j->runs, go_on, j, &err);
#pragma omp critical(pl_lab)
	{
		j->n_done += st == PL_OK;
		if (st != PL_OK && st != PL_ESTOPPED && j->status == PL_OK) {
			j->status = st;
			j->why = err;
		}
	}
}

static pl_status play_all(job *j, pl_error *err)
{
	j->n_runs = pl_lab_runs(&j->lab);
	for (int64_t run = 0; run < j->n_runs; run++) j->n_before += is_done(j, run);
	j->n_done = j->n_before;
	j->bar = pl_bar_begin(stderr, !pl_args_has(j->a, PL_O_quiet), NULL, 0);
	const double begun = pl_bar_clock();
	/* A run is one thread: what is parallel inside stays so, but not within this loop. */
#pragma omp parallel for schedule(dynamic, 1)
	for (int64_t run = 0; run < j->n_runs; run++) play_one(j, run);
	j->seconds = pl_bar_clock() - begun;
	pl_bar_end(&j->bar);
	if (j->status != PL_OK) {
		if (err != NULL) *err = j->why;
		return j->status;
	}
	if (j->n_done == j->n_runs) return PL_OK;
	return pl_fail(err, PL_ESTOPPED, -1,
	               "stopped after %lld of %lld runs; the same command goes on from there",
	               (long long)j->n_done, (long long)j->n_runs);
}

/* ---- the end ---- */

/// Are the bytes those that the manifest promises? True where there is none.
static bool keeps_promise(const job *j)
{
	const pl_lab *lab = &j->lab;
	return lab->results[0] == '\0' ||
	       (strcmp(lab->results, j->summary.digest[PL_LAB_YEARS]) == 0 &&
	        strcmp(lab->rounds, j->summary.digest[PL_LAB_ROUNDS]) == 0);
}

static void print_json(const job *j)
{
	pl_json to = {.to = stdout};
	pl_json_open_object(&to, NULL);
	pl_lab_json(&to, &j->lab, &j->summary);
	pl_json_put_text(&to, "out", j->out);
	pl_json_put_whole(&to, "runs_before", j->n_before);
	if (j->lab.results[0] != '\0') pl_json_put_bool(&to, "same", keeps_promise(j));
	pl_json_put_number(&to, "seconds", j->seconds);
	pl_json_put_text(&to, "version", PL_VERSION);
	pl_json_close_object(&to);
}

static void print_text(const job *j)
{
	char one[48], two[48];
	printf("%s: %s in %.1f s", j->lab.name,
	       pl_tell_count(one, j->n_runs - j->n_before, "run", "runs"), j->seconds);
	if (j->n_before > 0)
		printf(", %s from before", pl_tell_count(two, j->n_before, "run", "runs"));
	fputs("\n", stdout);
	pl_lab_print(stdout, &j->lab, &j->summary);
	printf("%s: results.csv, rounds.csv, manifest.json%s\n", j->out,
	       j->lab.results[0] == '\0' ? ""
	       : keeps_promise(j)        ? " (the bytes that the file promises)"
	                                 : "");
}

static int finish(job *j, pl_status st, const pl_error *err)
{
	int code = PL_EXIT_GOOD;
	if (st != PL_OK) {
		code = st == PL_ESTOPPED ? PL_EXIT_STOPPED : PL_EXIT_INPUT;
		if (st == PL_ESTOPPED)
			pl_tell_note(j->a, "%s", err->msg);
		else
			(void)pl_tell_error(j->a, err);
	} else if (!keeps_promise(j)) {
		pl_tell_note(j->a, "the results are not those that the file promises");
		code = PL_EXIT_NOT;
	}
	pl_lab_summary_clear(&j->summary);
	pl_lab_clear(&j->lab);
	if (j->lock >= 0) (void)close(j->lock);
	return code;
}

int pl_verb_lab(const pl_args *a)
{
	job j = {.a = a, .lock = -1};
	pl_error err;
	pl_threads_set((int)pl_args_whole(a, PL_O_threads, 0));
	pl_status st = pl_lab_read(&j.lab, a->arg[0], &err);
	if (st == PL_OK) st = open_folder(&j, &err);
	if (st == PL_OK) st = play_all(&j, &err);
	if (st == PL_OK) st = pl_lab_join(&j.summary, &j.lab, j.out, &err);
	if (st == PL_OK && pl_args_has(a, PL_O_json))
		print_json(&j);
	else if (st == PL_OK && !pl_args_has(a, PL_O_quiet))
		print_text(&j);
	return finish(&j, st, &err);
}
