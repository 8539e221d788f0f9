/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/stop.h"

#include "cli/args.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

/* Not sig_atomic_t: the signal may come to another thread than the one that looks. */
static atomic_int asked;

static void note(int number)
{
	(void)number;
	atomic_store(&asked, 1);
}

static void end(int number)
{
	static const char told[] = "stopped; nothing was written\n";
	(void)number;
	(void)!write(STDERR_FILENO, told, sizeof told - 1);
	_exit(PL_EXIT_STOPPED);
}

static void on_stop(void (*handler)(int))
{
	struct sigaction act = {.sa_handler = handler,
	                        .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
	(void)sigemptyset(&act.sa_mask);
	(void)sigaction(SIGINT, &act, NULL);
	(void)sigaction(SIGTERM, &act, NULL);
}

/* SA_RESETHAND: the second signal finds the system's own way to end a program. */
void pl_stop_listen(void)
{
	on_stop(note);
}

void pl_stop_at_once(void)
{
	on_stop(end);
	if (pl_stop_asked()) end(SIGINT);
}

bool pl_stop_asked(void)
{
	return atomic_load(&asked) != 0;
}

void pl_stop_met(void)
{
	atomic_store(&asked, 0);
}
