/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/alloc.h"
#include "explain/dense.h"
#include "tests/pl_test.h"

#include <plenum/explain.h>

/// What differs between two years of one small economy.
typedef struct {
	double wanted, income, hours, effort, capacity, flour_used;
	bool shop, turned; ///< a second bakery; goods and councils in the opposite order
} year;
static const year usual = {20, 300, 400, 0.5, 60, 0.8, false, false};

/// An economy with its plan, ready.
typedef struct {
	pl_model *m;
	pl_plan *p;
	pl_explain *x;
} planned;

static int32_t good(pl_builder *b, const char *id, pl_good_kind kind, double supply)
{
	int32_t at;
	const pl_good_row row = {id, NULL, NULL, NULL, kind, NAN, supply, NAN, NAN};
	CHECK(pl_builder_good(&at, b, &row, NULL) == PL_OK);
	return at;
}

static int32_t council(pl_builder *b, const char *id, pl_council_kind kind, double income,
                       pl_schedule schedule, const double param[PL_PARAM_SLOTS])
{
	int32_t at;
	pl_council_row row = {id, NULL, kind, -1, NAN, income, schedule, {0}};
	for (int k = 0; k < PL_PARAM_SLOTS; k++) row.param[k] = param[k];
	CHECK(pl_builder_council(&at, b, &row, NULL) == PL_OK);
	return at;
}

static void put(pl_builder *b, int32_t who, const char *what, pl_role role, double amount)
{
	CHECK(pl_builder_link(b, who, pl_builder_find_good(b, what), role, amount, NAN, NULL) ==
	      PL_OK);
}

static void put_good(pl_builder *b, const year *y, int k)
{
	static const char *const id[] = {"hours", "land", "flour", "bread", "smoke", "toys"};
	static const pl_good_kind kind[] = {PL_LABOUR,  PL_RESOURCE,  PL_PRODUCT,
	                                    PL_PRODUCT, PL_POLLUTANT, PL_PRODUCT};
	const double supply[] = {y->hours, 70, 0, 0, 0, 0};
	(void)good(b, id[k], kind[k], supply[k]);
}

static void put_council(pl_builder *b, const year *y, int k)
{
	int32_t i;
#define OF(...) ((const double[PL_PARAM_SLOTS]){__VA_ARGS__})
	switch (k) {
	case 0: /* flat at its capacity or below it */
		i = council(b, "mill", PL_WORKERS, NAN, PL_S_recipe,
		            OF(y->capacity, 0.1, NAN, NAN));
		put(b, i, "flour", PL_MAKES, 1);
		put(b, i, "hours", PL_USES, 1);
		put(b, i, "land", PL_USES, 1);
		break;
	case 1: /* flat, without a capacity */
		i = council(b, "bakery", PL_WORKERS, NAN, PL_S_recipe,
		            OF(NAN, y->effort, NAN, NAN));
		put(b, i, "bread", PL_MAKES, 1);
		put(b, i, "flour", PL_USES, y->flour_used);
		put(b, i, "smoke", PL_USES, 0.3);
		break;
	case 2: /* steep */
		i = council(b, "carvers", PL_WORKERS, NAN, PL_S_recipe, OF(90, 0.2, 4, 0.7));
		put(b, i, "toys", PL_MAKES, 1);
		put(b, i, "hours", PL_USES, 2);
		break;
	case 3:
		i = council(b, "painters", PL_WORKERS, NAN, PL_S_cobb_douglas,
		            OF(3, 0.2, 2, 1));
		put(b, i, "toys", PL_MAKES, 1);
		put(b, i, "hours", PL_USES, 0.5);
		put(b, i, "smoke", PL_USES, 0.1);
		break;
	case 4:
		i = council(b, "home", PL_CONSUMERS, y->income, PL_S_budget_ces,
		            OF(0.6, NAN, NAN, NAN));
		put(b, i, "bread", PL_WANTS, 2);
		put(b, i, "toys", PL_WANTS, 1);
		break;
	case 5:
		i = council(b, "town", PL_COMMUNITY, NAN, PL_S_request, OF(NAN, NAN, NAN, NAN));
		put(b, i, "bread", PL_WANTS, y->wanted);
		break;
	case 6:
		i = council(b, "meadow", PL_COMMUNITY, NAN, PL_S_affected,
		            OF(0.05, 2, NAN, NAN));
		put(b, i, "smoke", PL_OFFERS, 1);
		break;
	default:
		if (!y->shop) break;
		i = council(b, "shop", PL_WORKERS, NAN, PL_S_ces, OF(2, 0.6, 0.4, NAN));
		put(b, i, "bread", PL_MAKES, 1);
		put(b, i, "flour", PL_USES, 1);
		put(b, i, "hours", PL_USES, 1);
		break;
	}
#undef OF
}

