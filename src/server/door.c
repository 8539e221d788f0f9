/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* door.c - notes: "invitation", "recovery", "calendar" and "session" by the SHA-256 of their
 * secret; "password", "login" (came in once) and "lost" (somebody says so) by the person. */
#include "server/door.h"

#include "app/app.h"
#include "app/deed.h"
#include "base/error.h"

#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char invitation[] = "invitation", recovery[] = "recovery", calendar[] = "calendar",
                  session[] = "session", password_kind[] = "password", login[] = "login",
                  lost_kind[] = "lost";

enum { SESSIONS_MOST = 50, DAY = 86400, KEY_CHARS = 24 };
static const int64_t for_good = PL_TIME_END - 1;

/* ---- secrets ---- */

/// Crockford's letters: no I, L, O, U.
static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void pl_door_draw_code(char out[PL_CODE_CHARS])
{
	unsigned char bytes[PL_CODE_CHARS - 1];
	randombytes_buf(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++) out[i] = letters[bytes[i] % 32];
	out[sizeof bytes] = '\0';
	sodium_memzero(bytes, sizeof bytes);
}

static void hash_secret(char out[PL_HASH_CHARS], const char *secret)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	(void)crypto_hash_sha256(hash, (const unsigned char *)secret, strlen(secret));
	(void)sodium_bin2hex(out, PL_HASH_CHARS, hash, sizeof hash);
}

/// A code as people type it: small letters, hyphens and spaces; O for 0, I and L for 1.
/// @return false: it cannot be one
static bool normal_code(char out[PL_CODE_CHARS], const char *typed)
{
	size_t n = 0;
	for (const char *c = typed; *c != '\0'; c++) {
		char x = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
		if (x == '-' || x == ' ') continue;
		if (x == 'O') x = '0';
		if (x == 'I' || x == 'L') x = '1';
		if (n == PL_CODE_CHARS - 1 || strchr(letters, x) == NULL) return false;
		out[n++] = x;
	}
	out[n] = '\0';
	return n == PL_CODE_CHARS - 1;
}

static const char *person_key(char out[KEY_CHARS], int64_t person)
{
	(void)snprintf(out, KEY_CHARS, "%" PRId64, person);
	return out;
}

/* ---- people ---- */

static pl_status is_alive(bool *alive, pl_store *s, int64_t person, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(person)}};
	pl_found f = {0};
	PL_TRY(pl_store_get(&f, s, PL_ROWS_person, &key, err));
	*alive = f.found && f.row.at[PL_C_person_erased].whole == 0;
	pl_found_clear(&f);
	return PL_OK;
}

pl_status pl_door_person(pl_store *s, int64_t person, pl_error *err)
{
	bool alive;
	PL_TRY(is_alive(&alive, s, person, err));
	if (alive) return PL_OK;
	return pl_fail(err, PL_ENOTFOUND, -1,
	               "there is no person %" PRId64 ", or they were erased", person);
}

pl_status pl_door_has_task(bool *has, pl_store *s, int64_t person, const char *role,
                           int64_t now, pl_error *err)
{
	const pl_deed d = {.store = s, .time = now};
	return pl_has_mandate(has, &d, person, 0, role, err);
}

pl_status pl_door_was_in(bool *was, pl_store *s, int64_t person, pl_error *err)
{
	char key[KEY_CHARS];
	pl_note_found f = {0};
	PL_TRY(pl_store_note_find(&f, s, login, person_key(key, person), err));
	*was = f.found;
	pl_note_found_clear(&f);
	return PL_OK;
}

/* ---- invitations ---- */

static pl_status keep_code(pl_store *s, const char *kind, const char *code, const char *value,
                           int64_t person, int64_t until, pl_error *err)
{
	char hash[PL_HASH_CHARS];
	hash_secret(hash, code);
	const pl_note n = {
	        .kind = kind, .key = hash, .value = value, .person = person, .until = until};
	return pl_store_note(s, &n, err);
}

pl_status pl_door_invite(char code[PL_CODE_CHARS], pl_store *s, int64_t person, int64_t until,
                         bool lost, pl_error *err)
{
	PL_TRY(pl_door_person(s, person, err));
	pl_door_draw_code(code);
	return keep_code(s, invitation, code, lost ? "lost" : "", person, until, err);
}

pl_status pl_door_uninvite(pl_store *s, const char *code, pl_error *err)
{
	char hash[PL_HASH_CHARS];
	bool was;
	hash_secret(hash, code);
	return pl_store_note_drop(&was, s, invitation, hash, err);
}

/// Keys of some of a person's notes of one kind.
typedef struct {
	const char *kind, *prefix;
	int n;
	char key[SESSIONS_MOST][PL_HASH_CHARS];
} keys;

