/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which rule has which property, searched in elections small enough to try them all, and in
 * drawn ones. Where a rule lacks a property, the search prints the smallest election that shows
 * it; docs/votes.md quotes them. PLENUM_LONG=1 searches further. */
#include "base/random.h"
#include "tests/elections.h"

enum { OPTIONS = 5, VOTERS = 24, MOST_POINTS = 3 };

/// What voters think: points, more being better. Each rule sees its own kind of ballot.
typedef struct {
	int n, voters;
	bool strict; ///< all points of a voter differ
	int8_t points[VOTERS][OPTIONS];
} profile;

/// An election as the room reads it.
typedef struct {
	pl_election e;
	int64_t start[VOTERS + 1], weight[VOTERS];
	int32_t marked[VOTERS * OPTIONS], value[VOTERS * OPTIONS];
} built;

typedef enum { SCHULZE, STV, APPROVAL, SCORE, STRETCHED, MAJORITY, RULES } rule;
static const struct {
	const char *name;
	pl_vote_rule rule;
	pl_ballot_kind kind;
	bool normalise;
} rules[RULES] = {
        [SCHULZE] = {"schulze", PL_VOTE_schulze, PL_BALLOT_RANKED, false},
        [STV] = {"stv for one seat", PL_VOTE_stv, PL_BALLOT_RANKED, false},
        [APPROVAL] = {"approval", PL_VOTE_approval, PL_BALLOT_APPROVAL, false},
        [SCORE] = {"score", PL_VOTE_score, PL_BALLOT_SCORE, false},
        [STRETCHED] = {"score --normalise", PL_VOTE_score, PL_BALLOT_SCORE, true},
        [MAJORITY] = {"majority", PL_VOTE_majority, PL_BALLOT_RANKED, false},
};

/* ---- from profiles to results --------------------------------------------------------------
 */

static int better_than(const profile *p, int voter, int option)
{
	int better = 0;
	for (int o = 0; o < p->n; o++) better += p->points[voter][o] > p->points[voter][option];
	return better;
}

static void mark(built *b, int32_t option, int32_t value)
{
	b->marked[b->e.n_marks] = option;
	b->value[b->e.n_marks++] = value;
}

/// The ballot of a voter: what is approved has points; ranks are those of the points.
static void mark_ballot(built *b, const profile *p, int voter)
{
	b->start[voter] = b->e.n_marks;
	for (int rank = 0; rank < p->n && b->e.kind == PL_BALLOT_RANKED; rank++)
		for (int o = 0; o < p->n; o++)
			if (better_than(p, voter, o) == rank) mark(b, o, rank + 1);
	for (int o = 0; o < p->n && b->e.kind != PL_BALLOT_RANKED; o++)
		if (b->e.kind == PL_BALLOT_SCORE || p->points[voter][o] > 0)
			mark(b, o, b->e.kind == PL_BALLOT_SCORE ? p->points[voter][o] : 1);
	b->start[voter + 1] = b->e.n_marks;
	b->weight[voter] = 1;
}

static void build(built *b, const profile *p, rule r)
{
	static const char names[] = "a\0b\0c\0d\0e";
	static const int64_t at[OPTIONS] = {0, 2, 4, 6, 8};
	b->e = (pl_election){.title = "",
	                     .kind = rules[r].kind,
	                     .n_options = p->n,
	                     .option = {.id = {names, at}, .name = {names, at}},
	                     .budget = -1,
	                     .eligible = -1,
	                     .n_ballots = p->voters,
	                     .start = b->start,
	                     .marked = b->marked,
	                     .value = b->value,
	                     .weight = b->weight,
	                     .names = names,
	                     .total = p->voters};
	for (int v = 0; v < p->voters; v++) mark_ballot(b, p, v);
}

static pl_vote_result *count(const pl_election *e, rule r)
{
	pl_vote_settings s = pl_vote_preset(rules[r].rule);
	s.normalise = rules[r].normalise;
	s.ties_stand = true;
	return pl_test_tally(e, &s);
}

