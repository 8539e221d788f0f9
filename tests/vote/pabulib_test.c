/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Participatory budgets that were held: winners under each rule as two other programs found
 * them (expected/winners.csv), and how often most votes first gives what was decided in reality
 * (expected/all_greedy_instances_reproduction.csv). */
#include "io/csv.h"
#include "io/pabulib.h"
#include "tests/pl_test.h"

#include <plenum/vote.h>

static const char *folder;

static char *bytes_of(size_t *n, const char *path)
{
	FILE *f = fopen(path, "rb");
	char *bytes = NULL;
	*n = 0;
	if (f == NULL) return NULL;
	for (size_t room = 0, got = 1; got > 0; *n += got) {
		if (*n == room) {
			room = room == 0 ? 1U << 16 : 2 * room;
			bytes = realloc(bytes, room);
			if (bytes == NULL) abort();
		}
		got = fread(bytes + *n, 1, room - *n, f);
	}
	(void)fclose(f);
	return bytes;
}

static pl_election *election(const char *name)
{
	char path[1024];
	pl_error err = {0};
	pl_election *e = NULL;
	size_t n;
	(void)snprintf(path, sizeof path, "%s/instances/%s", folder, name);
	char *bytes = bytes_of(&n, path);
	CHECK(bytes != NULL);
	if (bytes != NULL && pl_pabulib_read(&e, bytes, n, name, &err) != PL_OK)
		pl_test_fail(__FILE__, __LINE__, err.msg);
	free(bytes);
	return e;
}

static pl_csv *table(const char *name)
{
	char path[1024];
	pl_error err = {0};
	pl_csv *c;
	(void)snprintf(path, sizeof path, "%s/expected/%s", folder, name);
	if (pl_csv_open(&c, path, name, &err) != PL_OK)
		pl_test_fail(__FILE__, __LINE__, err.msg);
	return c;
}

static bool next(pl_csv *c)
{
	bool got;
	return pl_csv_next(&got, c, NULL) == PL_OK && got;
}

static const char *cell(const pl_csv *c, const char *column)
{
	const int32_t i = pl_csv_find(c, column);
	CHECK(i >= 0);
	return i < 0 ? "" : pl_csv_cell(c, i);
}

static pl_vote_result *count(const pl_election *e, const char *rule)
{
	pl_error err = {0};
	pl_vote_result *r;
	const int number = pl_vote_rule_of(rule);
	CHECK(number >= 0);
	const pl_vote_settings s = pl_vote_preset((pl_vote_rule)number);
	if (pl_vote_tally(&r, e, &s, &err) != PL_OK) pl_test_fail(__FILE__, __LINE__, err.msg);
	return r;
}

/* Is the id one of those in the list, which spaces part? */
static bool lists(const char *list, const char *id)
{
	const size_t n = strlen(id);
	for (const char *at = list; (at = strstr(at, id)) != NULL; at++)
		if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
			return true;
	return false;
}

static int32_t length(const char *list)
{
	int32_t n = *list != '\0';
	for (; *list != '\0'; list++) n += *list == ' ';
	return n;
}

static bool won(const pl_election *e, const pl_vote_result *r, const char *list)
{
	bool same = r->n_winners == length(list);
	for (int32_t i = 0; i < r->n_winners; i++)
		same = same && lists(list, pl_text_at(e->option.id, r->winner[i]));
	return same;
}

