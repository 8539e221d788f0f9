/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mail.c - notes "mail", an invitation to be sent, and "digest", somebody wants to know what
 * needs them, both by the person. */
#include "server/mail.h"

#include "app/look.h"
#include "base/alloc.h"
#include "base/error.h"
#include "server/digest.h"
#include "server/door.h"

#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	KEY_CHARS = 24,
	ID_CHARS = 33,
	DAY = 86400,
	LOOK_SECONDS = 600, ///< between two looks for digests
	FIRST_WAIT = 5,     ///< after a failure; then twice as long each time
	LAST_WAIT = 3600,
	TEXT_MOST = 2000
};
static const char mail_kind[] = "mail", digest_kind[] = "digest";
static const int64_t for_good = PL_TIME_END - 1;

struct pl_mail {
	pl_desk *desk;
	const char *here, *from;
	void (*tell)(const char *what);
	pl_smtp *smtp;  ///< NULL: no mail
	char told[512]; ///< why the last mail could not be sent
	pthread_mutex_t mutex;
	pthread_cond_t wakes;
	pthread_t thread;
	bool running, ending, woken;
	pl_mail_counts counts;
};

/* ---- what waits ---- */

static const char *key_of(char out[KEY_CHARS], int64_t person)
{
	(void)snprintf(out, KEY_CHARS, "%" PRId64, person);
	return out;
}

pl_status pl_mail_address(char out[PL_ADDRESS_CHARS], pl_store *s, int64_t person,
                          pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(person)}};
	pl_found f = {0};
	PL_TRY(pl_store_get(&f, s, PL_ROWS_person, &key, err));
	const char *contact = f.found ? f.row.at[PL_C_person_contact].text : "";
	(void)snprintf(out, PL_ADDRESS_CHARS, "%s",
	               pl_letter_is_address(contact) ? contact : "");
	pl_found_clear(&f);
	return PL_OK;
}

/// Remember something about a person. @param about taken; NULL: no memory
static pl_status keep(pl_store *s, const char *kind, int64_t person, int64_t until,
                      json_t *about, pl_error *err)
{
	char key[KEY_CHARS];
	char *value = about == NULL ? NULL : json_dumps(about, JSON_COMPACT);
	json_decref(about);
	if (value == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for mail");
	const pl_note n = {.kind = kind,
	                   .key = key_of(key, person),
	                   .value = value,
	                   .person = person,
	                   .until = until};
	const pl_status st = pl_store_note(s, &n, err);
	free(value);
	return st;
}

static pl_status need_address(pl_store *s, int64_t person, pl_error *err)
{
	char address[PL_ADDRESS_CHARS];
	PL_TRY(pl_mail_address(address, s, person, err));
	if (address[0] != '\0') return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "person %" PRId64
	               " has given no address of mail as the way to reach them",
	               person);
}

pl_status pl_mail_invite(pl_store *s, int64_t person, int64_t until, bool lost, pl_error *err)
{
	PL_TRY(pl_door_person(s, person, err));
	PL_TRY(need_address(s, person, err));
	return keep(s, mail_kind, person, until,
	            json_pack("{s:b, s:i, s:i}", "lost", lost, "tries", 0, "next", 0), err);
}

pl_status pl_mail_has_digest(bool *has, pl_store *s, int64_t person, pl_error *err)
{
	char key[KEY_CHARS];
	pl_note_found f = {0};
	PL_TRY(pl_store_note_find(&f, s, digest_kind, key_of(key, person), err));
	*has = f.found;
	pl_note_found_clear(&f);
	return PL_OK;
}

pl_status pl_mail_set_digest(pl_store *s, int64_t person, bool on, pl_error *err)
{
	char key[KEY_CHARS];
	bool was;
	if (!on) return pl_store_note_drop(&was, s, digest_kind, key_of(key, person), err);
	PL_TRY(need_address(s, person, err));
	return keep(s, digest_kind, person, for_good,
	            json_pack("{s:i, s:s}", "last", 0, "said", ""), err);
}

/* ---- one mail ---- */

/// What is being sent, and how it went.
typedef struct {
	pl_mail *mail;
	const char *kind; ///< of the note
	int64_t person, until, now, tries;
	bool lost;
	char last_said[PL_HASH_CHARS], said[PL_HASH_CHARS]; ///< of a digest
	char to[PL_ADDRESS_CHARS], code[PL_CODE_CHARS];
	const char *title;
} parcel;

