/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* server_load NAME=VALUE... - many clients of one plenum serve, from one thread with epoll, so
 * that on a small machine they leave the time to the server. Prints one JSON object.
 *
 * Requests of writers and readers are sent at a fixed rate whether or not the server keeps up,
 * and their time runs from when they were due: a server that stalls cannot hide it by making
 * its clients wait. News are timed from when the write that they tell of was due. */
#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	PEOPLE_MOST = 4096,
	TOKEN_CHARS = 65,
	IN_CHARS = 2048,  ///< of an answer that is looked at
	OUT_CHARS = 1024, ///< of a request
	LINES = 5,        ///< of a proposal
	SLICES = 100000,  ///< of a tenth of a millisecond, of the times of news
	CONNECT_SECONDS = 60,
	DRAIN_SECONDS = 20,
	SLOW_TAKES = 64 ///< bytes a second
};

typedef enum { WRITE, READ, FLOOD, TIMED, LISTEN = TIMED, SLOW, KINDS } kind;

/// Somebody who is logged in, and the council whose delegate they are.
typedef struct {
	char token[TOKEN_CHARS];
	int64_t council, version;
} person;

typedef struct {
	kind kind;
	int number, file; ///< file -1: not connected
	person *who;
	bool busy, head_read;
	double due;
	int n_in, status;
	int64_t left;  ///< bytes of the answer's body that are to come
	int64_t heard; ///< the last height, of a listener
	char in[IN_CHARS];
} peer;

/// What was asked by peers of one kind, and how it went.
typedef struct {
	double rate;
	int n_peers, n_idle, first;
	int *idle; ///< [n_peers] of load.peers; a ring, so that they take turns: n_idle from
	           ///< first
	double *took;
	int64_t sent, answered, good, too_many, room;
} group;

typedef struct {
	int64_t height;
	double when;
	int64_t before; ///< the height that this listener knew
} piece;

typedef struct {
	int port, epoll, n_people, n_peers;
	int64_t cut, lost, n_pieces, room_pieces, n_due, top;
	double begun, seconds;
	const char *path, *large;
	person *people;
	peer *peers;
	group group[TIMED];
	int listeners, slow, at_slow, greeted;
	piece *pieces;
	double *due; ///< [n_due] of a height, when its write was due; 0: not one of ours
} load;

static double now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void give_up(const char *what)
{
	(void)fprintf(stderr, "server_load: %s\n", what);
	exit(2);
}

static void *some(int64_t n, size_t size)
{
	void *made = pl_alloc(n, size);
	if (made == NULL) give_up("no memory");
	return made;
}

/* ---- connections ---- */

static void hang_up(peer *p)
{
	if (p->file >= 0) (void)close(p->file);
	p->file = -1;
	p->busy = false;
}

static void call_up(load *l, peer *p)
{
	const int on = 1, little = 1024;
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)l->port)};
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	p->file = socket(AF_INET, SOCK_STREAM, 0);
	if (p->file < 0) give_up("no more files: raise ulimit -n");
	if (p->kind == SLOW)
		(void)setsockopt(p->file, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
	if (connect(p->file, (const struct sockaddr *)&at, sizeof at) != 0) {
		hang_up(p);
		return;
	}
	(void)setsockopt(p->file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	(void)fcntl(p->file, F_SETFL, O_NONBLOCK);
	p->n_in = 0;
	p->head_read = false;
	/* who is slow does not look whether anything has come */
	struct epoll_event event = {.events = p->kind == SLOW ? 0 : EPOLLIN, .data.ptr = p};
	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, p->file, &event) != 0) give_up("epoll fails");
}

static bool say(peer *p, const char *text, size_t n)
{
	return p->file >= 0 && send(p->file, text, n, MSG_NOSIGNAL) == (ssize_t)n;
}

/* ---- requests ---- */

static int head(char *out, const char *method, const char *path, const person *who)
{
	return snprintf(out, OUT_CHARS,
	                "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n",
	                method, path, who->token);
}