enum { UNSETTLED = 1U << OPTIONS }; ///< stv had to choose among as few who leaves
/// The winners as a set, all of them where they are tied.
static unsigned winners(const profile *p, rule r)
{
	built b;
	build(&b, p, r);
	pl_vote_result *res = count(&b.e, r);
	unsigned set = 0;
	for (int32_t k = 0; k < res->n_winners; k++) set |= 1U << res->winner[k];
	if (r == STV && res->outcome == PL_VOTE_TIED) set = UNSETTLED;
	for (int64_t i = 0; i < res->n_steps; i++)
		if (res->step[i].kind == PL_VOTE_STEP_tie_earlier) set = UNSETTLED;
	pl_vote_result_free(res);
	return set;
}

/// The one winner, or -1.
static int winner(const profile *p, rule r)
{
	const unsigned set = winners(p, r);
	for (int o = 0; o < p->n; o++)
		if (set == 1U << o) return o;
	return -1;
}

/* ---- properties: does this profile break one? ----------------------------------------------
 */

/// Has the option a majority over each other one (or each other one over it)?
static bool beats_all(const profile *p, int option, int sign)
{
	for (int o = 0; o < p->n; o++) {
		int more = 0;
		for (int v = 0; v < p->voters; v++) {
			const int d = p->points[v][option] - p->points[v][o];
			more += (d > 0) - (d < 0);
		}
		if (o != option && more * sign <= 0) return false;
	}
	return true;
}

/* Who wins against every other option wins. */
static bool breaks_condorcet(const profile *p, rule r)
{
	for (int o = 0; o < p->n; o++)
		if (beats_all(p, o, 1)) return !(winners(p, r) & (UNSETTLED | 1U << o));
	return false;
}

/* Who loses against every other option does not win. */
static bool breaks_loser(const profile *p, rule r)
{
	const int w = p->n > 1 ? winner(p, r) : -1;
	return w >= 0 && beats_all(p, w, -1);
}

/// A voter puts an option up: past the next one above, or by a point. @return false: it is
/// first
static bool raise_option(profile *p, int voter, int option)
{
	int8_t *points = p->points[voter];
	int above = -1;
	for (int o = 0; o < p->n; o++)
		if (points[o] > points[option] && (above < 0 || points[o] < points[above]))
			above = o;
	if (p->strict && above >= 0) {
		const int8_t swapped = points[above];
		points[above] = points[option];
		points[option] = swapped;
	} else if (!p->strict && points[option] < MOST_POINTS) {
		points[option]++;
		return true;
	}
	return p->strict && above >= 0;
}

static bool is_repeated(const profile *p, int voter)
{
	return voter > 0 && memcmp(p->points[voter], p->points[voter - 1], OPTIONS) == 0;
}

/* More support, by one voter or several of one kind, does not harm the winner. */
static bool breaks_monotonicity(const profile *p, rule r)
{
	const int w = winner(p, r);
	profile q = *p;
	for (int v = 0; w >= 0 && v < p->voters; v++) {
		if (!is_repeated(p, v)) q = *p;
		if (!raise_option(&q, v, w)) continue;
		if (!(winners(&q, r) & (UNSETTLED | 1U << w))) return true;
	}
	return false;
}

/* Nobody gains by staying at home: without one voter, or several of one kind, somebody wins
 * whom they like better. */
static bool breaks_participation(const profile *p, rule r)
{
	const int with = winner(p, r);
	profile q = *p;
	for (int v = p->voters - 1; with >= 0 && v >= 0; v--) {
		if (v + 1 == p->voters || !is_repeated(p, v + 1)) q = *p;
		q.voters--;
		memcpy(q.points[v], q.points[q.voters], OPTIONS);
		const int without = q.voters > 0 ? winner(&q, r) : -1;
		if (without >= 0 && p->points[v][without] > p->points[v][with]) return true;
	}
	return false;
}

static void drop_option(profile *p, int option)
{
	for (int v = 0; v < p->voters; v++)
		for (int o = option; o + 1 < p->n; o++) p->points[v][o] = p->points[v][o + 1];
	p->n--;
}

/* Who wins still wins when an option that did not win steps back. */
static bool breaks_independence(const profile *p, rule r)
{
	const int w = winner(p, r);
	for (int o = 0; w >= 0 && p->n > 2 && o < p->n; o++) {
		if (o == w) continue;
		profile q = *p;
		drop_option(&q, o);
		if (!(winners(&q, r) & (UNSETTLED | 1U << (o < w ? w - 1 : w)))) return true;
	}
	return false;
}

