/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schedule_words.h - the ways in which a council may answer to prices, in words. What they mean
 * exactly stands in docs/economy-files.md. */
#ifndef PL_SERVER_SCHEDULE_WORDS_H
#define PL_SERVER_SCHEDULE_WORDS_H
#include <stdbool.h>

enum { PL_SCHEDULE_NUMBERS = 4 };

typedef struct {
	const char *word;           ///< as the record has it
	const char *councils;       ///< kinds of councils that may answer so
	const char *said, *means;   ///< a name, and a sentence
	const char *amount, *roles; ///< what stands in a line; roles split by spaces
	bool counted;               ///< amounts are in the good's unit
	bool by_line;               ///< each line may have an elasticity of its own
	struct {
		const char *name, *said, *empty; ///< empty: what holds where it is not given
	} number[PL_SCHEDULE_NUMBERS];           ///< parameters; {NULL} ends them
} pl_schedule_words;

extern const pl_schedule_words pl_schedule_kinds[]; ///< ends with {NULL}
/// @return NULL: there is none of that name
const pl_schedule_words *pl_schedule_words_of(const char *word);
#endif
