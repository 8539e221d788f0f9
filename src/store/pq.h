/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pq.h - a connection to PostgreSQL. Its library, libpq, is opened when a record asks for it,
 * so that nobody needs it who keeps a file. */
#ifndef PL_STORE_PQ_H
#define PL_STORE_PQ_H
#include <plenum/base.h>

typedef struct pl_pq pl_pq;
typedef struct pg_result pl_pq_rows; ///< what came of a statement; libpq's

/// @param how a connection string of libpq @return PL_OK; PL_EIO with what was said, PL_ENOMEM
pl_status pl_pq_open(pl_pq **out, const char *how, pl_error *err);
void pl_pq_close(pl_pq *q); ///< NULL allowed
bool pl_pq_lost(const pl_pq *q);

/// Run statements without parameters. @param[out] out rows of the last one; NULL: not wanted
/// @return PL_OK; PL_EIO with what the database says
pl_status pl_pq_script(pl_pq_rows **out, pl_pq *q, const char *sql, pl_error *err);
/// Run a statement with n texts. @return as above
pl_status pl_pq_run(pl_pq_rows **out, pl_pq *q, const char *sql, int n,
                    const char *const *value, pl_error *err);
/// Give a statement a name, and run it by that. @return as above
pl_status pl_pq_prepare(pl_pq *q, const char *name, const char *sql, pl_error *err);
pl_status pl_pq_call(pl_pq_rows **out, pl_pq *q, const char *name, int n,
                     const char *const *value, pl_error *err);

/// Send what has a name, or (with name NULL) a statement, without waiting for what comes of it.
/// Nothing else is asked until pl_pq_hear. @return as above
pl_status pl_pq_send(pl_pq *q, const char *name, const char *sql, int n,
                     const char *const *value, pl_error *err);
/// Hear what came of all that was sent. After one that failed, none was done.
/// @param[out] last the database's word for the last one, such as COMMIT; "" where it was not
///                  done; NULL: not wanted
/// @return as above
enum { PL_PQ_WORD = 32 };
pl_status pl_pq_hear(char last[PL_PQ_WORD], pl_pq *q, pl_error *err);

/// Rows, and the text of a cell: borrowed, and NULL where it is null.
int pl_pq_count(const pl_pq *q, const pl_pq_rows *r);
const char *pl_pq_text(const pl_pq *q, const pl_pq_rows *r, int row, int column);
void pl_pq_clear(pl_pq *q, pl_pq_rows *r);
#endif
