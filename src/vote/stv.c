/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stv.c - a vote goes on, whole or in part, to the next on the ballot.
 *
 * The quota is the fewest votes that only as many options can reach as there are seats (Droop).
 * Who has more passes the surplus on: every ballot it holds, in whatever way it came, goes on
 * with the same part of its value (the weighted inclusive Gregory method). Where nobody has a
 * surplus, the option with fewest votes is out and its ballots go on whole. Ties go to who had
 * more in the earliest round in which they differed, then by the order agreed on.
 *
 * Ballots of one value that an option holds are one parcel: a list of ballots, their weight,
 * and one fraction. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "vote/count.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	OPTIONS_MOST = 2048, ///< each is looked at in as many rounds
	CHUNK = 62,          ///< ballots that lie together, in half a KiB
	/// Digits of a fraction double with each surplus it goes through. A value whose
	/// denominator has more bits than this is cut down to DECIMALS, and what is lost is a
	/// step.
	BITS_MOST = 100,
	DECIMALS = 30
};

typedef enum { HOPEFUL, PENDING, SEATED, OUT } standing; ///< PENDING: with a surplus to pass on

/// Ballots that lie together; an unused one is in the list of those.
typedef struct {
	int64_t next; ///< chunk of the same parcel, or -1
	int64_t n;
	int64_t ballot[CHUNK];
} chunk;

typedef struct {
	int64_t first;  ///< chunk
	int64_t weight; ///< of all its ballots
	int64_t next;   ///< parcel of the same option, or -1
	int64_t value;  ///< which of the fractions one of its votes is worth
} parcel;

/// The mark of a ballot that counts now, and where its marks end.
typedef struct {
	int64_t at, end;
} slip;

/// What comes to an option from another.
typedef struct {
	int64_t weight; ///< of ballots of one value
	int64_t parcel; ///< where they are put; -1: none yet
	int64_t before; ///< last of the option's parcels whose value has been dealt with, or -1
} batch;

/// An option among others: as it stands now, and as it stood before.
typedef struct {
	mpq_t *votes;
	int32_t history, precedence, option;
} rival;

typedef struct {
	pl_count *c;
	const pl_election *e;
	int32_t n, seats, hopeful; ///< seats that are left, options that hope for one
	int64_t quota;
	standing *state;  ///< [n]
	mpq_t *votes;     ///< [n]
	mpq_t *received;  ///< [n + 1] in this round; behind the options: by nobody
	int32_t *history; ///< [n] more is better in the earliest round in which options differ
	rival *rivals;    ///< [n] best first
	int64_t *pile;    ///< [n] first parcel of each option, or -1; values rise
	batch *moved;     ///< [n + 1] behind the options: ballots that name nobody else
	chunk *chunks;
	int64_t n_chunks, room_chunks, unused; ///< first of those not used, or -1
	slip *slips;                           ///< [n_ballots]
	parcel *parcels;
	int64_t n_parcels, room_parcels;
	mpq_t *values;
	int64_t n_values, room_values;
	int32_t *out; ///< [n] in the order in which they left
	int32_t n_out;
} stv;

/* ---- ballots -------------------------------------------------------------------------------
 */

/// Does the ballot mark option k + 1 as it does k?
static bool is_alike(const pl_election *e, int64_t k, int64_t end)
{
	if (k + 1 >= end) return false;
	if (e->kind == PL_BALLOT_APPROVAL) return true;
	return e->value != NULL && e->value[k] == e->value[k + 1];
}

/// The next option on the ballot that still hopes, or n. What comes last and is alike says no
/// more than what is not marked.
static int32_t next_choice(const stv *v, slip *s)
{
	for (; s->at < s->end && !is_alike(v->e, s->at, s->end); s->at++) {
		const int32_t option = v->e->marked[s->at];
		if (v->state[option] == HOPEFUL) return option;
	}
	s->at = s->end;
	return v->n;
}

