/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* door.h - who is asking. What is secret (invitations, sessions, recovery codes) is drawn by
 * chance, shown once, and kept as its SHA-256 in notes beside the record; passwords as
 * Argon2id.
 *
 * All of it works in a transaction of the caller's. */
#ifndef PL_SERVER_DOOR_H
#define PL_SERVER_DOOR_H
#include "app/store.h"

enum {
	PL_CODE_CHARS = 33,       ///< of an invitation: 32 letters and digits, 160 bits
	PL_TOKEN_CHARS = 65,      ///< of a session: 64 digits, 256 bits
	PL_SESSION_ID_CHARS = 17, ///< what its person knows a session by
	PL_RECOVERY_CODES = 8,
	PL_PASSWORD_LEAST = 10,
	PL_PASSWORD_MOST = 1024
};

/// Draw a secret, as capitals and digits that are not easily mistaken.
void pl_door_draw_code(char out[PL_CODE_CHARS]);

/// Is the person there and not erased? @return PL_OK; PL_ENOTFOUND; PL_EIO, PL_ENOMEM
pl_status pl_door_person(pl_store *s, int64_t person, pl_error *err);
/// Does the person have a task of the whole federation now? @param role "facilitator", ...
pl_status pl_door_has_task(bool *has, pl_store *s, int64_t person, const char *role,
                           int64_t now, pl_error *err);
/// Has the person ever logged in?
pl_status pl_door_was_in(bool *was, pl_store *s, int64_t person, pl_error *err);

/// Invite a person; earlier invitations stay good. @param until seconds since 1970
/// @param lost the login was lost: whoever comes in by it ends what was there before
/// @return PL_OK; PL_ENOTFOUND (no such person, or erased); PL_EIO, PL_ENOMEM
pl_status pl_door_invite(char code[PL_CODE_CHARS], pl_store *s, int64_t person, int64_t until,
                         bool lost, pl_error *err);
/// Take an invitation back, that reached nobody. @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_door_uninvite(pl_store *s, const char *code, pl_error *err);
/// New recovery codes in place of the person's earlier ones.
pl_status pl_door_recovery(char codes[PL_RECOVERY_CODES][PL_CODE_CHARS], pl_store *s,
                           int64_t person, pl_error *err);

/// A link to one's dates, in place of the one there was: good until it is ended, and for
/// nothing else. @return PL_OK; PL_ENOTFOUND (erased); PL_EIO, PL_ENOMEM
pl_status pl_door_calendar(char code[PL_CODE_CHARS], pl_store *s, int64_t person,
                           pl_error *err);
pl_status pl_door_calendar_end(pl_store *s, int64_t person, pl_error *err);
pl_status pl_door_has_calendar(bool *has, pl_store *s, int64_t person, pl_error *err);
/// Whose dates a link leads to. @param[out] person 0: nobody's @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_door_calendar_of(int64_t *person, pl_store *s, const char *code, pl_error *err);

/// A session that is to begin.
typedef struct {
	int64_t person, now, until;
	const char *name; ///< what its person calls it, at most 100 bytes
	bool token;       ///< of a program, made by its person
} pl_door_stay;

/// Come in by an invitation or a recovery code, which is good once.
/// @param[in,out] stay person is filled in
/// @return PL_OK; PL_EDENIED where the code is not good, whatever the reason; PL_EIO, PL_ENOMEM
pl_status pl_door_enter(char token[PL_TOKEN_CHARS], pl_door_stay *stay, pl_store *s,
                        const char *code, pl_error *err);
/// Begin a session of a person who has shown who they are. @return PL_OK; PL_EDENIED where the
/// person was erased; PL_ECONFLICT (too many already); PL_EIO, PL_ENOMEM
pl_status pl_door_open(char token[PL_TOKEN_CHARS], const pl_door_stay *stay, pl_store *s,
                       pl_error *err);

/// Who is asking; person 0: nobody that is known.
typedef struct {
	int64_t person;
	char session[PL_SESSION_ID_CHARS];
} pl_caller;
/// Whose token it is, where it is good now. @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_door_who(pl_caller *out, pl_store *s, const char *token, int64_t now,
                      pl_error *err);
/// Whose token it is by its looks alone: is it worth asking the store?
bool pl_door_is_token(const char *token);

/// Called for each session of a person. @param made seconds since 1970
typedef bool (*pl_door_visit)(void *with, const char *id, const pl_door_stay *stay,
                              int64_t made);
pl_status pl_door_sessions(pl_store *s, int64_t person, int64_t now, pl_door_visit visit,
                           void *with, pl_error *err);
/// End a session of a person. @param id "": all of them @return PL_OK, PL_ENOTFOUND; PL_EIO,
/// PL_ENOMEM
pl_status pl_door_end(pl_store *s, int64_t person, const char *id, pl_error *err);

enum { PL_DOOR_HASH_CHARS = 128 };
/// Argon2id of a password; takes some 0.1 s and 64 MiB.
/// @return PL_OK; PL_EARG (too short or too long), PL_ENOMEM
pl_status pl_door_hash_password(char out[PL_DOOR_HASH_CHARS], const char *password,
                                pl_error *err);
/// Is it the password? As slow where there is none. @param hash "": there is none
bool pl_door_is_password(const char *hash, const char *password);
/// The kept hash, "" where there is none.
pl_status pl_door_password(char out[PL_DOOR_HASH_CHARS], pl_store *s, int64_t person,
                           pl_error *err);
/// @param hash "": forget it
pl_status pl_door_set_password(pl_store *s, int64_t person, const char *hash, pl_error *err);

/// Say that a person's login was lost. Two people have to, within a day.
/// @param[out] agreed this is the second
/// @return PL_OK; PL_EIO, PL_ENOMEM
pl_status pl_door_lost(bool *agreed, pl_store *s, int64_t person, int64_t by, int64_t now,
                       pl_error *err);

/// Forget everything about a person who was erased. @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_door_forget(pl_store *s, int64_t person, pl_error *err);
#endif
