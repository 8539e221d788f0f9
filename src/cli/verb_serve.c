/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_serve.c - plenum serve: a record on HTTP, until it is asked to stop. */
#include "base/error.h"
#include "base/text.h"
#include "cli/carry.h"
#include "cli/key.h"
#include "cli/link.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "server/letter.h"
#include "server/net.h"
#include "server/serve.h"
#include "store/store.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PORT = 8765, RATE = 20, PATIENCE = 60, PER_ADDRESS = 256, PEM_MOST = 1 << 20 };

/// What the options come to, with what is owned.
typedef struct {
	const pl_args *a;
	unsigned char seed[PL_KEY_SEED];
	char proxy[PL_NET_CHARS];
	pl_bytes certificate, key;
	char here[PL_URL_CHARS];
	pl_serve_options o;
} job;

/* ---- options ---- */

static pl_status read_pem(pl_bytes *out, const char *path, pl_error *err)
{
	char chunk[4096];
	FILE *from = fopen(path, "r");
	pl_status st = PL_OK;
	if (from == NULL)
		return pl_fail(err, PL_ENOTFOUND, -1, "%.300s cannot be opened: %s", path,
		               strerror(errno));
	for (size_t n = 1; n > 0 && st == PL_OK && out->n < PEM_MOST;) {
		n = fread(chunk, 1, sizeof chunk, from);
		st = pl_bytes_add(out, chunk, (int64_t)n);
	}
	if (st == PL_OK) st = pl_bytes_add(out, "", 1);
	const bool read = ferror(from) == 0;
	(void)fclose(from);
	sodium_memzero(chunk, sizeof chunk);
	if (st != PL_OK) return pl_fail(err, st, -1, "no memory for %.300s", path);
	return read ? PL_OK : pl_fail(err, PL_EIO, -1, "%.300s cannot be read", path);
}

static pl_status read_tls(job *j, pl_error *err)
{
	const char *certificate = pl_args_text(j->a, PL_O_tls_cert),
	           *key = pl_args_text(j->a, PL_O_tls_key);
	if (certificate == NULL && key == NULL) return PL_OK;
	if (certificate == NULL || key == NULL)
		return pl_fail(err, PL_EARG, -1, "--tls-cert and --tls-key go together");
	PL_TRY(read_pem(&j->certificate, certificate, err));
	PL_TRY(read_pem(&j->key, key, err));
	j->o.http.certificate = j->certificate.at;
	j->o.http.key = j->key.at;
	return PL_OK;
}

/// Whose requests are answered, and who is believed to ask for others.
static pl_status read_reach(job *j, pl_error *err)
{
	const bool lan = pl_args_has(j->a, PL_O_lan), open = pl_args_has(j->a, PL_O_public),
	           behind = pl_args_has(j->a, PL_O_behind_proxy);
	const char *proxy = pl_args_text(j->a, PL_O_proxy);
	pl_http_options *h = &j->o.http;
	if (lan && (open || behind || proxy != NULL))
		return pl_fail(
		        err, PL_EARG, -1,
		        "--lan is for a local network without anything in between; leave "
		        "out --public and --behind-proxy, or --lan");
	if (proxy != NULL && !pl_net_normal(j->proxy, proxy))
		return pl_fail(err, PL_EARG, -1,
		               "--proxy: \"%.60s\" is no address such as 10.0.0.2", proxy);
	if (open && !behind && proxy == NULL && h->certificate == NULL)
		return pl_fail(err, PL_EARG, -1,
		               "--public would send passwords in the open: give --tls-cert and "
		               "--tls-key, or put a web server with TLS in front and give "
		               "--behind-proxy");
	h->from = proxy != NULL ? PL_FROM_ONE
	          : behind      ? PL_FROM_LOOPBACK
	          : open        ? PL_FROM_ANYWHERE
	          : lan         ? PL_FROM_PRIVATE
	                        : PL_FROM_LOOPBACK;
	h->only = proxy != NULL ? j->proxy : NULL;
	h->per_address =
	        h->from == PL_FROM_PRIVATE || h->from == PL_FROM_ANYWHERE ? PER_ADDRESS : 0;
	j->o.proxy = proxy != NULL ? j->proxy : behind ? "loopback" : NULL;
	return PL_OK;
}

static pl_status read_base(job *j, pl_error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                              "0123456789/-_.~";
	enum { BASE_MOST = 64 };
	const char *base = pl_args_text(j->a, PL_O_base);
	j->o.base = "";
	if (base == NULL || strcmp(base, "/") == 0) return PL_OK;
	const size_t n = strlen(base);
	j->o.base = base;
	if (base[0] == '/' && base[n - 1] != '/' && n <= BASE_MOST &&
	    strspn(base, allowed) == n)
		return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "--base is a path such as /plenum: it begins with / and does not end "
	               "with it");
}

static void tell_mail(const char *what)
{
	(void)fprintf(stderr, "plenum serve: mail: %s\n", what);
}

