/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/plan_files.h"

#include "base/alloc.h"
#include "base/error.h"
#include "tests/pl_test.h"

#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

/* Four goods, four councils, seven links, uses.csv in another order than the links; one
 * request is net supply. The numbers of the plan are made up: here only their way to the
 * files and back counts. */
enum { GOODS = 3, COUNCILS = 3, LINKS = 6 };
static const pl_file_bytes tables[] = {
        {"goods.csv", "good\nwheat\nflour;\n\"wood, dry\"\n", 0},
        {"councils.csv",
         "council,kind,schedule\nfarm,workers,recipe\n\"say \"\"mill\"\"\","
         "workers,recipe\nhome,consumers,request\n",
         0},
        {"uses.csv",
         "council,good,role,amount\nfarm,wheat,makes,1\nhome,flour;,wants,3\n"
         "farm,\"wood, dry\",uses,1\n\"say \"\"mill\"\"\",flour;,makes,1\n"
         "\"say \"\"mill\"\"\",wheat,uses,2\nhome,\"wood, dry\",wants,-5\n",
         0}};

static pl_model *economy(void)
{
	pl_file_bytes file[3];
	pl_model *m;
	pl_error err = {0};
	pl_settings s = pl_settings_preset();
	for (int k = 0; k < 3; k++) {
		file[k] = tables[k];
		file[k].n = strlen(file[k].bytes);
	}
	const pl_source from = {NULL, file, 3};
	if (pl_economy_read_from(&m, &s, &from, NULL, &err) != PL_OK)
		fprintf(stderr, "%s\n", err.msg);
	CHECK(m != NULL && m->n_goods == GOODS && m->n_links == LINKS);
	return m;
}

static double price[GOODS] = {0.1 + 0.2, 1e-300, 0}, start[GOODS] = {1, 1, 1};
static double supply[GOODS] = {1.0 / 3, 2e17, 5}, demand[GOODS] = {2.0 / 3, 7, 5};
static double imbalance[GOODS] = {1e-10, 0, 0};
static double activity[COUNCILS] = {1.0 / 7, 22.0 / 7, NAN};
static double benefit[COUNCILS] = {10, 20, NAN}, cost[COUNCILS] = {9.9, 20.1, 3};
static double ratio[COUNCILS] = {10 / 9.9, 20 / 20.1, INFINITY};
static double quantity[LINKS] = {1.1, 2.2, 3.3, 4.4, 5.5, 6.6};

static pl_plan plan(void)
{
	return (pl_plan){.outcome = PL_CLEARED,
	                 .n_goods = GOODS,
	                 .n_councils = COUNCILS,
	                 .n_links = LINKS,
	                 .price = price,
	                 .start_price = start,
	                 .supply = supply,
	                 .demand = demand,
	                 .imbalance = imbalance,
	                 .activity = activity,
	                 .quantity = quantity,
	                 .benefit = benefit,
	                 .cost = cost,
	                 .ratio = ratio,
	                 .worst_imbalance = 1e-10,
	                 .gap = 2e-12,
	                 .tolerance = 1e-9};
}

static const pl_run_facts facts = {.seconds = 0.25, .economy = "here", .inputs = "abcd"};

static bool same(const double *a, const double *b, int n)
{
	for (int i = 0; a != NULL && i < n; i++)
		if (!(!isfinite(a[i]) && isnan(b[i])) && a[i] != b[i]) return false;
	return a != NULL && b != NULL;
}

static void check_claim(const pl_claim_files *c)
{
	CHECK(c->tolerance == 1e-9);
	CHECK(same(price, c->claim.price, GOODS) && same(supply, c->claim.supply, GOODS));
	CHECK(same(demand, c->claim.demand, GOODS));
	CHECK(same(imbalance, c->claim.imbalance, GOODS));
	CHECK(same(activity, c->claim.activity, COUNCILS));
	CHECK(same(benefit, c->claim.benefit, COUNCILS));
	CHECK(same(cost, c->claim.cost, COUNCILS) && same(ratio, c->claim.ratio, COUNCILS));
	CHECK(same(quantity, c->claim.quantity, LINKS));
}

