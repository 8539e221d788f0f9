/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "work/monitor.h"

#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

enum { SWEEP, MANAGE, TASKS };
enum { MOST = 2000 };
static const double scores[TASKS] = {2, 18};
static const bool decisive[TASKS] = {false, true};
static const double close = 1e-12;
static const int64_t hour = 1000;

typedef struct {
	pl_work_history h;
	pl_work_did did[MOST];
	pl_work_voice voice[MOST];
} story;

static story *story_new(int32_t periods, int32_t people, double mean)
{
	story *s = calloc(1, sizeof *s);
	if (s == NULL) abort();
	s->h = (pl_work_history){.n_periods = periods,
	                         .n_people = people,
	                         .n_tasks = TASKS,
	                         .empowerment = scores,
	                         .decisive = decisive,
	                         .mean = mean,
	                         .did = s->did,
	                         .voice = s->voice};
	return s;
}

static void did(story *s, int32_t period, int32_t person, int32_t task, int64_t hours)
{
	s->did[s->h.n_did++] = (pl_work_did){period, person, task, hours * hour};
}

static pl_monitor watched(const story *s, int32_t window)
{
	pl_monitor out[64];
	pl_monitor_settings settings = pl_monitor_preset();
	settings.window = window;
	CHECK(pl_work_watch(out, &s->h, &settings, NULL) == PL_OK);
	return out[s->h.n_periods - 1];
}

/* ---- concentration ---- */

enum { PEOPLE = 10 };

/* Its definition: the mean difference of all pairs over twice the mean. */
static double gini_by_pairs(const double *x, const double *w)
{
	double differ = 0, all_w = 0, all_x = 0;
	for (int i = 0; i < PEOPLE; i++) {
		all_w += w[i];
		all_x += x[i];
		for (int k = 0; k < PEOPLE; k++)
			differ += w[i] * w[k] * fabs(x[i] / w[i] - x[k] / w[k]);
	}
	return differ / (2 * all_w * all_x);
}

static void gini_is_the_mean_difference_of_all_pairs(void)
{
	pl_ranked order[PEOPLE];
	for (uint64_t seed = 1; seed <= 50; seed++) {
		pl_random r = pl_random_new(seed, 1);
		double x[PEOPLE], w[PEOPLE], part[PEOPLE], share = 0, all = 0, members = 0;
		for (int i = 0; i < PEOPLE; i++) {
			x[i] = (double)pl_random_below(&r, 4);
			w[i] = (double)pl_random_between(&r, 1, 3);
			all += w[i];
		}
		x[0] = 1;
		const pl_concentration c = pl_concentration_of(part, PEOPLE, x, w, order);
		CHECK_NEAR(c.gini, gini_by_pairs(x, w), close);
		double sum = 0;
		for (int i = 0; i < PEOPLE; i++) {
			members += part[i] * w[i];
			share += part[i] * x[i];
			sum += x[i];
		}
		CHECK_NEAR(members, all / 5, close);
		CHECK_NEAR(c.top, share / sum, close);
	}
}

static void equal_parts_are_a_fifth_and_no_gini(void)
{
	pl_ranked order[PEOPLE];
	double x[PEOPLE], w[PEOPLE];
	for (int i = 0; i < PEOPLE; i++) x[i] = 3 * (w[i] = i + 1);
	const pl_concentration c = pl_concentration_of(NULL, PEOPLE, x, w, order);
	CHECK_NEAR(c.gini, 0, close);
	CHECK_NEAR(c.top, 0.2, close);
}

static void all_in_one_hand_is_everything(void)
{
	pl_ranked order[PEOPLE];
	double x[PEOPLE] = {0}, w[PEOPLE];
	for (int i = 0; i < PEOPLE; i++) w[i] = 1;
	x[7] = 5;
	const pl_concentration c = pl_concentration_of(NULL, PEOPLE, x, w, order);
	CHECK_NEAR(c.gini, 0.9, close);
	CHECK_NEAR(c.top, 1, close);
	x[7] = 0;
	CHECK(isnan(pl_concentration_of(NULL, PEOPLE, x, w, order).top));
}

