/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_vote_recount.c - plenum vote recount: a result counted again, or the same paper ballots
 * entered by somebody else, ballot by ballot. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/names.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/vote_count.h"

#include <inttypes.h>
#include <string.h>

enum { SHOWN = 50, VALUE = 24, SAID = 1024 };

/* ---- a result counted again ----------------------------------------------------------------
 */

/// The first difference found, as a sentence; "" while there is none.
typedef struct {
	char text[SAID];
} difference;

static bool same_text(const json_t *there, const char *here)
{
	const char *text = json_string_value(there);
	return text != NULL && strcmp(text, here) == 0;
}

static const char *shown(const json_t *there)
{
	const char *text = json_string_value(there);
	return text != NULL ? text : "nothing";
}

/// Are the winners (or tied options) the same, in the same order?
static void compare_winners(difference *d, const pl_vote_count *c, const json_t *result)
{
	const bool tied = c->r->outcome == PL_VOTE_TIED;
	const json_t *there = json_object_get(result, tied ? "tied" : "winners");
	const int32_t here = tied || c->r->outcome == PL_VOTE_DECIDED ? c->r->n_winners : 0;
	for (int32_t i = 0; i < here && d->text[0] == '\0'; i++) {
		const json_t *id = json_array_get(there, (size_t)i);
		if (!same_text(id, pl_vote_id(c, c->r->winner[i])))
			(void)snprintf(d->text, sizeof d->text,
			               "winner %d is %s here, and %s in the result", (int)i + 1,
			               pl_text_named(pl_vote_id(c, c->r->winner[i])).text,
			               pl_text_named(shown(id)).text);
	}
	if (d->text[0] == '\0' && json_array_size(there) != (size_t)here)
		(void)snprintf(d->text, sizeof d->text, "%d win here, and %d in the result",
		               (int)here, (int)json_array_size(there));
}

static void compare_tallies(difference *d, const pl_vote_count *c, const json_t *result)
{
	const json_t *options = json_object_get(result, "options");
	const int32_t n = c->e->n_options;
	if (json_array_size(options) != (size_t)n) {
		(void)snprintf(d->text, sizeof d->text, "%d options here, and %d in the result",
		               (int)n, (int)json_array_size(options));
		return;
	}
	for (int32_t i = 0; i < n && d->text[0] == '\0'; i++) {
		const json_t *there = json_array_get(options, (size_t)i);
		const json_t *exact = json_object_get(json_object_get(there, "tally"), "exact");
		const char *here = pl_vote_exact(c->r, c->r->tally[i]);
		if (!same_text(json_object_get(there, "id"), pl_vote_id(c, i)))
			(void)snprintf(d->text, sizeof d->text, "option %d has another id",
			               (int)i + 1);
		else if (!same_text(exact, here))
			(void)snprintf(d->text, sizeof d->text,
			               "%s has %.80s here, and %.80s in the result",
			               pl_text_named(pl_vote_id(c, i)).text, here,
			               shown(exact));
	}
}

static void compare_results(difference *d, const pl_vote_count *c, const json_t *result)
{
	const json_t *outcome = json_object_get(result, "outcome");
	const char *here = pl_vote_outcome_name((int)c->r->outcome);
	d->text[0] = '\0';
	if (!same_text(json_object_get(result, "digest"), c->digest))
		(void)snprintf(
		        d->text, sizeof d->text,
		        "the options or ballots are not those that were counted (another "
		        "digest)");
	if (!same_text(outcome, here)) {
		(void)snprintf(d->text, sizeof d->text,
		               "the outcome is %s here, and %.40s in "
		               "the result",
		               here, shown(outcome));
		return;
	}
	difference count = {""};
	compare_winners(&count, c, result);
	if (count.text[0] == '\0') compare_tallies(&count, c, result);
	if (count.text[0] != '\0') *d = count;
}

