/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* knapsack.c - the options within the budget that have most votes together, exactly.
 *
 * Options are decided one after another, the last in precedence first. After each, a list holds
 * every choice among the decided ones that no other beats (more votes for no more money, or as
 * many for less), by rising cost and rising votes. A choice is left out when even parts of the
 * undecided options would not bring it to the votes of a choice that is known: the undecided
 * ones by falling votes per cost, the last cut to fit, bound what can still come.
 *
 * Of two choices with the same votes and cost the one that has the option decided later stays,
 * so in the end the one that has the first option in which they differ.
 *
 * Source: G. L. Nemhauser and Z. Ullmann, Management Science 15 (1969) 494-505, for the lists;
 * G. B. Dantzig, Operations Research 5 (1957) 266-288, for the bound. */
#include "vote/budget.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	LIST_MOST = 2000000,   ///< choices in one list, 24 bytes each
	LISTS_MOST = 40000000, ///< in all lists together, 4 bytes each
};

/// Votes and cost of a choice, and where it came from.
typedef struct {
	int64_t votes, cost;
	uint32_t from; ///< 2 * its number in the list before + 1 if the option was taken
} choice;

typedef struct {
	int64_t votes, cost;
	int32_t precedence, option;
} item;

typedef struct {
	int64_t budget;
	item *item; ///< [n] by falling precedence number: decided in this order
	item *rate; ///< [n] by falling votes per cost
	int32_t n;
	int64_t known; ///< votes of the best choice that is known
	choice *list, *next;
	int64_t n_list, room; ///< of list and next: room for twice n_list and more
	uint32_t *from;       ///< [n_from] of all choices, list after list
	int64_t n_from, room_from;
	int64_t *begin; ///< [n + 1] offsets in from
} knapsack;

static pl_status no_memory(pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory to compare the choices");
}

static int by_precedence(const void *a, const void *b)
{
	const item *x = a, *y = b;
	return x->precedence < y->precedence ? 1 : -1;
}

static int by_rate(const void *a, const void *b)
{
	const item *x = a, *y = b;
	const pl_wide left = (pl_wide)x->votes * y->cost, right = (pl_wide)y->votes * x->cost;
	if (left != right) return left < right ? 1 : -1;
	return x->precedence < y->precedence ? -1 : 1;
}

/// Options that somebody wants and the budget holds.
static pl_status take_items(knapsack *k, const pl_bids *b, const pl_count *c, pl_error *err)
{
	const pl_election *e = c->e;
	int64_t sum = 0;
	k->budget = e->budget;
	for (int32_t i = 0; i < e->n_options; i++) {
		if (b->votes[i] <= 0 || e->option.cost[i] > e->budget) continue;
		k->item[k->n] = (item){b->votes[i], e->option.cost[i], c->precedence[i], i};
		k->rate[k->n] = k->item[k->n];
		k->n++;
		if (__builtin_add_overflow(sum, b->votes[i], &sum))
			return pl_fail(err, PL_EARG, -1,
			               "the votes of all options together are too many to "
			               "count");
	}
	qsort(k->item, (size_t)k->n, sizeof *k->item, by_precedence);
	qsort(k->rate, (size_t)k->n, sizeof *k->rate, by_rate);
	return PL_OK;
}

/// The first undecided options by falling rate, as many as fit.
typedef struct {
	int32_t n;
	int64_t votes, cost;
} fitting;

/// Leave out the choices that cannot reach what is known; the options decided are off
/// k->rate. Choices come by falling cost, so that more and more fits behind them.
/// @param n_left options undecided
static void prune(knapsack *k, int32_t n_left)
{
	fitting f = {0, 0, 0};
	int64_t kept = k->n_list;
	for (int64_t i = k->n_list - 1; i >= 0; i--) {
		const choice c = k->list[i];
		const int64_t money = k->budget - c.cost;
		while (f.n < n_left && k->rate[f.n].cost <= money - f.cost) {
			f.votes += k->rate[f.n].votes;
			f.cost += k->rate[f.n].cost;
			f.n++;
		}
		int64_t most = c.votes + f.votes;
		if (most > k->known) k->known = most;
		if (f.n < n_left)
			most += (int64_t)((pl_wide)(money - f.cost) * k->rate[f.n].votes /
			                  k->rate[f.n].cost);
		if (most >= k->known) k->list[--kept] = c;
	}
	k->n_list -= kept;
	for (int64_t i = 0; i < k->n_list; i++) k->list[i] = k->list[kept + i];
}

static pl_status make_room(knapsack *k, pl_error *err)
{
	const int64_t need = 2 * k->n_list + 1;
	if (need <= k->room) return PL_OK;
	const int64_t room = pl_grow_room(k->room, need);
	choice *list = pl_grow(k->list, k->n_list, room, sizeof *list);
	if (list == NULL) return no_memory(err);
	k->list = list;
	choice *next = pl_realloc(k->next, room, sizeof *next);
	if (next == NULL) return no_memory(err);
	k->next = next;
	k->room = room;
	return PL_OK;
}

/// Does x stand before y in the list, or instead of it?
static bool earlier(choice x, choice y)
{
	if (x.cost != y.cost) return x.cost < y.cost;
	return x.votes >= y.votes;
}

