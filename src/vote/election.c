/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* election.c - options and ballots put together, checked once and sealed.
 *
 * A ballot's marks are appended as they come; when the next ballot begins, the last one is
 * sorted in place, so that equal ballots look equal. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "base/names.h"
#include "base/text.h"

#include <inttypes.h>
#include <plenum/vote.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS_MOST = 1000000000, DECIMALS_MOST = 6 };
static const int64_t total_most = INT64_C(1) << 62;

static const char *const ballot_names[PL_BALLOT_KINDS] = {"approval", "score", "ranked",
                                                          "motion"};
static const char *const mark_names[PL_MARKS_OF_MOTION] = {"no", "yes", "abstain", "block"};

const char *pl_ballot_name(int kind)
{
	return kind >= 0 && kind < PL_BALLOT_KINDS ? ballot_names[kind] : NULL;
}

const char *pl_mark_name(int mark)
{
	return mark >= 0 && mark < PL_MARKS_OF_MOTION ? mark_names[mark] : NULL;
}

/// An election with what it owns.
typedef struct {
	pl_election shown;
	pl_arena text; ///< title, names, codes
	pl_names ids;
	int64_t *option_name; ///< [n_options] offsets in text
	int64_t *cost;
	int8_t *recorded;
	int64_t *start, *weight, *code;
	int32_t *marked, *value;
} owned;

struct pl_election_draft {
	owned *e;
	int64_t title;
	int64_t room_options, room_ballots, room_marks;
	int64_t *seen; ///< [room_options] last ballot + 1 on which the option was marked
	bool plain;    ///< no value so far differs from what NULL stands for
	bool coded;    ///< some ballot has a code
	bool weighed;  ///< some weight is not 1
};

static void free_owned(owned *e)
{
	if (e == NULL) return;
	pl_arena_clear(&e->text);
	pl_names_clear(&e->ids);
	pl_free(e->option_name);
	pl_free(e->cost);
	pl_free(e->recorded);
	pl_free(e->start);
	pl_free(e->weight);
	pl_free(e->code);
	pl_free(e->marked);
	pl_free(e->value);
	pl_free(e);
}

void pl_election_free(pl_election *e)
{
	free_owned((owned *)e);
}

void pl_election_drop(pl_election_draft *d)
{
	if (d == NULL) return;
	free_owned(d->e);
	pl_free(d->seen);
	pl_free(d);
}

static pl_status no_memory(pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the election");
}

/// Make an array longer. @return false: no memory, the array as it was
#define GROW(array, used, room) \
	((more = pl_grow(array, used, room, sizeof *(array))) != NULL && ((array) = more, true))

pl_status pl_election_begin(pl_election_draft **out, pl_ballot_kind kind, pl_error *err)
{
	*out = NULL;
	pl_election_draft *d = pl_alloc(1, sizeof *d);
	if (d == NULL) return no_memory(err);
	d->e = pl_alloc(1, sizeof *d->e);
	if (d->e == NULL || !pl_arena_reserve(&d->e->text, 1)) {
		pl_election_drop(d);
		return no_memory(err);
	}
	d->plain = kind == PL_BALLOT_APPROVAL || kind == PL_BALLOT_RANKED;
	d->e->shown.kind = kind;
	d->e->shown.budget = -1;
	d->e->shown.eligible = -1;
	*out = d;
	return PL_OK;
}

pl_status pl_election_title(pl_election_draft *d, const char *title, pl_error *err)
{
	if (!pl_arena_reserve(&d->e->text, pl_arena_cost(title))) return no_memory(err);
	d->title = pl_arena_put(&d->e->text, title);
	return PL_OK;
}