static pl_status load_result(json_t **out, const char *path, pl_error *err)
{
	json_error_t why;
	char brief[PL_BRIEF_CHARS];
	*out = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
	if (*out == NULL)
		return pl_fail(err, PL_EPARSE, why.line, "%s:%d: %s",
		               pl_text_brief(brief, path), why.line > 0 ? why.line : 1,
		               why.text);
	if (json_is_object(json_object_get(*out, "settings"))) return PL_OK;
	json_decref(*out);
	*out = NULL;
	return pl_fail(err, PL_EPARSE, -1,
	               "%s: is no result of plenum vote tally --json: it has no settings",
	               pl_text_brief(brief, path));
}

static int tell_result(const pl_args *a, const difference *d)
{
	const bool same = d->text[0] == '\0';
	if (pl_args_has(a, PL_O_json)) {
		pl_json j = {.to = stdout};
		pl_json_open_object(&j, NULL);
		pl_json_put_bool(&j, "same", same);
		pl_json_put_text(&j, "difference", same ? NULL : d->text);
		pl_json_put_text(&j, "version", PL_VERSION);
		pl_json_close_object(&j);
	} else if (!pl_args_has(a, PL_O_quiet)) {
		char line[SAID + 64];
		(void)snprintf(line, sizeof line, "%s%s",
		               same ? "the same: outcome, winners, tallies and ballots"
		                    : "not the same: ",
		               d->text);
		pl_help_sentence(stdout, line);
	}
	return same ? PL_EXIT_GOOD : PL_EXIT_NOT;
}

static int recount_result(const pl_args *a)
{
	json_t *result = NULL;
	pl_vote_count c = {0};
	difference d;
	pl_error err;
	int code;
	pl_status status = load_result(&result, a->arg[1], &err);
	if (status == PL_OK)
		status = pl_vote_count_json(&c, a, a->arg[0],
		                            json_object_get(result, "settings"), &err);
	if (status == PL_OK) status = pl_votes_digest(c.digest, c.e, &err);
	if (status == PL_OK) {
		compare_results(&d, &c, result);
		code = tell_result(a, &d);
	} else {
		code = pl_tell_error(a, &err);
	}
	json_decref(result);
	pl_vote_count_clear(&c);
	return code;
}

/* ---- a second entry ------------------------------------------------------------------------
 */

/// Two entries of the same paper ballots.
typedef struct {
	const char *path[2];
	pl_election *e[2];
	pl_names codes[2]; ///< of ballots; their numbers are the ballots'
	int32_t *option;   ///< [n_options of the first] the same option of the second, or -1
	int64_t *mark[2];  ///< [n_options] mark + 1 of the ballot being compared, else 0
	pl_json *json;     ///< NULL: for people
	bool quiet;
	int64_t differ, told;
} entries;

static void clear_entries(entries *s)
{
	for (int k = 0; k < 2; k++) {
		pl_election_free(s->e[k]);
		pl_names_clear(&s->codes[k]);
		pl_free(s->mark[k]);
	}
	pl_free(s->option);
}

static pl_status index_codes(entries *s, int k, pl_error *err)
{
	const pl_election *e = s->e[k];
	char brief[PL_BRIEF_CHARS];
	for (int64_t b = 0; b < e->n_ballots; b++) {
		const char *code = e->name == NULL ? "" : e->names + e->name[b];
		if (*code == '\0' || pl_names_find(&s->codes[k], code) >= 0)
			return pl_fail(err, PL_EARG, -1,
			               "%s: %s; ballots are compared by their codes, each once",
			               s->path[k],
			               *code == '\0' ? "a ballot has no code"
			                             : pl_text_brief(brief, code));
		if (!pl_names_reserve(&s->codes[k], code))
			return pl_fail(err, PL_ENOMEM, -1, "no memory to compare ballots");
		(void)pl_names_put(&s->codes[k], code);
	}
	return PL_OK;
}

