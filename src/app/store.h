/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* store.h - the port to whatever keeps the record. It belongs to its user: stores include it,
 * and it names none of them.
 *
 * A store keeps events, which are only ever appended, and the state, rows that the events alone
 * have made. Both change in one transaction or not at all. What a commit acknowledged survives
 * the death of the process and of the machine's power. After a commit that failed the store is
 * broken: it acknowledges nothing more until it is opened anew. */
#ifndef PL_APP_STORE_H
#define PL_APP_STORE_H
#include "app/event.h"
#include "app/state.h"

typedef struct pl_store pl_store;

/// Called for each row or event, which are borrowed for the call; false ends the scan. It may
/// not call the store.
typedef bool (*pl_row_visit)(void *with, const pl_state_row *row);
typedef bool (*pl_event_visit)(void *with, const pl_event *event);

/// A height for `events`: the last one alone.
enum { PL_LAST_EVENT = -1 };

enum {
	PL_STORE_VERSION = 4, ///< of the tables; a change of theirs asks for the next one
	PL_KEPT_CHARS = 300,
	PL_SAID_MOST = 300
};

/// Numbers from low to high.
typedef struct {
	int64_t low, high;
} pl_range;

/// What a store can do; used through the functions below alone.
typedef struct {
	const char *name; ///< "memory", "sqlite", "postgres"
	void (*close)(pl_store *s);
	pl_status (*begin)(pl_store *s, pl_error *err);
	pl_status (*look)(pl_store *s, pl_error *err);
	pl_status (*commit)(pl_store *s, pl_error *err);
	void (*rollback)(pl_store *s);
	pl_status (*mark)(pl_store *s, pl_error *err);
	pl_status (*undo)(pl_store *s, pl_error *err);
	pl_status (*append)(pl_store *s, const pl_event *e, pl_error *err);
	pl_status (*erase)(pl_store *s, int64_t height, pl_error *err);
	pl_status (*events)(pl_store *s, int64_t from, pl_event_visit visit, void *with,
	                    pl_error *err);
	pl_status (*put)(pl_store *s, int table, const pl_state_row *row, bool there,
	                 pl_error *err);
	pl_status (*drop)(pl_store *s, int table, const pl_state_row *key, pl_error *err);
	pl_status (*scan)(pl_store *s, int table, int n_prefix, const pl_state_row *prefix,
	                  pl_row_visit visit, void *with, pl_error *err);
	pl_status (*find)(pl_store *s, int table, int column, const char *text,
	                  pl_row_visit visit, void *with, pl_error *err);
	pl_status (*between)(pl_store *s, int table, int column, const pl_range *range,
	                     pl_row_visit visit, void *with, pl_error *err);
	pl_status (*drop_between)(pl_store *s, int table, int column, const pl_range *range,
	                          pl_error *err);
	pl_status (*rebuild)(pl_store *s, char kept[PL_KEPT_CHARS], pl_error *err);
	pl_status (*carry)(pl_store *s, int table, pl_error *err);
	/* NULL where there is nothing to do or to see: */
	pl_status (*rebuilt)(pl_store *s, pl_error *err);
	pl_status (*inspect)(pl_store *s, char said[PL_SAID_MOST], pl_error *err);
	/* Nobody has rows with these first keys. */
	void (*fresh)(pl_store *s, int table, int n_prefix, const pl_state_row *prefix);
	/* Is the last event known without looking? */
	bool (*head)(const pl_store *s, int64_t *height, char hash[PL_HASH_CHARS],
	             int64_t *time);
} pl_store_calls;

/// Every store begins with this.
struct pl_store {
	const pl_store_calls *calls;
	int64_t older; ///< version of its tables where that is an older one; 0: it is today's
};

void pl_store_close(pl_store *s); ///< NULL allowed; what was not committed is gone