static void winners_are_those_expected(void)
{
	static const struct {
		const char *rule, *column;
	} rules[] = {
	        {"greedy", "greedy_by_votes_skip"},
	        {"greedy-no-skip", "greedy_by_votes_noskip"},
	        {"equal-shares", "mes_cost_utility"},
	        {"equal-shares-cardinality", "mes_cardinality_utility"},
	        {"equal-shares-completed", "mes_cost_plus_utilitarian_completion"},
	        {"equal-shares-cardinality-completed", "mes_card_plus_utilitarian_completion"},
	        {"equal-shares-add1", "mes_cost_add1"},
	        {"equal-shares-add1-completed", "mes_cost_add1_plus_utilitarian"},
	};
	enum { RULES = sizeof rules / sizeof *rules };
	pl_csv *c = table("winners.csv");
	int elections = 0;
	while (c != NULL && next(c)) {
		const char *name = cell(c, "file");
		pl_election *e = election(name);
		if (e == NULL) continue;
		for (int i = 0; i < RULES; i++) {
			pl_vote_result *r = count(e, rules[i].rule);
			const bool as_expected =
			        r != NULL && won(e, r, cell(c, rules[i].column));
			if (!as_expected)
				fprintf(stderr, "%s: %s differs\n", name, rules[i].rule);
			CHECK(as_expected);
			pl_vote_result_free(r);
		}
		pl_election_free(e);
		elections++;
	}
	pl_csv_close(c);
	printf("    %d elections, %d rules each\n", elections, (int)RULES);
	CHECK(elections > 0);
}

/* In how many options differ the winners from those recorded? */
static int32_t differences(const pl_election *e, const pl_vote_result *r)
{
	int32_t n = 0;
	for (int32_t i = 0; i < e->n_options; i++) n += e->option.recorded[i] == 1;
	for (int32_t i = 0; i < r->n_winners; i++)
		n += e->option.recorded[r->winner[i]] == 1 ? -1 : 1;
	return n;
}

static long whole(const char *text)
{
	return strtol(text, NULL, 10);
}

static void what_was_decided_is_reproduced_as_often_as_expected(void)
{
	pl_csv *c = table("all_greedy_instances_reproduction.csv");
	int elections = 0, same = 0;
	while (c != NULL && next(c)) {
		const char *name = cell(c, "file");
		pl_election *e = election(name);
		if (e == NULL) continue;
		pl_vote_result *r = count(e, cell(c, "rule"));
		CHECK(e->n_options == whole(cell(c, "projects")));
		CHECK(e->n_ballots == whole(cell(c, "voters")));
		if (r != NULL) {
			const int32_t d = differences(e, r);
			CHECK(d == whole(cell(c, "symmetric_difference")));
			same += d == 0;
		}
		elections++;
		pl_vote_result_free(r);
		pl_election_free(e);
	}
	pl_csv_close(c);
	printf("    %d of %d elections decided as recorded\n", same, elections);
	CHECK(elections > 0);
}

static void what_is_read_is_written_and_read_again(void)
{
	pl_csv *c = table("all_greedy_instances_reproduction.csv");
	while (c != NULL && next(c)) {
		const char *name = cell(c, "file");
		pl_election *e = election(name), *again = NULL;
		if (e == NULL) continue;
		char *text;
		size_t n;
		FILE *f = open_memstream(&text, &n);
		CHECK(pl_pabulib_write(f, e, NULL) == PL_OK);
		(void)fclose(f);
		CHECK(pl_pabulib_read(&again, text, n, name, NULL) == PL_OK);
		CHECK(again != NULL && again->budget == e->budget &&
		      again->decimals == e->decimals && again->n_ballots == e->n_ballots &&
		      again->n_marks == e->n_marks &&
		      memcmp(again->marked, e->marked,
		             (size_t)e->n_marks * sizeof *e->marked) == 0 &&
		      memcmp(again->option.cost, e->option.cost,
		             (size_t)e->n_options * sizeof *e->option.cost) == 0);
		free(text);
		pl_election_free(again);
		pl_election_free(e);
	}
	pl_csv_close(c);
}

int main(void)
{
	const char *data = getenv("PLENUM_DATA");
	static char path[1000];
	if (data == NULL || *data == '\0') {
		puts("PLENUM_DATA names no folder with pabulib/; nothing was checked");
		return 77;
	}
	(void)snprintf(path, sizeof path, "%s/pabulib", data);
	folder = path;
	RUN(winners_are_those_expected);
	RUN(what_was_decided_is_reproduced_as_often_as_expected);
	RUN(what_is_read_is_written_and_read_again);
	return pl_test_failed;
}
