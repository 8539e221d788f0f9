/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_bench_votes.c - plenum bench votes: made-up elections, counted by every rule. */
#include "base/error.h"
#include "base/threads.h"
#include "cli/bar.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "io/json.h"
#include "lab/bench_votes.h"

#include <inttypes.h>
#include <math.h>
#include <time.h>

enum { READS = 5, MILLI = 1000, SEATS = 10, NAME_WIDTH = 40 };

/// Kinds of ballot that a rule counts, as bits.
static const unsigned takes[PL_VOTE_RULES] = {
#define PL_VOTE_RULE(id, spelled, ballots, needs, help) [PL_VOTE_##id] = (ballots),
#include <plenum/votes.def>
#undef PL_VOTE_RULE
};
static const unsigned needs[PL_VOTE_RULES] = {
#define PL_VOTE_RULE(id, spelled, ballots, needs, help) [PL_VOTE_##id] = (needs),
#include <plenum/votes.def>
#undef PL_VOTE_RULE
};

/// What a rule took.
typedef struct {
	bool counted;
	pl_ballot_kind kind;
	int64_t ballots, marks;
	int32_t options, winners;
	double seconds, cpu, read; ///< of the count, of all its threads, of reading the marks
} timing;

typedef struct {
	const pl_args *a;
	timing rule[PL_VOTE_RULES];
	int64_t sum; ///< of the marks read: so that reading is done
} bench;

/// The kind of ballots that a rule is timed with: those it was made for.
static pl_ballot_kind kind_for(pl_vote_rule rule)
{
	if (rule == PL_VOTE_schulze || rule == PL_VOTE_stv) return PL_BALLOT_RANKED;
	if (rule == PL_VOTE_score) return PL_BALLOT_SCORE;
	return (takes[rule] & 1U << PL_BALLOT_MOTION) != 0 && rule != PL_VOTE_approval
	               ? PL_BALLOT_MOTION
	               : PL_BALLOT_APPROVAL;
}

static bool spends(pl_vote_rule rule)
{
	return (needs[rule] & PL_VOTE_NEEDS_BUDGET) != 0;
}

/// The fastest of some readings: the others waited for something else.
static double time_reading(bench *b, const pl_election *e)
{
	double best = INFINITY;
	for (int k = 0; k < READS; k++) {
		const double begun = pl_bar_clock();
		b->sum += pl_bench_votes_read(e);
		best = fmin(best, pl_bar_clock() - begun);
	}
	return best;
}

static pl_status time_rule(bench *b, const pl_election *e, pl_vote_rule rule, double read,
                           pl_error *err)
{
	pl_vote_settings s = pl_vote_preset(rule);
	pl_vote_result *r;
	timing *t = &b->rule[rule];
	if (rule == PL_VOTE_stv && e->n_options > SEATS) s.seats = SEATS;
	const double begun = pl_bar_clock();
	const clock_t worked = clock();
	PL_TRY(pl_vote_tally(&r, e, &s, err));
	t->seconds = pl_bar_clock() - begun;
	t->cpu = (double)(clock() - worked) / (double)CLOCKS_PER_SEC;
	t->counted = true;
	t->kind = e->kind;
	t->ballots = e->n_ballots;
	t->marks = e->n_marks;
	t->options = e->n_options;
	t->winners = r->n_winners;
	t->read = read;
	pl_vote_result_free(r);
	return PL_OK;
}

/// All rules that are timed with this election.
static pl_status time_election(bench *b, const pl_bench_votes_spec *spec, pl_error *err)
{
	pl_election *e;
	PL_TRY(pl_bench_votes(&e, spec, err));
	const double read = time_reading(b, e);
	pl_status status = PL_OK;
	for (int k = 0; k < PL_VOTE_RULES && status == PL_OK; k++)
		if (kind_for((pl_vote_rule)k) == spec->kind &&
		    spends((pl_vote_rule)k) == spec->money)
			status = time_rule(b, e, (pl_vote_rule)k, read, err);
	pl_election_free(e);
	return status;
}