static planned plan(year y)
{
	enum { GOODS = 6, COUNCILS = 8 };
	planned e = {0};
	pl_builder *b;
	pl_settings settings = pl_settings_preset();
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	for (int k = 0; k < GOODS; k++) put_good(b, &y, y.turned ? GOODS - 1 - k : k);
	for (int k = 0; k < COUNCILS; k++) put_council(b, &y, y.turned ? COUNCILS - 1 - k : k);
	CHECK(pl_builder_finish(&e.m, b, NULL, NULL, NULL) == PL_OK);
	CHECK(pl_plan_clear(&e.p, e.m, &settings, NULL, NULL, NULL, NULL) == PL_OK);
	CHECK(e.p->outcome == PL_CLEARED);
	const pl_claim claim = pl_plan_claim(e.p);
	CHECK(pl_explain_new(&e.x, e.m, &claim, NULL) == PL_OK);
	return e;
}

static void end(planned *e)
{
	pl_explain_free(e->x);
	pl_plan_free(e->p);
	pl_model_free(e->m);
}

static int32_t find(pl_text ids, int32_t n, const char *id)
{
	for (int32_t i = 0; i < n; i++)
		if (strcmp(pl_text_at(ids, i), id) == 0) return i;
	return -1;
}

/// The part of a council (or of society's supply of a good); 0 where it has none.
static double part(const pl_causes *c, const planned *a, const planned *b, pl_cause_kind kind,
                   const char *id)
{
	for (int32_t k = 0; k < c->n; k++) {
		const bool gone = c->cause[k].after < 0;
		const pl_model *m = gone ? a->m : b->m;
		const pl_text ids = kind == PL_CAUSE_SUPPLY ? m->good.id : m->council.id;
		const int32_t i = gone ? c->cause[k].before : c->cause[k].after;
		if (c->cause[k].kind == kind && strcmp(pl_text_at(ids, i), id) == 0)
			return c->cause[k].credits;
	}
	return 0;
}

static double choice(const pl_causes *c)
{
	for (int32_t k = 0; k < c->n; k++)
		if (c->cause[k].kind == PL_CAUSE_CHOICE) return c->cause[k].credits;
	return 0;
}

static double total(const pl_causes *c)
{
	double sum = 0;
	for (int32_t k = 0; k < c->n; k++) sum += c->cause[k].credits;
	return sum;
}

/// What holds between any two years: parts sum, those that did not change have none, and
/// nearly nothing is nobody's change. @return causes of the price of a good
static pl_causes split(const planned *a, const planned *b, const char *id)
{
	pl_causes c;
	const int32_t g = find(a->m->good.id, a->m->n_goods, id);
	CHECK(pl_explain_difference(&c, a->x, b->x, g, NULL) == PL_OK);
	const double top = c.before > c.after ? c.before : c.after;
	CHECK_NEAR(total(&c), c.after - c.before, 1e-12 * top);
	CHECK_NEAR(choice(&c), 0, 1e-8 * top);
	return c;
}

