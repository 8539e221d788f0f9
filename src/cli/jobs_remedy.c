/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_remedy.c - where there are no jobs: what would have to be otherwise. */
#include "cli/jobs_remedy.h"

#include "base/text.h"
#include "cli/help.h"

enum { LINE = 1200 };
static const double hour = PL_WORK_HOUR;

static void say_block(char *out, size_t room, const pl_remedy *r, const pl_work_files *f)
{
	char a[PL_WORK_HOURS_CHARS], b[PL_WORK_HOURS_CHARS], brief[PL_BRIEF_CHARS];
	const char *name = pl_text_brief(brief, pl_work_task_name(f, r->task));
	if (r->block == 0)
		(void)snprintf(out, room,
		               "there are jobs if shares of \"%s\" may be of any size: set "
		               "its min_block to 0 instead of %s",
		               name, pl_work_hours(a, f->w.block[r->task]));
	else
		(void)snprintf(out, room,
		               "there are jobs if the least share of \"%s\" is %s hours "
		               "instead of %s: set its min_block to that",
		               name, pl_work_hours(a, r->block),
		               pl_work_hours(b, f->w.block[r->task]));
}

/// "Ada (12 hours of lessons), Ben and Cleo (20 hours of lessons)": each with what is missing.
static void say_learn(char *out, size_t room, const pl_remedy *r, const pl_work_files *f)
{
	char a[PL_WORK_HOURS_CHARS], b[PL_WORK_HOURS_CHARS], brief[PL_BRIEF_CHARS];
	const char *task = pl_text_brief(brief, pl_work_task_name(f, r->task));
	size_t used = (size_t)snprintf(out, room, "there are jobs if \"%s\" is done by", task);
	for (int32_t i = 0; i < r->n_people && used < room; i++) {
		const int64_t hours = pl_work_to_learn(&f->w, r->person[i], r->task);
		const char *name = pl_text_brief(brief, pl_work_person_name(f, r->person[i]));
		used += (size_t)snprintf(out + used, room - used, "%s %s",
		                         i == 0                ? ""
		                         : i + 1 < r->n_people ? ","
		                                               : " and",
		                         name);
		if (hours >= 0 && used < room)
			used += (size_t)snprintf(out + used, room - used,
			                         " (%s hours of lessons, of at most %s now)",
			                         pl_work_hours(a, hours),
			                         pl_work_hours(b, f->w.learning[r->person[i]]));
	}
	if (used < room) (void)snprintf(out + used, room - used, ", too");
}

void pl_jobs_remedies_print(const pl_jobs_remedies *r, const pl_work_files *f)
{
	for (int i = 0; i < r->n; i++) {
		char line[LINE], hours[PL_WORK_HOURS_CHARS];
		const pl_remedy *of = &r->of[i];
		if (of->kind == PL_REMEDY_TASKS)
			(void)snprintf(
			        line, sizeof line,
			        "there are jobs if a person may have %d tasks: --tasks %d",
			        (int)of->tasks_most, (int)of->tasks_most);
		else if (of->kind == PL_REMEDY_BLOCKS)
			(void)snprintf(
			        line, sizeof line,
			        "there are jobs if no least share (min_block) is above %s "
			        "hours",
			        pl_work_hours(hours, of->block));
		else if (of->kind == PL_REMEDY_BLOCK)
			say_block(line, sizeof line, of, f);
		else
			say_learn(line, sizeof line, of, f);
		pl_help_sentence(stdout, line);
	}
}

void pl_jobs_remedies_json(pl_json *o, const pl_jobs_remedies *r, const pl_work_files *f)
{
	pl_json_open_array(o, "remedies");
	for (int i = 0; i < r->n; i++) {
		const pl_remedy *of = &r->of[i];
		pl_json_open_object(o, NULL);
		pl_json_put_text(o, "kind", pl_remedy_name((int)of->kind));
		if (of->kind == PL_REMEDY_TASKS) pl_json_put_whole(o, "tasks", of->tasks_most);
		if (of->task >= 0) pl_json_put_text(o, "task", pl_work_task(f, of->task));
		if (of->kind == PL_REMEDY_BLOCK || of->kind == PL_REMEDY_BLOCKS)
			pl_json_put_number(o, "min_block", (double)of->block / hour);
		if (of->kind == PL_REMEDY_LEARN) {
			pl_json_open_array(o, "people");
			for (int32_t k = 0; k < of->n_people; k++)
				pl_json_put_text(o, NULL, pl_work_person(f, of->person[k]));
			pl_json_close_array(o);
		}
		pl_json_close_object(o);
	}
	pl_json_close_array(o);
}