static bool is_ending(void *with)
{
	pl_mail *m = with;
	(void)pthread_mutex_lock(&m->mutex);
	const bool ending = m->ending;
	(void)pthread_mutex_unlock(&m->mutex);
	return ending;
}

static bool goes_on(void *with)
{
	return !is_ending(with);
}

static pl_status send_text(parcel *p, const char *subject, const char *text, pl_error *err)
{
	unsigned char random[ID_CHARS / 2];
	char id[ID_CHARS];
	pl_bytes bytes = {0};
	randombytes_buf(random, sizeof random);
	const pl_letter l = {.from = p->mail->from,
	                     .to = p->to,
	                     .subject = subject,
	                     .text = text,
	                     .time = p->now,
	                     .id = sodium_bin2hex(id, sizeof id, random, sizeof random)};
	pl_status st = pl_letter_write(&bytes, &l, err);
	if (st == PL_OK)
		st = pl_smtp_send(p->mail->smtp, p->to, bytes.at, bytes.n, goes_on, p->mail,
		                  err);
	if (bytes.at != NULL) sodium_memzero(bytes.at, (size_t)bytes.n);
	pl_bytes_free(&bytes);
	return st;
}

static pl_status draw_code(void *with, pl_store *s, pl_error *err)
{
	parcel *p = with;
	PL_TRY(need_address(s, p->person, err));
	PL_TRY(pl_mail_address(p->to, s, p->person, err));
	return pl_door_invite(p->code, s, p->person, p->until, p->lost, err);
}

static pl_status send_invitation(parcel *p, pl_error *err)
{
	char subject[TEXT_MOST / 2], text[TEXT_MOST];
	PL_TRY(pl_desk_change(p->mail->desk, draw_code, p, err));
	(void)snprintf(subject, sizeof subject, "Your invitation: %.300s", p->title);
	(void)snprintf(text, sizeof text,
	               "You are invited to take part in planning:\r\n\r\n  %.300s\r\n\r\n"
	               "This link logs you in, once:\r\n\r\n  %.300s/j/%s\r\n\r\n"
	               "It is yours alone: keep it to yourself. Who uses it first is in.\r\n"
	               "If you did not expect this mail, do nothing.\r\n",
	               p->title, p->mail->here, p->code);
	const pl_status st = send_text(p, subject, text, err);
	sodium_memzero(text, sizeof text);
	return st;
}

static pl_status find_address(void *with, pl_store *s, pl_error *err)
{
	parcel *p = with;
	return pl_mail_address(p->to, s, p->person, err);
}

/// @return PL_OK also where there is nothing new to tell
static pl_status send_digest(parcel *p, pl_error *err)
{
	pl_bytes text = {0};
	char subject[TEXT_MOST / 2];
	PL_TRY(pl_desk_look(p->mail->desk, PL_READ_SHORT, find_address, p, err));
	if (p->to[0] == '\0') return PL_OK;
	pl_status st = pl_digest_write(&text, p->said, p->mail->desk, p->person, p->now,
	                               p->mail->here, err);
	(void)snprintf(subject, sizeof subject, "What needs you: %.300s", p->title);
	if (st == PL_OK && text.n > 0 && strcmp(p->said, p->last_said) != 0)
		st = send_text(p, subject, text.at, err);
	else
		p->said[0] = '\0';
	pl_bytes_free(&text);
	return st;
}

/* ---- how it went ---- */

static int64_t wait_after(int64_t tries)
{
	int64_t wait = FIRST_WAIT;
	while (tries-- > 0 && wait < LAST_WAIT) wait *= 2;
	return wait < LAST_WAIT ? wait : LAST_WAIT;
}

static pl_status forget(void *with, pl_store *s, pl_error *err)
{
	const parcel *p = with;
	char key[KEY_CHARS];
	bool was;
	return pl_store_note_drop(&was, s, p->kind, key_of(key, p->person), err);
}

/// A code that reached nobody ends; what was to be sent waits on.
static pl_status put_off(void *with, pl_store *s, pl_error *err)
{
	const parcel *p = with;
	const json_int_t next = p->now + wait_after(p->tries);
	if (p->code[0] != '\0') PL_TRY(pl_door_uninvite(s, p->code, err));
	return keep(s, p->kind, p->person, p->until,
	            json_pack("{s:b, s:I, s:I}", "lost", p->lost, "tries",
	                      (json_int_t)p->tries + 1, "next", next),
	            err);
}

