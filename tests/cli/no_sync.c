/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* no_sync.c - a disk that says it has what it has not, to be preloaded: with it, a test that
 * cuts the power must find losses, or it finds none anywhere. */
#include <unistd.h>

int fsync(int fd)
{
	(void)fd;
	return 0;
}

int fdatasync(int fildes)
{
	(void)fildes;
	return 0;
}
