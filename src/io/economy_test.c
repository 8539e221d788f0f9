/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/economy.h"

#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

#include <sys/stat.h>
#include <unistd.h>

/* An economy of four tables that has no fault. */
#define ECONOMY "key,value\nname,Island\nperiod,2027\ntolerance,1e-8\n"
#define GOODS   "good,name,price\nwheat,Wheat,2\nlabour,,\n"
#define COUNCILS                            \
	"council,kind,schedule,community\n" \
	"farm,workers,recipe,north\nhome,consumers,request,south\n"
#define COMMUNITIES "community,parent,members\nnorth,isle,10\nsouth,isle,\nisle,,\n"
#define USES                                                                   \
	"council,good,role,amount\nfarm,wheat,makes,1\nfarm,labour,uses,0.5\n" \
	"home,wheat,wants,10\nhome,labour,wants,-20\n"

enum { TABLES = 6 };
typedef struct {
	pl_file_bytes file[TABLES];
	pl_source from;
} tables;

static void set(tables *t, int k, const char *name, const char *text)
{
	t->file[k] = (pl_file_bytes){name, text, strlen(text)};
}

/* The good economy with one table put in the place of its own; NULL text: left out. */
static void with(tables *t, const char *name, const char *text)
{
	set(t, 0, "economy.csv", ECONOMY);
	set(t, 1, "goods.csv", GOODS);
	set(t, 2, "communities.csv", COMMUNITIES);
	set(t, 3, "councils.csv", COUNCILS);
	set(t, 4, "uses.csv", USES);
	set(t, 5, "prices.csv", "good,price\n");
	t->from = (pl_source){NULL, t->file, TABLES};
	for (int k = 0; k < TABLES; k++)
		if (strcmp(t->file[k].name, name) == 0) {
			if (text != NULL)
				set(t, k, name, text);
			else
				t->file[k].name = "";
		}
}

static pl_status read_tables(pl_model **out, const tables *t, pl_faults *faults)
{
	pl_settings s = pl_settings_preset();
	return pl_economy_read_from(out, &s, &t->from, faults, NULL);
}

static bool accepted(const char *name, const char *text)
{
	tables t;
	pl_model *m;
	pl_error err = {0};
	pl_settings s = pl_settings_preset();
	with(&t, name, text);
	const pl_status status = pl_economy_read_from(&m, &s, &t.from, NULL, &err);
	if (status != PL_OK) fprintf(stderr, "not accepted: %s\n", err.msg);
	pl_model_free(m);
	return status == PL_OK;
}

/* Is there exactly one fault, and does it begin so and contain that? */
static bool one_fault(const char *name, const char *text, const char *begin, const char *part)
{
	tables t;
	pl_model *m;
	pl_faults faults = {0};
	with(&t, name, text);
	const pl_status status = read_tables(&m, &t, &faults);
	bool good = status == PL_EPARSE && m == NULL && faults.n == 1 &&
	            strncmp(faults.text[0], begin, strlen(begin)) == 0 &&
	            strstr(faults.text[0], part) != NULL;
	for (int64_t i = 0; !good && i < faults.n && i < 9; i++)
		fprintf(stderr, "got: %s\n", faults.text[i]);
	pl_faults_clear(&faults);
	pl_model_free(m);
	return good;
}

static void the_tables_become_the_model(void)
{
	tables t;
	pl_model *m;
	pl_settings s = pl_settings_preset();
	with(&t, "prices.csv", "good,price\nlabour,0.25\n");
	CHECK(pl_economy_read_from(&m, &s, &t.from, NULL, NULL) == PL_OK);
	if (m == NULL) return;
	CHECK(strcmp(m->name, "Island") == 0 && strcmp(m->period, "2027") == 0);
	CHECK(s.tolerance == 1e-8);
	CHECK(m->n_goods == 2 && m->n_communities == 3 && m->n_councils == 2);
	CHECK(m->n_links == 4);
	CHECK(m->good.price[0] == 2 && m->good.price[1] == 0.25);
	CHECK(m->community.parent[0] == 2 && m->community.parent[2] == -1);
	CHECK(m->council.community[1] == 1);
	CHECK(m->link.role[3] == PL_OFFERS && m->link.amount[3] == 20);
	pl_model_free(m);
}

