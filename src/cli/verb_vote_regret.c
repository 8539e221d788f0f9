/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_vote_regret.c - plenum vote regret: rules compared on the same made-up preferences. */
#include "base/error.h"
#include "base/threads.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "io/json.h"
#include "io/outdir.h"
#include "io/row.h"
#include "lab/regret.h"

#include <inttypes.h>
#include <math.h>

enum { PROFILES = 1000, VOTERS = 99, OPTIONS = 5, SEED = 1 };
static const double percent = 100;

typedef struct {
	const pl_args *a;
	int first, end; ///< cultures
	pl_regret *of[PL_CULTURES];
} job;

static pl_status draw(job *j, pl_error *err)
{
	const pl_args *a = j->a;
	int culture = -1;
	PL_TRY(pl_args_choice(&culture, a, PL_O_culture, pl_culture_name, err));
	j->first = culture < 0 ? 0 : culture;
	j->end = culture < 0 ? PL_CULTURES : culture + 1;
	pl_threads_set((int)pl_args_whole(a, PL_O_threads, 0));
	for (int c = j->first; c < j->end; c++) {
		const pl_regret_spec spec = {
		        .culture = (pl_culture)c,
		        .profiles = pl_args_whole(a, PL_O_profiles, PROFILES),
		        .voters = (int32_t)pl_args_whole(a, PL_O_voters__regret, VOTERS),
		        .options = (int32_t)pl_args_whole(a, PL_O_options__regret, OPTIONS),
		        .seed = (uint64_t)pl_args_whole(a, PL_O_seed__regret, SEED),
		};
		PL_TRY(pl_regret_run(&j->of[c], &spec, err));
		if (pl_stop_asked())
			return pl_fail(err, PL_ESTOPPED, -1, "stopped; nothing was written");
	}
	return PL_OK;
}

/* ---- the example ---------------------------------------------------------------------------
 */

/// What a group has from an option, on average.
typedef struct {
	int32_t voters;
	double utility;
} share;

/// The profile of the example, drawn once more.
typedef struct {
	pl_profile *p;
	const pl_regret_trial *t;
	int32_t winner;
} example;

static pl_status find_example(example *x, const pl_regret *r, pl_error *err)
{
	x->t = &r->trial[r->example];
	x->winner = x->t->count[PL_REGRET_HONEST][PL_REGRET_PLURALITY].winner;
	PL_TRY(pl_profile_new(&x->p, r->spec.voters, r->spec.options, err));
	pl_profile_draw(x->p, r->spec.culture, r->spec.seed, r->example);
	return PL_OK;
}

static bool likes_winner(const example *x, int32_t voter)
{
	for (int32_t i = 0; i < x->p->options; i++)
		if (pl_utility(x->p, voter, i) > pl_utility(x->p, voter, x->winner))
			return false;
	return true;
}

/// What those who like the winner best, or the others, have from an option.
static share of_group(const example *x, bool theirs, int32_t option)
{
	share s = {0, 0};
	for (int32_t v = 0; v < x->p->voters; v++) {
		if (likes_winner(x, v) != theirs) continue;
		s.voters++;
		s.utility += pl_utility(x->p, v, option);
	}
	if (s.voters > 0) s.utility /= (double)s.voters * PL_UTILITY_MOST;
	return s;
}

/// The culture whose example is told: the last one that has any.
static const pl_regret *with_example(const job *j)
{
	for (int c = j->end - 1; c >= j->first; c--)
		if (j->of[c]->example >= 0) return j->of[c];
	return NULL;
}

static char letter(int32_t option)
{
	return (char)(option < 26 ? 'A' + option : 'a' + option - 26);
}

/// Whom honest ballots elect, and by which rules.
static void print_elected(const example *x, int32_t option)
{
	int n = 0;
	for (int k = 0; k < PL_REGRET_RULES; k++) {
		if (x->t->count[PL_REGRET_HONEST][k].winner != option) continue;
		if (n++ == 0)
			printf("  %c by %s", letter(option), pl_regret_rule_name(k));
		else
			printf(", %s", pl_regret_rule_name(k));
	}
	if (n > 0) printf("\n");
}

