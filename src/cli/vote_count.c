/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/vote_count.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "base/threads.h"
#include "cli/terminal.h"
#include "io/votes.h"

#include <inttypes.h>
#include <string.h>

enum { POINTS_MOST = 1000000000, LOT_STREAM = 5 };

static const char *const ties_names[PL_TIES] = {"listed", "stand", "lot"};

const char *pl_ties_name(int ties)
{
	return ties >= 0 && ties < PL_TIES ? ties_names[ties] : NULL;
}

void pl_vote_count_clear(pl_vote_count *c)
{
	pl_vote_result_free(c->r);
	pl_election_free(c->e);
	pl_free(c->order);
	*c = (pl_vote_count){0};
}

/* ---- options and members -------------------------------------------------------------------
 */

/// Where settings come from: the command line, or an object of a JSON result.
typedef struct {
	const pl_args *a;
	const json_t *at; ///< NULL: the command line
} origin;

/// What the settings are called in both.
static const struct {
	int option;
	const char *key;
} names[] = {
        {PL_O_rule__vote, "rule"}, {PL_O_threshold, "threshold"}, {PL_O_fallback, "fallback"},
        {PL_O_of, "of"},           {PL_O_quorum, "quorum"},       {PL_O_range, "range"},
        {PL_O_ties, "ties"},       {PL_O_kind__vote, "kind"},     {PL_O_budget, "budget"},
};

/// The text of a setting, NULL where it is not given.
static const char *text_of(const origin *from, int option)
{
	if (from->at == NULL) return pl_args_text(from->a, option);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].option == option)
			return json_string_value(json_object_get(from->at, names[i].key));
	return NULL;
}

/// One of several words; *out unchanged where it is not given.
static pl_status choice(int *out, const origin *from, int option, const char *(*name)(int),
                        pl_error *err)
{
	if (from->at == NULL) return pl_args_choice(out, from->a, option, name, err);
	const char *text = text_of(from, option);
	char brief[PL_BRIEF_CHARS];
	if (text == NULL) return PL_OK;
	*out = pl_word_of(text, name);
	if (*out >= 0) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "nothing is called \"%s\" among the settings of the result",
	               pl_text_brief(brief, text));
}

/// A whole number of at least @p low; unchanged where it is not given or null.
static pl_status whole(int64_t *out, const origin *from, int option, const char *key,
                       int64_t low, pl_error *err)
{
	if (from->at == NULL) {
		*out = pl_args_whole(from->a, option, *out);
		return PL_OK;
	}
	const json_t *v = json_object_get(from->at, key);
	if (v == NULL || json_is_null(v)) return PL_OK;
	if (!json_is_integer(v) || json_integer_value(v) < low)
		return pl_fail(err, PL_EARG, -1, "\"%s\" of the result is no such number", key);
	*out = json_integer_value(v);
	return PL_OK;
}

static pl_status part(pl_fraction *out, const origin *from, int option, pl_error *err)
{
	const char *text = text_of(from, option);
	char brief[PL_BRIEF_CHARS];
	if (text == NULL || pl_fraction_read(out, text)) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "\"%s\" is no part of a whole; it is written as 2/3, 0.6 or 60%%",
	               pl_text_brief(brief, text));
}

static pl_status range(pl_vote_settings *s, const origin *from, pl_error *err)
{
	const char *text = text_of(from, PL_O_range);
	char first[24];
	int64_t low, high;
	if (text == NULL) return PL_OK;
	const size_t n = strcspn(text, ":");
	(void)snprintf(first, sizeof first, "%.*s", (int)(n < 23 ? n : 23), text);
	if (text[n] != ':' || !pl_whole_read(&low, first, -POINTS_MOST, POINTS_MOST) ||
	    !pl_whole_read(&high, text + n + 1, -POINTS_MOST, POINTS_MOST) || low >= high)
		return pl_fail(
		        err, PL_EARG, -1,
		        "a range of points is two whole numbers, the lower first, such as "
		        "0:5");
	s->low = (int32_t)low;
	s->high = (int32_t)high;
	return PL_OK;
}

/* ---- what goes with which rule -------------------------------------------------------------
 */

static const unsigned needs[PL_VOTE_RULES] = {
#define PL_VOTE_RULE(id, spelled, ballots, needs, help) [PL_VOTE_##id] = (needs),
#include <plenum/votes.def>
#undef PL_VOTE_RULE
};

