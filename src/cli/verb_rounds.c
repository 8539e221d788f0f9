/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_rounds.c - plenum rounds: prices are announced, simulated councils propose, a public
 * rule announces the next prices; each round is printed as it is over. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "base/threads.h"
#include "cli/judge.h"
#include "cli/rounds_close.h"
#include "cli/rounds_screen.h"
#include "cli/screen.h"
#include "cli/stop.h"
#include "cli/tables.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "cli/told.h"
#include "cli/verbs.h"
#include "io/outdir.h"

#include <math.h>
#include <string.h>

/* ---- what was asked for --------------------------------------------------------------------
 */

static const double preset_tolerance = 0.01; /* of rounds, docs/economy-files.md */
static const double preset_stocks = 0.05;
enum { ROUNDS = 200 };

/// A number of the command line; *out unchanged where it was not given.
static pl_status read_number(double *out, const pl_args *a, int option, double low, double high,
                             pl_error *err)
{
	const char *text = pl_args_text(a, option);
	char name[PL_NAME_MOST];
	double x;
	if (text == NULL) return PL_OK;
	pl_option_name(name, option);
	if (pl_number_read(&x, text) != PL_OK || !(x >= low && x <= high))
		return pl_fail(err, PL_EARG, -1, "--%s takes a number from %g to %g", name, low,
		               high);
	*out = x;
	return PL_OK;
}

/// Do all councils have the schedules of the published simulations?
static bool is_published(const pl_model *m)
{
	for (int32_t i = 0; i < m->n_councils; i++)
		if (m->council.schedule[i] != PL_S_cobb_douglas &&
		    m->council.schedule[i] != PL_S_budget_cd)
			return false;
	return true;
}

static pl_status read_shock(pl_experiment *e, const pl_args *a, pl_error *err)
{
	static const double most = 3;
	const char *text = pl_args_text(a, PL_O_shock);
	const bool published =
	        text == NULL ? is_published(e->model) : strcmp(text, "published") == 0;
	e->change = published ? PL_CHANGE_PUBLISHED : PL_CHANGE_SHOCK;
	if (published || text == NULL) return PL_OK;
	if (read_number(&e->shock, a, PL_O_shock, 0, most, NULL) == PL_OK) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "--shock takes a number from 0 to %g, or \"published\"", most);
}

static const char *end_name(int kind)
{
	return kind == PL_ENDS ? "five" : pl_end_name(kind);
}

static pl_status read_rule(pl_rounds_job *j, pl_error *err)
{
	pl_experiment *e = &j->e;
	int kind = PL_RULE_fitted, end = PL_END_DISRUPTION;
	static const double least_step = 1e-3, most_step = 100;
	PL_TRY(pl_args_choice(&kind, j->a, PL_O_rule, pl_rule_name, err));
	PL_TRY(pl_args_choice(&end, j->a, PL_O_endgame, end_name, err));
	PL_TRY(read_number(&e->rule.log_step, j->a, PL_O_log_step, least_step, most_step, err));
	PL_TRY(read_number(&e->stocks, j->a, PL_O_stocks, 0, 1e6, err));
	e->rule.kind = (pl_rule_kind)kind;
	j->five = end == PL_ENDS;
	e->end = j->five ? PL_END_DISRUPTION : (pl_end_kind)end;
	e->rule.tolerance =
	        pl_args_has(j->a, PL_O_tolerance) ? j->b.settings.tolerance : preset_tolerance;
	if (kind == PL_RULE_direct) e->plan_tolerance = j->b.settings.tolerance;
	return PL_OK;
}

static pl_status read_options(pl_rounds_job *j, pl_error *err)
{
	const pl_args *a = j->a;
	const char *behaviour = pl_args_text(a, PL_O_behaviour),
	           *why = pl_args_text(a, PL_O_why);
	pl_meant meant;
	j->e = pl_experiment_preset(j->b.m);
	j->e.start = j->b.start;
	j->e.stocks = preset_stocks;
	j->e.seed = (uint64_t)pl_args_whole(a, PL_O_seed, 1);
	j->e.years = (int32_t)pl_args_whole(a, PL_O_years, 1);
	j->e.max_rounds = (int32_t)pl_args_whole(a, PL_O_max_rounds, ROUNDS);
	j->e.limits = pl_args_has(a, PL_O_limits);
	j->e.forgets = pl_args_has(a, PL_O_forget);
	j->behaviour = behaviour != NULL ? behaviour : pl_behaviours[PL_B_declared].name;
	PL_TRY(read_rule(j, err));
	PL_TRY(read_shock(&j->e, a, err));
	PL_TRY(pl_behaviour_read(&j->e.behaviour, j->behaviour, err));
	if (why == NULL) return PL_OK;
	PL_TRY(pl_told_find(&meant, j->b.m, why, false, err));
	j->why = meant.good;
	if (j->why < 0)
		return pl_fail(err, PL_EARG, -1,
		               "--why tells of a price, and \"%.200s\" is a "
		               "council",
		               why);
	return PL_OK;
}