/// Equal ranks are only the last of all options. @return PL_OK, PL_EARG
static pl_status check_ballot(const pl_election *e, int64_t ballot, pl_error *err)
{
	const int64_t from = e->start[ballot], end = e->start[ballot + 1];
	int64_t k = from, last;
	while (k < end && !is_alike(e, k, end)) k++;
	if (k == end) return PL_OK;
	for (last = k; is_alike(e, last, end);) last++;
	if (last == end - 1 && end - from == e->n_options) return PL_OK;
	return pl_fail(err, PL_EARG, ballot,
	               "ballot %" PRId64
	               " marks \"%.80s\" and \"%.80s\" alike; stv follows one "
	               "option at a time",
	               ballot + 1, pl_text_at(e->option.id, e->marked[k]),
	               pl_text_at(e->option.id, e->marked[k + 1]));
}

/* ---- parcels -------------------------------------------------------------------------------
 */

/// @return the number of the new fraction, set to 0; -1: no memory
static int64_t add_value(stv *v)
{
	if (v->n_values == v->room_values) {
		const int64_t room = pl_grow_room(v->room_values, v->n_values + 1);
		mpq_t *more = pl_grow(v->values, v->n_values, room, sizeof *more);
		if (more == NULL) return -1;
		v->values = more;
		v->room_values = room;
	}
	mpq_init(v->values[v->n_values]);
	return v->n_values++;
}

/// @return a chunk without ballots, before chunk @p next; -1: no memory
static int64_t add_chunk(stv *v, int64_t next)
{
	int64_t i = v->unused;
	if (i >= 0) {
		v->unused = v->chunks[i].next;
	} else if (v->n_chunks == v->room_chunks) {
		const int64_t room = pl_grow_room(v->room_chunks, v->n_chunks + 1);
		chunk *more = pl_grow(v->chunks, v->n_chunks, room, sizeof *more);
		if (more == NULL) return -1;
		v->chunks = more;
		v->room_chunks = room;
	}
	if (i < 0) i = v->n_chunks++;
	v->chunks[i].next = next;
	v->chunks[i].n = 0;
	return i;
}

static bool make_room_for_parcel(stv *v)
{
	if (v->n_parcels < v->room_parcels) return true;
	const int64_t room = pl_grow_room(v->room_parcels, v->n_parcels + 1);
	parcel *more = pl_grow(v->parcels, v->n_parcels, room, sizeof *more);
	if (more == NULL) return false;
	v->parcels = more;
	v->room_parcels = room;
	return true;
}

/// The parcel of ballots of this value that an option holds, perhaps new. Values are asked for
/// in rising order. @return -1: no memory
static int64_t find_parcel(stv *v, int32_t option, int64_t value)
{
	batch *b = &v->moved[option];
	int64_t next = b->before < 0 ? v->pile[option] : v->parcels[b->before].next;
	for (; next >= 0 && v->parcels[next].value <= value; next = v->parcels[next].next)
		b->before = next;
	if (b->before >= 0 && v->parcels[b->before].value == value) return b->before;
	if (!make_room_for_parcel(v)) return -1;
	const int64_t first = add_chunk(v, -1), i = v->n_parcels;
	if (first < 0) return -1;
	v->parcels[i] = (parcel){first, 0, next, value};
	*(b->before < 0 ? &v->pile[option] : &v->parcels[b->before].next) = i;
	b->before = i;
	return v->n_parcels++;
}

/// A ballot goes to its next choice. @return false: no memory
static bool move(stv *v, int64_t ballot, int64_t value)
{
	const int32_t option = next_choice(v, &v->slips[ballot]);
	batch *b = &v->moved[option];
	b->weight += pl_ballot_weight(v->e, ballot);
	if (option == v->n) return true;
	if (b->parcel < 0) b->parcel = find_parcel(v, option, value);
	if (b->parcel < 0) return false;
	parcel *p = &v->parcels[b->parcel];
	if (v->chunks[p->first].n == CHUNK) {
		const int64_t more = add_chunk(v, p->first);
		if (more < 0) return false;
		p->first = more;
	}
	chunk *to = &v->chunks[p->first];
	to->ballot[to->n++] = ballot;
	return true;
}

static void add_votes(mpq_t to, int64_t weight, const mpq_t value)
{
	mpq_t votes;
	mpq_init(votes);
	mpq_set_si(votes, (long)weight, 1);
	mpq_mul(votes, votes, value);
	mpq_add(to, to, votes);
	mpq_clear(votes);
}