/* ---- tokens ---- */

/* A manager among `sweepers`; of 20 working days a month the manager sweeps some, and each time
 * one of the others manages. */
static pl_monitor manager_who_sweeps(int32_t sweepers, int64_t days)
{
	enum { MONTHS = 12, DAY = 8, WORKED = 20 };
	const double mean = (18.0 + 2.0 * sweepers) / (1 + sweepers);
	story *s = story_new(MONTHS, 1 + sweepers, mean);
	for (int32_t p = 0; p < MONTHS; p++) {
		did(s, p, 0, MANAGE, DAY * (WORKED - days));
		did(s, p, 0, SWEEP, DAY * days);
		for (int32_t m = 1; m <= sweepers; m++) {
			const int64_t mine = (p % sweepers == m - 1) ? days : 0;
			did(s, p, m, SWEEP, DAY * (WORKED - mine));
			did(s, p, m, MANAGE, DAY * mine);
		}
	}
	const pl_monitor w = watched(s, MONTHS);
	free(s);
	return w;
}

/* SC33, with one sweeper (the case in which a day means most) up to nine. */
static void a_day_of_sweeping_a_month_is_a_token(void)
{
	for (int32_t sweepers = 1; sweepers <= 9; sweepers++) {
		const pl_monitor none = manager_who_sweeps(sweepers, 0),
		                 token = manager_who_sweeps(sweepers, 1);
		CHECK(!none.tokenistic && none.rotating == 0);
		CHECK_NEAR(none.left, 1, close);
		CHECK(token.tokenistic);
		CHECK(token.imbalance >= 0.9 * none.imbalance - close);
		CHECK_NEAR(token.without, none.imbalance, 1e-9);
		CHECK_NEAR(token.left, token.imbalance / none.imbalance, 1e-9);
	}
}

static void days_enough_are_no_token(void)
{
	const pl_monitor some = manager_who_sweeps(4, 8);
	CHECK(some.rotating > 0 && !some.tokenistic);
	CHECK(some.left < 0.6);
}

static void rotation_in_turns_is_seen_over_the_whole_window(void)
{
	/* two people, in turns for a month each */
	story *s = story_new(12, 2, 10);
	for (int32_t p = 0; p < 12; p++) {
		did(s, p, p % 2, MANAGE, 100);
		did(s, p, 1 - p % 2, SWEEP, 100);
	}
	CHECK_NEAR(watched(s, 12).imbalance, 0, close);
	CHECK(!watched(s, 12).tokenistic && !watched(s, 12).alarm);
	CHECK_NEAR(watched(s, 1).imbalance, 8, close);
	CHECK_NEAR(watched(s, 1).empowering.gini, 0.5, close);
	CHECK(!watched(s, 1).alarm); /* nobody is a fifth of two */
	free(s);
}

/* ---- the alarm ---- */

static void a_fifth_with_all_the_decisions_raises_the_alarm(void)
{
	story *s = story_new(1, 10, 5.2);
	for (int32_t m = 0; m < 10; m++) did(s, 0, m, m < 2 ? MANAGE : SWEEP, 35);
	for (int32_t m = 0; m < 10; m++)
		s->voice[s->h.n_voice++] = (pl_work_voice){0, m, {m < 2 ? 30 : 5, m == 0, 0}};
	const pl_monitor w = watched(s, 12);
	CHECK(w.alarm);
	CHECK(w.people == 10 && w.hours == 350 * hour);
	CHECK_NEAR(w.empowering.top, 1, close);
	CHECK_NEAR(w.decisive.top, 1, close);
	CHECK_NEAR(w.empowering.gini, 0.8, close);
	CHECK_NEAR(w.ruled[PL_VOICE_MINUTES], 0.6, close);
	CHECK_NEAR(w.ruled[PL_VOICE_PROPOSALS], 1, close);
	CHECK(isnan(w.ruled[PL_VOICE_WON])); /* nothing was voted on */
	CHECK_NEAR(w.class_index, ((1 + 0.6 + 1) / 3 - 0.2) / 0.8, close);
	free(s);
}

