/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_bench_rounds.c - plenum bench rounds: play the rounds of a published economy, and time
 * what the councils and the rule take for each announcement. */
#include "base/error.h"
#include "base/threads.h"
#include "cli/bandwidth.h"
#include "cli/bar.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "io/json.h"
#include "lab/councils.h"
#include "lab/generate.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

enum {
	WORKPLACES = 30000, ///< the published size
	CONSUMERS = 30000,
	GOODS = 500,
	ROUNDS = 200,   ///< at most; as `plenum rounds`
	LINK_BYTES = 20 ///< of an answer: number of the good, weight, and the quantity written
};

/// A moment, or what passed between two.
typedef struct {
	double wall, cpu; ///< s, and s of all threads together
} span;

/// One announcement.
typedef struct {
	double worst;      ///< imbalance
	span answer, step; ///< the last step only adds up what was proposed
} announcement;

/// A measurement under way.
typedef struct {
	const pl_args *a;
	pl_generate_spec spec;
	pl_rule_settings rule;
	pl_model *m;
	pl_councils *councils;
	pl_rounds *rounds;
	announcement round[ROUNDS];
	int32_t n_asked;
	span answered; ///< moment of the last answer
	double generation, bandwidth;
} bench;

static pl_status read_options(bench *b, pl_error *err)
{
	int kind = PL_RULE_fitted;
	b->rule = pl_rule_preset();
	PL_TRY(pl_args_choice(&kind, b->a, PL_O_rule, pl_rule_name, err));
	b->rule.kind = (pl_rule_kind)kind;
	b->spec = (pl_generate_spec){
	        .kind = PL_GENERATE_PUBLISHED,
	        .workplaces = (int32_t)pl_args_whole(b->a, PL_O_workplaces, WORKPLACES),
	        .goods = (int32_t)pl_args_whole(b->a, PL_O_goods, GOODS),
	        .inputs = 1, /* the kind draws them itself */
	        .consumers = (int32_t)pl_args_whole(b->a, PL_O_consumers, CONSUMERS),
	        .seed = (uint64_t)pl_args_whole(b->a, PL_O_seed, 1)};
	return pl_generate_check(&b->spec, err);
}

static pl_status make(bench *b, pl_error *err)
{
	const double begun = pl_bar_clock();
	PL_TRY(pl_generate(&b->m, NULL, &b->spec, err));
	b->generation = pl_bar_clock() - begun;
	if (pl_stop_asked()) return pl_fail(err, PL_ESTOPPED, -1, "stopped before the rounds");
	return pl_councils_new(&b->councils, b->m, NULL, b->spec.seed, err);
}

static span now(void)
{
	return (span){pl_bar_clock(), (double)clock() / (double)CLOCKS_PER_SEC};
}

static span since(span begun)
{
	const span end = now();
	return (span){end.wall - begun.wall, end.cpu - begun.cpu};
}

/// pl_answer: the councils', with the time they take. All that passes between two answers is
/// the rule's.
static pl_status answer(void *self, double *quantity, const double *price, pl_error *err)
{
	bench *b = self;
	if (b->n_asked > 0) b->round[b->n_asked - 1].step = since(b->answered);
	const span begun = now();
	PL_TRY(pl_councils_answer(b->councils, quantity, price, err));
	b->round[b->n_asked++].answer = since(begun);
	b->answered = now();
	return PL_OK;
}

static bool watch(void *self, const pl_round *round)
{
	bench *b = self;
	b->round[round->number - 1].worst = round->worst;
	return !pl_stop_asked();
}

static pl_status play(bench *b, pl_error *err)
{
	const pl_frame frame = pl_frame_of(b->m);
	const pl_round_calls calls = {answer, b, watch, b};
	pl_rule *rule;
	PL_TRY(pl_rule_new(&rule, &frame, &b->rule, err));
	const pl_status s =
	        pl_rounds_run(&b->rounds, rule, b->m->good.price, ROUNDS, &calls, err);
	if (s == PL_OK) b->round[b->n_asked - 1].step = since(b->answered);
	pl_rule_free(rule);
	if (s == PL_OK && b->rounds->outcome == PL_STOPPED)
		return pl_fail(err, PL_ESTOPPED, -1, "stopped before there was a plan");
	return s;
}

/* ---- what it came to ---- */

static int by_size(const void *x, const void *y)
{
	const double a = *(const double *)x, b = *(const double *)y;
	return (a > b) - (a < b);
}

typedef struct {
	double median, most; ///< s; NaN where there is nothing
} spread;

static spread spread_of(double *seconds, int32_t n)
{
	if (n == 0) return (spread){(double)NAN, (double)NAN};
	qsort(seconds, (size_t)n, sizeof *seconds, by_size);
	return (spread){(seconds[n / 2] + seconds[(n - 1) / 2]) / 2, seconds[n - 1]};
}

static spread answers(const bench *b)
{
	double seconds[ROUNDS];
	for (int32_t k = 0; k < b->n_asked; k++) seconds[k] = b->round[k].answer.wall;
	return spread_of(seconds, b->n_asked);
}

/// All but the last, after which no prices follow.
static spread steps(const bench *b)
{
	double seconds[ROUNDS];
	for (int32_t k = 0; k + 1 < b->n_asked; k++) seconds[k] = b->round[k].step.wall;
	return spread_of(seconds, b->n_asked - 1);
}

static double answer_bytes(const bench *b)
{
	return (double)LINK_BYTES * (double)b->m->n_links;
}

