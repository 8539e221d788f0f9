/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/smtp.h"

#include "base/alloc.h"
#include "base/error.h"
#include "server/letter.h"

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SECONDS = 60, CONNECT_SECONDS = 20, WHERE_MOST = 300 };

/// The functions of the library that are used.
typedef struct {
	CURLcode (*begin)(long flags);
	CURL *(*easy)(void);
	CURLcode (*set)(CURL *c, CURLoption what, ...);
	CURLcode (*perform)(CURL *c);
	CURLcode (*info)(CURL *c, CURLINFO what, ...);
	void (*end)(CURL *c);
	const char *(*error)(CURLcode code);
	struct curl_slist *(*append)(struct curl_slist *list, const char *text);
	void (*free_list)(struct curl_slist *list);
} calls;

struct pl_smtp {
	pl_smtp_options o;
	calls call;
};

/* ---- the library ---- */

static bool find(void *library, const char *name, void *function)
{
	void *found = dlsym(library, name);
	memcpy(function, &found, sizeof found);
	return found != NULL;
}

/// The library stays, as what it brings along has things to do when the process ends.
static pl_status load(calls *c, pl_error *err)
{
	static const char *const names[] = {"libcurl-gnutls.so.4", "libcurl.so.4"};
	void *library = NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names && library == NULL; i++)
		library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (library == NULL)
		return pl_fail(
		        err, PL_EIO, -1,
		        "mail needs libcurl (Debian: libcurl3-gnutls), which is not here");
	if (find(library, "curl_global_init", &c->begin) &&
	    find(library, "curl_easy_init", &c->easy) &&
	    find(library, "curl_easy_setopt", &c->set) &&
	    find(library, "curl_easy_perform", &c->perform) &&
	    find(library, "curl_easy_getinfo", &c->info) &&
	    find(library, "curl_easy_cleanup", &c->end) &&
	    find(library, "curl_easy_strerror", &c->error) &&
	    find(library, "curl_slist_append", &c->append) &&
	    find(library, "curl_slist_free_all", &c->free_list) &&
	    c->begin(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		return PL_OK;
	return pl_fail(err, PL_EIO, -1, "the libcurl that is here is not version 7 or 8");
}

/* ---- where to ---- */

static bool begins(const char *text, const char *with)
{
	return strncasecmp(text, with, strlen(with)) == 0;
}

/// The host of an address; NULL: it is none of a mail server's.
static const char *host_of(const char *url)
{
	return begins(url, "smtp://")    ? url + strlen("smtp://")
	       : begins(url, "smtps://") ? url + strlen("smtps://")
	                                 : NULL;
}

static bool is_own(const char *host)
{
	static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const size_t n = strlen(names[i]);
		if (begins(host, names[i]) &&
		    (host[n] == '\0' || host[n] == ':' || host[n] == '/'))
			return true;
	}
	return false;
}

bool pl_smtp_is_encrypted(const pl_smtp_options *o)
{
	const char *host = host_of(o->url);
	return begins(o->url, "smtps://") || o->authorities != NULL || host == NULL ||
	       !is_own(host);
}

static pl_status check(const pl_smtp_options *o, pl_error *err)
{
	const char *host = host_of(o->url);
	if (host == NULL || host[0] == '\0' || strlen(o->url) > WHERE_MOST ||
	    strpbrk(o->url, " @\"<>\\^`{|}") != NULL)
		return pl_fail(err, PL_EARG, -1,
		               "--smtp is an address such as smtp://mail.example.org:587; user "
		               "and password stand elsewhere, since others can read what a "
		               "program is started with");
	if (!pl_letter_is_address(o->from))
		return pl_fail(err, PL_EARG, -1,
		               "--mail-from is an address such as plenum@example.org");
	return PL_OK;
}

