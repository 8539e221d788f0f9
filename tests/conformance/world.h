/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* world.h - a record in memory with a federation that lives, and what is looked at in it. */
#ifndef PL_TESTS_WORLD_H
#define PL_TESTS_WORLD_H
#include "app/look.h"
#include "play.h"
#include "store/store.h"
#include "tests/pl_test.h"

#include <jansson.h>

typedef struct {
	pl_store *store;
	pl_app *app;
	play p;
} world;

/// An empty record. @param key of which it is signed; and of what is drawn by chance
static inline void world_open(world *w, unsigned char key)
{
	const unsigned char seed[PL_KEY_SEED] = {key};
	pl_error err = {0};
	CHECK(pl_store_memory(&w->store, &err) == PL_OK);
	CHECK(pl_app_new(&w->app, w->store, seed, &err) == PL_OK);
	w->p = (play){.app = w->app, .random = pl_random_new(key, 0), .now = 1800000000};
}

/// A record that its first person has begun, with so many people.
static inline void world_found(world *w, unsigned char key, int people)
{
	char hex[PL_HASH_CHARS];
	world_open(w, key);
	pl_app_key(hex, w->app);
	must(&w->p, 0, NULL, "record.begin", "{\"title\":\"t\",\"key\":\"%s\"}", hex);
	for (int i = 2; i <= people; i++) must(&w->p, 1, NULL, "person.add", "{}");
}

/// Everything that was recorded can be done again, with the same result; then it is gone.
static inline void world_end(world *w)
{
	pl_error err = {0};
	pl_findings found;
	pl_store *scratch;
	CHECK(pl_store_memory(&scratch, &err) == PL_OK);
	CHECK(pl_app_verify(&found, w->store, scratch, NULL, &err) == PL_OK);
	if (found.first_bad != 0) fprintf(stderr, "%s\n", found.reason);
	CHECK(found.first_bad == 0);
	pl_store_close(scratch);
	pl_app_free(w->app);
	pl_store_close(w->store);
}

/// @return the view, or NULL with *st
static inline json_t *world_see(const world *w, int64_t actor, const char *path,
                                const char *after, pl_status *st)
{
	const pl_look look = {.actor = actor, .now = w->p.now, .path = path, .after = after};
	pl_error err = {0};
	char *text;
	*st = pl_app_look(&text, w->store, &look, &err);
	CHECK((*st == PL_OK) == (text != NULL) && (*st == PL_OK || err.msg[0] != '\0'));
	json_t *json = text == NULL ? NULL : json_loads(text, 0, NULL);
	free(text);
	return json;
}

/// Does a view hold these words?
static inline bool world_holds(const world *w, int64_t actor, const char *path,
                               const char *words)
{
	pl_status st;
	json_t *json = world_see(w, actor, path, NULL, &st);
	char *text = json_dumps(json, JSON_ENCODE_ANY);
	const bool found = text != NULL && strstr(text, words) != NULL;
	free(text);
	json_decref(json);
	return found;
}
#endif
