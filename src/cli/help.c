/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/help.h"

#include "base/number.h"
#include "cli/tables.h"
#include "cli/terminal.h"
#include "lab/behaviour.h"

#include <plenum/plenum.h>
#include <string.h>

enum { TEXT_AT = 28 }; /* column at which the explanations of options and verbs begin */

static const char intro[] = "Plans an economy together: workplaces and consumers say what they "
                            "can make, need and wish "
                            "for; Plenum finds prices at which it all fits, and proves it.";
static const char digits[] = "0123456789", after[] = "0123456789%";
static const char codes[] =
        "Ends with 0 when all is well, 1 when the outcome is not (no plan fits, a plan is "
        "rejected), 2 when the command or its input is wrong (nothing is written then), 130 "
        "after "
        "Ctrl-C.";

/// Bytes up to where a line may be broken: a space, but none between two digits, nor
/// between a number and its %.
static size_t unbroken(const char *text)
{
	size_t n = 0;
	for (;; n++) {
		n += strcspn(text + n, " ");
		if (text[n] == '\0' || n == 0) return n;
		if (strchr(digits, text[n - 1]) == NULL || strchr(after, text[n + 1]) == NULL)
			return n;
	}
}

void pl_help_wrap(FILE *to, const char *text, int used, int indent)
{
	int column = used;
	bool first = true;
	while (*text != '\0') {
		const size_t n = unbroken(text);
		const int width = pl_text_columns(text, n);
		if (!first && column + 1 + width > PL_COLUMNS) {
			fprintf(to, "\n%*s", indent, "");
			column = indent;
			first = true;
		}
		fprintf(to, "%s%.*s", first ? "" : " ", (int)n, text);
		column += width + (first ? 0 : 1);
		first = false;
		text += n + (text[n] == ' ');
	}
	fputc('\n', to);
}

void pl_help_sentence(FILE *to, const char *text)
{
	char line[2048];
	const size_t n = strlen(text);
	const bool ended = n > 0 && strchr(".!?", text[n - 1]) != NULL;
	(void)snprintf(line, sizeof line, "%s%s", text, ended ? "" : ".");
	if (line[0] >= 'a' && line[0] <= 'z') line[0] = (char)(line[0] - 'a' + 'A');
	pl_help_wrap(to, line, 0, 0);
}

/// "  --threads N" and its length.
static int option_head(char *out, size_t room, int o)
{
	char name[PL_NAME_MOST];
	pl_option_name(name, o);
	const char *value = pl_option_rows[o].value;
	return snprintf(out, room, "--%s%s%s", name, value[0] != '\0' ? " " : "", value);
}

/// Room for what any option means, with its default.
union option_texts {
#define PL_OPTION(id, kind, value, preset, low, high, verbs, needed, help) \
	char id[sizeof(help) + sizeof(preset) + 2];
#include "cli/options.def"
#undef PL_OPTION
};
enum { OPTION_TEXT = sizeof(union option_texts) };

/// What an option means, with its default; a setting's is that of plan, other verbs have their
/// own.
static void option_text(char out[OPTION_TEXT], int o, int verb)
{
	const pl_option_row *row = &pl_option_rows[o];
	const bool own = row->kind == PL_K_SETTING && verb != PL_V_plan;
	if (row->preset[0] != '\0' && !own)
		(void)snprintf(out, OPTION_TEXT, "%s (%s)", row->help, row->preset);
	else
		(void)snprintf(out, OPTION_TEXT, "%s", row->help);
}

/// "  left      right, wrapped"; right on a line of its own where left is long.
static void two_columns(FILE *to, const char *left, const char *right)
{
	const int n = fprintf(to, "  %s", left);
	if (n + 2 > TEXT_AT)
		fprintf(to, "\n%*s", TEXT_AT, "");
	else
		fprintf(to, "%*s", TEXT_AT - n, "");
	pl_help_wrap(to, right, TEXT_AT, TEXT_AT);
}

static void print_options(FILE *to, int verb)
{
	for (int o = 0; o < PL_OPTIONS; o++) {
		if (!pl_option_on(verb, o)) continue;
		char head[96], text[OPTION_TEXT];
		(void)option_head(head, sizeof head, o);
		option_text(text, o, verb);
		two_columns(to, head, text);
	}
}

static void print_all(FILE *to)
{
	fputs("Usage: plenum VERB [OPTIONS] ...\n", to);
	pl_help_wrap(to, intro, 0, 0);
	fputs("\nVerbs:\n", to);
	for (int v = 0; v < PL_VERBS; v++) {
		if (pl_verb_rows[v].hidden) continue;
		char head[96];
		(void)snprintf(head, sizeof head, "%s %s", pl_verb_rows[v].words,
		               pl_verb_rows[v].args);
		two_columns(to, head, pl_verb_rows[v].summary);
	}
	fputs("\nOptions:\n", to);
	print_options(to, -1);
	fputs("\n'plenum VERB --help' tells more about a verb.\n\n", to);
	pl_help_wrap(to, codes, 0, 0);
}

/// A row of names: the name, what it means.
typedef void (*name_row)(FILE *to, const char *name, const char *text);

