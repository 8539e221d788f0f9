/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* deed.c - what operations share. */
#include "app/deed.h"

#include "base/error.h"

#include <inttypes.h>

pl_status pl_deed_number(int64_t *out, pl_deed *d, int table, pl_error *err)
{
	pl_state_row row = {{PL_TEXT(pl_state_tables[table].name), PL_WHOLE(1)}};
	pl_found f;
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_counter, &row, err));
	const bool found = f.found;
	if (found) row.at[PL_C_counter_last].whole = f.row.at[PL_C_counter_last].whole + 1;
	pl_found_clear(&f);
	*out = row.at[PL_C_counter_last].whole;
	return found ? pl_store_update(d->store, PL_ROWS_counter, &row, err)
	             : pl_store_insert(d->store, PL_ROWS_counter, &row, err);
}

static pl_status say(pl_deed *d, const char *name, json_t *value, pl_error *err)
{
	if (json_object_set_new(d->out, name, value) == 0) return PL_OK;
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the answer");
}

pl_status pl_deed_say(pl_deed *d, const char *name, int64_t value, pl_error *err)
{
	return say(d, name, json_integer(value), err);
}

pl_status pl_deed_say_text(pl_deed *d, const char *name, const char *value, pl_error *err)
{
	return say(d, name, json_string(value), err);
}

pl_status pl_deed_get(pl_found *out, pl_deed *d, int table, int64_t id, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(id)}};
	PL_TRY(pl_store_get(out, d->store, table, &key, err));
	if (out->found) return PL_OK;
	return pl_fail(err, PL_ENOTFOUND, -1, "there is no %s %" PRId64,
	               pl_state_tables[table].name, id);
}
