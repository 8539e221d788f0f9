/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/pq.h"

#include "base/alloc.h"
#include "base/error.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* Results of libpq, from its documentation. */
enum { CONNECTION_OK = 0, COMMAND_OK = 1, TUPLES_OK = 2 };

typedef struct pg_conn pg_conn;
typedef struct pg_result pg_result;

/// What is used of libpq. Its names and types are those of its documentation.
typedef struct {
	pg_conn *(*connect)(const char *how);
	int (*status)(const pg_conn *c);
	void (*finish)(pg_conn *c);
	char *(*error)(const pg_conn *c);
	pg_result *(*run)(pg_conn *c, const char *sql, int n, const unsigned *types,
	                  const char *const *value, const int *length, const int *format,
	                  int result);
	pg_result *(*prepare)(pg_conn *c, const char *name, const char *sql, int n,
	                      const unsigned *types);
	pg_result *(*call)(pg_conn *c, const char *name, int n, const char *const *value,
	                   const int *length, const int *format, int result);
	pg_result *(*script)(pg_conn *c, const char *sql);
	int (*send)(pg_conn *c, const char *sql, int n, const unsigned *types,
	            const char *const *value, const int *length, const int *format, int result);
	int (*send_call)(pg_conn *c, const char *name, int n, const char *const *value,
	                 const int *length, const int *format, int result);
	int (*ahead)(pg_conn *c);
	int (*sync)(pg_conn *c);
	int (*in_step)(pg_conn *c);
	pg_result *(*next)(pg_conn *c);
	int (*result)(const pg_result *r);
	int (*rows)(const pg_result *r);
	char *(*value)(const pg_result *r, int row, int column);
	int (*is_null)(const pg_result *r, int row, int column);
	char *(*word)(pg_result *r);
	char *(*why)(const pg_result *r);
	void (*clear)(pg_result *r);
	void (*(*notices)(pg_conn *c, void (*told)(void *with, const char *text),
	                  void *with))(void *with, const char *text);
} libpq;

struct pl_pq {
	void *library;
	libpq f;
	pg_conn *connection;
	int sent; ///< statements of which it was not heard yet what came of them
	bool stuck;
};

/* ---- the library ---- */

/// A function of the library; ISO C knows no cast from an object's pointer to a function's.
static bool find(void *library, const char *name, void *function)
{
	void *found = dlsym(library, name);
	memcpy(function, &found, sizeof found);
	return found != NULL;
}

static bool find_all(libpq *f, void *library)
{
	return find(library, "PQconnectdb", &f->connect) &&
	       find(library, "PQstatus", &f->status) && find(library, "PQfinish", &f->finish) &&
	       find(library, "PQerrorMessage", &f->error) &&
	       find(library, "PQexecParams", &f->run) &&
	       find(library, "PQprepare", &f->prepare) &&
	       find(library, "PQexecPrepared", &f->call) &&
	       find(library, "PQexec", &f->script) &&
	       find(library, "PQsendQueryParams", &f->send) &&
	       find(library, "PQsendQueryPrepared", &f->send_call) &&
	       find(library, "PQenterPipelineMode", &f->ahead) &&
	       find(library, "PQpipelineSync", &f->sync) &&
	       find(library, "PQexitPipelineMode", &f->in_step) &&
	       find(library, "PQgetResult", &f->next) &&
	       find(library, "PQresultStatus", &f->result) &&
	       find(library, "PQntuples", &f->rows) && find(library, "PQgetvalue", &f->value) &&
	       find(library, "PQgetisnull", &f->is_null) &&
	       find(library, "PQcmdStatus", &f->word) &&
	       find(library, "PQresultErrorMessage", &f->why) &&
	       find(library, "PQclear", &f->clear) &&
	       find(library, "PQsetNoticeProcessor", &f->notices);
}

/// The library stays: what it brings along (TLS, Kerberos) has things to do when the process
/// ends.
static pl_status load(pl_pq *q, pl_error *err)
{
	q->library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (q->library == NULL)
		return pl_fail(err, PL_EIO, -1,
		               "a record in PostgreSQL needs its library (Debian: libpq5), "
		               "which is not here");
	if (find_all(&q->f, q->library)) return PL_OK;
	return pl_fail(err, PL_EIO, -1,
	               "the library of PostgreSQL that is here is older than that of "
	               "PostgreSQL 14");
}

/* ---- the connection ---- */

bool pl_pq_lost(const pl_pq *q)
{
	return q->stuck || q->f.status(q->connection) != CONNECTION_OK;
}

/// What the database said, on one line.
static pl_status fail_with(const char *words, pl_error *err)
{
	char said[300];
	(void)snprintf(said, sizeof said, "%s", words);
	for (char *c = said; *c != '\0'; c++)
		if (*c == '\n' || *c == '\t') *c = *(c + 1) == '\0' ? '\0' : ' ';
	return pl_fail(err, PL_EIO, -1, "the database says: %s; nothing was recorded", said);
}