/// Can the folder of the plan be made? Found before the work, and nothing is left of it.
static pl_status try_out(const char *out, pl_error *err)
{
	pl_outdir *o;
	if (out == NULL) return PL_OK;
	PL_TRY(pl_outdir_open(&o, out, err));
	pl_outdir_abandon(o);
	return PL_OK;
}

static pl_status make_room(pl_rounds_job *j, pl_error *err)
{
	const pl_frame frame = pl_frame_of(j->b.m);
	j->record = (pl_record){.n_goods = frame.n_goods, .goods = j->b.out != NULL};
	j->at_floor = pl_alloc(frame.n_goods, sizeof *j->at_floor);
	j->year = pl_alloc(j->e.years, sizeof *j->year);
	if (j->at_floor == NULL || j->year == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for rounds about %d goods",
		               frame.n_goods);
	return j->why >= 0 ? pl_why_new(&j->watched, &frame, j->why, NULL, err) : PL_OK;
}

static int prepare(pl_rounds_job *j)
{
	pl_error err;
	int code = pl_begin_read(&j->b, j->a);
	if (code != PL_EXIT_GOOD) return code;
	if (pl_stop_asked()) return PL_EXIT_STOPPED;
	pl_status s = read_options(j, &err);
	if (s == PL_OK) s = try_out(j->b.out, &err);
	if (s == PL_OK) s = make_room(j, &err);
	j->table = !pl_args_has(j->a, PL_O_json) && !pl_args_has(j->a, PL_O_quiet);
	j->colour = pl_term_colour(stdout);
	return s == PL_OK ? PL_EXIT_GOOD : pl_tell_error(j->a, &err);
}

/* ---- rounds as they go ---------------------------------------------------------------------
 */

static pl_status keep_move(pl_rounds_job *j, int32_t year, const pl_move *move, pl_error *err)
{
	enum { FIRST = 16 };
	if (j->n_moves == j->moves_room) {
		const int32_t room = j->moves_room > 0 ? 2 * j->moves_room : FIRST;
		pl_kept_move *more = j->move == NULL ? pl_alloc(room, sizeof *more)
		                                     : pl_realloc(j->move, room, sizeof *more);
		if (more == NULL)
			return pl_fail(err, PL_ENOMEM, -1, "no memory to keep a move");
		j->move = more;
		j->moves_room = room;
	}
	pl_kept_move *k = &j->move[j->n_moves++];
	*k = (pl_kept_move){.year = year, .move = *move};
	for (int32_t i = 0; i < move->n; i++) {
		if (i < PL_MOVERS_KEPT)
			k->mover[i] = move->mover[i];
		else
			k->rest += move->mover[i].part;
	}
	return PL_OK;
}

static pl_status tell_why(pl_rounds_job *j, int32_t year, const pl_round *round, pl_error *err)
{
	pl_move move;
	if (j->watched == NULL || !pl_why_round(&move, j->watched, round)) return PL_OK;
	if (j->table) pl_rounds_print_move(stdout, j->b.m, j->why, &move, j->colour);
	return keep_move(j, year, &move, err);
}

static void see_rule(void *self, int32_t year, const pl_rule *rule)
{
	pl_rounds_job *j = self;
	(void)year;
	if (j->watched != NULL) pl_why_begin(j->watched, rule);
}

static void tell_round(pl_rounds_job *j, int32_t year, const pl_round *round)
{
	const pl_progress now = {"round", round->number, round->number, round->worst,
	                         round->worst_good};
	if (round->number == 1)
		j->steps = (pl_steps){.rounds = j->e.rule.kind != PL_RULE_direct};
	pl_steps_add(&j->steps, &now);
	if (!j->table) {
		(void)pl_bar_watch(&j->bar, &now);
		return;
	}
	if (round->number == 1)
		pl_rounds_print_head(stdout, j->e.years > 1 ? year : 0, j->colour);
	const bool news = strncmp(round->remark, j->remark, sizeof j->remark - 1) != 0;
	pl_rounds_print_row(stdout, j->b.m, round, j->e.rule.tolerance, news, j->colour);
	(void)snprintf(j->remark, sizeof j->remark, "%s", round->remark);
}

static bool see_round(void *self, int32_t year, const pl_round *round)
{
	pl_rounds_job *j = self;
	pl_error err;
	pl_status s = tell_why(j, year, round, &err);
	tell_round(j, year, round);
	if (s == PL_OK) s = pl_record_add(&j->record, year, round, &err);
	if (s != PL_OK) j->code = pl_tell_error(j->a, &err);
	return s == PL_OK && !pl_stop_asked();
}

/* ---- the end of a year ---------------------------------------------------------------------
 */