static void row_and_column_order_delimiter_and_decimal_mark_do_not_matter(void)
{
	CHECK(accepted("goods.csv", "\xEF\xBB\xBFprice;good\r\n;labour\r\n2,5;wheat\r\n"));
	CHECK(accepted("uses.csv", "amount\trole\tgood\tcouncil\n10\twants\twheat\thome\n"
	                           "1,0\tmakes\twheat\tfarm\n"));
	CHECK(accepted("economy.csv", "value;key\n0,001;tolerance\n"));
}

static void tables_that_may_be_missing_or_empty(void)
{
	CHECK(accepted("economy.csv", NULL));
	CHECK(accepted("economy.csv", ""));
	CHECK(accepted("economy.csv", "key,value\n"));
	CHECK(accepted("prices.csv", NULL));
	CHECK(one_fault("goods.csv", NULL, "goods.csv: ", "no such file"));
	CHECK(one_fault("uses.csv", NULL, "uses.csv: ", "no such file"));
	CHECK(one_fault("councils.csv", "", "councils.csv: ", "empty"));
}

static void a_fault_is_told_once_with_its_line_and_a_near_miss(void)
{
	CHECK(one_fault("uses.csv", USES "home,wheet,wants,1\n", "uses.csv:6: ",
	                "good \"wheet\" is not in goods.csv (did you mean \"wheat\"?)"));
	CHECK(one_fault("uses.csv", USES "hom,wheat,wants,1\n", "uses.csv:6: ",
	                "council \"hom\" is not in councils.csv (did you mean \"home\"?)"));
	CHECK(one_fault("uses.csv", USES "home,wheat,want,1\n",
	                "uses.csv:6: ", "(did you mean \"wants\"?)"));
	CHECK(one_fault("uses.csv", USES "home,wheat,wants,\n",
	                "uses.csv:6: ", "amount is empty"));
	CHECK(one_fault("uses.csv", USES "home,wheat,makes,1\n", "uses.csv:6: ", "request"));
	CHECK(one_fault("goods.csv", GOODS "wheat,,\n",
	                "goods.csv:4: ", "good \"wheat\" stands twice (first in line 2)"));
	CHECK(one_fault("goods.csv", GOODS "idea,,abc\n",
	                "goods.csv:4: ", "price \"abc\" is not a number"));
	CHECK(one_fault("goods.csv", "good,kind\nwheat,\nlabour,\nidea,information\n",
	                "goods.csv:4: ", "collective goods"));
	CHECK(one_fault("goods.csv", "good,kind\nwheat,\nlabour,labor\n",
	                "goods.csv:3: ", "(did you mean \"labour\"?)"));
	CHECK(one_fault(
	        "goods.csv", "good,prize\nwheat,\nlabour,\n", "goods.csv:1: ",
	        "there is no column \"prize\" in this table (did you mean \"price\"?)"));
	CHECK(one_fault("councils.csv", COUNCILS "shop,workers,recipe,nort\n",
	                "councils.csv:4: ", "(did you mean \"north\"?)"));
	CHECK(one_fault("communities.csv", COMMUNITIES "east,ilse,\n",
	                "communities.csv:5: ", "(did you mean \"isle\"?)"));
	CHECK(one_fault("communities.csv", COMMUNITIES "east,west,\nwest,east,\n",
	                "communities.csv:", "east"));
	CHECK(one_fault("economy.csv", "key,value\ntolerence,0.1\n",
	                "economy.csv:2: ", "(did you mean \"tolerance\"?)"));
	CHECK(one_fault("economy.csv", "key,value\nname,a\nname,b\n",
	                "economy.csv:3: ", "first in line 2"));
	CHECK(one_fault("economy.csv", "key,value\ntolerance,7\n",
	                "economy.csv:2: ", "tolerance"));
	CHECK(one_fault("prices.csv", "good,price\nwheat,1\nwheat,1\n",
	                "prices.csv:3: ", "first in line 2"));
	CHECK(one_fault("prices.csv", "good,price\nwheat,0\n", "prices.csv:2: ", "price"));
	CHECK(one_fault("goods.csv", ",good,name\n0,wheat,\n1,labour,\n",
	                "goods.csv:1: ", "the first column has no name in the header"));
	CHECK(one_fault("uses.csv", "council,good,role\n",
	                "uses.csv:1: ", "the column \"amount\" is missing"));
	CHECK(one_fault("goods.csv", "good,name\nwheat,\"a\nb\"\nlabour,\n",
	                "goods.csv:2: ", "name holds a line break"));
}

