/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_demo.c - plenum demo: a season to look at and take part in, gone when it ends. */
#include "base/error.h"
#include "cli/demo_players.h"
#include "cli/demo_season.h"
#include "cli/demo_votes.h"
#include "cli/folder.h"
#include "cli/sheet.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "server/door.h"
#include "server/net.h"
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

enum { PORT = 8765, DAY = 86400, PATIENCE = 60, RATE = 50, PER_ADDRESS = 256, GUIDES = 5 };
enum { GUIDED = 3 }; ///< of the guides, who vote for themselves: worker, neighbour, facilitator

/// Somebody with a part of their own, whose link is always told.
typedef struct {
	const char *is, *task; ///< task: for a card
	int64_t person;
	char code[PL_CODE_CHARS];
} guide;

typedef struct {
	const pl_args *a;
	char folder[PL_PATH_MOST], record[PL_PATH_MOST + 16];
	unsigned char seed[PL_KEY_SEED];
	guide guide[GUIDES];
	int64_t players;
	pl_player player[PL_PLAYERS_MOST];
	char url[64];
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

static pl_status draw_codes(job *j, pl_store *s, int64_t now, pl_error *err)
{
	PL_TRY(pl_players_find(j->player, j->players, s, err));
	for (int i = 0; i < GUIDES; i++)
		PL_TRY(pl_door_invite(j->guide[i].code, s, j->guide[i].person, now + DAY, false,
		                      err));
	for (int64_t i = 0; i < j->players; i++)
		PL_TRY(pl_door_invite(j->player[i].code, s, j->player[i].person, now + DAY,
		                      false, err));
	return PL_OK;
}

static pl_status invite(job *j, pl_store *s, int64_t now, pl_error *err)
{
	PL_TRY(pl_store_begin(s, err));
	const pl_status st = draw_codes(j, s, now, err);
	if (st == PL_OK) return pl_store_commit(s, err);
	pl_store_rollback(s);
	return st;
}

static pl_status make_record(job *j, pl_error *err)
{
	const int64_t now = (int64_t)time(NULL);
	pl_demo_people p;
	pl_store *s = NULL;
	pl_app *app = NULL;
	randombytes_buf(j->seed, sizeof j->seed);
	pl_status st = pl_store_open(&s, j->record, true, err);
	if (st == PL_OK) st = pl_app_new(&app, s, j->seed, err);
	if (st == PL_OK) st = pl_demo_season(&p, app, s, now, err);
	if (st == PL_OK) {
		const guide list[GUIDES] = {
		        {"a worker", "", p.worker, ""},
		        {"a neighbour", "", p.neighbour, ""},
		        {"a facilitator", "You open and close rounds", p.facilitator, ""},
		        {"a second facilitator", "You agree to dates, or do not", p.second, ""},
		        {"an auditor", "You rule on objections", p.auditor, ""}};
		memcpy(j->guide, list, sizeof list);
		st = invite(j, s, now, err);
	}
	pl_app_free(app);
	pl_store_close(s);
	return st;
}

/* ---- showing it ---- */

/// In a game the players are workers and neighbours: those two have no card.
static bool is_player(const job *j, int which)
{
	return j->players > 0 && which < 2;
}

static void print_links(const job *j)
{
	printf("A valley has planned its year 2027 for three weeks. Its fourth round is "
	       "open:\n\n"
	       "  %s\n\n"
	       "Each of these links logs one person in, once:\n\n",
	       j->url);
	for (int i = 0; i < GUIDES; i++)
		if (!is_player(j, i))
			printf("  %-20s  %sj/%s\n", j->guide[i].is, j->url, j->guide[i].code);
	for (int64_t i = 0; i < j->players; i++)
		printf("  %sj/%s  %s, %s\n", j->url, j->player[i].code, j->player[i].called,
		       j->player[i].name);
	printf("\nCtrl-C ends it, and nothing of it is kept. Until then its record is\n"
	       "%s\n",
	       j->record);
	(void)fflush(stdout);
}

static void print_guides(FILE *to, const job *j)
{
	char link[128];
	for (int i = 0; i < GUIDES; i++) {
		if (is_player(j, i)) continue;
		(void)snprintf(link, sizeof link, "%sj/%s", j->url, j->guide[i].code);
		pl_sheet_card(to, &(pl_card){.person = j->guide[i].person,
		                             .name = j->guide[i].is,
		                             .task = j->guide[i].task,
		                             .link = link});
	}
}

static void print_cards(FILE *to, const void *with)
{
	const job *j = with;
	char link[128], task[300];
	pl_sheet_begin(to);
	print_guides(to, j);
	for (int64_t i = 0; i < j->players; i++) {
		const pl_player *p = &j->player[i];
		(void)snprintf(link, sizeof link, "%sj/%s", j->url, p->code);
		(void)snprintf(task, sizeof task, "You speak for: %s", p->name);
		pl_sheet_card(to, &(pl_card){.person = p->person,
		                             .name = p->called,
		                             .task = task,
		                             .link = link});
	}
	pl_sheet_end(to);
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

static pl_status show(job *j, const pl_server *server, pl_error *err)
{
	const char *sheet = pl_args_text(j->a, PL_O_sheet__invite);
	const bool lan = pl_args_has(j->a, PL_O_lan);
	char host[PL_NET_CHARS];
	const bool known = lan && pl_net_own(host)[0] != '\0';
	if (!known) (void)snprintf(host, sizeof host, "127.0.0.1");
	if (lan)
		pl_tell_note(
		        j->a,
		        known ? "everybody in this network can reach the server, and what is "
		                "sent is not encrypted: use it among people who trust the "
		                "network"
		              : "this computer has no address in a local network: the links "
		                "are good on this computer alone");
	(void)snprintf(j->url, sizeof j->url, "http://%s:%d/", host, pl_serve_port(server));
	if (sheet != NULL) PL_TRY(pl_sheet_file(sheet, print_cards, j, err));
	print_links(j);
	open_browser(j, j->url);
	return PL_OK;
}

/// As long as it is shown, people who were made up vote; in a game, with others, they do not.
static pl_status stay_open(const job *j, pl_error *err)
{
	enum { LOOK = 20 }; ///< pauses between two looks for a vote
	const struct timespec pause = {.tv_nsec = 50000000};
	const int64_t real[GUIDED] = {j->guide[0].person, j->guide[1].person,
	                              j->guide[2].person};
	pl_store *s = NULL;
	pl_app *app = NULL;
	pl_status st = pl_store_open(&s, j->record, false, err);
	if (st == PL_OK) st = pl_app_new(&app, s, j->seed, err);
	for (int64_t i = 1; st == PL_OK && !pl_stop_asked(); i++) {
		(void)nanosleep(&pause, NULL);
		if (j->players == 0 && i % LOOK == 0)
			st = pl_demo_vote(app, s, real, GUIDED, (int64_t)time(NULL), err);
	}
	pl_app_free(app);
	pl_store_close(s);
	return st;
}

static pl_status serve(job *j, pl_error *err)
{
	const bool lan = pl_args_has(j->a, PL_O_lan);
	const pl_serve_options o = {.address = j->record,
	                            .seed = j->seed,
	                            .base = "",
	                            .rate = RATE,
	                            .http = {.port = (int)pl_args_whole(j->a, PL_O_port, PORT),
	                                     .from = lan ? PL_FROM_PRIVATE : PL_FROM_LOOPBACK,
	                                     .per_address = lan ? PER_ADDRESS : 0,
	                                     .patience = PATIENCE}};
	pl_server *server;
	PL_TRY(pl_serve_new(&server, &o, err));
	pl_status st = show(j, server, err);
	if (st == PL_OK) st = stay_open(j, err);
	pl_serve_free(server);
	if (st == PL_OK) pl_stop_met();
	return st;
}

int pl_verb_demo(const pl_args *a)
{
	job j = {.a = a, .players = pl_args_whole(a, PL_O_people, 0)};
	pl_error err;
	if (sodium_init() < 0) return PL_EXIT_INPUT;
	pl_stop_listen();
	pl_status st = make_folder(&j, &err);
	if (st == PL_OK) st = make_record(&j, &err);
	if (st == PL_OK) st = serve(&j, &err);
	remove_folder(&j);
	sodium_memzero(&j, sizeof j);
	return st == PL_OK ? PL_EXIT_GOOD : pl_tell_error(a, &err);
}