static void expect_batches(stv *v)
{
	for (int32_t o = 0; o <= v->n; o++) v->moved[o] = (batch){0, -1, -1};
}

/// What moved counts where it went.
static void count_moved(stv *v, int64_t value)
{
	for (int32_t o = 0; o <= v->n; o++) {
		batch *b = &v->moved[o];
		if (b->weight > 0) add_votes(v->received[o], b->weight, v->values[value]);
		if (b->parcel >= 0) v->parcels[b->parcel].weight += b->weight;
		*b = (batch){0, -1, b->before};
	}
}

/// All ballots of a parcel go to their next choices. They lie far apart, so what will be read
/// of them is asked for before: waiting for each in turn would take most of the count.
/// @param first chunk of the parcel @return false: no memory
static bool hand_over(stv *v, int64_t first, int64_t value)
{
	while (first >= 0) {
		const chunk now = v->chunks[first];
		v->chunks[first].next = v->unused;
		v->unused = first;
		first = now.next;
		for (int64_t k = 0; k < now.n; k++)
			__builtin_prefetch(&v->slips[now.ballot[k]], 1);
		for (int64_t k = 0; k < now.n; k++)
			__builtin_prefetch(&v->e->marked[v->slips[now.ballot[k]].at]);
		for (int64_t k = 0; k < now.n; k++)
			if (!move(v, now.ballot[k], value)) return false;
	}
	count_moved(v, value);
	return true;
}

/* ---- rounds --------------------------------------------------------------------------------
 */

static int by_history(const void *a, const void *b)
{
	const rival *x = a, *y = b;
	if (x->history != y->history) return x->history < y->history ? -1 : 1;
	return mpq_cmp(*x->votes, *y->votes);
}

static int by_votes(const void *a, const void *b)
{
	const rival *x = a, *y = b;
	const int more = mpq_cmp(*y->votes, *x->votes);
	if (more != 0) return more;
	if (x->history != y->history) return x->history > y->history ? -1 : 1;
	return x->precedence < y->precedence ? -1 : 1;
}

/// Tell apart whom this round tells apart, and sort.
static void compare(stv *v)
{
	for (int32_t o = 0; o < v->n; o++)
		v->rivals[o] = (rival){&v->votes[o], v->history[o], v->c->precedence[o], o};
	qsort(v->rivals, (size_t)v->n, sizeof *v->rivals, by_history);
	for (int32_t k = 0, same = 0; k < v->n; k++) {
		if (k > 0 && by_history(&v->rivals[same], &v->rivals[k]) != 0) same = k;
		v->history[v->rivals[k].option] = same;
	}
	for (int32_t k = 0; k < v->n; k++)
		v->rivals[k].history = v->history[v->rivals[k].option];
	qsort(v->rivals, (size_t)v->n, sizeof *v->rivals, by_votes);
}

static bool are_tied(const rival *a, const rival *b)
{
	return mpq_cmp(*a->votes, *b->votes) == 0 && a->history == b->history;
}

/// How a goes before b where they have as many votes.
static void say_tie(stv *v, const rival *a, const rival *b)
{
	if (mpq_cmp(*a->votes, *b->votes) != 0) return;
	const pl_vote_step_kind kind =
	        a->history == b->history ? PL_VOTE_STEP_tie : PL_VOTE_STEP_tie_earlier;
	pl_count_step(v->c, kind, (pl_said){.option = a->option + 1, .other = b->option + 1});
}

/// What a round brought to each option, and what it brought to nobody.
static void close_round(stv *v, int32_t from)
{
	for (int32_t o = 0; o < v->n; o++) {
		if (mpq_sgn(v->received[o]) == 0) continue;
		mpq_add(v->votes[o], v->votes[o], v->received[o]);
		PL_STEP(v->c, received, .option = o + 1, .other = from + 1,
		        .x = pl_count_fraction(v->c, v->received[o]),
		        .y = pl_count_fraction(v->c, v->votes[o]));
		mpq_set_ui(v->received[o], 0, 1);
	}
	if (mpq_sgn(v->received[v->n]) != 0)
		PL_STEP(v->c, exhausted, .option = from + 1,
		        .x = pl_count_fraction(v->c, v->received[v->n]));
	mpq_set_ui(v->received[v->n], 0, 1);
	compare(v);
}

