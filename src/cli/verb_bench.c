/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_bench.c - plenum bench: make up an economy, clear it, check the plan. `clear` sets a
 * sweep's time beside what the memory alone would need; `warm` changes what people want and
 * have, and sets a start from the prices of the plan before beside one from all prices 1. */
#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "cli/bandwidth.h"
#include "cli/bar.h"
#include "cli/judge.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "io/plan_files.h"
#include "lab/bench_economy.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum {
	LINK_BYTES = 12 ///< of a coefficient: the number of its good, and its amount
};
static const double tolerance_preset = 1e-3, shock_preset = 0.05;

/// A measurement under way.
typedef struct {
	const pl_args *a;
	pl_bench_spec spec;
	pl_settings settings;
	pl_model *m;
	pl_plan *p;
	bool accepted;
	double generation, seconds, check, bandwidth; ///< s, s, s, bytes/s
	double cpu;                                   ///< s of all threads, for the solve
} bench;

static pl_status read_options(bench *b, pl_error *err)
{
	const pl_args *a = b->a;
	pl_bench_spec *s = &b->spec;
	int layout = 0, schedule = 0;
	PL_TRY(pl_args_choice(&layout, a, PL_O_layout, pl_bench_layout_name, err));
	PL_TRY(pl_args_choice(&schedule, a, PL_O_schedule, pl_bench_schedule_name, err));
	s->returns_low = 0.75;
	s->returns_high = 0.85;
	PL_TRY(pl_args_range(&s->returns_low, &s->returns_high, a, PL_O_returns, err));
	s->workplaces = (int32_t)pl_args_whole(a, PL_O_workplaces, 0);
	s->inputs = (int32_t)pl_args_whole(a, PL_O_inputs, 0);
	s->goods = (int32_t)pl_args_whole(a, PL_O_goods, 0);
	const int32_t tenth = s->workplaces / 10;
	s->consumers = (int32_t)pl_args_whole(a, PL_O_consumers, tenth > 1 ? tenth : 1);
	s->layout = (pl_bench_layout)layout;
	s->schedule = (pl_bench_schedule)schedule;
	s->seed = (uint64_t)pl_args_whole(a, PL_O_seed, 1);
	b->settings = pl_settings_preset();
	b->settings.tolerance = tolerance_preset;
	return pl_args_settings(&b->settings, a, err);
}

static pl_status make(bench *b, pl_error *err)
{
	const double begun = pl_bar_clock();
	PL_TRY(pl_bench_economy(&b->m, NULL, &b->spec, err));
	b->generation = pl_bar_clock() - begun;
	if (pl_stop_asked())
		return pl_fail(err, PL_ESTOPPED, -1, "stopped before there was a plan");
	return PL_OK;
}

/// @param start prices, or NULL for the model's own, which are all 1
static pl_status clear(bench *b, const double *start, pl_error *err)
{
	pl_bar bar = pl_bar_begin(stderr, !pl_args_has(b->a, PL_O_quiet), b->m,
	                          b->settings.tolerance);
	const double begun = pl_bar_clock();
	const clock_t worked = clock();
	const pl_status s =
	        pl_plan_clear(&b->p, b->m, &b->settings, start, pl_bar_watch, &bar, err);
	b->seconds = pl_bar_clock() - begun;
	b->cpu = (double)(clock() - worked) / (double)CLOCKS_PER_SEC;
	pl_bar_end(&bar);
	if (s == PL_OK && b->p->outcome == PL_STOPPED)
		return pl_fail(err, PL_ESTOPPED, -1, "stopped before there was a plan");
	return s;
}

/// A figure about a plan that does not stand is worth nothing.
static pl_status prove(bench *b, pl_error *err)
{
	pl_verdict verdict;
	const pl_plan *p = b->p;
	const pl_claim claim = {.price = p->price, .quantity = p->quantity};
	if (p->outcome != PL_CLEARED) return PL_OK;
	const double begun = pl_bar_clock();
	PL_TRY(pl_plan_check(&verdict, b->m, &claim, pl_judge_tolerance(p->tolerance), err));
	b->check = pl_bar_clock() - begun;
	b->accepted = verdict.accepted;
	if (!verdict.accepted)
		pl_tell_note(b->a, "the plan does not pass its check: %s", verdict.reason);
	return PL_OK;
}

