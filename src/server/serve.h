/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* serve.h - a record, served. */
#ifndef PL_SERVER_SERVE_H
#define PL_SERVER_SERVE_H
#include "app/app.h"
#include "server/http.h"
#include "server/smtp.h"

/// Everything is borrowed, and stays until pl_serve_free.
typedef struct {
	const char *address;       ///< of the record, as pl_store_open has it
	const unsigned char *seed; ///< [PL_KEY_SEED] of its key
	pl_http_options http;
	const char *proxy; ///< an address that is believed when it says for whom it asks; NULL:
	                   ///< none; "loopback": this computer
	const char *base;  ///< under which path it is served, such as "/plenum"; "" for none
	double rate;       ///< requests a second that a person may make; 0: no limit
	pl_smtp_options smtp;           ///< url NULL: no mail
	const char *here;               ///< for mail: where people reach the server
	void (*tell)(const char *what); ///< something went wrong with mail; by any thread; NULL
} pl_serve_options;

typedef struct pl_server pl_server;
/// Begin to serve. @return PL_OK; as pl_desk_new and pl_http_new
pl_status pl_serve_new(pl_server **out, const pl_serve_options *o, pl_error *err);
int pl_serve_port(const pl_server *s);
/// Answer what has come, end what is live, stop. NULL allowed.
void pl_serve_free(pl_server *s);
#endif