static void a_parameter_of_another_schedule_is_refused(void)
{
	CHECK(one_fault("councils.csv",
	                "council,kind,schedule,sigma\nfarm,workers,recipe,2\n"
	                "home,consumers,request,\n",
	                "councils.csv:2: ", "sigma is no parameter of schedule recipe"));
	CHECK(one_fault("councils.csv",
	                "council,kind,schedule,capacity\nfarm,workers,recipe,2\n"
	                "home,consumers,request,3\n",
	                "councils.csv:3: ", "capacity is no parameter of schedule request"));
}

/* A refused good or council is not told again by the rows that speak of it. */
static void one_slip_gives_one_sentence(void)
{
	CHECK(one_fault("goods.csv", "good,price\nwheat,0x10\nlabour,\n",
	                "goods.csv:2: ", "0x10"));
	CHECK(one_fault("councils.csv",
	                "council,kind,schedule\nfarm,worker,recipe\nhome,consumers,request\n",
	                "councils.csv:2: ", "(did you mean \"workers\"?)"));
	CHECK(one_fault("goods.csv", "good\nwheat\n\"lab", "goods.csv:3: ", "never closed"));
	CHECK(one_fault("goods.csv", NULL, "goods.csv: ", "no such file"));
}

static void all_faults_are_counted_and_fifty_told(void)
{
	tables t;
	pl_model *m;
	pl_faults faults = {0};
	char text[8192] = "good,price\nwheat,-1\n";
	for (int i = 0; i < 70; i++) {
		const size_t used = strlen(text);
		snprintf(text + used, sizeof text - used, "good%d,abc\n", i);
	}
	with(&t, "goods.csv", text);
	set(&t, 4, "uses.csv", USES "home,sky,wants,1\n");
	CHECK(read_tables(&m, &t, &faults) == PL_EPARSE && m == NULL);
	CHECK(faults.n == 74); /* wheat, 70 goods, labour in two rows, sky */
	CHECK(faults.text[PL_FAULTS_SHOWN - 1] != NULL);
	pl_faults_clear(&faults);
}

static void a_refused_economy_changes_no_setting(void)
{
	tables t;
	pl_model *m;
	pl_settings s = pl_settings_preset();
	with(&t, "goods.csv", GOODS "wheat,,\n");
	CHECK(pl_economy_read_from(&m, &s, &t.from, NULL, NULL) == PL_EPARSE && m == NULL);
	CHECK(s.tolerance == pl_settings_preset().tolerance);
}

static void a_folder_that_cannot_be_read_is_told_apart(void)
{
	pl_model *m;
	pl_error err = {0};
	pl_settings s = pl_settings_preset();
	CHECK(pl_economy_read(&m, &s, "vallee", NULL, &err) == PL_ENOTFOUND && m == NULL);
	CHECK(strcmp(err.msg, "vallee does not exist") == 0);
	fclose(fopen("file", "w"));
	CHECK(pl_economy_read(&m, &s, "file", NULL, &err) == PL_EIO && m == NULL);
	CHECK(strstr(err.msg, "not a folder") != NULL);
	mkdir("locked", 0);
	const uid_t me = geteuid();
	if (me == 0 && seteuid(65534) != 0) return; /* root may read everything */
	CHECK(pl_economy_read(&m, &s, "locked", NULL, &err) == PL_EIO && m == NULL);
	CHECK(seteuid(me) == 0);
}

/* ---- writing ---- */

static bool same_text(pl_text a, pl_text b, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		if (strcmp(pl_text_at(a, i), pl_text_at(b, i)) != 0) return false;
	return true;
}

/* The same bits, any NaN being like any other. */
static bool same_numbers(const double *a, const double *b, int64_t n)
{
	if (a == NULL || b == NULL) return a == b;
	for (int64_t i = 0; i < n; i++)
		if (!(isnan(a[i]) && isnan(b[i])) && memcmp(&a[i], &b[i], sizeof *a) != 0)
			return false;
	return true;
}

