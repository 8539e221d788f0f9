/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* vote_count.h - an election as the command line wants it counted, and its result. */
#ifndef PL_CLI_VOTE_COUNT_H
#define PL_CLI_VOTE_COUNT_H
#include "cli/args.h"
#include "io/json.h"
#include "io/votes.h"
#include "io/votes_digest.h"

#include <jansson.h>
#include <plenum/vote.h>

typedef enum { PL_TIES_LISTED, PL_TIES_STAND, PL_TIES_LOT, PL_TIES } pl_ties;
const char *pl_ties_name(int ties); ///< "listed", "stand", "lot"

/// An election, how it is counted, and what came out. Begin with {0}.
typedef struct {
	const char *path;
	pl_election *e;
	pl_vote_settings s;
	pl_ties ties;
	int64_t seed;   ///< of the lot
	int32_t *order; ///< [n_options] the lot, options by precedence; NULL: none
	pl_vote_result *r;
	char digest[PL_VOTES_DIGEST]; ///< where the caller took it
} pl_vote_count;
void pl_vote_count_clear(pl_vote_count *c);

/// Read FILE and count it as the options say.
/// @return PL_OK, PL_ENOMEM, PL_EIO, PL_ENOTFOUND, PL_EPARSE, PL_EARG
pl_status pl_vote_count_args(pl_vote_count *c, const pl_args *a, const char *path,
                             pl_error *err);
/// The same as a JSON result says under "settings".
pl_status pl_vote_count_json(pl_vote_count *c, const pl_args *a, const char *path,
                             const json_t *settings, pl_error *err);

/// Print the settings as an object from which pl_vote_count_json counts the same.
void pl_vote_count_put(pl_json *j, const char *key, const pl_vote_count *c);

/// Id and name of an option.
const char *pl_vote_id(const pl_vote_count *c, int32_t option);
const char *pl_vote_called(const pl_vote_count *c, int32_t option);
/// Does the rule spend a budget?
bool pl_vote_spends(const pl_vote_count *c);
/// Money of the election as people read it: "1 250.50". @return out
enum { PL_VOTE_MONEY = 48 };
const char *pl_vote_money(char out[PL_VOTE_MONEY], const pl_vote_count *c, int64_t x);
/// The exit code of an outcome.
int pl_vote_code(const pl_vote_count *c);
#endif
