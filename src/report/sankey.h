/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sankey.h - what flows from where to where, by value, in at most PL_SANKEY_LINKS links.
 *
 * Four columns: what nobody makes with the help of other goods (work, land, imports ...);
 * workplaces by what they mainly make; goods by category; people by community. What workplaces
 * make for each other leaves at the right and comes back in at the left, so that nothing runs
 * in a circle. In each inner node as much goes out as comes in (report-3). */
#ifndef PL_REPORT_SANKEY_H
#define PL_REPORT_SANKEY_H
#include "base/names.h"

#include <plenum/plan.h>

enum { PL_SANKEY_LINKS = 40, PL_SANKEY_COLUMNS = 4, PL_SANKEY_NAMED = 7 };

typedef enum {
	PL_NODE_GROUP,   ///< a category, a good, a community, a council
	PL_NODE_OTHERS,  ///< all smaller groups of its column
	PL_NODE_AGAIN,   ///< what workplaces make for each other, in the first and last column
	PL_NODE_SURPLUS, ///< first column: what workplaces make beyond the value they use
	PL_NODE_HELD,    ///< first column: goods in stock, or offered by people
	PL_NODE_LEFT,    ///< last column: what is left over, or was used up for nothing
	PL_NODE_PASS     ///< an inner column: goes by the workplaces, or by the goods too
} pl_node_kind;

enum { PL_SANKEY_NODES = 4 * (PL_SANKEY_NAMED + 1) + 7 };

typedef struct {
	pl_node_kind kind;
	int column;
	const char *name;   ///< of a group; "" for the other kinds
	int64_t members;    ///< groups in it
	double value;       ///< credits: the larger of what comes in and what goes out
	double top, height; ///< set by pl_sankey_lay_out
} pl_sankey_node;

typedef struct {
	int from, to;                    ///< nodes; to is in the next column
	double value;                    ///< credits, > 0
	double top_from, top_to, height; ///< set by pl_sankey_lay_out
} pl_sankey_link;

typedef struct {
	int n_nodes, n_links;
	pl_sankey_node node[PL_SANKEY_NODES]; ///< by column, then as they stand from the top
	pl_sankey_link link[PL_SANKEY_LINKS];
	double total;   ///< credits that flow through the picture, the largest column
	pl_names names; ///< what the names of categories point into
} pl_sankey;

/// @param price [n_goods] credits per unit
/// @return PL_OK (no links where nothing that flows has a price), PL_ENOMEM
pl_status pl_sankey_new(pl_sankey **out, const pl_model *m, const pl_plan *p,
                        const double *price, pl_error *err);
void pl_sankey_free(pl_sankey *s); ///< NULL allowed

/// Place nodes and links from 0 to @p height, at least @p gap between two nodes of a column.
/// Nodes of a column never overlap; a link's height is its value at one scale for all.
void pl_sankey_lay_out(pl_sankey *s, double height, double gap);
#endif
