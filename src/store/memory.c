/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* memory.c - a record that is gone with its process: for verifying, for tests.
 *
 * Rows of a table stand in a treap by their keys: a search tree whose nodes also carry numbers
 * that look random, no child's above its parent's, so that its depth is logarithmic whatever
 * the order in which rows come. What a transaction changed is kept until it ends, to be put
 * back. Source: C. R. Aragon and R. G. Seidel, FOCS 1989. */
#include "store/store.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "base/random.h"

#include <string.h>

/* Each row stands in a tree by its keys and, where a text of its table is unique, in one by it.
 */
enum { BY_KEY, BY_TEXT, ORDERS };

typedef struct node node;
struct node {
	node *left[ORDERS], *right[ORDERS];
	uint64_t rank;
	pl_state_row row; ///< its texts stand behind the node, in the same block
};

/// What undoes a change: put `old` back, or remove the row of `key`; or an event's texts.
typedef struct {
	int table; ///< -1: an event
	node *old; ///< NULL: there was none
	node *now; ///< NULL: there is none
	int64_t height;
	char *texts, *salt;
} change;

/// An event with the texts it points to.
typedef struct {
	pl_event shown;
	char *type, *facts, *texts, *salt;
} kept_event;

typedef struct {
	pl_store store;
	node *root[PL_STORE_TABLES][ORDERS];
	kept_event *event; ///< [n_events] height 1 first
	int64_t n_events, room_events, n_events_before;
	change *done; ///< [n_done]
	int64_t n_done, room_done;
	int64_t n_done_marked, n_events_marked;
	pl_random random;
} memory;

static pl_status no_memory(pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
}

/* ---- the treap ---- */

/// Which tree: of which table, in which order.
typedef struct {
	int table, by, unique; ///< unique: its column; -1: none
} order;

static order order_of(int table, int by)
{
	order o = {table, by, -1};
	for (int i = 0; i < pl_state_tables[table].n_columns; i++)
		if (pl_state_tables[table].column[i].part == PL_PART_UNIQUE) o.unique = i;
	return o;
}

static int compare(order o, const pl_state_row *a, const pl_state_row *b)
{
	const int d = o.by == BY_TEXT ? strcmp(a->at[o.unique].text, b->at[o.unique].text) : 0;
	return d != 0 ? d : pl_state_compare(o.table, pl_state_keys(o.table), a, b);
}

static node *turn_right(node *n, int by)
{
	node *up = n->left[by];
	n->left[by] = up->right[by];
	up->right[by] = n;
	return up;
}

static node *turn_left(node *n, int by)
{
	node *up = n->right[by];
	n->right[by] = up->left[by];
	up->left[by] = n;
	return up;
}

static node *attach(node *at, node *more, order o)
{
	if (at == NULL) return more;
	node **side = compare(o, &more->row, &at->row) < 0 ? &at->left[o.by] : &at->right[o.by];
	*side = attach(*side, more, o);
	if ((*side)->rank <= at->rank) return at;
	return side == &at->left[o.by] ? turn_right(at, o.by) : turn_left(at, o.by);
}

/// Both trees as one; every key of a is below those of b.
static node *join(node *a, node *b, int by)
{
	if (a == NULL) return b;
	if (b == NULL) return a;
	if (a->rank > b->rank) {
		a->right[by] = join(a->right[by], b, by);
		return a;
	}
	b->left[by] = join(a, b->left[by], by);
	return b;
}

static node **place_of(memory *m, const pl_state_row *row, order o)
{
	node **at = &m->root[o.table][o.by];
	while (*at != NULL) {
		const int d = compare(o, row, &(*at)->row);
		if (d == 0) break;
		at = d < 0 ? &(*at)->left[o.by] : &(*at)->right[o.by];
	}
	return at;
}

static node *detach_from(memory *m, const pl_state_row *row, order o)
{
	node **at = place_of(m, row, o), *out = *at;
	if (out == NULL) return NULL;
	*at = join(out->left[o.by], out->right[o.by], o.by);
	out->left[o.by] = out->right[o.by] = NULL;
	return out;
}

