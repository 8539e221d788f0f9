/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/stop.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

/* Not sig_atomic_t: the signal may come to another thread than the one that looks. */
static atomic_int asked;

static void note(int number)
{
	(void)number;
	atomic_store(&asked, 1);
}

/* SA_RESETHAND: the second signal finds the system's own way to end a program. */
void pl_stop_listen(void)
{
	struct sigaction act = {.sa_handler = note,
	                        .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
	(void)sigemptyset(&act.sa_mask);
	(void)sigaction(SIGINT, &act, NULL);
	(void)sigaction(SIGTERM, &act, NULL);
}

bool pl_stop_asked(void)
{
	return atomic_load(&asked) != 0;
}

void pl_stop_met(void)
{
	atomic_store(&asked, 0);
}