static bool same_bytes(const void *a, const void *b, int64_t n, size_t size)
{
	return n == 0 || memcmp(a, b, (size_t)n * size) == 0;
}

static int64_t row_of(const pl_model *m, int64_t n)
{
	return m->link.row != NULL ? m->link.row[n] : n;
}

static void check_same_model(const pl_model *a, const pl_model *b)
{
	const int64_t g = a->n_goods, c = a->n_communities, w = a->n_councils, k = a->n_links;
	CHECK(b->n_goods == g && b->n_communities == c && b->n_councils == w &&
	      b->n_links == k);
	if (b->n_goods != g || b->n_communities != c || b->n_councils != w || b->n_links != k)
		return;
	CHECK(strcmp(a->name, b->name) == 0 && strcmp(a->credit, b->credit) == 0);
	CHECK(same_text(a->good.id, b->good.id, g) && same_text(a->good.name, b->good.name, g));
	CHECK(same_text(a->good.unit, b->good.unit, g));
	CHECK(same_text(a->good.category, b->good.category, g));
	CHECK(same_bytes(a->good.kind, b->good.kind, g, 1));
	CHECK(same_numbers(a->good.price, b->good.price, g));
	CHECK(same_numbers(a->good.supply, b->good.supply, g));
	CHECK(same_numbers(a->good.elasticity, b->good.elasticity, g));
	CHECK(same_numbers(a->good.step, b->good.step, g));
	CHECK(same_text(a->community.id, b->community.id, c));
	CHECK(same_bytes(a->community.parent, b->community.parent, c, sizeof(int32_t)));
	CHECK(same_numbers(a->community.members, b->community.members, c));
	CHECK(same_text(a->council.id, b->council.id, w));
	CHECK(same_bytes(a->council.kind, b->council.kind, w, 1));
	CHECK(same_bytes(a->council.schedule, b->council.schedule, w, 1));
	CHECK(same_bytes(a->council.community, b->council.community, w, sizeof(int32_t)));
	CHECK(same_numbers(a->council.members, b->council.members, w));
	CHECK(same_numbers(a->council.income, b->council.income, w));
	for (int slot = 0; slot < PL_PARAM_SLOTS; slot++)
		CHECK(same_numbers(a->council.param[slot], b->council.param[slot], w));
	CHECK(same_bytes(a->link.start, b->link.start, w + 1, sizeof(int64_t)));
	CHECK(same_bytes(a->link.good, b->link.good, k, sizeof(int32_t)));
	CHECK(same_bytes(a->link.role, b->link.role, k, 1));
	CHECK(same_numbers(a->link.amount, b->link.amount, k));
	CHECK(same_numbers(a->link.elasticity, b->link.elasticity, k));
	for (int64_t n = 0; n < k; n++) CHECK(row_of(a, n) == row_of(b, n));
}

/* A number of any size that is above 0, with all its bits in use. */
static double any(pl_random *draw)
{
	return ldexp(1 + pl_random_unit(draw), (int)pl_random_between(draw, -40, 40));
}

/* Sometimes not given. */
static double perhaps(pl_random *draw, double x)
{
	return pl_random_below(draw, 3) == 0 ? NAN : x;
}

static void add_goods(pl_builder *b, pl_random *draw, int n)
{
	static const char *const odd[] = {"a,b",         "c;d", "say \"hi\"",
	                                  "caf\xC3\xA9", "'",   "1e5"};
	int32_t index;
	char id[32];
	for (int i = 0; i < n; i++) {
		const char *text = odd[pl_random_below(draw, 6)];
		snprintf(id, sizeof id, "%s %d", text, i);
		const pl_good_row row = {id,
		                         pl_random_below(draw, 2) ? text : "",
		                         "kg",
		                         "food/bread",
		                         pl_random_below(draw, 2) ? PL_PRODUCT : PL_LABOUR,
		                         perhaps(draw, any(draw)),
		                         pl_random_below(draw, 3) == 0 ? 0 : any(draw),
		                         perhaps(draw, any(draw)),
		                         perhaps(draw, any(draw))};
		CHECK(pl_builder_good(&index, b, &row, NULL) == PL_OK);
	}
}

