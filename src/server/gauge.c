/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/gauge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/// Upper bounds of the buckets; the last one is open.
static const struct {
	double seconds;
	const char *text;
} bounds[PL_GAUGE_BUCKETS - 1] = {{0.001, "0.001"}, {0.003, "0.003"}, {0.01, "0.01"},
                                  {0.03, "0.03"},   {0.1, "0.1"},     {0.3, "0.3"},
                                  {1, "1"},         {3, "3"},         {10, "10"}};

static long long micros(double seconds)
{
	return (long long)(seconds * 1e6);
}

void pl_gauge_answer(pl_gauge *g, int status, double seconds)
{
	int b = 0;
	while (b < PL_GAUGE_BUCKETS - 1 && seconds > bounds[b].seconds) b++;
	atomic_fetch_add(&g->answers[status / 100 % PL_GAUGE_CLASSES], 1);
	if (status == 429) atomic_fetch_add(&g->refused, 1);
	atomic_fetch_add(&g->within[b], 1);
	atomic_fetch_add(&g->micros, micros(seconds));
}

void pl_gauge_desk(pl_gauge *g, double seconds)
{
	atomic_fetch_add(&g->desk_waits, 1);
	atomic_fetch_add(&g->desk_micros, micros(seconds));
}

void pl_gauge_commit(pl_gauge *g)
{
	atomic_fetch_add(&g->commits, 1);
}

__attribute__((format(printf, 2, 3))) static pl_status put(pl_bytes *out, const char *fmt, ...)
{
	char line[160];
	va_list ap;
	va_start(ap, fmt);
	const int n = vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	return pl_bytes_add(out, line, n);
}

/// Seconds, as a decimal whatever locale the host has set.
static pl_status put_sum(pl_bytes *out, const char *name, long long sum)
{
	return put(out, "%s %lld.%06lld\n", name, sum / 1000000, sum % 1000000);
}

static pl_status print_times(pl_bytes *out, pl_gauge *g)
{
	long long n = 0;
	pl_status st = put(out, "# TYPE plenum_answer_seconds histogram\n");
	for (int b = 0; b < PL_GAUGE_BUCKETS && st == PL_OK; b++) {
		n += atomic_load(&g->within[b]);
		st = put(out, "plenum_answer_seconds_bucket{le=\"%s\"} %lld\n",
		         b < PL_GAUGE_BUCKETS - 1 ? bounds[b].text : "+Inf", n);
	}
	if (st == PL_OK)
		st = put_sum(out, "plenum_answer_seconds_sum", atomic_load(&g->micros));
	return st == PL_OK ? put(out, "plenum_answer_seconds_count %lld\n", n) : st;
}

pl_status pl_gauge_print(pl_bytes *out, pl_gauge *g, int64_t height, int64_t live)
{
	pl_status st = put(out, "# TYPE plenum_answers_total counter\n");
	for (int c = 1; c < PL_GAUGE_CLASSES && st == PL_OK; c++)
		st = put(out, "plenum_answers_total{status=\"%dxx\"} %lld\n", c,
		         atomic_load(&g->answers[c]));
	if (st == PL_OK)
		st = put(out,
		         "# TYPE plenum_too_many_total counter\nplenum_too_many_total %lld\n",
		         atomic_load(&g->refused));
	if (st == PL_OK) st = print_times(out, g);
	if (st == PL_OK)
		st = put(out, "# TYPE plenum_height gauge\nplenum_height %" PRId64 "\n",
		         height);
	if (st == PL_OK)
		st = put(out,
		         "# TYPE plenum_live_clients gauge\nplenum_live_clients %" PRId64 "\n",
		         live);
	if (st == PL_OK) st = put(out, "# TYPE plenum_desk_wait_seconds summary\n");
	if (st == PL_OK)
		st = put_sum(out, "plenum_desk_wait_seconds_sum", atomic_load(&g->desk_micros));
	if (st == PL_OK)
		st = put(out, "plenum_desk_wait_seconds_count %lld\n",
		         atomic_load(&g->desk_waits));
	return st == PL_OK
	               ? put(out,
	                     "# TYPE plenum_commits_total counter\nplenum_commits_total %lld\n",
	                     atomic_load(&g->commits))
	               : st;
}
