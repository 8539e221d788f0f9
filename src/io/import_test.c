/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the program cannot show: memory running short, and the report of a refusal. Tables
 * through the program: tests/import. */
#include "io/import.h"

#include "base/alloc.h"
#include "io/economy.h"
#include "io/import_common.h"
#include "tests/pl_test.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "import_test.XXXXXX";

/// A path in the test's own folder, in one of a few buffers used in turn.
static const char *in(const char *name)
{
	static char path[8][128];
	static int next;
	char *to = path[next++ % 8];
	snprintf(to, sizeof path[0], "%s/%s", folder, name);
	return to;
}

static void write_table(const char *name, const char *text)
{
	FILE *f = fopen(in(name), "w");
	CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static const char FLOWS[] = "s,a,b,idle,y,x\nb,30,10,0,60,100\na,20,40,0,40,100\n"
                            "idle,0,0,0,0,0\njobs,3,4,0,1,0\n";
static const char USE[] = "c,p,q\nmilk,10,5\nmeat,-5,30\ntea,4,2\n";
static const char MAKE[] = "i,milk,meat\np,80,20\nq,10,90\n";

static void remove_economy(void)
{
	static const char *const files[] = {"economy.csv",  "goods.csv", "communities.csv",
	                                    "councils.csv", "uses.csv",  "prices.csv"};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char name[64];
		snprintf(name, sizeof name, "dest/%s", files[i]);
		remove(in(name));
	}
	remove(in("dest"));
}

static bool exists(const char *name)
{
	struct stat found;
	return stat(in(name), &found) == 0;
}

static pl_status import(int which, pl_import_report *report, pl_error *err)
{
	const char *limit[] = {"jobs=9"};
	char table[3][128];
	snprintf(table[0], sizeof table[0], "%s", in("flows.csv"));
	snprintf(table[1], sizeof table[1], "%s", in("use.csv"));
	snprintf(table[2], sizeof table[2], "%s", in("make.csv"));
	if (which == 0)
		return pl_import_io(
		        report,
		        &(pl_import_io_options){.flows = table[0],
		                                .output_column = "x",
		                                .files = {.limit = limit, .n_limits = 1}},
		        in("dest"), err);
	return pl_import_sut(
	        report,
	        &(pl_import_sut_options){.use = table[1],
	                                 .make = table[2],
	                                 .technology = which == 1 ? "industry" : "commodity"},
	        in("dest"), err);
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	const int64_t alive = pl_alloc_alive;
	for (int which = 0; which < 3; which++) {
		pl_status status = PL_ENOMEM;
		for (int64_t grants = 0; status == PL_ENOMEM && grants < 20000; grants++) {
			pl_import_report report;
			pl_error err = {0};
			pl_alloc_grants = grants;
			status = import(which, &report, &err);
			pl_alloc_grants = -1;
			CHECK((status == PL_OK) == exists("dest/goods.csv"));
			CHECK(status == PL_OK || err.msg[0] != '\0');
			pl_import_report_free(&report);
			CHECK(pl_alloc_alive == alive);
		}
		CHECK(status == PL_OK);
		remove_economy();
	}
#endif
}

static void recipes_are_per_unit_of_output_and_worth_it(void)
{
	for (int which = 0; which < 3; which++) {
		pl_import_report report;
		pl_model *m = NULL;
		pl_faults faults = {0};
		pl_settings settings = pl_settings_preset();
		CHECK(import(which, &report, NULL) == PL_OK);
		CHECK(pl_economy_read(&m, &settings, in("dest"), &faults, NULL) == PL_OK);
		for (int32_t c = 0; m != NULL && c < m->n_councils; c++) {
			double margin = -m->council.param[PL_P_recipe_effort][c];
			if (m->council.kind[c] != PL_WORKERS) continue;
			for (int64_t k = m->link.start[c]; k < m->link.start[c + 1]; k++) {
				const int32_t g = m->link.good[k];
				const double sign = m->link.role[k] == PL_MAKES ? 1 : -1;
				if (m->good.kind[g] != PL_PRODUCT) continue;
				CHECK_NEAR(m->good.price[g], 1, 0);
				margin += sign * m->link.amount[k];
			}
			CHECK_NEAR(margin, 0, 1e-15); /* so prices of 1 are a plan's prices */
		}
		pl_model_free(m);
		pl_faults_clear(&faults);
		pl_import_report_free(&report);
		remove_economy();
	}
}

