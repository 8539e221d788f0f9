/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/plan_proposed.h"

#include "base/alloc.h"
#include "base/error.h"
#include "cli/bar.h"
#include "cli/rounds_close.h"
#include "cli/screen.h"
#include "cli/tell.h"
#include "io/plan_files.h"

#include <math.h>
#include <string.h>

/// Proposals on their way to a plan.
typedef struct {
	const pl_begin *b;
	const pl_args *a;
	int end; ///< pl_end_kind
	double *proposed;
	pl_ending *ending;
	pl_plan *p;
	double seconds;
} job;

static const char *name_council(const job *j)
{
	return j->ending->least_council < 0
	               ? NULL
	               : pl_text_at(j->b->m->council.id, j->ending->least_council);
}

/* ---- making it ---- */

static void say_reason(job *j)
{
	const pl_ending *e = j->ending;
	char text[sizeof j->p->reason];
	if (e->least_council < 0)
		(void)snprintf(text, sizeof text,
		               "the proposals fit as they are; nobody was trimmed");
	else
		(void)snprintf(text, sizeof text,
		               "made of the proposals by the endgame %s: %.2f %% of what "
		               "consumers ask for, by worth, is cut; %.80s keeps least, "
		               "%.2f %%",
		               pl_end_name(j->end), 100 * e->trimmed,
		               pl_screen_council(j->b->m, e->least_council),
		               100 * e->least_kept);
	memcpy(j->p->reason, text, sizeof text);
	j->p->outcome = PL_ROUND_LIMIT; /* fits, and is nobody's best answer */
}

static pl_status make(job *j, pl_error *err)
{
	const pl_model *m = j->b->m;
	const pl_frame frame = pl_frame_of(m);
	PL_TRY(pl_rounds_end(&j->ending, (pl_end_kind)j->end, &frame, m->good.price,
	                     j->proposed, NULL, err));
	PL_TRY(pl_plan_of(&j->p, m, m->good.price, m->good.price, j->ending->quantity, NULL,
	                  j->b->settings.tolerance, err));
	say_reason(j);
	return pl_rounds_check_fit(j->p, m, err);
}

static pl_status read(job *j, pl_faults *faults, pl_error *err)
{
	const pl_source from = {.folder = j->b->folder};
	if (j->b->start != NULL)
		return pl_fail(err, PL_EARG, -1,
		               "--start is for plans that are searched for; --proposed takes "
		               "the prices of the tables");
	PL_TRY(pl_args_choice(&j->end, j->a, PL_O_proposed, pl_end_name, err));
	j->proposed = pl_alloc(j->b->m->n_links, sizeof *j->proposed);
	if (j->proposed == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the proposals");
	return pl_proposals_read_from(j->proposed, j->b->m, &from, faults, err);
}

/* ---- showing it ---- */

static void put_ending(pl_json *to, const void *self, bool whole)
{
	const job *j = self;
	(void)whole;
	pl_json_put_text(to, "endgame", pl_end_name(j->end));
	pl_json_put_number(to, "trimmed", j->ending->trimmed);
	pl_json_put_number(to, "least_kept", j->ending->least_kept);
	pl_json_put_text(to, "least_council", name_council(j));
	pl_json_put_number(to, "spread", j->ending->spread);
}

static pl_status write_fairness(FILE *to, void *self, pl_error *err)
{
	const job *j = self;
	(void)err;
	pl_fairness_write(to, j->b->m, j->b->m->good.price, j->proposed, j->ending);
	return PL_OK;
}

static void print(const job *j)
{
	char digest[65];
	pl_plan_digest(digest, j->b->m, j->p->price, j->p->quantity);
	printf("%s: a plan of the proposals\n%c%s.\nIts digest is %s\n", j->b->folder,
	       j->p->reason[0] - 'a' + 'A', j->p->reason + 1, digest);
	if (j->b->out != NULL)
		printf("All of it is in %s; fairness.csv there tells who was trimmed\n",
		       j->b->out);
	else
		printf("All of it as tables: plenum plan %s --proposed %s --out DIR\n",
		       j->b->folder, pl_end_name(j->end));
}

static pl_status show(job *j, pl_error *err)
{
	const pl_run_facts facts = {.seconds = j->seconds,
	                            .economy = j->b->folder,
	                            .inputs = j->b->inputs,
	                            .more = put_ending,
	                            .more_self = j};
	const pl_plan_extra extra[] = {{"fairness.csv", write_fairness, j}, {0}};
	if (j->b->out != NULL)
		PL_TRY(pl_plan_write(j->b->out, j->b->m, j->p, &facts, extra, err));
	if (pl_args_has(j->a, PL_O_json))
		pl_plan_json(stdout, j->b->m, j->p, &facts, false);
	else if (!pl_args_has(j->a, PL_O_quiet))
		print(j);
	return PL_OK;
}

int pl_plan_proposed(const pl_begin *b, const pl_args *a)
{
	job j = {.b = b, .a = a};
	pl_faults faults = {0};
	pl_error err;
	const double begun = pl_bar_clock();
	pl_status st = read(&j, &faults, &err);
	if (st == PL_OK) st = make(&j, &err);
	j.seconds = pl_bar_clock() - begun;
	if (st == PL_OK) st = show(&j, &err);
	const int code = st == PL_OK ? PL_EXIT_GOOD : pl_tell_faults(a, &faults, &err);
	pl_plan_free(j.p);
	pl_ending_free(j.ending);
	pl_free(j.proposed);
	pl_faults_clear(&faults);
	return code;
}
