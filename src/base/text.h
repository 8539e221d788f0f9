/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* text.h - UTF-8 and near misses, the same whatever locale the host has set; numbers come
 * along. */
#ifndef PL_BASE_TEXT_H
#define PL_BASE_TEXT_H
#include "base/number.h"

/// Offset of the first byte that is not valid UTF-8 (overlong forms, surrogates and numbers
/// above U+10FFFF are not), or -1.
int64_t pl_utf8_fault(const char *s, int64_t n);
/// Offset of the first control character (U+0000 to U+001F, U+007F to U+009F) of valid
/// UTF-8, or -1.
int64_t pl_utf8_control(const char *s, int64_t n);

enum { PL_BRIEF_CHARS = 80 };
/// A copy fit for a message: cut at 60 bytes on the border of a character, then "...".
const char *pl_text_brief(char out[PL_BRIEF_CHARS], const char *s);

/// Number of bytes to insert, delete, replace or swap with their neighbour that turn a into
/// b; anything above @p most gives most + 1. Words longer than 63 bytes count as far apart.
/// Source: G. Navarro, ACM Computing Surveys 33 (2001) 31-88, the optimal string alignment.
int pl_text_distance(const char *a, const char *b, int most);

/// The best of several candidates for "did you mean"; begin with *near = {0}.
typedef struct {
	const char *word; ///< borrowed; NULL while nothing is near
	int distance;
} pl_near;
/// Keep @p candidate if it is nearer to @p typed than what is there: at most one fault in
/// three bytes, and fewer than the candidate is long. Capitals count as small
/// letters.
void pl_near_offer(pl_near *near, const char *typed, const char *candidate);
enum { PL_HINT_CHARS = PL_BRIEF_CHARS + 24 };
/// " (did you mean "wheat"?)", or "" where nothing was near. @return out
const char *pl_near_hint(char out[PL_HINT_CHARS], const pl_near *near);

/// Bytes that grow. Begin with {0}; free with pl_bytes_free.
typedef struct {
	char *at;
	int64_t n, room;
} pl_bytes;
/// Room for @p more bytes behind the ones there. @return PL_OK, or PL_ENOMEM (b unchanged)
pl_status pl_bytes_reserve(pl_bytes *b, int64_t more);
pl_status pl_bytes_add(pl_bytes *b, const void *from, int64_t n);
void pl_bytes_free(pl_bytes *b);
#endif