static pl_status run(bench *b, pl_error *err)
{
	const pl_args *a = b->a;
	pl_threads_set((int)pl_args_whole(a, PL_O_threads, 0));
	pl_bench_votes_spec spec = {
	        .ballots = pl_args_whole(a, PL_O_ballots, 1000000),
	        .options = (int32_t)pl_args_whole(a, PL_O_options, 100),
	        .marks = (int32_t)pl_args_whole(a, PL_O_marks, 10),
	        .seed = (uint64_t)pl_args_whole(a, PL_O_seed, 1),
	};
	for (int kind = 0; kind < PL_BALLOT_KINDS; kind++) {
		spec.kind = (pl_ballot_kind)kind;
		PL_TRY(time_election(b, &spec, err));
	}
	spec.kind = PL_BALLOT_APPROVAL;
	spec.money = true;
	spec.ballots = pl_args_whole(a, PL_O_voters, 100000);
	spec.options = (int32_t)pl_args_whole(a, PL_O_projects, 500);
	return time_election(b, &spec, err);
}

static double ratio(const timing *t)
{
	return t->read > 0 ? t->seconds / t->read : NAN;
}

static void print_bench(const bench *b)
{
	char text[PL_HUMAN_CHARS];
	const bool colour = pl_term_colour(stdout);
	pl_term_print(stdout, colour, PL_BOLD, "%-*s%9s%9s%12s%8s\n", NAME_WIDTH, "", "marks",
	              "ms", "ballots/s", "x read");
	for (int k = 0; k < PL_VOTE_RULES; k++) {
		const timing *t = &b->rule[k];
		if (!t->counted) continue;
		printf("%-*s", NAME_WIDTH, pl_vote_rule_name(k));
		pl_text_cell(stdout, pl_human(text, (double)t->marks), 9, true);
		pl_text_cell(stdout, pl_human(text, MILLI * t->seconds), 9, true);
		pl_text_cell(stdout, pl_human(text, (double)t->ballots / t->seconds), 12, true);
		pl_text_cell(stdout, pl_human(text, ratio(t)), 8, true);
		putchar('\n');
	}
}

static void json_bench(const bench *b)
{
	pl_json j = {.to = stdout};
	pl_json_open_object(&j, NULL);
	pl_json_open_array(&j, "rules");
	for (int k = 0; k < PL_VOTE_RULES; k++) {
		const timing *t = &b->rule[k];
		if (!t->counted) continue;
		pl_json_open_object(&j, NULL);
		pl_json_put_text(&j, "rule", pl_vote_rule_name(k));
		pl_json_put_text(&j, "kind", pl_ballot_name((int)t->kind));
		pl_json_put_whole(&j, "ballots", t->ballots);
		pl_json_put_whole(&j, "options", t->options);
		pl_json_put_whole(&j, "marks", t->marks);
		pl_json_put_whole(&j, "winners", t->winners);
		pl_json_put_number(&j, "seconds", t->seconds);
		pl_json_put_number(&j, "cpu_seconds", t->cpu);
		pl_json_put_number(&j, "read_seconds", t->read);
		pl_json_put_number(&j, "ratio", ratio(t));
		pl_json_close_object(&j);
	}
	pl_json_close_array(&j);
	pl_json_put_whole(&j, "threads", pl_threads_used());
	pl_json_put_whole(&j, "seed", pl_args_whole(b->a, PL_O_seed, 1));
	pl_json_put_whole(&j, "sum", b->sum);
	pl_json_put_text(&j, "version", PL_VERSION);
	pl_json_close_object(&j);
}

int pl_verb_bench_votes(const pl_args *a)
{
	bench b = {.a = a};
	pl_error err;
	if (run(&b, &err) != PL_OK) return pl_tell_error(a, &err);
	if (pl_args_has(a, PL_O_json))
		json_bench(&b);
	else if (!pl_args_has(a, PL_O_quiet))
		print_bench(&b);
	return PL_EXIT_GOOD;
}