/// The last option is one more like `of`: beside it on each ballot, by turns before and behind.
static void add_clone(profile *p, int of)
{
	const int clone = p->n++;
	for (int v = 0; v < p->voters; v++) {
		int8_t *points = p->points[v];
		for (int o = 0; o < clone && p->strict; o++)
			points[o] = (int8_t)(2 * points[o]);
		const int beside = v % 2 == 0 ? -1 : 1;
		points[clone] = (int8_t)(points[of] + (p->strict ? beside : 0));
	}
}

/* One more option like another changes nothing for the others, nor for the two together. */
static bool breaks_clones(const profile *p, rule r)
{
	const unsigned before = winners(p, r);
	for (int o = 0; o < p->n && p->n < OPTIONS; o++) {
		profile q = *p;
		add_clone(&q, o);
		unsigned after = winners(&q, r);
		if ((before | after) & UNSETTLED) continue;
		if (after >> p->n & 1U) after = (after & ~(1U << p->n)) | 1U << o;
		if (after != before) return true;
	}
	return false;
}

/* Who wins alone does not also win when all ballots are turned round. */
static bool breaks_reversal(const profile *p, rule r)
{
	const int w = p->n > 1 ? winner(p, r) : -1;
	profile q = *p;
	for (int v = 0; v < q.voters; v++)
		for (int o = 0; o < q.n; o++)
			q.points[v][o] = (int8_t)(MOST_POINTS - q.points[v][o]);
	return w >= 0 && winner(&q, r) == w;
}

typedef enum { CONDORCET, LOSER, MONOTONE, STAYING, STEPPING, CLONES, REVERSAL, N } property;
static const struct {
	const char *name;
	bool (*breaks)(const profile *p, rule r);
} properties[N] = {
        [CONDORCET] = {"elects who wins against each other option", breaks_condorcet},
        [LOSER] = {"never elects who loses against each other option", breaks_loser},
        [MONOTONE] = {"more support does no harm", breaks_monotonicity},
        [STAYING] = {"nobody gains by staying at home", breaks_participation},
        [STEPPING] = {"no other option matters by stepping back", breaks_independence},
        [CLONES] = {"one more option like another changes nothing", breaks_clones},
        [REVERSAL] = {"who wins alone does not win on reversed ballots", breaks_reversal},
};

/* 'y': has it; 'n': lacks it, and the search must find so; '-': cannot be said of these ballots
 */
static const char table[RULES][N + 1] = {
        [SCHULZE] = "yyynnyy", [STV] = "nynnnyn",       [APPROVAL] = "nnyyyy-",
        [SCORE] = "nnyyyyy",   [STRETCHED] = "nnyynyy", [MAJORITY] = "nyyyyny",
};

/* ---- searching -----------------------------------------------------------------------------
 */

/// Kinds of voters: strict ones are numbered as orders, others as points 0 .. MOST_POINTS.
static int kinds_of(int n, bool strict)
{
	int kinds = 1;
	for (int o = 1; o <= n; o++) kinds *= strict ? o : MOST_POINTS + 1;
	return kinds;
}

static void set_voter(profile *p, int voter, int kind)
{
	int8_t *points = p->points[voter];
	memset(points, 0, OPTIONS);
	for (int o = 0; o < p->n; o++) {
		const int base = p->strict ? o + 1 : MOST_POINTS + 1;
		points[o] = (int8_t)(kind % base);
		kind /= base;
		/* as the points[o]-th of those so far: who is not below goes up */
		for (int i = 0; i < o && p->strict; i++)
			if (points[i] >= points[o]) points[i]++;
	}
}

/// The next multiset of kinds. @return false: that was the last
static bool step(int *kind, int voters, int kinds)
{
	int v = voters - 1;
	while (v > 0 && kind[v] == kind[v - 1]) kind[v--] = 0;
	return ++kind[v] < kinds;
}