static double sweep_seconds(const bench *b)
{
	return b->seconds / (double)(b->p->sweeps > 0 ? b->p->sweeps : 1);
}

static double coefficient_bytes(const bench *b)
{
	return (double)LINK_BYTES * (double)b->m->n_links;
}

/// What every bench prints of its last plan.
static void put_plan(pl_json *j, const bench *b)
{
	pl_plan_json_figures(j, b->m, b->p, &b->seconds);
	pl_json_put_whole(j, "steps", b->p->steps);
	pl_json_put_bool(j, "accepted", b->accepted);
	pl_json_put_number(j, "cpu_seconds", b->cpu);
	pl_json_put_number(j, "generation_seconds", b->generation);
	pl_json_put_number(j, "check_seconds", b->check);
	pl_json_put_whole(j, "threads", pl_threads_used());
	pl_json_put_text(j, "layout", pl_bench_layout_name((int)b->spec.layout));
	pl_json_put_text(j, "schedule", pl_bench_schedule_name((int)b->spec.schedule));
	pl_json_put_number(j, "returns_low", b->spec.returns_low);
	pl_json_put_number(j, "returns_high", b->spec.returns_high);
	pl_json_put_whole(j, "seed", (int64_t)b->spec.seed);
}

static void print_json(const bench *b)
{
	pl_json j = {.to = stdout};
	pl_json_open_object(&j, NULL);
	put_plan(&j, b);
	pl_json_put_number(&j, "sweep_seconds", sweep_seconds(b));
	pl_json_put_number(&j, "coefficient_bytes", coefficient_bytes(b));
	pl_json_put_number(&j, "triad_seconds", coefficient_bytes(b) / b->bandwidth);
	pl_json_put_number(&j, "bandwidth", b->bandwidth);
	pl_json_close_object(&j);
}

static void print_economy(const bench *b)
{
	char one[48], two[48], three[48];
	printf("%s, %s, %s, made up in %.2f s\n",
	       pl_tell_count(one, b->m->n_goods, "good", "goods"),
	       pl_tell_count(two, b->m->n_councils, "council", "councils"),
	       pl_tell_count(three, b->m->n_links, "link", "links"), b->generation);
}

static void print_text(const bench *b)
{
	const pl_plan *p = b->p;
	char one[48];
	const double triad = coefficient_bytes(b) / b->bandwidth;
	print_economy(b);
	printf("%s after %s in %.3f s%s\n", pl_outcome_name(p->outcome),
	       pl_tell_count(one, p->sweeps, "sweep", "sweeps"), b->seconds,
	       p->outcome != PL_CLEARED ? ""
	       : b->accepted            ? ", checked"
	                                : ", REJECTED by the check");
	printf("worst imbalance %.2g, gap %.2g\n", p->worst_imbalance, p->gap);
	printf("a sweep %.3f ms, %.1f times the %.3f ms that a triad needs for the\n"
	       "coefficients' %.0f MB (%.1f GB/s, %s)\n",
	       1e3 * sweep_seconds(b), sweep_seconds(b) / triad, 1e3 * triad,
	       1e-6 * coefficient_bytes(b), 1e-9 * b->bandwidth,
	       pl_tell_count(one, pl_threads_used(), "thread", "threads"));
}

/// Free what the bench holds; its exit code.
static int finish(bench *b, pl_status s, const pl_error *err)
{
	pl_plan_free(b->p);
	pl_model_free(b->m);
	if (s == PL_OK) return b->accepted ? PL_EXIT_GOOD : PL_EXIT_NOT;
	(void)pl_tell_error(b->a, err);
	return s == PL_ESTOPPED ? PL_EXIT_STOPPED : PL_EXIT_INPUT;
}

