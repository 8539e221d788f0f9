/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_demo.c - plenum demo: a season to look at and take part in, gone when it ends. */
#include "base/error.h"
#include "cli/demo_season.h"
#include "cli/folder.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "server/door.h"
#include "server/serve.h"
#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PORT = 8765, DAY = 86400, PATIENCE = 60, RATE = 50 };

typedef struct {
	const pl_args *a;
	char folder[PL_PATH_MOST], record[PL_PATH_MOST + 16];
	unsigned char seed[PL_KEY_SEED];
	pl_demo_people people;
	char facilitator[PL_CODE_CHARS], worker[PL_CODE_CHARS], neighbour[PL_CODE_CHARS];
} job;

/* ---- a record of its own ---- */

static pl_status make_folder(job *j, pl_error *err)
{
	const char *where = getenv("TMPDIR");
	if (where == NULL || where[0] != '/') where = "/tmp";
	if (snprintf(j->folder, sizeof j->folder, "%s/plenum-demo-XXXXXX", where) >=
	    (int)sizeof j->folder)
		return pl_fail(err, PL_EARG, -1, "TMPDIR is too long");
	if (mkdtemp(j->folder) == NULL)
		return pl_fail(err, PL_EIO, -1, "%.300s: no folder can be made there: %s",
		               where, strerror(errno));
	(void)snprintf(j->record, sizeof j->record, "%s/valley.plenum", j->folder);
	return PL_OK;
}

static void remove_folder(const job *j)
{
	static const char *const files[] = {"", "-wal", "-shm"};
	char path[sizeof j->record + 8];
	if (j->record[0] == '\0') return;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		(void)snprintf(path, sizeof path, "%s%s", j->record, files[i]);
		(void)unlink(path);
	}
	(void)rmdir(j->folder);
}

static pl_status invite(job *j, pl_store *s, int64_t now, pl_error *err)
{
	PL_TRY(pl_store_begin(s, err));
	pl_status st =
	        pl_door_invite(j->facilitator, s, j->people.facilitator, now + DAY, false, err);
	if (st == PL_OK)
		st = pl_door_invite(j->worker, s, j->people.worker, now + DAY, false, err);
	if (st == PL_OK)
		st = pl_door_invite(j->neighbour, s, j->people.neighbour, now + DAY, false,
		                    err);
	if (st == PL_OK) return pl_store_commit(s, err);
	pl_store_rollback(s);
	return st;
}

static pl_status make_record(job *j, pl_error *err)
{
	const int64_t now = (int64_t)time(NULL);
	pl_store *s = NULL;
	pl_app *app = NULL;
	randombytes_buf(j->seed, sizeof j->seed);
	pl_status st = pl_store_open(&s, j->record, true, err);
	if (st == PL_OK) st = pl_app_new(&app, s, j->seed, err);
	if (st == PL_OK) st = pl_demo_season(&j->people, app, s, now, err);
	if (st == PL_OK) st = invite(j, s, now, err);
	pl_app_free(app);
	pl_store_close(s);
	return st;
}

/* ---- showing it ---- */

static void print_links(const job *j, const char *url)
{
	printf("A valley has planned its year 2027 for three weeks. Its fourth round is "
	       "open:\n\n"
	       "  %s\n\n"
	       "Each of these links logs one person in, once:\n\n"
	       "  a worker       %sj/%s\n"
	       "  a neighbour    %sj/%s\n"
	       "  a facilitator  %sj/%s\n\n"
	       "Ctrl-C ends it, and nothing of it is kept.\n",
	       url, url, j->worker, url, j->neighbour, url, j->facilitator);
	(void)fflush(stdout);
}

/// Open the page, where somebody sits at this computer.
static void open_browser(const job *j, const char *url)
{
	if (pl_args_has(j->a, PL_O_no_browser) || isatty(STDOUT_FILENO) == 0 ||
	    (getenv("DISPLAY") == NULL && getenv("WAYLAND_DISPLAY") == NULL))
		return;
	const pid_t child = fork();
	if (child == 0) {
		if (fork() == 0) (void)execlp("xdg-open", "xdg-open", url, (char *)NULL);
		_exit(0);
	}
	if (child > 0) (void)waitpid(child, NULL, 0);
}

static pl_status serve(const job *j, pl_error *err)
{
	const struct timespec pause = {.tv_nsec = 50000000};
	const pl_serve_options o = {.address = j->record,
	                            .seed = j->seed,
	                            .base = "",
	                            .rate = RATE,
	                            .http = {.port = (int)pl_args_whole(j->a, PL_O_port, PORT),
	                                     .from = PL_FROM_LOOPBACK,
	                                     .patience = PATIENCE}};
	pl_server *server;
	char url[64];
	PL_TRY(pl_serve_new(&server, &o, err));
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%d/", pl_serve_port(server));
	print_links(j, url);
	open_browser(j, url);
	while (!pl_stop_asked()) (void)nanosleep(&pause, NULL);
	pl_serve_free(server);
	pl_stop_met();
	return PL_OK;
}

int pl_verb_demo(const pl_args *a)
{
	job j = {.a = a};
	pl_error err;
	if (sodium_init() < 0) return PL_EXIT_INPUT;
	pl_stop_listen();
	pl_status st = make_folder(&j, &err);
	if (st == PL_OK) st = make_record(&j, &err);
	if (st == PL_OK) st = serve(&j, &err);
	remove_folder(&j);
	sodium_memzero(&j.seed, sizeof j.seed);
	return st == PL_OK ? PL_EXIT_GOOD : pl_tell_error(a, &err);
}
