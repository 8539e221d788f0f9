/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/rounds_close.h"

#include "base/alloc.h"
#include "base/error.h"
#include "cli/folder.h"
#include "cli/stop.h"
#include "io/plan_files.h"
#include "lab/welfare.h"
#include "report/report.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

/* ---- what is carried out -------------------------------------------------------------------
 */

void pl_closed_free(pl_closed *c)
{
	for (int k = 0; k < PL_ENDS; k++) pl_ending_free(c->own[k]);
	pl_plan_free(c->found);
	pl_plan_free(c->plan);
	*c = (pl_closed){0};
}

static bool is_direct(const pl_rounds_job *j)
{
	return j->e.rule.kind == PL_RULE_direct;
}

/// One ending of the last proposals into c->own.
static pl_status end_by(pl_closed *c, const pl_rounds_job *j, int kind, pl_error *err)
{
	const pl_frame frame = pl_frame_of(c->year->model);
	const pl_rounds *r = c->year->rounds;
	double *stock = NULL;
	if (kind == PL_END_STOCKS) {
		stock = pl_alloc(frame.n_goods, sizeof *stock);
		if (stock == NULL)
			return pl_fail(err, PL_ENOMEM, -1, "no memory for stocks of %d goods",
			               frame.n_goods);
		pl_lab_stocks(stock, &frame, r->quantity, j->e.stocks);
	}
	const pl_status st = pl_rounds_end(&c->own[kind], (pl_end_kind)kind, &frame, r->price,
	                                   r->quantity, stock, err);
	pl_free(stock);
	return st;
}

static pl_status make_endings(pl_closed *c, const pl_rounds_job *j, pl_error *err)
{
	c->ending = c->year->ending;
	for (int kind = 0; kind < PL_ENDS; kind++) {
		const bool mine = kind == (int)pl_experiment_end(&j->e, c->year->rounds);
		if (!j->five && !mine) continue;
		if (mine && c->ending != NULL) continue;
		PL_TRY(end_by(c, j, kind, err));
		if (mine) c->ending = c->own[kind];
	}
	return PL_OK;
}

/// The best plan of the schedules in the tables, found only where it is needed.
static pl_status find_best(pl_closed *c, pl_rounds_job *j, pl_error *err)
{
	const bool cleared = c->year->rounds->outcome == PL_CLEARED;
	c->best = c->year->best;
	if (c->best != NULL || (cleared && !j->five && !pl_args_has(j->a, PL_O_json)) ||
	    c->year->rounds->outcome == PL_STOPPED)
		return PL_OK;
	pl_settings s = pl_settings_preset();
	s.tolerance = j->e.plan_tolerance;
	j->bar = pl_bar_begin(stderr, !pl_args_has(j->a, PL_O_quiet), c->year->model,
	                      s.tolerance);
	const pl_status st = pl_plan_clear(&c->found, c->year->model, &s, c->year->start,
	                                   pl_bar_watch, &j->bar, err);
	pl_bar_end(&j->bar);
	if (st != PL_OK) return st == PL_ESTOPPED ? PL_OK : st;
	if (c->found->outcome != PL_STOPPED) c->best = c->found;
	return PL_OK;
}

static double loss_of(const pl_closed *c, const double *quantity)
{
	if (c->best == NULL || c->best->outcome != PL_CLEARED) return (double)NAN;
	return pl_lab_loss(c->year->model, c->best, quantity);
}

static void compare_choices(pl_closed *c, const pl_rounds_job *j)
{
	for (int kind = 0; j->five && kind < PL_ENDS; kind++) {
		const pl_ending *e = c->own[kind] != NULL ? c->own[kind] : c->ending;
		c->choice[c->n_choices++] = (pl_choice){.name = pl_end_name(kind),
		                                        .kept = 1 - e->trimmed,
		                                        .least_kept = e->least_kept,
		                                        .spread = e->spread,
		                                        .loss = loss_of(c, e->quantity),
		                                        .least_council = e->least_council};
	}
}

/* ---- the plan ------------------------------------------------------------------------------
 */