static pl_status match_options(entries *s, pl_error *err)
{
	const pl_election *a = s->e[0], *b = s->e[1];
	char brief[PL_BRIEF_CHARS];
	pl_names ids = {0};
	pl_status status = PL_OK;
	for (int32_t i = 0; i < b->n_options && status == PL_OK; i++) {
		const char *id = pl_text_at(b->option.id, i);
		if (pl_names_reserve(&ids, id))
			(void)pl_names_put(&ids, id);
		else
			status = pl_fail(err, PL_ENOMEM, -1, "no memory to compare ballots");
	}
	for (int32_t i = 0; i < a->n_options && status == PL_OK; i++) {
		const char *id = pl_text_at(a->option.id, i);
		s->option[i] = pl_names_find(&ids, id);
		if (s->option[i] < 0)
			status = pl_fail(err, PL_EARG, -1, "%s: there is no option \"%s\"",
			                 s->path[1], pl_text_brief(brief, id));
	}
	pl_names_clear(&ids);
	if (status == PL_OK && a->n_options != b->n_options)
		return pl_fail(err, PL_EARG, -1, "%s has options that %s does not have",
		               s->path[1], s->path[0]);
	return status;
}

static pl_status read_entries(entries *s, const pl_args *a, pl_error *err)
{
	pl_votes_wish wish = {.kind = -1, .eligible = -1};
	PL_TRY(pl_args_choice(&wish.kind, a, PL_O_kind__vote, pl_ballot_name, err));
	for (int k = 0; k < 2; k++) {
		s->path[k] = a->arg[k];
		PL_TRY(pl_votes_read(&s->e[k], a->arg[k], &wish, err));
		PL_TRY(index_codes(s, k, err));
		s->mark[k] = pl_alloc(s->e[k]->n_options, sizeof *s->mark[k]);
	}
	s->option = pl_alloc(s->e[0]->n_options, sizeof *s->option);
	if (s->option == NULL || s->mark[0] == NULL || s->mark[1] == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to compare ballots");
	if (s->e[0]->kind != s->e[1]->kind)
		return pl_fail(
		        err, PL_EARG, -1,
		        "%s holds %s ballots and %s %s ballots; --kind tells what they are",
		        s->path[0], pl_ballot_name((int)s->e[0]->kind), s->path[1],
		        pl_ballot_name((int)s->e[1]->kind));
	return match_options(s, err);
}

/// What stands on a ballot for an option, as people write it.
static const char *written(char out[VALUE], const pl_election *e, int64_t ballot, int64_t mark)
{
	const int64_t k = mark - 1;
	if (k < e->start[ballot] || k >= e->start[ballot + 1]) return "nothing";
	if (e->kind == PL_BALLOT_MOTION) return pl_mark_name(e->value[k]);
	const int64_t value = e->value != NULL              ? e->value[k]
	                      : e->kind == PL_BALLOT_RANKED ? k - e->start[ballot] + 1
	                                                    : 1;
	(void)snprintf(out, VALUE, "%" PRId64, value);
	return out;
}

/// Tell a difference. @param option NULL: of the whole ballot
static void tell(entries *s, const char *code, const char *option, const char *first,
                 const char *second)
{
	char line[SAID];
	s->differ++;
	if (s->json != NULL) {
		pl_json_open_object(s->json, NULL);
		pl_json_put_text(s->json, "ballot", code);
		pl_json_put_text(s->json, "option", option);
		pl_json_put_text(s->json, "first", first);
		pl_json_put_text(s->json, "second", second);
		pl_json_close_object(s->json);
		return;
	}
	if (s->quiet || s->told == SHOWN) return;
	s->told++;
	(void)snprintf(line, sizeof line, "%s, %s: %s, then %s", pl_text_named(code).text,
	               option != NULL ? pl_text_named(option).text : "the ballot", first,
	               second);
	pl_help_wrap(stdout, line, 0, 2);
}

static void note_marks(entries *s, int k, int64_t ballot)
{
	const pl_election *e = s->e[k];
	for (int64_t m = e->start[ballot]; m < e->start[ballot + 1]; m++)
		s->mark[k][e->marked[m]] = m + 1;
}

static void compare_ballot(entries *s, int64_t first, int64_t second)
{
	const pl_election *a = s->e[0], *b = s->e[1];
	const char *code = a->names + a->name[first];
	char x[VALUE], y[VALUE];
	const int64_t weight[2] = {a->weight == NULL ? 1 : a->weight[first],
	                           b->weight == NULL ? 1 : b->weight[second]};
	if (weight[0] != weight[1]) {
		(void)snprintf(x, sizeof x, "%" PRId64, weight[0]);
		(void)snprintf(y, sizeof y, "%" PRId64, weight[1]);
		tell(s, code, "weight", x, y);
	}
	note_marks(s, 0, first);
	note_marks(s, 1, second);
	for (int32_t i = 0; i < a->n_options; i++) {
		const char *here = written(x, a, first, s->mark[0][i]),
		           *there = written(y, b, second, s->mark[1][s->option[i]]);
		if (strcmp(here, there) != 0)
			tell(s, code, pl_text_at(a->option.id, i), here, there);
	}
}

static void compare_entries(entries *s)
{
	const pl_election *a = s->e[0], *b = s->e[1];
	for (int64_t i = 0; i < a->n_ballots; i++) {
		const char *code = a->names + a->name[i];
		const int32_t there = pl_names_find(&s->codes[1], code);
		if (there >= 0)
			compare_ballot(s, i, there);
		else
			tell(s, code, NULL, "there", "missing");
	}
	for (int64_t i = 0; i < b->n_ballots; i++) {
		const char *code = b->names + b->name[i];
		if (pl_names_find(&s->codes[0], code) < 0)
			tell(s, code, NULL, "missing", "there");
	}
}

static void print_entries(entries *s)
{
	char marks[48], ballots[48];
	compare_entries(s);
	if (s->quiet) return;
	if (s->differ > s->told)
		printf("and %s more\n",
		       pl_tell_count(marks, s->differ - s->told, "difference", "differences"));
	if (s->differ > 0)
		printf("%s between two entries of %s.\n",
		       pl_tell_count(marks, s->differ, "difference", "differences"),
		       pl_tell_count(ballots, s->e[0]->n_ballots, "ballot", "ballots"));
	else
		printf("The same: %s.\n",
		       pl_tell_count(ballots, s->e[0]->n_ballots, "ballot", "ballots"));
}

static void json_entries(entries *s)
{
	pl_json j = {.to = stdout};
	s->json = &j;
	pl_json_open_object(&j, NULL);
	pl_json_open_array(&j, "differences");
	compare_entries(s);
	pl_json_close_array(&j);
	pl_json_put_bool(&j, "same", s->differ == 0);
	pl_json_put_whole(&j, "ballots", s->e[0]->n_ballots);
	pl_json_put_text(&j, "version", PL_VERSION);
	pl_json_close_object(&j);
	s->json = NULL;
}

static int recount_entries(const pl_args *a)
{
	entries s = {.quiet = pl_args_has(a, PL_O_quiet)};
	pl_error err;
	int code = PL_EXIT_INPUT;
	if (read_entries(&s, a, &err) != PL_OK) {
		(void)pl_tell_error(a, &err);
	} else {
		if (pl_args_has(a, PL_O_json))
			json_entries(&s);
		else
			print_entries(&s);
		code = s.differ == 0 ? PL_EXIT_GOOD : PL_EXIT_NOT;
	}
	clear_entries(&s);
	return code;
}

int pl_verb_vote_recount(const pl_args *a)
{
	const char *dot = strrchr(a->arg[1], '.');
	return dot != NULL && pl_word_is(dot + 1, "json") ? recount_result(a)
	                                                  : recount_entries(a);
}
