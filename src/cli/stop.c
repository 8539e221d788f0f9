/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t asked;

static void note(int number)
{
	(void)number;
	asked = 1;
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
	return asked != 0;
}

void pl_stop_met(void)
{
	asked = 0;
}
