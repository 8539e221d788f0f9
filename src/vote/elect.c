/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* elect.c - who wins where most win: places, ties and seats. */
#include "vote/count.h"

void pl_count_place(pl_count *c, const int32_t *sorted, const int64_t *value)
{
	for (int32_t k = 0; k < c->e->n_options; k++) {
		const bool tied = k > 0 && value[sorted[k]] == value[sorted[k - 1]];
		c->place[sorted[k]] = tied ? c->place[sorted[k - 1]] : k + 1;
	}
}

/// Write down what the order of the options decides: who goes before the next winner, and who
/// of those tied for the last seat is left out.
static void say_ties(pl_count *c, const int32_t *sorted, int32_t k, int32_t seats)
{
	const int32_t a = sorted[k];
	for (int32_t j = k + 1; j < c->e->n_options; j++) {
		if (c->place[sorted[j]] != c->place[a] || (j > k + 1 && k < seats - 1)) return;
		pl_count_step(c, c->s->ties_stand ? PL_VOTE_STEP_tie_stands : PL_VOTE_STEP_tie,
		              (pl_said){.option = a + 1, .other = sorted[j] + 1});
	}
}

/// The options of one place, more than the seats that are left, stay tied.
static void leave_tied(pl_count *c, const int32_t *sorted, int32_t first)
{
	c->r->outcome = PL_VOTE_TIED;
	for (int32_t k = first; k < c->e->n_options; k++) {
		if (c->place[sorted[k]] != first + 1) return;
		pl_count_win(c, sorted[k]);
		if (k > first)
			PL_STEP(c, tie_stands, .option = sorted[first] + 1,
			        .other = sorted[k] + 1);
	}
}

void pl_count_seat(pl_count *c, const int32_t *sorted, int32_t seats)
{
	const int32_t last = c->place[sorted[seats - 1]];
	const bool open = seats < c->e->n_options && c->place[sorted[seats]] == last;
	const int32_t sure = open && c->s->ties_stand ? last - 1 : seats;
	for (int32_t k = 0; k < sure; k++) {
		PL_STEP(c, elected, .option = sorted[k] + 1, .x = c->tally[sorted[k]]);
		say_ties(c, sorted, k, seats);
		if (sure == seats) pl_count_win(c, sorted[k]);
	}
	if (sure < seats) leave_tied(c, sorted, sure);
}
