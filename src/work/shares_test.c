/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/pl_test.h"
/* after the harness */
#include "work/shares.h"
#include "work/test_workplace.h"

enum { PEOPLE = 3, TASKS = 4, NEED = 4, MOST = 20000 };

/* Hours of every person and task. */
typedef struct {
	int64_t a[PEOPLE][TASKS];
	double off; /* largest deviation */
} plan;

typedef struct {
	test_workplace t;
	pl_work_settings s;
	pl_deal *d;
	plan *plan; /* [n] all deals that may stand */
	int n;
	double best;
} case_of;

/* Some thousandths of an hour for each task, so that all deals can be listed. */
static void draw(case_of *c, uint64_t seed, bool equals)
{
	pl_random r = pl_random_new(seed, 3);
	test_workplace *t = &c->t;
	int64_t sum = 0, n = 0;
	*t = test_workplace_new(PEOPLE, TASKS);
	for (int32_t i = 0; i < TASKS; i++) {
		t->need[i] = pl_random_between(&r, 1, NEED);
		t->block[i] = pl_random_between(&r, 0, 3);
		t->learn[i] = -1;
		t->empowerment[i] = (double)pl_random_between(&r, 1, 20);
		t->desirability[i] = (double)pl_random_between(&r, 1, 20);
		sum += t->need[i];
	}
	for (int32_t m = 0; m < PEOPLE; m++) {
		t->hours[m] = m < PEOPLE - 1 ? sum / PEOPLE : sum - sum / PEOPLE * (PEOPLE - 1);
		t->learning[m] = equals ? 0 : m; /* nobody is the same as another, else */
		for (int32_t i = 0; i < TASKS; i++)
			if (equals || pl_random_unit(&r) < 0.8)
				t->skill[n++] =
				        (pl_work_skill){i, PL_WORK_ABLE, (double)NAN, 0};
		t->skill_start[m + 1] = n;
	}
	c->s = (pl_work_settings){.tasks_most = 2 + (int32_t)(seed % 2), .balance = true};
	(void)test_borrow(t, PEOPLE, TASKS);
	CHECK(pl_deal_new(&c->d, &t->w, &c->s, NULL) == PL_OK);
	if (c->d == NULL) abort();
}

static bool may_stand(const case_of *c, plan *p)
{
	const pl_deal *d = c->d;
	p->off = 0;
	for (int32_t m = 0; m < PEOPLE; m++) {
		int64_t sum = 0, held = 0;
		double x = 0, y = 0;
		for (int32_t i = 0; i < TASKS; i++) {
			const int64_t a = p->a[m][i];
			if (a == 0) continue;
			if (a < c->t.block[i] && a < c->t.need[i]) return false;
			if (!pl_bit(d->able->able, d->able->words, m, i)) return false;
			held++;
			sum += a;
			x += (double)a * d->x[i];
			y += (double)a * d->y[i];
		}
		if (held > c->s.tasks_most || sum != d->work[m]) return false;
		if (sum > 0) p->off = fmax(p->off, fmax(fabs(x), fabs(y)) / (double)sum);
	}
	return true;
}

/* All ways to share out all tasks, one after the other as a number with a digit for each person
 * but the last and each task. */
static void list(case_of *c)
{
	plan p = {.off = 0};
	c->plan = test_column(MOST, sizeof *c->plan);
	c->best = INFINITY;
	for (bool more = true; more;) {
		bool whole = true;
		for (int32_t i = 0; i < TASKS; i++) {
			p.a[PEOPLE - 1][i] = c->t.need[i] - p.a[0][i] - p.a[1][i];
			whole = whole && p.a[PEOPLE - 1][i] >= 0;
		}
		if (whole && may_stand(c, &p) && c->n < MOST) {
			c->plan[c->n++] = p;
			c->best = fmin(c->best, p.off);
		}
		more = false;
		for (int32_t k = 0; k < (PEOPLE - 1) * TASKS && !more; k++) {
			int64_t *digit = &p.a[k / TASKS][k % TASKS];
			more = ++*digit <= c->t.need[k % TASKS];
			if (!more) *digit = 0;
		}
	}
	CHECK(c->n < MOST);
}

static void end(case_of *c)
{
	pl_free(c->plan);
	pl_deal_free(c->d);
	test_workplace_free(&c->t);
	*c = (case_of){.n = 0};
}

static bool allows(const pl_shares *s, const plan *p, const int32_t *as)
{
	for (int32_t k = 0; k < s->n_pairs; k++) {
		const int64_t a = p->a[as[s->person[k]]][s->task[k]];
		const pl_share *h = &s->share[k];
		if (a == 0 ? h->is == PL_SHARE_SOME
		           : h->is == PL_SHARE_NONE || a < h->low || a > h->high)
			return false;
	}
	for (int32_t m = 0; m < PEOPLE; m++) {
		uint64_t set = 0;
		bool alive = s->hands[m].set == NULL;
		for (int32_t i = 0; i < TASKS; i++)
			if (p->a[as[m]][i] > 0) set |= UINT64_C(1) << i;
		for (int32_t i = 0; i < s->hands[m].alive; i++)
			alive = alive || s->hands[m].set[i] == set;
		if (!alive) return false;
	}
	return true;
}