static pl_status write_note(FILE *to, void *self, pl_error *err)
{
	if (self == NULL) return pl_fail(err, PL_ENOMEM, -1, "there is nothing to note");
	fputs(self, to);
	return PL_OK;
}

static void write_plan(const pl_model *m)
{
	char text[] = "seen";
	const pl_plan_extra extra[] = {{"note", write_note, text}, {0}};
	const pl_plan p = plan();
	pl_error err = {0};
	CHECK(pl_plan_write("plan", m, &p, &facts, extra, &err) == PL_OK);
	if (*err.msg != '\0') fprintf(stderr, "%s\n", err.msg);
}

static pl_status read_plan(pl_claim_files *c, const pl_model *m, pl_faults *faults)
{
	pl_error err = {0};
	const pl_status status = pl_claim_read(c, m, "plan", faults, &err);
	if (status != PL_OK && faults == NULL) fprintf(stderr, "%s\n", err.msg);
	return status;
}

static void a_plan_comes_back_to_the_last_bit(void)
{
	pl_model *m = economy();
	pl_claim_files c;
	write_plan(m);
	CHECK(read_plan(&c, m, NULL) == PL_OK);
	check_claim(&c);
	pl_claim_free(&c);
	pl_model_free(m);
}

static char *contents(const char *path)
{
	static char text[4][4096];
	static int turn;
	char *to = text[turn = (turn + 1) % 4];
	FILE *f = fopen(path, "r");
	CHECK(f != NULL);
	const size_t n = f != NULL ? fread(to, 1, 4095, f) : 0;
	to[n] = '\0';
	if (f != NULL) fclose(f);
	return to;
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	CHECK(f != NULL);
	if (f == NULL) return;
	fputs(text, f);
	fclose(f);
}

static void flows_follow_the_order_of_the_economys_rows(void)
{
	pl_model *m = economy();
	write_plan(m);
	CHECK(strcmp(contents("plan/flows.csv"),
	             "council,good,role,quantity\nfarm,wheat,makes,1.1000000000000001\n"
	             "home,\"flour;\",wants,5.5\nfarm,\"wood, dry\",uses,2.2000000000000002\n"
	             "\"say \"\"mill\"\"\",\"flour;\",makes,3.2999999999999998\n"
	             "\"say \"\"mill\"\"\",wheat,uses,4.4000000000000004\n"
	             "home,\"wood, dry\",offers,6.5999999999999996\n") == 0);
	pl_model_free(m);
}

static void a_spreadsheet_may_have_rewritten_it(void)
{
	pl_model *m = economy();
	pl_claim_files c;
	write_plan(m);
	put("plan/prices.csv", "\xEF\xBB\xBFimbalance;demand;supply;price;good;note\r\n"
	                       "0;7;2E+17;1E-300;\"flour;\";mine\r\n"
	                       ";;;;;\r\n"
	                       "0,0000000001;0,6666666666666666;0,3333333333333333;"
	                       "0,30000000000000004;wheat;\r\n"
	                       "0;5;5;0;wood, dry\r\n");
	put("plan/councils.csv",
	    "council\tactivity\tratio\tcost\tbenefit\n"
	    "home\t\t\t3\t\n"
	    "\"say \"\"mill\"\"\"\t3.142857142857143\t0.99502487562189046\t"
	    "20.1\t20\n"
	    "farm\t0.14285714285714285\t1.0101010101010102\t9.9\t10\n");
	CHECK(read_plan(&c, m, NULL) == PL_OK);
	check_claim(&c);
	pl_claim_free(&c);
	pl_model_free(m);
}

static void digits_may_be_cut(void)
{
	pl_model *m = economy();
	pl_claim_files c;
	write_plan(m);
	put("plan/prices.csv",
	    "good,price\nwheat,0.3\n\"flour;\",1e-300\n\"wood, dry\",0.00\n");
	CHECK(read_plan(&c, m, NULL) == PL_OK);
	CHECK(c.claim.price[0] == 0.3 && c.claim.supply == NULL);
	pl_claim_free(&c);
	pl_model_free(m);
}

