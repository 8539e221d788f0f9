/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* postgres.h - the parts of the store in PostgreSQL. */
#ifndef PL_STORE_POSTGRES_H
#define PL_STORE_POSTGRES_H
#include "app/store.h"
#include "store/behind.h"
#include "store/ddl.h"
#include "store/known.h"
#include "store/pq.h"

/// Statements are made once for a connection, under a name of kind, table and column.
typedef enum {
	PL_PG_INSERT,
	PL_PG_UPDATE,
	PL_PG_DELETE,
	PL_PG_APPEND, ///< an event
	PL_PG_ERASE,  ///< the texts of one
	PL_PG_SCAN,
	PL_PG_FIND,
	PL_PG_BETWEEN,
	PL_PG_DROP_BETWEEN,
	PL_PG_STATEMENTS
} pl_pg_statement;

/// The last event.
typedef struct {
	int64_t height, time;
	char hash[PL_HASH_CHARS];
} pl_pg_head;

typedef struct {
	pl_store store;
	pl_pq *pq;
	bool broken, open; ///< open: a transaction
	bool writes;       ///< the transaction may change something
	bool sent;         ///< and has, in the database
	pl_behind behind;  ///< what it changed besides
	int64_t mark;      ///< changes of those that stand before the mark; -1: the mark is the
	                   ///< savepoint, or there is none
	bool savepoint;    ///< the transaction has one
	pl_known known; ///< rows of the state behind `head`, with what the transaction changed
	pl_known passing; ///< what is known while the transaction lasts: what it put, rows of
	                  ///< tables that do not follow from events, lists that were empty
	pl_pg_head head, now, marked; ///< as known; in the transaction; at the mark
	bool made[PL_PG_STATEMENTS][PL_STORE_TABLES][PL_COLUMNS_MOST + 1];
} pl_postgres;

extern const pl_dialect pl_postgres_dialect;

enum {
	PL_PG_EVENTS = -1, ///< in place of a table
	PL_PG_EVENT_COLUMNS = 12,
	PL_PG_NAME = 32
};
/// Columns of an event, in their order.
#define PL_PG_EVENT_NAMES                                                           \
	"height, time, actor, type, facts, texts, salt, parent, hash, facts_hash, " \
	"texts_hash, signature"
/// Writers wait for each other.
#define PL_PG_BEGIN_ALONE "BEGIN; SELECT pg_advisory_xact_lock(7308332182978129505)"

/* ---- postgres_send.c ---- */

/// The name of a statement, and see to it that it is known by that.
/// @param column or the length of the prefix of a scan, or the rows of an insert
/// @return PL_OK; PL_EIO with what the database says, PL_ENOMEM
pl_status pl_postgres_statement(char name[PL_PG_NAME], pl_postgres *s, pl_pg_statement which,
                                int table, int column, pl_error *err);
/// A change, to be sent later. @param c its table is PL_PG_EVENTS for events
pl_status pl_postgres_change(pl_postgres *s, pl_change c, const char *const *value,
                             pl_error *err);
/// Send what waits, with the mark where it stands, and hear nothing of it yet.
pl_status pl_postgres_send(pl_postgres *s, pl_error *err);
/// Nothing waits in vain: what is asked next sees it.
pl_status pl_postgres_flush(pl_postgres *s, pl_error *err);
/// Pass on what came of a trip; a connection that is lost leaves the store broken.
pl_status pl_postgres_arrived(pl_postgres *s, pl_status st);

/* ---- postgres.c ---- */

/// As pl_pq_script and pl_pq_run, behind everything that waits.
pl_status pl_postgres_script(pl_postgres *s, const char *sql, pl_error *err);
pl_status pl_postgres_run(pl_pq_rows **out, pl_postgres *s, const char *sql, int n,
                          const char *const *value, pl_error *err);
/// A row, or its first n cells, from texts that a statement took or gave.
pl_state_row pl_postgres_row(int table, int n, const char *const *value);
/// Nothing is known any more.
void pl_postgres_forget(pl_postgres *s);

/* ---- postgres_turn.c: calls of a store ---- */
pl_status pl_postgres_begin(pl_store *store, pl_error *err);
pl_status pl_postgres_look(pl_store *store, pl_error *err);
pl_status pl_postgres_commit(pl_store *store, pl_error *err);
void pl_postgres_rollback(pl_store *store);
pl_status pl_postgres_mark(pl_store *store, pl_error *err);
pl_status pl_postgres_undo(pl_store *store, pl_error *err);

/* ---- postgres_open.c ---- */

/// Connect to a database that is a record, or, with @p make, make an empty one a record.
/// @return PL_OK; PL_EPARSE (no record, or one of a later version), PL_EIO, PL_ENOMEM; the
///         connection is to be closed in any case
pl_status pl_postgres_open(pl_postgres *s, const char *how, bool make, pl_error *err);
/// Begin as the only one who writes, and see which version is there then.
pl_status pl_postgres_begin_alone(int64_t *version, pl_postgres *s, pl_error *err);
/// In a transaction: all tables but the events', and the version.
pl_status pl_postgres_make_tables(pl_postgres *s, pl_error *err);

/* ---- postgres_older.c ---- */
pl_status pl_postgres_rebuild(pl_store *store, char kept[PL_KEPT_CHARS], pl_error *err);
pl_status pl_postgres_carry(pl_store *store, int table, pl_error *err);
#endif
