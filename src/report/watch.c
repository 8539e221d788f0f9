/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* watch.c - a workplace's history in sentences. */
#include "report/watch.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *pl_watch_part(char out[PL_WATCH_PART], double part)
{
	const int tenths = isnan(part) ? 0 : (int)floor(part * 1000 + 0.5);
	if (isnan(part))
		(void)snprintf(out, PL_WATCH_PART, "-");
	else if (part < 0.1 && part > 0)
		(void)snprintf(out, PL_WATCH_PART, "%d.%d %%", tenths / 10, tenths % 10);
	else
		(void)snprintf(out, PL_WATCH_PART, "%d %%", (int)floor(part * 100 + 0.5));
	return out;
}

bool pl_watch_open(const pl_monitor *of)
{
	return of->people >= PL_MONITOR_PEOPLE;
}

static bool say_work(char line[PL_WATCH_LINE], const pl_watched *w, const pl_monitor *now)
{
	char a[PL_WATCH_PART], b[PL_WATCH_PART];
	const bool decisive = !isnan(now->decisive.top);
	(void)snprintf(line, PL_WATCH_LINE,
	               "in the %d periods up to \"%.40s\" a fifth of the workforce did %s of "
	               "the empowering work%s%s%s",
	               (int)(w->n < w->s.window ? w->n : w->s.window),
	               w->name(w->names, w->n - 1), pl_watch_part(a, now->empowering.top),
	               decisive ? ", and a fifth did " : "",
	               decisive ? pl_watch_part(b, now->decisive.top) : "",
	               decisive ? " of the decisive work" : "");
	return true;
}

/// What those who do the empowering work have of the meetings.
static bool say_voice(char line[PL_WATCH_LINE], const pl_monitor *now)
{
	static const char *const what[PL_VOICES] = {"of the minutes spoken", "of the proposals",
	                                            "of the votes won"};
	char a[PL_WATCH_PART];
	size_t used = (size_t)snprintf(
	        line, PL_WATCH_LINE, "those who do most of the empowering work, a fifth, have");
	bool some = false;
	for (int i = 0; i < PL_VOICES; i++) {
		if (isnan(now->ruled[i])) continue;
		used += (size_t)snprintf(line + used, PL_WATCH_LINE - used, "%s %s %s",
		                         some ? "," : "", pl_watch_part(a, now->ruled[i]),
		                         what[i]);
		some = true;
	}
	return some;
}

static void put_index(char out[PL_WATCH_PART], double index)
{
	const int cents = (int)floor(index * 100 + 0.5);
	(void)snprintf(out, PL_WATCH_PART, "%d.%02d", cents / 100, cents % 100);
}

/// How far that fifth is a class of its own, now and in the first period.
static bool say_class(char line[PL_WATCH_LINE], const pl_watched *w, const pl_monitor *now)
{
	char a[PL_WATCH_PART], b[PL_WATCH_PART];
	const pl_monitor *first = &w->period[0];
	if (isnan(now->class_index)) return false;
	put_index(a, now->class_index);
	const size_t used = (size_t)snprintf(
	        line, PL_WATCH_LINE,
	        "how far that fifth is a class of its own, from 0 (a fifth of such work and "
	        "of voice) to 1 (all of both): %s",
	        a);
	if (w->n < 2 || !pl_watch_open(first) || isnan(first->class_index)) return true;
	put_index(b, first->class_index);
	(void)snprintf(line + used, PL_WATCH_LINE - used, ", and %s in \"%.40s\"", b,
	               w->name(w->names, 0));
	return true;
}

static bool say_rotation(char line[PL_WATCH_LINE], const pl_monitor *now)
{
	char a[PL_WATCH_PART], b[PL_WATCH_PART];
	if (now->rotating == 0) return false;
	(void)snprintf(
	        line, PL_WATCH_LINE,
	        "%d %s also did work from the other side of the mean than most of "
	        "theirs, %s of all hours; that leaves %s of the imbalance there would be "
	        "without%s",
	        (int)now->rotating, now->rotating == 1 ? "person" : "people",
	        pl_watch_part(a, now->rotated), pl_watch_part(b, now->left),
	        now->tokenistic ? ": such rotation is a token, not balance" : "");
	return true;
}

static const double whole =
        0.8; /* four fifths of such work by a fifth: a class, not a tendency */

static bool say_alarm(char line[PL_WATCH_LINE], const pl_watched *w, const pl_monitor *now)
{
	char a[PL_WATCH_PART], b[PL_WATCH_PART];
	const pl_monitor *then = w->planned;
	const double most = fmax(now->empowering.top, now->decisive.top);
	if (!now->alarm) return false;
	(void)snprintf(line, PL_WATCH_LINE,
	               "ALARM: a fifth %s this workplace (the alarm stands at %s)%s%s%s",
	               most < whole ? "is on the way to running" : "runs",
	               pl_watch_part(a, w->s.alarm),
	               then != NULL ? "; the jobs below are the answer: with them a fifth has "
	                            : "",
	               then != NULL ? pl_watch_part(b, then->empowering.top) : "",
	               then == NULL  ? ""
	               : then->alarm ? " of the empowering work, which does not end the alarm"
	                             : " of the empowering work");
	return true;
}

static int learners(const pl_watched *w)
{
	int n = 0;
	for (int32_t m = 0; m < w->jobs->n_people; m++) {
		int64_t hours = 0;
		for (int64_t k = w->jobs->lesson_start[m]; k < w->jobs->lesson_start[m + 1];
		     k++)
			hours += w->w->learn[w->jobs->lesson[k]];
		n += hours > 0;
	}
	return n;
}

/// The plan behind the answer: who learns, what changes hands.
static bool say_answer(char line[PL_WATCH_LINE], const pl_watched *w, const pl_monitor *now)
{
	if (!now->alarm || w->planned == NULL) return false;
	const int people = learners(w);
	const double hour = PL_WORK_HOUR;
	size_t used = 0;
	if (people == 0)
		used = (size_t)snprintf(line, PL_WATCH_LINE, "nobody has to learn for them");
	else
		used = (size_t)snprintf(line, PL_WATCH_LINE,
		                        "for them %d %s lessons, %d hours in all", people,
		                        people == 1 ? "person takes" : "people take",
		                        (int)floor((double)w->jobs->learning / hour + 0.5));
	if (w->changed >= 0)
		(void)snprintf(line + used, PL_WATCH_LINE - used,
		               ", and %d hours of work pass to others than last period",
		               (int)floor((double)w->changed / hour + 0.5));
	return true;
}

bool pl_watch_next(char line[PL_WATCH_LINE], const pl_watched *w, int *next)
{
	enum { WORK, VOICE, CLASS, ROTATION, ALARM, ANSWER, SENTENCES };
	if (w->n == 0) return false;
	const pl_monitor *now = &w->period[w->n - 1];
	if (!pl_watch_open(now)) {
		(void)snprintf(line, PL_WATCH_LINE,
		               "fewer than five worked: how empowering work is shared is not "
		               "told, everyone would know of whom");
		return (*next)++ == 0;
	}
	bool some = false;
	while (!some && *next < SENTENCES) {
		const int which = (*next)++;
		some = which == WORK       ? say_work(line, w, now)
		       : which == VOICE    ? say_voice(line, now)
		       : which == CLASS    ? say_class(line, w, now)
		       : which == ROTATION ? say_rotation(line, now)
		       : which == ALARM    ? say_alarm(line, w, now)
		                           : say_answer(line, w, now);
	}
	return some;
}
