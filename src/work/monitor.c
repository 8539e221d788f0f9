/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* monitor.c - the coordinator alarm and the test for tokens. Rows are put in order of their
 * period once; each window is added up anew, so that no rounding is carried along. */
#include "work/monitor.h"

#include "base/alloc.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>

static const double fifth = 0.2;
static const double slack = 1e-9; /* a token of exactly a twentieth of the hours is one */

pl_monitor_settings pl_monitor_preset(void)
{
	return (pl_monitor_settings){.window = 12, .alarm = 0.5, .token = 0.9, .even = 1};
}

/* ---- concentration ---- */

static int by_rate(const void *a, const void *b)
{
	const pl_ranked *x = a, *y = b;
	if (x->rate != y->rate) return x->rate > y->rate ? -1 : 1;
	return x->who < y->who ? -1 : 1;
}

/// Those who count, the highest rate first. @return how many
static int32_t rank(pl_ranked *order, int32_t n, const double *x, const double *w)
{
	int32_t some = 0;
	for (int32_t m = 0; m < n; m++)
		if (w[m] > 0) order[some++] = (pl_ranked){x[m] / w[m], m};
	if (some > 1) qsort(order, (size_t)some, sizeof *order, by_rate);
	return some;
}

pl_concentration pl_concentration_of(double *part, int32_t n, const double *x, const double *w,
                                     pl_ranked *order)
{
	const int32_t some = rank(order, n, x, w);
	double all_x = 0, all_w = 0, seen_x = 0, seen_w = 0, area = 0, top = 0;
	for (int32_t m = 0; m < n && part != NULL; m++) part[m] = 0;
	for (int32_t k = 0; k < some; k++) {
		all_x += x[order[k].who];
		all_w += w[order[k].who];
	}
	if (!(all_x > 0)) return (pl_concentration){(double)NAN, (double)NAN};
	for (int32_t k = 0, end; k < some; k = end) {
		double tied_x = 0, tied_w = 0;
		for (end = k; end < some && order[end].rate == order[k].rate; end++) {
			tied_x += x[order[end].who];
			tied_w += w[order[end].who];
		}
		const double belong = fmin(1, fmax(0, (fifth * all_w - seen_w) / tied_w));
		for (int32_t i = k; i < end && part != NULL; i++) part[order[i].who] = belong;
		top += belong * tied_x;
		area += tied_w * (seen_x + tied_x / 2);
		seen_x += tied_x;
		seen_w += tied_w;
	}
	return (pl_concentration){fmax(0, 2 * area / (all_x * all_w) - 1), top / all_x};
}

/* ---- a window ---- */

/// What a person did in the window: hours, those of empowering and of decisive tasks, and hours
/// times empowerment on each side of the mean.
typedef struct {
	double *hours, *empowering, *decisive, *score[2];
	double *voice[PL_VOICES], *head, *part;
} columns;
enum { COLUMNS = 7 + PL_VOICES };

typedef struct {
	const pl_work_history *h;
	const pl_monitor_settings *s;
	int64_t *did_start, *voice_start; ///< [n_periods + 1]
	pl_work_did *did;                 ///< in order of their period
	pl_work_voice *voice;
	double *block; ///< [COLUMNS * n_people], of which c is made
	columns c;
	pl_ranked *order;
} watcher;

static void lay_columns(watcher *v)
{
	double *next = v->block;
	double **const each[COLUMNS] = {&v->c.hours,    &v->c.empowering, &v->c.decisive,
	                                &v->c.score[0], &v->c.score[1],   &v->c.voice[0],
	                                &v->c.voice[1], &v->c.voice[2],   &v->c.head,
	                                &v->c.part};
	for (int i = 0; i < COLUMNS; i++, next += v->h->n_people) *each[i] = next;
}

static void add_did(watcher *v, const pl_work_did *d)
{
	const double hours = (double)d->hours / 1000, e = v->h->empowerment[d->task];
	const bool above = e > v->h->mean;
	v->c.hours[d->person] += hours;
	if (above) v->c.empowering[d->person] += hours;
	if (v->h->decisive[d->task]) v->c.decisive[d->person] += hours;
	v->c.score[above][d->person] += hours * e;
	if (hours > 0) v->c.head[d->person] = 1;
}

