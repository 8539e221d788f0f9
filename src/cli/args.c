/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/args.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/tables.h"

#include <errno.h>
#include <plenum/plan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Does argv, from its second word on, begin with the words of a verb? @return how many words
static int words_of(int verb, int argc, const char *const *argv)
{
	const char *words = pl_verb_rows[verb].words;
	for (int n = 0;; n++) {
		if (n + 1 >= argc) return 0;
		const size_t k = strcspn(words, " ");
		if (strlen(argv[n + 1]) != k || strncmp(argv[n + 1], words, k) != 0) return 0;
		if (words[k] == '\0') return n + 1;
		words += k + 1;
	}
}

/// Add a word to a list that may be cut.
static void append(char *list, size_t room, const char *before, const char *word)
{
	const size_t used = strlen(list);
	(void)snprintf(list + used, room - used, "%s%s", used > 0 ? before : "", word);
}

/// Is @p verb one of a group of which argv[1] is the first word?
static bool in_group(int verb, const char *first)
{
	const char *words = pl_verb_rows[verb].words;
	const size_t n = strlen(first);
	return strncmp(words, first, n) == 0 && words[n] == ' ';
}

/// "vote --help": the first word of several verbs, and what they are.
static bool asks_for_group(int argc, const char *const *argv)
{
	bool group = false;
	for (int v = 0; v < PL_VERBS && !group; v++) group = in_group(v, argv[1]);
	return group && argc == 3 && strcmp(argv[2], "--help") == 0;
}

static pl_status no_such_verb(int argc, const char *const *argv, pl_error *err)
{
	char group[128] = "", all[400] = "", typed[128], hint[PL_HINT_CHARS];
	pl_near near = {0};
	(void)pl_text_brief(typed, argv[1]);
	for (int v = 0; v < PL_VERBS; v++)
		if (in_group(v, argv[1]))
			append(group, sizeof group, " or ", pl_verb_rows[v].words);
	if (group[0] != '\0' && argc > 2 && argv[2][0] != '-') {
		char second[PL_BRIEF_CHARS];
		append(typed, sizeof typed, " ", pl_text_brief(second, argv[2]));
	}
	for (int v = 0; v < PL_VERBS; v++) {
		if (pl_verb_rows[v].hidden) continue;
		append(all, sizeof all, ", ", pl_verb_rows[v].words);
		pl_near_offer(&near, typed, pl_verb_rows[v].words);
	}
	if (group[0] != '\0' && strchr(typed, ' ') == NULL)
		return pl_fail(err, PL_EARG, -1, "\"%s\" needs a second word: %s", argv[1],
		               group);
	return pl_fail(err, PL_EARG, -1, "there is no verb \"%s\"%s; there are: %s", typed,
	               pl_near_hint(hint, &near), all);
}

/// Is what was typed (n bytes, without the dashes) the name of an option?
static bool named(int option, const char *typed, size_t n)
{
	char name[PL_NAME_MOST];
	pl_option_name(name, option);
	return strlen(name) == n && strncmp(name, typed, n) == 0;
}

static pl_status no_such_option(int verb, const char *typed, size_t n, pl_error *err)
{
	char word[PL_NAME_MOST], name[PL_OPTIONS][PL_NAME_MOST], elsewhere[160] = "";
	pl_near near = {0};
	(void)snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : sizeof word - 1),
	               typed);
	for (int o = 0; o < PL_OPTIONS; o++) {
		pl_option_name(name[o], o);
		if (pl_option_on(verb, o)) pl_near_offer(&near, word, name[o]);
		for (int v = 0; v < PL_VERBS && verb >= 0 && named(o, typed, n); v++)
			if (pl_option_on(v, o) && !pl_verb_rows[v].hidden)
				append(elsewhere, sizeof elsewhere, " and ",
				       pl_verb_rows[v].words);
	}
	if (elsewhere[0] != '\0')
		return pl_fail(err, PL_EARG, -1, "--%s is an option of %s, not of %s", word,
		               elsewhere, pl_verb_rows[verb].words);
	if (near.word != NULL)
		return pl_fail(err, PL_EARG, -1, "there is no option --%s (did you mean --%s?)",
		               word, near.word);
	return pl_fail(err, PL_EARG, -1, "there is no option --%s", word);
}

static bool whole(int64_t *out, const char *text)
{
	char *end;
	if (text[0] == '\0' || strspn(text, "0123456789") != strlen(text)) return false;
	errno = 0;
	*out = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0';
}