static void jobs_of_the_same_mix_raise_none(void)
{
	story *s = story_new(1, 10, 5.2);
	for (int32_t m = 0; m < 10; m++) {
		did(s, 0, m, MANAGE, 7);
		did(s, 0, m, SWEEP, 28);
	}
	const pl_monitor w = watched(s, 12);
	CHECK(!w.alarm);
	CHECK_NEAR(w.class_index, 0, close);
	CHECK_NEAR(w.imbalance, 0, close);
	free(s);
}

static void order_of_rows_and_people_changes_nothing(void)
{
	pl_random r = pl_random_new(4, 1);
	story *a = story_new(8, 9, 6), *b = story_new(8, 9, 6);
	for (int i = 0; i < 300; i++)
		did(a, (int32_t)pl_random_below(&r, 8), (int32_t)pl_random_below(&r, 9),
		    (int32_t)pl_random_below(&r, TASKS), (int64_t)pl_random_below(&r, 9));
	for (int i = 300; i-- > 0;) {
		const pl_work_did *d = &a->did[i];
		did(b, d->period, 8 - d->person, d->task, d->hours / hour);
	}
	const pl_monitor x = watched(a, 3), y = watched(b, 3);
	CHECK(x.hours == y.hours && x.people == y.people && x.rotating == y.rotating);
	CHECK_NEAR(x.empowering.gini, y.empowering.gini, close);
	CHECK_NEAR(x.decisive.top, y.decisive.top, close);
	CHECK_NEAR(x.left, y.left, close);
	free(a);
	free(b);
}

static void what_lies_outside_is_refused(void)
{
	pl_monitor out[1];
	pl_error err = {0};
	story *s = story_new(1, 2, 5);
	did(s, 0, 2, SWEEP, 1);
	CHECK(pl_work_watch(out, &s->h, NULL, &err) == PL_EARG && err.where == 0);
	s->did[0] = (pl_work_did){0, 1, SWEEP, -1};
	CHECK(pl_work_watch(out, &s->h, NULL, &err) == PL_EARG);
	s->did[0].hours = 1;
	CHECK(pl_work_watch(out, &s->h, NULL, &err) == PL_OK);
	s->voice[s->h.n_voice++] = (pl_work_voice){0, 1, {(double)NAN, 0, 0}};
	CHECK(pl_work_watch(out, &s->h, NULL, &err) == PL_EARG);
	free(s);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	pl_monitor out[2];
	story *s = story_new(2, 2, 5);
	pl_status status = PL_ENOMEM;
	const int64_t alive = pl_alloc_alive;
	did(s, 1, 1, SWEEP, 1);
	for (int64_t grants = 0; status == PL_ENOMEM; grants++) {
		pl_alloc_grants = grants;
		status = pl_work_watch(out, &s->h, NULL, NULL);
		pl_alloc_grants = -1;
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
	free(s);
}
#endif

int main(void)
{
	RUN(gini_is_the_mean_difference_of_all_pairs);
	RUN(equal_parts_are_a_fifth_and_no_gini);
	RUN(all_in_one_hand_is_everything);
	RUN(a_day_of_sweeping_a_month_is_a_token);
	RUN(days_enough_are_no_token);
	RUN(rotation_in_turns_is_seen_over_the_whole_window);
	RUN(a_fifth_with_all_the_decisions_raises_the_alarm);
	RUN(jobs_of_the_same_mix_raise_none);
	RUN(order_of_rows_and_people_changes_nothing);
	RUN(what_lies_outside_is_refused);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