/// Cut a value down where it is fine. @param[in,out] lost grows by what the weight loses
static void cut(mpq_t value, int64_t weight, mpq_t lost)
{
	if (mpz_sizeinbase(mpq_denref(value), 2) <= BITS_MOST) return;
	mpq_t exact;
	mpz_t unit;
	mpq_init(exact);
	mpz_init(unit);
	mpz_ui_pow_ui(unit, 10, DECIMALS);
	mpq_set(exact, value);
	mpz_mul(mpq_numref(value), mpq_numref(value), unit);
	mpz_fdiv_q(mpq_numref(value), mpq_numref(value), mpq_denref(value));
	mpz_set(mpq_denref(value), unit);
	mpq_canonicalize(value);
	mpq_sub(exact, exact, value);
	add_votes(lost, weight, exact);
	mpz_clear(unit);
	mpq_clear(exact);
}

/// All that an option holds goes on. @param part NULL: whole @return PL_OK, PL_ENOMEM
static pl_status pass_on(stv *v, int32_t from, mpq_srcptr part, pl_error *err)
{
	pl_status status = PL_OK;
	mpq_t lost;
	mpq_init(lost);
	expect_batches(v);
	for (int64_t i = v->pile[from]; i >= 0 && status == PL_OK; i = v->parcels[i].next) {
		const parcel p = v->parcels[i];
		int64_t value = p.value;
		if (part != NULL && (value = add_value(v)) >= 0) {
			mpq_mul(v->values[value], v->values[p.value], part);
			cut(v->values[value], p.weight, lost);
		}
		if (value < 0 || !hand_over(v, p.first, value))
			status = pl_fail(err, PL_ENOMEM, -1, "no memory to pass votes on");
	}
	v->pile[from] = -1;
	if (mpq_sgn(lost) != 0)
		PL_STEP(v->c, cut, .option = from + 1, .x = pl_count_fraction(v->c, lost));
	mpq_clear(lost);
	if (status == PL_OK) close_round(v, from);
	return status;
}

static pl_status pass_surplus(stv *v, int32_t k, pl_error *err)
{
	const int32_t from = v->rivals[k].option;
	mpq_t quota, surplus, part;
	mpq_inits(quota, surplus, part, NULL);
	mpq_set_si(quota, (long)v->quota, 1);
	mpq_sub(surplus, v->votes[from], quota);
	mpq_div(part, surplus, v->votes[from]);
	PL_STEP(v->c, surplus, .option = from + 1, .x = pl_count_fraction(v->c, surplus),
	        .y = pl_count_fraction(v->c, part));
	for (int32_t next = k + 1; next < v->n; next++)
		if (v->state[v->rivals[next].option] == PENDING) {
			say_tie(v, &v->rivals[k], &v->rivals[next]);
			break;
		}
	v->state[from] = SEATED;
	mpq_set(v->votes[from], quota);
	const pl_status status = pass_on(v, from, part, err);
	mpq_clears(quota, surplus, part, NULL);
	return status;
}

/* ---- seats ---------------------------------------------------------------------------------
 */

static void seat(stv *v, int32_t option, pl_vote_step_kind kind)
{
	const bool more = mpq_cmp_si(v->votes[option], (long)v->quota, 1) > 0;
	v->c->tally[option] = pl_count_fraction(v->c, v->votes[option]);
	v->state[option] = more ? PENDING : SEATED;
	v->seats--;
	v->hopeful--;
	pl_count_win(v->c, option);
	v->c->place[option] = v->c->r->n_winners;
	pl_count_step(v->c, kind, (pl_said){.option = option + 1, .x = v->c->tally[option]});
}

/// Seats for all who have the quota or, at the end, for all who have a vote.
static void seat_all(stv *v, bool with_quota)
{
	const int64_t least = with_quota ? v->quota : 0;
	for (int32_t k = 0; k < v->n && v->seats > 0; k++) {
		const rival *r = &v->rivals[k];
		const int compared = mpq_cmp_si(*r->votes, (long)least, 1);
		if (v->state[r->option] != HOPEFUL) continue;
		if (compared < 0 || (compared == 0 && least == 0)) return;
		seat(v, r->option, with_quota ? PL_VOTE_STEP_elected : PL_VOTE_STEP_fills);
	}
}