pl_status pl_smtp_open(pl_smtp **out, const pl_smtp_options *o, pl_error *err)
{
	*out = NULL;
	PL_TRY(check(o, err));
	pl_smtp *s = pl_alloc(1, sizeof *s);
	if (s == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for mail");
	s->o = *o;
	const pl_status st = load(&s->call, err);
	if (st == PL_OK)
		*out = s;
	else
		pl_free(s);
	return st;
}

void pl_smtp_close(pl_smtp *s)
{
	pl_free(s);
}

/* ---- sending ---- */

typedef struct {
	const char *at;
	size_t left;
	pl_smtp_watch watch;
	void *with;
} sending;

static size_t read_mail(char *out, size_t size, size_t count, void *with)
{
	sending *s = with;
	const size_t n = s->left < size * count ? s->left : size * count;
	memcpy(out, s->at, n);
	s->at += n;
	s->left -= n;
	return n;
}

static int go_on(void *with, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const sending *s = with;
	(void)a, (void)b, (void)c, (void)d;
	return s->watch == NULL || s->watch(s->with) ? 0 : 1;
}

static bool set_server(const pl_smtp *s, CURL *c)
{
	const pl_smtp_options *o = &s->o;
	const calls *k = &s->call;
	const long tls = pl_smtp_is_encrypted(o) ? CURLUSESSL_ALL : CURLUSESSL_NONE;
	bool good = k->set(c, CURLOPT_URL, o->url) == CURLE_OK &&
	            k->set(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
	            k->set(c, CURLOPT_USE_SSL, tls) == CURLE_OK &&
	            k->set(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	            k->set(c, CURLOPT_PROXY, "") == CURLE_OK &&
	            k->set(c, CURLOPT_TIMEOUT, (long)SECONDS) == CURLE_OK &&
	            k->set(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS) == CURLE_OK;
	if (o->authorities != NULL)
		good = good && k->set(c, CURLOPT_CAINFO, o->authorities) == CURLE_OK;
	if (o->user != NULL)
		good = good && k->set(c, CURLOPT_USERNAME, o->user) == CURLE_OK &&
		       k->set(c, CURLOPT_PASSWORD, o->password) == CURLE_OK;
	return good;
}

static bool set_mail(const pl_smtp *s, CURL *c, struct curl_slist *to, sending *mail,
                     char *said)
{
	const calls *k = &s->call;
	return k->set(c, CURLOPT_MAIL_FROM, s->o.from) == CURLE_OK &&
	       k->set(c, CURLOPT_MAIL_RCPT, to) == CURLE_OK &&
	       k->set(c, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
	       k->set(c, CURLOPT_READFUNCTION, read_mail) == CURLE_OK &&
	       k->set(c, CURLOPT_READDATA, mail) == CURLE_OK &&
	       k->set(c, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
	       k->set(c, CURLOPT_XFERINFOFUNCTION, go_on) == CURLE_OK &&
	       k->set(c, CURLOPT_XFERINFODATA, mail) == CURLE_OK &&
	       k->set(c, CURLOPT_ERRORBUFFER, said) == CURLE_OK;
}

/// Will the server never take a mail to this address? 550 and its like, after it knew who asks.
static bool is_final(CURLcode code, long answer)
{
	return code != CURLE_LOGIN_DENIED && answer >= 550 && answer <= 559;
}

static pl_status send_by(const pl_smtp *s, CURL *c, struct curl_slist *to, sending *mail,
                         pl_error *err)
{
	char said[CURL_ERROR_SIZE] = "";
	long answer = 0;
	if (to == NULL || !set_server(s, c) || !set_mail(s, c, to, mail, said))
		return pl_fail(err, PL_EIO, -1, "libcurl cannot be told what to send");
	const CURLcode code = s->call.perform(c);
	(void)s->call.info(c, CURLINFO_RESPONSE_CODE, &answer);
	if (code == CURLE_OK) return PL_OK;
	return pl_fail(err, is_final(code, answer) ? PL_EARG : PL_EIO, -1, "%.200s: %.200s",
	               s->o.url, said[0] != '\0' ? said : s->call.error(code));
}

pl_status pl_smtp_send(pl_smtp *s, const char *to, const char *mail, int64_t n,
                       pl_smtp_watch watch, void *with, pl_error *err)
{
	sending what = {.at = mail, .left = (size_t)n, .watch = watch, .with = with};
	CURL *c = s->call.easy();
	if (c == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for mail");
	struct curl_slist *list = s->call.append(NULL, to);
	const pl_status st = send_by(s, c, list, &what, err);
	s->call.free_list(list);
	s->call.end(c);
	return st;
}
