/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_compare.c - plenum compare: what is different between two plans, by their tables alone.
 */
#include "base/alloc.h"
#include "base/error.h"
#include "cli/help.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "cli/told.h"
#include "cli/verbs.h"
#include "io/sketch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 10 };
static const double no_change = 1e-9; /* relative; plans differ by as much in rounding */

/// A number that both plans have.
typedef struct {
	int32_t row; ///< in the plan before
	double before, after;
} change;

/// Changes by falling relative size.
typedef struct {
	const char *title, *key;
	change *of;
	int32_t n;
} changes;

enum { PRICES, DEMANDS, ACTIVITIES, BENEFITS, COSTS, TABLES };

/// Indices of Laspeyres, Paasche and Fisher.
typedef struct {
	double laspeyres, paasche, fisher;
} indices;

typedef struct {
	const char *dir[2];
	pl_sketch s[2];
	int32_t *good, *council;     ///< [rows before] the same row after, or -1
	int32_t n_goods, n_councils; ///< in both
	changes table[TABLES];
	double spent[2]; ///< on what is wanted, at each plan's prices, credits
	indices price, quantity;
} view;

static void clear(view *v)
{
	for (int t = 0; t < TABLES; t++) pl_free(v->table[t].of);
	pl_free(v->good);
	pl_free(v->council);
	for (int k = 0; k < 2; k++) pl_sketch_free(&v->s[k]);
}

/* ---- working it out ------------------------------------------------------------------------
 */

static double size_of(const change *c)
{
	const double most = fmax(fabs(c->before), fabs(c->after));
	return most > 0 ? fabs(c->after - c->before) / most : 0;
}