static int proposal(char *out, const person *who)
{
	char body[OUT_CHARS / 2];
	int n = snprintf(body, sizeof body, "{\"council\":%" PRId64 ",\"version\":%" PRId64,
	                 who->council, who->version);
	for (int i = 0; i < LINES; i++)
		n += snprintf(body + n, sizeof body - (size_t)n,
		              "%s{\"good\":%d,\"role\":\"wants\",\"quantity\":%" PRId64 "}",
		              i == 0 ? ",\"lines\":[" : ",", i + 1, 1000 + who->version);
	n += snprintf(body + n, sizeof body - (size_t)n, "]}");
	int k = head(out, "POST", "/api/seasons/1/proposals", who);
	k += snprintf(out + k, OUT_CHARS - (size_t)k,
	              "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", n,
	              body);
	return k;
}

static void ask(load *l, peer *p, double due)
{
	char text[OUT_CHARS];
	int n;
	if (p->kind == READ || p->kind == LISTEN) {
		n = head(text, "GET", p->kind == READ ? l->path : "/api/events", p->who);
		n += snprintf(text + n, sizeof text - (size_t)n, "\r\n");
	} else {
		n = proposal(text, p->who);
	}
	if (p->file < 0) call_up(l, p);
	p->busy = true;
	p->due = due;
	if (!say(p, text, (size_t)n)) {
		hang_up(p);
		l->lost++;
	}
}

/* ---- answers ---- */

static void note_height(load *l, int64_t height, double due)
{
	if (height >= 0 && height < l->n_due) l->due[height] = due;
	if (height > l->top) l->top = height;
}

static void rest(load *l, const peer *p)
{
	group *g = &l->group[p->kind];
	int at = g->first + g->n_idle++;
	if (at >= g->n_peers) at -= g->n_peers;
	g->idle[at] = (int)(p - l->peers);
}

static peer *next_idle(load *l, group *g)
{
	peer *p = &l->peers[g->idle[g->first]];
	if (++g->first == g->n_peers) g->first = 0;
	g->n_idle--;
	return p;
}

static void answered(load *l, peer *p)
{
	static const char key[] = "\"height\":";
	group *g = &l->group[p->kind];
	const char *height = strstr(p->in, key);
	if (g->answered < g->room) g->took[g->answered] = now() - p->due;
	g->answered++;
	g->good += p->status == 200;
	g->too_many += p->status == 429;
	if (p->kind != READ && p->status == 200) {
		p->who->version++;
		if (height != NULL)
			note_height(l, strtoll(height + sizeof key - 1, NULL, 10), p->due);
	}
	p->busy = p->head_read = false;
	p->n_in = 0;
	if (p->kind == FLOOD)
		ask(l, p, now());
	else
		rest(l, p);
}

/// Read the head, once it is there. @return false: it is not
static bool read_head(peer *p)
{
	static const char length[] = "\r\nContent-Length: ";
	p->in[p->n_in] = '\0';
	const char *end = strstr(p->in, "\r\n\r\n"), *size = strstr(p->in, length);
	if (end == NULL) return false;
	p->status = (int)strtol(p->in + sizeof "HTTP/1.1", NULL, 10);
	p->left = size != NULL && size < end ? strtoll(size + sizeof length - 1, NULL, 10) : 0;
	p->left -= p->n_in - (end + 4 - p->in);
	p->head_read = true;
	return true;
}

static void hear_news(load *l, peer *p, int64_t height)
{
	if (p->heard < 0) l->greeted++;
	if (p->heard >= 0 && l->n_pieces < l->room_pieces)
		l->pieces[l->n_pieces++] = (piece){height, now(), p->heard};
	p->heard = height;
}

/// The lines of a stream of news; what is no id is passed over.
static void hear(load *l, peer *p)
{
	char *line = p->in, *end;
	p->in[p->n_in] = '\0';
	while ((end = strchr(line, '\n')) != NULL) {
		if (strncmp(line, "id: ", 4) == 0) hear_news(l, p, strtoll(line + 4, NULL, 10));
		line = end + 1;
	}
	p->n_in -= (int)(line - p->in);
	if (p->n_in >= IN_CHARS - 1) p->n_in = 0;
	memmove(p->in, line, (size_t)p->n_in);
}

