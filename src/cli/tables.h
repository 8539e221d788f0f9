/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* tables.h - verbs.def and options.def as arrays, for the parser and for help. */
#ifndef PL_CLI_TABLES_H
#define PL_CLI_TABLES_H
#include "cli/args.h"

typedef struct {
	const char *words, *args; ///< as typed: "import io", "DEST"
	int least, most;          ///< arguments
	bool hidden;              ///< from the list of verbs
	const char *summary, *about;
} pl_verb_row;

typedef enum { PL_K_FLAG, PL_K_TEXT, PL_K_MANY, PL_K_WHOLE, PL_K_SETTING } pl_option_kind;

typedef struct {
	const char *id; ///< spelled with _, typed with -, and without what follows __
	pl_option_kind kind;
	const char *value, *preset; ///< "" for none
	double low, high;           ///< of PL_K_WHOLE
	uint64_t verbs, needed;     ///< bits 1 << PL_V_...
	const char *help;
} pl_option_row;

extern const pl_verb_row pl_verb_rows[PL_VERBS];
extern const pl_option_row pl_option_rows[PL_OPTIONS];

enum { PL_NAME_MOST = 32 };
/// How an option is typed, without the dashes: "final-demand".
void pl_option_name(char out[PL_NAME_MOST], int option);
/// Does a verb (PL_V_..., or -1 for none) take an option?
bool pl_option_on(int verb, int option);
#endif
