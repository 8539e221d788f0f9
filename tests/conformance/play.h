/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* play.h - a federation that is made up, and lives: people, councils, a season of rounds,
 * objections, ballots, an adopted plan, deliveries. */
#ifndef PL_TESTS_PLAY_H
#define PL_TESTS_PLAY_H
#include "app/app.h"
#include "base/random.h"

/// A federation; every number follows from the seed.
typedef struct play play;
struct play {
	pl_app *app;
	pl_random random;
	int64_t now; ///< seconds since 1970
	int people, workplaces, consumers, goods;
	int64_t season, vote;
	const char *rule;       ///< of seasons; NULL: fitted
	int64_t facts, refused; ///< requests that were recorded, and that were not
	pl_error err;           ///< of the last that was not
	/// What else happens before a season ends; NULL: nothing
	void (*also)(play *p);
	/// What does requests in place of pl_app_do; NULL: nothing
	pl_status (*through)(pl_reply *reply, play *p, const pl_request *r);
};

/// Ask for something that must go well; the process ends where it does not.
/// @return the number that the answer has under @p key, 0 where it is NULL
int64_t must(play *p, int64_t actor, const char *key, const char *op, const char *fmt, ...)
        __attribute__((format(printf, 5, 6)));
/// Ask for something that may be refused.
pl_status may(play *p, int64_t actor, const char *op, const char *fmt, ...)
        __attribute__((format(printf, 4, 5)));

/// Begin: people, councils of workers and of consumers, goods, recipes and wants. Person 1 is
/// the first facilitator; workplace w is council w + 1, whose delegate is person 2 + w;
/// consumers' councils follow, each with a delegate of its own.
/// What @p through and @p also are before stays.
void play_begin(play *p, pl_app *app, uint64_t seed, int people, int workplaces, int consumers);
/// One season: rounds, an objection with its answer and ruling, a vote, adoption, deliveries.
void play_season(play *p, int rounds, int deliveries);
/// So many requests at random: many are refused, and people may be erased or recalled, so that
/// nothing that must go well can follow.
void play_at_random(play *p, int n);
#endif
