/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* behaviour.h - how simulated councils depart from the schedules of the tables. */
#ifndef PL_LAB_BEHAVIOUR_H
#define PL_LAB_BEHAVIOUR_H
#include <plenum/base.h>

typedef enum {
#define PL_BEHAVIOUR(id, word, preset, low, high, help) PL_B_##id,
#include "lab/behaviours.def"
#undef PL_BEHAVIOUR
	PL_BEHAVIOURS
} pl_behaviour_kind;

/// Strength of each behaviour, 0: absent. {0} is `declared`.
typedef struct pl_behaviour {
	double strength[PL_BEHAVIOURS];
} pl_behaviour;

/// Read NAME[:STRENGTH], several joined by +, such as `lots:0.1+noise:0.02`; the order does
/// not matter. Units of strengths: behaviours.def.
/// @return PL_OK; PL_EARG with a sentence, *out then unchanged
pl_status pl_behaviour_read(pl_behaviour *out, const char *text, pl_error *err);

typedef struct {
	const char *name, *word, *help;
	double preset, low, high;
} pl_behaviour_about;
extern const pl_behaviour_about pl_behaviours[PL_BEHAVIOURS];
#endif