/// The best rival of a state at or behind k, or n.
static int32_t find(const stv *v, standing state, int32_t k)
{
	while (k < v->n && v->state[v->rivals[k].option] != state) k++;
	return k;
}

/// The last of those who hope, before k, or -1.
static int32_t find_last(const stv *v, int32_t k)
{
	do k--;
	while (k >= 0 && v->state[v->rivals[k].option] != HOPEFUL);
	return k;
}

/// Those with as few votes as the last stay tied. @param k the last
static void leave_tied(stv *v, int32_t k)
{
	v->c->r->outcome = PL_VOTE_TIED;
	v->c->r->n_winners = 0;
	const rival *last = &v->rivals[k];
	for (int32_t i = 0; i < v->n; i++) {
		const rival *r = &v->rivals[i];
		if (v->state[r->option] != HOPEFUL || !are_tied(r, last)) continue;
		pl_count_win(v->c, r->option);
		if (r != last)
			PL_STEP(v->c, tie_stands, .option = r->option + 1,
			        .other = last->option + 1);
	}
}

/// The option with fewest votes leaves. @param[out] tied it may not, since others have as few
/// and ties stand @return PL_OK, PL_ENOMEM
static pl_status drop_last(stv *v, bool *tied, pl_error *err)
{
	const int32_t k = find_last(v, v->n), before = find_last(v, k);
	const rival *last = &v->rivals[k];
	const int32_t option = last->option;
	*tied = v->c->s->ties_stand && mpq_sgn(*last->votes) > 0 && before >= 0 &&
	        are_tied(&v->rivals[before], last);
	if (*tied) {
		leave_tied(v, k);
		return PL_OK;
	}
	v->c->tally[option] = pl_count_fraction(v->c, *last->votes);
	PL_STEP(v->c, out, .option = option + 1, .x = v->c->tally[option]);
	if (before >= 0) say_tie(v, &v->rivals[before], last);
	v->state[option] = OUT;
	v->out[v->n_out++] = option;
	v->hopeful--;
	mpq_set_ui(v->votes[option], 0, 1);
	return pass_on(v, option, NULL, err);
}

static pl_status count_rounds(stv *v, pl_error *err)
{
	bool tied = false;
	seat_all(v, true);
	while (v->seats > 0 && !tied) {
		const int32_t k = find(v, PENDING, 0);
		if (k < v->n) {
			PL_TRY(pass_surplus(v, k, err));
		} else if (v->hopeful <= v->seats) {
			seat_all(v, false);
			break;
		} else {
			PL_TRY(drop_last(v, &tied, err));
		}
		seat_all(v, true);
	}
	if (v->seats > 0 && !tied)
		PL_STEP(v->c, empty_seats, .x = pl_count_whole(v->c, v->seats));
	return PL_OK;
}

/// Places of those without a seat: who still hoped, by votes, then who left last.
static void place_others(stv *v)
{
	int32_t place = v->n - v->n_out - v->hopeful;
	for (int32_t k = 0, before = -1; k < v->n; k++) {
		const rival *r = &v->rivals[k];
		if (v->state[r->option] != HOPEFUL) continue;
		const bool tied =
		        before >= 0 && mpq_cmp(*v->rivals[before].votes, *r->votes) == 0;
		place++;
		v->c->place[r->option] = tied ? v->c->place[v->rivals[before].option] : place;
		v->c->tally[r->option] = pl_count_fraction(v->c, *r->votes);
		before = k;
	}
	for (int32_t k = 0; k < v->n_out; k++) v->c->place[v->out[k]] = v->n - k;
}

/* ---- the count -----------------------------------------------------------------------------
 */

