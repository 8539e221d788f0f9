/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* properties_test.c - what every plan owes, whatever the economy. */
#include "base/alloc.h"
#include "base/threads.h"
#include "tests/pl_test.h"
#include "tests/property/change.h"
#include "tests/property/planted.h"
#include "tests/property/recipes.h"

static const double TOLERANCE = 1e-10, SAME = 1e-9;

static int grid = 1;

static pl_settings settings(void)
{
	pl_settings s = pl_settings_preset();
	s.tolerance = TOLERANCE;
	return s;
}

static uint64_t seeds(void)
{
	static const uint64_t N[] = {6, 20, 60};
	return N[grid];
}

/* Economies with one plan only: all schedules, kinks from every second seed on. */
static planted some(uint64_t seed)
{
	return planted_new(
	        (planted_recipe){seed, 12 + 7 * (int32_t)(seed % 5), seed % 2 == 1, false});
}

static pl_plan *clear(const econ *e)
{
	const pl_settings s = settings();
	pl_plan *p = econ_clear(e, &s, NULL);
	CHECK(p->outcome == PL_CLEARED);
	return p;
}

/* Largest relative difference of what should be the same, told with its seed. */
static void same(const char *what, uint64_t seed, double worst)
{
	if (worst <= SAME) return;
	fprintf(stderr, "seed %lu: %s differ by %.3g\n", (unsigned long)seed, what, worst);
	pl_test_failed = 1;
}

static double apart(double a, double b)
{
	return a == b ? 0 : fabs(a - b) / fmax(fabs(a), fabs(b));
}

/* ---- the changes themselves, by the definitions of answers ---- */

/* Answers of `other` at price * price_by are those of p times quantity_by. */
static void answers_alike(const char *what, const planted *p, const econ *other, bool halves,
                          const double *price_by, const double *quantity_by)
{
	const int32_t n = p->e.n_goods, parts = halves ? 2 : 1;
	double *price = econ_array(n, sizeof *price);
	double *activity = econ_array(other->n_councils, sizeof *activity);
	double *quantity = econ_array(other->n_links, sizeof *quantity), worst = 0;
	for (int32_t j = 0; j < n; j++) price[j] = p->price[j] * price_by[j];
	for (int32_t i = 0; i < other->n_councils; i++)
		activity[i] = p->activity[i / parts] / parts;
	econ_answer(other, price, activity, quantity);
	for (int64_t k = 0; k < p->e.n_links; k++) {
		const econ_link *l = &p->e.link[k];
		const int64_t at = k - econ_first(&p->e, l->council);
		const double got = quantity[econ_first(other, parts * l->council) + at];
		worst = fmax(worst, apart(got * parts, p->quantity[k] * quantity_by[l->good]));
	}
	if (!(worst <= 1e-12)) {
		fprintf(stderr, "%s: answers differ by %.3g\n", what, worst);
		pl_test_failed = 1;
	}
	free(price);
	free(activity);
	free(quantity);
}

static void changed_economies_answer_alike(void)
{
	for (uint64_t seed = 0; seed < 20; seed++) {
		planted p = some(seed);
		econ_random r = econ_seed(seed);
		double *one = econ_array(p.e.n_goods, sizeof *one),
		       *mu = econ_array(p.e.n_goods, sizeof *mu);
		double *up = econ_array(p.e.n_goods, sizeof *up),
		       *down = econ_array(p.e.n_goods, sizeof *down);
		for (int32_t j = 0; j < p.e.n_goods; j++) {
			one[j] = 1;
			mu[j] = 50;
			up[j] = pow(10, econ_uniform(&r, -3, 3));
			down[j] = 1 / up[j];
		}
		econ units = change_units(&p.e, up), halves = change_halves(&p.e);
		econ money = change_money(&p.e, 50);
		answers_alike("other units", &p, &units, false, down, up);
		answers_alike("halves", &p, &halves, true, one, one);
		answers_alike("50 times all money", &p, &money, false, mu, one);
		econ_free(&units);
		econ_free(&halves);
		econ_free(&money);
		free(one);
		free(mu);
		free(up);
		free(down);
		planted_free(&p);
	}
}

/* ---- saying the same differently ---- */