static void put_announcements(pl_json *j, const bench *b)
{
	pl_json_open_array(j, "announcements");
	for (int32_t k = 0; k < b->n_asked; k++) {
		const announcement *r = &b->round[k];
		const bool last = k + 1 == b->n_asked;
		pl_json_open_object(j, NULL);
		pl_json_put_number(j, "worst_imbalance", r->worst);
		pl_json_put_number(j, "answer_seconds", r->answer.wall);
		pl_json_put_number(j, "answer_cpu_seconds", r->answer.cpu);
		pl_json_put_number(j, "step_seconds", last ? (double)NAN : r->step.wall);
		pl_json_put_number(j, "step_cpu_seconds", last ? (double)NAN : r->step.cpu);
		pl_json_close_object(j);
	}
	pl_json_close_array(j);
}

static void print_json(const bench *b)
{
	pl_json j = {.to = stdout};
	const spread a = answers(b), s = steps(b);
	const double triad = answer_bytes(b) / b->bandwidth;
	pl_json_open_object(&j, NULL);
	pl_json_put_text(&j, "outcome", pl_outcome_name(b->rounds->outcome));
	pl_json_put_text(&j, "rule", pl_rule_name((int)b->rule.kind));
	pl_json_put_whole(&j, "goods", b->m->n_goods);
	pl_json_put_whole(&j, "councils", b->m->n_councils);
	pl_json_put_whole(&j, "links", b->m->n_links);
	pl_json_put_whole(&j, "seed", (int64_t)b->spec.seed);
	pl_json_put_whole(&j, "threads", pl_threads_used());
	pl_json_put_whole(&j, "rounds", b->rounds->n_rounds);
	pl_json_put_number(&j, "tolerance", b->rule.tolerance);
	pl_json_put_number(&j, "worst_imbalance", b->rounds->worst);
	put_announcements(&j, b);
	pl_json_put_number(&j, "answer_seconds", a.median);
	pl_json_put_number(&j, "answer_seconds_most", a.most);
	pl_json_put_number(&j, "step_seconds", s.median);
	pl_json_put_number(&j, "step_seconds_most", s.most);
	pl_json_put_number(&j, "answer_bytes", answer_bytes(b));
	pl_json_put_number(&j, "triad_seconds", triad);
	pl_json_put_number(&j, "bandwidth", b->bandwidth);
	pl_json_put_number(&j, "answer_triads", a.median / triad);
	pl_json_put_number(&j, "step_answers", s.median / a.median);
	pl_json_put_number(&j, "generation_seconds", b->generation);
	pl_json_close_object(&j);
}

static void print_span(span x)
{
	printf("  %8.1f %8.1f", 1e3 * x.wall, 1e3 * x.cpu);
}

static void print_rounds(const bench *b)
{
	printf("Round  furthest from balance  answer, ms      cpu  step, ms      cpu\n");
	for (int32_t k = 0; k < b->n_asked; k++) {
		printf("%5d  %19.3f %%  ", (int)k + 1, 100 * b->round[k].worst);
		print_span(b->round[k].answer);
		if (k + 1 < b->n_asked) print_span(b->round[k].step);
		printf("\n");
	}
}

static void print_text(const bench *b)
{
	char one[48], two[48], three[48];
	const spread a = answers(b), s = steps(b);
	const double triad = answer_bytes(b) / b->bandwidth;
	printf("%s, %s, %s, made up in %.2f s\n",
	       pl_tell_count(one, b->m->n_goods, "good", "goods"),
	       pl_tell_count(two, b->m->n_councils, "council", "councils"),
	       pl_tell_count(three, b->m->n_links, "link", "links"), b->generation);
	print_rounds(b);
	printf("%s after %s by %s\n", pl_outcome_name(b->rounds->outcome),
	       pl_tell_count(one, b->rounds->n_rounds, "announcement", "announcements"),
	       pl_rule_name((int)b->rule.kind));
	printf("an answer of all councils %.1f ms (median; at most %.1f), %.1f times the\n"
	       "%.1f ms that a triad needs for its %.0f MB (%.1f GB/s, %s)\n",
	       1e3 * a.median, 1e3 * a.most, a.median / triad, 1e3 * triad,
	       1e-6 * answer_bytes(b), 1e-9 * b->bandwidth,
	       pl_tell_count(one, pl_threads_used(), "thread", "threads"));
	if (b->n_asked > 1)
		printf("a step of the rule %.1f ms (median; at most %.1f), %.1f answers\n",
		       1e3 * s.median, 1e3 * s.most, s.median / a.median);
}

int pl_verb_bench_rounds(const pl_args *a)
{
	bench b = {.a = a};
	pl_error err;
	int code = PL_EXIT_NOT;
	pl_threads_set((int)pl_args_whole(a, PL_O_threads, 0));
	pl_status s = read_options(&b, &err);
	if (s == PL_OK) s = make(&b, &err);
	if (s == PL_OK) s = pl_bandwidth_measure(&b.bandwidth, &err);
	if (s == PL_OK) s = play(&b, &err);
	if (s == PL_OK && pl_args_has(a, PL_O_json))
		print_json(&b);
	else if (s == PL_OK && !pl_args_has(a, PL_O_quiet))
		print_text(&b);
	if (s == PL_OK && b.rounds->outcome == PL_CLEARED) code = PL_EXIT_GOOD;
	if (s != PL_OK) {
		(void)pl_tell_error(a, &err);
		code = s == PL_ESTOPPED ? PL_EXIT_STOPPED : PL_EXIT_INPUT;
	}
	pl_rounds_free(b.rounds);
	pl_councils_free(b.councils);
	pl_model_free(b.m);
	return code;
}