pl_status pl_rounds_check_fit(const pl_plan *p, const pl_model *m, pl_error *err)
{
	static const double rounding = 1e-9;
	for (int32_t i = 0; i < m->n_goods; i++)
		if (m->good.kind[i] != PL_FREE &&
		    !(p->supply[i] >= p->demand[i] * (1 - rounding)))
			return pl_fail(
			        err, PL_EARG, i,
			        "the plan made of the last proposals does not fit: %.10g of "
			        "good \"%.100s\" are asked for and %.10g are there. This is "
			        "a fault of this program (please report it); nothing was "
			        "written",
			        p->demand[i], pl_text_at(m->good.id, i), p->supply[i]);
	return PL_OK;
}

/// Councils of the tables' schedules alone know how much better they could do.
static bool is_declared(const pl_rounds_job *j)
{
	for (int b = 0; b < PL_BEHAVIOURS; b++)
		if (b != PL_B_declared && j->e.behaviour.strength[b] != 0) return false;
	return true;
}

static pl_status plan_of(pl_plan **out, const pl_closed *c, const pl_rounds_job *j,
                         const pl_ending *e, pl_error *err)
{
	const pl_model *m = c->year->model;
	const pl_rounds *r = c->year->rounds;
	pl_verdict verdict;
	*out = NULL;
	double *price = pl_alloc(m->n_goods, sizeof *price);
	if (price == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the plan");
	for (int32_t i = 0; i < m->n_goods; i++)
		price[i] = j->at_floor[i] || m->good.kind[i] == PL_FREE ? 0 : r->price[i];
	pl_status st = pl_plan_of(out, m, c->year->start, price, e->quantity, e->drawn,
	                          j->e.rule.tolerance, err);
	pl_free(price);
	if (st == PL_OK) st = pl_rounds_check_fit(*out, m, err);
	const pl_claim claim = {.price = st == PL_OK ? (*out)->price : NULL,
	                        .quantity = e->quantity};
	if (st == PL_OK && is_declared(j)) {
		st = pl_plan_check(&verdict, m, &claim, j->e.rule.tolerance, err);
		if (st == PL_OK) (*out)->gap = verdict.gap;
	}
	if (st != PL_OK) {
		pl_plan_free(*out);
		*out = NULL;
		return st;
	}
	(*out)->outcome = r->outcome;
	(*out)->steps = (*out)->sweeps = r->n_rounds;
	memcpy((*out)->reason, r->reason, sizeof r->reason);
	return PL_OK;
}

/// Prices at their floor in the announcement that is carried out, which need not be the last:
/// more is there than is asked for, and it does not count.
static pl_status find_floors(pl_rounds_job *j, const pl_year *year, pl_error *err)
{
	static const double rounding = 1e-12;
	const pl_model *m = year->model;
	double *left = pl_alloc(m->n_goods, sizeof *left), *demand;
	demand = pl_alloc(m->n_goods, sizeof *demand);
	const bool room = left != NULL && demand != NULL;
	for (int32_t i = 0; room && i < m->n_goods; i++) left[i] = m->good.supply[i];
	for (int64_t k = 0; room && k < m->n_links; k++) {
		const bool adds = m->link.role[k] == PL_MAKES || m->link.role[k] == PL_OFFERS;
		const double q = year->rounds->quantity[k];
		left[m->link.good[k]] += adds ? q : -q;
		if (!adds) demand[m->link.good[k]] += q;
	}
	for (int32_t i = 0; room && i < m->n_goods; i++)
		j->at_floor[i] =
		        year->rounds->imbalance[i] == 0 && left[i] > rounding * demand[i];
	pl_free(left);
	pl_free(demand);
	return room ? PL_OK
	            : pl_fail(err, PL_ENOMEM, -1, "no memory for %d prices", m->n_goods);
}

pl_status pl_rounds_close(pl_closed *c, pl_rounds_job *j, const pl_year *year, pl_error *err)
{
	*c = (pl_closed){.year = year, .loss = (double)NAN};
	PL_TRY(find_floors(j, year, err));
	if (is_direct(j)) {
		c->best = c->shown = year->best;
		if (c->best->outcome == PL_CLEARED) c->loss = 0;
		return PL_OK;
	}
	PL_TRY(make_endings(c, j, err));
	PL_TRY(find_best(c, j, err));
	c->loss = loss_of(c, c->ending->quantity);
	compare_choices(c, j);
	PL_TRY(plan_of(&c->plan, c, j, c->ending, err));
	c->shown = c->plan;
	return PL_OK;
}

/* ---- JSON ----------------------------------------------------------------------------------
 */

typedef struct {
	const pl_closed *c;
	const pl_rounds_job *j;
	const pl_ending *ending; ///< the one in question
	const char *end;
	double loss;
} told;

static void put_bounds(pl_json *to, const int32_t *rounds_to)
{
	static const char *const key[PL_BOUNDS] = {"0.2", "0.1", "0.05", "0.03", "0.01"};
	pl_json_open_object(to, "rounds_to");
	for (int b = 0; b < PL_BOUNDS; b++) {
		if (rounds_to[b] > 0)
			pl_json_put_whole(to, key[b], rounds_to[b]);
		else
			pl_json_put_text(to, key[b], NULL);
	}
	pl_json_close_object(to);
}

static const char *id_or_null(pl_text ids, int32_t i)
{
	return i >= 0 ? pl_text_at(ids, i) : NULL;
}

static void put_ending(pl_json *to, const told *t)
{
	const pl_ending *e = t->ending;
	pl_json_put_text(to, "endgame", t->end);
	pl_json_put_number(to, "trimmed", e->trimmed);
	pl_json_put_number(to, "least_kept", e->least_kept);
	pl_json_put_text(to, "least_council",
	                 id_or_null(t->c->year->model->council.id, e->least_council));
	pl_json_put_number(to, "spread", e->spread);
}

static void put_years(pl_json *to, const pl_rounds_job *j)
{
	pl_json_open_array(to, "years");
	for (int32_t k = 0; k < j->n_years; k++) {
		const pl_year_line *y = &j->year[k];
		pl_json_open_object(to, NULL);
		pl_json_put_whole(to, "year", y->number);
		pl_json_put_text(to, "outcome", pl_outcome_name(y->outcome));
		pl_json_put_number(to, "worst_imbalance", y->worst);
		pl_json_put_text(to, "worst_good", id_or_null(j->b.m->good.id, y->worst_good));
		pl_json_put_whole(to, "rounds", y->rounds);
		put_bounds(to, y->rounds_to);
		pl_json_put_number(to, "growth", y->growth);
		pl_json_put_number(to, "loss", y->loss);
		pl_json_close_object(to);
	}
	pl_json_close_array(to);
}

static void put_choices(pl_json *to, const pl_closed *c)
{
	pl_json_open_array(to, "plans");
	for (int k = 0; k < c->n_choices; k++) {
		const pl_choice *p = &c->choice[k];
		pl_json_open_object(to, NULL);
		pl_json_put_text(to, "plan", p->name);
		pl_json_put_number(to, "kept", p->kept);
		pl_json_put_number(to, "least_kept", p->least_kept);
		pl_json_put_text(to, "least_council",
		                 id_or_null(c->year->model->council.id, p->least_council));
		pl_json_put_number(to, "spread", p->spread);
		pl_json_put_number(to, "loss", p->loss);
		pl_json_close_object(to);
	}
	pl_json_close_array(to);
}

static void put_move(pl_json *to, const pl_model *m, const pl_kept_move *k)
{
	pl_json_open_object(to, NULL);
	pl_json_put_whole(to, "year", k->year);
	pl_json_put_whole(to, "round", k->move.from);
	pl_json_put_number(to, "before", k->move.before);
	pl_json_put_number(to, "after", k->move.after);
	pl_json_put_text(to, "against", k->move.expects ? "expected" : "round_before");
	pl_json_open_array(to, "councils");
	for (int32_t i = 0; i < k->move.n && i < PL_MOVERS_KEPT; i++) {
		pl_json_open_object(to, NULL);
		pl_json_put_text(to, "council", pl_text_at(m->council.id, k->mover[i].council));
		pl_json_put_number(to, "surprise", k->mover[i].surprise);
		pl_json_put_number(to, "log_part", k->mover[i].part);
		pl_json_close_object(to);
	}
	pl_json_close_array(to);
	pl_json_put_number(to, "rest", k->rest);
	pl_json_put_number(to, "known", k->move.known);
	pl_json_put_number(to, "other_goods", k->move.others);
	pl_json_close_object(to);
}

static void put_why(pl_json *to, const pl_rounds_job *j)
{
	pl_json_open_object(to, "why");
	pl_json_put_text(to, "good", pl_text_at(j->b.m->good.id, j->why));
	pl_json_open_array(to, "moves");
	for (int32_t k = 0; k < j->n_moves; k++) put_move(to, j->b.m, &j->move[k]);
	pl_json_close_array(to);
	pl_json_close_object(to);
}

/// What rounds add to the object that every plan has.
static void put_rounds(pl_json *to, const void *self, bool whole)
{
	const told *t = self;
	const pl_rounds_job *j = t->j;
	const pl_rounds *r = t->c->year->rounds;
	if (!whole) pl_json_put_number(to, "tolerance", j->e.rule.tolerance);
	pl_json_put_whole(to, "rounds", r->n_rounds);
	put_bounds(to, r->rounds_to);
	pl_json_put_text(to, "rule", pl_rule_name((int)j->e.rule.kind));
	pl_json_put_text(to, "behaviour", j->behaviour);
	pl_json_put_whole(to, "seed", (int64_t)j->e.seed);
	pl_json_put_number(to, "log_step", j->e.rule.log_step);
	pl_json_put_bool(to, "limits", j->e.limits);
	if (t->ending != NULL) put_ending(to, t);
	pl_json_put_number(to, "plan_imbalance", t->c->shown->worst_imbalance);
	pl_json_put_text(to, "best",
	                 t->c->best != NULL ? pl_outcome_name(t->c->best->outcome) : NULL);
	pl_json_put_number(to, "loss", t->loss);
	put_years(to, j);
	if (t->c->n_choices > 0) put_choices(to, t->c);
	if (j->why >= 0) put_why(to, j);
}

static pl_run_facts facts_of(const pl_rounds_job *j, const told *t)
{
	return (pl_run_facts){.seconds = j->seconds,
	                      .economy = j->b.folder,
	                      .inputs = j->b.inputs,
	                      .more = put_rounds,
	                      .more_self = t};
}

static told told_of(const pl_closed *c, const pl_rounds_job *j)
{
	return (told){c, j, c->ending,
	              pl_end_name((int)pl_experiment_end(&j->e, c->year->rounds)), c->loss};
}

/// The plan as programs are told of it: how far apart the proposals were, and, where the
/// schedules have no plan, who is in conflict. Borrows all.
static pl_plan said_of(const pl_closed *c, const pl_plan *p)
{
	pl_plan said = *p;
	said.worst_imbalance = c->year->rounds->worst;
	said.worst_good = c->year->rounds->worst_good;
	if (c->best != NULL && c->best->outcome == PL_INFEASIBLE) {
		said.n_scarce = c->best->n_scarce;
		said.scarce = c->best->scarce;
		said.scarce_weight = c->best->scarce_weight;
		said.n_conflicts = c->best->n_conflicts;
		said.conflict = c->best->conflict;
	}
	return said;
}

void pl_rounds_json(FILE *to, const pl_closed *c, const pl_rounds_job *j)
{
	const told t = told_of(c, j);
	const pl_run_facts facts = facts_of(j, &t);
	const pl_plan said = said_of(c, c->shown);
	pl_plan_json(to, c->year->model, &said, &facts, false);
}

/* ---- files ---------------------------------------------------------------------------------
 */

/// What the writers of further files need.
typedef struct {
	const pl_closed *c;
	pl_rounds_job *j;
	const pl_ending *ending;
	const pl_plan *plan;
} pages;

static pl_status write_rounds(FILE *to, void *self, pl_error *err)
{
	const pages *p = self;
	(void)err;
	pl_record_write_rounds(to, &p->j->record, p->j->b.m, p->j->e.years > 1);
	return PL_OK;
}

static pl_status write_prices(FILE *to, void *self, pl_error *err)
{
	const pages *p = self;
	(void)err;
	pl_record_write_prices(to, &p->j->record, p->j->b.m, p->j->e.years > 1);
	return PL_OK;
}

static pl_status write_fairness(FILE *to, void *self, pl_error *err)
{
	const pages *p = self;
	(void)err;
	pl_fairness_write(to, p->c->year->model, p->c->year->rounds->price,
	                  p->c->year->rounds->quantity, p->ending);
	return PL_OK;
}

static pl_status write_years(FILE *to, void *self, pl_error *err)
{
	const pages *p = self;
	(void)err;
	pl_years_write(to, p->j->b.m, p->j->year, p->j->n_years);
	return PL_OK;
}

static pl_status write_choices(FILE *to, void *self, pl_error *err)
{
	const pages *p = self;
	(void)err;
	pl_choices_write(to, p->c->year->model, p->c->choice, p->c->n_choices);
	return PL_OK;
}

static pl_status write_report(FILE *to, void *self, pl_error *err)
{
	const pages *p = self;
	return pl_report_write(to, p->c->year->model, p->plan, &p->j->steps, err);
}

/// A plan to vote on, in a folder of its own.
static pl_status write_choice(const pl_closed *c, pl_rounds_job *j, int kind,
                              const char *folder, pl_error *err)
{
	char path[PL_PATH_MOST];
	pl_plan *p;
	const pl_ending *e = c->own[kind] != NULL ? c->own[kind] : c->ending;
	const told t = {c, j, e, pl_end_name(kind), c->choice[kind].loss};
	const pl_run_facts facts = facts_of(j, &t);
	PL_TRY(pl_folder_path(path, folder, pl_end_name(kind), err));
	PL_TRY(plan_of(&p, c, j, e, err));
	pages of = {c, j, e, p};
	const pl_plan_extra extra[] = {{"fairness.csv", write_fairness, &of}, {0}};
	const pl_plan said = said_of(c, p);
	const pl_status st = pl_plan_write(path, c->year->model, &said, &facts, extra, err);
	pl_plan_free(p);
	return st;
}

static pl_status make_folder(const char *path, pl_error *err)
{
	if (mkdir(path, 0777) == 0 || errno == EEXIST) return PL_OK;
	return pl_fail(err, PL_EIO, -1, "%.400s cannot be made: %s", path, strerror(errno));
}

static pl_status write_choice_folders(const pl_closed *c, pl_rounds_job *j, pl_error *err)
{
	char folder[PL_PATH_MOST];
	if (c->n_choices == 0) return PL_OK;
	PL_TRY(make_folder(j->b.out, err));
	PL_TRY(pl_folder_path(folder, j->b.out, "plans", err));
	PL_TRY(make_folder(folder, err));
	for (int kind = 0; kind < c->n_choices; kind++)
		PL_TRY(write_choice(c, j, kind, folder, err));
	return PL_OK;
}

pl_status pl_rounds_write(const pl_closed *c, pl_rounds_job *j, pl_error *err)
{
	enum { MOST = 7 };
	pl_plan_extra extra[MOST] = {{0}};
	int n = 0;
	const told t = told_of(c, j);
	const pl_run_facts facts = facts_of(j, &t);
	const pl_plan said = said_of(c, c->shown);
	pages of = {c, j, c->ending, c->shown};
	PL_TRY(write_choice_folders(c, j, err));
	extra[n++] = (pl_plan_extra){"rounds.csv", write_rounds, &of};
	extra[n++] = (pl_plan_extra){"round_prices.csv", write_prices, &of};
	if (c->ending != NULL)
		extra[n++] = (pl_plan_extra){"fairness.csv", write_fairness, &of};
	if (j->e.years > 1) extra[n++] = (pl_plan_extra){"years.csv", write_years, &of};
	if (c->n_choices > 0) extra[n++] = (pl_plan_extra){"plans.csv", write_choices, &of};
	extra[n++] = (pl_plan_extra){"report.html", write_report, &of};
	return pl_plan_write(j->b.out, c->year->model, &said, &facts, extra, err);
}
