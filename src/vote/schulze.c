/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schulze.c - each pair of options is a vote, and chains of wins settle what goes in circles.
 *
 * How many put one option before another is counted for all pairs: blocks of ballots are
 * turned into one row of ranks for each option, and rows are compared. A chain of wins is as
 * strong as its weakest link, a link as the votes that won it; a goes before b where the
 * strongest chain from a to b is stronger than the one back.
 * Source: M. Schulze, Social Choice and Welfare 36 (2011) 267-303, winning votes. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/threads.h"
#include "vote/count.h"

#include <inttypes.h>

enum {
	OPTIONS_MOST = 1024,  ///< chains take as long as the cube of the options
	CELLS = 1 << 19,      ///< ranks in a block: 1 MiB, so that it stays near the processor
	LANES = 32,           ///< ballots compared at a time; rows are as long as some of them
	BLOCK_MOST = 16384,   ///< ballots in a block, so that no lane overflows
	DIGIT_BITS = 15,      ///< of a weight, which is added digit by digit
	DIGITS = 5,           ///< of the largest weight
	VOTES_MOST = 1 << 25, ///< numbers in the tables of all workers together: 256 MiB
	PAIRS_MOST = 400,     ///< of which each becomes a step
	ROWS_PARALLEL = 128   ///< options from which strengthening chains is worth a team
};

/// What is known of each pair of options: how many put a before b stands at a * n + b.
typedef struct {
	int32_t n;
	int64_t *votes;    ///< [n * n]
	int64_t *strength; ///< [n * n] of the strongest chain of wins; 0: none
} pairs;

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* ---- ranks ---------------------------------------------------------------------------------
 */

/// Ballots first .. first + used - 1; the rest of each row is alike and prefers nothing.
typedef struct {
	int64_t first, used;
	int64_t length;  ///< of a row, a multiple of LANES
	int16_t *rank;   ///< [n_options * length] 0 is best
	int n_digits;    ///< of the largest weight in the block
	uint16_t *digit; ///< [DIGITS * length] of the weights, from the lowest; 0 behind `used`
} block;

/// Marks of a ballot with more points.
static int16_t marks_above(const pl_election *e, int64_t from, int64_t end, int32_t points)
{
	int16_t above = 0;
	for (int64_t k = from; k < end; k++) above = (int16_t)(above + (e->value[k] > points));
	return above;
}

/// Ranks of a ballot with points: how many marks are above, and one more below what is not
/// marked, which has 0.
static void rank_points(const pl_election *e, block *b, int64_t i)
{
	const int64_t from = e->start[b->first + i], end = e->start[b->first + i + 1];
	const int16_t unmarked = marks_above(e, from, end, 0);
	for (int32_t o = 0; o < e->n_options; o++) b->rank[o * b->length + i] = unmarked;
	for (int64_t k = from; k < end; k++) {
		const int16_t above = marks_above(e, from, end, e->value[k]);
		b->rank[e->marked[k] * b->length + i] = (int16_t)(above + (e->value[k] < 0));
	}
}

/// The same where points are few enough to be ranks themselves.
static void rank_few_points(const pl_election *e, block *b, int64_t i)
{
	const int64_t from = e->start[b->first + i], end = e->start[b->first + i + 1];
	for (int32_t o = 0; o < e->n_options; o++) b->rank[o * b->length + i] = 0;
	for (int64_t k = from; k < end; k++)
		b->rank[e->marked[k] * b->length + i] = (int16_t)-e->value[k];
}

static bool has_few_points(const pl_election *e)
{
	for (int64_t k = 0; k < e->n_marks; k++)
		if (e->value[k] > INT16_MAX || e->value[k] < -INT16_MAX) return false;
	return true;
}

/// Ranks of a ballot whose marks stand best first.
static void rank_marks(const pl_election *e, block *b, int64_t i)
{
	const int64_t from = e->start[b->first + i], end = e->start[b->first + i + 1];
	const bool strict = e->kind == PL_BALLOT_RANKED;
	for (int32_t o = 0; o < e->n_options; o++) b->rank[o * b->length + i] = OPTIONS_MOST;
	int16_t rank = 0;
	for (int64_t k = from; k < end; k++) {
		const bool alike = !strict || (e->value != NULL && k > from &&
		                               e->value[k] == e->value[k - 1]);
		if (!alike) rank++;
		b->rank[e->marked[k] * b->length + i] = rank;
	}
}

