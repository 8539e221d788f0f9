/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whatever came back from a spreadsheet, it is a whole claim or is refused with sentences
 * that name a file; and a whole claim can be judged. */
#include "base/text.h"
#include "fuzz/parts.h"
#include "io/plan_files.h"
#include "io/sketch.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A small economy with every kind of row that plans have. */
static const pl_model *economy(void)
{
	static pl_model *m;
	static const char goods[] = "good,kind,supply\nwheat,,\nbread,,\nlabour,labour,9\n";
	static const char councils[] =
	        "council,kind,schedule,capacity,income\n"
	        "farm,workers,recipe,,\nbakery,workers,recipe,4,\n"
	        "home,consumers,request,,\nclub,consumers,budget_cd,,7\n";
	static const char uses[] = "council,good,role,amount\nfarm,wheat,makes,1\n"
	                           "home,bread,wants,2\nfarm,labour,uses,1\n"
	                           "bakery,bread,makes,1\nbakery,wheat,uses,1\n"
	                           "home,labour,wants,-1\nclub,bread,wants,1\n";
	const pl_file_bytes file[] = {{"goods.csv", goods, sizeof goods - 1},
	                              {"councils.csv", councils, sizeof councils - 1},
	                              {"uses.csv", uses, sizeof uses - 1}};
	const pl_source from = {NULL, file, 3};
	pl_settings s = pl_settings_preset();
	if (m == NULL) demand(pl_economy_read_from(&m, &s, &from, NULL, NULL) == PL_OK);
	return m;
}

static void check_faults(const pl_faults *f)
{
	demand(f->n > 0);
	for (int64_t i = 0; i < f->n && i < PL_FAULTS_SHOWN; i++)
		demand(strlen(f->text[i]) > 10 &&
		       pl_utf8_fault(f->text[i], (int64_t)strlen(f->text[i])) < 0);
}

static void check_claim(const pl_model *m, const pl_claim_files *c)
{
	pl_verdict verdict;
	demand(isnan(c->tolerance) || (c->tolerance > 0 && c->tolerance < 1));
	demand(c->claim.price != NULL && c->claim.quantity != NULL &&
	       c->claim.activity != NULL);
	for (int32_t i = 0; i < m->n_goods; i++) demand(isfinite(c->claim.price[i]));
	for (int64_t k = 0; k < m->n_links; k++) demand(isfinite(c->claim.quantity[k]));
	demand(pl_plan_check(&verdict, m, &c->claim, 1e-9, NULL) == PL_OK);
	demand(verdict.accepted == (verdict.reason[0] == '\0'));
}

/* The same tables without the economy: a sketch, or sentences. */
static void check_sketch(const pl_source *from)
{
	pl_sketch sketch;
	pl_faults faults = {0};
	const pl_status status = pl_sketch_read_from(&sketch, from, &faults, NULL);
	demand(status == PL_OK || status == PL_EPARSE);
	if (status == PL_OK) {
		for (int32_t j = 0; j < sketch.goods.n; j++) demand(sketch.good[j].price >= 0);
		pl_sketch_free(&sketch);
	} else {
		check_faults(&faults);
	}
	pl_faults_clear(&faults);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"prices.csv", "councils.csv", "flows.csv",
	                                    "plan.json"};
	pl_file_bytes file[4];
	const pl_source from = {NULL, file, pl_fuzz_parts(file, names, 4, data, size)};
	const pl_model *m = economy();
	pl_claim_files c;
	pl_faults faults = {0};
	const pl_status status = pl_claim_read_from(&c, m, &from, &faults, NULL);
	demand(status == PL_OK || status == PL_EPARSE);
	if (status == PL_OK)
		check_claim(m, &c);
	else
		check_faults(&faults);
	pl_claim_free(&c);
	pl_faults_clear(&faults);
	check_sketch(&from);
	return 0;
}
