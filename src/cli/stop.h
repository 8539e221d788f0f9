/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* stop.h - Ctrl-C: the first asks for an end after the current step, the second ends at once.
 */
#ifndef PL_CLI_STOP_H
#define PL_CLI_STOP_H
#include <stdbool.h>

void pl_stop_listen(void);
/// Until pl_stop_listen the first ends at once too, with PL_EXIT_STOPPED: for long steps before
/// anything is written.
void pl_stop_at_once(void);
bool pl_stop_asked(void);
/// To end when asked is what this program is for: it did what was asked.
void pl_stop_met(void);
#endif
