/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where nodes and links stand: few crossings by the barycentre rule (K. Sugiyama, S. Tagawa and
 * M. Toda, IEEE Transactions on Systems, Man, and Cybernetics 11, 1981). */
#include "report/sankey.h"

enum { SWEEPS = 4 };
static const double widest_gap = 2; /* times the least gap, where there is room */

typedef struct {
	int first, n; ///< nodes of a column
	double value;
} column;

static column column_of(const pl_sankey *s, int c)
{
	column out = {0};
	for (int i = 0; i < s->n_nodes; i++) {
		if (s->node[i].column != c) continue;
		if (out.n++ == 0) out.first = i;
		out.value += s->node[i].value;
	}
	return out;
}

/// One scale for all columns, so that the fullest just fits.
static double scale_of(const pl_sankey *s, double height, double gap)
{
	double scale = -1;
	for (int c = 0; c < PL_SANKEY_COLUMNS; c++) {
		const column k = column_of(s, c);
		if (k.n == 0 || !(k.value > 0)) continue;
		const double fits = (height - gap * (k.n - 1)) / k.value;
		if (scale < 0 || fits < scale) scale = fits;
	}
	return scale > 0 ? scale : 0;
}

static void stack(pl_sankey *s, int c, double height, double gap, double scale)
{
	const column k = column_of(s, c);
	const double spare = height - k.value * scale - gap * (k.n - 1);
	double between = gap;
	if (k.n > 1 && spare > 0) between += spare / (k.n - 1);
	if (between > widest_gap * gap) between = widest_gap * gap;
	double at = (height - k.value * scale - between * (k.n - 1)) / 2;
	if (at < 0) at = 0;
	for (int i = k.first; i < k.first + k.n; i++) {
		s->node[i].top = at;
		s->node[i].height = s->node[i].value * scale;
		at += s->node[i].height + between;
	}
}

/// Mean place of a node's neighbours in the column before (@p step -1) or after it (1).
static double centre(const pl_sankey *s, int at, int step)
{
	double weight = 0, sum = 0;
	for (int k = 0; k < s->n_links; k++) {
		const pl_sankey_link *l = &s->link[k];
		const int own = step < 0 ? l->to : l->from, other = step < 0 ? l->from : l->to;
		if (own != at) continue;
		weight += l->value;
		sum += l->value * (s->node[other].top + s->node[other].height / 2);
	}
	return weight > 0 ? sum / weight : s->node[at].top;
}

static void swap_nodes(pl_sankey *s, int a, int b)
{
	const pl_sankey_node kept = s->node[a];
	s->node[a] = s->node[b];
	s->node[b] = kept;
	for (int k = 0; k < s->n_links; k++) {
		int *end[2] = {&s->link[k].from, &s->link[k].to};
		for (int e = 0; e < 2; e++)
			if (*end[e] == a || *end[e] == b) *end[e] = *end[e] == a ? b : a;
	}
}

/// Groups by where their neighbours stand, then the others, then what is special.
static void order(pl_sankey *s, int c, int step)
{
	const column k = column_of(s, c);
	for (int i = k.first + 1; i < k.first + k.n; i++)
		for (int j = i; j > k.first; j--) {
			const bool group = s->node[j].kind == PL_NODE_GROUP &&
			                   s->node[j - 1].kind == PL_NODE_GROUP;
			if (!group || centre(s, j - 1, step) <= centre(s, j, step)) break;
			swap_nodes(s, j - 1, j);
		}
}

/// Links leave and reach a node in the order in which their other ends stand.
static void place_links(pl_sankey *s, double scale)
{
	for (int k = 0; k < s->n_links; k++) {
		pl_sankey_link *l = &s->link[k];
		l->height = l->value * scale;
		l->top_from = s->node[l->from].top;
		l->top_to = s->node[l->to].top;
		for (int i = 0; i < s->n_links; i++) {
			const pl_sankey_link *o = &s->link[i];
			if (o->from == l->from && o->to < l->to)
				l->top_from += o->value * scale;
			if (o->to == l->to && o->from < l->from) l->top_to += o->value * scale;
		}
	}
}

void pl_sankey_lay_out(pl_sankey *s, double height, double gap)
{
	const double scale = scale_of(s, height, gap);
	for (int c = 0; c < PL_SANKEY_COLUMNS; c++) stack(s, c, height, gap, scale);
	for (int sweep = 0; sweep < SWEEPS; sweep++)
		for (int i = 1; i < PL_SANKEY_COLUMNS; i++) {
			const bool forth = sweep % 2 == 0;
			const int c = forth ? i : PL_SANKEY_COLUMNS - 1 - i;
			order(s, c, forth ? -1 : 1);
			stack(s, c, height, gap, scale);
		}
	place_links(s, scale);
}
