/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/gauge.h"
#include "tests/pl_test.h"

static void every_answer_is_counted_once_and_in_all_wider_buckets(void)
{
	static const double took[] = {0, 0.0005, 0.002, 0.05, 0.2, 2, 60};
	pl_gauge g = {.answers = {0}};
	pl_bytes text = {0};
	for (size_t i = 0; i < sizeof took / sizeof *took; i++)
		pl_gauge_answer(&g, i == 0 ? 429 : 200, took[i]);
	pl_gauge_desk(&g, 0.25);
	pl_gauge_commit(&g);
	CHECK(pl_gauge_print(&text, &g, 7, 3) == PL_OK && pl_bytes_add(&text, "", 1) == PL_OK);
	static const char *const lines[] = {
	        "plenum_answers_total{status=\"2xx\"} 6\n",
	        "plenum_answers_total{status=\"4xx\"} 1\n",
	        "plenum_too_many_total 1\n",
	        "plenum_answer_seconds_bucket{le=\"0.001\"} 2\n",
	        "plenum_answer_seconds_bucket{le=\"0.003\"} 3\n",
	        "plenum_answer_seconds_bucket{le=\"0.1\"} 4\n",
	        "plenum_answer_seconds_bucket{le=\"10\"} 6\n",
	        "plenum_answer_seconds_bucket{le=\"+Inf\"} 7\n",
	        "plenum_answer_seconds_count 7\n",
	        "plenum_height 7\n",
	        "plenum_live_clients 3\n",
	        "plenum_desk_wait_seconds_sum 0.250000\n",
	        "plenum_commits_total 1\n",
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		CHECK(strstr(text.at, lines[i]) != NULL);
	pl_bytes_free(&text);
}

int main(void)
{
	RUN(every_answer_is_counted_once_and_in_all_wider_buckets);
	return pl_test_failed;
}
