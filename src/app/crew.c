/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/crew.h"

#include "base/alloc.h"
#include "base/error.h"

#include <stdlib.h>

enum { DAY = 86400 };

static int by_time(const void *a, const void *b)
{
	const pl_crew_step *x = a, *y = b;
	return (x->time > y->time) - (x->time < y->time);
}

/// Changes in the order of time become levels; those of one moment become one.
static int64_t add_up(pl_crew_step *step, int64_t n)
{
	int64_t kept = 0, people = 0;
	for (int64_t i = 0; i < n; i++) {
		people += step[i].people;
		if (i + 1 < n && step[i + 1].time == step[i].time) continue;
		step[kept++] = (pl_crew_step){step[i].time, people};
	}
	return kept;
}

pl_status pl_crew_of(pl_crew *out, const pl_shift *shift, int64_t n, pl_error *err)
{
	*out = (pl_crew){0};
	pl_crew_step *step = pl_alloc(2 * n, sizeof *step);
	if (step == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %lld bookings", (long long)n);
	for (int64_t i = 0; i < n; i++) {
		step[2 * i] = (pl_crew_step){shift[i].begins, shift[i].people};
		step[2 * i + 1] = (pl_crew_step){shift[i].ends, -shift[i].people};
	}
	if (n > 0) qsort(step, 2 * (size_t)n, sizeof *step, by_time);
	out->n = add_up(step, 2 * n);
	out->step = step;
	return PL_OK;
}

void pl_crew_clear(pl_crew *c)
{
	pl_free(c->step);
	*c = (pl_crew){0};
}

int64_t pl_crew_most(const pl_crew *c, int64_t begins, int64_t ends, int64_t *when)
{
	int64_t most = 0, at = begins;
	for (int64_t i = 0; i < c->n && c->step[i].time < ends; i++) {
		if (i + 1 < c->n && c->step[i + 1].time <= begins) continue;
		if (c->step[i].people <= most) continue;
		most = c->step[i].people;
		at = c->step[i].time > begins ? c->step[i].time : begins;
	}
	if (when != NULL) *when = at;
	return most;
}

int64_t pl_crew_next(const pl_crew *c, int64_t from, int64_t length, int64_t most)
{
	for (int64_t i = 0; i + 1 < c->n && c->step[i].time < from + length; i++)
		if (c->step[i].people > most && c->step[i + 1].time > from)
			from = c->step[i + 1].time;
	return from;
}

int64_t pl_crew_next_day(const pl_crew *c, int64_t from, int64_t length, int64_t most)
{
	int64_t day = from + DAY;
	for (;;) {
		const int64_t free = pl_crew_next(c, day, length, most);
		if (free == day) return day;
		day += (free - day + DAY - 1) / DAY * DAY;
	}
}