static void relabelling_permutes_the_plan(void)
{
	for (uint64_t seed = 0; seed < seeds(); seed++) {
		planted p = some(seed);
		econ_random r = econ_seed(seed + 99);
		int32_t *good_to = econ_array(p.e.n_goods, sizeof *good_to);
		int32_t *council_to = econ_array(p.e.n_councils, sizeof *council_to);
		int64_t *link_to = econ_array(p.e.n_links, sizeof *link_to);
		econ_shuffle(&r, good_to, p.e.n_goods);
		econ_shuffle(&r, council_to, p.e.n_councils);
		econ other = change_names(&p.e, good_to, council_to, link_to);
		pl_plan *a = clear(&p.e), *b = clear(&other);
		double price = 0, quantity = 0;
		for (int32_t j = 0; j < p.e.n_goods; j++)
			price = fmax(price, apart(a->price[j], b->price[good_to[j]]));
		for (int64_t k = 0; k < p.e.n_links; k++)
			quantity =
			        fmax(quantity, fabs(a->quantity[k] - b->quantity[link_to[k]]) /
			                               p.size[p.e.link[k].good]);
		same("prices under other names", seed, price);
		same("quantities under other names", seed, quantity);
		pl_plan_free(a);
		pl_plan_free(b);
		econ_free(&other);
		free(good_to);
		free(council_to);
		free(link_to);
		planted_free(&p);
	}
}

/* Prices are times price_by[good] and quantities times quantity_by[good] (NULL: 1). */
static void compare(const char *what, uint64_t seed, const planted *p, const econ *other,
                    const double *price_by, const double *quantity_by)
{
	pl_plan *a = clear(&p->e), *b = clear(other);
	double price = 0, quantity = 0;
	for (int32_t j = 0; j < p->e.n_goods; j++)
		price = fmax(price,
		             apart(a->price[j] * (price_by ? price_by[j] : 1), b->price[j]));
	for (int64_t k = 0; k < p->e.n_links; k++) {
		const int32_t j = p->e.link[k].good;
		const double by = quantity_by ? quantity_by[j] : 1;
		quantity =
		        fmax(quantity, fabs(a->quantity[k] - b->quantity[k] / by) / p->size[j]);
	}
	same(what, seed, fmax(price, quantity));
	pl_plan_free(a);
	pl_plan_free(b);
}

static void the_unit_of_a_good_does_not_matter(void)
{
	for (uint64_t seed = 0; seed < seeds(); seed++) {
		planted p = some(seed);
		econ_random r = econ_seed(seed + 7);
		double *up = econ_array(p.e.n_goods, sizeof *up);
		double *down = econ_array(p.e.n_goods, sizeof *down);
		for (int32_t j = 0; j < p.e.n_goods; j++) {
			up[j] = pow(10, econ_uniform(&r, -3, 3));
			down[j] = 1 / up[j];
		}
		econ other = change_units(&p.e, up);
		compare("other units", seed, &p, &other, down, up);
		econ_free(&other);
		free(up);
		free(down);
		planted_free(&p);
	}
}

static void money_counts_only_in_proportion(void)
{
	static const double MU[] = {1e-3, 0.7, 1e4};
	for (uint64_t seed = 0; seed < seeds(); seed++) {
		planted p = some(seed);
		double *mu = econ_array(p.e.n_goods, sizeof *mu);
		for (int32_t j = 0; j < p.e.n_goods; j++) mu[j] = MU[seed % 3];
		econ other = change_money(&p.e, MU[seed % 3]);
		compare("mu times all money", seed, &p, &other, mu, NULL);
		econ_free(&other);
		free(mu);
		planted_free(&p);
	}
}

static void a_good_nobody_uses_changes_nothing(void)
{
	for (uint64_t seed = 0; seed < seeds(); seed++) {
		planted p = some(seed);
		econ other = econ_copy(&p.e);
		const int32_t held = econ_add_good(&other, PL_RESOURCE, 3, 5);
		const int32_t none = econ_add_good(&other, PL_PRODUCT, 3, 0);
		compare("a good nobody uses", seed, &p, &other, NULL, NULL);
		pl_plan *b = clear(&other);
		CHECK(b->price[held] == 0 && b->imbalance[held] == 0);
		CHECK(b->imbalance[none] == 0);
		pl_plan_free(b);
		econ_free(&other);
		planted_free(&p);
	}
}

