/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* demo_players.h - who plays a season that was made up: the delegates of councils. */
#ifndef PL_CLI_DEMO_PLAYERS_H
#define PL_CLI_DEMO_PLAYERS_H
#include "app/store.h"
#include "server/door.h"

enum { PL_PLAYERS_MOST = 64 };

/// Somebody who speaks for a council.
typedef struct {
	int64_t person, council;
	char kind[16], name[256]; ///< of the council
	char called[256];         ///< of the person
	char code[PL_CODE_CHARS]; ///< of their invitation; secret
} pl_player;

/// The delegates of so many councils: of neighbourhoods and workplaces in turn, as long as
/// there are both, in the order in which the councils were added; then the others.
/// @param out [PL_PLAYERS_MOST] @param n wanted
/// @return PL_OK; PL_ENOTFOUND where there are fewer
pl_status pl_players_find(pl_player *out, int64_t n, pl_store *s, pl_error *err);
#endif