static void take(load *l, peer *p, const char *data, int n)
{
	const int room = IN_CHARS - 1 - p->n_in, kept = n < room ? n : room;
	const bool more = p->head_read;
	memcpy(p->in + p->n_in, data, (size_t)kept);
	p->n_in += kept;
	if (p->kind == LISTEN) {
		hear(l, p);
		return;
	}
	if (more)
		p->left -= n;
	else if (read_head(p))
		p->left -= n - kept;
	p->in[p->n_in] = '\0';
	if (p->head_read && p->left <= 0) answered(l, p);
}

static void receive(load *l, peer *p)
{
	/* what listeners hear is short, and comes whole lines at a time */
	char data[65536];
	const size_t most = p->kind == LISTEN ? (size_t)(IN_CHARS - 1 - p->n_in) : sizeof data;
	const ssize_t n = recv(p->file, data, most, 0);
	if (n > 0) {
		take(l, p, data, (int)n);
	} else if (n == 0 || errno != EAGAIN) {
		const bool was_busy = p->busy;
		hang_up(p);
		l->lost += p->kind == LISTEN || was_busy;
		if (was_busy && p->kind < TIMED) ask(l, p, p->due);
	}
}

/* ---- those who are slow ---- */

static void be_slow(load *l, peer *p)
{
	static const char begun[] = "POST /api/login HTTP/1.1\r\nHost: localhost\r\nX: ",
	                  whole[] = "POST /api/login HTTP/1.1\r\nHost: localhost\r\n"
	                            "Content-Type: application/json\r\n"
	                            "Content-Length: 1000\r\n\r\n";
	char text[OUT_CHARS];
	bool good = true;
	if (p->file < 0) {
		call_up(l, p);
		int n = snprintf(text, sizeof text, "%s", p->number % 3 == 0 ? begun : whole);
		if (p->number % 3 == 2) {
			n = head(text, "GET", l->large, p->who);
			n += snprintf(text + n, sizeof text - (size_t)n, "\r\n");
		}
		good = say(p, text, (size_t)n);
	} else if (p->number % 3 == 2) {
		const ssize_t n = recv(p->file, text, SLOW_TAKES, 0);
		good = n > 0 || (n < 0 && errno == EAGAIN);
	} else {
		good = say(p, "a", 1);
	}
	if (good) return;
	hang_up(p);
	l->cut++;
}

/// Each of them does something once a second.
static void let_slow_ones(load *l, peer *first, double time)
{
	const int64_t turn = (int64_t)((time - l->begun) * l->slow);
	for (; l->slow > 0 && l->at_slow < turn; l->at_slow++)
		be_slow(l, &first[l->at_slow % l->slow]);
}

/* ---- the course ---- */

static void send_due(load *l, double time)
{
	for (kind k = WRITE; k < FLOOD; k++) {
		group *g = &l->group[k];
		while (g->n_idle > 0) {
			const double due = l->begun + (double)g->sent / g->rate;
			if (due > time || due > l->begun + l->seconds) break;
			g->sent++;
			ask(l, next_idle(l, g), due);
		}
	}
}

static void wait_a_little(load *l)
{
	enum { EVENTS = 256 };
	struct epoll_event event[EVENTS];
	const int n = epoll_wait(l->epoll, event, EVENTS, 1);
	for (int i = 0; i < n; i++) receive(l, event[i].data.ptr);
}

static bool is_over(const load *l, double time)
{
	const double until = l->begun + l->seconds;
	if (time < until) return false;
	if (time > until + DRAIN_SECONDS) return true;
	for (int i = 0; i < l->n_peers; i++) {
		const peer *p = &l->peers[i];
		if (p->kind < FLOOD && p->busy) return false;
		if (p->kind == LISTEN && p->heard < l->top) return false;
	}
	return true;
}

static void run(load *l)
{
	const double came = now();
	peer *slow = l->peers + l->n_peers - l->slow;
	for (int i = 0; i < l->n_peers - l->slow; i++) {
		call_up(l, &l->peers[i]);
		if (l->peers[i].kind == LISTEN) ask(l, &l->peers[i], came);
		if (i % 50 == 0) wait_a_little(l);
	}
	while (l->greeted < l->listeners && now() < came + CONNECT_SECONDS) wait_a_little(l);
	if (l->greeted < l->listeners) give_up("not every listener was let in");
	l->begun = now();
	for (int i = 0; i < l->n_peers; i++)
		if (l->peers[i].kind == FLOOD) ask(l, &l->peers[i], l->begun);
	for (double time = l->begun; !is_over(l, time); time = now()) {
		send_due(l, time);
		let_slow_ones(l, slow, time);
		wait_a_little(l);
	}
}

