/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/behaviour.h"

#include "base/error.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { WORD_CHARS = 48 };

const pl_behaviour_about pl_behaviours[PL_BEHAVIOURS] = {
#define PL_BEHAVIOUR(id, word, preset, low, high, help) {#id, word, help, preset, low, high},
#include "lab/behaviours.def"
#undef PL_BEHAVIOUR
};

static pl_status find_kind(int *out, const char *name, pl_error *err)
{
	pl_near near = {0};
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	for (*out = 0; *out < PL_BEHAVIOURS; ++*out) {
		if (strcmp(name, pl_behaviours[*out].name) == 0) return PL_OK;
		pl_near_offer(&near, name, pl_behaviours[*out].name);
	}
	return pl_fail(err, PL_EARG, -1, "no behaviour of councils is called \"%s\"%s",
	               pl_text_brief(brief, name), pl_near_hint(hint, &near));
}

static pl_status read_strength(double *out, const pl_behaviour_about *b, const char *text,
                               pl_error *err)
{
	char brief[PL_BRIEF_CHARS], low[PL_NUMBER_CHARS], high[PL_NUMBER_CHARS];
	double x;
	if (b->word[0] != '\0') {
		*out = 2;
		if (strcmp(text, b->word) == 0) return PL_OK;
		return pl_fail(err, PL_EARG, -1,
		               "behaviour \"%s\" is spelled %s or %s:%s, not %s:%s", b->name,
		               b->name, b->name, b->word, b->name, pl_text_brief(brief, text));
	}
	if (pl_number_read(&x, text) != PL_OK || !(x > b->low && x <= b->high))
		return pl_fail(err, PL_EARG, -1,
		               "the strength of behaviour \"%s\" is \"%s\"; give a number "
		               "above %s and at most %s",
		               b->name, pl_text_brief(brief, text),
		               pl_number_print(low, b->low), pl_number_print(high, b->high));
	*out = x;
	return PL_OK;
}

/// NAME or NAME:STRENGTH, put into b.
static pl_status read_one(pl_behaviour *b, char *word, pl_error *err)
{
	int kind;
	char *colon = strchr(word, ':');
	if (colon != NULL) *colon = '\0';
	PL_TRY(find_kind(&kind, word, err));
	if (b->strength[kind] != 0)
		return pl_fail(err, PL_EARG, -1, "behaviour \"%s\" is given twice", word);
	b->strength[kind] = pl_behaviours[kind].preset;
	if (colon == NULL) return PL_OK;
	return read_strength(&b->strength[kind], &pl_behaviours[kind], colon + 1, err);
}

pl_status pl_behaviour_read(pl_behaviour *out, const char *text, pl_error *err)
{
	pl_behaviour b = {0};
	char word[WORD_CHARS], brief[PL_BRIEF_CHARS];
	for (const char *at = text;; at++) {
		const size_t n = strcspn(at, "+");
		if (n >= sizeof word)
			return pl_fail(err, PL_EARG, -1,
			               "no behaviour of councils is called \"%s\"",
			               pl_text_brief(brief, at));
		memcpy(word, at, n);
		word[n] = '\0';
		PL_TRY(read_one(&b, word, err));
		at += n;
		if (*at == '\0') break;
	}
	*out = b;
	return PL_OK;
}