/// Take the row of a key out of its trees. @return it, or NULL
static node *detach(memory *m, int table, const pl_state_row *key)
{
	const order text = order_of(table, BY_TEXT);
	node *out = detach_from(m, key, order_of(table, BY_KEY));
	if (out != NULL && text.unique >= 0) (void)detach_from(m, &out->row, text);
	return out;
}

static void stand(memory *m, int table, node *n)
{
	const order key = order_of(table, BY_KEY), text = order_of(table, BY_TEXT);
	m->root[table][BY_KEY] = attach(m->root[table][BY_KEY], n, key);
	if (text.unique >= 0)
		m->root[table][BY_TEXT] = attach(m->root[table][BY_TEXT], n, text);
}

static void free_tree(node *n)
{
	if (n == NULL) return;
	free_tree(n->left[BY_KEY]);
	free_tree(n->right[BY_KEY]);
	pl_free(n);
}

/// A row with texts of its own. @return NULL: no memory
static node *copy_row(memory *m, int table, const pl_state_row *row)
{
	const pl_table_kind *t = &pl_state_tables[table];
	size_t bytes = 0;
	for (int i = 0; i < t->n_columns; i++)
		if (t->column[i].kind == PL_CELL_TEXT) bytes += strlen(row->at[i].text) + 1;
	node *n = pl_alloc((int64_t)(sizeof *n + bytes), 1);
	if (n == NULL) return NULL;
	char *to = (char *)(n + 1);
	n->row = *row;
	n->rank = pl_random_bits(&m->random);
	for (int i = 0; i < t->n_columns; i++) {
		if (t->column[i].kind != PL_CELL_TEXT) continue;
		const size_t size = strlen(row->at[i].text) + 1;
		memcpy(to, row->at[i].text, size);
		n->row.at[i].text = to;
		to += size;
	}
	return n;
}

/* ---- transactions ---- */

static void free_event(kept_event *e)
{
	pl_free(e->type);
	pl_free(e->facts);
	pl_free(e->texts);
	pl_free(e->salt);
}

static void forget_changes(memory *m)
{
	for (int64_t k = 0; k < m->n_done; k++) {
		pl_free(m->done[k].old);
		pl_free(m->done[k].texts);
		pl_free(m->done[k].salt);
	}
	m->n_done = 0;
	m->n_events_before = m->n_events;
}

static pl_status memory_begin(pl_store *s, pl_error *err)
{
	(void)err;
	forget_changes((memory *)s);
	return PL_OK;
}

static pl_status memory_commit(pl_store *s, pl_error *err)
{
	(void)err;
	forget_changes((memory *)s);
	return PL_OK;
}

static void undo(memory *m, change *c)
{
	if (c->table < 0) {
		kept_event *e = &m->event[c->height - 1];
		e->shown.texts = e->texts = c->texts;
		e->shown.salt = e->salt = c->salt;
		return;
	}
	if (c->now != NULL) pl_free(detach(m, c->table, &c->now->row));
	if (c->old != NULL) stand(m, c->table, c->old);
}

static void undo_to(memory *m, int64_t n_done, int64_t n_events)
{
	while (m->n_done > n_done) undo(m, &m->done[--m->n_done]);
	while (m->n_events > n_events) free_event(&m->event[--m->n_events]);
}

static void memory_rollback(pl_store *s)
{
	memory *m = (memory *)s;
	undo_to(m, 0, m->n_events_before);
}

static pl_status memory_mark(pl_store *s, pl_error *err)
{
	memory *m = (memory *)s;
	(void)err;
	m->n_done_marked = m->n_done;
	m->n_events_marked = m->n_events;
	return PL_OK;
}

static pl_status memory_undo(pl_store *s, pl_error *err)
{
	memory *m = (memory *)s;
	(void)err;
	undo_to(m, m->n_done_marked, m->n_events_marked);
	return PL_OK;
}

