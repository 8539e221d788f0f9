/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_world.h - for the tests of this room (after tests/pl_test.h): economies of any size with
 * any amounts. Nothing in them need clear: pictures must hold for every plan. */
#ifndef PL_REPORT_TEST_WORLD_H
#define PL_REPORT_TEST_WORLD_H
#include "base/alloc.h"
#include "base/random.h"

#include <plenum/plan.h>

typedef struct {
	int goods, primary, workplaces, people, communities, categories;
	const char *name; ///< every name begins with it; "" for none
	uint64_t seed;
} world_size;

typedef struct {
	pl_model *m;
	pl_plan p;
} world;

static inline int32_t world_pick(pl_random *r, int n)
{
	return (int32_t)pl_random_below(r, (uint64_t)n);
}

static inline void world_goods(pl_builder *b, const world_size *w)
{
	char id[32], name[4096], category[64];
	int32_t at;
	for (int j = 0; j < w->goods; j++) {
		snprintf(id, sizeof id, "g%d", j);
		snprintf(name, sizeof name, "%s%s", w->name, w->name[0] != '\0' ? id : "");
		snprintf(category, sizeof category, "kind %d/part", j % (w->categories + 1));
		const bool primary = j < w->primary;
		const pl_good_row row = {id,
		                         name,
		                         w->name,
		                         w->categories > 0 ? category : "",
		                         primary ? PL_LABOUR : PL_PRODUCT,
		                         (double)NAN,
		                         100,
		                         (double)NAN,
		                         (double)NAN};
		CHECK(pl_builder_good(&at, b, &row, NULL) == PL_OK);
	}
}

static inline void world_link(pl_builder *b, int32_t council, int32_t good, pl_role role)
{
	CHECK(pl_builder_link(b, council, good, role, 1, (double)NAN, NULL) == PL_OK);
}

static inline void world_councils(pl_builder *b, const world_size *w, pl_random *r)
{
	const double none = (double)NAN;
	char id[32], name[4096];
	int32_t at;
	for (int i = 0; i < w->workplaces + w->people; i++) {
		const bool works = i < w->workplaces;
		snprintf(id, sizeof id, "c%d", i);
		snprintf(name, sizeof name, "%s%s", w->name, w->name[0] != '\0' ? id : "");
		const pl_council_row row = {id,
		                            name,
		                            works ? PL_WORKERS : PL_CONSUMERS,
		                            works || w->communities == 0 ? -1
		                                                         : i % w->communities,
		                            none,
		                            none,
		                            works ? PL_S_recipe : PL_S_request,
		                            {none, none, none, none}};
		CHECK(pl_builder_council(&at, b, &row, NULL) == PL_OK);
		/* Inputs stand before what is made of them, so that nothing runs in a circle.
		 */
		const int32_t made = w->primary + world_pick(r, w->goods - w->primary);
		if (works) world_link(b, at, made, PL_MAKES);
		for (int k = 0; k < 3; k++)
			world_link(b, at, world_pick(r, works ? made : w->goods),
			           works ? PL_USES : PL_WANTS);
	}
}

static inline double *world_column(int64_t n, pl_random *r, double scale)
{
	double *x = pl_alloc(n, sizeof *x);
	CHECK(x != NULL);
	for (int64_t i = 0; i < n; i++) x[i] = scale * pl_random_unit(r);
	return x;
}

static inline world world_of(world_size w)
{
	pl_builder *b;
	world out = {0};
	pl_random r = pl_random_new(w.seed, 0);
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	CHECK(pl_builder_about(b, w.name, w.name, w.name, NULL) == PL_OK);
	world_goods(b, &w);
	for (int c = 0; c < w.communities; c++) {
		char id[32];
		int32_t at;
		snprintf(id, sizeof id, "town %d", c);
		const pl_community_row row = {id, w.name, c == 0 ? -1 : 0, (double)NAN};
		CHECK(pl_builder_community(&at, b, &row, NULL) == PL_OK);
	}
	world_councils(b, &w, &r);
	pl_error err = {0};
	CHECK(pl_builder_finish(&out.m, b, NULL, NULL, &err) == PL_OK);
	if (out.m == NULL) {
		fprintf(stderr, "%s\n", err.msg);
		exit(1);
	}
	pl_plan *p = &out.p;
	p->n_goods = out.m->n_goods;
	p->n_councils = out.m->n_councils;
	p->n_links = out.m->n_links;
	p->price = world_column(p->n_goods, &r, 10);
	p->start_price = world_column(p->n_goods, &r, 10);
	p->supply = world_column(p->n_goods, &r, 1000);
	p->demand = world_column(p->n_goods, &r, 1000);
	p->imbalance = world_column(p->n_goods, &r, 1e-9);
	p->activity = world_column(p->n_councils, &r, 10);
	p->benefit = world_column(p->n_councils, &r, 1000);
	p->cost = world_column(p->n_councils, &r, 1000);
	p->ratio = world_column(p->n_councils, &r, 3);
	p->quantity = world_column(p->n_links, &r, 100);
	p->tolerance = 1e-9;
	p->worst_good = 0;
	return out;
}

static inline void world_free(world *w)
{
	double *column[] = {w->p.price,     w->p.start_price, w->p.supply,  w->p.demand,
	                    w->p.imbalance, w->p.activity,    w->p.benefit, w->p.cost,
	                    w->p.ratio,     w->p.quantity};
	for (size_t i = 0; i < sizeof column / sizeof column[0]; i++) pl_free(column[i]);
	pl_model_free(w->m);
}
#endif
