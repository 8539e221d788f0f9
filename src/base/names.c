/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/names.h"

#include "base/alloc.h"
#include "base/grow.h"

#include <assert.h>
#include <string.h>
#include <sys/random.h>

__extension__ typedef unsigned __int128 uint128;

enum { FIRST_SLOTS = 64 };

int64_t pl_arena_cost(const char *s)
{
	return s == NULL || s[0] == '\0' ? 0 : (int64_t)strlen(s) + 1;
}

bool pl_arena_reserve(pl_arena *a, int64_t bytes)
{
	const int64_t used = a->used > 0 ? a->used : 1;
	if (bytes > INT64_MAX - used) return false;
	if (used + bytes > a->room) {
		const int64_t room = pl_grow_room(a->room, used + bytes);
		char *longer = pl_grow(a->bytes, a->used, room, 1);
		if (longer == NULL) return false;
		a->bytes = longer;
		a->room = room;
	}
	a->used = used;
	return true;
}

int64_t pl_arena_put(pl_arena *a, const char *s)
{
	const int64_t cost = pl_arena_cost(s), at = a->used;
	if (cost == 0) return 0;
	assert(at > 0 && cost <= a->room - at);
	memcpy(a->bytes + at, s, (size_t)cost);
	a->used += cost;
	return at;
}

void pl_arena_clear(pl_arena *a)
{
	pl_free(a->bytes);
	*a = (pl_arena){0};
}

/// Both halves of the product: every bit of x reaches the low bits of the result.
static uint64_t mix(uint64_t x, uint64_t key)
{
	const uint128 product = (uint128)x * key;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/// Eight bytes a step, each step under a key that nobody outside knows, so that nobody can
/// make names that meet in one place. The last step takes the last eight bytes, of which some
/// may have been taken before; a shorter name goes byte by byte.
static uint64_t hash(const pl_names *names, const char *s, size_t n)
{
	uint64_t word = 0, h = names->key[0] ^ n;
	if (n < sizeof word) {
		for (size_t i = 0; i < n; i++) word = word << 8 | (unsigned char)s[i];
	} else {
		for (size_t i = 0; i + sizeof word < n; i += sizeof word) {
			memcpy(&word, s + i, sizeof word);
			h = mix(h ^ word, names->key[1]);
		}
		memcpy(&word, s + n - sizeof word, sizeof word);
	}
	return mix(mix(h ^ word, names->key[1]), names->key[0]);
}

/// Odd, so that no product loses bits. Where the system has no random bytes to give, two odd
/// constants: the answers are the same, only their speed could then be spoilt on purpose.
static void draw_key(pl_names *names)
{
	static const uint64_t fixed[2] = {0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F};
	if (getrandom(names->key, sizeof names->key, 0) != (ssize_t)sizeof names->key)
		memcpy(names->key, fixed, sizeof fixed);
	names->key[0] |= 1;
	names->key[1] |= 1;
}

/// Slot of a name: the one that holds it, else the empty one where it would go.
static int64_t slot_of(const pl_names *names, const char *name, uint64_t h)
{
	const uint64_t mask = (uint64_t)names->n_slots - 1;
	const uint32_t tag = (uint32_t)(h >> 32);
	uint64_t i = h & mask;
	for (;; i = (i + 1) & mask) {
		const pl_name_slot s = names->slot[i];
		if (s.number == 0) break;
		if (s.tag == tag &&
		    strcmp(names->text.bytes + names->at[s.number - 1], name) == 0)
			break;
	}
	return (int64_t)i;
}

static void fill_slot(pl_names *names, int32_t number)
{
	const char *name = names->text.bytes + names->at[number];
	const uint64_t h = hash(names, name, strlen(name));
	names->slot[slot_of(names, name, h)] = (pl_name_slot){number + 1, (uint32_t)(h >> 32)};
}

static bool reserve_slots(pl_names *names)
{
	if (2 * ((int64_t)names->n + 1) <= names->n_slots) return true;
	const int64_t n_slots = names->n_slots > 0 ? 2 * names->n_slots : FIRST_SLOTS;
	pl_name_slot *slot = pl_alloc(n_slots, sizeof *slot);
	if (slot == NULL) return false;
	if (names->slot == NULL) draw_key(names);
	pl_free(names->slot);
	names->slot = slot;
	names->n_slots = n_slots;
	for (int32_t i = 0; i < names->n; i++) fill_slot(names, i);
	return true;
}

bool pl_names_reserve(pl_names *names, const char *name)
{
	if (names->n >= INT32_MAX - 1) return false;
	if (!pl_arena_reserve(&names->text, pl_arena_cost(name))) return false;
	if (names->n >= names->room) {
		const int64_t room = pl_grow_room(names->room, (int64_t)names->n + 1);
		int64_t *at = pl_grow(names->at, names->n, room, sizeof *at);
		if (at == NULL) return false;
		names->at = at;
		names->room = room;
	}
	return reserve_slots(names);
}

int32_t pl_names_put(pl_names *names, const char *name)
{
	assert(names->n < names->room);
	const int32_t number = names->n++;
	names->at[number] = pl_arena_put(&names->text, name);
	fill_slot(names, number);
	return number;
}

int32_t pl_names_find(const pl_names *names, const char *name)
{
	if (names->n_slots == 0) return -1;
	return names->slot[slot_of(names, name, hash(names, name, strlen(name)))].number - 1;
}

int32_t pl_names_find_near(const pl_names *names, const char *name, int32_t guess)
{
	for (int32_t i = guess; i >= 0 && i < names->n && i - guess < 2; i++)
		if (strcmp(names->text.bytes + names->at[i], name) == 0) return i;
	return pl_names_find(names, name);
}

void pl_names_expect(const pl_names *names, const char *name, int64_t n, bool soon)
{
	if (names->n_slots == 0) return;
	const uint64_t h = hash(names, name, (size_t)n);
	const pl_name_slot *slot = &names->slot[h & ((uint64_t)names->n_slots - 1)];
	if (!soon)
		__builtin_prefetch(slot);
	else if (slot->number > 0)
		__builtin_prefetch(names->text.bytes + names->at[slot->number - 1]);
}

void pl_names_clear(pl_names *names)
{
	pl_arena_clear(&names->text);
	pl_free(names->at);
	pl_free(names->slot);
	*names = (pl_names){0};
}