static const char *const goods[] = {"hours", "land", "flour", "bread", "smoke", "toys"};
enum { GOODS = sizeof goods / sizeof *goods };

/// One change at a time, each of another kind: all of every difference is its.
static void whoever_alone_changed_has_all_of_it(void)
{
	year changed[7];
	static const char *const who[] = {"town", "home",   "hours", "bakery",
	                                  "mill", "bakery", "shop"};
	for (int k = 0; k < 7; k++) changed[k] = usual;
	changed[0].wanted = 30;
	changed[1].income = 420;
	changed[2].hours = 300;
	changed[3].effort = 0.9;
	changed[4].capacity = 55;
	changed[5].flour_used = 1.1;
	changed[6].shop = true;
	planned a = plan(usual);
	for (int k = 0; k < 7; k++) {
		planned b = plan(changed[k]);
		for (int g = 0; g < GOODS; g++) {
			pl_causes c = split(&a, &b, goods[g]);
			const pl_cause_kind kind = k == 2 ? PL_CAUSE_SUPPLY : PL_CAUSE_COUNCIL;
			const double top = c.before > c.after ? c.before : c.after;
			CHECK_NEAR(part(&c, &a, &b, kind, who[k]), c.after - c.before,
			           1e-8 * top);
			pl_causes_free(&c);
		}
		end(&b);
	}
	end(&a);
}

/// The way back is the way there with the other sign, part by part.
static void back_again_is_the_opposite(void)
{
	year other = {27, 350, 330, 0.6, 70, 0.9, true, false};
	static const char *const who[] = {"town", "home", "bakery", "mill", "shop"};
	planned a = plan(usual), b = plan(other);
	for (int g = 0; g < GOODS; g++) {
		pl_causes there = split(&a, &b, goods[g]), back = split(&b, &a, goods[g]);
		for (int k = 0; k < 5; k++)
			CHECK_NEAR(part(&there, &a, &b, PL_CAUSE_COUNCIL, who[k]),
			           -part(&back, &b, &a, PL_CAUSE_COUNCIL, who[k]),
			           1e-8 * (there.before + there.after));
		CHECK(part(&there, &a, &b, PL_CAUSE_COUNCIL, "carvers") == 0);
		CHECK(part(&there, &a, &b, PL_CAUSE_COUNCIL, "meadow") == 0);
		CHECK(part(&there, &a, &b, PL_CAUSE_SUPPLY, "land") == 0);
		pl_causes_free(&there);
		pl_causes_free(&back);
	}
	end(&a);
	end(&b);
}

/// Small changes: parts add up as if each had come alone.
static void small_changes_have_the_parts_that_they_have_alone(void)
{
	year both = usual, wanted = usual, income = usual;
	both.wanted = wanted.wanted = 20.01;
	both.income = income.income = 300.1;
	planned a = plan(usual), b = plan(both), w = plan(wanted), i = plan(income);
	for (int g = 0; g < GOODS; g++) {
		pl_causes c = split(&a, &b, goods[g]);
		const int32_t at = find(a.m->good.id, a.m->n_goods, goods[g]);
		const double p = a.p->price[at], by_town = w.p->price[at] - p,
		             by_home = i.p->price[at] - p;
		const double near = 1e-3 * (fabs(by_town) + fabs(by_home)) + 1e-9 * p;
		CHECK_NEAR(part(&c, &a, &b, PL_CAUSE_COUNCIL, "town"), by_town, near);
		CHECK_NEAR(part(&c, &a, &b, PL_CAUSE_COUNCIL, "home"), by_home, near);
		pl_causes_free(&c);
	}
	end(&a);
	end(&b);
	end(&w);
	end(&i);
}

