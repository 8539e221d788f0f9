/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sheet.h - invitations on paper: a page of cards with QR codes, to be printed and cut up. */
#ifndef PL_CLI_SHEET_H
#define PL_CLI_SHEET_H
#include <plenum/base.h>
#include <stdio.h>

typedef struct {
	int64_t person;
	const char *name;
	const char *
	        task; ///< what they are here for, such as a council's name; "": nothing is said
	const char *link; ///< logs them in; capitals, digits and what addresses have
} pl_card;

void pl_sheet_begin(FILE *to);
void pl_sheet_card(FILE *to, const pl_card *card);
void pl_sheet_end(FILE *to);

/// Write a new file, for its owner alone: it holds secrets.
/// @return PL_OK; PL_ECONFLICT where it is there already, PL_EIO, with a sentence
pl_status pl_sheet_file(const char *path, void (*print)(FILE *to, const void *with),
                        const void *with, pl_error *err);
#endif
