/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two passes over all flows: the first finds the groups with the largest value in each column,
 * the second adds everything up between those few. Then the smallest groups are merged until
 * no more than PL_SANKEY_LINKS links are left. */
#include "report/sankey.h"

#include "base/alloc.h"
#include "base/error.h"
#include "report/top.h"

#include <string.h>

enum {
	PLACES = PL_SANKEY_NAMED + 1, /* of a column: named groups, then all others */
	AGAIN_IN = 4 * PLACES,
	SURPLUS,
	HELD,
	PASS_1,
	PASS_2,
	AGAIN_OUT,
	LEFT,
	PLACES_IN_ALL,
	FEW_CATEGORIES = 3, /* with fewer, each good stands for itself */
	CATEGORY_ROOM = 256
};
static const double speck = 1e-7; /* share of all that flows below which it is rounding */

/// Who belongs to which group. Groups of goods: the categories, then each good by itself; of
/// people: the communities, then each council by itself.
typedef struct {
	const pl_model *m;
	const pl_plan *p;
	const double *price;
	int32_t n_categories, n_groups[PL_SANKEY_COLUMNS];
	uint8_t *made;       ///< [n_goods] a workplace that uses something makes it
	int32_t *of_good;    ///< [n_goods] its group
	int32_t *of_council; ///< [n_councils] workplaces that use something: group of their
	                     ///< main product; other workplaces: -1; people: their group
	double *worth[PL_SANKEY_COLUMNS]; ///< [n_groups] credits
	int8_t *place[PL_SANKEY_COLUMNS]; ///< [n_groups] 0..PL_SANKEY_NAMED in its column
} survey;

typedef struct {
	double flow[PLACES_IN_ALL][PLACES_IN_ALL]; ///< credits
	int64_t members[4 * PLACES];
	int32_t group[4 * PLACES]; ///< of a named place
} matrix;

/* ---- who belongs where ---- */

/// The part of a category before its first slash. @return false: it has none
static bool top_category(char out[CATEGORY_ROOM], const char *category)
{
	const size_t n = strcspn(category, "/");
	const size_t kept = n < CATEGORY_ROOM - 1 ? n : CATEGORY_ROOM - 1;
	memcpy(out, category, kept);
	out[kept] = '\0';
	return kept > 0;
}

static pl_status find_categories(survey *v, pl_names *names, pl_error *err)
{
	char name[CATEGORY_ROOM];
	for (int32_t j = 0; j < v->m->n_goods; j++) {
		v->of_good[j] = -1;
		if (!top_category(name, pl_text_at(v->m->good.category, j))) continue;
		int32_t at = pl_names_find(names, name);
		if (at < 0 && !pl_names_reserve(names, name))
			return pl_fail(err, PL_ENOMEM, -1, "no memory for the report");
		if (at < 0) at = pl_names_put(names, name);
		v->of_good[j] = at;
	}
	v->n_categories = names->n;
	for (int32_t j = 0; j < v->m->n_goods; j++)
		if (v->of_good[j] < 0 || v->n_categories < FEW_CATEGORIES)
			v->of_good[j] = v->n_categories + j;
	return PL_OK;
}

static bool uses_something(const survey *v, int32_t council)
{
	const pl_model *m = v->m;
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++)
		if (m->link.role[k] == PL_USES) return true;
	return false;
}

/// What a workplace mainly makes, by value.
static int32_t main_product(const survey *v, int32_t council)
{
	const pl_model *m = v->m;
	int32_t best = -1;
	double most = -1;
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++) {
		const int32_t j = m->link.good[k];
		const double worth = v->price[j] * v->p->quantity[k];
		if (m->link.role[k] != PL_MAKES) continue;
		v->made[j] = 1;
		if (worth > most) {
			most = worth;
			best = j;
		}
	}
	return best;
}

/// The part of the tree of communities, one step below its root, that a council belongs to.
static int32_t people_of(const survey *v, int32_t council)
{
	const pl_model *m = v->m;
	int32_t c = m->council.community[council];
	if (c < 0) return m->n_communities + council;
	const int32_t *parent = m->community.parent;
	while (parent[c] >= 0 && parent[parent[c]] >= 0) c = parent[c];
	return c;
}