static void put_behaviour(FILE *to, name_row row, const pl_behaviour_about *b)
{
	char head[96], preset[PL_NUMBER_CHARS], text[1024];
	if (b->word[0] != '\0') {
		(void)snprintf(head, sizeof head, "%s[:%s]", b->name, b->word);
		row(to, head, b->help);
	} else if (b == &pl_behaviours[PL_B_declared]) {
		row(to, b->name, b->help);
	} else {
		(void)snprintf(head, sizeof head, "%s[:X]", b->name);
		(void)snprintf(text, sizeof text, "%s (%s)", b->help,
		               pl_number_print(preset, b->preset));
		row(to, head, text);
	}
}

/// The rules of rounds and the behaviours of councils.
static void print_names(FILE *to, name_row row)
{
	static const char *const rule[] = {
#define PL_RULE(id, help) help,
#include <plenum/rules.def>
#undef PL_RULE
	};
	fputs("\nRules:\n", to);
	for (int k = 0; k < PL_RULES; k++) row(to, pl_rule_name(k), rule[k]);
	fputs("\nBehaviours, with their strengths:\n", to);
	for (int k = 0; k < PL_BEHAVIOURS; k++) put_behaviour(to, row, &pl_behaviours[k]);
}

/// The rules of votes.
static void print_votes(FILE *to, name_row row)
{
	fputs("\nRules:\n", to);
#define PL_VOTE_RULE(id, spelled, ballots, needs, help) row(to, spelled, help);
#include <plenum/votes.def>
#undef PL_VOTE_RULE
}

static bool counts_votes(int verb)
{
	return pl_option_on(verb, PL_O_rule__vote);
}

void pl_help_print(FILE *to, int verb)
{
	if (verb < 0) {
		print_all(to);
		return;
	}
	const pl_verb_row *row = &pl_verb_rows[verb];
	fprintf(to, "Usage: plenum %s [OPTIONS]%s%s\n", row->words,
	        row->args[0] != '\0' ? " " : "", row->args);
	pl_help_wrap(to, row->about, 0, 0);
	for (int o = 0; o < PL_OPTIONS; o++) {
		if ((pl_option_rows[o].needed & (UINT64_C(1) << verb)) == 0) continue;
		char head[96];
		(void)option_head(head, sizeof head, o);
		fprintf(to, "Needed: %s\n", head);
	}
	fputs("\nOptions:\n", to);
	print_options(to, verb);
	if (verb == PL_V_rounds) print_names(to, two_columns);
	if (counts_votes(verb)) print_votes(to, two_columns);
}

void pl_help_version(FILE *to)
{
	fprintf(to, "plenum %s\n", PL_VERSION);
}

/// Text for troff: a dash is a dash, a backslash a backslash, no line begins a request.
static void man_text(FILE *to, const char *text)
{
	if (*text == '.' || *text == '\'') fputs("\\&", to);
	for (; *text != '\0'; text++) {
		if (*text == '-')
			fputs("\\-", to);
		else if (*text == '\\')
			fputs("\\e", to);
		else
			fputc(*text, to);
	}
}

static void man_item(FILE *to, const char *head, const char *text)
{
	fputs(".TP\n.B ", to);
	man_text(to, head);
	fputc('\n', to);
	man_text(to, text);
	fputc('\n', to);
}

static void man_verb(FILE *to, int verb)
{
	const pl_verb_row *row = &pl_verb_rows[verb];
	fputs(".SS \"plenum ", to);
	man_text(to, row->words);
	fprintf(to, " [OPTIONS]%s", row->args[0] != '\0' ? " " : "");
	man_text(to, row->args);
	fputs("\"\n", to);
	man_text(to, row->about);
	fputc('\n', to);
	for (int o = 0; o < PL_OPTIONS; o++) {
		if (!pl_option_on(verb, o) || pl_option_rows[o].verbs == ~UINT64_C(0)) continue;
		char head[96], text[OPTION_TEXT];
		(void)option_head(head, sizeof head, o);
		option_text(text, o, verb);
		man_item(to, head, text);
	}
	if (verb == PL_V_rounds) print_names(to, man_item);
	if (counts_votes(verb)) print_votes(to, man_item);
}

void pl_help_man(FILE *to)
{
	fprintf(to, ".TH PLENUM 1 \"\" \"plenum %s\" \"User commands\"\n", PL_VERSION);
	fputs(".SH NAME\nplenum \\- participatory economic planning\n"
	      ".SH SYNOPSIS\n.B plenum\n.I VERB\n[OPTIONS] ...\n.SH DESCRIPTION\n",
	      to);
	man_text(to, intro);
	fputs("\n.SH VERBS\n", to);
	for (int v = 0; v < PL_VERBS; v++)
		if (!pl_verb_rows[v].hidden) man_verb(to, v);
	fputs(".SH OPTIONS OF EVERY VERB\n", to);
	for (int o = 0; o < PL_OPTIONS; o++) {
		if (pl_option_rows[o].verbs != ~UINT64_C(0)) continue;
		char head[96];
		(void)option_head(head, sizeof head, o);
		man_item(to, head, pl_option_rows[o].help);
	}
	fputs(".SH EXIT STATUS\n", to);
	man_text(to, codes);
	fputs("\n.SH ENVIRONMENT\n", to);
	man_item(to, "NO_COLOR", "Where it is set and not empty, nothing is coloured.");
}