static bool note_key(void *with, const pl_note *n)
{
	keys *k = with;
	if (strcmp(n->kind, k->kind) != 0 || strncmp(n->key, k->prefix, strlen(k->prefix)) != 0)
		return true;
	(void)snprintf(k->key[k->n++], PL_HASH_CHARS, "%s", n->key);
	return k->n < SESSIONS_MOST;
}

/// Forget a person's notes of a kind whose keys begin with @p prefix. @param[out] n how many
static pl_status forget(int *n, pl_store *s, int64_t person, const char *kind,
                        const char *prefix, pl_error *err)
{
	keys k = {.kind = kind, .prefix = prefix};
	*n = 0;
	do {
		bool was;
		k.n = 0;
		PL_TRY(pl_store_notes(s, kind, person, note_key, &k, err));
		for (int i = 0; i < k.n; i++)
			PL_TRY(pl_store_note_drop(&was, s, kind, k.key[i], err));
		*n += k.n;
	} while (k.n == SESSIONS_MOST);
	return PL_OK;
}

pl_status pl_door_recovery(char codes[PL_RECOVERY_CODES][PL_CODE_CHARS], pl_store *s,
                           int64_t person, pl_error *err)
{
	int n;
	PL_TRY(forget(&n, s, person, recovery, "", err));
	for (int i = 0; i < PL_RECOVERY_CODES; i++) {
		pl_door_draw_code(codes[i]);
		PL_TRY(keep_code(s, recovery, codes[i], "", person, for_good, err));
	}
	return PL_OK;
}

/// Take a code: it is good once. @param[out] lost a login was lost @return PL_OK, PL_EDENIED
static pl_status take_code(int64_t *person, bool *lost, pl_store *s, const char *kind,
                           const char *hash, int64_t now, pl_error *err)
{
	pl_note_found f = {0};
	bool was = false;
	PL_TRY(pl_store_note_find(&f, s, kind, hash, err));
	const bool good = f.found && f.note.until >= now;
	*person = good ? f.note.person : 0;
	*lost = good && strcmp(f.note.value, "lost") == 0;
	pl_note_found_clear(&f);
	if (good) PL_TRY(pl_store_note_drop(&was, s, kind, hash, err));
	return was ? PL_OK
	           : pl_fail(err, PL_EDENIED, -1,
	                     "this code is not good: it was used already, its time is over, or "
	                     "it was mistyped; ask for another");
}

pl_status pl_door_enter(char token[PL_TOKEN_CHARS], pl_door_stay *stay, pl_store *s,
                        const char *code, pl_error *err)
{
	char normal[PL_CODE_CHARS] = "", hash[PL_HASH_CHARS];
	bool lost, alive;
	int n;
	if (!normal_code(normal, code)) normal[0] = '\0';
	hash_secret(hash, normal);
	pl_status st = take_code(&stay->person, &lost, s, invitation, hash, stay->now, err);
	if (st == PL_EDENIED)
		st = take_code(&stay->person, &lost, s, recovery, hash, stay->now, err);
	if (st != PL_OK) return st;
	PL_TRY(is_alive(&alive, s, stay->person, err));
	if (!alive) return pl_fail(err, PL_EDENIED, -1, "this person was erased");
	if (lost) {
		PL_TRY(forget(&n, s, stay->person, session, "", err));
		PL_TRY(forget(&n, s, stay->person, recovery, "", err));
		PL_TRY(forget(&n, s, stay->person, invitation, "", err));
		PL_TRY(forget(&n, s, stay->person, calendar, "", err));
		PL_TRY(pl_door_set_password(s, stay->person, "", err));
	}
	return pl_door_open(token, stay, s, err);
}

/* ---- links to one's dates ---- */

pl_status pl_door_calendar_end(pl_store *s, int64_t person, pl_error *err)
{
	int n;
	return forget(&n, s, person, calendar, "", err);
}

pl_status pl_door_calendar(char code[PL_CODE_CHARS], pl_store *s, int64_t person, pl_error *err)
{
	PL_TRY(pl_door_person(s, person, err));
	PL_TRY(pl_door_calendar_end(s, person, err));
	pl_door_draw_code(code);
	return keep_code(s, calendar, code, "", person, for_good, err);
}

pl_status pl_door_has_calendar(bool *has, pl_store *s, int64_t person, pl_error *err)
{
	keys k = {.kind = calendar, .prefix = ""};
	PL_TRY(pl_store_notes(s, calendar, person, note_key, &k, err));
	*has = k.n > 0;
	return PL_OK;
}