pl_status pl_election_money(pl_election_draft *d, int32_t decimals, int64_t budget,
                            pl_error *err)
{
	if (decimals < 0 || decimals > DECIMALS_MOST)
		return pl_fail(err, PL_EARG, -1, "money has at most %d decimals",
		               DECIMALS_MOST);
	if (budget < -1) return pl_fail(err, PL_EARG, -1, "a budget cannot be below 0");
	d->e->shown.decimals = decimals;
	d->e->shown.budget = budget;
	return PL_OK;
}

pl_status pl_election_eligible(pl_election_draft *d, int64_t eligible, pl_error *err)
{
	if (eligible < 0)
		return pl_fail(err, PL_EARG, -1, "the eligible cannot be fewer than 0");
	d->e->shown.eligible = eligible;
	return PL_OK;
}

pl_status pl_election_longest(pl_election_draft *d, int32_t longest, pl_error *err)
{
	if (longest < 1) return pl_fail(err, PL_EARG, -1, "a ballot ranks at least one option");
	if (d->e->shown.kind != PL_BALLOT_RANKED)
		return pl_fail(err, PL_EARG, -1, "only ranked ballots have a greatest length");
	d->e->shown.longest = longest;
	return PL_OK;
}

/* ---- options -------------------------------------------------------------------------------
 */

static bool make_room_for_option(pl_election_draft *d, const char *id, const char *name)
{
	owned *e = d->e;
	const int64_t n = e->shown.n_options;
	void *more;
	if (n == d->room_options) {
		const int64_t room = pl_grow_room(n, n + 1);
		if (!GROW(e->option_name, n, room) || !GROW(e->cost, n, room) ||
		    !GROW(e->recorded, n, room) || !GROW(d->seen, n, room))
			return false;
		d->room_options = room;
	}
	return pl_names_reserve(&e->ids, id) && pl_arena_reserve(&e->text, pl_arena_cost(name));
}

pl_status pl_election_option(pl_election_draft *d, const char *id, const char *name,
                             int64_t cost, int recorded, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	owned *e = d->e;
	if (*id == '\0') return pl_fail(err, PL_EARG, -1, "an option needs an id");
	if (pl_names_find(&e->ids, id) >= 0)
		return pl_fail(err, PL_EARG, -1, "the option \"%s\" stands twice",
		               pl_text_brief(brief, id));
	if (cost < 0)
		return pl_fail(err, PL_EARG, -1, "the cost of \"%s\" is below 0",
		               pl_text_brief(brief, id));
	if (e->shown.n_ballots > 0)
		return pl_fail(err, PL_EARG, -1,
		               "the option \"%s\" comes after the first ballot",
		               pl_text_brief(brief, id));
	const char *shown = name == NULL || *name == '\0' ? id : name;
	if (!make_room_for_option(d, id, shown)) return no_memory(err);
	const int32_t i = pl_names_put(&e->ids, id);
	e->option_name[i] = pl_arena_put(&e->text, shown);
	e->cost[i] = cost;
	e->recorded[i] = (int8_t)recorded;
	d->seen[i] = 0;
	e->shown.n_options = i + 1;
	return PL_OK;
}

int32_t pl_election_find(const pl_election_draft *d, const char *id)
{
	return pl_names_find(&d->e->ids, id);
}

/* ---- ballots -------------------------------------------------------------------------------
 */

/// Does mark i of the ballot stand before mark j?
static bool before(const owned *e, int64_t i, int64_t j)
{
	if (e->shown.kind == PL_BALLOT_RANKED && e->value[i] != e->value[j])
		return e->value[i] < e->value[j];
	return e->marked[i] < e->marked[j];
}

static void swap(owned *e, int64_t i, int64_t j)
{
	const int32_t option = e->marked[i], value = e->value[i];
	e->marked[i] = e->marked[j];
	e->value[i] = e->value[j];
	e->marked[j] = option;
	e->value[j] = value;
}

