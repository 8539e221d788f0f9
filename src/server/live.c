/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* live.c - one thread reads what came, at most five times a second, and wakes the streams that
 * have not heard of it. A stream that nothing wakes costs no thread and no processor. */
#include "server/live.h"

#include "app/ops.h"
#include "base/alloc.h"
#include "base/error.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	PACE_MS = 200,     ///< between two pieces of news
	LOOK_MS = 1000,    ///< between two looks for what other programs recorded
	BEAT_SECONDS = 15, ///< between two signs of life
	TEXT_CHARS = 160 + PL_OPS * (PL_TYPE_CHARS + 3)
};

typedef struct client client;
struct client {
	pl_http_stream stream; ///< stands first
	pl_live *live;
	client *next, **link;
	int64_t person, height; ///< the height that it was told
	double told;            ///< when it was told anything
	bool asleep, greeted;
	int n, at; ///< of text, and what of it was sent
	char text[TEXT_CHARS];
};

struct pl_live {
	pl_desk *desk;
	pthread_mutex_t mutex;
	pthread_cond_t news;
	pthread_t thread;
	bool running, ending, grown;
	client *clients;
	int64_t n_clients, height;
	int64_t last[PL_OPS]; ///< height of the last event of each type
};

static double now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- what has happened ---- */

typedef struct {
	int64_t height;
	int64_t last[PL_OPS];
} news;

static bool note_event(void *with, const pl_event *e)
{
	news *n = with;
	const int op = pl_op_of(e->type);
	n->height = e->height;
	if (op >= 0) n->last[op] = e->height;
	return true;
}

static pl_status read_events(void *with, pl_store *s, pl_error *err)
{
	news *n = with;
	return pl_store_events(s, n->height + 1, note_event, n, err);
}

/// What other programs write is seen too: the store is asked, not whoever wrote.
static pl_status look(pl_live *l, pl_error *err)
{
	news n = {.height = l->height};
	PL_TRY(pl_desk_look(l->desk, PL_READ_SHORT, read_events, &n, err));
	pl_desk_note_height(l->desk, n.height);
	(void)pthread_mutex_lock(&l->mutex);
	for (int i = 0; i < PL_OPS; i++)
		if (n.last[i] > 0) l->last[i] = n.last[i];
	l->height = n.height;
	(void)pthread_mutex_unlock(&l->mutex);
	return PL_OK;
}

/* ---- a stream; all of it under the mutex ---- */

static void say(client *c, const char *text)
{
	const int room = TEXT_CHARS - c->n;
	const int k = snprintf(c->text + c->n, (size_t)room, "%s", text);
	c->n += k < room ? k : room - 1;
}

static void say_news(client *c, bool types)
{
	const pl_live *l = c->live;
	char head[80];
	bool some = false;
	(void)snprintf(head, sizeof head,
	               "id: %" PRId64 "\ndata: {\"height\":%" PRId64 ",\"types\":[", l->height,
	               l->height);
	say(c, head);
	for (int i = 0; i < PL_OPS && types; i++) {
		if (l->last[i] <= c->height) continue;
		say(c, some ? ",\"" : "\"");
		say(c, pl_ops[i].name);
		say(c, "\"");
		some = true;
	}
	say(c, "]}\n\n");
	c->height = l->height;
}

static bool is_due(const client *c, double time)
{
	return c->live->ending || c->height < c->live->height || time > c->told + BEAT_SECONDS;
}

/// Fill in what is to be said next; nothing where nothing is due.
static void compose(client *c)
{
	const double time = now();
	c->n = c->at = 0;
	if (!c->greeted) {
		const bool knows = c->height >= 0;
		say(c, "retry: 2000\n\n");
		if (!knows || c->height < c->live->height) say_news(c, knows);
		c->greeted = true;
	} else if (c->height < c->live->height) {
		say_news(c, true);
	} else if (is_due(c, time)) {
		say(c, ":\n\n");
	}
	if (c->n > 0) c->told = time;
}

static int64_t read_client(pl_http_stream *s, char *out, int64_t room)
{
	client *c = (client *)s;
	pl_live *l = c->live;
	int64_t n = -1;
	(void)pthread_mutex_lock(&l->mutex);
	if (!l->ending) {
		if (c->at == c->n) compose(c);
		n = c->n - c->at < room ? c->n - c->at : room;
		memcpy(out, c->text + c->at, (size_t)n);
		c->at += (int)n;
		c->asleep = n == 0;
		if (c->asleep) pl_http_sleep(s);
	}
	(void)pthread_mutex_unlock(&l->mutex);
	return n;
}

