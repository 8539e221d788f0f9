/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whatever the tables of a workplace hold, they become one that keeps its promises and whose
 * history can be watched, or are refused with sentences that name a table. */
#include "fuzz/parts.h"
#include "io/work_files.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"people.csv",  "tasks.csv", "skills.csv",    "last.csv",
                                    "history.csv", "voice.csv", "ratings.csv",   "pairs.csv",
                                    "leave.csv",   "swaps.csv", "workplaces.csv"};
enum { TABLES = 11 };
static const double slack = 1e-9;

static bool score(double x)
{
	return x >= 1 && x <= 20; /* NaN is none */
}

static void check_tasks(const pl_work_files *f)
{
	const pl_workplace *w = &f->w;
	demand(w->n_tasks > 0 && w->n_tasks == f->tasks.n && w->needs_start[0] == 0);
	for (int32_t t = 0; t < w->n_tasks; t++) {
		demand(w->need[t] >= 0 && w->block[t] >= 0 && w->learn[t] >= -1);
		demand(score(w->empowerment[t]) && score(w->desirability[t]));
		demand(*pl_work_task(f, t) != '\0' && *pl_work_task_name(f, t) != '\0');
		demand(w->needs_start[t] <= w->needs_start[t + 1]);
		for (int64_t k = w->needs_start[t]; k < w->needs_start[t + 1]; k++)
			demand(w->needs[k] >= 0 && w->needs[k] < w->n_tasks &&
			       w->needs[k] != t);
	}
	for (int s = 0; s < PL_WORK_SCORES; s++)
		for (int32_t t = 0; t < w->n_tasks && f->score[s] != NULL; t++)
			demand(f->score[s][t].n == 0 ||
			       (score(f->score[s][t].low) &&
			        f->score[s][t].low <= f->score[s][t].high &&
			        score(f->score[s][t].high)));
}

static void check_people(const pl_work_files *f)
{
	const pl_workplace *w = &f->w;
	demand(w->n_people > 0 && w->n_people == f->people.n && w->skill_start[0] == 0);
	for (int32_t m = 0; m < w->n_people; m++) {
		demand(w->hours[m] >= 0 && w->learning[m] >= 0);
		demand(*pl_work_person(f, m) != '\0' && *pl_work_person_name(f, m) != '\0');
		demand(w->skill_start[m] <= w->skill_start[m + 1]);
		for (int64_t k = w->skill_start[m]; k < w->skill_start[m + 1]; k++)
			demand(w->skill[k].task >= 0 && w->skill[k].task < w->n_tasks &&
			       w->skill[k].last >= 0 &&
			       (k == w->skill_start[m] ||
			        w->skill[k - 1].task < w->skill[k].task));
	}
	for (int64_t i = 0; i < f->n_swaps; i++)
		demand(f->swap[i].one != f->swap[i].other && f->swap[i].one >= 0 &&
		       f->swap[i].one < f->people.n && f->swap[i].other >= 0 &&
		       f->swap[i].other < f->people.n && f->swap[i].day >= 0 &&
		       f->swap[i].day < PL_ROTA_DAYS);
}

/// A concentration is that of something, or of nothing at all.
static void check_shared(const pl_concentration *c)
{
	if (isnan(c->top)) return;
	demand(c->top >= 0.2 - slack && c->top <= 1 + slack);
	demand(c->gini >= -slack && c->gini <= 1 + slack);
}

static void check_history(const pl_work_files *f)
{
	const pl_work_history *h = &f->history;
	if (h->n_periods == 0) return;
	pl_monitor *watch = calloc((size_t)h->n_periods, sizeof *watch);
	demand(watch != NULL && pl_work_watch(watch, h, NULL, NULL) == PL_OK);
	for (int32_t p = 0; p < h->n_periods; p++) {
		demand(*pl_work_period(f, p) != '\0' && watch[p].people <= h->n_people);
		check_shared(&watch[p].empowering);
		check_shared(&watch[p].decisive);
		for (int i = 0; i < PL_VOICES; i++) check_shared(&watch[p].voice[i]);
		demand(isfinite(watch[p].imbalance) && watch[p].imbalance >= 0);
		demand(watch[p].imbalance <= 19 + slack);
	}
	free(watch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pl_file_bytes file[TABLES];
	const pl_source from = {NULL, file, pl_fuzz_parts(file, names, TABLES, data, size)};
	pl_work_files *f;
	pl_faults faults = {0};
	const pl_status status = pl_work_read(&f, &from, NULL, NULL, &faults, NULL);
	demand(status == PL_OK || status == PL_EPARSE);
	demand((f != NULL) == (status == PL_OK));
	if (f == NULL) {
		pl_fuzz_check_faults(&faults, names, TABLES);
	} else {
		check_tasks(f);
		check_people(f);
		check_history(f);
	}
	pl_work_files_free(f);
	pl_faults_clear(&faults);
	return 0;
}
