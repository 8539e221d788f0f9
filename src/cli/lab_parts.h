/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lab_parts.h - what the files of the reader of experiments share. */
#ifndef PL_CLI_LAB_PARTS_H
#define PL_CLI_LAB_PARTS_H
#include "cli/lab_file.h"

#define PL_LAB_WHOLE_MOST 9007199254740991.0 /* 2^53 - 1 */

/// An object of the file, and how messages call it.
typedef struct {
	json_t *at;
	const char *where; ///< "" or "economies[2]: "
} pl_lab_object;

/* ---- lab_member.c: members of an object; what is missing leaves *out as it was ---- */

pl_status pl_lab_refuse(const pl_lab_object *o, const char *key, const char *what,
                        pl_error *err);
/// Refuse members that nobody reads, with the nearest name that somebody does.
pl_status pl_lab_check_members(const pl_lab_object *o, const char *const *known, pl_error *err);
pl_status pl_lab_get_whole(int64_t *out, const pl_lab_object *o, const char *key, double low,
                           double high, pl_error *err);
pl_status pl_lab_get_bool(bool *out, const pl_lab_object *o, const char *key, pl_error *err);
/// A number that lies between, the bounds left out where they are not `closed`.
pl_status pl_lab_get_number(double *out, const pl_lab_object *o, const char *key, double high,
                            bool closed, pl_error *err);
pl_status pl_lab_get_text(const char **out, const pl_lab_object *o, const char *key,
                          pl_error *err);
/// One of several names; unchanged where the member is missing.
pl_status pl_lab_get_choice(int *out, const pl_lab_object *o, const char *key,
                            const char *(*name)(int), pl_error *err);
/// A list with something in it, or NULL where the member is missing and may be.
pl_status pl_lab_get_list(const json_t **out, const pl_lab_object *o, const char *key,
                          bool needed, pl_error *err);
pl_status pl_lab_no_memory(const char *key, pl_error *err);
/// Refuse a list of texts and numbers that has an entry twice.
pl_status pl_lab_check_distinct(const json_t *list, const pl_lab_object *o, const char *key,
                                pl_error *err);

/* ---- lab_economies.c ---- */
pl_status pl_lab_read_economies(pl_lab *lab, const pl_lab_object *o, pl_error *err);
#endif
