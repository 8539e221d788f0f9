/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/moves.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"

void pl_moves_clear(pl_moves *m)
{
	for (int32_t i = 0; i < m->n; i++) pl_why_free(m->why[i]);
	pl_free(m->why);
	pl_free(m->scratch);
	*m = (pl_moves){0};
}

pl_status pl_moves_begin(pl_moves *m, const pl_replay *r, pl_error *err)
{
	m->scratch = pl_alloc(r->frame.n_links, sizeof *m->scratch);
	m->why = pl_alloc(r->frame.n_goods, sizeof(pl_why *));
	if (m->scratch == NULL || m->why == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to watch prices");
	for (; m->n < r->frame.n_goods; m->n++) {
		PL_TRY(pl_why_new(&m->why[m->n], &r->frame, m->n, m->scratch, err));
		pl_why_begin(m->why[m->n], r->rule);
	}
	return PL_OK;
}

void pl_moves_see(pl_moves *m, const pl_replay *r)
{
	for (int32_t i = 0; i < m->n; i++) (void)pl_why_round(NULL, m->why[i], &r->seen);
}

static pl_status note_movers(const pl_move *move, const pl_replay *r, int64_t round,
                             int32_t good, pl_error *err)
{
	for (int32_t k = 0; k < move->n && k < PL_MOVERS_NOTED; k++) {
		const pl_mover *who = &move->mover[k];
		char surprise[PL_NUMBER_CHARS], part[PL_NUMBER_CHARS];
		const pl_state_row row = {{PL_WHOLE(r->season), PL_WHOLE(round),
		                           PL_WHOLE(r->rows.good[good]),
		                           PL_WHOLE(r->rows.council[who->council]),
		                           PL_TEXT(pl_number_print(surprise, who->surprise)),
		                           PL_TEXT(pl_number_print(part, who->part))}};
		PL_TRY(pl_store_insert(r->store, PL_ROWS_mover, &row, err));
	}
	return PL_OK;
}

static pl_status note_move(const pl_move *move, const pl_replay *r, int64_t round, int32_t good,
                           pl_error *err)
{
	char known[PL_NUMBER_CHARS], others[PL_NUMBER_CHARS], rest[PL_NUMBER_CHARS];
	double left = 0;
	for (int32_t k = PL_MOVERS_NOTED; k < move->n; k++) left += move->mover[k].part;
	const pl_state_row row = {{PL_WHOLE(r->season), PL_WHOLE(round),
	                           PL_WHOLE(r->rows.good[good]),
	                           PL_WHOLE(pl_rule_floors(r->rule)[good]),
	                           PL_TEXT(move->expects ? "expected" : "round_before"),
	                           PL_TEXT(pl_number_print(known, move->known)),
	                           PL_TEXT(pl_number_print(others, move->others)),
	                           PL_TEXT(pl_number_print(rest, left))}};
	PL_TRY(pl_store_insert(r->store, PL_ROWS_move, &row, err));
	return note_movers(move, r, round, good, err);
}

pl_status pl_moves_note(pl_moves *m, const pl_replay *r, int64_t round, pl_error *err)
{
	const pl_state_row list = {{PL_WHOLE(r->season), PL_WHOLE(round)}};
	PL_TRY(pl_store_expect(r->store, PL_ROWS_move, 2, &list, err));
	PL_TRY(pl_store_expect(r->store, PL_ROWS_mover, 2, &list, err));
	pl_round after = r->seen; /* what led to a price shows when it is announced */
	after.number++;
	after.price = r->next;
	for (int32_t i = 0; i < m->n; i++) {
		pl_move move;
		(void)pl_why_round(&move, m->why[i], &after);
		PL_TRY(note_move(&move, r, round, i, err));
	}
	return PL_OK;
}