/// Does the rule look at the setting?
static bool looks_at(pl_vote_rule rule, int option)
{
	switch (option) {
	case PL_O_threshold:
		return rule == PL_VOTE_supermajority;
	case PL_O_fallback:
		return rule == PL_VOTE_consensus;
	case PL_O_of:
		return rule == PL_VOTE_majority || rule == PL_VOTE_supermajority ||
		       rule == PL_VOTE_consensus;
	case PL_O_seats:
		return rule == PL_VOTE_stv || rule == PL_VOTE_approval || rule == PL_VOTE_score;
	case PL_O_normalise:
	case PL_O_range:
		return rule == PL_VOTE_score;
	default:
		return true;
	}
}

static pl_status check_looks(const pl_args *a, pl_vote_rule rule, pl_error *err)
{
	static const struct {
		int option;
		const char *name;
	} some[] = {{PL_O_threshold, "threshold"},
	            {PL_O_fallback, "fallback"},
	            {PL_O_of, "of"},
	            {PL_O_seats, "seats"},
	            {PL_O_range, "range"},
	            {PL_O_normalise, "normalise"}};
	for (size_t i = 0; i < sizeof some / sizeof *some; i++)
		if (pl_args_has(a, some[i].option) && !looks_at(rule, some[i].option))
			return pl_fail(err, PL_EARG, -1, "the rule %s does not look at --%s",
			               pl_vote_rule_name((int)rule), some[i].name);
	return PL_OK;
}

static pl_status check_lot(const pl_args *a, pl_ties ties, pl_error *err)
{
	if (ties == PL_TIES_LOT && !pl_args_has(a, PL_O_seed__vote))
		return pl_fail(
		        err, PL_EARG, -1,
		        "--ties lot needs --seed S, a number drawn where all can see it");
	if (ties != PL_TIES_LOT && pl_args_has(a, PL_O_seed__vote))
		return pl_fail(err, PL_EARG, -1, "--seed is of --ties lot");
	return PL_OK;
}

static pl_status read_flags(pl_vote_settings *s, const origin *from, pl_error *err)
{
	int64_t seats = s->seats;
	PL_TRY(whole(&seats, from, PL_O_seats, "seats", 1, err));
	if (seats > INT32_MAX)
		return pl_fail(err, PL_EARG, -1, "so many seats are not counted");
	s->seats = (int32_t)seats;
	s->normalise = from->at == NULL ? pl_args_has(from->a, PL_O_normalise)
	                                : json_is_true(json_object_get(from->at, "normalise"));
	return PL_OK;
}

static pl_status read_settings(pl_vote_count *c, const origin *from, pl_error *err)
{
	int rule = -1, of = PL_VOTE_OF_CAST, ties = PL_TIES_LISTED;
	PL_TRY(choice(&rule, from, PL_O_rule__vote, pl_vote_rule_name, err));
	PL_TRY(choice(&of, from, PL_O_of, pl_vote_of_name, err));
	PL_TRY(choice(&ties, from, PL_O_ties, pl_ties_name, err));
	if (rule < 0) return pl_fail(err, PL_EARG, -1, "the result does not name its rule");
	c->s = pl_vote_preset((pl_vote_rule)rule);
	c->s.of = (pl_vote_of)of;
	c->ties = (pl_ties)ties;
	c->s.ties_stand = c->ties == PL_TIES_STAND;
	PL_TRY(part(&c->s.threshold, from, PL_O_threshold, err));
	PL_TRY(part(&c->s.fallback, from, PL_O_fallback, err));
	PL_TRY(part(&c->s.quorum, from, PL_O_quorum, err));
	PL_TRY(range(&c->s, from, err));
	PL_TRY(read_flags(&c->s, from, err));
	PL_TRY(whole(&c->seed, from, PL_O_seed__vote, "seed", 0, err));
	if (from->at != NULL) return PL_OK;
	PL_TRY(check_looks(from->a, c->s.rule, err));
	return check_lot(from->a, c->ties, err);
}

/* ---- counting ------------------------------------------------------------------------------
 */

