/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/told.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/bar.h"
#include "cli/judge.h"
#include "cli/screen.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/terminal.h"

#include <math.h>
#include <string.h>

/* ---- an economy with its plan ---------------------------------------------------------- */

static int make_plan(pl_told *t, const pl_args *a, const pl_settings *settings)
{
	pl_error err;
	pl_bar bar =
	        pl_bar_begin(stderr, !pl_args_has(a, PL_O_quiet), t->m, settings->tolerance);
	const pl_status s =
	        pl_plan_clear(&t->p, t->m, settings, NULL, pl_bar_watch, &bar, &err);
	pl_bar_end(&bar);
	if (s == PL_ESTOPPED || (s == PL_OK && t->p->outcome == PL_STOPPED)) {
		pl_tell_note(a, "stopped before there was a plan");
		return PL_EXIT_STOPPED;
	}
	if (s != PL_OK) return pl_tell_error(a, &err);
	t->claim = pl_plan_claim(t->p);
	const int code = pl_judge_own(a, t->m, t->p);
	if (code != PL_EXIT_GOOD) return PL_EXIT_INPUT;
	if (t->p->outcome == PL_CLEARED) return PL_EXIT_GOOD;
	pl_tell_note(a, "%s; this explains the nearest plan that was found", t->p->reason);
	return PL_EXIT_NOT;
}

static int read_plan(pl_told *t, const pl_args *a, pl_faults *faults)
{
	pl_error err;
	pl_verdict verdict;
	if (pl_claim_read(&t->files, t->m, t->dir, faults, &err) != PL_OK)
		return pl_tell_faults(a, faults, &err);
	t->claim = t->files.claim;
	if (pl_plan_check(&verdict, t->m, &t->claim, pl_judge_tolerance(t->files.tolerance),
	                  &err) != PL_OK)
		return pl_tell_error(a, &err);
	if (!verdict.accepted)
		pl_tell_note(a, "the plan in %s is explained as it is, but not accepted: %s",
		             t->dir, verdict.reason);
	return PL_EXIT_GOOD;
}

int pl_told_load(pl_told *t, const pl_args *a, const char *folder, const char *dir)
{
	pl_settings settings = pl_settings_preset();
	pl_faults faults = {0};
	pl_error err;
	*t = (pl_told){.folder = folder, .dir = dir};
	int code = PL_EXIT_GOOD;
	if (pl_economy_read(&t->m, &settings, folder, &faults, &err) != PL_OK)
		code = pl_tell_faults(a, &faults, &err);
	else if (pl_stop_asked())
		code = PL_EXIT_STOPPED;
	else
		code = dir != NULL ? read_plan(t, a, &faults) : make_plan(t, a, &settings);
	const bool fine = code == PL_EXIT_GOOD || code == PL_EXIT_NOT;
	if (fine && pl_explain_new(&t->x, t->m, &t->claim, &err) != PL_OK)
		code = pl_tell_error(a, &err);
	pl_faults_clear(&faults);
	if (code != PL_EXIT_GOOD && code != PL_EXIT_NOT) pl_told_free(t);
	return code;
}

void pl_told_free(pl_told *t)
{
	pl_explain_free(t->x);
	pl_claim_free(&t->files);
	pl_plan_free(t->p);
	pl_model_free(t->m);
	*t = (pl_told){0};
}

/* ---- names ------------------------------------------------------------------------------ */

/// The row of a table with this text; -1 none, -2 several.
static int32_t row_of(pl_text text, int32_t n, const char *name)
{
	int32_t found = -1;
	for (int32_t i = 0; i < n; i++)
		if (strcmp(pl_text_at(text, i), name) == 0) found = found == -1 ? i : -2;
	return found;
}

static int32_t good_of(const pl_model *m, const char *name)
{
	const int32_t id = row_of(m->good.id, m->n_goods, name);
	return id >= 0 ? id : row_of(m->good.name, m->n_goods, name);
}

static int32_t council_of(const pl_model *m, const char *name)
{
	const int32_t id = row_of(m->council.id, m->n_councils, name);
	return id >= 0 ? id : row_of(m->council.name, m->n_councils, name);
}

static void offer_near(pl_near *near, const char *name, pl_text text, int32_t n)
{
	for (int32_t i = 0; i < n; i++) pl_near_offer(near, name, pl_text_at(text, i));
}