static void add_window(watcher *v, int32_t period)
{
	const int32_t first = period < v->s->window ? 0 : period - v->s->window + 1;
	for (int64_t i = 0; i < COLUMNS * (int64_t)v->h->n_people; i++) v->block[i] = 0;
	for (int64_t k = v->did_start[first]; k < v->did_start[period + 1]; k++)
		add_did(v, &v->did[k]);
	for (int64_t k = v->voice_start[first]; k < v->voice_start[period + 1]; k++) {
		const pl_work_voice *s = &v->voice[k];
		v->c.head[s->person] = 1;
		for (int i = 0; i < PL_VOICES; i++) v->c.voice[i][s->person] += s->amount[i];
	}
}

/// Imbalance as it is, and as it would be had nobody left the side on which the job lies.
static void watch_rotation(pl_monitor *out, const watcher *v)
{
	double off = 0, usual_off = 0, all = 0, rotated = 0;
	for (int32_t m = 0; m < v->h->n_people; m++) {
		const double hours = v->c.hours[m], above = v->c.empowering[m];
		const double score = v->c.score[0][m] + v->c.score[1][m];
		if (!(hours > 0)) continue;
		const bool side = score > hours * v->h->mean;
		const double same = side ? above : hours - above;
		all += hours;
		off += fabs(score - hours * v->h->mean);
		if (same > 0)
			usual_off += hours * fabs(v->c.score[side][m] / same - v->h->mean);
		rotated += hours - same;
		out->rotating += hours - same > 0;
	}
	if (!(all > 0)) return;
	out->imbalance = off / all;
	out->without = usual_off / all;
	out->left = usual_off > 0 ? off / usual_off : 1;
	out->rotated = rotated / all;
	out->tokenistic = out->rotating > 0 && out->imbalance > v->s->even &&
	                  out->left >= v->s->token - slack;
}

/// Does the fifth that does the empowering work also speak, write and win?
static void watch_rule(pl_monitor *out, const watcher *v)
{
	const double reach = 1 - fifth;
	double sum = out->empowering.top;
	int n = 1;
	for (int i = 0; i < PL_VOICES; i++) {
		double all = 0, theirs = 0;
		out->voice[i] = pl_concentration_of(NULL, v->h->n_people, v->c.voice[i],
		                                    v->c.head, v->order);
		for (int32_t m = 0; m < v->h->n_people; m++) {
			all += v->c.voice[i][m];
			theirs += v->c.part[m] * v->c.voice[i][m];
		}
		out->ruled[i] = all > 0 && !isnan(sum) ? theirs / all : (double)NAN;
		if (isnan(out->ruled[i])) continue;
		sum += out->ruled[i];
		n++;
	}
	out->class_index = fmax(0, (sum / n - fifth) / reach);
	if (isnan(sum)) out->class_index = (double)NAN;
}

static void watch_period(pl_monitor *out, watcher *v, int32_t period)
{
	*out = (pl_monitor){.left = 1};
	add_window(v, period);
	for (int64_t k = v->did_start[period]; k < v->did_start[period + 1]; k++)
		out->hours += v->did[k].hours;
	for (int32_t m = 0; m < v->h->n_people; m++) out->people += v->c.hours[m] > 0;
	out->decisive =
	        pl_concentration_of(NULL, v->h->n_people, v->c.decisive, v->c.hours, v->order);
	out->empowering = pl_concentration_of(v->c.part, v->h->n_people, v->c.empowering,
	                                      v->c.hours, v->order);
	watch_rule(out, v);
	watch_rotation(out, v);
	out->alarm = out->people >= PL_MONITOR_PEOPLE &&
	             (out->empowering.top >= v->s->alarm || out->decisive.top >= v->s->alarm);
}

/* ---- the whole ---- */

static bool in_range(int32_t i, int32_t n)
{
	return i >= 0 && i < n;
}

