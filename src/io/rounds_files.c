/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/rounds_files.h"

#include "base/alloc.h"
#include "base/error.h"
#include "io/row.h"

#include <math.h>
#include <string.h>

/* ---- keeping -------------------------------------------------------------------------------
 */

static bool grow(void **block, int64_t n, size_t size)
{
	void *more = *block == NULL ? pl_alloc(n, size) : pl_realloc(*block, n, size);
	if (more != NULL) *block = more;
	return more != NULL;
}

static bool make_room(pl_record *r)
{
	enum { FIRST = 16 };
	if (r->n < r->room) return true;
	const int32_t room = r->room > 0 ? 2 * r->room : FIRST;
	const int64_t goods = (int64_t)room * r->n_goods;
	if (!grow((void **)&r->round, room, sizeof *r->round)) return false;
	if (r->goods && (!grow((void **)&r->price, goods, sizeof *r->price) ||
	                 !grow((void **)&r->supply, goods, sizeof *r->supply) ||
	                 !grow((void **)&r->demand, goods, sizeof *r->demand)))
		return false;
	r->room = room;
	return true;
}

pl_status pl_record_add(pl_record *r, int32_t year, const pl_round *round, pl_error *err)
{
	if (!make_room(r)) return pl_fail(err, PL_ENOMEM, -1, "no memory to keep the rounds");
	pl_kept_round *k = &r->round[r->n];
	*k = (pl_kept_round){.year = year,
	                     .number = round->number,
	                     .worst_good = round->worst_good,
	                     .worst = round->worst,
	                     .total = round->total};
	memcpy(k->above, round->above, sizeof k->above);
	const int64_t at = (int64_t)r->n * r->n_goods;
	for (int32_t j = 0; r->goods && j < r->n_goods; j++) {
		const bool floor = round->at_floor[j] && round->supply[j] >= round->demand[j];
		r->price[at + j] = floor ? 0 : round->price[j];
		r->supply[at + j] = round->supply[j];
		r->demand[at + j] = round->demand[j];
	}
	r->n++;
	return PL_OK;
}

void pl_record_clear(pl_record *r)
{
	void *const block[] = {r->round, r->price, r->supply, r->demand};
	for (size_t i = 0; i < sizeof block / sizeof *block; i++) pl_free(block[i]);
	*r = (pl_record){0};
}

/* ---- writing -------------------------------------------------------------------------------
 */

static const char *id_or_none(pl_text ids, int32_t i)
{
	return i >= 0 ? pl_text_at(ids, i) : "";
}

void pl_record_write_rounds(FILE *to, const pl_record *r, const pl_model *m, bool years)
{
	fprintf(to,
	        "round,worst_good,worst_imbalance,share_above_20,share_above_10,share_above_5,"
	        "share_above_3,share_above_1,total_imbalance%s\n",
	        years ? ",year" : "");
	for (int32_t n = 0; n < r->n; n++) {
		const pl_kept_round *k = &r->round[n];
		pl_row row = {to, false};
		pl_row_number(&row, k->number);
		pl_row_text(&row, id_or_none(m->good.id, k->worst_good));
		pl_row_number(&row, k->worst);
		for (int b = 0; b < PL_BOUNDS; b++) pl_row_number(&row, k->above[b]);
		pl_row_number(&row, k->total);
		if (years) pl_row_number(&row, k->year);
		pl_row_end(&row);
	}
}

void pl_record_write_prices(FILE *to, const pl_record *r, const pl_model *m, bool years)
{
	fprintf(to, "round,good,price,supply,demand%s\n", years ? ",year" : "");
	for (int32_t n = 0; n < r->n; n++) {
		const int64_t at = (int64_t)n * r->n_goods;
		for (int32_t j = 0; j < r->n_goods; j++) {
			pl_row row = {to, false};
			pl_row_number(&row, r->round[n].number);
			pl_row_text(&row, pl_text_at(m->good.id, j));
			pl_row_number(&row, r->price[at + j]);
			pl_row_number(&row, r->supply[at + j]);
			pl_row_number(&row, r->demand[at + j]);
			if (years) pl_row_number(&row, r->round[n].year);
			pl_row_end(&row);
		}
	}
}

/* Value of what a workplace makes, or of what another council asks for. */
static double value_of(const pl_model *m, int32_t i, const double *price,
                       const double *quantity)
{
	const bool works = m->council.kind[i] == PL_WORKERS;
	double sum = 0;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
		const int32_t j = m->link.good[k];
		const bool counts = m->link.role[k] == (works ? PL_MAKES : PL_WANTS);
		if (counts && m->good.kind[j] != PL_FREE) sum += price[j] * quantity[k];
	}
	return sum;
}

void pl_fairness_write(FILE *to, const pl_model *m, const double *price, const double *quantity,
                       const pl_ending *e)
{
	fputs("council,proposed,kept,part\n", to);
	for (int32_t i = 0; i < m->n_councils; i++) {
		pl_row row = {to, false};
		pl_row_text(&row, pl_text_at(m->council.id, i));
		pl_row_number(&row, value_of(m, i, price, quantity));
		pl_row_number(&row, value_of(m, i, price, e->quantity));
		pl_row_number(&row, e->kept[i]);
		pl_row_end(&row);
	}
}

void pl_choices_write(FILE *to, const pl_model *m, const pl_choice *of, int n)
{
	fputs("plan,kept,least_kept,least_council,spread,loss\n", to);
	for (int k = 0; k < n; k++) {
		pl_row row = {to, false};
		pl_row_text(&row, of[k].name);
		pl_row_number(&row, of[k].kept);
		pl_row_number(&row, of[k].least_kept);
		pl_row_text(&row, id_or_none(m->council.id, of[k].least_council));
		pl_row_number(&row, of[k].spread);
		pl_row_number(&row, of[k].loss);
		pl_row_end(&row);
	}
}

void pl_years_write(FILE *to, const pl_model *m, const pl_year_line *of, int32_t n)
{
	fputs("year,outcome,rounds,rounds_to_20,rounds_to_10,rounds_to_5,rounds_to_3,"
	      "rounds_to_1,worst_good,worst_imbalance,growth,loss\n",
	      to);
	for (int32_t k = 0; k < n; k++) {
		pl_row row = {to, false};
		pl_row_number(&row, of[k].number);
		pl_row_text(&row, pl_outcome_name(of[k].outcome));
		pl_row_number(&row, of[k].rounds);
		for (int b = 0; b < PL_BOUNDS; b++)
			pl_row_number(&row, of[k].rounds_to[b] > 0 ? of[k].rounds_to[b]
			                                           : (double)NAN);
		pl_row_text(&row, id_or_none(m->good.id, of[k].worst_good));
		pl_row_number(&row, of[k].worst);
		pl_row_number(&row, of[k].growth);
		pl_row_number(&row, of[k].loss);
		pl_row_end(&row);
	}
}