static pl_status not_found(const pl_model *m, const char *name, bool several, pl_error *err)
{
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	pl_near near = {0};
	if (several)
		return pl_fail(err, PL_ENOTFOUND, -1,
		               "several have the name \"%s\"; give the id instead",
		               pl_text_brief(brief, name));
	offer_near(&near, name, m->good.id, m->n_goods);
	offer_near(&near, name, m->council.id, m->n_councils);
	offer_near(&near, name, m->good.name, m->n_goods);
	offer_near(&near, name, m->council.name, m->n_councils);
	return pl_fail(err, PL_ENOTFOUND, -1, "no good and no council is called \"%s\"%s",
	               pl_text_brief(brief, name), pl_near_hint(hint, &near));
}

pl_status pl_told_find(pl_meant *out, const pl_model *m, const char *name, bool council,
                       pl_error *err)
{
	const int32_t good = good_of(m, name), who = council_of(m, name);
	*out = (pl_meant){good, -1, false};
	if (who >= 0 && (council || good < 0)) *out = (pl_meant){-1, who, false};
	if (council && who < 0) return not_found(m, name, who == -2, err);
	if (good < 0 && who < 0) return not_found(m, name, good == -2 || who == -2, err);
	out->both = out->good >= 0 && who >= 0;
	return PL_OK;
}

/* ---- words ------------------------------------------------------------------------------ */

const char *pl_told_kind(pl_part_kind kind)
{
	static const char *const text[PL_PARTS] = {
	        "What goes into it",
	        "Labour",
	        "Resources",
	        "Use of capital goods",
	        "Permits to pollute",
	        "What society holds",
	        "What councils give",
	        "Counted, without a price",
	        "Effort and wear, as declared",
	        "Offered from outside, at its own cost",
	        "Scarce capacity",
	        "First units that cost less than the last",
	        "Not traced",
	};
	return text[kind];
}

const char *pl_told_amount(char out[PL_SAID_CHARS], const pl_model *m, int32_t good, double x)
{
	char number[PL_HUMAN_CHARS];
	const char *unit = pl_text_at(m->good.unit, good);
	(void)snprintf(out, PL_SAID_CHARS, "%s%s%s", pl_human(number, x),
	               unit[0] != '\0' ? " " : "", pl_text_named(unit).text);
	return out;
}

const char *pl_told_part(char out[PL_SAID_CHARS], const pl_model *m, const pl_part *part)
{
	const char *name = "";
	if (part->good >= 0) name = pl_screen_good(m, part->good);
	if (part->council >= 0) name = pl_screen_council(m, part->council);
	if (part->kind == PL_PART_UNTRACED) name = "circles of makers, rounding";
	(void)snprintf(out, PL_SAID_CHARS, "%.300s", name);
	return out;
}

const char *pl_told_why(char out[PL_SAID_CHARS], const pl_model *m, const pl_part *part)
{
	char amount[PL_SAID_CHARS], price[PL_HUMAN_CHARS];
	static const char *const reason[PL_PARTS] = {
	        [PL_PART_EFFORT] = "its effort",
	        [PL_PART_OFFERED] = "at its own cost",
	        [PL_PART_CAPACITY] = "works at its limit",
	        [PL_PART_RETURNS] = "rising cost",
	};
	if (part->good < 0) {
		(void)snprintf(out, PL_SAID_CHARS, "%s",
		               reason[part->kind] != NULL ? reason[part->kind] : "");
		return out;
	}
	pl_told_amount(amount, m, part->good, part->quantity);
	if (part->credits > 0)
		(void)snprintf(out, PL_SAID_CHARS, "%.160s at %s", amount,
		               pl_human(price, part->credits / part->quantity));
	else
		(void)snprintf(out, PL_SAID_CHARS, "%.160s%s", amount,
		               m->good.kind[part->good] == PL_FREE ? "" : ", free");
	return out;
}

/* ---- tables ----------------------------------------------------------------------------- */

/// A share in seven columns; nothing where there is none.
static const char *part_of(char out[PL_HUMAN_CHARS], double share)
{
	static const double least = 1e-4;
	if (isnan(share) || share == 0) return "";
	if (fabs(share) < least) return "<0.01 %";
	return pl_human_share(out, share, false);
}

void pl_told_row(FILE *to, const char *name, const char *why, double number, double share)
{
	char text[PL_HUMAN_CHARS];
	fputs("  ", to);
	pl_text_cell(to, name, 32, false);
	fputc(' ', to);
	pl_text_cell(to, why, 25, false);
	pl_text_cell(to, isnan(number) || number == 0 ? "" : pl_human(text, number), 11, true);
	pl_text_cell(to, part_of(text, share), 8, true);
	fputc('\n', to);
}