/// All choices of the list without the item and with it, but those that another beats.
static void extend(knapsack *k, item t)
{
	int64_t without = 0, with = 0, n = 0, last = -1;
	for (;;) {
		choice a = {0, INT64_MAX, 0}, b = {0, INT64_MAX, 0};
		if (with < k->n_list && k->list[with].cost <= k->budget - t.cost)
			a = (choice){k->list[with].votes + t.votes, k->list[with].cost + t.cost,
			             (uint32_t)(2 * with + 1)};
		if (without < k->n_list)
			b = (choice){k->list[without].votes, k->list[without].cost,
			             (uint32_t)(2 * without)};
		const bool taken = earlier(a, b);
		const choice first = taken ? a : b;
		if (first.cost == INT64_MAX) break;
		with += taken;
		without += !taken;
		if (first.votes <= last) continue;
		last = first.votes;
		k->next[n++] = first;
	}
	choice *old = k->list;
	k->list = k->next;
	k->next = old;
	k->n_list = n;
}

/// Remember where the choices of the list came from.
static pl_status remember(knapsack *k, int32_t decided, pl_error *err)
{
	const int64_t need = k->n_from + k->n_list;
	if (k->n_list > LIST_MOST || need > LISTS_MOST)
		return pl_fail(err, PL_EARG, -1,
		               "after %d of %d options there are %" PRId64
		               " choices that none beats, too many to compare; count by "
		               "greedy or equal-shares",
		               (int)decided, (int)k->n, k->n_list);
	if (k->from == NULL || need > k->room_from) {
		const int64_t room = pl_grow_room(k->room_from, need);
		uint32_t *more = pl_grow(k->from, k->n_from, room, sizeof *more);
		if (more == NULL) return no_memory(err);
		k->from = more;
		k->room_from = room;
	}
	k->begin[decided] = k->n_from;
	for (int64_t i = 0; i < k->n_list; i++) k->from[k->n_from++] = k->list[i].from;
	return PL_OK;
}

static void drop_rate(knapsack *k, int32_t n_left, int32_t option)
{
	int32_t i = 0;
	while (k->rate[i].option != option) i++;
	for (; i < n_left; i++) k->rate[i] = k->rate[i + 1];
}

static pl_status decide_all(knapsack *k, pl_error *err)
{
	PL_TRY(make_room(k, err));
	k->list[0] = (choice){0, 0, 0};
	k->n_list = 1;
	prune(k, k->n);
	for (int32_t i = 0; i < k->n; i++) {
		PL_TRY(make_room(k, err));
		extend(k, k->item[i]);
		drop_rate(k, k->n - 1 - i, k->item[i].option);
		prune(k, k->n - 1 - i);
		PL_TRY(remember(k, i, err));
	}
	return PL_OK;
}

/// Write down who is in the best choice, the last of the list.
static pl_status tell(const knapsack *k, const pl_bids *b, pl_count *c, pl_error *err)
{
	const pl_election *e = c->e;
	bool *taken = pl_alloc(e->n_options, sizeof *taken);
	if (taken == NULL) return no_memory(err);
	int64_t at = k->n_list - 1;
	for (int32_t i = k->n - 1; i >= 0; i--) {
		const uint32_t from = k->from[k->begin[i] + at];
		taken[k->item[i].option] = from % 2 == 1;
		at = from / 2;
	}
	for (int32_t i = 0; i < e->n_options; i++) {
		const int32_t a = b->sorted[i];
		pl_count_step(c, taken[a] ? PL_VOTE_STEP_chosen : PL_VOTE_STEP_not_chosen,
		              (pl_said){.option = a + 1,
		                        .x = c->tally[a],
		                        .y = pl_count_money(c, e->option.cost[a])});
		if (taken[a]) pl_count_buy(c, a);
	}
	const choice best = k->list[k->n_list - 1];
	PL_STEP(c, together, .x = pl_count_whole(c, best.votes),
	        .y = pl_count_money(c, best.cost), .z = pl_count_money(c, e->budget));
	pl_free(taken);
	return PL_OK;
}

pl_status pl_count_knapsack(pl_count *c, pl_error *err)
{
	const int32_t n = c->e->n_options;
	pl_bids b = {0};
	knapsack k = {.item = pl_alloc(n, sizeof *k.item),
	              .rate = pl_alloc((int64_t)n + 1, sizeof *k.rate),
	              .begin = pl_alloc(n, sizeof *k.begin)};
	pl_status status = PL_OK;
	if (k.item == NULL || k.rate == NULL || k.begin == NULL) status = no_memory(err);
	if (status == PL_OK) status = pl_bids_count(&b, c, err);
	if (status == PL_OK) status = take_items(&k, &b, c, err);
	if (status == PL_OK) status = decide_all(&k, err);
	if (status == PL_OK) status = tell(&k, &b, c, err);
	pl_bids_free(&b);
	pl_free(k.item);
	pl_free(k.rate);
	pl_free(k.list);
	pl_free(k.next);
	pl_free(k.from);
	pl_free(k.begin);
	return status;
}