static void the_order_of_tables_does_not_matter(void)
{
	year other = {27, 350, 330, 0.6, 70, 0.9, true, false}, turned = other;
	turned.turned = true;
	planned a = plan(usual), b = plan(other), t = plan(turned);
	pl_causes c = split(&a, &b, "bread"), d = split(&a, &t, "bread");
	static const char *const who[] = {"town", "home", "bakery", "mill", "shop"};
	for (int k = 0; k < 5; k++)
		CHECK_NEAR(part(&c, &a, &b, PL_CAUSE_COUNCIL, who[k]),
		           part(&d, &a, &t, PL_CAUSE_COUNCIL, who[k]), 1e-8 * c.after);
	pl_causes_free(&c);
	pl_causes_free(&d);
	end(&a);
	end(&b);
	end(&t);
}

static void the_same_plan_has_no_causes(void)
{
	planned a = plan(usual);
	for (int g = 0; g < GOODS; g++) {
		pl_causes c = split(&a, &a, goods[g]);
		CHECK(c.n == 0);
		pl_causes_free(&c);
	}
	end(&a);
}

/// More goods than a dense system should hold are refused with a sentence.
static void too_many_goods_are_refused(void)
{
	enum { N = PL_CAUSE_MOST + 1 };
	static double one[N];
	pl_builder *b;
	pl_model *m = NULL;
	pl_explain *x = NULL;
	pl_causes c;
	pl_error err;
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	for (int k = 0; k < N; k++) {
		char id[16];
		(void)snprintf(id, sizeof id, "%d", k);
		(void)good(b, id, PL_RESOURCE, 1);
		one[k] = 1;
	}
	const double none[PL_PARAM_SLOTS] = {NAN, NAN, NAN, NAN};
	const int32_t i = council(b, "town", PL_COMMUNITY, NAN, PL_S_request, none);
	put(b, i, "0", PL_WANTS, 1);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	const pl_claim claim = {.price = one, .quantity = one};
	CHECK(pl_explain_new(&x, m, &claim, NULL) == PL_OK);
	CHECK(pl_explain_difference(&c, x, x, 0, &err) == PL_EARG);
	CHECK(c.cause == NULL && strstr(err.msg, "2501") != NULL);
	pl_explain_free(x);
	pl_model_free(m);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	year other = usual;
	other.wanted = 25;
	planned a = plan(usual), b = plan(other);
	const int64_t alive = pl_alloc_alive;
	pl_status s = PL_ENOMEM;
	for (int grants = 0; s == PL_ENOMEM; grants++) {
		pl_causes c;
		pl_error err;
		pl_alloc_grants = grants;
		s = pl_explain_difference(&c, a.x, b.x, 0, &err);
		if (s == PL_OK) pl_causes_free(&c);
		CHECK(pl_alloc_alive == alive);
	}
	pl_alloc_grants = -1;
	CHECK(s == PL_OK);
	end(&a);
	end(&b);
}
#endif

/// Of any matrix, also where the first pivots are 0: a' x = b by its definition.
static void a_transposed_system_is_solved(void)
{
	enum { N = 7 };
	double a[N * N], kept[N * N], b[N], x[N];
	uint32_t state = 1;
	for (int k = 0; k < N * N; k++) {
		state = state * 1664525U + 1013904223U;
		a[k] = kept[k] = k % (N + 1) == 0 && k < 3 * N ? 0 : state / 4294967296.0 - 0.5;
	}
	for (int i = 0; i < N; i++) x[i] = b[i] = i - 2.5;
	pl_dense_solve_transposed(N, a, x);
	for (int j = 0; j < N; j++) {
		double sum = 0;
		for (int i = 0; i < N; i++) sum += kept[i * N + j] * x[i];
		CHECK_NEAR(sum, b[j], 1e-12);
	}
}

int main(void)
{
	RUN(a_transposed_system_is_solved);
	RUN(whoever_alone_changed_has_all_of_it);
	RUN(back_again_is_the_opposite);
	RUN(small_changes_have_the_parts_that_they_have_alone);
	RUN(the_order_of_tables_does_not_matter);
	RUN(the_same_plan_has_no_causes);
	RUN(too_many_goods_are_refused);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
