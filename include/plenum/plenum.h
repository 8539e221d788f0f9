/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* plenum.h - the public API: one header a room. */
#ifndef PL_PLENUM_H
#define PL_PLENUM_H
#include <plenum/base.h>
#include <plenum/explain.h>
#include <plenum/model.h>
#include <plenum/plan.h>
#include <plenum/rounds.h>
#include <plenum/vote.h>
#include <plenum/work.h>
#endif