int pl_verb_bench_clear(const pl_args *a)
{
	bench b = {.a = a};
	pl_error err;
	pl_threads_set((int)pl_args_whole(a, PL_O_threads, 0));
	pl_status s = read_options(&b, &err);
	if (s == PL_OK) s = make(&b, &err);
	if (s == PL_OK) s = pl_bandwidth_measure(&b.bandwidth, &err);
	if (s == PL_OK) s = clear(&b, NULL, &err);
	if (s == PL_OK) s = prove(&b, &err);
	if (s == PL_OK && pl_args_has(a, PL_O_json))
		print_json(&b);
	else if (s == PL_OK && !pl_args_has(a, PL_O_quiet))
		print_text(&b);
	return finish(&b, s, &err);
}

/* ---- warm ---- */

/// A plan that was made on the way, of which only this is kept.
typedef struct {
	int64_t sweeps;
	double seconds;
	bool accepted;
} passed;

static pl_status pass(bench *b, passed *out, pl_error *err)
{
	PL_TRY(clear(b, NULL, err));
	PL_TRY(prove(b, err));
	*out = (passed){b->p->sweeps, b->seconds, b->accepted};
	return PL_OK;
}

/// Plan before the shock, then after it from all prices 1, then from the prices before.
static pl_status compare_starts(bench *b, passed *before, passed *cold, pl_error *err)
{
	PL_TRY(make(b, err));
	PL_TRY(pass(b, before, err));
	pl_model_free(b->m);
	b->m = NULL;
	pl_plan *old = b->p;
	b->p = NULL;
	b->spec.shock = shock_preset;
	pl_status s = make(b, err);
	if (s == PL_OK) s = pass(b, cold, err);
	pl_plan_free(b->p);
	b->p = NULL;
	b->accepted = false;
	/* a price at its floor is no price to start from */
	for (int32_t j = 0; j < old->n_goods; j++)
		if (!(old->price[j] > 0)) old->price[j] = old->start_price[j];
	if (s == PL_OK) s = clear(b, old->price, err);
	if (s == PL_OK) s = prove(b, err);
	pl_plan_free(old);
	b->accepted = b->accepted && before->accepted && cold->accepted;
	return s;
}

static double warm_part(const bench *b, const passed *cold)
{
	return (double)b->p->sweeps / (double)(cold->sweeps > 0 ? cold->sweeps : 1);
}

static void print_warm_json(const bench *b, const passed *before, const passed *cold)
{
	pl_json j = {.to = stdout};
	pl_json_open_object(&j, NULL);
	put_plan(&j, b);
	pl_json_put_number(&j, "shock", b->spec.shock);
	pl_json_put_whole(&j, "before_sweeps", before->sweeps);
	pl_json_put_number(&j, "before_seconds", before->seconds);
	pl_json_put_whole(&j, "cold_sweeps", cold->sweeps);
	pl_json_put_number(&j, "cold_seconds", cold->seconds);
	pl_json_put_number(&j, "ratio", warm_part(b, cold));
	pl_json_close_object(&j);
}

static void print_warm_text(const bench *b, const passed *before, const passed *cold)
{
	print_economy(b);
	printf("before the shock: %lld sweeps, %.3f s\n", (long long)before->sweeps,
	       before->seconds);
	printf("after, from all prices 1: %lld sweeps, %.3f s\n", (long long)cold->sweeps,
	       cold->seconds);
	printf("after, from the prices before: %lld sweeps, %.3f s (%.2f of the sweeps)\n",
	       (long long)b->p->sweeps, b->seconds, warm_part(b, cold));
	printf("%s%s\n", pl_outcome_name(b->p->outcome),
	       b->accepted ? ", each plan checked" : "; NOT every plan was found and accepted");
}

int pl_verb_bench_warm(const pl_args *a)
{
	bench b = {.a = a};
	passed before = {0}, cold = {0};
	pl_error err;
	pl_threads_set((int)pl_args_whole(a, PL_O_threads, 0));
	pl_status s = read_options(&b, &err);
	if (s == PL_OK) s = compare_starts(&b, &before, &cold, &err);
	if (s == PL_OK && pl_args_has(a, PL_O_json))
		print_warm_json(&b, &before, &cold);
	else if (s == PL_OK && !pl_args_has(a, PL_O_quiet))
		print_warm_text(&b, &before, &cold);
	return finish(&b, s, &err);
}