static pl_status note_digest(void *with, pl_store *s, pl_error *err)
{
	const parcel *p = with;
	return keep(s, p->kind, p->person, for_good,
	            json_pack("{s:I, s:s}", "last", (json_int_t)p->now, "said", p->said), err);
}

static void count(pl_mail *m, pl_status st)
{
	(void)pthread_mutex_lock(&m->mutex);
	if (st == PL_OK)
		m->counts.sent++;
	else if (st == PL_EARG || st == PL_ENOTFOUND)
		m->counts.refused++;
	else
		m->counts.tried++;
	(void)pthread_mutex_unlock(&m->mutex);
}

/// Each reason is told once, until mail goes out again.
static void tell_once(pl_mail *m, pl_status st, const pl_error *err)
{
	if (st == PL_OK) {
		m->told[0] = '\0';
	} else if (strcmp(m->told, err->msg) != 0 && !is_ending(m)) {
		(void)snprintf(m->told, sizeof m->told, "%s", err->msg);
		if (m->tell != NULL) m->tell(m->told);
	}
}

/// @return false: the mail server, or the record, is not to be had now
static bool deliver(parcel *p)
{
	pl_mail *m = p->mail;
	pl_error err;
	const bool digest = p->kind == digest_kind;
	const pl_status st = digest ? send_digest(p, &err) : send_invitation(p, &err);
	const bool later = st == PL_EIO || st == PL_ENOMEM,
	           silent = digest && p->said[0] == '\0';
	pl_status kept = PL_OK;
	if (!silent) count(m, st);
	tell_once(m, st, &err);
	if (!digest)
		kept = pl_desk_change(m->desk, later ? put_off : forget, p, NULL);
	else if (!later && !silent)
		kept = pl_desk_change(m->desk, note_digest, p, NULL);
	sodium_memzero(p->code, sizeof p->code);
	return !later && kept == PL_OK;
}

/* ---- looking for something to send ---- */

typedef struct {
	parcel p;
	int64_t after; ///< of digests: the person who was looked at last
	bool found;
} search;

static bool note_mail(void *with, const pl_note *n)
{
	search *f = with;
	json_t *about = json_loads(n->value, 0, NULL);
	if (strcmp(n->kind, mail_kind) == 0 && n->until >= f->p.now &&
	    json_integer_value(json_object_get(about, "next")) <= f->p.now) {
		f->found = true;
		f->p.person = n->person;
		f->p.until = n->until;
		f->p.tries = json_integer_value(json_object_get(about, "tries"));
		f->p.lost = json_is_true(json_object_get(about, "lost"));
	}
	json_decref(about);
	return !f->found;
}

/// The person with the lowest number behind the last one, whose day is over.
static bool note_digest_due(void *with, const pl_note *n)
{
	search *f = with;
	json_t *about = json_loads(n->value, 0, NULL);
	const char *said = json_string_value(json_object_get(about, "said"));
	if (strcmp(n->kind, digest_kind) == 0 && n->person > f->after &&
	    (!f->found || n->person < f->p.person) &&
	    json_integer_value(json_object_get(about, "last")) + DAY <= f->p.now) {
		f->found = true;
		f->p.person = n->person;
		(void)snprintf(f->p.last_said, sizeof f->p.last_said, "%s",
		               said == NULL ? "" : said);
	}
	json_decref(about);
	return true;
}

static pl_status search_mail(void *with, pl_store *s, pl_error *err)
{
	return pl_store_notes(s, mail_kind, 0, note_mail, with, err);
}

static pl_status search_digests(void *with, pl_store *s, pl_error *err)
{
	return pl_store_notes(s, digest_kind, 0, note_digest_due, with, err);
}

static bool find_next(search *f, pl_mail *m, const char *kind, const char *title)
{
	const int64_t after = f->p.person;
	*f = (search){
	        .p = {.mail = m, .kind = kind, .now = (int64_t)time(NULL), .title = title},
	        .after = after};
	return pl_desk_look(m->desk, PL_READ_SHORT,
	                    kind == mail_kind ? search_mail : search_digests, f,
	                    NULL) == PL_OK &&
	       f->found;
}