/* Totals a council, as the split of a recipe without slope between its halves is free. */
static void splitting_councils_changes_no_total(void)
{
	for (uint64_t seed = 0; seed < seeds(); seed++) {
		planted p = some(seed);
		econ other = change_halves(&p.e);
		pl_plan *a = clear(&p.e), *b = clear(&other);
		double price = 0, quantity = 0;
		for (int32_t j = 0; j < p.e.n_goods; j++)
			price = fmax(price, apart(a->price[j], b->price[j]));
		for (int64_t k = 0; k < p.e.n_links; k++) {
			const econ_link *l = &p.e.link[k];
			const int64_t at = k - econ_first(&p.e, l->council);
			const double sum =
			        b->quantity[econ_first(&other, 2 * l->council) + at] +
			        b->quantity[econ_first(&other, 2 * l->council + 1) + at];
			quantity = fmax(quantity, fabs(sum - a->quantity[k]) / p.size[l->good]);
		}
		same("prices with halves", seed, price);
		same("sums of halves", seed, quantity);
		pl_plan_free(a);
		pl_plan_free(b);
		econ_free(&other);
		planted_free(&p);
	}
}

/* ---- starting elsewhere, on other threads ---- */

static void the_start_does_not_change_the_only_plan(void)
{
	const pl_settings s = settings();
	for (uint64_t seed = 0; seed < seeds(); seed++) {
		planted p = some(seed);
		for (uint64_t t = 0; t < 4; t++) {
			double *start = planted_start(&p, t, pow(10, (double)t)), price,
			       quantity;
			pl_plan *plan = econ_clear(&p.e, &s, start);
			CHECK(plan->outcome == PL_CLEARED);
			planted_errors(&p, plan, &price, &quantity);
			same("prices from another start", seed, price);
			same("quantities from another start", seed, quantity);
			CHECK(memcmp(plan->start_price, start,
			             (size_t)p.e.n_goods * sizeof *start) == 0);
			pl_plan_free(plan);
			free(start);
		}
		planted_free(&p);
	}
}

static void digest_with(int threads, const econ *e, const pl_settings *s, char out[65])
{
	pl_threads_set(threads);
	pl_plan *p = econ_clear(e, s, NULL);
	pl_model *m = econ_model(e);
	pl_plan_digest(out, m, p->price, p->quantity);
	pl_model_free(m);
	pl_plan_free(p);
}

static void same_digest(const char *what, const econ *e, const pl_settings *s)
{
	static const int THREADS[] = {2, 3, 5, 8};
	char one[65], many[65];
	digest_with(1, e, s, one);
	for (size_t t = 0; t < sizeof THREADS / sizeof *THREADS; t++) {
		digest_with(THREADS[t], e, s, many);
		if (strcmp(one, many) == 0) continue;
		fprintf(stderr, "%s: %d threads give %s, one gives %s\n", what, THREADS[t],
		        many, one);
		pl_test_failed = 1;
	}
	pl_threads_set(2);
}

/* Loops shorter than PL_PAR_MIN run on one thread, so some economies are longer. */
static void same_bits_for_any_number_of_threads(void)
{
	pl_settings s = settings();
	planted p = planted_new((planted_recipe){5, 40, true, false});
	same_digest("planted", &p.e, &s);
	planted_free(&p);

	econ e = recipes_new(3, 60, TIES);
	same_digest("recipes", &e, &s);
	econ_free(&e);

	e = recipes_new(4, 60, SHORT);
	same_digest("infeasible recipes", &e, &s);
	econ_free(&e);

	s.direct_goods = 100; /* above it, conjugate gradients */
	s.max_steps = 8;      /* the bits, not the plan: a step takes thousands of products */
	p = planted_new((planted_recipe){8, 900, true, false});
	CHECK(p.e.n_links > PL_PAR_MIN);
	same_digest("a long economy", &p.e, &s);
	planted_free(&p);
}

/* ---- ending early ---- */

typedef struct {
	int64_t calls, stop_at;
	bool ordered;
	int64_t last;
} watcher;

