/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whatever the tables hold, they become a model that keeps its promises, or are refused with
 * sentences that name a table; and a model that is written reads back the same. */
#include "base/text.h"
#include "fuzz/parts.h"

#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"economy.csv",  "goods.csv", "communities.csv",
                                    "councils.csv", "uses.csv",  "prices.csv"};
enum { TABLES = 6 };

static void check_model(const pl_model *m)
{
	demand(m->n_goods > 0 && m->link.start[0] == 0);
	demand(m->link.start[m->n_councils] == m->n_links);
	for (int32_t i = 0; i < m->n_goods; i++)
		demand(m->good.price[i] > 0 && isfinite(m->good.price[i]) &&
		       m->good.supply[i] >= 0 && *pl_text_at(m->good.id, i) != '\0');
	for (int32_t i = 0; i < m->n_councils; i++)
		demand(m->link.start[i] <= m->link.start[i + 1] &&
		       m->council.schedule[i] < PL_SCHEDULES &&
		       m->council.community[i] < m->n_communities);
	for (int64_t k = 0; k < m->n_links; k++)
		demand(m->link.good[k] >= 0 && m->link.good[k] < m->n_goods &&
		       m->link.role[k] < PL_ROLES && m->link.amount[k] >= 0 &&
		       isfinite(m->link.amount[k]));
}

static bool same(const double *a, const double *b, int64_t n)
{
	return n == 0 || memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static void check_same(const pl_model *a, const pl_model *b)
{
	demand(a->n_goods == b->n_goods && a->n_communities == b->n_communities);
	demand(a->n_councils == b->n_councils && a->n_links == b->n_links);
	demand(same(a->good.price, b->good.price, a->n_goods));
	demand(same(a->good.supply, b->good.supply, a->n_goods));
	demand(same(a->link.amount, b->link.amount, a->n_links));
	for (int32_t i = 0; i < a->n_goods; i++)
		demand(strcmp(pl_text_at(a->good.id, i), pl_text_at(b->good.id, i)) == 0);
	for (int32_t i = 0; i < a->n_councils; i++)
		demand(strcmp(pl_text_at(a->council.id, i), pl_text_at(b->council.id, i)) == 0);
}

/* The folder is this process's own, in memory where the host has such a place. */
static const char *scratch(void)
{
	static char folder[64];
	if (folder[0] != '\0') return folder;
	(void)snprintf(folder, sizeof folder, "/dev/shm/plenum-fuzz-XXXXXX");
	if (mkdtemp(folder) != NULL) return folder;
	(void)snprintf(folder, sizeof folder, "plenum-fuzz-XXXXXX");
	demand(mkdtemp(folder) != NULL);
	return folder;
}

static void empty(const char *folder)
{
	char path[128];
	for (int t = 0; t < TABLES; t++) {
		(void)snprintf(path, sizeof path, "%s/%s", folder, names[t]);
		(void)unlink(path);
	}
	(void)rmdir(folder);
}

static void check_written(const pl_model *m)
{
	const char *folder = scratch();
	pl_model *back;
	pl_settings s = pl_settings_preset();
	(void)mkdir(folder, 0700);
	demand(pl_economy_write(m, NULL, folder, NULL) == PL_OK);
	demand(pl_economy_read(&back, &s, folder, NULL, NULL) == PL_OK);
	check_same(m, back);
	pl_model_free(back);
	empty(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pl_file_bytes file[TABLES];
	const pl_source from = {NULL, file, pl_fuzz_parts(file, names, TABLES, data, size)};
	pl_model *m;
	pl_settings s = pl_settings_preset();
	pl_faults faults = {0};
	const pl_status status = pl_economy_read_from(&m, &s, &from, &faults, NULL);
	demand(status == PL_OK || status == PL_EPARSE);
	demand((m != NULL) == (status == PL_OK));
	if (m == NULL) {
		pl_fuzz_check_faults(&faults, names, TABLES);
	} else {
		check_model(m);
		check_written(m);
	}
	pl_model_free(m);
	pl_faults_clear(&faults);
	return 0;
}
