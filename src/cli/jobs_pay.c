/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_pay.c - a payroll by roles: pay an hour now and for effort, who gains, what it costs. */
#include "cli/jobs_pay.h"

#include "cli/help.h"
#include "cli/terminal.h"
#include "report/jobs.h"

#include <math.h>

enum { LINE = 600, SHOWN = 30 };

/// People of a role, or of all (-1).
typedef struct {
	int64_t people, gain;
	double hours, pay, for_effort, moved;
	double low, high; ///< pay an hour
} part;

static part part_of(const pl_work_files *f, int32_t role)
{
	part p = {.low = INFINITY, .high = -INFINITY};
	for (int64_t i = 0; i < f->n_pay; i++) {
		const pl_work_pay *x = &f->pay[i];
		if (role >= 0 && x->role != role) continue;
		p.people++;
		p.gain += x->for_effort > x->pay;
		p.hours += x->hours;
		p.pay += x->pay;
		p.for_effort += x->for_effort;
		p.moved += fmax(0, x->for_effort - x->pay);
		if (!(x->hours > 0)) continue;
		p.low = fmin(p.low, x->pay / x->hours);
		p.high = fmax(p.high, x->pay / x->hours);
	}
	return p;
}

static void say_all(const pl_work_files *f, const pl_jobs *j)
{
	char line[LINE], a[PL_HUMAN_CHARS], b[PL_HUMAN_CHARS], c[PL_HUMAN_CHARS];
	const part p = part_of(f, -1);
	(void)snprintf(line, sizeof line,
	               "of %s on the payroll, %s would go to others if it were paid by hours "
	               "and effort: %d of %d would get more",
	               pl_human(a, p.pay), pl_human_share(b, p.moved / p.pay, false),
	               (int)p.gain, (int)p.people);
	if (p.pay > 0) pl_help_sentence(stdout, line);
	if (p.high > p.low && p.low > 0) {
		(void)snprintf(line, sizeof line,
		               "an hour is paid from %s to %s now, %s times as much",
		               pl_human(a, p.low), pl_human(b, p.high),
		               pl_human(c, floor(p.high / p.low * 10 + 0.5) / 10));
		pl_help_sentence(stdout, line);
	}
	if (j->outcome <= PL_JOBS_NEAREST) {
		const double all = (double)j->learning / PL_WORK_HOUR;
		(void)snprintf(
		        line, sizeof line,
		        "in balanced jobs there are no such roles; the lessons that lead "
		        "there take %s hours, %s of the hours on the payroll",
		        pl_human(a, all), pl_human_share(b, all / p.hours, false));
		pl_help_sentence(stdout, line);
	}
}

void pl_jobs_pay_print(const pl_work_files *f, const pl_jobs *j)
{
	char a[PL_HUMAN_CHARS], b[PL_HUMAN_CHARS], c[PL_HUMAN_CHARS];
	if (f->n_pay == 0) return;
	putchar('\n');
	say_all(f, j);
	if (f->n_pay <= PL_JOBS_ALONE) return;
	putchar('\n');
	pl_term_print(stdout, pl_term_colour(stdout), PL_BOLD, "%-28s%8s%12s%14s%12s\n", "role",
	              "people", "pay an hour", "for effort", "change");
	for (int32_t r = 0; r < f->roles.n && r < SHOWN; r++) {
		const part p = part_of(f, r);
		pl_text_cell(stdout, pl_work_role(f, r), 28, false);
		printf("%8d", (int)p.people);
		pl_text_cell(stdout, pl_human(a, p.hours > 0 ? p.pay / p.hours : 0), 12, true);
		pl_text_cell(stdout, pl_human(b, p.hours > 0 ? p.for_effort / p.hours : 0), 14,
		             true);
		pl_text_cell(stdout,
		             p.pay > 0 ? pl_human_share(c, p.for_effort / p.pay - 1, true) : "",
		             12, true);
		putchar('\n');
	}
}

void pl_jobs_pay_json(pl_json *o, const pl_work_files *f)
{
	if (f->n_pay == 0) return;
	const part all = part_of(f, -1);
	pl_json_open_object(o, "pay");
	pl_json_put_number(o, "total", all.pay);
	pl_json_put_number(o, "moved", all.moved);
	pl_json_put_whole(o, "gain", all.gain);
	pl_json_put_whole(o, "people", all.people);
	pl_json_open_array(o, "roles");
	for (int32_t r = 0; r < f->roles.n; r++) {
		const part p = part_of(f, r);
		pl_json_open_object(o, NULL);
		pl_json_put_text(o, "role", pl_work_role(f, r));
		pl_json_put_whole(o, "people", p.people);
		pl_json_put_number(o, "hours", p.hours);
		pl_json_put_number(o, "pay", p.pay);
		pl_json_put_number(o, "pay_for_effort", p.for_effort);
		pl_json_close_object(o);
	}
	pl_json_close_array(o);
	pl_json_close_object(o);
}
