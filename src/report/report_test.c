/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/report.h"

#include "tests/pl_test.h"

#include "report/test_world.h"

#include <locale.h>

enum { ROOM = 2000000, NAME_LONG = 3000 };

static const world_size some = {.goods = 120,
                                .primary = 20,
                                .workplaces = 150,
                                .people = 60,
                                .communities = 60,
                                .categories = 40,
                                .name = "",
                                .seed = 3};

static pl_steps steps_of(int n)
{
	static const char *const phase[] = {"searching", "settling"};
	pl_steps t = {0};
	for (int64_t k = 0; k < n; k++) {
		const double off = k % 17 == 3 ? 0
		                   : k == 0    ? 1e30
		                               : 1 / (1 + (double)(k * k * k));
		const pl_progress now = {phase[2 * k / n], k, 2 * k, off, 0};
		pl_steps_add(&t, &now);
	}
	return t;
}

/// The page, ended by NUL; free with pl_free.
static char *page_of(const world *w, const pl_steps *t)
{
	char *text = pl_alloc(ROOM, 1);
	FILE *to = fmemopen(text, ROOM - 1, "w");
	CHECK(pl_report_write(to, w->m, &w->p, t, NULL) == PL_OK);
	CHECK(ferror(to) == 0);
	fclose(to);
	return text;
}

static bool is_void(const char *name)
{
	return strcmp(name, "meta") == 0 || strcmp(name, "!DOCTYPE") == 0;
}

enum { DEEP = 40, TAG = 32 };

/// One tag at @p s: opened on the stack, or closed against it. @return past its end
static const char *take_tag(char stack[DEEP][TAG], int *depth, const char *s)
{
	char name[TAG] = "";
	const bool closes = s[1] == '/';
	const char *end = strchr(s, '>');
	CHECK(end != NULL);
	if (end == NULL) return s + strlen(s);
	(void)sscanf(s + 1 + closes, "%31[a-zA-Z0-9!]", name);
	if (closes) {
		CHECK(*depth > 0 && strcmp(stack[*depth - 1], name) == 0);
		*depth -= *depth > 0;
	} else if (end[-1] != '/' && !is_void(name) && *depth < DEEP) {
		memcpy(stack[(*depth)++], name, TAG);
	}
	return end + 1;
}

/// Every element that is opened is closed, in order.
static void check_nesting(const char *page)
{
	char stack[DEEP][TAG];
	int depth = 0;
	for (const char *s = strchr(page, '<'); s != NULL; s = strchr(s, '<')) {
		if (strncmp(s, "<!--", 4) == 0)
			s = strstr(s, "-->");
		else
			s = take_tag(stack, &depth, s);
	}
	CHECK(depth == 0);
}

static int count(const char *page, const char *what)
{
	int n = 0;
	for (const char *s = strstr(page, what); s != NULL; s = strstr(s + 1, what)) n++;
	return n;
}

static void every_outcome_has_a_page_whose_elements_close(void)
{
	world w = world_of(some);
	int32_t scarce[] = {1, 2};
	double weight[] = {0.7, 0.3};
	pl_conflict conflict[] = {
	        {160, 1, 5, 2, 0.7, false}, {-1, 2, 9, 9, 0.3, true}, {3, -1, 4, 4, 0, true}};
	for (int o = PL_CLEARED; o <= PL_INFEASIBLE; o++) {
		w.p.outcome = (pl_outcome)o;
		w.p.n_scarce = o == PL_INFEASIBLE ? 2 : 0;
		w.p.n_conflicts = o == PL_INFEASIBLE ? 3 : 0;
		w.p.scarce = scarce;
		w.p.scarce_weight = weight;
		w.p.conflict = conflict;
		const pl_steps t = steps_of(300);
		char *page = page_of(&w, &t);
		check_nesting(page);
		CHECK(count(page, "<h1") == 1 && count(page, "<main") == 1);
		CHECK((strstr(page, "Why no plan fits") != NULL) == (o == PL_INFEASIBLE));
		pl_free(page);
	}
	world_free(&w);
}

