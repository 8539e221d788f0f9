/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look.h - what people may look at. Looking changes nothing, and sees one moment. */
#ifndef PL_APP_LOOK_H
#define PL_APP_LOOK_H
#include "app/store.h"

/// Rows, or events, at a time: where not said, and at most.
enum { PL_LOOK_PAGE = 200, PL_LOOK_PAGE_MOST = 1000 };

/// Views by number: PL_LOOK_record, ...
typedef enum {
#define PL_LOOK(look, path, who, help) PL_LOOK_##look,
#include "app/looks.def"
#undef PL_LOOK
	PL_LOOKS
} pl_look_id;

typedef struct {
	const char *name, *path, *help;
	bool everybody; ///< also who has not logged in
} pl_look_kind;
extern const pl_look_kind pl_looks[PL_LOOKS];

typedef struct {
	int64_t actor;     ///< a person; 0: nobody is known
	int64_t now;       ///< seconds since 1970
	const char *path;  ///< such as "/seasons/1/rounds/2"
	const char *after; ///< where the page before ended ("next" of its answer); NULL
	int64_t limit;     ///< rows of a page, to PL_LOOK_PAGE_MOST; 0: PL_LOOK_PAGE
} pl_look;

/// Draw a view as JSON. Names of people are for people of the record; how to reach somebody is
/// for themselves, facilitators and administrators; what is sealed is for nobody.
/// @param[out] json free with free(); NULL after a failure
/// @return PL_OK; PL_ENOTFOUND, PL_EDENIED (nobody is known), PL_EARG; PL_EIO, PL_ENOMEM
pl_status pl_app_look(char **json, pl_store *s, const pl_look *look, pl_error *err);
#endif
