/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/lab_run.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "io/economy.h"
#include "io/outdir.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/// A run that writes its rows as they come.
typedef struct {
	const pl_lab *lab;
	pl_lab_place at;
	int64_t run;
	FILE *table[PL_LAB_TABLES];
	bool (*go_on)(void *self);
	void *self;
} sink;

void pl_lab_file_name(char out[PL_LAB_FILE_ROOM], int64_t run, int table)
{
	(void)snprintf(out, PL_LAB_FILE_ROOM, "%06" PRId64 "%s.csv", run + 1,
	               table == PL_LAB_ROUNDS ? "-rounds" : "");
}

const char *pl_lab_header(int table)
{
#define FACTORS "run,economy,rule,start,behaviour,seed,year,"
	return table == PL_LAB_ROUNDS
	               ? FACTORS "round,worst_imbalance,share_above_20,share_above_10,"
	                         "share_above_5,share_above_3,share_above_1,total_imbalance\n"
	               : FACTORS "outcome,rounds,rounds_to_0.2,rounds_to_0.1,rounds_to_0.05,"
	                         "rounds_to_0.03,rounds_to_0.01,worst_imbalance,growth,"
	                         "endgame,trimmed,least_kept,spread,loss\n";
#undef FACTORS
}

/* ---- rows ---- */

/// A cell with what stands before it; empty where there is no number.
static void put_number(FILE *to, double x)
{
	char text[PL_NUMBER_CHARS];
	(void)fprintf(to, ",%s", isfinite(x) ? pl_number_print(text, x) : "");
}

static void put_factors(const sink *s, int table, int32_t year)
{
	char number[PL_NUMBER_CHARS];
	const pl_lab *lab = s->lab;
	const double start = lab->start[s->at.start];
	const char *word = pl_lab_start_word(start);
	(void)fprintf(s->table[table], "%" PRId64 ",%s,%s,%s,%s,%" PRIu64 ",%d", s->run + 1,
	              lab->economy[s->at.economy].name, lab->rule[s->at.rule].text,
	              word != NULL ? word : pl_number_print(number, start),
	              lab->behaviour[s->at.behaviour].text, lab->seed[s->at.seed], year);
}

static bool put_round(void *self, int32_t year, const pl_round *round)
{
	const sink *s = self;
	FILE *to = s->table[PL_LAB_ROUNDS];
	put_factors(s, PL_LAB_ROUNDS, year);
	(void)fprintf(to, ",%d", round->number);
	put_number(to, round->worst);
	for (int b = 0; b < PL_BOUNDS; b++) put_number(to, round->above[b]);
	put_number(to, round->total);
	(void)fputc('\n', to);
	return s->go_on(s->self);
}

static bool put_year(void *self, const pl_year *y)
{
	const sink *s = self;
	FILE *to = s->table[PL_LAB_YEARS];
	const pl_ending *e = y->ending;
	put_factors(s, PL_LAB_YEARS, y->number);
	(void)fprintf(to, ",%s,%d", pl_outcome_name(y->rounds->outcome), y->rounds->n_rounds);
	for (int b = 0; b < PL_BOUNDS; b++)
		put_number(to,
		           y->rounds->rounds_to[b] > 0 ? y->rounds->rounds_to[b] : (double)NAN);
	put_number(to, y->rounds->worst);
	put_number(to, y->growth);
	(void)fprintf(to, ",%s", e != NULL ? pl_end_name((int)s->lab->end) : "");
	put_number(to, e != NULL ? e->trimmed : (double)NAN);
	put_number(to, e != NULL ? e->least_kept : (double)NAN);
	put_number(to, e != NULL ? e->spread : (double)NAN);
	put_number(to, y->loss);
	(void)fputc('\n', to);
	return s->go_on(s->self);
}

/* ---- the run ---- */

static pl_status make_model(pl_model **out, const sink *s, pl_error *err)
{
	const pl_lab_economy *e = &s->lab->economy[s->at.economy];
	if (e->folder != NULL) {
		pl_settings settings = pl_settings_preset();
		return pl_economy_read(out, &settings, e->folder, NULL, err);
	}
	pl_generate_spec spec = e->spec;
	if (!e->seeded) spec.seed = s->lab->seed[s->at.seed];
	return pl_generate(out, NULL, &spec, err);
}

