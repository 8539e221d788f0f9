/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* preflib.c - elections as PrefLib keeps them: lines "# KEY: value", then "count: 1,{2,3},4",
 * a line for so many equal ballots, best first. In a .cat file the places are categories, one
 * for each of their names.
 *
 * Source: N. Mattei and T. Walsh, PrefLib: A Library for Preferences, ADT 2013; the format is
 * at https://preflib.github.io/PrefLib-Jekyll/format. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "base/text.h"
#include "io/plain.h"
#include "io/votes.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { CATEGORIES_MOST = 64 };

/// A file being read.
typedef struct {
	pl_votes_format format;
	int wish; ///< kind asked for, -1: none
	pl_plain in;
	pl_arena text;
	int64_t title; ///< offset in text
	int64_t *name; ///< [n_options] offsets in text
	int64_t n_options, room;
	int32_t n_categories;
	int mark[CATEGORIES_MOST]; ///< the pl_mark that a category is called, -1: none
	int64_t said_options, said_voters, said_orders, said_categories; ///< -1: not said
	pl_election_draft *draft;                                        ///< NULL in the header
	pl_ballot_kind kind;
	int64_t voters, orders;
	const char *at;    ///< in the line
	int32_t place;     ///< rank or category, from 1
	int64_t on_ballot; ///< options of this ballot so far
} reader;

__attribute__((format(printf, 3, 4))) static pl_status fault(const reader *r, pl_error *err,
                                                             const char *fmt, ...)
{
	char what[400];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	return pl_fail(err, PL_EPARSE, r->in.line, "%s:%lld: %s", r->in.shown,
	               (long long)r->in.line, what);
}

static pl_status no_memory(const reader *r, pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory to read %s", r->in.shown);
}

/* ---- header --------------------------------------------------------------------------------
 */

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

/// Cut the blanks at both ends of the text, in place.
static char *trimmed(char *text)
{
	while (blank(*text)) text++;
	size_t n = strlen(text);
	while (n > 0 && blank(text[n - 1])) n--;
	text[n] = '\0';
	return text;
}

static pl_status take_name(reader *r, const char *value, pl_error *err)
{
	if (r->n_options == r->room) {
		const int64_t room = pl_grow_room(r->room, r->n_options + 1);
		int64_t *more = pl_grow(r->name, r->n_options, room, sizeof *more);
		if (more == NULL) return no_memory(r, err);
		r->name = more;
		r->room = room;
	}
	if (!pl_arena_reserve(&r->text, pl_arena_cost(value))) return no_memory(r, err);
	r->name[r->n_options++] = pl_arena_put(&r->text, value);
	return PL_OK;
}

static pl_status take_category(reader *r, const char *value, pl_error *err)
{
	if (r->n_categories == CATEGORIES_MOST)
		return fault(r, err, "more than %d categories", CATEGORIES_MOST);
	r->mark[r->n_categories++] = pl_word_of(value, pl_mark_name);
	return PL_OK;
}

/// "ALTERNATIVE NAME 3" and its like: names come in the order of their numbers.
/// @param[out] is false: the key is another
static pl_status is_numbered(bool *is, const reader *r, const char *key, const char *begin,
                             int64_t before, pl_error *err)
{
	int64_t number;
	const size_t n = strlen(begin);
	*is = strncmp(key, begin, n) == 0;
	if (!*is) return PL_OK;
	if (pl_whole_read(&number, key + n, 1, INT32_MAX) && number == before + 1) return PL_OK;
	return fault(r, err, "%s%lld is due here", begin, (long long)before + 1);
}

static pl_status take_count(reader *r, int64_t *count, const char *key, const char *value,
                            pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	if (*count >= 0) return fault(r, err, "%s stands twice", key);
	if (pl_whole_read(count, value, 0, INT64_MAX)) return PL_OK;
	return fault(r, err, "%s is a whole number, not \"%s\"", key,
	             pl_text_brief(brief, value));
}

static pl_status take_key(reader *r, const char *key, const char *value, pl_error *err)
{
	static const char option[] = "ALTERNATIVE NAME ", category[] = "CATEGORY NAME ";
	bool is;
	PL_TRY(is_numbered(&is, r, key, option, r->n_options, err));
	if (is) return take_name(r, value, err);
	PL_TRY(is_numbered(&is, r, key, category, r->n_categories, err));
	if (is) return take_category(r, value, err);
	if (strcmp(key, "NUMBER ALTERNATIVES") == 0)
		return take_count(r, &r->said_options, key, value, err);
	if (strcmp(key, "NUMBER VOTERS") == 0)
		return take_count(r, &r->said_voters, key, value, err);
	if (strcmp(key, "NUMBER UNIQUE ORDERS") == 0)
		return take_count(r, &r->said_orders, key, value, err);
	if (strcmp(key, "NUMBER CATEGORIES") == 0)
		return take_count(r, &r->said_categories, key, value, err);
	if (strcmp(key, "TITLE") != 0) return PL_OK;
	if (!pl_arena_reserve(&r->text, pl_arena_cost(value))) return no_memory(r, err);
	r->title = pl_arena_put(&r->text, value);
	return PL_OK;
}