static bool good_voice(const pl_work_voice *s, const pl_work_history *h)
{
	for (int i = 0; i < PL_VOICES; i++)
		if (!(s->amount[i] >= 0) || isinf(s->amount[i])) return false;
	return in_range(s->period, h->n_periods) && in_range(s->person, h->n_people);
}

static pl_status refuse(const pl_work_history *h, const pl_monitor_settings *s, pl_error *err)
{
	if (s->window < 1) return pl_fail(err, PL_EARG, -1, "a window has at least one period");
	for (int64_t k = 0; k < h->n_did; k++) {
		const pl_work_did *d = &h->did[k];
		if (!in_range(d->period, h->n_periods) || !in_range(d->person, h->n_people) ||
		    !in_range(d->task, h->n_tasks) || d->hours < 0)
			return pl_fail(err, PL_EARG, k,
			               "row %lld of the hours has no such period, person or "
			               "task, or hours below 0",
			               (long long)k);
	}
	for (int64_t k = 0; k < h->n_voice; k++)
		if (!good_voice(&h->voice[k], h))
			return pl_fail(err, PL_EARG, k,
			               "row %lld of the voices has no such period or person, "
			               "or an amount below 0",
			               (long long)k);
	return PL_OK;
}

/// Count rows by period into start, whose first n_periods + 1 become the offsets.
static void offsets(int64_t *start, int32_t n_periods)
{
	for (int32_t p = 0; p < n_periods; p++) start[p + 1] += start[p];
}

/* `start` is used as the cursor and ends one row ahead, so it is shifted back. */
static void shift_back(int64_t *start, int32_t n_periods)
{
	for (int32_t p = n_periods; p > 0; p--) start[p] = start[p - 1];
	start[0] = 0;
}

static void sort_rows(watcher *v)
{
	const pl_work_history *h = v->h;
	for (int64_t k = 0; k < h->n_did; k++) v->did_start[h->did[k].period + 1]++;
	for (int64_t k = 0; k < h->n_voice; k++) v->voice_start[h->voice[k].period + 1]++;
	offsets(v->did_start, h->n_periods);
	offsets(v->voice_start, h->n_periods);
	for (int64_t k = 0; k < h->n_did; k++)
		v->did[v->did_start[h->did[k].period]++] = h->did[k];
	for (int64_t k = 0; k < h->n_voice; k++)
		v->voice[v->voice_start[h->voice[k].period]++] = h->voice[k];
	shift_back(v->did_start, h->n_periods);
	shift_back(v->voice_start, h->n_periods);
}

static bool has_room(watcher *v)
{
	const pl_work_history *h = v->h;
	v->did_start = pl_alloc((int64_t)h->n_periods + 1, sizeof *v->did_start);
	v->voice_start = pl_alloc((int64_t)h->n_periods + 1, sizeof *v->voice_start);
	v->did = pl_alloc(h->n_did, sizeof *v->did);
	v->voice = pl_alloc(h->n_voice, sizeof *v->voice);
	v->block = pl_alloc(COLUMNS * (int64_t)h->n_people, sizeof *v->block);
	v->order = pl_alloc(h->n_people, sizeof *v->order);
	return v->did_start != NULL && v->voice_start != NULL && v->did != NULL &&
	       v->voice != NULL && v->block != NULL && v->order != NULL;
}

pl_status pl_work_watch(pl_monitor *out, const pl_work_history *h, const pl_monitor_settings *s,
                        pl_error *err)
{
	const pl_monitor_settings preset = pl_monitor_preset();
	watcher v = {.h = h, .s = s != NULL ? s : &preset};
	PL_TRY(refuse(h, v.s, err));
	pl_status status = PL_OK;
	if (has_room(&v)) {
		lay_columns(&v);
		sort_rows(&v);
		for (int32_t p = 0; p < h->n_periods; p++) watch_period(&out[p], &v, p);
	} else {
		status = pl_fail(err, PL_ENOMEM, -1, "no memory to watch %d people",
		                 (int)h->n_people);
	}
	pl_free(v.did_start);
	pl_free(v.voice_start);
	pl_free(v.did);
	pl_free(v.voice);
	pl_free(v.block);
	pl_free(v.order);
	return status;
}
