/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* words.h - what people read for the words that the record keeps. */
#ifndef PL_SERVER_WORDS_H
#define PL_SERVER_WORDS_H

typedef struct {
	const char *word, *said;
} pl_words;

/// Lists that end with {NULL, NULL}.
extern const pl_words pl_words_phases[], pl_words_dates[], pl_words_tasks[],
        pl_words_councils[], pl_words_objections[], pl_words_ballots[], pl_words_goods[],
        pl_words_rules[], pl_words_endgames[], pl_words_limits[];

/// @return the word itself where the list has none
const char *pl_words_of(const pl_words *list, const char *word);
#endif