pl_status pl_door_calendar_of(int64_t *person, pl_store *s, const char *code, pl_error *err)
{
	char normal[PL_CODE_CHARS], hash[PL_HASH_CHARS];
	pl_note_found f = {0};
	bool alive = false;
	*person = 0;
	if (!normal_code(normal, code)) return PL_OK;
	hash_secret(hash, normal);
	PL_TRY(pl_store_note_find(&f, s, calendar, hash, err));
	const int64_t whose = f.found ? f.note.person : 0;
	pl_note_found_clear(&f);
	if (whose > 0) PL_TRY(is_alive(&alive, s, whose, err));
	if (alive) *person = whose;
	return PL_OK;
}

/* ---- sessions ---- */

/// The session of a person that ends first, and how many there are.
typedef struct {
	int n;
	int64_t until;
	char key[PL_HASH_CHARS];
} soonest;

static bool note_soonest(void *with, const pl_note *n)
{
	soonest *f = with;
	if (strcmp(n->kind, session) != 0) return true;
	if (f->n++ > 0 && f->until <= n->until) return true;
	f->until = n->until;
	(void)snprintf(f->key, sizeof f->key, "%s", n->key);
	return true;
}

/// Somebody with many sessions loses the one that would have ended first.
static pl_status make_room(pl_store *s, int64_t person, pl_error *err)
{
	soonest f = {0};
	bool was;
	PL_TRY(pl_store_notes(s, session, person, note_soonest, &f, err));
	return f.n < SESSIONS_MOST ? PL_OK : pl_store_note_drop(&was, s, session, f.key, err);
}

