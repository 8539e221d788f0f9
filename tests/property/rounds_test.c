/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The default rule against simulated councils whose answers it does not know: how many
 * announcements it needs, and that it needs nothing but proposals. */
#include "base/alloc.h"
#include "base/threads.h"
#include "lab/experiment.h"
#include "lab/generate.h"
#include "tests/pl_test.h"

#include <math.h>
#include <string.h>

static pl_model *made(pl_generate_kind kind, pl_spread sigma, pl_capacity capacity,
                      int32_t scale, uint64_t seed)
{
	const bool published = kind == PL_GENERATE_PUBLISHED;
	const pl_generate_spec spec = {.kind = kind,
	                               .workplaces = published ? 60 * scale : 4 * scale,
	                               .goods = scale,
	                               .consumers = published ? 20 * scale : scale / 2,
	                               .inputs = 10,
	                               .seed = seed,
	                               .sigma = sigma,
	                               .capacity = capacity};
	pl_model *m = NULL;
	CHECK(pl_generate(&m, NULL, &spec, NULL) == PL_OK);
	return m;
}

typedef struct {
	int32_t to_5, to_1;
	pl_outcome outcome;
} year_seen;
typedef struct {
	year_seen year[2];
} seen;

static bool see_year(void *self, const pl_year *year)
{
	seen *s = self;
	s->year[year->number - 1] = (year_seen){
	        year->rounds->rounds_to[2], year->rounds->rounds_to[4], year->rounds->outcome};
	return true;
}

/* Two years from the same price for every good; the second after a shock of 10 %. */
static seen play(const pl_model *m, double start, int32_t max_rounds)
{
	seen s = {{{0}}};
	const pl_experiment_watch w = {.year = see_year, .self = &s};
	pl_experiment e = pl_experiment_preset(m);
	double *price = pl_alloc(m->n_goods, sizeof *price);
	for (int32_t j = 0; j < m->n_goods; j++) price[j] = start;
	e.start = price;
	e.years = 2;
	e.max_rounds = max_rounds;
	CHECK(pl_experiment_run(&e, &w, NULL) == PL_OK);
	pl_free(price);
	return s;
}

static void within(const char *what, int32_t got, int32_t most)
{
	if (got == 0 || got > most) (void)printf("%s: %d of %d\n", what, got, most);
	CHECK(got > 0 && got <= most);
}

static void four_announcements_find_a_plan_of_councils_that_replace_inputs(void)
{
	static const pl_spread sigmas[] = {{0.2, 0.2, true}, {0.5, 0.5, true},
	                                   {1, 1, true},     {2, 2, true},
	                                   {4, 4, true},     {0.2, 2.5, true}};
	for (size_t k = 0; k < sizeof sigmas / sizeof *sigmas; k++) {
		pl_model *m = made(PL_GENERATE_CES, sigmas[k], PL_CAPACITY_LOOSE, 120, 3 + k);
		const seen s = play(m, 1, 12);
		within("to 5 %", s.year[0].to_5, 4);
		within("to 1 %", s.year[0].to_1, 4);
		within("next year to 1 %", s.year[1].to_1, 2);
		pl_model_free(m);
	}
}

static void fixed_proportions_take_six(void)
{
	pl_model *m = made(PL_GENERATE_CES, (pl_spread){0, 0, true}, PL_CAPACITY_LOOSE, 120, 3);
	const seen s = play(m, 1, 12);
	within("to 5 %", s.year[0].to_5, 6);
	within("to 1 %", s.year[0].to_1, 6);
	within("next year to 1 %", s.year[1].to_1, 4);
	pl_model_free(m);
}