/* One file of a good plan replaced: exactly one fault, which begins and reads so. */
static bool one_fault(const char *path, const char *text, const char *begin, const char *part)
{
	pl_model *m = economy();
	pl_claim_files c;
	pl_faults faults = {0};
	write_plan(m);
	if (text != NULL)
		put(path, text);
	else
		unlink(path);
	const bool good = read_plan(&c, m, &faults) == PL_EPARSE && faults.n == 1 &&
	                  strncmp(faults.text[0], begin, strlen(begin)) == 0 &&
	                  strstr(faults.text[0], part) != NULL;
	for (int64_t i = 0; !good && i < faults.n && i < 9; i++)
		fprintf(stderr, "got: %s\n", faults.text[i]);
	pl_faults_clear(&faults);
	pl_model_free(m);
	return good;
}

static void what_is_missing_or_twice_or_unknown_is_named(void)
{
	CHECK(one_fault("plan/prices.csv", "good,price\nwheat,1\n\"wood, dry\",1\n",
	                "prices.csv: ", "good \"flour;\" of the economy is missing"));
	CHECK(one_fault("plan/prices.csv",
	                "good,price\nwheat,1\nflour;,1\nwheat,1\n\"wood, dry\",1\n",
	                "prices.csv:4: ", "good \"wheat\" stands twice (first in line 2)"));
	CHECK(one_fault("plan/prices.csv",
	                "good,price\nwheat,1\nflour;,1\nsky,1\n\"wood, dry\",1\n",
	                "prices.csv:4: ", "good \"sky\" is not in"));
	CHECK(one_fault("plan/prices.csv", "good,price\nwheat,\nflour;,1\n\"wood, dry\",1\n",
	                "prices.csv:2: ", "price is empty"));
	CHECK(one_fault("plan/prices.csv", NULL, "prices.csv: ", "no such file"));
	CHECK(one_fault("plan/councils.csv", "council,activity\nfarm,1\nhome,\n",
	                "councils.csv: ", "\"say \"mill\"\" of the economy is missing"));
	CHECK(one_fault("plan/councils.csv", "council\nfarm\n",
	                "councils.csv:1: ", "activity"));
	CHECK(one_fault("plan/plan.json", "{\"tolerance\":", "plan.json:", "cannot be read"));
	CHECK(one_fault("plan/plan.json", "{\"tolerance\":1e9}", "plan.json: ", "tolerance"));
}

static void flows_are_matched_by_council_good_and_role(void)
{
#define FLOWS                                                                   \
	"council,good,role,quantity\nfarm,wheat,makes,1\nhome,flour;,wants,1\n" \
	"farm,\"wood, dry\",uses,1\n\"say \"\"mill\"\"\",flour;,makes,1\n"      \
	"\"say \"\"mill\"\"\",wheat,uses,1\n"
	const char *last = FLOWS "home,\"wood, dry\",offers,1\n";
	char text[1024];
	CHECK(one_fault("plan/flows.csv", FLOWS,
	                "flows.csv: ", "the flow \"home\" offers \"wood, dry\" is missing"));
	snprintf(text, sizeof text, "%shome,wheat,wants,1\n", last);
	CHECK(one_fault("plan/flows.csv", text, "flows.csv:8: ",
	                "the flow \"home\" wants \"wheat\" is not in the economy's uses.csv"));
	snprintf(text, sizeof text, "%sfarm,wheat,makes,1\n", last);
	CHECK(one_fault("plan/flows.csv", text, "flows.csv:8: ", "first in line 2"));
	snprintf(text, sizeof text, "%sfram,wheat,makes,1\n", last);
	CHECK(one_fault("plan/flows.csv", text, "flows.csv:8: ", "(did you mean \"farm\"?)"));
#undef FLOWS
}

static void a_plan_without_its_manifest_is_read(void)
{
	pl_model *m = economy();
	pl_claim_files c;
	write_plan(m);
	unlink("plan/plan.json");
	CHECK(read_plan(&c, m, NULL) == PL_OK && isnan(c.tolerance));
	pl_claim_free(&c);
	pl_model_free(m);
}

