/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* filesystem.c - is a file on this computer? A log in memory that several processes share, as
 * SQLite's write-ahead log needs it, does not work over a network. */
#include "store/store.h"

#ifdef __linux__
#include <stddef.h>
#include <sys/vfs.h>

/* Numbers of file systems, from the manual page statfs(2). */
static const struct {
	unsigned long type;
	const char *name;
} far_ones[] = {
        {0x6969, "NFS"},      {0x517b, "SMB"},      {0xff534d42, "CIFS"},
        {0xfe534d42, "SMB"},  {0x01021997, "9P"},   {0x5346414f, "AFS"},
        {0x00c36400, "Ceph"}, {0x73757245, "Coda"}, {0x65735546, "FUSE"},
};

const char *pl_store_far(const char *file)
{
	struct statfs about;
	if (statfs(file, &about) != 0) return NULL;
	for (size_t i = 0; i < sizeof far_ones / sizeof *far_ones; i++)
		if (((unsigned long)about.f_type & 0xffffffffUL) == far_ones[i].type)
			return far_ones[i].name;
	return NULL;
}
#else
const char *pl_store_far(const char *file)
{
	(void)file;
	return NULL;
}
#endif