static void close_client(pl_http_stream *s)
{
	client *c = (client *)s;
	pl_live *l = c->live;
	(void)pthread_mutex_lock(&l->mutex);
	*c->link = c->next;
	if (c->next != NULL) c->next->link = c->link;
	l->n_clients--;
	(void)pthread_mutex_unlock(&l->mutex);
	pl_free(c);
}

pl_status pl_live_stream(pl_http_stream **out, pl_live *l, int64_t person, int64_t after,
                         pl_error *err)
{
	int same = 0;
	*out = NULL;
	client *c = pl_alloc(1, sizeof *c);
	if (c == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for another listener");
	*c = (client){.stream = {.read = read_client, .close = close_client},
	              .live = l,
	              .person = person,
	              .height = after,
	              .told = now()};
	(void)pthread_mutex_lock(&l->mutex);
	if (c->height > l->height) c->height = l->height;
	for (const client *i = l->clients; i != NULL; i = i->next) same += i->person == person;
	if (same < PL_LIVE_PER_PERSON) {
		c->next = l->clients;
		c->link = &l->clients;
		if (c->next != NULL) c->next->link = &c->next;
		l->clients = c;
		l->n_clients++;
		*out = &c->stream;
	}
	(void)pthread_mutex_unlock(&l->mutex);
	if (*out != NULL) return PL_OK;
	pl_free(c);
	return pl_fail(err, PL_ECONFLICT, -1,
	               "you listen to the news %d times already; close a page or a program",
	               PL_LIVE_PER_PERSON);
}

/* ---- the thread ---- */

static void wake_due(pl_live *l)
{
	const double time = now();
	for (client *c = l->clients; c != NULL; c = c->next) {
		if (!c->asleep || !is_due(c, time)) continue;
		c->asleep = false;
		pl_http_wake(&c->stream);
	}
}

/// Wait for news, but not for ever. @return false: it ends
static bool wait_for_news(pl_live *l)
{
	struct timespec until;
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LOOK_MS / 1000;
	(void)pthread_mutex_lock(&l->mutex);
	while (!l->grown && !l->ending &&
	       pthread_cond_timedwait(&l->news, &l->mutex, &until) == 0) {
	}
	l->grown = false;
	const bool on = !l->ending;
	(void)pthread_mutex_unlock(&l->mutex);
	return on;
}

static void *run(void *with)
{
	pl_live *l = with;
	const struct timespec pace = {.tv_nsec = PACE_MS * 1000000L};
	while (wait_for_news(l)) {
		(void)look(l, NULL); /* what fails now is looked for again */
		(void)pthread_mutex_lock(&l->mutex);
		wake_due(l);
		(void)pthread_mutex_unlock(&l->mutex);
		(void)nanosleep(&pace, NULL);
	}
	return NULL;
}

static void note_growth(void *with)
{
	pl_live *l = with;
	(void)pthread_mutex_lock(&l->mutex);
	l->grown = true;
	(void)pthread_cond_signal(&l->news);
	(void)pthread_mutex_unlock(&l->mutex);
}

/* ---- beginning and end ---- */

pl_status pl_live_new(pl_live **out, pl_desk *desk, pl_error *err)
{
	*out = NULL;
	pl_live *l = pl_alloc(1, sizeof *l);
	if (l == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for live news");
	l->desk = desk;
	(void)pthread_mutex_init(&l->mutex, NULL);
	(void)pthread_cond_init(&l->news, NULL);
	pl_status st = look(l, err);
	l->running = st == PL_OK && pthread_create(&l->thread, NULL, run, l) == 0;
	if (st == PL_OK && !l->running)
		st = pl_fail(err, PL_EIO, -1, "the system gives no more threads");
	if (st != PL_OK) {
		pl_live_free(l);
		return st;
	}
	pl_desk_tell(desk, note_growth, l);
	*out = l;
	return PL_OK;
}

void pl_live_end(pl_live *l)
{
	if (l == NULL) return;
	(void)pthread_mutex_lock(&l->mutex);
	l->ending = true;
	(void)pthread_cond_signal(&l->news);
	wake_due(l);
	(void)pthread_mutex_unlock(&l->mutex);
	if (l->running) (void)pthread_join(l->thread, NULL);
	l->running = false;
}

void pl_live_free(pl_live *l)
{
	if (l == NULL) return;
	pl_live_end(l);
	(void)pthread_cond_destroy(&l->news);
	(void)pthread_mutex_destroy(&l->mutex);
	pl_free(l);
}

int64_t pl_live_clients(pl_live *l)
{
	(void)pthread_mutex_lock(&l->mutex);
	const int64_t n = l->n_clients;
	(void)pthread_mutex_unlock(&l->mutex);
	return n;
}