static void find_groups(survey *v)
{
	for (int32_t i = 0; i < v->m->n_councils; i++) {
		v->of_council[i] = -1;
		if (v->m->council.kind[i] != PL_WORKERS) {
			v->of_council[i] = people_of(v, i);
		} else if (uses_something(v, i)) {
			const int32_t j = main_product(v, i);
			if (j >= 0) v->of_council[i] = v->of_good[j];
		}
	}
}

/* ---- flows ---- */

/// A place of a column; @p m NULL: the group's worth is only added up.
static double *cell(const survey *v, matrix *x, int from, int32_t group, int to)
{
	return &x->flow[from * PLACES + v->place[from][group]][to];
}

static void add_worth(survey *v, int column, int32_t group, double value)
{
	v->worth[column][group] += value;
}

/// One link of a council. @p x NULL: only the worth of its groups is added up.
static void add_link(survey *v, matrix *x, int32_t council, int64_t k)
{
	const int32_t j = v->m->link.good[k], good = v->of_good[j],
	              own = v->of_council[council];
	const double value = v->price[j] * v->p->quantity[k];
	const int role = v->m->link.role[k];
	const int from = v->made[j] ? 2 : 0; /* column of the good */
	if (own < 0 || !(value > 0) || role == PL_OFFERS) return;
	if (x == NULL) {
		add_worth(v, role == PL_WANTS ? 3 : 1, own, role == PL_USES ? 0 : value);
		if (role != PL_MAKES) add_worth(v, from, good, value);
		return;
	}
	if (role == PL_WANTS) {
		const int to = 3 * PLACES + v->place[3][own];
		*cell(v, x, from, good, from == 2 ? to : PASS_1) += value;
		x->flow[PASS_1][PASS_2] += from == 2 ? 0 : value;
		x->flow[PASS_2][to] += from == 2 ? 0 : value;
	} else if (role == PL_MAKES) {
		*cell(v, x, 1, own, 2 * PLACES + v->place[2][good]) += value;
	} else if (from == 2) {
		x->flow[AGAIN_IN][PLACES + v->place[1][own]] += value;
		*cell(v, x, 2, good, AGAIN_OUT) += value;
	} else {
		*cell(v, x, 0, good, PLACES + v->place[1][own]) += value;
	}
}

static void add_links(survey *v, matrix *x)
{
	for (int32_t i = 0; i < v->m->n_councils; i++)
		for (int64_t k = v->m->link.start[i]; k < v->m->link.start[i + 1]; k++)
			add_link(v, x, i, k);
}

/// The largest groups of a column get a place of their own.
static void choose(survey *v, matrix *x, int column)
{
	pl_top largest = {.most = PL_SANKEY_NAMED};
	for (int32_t g = 0; g < v->n_groups[column]; g++) {
		v->place[column][g] = PL_SANKEY_NAMED;
		if (v->worth[column][g] > 0) pl_top_offer(&largest, g, v->worth[column][g]);
	}
	for (int k = 0; k < largest.n; k++) {
		v->place[column][largest.index[k]] = (int8_t)k;
		x->group[column * PLACES + k] = largest.index[k];
		x->members[column * PLACES + k] = 1;
	}
	x->members[column * PLACES + PL_SANKEY_NAMED] = pl_top_others(&largest);
}

/* ---- balance ---- */

static double total_in(const matrix *x, int at)
{
	double sum = 0;
	for (int i = 0; i < PLACES_IN_ALL; i++) sum += x->flow[i][at];
	return sum;
}

static double total_out(const matrix *x, int at)
{
	double sum = 0;
	for (int i = 0; i < PLACES_IN_ALL; i++) sum += x->flow[at][i];
	return sum;
}

/// What makes up the difference in each place of workplaces and goods.
static void balance(matrix *x, double least)
{
	for (int at = PLACES; at < 3 * PLACES; at++) {
		const double more = total_out(x, at) - total_in(x, at);
		const bool works = at < 2 * PLACES;
		if (more > least && works) {
			x->flow[SURPLUS][at] += more;
		} else if (more > least) {
			x->flow[HELD][PASS_1] += more;
			x->flow[PASS_1][at] += more;
		} else if (more < -least && works) {
			x->flow[at][PASS_2] -= more;
			x->flow[PASS_2][LEFT] -= more;
		} else if (more < -least) {
			x->flow[at][LEFT] -= more;
		}
	}
}