/// Refuse a value that the tables do not allow.
static pl_status check_value(int option, const char *value, pl_error *err)
{
	const pl_option_row *row = &pl_option_rows[option];
	char name[PL_NAME_MOST], brief[PL_BRIEF_CHARS];
	pl_option_name(name, option);
	int64_t n;
	if (row->kind == PL_K_WHOLE && !whole(&n, value))
		return pl_fail(err, PL_EARG, -1, "--%s takes a whole number, not \"%s\"", name,
		               pl_text_brief(brief, value));
	if (row->kind == PL_K_WHOLE && ((double)n < row->low || (double)n > row->high))
		return pl_fail(err, PL_EARG, -1, "--%s must lie between %.0f and %.0f, not %s",
		               name, row->low, row->high, pl_text_brief(brief, value));
	if (row->kind == PL_K_SETTING) {
		pl_settings trial = pl_settings_preset();
		pl_error why;
		const pl_status s = pl_settings_set(&trial, row->id, value, &why);
		if (s != PL_OK) return pl_fail(err, PL_EARG, -1, "--%s: %.400s", name, why.msg);
	}
	if (row->kind != PL_K_FLAG && value[0] == '\0')
		return pl_fail(err, PL_EARG, -1, "--%s needs a value: --%s %s", name, name,
		               row->value);
	return PL_OK;
}

/// Take argv[*i], an option, and its value.
static pl_status take_option(pl_args *a, int *i, int argc, const char *const *argv,
                             pl_error *err)
{
	const char *typed = argv[*i] + 2;
	const size_t n = strcspn(typed, "=");
	int option = 0;
	while (option < PL_OPTIONS &&
	       !(pl_option_on(a->verb, option) && named(option, typed, n)))
		option++;
	if (option == PL_OPTIONS) return no_such_option(a->verb, typed, n, err);
	const pl_option_row *row = &pl_option_rows[option];
	const char *value = typed[n] == '=' ? typed + n + 1 : NULL;
	if (row->kind == PL_K_FLAG) {
		if (value != NULL)
			return pl_fail(err, PL_EARG, -1, "--%.*s takes no value", (int)n,
			               typed);
		value = "";
	} else if (value == NULL) {
		if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
			return pl_fail(err, PL_EARG, -1, "--%s needs a value: --%s %s", typed,
			               typed, row->value);
		value = argv[++*i];
	}
	PL_TRY(check_value(option, value, err));
	if (a->n_given == PL_GIVEN_MOST)
		return pl_fail(err, PL_EARG, -1, "more than %d options", PL_GIVEN_MOST);
	a->given[a->n_given].option = option;
	a->given[a->n_given++].value = value;
	return PL_OK;
}

static pl_status take_argument(pl_args *a, const char *word, pl_error *err)
{
	const pl_verb_row *row = &pl_verb_rows[a->verb];
	char brief[PL_BRIEF_CHARS];
	if (a->n_args == row->most)
		return pl_fail(err, PL_EARG, -1,
		               "\"%s\" is one argument too many: plenum %s %s",
		               pl_text_brief(brief, word), row->words, row->args);
	a->arg[a->n_args++] = word;
	return PL_OK;
}

/// Is everything there that the verb needs?
static pl_status check_whole(const pl_args *a, pl_error *err)
{
	const pl_verb_row *row = &pl_verb_rows[a->verb];
	if (a->n_args < row->least)
		return pl_fail(err, PL_EARG, -1, "something is missing: plenum %s %s",
		               row->words, row->args);
	for (int i = 0; i < a->n_args; i++)
		if (a->arg[i][0] == '\0')
			return pl_fail(err, PL_EARG, -1, "an empty name: plenum %s %s",
			               row->words, row->args);
	for (int o = 0; o < PL_OPTIONS; o++) {
		if ((pl_option_rows[o].needed & (UINT64_C(1) << a->verb)) == 0 ||
		    pl_args_has(a, o))
			continue;
		char name[PL_NAME_MOST];
		pl_option_name(name, o);
		return pl_fail(err, PL_EARG, -1, "%s needs --%s %s", row->words, name,
		               pl_option_rows[o].value);
	}
	return PL_OK;
}

