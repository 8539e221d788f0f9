/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* smtp.h - mail to a server that takes it on, by libcurl, which is opened when it is asked for.
 */
#ifndef PL_SERVER_SMTP_H
#define PL_SERVER_SMTP_H
#include <plenum/base.h>

/// Which server, and as whom. Borrowed texts.
typedef struct {
	const char *url;             ///< smtp://host:port or smtps://host:port; NULL: no mail
	const char *user, *password; ///< NULL: none
	const char
	        *authorities; ///< file of certificates to trust in place of the system's; NULL
	const char *from;     ///< address of the server's own
} pl_smtp_options;

typedef struct pl_smtp pl_smtp;
/// Open the library.
/// @return PL_OK; PL_EARG (no such address of a server), PL_EIO (no library), PL_ENOMEM
pl_status pl_smtp_open(pl_smtp **out, const pl_smtp_options *o, pl_error *err);
void pl_smtp_close(pl_smtp *s); ///< NULL allowed

/// Is the connection encrypted, or it fails? Not to a server on this computer, unless it is
/// smtps or authorities are named.
bool pl_smtp_is_encrypted(const pl_smtp_options *o);

/// Asked now and then while a mail is sent; false: give up.
typedef bool (*pl_smtp_watch)(void *with);
/// Send a mail: some seconds, and at most a minute. One thread at a time.
/// @param[out] said what the server said last, or what went wrong
/// @return PL_OK; PL_EARG: the server will never take it; PL_EIO: it may be tried again
pl_status pl_smtp_send(pl_smtp *s, const char *to, const char *mail, int64_t n,
                       pl_smtp_watch watch, void *with, pl_error *err);
#endif