static bool watch(void *self, const pl_progress *now)
{
	watcher *w = self;
	w->ordered = w->ordered && now->step >= w->last && now->sweeps >= now->step &&
	             now->phase != NULL;
	w->last = now->step;
	return ++w->calls != w->stop_at;
}

static void a_watcher_can_stop_a_plan(void)
{
	const pl_settings s = settings();
	planted p = some(1);
	pl_model *m = econ_model(&p.e);
	for (int64_t at = 1; at <= 3; at++) {
		watcher w = {0, at, true, 0};
		pl_plan *plan;
		CHECK(pl_plan_clear(&plan, m, &s, NULL, watch, &w, NULL) == PL_OK);
		CHECK(plan->outcome == PL_STOPPED && w.calls == at && w.ordered);
		CHECK(plan->reason[0] != '\0');
		pl_plan_free(plan);
	}
	pl_model_free(m);
	planted_free(&p);
}

static void watching_changes_no_bit(void)
{
	const pl_settings s = settings();
	planted p = some(3);
	pl_model *m = econ_model(&p.e);
	watcher w = {0, -1, true, 0};
	pl_plan *plan, *alone;
	char seen[65], unseen[65];
	CHECK(pl_plan_clear(&plan, m, &s, NULL, watch, &w, NULL) == PL_OK);
	CHECK(pl_plan_clear(&alone, m, &s, NULL, NULL, NULL, NULL) == PL_OK);
	pl_plan_digest(seen, m, plan->price, plan->quantity);
	pl_plan_digest(unseen, m, alone->price, alone->quantity);
	CHECK(strcmp(seen, unseen) == 0);
	CHECK(plan->outcome == PL_CLEARED && w.calls > 0 && w.ordered);
	pl_plan_free(plan);
	pl_plan_free(alone);
	pl_model_free(m);
	planted_free(&p);
}

static void a_limit_of_one_step_is_reported(void)
{
	pl_settings s = settings();
	s.max_steps = 1;
	planted p = some(2);
	pl_plan *plan = econ_clear(&p.e, &s, NULL);
	CHECK(plan->outcome == PL_ROUND_LIMIT && plan->steps <= 1);
	CHECK(plan->reason[0] != '\0');
	pl_plan_free(plan);
	planted_free(&p);
}

static void a_start_price_must_be_positive(void)
{
	static const double BAD[] = {0, -1, NAN, INFINITY};
	const pl_settings s = settings();
	planted p = some(0);
	pl_model *m = econ_model(&p.e);
	double *start = planted_start(&p, 0, 1);
	for (size_t t = 0; t < sizeof BAD / sizeof *BAD; t++) {
		pl_plan *plan = (pl_plan *)&plan;
		pl_error err = {PL_OK, 0, ""};
		start[3] = BAD[t];
		CHECK(pl_plan_clear(&plan, m, &s, start, NULL, NULL, &err) == PL_EARG);
		CHECK(plan == NULL && err.code == PL_EARG && err.msg[0] != '\0');
	}
	free(start);
	pl_model_free(m);
	planted_free(&p);
}

