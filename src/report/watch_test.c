/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/watch.h"

#include "tests/pl_test.h"

enum { PERIODS = 3, ROOM = 20000 };

static const char *name(const void *names, int32_t period)
{
	const char *const *const text = names;
	return text[period];
}

static const char *const plain[PERIODS] = {"spring", "summer", "autumn"};
static const char *const hostile[PERIODS] = {"a", "b", "<script>&\"\xff"};

/// A period of so many people, of whom a fifth does this part of both kinds of work.
static pl_monitor period(int32_t people, double top)
{
	pl_monitor m = {
	        .people = people, .empowering = {top / 2, top}, .decisive = {top / 2, top}};
	for (int i = 0; i < PL_VOICES; i++) m.ruled[i] = (double)NAN;
	m.class_index = (double)NAN;
	m.alarm = people >= PL_MONITOR_PEOPLE && top >= 0.5;
	return m;
}

static const char *section(char page[ROOM], const pl_watched *w)
{
	FILE *to = tmpfile();
	pl_html h = {.to = to};
	CHECK(to != NULL);
	if (to == NULL) return "";
	pl_watch_section(&h, w);
	rewind(to);
	page[fread(page, 1, ROOM - 1, to)] = '\0';
	(void)fclose(to);
	return page;
}

static void parts_are_whole_percents_and_small_ones_have_tenths(void)
{
	char out[PL_WATCH_PART];
	CHECK(strcmp(pl_watch_part(out, 0.536), "54 %") == 0);
	CHECK(strcmp(pl_watch_part(out, 0.031), "3.1 %") == 0);
	CHECK(strcmp(pl_watch_part(out, 0), "0 %") == 0);
	CHECK(strcmp(pl_watch_part(out, 1), "100 %") == 0);
	CHECK(strcmp(pl_watch_part(out, (double)NAN), "-") == 0);
}

static void without_a_history_nothing_is_said(void)
{
	char page[ROOM], line[PL_WATCH_LINE];
	int next = 0;
	const pl_watched none = {0};
	CHECK(!pl_watch_next(line, &none, &next));
	CHECK(strcmp(section(page, &none), "") == 0);
}

static void of_fewer_than_five_no_number_is_told(void)
{
	char page[ROOM], line[PL_WATCH_LINE];
	const pl_monitor few[PERIODS] = {period(9, 0.3), period(9, 0.4), period(4, 0.93)};
	const pl_watched w = {.n = PERIODS,
	                      .period = few,
	                      .s = pl_monitor_preset(),
	                      .names = plain,
	                      .name = name};
	int next = 0;
	CHECK(pl_watch_next(line, &w, &next));
	CHECK(strstr(line, "fewer than five") == line);
	CHECK(!pl_watch_next(line, &w, &next));
	CHECK(strchr(section(page, &w), '%') == NULL);
}

static void an_earlier_period_of_few_is_left_out_of_lines_and_table(void)
{
	char page[ROOM];
	const pl_monitor some[PERIODS] = {period(9, 0.3), period(4, 0.93), period(9, 0.4)};
	const pl_watched w = {.n = PERIODS,
	                      .period = some,
	                      .s = pl_monitor_preset(),
	                      .names = plain,
	                      .name = name};
	CHECK(strstr(section(page, &w), "40 %") != NULL);
	CHECK(strstr(page, "summer") != NULL);
	CHECK(strstr(page, "93 %") == NULL);
	CHECK(strstr(page, "\"line h0\" d=\"M64.0") != NULL); /* two pieces of one point each */
	CHECK(strstr(page, "M400.0") != NULL);
}

static void an_alarm_is_told_until_the_jobs_answer_it(void)
{
	char line[PL_WATCH_LINE], page[ROOM];
	const pl_monitor bad[1] = {period(9, 0.6)};
	const pl_monitor planned = period(9, 0.25);
	int64_t start[] = {0, 1, 1}, learn[] = {(int64_t)10 * PL_WORK_HOUR};
	int32_t lesson[] = {0};
	const pl_jobs jobs = {.n_people = 2,
	                      .learning = (int64_t)10 * PL_WORK_HOUR,
	                      .lesson_start = start,
	                      .lesson = lesson};
	const pl_workplace place = {.n_people = 2, .n_tasks = 1, .learn = learn};
	pl_watched w = {.n = 1,
	                .period = bad,
	                .s = pl_monitor_preset(),
	                .names = plain,
	                .name = name,
	                .w = &place,
	                .jobs = &jobs,
	                .changed = (int64_t)7 * PL_WORK_HOUR};
	CHECK(strstr(section(page, &w), "ALARM") != NULL);
	CHECK(strstr(page, "answer") == NULL && strstr(page, "planned</th>") == NULL);
	w.planned = &planned;
	CHECK(strstr(section(page, &w), "with them a fifth has 25 % of the empowering work.") !=
	      NULL);
	CHECK(strstr(page, "For them 1 person takes lessons, 10 hours in all, and 7 hours") !=
	      NULL);
	CHECK(strstr(page, "planned</th>") != NULL);
	int next = 0, sentences = 0;
	while (pl_watch_next(line, &w, &next)) sentences++;
	CHECK(sentences ==
	      3); /* of the work, the alarm and its answer: the rest is not known */
}

static void a_class_of_its_own_is_told_as_one(void)
{
	char page[ROOM];
	pl_monitor of[2] = {period(9, 0.6), period(9, 0.79)};
	pl_watched w = {
	        .n = 2, .period = of, .s = pl_monitor_preset(), .names = plain, .name = name};
	of[0].class_index = 0.25;
	of[1].class_index = 0.5;
	CHECK(strstr(section(page, &w), "on the way to running") != NULL);
	CHECK(strstr(page, "both): 0.50, and 0.25 in ") != NULL);
	of[1] = period(9, 0.8);
	CHECK(strstr(section(page, &w), "a fifth runs this workplace") != NULL);
	CHECK(strstr(page, "class of its own") == NULL);
	of[0].people = 4;
	of[1].class_index = 1;
	CHECK(strstr(section(page, &w), "both): 1.00.") != NULL);
}

static void a_name_of_a_period_is_escaped(void)
{
	char page[ROOM];
	const pl_monitor three[PERIODS] = {period(9, 0.3), period(9, 0.3), period(9, 0.3)};
	const pl_watched w = {.n = PERIODS,
	                      .period = three,
	                      .s = pl_monitor_preset(),
	                      .names = hostile,
	                      .name = name};
	CHECK(strstr(section(page, &w), "&lt;script&gt;&amp;") != NULL);
	CHECK(strstr(page, "<script") == NULL && strchr(page, '\xff') == NULL);
}

int main(void)
{
	RUN(parts_are_whole_percents_and_small_ones_have_tenths);
	RUN(without_a_history_nothing_is_said);
	RUN(of_fewer_than_five_no_number_is_told);
	RUN(an_earlier_period_of_few_is_left_out_of_lines_and_table);
	RUN(an_alarm_is_told_until_the_jobs_answer_it);
	RUN(a_class_of_its_own_is_told_as_one);
	RUN(a_name_of_a_period_is_escaped);
	return pl_test_failed;
}