/// A transaction. One at a time.
/// @return PL_OK; PL_ECONFLICT where the record was moved, PL_EPARSE where its tables are of an
///         older version, with a sentence; PL_EIO, PL_ENOMEM
pl_status pl_store_begin(pl_store *s, pl_error *err);
/// A transaction that only reads: what it sees stands still while others write. It ends with
/// pl_store_rollback. @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_store_look(pl_store *s, pl_error *err);
/// @return PL_OK: everything is safe; else all of it happened or nothing, which shows when the
///         store is opened anew, and the store is broken
pl_status pl_store_commit(pl_store *s, pl_error *err);
void pl_store_rollback(pl_store *s); ///< also where no transaction is open
/// In a transaction: what is done from here on can be undone by itself. An earlier mark is
/// forgotten. @return PL_OK, PL_EIO
pl_status pl_store_mark(pl_store *s, pl_error *err);
/// Everything since the last mark, which stays, has not happened. @return PL_OK; PL_EIO: the
/// transaction is lost, and is to be rolled back
pl_status pl_store_undo(pl_store *s, pl_error *err);

/// What a backup leaves, with the key "last": JSON of height, time and to.
#define PL_NOTE_BACKUP "backup"
/// Where a record that was moved goes on: a note that ends every transaction, of this kind and
/// with the key "to". Mark it, in a transaction, which is the last.
#define PL_NOTE_MOVED "moved"
pl_status pl_store_mark_moved(pl_store *s, const char *to, pl_error *err);
/// @param[out] out "" where it was not moved
pl_status pl_store_moved(char out[PL_SAID_MOST], pl_store *s, pl_error *err);

/// Tables of an older version can be read by their events alone; everything else is refused
/// until they are rebuilt. Begin that, in a transaction: a copy of everything is kept beside,
/// then the tables are made anew and empty. Where another process was faster s->older is 0 on
/// return, and no transaction is open.
/// @param[out] kept where the copy is, in words @return PL_OK, PL_EIO, PL_ENOMEM, PL_ECONFLICT
///             (a copy of something else stands where this one should)
pl_status pl_store_rebuild(pl_store *s, char kept[PL_KEPT_CHARS], pl_error *err);
/// Take over the rows that a table had, by the columns that both versions have.
pl_status pl_store_carry(pl_store *s, int table, pl_error *err);
/// All rows are there again: commit, with the version. @return as pl_store_commit; PL_EIO also
/// where a row refers to none
pl_status pl_store_rebuilt(pl_store *s, pl_error *err);
/// Let the database look for damage. @param[out] said "" where it finds none @return PL_OK,
/// PL_EIO, PL_ENOMEM
pl_status pl_store_inspect(pl_store *s, char said[PL_SAID_MOST], pl_error *err);

/// Append an event whose height is the next one. @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_store_append(pl_store *s, const pl_event *e, pl_error *err);
/// Forget the texts and the salt of an event. @return as above; no such event is no error
pl_status pl_store_erase(pl_store *s, int64_t height, pl_error *err);
/// Visit the events from a height on, in order. @return as above
pl_status pl_store_events(pl_store *s, int64_t from, pl_event_visit visit, void *with,
                          pl_error *err);
/// The last event: its height, hash and time. @param[out] height 0 where there is none
pl_status pl_store_head(int64_t *height, char hash[PL_HASH_CHARS], int64_t *time, pl_store *s,
                        pl_error *err);

/// The first event that is not earlier than a time: events never go back in time. Where all are
/// earlier it is the last one. O(log events) reads. @return as above
pl_status pl_store_since(int64_t *height, pl_store *s, int64_t since, pl_error *err);

/// A row that was found, with texts of its own. Begin with {0}; free with pl_found_clear.
typedef struct {
	bool found;
	pl_state_row row;
	char *text[PL_COLUMNS_MOST]; ///< what the cells of the row point to
	int table;
	bool short_of_memory;
} pl_found;
void pl_found_clear(pl_found *f);

/// The row of a key. @return PL_OK also where there is none; PL_EIO, PL_ENOMEM
pl_status pl_store_get(pl_found *out, pl_store *s, int table, const pl_state_row *key,
                       pl_error *err);
/// The row in which a UNIQUE column has this text, which is not "". @return as above
pl_status pl_store_find(pl_found *out, pl_store *s, int table, int column, const char *text,
                        pl_error *err);