/// Send all that is due of a kind. @return false: the mail server is not to be had now
static bool send_all(pl_mail *m, const char *kind, const char *title)
{
	search f = {.found = false};
	while (!is_ending(m) && find_next(&f, m, kind, title))
		if (!deliver(&f.p)) return false;
	return true;
}

static pl_status read_title(void *with, pl_store *s, pl_error *err)
{
	const pl_look look = {.path = "/record"};
	return pl_app_look(with, s, &look, err);
}

/// @param digests look for those too @return false: the mail server is not to be had now
static bool send_due(pl_mail *m, bool digests)
{
	char *text = NULL;
	if (pl_desk_use(m->desk, PL_READ_SHORT, read_title, &text, NULL) != PL_OK) return true;
	json_t *record = json_loads(text, 0, NULL);
	const char *title = json_string_value(json_object_get(record, "title"));
	bool good = send_all(m, mail_kind, title == NULL ? "" : title);
	if (good && digests) good = send_all(m, digest_kind, title == NULL ? "" : title);
	json_decref(record);
	free(text);
	return good;
}

/* ---- the thread ---- */

/// Wait to be woken, or so many seconds. @return was it woken?
static bool rest(pl_mail *m, int64_t seconds)
{
	struct timespec until;
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += seconds;
	(void)pthread_mutex_lock(&m->mutex);
	while (!m->ending && !m->woken &&
	       pthread_cond_timedwait(&m->wakes, &m->mutex, &until) == 0) {
	}
	const bool woken = m->woken;
	m->woken = false;
	(void)pthread_mutex_unlock(&m->mutex);
	return woken;
}

static void *run(void *with)
{
	pl_mail *m = with;
	int64_t failures = 0, looked = 0;
	bool woken = true;
	while (!is_ending(m)) {
		const int64_t now = (int64_t)time(NULL);
		const bool digests = woken || now - looked >= LOOK_SECONDS;
		if (digests) looked = now;
		failures = send_due(m, digests) ? 0 : failures + 1;
		if (failures > 0) looked = 0;
		woken = rest(m, failures > 0 ? wait_after(failures - 1) : FIRST_WAIT);
	}
	return NULL;
}

pl_status pl_mail_new(pl_mail **out, const pl_smtp_options *o, const char *here,
                      void (*tell)(const char *what), pl_desk *desk, pl_error *err)
{
	*out = NULL;
	pl_mail *m = pl_alloc(1, sizeof *m);
	if (m == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for mail");
	m->desk = desk;
	m->here = here;
	m->tell = tell;
	m->from = o->from;
	(void)pthread_mutex_init(&m->mutex, NULL);
	(void)pthread_cond_init(&m->wakes, NULL);
	pl_status st = o->url == NULL ? PL_OK : pl_smtp_open(&m->smtp, o, err);
	if (st == PL_OK && m->smtp != NULL) {
		m->running = pthread_create(&m->thread, NULL, run, m) == 0;
		if (!m->running)
			st = pl_fail(err, PL_EIO, -1, "the system gives no more threads");
	}
	if (st == PL_OK)
		*out = m;
	else
		pl_mail_free(m);
	return st;
}

void pl_mail_free(pl_mail *m)
{
	if (m == NULL) return;
	(void)pthread_mutex_lock(&m->mutex);
	m->ending = true;
	(void)pthread_cond_signal(&m->wakes);
	(void)pthread_mutex_unlock(&m->mutex);
	if (m->running) (void)pthread_join(m->thread, NULL);
	pl_smtp_close(m->smtp);
	(void)pthread_cond_destroy(&m->wakes);
	(void)pthread_mutex_destroy(&m->mutex);
	pl_free(m);
}

bool pl_mail_is_on(const pl_mail *m)
{
	return m->smtp != NULL;
}

void pl_mail_wake(pl_mail *m)
{
	(void)pthread_mutex_lock(&m->mutex);
	m->woken = true;
	(void)pthread_cond_signal(&m->wakes);
	(void)pthread_mutex_unlock(&m->mutex);
}

pl_mail_counts pl_mail_count(pl_mail *m)
{
	(void)pthread_mutex_lock(&m->mutex);
	const pl_mail_counts c = m->counts;
	(void)pthread_mutex_unlock(&m->mutex);
	return c;
}