static void split_weights(const pl_election *e, block *b)
{
	int64_t most = 0;
	for (int64_t i = 0; i < b->used; i++) {
		int64_t left = e->weight[b->first + i];
		if (left > most) most = left;
		for (int d = 0; d < DIGITS; d++, left >>= DIGIT_BITS)
			b->digit[d * b->length + i] =
			        (uint16_t)(left & ((1 << DIGIT_BITS) - 1));
	}
	for (b->n_digits = 0; most > 0; most >>= DIGIT_BITS) b->n_digits++;
	for (int d = 0; d < DIGITS; d++)
		for (int64_t i = b->used; i < b->length; i++) b->digit[d * b->length + i] = 0;
}

static void fill(const pl_election *e, bool few_points, block *b)
{
	for (int64_t i = 0; i < b->used; i++) {
		if (e->kind != PL_BALLOT_SCORE)
			rank_marks(e, b, i);
		else if (few_points)
			rank_few_points(e, b, i);
		else
			rank_points(e, b, i);
	}
	for (int32_t o = 0; o < e->n_options; o++)
		for (int64_t i = b->used; i < b->length; i++) b->rank[o * b->length + i] = 0;
	if (e->weight != NULL) split_weights(e, b);
}

/* ---- votes ---------------------------------------------------------------------------------
 */

/// Ballots on which x is before y, and the other way round; added to what is there.
static void compare(const block *b, const int16_t *x, const int16_t *y, int64_t *before,
                    int64_t *behind)
{
	uint16_t more[LANES] = {0}, less[LANES] = {0};
	for (int64_t i = 0; i < b->length; i += LANES)
		for (int k = 0; k < LANES; k++) {
			more[k] = (uint16_t)(more[k] + (x[i + k] < y[i + k]));
			less[k] = (uint16_t)(less[k] + (x[i + k] > y[i + k]));
		}
	for (int k = 0; k < LANES; k++) {
		*before += more[k];
		*behind += less[k];
	}
}

/// The same for one digit of the ballots' weights.
static void weigh(const block *b, const uint16_t *digit, const int16_t *x, const int16_t *y,
                  int64_t votes[2])
{
	uint32_t more[LANES] = {0}, less[LANES] = {0};
	for (int64_t i = 0; i < b->length; i += LANES)
		for (int k = 0; k < LANES; k++) {
			more[k] += (uint16_t)(digit[i + k] & -(x[i + k] < y[i + k]));
			less[k] += (uint16_t)(digit[i + k] & -(x[i + k] > y[i + k]));
		}
	for (int k = 0; k < LANES; k++) {
		votes[0] += more[k];
		votes[1] += less[k];
	}
}

static void weigh_all(const block *b, const int16_t *x, const int16_t *y, int64_t *before,
                      int64_t *behind)
{
	for (int d = 0; d < b->n_digits; d++) {
		int64_t votes[2] = {0};
		weigh(b, b->digit + d * b->length, x, y, votes);
		*before += votes[0] << (d * DIGIT_BITS);
		*behind += votes[1] << (d * DIGIT_BITS);
	}
}

static void add_block(const pl_election *e, const block *b, int64_t *votes)
{
	const int64_t n = e->n_options;
	for (int64_t x = 0; x < n; x++)
		for (int64_t y = x + 1; y < n; y++) {
			const int16_t *a = b->rank + x * b->length,
			              *z = b->rank + y * b->length;
			int64_t *before = &votes[x * n + y], *behind = &votes[y * n + x];
			if (e->weight == NULL)
				compare(b, a, z, before, behind);
			else
				weigh_all(b, a, z, before, behind);
		}
}

/// Every worker has a block and a table of its own, and takes each n_workers-th block.
typedef struct {
	int64_t n_workers, length;
	bool few_points;
	int16_t *rank;   ///< [n_workers * n_options * length]
	uint16_t *digit; ///< [n_workers * DIGITS * length]
	int64_t *votes;  ///< [n_workers * n_options * n_options]
} team;

static team size_team(const pl_election *e)
{
	const int64_t n = e->n_options, lanes = (e->n_ballots + LANES - 1) / LANES;
	team t = {.n_workers = pl_threads_used(),
	          .length = CELLS / n,
	          .few_points = e->kind == PL_BALLOT_SCORE && has_few_points(e)};
	if (t.length > BLOCK_MOST) t.length = BLOCK_MOST;
	t.length = smaller(t.length / LANES, lanes > 0 ? lanes : 1) * LANES;
	const int64_t blocks = (e->n_ballots + t.length - 1) / t.length;
	t.n_workers = smaller(t.n_workers, smaller(blocks, VOTES_MOST / (n * n)));
	return t;
}