static void add_councils(pl_builder *b, pl_random *draw, int n)
{
	int32_t index;
	char id[32];
	for (int i = 0; i < n; i++) {
		pl_council_row row = {.id = id, .community = i % 3 - 1, .income = NAN};
		snprintf(id, sizeof id, "council %d", i);
		for (int slot = 0; slot < PL_PARAM_SLOTS; slot++) row.param[slot] = NAN;
		row.members = perhaps(draw, any(draw));
		switch (i % 5) {
		case 0:
			row.schedule = PL_S_recipe;
			row.param[PL_P_recipe_capacity] = perhaps(draw, any(draw));
			row.param[PL_P_recipe_effort] = perhaps(draw, any(draw));
			break;
		case 1:
			row.schedule = PL_S_ces;
			row.param[PL_P_ces_returns] = pl_random_unit(draw) * 0.9 + 0.05;
			row.param[PL_P_ces_sigma] = any(draw);
			break;
		case 2:
			row.schedule = PL_S_request;
			break;
		case 3:
			row.schedule = PL_S_isoelastic;
			break;
		default:
			row.schedule = PL_S_budget_cd;
			row.income = any(draw);
		}
		row.kind = i % 5 < 2 ? PL_WORKERS : PL_CONSUMERS;
		CHECK(pl_builder_council(&index, b, &row, NULL) == PL_OK);
	}
}

/* Rows of councils in turn, so that uses.csv is in another order than the links. */
static void add_links(pl_builder *b, pl_random *draw, int councils, int goods)
{
	for (int round = 0; round < 4; round++)
		for (int i = 0; i < councils; i++) {
			const bool works = i % 5 < 2, first = round == 0;
			const int32_t good = (i + round) % goods;
			const double amount = works && first && i % 5 == 1 ? 1 : any(draw);
			const bool supplies = i % 5 == 2 && pl_random_below(draw, 2) == 0;
			const double elasticity = i % 5 == 3 ? perhaps(draw, any(draw)) : NAN;
			const pl_role role = !works ? PL_WANTS : first ? PL_MAKES : PL_USES;
			CHECK(pl_builder_link(b, i, good, role, supplies ? -amount : amount,
			                      elasticity, NULL) == PL_OK);
		}
}

static pl_model *random_model(uint64_t seed)
{
	pl_random draw = pl_random_new(seed, 0);
	pl_builder *b;
	pl_model *m = NULL;
	int32_t index;
	pl_error err = {0};
	const pl_community_row north = {"north", "", -1, 12},
	                       south = {"south", "South", 0, NAN};
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	pl_builder_about(b, "Valley, the", "2027", "credit", NULL);
	pl_builder_community(&index, b, &north, NULL);
	pl_builder_community(&index, b, &south, NULL);
	add_goods(b, &draw, 8);
	add_councils(b, &draw, 12);
	add_links(b, &draw, 12, 8);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, &err) == PL_OK);
	if (m == NULL) fprintf(stderr, "%s\n", err.msg);
	return m;
}

static void remove_folder(const char *folder)
{
	char command[96];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK(system(command) == 0);
}

static void a_model_comes_back_to_the_last_bit(void)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		pl_model *m = random_model(seed), *back;
		pl_settings s = pl_settings_preset();
		pl_error err = {0};
		if (m == NULL) return;
		CHECK(pl_economy_write(m, NULL, "written", &err) == PL_OK);
		CHECK(pl_economy_read(&back, &s, "written", NULL, &err) == PL_OK);
		if (back != NULL)
			check_same_model(m, back);
		else
			fprintf(stderr, "%s\n", err.msg);
		pl_model_free(m);
		pl_model_free(back);
		remove_folder("written");
	}
}

static void an_economy_is_never_written_over_another(void)
{
	pl_model *m = random_model(1);
	pl_error err = {0};
	mkdir("taken", 0777);
	FILE *f = fopen("taken/prices.csv", "w");
	fclose(f);
	CHECK(pl_economy_write(m, NULL, "taken", &err) == PL_EARG);
	CHECK(strstr(err.msg, "prices.csv") != NULL);
	CHECK(access("taken/goods.csv", F_OK) != 0);
	pl_model_free(m);
}