static pl_status take_words(pl_args *a, int first, int argc, const char *const *argv,
                            pl_error *err)
{
	bool options = true;
	char brief[PL_BRIEF_CHARS];
	for (int i = first; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0)
			options = false;
		else if (options && strncmp(argv[i], "--", 2) == 0)
			PL_TRY(take_option(a, &i, argc, argv, err));
		else if (options && argv[i][0] == '-' && argv[i][1] != '\0')
			return pl_fail(err, PL_EARG, -1,
			               "\"%s\": options begin with two dashes, such as --help",
			               pl_text_brief(brief, argv[i]));
		else if (a->verb < 0)
			return pl_fail(err, PL_EARG, -1, "\"%s\": the verb comes first",
			               pl_text_brief(brief, argv[i]));
		else
			PL_TRY(take_argument(a, argv[i], err));
		if (pl_args_has(a, PL_O_help) || pl_args_has(a, PL_O_version)) return PL_OK;
	}
	return a->verb < 0 ? PL_OK : check_whole(a, err);
}

pl_status pl_args_read(pl_args *out, int argc, const char *const *argv, pl_error *err)
{
	*out = (pl_args){.verb = -1};
	if (argc < 2) return pl_fail(err, PL_EARG, -1, "what to do? Name a verb");
	if (argv[1][0] == '-') return take_words(out, 1, argc, argv, err);
	int n = 0;
	for (int v = 0; v < PL_VERBS && n == 0; v++) {
		n = words_of(v, argc, argv);
		if (n > 0) out->verb = v;
	}
	if (n == 0 && asks_for_group(argc, argv)) return take_words(out, 2, argc, argv, err);
	if (n == 0) return no_such_verb(argc, argv, err);
	return take_words(out, 1 + n, argc, argv, err);
}

bool pl_args_has(const pl_args *a, int option)
{
	return pl_args_text(a, option) != NULL;
}

const char *pl_args_text(const pl_args *a, int option)
{
	for (int i = a->n_given; i-- > 0;)
		if (a->given[i].option == option) return a->given[i].value;
	return NULL;
}

const char *pl_args_nth(const pl_args *a, int option, int k)
{
	for (int i = 0; i < a->n_given; i++)
		if (a->given[i].option == option && k-- == 0) return a->given[i].value;
	return NULL;
}

int64_t pl_args_whole(const pl_args *a, int option, int64_t other)
{
	const char *text = pl_args_text(a, option);
	int64_t n;
	return text != NULL && whole(&n, text) ? n : other;
}

/// "--ID" as it is typed.
static const char *spelled(char out[PL_HINT_CHARS], int option)
{
	char name[PL_NAME_MOST];
	pl_option_name(name, option);
	(void)snprintf(out, PL_HINT_CHARS, "--%s", name);
	return out;
}

pl_status pl_args_choice(int *out, const pl_args *a, int option, const char *(*name)(int),
                         pl_error *err)
{
	const char *typed = pl_args_text(a, option);
	char said[PL_HINT_CHARS], hint[PL_HINT_CHARS], all[400] = "";
	pl_near near = {0};
	if (typed == NULL) return PL_OK;
	for (int k = 0; name(k) != NULL; k++) {
		if (strcmp(typed, name(k)) == 0) {
			*out = k;
			return PL_OK;
		}
		pl_near_offer(&near, typed, name(k));
		append(all, sizeof all, name(k + 1) == NULL ? " and " : ", ", name(k));
	}
	return pl_fail(err, PL_EARG, -1, "%s: there are %s%s", spelled(said, option), all,
	               pl_near_hint(hint, &near));
}

pl_status pl_args_range(double *low, double *high, const pl_args *a, int option, pl_error *err)
{
	const char *text = pl_args_text(a, option);
	char first[PL_NUMBER_CHARS], said[PL_HINT_CHARS];
	double l, h;
	if (text == NULL) return PL_OK;
	const size_t n = strcspn(text, "-");
	const char *second = text[n] == '-' ? text + n + 1 : text;
	(void)snprintf(first, sizeof first, "%.*s", (int)(n < sizeof first ? n : sizeof first),
	               text);
	if (pl_number_read(&l, first) != PL_OK || pl_number_read(&h, second) != PL_OK)
		return pl_fail(err, PL_EARG, -1, "%s takes two numbers such as 0.75-0.85",
		               spelled(said, option));
	*low = l;
	*high = h;
	return PL_OK;
}

pl_status pl_args_settings(pl_settings *s, const pl_args *a, pl_error *err)
{
	for (int k = 0; k < a->n_given; k++) {
		const pl_option_row *row = &pl_option_rows[a->given[k].option];
		if (row->kind == PL_K_SETTING)
			PL_TRY(pl_settings_set(s, row->id, a->given[k].value, err));
	}
	return PL_OK;
}