/// A line that begins with #.
static pl_status take_header(reader *r, char *line, pl_error *err)
{
	if (r->draft != NULL)
		return fault(r, err, "a line of the header stands below a ballot");
	char *key = trimmed(line + 1), *colon = strchr(key, ':');
	if (*key == '\0') return PL_OK;
	if (colon == NULL) return fault(r, err, "a line of the header is \"# KEY: value\"");
	*colon = '\0';
	return take_key(r, trimmed(key), trimmed(colon + 1), err);
}

/* ---- from header to ballots ----------------------------------------------------------------
 */

/// Do the categories say yes, no, abstain and block?
static bool is_motion(const reader *r)
{
	bool all = r->n_categories > 0, apart = false;
	for (int32_t i = 0; i < r->n_categories; i++) {
		all = all && r->mark[i] >= 0;
		apart = apart || r->mark[i] == PL_MARK_ABSTAIN || r->mark[i] == PL_MARK_BLOCK;
	}
	return all && (apart || r->wish == PL_BALLOT_MOTION);
}

/// Orders are ranks. Categories are marks on motions where they are called so; else those in
/// the first are chosen where there are two, and they are ranks where there are more.
static pl_status find_kind(reader *r, pl_error *err)
{
	r->kind = PL_BALLOT_RANKED;
	if (r->format != PL_VOTES_CAT) return PL_OK;
	if (r->n_categories == 0)
		return fault(r, err, "no CATEGORY NAME stands above the ballots");
	if (is_motion(r))
		r->kind = PL_BALLOT_MOTION;
	else if (r->n_categories <= 2)
		r->kind = PL_BALLOT_APPROVAL;
	if (r->wish == PL_BALLOT_APPROVAL || r->wish == PL_BALLOT_RANKED)
		r->kind = (pl_ballot_kind)r->wish;
	return PL_OK;
}

static pl_status begin(reader *r, pl_error *err)
{
	char id[24];
	if (r->n_options == 0)
		return fault(r, err, "no ALTERNATIVE NAME stands above the ballots");
	if (r->said_options >= 0 && r->said_options != r->n_options)
		return fault(r, err,
		             "there are names of %lld alternatives, and there should be %lld",
		             (long long)r->n_options, (long long)r->said_options);
	if (r->said_categories >= 0 && r->said_categories != r->n_categories)
		return fault(r, err,
		             "there are names of %d categories, and there should be %lld",
		             (int)r->n_categories, (long long)r->said_categories);
	PL_TRY(find_kind(r, err));
	PL_TRY(pl_election_begin(&r->draft, r->kind, err));
	PL_TRY(pl_election_title(r->draft, r->text.bytes + r->title, err));
	for (int64_t i = 0; i < r->n_options; i++) {
		(void)snprintf(id, sizeof id, "%lld", (long long)i + 1);
		PL_TRY(pl_election_option(r->draft, id, r->text.bytes + r->name[i], 0, -1,
		                          err));
	}
	return PL_OK;
}

/* ---- ballots -------------------------------------------------------------------------------
 */

static void skip_blanks(reader *r)
{
	while (blank(*r->at)) r->at++;
}

/// What an option in this place is marked with. @return false: it is not marked
static bool mark_of(int32_t *value, const reader *r)
{
	*value = r->place;
	if (r->kind == PL_BALLOT_RANKED) return true;
	if (r->kind == PL_BALLOT_MOTION) *value = r->mark[r->place - 1];
	return r->kind == PL_BALLOT_MOTION || r->place == 1;
}

/// The number of an alternative, and its mark.
static pl_status take_option(reader *r, pl_error *err)
{
	char number[24], brief[PL_BRIEF_CHARS];
	int64_t option = 0;
	int32_t value = 0;
	pl_error why;
	skip_blanks(r);
	const size_t n = strcspn(r->at, ",{} \t");
	(void)snprintf(number, sizeof number, "%.*s", (int)(n < 23 ? n : 23), r->at);
	if (!pl_whole_read(&option, number, 1, r->n_options))
		return fault(r, err,
		             "\"%s\" is no number of an alternative; they are 1 to %lld",
		             pl_text_brief(brief, number), (long long)r->n_options);
	r->at += n;
	skip_blanks(r);
	r->on_ballot++;
	if (!mark_of(&value, r)) return PL_OK;
	const pl_status s = pl_election_mark(r->draft, (int32_t)(option - 1), value, &why);
	return s == PL_OK ? PL_OK : pl_votes_refused(err, s, r->in.shown, r->in.line, &why);
}