/// Room for one more change. @return false: no memory
static bool reserve(memory *m)
{
	if (m->n_done < m->room_done) return true;
	const int64_t room = pl_grow_room(m->room_done, m->n_done + 1);
	change *more = pl_grow(m->done, m->n_done, room, sizeof *more);
	if (more == NULL) return false;
	m->done = more;
	m->room_done = room;
	return true;
}

/* ---- rows ---- */

static pl_status memory_put(pl_store *s, int table, const pl_state_row *row, bool there,
                            pl_error *err)
{
	memory *m = (memory *)s;
	if (!reserve(m)) return no_memory(err);
	node *now = copy_row(m, table, row);
	if (now == NULL) return no_memory(err);
	node *old = there ? detach(m, table, row) : NULL;
	stand(m, table, now);
	m->done[m->n_done++] = (change){.table = table, .old = old, .now = now};
	return PL_OK;
}

static pl_status memory_drop(pl_store *s, int table, const pl_state_row *key, pl_error *err)
{
	memory *m = (memory *)s;
	if (!reserve(m)) return no_memory(err);
	m->done[m->n_done++] = (change){.table = table, .old = detach(m, table, key)};
	return PL_OK;
}

/// A scan on its way down.
typedef struct {
	int table, n_prefix;
	const pl_state_row *prefix;
	pl_row_visit visit;
	void *with;
} walk;

static bool visit_tree(const walk *w, const node *n)
{
	if (n == NULL) return true;
	const int d = pl_state_compare(w->table, w->n_prefix, &n->row, w->prefix);
	if (d >= 0 && !visit_tree(w, n->left[BY_KEY])) return false;
	if (d == 0 && !w->visit(w->with, &n->row)) return false;
	return d > 0 || visit_tree(w, n->right[BY_KEY]);
}

static pl_status memory_scan(pl_store *s, int table, int n_prefix, const pl_state_row *prefix,
                             pl_row_visit visit, void *with, pl_error *err)
{
	const walk w = {table, n_prefix, prefix, visit, with};
	(void)err;
	(void)visit_tree(&w, ((memory *)s)->root[table][BY_KEY]);
	return PL_OK;
}

/// One row at most has the text, which is not "".
static pl_status memory_find(pl_store *s, int table, int column, const char *text,
                             pl_row_visit visit, void *with, pl_error *err)
{
	const node *at = ((memory *)s)->root[table][BY_TEXT];
	(void)err;
	while (at != NULL) {
		const int d = strcmp(text, at->row.at[column].text);
		if (d == 0) {
			(void)visit(with, &at->row);
			break;
		}
		at = d < 0 ? at->left[BY_TEXT] : at->right[BY_TEXT];
	}
	return PL_OK;
}

/// Rows within a range, on the way through their tree.
typedef struct {
	int column;
	const pl_range *range;
	pl_row_visit visit;
	void *with;
} sieve;

static bool visit_within(void *with, const pl_state_row *row)
{
	const sieve *f = with;
	const int64_t x = row->at[f->column].whole;
	return x < f->range->low || x > f->range->high || f->visit(f->with, row);
}

static pl_status memory_between(pl_store *s, int table, int column, const pl_range *range,
                                pl_row_visit visit, void *with, pl_error *err)
{
	sieve f = {column, range, visit, with};
	return memory_scan(s, table, 0, NULL, visit_within, &f, err);
}

/// Rows that were met; they stay where they are.
typedef struct {
	struct {
		const pl_state_row *row;
	} * at; ///< [n]; NULL: they are counted alone
	int64_t n;
} met;

static bool meet(void *with, const pl_state_row *row)
{
	met *m = with;
	if (m->at != NULL) m->at[m->n].row = row;
	m->n++;
	return true;
}