static void text_that_would_not_come_back_is_not_written(void)
{
	pl_builder *b;
	pl_model *m;
	int32_t index;
	pl_error err = {0};
	const pl_good_row row = {
	        .id = " edge", .price = NAN, .supply = 1, .elasticity = NAN, .step = NAN};
	const pl_council_row home = {.id = "home",
	                             .kind = PL_CONSUMERS,
	                             .community = -1,
	                             .schedule = PL_S_request,
	                             .members = NAN,
	                             .income = NAN,
	                             .param = {NAN, NAN, NAN, NAN}};
	pl_builder_new(&b, NULL);
	CHECK(pl_builder_good(&index, b, &row, NULL) == PL_OK);
	CHECK(pl_builder_council(&index, b, &home, NULL) == PL_OK);
	CHECK(pl_builder_link(b, 0, 0, PL_WANTS, 1, NAN, NULL) == PL_OK);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, &err) == PL_OK);
	CHECK(pl_economy_write(m, NULL, "edge", &err) == PL_EARG);
	CHECK(access("edge", F_OK) != 0);
	pl_model_free(m);
}

static void start_prices_come_from_any_table_that_has_them(void)
{
	tables t;
	pl_model *m;
	double price[2];
	pl_faults faults = {0};
	with(&t, "", NULL);
	CHECK(read_tables(&m, &t, NULL) == PL_OK);
	FILE *f = fopen("start.csv", "w");
	fputs("supply;price;good\n3;1,5;wheat\n", f);
	fclose(f);
	CHECK(pl_start_read(price, m, "start.csv", &faults, NULL) == PL_OK);
	CHECK(price[0] == 1.5 && price[1] == 1);
	f = fopen("start.csv", "w");
	fputs("good,price\nwheat,0\nlabor,1\nwheat,-1\nlabour,-1\n", f);
	fclose(f);
	CHECK(pl_start_read(price, m, "start.csv", &faults, NULL) == PL_EPARSE &&
	      faults.n == 3);
	CHECK(price[0] == 2); /* a price at its floor starts at the model's */
	CHECK(pl_start_read(price, m, "nothing.csv", &faults, NULL) == PL_EPARSE);
	pl_faults_clear(&faults);
	pl_model_free(m);
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	tables t;
	const int64_t alive = pl_alloc_alive;
	with(&t, "uses.csv", USES "home,wheet,wants,1\n");
	for (int good = 0; good < 2; good++) {
		pl_status status = PL_ENOMEM;
		for (int64_t grants = 0; grants < 2000 && status == PL_ENOMEM; grants++) {
			pl_model *m;
			pl_faults faults = {0};
			pl_alloc_grants = grants;
			status = read_tables(&m, &t, &faults);
			pl_alloc_grants = -1;
			CHECK((m != NULL) == (status == PL_OK));
			pl_model_free(m);
			pl_faults_clear(&faults);
			CHECK(pl_alloc_alive == alive);
		}
		CHECK(status == (good ? PL_OK : PL_EPARSE));
		with(&t, "", NULL);
	}
#endif
}

int main(void)
{
	char root[] = "economy-test-XXXXXX", up[64];
	if (mkdtemp(root) == NULL || chmod(root, 0755) != 0 || chdir(root) != 0) return 1;
	RUN(the_tables_become_the_model);
	RUN(row_and_column_order_delimiter_and_decimal_mark_do_not_matter);
	RUN(tables_that_may_be_missing_or_empty);
	RUN(a_fault_is_told_once_with_its_line_and_a_near_miss);
	RUN(a_parameter_of_another_schedule_is_refused);
	RUN(one_slip_gives_one_sentence);
	RUN(all_faults_are_counted_and_fifty_told);
	RUN(a_refused_economy_changes_no_setting);
	RUN(a_folder_that_cannot_be_read_is_told_apart);
	RUN(a_model_comes_back_to_the_last_bit);
	RUN(an_economy_is_never_written_over_another);
	RUN(text_that_would_not_come_back_is_not_written);
	RUN(start_prices_come_from_any_table_that_has_them);
	RUN(every_allocation_may_fail);
	snprintf(up, sizeof up, "../%s", root);
	remove_folder(up);
	return pl_test_failed;
}