/// Let mark i of the n behind `from` sink in the heap.
static void sink(owned *e, int64_t from, int64_t i, int64_t n)
{
	for (;;) {
		int64_t child = 2 * i + 1;
		if (child >= n) return;
		if (child + 1 < n && before(e, from + child, from + child + 1)) child++;
		if (!before(e, from + i, from + child)) return;
		swap(e, from + i, from + child);
		i = child;
	}
}

/// Sort the marks of the ballot begun last: a heap sort, since two arrays move together. Most
/// ballots come sorted.
static void sort_last(owned *e)
{
	const int64_t from = e->start[e->shown.n_ballots - 1], n = e->shown.n_marks - from;
	bool sorted = true;
	for (int64_t k = 1; k < n && sorted; k++) sorted = before(e, from + k - 1, from + k);
	if (sorted) return;
	for (int64_t i = n / 2 - 1; i >= 0; i--) sink(e, from, i, n);
	for (int64_t last = n - 1; last > 0; last--) {
		swap(e, from, from + last);
		sink(e, from, 0, last);
	}
}

/// Are the ranks of the ballot begun last 1, 2, 3 ...?
static bool counts_up(const owned *e)
{
	const int64_t from = e->start[e->shown.n_ballots - 1];
	for (int64_t k = from; k < e->shown.n_marks; k++)
		if (e->value[k] != k - from + 1) return false;
	return true;
}

static void close_ballot(pl_election_draft *d)
{
	owned *e = d->e;
	if (e->shown.n_ballots == 0) return;
	sort_last(e);
	const int64_t length = e->shown.n_marks - e->start[e->shown.n_ballots - 1];
	if (e->shown.kind == PL_BALLOT_RANKED && length > e->shown.longest)
		e->shown.longest = (int32_t)length;
	if (e->shown.kind == PL_BALLOT_RANKED && d->plain) d->plain = counts_up(e);
	e->start[e->shown.n_ballots] = e->shown.n_marks;
}

pl_status pl_election_ballot(pl_election_draft *d, const char *code, int64_t weight,
                             pl_error *err)
{
	owned *e = d->e;
	const int64_t n = e->shown.n_ballots;
	void *more;
	if (weight <= 0) return pl_fail(err, PL_EARG, n, "the weight of a ballot is above 0");
	if (weight > total_most - e->shown.total)
		return pl_fail(err, PL_EARG, n,
		               "the weights of the ballots are too large together");
	if (n == d->room_ballots) {
		const int64_t room = pl_grow_room(n, n + 1);
		if (!GROW(e->start, n + 1, room + 1) || !GROW(e->weight, n, room) ||
		    !GROW(e->code, n, room))
			return no_memory(err);
		d->room_ballots = room;
	}
	if (!pl_arena_reserve(&e->text, pl_arena_cost(code))) return no_memory(err);
	close_ballot(d);
	e->code[n] = code == NULL || *code == '\0' ? 0 : pl_arena_put(&e->text, code);
	d->coded = d->coded || e->code[n] > 0;
	e->weight[n] = weight;
	d->weighed = d->weighed || weight != 1;
	e->start[n] = e->shown.n_marks;
	e->shown.total += weight;
	e->shown.n_ballots = n + 1;
	return PL_OK;
}

/// @return a sentence's end that says which values the kind allows; NULL where this one is
static const char *refuse(pl_ballot_kind kind, int32_t value)
{
	switch (kind) {
	case PL_BALLOT_APPROVAL:
		return value == 1 ? NULL : "is chosen, or not marked";
	case PL_BALLOT_SCORE:
		return value >= -POINTS_MOST && value <= POINTS_MOST
		               ? NULL
		               : "gets points from -10^9 to 10^9";
	case PL_BALLOT_RANKED:
		return value >= 1 && value <= POINTS_MOST ? NULL : "has a rank from 1 to 10^9";
	default:
		return value >= 0 && value < PL_MARKS_OF_MOTION
		               ? NULL
		               : "gets yes, no, abstain or block";
	}
}