/// All ballots go to their first choices.
/// @return PL_OK, PL_ENOMEM, PL_EARG: a ballot names two options at once
static pl_status begin(stv *v, pl_error *err)
{
	v->unused = -1;
	for (int32_t o = 0; o < v->n; o++) v->pile[o] = -1;
	expect_batches(v);
	if (add_value(v) < 0) return pl_fail(err, PL_ENOMEM, -1, "no memory for votes");
	mpq_set_ui(v->values[0], 1, 1);
	for (int64_t i = 0; i < v->e->n_ballots; i++) {
		PL_TRY(check_ballot(v->e, i, err));
		v->slips[i] = (slip){v->e->start[i], v->e->start[i + 1]};
		if (!move(v, i, 0))
			return pl_fail(err, PL_ENOMEM, -1, "no memory for parcels of votes");
	}
	count_moved(v, 0);
	return PL_OK;
}

/// First choices, and the quota that follows from them.
static void open_count(stv *v)
{
	int64_t total = 0;
	for (int32_t o = 0; o < v->n; o++) {
		mpq_swap(v->votes[o], v->received[o]);
		if (v->pile[o] >= 0) total += v->parcels[v->pile[o]].weight;
	}
	mpq_set_ui(v->received[v->n], 0, 1);
	v->quota = total / ((int64_t)v->seats + 1) + 1;
	PL_STEP(v->c, quota_of_seats, .x = pl_count_whole(v->c, total),
	        .y = pl_count_whole(v->c, v->seats), .z = pl_count_whole(v->c, v->quota));
	compare(v);
	for (int32_t k = 0; k < v->n; k++)
		PL_STEP(v->c, count, .option = v->rivals[k].option + 1,
		        .x = pl_count_fraction(v->c, *v->rivals[k].votes));
}

static void release(stv *v)
{
	for (int32_t o = 0; v->votes != NULL && o < v->n; o++) mpq_clear(v->votes[o]);
	for (int32_t o = 0; v->received != NULL && o <= v->n; o++) mpq_clear(v->received[o]);
	for (int64_t i = 0; i < v->n_values; i++) mpq_clear(v->values[i]);
	pl_free(v->state);
	pl_free(v->votes);
	pl_free(v->received);
	pl_free(v->history);
	pl_free(v->rivals);
	pl_free(v->pile);
	pl_free(v->moved);
	pl_free(v->chunks);
	pl_free(v->slips);
	pl_free(v->parcels);
	pl_free(v->values);
	pl_free(v->out);
}

/// @return false: no memory; release() it either way
static bool prepare(stv *v)
{
	v->state = pl_alloc(v->n, sizeof *v->state);
	v->votes = pl_alloc(v->n, sizeof *v->votes);
	v->received = pl_alloc((int64_t)v->n + 1, sizeof *v->received);
	v->history = pl_alloc(v->n, sizeof *v->history);
	v->rivals = pl_alloc(v->n, sizeof *v->rivals);
	v->pile = pl_alloc(v->n, sizeof *v->pile);
	v->moved = pl_alloc((int64_t)v->n + 1, sizeof *v->moved);
	v->slips = pl_alloc(v->e->n_ballots, sizeof *v->slips);
	v->out = pl_alloc(v->n, sizeof *v->out);
	for (int32_t o = 0; v->votes != NULL && o < v->n; o++) mpq_init(v->votes[o]);
	for (int32_t o = 0; v->received != NULL && o <= v->n; o++) mpq_init(v->received[o]);
	return v->state != NULL && v->votes != NULL && v->received != NULL &&
	       v->history != NULL && v->rivals != NULL && v->pile != NULL && v->moved != NULL &&
	       v->slips != NULL && v->out != NULL;
}

pl_status pl_count_stv(pl_count *c, pl_error *err)
{
	stv v = {.c = c,
	         .e = c->e,
	         .n = c->e->n_options,
	         .seats = c->s->seats,
	         .hopeful = c->e->n_options};
	pl_status status = PL_OK;
	if (v.n > OPTIONS_MOST)
		return pl_fail(err, PL_EARG, -1, "stv counts at most %d options",
		               (int)OPTIONS_MOST);
	if (!prepare(&v))
		status = pl_fail(err, PL_ENOMEM, -1, "no memory to count %" PRId64 " ballots",
		                 v.e->n_ballots);
	if (status == PL_OK) status = begin(&v, err);
	if (status == PL_OK) {
		open_count(&v);
		status = count_rounds(&v, err);
		place_others(&v);
		if (c->r->n_winners == 0) c->r->outcome = PL_VOTE_REJECTED;
	}
	release(&v);
	return status;
}
