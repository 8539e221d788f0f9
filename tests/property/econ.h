/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* econ.h - small economies that a test can make, change and turn into a model.
 *
 * A pl_model is read only; these arrays are not. The answers of councils are written here a
 * second time, from the definitions in docs/economy-files.md, so that a test never compares
 * the planner with itself. Out of memory ends the test program. */
#ifndef PL_TESTS_PROPERTY_ECON_H
#define PL_TESTS_PROPERTY_ECON_H
#include <plenum/plan.h>

/// Numbers of a small, fixed generator (Vigna's splitmix64 constants): the same everywhere.
typedef struct {
	uint64_t state;
} econ_random;
econ_random econ_seed(uint64_t seed);
double econ_uniform(econ_random *r, double low, double high); ///< in [low, high)
int32_t econ_below(econ_random *r, int32_t n);                ///< 0 .. n-1, n > 0
bool econ_chance(econ_random *r, double probability);
/// One of a list of n numbers.
double econ_pick(econ_random *r, const double *list, int32_t n);
/// 0 .. n-1 in random order.
void econ_shuffle(econ_random *r, int32_t *order, int32_t n);

typedef struct {
	pl_good_kind kind;
	double price, supply;
} econ_good;
typedef struct {
	pl_schedule schedule;
	double income, param[PL_PARAM_SLOTS]; ///< NaN: not given
	int64_t first; ///< its first link; links stand in order of councils
} econ_council;
typedef struct {
	int32_t council, good;
	pl_role role;
	double amount, elasticity;
} econ_link;

/// Zero it before use: `econ e = {0}`.
typedef struct {
	econ_good *good;
	econ_council *council;
	econ_link *link;
	int32_t n_goods, n_councils;
	int64_t n_links;
	int64_t room_goods, room_councils, room_links;
} econ;

void econ_free(econ *e);
int32_t econ_add_good(econ *e, pl_good_kind kind, double price, double supply);
/// A council without income and with preset parameters.
int32_t econ_add_council(econ *e, pl_schedule schedule);
/// A link of the council added last; the amount as docs/economy-files.md reads it.
void econ_add_link(econ *e, int32_t good, pl_role role, double amount);
/// Council i of `from` with all its links, goods renamed by good_to (NULL: the same).
int32_t econ_add_copy(econ *e, const econ *from, int32_t i, const int32_t *good_to);
econ econ_copy(const econ *from);

int64_t econ_first(const econ *e, int32_t council); ///< first link; council may be n_councils
void *econ_array(int64_t n, size_t size);           ///< zeroed, never NULL; free with free()

/// The model of e; its links stand in e's order (checked). Ends the program if refused.
pl_model *econ_model(const econ *e);

/// What each council answers to prices > 0, by the definitions. Recipes without slope are
/// not asked: what `activity` holds for them is taken.
/// @param[in,out] activity [n_councils] z; output; units offered; NaN for consumers
/// @param[out] quantity [n_links] units, >= 0 except for a negative request
void econ_answer(const econ *e, const double *price, double *activity, double *quantity);
/// Surplus of council i as the value of its answer: revenue less costs, or utility less
/// spending, straight from the definition and not from a closed form in prices.
double econ_worth(const econ *e, int32_t i, const double *price, const double *quantity,
                  double activity);
/// The most that a cobb_douglas (at effort 1) or ces council makes of its inputs.
double econ_most(const econ *e, int32_t i, const double *quantity);
/// Supply (with endowments) and demand of each good.
void econ_totals(const econ *e, const double *quantity, double *supply, double *demand);
/// +1 where a link adds to supply, -1 where it adds to demand.
double econ_side(const econ_link *l);

/// e cleared from `start` (NULL: the goods' own prices); ends the program unless PL_OK.
pl_plan *econ_clear(const econ *e, const pl_settings *s, const double *start);
/// Does pl_plan_check accept the plan with all its columns? The reason goes to `why` if not.
bool econ_accepts(const econ *e, const pl_plan *p, double tolerance, char why[512]);
/// How much to try: 0 with the argument "few" (builds with sanitizers, which are slow), 2 where
/// the environment says PLENUM_LONG=1, else 1.
int econ_grid(int argc, char **argv);
#endif