/// Mail, where there is any. User and password are not read from the command line, which
/// everybody on the computer can see.
static pl_status read_mail(job *j, pl_error *err)
{
	const pl_args *a = j->a;
	pl_smtp_options *o = &j->o.smtp;
	o->url = pl_args_text(a, PL_O_smtp);
	o->from = pl_args_text(a, PL_O_mail_from);
	o->authorities = pl_args_text(a, PL_O_smtp_ca);
	o->user = getenv("PLENUM_SMTP_USER");
	o->password = getenv("PLENUM_SMTP_PASSWORD");
	j->o.tell = tell_mail;
	j->o.here = j->here;
	PL_TRY(pl_link_url(j->here, a, err));
	if (o->url == NULL &&
	    (o->from != NULL || o->authorities != NULL || pl_args_has(a, PL_O_smtp_test)))
		return pl_fail(err, PL_EARG, -1,
		               "--mail-from, --smtp-ca and --smtp-test need --smtp");
	if (o->url == NULL) return PL_OK;
	if (o->from == NULL || (!pl_args_has(a, PL_O_url) && !pl_args_has(a, PL_O_smtp_test)))
		return pl_fail(
		        err, PL_EARG, -1,
		        "--smtp needs --mail-from, from which mail comes, and --url, where "
		        "people reach the server: links in mails lead there");
	if ((o->user == NULL) != (o->password == NULL))
		return pl_fail(err, PL_EARG, -1,
		               "PLENUM_SMTP_USER and PLENUM_SMTP_PASSWORD go together");
	return PL_OK;
}

static pl_status read_options(job *j, pl_error *err)
{
	const pl_args *a = j->a;
	j->o.address = a->arg[0];
	j->o.seed = j->seed;
	j->o.rate = (double)pl_args_whole(a, PL_O_rate, RATE);
	j->o.http.port = (int)pl_args_whole(a, PL_O_port, PORT);
	j->o.http.patience = (double)pl_args_whole(a, PL_O_patience, PATIENCE);
	PL_TRY(read_tls(j, err));
	PL_TRY(read_mail(j, err));
	PL_TRY(read_reach(j, err));
	return read_base(j, err);
}

/* ---- serving ---- */

/// The key of a record that is there: a new one is drawn for none that is not. Tables of an
/// older version are brought up to date first.
static pl_status read_key(job *j, pl_error *err)
{
	pl_store *store;
	PL_TRY(pl_carry_open(&store, j->a->arg[0], false, j->a, err));
	pl_store_close(store);
	return pl_key_get(j->seed, j->a->arg[0], err);
}

/// One line on standard output, for people and for scripts.
static void print_address(const job *j, int port)
{
	char host[PL_NET_CHARS];
	if (j->o.http.from != PL_FROM_PRIVATE || pl_net_own(host)[0] == '\0')
		(void)snprintf(host, sizeof host, "127.0.0.1");
	printf("http%s://%s:%d%s/\n", j->o.http.certificate != NULL ? "s" : "", host, port,
	       j->o.base);
	(void)fflush(stdout);
}

/// One mail to see whether any arrives.
static pl_status try_mail(const job *j, const char *to, pl_error *err)
{
	const pl_letter l = {.from = j->o.smtp.from,
	                     .to = to,
	                     .subject = "A test of Plenum's mail",
	                     .text = "This mail was sent by plenum serve --smtp-test.\r\n",
	                     .time = (int64_t)time(NULL),
	                     .id = "test"};
	pl_smtp *s;
	pl_bytes mail = {0};
	PL_TRY(pl_letter_write(&mail, &l, err));
	pl_status st = pl_smtp_open(&s, &j->o.smtp, err);
	if (st == PL_OK) st = pl_smtp_send(s, to, mail.at, mail.n, NULL, NULL, err);
	pl_smtp_close(s);
	pl_bytes_free(&mail);
	if (st == PL_OK && !pl_args_has(j->a, PL_O_quiet))
		printf("%s took a mail to %s%s\n", j->o.smtp.url, to,
		       pl_smtp_is_encrypted(&j->o.smtp) ? ", encrypted on the way there" : "");
	return st;
}

static pl_status serve(job *j, pl_error *err)
{
	const struct timespec pause = {.tv_nsec = 50000000};
	pl_server *server;
	PL_TRY(read_options(j, err));
	if (pl_args_has(j->a, PL_O_smtp_test))
		return try_mail(j, pl_args_text(j->a, PL_O_smtp_test), err);
	PL_TRY(read_key(j, err));
	PL_TRY(pl_serve_new(&server, &j->o, err));
	if (j->o.http.from == PL_FROM_PRIVATE)
		pl_tell_note(j->a,
		             "everybody in this network can reach the server, and what is "
		             "sent is not encrypted: use it among people who trust the "
		             "network");
	print_address(j, pl_serve_port(server));
	while (!pl_stop_asked()) (void)nanosleep(&pause, NULL);
	pl_serve_free(server);
	pl_stop_met();
	return PL_OK;
}

int pl_verb_serve(const pl_args *a)
{
	job j = {.a = a};
	pl_error err;
	if (sodium_init() < 0) return PL_EXIT_INPUT;
	const pl_status st = serve(&j, &err);
	sodium_memzero(j.seed, sizeof j.seed);
	if (j.key.at != NULL) sodium_memzero(j.key.at, (size_t)j.key.n);
	pl_bytes_free(&j.certificate);
	pl_bytes_free(&j.key);
	return st == PL_OK ? PL_EXIT_GOOD : pl_tell_error(a, &err);
}