static void the_published_kind_takes_three_from_near_and_four_from_far(void)
{
	static const double starts[] = {700, 1, 350, 5000};
	for (int k = 0; k < 4; k++) {
		pl_model *m = made(PL_GENERATE_PUBLISHED, (pl_spread){0, 0, false},
		                   PL_CAPACITY_LOOSE, 50, 1);
		const seen s = play(m, starts[k], 12);
		within("to 5 %", s.year[0].to_5, starts[k] == 700 ? 3 : 4);
		within("to 1 %", s.year[0].to_1, 4);
		within("next year to 5 %", s.year[1].to_5, 2);
		within("next year to 1 %", s.year[1].to_1, 3);
		pl_model_free(m);
	}
}

static void recipes_with_capacities_take_seven_and_ten(void)
{
	pl_model *m = made(PL_GENERATE_CAPACITIES, (pl_spread){0, 0, false}, PL_CAPACITY_LOOSE,
	                   120, 2);
	const seen s = play(m, 1, 14);
	within("to 5 %", s.year[0].to_5, 7);
	within("to 1 %", s.year[0].to_1, 10);
	pl_model_free(m);
}

/* ---- nothing but proposals ----------------------------------------------------------- */

enum { KEPT = 6 };
typedef struct {
	int32_t n;
	double *price[KEPT], *quantity[KEPT];
} record;

typedef struct {
	record *r;
	const pl_model *m;
} keeper;

static bool keep(void *self, int32_t year, const pl_round *round)
{
	const keeper *k = self;
	const int32_t at = k->r->n;
	(void)year;
	if (at == KEPT) return false;
	k->r->n++;
	k->r->price[at] = pl_alloc(k->m->n_goods, sizeof(double));
	k->r->quantity[at] = pl_alloc(k->m->n_links, sizeof(double));
	memcpy(k->r->price[at], round->price, (size_t)k->m->n_goods * sizeof(double));
	memcpy(k->r->quantity[at], round->quantity, (size_t)k->m->n_links * sizeof(double));
	return true;
}

/* Feed a fresh rule with what was proposed: it announces the same prices to the last bit. */
static void a_record_of_proposals_gives_the_same_prices(void)
{
	static const pl_generate_kind kinds[] = {PL_GENERATE_CES, PL_GENERATE_CAPACITIES};
	for (int k = 0; k < 2; k++) {
		record r = {0};
		pl_model *m =
		        made(kinds[k], (pl_spread){0.3, 2, true}, PL_CAPACITY_TIGHT, 60, 4);
		keeper self = {&r, m};
		const pl_experiment_watch w = {.round = keep, .self = &self};
		pl_experiment e = pl_experiment_preset(m);
		const pl_status st = pl_experiment_run(&e, &w, NULL);
		CHECK(st == PL_OK || st == PL_ESTOPPED);
		CHECK(r.n >= 3);
		pl_rule *rule = NULL;
		const pl_frame frame = pl_frame_of(m);
		double *next = pl_alloc(m->n_goods, sizeof *next);
		CHECK(pl_rule_new(&rule, &frame, &e.rule, NULL) == PL_OK);
		pl_threads_set(3); /* and with another number of threads */
		for (int32_t t = 0; t + 1 < r.n; t++) {
			CHECK(pl_rule_step(next, rule, r.price[t], r.quantity[t], NULL) ==
			      PL_OK);
			CHECK(memcmp(next, r.price[t + 1], (size_t)m->n_goods * sizeof *next) ==
			      0);
		}
		pl_threads_set(0);
		for (int32_t t = 0; t < r.n; t++) {
			pl_free(r.price[t]);
			pl_free(r.quantity[t]);
		}
		pl_free(next);
		pl_rule_free(rule);
		pl_model_free(m);
	}
}

int main(void)
{
	RUN(four_announcements_find_a_plan_of_councils_that_replace_inputs);
	RUN(fixed_proportions_take_six);
	RUN(the_published_kind_takes_three_from_near_and_four_from_far);
	RUN(recipes_with_capacities_take_seven_and_ten);
	RUN(a_record_of_proposals_gives_the_same_prices);
	return pl_test_failed;
}
