/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* names.h - text that is kept, and sets of names numbered in the order they were added.
 *
 * Both grow in two steps: `reserve` may fail and changes nothing that can be seen, `put`
 * cannot fail. So a caller reserves all that a row needs before it stores any of it. */
#ifndef PL_BASE_NAMES_H
#define PL_BASE_NAMES_H
#include <stdbool.h>
#include <stdint.h>

/// Strings one after another, each ended by NUL, known by the offset of their first byte.
/// Starts as {0}. Offset 0 is the empty string once anything was reserved.
typedef struct {
	char *bytes;
	int64_t used, room;
} pl_arena;

/// Room for strings of @p bytes bytes in all, the NULs included. @return false: no memory
bool pl_arena_reserve(pl_arena *a, int64_t bytes);
/// Copy a string into room that was reserved. @param s NULL is "" @return its offset
int64_t pl_arena_put(pl_arena *a, const char *s);
void pl_arena_clear(pl_arena *a); ///< frees the bytes, not a

/// Bytes that a string takes in an arena. @param s NULL is ""
int64_t pl_arena_cost(const char *s);

/// A place in the hash table: number of the name + 1, 0 where empty, and part of its hash.
typedef struct {
	int32_t number;
	uint32_t tag;
} pl_name_slot;

/// Names 0..n-1 in the order they were added; name i starts at text.bytes[at[i]]. Starts as
/// {0}. The table of slots only answers questions: nothing ever depends on its order, nor on
/// the key of its hash, which is drawn anew for each set so that no file can be made to slow it
/// down.
typedef struct {
	pl_arena text;
	int64_t *at; ///< [n]
	int32_t n;   ///< at most INT32_MAX - 1
	int64_t room;
	pl_name_slot *slot; ///< [n_slots], at most half of them taken
	int64_t n_slots;    ///< a power of two, or 0
	uint64_t key[2];    ///< drawn with the first slots
} pl_names;

/// Room for one more name. @return false: no memory, or INT32_MAX - 1 names are there
bool pl_names_reserve(pl_names *names, const char *name);
/// Add a name that is not yet there into room that was reserved. @return its number
int32_t pl_names_put(pl_names *names, const char *name);
/// @return number of the name, or -1; O(1) expected
int32_t pl_names_find(const pl_names *names, const char *name);
/// The same where the name may well be number @p guess or the one behind it, as in files whose
/// rows follow the order of another's. @param guess any number
int32_t pl_names_find_near(const pl_names *names, const char *name, int32_t guess);
/// A name will soon be looked for: bring nearer what that reads, first with @p soon false,
/// later with true. Tells and changes nothing, and any bytes will do. @param name [n]
void pl_names_expect(const pl_names *names, const char *name, int64_t n, bool soon);
void pl_names_clear(pl_names *names); ///< frees what it holds, not names
#endif
