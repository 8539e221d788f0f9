/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* snapshot.h - a model and the blocks that it owns. */
#ifndef PL_MODEL_SNAPSHOT_H
#define PL_MODEL_SNAPSHOT_H
#include <plenum/model.h>

enum { PL_HELD = 40 }; ///< more than pl_model has arrays

/// Arrays of a pl_model are const; the blocks they lie in are kept here, to be freed.
typedef struct {
	pl_model m; ///< first, so that a pointer to it is a pointer to the snapshot
	int n_held;
	void *held[PL_HELD];
} pl_snapshot;

/// A zeroed block that the snapshot owns, or NULL.
void *pl_snapshot_alloc(pl_snapshot *s, int64_t n, size_t size);
/// Take over a block from pl_alloc. @return block
void *pl_snapshot_adopt(pl_snapshot *s, void *block);
#endif
