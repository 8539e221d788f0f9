/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* input.h - fields of the forms of pages: what was typed stays where a form comes back. Names,
 * labels, hints and attributes are our own; values may be anybody's. */
#ifndef PL_SERVER_INPUT_H
#define PL_SERVER_INPUT_H
#include "server/page.h"
#include "server/words.h"

/// A line to fill in.
typedef struct {
	const char *name, *label; ///< the name is the id too
	const char *hint;         ///< a sentence below the label; NULL: none
	const char *value;        ///< where nothing was typed; NULL: ""
	const char *more;         ///< attributes, such as "required"; NULL: none
} pl_input;

void pl_input_put(pl_page *p, const pl_input *i);
/// What was typed in a field, else @p otherwise.
const char *pl_input_typed(const pl_page *p, const char *name, const char *otherwise);
/// A box to tick, for what comes with the value "1". @param ticked where nothing was sent
void pl_input_tick(pl_page *p, const char *name, const char *label, bool ticked);

/// Begin a choice; options follow, then pl_input_chosen.
void pl_input_choose(pl_page *p, const char *name, const char *label, const char *hint);
void pl_input_option(pl_page *p, const char *value, const char *said, bool selected);
void pl_input_chosen(pl_page *p);
/// A choice among words. @param otherwise the one to begin with
void pl_input_words(pl_page *p, const char *name, const char *label, const pl_words *list,
                    const char *otherwise);

/// The day and minute that was typed, in the page's zone. @return false: the page's problem
/// says how it is written
bool pl_input_time(int64_t *time, pl_page *p, const char *name, const char *label);
/// A time as the value of such a field: "2026-11-27T18:00". @return out
const char *pl_input_stamp(char out[PL_ZONE_CHARS], const pl_page *p, int64_t time);

/// A number as it was typed, with a point for a comma. @return NULL: no memory
json_t *pl_input_decimal(const pl_page *p, const char *name);

/// Somebody by number or by name, as it was typed. @return 0: the page's problem says why
int64_t pl_input_person(pl_page *p, const char *name);

/// Is the part in the text, capitals of ASCII or not? "" is in all.
bool pl_input_holds(const char *text, const char *part);

/// An answer to a form: go there where it was done. @return true: the page is gone; false: show
/// it again, with its problem
bool pl_input_went(pl_page *p, pl_status st, pl_reply *reply, const char *anchor,
                   const char *path);
#endif
