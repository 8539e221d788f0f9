/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_check.c - plenum check: what tables hold, or whether a finished plan stands. */
#include "base/alloc.h"
#include "base/error.h"
#include "cli/help.h"
#include "cli/judge.h"
#include "cli/screen.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "io/json.h"
#include "io/plan_files.h"

enum { LINE = 1024 };

/// "3 recipe, 2 request", from a column of small numbers.
static void print_kinds(FILE *to, const char *what, const uint8_t *kind, int32_t n,
                        const char *(*name)(int))
{
	int32_t count[32] = {0};
	char line[LINE];
	size_t used = (size_t)snprintf(line, sizeof line, "%s:", what);
	for (int32_t i = 0; i < n; i++) count[kind[i] % 32]++;
	for (int k = 0, shown = 0; k < 32; k++) {
		if (count[k] == 0) continue;
		const int more = snprintf(line + used, sizeof line - used, "%s %d %s",
		                          shown++ > 0 ? "," : "", (int)count[k], name(k));
		used += (size_t)more;
	}
	fputs("  ", to);
	pl_help_wrap(to, line, 2, 4);
}

static void print_tables(const pl_args *a, const pl_model *m, const pl_faults *faults)
{
	char goods[48], councils[48], links[48], communities[48], warnings[48];
	printf("%s: %s, %s, %s, %s; %s\n", a->arg[0],
	       pl_tell_count(goods, m->n_goods, "good", "goods"),
	       pl_tell_count(communities, m->n_communities, "community", "communities"),
	       pl_tell_count(councils, m->n_councils, "council", "councils"),
	       pl_tell_count(links, m->n_links, "link", "links"),
	       pl_tell_count(warnings, faults->n_warnings, "warning", "warnings"));
	print_kinds(stdout, "goods", m->good.kind, m->n_goods, pl_good_kind_name);
	print_kinds(stdout, "councils", m->council.kind, m->n_councils, pl_council_kind_name);
	print_kinds(stdout, "schedules", m->council.schedule, m->n_councils, pl_schedule_name);
	print_kinds(stdout, "links", m->link.role, (int32_t)m->n_links, pl_role_name);
	printf("Next: plenum plan %s\n", a->arg[0]);
}

/// The counts and warnings that both kinds of answer end with, as members of an object.
static void json_tables(pl_json *j, const pl_model *m, const pl_faults *faults)
{
	pl_json_put_whole(j, "goods", m->n_goods);
	pl_json_put_whole(j, "communities", m->n_communities);
	pl_json_put_whole(j, "councils", m->n_councils);
	pl_json_put_whole(j, "links", m->n_links);
	pl_json_open_array(j, "warnings");
	for (int32_t i = 0; i < faults->n_warnings; i++)
		pl_json_put_text(j, NULL, faults->warning[i]);
	pl_json_close_array(j);
	pl_json_put_text(j, "version", PL_VERSION);
}

static void print_verdict(const pl_model *m, const pl_verdict *v, double tolerance)
{
	char line[LINE];
	const bool colour = pl_term_colour(stdout);
	const pl_brief worst =
	        pl_text_named(v->worst_good >= 0 ? pl_screen_good(m, v->worst_good) : "");
	if (v->accepted) {
		pl_term_print(stdout, colour, PL_GOOD, "Accepted\n");
		(void)snprintf(line, sizeof line,
		               "Everything fits and every council is at its best answer to the "
		               "prices, to %.1e. "
		               "Largest imbalance %.1e%s%s, gap %.1e of all that flows.",
		               tolerance, v->worst_imbalance, v->worst_good >= 0 ? " of " : "",
		               worst.text, v->gap);
	} else {
		pl_term_print(stdout, colour, PL_BAD, "Rejected\n");
		(void)snprintf(line, sizeof line, "%s", v->reason);
	}
	pl_help_sentence(stdout, line);
}

static void json_verdict(pl_json *j, const pl_model *m, const pl_verdict *v, double tolerance)
{
	pl_json_put_bool(j, "accepted", v->accepted);
	pl_json_put_text(j, "reason", v->reason);
	pl_json_put_number(j, "worst_imbalance", v->worst_imbalance);
	pl_json_put_text(j, "worst_good",
	                 v->worst_good >= 0 ? pl_text_at(m->good.id, v->worst_good) : NULL);
	pl_json_put_number(j, "gap", v->gap);
	pl_json_put_number(j, "tolerance", tolerance);
}

/// Judge the plan in the second argument.
static int judge(const pl_args *a, const pl_model *m, pl_faults *faults)
{
	pl_claim_files files = {0};
	pl_verdict verdict;
	pl_error err;
	int code = PL_EXIT_GOOD;
	const pl_status s = pl_claim_read(&files, m, a->arg[1], faults, &err);
	if (s != PL_OK) return pl_tell_faults(a, faults, &err);
	const double tolerance = pl_judge_tolerance(files.tolerance);
	if (pl_plan_check(&verdict, m, &files.claim, tolerance, &err) != PL_OK) {
		code = pl_tell_error(a, &err);
		goto out;
	}
	code = verdict.accepted ? PL_EXIT_GOOD : PL_EXIT_NOT;
	pl_tell_warnings(a, faults);
	if (pl_args_has(a, PL_O_json)) {
		pl_json j = {.to = stdout};
		pl_json_open_object(&j, NULL);
		json_verdict(&j, m, &verdict, tolerance);
		json_tables(&j, m, faults);
		pl_json_close_object(&j);
	} else if (!pl_args_has(a, PL_O_quiet)) {
		print_verdict(m, &verdict, tolerance);
	}
out:
	pl_claim_free(&files);
	return code;
}

static int tables_alone(const pl_args *a, const pl_model *m, const pl_faults *faults)
{
	pl_tell_warnings(a, faults);
	if (pl_args_has(a, PL_O_json)) {
		pl_json j = {.to = stdout};
		pl_json_open_object(&j, NULL);
		json_tables(&j, m, faults);
		pl_json_close_object(&j);
	} else if (!pl_args_has(a, PL_O_quiet)) {
		print_tables(a, m, faults);
	}
	return PL_EXIT_GOOD;
}

int pl_verb_check(const pl_args *a)
{
	pl_settings settings = pl_settings_preset();
	pl_faults faults = {0};
	pl_model *m = NULL;
	pl_error err;
	int code;
	if (pl_economy_read(&m, &settings, a->arg[0], &faults, &err) != PL_OK)
		code = pl_tell_faults(a, &faults, &err);
	else if (a->n_args == 1)
		code = tables_alone(a, m, &faults);
	else
		code = judge(a, m, &faults);
	pl_model_free(m);
	pl_faults_clear(&faults);
	return code;
}