/* The note of write_plan stands beside the plan, and readers leave it alone. */
static void a_file_more_comes_with_the_others_or_none_does(void)
{
	pl_model *m = economy();
	const pl_plan p = plan();
	const pl_plan_extra none[] = {{"note", write_note, NULL}, {0}};
	pl_error err;
	write_plan(m);
	CHECK(strcmp(contents("plan/note"), "seen") == 0);
	CHECK(pl_plan_write("other", m, &p, &facts, none, &err) == PL_ENOMEM);
	CHECK(strcmp(err.msg, "there is nothing to note") == 0 && access("other", F_OK) != 0);
	CHECK(pl_plan_write("other", m, &p, &facts, NULL, &err) == PL_OK);
	CHECK(access("other/plan.json", F_OK) == 0 && access("other/note", F_OK) != 0);
	pl_model_free(m);
}

static void a_plan_is_never_written_over_an_economy(void)
{
	pl_model *m = economy();
	const pl_plan p = plan();
	mkdir("economy", 0777);
	put("economy/goods.csv", "mine");
	CHECK(pl_plan_write("economy", m, &p, &facts, NULL, NULL) == PL_EARG);
	CHECK(strcmp(contents("economy/goods.csv"), "mine") == 0);
	CHECK(access("economy/plan.json", F_OK) != 0);
	pl_model_free(m);
}

static json_t *manifest(const pl_model *m, const pl_plan *p, bool whole)
{
	char text[8192];
	FILE *to = fmemopen(text, sizeof text, "w");
	const pl_settings s = pl_settings_preset();
	pl_run_facts f = facts;
	f.settings = &s;
	pl_plan_json(to, m, p, &f, whole);
	fclose(to);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	CHECK(root != NULL);
	CHECK(whole || strchr(text, '\n') == text + strlen(text) - 1);
	return root;
}

static void the_object_has_what_the_contract_names(void)
{
	static const char *const keys[] = {
	        "outcome", "worst_imbalance", "worst_good", "gap",    "sweeps", "seconds",
	        "goods",   "councils",        "links",      "digest", "version"};
	pl_model *m = economy();
	pl_plan p = plan();
	json_t *root = manifest(m, &p, false);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		CHECK(json_object_get(root, keys[i]) != NULL);
	CHECK(json_object_size(root) == sizeof keys / sizeof *keys);
	CHECK(strcmp(json_string_value(json_object_get(root, "outcome")), "cleared") == 0);
	CHECK(strcmp(json_string_value(json_object_get(root, "worst_good")), "wheat") == 0);
	CHECK(json_string_length(json_object_get(root, "digest")) == 64);
	json_decref(root);
	root = manifest(m, &p, true);
	CHECK(json_object_get(root, "seconds") == NULL); /* the same plan, the same bytes */
	CHECK(json_real_value(json_object_get(root, "tolerance")) == 1e-9);
	CHECK(json_object_get(json_object_get(root, "settings"), "max_steps") != NULL);
	json_decref(root);
	pl_model_free(m);
}

static void a_conflict_is_told_by_name(void)
{
	pl_model *m = economy();
	pl_plan p = plan();
	int32_t scarce[] = {2};
	double weight[] = {1};
	pl_conflict conflict[] = {{2, 1, 3, 2, 0.5, false}, {-1, 2, 1, 1, 0.5, true}};
	p.outcome = PL_INFEASIBLE;
	p.n_scarce = 1;
	p.scarce = scarce;
	p.scarce_weight = weight;
	p.n_conflicts = 2;
	p.conflict = conflict;
	json_t *root = manifest(m, &p, false);
	const json_t *one = json_array_get(json_object_get(root, "conflicts"), 0);
	const json_t *two = json_array_get(json_object_get(root, "conflicts"), 1);
	const json_t *good = json_array_get(json_object_get(root, "scarce"), 0);
	CHECK(strcmp(json_string_value(json_object_get(good, "good")), "wood, dry") == 0);
	CHECK(strcmp(json_string_value(json_object_get(one, "council")), "home") == 0);
	CHECK(json_is_null(json_object_get(two, "council")));
	CHECK(json_is_true(json_object_get(two, "limits")));
	json_decref(root);
	pl_model_free(m);
}