/// Drop what is rounding. @return what counts as rounding from here on
static double clean(matrix *x)
{
	double all = 0;
	for (int i = 0; i < PLACES_IN_ALL; i++)
		for (int j = 0; j < PLACES_IN_ALL; j++) all += x->flow[i][j];
	for (int i = 0; i < PLACES_IN_ALL; i++)
		for (int j = 0; j < PLACES_IN_ALL; j++)
			if (x->flow[i][j] <= speck * all) x->flow[i][j] = 0;
	return speck * all;
}

static int count_links(const matrix *x)
{
	int n = 0;
	for (int i = 0; i < PLACES_IN_ALL; i++)
		for (int j = 0; j < PLACES_IN_ALL; j++) n += x->flow[i][j] > 0;
	return n;
}

static int named_places(const matrix *x, int column)
{
	int n = 0;
	for (int k = 0; k < PL_SANKEY_NAMED; k++) n += x->members[column * PLACES + k] > 0;
	return n;
}

/// Has a column names to spare? What goes in keeps one, the others keep two.
static bool spares_names(const matrix *x, int column)
{
	return named_places(x, column) > (column == 0 ? 1 : 2);
}

/// Merge the smallest named place into the others of its column; columns with few names keep
/// theirs as long as others have more.
static void merge_smallest(matrix *x)
{
	int smallest = -1;
	bool spare = false;
	double least = 0;
	for (int c = 0; c < PL_SANKEY_COLUMNS; c++) spare = spare || spares_names(x, c);
	for (int at = 0; at < PL_SANKEY_COLUMNS * PLACES; at++) {
		const double value = total_in(x, at) + total_out(x, at);
		const bool kept = spare && !spares_names(x, at / PLACES);
		if (at % PLACES == PL_SANKEY_NAMED || x->members[at] == 0 || kept) continue;
		if (smallest < 0 || value < least) {
			smallest = at;
			least = value;
		}
	}
	const int others = smallest / PLACES * PLACES + PL_SANKEY_NAMED;
	for (int i = 0; i < PLACES_IN_ALL; i++) {
		x->flow[others][i] += x->flow[smallest][i];
		x->flow[smallest][i] = 0;
	}
	for (int i = 0; i < PLACES_IN_ALL; i++) {
		x->flow[i][others] += x->flow[i][smallest];
		x->flow[i][smallest] = 0;
	}
	x->members[others] += x->members[smallest];
	x->members[smallest] = 0;
}

/// Merge until few enough links are left, then balance for good.
static void reduce(matrix *x)
{
	const double least = clean(x);
	for (;;) {
		matrix tried = *x;
		balance(&tried, least);
		if (count_links(&tried) <= PL_SANKEY_LINKS) {
			*x = tried;
			return;
		}
		merge_smallest(x);
	}
}

/* ---- nodes and links ---- */

static const char *group_name(const survey *v, const pl_names *names, int column, int32_t group)
{
	const pl_model *m = v->m;
	const int32_t own = group - (column == 3 ? m->n_communities : v->n_categories);
	if (own < 0)
		return column == 3 ? pl_text_at(m->community.name, group)[0] != '\0'
		                             ? pl_text_at(m->community.name, group)
		                             : pl_text_at(m->community.id, group)
		                   : names->text.bytes + names->at[group];
	const char *name = pl_text_at(column == 3 ? m->council.name : m->good.name, own);
	return name[0] != '\0' ? name
	                       : pl_text_at(column == 3 ? m->council.id : m->good.id, own);
}

static pl_sankey_node node_of(const survey *v, const pl_names *names, const matrix *x, int at)
{
	static const struct {
		pl_node_kind kind;
		int column;
	} special[] = {{PL_NODE_AGAIN, 0}, {PL_NODE_SURPLUS, 0}, {PL_NODE_HELD, 0},
	               {PL_NODE_PASS, 1},  {PL_NODE_PASS, 2},    {PL_NODE_AGAIN, 3},
	               {PL_NODE_LEFT, 3}};
	const double in = total_in(x, at), out = total_out(x, at);
	pl_sankey_node n = {.name = "", .value = in > out ? in : out};
	if (at >= AGAIN_IN) {
		n.kind = special[at - AGAIN_IN].kind;
		n.column = special[at - AGAIN_IN].column;
		return n;
	}
	n.column = at / PLACES;
	n.members = x->members[at];
	n.kind = at % PLACES == PL_SANKEY_NAMED ? PL_NODE_OTHERS : PL_NODE_GROUP;
	if (n.kind == PL_NODE_GROUP) n.name = group_name(v, names, n.column, x->group[at]);
	return n;
}