static void a_plan_of_rounds_tells_how_they_went(void)
{
	world w = world_of(some);
	for (int o = PL_CLEARED; o <= PL_STOPPED; o++) {
		pl_steps t = steps_of(o == PL_STALLED ? 1 : 100);
		t.rounds = true;
		w.p.outcome = (pl_outcome)o;
		w.p.gap = (double)NAN;
		char *page = page_of(&w, &t);
		check_nesting(page);
		CHECK((strstr(page, "The rounds end in balance") != NULL) == (o == PL_CLEARED));
		CHECK(strstr(page, "How the rounds went") != NULL);
		CHECK(strstr(page, "nan") == NULL && strstr(page, ">Gap<") == NULL);
		CHECK((strstr(page, "class=\"plot\"") != NULL) == (t.n > 1));
		pl_free(page);
	}
	world_free(&w);
}

static void what_is_not_known_is_left_out(void)
{
	world w = world_of((world_size){2, 1, 1, 1, 0, 0, "", 5});
	const pl_steps none = {0};
	char *page = page_of(&w, NULL), *other = page_of(&w, &none);
	check_nesting(page);
	CHECK(strstr(page, "class=\"plot\"") == NULL && strcmp(page, other) == 0);
	pl_free(page);
	pl_free(other);
	memset(w.p.price, 0, (size_t)w.m->n_goods * sizeof(double));
	memset(w.p.quantity, 0, (size_t)w.m->n_links * sizeof(double));
	page = page_of(&w, NULL);
	check_nesting(page);
	CHECK(strstr(page, "class=\"sankey\"") == NULL);
	pl_free(page);
	world_free(&w);
}

static void the_same_plan_gives_the_same_bytes_in_any_locale(void)
{
	world w = world_of(some);
	const pl_steps t = steps_of(50);
	char *one = page_of(&w, &t);
	(void)setlocale(LC_ALL, "de_DE.UTF-8");
	char *two = page_of(&w, &t);
	(void)setlocale(LC_ALL, "C");
	CHECK(strcmp(one, two) == 0);
	pl_free(one);
	pl_free(two);
	world_free(&w);
}

/* Names of 3,000 bytes everywhere: the worst that each byte can become. */
static void a_page_is_bounded_whatever_the_names_hold(void)
{
	static const char *const part[] = {
	        "W", "\"", "<script>", "面", "e\u0301\u0302\u0303\u0304", "\u202e&", "a b "};
	char name[NAME_LONG + 64];
	for (size_t k = 0; k < sizeof part / sizeof part[0]; k++) {
		const size_t n = strlen(part[k]);
		size_t used = 0;
		for (; used < NAME_LONG; used += n) memcpy(name + used, part[k], n + 1);
		world_size size = some;
		size.name = name;
		world w = world_of(size);
		const pl_steps t = steps_of(1000);
		char *page = page_of(&w, &t);
		CHECK(strlen(page) > 20000 && strlen(page) <= PL_REPORT_MOST);
		CHECK(strstr(page, "<script") == NULL && strstr(page, "\u202e") == NULL);
		check_nesting(page);
		pl_free(page);
		world_free(&w);
	}
}

static void a_page_asks_for_nothing_and_runs_nothing(void)
{
	world w = world_of(some);
	char *page = page_of(&w, NULL);
	static const char *const never[] = {
	        "<script", "http:", "https:",  "src=",    "url(",
	        "@import", "<link", "<iframe", "onload=", "style=\""};
	for (size_t k = 0; k < sizeof never / sizeof never[0]; k++)
		CHECK(strstr(page, never[k]) == NULL);
	CHECK(strstr(page, "default-src 'none'") != NULL);
	pl_free(page);
	world_free(&w);
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	world w = world_of((world_size){6, 2, 4, 3, 2, 3, "", 4});
	const int64_t alive = pl_alloc_alive;
	FILE *to = fopen("/dev/null", "w");
	pl_status status = PL_ENOMEM;
	for (int64_t grants = 0; grants < 3000 && status != PL_OK; grants++) {
		pl_alloc_grants = grants;
		status = pl_report_write(to, w.m, &w.p, NULL, NULL);
		pl_alloc_grants = -1;
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
	fclose(to);
	world_free(&w);
#endif
}

int main(void)
{
	RUN(every_outcome_has_a_page_whose_elements_close);
	RUN(a_plan_of_rounds_tells_how_they_went);
	RUN(what_is_not_known_is_left_out);
	RUN(the_same_plan_gives_the_same_bytes_in_any_locale);
	RUN(a_page_is_bounded_whatever_the_names_hold);
	RUN(a_page_asks_for_nothing_and_runs_nothing);
	RUN(every_allocation_may_fail);
	return pl_test_failed;
}
