/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/copy.h"

#include "base/error.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const pl_state_row none = {{{0}}};

/* ---- what a record holds ---- */

/// Reading a record, and writing another at the same time.
typedef struct {
	pl_contents *seen;
	pl_store *to; ///< NULL: it is read alone
	int table;    ///< of the rows
	crypto_hash_sha256_state sha;
	int64_t all; ///< events, for the watcher
	pl_count_watch watch;
	void *with;
	pl_status status;
	pl_error *err;
} passing;

static void add(passing *p, const char *bytes, size_t n)
{
	(void)crypto_hash_sha256_update(&p->sha, (const unsigned char *)bytes,
	                                (unsigned long long)n);
}

/// The length stands before the bytes, so that no text can pass for two. NULL is none.
static void add_text(passing *p, const char *text)
{
	char length[32];
	const size_t n = text == NULL ? 0 : strlen(text);
	const int k = text == NULL ? snprintf(length, sizeof length, "-\n")
	                           : snprintf(length, sizeof length, "%zu\n", n);
	add(p, length, (size_t)k);
	if (text != NULL) add(p, text, n);
}

static void add_whole(passing *p, int64_t x)
{
	char number[32];
	const int k = snprintf(number, sizeof number, "%" PRId64 "\n", x);
	add(p, number, (size_t)k);
}

static bool pass_event(void *with, const pl_event *e)
{
	passing *p = with;
	const char *const text[] = {e->type,       e->facts,      e->texts,
	                            e->salt,       e->parent,     e->hash,
	                            e->facts_hash, e->texts_hash, e->signature};
	add_whole(p, e->height);
	add_whole(p, e->time);
	add_whole(p, e->actor);
	for (size_t i = 0; i < sizeof text / sizeof *text; i++) add_text(p, text[i]);
	p->seen->height = e->height;
	p->seen->time = e->time;
	memcpy(p->seen->head, e->hash, sizeof p->seen->head);
	if (p->to != NULL) p->status = pl_store_append(p->to, e, p->err);
	if (p->status == PL_OK && p->watch != NULL && !p->watch(p->with, e->height, p->all))
		p->status = pl_fail(p->err, PL_ESTOPPED, -1, "stopped");
	return p->status == PL_OK;
}

static bool pass_row(void *with, const pl_state_row *row)
{
	passing *p = with;
	const pl_table_kind *t = &pl_state_tables[p->table];
	add_text(p, t->name);
	for (int i = 0; i < t->n_columns; i++) {
		if (t->column[i].kind == PL_CELL_TEXT)
			add_text(p, row->at[i].text);
		else
			add_whole(p, row->at[i].whole);
	}
	p->seen->rows++;
	if (p->to != NULL) p->status = p->to->calls->put(p->to, p->table, row, false, p->err);
	return p->status == PL_OK;
}

/// Tables stand in tables.def behind those that they refer to: a row finds what it names.
static pl_status pass(passing *p, pl_store *from)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	int64_t time;
	*p->seen = (pl_contents){0};
	if (sodium_init() < 0)
		return pl_fail(p->err, PL_EIO, -1, "the system gives no random numbers");
	(void)crypto_hash_sha256_init(&p->sha);
	PL_TRY(pl_store_head(&p->all, p->seen->head, &time, from, p->err));
	PL_TRY(pl_store_events(from, 1, pass_event, p, p->err));
	for (p->table = 0; p->table < PL_STORE_TABLES && p->status == PL_OK; p->table++)
		PL_TRY(pl_store_scan(from, p->table, 0, &none, pass_row, p, p->err));
	(void)crypto_hash_sha256_final(&p->sha, sum);
	(void)sodium_bin2hex(p->seen->all, sizeof p->seen->all, sum, sizeof sum);
	return p->status;
}

pl_status pl_app_contents(pl_contents *out, pl_store *s, pl_count_watch watch, void *with,
                          pl_error *err)
{
	passing p = {.seen = out, .watch = watch, .with = with, .err = err};
	return pass(&p, s);
}

/* ---- into another store ---- */

static bool note_any(void *with, const pl_state_row *row)
{
	(void)row;
	*(bool *)with = true;
	return false;
}

static pl_status check_empty(pl_store *s, pl_error *err)
{
	char hash[PL_HASH_CHARS];
	int64_t height, time;
	bool any = false;
	PL_TRY(pl_store_head(&height, hash, &time, s, err));
	for (int t = 0; t < PL_STORE_TABLES && !any; t++)
		PL_TRY(pl_store_scan(s, t, 0, &none, note_any, &any, err));
	if (height == 0 && !any) return PL_OK;
	return pl_fail(
	        err, PL_ECONFLICT, -1,
	        "there is a record already where the copy should go; nothing is replaced");
}

pl_status pl_app_copy(pl_contents *out, pl_store *to, pl_store *from, pl_count_watch watch,
                      void *with, pl_error *err)
{
	passing p = {.seen = out, .to = to, .watch = watch, .with = with, .err = err};
	/* first without waiting: both may be one database, and wait for each other */
	PL_TRY(check_empty(to, err));
	PL_TRY(pl_store_begin(to, err));
	pl_status st = check_empty(to, err);
	if (st == PL_OK) st = pass(&p, from);
	if (st == PL_OK) return pl_store_commit(to, err);
	pl_store_rollback(to);
	return st;
}
