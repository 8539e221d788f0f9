/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* event_table.c - events.csv: what happened, one after another, so that the chain of hashes can
 * be followed in the table alone. Its columns are defined in column_table.c. */
#include "base/error.h"
#include "export/parts.h"
#include "io/row.h"

#include <stdio.h>
#include <time.h>

typedef struct {
	pl_exporting *x;
	FILE *to;
	pl_status status;
	pl_error *err;
} writing;

const char *pl_export_time(char out[PL_EXPORT_TIME], int64_t seconds)
{
	const time_t t = (time_t)seconds;
	struct tm day;
	out[0] = '\0';
	if (gmtime_r(&t, &day) == NULL) return out;
	(void)snprintf(out, PL_EXPORT_TIME, "%04lld-%02d-%02dT%02d:%02d:%02dZ",
	               (long long)day.tm_year + 1900, day.tm_mon + 1, day.tm_mday, day.tm_hour,
	               day.tm_min, day.tm_sec);
	return out;
}

static void put_header(const writing *w)
{
	fprintf(w->to,
	        "height,time,seconds,actor,type,facts,%sfacts_hash,texts_hash,parent,hash,"
	        "signature\n",
	        w->x->choice.texts ? "texts,salt," : "");
}

/// @param texts are they to be shown, where there is a column for them?
static void put_event(const writing *w, const pl_event *e, bool texts)
{
	char when[PL_EXPORT_TIME];
	pl_row out = {w->to, false};
	pl_row_whole(&out, e->height);
	pl_row_text(&out, pl_export_time(when, e->time));
	pl_row_whole(&out, e->time);
	pl_row_whole(&out, e->actor);
	pl_row_safe(&out, e->type);
	pl_row_safe(&out, e->facts);
	if (w->x->choice.texts) {
		pl_row_safe(&out, texts && e->texts != NULL ? e->texts : "");
		pl_row_safe(&out, texts && e->salt != NULL ? e->salt : "");
	}
	pl_row_safe(&out, e->facts_hash);
	pl_row_safe(&out, e->texts_hash);
	pl_row_safe(&out, e->parent);
	pl_row_safe(&out, e->hash);
	pl_row_safe(&out, e->signature);
	pl_row_end(&out);
	w->x->events_written++;
}

static bool see_event(void *with, const pl_event *e)
{
	writing *w = with;
	bool names = true, texts = true;
	if (!pl_export_go_on(w->x, "events", e->height, w->x->events)) return false;
	if (w->x->choice.person > 0)
		w->status = pl_export_event_names(&names, &texts, e, w->x, w->err);
	if (w->status != PL_OK) return false;
	if (names) put_event(w, e, texts);
	return ferror(w->to) == 0;
}

pl_status pl_export_events(pl_exporting *x, pl_error *err)
{
	writing w = {.x = x, .err = err};
	PL_TRY(pl_zip_entry(&w.to, x->zip, "events.csv", err));
	put_header(&w);
	PL_TRY(pl_store_events(x->store, 1, see_event, &w, err));
	PL_TRY(w.status);
	return pl_export_stopped(x, err);
}