/* ---- proposals.csv ---- */

static void proposals_come_back_to_the_last_bit_and_what_is_not_there_is_0(void)
{
	static const double proposed[LINKS] = {0.1 + 0.2, 0, 1e-300, 1.0 / 3, 0, 2e17};
	double read[LINKS];
	pl_model *m = economy();
	const pl_source from = {.folder = "proposed"};
	CHECK(pl_economy_write(m, proposed, "proposed", NULL) == PL_OK);
	CHECK(pl_proposals_read_from(read, m, &from, NULL, NULL) == PL_OK);
	CHECK(same(proposed, read, LINKS));
	pl_model_free(m);
}

static void proposals_that_nobody_can_make_are_refused_with_their_line(void)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
	        {"farm,wheat,makes,-1\n", "proposals.csv:2: nobody proposes less than nothing"},
	        {"farm,wheat,makes,\n", "proposals.csv:2"},
	        {"farm,wheat,makes,1\nfarm,wheat,makes,1\n", "stands twice"},
	        {"home,wheat,wants,1\n", "is not in the economy's uses.csv"},
	        {"nobody,wheat,makes,1\n", "nobody"}};
	double read[LINKS];
	pl_model *m = economy();
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char text[200];
		pl_error err = {0};
		(void)snprintf(text, sizeof text, "council,good,role,quantity\n%s",
		               wrong[i].text);
		const pl_file_bytes file = {"proposals.csv", text, strlen(text)};
		const pl_source from = {NULL, &file, 1};
		CHECK(pl_proposals_read_from(read, m, &from, NULL, &err) == PL_EPARSE);
		CHECK(strstr(err.msg, wrong[i].says) != NULL);
	}
	const pl_source none = {.folder = "."};
	CHECK(pl_proposals_read_from(read, m, &none, NULL, NULL) == PL_EPARSE);
	pl_model_free(m);
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	pl_model *m = economy();
	pl_status status = PL_ENOMEM;
	write_plan(m);
	const int64_t alive = pl_alloc_alive;
	for (int64_t grants = 0; grants < 500 && status == PL_ENOMEM; grants++) {
		pl_claim_files c;
		pl_alloc_grants = grants;
		status = pl_claim_read(&c, m, "plan", NULL, NULL);
		pl_alloc_grants = -1;
		pl_claim_free(&c);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
	status = PL_ENOMEM;
	for (int64_t grants = 0; grants < 500 && status == PL_ENOMEM; grants++) {
		static const pl_file_bytes file = {
		        "proposals.csv", "council,good,role,quantity\nfarm,wheat,makes,1\n",
		        46};
		const pl_source from = {NULL, &file, 1};
		double read[LINKS];
		pl_alloc_grants = grants;
		status = pl_proposals_read_from(read, m, &from, NULL, NULL);
		pl_alloc_grants = -1;
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
	pl_model_free(m);
#endif
}

int main(void)
{
	char root[] = "plan-files-test-XXXXXX", command[64];
	if (mkdtemp(root) == NULL || chdir(root) != 0) return 1;
	RUN(a_plan_comes_back_to_the_last_bit);
	RUN(flows_follow_the_order_of_the_economys_rows);
	RUN(a_spreadsheet_may_have_rewritten_it);
	RUN(digits_may_be_cut);
	RUN(what_is_missing_or_twice_or_unknown_is_named);
	RUN(flows_are_matched_by_council_good_and_role);
	RUN(a_plan_without_its_manifest_is_read);
	RUN(a_file_more_comes_with_the_others_or_none_does);
	RUN(a_plan_is_never_written_over_an_economy);
	RUN(the_object_has_what_the_contract_names);
	RUN(a_conflict_is_told_by_name);
	RUN(proposals_come_back_to_the_last_bit_and_what_is_not_there_is_0);
	RUN(proposals_that_nobody_can_make_are_refused_with_their_line);
	RUN(every_allocation_may_fail);
	snprintf(command, sizeof command, "rm -rf ../%s", root);
	return system(command) != 0 || pl_test_failed;
}