static void note_year(pl_rounds_job *j, const pl_closed *c)
{
	const pl_rounds *r = c->year->rounds;
	pl_year_line *y = &j->year[j->n_years++];
	*y = (pl_year_line){.number = c->year->number,
	                    .outcome = r->outcome,
	                    .rounds = r->n_rounds,
	                    .worst_good = r->worst_good,
	                    .worst = r->worst,
	                    .growth = c->year->growth,
	                    .loss = c->loss};
	memcpy(y->rounds_to, r->rounds_to, sizeof y->rounds_to);
}

static void show_end(const pl_rounds_job *j, const pl_closed *c)
{
	const bool conflict = c->best != NULL && c->best->outcome == PL_INFEASIBLE;
	const double *strength = j->e.behaviour.strength;
	const pl_rounds_end_facts f = {
	        .m = c->year->model,
	        .rounds = c->year->rounds,
	        .start = c->year->start,
	        .ending = c->ending,
	        .end = pl_end_name((int)pl_experiment_end(&j->e, c->year->rounds)),
	        .loss = c->loss,
	        .others = strength[PL_B_nested] > 0 || strength[PL_B_returns] > 0,
	        .best_reason = conflict ? c->best->reason : NULL,
	        .rule = pl_rule_name((int)j->e.rule.kind),
	        .behaviour = j->behaviour,
	        .seconds = j->seconds,
	        .economy = j->b.folder,
	        .out = j->b.out,
	        .colour = j->colour};
	if (j->e.years > 1) {
		pl_rounds_print_year_head(stdout, j->colour);
		for (int32_t k = 0; k < j->n_years; k++)
			pl_rounds_print_year(stdout, &j->year[k]);
	}
	if (c->n_choices > 0)
		pl_rounds_print_choices(stdout, f.m, c->choice, c->n_choices, j->colour);
	pl_rounds_print_end(stdout, &f);
}

/// `direct` is a plan of the tables' schedules, and is held to what such plans are held to.
static int deliver(pl_rounds_job *j, const pl_closed *c)
{
	pl_error err;
	int code =
	        c->plan == NULL ? pl_judge_own(j->a, c->year->model, c->shown) : PL_EXIT_GOOD;
	if (code != PL_EXIT_GOOD) return code;
	if (j->b.out != NULL && pl_rounds_write(c, j, &err) != PL_OK)
		return pl_tell_error(j->a, &err);
	if (pl_args_has(j->a, PL_O_json))
		pl_rounds_json(stdout, c, j);
	else if (!pl_args_has(j->a, PL_O_quiet))
		show_end(j, c);
	for (int32_t k = 0; k < j->n_years; k++)
		if (j->year[k].outcome != PL_CLEARED) code = PL_EXIT_NOT;
	return code;
}

static bool see_year(void *self, const pl_year *year)
{
	pl_rounds_job *j = self;
	pl_closed c;
	pl_error err;
	const bool stopped = year->rounds->outcome == PL_STOPPED || pl_stop_asked();
	pl_bar_end(&j->bar);
	if (j->code != PL_EXIT_GOOD) return false; /* a fault, told */
	j->seconds += pl_bar_clock() - j->begun;
	const pl_status s = pl_rounds_close(&c, j, year, &err);
	if (s != PL_OK) j->code = pl_tell_error(j->a, &err);
	if (s == PL_OK) note_year(j, &c);
	if (s == PL_OK && (stopped || year->number == j->e.years)) j->code = deliver(j, &c);
	pl_closed_free(&c);
	j->bar = pl_bar_begin(stderr, !j->table && !pl_args_has(j->a, PL_O_quiet), j->b.m,
	                      j->e.rule.tolerance);
	j->begun = pl_bar_clock();
	return s == PL_OK && !stopped;
}

static int play(pl_rounds_job *j)
{
	pl_error err;
	const pl_experiment_watch watch = {.round = see_round,
	                                   .year = see_year,
	                                   .rule = see_rule,
	                                   .stopped_too = true,
	                                   .self = j};
	j->bar = pl_bar_begin(stderr, !j->table && !pl_args_has(j->a, PL_O_quiet), j->b.m,
	                      j->e.rule.tolerance);
	j->begun = pl_bar_clock();
	const pl_status s = pl_experiment_run(&j->e, &watch, &err);
	pl_bar_end(&j->bar);
	if (s != PL_OK && s != PL_ESTOPPED) return pl_tell_error(j->a, &err);
	if (pl_stop_asked() && j->code != PL_EXIT_INPUT) return PL_EXIT_STOPPED;
	return j->code;
}

int pl_verb_rounds(const pl_args *a)
{
	pl_rounds_job j = {.a = a, .why = -1};
	pl_threads_set((int)pl_args_whole(a, PL_O_threads, 0));
	int code = prepare(&j);
	if (code == PL_EXIT_GOOD) code = play(&j);
	pl_why_free(j.watched);
	pl_record_clear(&j.record);
	pl_free(j.move);
	pl_free(j.at_floor);
	pl_free(j.year);
	pl_begin_free(&j.b);
	return code;
}