static int by_size(const void *a, const void *b)
{
	const change *x = a, *y = b;
	const double dx = size_of(x), dy = size_of(y);
	if (dx != dy) return dx < dy ? 1 : -1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static void note(changes *t, int32_t row, double before, double after)
{
	const change c = {row, before, after};
	if (isnan(before) || isnan(after) || size_of(&c) <= no_change) return;
	t->of[t->n++] = c;
}

static int32_t match(int32_t *out, const pl_names *a, const pl_names *b)
{
	int32_t both = 0;
	for (int32_t i = 0; i < a->n; i++) {
		out[i] = pl_names_find(b, a->text.bytes + a->at[i]);
		both += out[i] >= 0;
	}
	return both;
}

/// Four sums of prices times what is wanted, of the goods that both plans have.
static void weigh(view *v)
{
	double sum[2][2] = {{0}}; /* prices of, quantities of */
	for (int k = 0; k < 2; k++)
		for (int32_t j = 0; j < v->s[k].goods.n; j++)
			v->spent[k] += v->s[k].good[j].price * v->s[k].good[j].wanted;
	for (int32_t j = 0; j < v->s[0].goods.n; j++) {
		if (v->good[j] < 0) continue;
		const pl_sketch_good *of[2] = {&v->s[0].good[j], &v->s[1].good[v->good[j]]};
		for (int p = 0; p < 2; p++)
			for (int q = 0; q < 2; q++) sum[p][q] += of[p]->price * of[q]->wanted;
	}
	v->price.laspeyres = sum[1][0] / sum[0][0];
	v->price.paasche = sum[1][1] / sum[0][1];
	v->quantity.laspeyres = sum[0][1] / sum[0][0];
	v->quantity.paasche = sum[1][1] / sum[1][0];
	v->price.fisher = sqrt(v->price.laspeyres * v->price.paasche);
	v->quantity.fisher = sqrt(v->quantity.laspeyres * v->quantity.paasche);
}

/// Real growth: the mean of both quantity indices, less 1.
static double growth_of(const view *v)
{
	return (v->quantity.laspeyres + v->quantity.paasche) / 2 - 1;
}

static void note_all(view *v)
{
	for (int32_t j = 0; j < v->s[0].goods.n; j++) {
		if (v->good[j] < 0) continue;
		const pl_sketch_good *a = &v->s[0].good[j], *b = &v->s[1].good[v->good[j]];
		note(&v->table[PRICES], j, a->price, b->price);
		note(&v->table[DEMANDS], j, a->demand, b->demand);
	}
	for (int32_t i = 0; i < v->s[0].councils.n; i++) {
		if (v->council[i] < 0) continue;
		const pl_sketch_council *a = &v->s[0].council[i],
		                        *b = &v->s[1].council[v->council[i]];
		note(&v->table[ACTIVITIES], i, a->activity, b->activity);
		note(&v->table[BENEFITS], i, a->benefit, b->benefit);
		note(&v->table[COSTS], i, a->cost, b->cost);
	}
	for (int t = 0; t < TABLES; t++)
		qsort(v->table[t].of, (size_t)v->table[t].n, sizeof(change), by_size);
}

static pl_status work_out(view *v, pl_error *err)
{
	static const struct {
		const char *title, *key;
	} about[TABLES] = {{"Prices", "prices"},
	                   {"What is asked for", "demands"},
	                   {"What councils do", "activities"},
	                   {"What councils give, or may spend", "benefits"},
	                   {"What councils cost", "costs"}};
	const int32_t goods = v->s[0].goods.n, councils = v->s[0].councils.n;
	bool all = true;
	for (int t = 0; t < TABLES; t++) {
		v->table[t] = (changes){.title = about[t].title, .key = about[t].key};
		v->table[t].of = pl_alloc(t <= DEMANDS ? goods : councils, sizeof(change));
		all = all && v->table[t].of != NULL;
	}
	v->good = pl_alloc(goods, sizeof *v->good);
	v->council = pl_alloc(councils, sizeof *v->council);
	if (!all || v->good == NULL || v->council == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to compare two plans");
	v->n_goods = match(v->good, &v->s[0].goods, &v->s[1].goods);
	v->n_councils = match(v->council, &v->s[0].councils, &v->s[1].councils);
	if (v->n_goods == 0)
		return pl_fail(
		        err, PL_EARG, -1,
		        "these plans have no good in common; are they of the same economy?");
	note_all(v);
	weigh(v);
	return PL_OK;
}

static const pl_names *names_of(const view *v, int table, int side)
{
	return table <= DEMANDS ? &v->s[side].goods : &v->s[side].councils;
}

static const char *name(const pl_names *names, int32_t row)
{
	return names->text.bytes + names->at[row];
}

static bool known_same(const char *a, const char *b)
{
	return a[0] != '\0' && strcmp(a, b) == 0;
}

/* ---- for people
 * ------------------------------------------------------------------------------ */

static void print_one(const view *v, int side)
{
	const pl_sketch *s = &v->s[side];
	char goods[48], councils[48], flows[48], line[1024], how[PL_HUMAN_CHARS * 3] = "";
	if (!isnan(s->tolerance)) (void)snprintf(how, sizeof how, ", to %.1e", s->tolerance);
	(void)snprintf(line, sizeof line, "%s: %.200s: %s%s%s%s; %s, %s, %s",
	               side == 0 ? "before" : "after", v->dir[side],
	               s->outcome[0] != '\0' ? s->outcome : "no plan.json",
	               s->period[0] != '\0' ? " for " : "", s->period, how,
	               pl_tell_count(goods, s->goods.n, "good", "goods"),
	               pl_tell_count(councils, s->councils.n, "council", "councils"),
	               pl_tell_count(flows, s->n_flows, "flow", "flows"));
	pl_help_wrap(stdout, line, 0, 2);
}

static void print_same(const view *v)
{
	const pl_sketch *a = &v->s[0], *b = &v->s[1];
	if (known_same(a->digest, b->digest))
		pl_help_sentence(stdout, "the same plan to the last bit");
	else if (known_same(a->inputs, b->inputs))
		pl_help_sentence(stdout, "two plans of the same tables");
	else if (a->inputs[0] != '\0' && b->inputs[0] != '\0')
		pl_help_sentence(stdout, "plans of different tables");
}

/// "2 goods and 1 council stand in DIR alone: x, y, z ..."
static void print_alone(const view *v, int side)
{
	enum { NAMED = 6 };
	const int other = 1 - side;
	char line[1024];
	int64_t n = 0;
	size_t used = (size_t)snprintf(line, sizeof line,
	                               "only %s: ", side == 0 ? "before" : "after");
	for (int t = PRICES; t <= ACTIVITIES; t += ACTIVITIES - PRICES) {
		const pl_names *mine = names_of(v, t, side), *theirs = names_of(v, t, other);
		for (int32_t i = 0; i < mine->n; i++) {
			if (pl_names_find(theirs, name(mine, i)) >= 0) continue;
			if (n++ >= NAMED) continue;
			used += (size_t)snprintf(line + used, sizeof line - used, "%s%s",
			                         n > 1 ? ", " : "",
			                         pl_text_named(name(mine, i)).text);
		}
	}
	if (n > NAMED)
		(void)snprintf(line + used, sizeof line - used, " and %lld more",
		               (long long)(n - NAMED));
	if (n > 0) pl_help_sentence(stdout, line);
}

static void print_table(const view *v, int t, bool colour)
{
	const changes *c = &v->table[t];
	char text[PL_HUMAN_CHARS];
	if (c->n == 0) return;
	fputc('\n', stdout);
	pl_term_print(stdout, colour, PL_BOLD, "%-43s%12s%12s%12s\n", c->title, "before",
	              "after", "change");
	for (int32_t k = 0; k < c->n && k < SHOWN; k++) {
		const change *x = &c->of[k];
		fputs("  ", stdout);
		pl_text_cell(stdout, name(names_of(v, t, 0), x->row), 41, false);
		pl_text_cell(stdout, pl_human(text, x->before), 12, true);
		pl_text_cell(stdout, pl_human(text, x->after), 12, true);
		pl_text_cell(stdout,
		             x->before == 0
		                     ? "new"
		                     : pl_human_share(text, x->after / x->before - 1, true),
		             12, true);
		fputc('\n', stdout);
	}
	if (c->n > SHOWN) printf("  and %d more\n", (int)(c->n - SHOWN));
}

static const char *share_of_change(char out[PL_HUMAN_CHARS], double by)
{
	return fabs(by) <= no_change ? "nothing" : pl_human_share(out, by, true);
}

static void print_totals(const view *v)
{
	char line[512], a[PL_HUMAN_CHARS], b[PL_HUMAN_CHARS], c[PL_HUMAN_CHARS],
	        d[PL_HUMAN_CHARS];
	if (!(v->spent[0] > 0) || !isfinite(v->quantity.fisher)) return;
	(void)snprintf(
	        line, sizeof line,
	        "what is wanted costs %s credits before, %s after: amounts changed by %s "
	        "(mean of Laspeyres and Paasche), prices by %s (Fisher)",
	        pl_human(a, v->spent[0]), pl_human(b, v->spent[1]),
	        share_of_change(c, growth_of(v)), share_of_change(d, v->price.fisher - 1));
	fputc('\n', stdout);
	pl_help_sentence(stdout, line);
}

static void print_compare(const view *v)
{
	const bool colour = pl_term_colour(stdout);
	for (int side = 0; side < 2; side++) print_one(v, side);
	print_same(v);
	for (int side = 0; side < 2; side++) print_alone(v, side);
	int64_t moved = 0;
	for (int t = 0; t < TABLES; t++) moved += v->table[t].n;
	for (int t = 0; t < TABLES; t++) print_table(v, t, colour);
	if (moved == 0) pl_help_sentence(stdout, "no number differs by more than 1e-9 of it");
	print_totals(v);
}

/* ---- for programs
 * ---------------------------------------------------------------------------- */

static void put_word(pl_json *j, const char *key, const char *word)
{
	pl_json_put_text(j, key, word[0] != '\0' ? word : NULL);
}

static void json_alone(pl_json *j, const char *key, const view *v, int table, int side)
{
	const pl_names *mine = names_of(v, table, side), *theirs = names_of(v, table, 1 - side);
	pl_json_open_array(j, key);
	for (int32_t i = 0; i < mine->n; i++)
		if (pl_names_find(theirs, name(mine, i)) < 0)
			pl_json_put_text(j, NULL, name(mine, i));
	pl_json_close_array(j);
}

static void json_one(pl_json *j, const view *v, int side)
{
	const pl_sketch *s = &v->s[side];
	pl_json_open_object(j, side == 0 ? "before" : "after");
	put_word(j, "outcome", s->outcome);
	put_word(j, "period", s->period);
	pl_json_put_number(j, "tolerance", s->tolerance);
	pl_json_put_number(j, "worst_imbalance", s->worst_imbalance);
	put_word(j, "inputs", s->inputs);
	put_word(j, "digest", s->digest);
	pl_json_put_whole(j, "goods", s->goods.n);
	pl_json_put_whole(j, "councils", s->councils.n);
	pl_json_put_whole(j, "flows", s->n_flows);
	pl_json_put_number(j, "wanted_value", v->spent[side]);
	json_alone(j, "goods_only_here", v, PRICES, side);
	json_alone(j, "councils_only_here", v, ACTIVITIES, side);
	pl_json_close_object(j);
}

static void json_indices(pl_json *j, const char *key, const indices *x)
{
	pl_json_open_object(j, key);
	pl_json_put_number(j, "laspeyres", x->laspeyres);
	pl_json_put_number(j, "paasche", x->paasche);
	pl_json_put_number(j, "fisher", x->fisher);
	pl_json_close_object(j);
}

static void json_table(pl_json *j, const view *v, int t)
{
	const changes *c = &v->table[t];
	pl_json_open_array(j, c->key);
	for (int32_t k = 0; k < c->n && k < SHOWN; k++) {
		pl_json_open_object(j, NULL);
		pl_json_put_text(j, t <= DEMANDS ? "good" : "council",
		                 name(names_of(v, t, 0), c->of[k].row));
		pl_json_put_number(j, "before", c->of[k].before);
		pl_json_put_number(j, "after", c->of[k].after);
		pl_json_close_object(j);
	}
	pl_json_close_array(j);
}

static void json_compare(const view *v)
{
	pl_json j = {.to = stdout};
	int64_t moved = 0;
	for (int t = 0; t < TABLES; t++) moved += v->table[t].n;
	pl_json_open_object(&j, NULL);
	pl_json_put_bool(&j, "same_inputs", known_same(v->s[0].inputs, v->s[1].inputs));
	pl_json_put_bool(&j, "same_digest", known_same(v->s[0].digest, v->s[1].digest));
	pl_json_put_whole(&j, "changed", moved);
	for (int side = 0; side < 2; side++) json_one(&j, v, side);
	json_indices(&j, "price_index", &v->price);
	json_indices(&j, "quantity_index", &v->quantity);
	pl_json_put_number(&j, "growth", growth_of(v));
	for (int t = 0; t < TABLES; t++) json_table(&j, v, t);
	pl_json_put_text(&j, "version", PL_VERSION);
	pl_json_close_object(&j);
}

int pl_verb_compare(const pl_args *a)
{
	view v = {.dir = {a->arg[0], a->arg[1]}};
	pl_faults faults = {0};
	pl_error err;
	int code = PL_EXIT_GOOD;
	for (int k = 0; k < 2 && code == PL_EXIT_GOOD; k++)
		if (pl_sketch_read(&v.s[k], v.dir[k], &faults, &err) != PL_OK)
			code = pl_tell_faults(a, &faults, &err);
	if (code == PL_EXIT_GOOD && work_out(&v, &err) != PL_OK) code = pl_tell_error(a, &err);
	if (code == PL_EXIT_GOOD && pl_args_has(a, PL_O_json))
		json_compare(&v);
	else if (code == PL_EXIT_GOOD && !pl_args_has(a, PL_O_quiet))
		print_compare(&v);
	clear(&v);
	pl_faults_clear(&faults);
	return code;
}
