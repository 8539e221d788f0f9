/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_comments.c - the discussion of a council. */
#include "app/looks.h"
#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// The last @c limit comments before one, the newest first.
typedef struct {
	const pl_looking *l;
	json_t *list;
	int64_t before; ///< number of a comment
	int64_t n;      ///< how many there are before it
	int64_t skipped, skip;
	bool failed;
} page;

static bool count(void *with, const pl_state_row *row)
{
	page *p = with;
	if (row->at[PL_C_comment_id].whole >= p->before) return false;
	p->n++;
	return true;
}

static bool add(void *with, const pl_state_row *row)
{
	page *p = with;
	if (row->at[PL_C_comment_id].whole >= p->before) return false;
	if (p->skipped < p->skip) {
		p->skipped++;
		return true;
	}
	json_t *comment = pl_look_row(p->l, PL_ROWS_comment, row);
	p->failed = json_array_insert_new(p->list, 0, comment) != 0;
	return !p->failed;
}

static pl_status read_after(page *p, pl_error *err)
{
	enum { DIGITS_MOST = 15 };
	const char *after = p->l->look->after;
	p->before = INT64_MAX;
	if (after == NULL) return PL_OK;
	const size_t n = strlen(after);
	if (n == 0 || n > DIGITS_MOST || strspn(after, "0123456789") != n)
		return pl_fail(err, PL_EARG, -1, "\"after\" is the number of a comment");
	p->before = strtoll(after, NULL, 10);
	return PL_OK;
}

pl_status pl_look_comments(json_t *out, pl_looking *l, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(l->number[0])}};
	page p = {.l = l, .list = json_array()};
	json_t *council;
	char last[24];
	PL_TRY(pl_look_set(out, "comments", p.list, err));
	PL_TRY(pl_look_get(&council, l, PL_ROWS_council, l->number[0], err));
	json_decref(council);
	PL_TRY(read_after(&p, err));
	PL_TRY(pl_store_scan(l->store, PL_ROWS_comment, 1, &key, count, &p, err));
	p.skip = p.n > pl_look_limit(l) ? p.n - pl_look_limit(l) : 0;
	PL_TRY(pl_store_scan(l->store, PL_ROWS_comment, 1, &key, add, &p, err));
	if (p.failed) return pl_look_no_memory(err);
	if (p.skip == 0) return PL_OK;
	const json_t *oldest = json_array_get(p.list, json_array_size(p.list) - 1);
	(void)snprintf(last, sizeof last, "%" PRId64,
	               (int64_t)json_integer_value(json_object_get(oldest, "id")));
	return pl_look_set(out, "next", json_string(last), err);
}