static const int32_t themselves[PEOPLE] = {0, 1, 2};

/* Decide some shares as they are in a deal; all deals that agree must stay. */
static int follow_one(const case_of *c, pl_random *r)
{
	pl_shares *s = NULL;
	const plan *p = &c->plan[pl_random_below(r, (uint64_t)c->n)];
	CHECK(pl_shares_new(&s, c->d, NULL) == PL_OK);
	if (s == NULL) abort();
	s->brief = pl_random_below(r, 2) == 1;
	s->near = pl_random_unit(r) < 0.3 ? INFINITY : p->off + 1e-9 + pl_random_unit(r);
	bool fine = pl_shares_follow(s);
	bool *decided = test_column(s->n_pairs, sizeof *decided);
	for (int k = 0; k < 4 && fine; k++) {
		const int32_t pair = (int32_t)pl_random_below(r, (uint64_t)s->n_pairs);
		decided[pair] = true;
		fine = pl_shares_decide(s, pair, p->a[s->person[pair]][s->task[pair]] > 0) &&
		       pl_shares_follow(s);
	}
	CHECK(fine);
	int kept = 0, lost = 0;
	for (int i = 0; i < c->n; i++) {
		const plan *q = &c->plan[i];
		bool agrees = q->off < s->near;
		for (int32_t k = 0; k < s->n_pairs; k++) {
			const int32_t m = s->person[k], t = s->task[k];
			if (decided[k] && (p->a[m][t] > 0) != (q->a[m][t] > 0)) agrees = false;
		}
		if (!agrees) continue;
		kept++;
		lost += !allows(s, q, themselves);
	}
	CHECK(lost == 0);
	pl_free(decided);
	pl_shares_free(s);
	return kept;
}

static void no_deal_that_may_stand_is_ruled_out(void)
{
	int kept = 0;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		case_of c = {.n = 0};
		pl_random r = pl_random_new(seed, 5);
		draw(&c, seed, false);
		list(&c);
		for (int k = 0; k < 20 && c.n > 0; k++) kept += follow_one(&c, &r);
		end(&c);
	}
	CHECK(kept > 1000);
}

/* Is a deal still there on one side of a fork, in any order of people who are the same? */
static bool stays(const case_of *c, pl_shares *const *side, const plan *p)
{
	static const int32_t orders[][PEOPLE] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
	                                         {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
		bool same = true;
		for (int32_t m = 0; m < PEOPLE; m++)
			same = same && c->d->work[orders[k][m]] == c->d->work[m];
		for (int i = 0; i < 2 && same; i++)
			if (side[i] != NULL && allows(side[i], p, orders[k])) return true;
	}
	return false;
}

/* All deals on both sides of a fork. @return how many are there as they are */
static int count_left(const case_of *c, int32_t pair)
{
	pl_shares *side[2];
	int left = 0;
	for (int i = 0; i < 2; i++) {
		CHECK(pl_shares_new(&side[i], c->d, NULL) == PL_OK);
		if (side[i] == NULL) abort();
		side[i]->near = INFINITY;
		if (pl_shares_decide(side[i], pair, i == 1) && pl_shares_follow(side[i]))
			continue;
		pl_shares_free(side[i]);
		side[i] = NULL;
	}
	for (int i = 0; i < c->n; i++) {
		CHECK(stays(c, side, &c->plan[i]));
		for (int k = 0; k < 2; k++)
			if (side[k] != NULL && allows(side[k], &c->plan[i], themselves)) {
				left++;
				break;
			}
	}
	pl_shares_free(side[0]);
	pl_shares_free(side[1]);
	return left;
}

static void of_equal_people_one_order_stays(void)
{
	int all = 0, left = 0;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		case_of c = {.n = 0};
		draw(&c, seed, true);
		list(&c);
		for (int32_t pair = 0; pair < TASKS; pair++) {
			all += c.n;
			left += count_left(&c, pair);
		}
		end(&c);
	}
	printf("    %d of %d deals are left\n", left, all);
	CHECK(left >= all / 6 && left < all);
}

static void jobs_are_found_wherever_there_are_any(void)
{
	int some = 0, none = 0;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		case_of c = {.n = 0};
		pl_jobs *j = NULL;
		draw(&c, seed, false);
		list(&c);
		c.s.seed = 1;
		CHECK(pl_work_balance(&j, &c.t.w, &c.s, NULL) == PL_OK);
		if (j == NULL) abort();
		CHECK((j->outcome <= PL_JOBS_NEAREST) == (c.n > 0));
		if (c.n > 0) {
			CHECK(j->bound <= c.best + 1e-12 && j->worst >= c.best - 1e-12);
			CHECK(!j->proven || j->worst <= c.best + 0.0010001);
			some++;
		} else if (j->outcome == PL_JOBS_BLOCKS) {
			CHECK(j->proven && j->short_task >= 0);
			none++;
		}
		pl_jobs_free(j);
		end(&c);
	}
	printf("    %d workplaces have jobs, %d are proven to have none\n", some, none);
	CHECK(some >= 10 && none >= 5);
}

int main(void)
{
	RUN(no_deal_that_may_stand_is_ruled_out);
	RUN(of_equal_people_one_order_stays);
	RUN(jobs_are_found_wherever_there_are_any);
	return pl_test_failed;
}