/// All profiles of so many voters. @param[out] p the first that breaks the property
static bool try_all(profile *p, int n, bool strict, int voters, rule r, property q)
{
	int kind[VOTERS] = {0};
	const int kinds = kinds_of(n, strict);
	*p = (profile){.n = n, .voters = voters, .strict = strict};
	do {
		for (int v = 0; v < voters; v++) set_voter(p, v, kind[v]);
		if (properties[q].breaks(p, r)) return true;
	} while (step(kind, voters, kinds));
	return false;
}

/// A profile of a few kinds of voters.
static void draw(profile *p, pl_random *random, bool strict)
{
	*p = (profile){.n = (int)pl_random_between(random, 3, 4), .strict = strict};
	const int runs = (int)pl_random_between(random, 1, 5);
	for (int k = 0; k < runs; k++) {
		const int last = p->voters + (int)pl_random_between(random, 1, 4);
		const int kind = (int)pl_random_below(random, (uint64_t)kinds_of(p->n, strict));
		while (p->voters < last) set_voter(p, p->voters++, kind);
	}
}

/// Leave out voters as long as the property stays broken.
static void shrink(profile *p, rule r, property q)
{
	for (int v = 0; v < p->voters;) {
		profile less = *p;
		less.voters--;
		for (int k = v; k < less.voters; k++)
			memcpy(less.points[k], p->points[k + 1], OPTIONS);
		if (less.voters > 0 && properties[q].breaks(&less, r)) {
			*p = less;
			v = 0;
		} else {
			v++;
		}
	}
}

static bool try_drawn(profile *p, bool strict, int rounds, rule r, property q)
{
	pl_random random = pl_random_new(13, strict);
	for (int k = 0; k < rounds; k++) {
		draw(p, &random, strict);
		if (!properties[q].breaks(p, r)) continue;
		shrink(p, r, q);
		return true;
	}
	return false;
}

/// Voters up to which all profiles are tried.
typedef struct {
	int strict, pairs, graded; ///< of 3 options in order, of 2 and of 3 with points
	int drawn;
} effort;

/// @param[out] p the smallest profile found that breaks the property
static bool search(profile *p, const effort *most, rule r, property q)
{
	const bool strict = rules[r].kind == PL_BALLOT_RANKED, graded = r != STV;
	for (int voters = 1; voters <= VOTERS; voters++) {
		if (graded && voters <= most->pairs && try_all(p, 2, false, voters, r, q))
			return true;
		if (strict && voters <= most->strict && try_all(p, 3, true, voters, r, q))
			return true;
		if (graded && voters <= most->graded && try_all(p, 3, false, voters, r, q))
			return true;
	}
	return (strict && try_drawn(p, true, most->drawn, r, q)) ||
	       (graded && try_drawn(p, false, most->drawn, r, q));
}

/* ---- what is found -------------------------------------------------------------------------
 */

/// "b2 a1 c0", or "b a c" where all points differ.
static void print_voter(const profile *p, int voter)
{
	const char *space = "";
	for (int points = MOST_POINTS + OPTIONS; points >= 0; points--)
		for (int o = 0; o < p->n; o++) {
			if (p->points[voter][o] != points) continue;
			printf("%s%c", space, 'a' + o);
			if (!p->strict) printf("%d", points);
			space = " ";
		}
}

static void print_found(const profile *p, rule r, property q)
{
	printf("    %s lacks: %s. Voters: ", rules[r].name, properties[q].name);
	for (int v = 0, times = 1; v < p->voters; v++, times++) {
		if (v + 1 < p->voters && is_repeated(p, v + 1)) continue;
		printf("%d x (", times);
		print_voter(p, v);
		printf(") ");
		times = 0;
	}
	printf("-> ");
	const unsigned set = winners(p, r);
	for (int o = 0; o < p->n; o++)
		if (set >> o & 1U) printf("%c", 'a' + o);
	printf("\n");
}

static void a_rule_has_a_property_or_a_counterexample(void)
{
	const bool further = getenv("PLENUM_LONG") != NULL;
	const effort holds = further ? (effort){9, 6, 3, 20000} : (effort){4, 3, 1, 50};
	const effort lacks = further ? (effort){9, 6, 4, 200000} : (effort){5, 3, 1, 100000};
	for (rule r = 0; r < RULES; r++)
		for (property q = 0; q < N; q++) {
			profile p;
			if (table[r][q] == '-') continue;
			const bool has = table[r][q] == 'y';
			const bool found = search(&p, has ? &holds : &lacks, r, q);
			if (found) print_found(&p, r, q);
			if (found == has)
				printf("    %s %s: %s\n", rules[r].name,
				       has ? "should have this, and has not"
				           : "should lack this, and nothing was found",
				       properties[q].name);
			CHECK(found != has);
		}
}

