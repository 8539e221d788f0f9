/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* place.h - a file that appears under its name whole, or not at all, and replaces none. */
#ifndef PL_BASE_PLACE_H
#define PL_BASE_PLACE_H
#include <plenum/base.h>
#include <stddef.h>

/// Make an empty file beside @p path, for its owner alone, to be filled and then placed.
/// @param[out] part [room] its name: @p path with ".part-" and six letters
/// @return PL_OK; PL_EARG (the name is too long); PL_EIO with what the system said
pl_status pl_place_begin(char *part, size_t room, const char *path, pl_error *err);
/// Let a file appear as @p path once the disk has all of it; both are in one folder. What died
/// before this leaves @p part and nothing else. @return PL_OK, part is then gone; PL_ECONFLICT
/// where @p path is there, part then stays; PL_EIO with what the system said; where part is
/// gone
///         then, the file is there, and may not be after a cut of the power
pl_status pl_place_end(const char *part, const char *path, pl_error *err);
/// Bring the names in the folder of @p path to the disk. @return PL_OK, PL_EIO
pl_status pl_place_sync(const char *path, pl_error *err);
#endif