/* ---- memory ---- */

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail_for(const econ *e, bool check)
{
	const pl_settings s = settings();
	pl_model *m = econ_model(e);
	pl_threads_set(1);
	pl_plan *plan = econ_clear(e, &s, NULL);
	const pl_claim claim = {.price = plan->price, .quantity = plan->quantity};
	const int64_t alive = pl_alloc_alive;
	pl_status status = PL_ENOMEM;
	for (int64_t grants = 0; status != PL_OK && grants < 100000; grants++) {
		pl_error err = {PL_OK, 0, ""};
		pl_plan *again = NULL;
		pl_verdict verdict;
		pl_alloc_grants = grants;
		if (check)
			status = pl_plan_check(&verdict, m, &claim, SAME, &err);
		else
			status = pl_plan_clear(&again, m, &s, NULL, NULL, NULL, &err);
		pl_alloc_grants = -1;
		CHECK(status == PL_OK || (status == PL_ENOMEM && again == NULL));
		CHECK(status == PL_OK || (err.code == PL_ENOMEM && err.msg[0] != '\0'));
		pl_plan_free(again);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
	pl_plan_free(plan);
	pl_model_free(m);
	pl_threads_set(2);
}

static void every_allocation_may_fail(void)
{
	planted p = planted_new((planted_recipe){1, 12, true, false});
	every_allocation_may_fail_for(&p.e, false);
	every_allocation_may_fail_for(&p.e, true);
	planted_free(&p);
	econ e = recipes_new(9, 12, SHORT); /* the search for what is missing, too */
	every_allocation_may_fail_for(&e, false);
	econ_free(&e);
}
#endif

/* ---- the check of a plan ---- */

typedef struct {
	uint64_t seed;
	const pl_model *m;
	const pl_claim *claim;
} trial;

static void must_be_refused(const trial *t, const char *what, double *at, int64_t where)
{
	const double kept = *at;
	for (int32_t up = 0; up < 2; up++) {
		pl_verdict verdict;
		*at = kept * (up ? 1.001 : 0.999);
		CHECK(pl_plan_check(&verdict, t->m, t->claim, 1e-6, NULL) == PL_OK);
		if (verdict.accepted) {
			fprintf(stderr, "seed %lu: %s %lld taken as %.17g instead of %.17g\n",
			        (unsigned long)t->seed, what, (long long)where, *at, kept);
			pl_test_failed = 1;
		}
		CHECK(verdict.accepted || verdict.reason[0] != '\0');
	}
	*at = kept;
}

static void refuse_each_change(const trial *t, const pl_plan *p)
{
	for (int32_t j = 0; j < p->n_goods; j++) {
		if (p->price[j] != 0) must_be_refused(t, "price", &p->price[j], j);
		if (p->supply[j] != 0) must_be_refused(t, "supply", &p->supply[j], j);
		if (p->demand[j] != 0) must_be_refused(t, "demand", &p->demand[j], j);
	}
	for (int64_t k = 0; k < p->n_links; k++)
		if (p->quantity[k] != 0) must_be_refused(t, "quantity", &p->quantity[k], k);
	for (int32_t i = 0; i < p->n_councils; i++)
		if (!isnan(p->activity[i]) && p->activity[i] != 0)
			must_be_refused(t, "activity", &p->activity[i], i);
}

static void one_wrong_number_is_refused_in(uint64_t seed, const econ *e)
{
	const pl_settings s = pl_settings_preset();
	pl_plan *p = econ_clear(e, &s, NULL);
	pl_model *m = econ_model(e);
	char why[512];
	CHECK(p->outcome == PL_CLEARED);
	if (!econ_accepts(e, p, 1e-9, why)) {
		fprintf(stderr, "seed %lu: %s\n", (unsigned long)seed, why);
		pl_test_failed = 1;
	}
	const pl_claim claim = {p->price,    p->quantity, p->supply, p->demand, p->imbalance,
	                        p->activity, p->benefit,  p->cost,   p->ratio};
	refuse_each_change(&(trial){seed, m, &claim}, p);
	pl_model_free(m);
	pl_plan_free(p);
}

static void one_wrong_number_is_refused(void)
{
	for (uint64_t seed = 0; seed < seeds(); seed++) {
		planted p = some(seed);
		one_wrong_number_is_refused_in(seed, &p.e);
		planted_free(&p);
		econ e =
		        recipes_new(seed, 20 + (int32_t)seed % 20, (recipe_kind)(seed % SHORT));
		one_wrong_number_is_refused_in(seed, &e);
		econ_free(&e);
	}
}

int main(int argc, char **argv)
{
	grid = econ_grid(argc, argv);
	RUN(changed_economies_answer_alike);
	RUN(relabelling_permutes_the_plan);
	RUN(the_unit_of_a_good_does_not_matter);
	RUN(money_counts_only_in_proportion);
	RUN(a_good_nobody_uses_changes_nothing);
	RUN(splitting_councils_changes_no_total);
	RUN(the_start_does_not_change_the_only_plan);
	RUN(same_bits_for_any_number_of_threads);
	RUN(a_watcher_can_stop_a_plan);
	RUN(watching_changes_no_bit);
	RUN(a_limit_of_one_step_is_reported);
	RUN(a_start_price_must_be_positive);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	RUN(one_wrong_number_is_refused);
	lp_end();
	return pl_test_failed;
}