/// From the matrix to nodes by column and the links between them.
static void fill(pl_sankey *s, const survey *v, const matrix *x)
{
	int number[PLACES_IN_ALL];
	double column_total[PL_SANKEY_COLUMNS] = {0};
	for (int column = 0; column < PL_SANKEY_COLUMNS; column++)
		for (int at = 0; at < PLACES_IN_ALL; at++) {
			const pl_sankey_node n = node_of(v, &s->names, x, at);
			if (n.column != column || !(n.value > 0)) continue;
			number[at] = s->n_nodes;
			s->node[s->n_nodes++] = n;
			column_total[column] += n.value;
		}
	for (int i = 0; i < PLACES_IN_ALL; i++)
		for (int j = 0; j < PLACES_IN_ALL; j++)
			if (x->flow[i][j] > 0)
				s->link[s->n_links++] =
				        (pl_sankey_link){.from = number[i],
				                         .to = number[j],
				                         .value = x->flow[i][j]};
	for (int column = 0; column < PL_SANKEY_COLUMNS; column++)
		if (column_total[column] > s->total) s->total = column_total[column];
}

/* ---- all ---- */

static void survey_clear(survey *v)
{
	pl_free(v->made);
	pl_free(v->of_good);
	pl_free(v->of_council);
	for (int c = 0; c < PL_SANKEY_COLUMNS; c++) {
		pl_free(v->worth[c]);
		pl_free(v->place[c]);
	}
}

static pl_status survey_columns(survey *v, pl_error *err)
{
	const pl_model *m = v->m;
	for (int c = 0; c < PL_SANKEY_COLUMNS; c++) {
		v->n_groups[c] = c == 3 ? m->n_communities + m->n_councils
		                        : v->n_categories + m->n_goods;
		v->worth[c] = pl_alloc(v->n_groups[c], sizeof **v->worth);
		v->place[c] = pl_alloc(v->n_groups[c], sizeof **v->place);
		if (v->worth[c] == NULL || v->place[c] == NULL)
			return pl_fail(err, PL_ENOMEM, -1, "no memory for the report");
	}
	return PL_OK;
}

static pl_status survey_new(survey *v, pl_names *names, pl_error *err)
{
	const pl_model *m = v->m;
	v->made = pl_alloc(m->n_goods, sizeof *v->made);
	v->of_good = pl_alloc(m->n_goods, sizeof *v->of_good);
	v->of_council = pl_alloc(m->n_councils, sizeof *v->of_council);
	if (v->made == NULL || v->of_good == NULL || v->of_council == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the report");
	PL_TRY(find_categories(v, names, err));
	PL_TRY(survey_columns(v, err));
	find_groups(v);
	return PL_OK;
}

pl_status pl_sankey_new(pl_sankey **out, const pl_model *m, const pl_plan *p,
                        const double *price, pl_error *err)
{
	*out = NULL;
	survey v = {.m = m, .p = p, .price = price};
	pl_sankey *s = pl_alloc(1, sizeof *s);
	matrix *x = pl_alloc(1, sizeof *x);
	pl_status status = PL_ENOMEM;
	if (s == NULL || x == NULL)
		status = pl_fail(err, PL_ENOMEM, -1, "no memory for the report");
	else
		status = survey_new(&v, &s->names, err);
	if (status == PL_OK) {
		add_links(&v, NULL);
		for (int c = 0; c < PL_SANKEY_COLUMNS; c++) choose(&v, x, c);
		add_links(&v, x);
		reduce(x);
		fill(s, &v, x);
		*out = s;
	} else {
		pl_sankey_free(s);
	}
	survey_clear(&v);
	pl_free(x);
	return status;
}

void pl_sankey_free(pl_sankey *s)
{
	if (s == NULL) return;
	pl_names_clear(&s->names);
	pl_free(s);
}