/// Visit the rows whose first @p n_prefix keys are those given, in the order of the keys.
pl_status pl_store_scan(pl_store *s, int table, int n_prefix, const pl_state_row *prefix,
                        pl_row_visit visit, void *with, pl_error *err);

/// Rows with these first keys will be asked for, or added, one after another: a store that is
/// far away sees once which there are. Nothing else comes of it. @return PL_OK, PL_EIO,
/// PL_ENOMEM
pl_status pl_store_expect(pl_store *s, int table, int n_prefix, const pl_state_row *prefix,
                          pl_error *err);

/// There can be no rows with these first keys yet, since they hold a number that was given in
/// this transaction: a store that is far away need not look.
void pl_store_fresh(pl_store *s, int table, int n_prefix, const pl_state_row *prefix);

/// Add a row. @return PL_OK; PL_EARG with a sentence (out of bounds, key or unique text taken,
///         refers to no row), nothing then changed; PL_EIO, PL_ENOMEM
pl_status pl_store_insert(pl_store *s, int table, const pl_state_row *row, pl_error *err);
/// The same of a row that cannot be there, since its key holds the height of an event that is
/// to come: a store far away is not asked. @return as above
pl_status pl_store_insert_new(pl_store *s, int table, const pl_state_row *row, pl_error *err);
/// Replace the row of the same key. @return as above; PL_ENOTFOUND
pl_status pl_store_update(pl_store *s, int table, const pl_state_row *row, pl_error *err);
/// Remove a row of a table to which none refers. @return PL_OK, PL_ENOTFOUND, PL_EIO, PL_ENOMEM
pl_status pl_store_remove(pl_store *s, int table, const pl_state_row *key, pl_error *err);

/// What a server remembers beside the record, known by kind and key. It is never in an event,
/// in the state's hash or in an export. Borrowed text.
typedef struct {
	const char *kind;  ///< 1 to 32 bytes
	const char *key;   ///< 1 to 200 bytes
	const char *value; ///< at most 100000 bytes
	int64_t person;    ///< whom it is about; 0: nobody
	int64_t until;     ///< seconds since 1970; pl_store_notes_expire forgets it after that
} pl_note;

/// A note that was found, with texts of its own. Begin with {0}; free with pl_note_found_clear.
typedef struct {
	bool found;
	pl_note note;
	pl_found row; ///< what the texts stand in
} pl_note_found;
void pl_note_found_clear(pl_note_found *f);
/// Called for each note, which is borrowed for the call; false ends the visit. It may not call
/// the store.
typedef bool (*pl_note_visit)(void *with, const pl_note *note);

/// Add a note, or replace that of the same kind and key; in a transaction, with which it is
/// committed. @return PL_OK; PL_EARG with a sentence (out of bounds), nothing then changed;
///         PL_EIO, PL_ENOMEM
pl_status pl_store_note(pl_store *s, const pl_note *n, pl_error *err);
/// The note of a kind and key, also where its time is over. @return PL_OK also where there is
/// none; PL_EIO, PL_ENOMEM
pl_status pl_store_note_find(pl_note_found *out, pl_store *s, const char *kind, const char *key,
                             pl_error *err);
/// Forget a note, in a transaction. @param[out] was it there? Of two who race, one sees true
/// @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_store_note_drop(bool *was, pl_store *s, const char *kind, const char *key,
                             pl_error *err);
/// Visit notes by kind and key. @param kind NULL: of all kinds @param person 0: about all
/// @return as above
pl_status pl_store_notes(pl_store *s, const char *kind, int64_t person, pl_note_visit visit,
                         void *with, pl_error *err);
/// Forget the notes with until < @p now, in a transaction. @return as above
pl_status pl_store_notes_expire(pl_store *s, int64_t now, pl_error *err);

/// SHA-256 of the whole state but for what is erasable or sealed: the same on every store.
pl_status pl_store_state_hash(char out[PL_HASH_CHARS], pl_store *s, pl_error *err);
#endif