static pl_status memory_drop_between(pl_store *s, int table, int column, const pl_range *range,
                                     pl_error *err)
{
	met all = {NULL, 0};
	PL_TRY(memory_between(s, table, column, range, meet, &all, err));
	all.at = pl_alloc(all.n, sizeof *all.at);
	if (all.at == NULL) return no_memory(err);
	const int64_t n = all.n;
	all.n = 0;
	pl_status st = memory_between(s, table, column, range, meet, &all, err);
	for (int64_t i = 0; i < n && st == PL_OK; i++)
		st = memory_drop(s, table, all.at[i].row, err);
	pl_free(all.at);
	return st;
}

/* ---- events ---- */

/// @param text NULL stays NULL @return false: no memory
static bool copy_text(char **out, const char *text)
{
	*out = NULL;
	if (text == NULL) return true;
	const size_t n = strlen(text) + 1;
	*out = pl_alloc((int64_t)n, 1);
	if (*out != NULL) memcpy(*out, text, n);
	return *out != NULL;
}

static pl_status memory_append(pl_store *s, const pl_event *e, pl_error *err)
{
	memory *m = (memory *)s;
	if (m->n_events == m->room_events) {
		const int64_t room = pl_grow_room(m->room_events, m->n_events + 1);
		kept_event *more = pl_grow(m->event, m->n_events, room, sizeof *more);
		if (more == NULL) return no_memory(err);
		m->event = more;
		m->room_events = room;
	}
	kept_event k = {.shown = *e};
	if (!copy_text(&k.type, e->type) || !copy_text(&k.facts, e->facts) ||
	    !copy_text(&k.texts, e->texts) || !copy_text(&k.salt, e->salt)) {
		free_event(&k);
		return no_memory(err);
	}
	k.shown.type = k.type;
	k.shown.facts = k.facts;
	k.shown.texts = k.texts;
	k.shown.salt = k.salt;
	m->event[m->n_events++] = k;
	return PL_OK;
}

static pl_status memory_erase(pl_store *s, int64_t height, pl_error *err)
{
	memory *m = (memory *)s;
	if (height < 1 || height > m->n_events) return PL_OK;
	if (!reserve(m)) return no_memory(err);
	kept_event *e = &m->event[height - 1];
	m->done[m->n_done++] =
	        (change){.table = -1, .height = height, .texts = e->texts, .salt = e->salt};
	e->shown.texts = e->texts = NULL;
	e->shown.salt = e->salt = NULL;
	return PL_OK;
}

static pl_status memory_events(pl_store *s, int64_t from, pl_event_visit visit, void *with,
                               pl_error *err)
{
	const memory *m = (const memory *)s;
	(void)err;
	int64_t k = from == PL_LAST_EVENT ? m->n_events : from;
	for (k = k < 1 ? 1 : k; k <= m->n_events; k++)
		if (!visit(with, &m->event[k - 1].shown)) break;
	return PL_OK;
}

/* ---- opening ---- */

static void memory_close(pl_store *s)
{
	memory *m = (memory *)s;
	forget_changes(m);
	for (int t = 0; t < PL_STORE_TABLES; t++) free_tree(m->root[t][BY_KEY]);
	for (int64_t k = 0; k < m->n_events; k++) free_event(&m->event[k]);
	pl_free(m->event);
	pl_free(m->done);
	pl_free(m);
}

static const pl_store_calls calls = {
        .name = "memory",
        .close = memory_close,
        .begin = memory_begin,
        .look = memory_begin,
        .commit = memory_commit,
        .rollback = memory_rollback,
        .mark = memory_mark,
        .undo = memory_undo,
        .append = memory_append,
        .erase = memory_erase,
        .events = memory_events,
        .put = memory_put,
        .drop = memory_drop,
        .scan = memory_scan,
        .find = memory_find,
        .between = memory_between,
        .drop_between = memory_drop_between,
};

pl_status pl_store_memory(pl_store **out, pl_error *err)
{
	*out = NULL;
	memory *m = pl_alloc(1, sizeof *m);
	if (m == NULL) return no_memory(err);
	m->store.calls = &calls;
	m->random = pl_random_new(1, 0);
	*out = &m->store;
	return PL_OK;
}