static pl_status fail(pl_pq *q, pl_error *err)
{
	return fail_with(q->f.error(q->connection), err);
}

/// What the server says besides answers is not for the user's terminal.
static void hear_nothing(void *with, const char *text)
{
	(void)with;
	(void)text;
}

static pl_status connect(pl_pq *q, const char *how, pl_error *err)
{
	PL_TRY(load(q, err));
	q->connection = q->f.connect(how);
	if (q->connection == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	if (pl_pq_lost(q)) return fail(q, err);
	(void)q->f.notices(q->connection, hear_nothing, NULL);
	return PL_OK;
}

pl_status pl_pq_open(pl_pq **out, const char *how, pl_error *err)
{
	*out = NULL;
	pl_pq *q = pl_alloc(1, sizeof *q);
	if (q == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	const pl_status st = connect(q, how, err);
	if (st == PL_OK)
		*out = q;
	else
		pl_pq_close(q);
	return st;
}

void pl_pq_close(pl_pq *q)
{
	if (q == NULL) return;
	if (q->connection != NULL) q->f.finish(q->connection);
	if (q->library != NULL) (void)dlclose(q->library);
	pl_free(q);
}

/* ---- one after another ---- */

static bool is_good(const pl_pq *q, const pg_result *r)
{
	const int got = q->f.result(r);
	return got == COMMAND_OK || got == TUPLES_OK;
}

/// What came of a statement.
static pl_status judge(pl_pq_rows **out, pl_pq *q, pg_result *r, pl_error *err)
{
	const pl_status st = is_good(q, r) ? PL_OK : fail(q, err);
	if (out != NULL && st == PL_OK)
		*out = r;
	else
		q->f.clear(r);
	return st;
}

pl_status pl_pq_script(pl_pq_rows **out, pl_pq *q, const char *sql, pl_error *err)
{
	return judge(out, q, q->f.script(q->connection, sql), err);
}

pl_status pl_pq_run(pl_pq_rows **out, pl_pq *q, const char *sql, int n,
                    const char *const *value, pl_error *err)
{
	return judge(out, q, q->f.run(q->connection, sql, n, NULL, value, NULL, NULL, 0), err);
}

pl_status pl_pq_prepare(pl_pq *q, const char *name, const char *sql, pl_error *err)
{
	return judge(NULL, q, q->f.prepare(q->connection, name, sql, 0, NULL), err);
}

pl_status pl_pq_call(pl_pq_rows **out, pl_pq *q, const char *name, int n,
                     const char *const *value, pl_error *err)
{
	return judge(out, q, q->f.call(q->connection, name, n, value, NULL, NULL, 0), err);
}

/* ---- sent ahead ---- */

pl_status pl_pq_send(pl_pq *q, const char *name, const char *sql, int n,
                     const char *const *value, pl_error *err)
{
	bool good = q->sent > 0 || q->f.ahead(q->connection) != 0;
	if (good && name != NULL)
		good = q->f.send_call(q->connection, name, n, value, NULL, NULL, 0) != 0;
	else if (good)
		good = q->f.send(q->connection, sql, n, NULL, value, NULL, NULL, 0) != 0;
	q->sent += good;
	return good ? PL_OK : fail(q, err);
}

/// What came of one that was sent.
static pl_status hear_one(char last[PL_PQ_WORD], pl_pq *q, pl_error *err)
{
	pg_result *r = q->f.next(q->connection);
	const bool good = r != NULL && is_good(q, r);
	pl_status st = PL_OK;
	if (!good) st = r == NULL ? fail(q, err) : fail_with(q->f.why(r), err);
	if (last != NULL) (void)snprintf(last, PL_PQ_WORD, "%s", good ? q->f.word(r) : "");
	q->f.clear(r);
	if (r != NULL) q->f.clear(q->f.next(q->connection)); /* the end of its results */
	return st;
}

pl_status pl_pq_hear(char last[PL_PQ_WORD], pl_pq *q, pl_error *err)
{
	pl_status st = PL_OK;
	if (last != NULL) last[0] = '\0';
	if (q->f.sync(q->connection) == 0) st = fail(q, err);
	for (; q->sent > 0; q->sent--) {
		const pl_status one = hear_one(last, q, st == PL_OK ? err : NULL);
		if (st == PL_OK) st = one;
	}
	q->f.clear(q->f.next(q->connection)); /* in step again */
	q->stuck = q->f.in_step(q->connection) == 0;
	if (q->stuck && st == PL_OK) st = fail(q, err);
	return st;
}

/* ---- rows ---- */

int pl_pq_count(const pl_pq *q, const pl_pq_rows *r)
{
	return q->f.rows(r);
}

const char *pl_pq_text(const pl_pq *q, const pl_pq_rows *r, int row, int column)
{
	return q->f.is_null(r, row, column) != 0 ? NULL : q->f.value(r, row, column);
}

void pl_pq_clear(pl_pq *q, pl_pq_rows *r)
{
	q->f.clear(r);
}