/* ---- figures ---- */

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static void print_group(const char *name, group *g)
{
	const int64_t n = g->answered < g->room ? g->answered : g->room;
	qsort(g->took, (size_t)n, sizeof *g->took, by_size);
	(void)printf("\"%s\":{\"sent\":%" PRId64 ",\"answered\":%" PRId64 ",\"good\":%" PRId64
	             ",\"too_many\":%" PRId64,
	             name, g->sent, g->answered, g->good, g->too_many);
	if (n > 0)
		(void)printf(",\"p50\":%.6f,\"p99\":%.6f,\"max\":%.6f", g->took[n / 2],
		             g->took[n * 99 / 100], g->took[n - 1]);
	(void)printf("},");
}

static double slice_at(const int64_t *slices, int64_t n, double share)
{
	int64_t seen = 0;
	for (int i = 0; i < SLICES; i++) {
		seen += slices[i];
		if ((double)seen >= share * (double)n) return (i + 1) / 1e4;
	}
	return SLICES / 1e4;
}

/// How long after its write was due each listener had heard of each height.
static void print_news(const load *l)
{
	int64_t *slices = some(SLICES, sizeof *slices), n = 0, behind = 0;
	for (int64_t i = 0; i < l->n_pieces; i++) {
		const piece *p = &l->pieces[i];
		for (int64_t h = p->before + 1; h <= p->height && h < l->n_due; h++) {
			if (l->due[h] <= 0) continue;
			const double took = (p->when - l->due[h]) * 1e4;
			slices[took < 0 ? 0 : took < SLICES ? (int)took : SLICES - 1]++;
			n++;
		}
	}
	for (int i = 0; i < l->n_peers; i++)
		behind += l->peers[i].kind == LISTEN && l->peers[i].heard < l->top;
	(void)printf("\"news\":{\"listeners\":%d,\"behind\":%" PRId64 ",\"pieces\":%" PRId64
	             ",\"heard\":%" PRId64,
	             l->listeners, behind, l->n_pieces, n);
	if (n > 0)
		(void)printf(",\"p50\":%.4f,\"p99\":%.4f,\"max\":%.4f",
		             slice_at(slices, n, 0.5), slice_at(slices, n, 0.99),
		             slice_at(slices, n, 1));
	(void)printf("},");
	pl_free(slices);
}

static void print_all(load *l)
{
	struct rusage used;
	(void)getrusage(RUSAGE_SELF, &used);
	const double cpu = (double)used.ru_utime.tv_sec + 1e-6 * (double)used.ru_utime.tv_usec +
	                   (double)used.ru_stime.tv_sec + 1e-6 * (double)used.ru_stime.tv_usec;
	(void)printf("{");
	print_group("write", &l->group[WRITE]);
	print_group("read", &l->group[READ]);
	print_group("flood", &l->group[FLOOD]);
	print_news(l);
	(void)printf("\"slow\":{\"connections\":%d,\"cut\":%" PRId64 "},\"lost\":%" PRId64
	             ",\"cpu\":%.2f}\n",
	             l->slow, l->cut, l->lost, cpu);
}

/* ---- beginning ---- */

static const char *option(int n, char **words, const char *name, const char *otherwise)
{
	const size_t k = strlen(name);
	for (int i = 1; i < n; i++)
		if (strncmp(words[i], name, k) == 0 && words[i][k] == '=')
			return words[i] + k + 1;
	return otherwise;
}

static int number(int n, char **words, const char *name)
{
	return (int)strtol(option(n, words, name, "0"), NULL, 10);
}

