/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mail.h - mail that waits to be sent, in notes beside the record, and the thread that sends
 * it. Nothing else waits for a mail server. */
#ifndef PL_SERVER_MAIL_H
#define PL_SERVER_MAIL_H
#include "server/desk.h"
#include "server/letter.h"
#include "server/smtp.h"

typedef struct pl_mail pl_mail;
/// @param o with url NULL nothing is sent, and what waits waits on; borrowed, as is @p here
/// @param here where people reach the server, such as "https://plan.example.org"
/// @param tell why mail cannot be sent, once for each reason; by the thread; NULL
/// @return PL_OK; as pl_smtp_open; PL_EIO (no threads)
pl_status pl_mail_new(pl_mail **out, const pl_smtp_options *o, const char *here,
                      void (*tell)(const char *what), pl_desk *desk, pl_error *err);
void pl_mail_free(pl_mail *m); ///< a mail on its way is given up, and sent later; NULL allowed
bool pl_mail_is_on(const pl_mail *m);
void pl_mail_wake(pl_mail *m); ///< there is something to send

typedef struct {
	long long sent, tried, refused; ///< tried: in vain, and again later
} pl_mail_counts;
pl_mail_counts pl_mail_count(pl_mail *m);

/* ---- in a transaction of the caller's ---- */

/// Where mail reaches a person: what they gave as contact, where that is an address.
/// @param[out] out "" where it is none
pl_status pl_mail_address(char out[PL_ADDRESS_CHARS], pl_store *s, int64_t person,
                          pl_error *err);
/// Send an invitation, in place of one that waits. Its code is drawn when it is sent: none
/// waits.
/// @param lost as pl_door_invite has it
/// @return PL_OK; PL_EARG (no address); PL_ENOTFOUND; PL_EIO, PL_ENOMEM
pl_status pl_mail_invite(pl_store *s, int64_t person, int64_t until, bool lost, pl_error *err);
/// Does the person want to be told what needs them, at most once a day?
pl_status pl_mail_has_digest(bool *has, pl_store *s, int64_t person, pl_error *err);
/// @return PL_OK; PL_EARG (no address); PL_EIO, PL_ENOMEM
pl_status pl_mail_set_digest(pl_store *s, int64_t person, bool on, pl_error *err);
#endif