static pl_status print_example(const job *j, pl_error *err)
{
	const pl_regret *r = with_example(j);
	if (r == NULL) {
		printf("\nIn none of these profiles does a majority harm a minority.\n");
		return PL_OK;
	}
	example x;
	PL_TRY(find_example(&x, r, err));
	const int32_t n = r->spec.voters, others = n - x.t->first;
	printf("\nA majority harms a minority that cares more (%s, profile %" PRId64 "):\n"
	       "%" PRId32 " of %" PRId32
	       " like %c best, so it wins by majority. Utility, from 0 to 1:\n\n"
	       "  option            the %3" PRId32 "   the other %3" PRId32 "   everybody\n",
	       pl_culture_name((int)r->spec.culture), r->example, x.t->first, n,
	       letter(x.winner), x.t->first, others);
	for (int32_t i = 0; i < r->spec.options; i++) {
		const share many = of_group(&x, true, i), few = of_group(&x, false, i);
		const double all = (many.utility * many.voters + few.utility * few.voters) / n;
		printf("  %c %-13s %10.3f %15.3f %11.3f\n", letter(i),
		       i == x.winner    ? "wins"
		       : i == x.t->best ? "best for all"
		                        : "",
		       many.utility, few.utility, all);
	}
	printf("\nWith %c in place of %c each of the majority would lose %.3f on average, and "
	       "each\n"
	       "of the others would gain %.3f. Honest ballots elect\n",
	       letter(x.t->best), letter(x.winner), x.t->gain, x.t->loss);
	for (int32_t i = 0; i < r->spec.options; i++) print_elected(&x, i);
	pl_profile_free(x.p);
	return PL_OK;
}

/* ---- tables --------------------------------------------------------------------------------
 */

static void print_table(const pl_regret *r)
{
	printf("%s: %" PRId64 " profiles, %" PRId32 " voters, %" PRId32
	       " options; seed %" PRIu64 "\n"
	       "                         regret      best wins   pairs' winner   worst third\n"
	       "                    honest  strat. honest strat. honest strat. honest  "
	       "strat.\n",
	       pl_culture_name((int)r->spec.culture), r->spec.profiles, r->spec.voters,
	       r->spec.options, r->spec.seed);
	for (int k = 0; k < PL_REGRET_RULES; k++) {
		const pl_regret_mean *h = &r->mean[PL_REGRET_HONEST][k],
		                     *s = &r->mean[PL_REGRET_STRATEGIC][k];
		printf("  %-17s %7.3f %7.3f %5.0f%% %5.0f%% %5.0f%% %5.0f%% %7.3f %7.3f\n",
		       pl_regret_rule_name(k), h->regret, s->regret, percent * h->best,
		       percent * s->best, percent * h->condorcet, percent * s->condorcet,
		       h->worst, s->worst);
	}
	printf("  In %.0f%% of the profiles some option wins every pair.\n\n",
	       percent * (double)r->with_condorcet / (double)r->spec.profiles);
}

static void put_counts(FILE *to, const pl_regret *r)
{
	for (int64_t k = 0; k < r->spec.profiles; k++)
		for (int i = 0; i < PL_REGRET_WAYS * PL_REGRET_RULES; i++) {
			const pl_regret_trial *t = &r->trial[k];
			const int way = i / PL_REGRET_RULES, rule = i % PL_REGRET_RULES;
			const pl_regret_count *c = &t->count[way][rule];
			pl_row row = {to, false};
			pl_row_text(&row, pl_culture_name((int)r->spec.culture));
			pl_row_number(&row, (double)k);
			pl_row_text(&row, pl_regret_way_name(way));
			pl_row_text(&row, pl_regret_rule_name(rule));
			pl_row_number(&row, c->winner + 1);
			pl_row_number(&row, t->best + 1);
			pl_row_number(&row, t->condorcet < 0 ? (double)NAN
			                                     : (double)t->condorcet + 1);
			pl_row_number(&row, c->regret);
			pl_row_number(&row, c->worst);
			pl_row_end(&row);
		}
}

static void put_means(FILE *to, const pl_regret *r)
{
	for (int i = 0; i < PL_REGRET_WAYS * PL_REGRET_RULES; i++) {
		const int way = i / PL_REGRET_RULES, rule = i % PL_REGRET_RULES;
		const pl_regret_mean *m = &r->mean[way][rule];
		pl_row row = {to, false};
		pl_row_text(&row, pl_culture_name((int)r->spec.culture));
		pl_row_text(&row, pl_regret_way_name(way));
		pl_row_text(&row, pl_regret_rule_name(rule));
		pl_row_number(&row, m->regret);
		pl_row_number(&row, m->best);
		pl_row_number(&row, m->condorcet);
		pl_row_number(&row, m->worst);
		pl_row_end(&row);
	}
}

