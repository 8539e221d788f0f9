/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* end.h - the last proposals as a web of workplaces and goods, and parts of them that fit.
 *
 * A plan made of proposals is a part u of each workplace, 0 <= u <= 1, and a part c of what
 * consumers want of each good. It fits if for every good but free ones
 *
 *     fixed + sum of u net  >=  c wanted
 *
 * with net what a workplace makes less what it uses, and fixed what is there without anybody's
 * work: held, offered, in stock.
 *
 * What wants c need is found from below: nobody works; then makers work as much as is needed
 * for the wants and for those who work already; and so on. Makers who need each other come to
 * what they need, instead of starving each other as they would if each were given its part of
 * what the others make. */
#ifndef PL_ROUNDS_END_H
#define PL_ROUNDS_END_H
#include "num/scatter.h"

#include <plenum/rounds.h>

/// Passes over a web with fewer links of workplaces run on one thread: they are short, and
/// there are thousands of them.
enum { PL_WEB_PAR_MIN = 65536 };

typedef struct {
	const pl_frame *frame;
	const double *price;    ///< [n_goods]
	const double *quantity; ///< [n_links] as proposed
	const double *stock;    ///< [n_goods] or NULL
	int32_t n_works;
	int32_t *council; ///< [n_works] workplaces
	double *ratio;    ///< [n_works] value made over value used; +inf where nothing is used
	int64_t *in_start, *out_start; ///< [n_works + 1]
	int32_t *in_good, *out_good;   ///< net inputs and outputs, not of free goods
	double *in, *out;              ///< units > 0
	double *fixed;                 ///< [n_goods] units there without work
	double *wanted;                ///< [n_goods] units consumers ask for; 0 of free goods
	double *made;                  ///< [n_goods] units net makers make together
	double *before;  ///< [outputs] units that makers of higher ratio make, or NULL
	double order;    ///< 0: all makers of a good work to the same part; 1: in the order of
	                 ///< their ratios; between: between
	bool roots;      ///< pl_web_kept counts the root of the part kept of each good
	double *use;     ///< [n_goods] scratch: units workplaces use
	double *level;   ///< [n_goods] scratch: part of `made` that is needed
	pl_scatter *sum; ///< scratch
} pl_web;

/// Is a pass over it worth a team of threads?
static inline bool pl_web_is_large(const pl_web *w)
{
	return w->in_start[w->n_works] >= PL_WEB_PAR_MIN;
}

/// Parts of a web.
typedef struct {
	double *u; ///< [n_works]
	double *c; ///< [n_goods] 1 where nothing is wanted
} pl_web_parts;

/// @param stock [n_goods] units, or NULL
/// @return PL_OK, PL_ENOMEM
pl_status pl_web_new(pl_web **out, const pl_frame *frame, const double *price,
                     const double *quantity, const double *stock, pl_error *err);
void pl_web_free(pl_web *w); ///< NULL allowed
pl_status pl_web_parts_new(pl_web_parts **out, const pl_web *w, pl_error *err); ///< all 1
void pl_web_parts_free(pl_web_parts *p); ///< NULL allowed

/// Order makers of each good by their ratios, the highest first, so that `order` may be > 0.
/// @return PL_OK, PL_ENOMEM
pl_status pl_web_by_ratio(pl_web *w, pl_error *err);
/// Units of each good that workplaces use at parts u, into w->use.
void pl_web_use(pl_web *w, const double *u);
/// Units left over of each good at these parts; < 0: missing. @param[out] left [n_goods]
void pl_web_left(double *left, pl_web *w, const pl_web_parts *p);
/// Do they fit, up to rounding? @param left [n_goods] scratch
bool pl_web_fits(double *left, pl_web *w, const pl_web_parts *p);

/// The least u that makes what c asks for, from below; above 1 where proposals do not suffice.
/// @param[out] share [n_goods] what there can be of the good over what is needed; +inf where
///             nothing is; 0 where makers need more of each other than they make
void pl_web_need(double *share, pl_web *w, pl_web_parts *p);

/// Parts by "everyone who asks for a short good, or for what is made of it, gets the same part
/// of it", makers being asked in the web's order. The order is 0 afterwards if cuts do not come
/// to an end in it.
/// @return PL_OK, PL_ENOMEM
pl_status pl_end_share(pl_web_parts *p, pl_web *w, pl_error *err);
/// Parts that keep the most of what consumers ask for, as pl_web_kept counts, if the planner
/// finds them; they fit only nearly where it does not come to an end.
/// @param near_best part of the value that may be missed
/// @param[out] found false: p is as it was
/// @return PL_OK, PL_ENOMEM
pl_status pl_end_best(bool *found, pl_web_parts *p, const pl_web *w, double near_best,
                      pl_error *err);
/// Give back what was cut without need: parts that fit become parts that fit and are no lower.
/// @return PL_OK, PL_ENOMEM
pl_status pl_end_give_back(pl_web_parts *p, pl_web *w, pl_error *err);
/// Value kept of all that consumers ask for, credits; where roots count, each good's value
/// times the root of the part kept of it.
double pl_web_kept(const pl_web *w, const pl_web_parts *p);
#endif