/// Alternatives in braces; the opening one has been read.
static pl_status take_group(reader *r, pl_error *err)
{
	skip_blanks(r);
	if (*r->at == '}' && r->format == PL_VOTES_CAT) {
		r->at++;
		return PL_OK;
	}
	for (;;) {
		PL_TRY(take_option(r, err));
		if (*r->at == '}') break;
		if (*r->at != ',') return fault(r, err, "a brace is not closed");
		r->at++;
	}
	r->at++;
	return PL_OK;
}

static pl_status take_place(reader *r, pl_error *err)
{
	skip_blanks(r);
	r->place++;
	if (r->format == PL_VOTES_CAT && r->place > r->n_categories)
		return fault(r, err, "there are more places than the %d categories",
		             (int)r->n_categories);
	if (*r->at != '{') return take_option(r, err);
	if (r->format == PL_VOTES_SOC || r->format == PL_VOTES_SOI)
		return fault(r, err, "a .%s file holds no ties; .toc and .toi do",
		             pl_votes_format_name((int)r->format));
	r->at++;
	PL_TRY(take_group(r, err));
	skip_blanks(r);
	return PL_OK;
}

static pl_status take_count_of_ballot(int64_t *count, reader *r, char *line, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	char *colon = strchr(line, ':');
	if (colon == NULL) return fault(r, err, "a ballot is \"count: 1,2,3\"");
	*colon = '\0';
	if (!pl_whole_read(count, trimmed(line), 1, INT64_MAX))
		return fault(r, err, "the count \"%s\" is no whole number above 0",
		             pl_text_brief(brief, line));
	r->at = colon + 1;
	return PL_OK;
}

/// Is everything on the ballot that the format promises?
static pl_status check_ballot(const reader *r, pl_error *err)
{
	const bool complete = r->format == PL_VOTES_SOC || r->format == PL_VOTES_TOC;
	if (*r->at != '\0') return fault(r, err, "a comma is missing between two alternatives");
	if (complete && r->on_ballot < r->n_options)
		return fault(
		        r, err,
		        "the order leaves out %lld of the %lld alternatives; .soi and .toi "
		        "files may",
		        (long long)(r->n_options - r->on_ballot), (long long)r->n_options);
	return PL_OK;
}

static pl_status take_ballot(reader *r, char *line, pl_error *err)
{
	int64_t count = 0;
	pl_error why;
	if (r->draft == NULL) PL_TRY(begin(r, err));
	PL_TRY(take_count_of_ballot(&count, r, line, err));
	const pl_status s = pl_election_ballot(r->draft, "", count, &why);
	if (s != PL_OK) return pl_votes_refused(err, s, r->in.shown, r->in.line, &why);
	r->voters += count; /* the draft has seen to it that this fits */
	r->orders++;
	r->place = 0;
	r->on_ballot = 0;
	for (bool more = true; more;) {
		PL_TRY(take_place(r, err));
		more = *r->at == ',';
		r->at += more;
	}
	return check_ballot(r, err);
}

/* ---- the file ------------------------------------------------------------------------------
 */

static pl_status check_end(const reader *r, pl_error *err)
{
	if (r->draft == NULL)
		return pl_fail(err, PL_EPARSE, -1, "%s: there is no ballot", r->in.shown);
	if (r->said_voters >= 0 && r->said_voters != r->voters)
		return pl_fail(err, PL_EPARSE, -1,
		               "%s: holds the ballots of %lld voters, and there should be %lld",
		               r->in.shown, (long long)r->voters, (long long)r->said_voters);
	if (r->said_orders >= 0 && r->said_orders != r->orders)
		return pl_fail(err, PL_EPARSE, -1,
		               "%s: holds %lld different ballots, and there should be %lld",
		               r->in.shown, (long long)r->orders, (long long)r->said_orders);
	return PL_OK;
}

static pl_status read_lines(reader *r, pl_error *err)
{
	bool got = true;
	if (!pl_arena_reserve(&r->text, 1)) return no_memory(r, err);
	for (;;) {
		PL_TRY(pl_plain_next(&got, &r->in, err));
		if (!got) return check_end(r, err);
		char *line = trimmed(r->in.text.at);
		if (*line == '#')
			PL_TRY(take_header(r, line, err));
		else if (*line != '\0')
			PL_TRY(take_ballot(r, line, err));
	}
}

pl_status pl_preflib_read(pl_election **out, const pl_votes_from *from,
                          const pl_votes_wish *wish, pl_error *err)
{
	pl_error why;
	reader r = {.format = from->format, .wish = wish->kind};
	r.said_options = r.said_voters = r.said_orders = r.said_categories = -1;
	*out = NULL;
	pl_status status =
	        pl_plain_open(&r.in, from->path, from->shown, from->bytes, from->n, err);
	if (status == PL_OK) status = read_lines(&r, err);
	if (status == PL_OK) {
		status = pl_election_finish(out, r.draft, &why);
		if (status != PL_OK)
			(void)pl_fail(err, status, -1, "%s: %s", from->shown, why.msg);
	}
	pl_plain_close(&r.in);
	pl_election_drop(r.draft);
	pl_arena_clear(&r.text);
	pl_free(r.name);
	return status;
}