/* ---- what no rule may look at --------------------------------------------------------------
 */

static bool same_number(const pl_vote_result *a, pl_vote_number x, const pl_vote_result *b,
                        pl_vote_number y)
{
	return strcmp(pl_vote_exact(a, x), pl_vote_exact(b, y)) == 0;
}

static bool same_steps(const pl_vote_result *a, const pl_vote_result *b)
{
	if (a->n_steps != b->n_steps || a->outcome != b->outcome) return false;
	for (int64_t i = 0; i < a->n_steps; i++) {
		const pl_vote_step *x = &a->step[i], *y = &b->step[i];
		if (x->kind != y->kind || x->option != y->option || x->other != y->other ||
		    !same_number(a, x->x, b, y->x) || !same_number(a, x->y, b, y->y) ||
		    !same_number(a, x->z, b, y->z))
			return false;
	}
	return a->n_winners == b->n_winners &&
	       memcmp(a->place, b->place, (size_t)a->n_options * sizeof *a->place) == 0;
}

static void shuffle(profile *p, pl_random *random)
{
	for (int v = p->voters - 1; v > 0; v--) {
		const int other = (int)pl_random_below(random, (uint64_t)v + 1);
		int8_t kept[OPTIONS];
		memcpy(kept, p->points[v], OPTIONS);
		memcpy(p->points[v], p->points[other], OPTIONS);
		memcpy(p->points[other], kept, OPTIONS);
	}
}

/// Equal ballots that stand together become one with a weight.
static void join(built *b, const profile *p, rule r)
{
	profile once = *p;
	int64_t times[VOTERS] = {0};
	once.voters = 0;
	for (int v = 0; v < p->voters; v++) {
		if (!is_repeated(p, v))
			memcpy(once.points[once.voters++], p->points[v], OPTIONS);
		times[once.voters - 1]++;
	}
	build(b, &once, r);
	memcpy(b->weight, times, sizeof times);
	b->e.total = p->voters;
}

static void neither_the_order_of_ballots_nor_weights_for_copies_change_a_step(void)
{
	pl_random random = pl_random_new(8, 2);
	for (int round = 0; round < 400; round++) {
		profile p;
		built b;
		draw(&p, &random, true);
		for (rule r = 0; r < RULES; r++) {
			build(&b, &p, r);
			pl_vote_result *plain = count(&b.e, r);
			join(&b, &p, r);
			pl_vote_result *joined = count(&b.e, r);
			profile q = p;
			shuffle(&q, &random);
			build(&b, &q, r);
			pl_vote_result *shuffled = count(&b.e, r);
			CHECK(same_steps(plain, joined));
			CHECK(same_steps(plain, shuffled));
			pl_vote_result_free(plain);
			pl_vote_result_free(joined);
			pl_vote_result_free(shuffled);
		}
	}
}

/* Where ties stand, other names for the options give the same winners under those names. */
static void options_are_only_names(void)
{
	pl_random random = pl_random_new(8, 3);
	for (int round = 0; round < 400; round++) {
		profile p;
		draw(&p, &random, round % 2 == 0);
		profile q = p;
		for (int v = 0; v < p.voters; v++)
			for (int o = 0; o < p.n; o++)
				q.points[v][(o + 1) % p.n] = p.points[v][o];
		for (rule r = 0; r < RULES; r++) {
			if (r == STV && !p.strict) continue;
			const unsigned set = winners(&p, r), all = (1U << p.n) - 1;
			const unsigned turned = ((set << 1) | (set >> (p.n - 1))) & all;
			CHECK(winners(&q, r) == (set == UNSETTLED ? UNSETTLED : turned));
		}
	}
}

int main(void)
{
	RUN(a_rule_has_a_property_or_a_counterexample);
	RUN(neither_the_order_of_ballots_nor_weights_for_copies_change_a_step);
	RUN(options_are_only_names);
	return pl_test_failed;
}
