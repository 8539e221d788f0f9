/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/sankey.h"

#include "tests/pl_test.h"

#include "report/test_world.h"

enum { HIGH = 500, GAP = 20, WORLDS = 60 };

/// Worlds from one good to many, with and without categories and communities.
static world_size size_of(int i)
{
	return (world_size){.goods = 2 + i * i / 4,
	                    .primary = 1 + i % 7 * (i > 10),
	                    .workplaces = 1 + i * 2,
	                    .people = 1 + i,
	                    .communities = i % 3 == 0 ? 0 : i % 13,
	                    .categories = i % 4 == 0 ? 0 : i % 11,
	                    .name = "",
	                    .seed = (uint64_t)i};
}

static void each_world(void (*look)(const world *w, pl_sankey *s))
{
	for (int i = 0; i < WORLDS; i++) {
		world w = world_of(size_of(i));
		pl_sankey *s;
		CHECK(pl_sankey_new(&s, w.m, &w.p, w.p.price, NULL) == PL_OK);
		pl_sankey_lay_out(s, HIGH, GAP);
		look(&w, s);
		pl_sankey_free(s);
		world_free(&w);
	}
}

static void look_at_size(const world *w, pl_sankey *s)
{
	(void)w;
	CHECK(s->n_links > 0 && s->n_links <= PL_SANKEY_LINKS);
	CHECK(s->n_nodes > 1 && s->n_nodes <= PL_SANKEY_NODES);
	for (int k = 0; k < s->n_links; k++) {
		CHECK(s->link[k].value > 0);
		CHECK(s->node[s->link[k].to].column == s->node[s->link[k].from].column + 1);
	}
}

static void links_are_few_and_go_one_column_to_the_right(void)
{
	each_world(look_at_size);
}

static void look_at_balance(const world *w, pl_sankey *s)
{
	(void)w;
	for (int i = 0; i < s->n_nodes; i++) {
		double in = 0, out = 0;
		for (int k = 0; k < s->n_links; k++) {
			if (s->link[k].to == i) in += s->link[k].value;
			if (s->link[k].from == i) out += s->link[k].value;
		}
		const int column = s->node[i].column;
		CHECK_NEAR(s->node[i].value, in > out ? in : out, 1e-9 * s->total);
		if (column == 1 || column == 2) CHECK_NEAR(in, out, 1e-5 * s->total);
		CHECK((column > 0 || in == 0) && (column < 3 || out == 0));
	}
}

static void what_goes_into_an_inner_node_comes_out_again(void)
{
	each_world(look_at_balance);
}

/* The definition: what people get is the value of all their wants. */
static void look_at_people(const world *w, pl_sankey *s)
{
	double wanted = 0, shown = 0;
	for (int64_t k = 0; k < w->m->n_links; k++)
		if (w->m->link.role[k] == PL_WANTS)
			wanted += w->p.price[w->m->link.good[k]] * w->p.quantity[k];
	for (int i = 0; i < s->n_nodes; i++)
		if (s->node[i].column == 3 &&
		    (s->node[i].kind == PL_NODE_GROUP || s->node[i].kind == PL_NODE_OTHERS))
			shown += s->node[i].value;
	CHECK_NEAR(shown, wanted, 1e-5 * s->total);
}

static void people_get_the_value_of_what_they_want(void)
{
	each_world(look_at_people);
}

static void look_at_places(const world *w, pl_sankey *s)
{
	(void)w;
	for (int i = 0; i < s->n_nodes; i++) {
		const pl_sankey_node *n = &s->node[i];
		CHECK(n->top >= -1e-9 && n->top + n->height <= HIGH + 1e-9);
		const bool last = i + 1 == s->n_nodes || s->node[i + 1].column != n->column;
		if (!last) CHECK(s->node[i + 1].top >= n->top + n->height + GAP - 1e-9);
	}
}

static void nodes_never_overlap_and_stay_inside(void)
{
	each_world(look_at_places);
}

static bool meet(double a, double a_high, double b, double b_high)
{
	return a < b + b_high - 1e-9 && b < a + a_high - 1e-9;
}

static void look_at_ends(const world *w, pl_sankey *s)
{
	(void)w;
	for (int k = 0; k < s->n_links; k++) {
		const pl_sankey_link *l = &s->link[k];
		const pl_sankey_node *from = &s->node[l->from], *to = &s->node[l->to];
		const double slack = 1e-5 * HIGH;
		CHECK(l->top_from >= from->top - slack && l->top_to >= to->top - slack);
		CHECK(l->top_from + l->height <= from->top + from->height + slack);
		CHECK(l->top_to + l->height <= to->top + to->height + slack);
		for (int i = 0; i < k; i++) {
			const pl_sankey_link *o = &s->link[i];
			if (o->from == l->from)
				CHECK(!meet(o->top_from, o->height, l->top_from, l->height));
			if (o->to == l->to)
				CHECK(!meet(o->top_to, o->height, l->top_to, l->height));
		}
	}
}

static void links_fill_the_sides_of_their_nodes_side_by_side(void)
{
	each_world(look_at_ends);
}

static void nothing_flows_where_nothing_has_a_price(void)
{
	world w = world_of(size_of(12));
	pl_sankey *s;
	double *nothing = pl_alloc(w.m->n_goods, sizeof *nothing);
	CHECK(pl_sankey_new(&s, w.m, &w.p, nothing, NULL) == PL_OK);
	pl_free(nothing);
	pl_sankey_lay_out(s, HIGH, GAP);
	CHECK(s->n_links == 0 && s->n_nodes == 0);
	pl_sankey_free(s);
	world_free(&w);
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	world w = world_of(size_of(13));
	const int64_t alive = pl_alloc_alive;
	pl_status status = PL_ENOMEM;
	for (int64_t grants = 0; grants < 100 && status != PL_OK; grants++) {
		pl_sankey *s;
		pl_alloc_grants = grants;
		status = pl_sankey_new(&s, w.m, &w.p, w.p.price, NULL);
		pl_alloc_grants = -1;
		CHECK(status == PL_OK || s == NULL);
		pl_sankey_free(s);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
	world_free(&w);
#endif
}

int main(void)
{
	RUN(links_are_few_and_go_one_column_to_the_right);
	RUN(what_goes_into_an_inner_node_comes_out_again);
	RUN(people_get_the_value_of_what_they_want);
	RUN(nodes_never_overlap_and_stay_inside);
	RUN(links_fill_the_sides_of_their_nodes_side_by_side);
	RUN(nothing_flows_where_nothing_has_a_price);
	RUN(every_allocation_may_fail);
	return pl_test_failed;
}