static void a_refusal_still_reports_what_was_found(void)
{
	pl_import_report report;
	pl_error err = {0};
	write_table("flows.csv", "s,a,b,y,x\na,1,-2,7,10\nb,2,3,5,10\n");
	CHECK(import(0, &report, &err) == PL_ENOTFOUND); /* no row "jobs" to limit */
	CHECK(report.sectors == 2 && report.negative_cells == 1);
	CHECK(isnan(report.spectral_radius) && !report.rows.known);
	CHECK(!exists("dest"));
	pl_import_report_free(&report);
	const pl_import_io_options both = {.flows = in("flows.csv"), .output_column = "x"};
	CHECK(pl_import_io(&report, &both, in("dest"), &err) == PL_EARG);
	CHECK(report.rows.known);
	CHECK_NEAR(report.rows.absolute, 4, 0); /* a: 1 - 2 + 7 = 6, not 10 */
	CHECK_NEAR(report.rows.relative, 0.4, 1e-15);
	CHECK(report.rows.worst != NULL && strcmp(report.rows.worst, "a") == 0);
	CHECK(!exists("dest"));
	pl_import_report_free(&report);
	CHECK(pl_import_sut(&report, &(pl_import_sut_options){.use = "x"}, in("dest"), &err) ==
	      PL_EARG);
	CHECK(strstr(err.msg, "--make") != NULL);
	pl_import_report_free(&report);
	write_table("flows.csv", FLOWS);
}

static void rounding_dust_of_what_nobody_makes_is_left_out(void)
{
	pl_import_report report;
	pl_model *m = NULL;
	pl_faults faults = {0};
	pl_settings settings = pl_settings_preset();
	write_table("flows.csv", "s,a,b,y,x\na,30,0,70,100\nb,2e-19,0,-2e-19,0\njobs,3,0,0,0\n"
	                         "b2,0,0,0,0\n");
	CHECK(import(0, &report, NULL) == PL_OK);
	CHECK(report.without_output == 1 && report.imported == 0);
	CHECK(pl_economy_read(&m, &settings, in("dest"), &faults, NULL) == PL_OK);
	for (int64_t k = 0; m != NULL && k < m->n_links; k++)
		CHECK(strcmp(pl_text_at(m->good.id, m->link.good[k]), "b") != 0);
	pl_model_free(m);
	pl_faults_clear(&faults);
	pl_import_report_free(&report);
	remove_economy();
	write_table("flows.csv", FLOWS);
}

static void names_of_a_list_may_hold_commas_and_quotes(void)
{
	pl_names names = {0};
	CHECK(pl_import_list(&names, "a,\"b, c\",\"d \"\"e\"\"\"", "--x", NULL) == PL_OK);
	CHECK(names.n == 3);
	CHECK(pl_names_find(&names, "b, c") == 1);
	CHECK(pl_names_find(&names, "d \"e\"") == 2);
	pl_names_clear(&names);
	static const char *const bad[] = {"", ",", "a,", "a,,b", "a,a", "\"a", "\"a\"b"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK(pl_import_list(&names, bad[i], "--x", NULL) == PL_EARG);
		pl_names_clear(&names);
	}
}

int main(void)
{
	if (mkdtemp(folder) == NULL) return 1;
	write_table("flows.csv", FLOWS);
	write_table("use.csv", USE);
	write_table("make.csv", MAKE);
	RUN(every_allocation_may_fail);
	RUN(recipes_are_per_unit_of_output_and_worth_it);
	RUN(a_refusal_still_reports_what_was_found);
	RUN(rounding_dust_of_what_nobody_makes_is_left_out);
	RUN(names_of_a_list_may_hold_commas_and_quotes);
	remove(in("flows.csv"));
	remove(in("use.csv"));
	remove(in("make.csv"));
	remove(folder);
	return pl_test_failed;
}