/// Draw the options one by one (Fisher and Yates, from the stream of the seed).
static pl_status draw_lot(pl_vote_count *c, pl_error *err)
{
	const int32_t n = c->e->n_options;
	if (c->ties != PL_TIES_LOT) return PL_OK;
	c->order = pl_alloc(n, sizeof *c->order);
	if (c->order == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to draw a lot");
	pl_random lot = pl_random_new((uint64_t)c->seed, LOT_STREAM);
	for (int32_t i = 0; i < n; i++) c->order[i] = i;
	for (int32_t i = 0; i + 1 < n; i++) {
		const int32_t k = i + (int32_t)pl_random_below(&lot, (uint64_t)(n - i));
		const int32_t option = c->order[k];
		c->order[k] = c->order[i];
		c->order[i] = option;
	}
	c->s.order = c->order;
	return PL_OK;
}

static pl_status count(pl_vote_count *c, const char *path, const origin *from, pl_error *err)
{
	pl_votes_wish wish = {.kind = -1, .eligible = -1};
	pl_threads_set((int)pl_args_whole(from->a, PL_O_threads, 0));
	c->path = path;
	PL_TRY(read_settings(c, from, err));
	PL_TRY(choice(&wish.kind, from, PL_O_kind__vote, pl_ballot_name, err));
	PL_TRY(whole(&wish.eligible, from, PL_O_eligible, "eligible", 0, err));
	wish.budget = text_of(from, PL_O_budget);
	PL_TRY(pl_votes_read(&c->e, path, &wish, err));
	PL_TRY(draw_lot(c, err));
	return pl_vote_tally(&c->r, c->e, &c->s, err);
}

pl_status pl_vote_count_args(pl_vote_count *c, const pl_args *a, const char *path,
                             pl_error *err)
{
	const origin from = {a, NULL};
	return count(c, path, &from, err);
}

pl_status pl_vote_count_json(pl_vote_count *c, const pl_args *a, const char *path,
                             const json_t *settings, pl_error *err)
{
	const origin from = {a, settings};
	return count(c, path, &from, err);
}

/* ---- telling it ----------------------------------------------------------------------------
 */

static void put_part(pl_json *j, const char *key, pl_fraction x)
{
	char text[48];
	(void)snprintf(text, sizeof text, "%" PRId64 "/%" PRId64, x.num, x.den);
	pl_json_put_text(j, key, x.num > 0 ? text : NULL);
}

static void put_maybe(pl_json *j, const char *key, bool there, int64_t x)
{
	if (there)
		pl_json_put_whole(j, key, x);
	else
		pl_json_put_text(j, key, NULL);
}

void pl_vote_count_put(pl_json *j, const char *key, const pl_vote_count *c)
{
	char text[64];
	const pl_vote_settings *s = &c->s;
	pl_json_open_object(j, key);
	pl_json_put_text(j, "rule", pl_vote_rule_name((int)s->rule));
	pl_json_put_text(j, "kind", pl_ballot_name((int)c->e->kind));
	put_part(j, "threshold", s->threshold);
	put_part(j, "fallback", s->fallback);
	put_part(j, "quorum", s->quorum);
	pl_json_put_text(j, "of", pl_vote_of_name((int)s->of));
	pl_json_put_whole(j, "seats", s->seats);
	pl_json_put_bool(j, "normalise", s->normalise);
	(void)snprintf(text, sizeof text, "%" PRId32 ":%" PRId32, s->low, s->high);
	pl_json_put_text(j, "range", s->high > s->low ? text : NULL);
	pl_json_put_text(j, "ties", pl_ties_name((int)c->ties));
	put_maybe(j, "seed", c->ties == PL_TIES_LOT, c->seed);
	if (c->order != NULL) {
		pl_json_open_array(j, "order");
		for (int32_t i = 0; i < c->e->n_options; i++)
			pl_json_put_text(j, NULL, pl_vote_id(c, c->order[i]));
		pl_json_close_array(j);
	}
	pl_json_put_text(j, "budget",
	                 c->e->budget < 0 ? NULL
	                                  : pl_money_print(text, c->e->budget, c->e->decimals));
	put_maybe(j, "eligible", c->e->eligible >= 0, c->e->eligible);
	pl_json_close_object(j);
}

const char *pl_vote_id(const pl_vote_count *c, int32_t option)
{
	return pl_text_at(c->e->option.id, option);
}

const char *pl_vote_called(const pl_vote_count *c, int32_t option)
{
	return pl_text_at(c->e->option.name, option);
}

bool pl_vote_spends(const pl_vote_count *c)
{
	return (needs[c->s.rule] & PL_VOTE_NEEDS_BUDGET) != 0;
}

const char *pl_vote_money(char out[PL_VOTE_MONEY], const pl_vote_count *c, int64_t x)
{
	char plain[PL_MONEY_CHARS];
	size_t n = 0;
	(void)pl_money_print(plain, x, c->e->decimals);
	const size_t whole_digits = strcspn(plain, ".");
	for (size_t i = 0; plain[i] != '\0' && n + 2 < PL_VOTE_MONEY; i++) {
		if (i > 0 && i < whole_digits && (whole_digits - i) % 3 == 0) out[n++] = ' ';
		out[n++] = plain[i];
	}
	out[n] = '\0';
	return out;
}

int pl_vote_code(const pl_vote_count *c)
{
	return c->r->outcome == PL_VOTE_DECIDED ? PL_EXIT_GOOD : PL_EXIT_NOT;
}
