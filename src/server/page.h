/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* page.h - what the pages for people share. A page draws on, whatever is missing, and owns all
 * that it looked at; what failed first shows at its end, in place of the page. */
#ifndef PL_SERVER_PAGE_H
#define PL_SERVER_PAGE_H
#include "server/amount.h"
#include "server/form.h"
#include "server/markup.h"
#include "server/visit.h"
#include "server/zone.h"

enum { PL_ONCE_CHARS = 33 };

/// Rows that have names.
typedef enum {
	PL_NAMES_good,
	PL_NAMES_council,
	PL_NAMES_person,
	PL_NAMES_season,
	PL_NAMES
} pl_page_names;

typedef struct {
	pl_visit *visit;
	pl_markup m;
	pl_form form;      ///< what was sent; none where the page was asked for
	char problem[512]; ///< why what was sent was not done; ""
	json_t *held;      ///< a list of the views
	const json_t *me;  ///< who looks, once that was asked
	json_t *names[PL_NAMES];
	pl_zone zone; ///< of the season that the page is about
	char number[PL_AMOUNT_CHARS], when[PL_ZONE_CHARS];
	pl_status status;
	pl_error err;
} pl_page;

/// Begin a page; a form that was sent is read.
/// @return NULL: the answer is made (nobody is known, the form cannot be read, no memory)
pl_page *pl_page_new(pl_visit *v);
/// The page becomes the answer, and is freed. @param status of HTTP where all is well
void pl_page_finish(pl_page *p, int status);
/// In place of the page: go where what was done shows. Frees the page.
/// @param height of the event @param anchor "#..." or ""
void pl_page_go(pl_page *p, int64_t height, const char *anchor, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/// In place of the page: there is no such thing. Frees the page.
void pl_page_missing(pl_page *p, const char *what, int64_t id);
/// Something that the page needs failed; what failed first shows.
void pl_page_note(pl_page *p, pl_status st, const pl_error *err);
/// The first {field} of the path as a number; 0: it is none.
int64_t pl_page_number(const pl_page *p, const char *pattern);
/// Another one. @param which from 0 on
int64_t pl_page_number_at(const pl_page *p, const char *pattern, int which);

/// Heading, and what became of what was sent.
void pl_page_begin(pl_page *p, const char *title);

/* ---- what is looked at ---- */

/// A view, owned by the page. @return NULL: the page will say why; also what json_object_get
/// gives of NULL
json_t *pl_page_view(pl_page *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/// Rows of a table by the beginning of their key, all pages of them. @param format such as
/// "proposal/%d"
json_t *pl_page_rows(pl_page *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/// Keep a value as long as the page. @return value
json_t *pl_page_hold(pl_page *p, json_t *value);
int64_t pl_page_whole(const json_t *row, const char *column);
const char *pl_page_text(const json_t *row, const char *column); ///< "" where there is none
bool pl_page_is(const json_t *row, const char *column, const char *text);
double pl_page_decimal(const json_t *row, const char *column); ///< NaN where there is none
/// The first row whose column is that number; NULL: none.
json_t *pl_page_find(const json_t *rows, const char *column, int64_t number);

/// The row of a good, council, person or season. @return NULL: there is none
json_t *pl_page_named(pl_page *p, pl_page_names of, int64_t id);
/// What people call it: "person 7" where there is no name.
const char *pl_page_name(pl_page *p, pl_page_names of, int64_t id);
/// A name, kept apart from the direction of what is around it; councils and seasons are linked.
void pl_page_put_name(pl_page *p, pl_page_names of, int64_t id);
/// What a good is counted in; "unit" where that is not said.
const char *pl_page_unit(const json_t *good);
/// "12.5 %", to a tenth.
void pl_page_put_percent(pl_page *p, double part);
/// "112.5 kg" of a good.
void pl_page_put_amount(pl_page *p, int64_t good, int64_t steps);

/// What checking a proposal found, in words.
void pl_page_put_flags(pl_page *p, const json_t *proposal);

/// Does who looks have this task now? @param council 0: of the federation
bool pl_page_has_task(pl_page *p, const char *role, int64_t council);
bool pl_page_is_member(pl_page *p, int64_t council);

/// A season that is being planned, while which goods and schedules stand still; NULL: none.
const json_t *pl_page_planned(pl_page *p);

/* ---- times ---- */

/// Times are of this season's zone from now on. @param season 0: of the last one
void pl_page_set_zone(pl_page *p, int64_t season);
/// "Fri 27 Nov 2026, 18:00", with the zone where @p named.
void pl_page_put_time(pl_page *p, int64_t time, bool named);
/// "in 3 days", "2 hours ago".
void pl_page_put_distance(pl_page *p, int64_t time);

/* ---- forms ---- */

/// Begin a form that does something once, however often it is sent.
void pl_page_form(pl_page *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pl_page_form_end(pl_page *p, const char *button);
/// A number of our own that goes along.
void pl_page_put_hidden(pl_page *p, const char *name, int64_t value);
/// A text to fill in, with what was typed. @param label our own
void pl_page_put_note(pl_page *p, const char *name, const char *label, const char *typed);
/// Do what was asked for. @param fields taken over; NULL: no memory
/// @param[out] reply free json with free(); {0} after a failure, which is in p->problem
pl_status pl_page_do(pl_page *p, pl_reply *reply, const char *op, json_t *fields);
#endif