static void work(const pl_election *e, const team *t, int64_t worker)
{
	const int64_t n = e->n_options, stride = t->n_workers * t->length;
	block b = {.first = worker * t->length,
	           .length = t->length,
	           .rank = t->rank + worker * n * t->length,
	           .digit = t->digit + worker * DIGITS * t->length};
	for (; b.first < e->n_ballots; b.first += stride) {
		b.used = smaller(e->n_ballots - b.first, t->length);
		fill(e, t->few_points, &b);
		add_block(e, &b, t->votes + worker * n * n);
	}
}

static pl_status count_pairs(const pl_election *e, pairs *p, pl_error *err)
{
	const int64_t cells = (int64_t)p->n * p->n;
	team t = size_team(e);
	t.rank = pl_alloc(t.n_workers * p->n * t.length, sizeof *t.rank);
	t.digit = pl_alloc(t.n_workers * DIGITS * t.length, sizeof *t.digit);
	t.votes = pl_alloc(t.n_workers * cells, sizeof *t.votes);
	pl_status status = PL_OK;
	if (t.rank == NULL || t.digit == NULL || t.votes == NULL) {
		status = pl_fail(err, PL_ENOMEM, -1, "no memory to compare %" PRId32 " options",
		                 p->n);
		goto done;
	}
#pragma omp parallel for schedule(static, 1) if (t.n_workers > 1)
	for (int64_t w = 0; w < t.n_workers; w++) work(e, &t, w);
	for (int64_t w = 0; w < t.n_workers; w++)
		for (int64_t k = 0; k < cells; k++) p->votes[k] += t.votes[w * cells + k];
done:
	pl_free(t.rank);
	pl_free(t.digit);
	pl_free(t.votes);
	return status;
}

/* ---- chains --------------------------------------------------------------------------------
 */

/// Chains to all options that may also go by way of @p via.
static void lengthen(pairs *p, int64_t from, int64_t via)
{
	const int64_t n = p->n, first = p->strength[from * n + via];
	const int64_t *next = p->strength + via * n;
	int64_t *best = p->strength + from * n;
	if (from == via || first == 0) return;
	for (int64_t to = 0; to < n; to++) {
		const int64_t both = smaller(first, next[to]);
		if (both > best[to]) best[to] = both;
	}
}

static void find_chains(pairs *p)
{
	const int64_t n = p->n;
	for (int64_t a = 0; a < n; a++)
		for (int64_t b = 0; b < n; b++) {
			const int64_t votes = p->votes[a * n + b];
			p->strength[a * n + b] = votes > p->votes[b * n + a] ? votes : 0;
		}
	for (int64_t via = 0; via < n; via++) {
#pragma omp parallel for schedule(static) if (n >= ROWS_PARALLEL)
		for (int64_t from = 0; from < n; from++) lengthen(p, from, via);
	}
	for (int64_t a = 0; a < n; a++) p->strength[a * n + a] = 0;
}

static bool goes_before(const pairs *p, int64_t a, int64_t b)
{
	return p->strength[a * p->n + b] > p->strength[b * p->n + a];
}

/* ---- what a member reads -------------------------------------------------------------------
 */

/// The strongest chains from one option to all others.
typedef struct {
	int64_t strength;
	int32_t links; ///< as few as stepping from the strongest to the strongest finds
	int32_t last;  ///< the option before
	bool done;
} chain;

static bool is_better(const chain *a, const chain *b)
{
	return a->strength > b->strength || (a->strength == b->strength && a->links < b->links);
}

static int32_t next_to_do(const chain *all, int32_t n)
{
	int32_t best = -1;
	for (int32_t o = 0; o < n; o++)
		if (!all[o].done && all[o].strength > 0 &&
		    (best < 0 || is_better(&all[o], &all[best])))
			best = o;
	return best;
}

/// @param[out] all [n] strength 0 where no chain leads
static void trace(const pairs *p, int32_t from, chain *all)
{
	const int64_t n = p->n;
	for (int64_t o = 0; o < n; o++) all[o] = (chain){.last = -1};
	all[from] = (chain){.strength = INT64_MAX, .last = -1};
	for (int32_t at; (at = next_to_do(all, p->n)) >= 0;) {
		all[at].done = true;
		for (int32_t to = 0; to < n; to++) {
			const int64_t votes = p->votes[at * n + to];
			if (all[to].done || votes <= p->votes[to * n + at]) continue;
			const chain longer = {smaller(all[at].strength, votes),
			                      all[at].links + 1, at, false};
			if (is_better(&longer, &all[to])) all[to] = longer;
		}
	}
}

static void say_pair(pl_count *c, const pairs *p, int32_t a, int32_t b)
{
	PL_STEP(c, pair, .option = a + 1, .other = b + 1,
	        .x = pl_count_whole(c, p->votes[(int64_t)a * p->n + b]),
	        .y = pl_count_whole(c, p->votes[(int64_t)b * p->n + a]));
}