/// One a line: token, council, the next version of its proposal.
static void read_people(load *l, const char *path)
{
	FILE *file = fopen(path, "r");
	if (file == NULL) give_up("tokens=FILE cannot be read");
	l->people = some(PEOPLE_MOST, sizeof *l->people);
	char line[2 * TOKEN_CHARS];
	while (l->n_people < PEOPLE_MOST && fgets(line, sizeof line, file) != NULL) {
		person *p = &l->people[l->n_people++];
		char *rest_of = line + strcspn(line, " ");
		(void)snprintf(p->token, sizeof p->token, "%.*s", (int)(rest_of - line), line);
		p->council = strtoll(rest_of, &rest_of, 10);
		p->version = strtoll(rest_of, &rest_of, 10);
	}
	(void)fclose(file);
}

/// So that the next ones who come as these people know which version is theirs.
static void write_people(const load *l, const char *path)
{
	FILE *file = fopen(path, "w");
	if (file == NULL) give_up("tokens=FILE cannot be written");
	for (int i = 0; i < l->n_people; i++) {
		const person *p = &l->people[i];
		(void)fprintf(file, "%s %" PRId64 " %" PRId64 "\n", p->token, p->council,
		              p->version);
	}
	(void)fclose(file);
}

/// Peers of a kind. People take turns; who floods is the last one, who does nothing else.
static void add_peers(load *l, kind k, int n)
{
	for (int i = 0; i < n; i++) {
		const int who = k == FLOOD ? l->n_people - 1 : i % (l->n_people - 1);
		peer *p = &l->peers[l->n_peers++];
		*p = (peer){.kind = k, .number = i, .file = -1, .who = &l->people[who]};
		p->heard = -1;
		if (k < FLOOD) rest(l, p);
	}
}

static void set_up_group(load *l, kind k, int peers, double rate)
{
	enum { FLOOD_ROOM = 4000000 };
	group *g = &l->group[k];
	g->rate = rate > 0 ? rate : 1e-9;
	g->n_peers = rate > 0 || k == FLOOD ? peers : 0;
	g->idle = some(peers + 1, sizeof *g->idle);
	g->room = k == FLOOD ? FLOOD_ROOM : (int64_t)(rate * l->seconds) + 16;
	g->took = some(g->room, sizeof *g->took);
}

static void set_up(load *l, int n, char **words)
{
	enum { ROOM = 64 };
	const double writes = number(n, words, "writes"), reads = number(n, words, "reads");
	const int writers = number(n, words, "writers"), readers = number(n, words, "readers"),
	          flood = number(n, words, "flood");
	l->seconds = number(n, words, "seconds");
	l->port = number(n, words, "port");
	l->path = option(n, words, "path", "/api/needs");
	l->large = option(n, words, "large", "/api/openapi.json");
	l->listeners = number(n, words, "listeners");
	l->slow = number(n, words, "slow");
	read_people(l, option(n, words, "tokens", ""));
	if (l->n_people < 2 || writers >= l->n_people) give_up("each writer needs a person");
	l->peers = some(writers + readers + flood + l->listeners + l->slow, sizeof *l->peers);
	set_up_group(l, WRITE, writers, writes);
	set_up_group(l, READ, readers, reads);
	set_up_group(l, FLOOD, flood, 0);
	add_peers(l, WRITE, l->group[WRITE].n_peers);
	add_peers(l, READ, l->group[READ].n_peers);
	add_peers(l, FLOOD, flood);
	add_peers(l, LISTEN, l->listeners);
	add_peers(l, SLOW, l->slow);
	l->n_due =
	        (int64_t)((writes + ROOM) * (l->seconds + ROOM)) + number(n, words, "height");
	l->due = some(l->n_due, sizeof *l->due);
	l->room_pieces = (int64_t)(l->listeners * (l->seconds + DRAIN_SECONDS) * 6);
	l->pieces = some(l->room_pieces, sizeof *l->pieces);
	l->epoll = epoll_create1(0);
}

int main(int n, char **words)
{
	static load l;
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	set_up(&l, n, words);
	run(&l);
	print_all(&l);
	write_people(&l, option(n, words, "tokens", ""));
	for (int k = 0; k < TIMED; k++) {
		pl_free(l.group[k].idle);
		pl_free(l.group[k].took);
	}
	pl_free(l.due);
	pl_free(l.pieces);
	pl_free(l.peers);
	pl_free(l.people);
	return 0;
}
