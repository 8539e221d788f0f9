/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/profile.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/random.h"

#include <math.h>

enum { COORDINATES = 2 };

/// Of the whole, as multiples of a hundredth: how large a first camp is, at least and at most.
enum { CAMP_LEAST = 50, CAMP_MOST = 60, MANY_LEAST = 55, MANY_MOST = 75, HUNDRED = 100 };

/// Utilities around the middle: by how much what is good or bad moves them, and chance does.
static const double middle = 0.5, camp_reach = 0.4, mild_reach = 0.08, strong_reach = 0.45,
                    camp_noise = 0.1, noise = 0.04;

static const char *const names[PL_CULTURES] = {"impartial", "spatial", "polarised",
                                               "intense-minority"};

const char *pl_culture_name(int culture)
{
	return culture >= 0 && culture < PL_CULTURES ? names[culture] : NULL;
}

pl_status pl_profile_new(pl_profile **out, int32_t voters, int32_t options, pl_error *err)
{
	*out = NULL;
	pl_profile *p = pl_alloc(1, sizeof *p);
	if (p == NULL) goto nomem;
	p->voters = voters;
	p->options = options;
	p->utility = pl_alloc((int64_t)voters * options, sizeof *p->utility);
	p->order = pl_alloc(options, sizeof *p->order);
	if (p->utility == NULL || p->order == NULL) goto nomem;
	*out = p;
	return PL_OK;
nomem:
	pl_profile_free(p);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for %lld voters", (long long)voters);
}

void pl_profile_free(pl_profile *p)
{
	if (p == NULL) return;
	pl_free(p->utility);
	pl_free(p->order);
	pl_free(p);
}

/// Set a utility, cut to what there is between nothing and everything.
static void set(pl_profile *p, int32_t voter, int32_t option, double u)
{
	const double cut = u < 0 ? 0 : u > 1 ? 1 : u;
	p->utility[(int64_t)voter * p->options + option] =
	        (int32_t)floor(cut * PL_UTILITY_MOST + 0.5);
}

static void draw_impartial(pl_profile *p, pl_random *r)
{
	for (int64_t k = 0; k < (int64_t)p->voters * p->options; k++)
		p->utility[k] = (int32_t)pl_random_between(r, 0, PL_UTILITY_MOST);
}

/// The options' points are drawn again for each voter from a copy of their stream.
static void draw_spatial(pl_profile *p, pl_random *r)
{
	const pl_random places = pl_random_new(pl_random_bits(r), 0);
	for (int32_t v = 0; v < p->voters; v++) {
		double at[COORDINATES];
		for (int k = 0; k < COORDINATES; k++) at[k] = pl_random_normal(r);
		pl_random o = places;
		for (int32_t i = 0; i < p->options; i++) {
			double square = 0;
			for (int k = 0; k < COORDINATES; k++) {
				const double apart = pl_random_normal(&o) - at[k];
				square += apart * apart;
			}
			set(p, v, i, 1 / (1 + sqrt(square)));
		}
	}
}

/// A first camp for which an option is worth middle + first * value, and a second for which it
/// is worth middle - second * value; values are uniform in -1 .. 1.
static void draw_camps(pl_profile *p, pl_random *r, int64_t in_first, double first,
                       double second, double chance)
{
	const pl_random values = pl_random_new(pl_random_bits(r), 0);
	for (int32_t v = 0; v < p->voters; v++) {
		const bool is_first = v < in_first;
		pl_random o = values;
		for (int32_t i = 0; i < p->options; i++) {
			const double value = 2 * pl_random_unit(&o) - 1;
			const double luck = chance * (2 * pl_random_unit(r) - 1);
			set(p, v, i, middle + (is_first ? first : -second) * value + luck);
		}
	}
}

static int64_t draw_share(const pl_profile *p, pl_random *r, int least, int most)
{
	return (p->voters * pl_random_between(r, least, most) + HUNDRED / 2) / HUNDRED;
}

static void draw_order(pl_profile *p, pl_random *r)
{
	for (int32_t i = 0; i < p->options; i++) {
		const int64_t j = pl_random_between(r, 0, i);
		p->order[i] = p->order[j];
		p->order[j] = i;
	}
}

void pl_profile_draw(pl_profile *p, pl_culture culture, uint64_t seed, int64_t which)
{
	pl_random r = pl_random_new(seed, (uint64_t)which * PL_CULTURES + (uint64_t)culture);
	draw_order(p, &r);
	switch (culture) {
	case PL_CULTURE_SPATIAL:
		draw_spatial(p, &r);
		break;
	case PL_CULTURE_POLARISED:
		draw_camps(p, &r, draw_share(p, &r, CAMP_LEAST, CAMP_MOST), camp_reach,
		           camp_reach, camp_noise);
		break;
	case PL_CULTURE_INTENSE:
		draw_camps(p, &r, draw_share(p, &r, MANY_LEAST, MANY_MOST), mild_reach,
		           strong_reach, noise);
		break;
	default:
		draw_impartial(p, &r);
		break;
	}
}