/// All pairs where they are few; otherwise those of the option that is first.
static void say_pairs(pl_count *c, const pairs *p, const int32_t *sorted)
{
	const bool few = (int64_t)p->n * (p->n - 1) / 2 <= PAIRS_MOST;
	for (int32_t i = 0; i < (few ? p->n : 1); i++)
		for (int32_t k = i + 1; k < p->n; k++) say_pair(c, p, sorted[i], sorted[k]);
}

/// Which of the two goes first, by the chains between them.
static void say_order(pl_count *c, const pairs *p, int32_t a, int32_t b)
{
	const pl_vote_step_kind kind =
	        goes_before(p, a, b) ? PL_VOTE_STEP_before : PL_VOTE_STEP_alike;
	pl_count_step(c, kind,
	              (pl_said){.option = a + 1,
	                        .other = b + 1,
	                        .x = pl_count_whole(c, p->strength[(int64_t)a * p->n + b]),
	                        .y = pl_count_whole(c, p->strength[(int64_t)b * p->n + a])});
}

/// The links of a chain with more than one, from its end to its beginning.
static void say_links(pl_count *c, const pairs *p, const chain *all, int32_t to)
{
	if (all[to].links < 2) return;
	for (int32_t b = to, a; (a = all[b].last) >= 0; b = a)
		PL_STEP(c, link, .option = a + 1, .other = b + 1,
		        .x = pl_count_whole(c, p->votes[(int64_t)a * p->n + b]),
		        .y = pl_count_whole(c, p->votes[(int64_t)b * p->n + a]));
}

/// The first against all others with its chains, and the others each against the next.
static pl_status say_all(pl_count *c, const pairs *p, const int32_t *sorted, pl_error *err)
{
	chain *all = pl_alloc(p->n, sizeof *all);
	if (all == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to follow chains");
	trace(p, sorted[0], all);
	say_pairs(c, p, sorted);
	for (int32_t k = 1; k < p->n; k++) {
		say_order(c, p, sorted[0], sorted[k]);
		say_links(c, p, all, sorted[k]);
	}
	for (int32_t k = 1; k + 1 < p->n; k++) say_order(c, p, sorted[k], sorted[k + 1]);
	pl_free(all);
	return PL_OK;
}

/* ---- the count -----------------------------------------------------------------------------
 */

/// The tally is how many an option goes before; its place follows from how many go before it.
/// @param[out] value [n_options] work space @param[out] sorted [n_options]
static pl_status decide(pl_count *c, const pairs *p, int64_t *value, int32_t *sorted,
                        pl_error *err)
{
	const int32_t n = p->n;
	for (int32_t a = 0; a < n; a++) {
		value[a] = 0;
		for (int32_t b = 0; b < n; b++) value[a] += goes_before(p, a, b);
	}
	pl_count_note(c, value);
	for (int32_t a = 0; a < n; a++) {
		value[a] = 0;
		for (int32_t b = 0; b < n; b++) value[a] -= goes_before(p, b, a);
	}
	if (!pl_count_sort(c, sorted, value)) return PL_OK; /* its status is kept */
	pl_count_place(c, sorted, value);
	PL_TRY(say_all(c, p, sorted, err));
	if (c->e->n_marks > 0)
		pl_count_seat(c, sorted, 1);
	else
		c->r->outcome = PL_VOTE_REJECTED;
	return PL_OK;
}

pl_status pl_count_schulze(pl_count *c, pl_error *err)
{
	const int32_t n = c->e->n_options;
	if (n > OPTIONS_MOST)
		return pl_fail(err, PL_EARG, -1,
		               "schulze compares each pair of options, at most %d of them",
		               (int)OPTIONS_MOST);
	pl_status status;
	pairs p = {.n = n,
	           .votes = pl_alloc((int64_t)n * n, sizeof *p.votes),
	           .strength = pl_alloc((int64_t)n * n, sizeof *p.strength)};
	int64_t *value = pl_alloc(n, sizeof *value);
	int32_t *sorted = pl_alloc(n, sizeof *sorted);
	if (p.votes == NULL || p.strength == NULL || value == NULL || sorted == NULL) {
		status = pl_fail(err, PL_ENOMEM, -1,
		                 "no memory for the pairs of %" PRId32 " options", n);
		goto done;
	}
	status = count_pairs(c->e, &p, err);
	if (status != PL_OK) goto done;
	find_chains(&p);
	status = decide(c, &p, value, sorted, err);
done:
	pl_free(p.votes);
	pl_free(p.strength);
	pl_free(value);
	pl_free(sorted);
	return status;
}