/// counts.csv, a row for each count; means.csv, a row for each rule.
static pl_status write_tables(const job *j, pl_error *err)
{
	const char *out = pl_args_text(j->a, PL_O_out__regret);
	pl_outdir *dir;
	if (out == NULL) return PL_OK;
	PL_TRY(pl_outdir_open(&dir, out, err));
	FILE *counts = pl_outdir_file(dir, "counts.csv", err);
	FILE *means = counts == NULL ? NULL : pl_outdir_file(dir, "means.csv", err);
	if (means == NULL) {
		pl_outdir_abandon(dir);
		return PL_EIO;
	}
	fprintf(counts,
	        "culture,profile,ballots,rule,winner,best,condorcet,regret,worst_third\n");
	fprintf(means, "culture,ballots,rule,regret,best_wins,condorcet_wins,worst_third\n");
	for (int c = j->first; c < j->end; c++) {
		put_counts(counts, j->of[c]);
		put_means(means, j->of[c]);
	}
	return pl_outdir_commit(dir, err);
}

/* ---- JSON ----------------------------------------------------------------------------------
 */

static void put_mean(pl_json *js, const pl_regret *r, int way, int rule)
{
	const pl_regret_mean *m = &r->mean[way][rule];
	pl_json_open_object(js, NULL);
	pl_json_put_text(js, "rule", pl_regret_rule_name(rule));
	pl_json_put_text(js, "ballots", pl_regret_way_name(way));
	pl_json_put_number(js, "regret", m->regret);
	pl_json_put_number(js, "best_wins", m->best);
	pl_json_put_number(js, "condorcet_wins", m->condorcet);
	pl_json_put_number(js, "worst_third", m->worst);
	pl_json_close_object(js);
}

static void put_example(pl_json *js, const pl_regret *r)
{
	if (r->example < 0) return;
	const pl_regret_trial *t = &r->trial[r->example];
	pl_json_open_object(js, "example");
	pl_json_put_whole(js, "profile", r->example);
	pl_json_put_whole(js, "winner",
	                  t->count[PL_REGRET_HONEST][PL_REGRET_PLURALITY].winner + 1);
	pl_json_put_whole(js, "best", t->best + 1);
	pl_json_put_whole(js, "majority", t->first);
	pl_json_put_number(js, "majority_gains", t->gain);
	pl_json_put_number(js, "others_lose", t->loss);
	pl_json_close_object(js);
}

static void put_culture(pl_json *js, const pl_regret *r)
{
	pl_json_open_object(js, NULL);
	pl_json_put_text(js, "culture", pl_culture_name((int)r->spec.culture));
	pl_json_put_whole(js, "with_condorcet_winner", r->with_condorcet);
	pl_json_open_array(js, "rules");
	for (int i = 0; i < PL_REGRET_WAYS * PL_REGRET_RULES; i++)
		put_mean(js, r, i / PL_REGRET_RULES, i % PL_REGRET_RULES);
	pl_json_close_array(js);
	put_example(js, r);
	pl_json_close_object(js);
}

static void print_json(const job *j)
{
	pl_json js = {.to = stdout, .indent = true};
	const pl_regret_spec *spec = &j->of[j->first]->spec;
	pl_json_open_object(&js, NULL);
	pl_json_put_whole(&js, "profiles", spec->profiles);
	pl_json_put_whole(&js, "voters", spec->voters);
	pl_json_put_whole(&js, "options", spec->options);
	pl_json_put_whole(&js, "seed", (int64_t)spec->seed);
	pl_json_open_array(&js, "cultures");
	for (int c = j->first; c < j->end; c++) put_culture(&js, j->of[c]);
	pl_json_close_array(&js);
	pl_json_close_object(&js);
}

static pl_status print(const job *j, pl_error *err)
{
	if (pl_args_has(j->a, PL_O_json)) {
		print_json(j);
		return PL_OK;
	}
	if (pl_args_has(j->a, PL_O_quiet)) return PL_OK;
	for (int c = j->first; c < j->end; c++) print_table(j->of[c]);
	printf("Regret: 0 loses nothing against the best option, 1 as much as drawing lots.\n");
	return print_example(j, err);
}

int pl_verb_vote_regret(const pl_args *a)
{
	job j = {.a = a};
	pl_error err;
	pl_status s = draw(&j, &err);
	if (s == PL_OK) s = write_tables(&j, &err);
	if (s == PL_OK) s = print(&j, &err);
	for (int c = 0; c < PL_CULTURES; c++) pl_regret_free(j.of[c]);
	if (s == PL_OK) return PL_EXIT_GOOD;
	(void)pl_tell_error(a, &err);
	return s == PL_ESTOPPED ? PL_EXIT_STOPPED : PL_EXIT_INPUT;
}