/// Prices that clear the tables; a good whose price is at its floor starts at the tables'.
static pl_status plan_start(double *start, const pl_model *m, pl_error *err)
{
	static const double tolerance = 1e-6;
	pl_settings settings = pl_settings_preset();
	pl_plan *p = NULL;
	settings.tolerance = tolerance;
	PL_TRY(pl_plan_clear(&p, m, &settings, NULL, NULL, NULL, err));
	const bool cleared = p->outcome == PL_CLEARED;
	for (int32_t j = 0; j < m->n_goods; j++)
		start[j] = p->price[j] > 0 ? p->price[j] : m->good.price[j];
	pl_plan_free(p);
	if (cleared) return PL_OK;
	return pl_fail(err, PL_EARG, -1, "the economy has no plan whose prices to start from");
}

/// A start price for every good; NULL for the model's.
static pl_status make_start(double **out, const sink *s, const pl_model *m, pl_error *err)
{
	const double price = s->lab->start[s->at.start];
	*out = NULL;
	if (price == PL_LAB_MODEL) return PL_OK;
	*out = pl_alloc(m->n_goods, sizeof **out);
	if (*out == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the start prices");
	if (price == PL_LAB_PLAN) return plan_start(*out, m, err);
	for (int32_t j = 0; j < m->n_goods; j++) (*out)[j] = price;
	return PL_OK;
}

static pl_status play(sink *s, const pl_model *m, const double *start, pl_error *err)
{
	const pl_lab *lab = s->lab;
	const pl_lab_rule *rule = &lab->rule[s->at.rule];
	const pl_experiment_watch watch = {.round = put_round, .year = put_year, .self = s};
	pl_experiment e = pl_experiment_preset(m);
	e.start = start;
	e.rule = (pl_rule_settings){rule->kind, lab->tolerance, lab->log_step, rule->learns};
	e.forgets = rule->forgets;
	e.behaviour = lab->behaviour[s->at.behaviour].strength;
	e.limits = lab->limits;
	e.seed = lab->seed[s->at.seed];
	e.years = lab->years;
	e.change = lab->change;
	e.shock = lab->shock;
	e.max_rounds = lab->max_rounds;
	e.end = lab->end;
	e.loss = lab->loss;
	e.best = lab->best;
	return pl_experiment_run(&e, &watch, err);
}

static pl_status play_into(sink *s, pl_outdir *to, pl_error *err)
{
	char name[PL_LAB_FILE_ROOM];
	pl_model *m = NULL;
	double *start = NULL;
	for (int t = PL_LAB_TABLES - 1; t >= 0; t--) {
		pl_lab_file_name(name, s->run, t);
		s->table[t] = pl_outdir_file(to, name, err);
		if (s->table[t] == NULL) return err != NULL ? err->code : PL_EIO;
		(void)fputs(pl_lab_header(t), s->table[t]);
	}
	pl_status st = make_model(&m, s, err);
	if (st == PL_OK) st = make_start(&start, s, m, err);
	if (st == PL_OK) st = play(s, m, start, err);
	pl_free(start);
	pl_model_free(m);
	return st;
}

pl_status pl_lab_play(const pl_lab *lab, int64_t run, const char *folder,
                      bool (*go_on)(void *self), void *self, pl_error *err)
{
	sink s = {.lab = lab, .at = pl_lab_place_of(lab, run), .run = run};
	pl_outdir *to = NULL;
	pl_error why;
	s.go_on = go_on;
	s.self = self;
	PL_TRY(pl_outdir_open(&to, folder, err));
	const pl_status st = play_into(&s, to, &why);
	if (st == PL_OK) return pl_outdir_commit(to, err);
	pl_outdir_abandon(to);
	return pl_fail(err, st, -1, "run %" PRId64 " (%.120s, %.60s, seed %" PRIu64 "): %.280s",
	               run + 1, lab->economy[s.at.economy].name, lab->rule[s.at.rule].text,
	               lab->seed[s.at.seed], why.msg);
}