static pl_status keep_session(pl_store *s, const char *hash, const pl_door_stay *stay,
                              pl_error *err)
{
	json_t *about = json_pack("{s:I, s:s, s:b}", "made", (json_int_t)stay->now, "name",
	                          stay->name, "token", stay->token);
	char *value = about == NULL ? NULL : json_dumps(about, JSON_COMPACT);
	json_decref(about);
	if (value == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a session");
	const pl_note n = {.kind = session,
	                   .key = hash,
	                   .value = value,
	                   .person = stay->person,
	                   .until = stay->until};
	const pl_status st = pl_store_note(s, &n, err);
	free(value);
	return st;
}

pl_status pl_door_open(char token[PL_TOKEN_CHARS], const pl_door_stay *stay, pl_store *s,
                       pl_error *err)
{
	unsigned char bytes[PL_TOKEN_CHARS / 2];
	char hash[PL_HASH_CHARS], key[KEY_CHARS];
	bool alive;
	PL_TRY(is_alive(&alive, s, stay->person, err));
	if (!alive) return pl_fail(err, PL_EDENIED, -1, "this person was erased");
	randombytes_buf(bytes, sizeof bytes);
	(void)sodium_bin2hex(token, PL_TOKEN_CHARS, bytes, sizeof bytes);
	sodium_memzero(bytes, sizeof bytes);
	hash_secret(hash, token);
	const pl_note came = {.kind = login,
	                      .key = person_key(key, stay->person),
	                      .value = "",
	                      .person = stay->person,
	                      .until = for_good};
	PL_TRY(pl_store_notes_expire(s, stay->now, err));
	PL_TRY(make_room(s, stay->person, err));
	PL_TRY(pl_store_note(s, &came, err));
	return keep_session(s, hash, stay, err);
}

bool pl_door_is_token(const char *token)
{
	const size_t n = strspn(token, "0123456789abcdef");
	return n == PL_TOKEN_CHARS - 1 && token[n] == '\0';
}

pl_status pl_door_who(pl_caller *out, pl_store *s, const char *token, int64_t now,
                      pl_error *err)
{
	char hash[PL_HASH_CHARS];
	pl_note_found f = {0};
	bool alive = false;
	*out = (pl_caller){0};
	if (!pl_door_is_token(token)) return PL_OK;
	hash_secret(hash, token);
	PL_TRY(pl_store_note_find(&f, s, session, hash, err));
	const int64_t person = f.found && f.note.until >= now ? f.note.person : 0;
	pl_note_found_clear(&f);
	if (person == 0) return PL_OK;
	PL_TRY(is_alive(&alive, s, person, err));
	if (!alive) return PL_OK;
	out->person = person;
	(void)snprintf(out->session, sizeof out->session, "%.*s", PL_SESSION_ID_CHARS - 1,
	               hash);
	return PL_OK;
}

typedef struct {
	int64_t person, now;
	pl_door_visit visit;
	void *with;
} visiting;

static bool visit_session(void *with, const pl_note *n)
{
	const visiting *v = with;
	char id[PL_SESSION_ID_CHARS];
	if (strcmp(n->kind, session) != 0 || n->until < v->now) return true;
	json_t *about = json_loads(n->value, 0, NULL);
	const char *name = json_string_value(json_object_get(about, "name"));
	const pl_door_stay stay = {.person = n->person,
	                           .now = v->now,
	                           .until = n->until,
	                           .name = name == NULL ? "" : name,
	                           .token = json_is_true(json_object_get(about, "token"))};
	(void)snprintf(id, sizeof id, "%.*s", PL_SESSION_ID_CHARS - 1, n->key);
	const bool on = v->visit(v->with, id, &stay,
	                         json_integer_value(json_object_get(about, "made")));
	json_decref(about);
	return on;
}

pl_status pl_door_sessions(pl_store *s, int64_t person, int64_t now, pl_door_visit visit,
                           void *with, pl_error *err)
{
	visiting v = {person, now, visit, with};
	return pl_store_notes(s, session, person, visit_session, &v, err);
}

pl_status pl_door_end(pl_store *s, int64_t person, const char *id, pl_error *err)
{
	int n;
	const bool all = id[0] == '\0';
	if (!all && (strlen(id) != PL_SESSION_ID_CHARS - 1 ||
	             strspn(id, "0123456789abcdef") != PL_SESSION_ID_CHARS - 1))
		return pl_fail(err, PL_ENOTFOUND, -1, "you have no such session");
	PL_TRY(forget(&n, s, person, session, id, err));
	return n > 0 || all ? PL_OK
	                    : pl_fail(err, PL_ENOTFOUND, -1, "you have no such session");
}

/* ---- passwords ---- */

pl_status pl_door_hash_password(char out[PL_DOOR_HASH_CHARS], const char *password,
                                pl_error *err)
{
	const size_t n = strlen(password);
	if (n < PL_PASSWORD_LEAST || n > PL_PASSWORD_MOST)
		return pl_fail(err, PL_EARG, -1, "a password has %d to %d bytes",
		               PL_PASSWORD_LEAST, PL_PASSWORD_MOST);
	if (crypto_pwhash_str(out, password, n, crypto_pwhash_OPSLIMIT_INTERACTIVE,
	                      crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0)
		return PL_OK;
	return pl_fail(err, PL_ENOMEM, -1, "no memory for a password; it takes 64 MiB");
}

bool pl_door_is_password(const char *hash, const char *password)
{
	static const char none[] = "nobody's password, to take as long";
	char made[PL_DOOR_HASH_CHARS];
	if (hash[0] != '\0')
		return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
	const int done = crypto_pwhash_str(made, none, sizeof none - 1,
	                                   crypto_pwhash_OPSLIMIT_INTERACTIVE,
	                                   crypto_pwhash_MEMLIMIT_INTERACTIVE);
	return done > 0; /* it never is */
}

pl_status pl_door_password(char out[PL_DOOR_HASH_CHARS], pl_store *s, int64_t person,
                           pl_error *err)
{
	char key[KEY_CHARS];
	pl_note_found f = {0};
	PL_TRY(pl_store_note_find(&f, s, password_kind, person_key(key, person), err));
	(void)snprintf(out, PL_DOOR_HASH_CHARS, "%s", f.found ? f.note.value : "");
	pl_note_found_clear(&f);
	return PL_OK;
}

pl_status pl_door_set_password(pl_store *s, int64_t person, const char *hash, pl_error *err)
{
	char key[KEY_CHARS];
	bool was;
	const pl_note n = {.kind = password_kind,
	                   .key = person_key(key, person),
	                   .value = hash,
	                   .person = person,
	                   .until = for_good};
	return hash[0] != '\0' ? pl_store_note(s, &n, err)
	                       : pl_store_note_drop(&was, s, password_kind, key, err);
}

/* ---- lost logins ---- */

pl_status pl_door_lost(bool *agreed, pl_store *s, int64_t person, int64_t by, int64_t now,
                       pl_error *err)
{
	char key[KEY_CHARS], value[KEY_CHARS];
	pl_note_found f = {0};
	bool was;
	const pl_note n = {.kind = lost_kind,
	                   .key = person_key(key, person),
	                   .value = person_key(value, by),
	                   .person = person,
	                   .until = now + DAY};
	PL_TRY(pl_store_note_find(&f, s, lost_kind, key, err));
	const bool valid = f.found && f.note.until >= now;
	*agreed = valid && strcmp(f.note.value, value) != 0;
	pl_note_found_clear(&f);
	if (*agreed) return pl_store_note_drop(&was, s, lost_kind, key, err);
	return valid ? PL_OK : pl_store_note(s, &n, err);
}

pl_status pl_door_forget(pl_store *s, int64_t person, pl_error *err)
{
	const char *const kinds[] = {invitation, recovery,  calendar, session, password_kind,
	                             login,      lost_kind, "mail",   "digest"};
	int n;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		PL_TRY(forget(&n, s, person, kinds[i], "", err));
	return PL_OK;
}