void pl_told_others(FILE *to, int64_t n, double number, double share)
{
	char text[64];
	if (n == 0) return;
	(void)snprintf(text, sizeof text, n == 1 ? "and %lld other" : "and %lld others",
	               (long long)n);
	pl_told_row(to, text, "", number, share);
}

static void print_part(FILE *to, const pl_model *m, const pl_part *part)
{
	char name[PL_SAID_CHARS], why[PL_SAID_CHARS];
	pl_told_row(to, pl_told_part(name, m, part), pl_told_why(why, m, part), part->credits,
	            part->share);
}

/// Which parts are printed: those of a kind, or all where it is PL_PARTS; the largest alone.
typedef struct {
	int kind, most;
	double least; ///< share
} choice;

static void print_parts(FILE *to, const pl_model *m, const pl_parts *p, choice c)
{
	int64_t others = 0, shown = 0;
	double credits = 0, share = 0;
	for (int32_t k = 0; k < p->n; k++) {
		const pl_part *part = &p->part[k];
		if (c.kind != PL_PARTS && (int)part->kind != c.kind) continue;
		const bool small = shown > 0 && fabs(part->share) < c.least;
		if (shown < c.most && !small) {
			print_part(to, m, part);
			shown++;
			continue;
		}
		others++;
		credits += part->credits;
		share += part->share;
	}
	pl_told_others(to, others, credits, share);
}

void pl_told_print(FILE *to, const pl_model *m, const pl_parts *p, int most)
{
	print_parts(to, m, p, (choice){PL_PARTS, most, 0});
}

/// All that is known of the parts of one kind.
typedef struct {
	int32_t n;
	double credits, quantity;
	const char *unit; ///< of their goods, NULL where these differ
} heap;

static void add_to_heap(heap *h, const pl_model *m, const pl_part *part)
{
	const char *unit = part->good >= 0 ? pl_text_at(m->good.unit, part->good) : NULL;
	if (h->n++ == 0) h->unit = unit;
	if (h->unit != NULL && (unit == NULL || strcmp(h->unit, unit) != 0)) h->unit = NULL;
	h->credits += part->credits;
	h->quantity += part->quantity;
}

/// "Labour: 171 hour, 91 %"
static void print_heading(FILE *to, const heap *h, int kind, double whole, bool colour)
{
	char number[PL_HUMAN_CHARS], share[PL_HUMAN_CHARS], text[PL_SAID_CHARS] = "";
	if (h->unit != NULL && h->unit[0] != '\0')
		(void)snprintf(text, sizeof text, ": %s %s", pl_human(number, h->quantity),
		               pl_text_named(h->unit).text);
	pl_term_print(to, colour, PL_BOLD, "%s%s", pl_told_kind((pl_part_kind)kind), text);
	if (h->credits != 0)
		fprintf(to, "%s %s", text[0] != '\0' ? "," : ":",
		        part_of(share, h->credits / whole));
	fputc('\n', to);
}

void pl_told_kinds(FILE *to, const pl_model *m, const pl_parts *p, bool colour)
{
	enum { EACH = 5 };
	static const double worth_a_line = 1e-3;
	heap of[PL_PARTS] = {{0}};
	for (int32_t k = 0; k < p->n; k++) add_to_heap(&of[p->part[k].kind], m, &p->part[k]);
	for (;;) {
		int best = -1;
		for (int kind = 0; kind < PL_PARTS; kind++)
			if (of[kind].n > 0 && (best < 0 || of[kind].credits > of[best].credits))
				best = kind;
		if (best < 0) break;
		print_heading(to, &of[best], best, p->whole, colour);
		print_parts(to, m, p,
		            (choice){best, EACH, of[best].credits == 0 ? 0 : worth_a_line});
		of[best].n = 0;
	}
}

void pl_told_json(pl_json *j, const char *key, const pl_model *m, const pl_parts *p)
{
	pl_json_open_array(j, key);
	for (int32_t k = 0; k < p->n; k++) {
		const pl_part *part = &p->part[k];
		pl_json_open_object(j, NULL);
		pl_json_put_text(j, "kind", pl_part_name((int)part->kind));
		pl_json_put_text(j, "good",
		                 part->good >= 0 ? pl_text_at(m->good.id, part->good) : NULL);
		pl_json_put_text(j, "council",
		                 part->council >= 0 ? pl_text_at(m->council.id, part->council)
		                                    : NULL);
		pl_json_put_number(j, "quantity", part->quantity);
		pl_json_put_number(j, "credits", part->credits);
		pl_json_put_number(j, "share", part->share);
		pl_json_close_object(j);
	}
	pl_json_close_array(j);
}