pl_status pl_election_mark(pl_election_draft *d, int32_t option, int32_t value, pl_error *err)
{
	owned *e = d->e;
	const int64_t n = e->shown.n_marks, ballot = e->shown.n_ballots;
	if (option < 0 || option >= e->shown.n_options || ballot == 0)
		return pl_fail(err, PL_EARG, ballot,
		               "there is no such option, or no ballot yet");
	const char *id = e->ids.text.bytes + e->ids.at[option];
	char brief[PL_BRIEF_CHARS];
	void *more;
	const char *wrong = refuse(e->shown.kind, value);
	if (wrong != NULL)
		return pl_fail(err, PL_EARG, ballot, "the option \"%s\" %s, not %" PRId32,
		               pl_text_brief(brief, id), wrong, value);
	if (d->seen[option] == ballot)
		return pl_fail(err, PL_EARG, ballot,
		               "the option \"%s\" is marked twice on one ballot",
		               pl_text_brief(brief, id));
	if (n == d->room_marks) {
		const int64_t room = pl_grow_room(n, n + 1);
		if (!GROW(e->marked, n, room) || !GROW(e->value, n, room))
			return no_memory(err);
		d->room_marks = room;
	}
	d->seen[option] = ballot;
	e->marked[n] = option;
	e->value[n] = value;
	e->shown.n_marks = n + 1;
	return PL_OK;
}

/* ---- the end -------------------------------------------------------------------------------
 */

/// Could the points of all ballots together pass what an int64_t holds?
static bool too_many_points(const owned *e)
{
	int64_t most = e->shown.longest > 1 ? e->shown.longest : 1;
	for (int64_t k = 0; e->shown.kind == PL_BALLOT_SCORE && k < e->shown.n_marks; k++) {
		const int64_t size = e->value[k] < 0 ? -(int64_t)e->value[k] : e->value[k];
		if (size > most) most = size;
	}
	return e->shown.total > total_most / most;
}

static bool too_much_money(const owned *e)
{
	int64_t left = total_most;
	for (int32_t i = 0; i < e->shown.n_options; i++) {
		if (e->cost[i] > left) return true;
		left -= e->cost[i];
	}
	return e->shown.budget > total_most;
}

static void drop_plain(pl_election_draft *d)
{
	owned *e = d->e;
	if (d->plain) {
		pl_free(e->value);
		e->value = NULL;
	}
	if (!d->weighed) {
		pl_free(e->weight);
		e->weight = NULL;
	}
	if (!d->coded) {
		pl_free(e->code);
		e->code = NULL;
	}
}

static void show(pl_election_draft *d)
{
	owned *e = d->e;
	pl_election *s = &e->shown;
	s->title = e->text.bytes + d->title;
	s->option.id = (pl_text){e->ids.text.bytes, e->ids.at};
	s->option.name = (pl_text){e->text.bytes, e->option_name};
	s->option.cost = e->cost;
	s->option.recorded = e->recorded;
	s->start = e->start;
	s->marked = e->marked;
	s->value = e->value;
	s->weight = e->weight;
	s->name = e->code;
	s->names = e->text.bytes;
}

pl_status pl_election_finish(pl_election **out, pl_election_draft *d, pl_error *err)
{
	*out = NULL;
	owned *e = d->e;
	if (e->shown.n_options == 0)
		return pl_fail(err, PL_EARG, -1, "there is nothing to vote on");
	if (too_many_points(e))
		return pl_fail(err, PL_EARG, -1,
		               "the points of all ballots together are too many to count");
	if (too_much_money(e))
		return pl_fail(err, PL_EARG, -1,
		               "the costs or the budget are too large to count");
	if (e->start == NULL) {
		e->start = pl_alloc(1, sizeof *e->start);
		if (e->start == NULL) return no_memory(err);
	}
	close_ballot(d);
	drop_plain(d);
	show(d);
	*out = &e->shown;
	d->e = NULL;
	return PL_OK;
}
