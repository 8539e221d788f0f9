/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* say.c - the steps of a count in words. */
#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <plenum/vote.h>
#include <stdio.h>
#include <string.h>

static const char *const sentences[PL_VOTE_STEPS] = {
#define PL_VOTE_STEP(id, sentence) [PL_VOTE_STEP_##id] = (sentence),
#include <plenum/vote_steps.def>
#undef PL_VOTE_STEP
};

enum {
	EXACT_MOST = 24,    ///< bytes of a fraction that is still shown
	SIMPLE_MOST = 5,    ///< bytes of a part of 1 that needs no decimals beside it: "99/99"
	DECIMALS_LEAST = 2, ///< of what is shown as "about"
	DECIMALS_MOST = 9,
	ABOUT_CHARS = 64
};

/// Text that is cut where the room ends.
typedef struct {
	char *out;
	int64_t room, n;
} page;

static void put(page *p, const char *text, int64_t n)
{
	for (int64_t i = 0; i < n; i++, p->n++)
		if (p->n + 1 < p->room) p->out[p->n] = text[i];
}

static void put_all(page *p, const char *text)
{
	put(p, text, (int64_t)strlen(text));
}

static int64_t finish(const page *p)
{
	if (p->room > 0) p->out[p->n < p->room ? p->n : p->room - 1] = '\0';
	return p->n;
}

/// A rounded number with a point, whatever the locale. @return out
static const char *about(char out[ABOUT_CHARS], double x)
{
	const double size = fabs(x), large = 1e9, hundred = 100;
	int64_t unit = 1;
	int decimals = 0;
	for (; decimals < DECIMALS_MOST; decimals++, unit *= 10)
		if (decimals >= DECIMALS_LEAST && size * (double)unit >= hundred) break;
	if (size >= large) {
		char text[PL_NUMBER_CHARS];
		(void)snprintf(out, ABOUT_CHARS, "%s", pl_number_print(text, floor(x + 0.5)));
		return out;
	}
	const int64_t parts = (int64_t)floor(size * (double)unit + 0.5);
	(void)snprintf(out, ABOUT_CHARS, "%s%" PRId64 ".%0*" PRId64, x < 0 ? "-" : "",
	               parts / unit, decimals, parts % unit);
	return out;
}

static void put_number(page *p, const pl_vote_result *r, pl_vote_number x)
{
	const char *exact = pl_vote_exact(r, x);
	const size_t n = strlen(exact);
	char text[ABOUT_CHARS];
	const bool whole = strchr(exact, '/') == NULL;
	const bool simple = n <= SIMPLE_MOST && fabs(x.near) < 1;
	if (whole || n <= EXACT_MOST) put_all(p, exact);
	if (whole || simple) return;
	put_all(p, n <= EXACT_MOST ? " (about " : "about ");
	put_all(p, about(text, x.near));
	if (n <= EXACT_MOST) put_all(p, ")");
}

static void put_option(page *p, const pl_election *e, int32_t option)
{
	put_all(p, option >= 0 ? pl_text_at(e->option.name, option) : "nobody");
}

/// What a letter in braces stands for.
static void put_word(page *p, char letter, const pl_election *e, const pl_vote_result *r,
                     const pl_vote_step *step)
{
	switch (letter) {
	case 'a':
		put_option(p, e, step->option);
		break;
	case 'b':
		put_option(p, e, step->other);
		break;
	case 'x':
		put_number(p, r, step->x);
		break;
	case 'y':
		put_number(p, r, step->y);
		break;
	default:
		put_number(p, r, step->z);
		break;
	}
}

int64_t pl_vote_say_number(char *out, int64_t room, const pl_vote_result *r, pl_vote_number x)
{
	page p = {.room = room};
	p.out = out;
	put_number(&p, r, x);
	return finish(&p);
}

int64_t pl_vote_say(char *out, int64_t room, const pl_election *e, const pl_vote_result *r,
                    const pl_vote_step *step)
{
	page p = {.room = room};
	p.out = out;
	const char *at = sentences[step->kind];
	for (const char *brace; (brace = strchr(at, '{')) != NULL; at = brace + 3) {
		put(&p, at, brace - at);
		put_word(&p, brace[1], e, r, step);
	}
	put_all(&p, at);
	return finish(&p);
}
