/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_write.c - jobs as tables. */
#include "io/row.h"
#include "io/work_files.h"

#include <inttypes.h>

const char *pl_work_hours(char out[PL_WORK_HOURS_CHARS], int64_t hours)
{
	int n = snprintf(out, PL_WORK_HOURS_CHARS, "%" PRId64 ".%03d", hours / PL_WORK_HOUR,
	                 (int)(hours % PL_WORK_HOUR));
	while (out[n - 1] == '0') out[--n] = '\0';
	if (out[n - 1] == '.') out[--n] = '\0';
	return out;
}

static void put_hours(pl_row *row, int64_t hours)
{
	char text[PL_WORK_HOURS_CHARS];
	pl_row_text(row, pl_work_hours(text, hours));
}

void pl_work_write_jobs(FILE *to, const pl_work_files *f, const pl_jobs *j)
{
	fputs("person,task,hours\n", to);
	for (int32_t m = 0; m < j->n_people; m++)
		for (int64_t k = j->start[m]; k < j->start[m + 1]; k++) {
			pl_row row = {to, false};
			pl_row_text(&row, pl_work_person(f, m));
			pl_row_text(&row, pl_work_task(f, j->task[k]));
			put_hours(&row, j->hours[k]);
			pl_row_end(&row);
		}
}

void pl_work_write_summary(FILE *to, const pl_work_files *f, const pl_jobs *j)
{
	fputs("person,hours,tasks,empowerment,desirability,empowerment_off,desirability_off,"
	      "learning\n",
	      to);
	for (int32_t m = 0; m < j->n_people; m++) {
		int64_t lessons = 0;
		for (int64_t k = j->lesson_start[m]; k < j->lesson_start[m + 1]; k++)
			lessons += f->w.learn[j->lesson[k]];
		pl_row row = {to, false};
		pl_row_text(&row, pl_work_person(f, m));
		put_hours(&row, j->work[m]);
		pl_row_whole(&row, j->start[m + 1] - j->start[m]);
		pl_row_number(&row, j->empowerment[m]);
		pl_row_number(&row, j->desirability[m]);
		pl_row_number(&row, j->empowerment[m] - j->mean_empowerment);
		pl_row_number(&row, j->desirability[m] - j->mean_desirability);
		put_hours(&row, lessons);
		pl_row_end(&row);
	}
}

void pl_work_write_lessons(FILE *to, const pl_work_files *f, const pl_jobs *j)
{
	fputs("person,order,task,hours\n", to);
	for (int32_t m = 0; m < j->n_people; m++)
		for (int64_t k = j->lesson_start[m]; k < j->lesson_start[m + 1]; k++) {
			pl_row row = {to, false};
			pl_row_text(&row, pl_work_person(f, m));
			pl_row_whole(&row, k - j->lesson_start[m] + 1);
			pl_row_text(&row, pl_work_task(f, j->lesson[k]));
			put_hours(&row, f->w.learn[j->lesson[k]]);
			pl_row_end(&row);
		}
}

static void put_concentration(pl_row *row, const pl_concentration *c)
{
	pl_row_number(row, c->gini);
	pl_row_number(row, c->top);
}

void pl_work_write_watch(FILE *to, const pl_work_files *f, const pl_monitor *watch)
{
	fputs("period,people,hours,empowering_gini,empowering_top_fifth,decisive_gini,"
	      "decisive_top_fifth,minutes_gini,minutes_top_fifth,proposals_gini,"
	      "proposals_top_fifth,won_gini,won_top_fifth,minutes_of_empowered,"
	      "proposals_of_empowered,won_of_empowered,class_index,imbalance,"
	      "imbalance_without_rotation,rotating,rotated,left,tokenistic,alarm\n",
	      to);
	for (int32_t p = 0; p < f->history.n_periods; p++) {
		const pl_monitor *w = &watch[p];
		pl_row row = {to, false};
		pl_row_text(&row, pl_work_period(f, p));
		pl_row_whole(&row, w->people);
		put_hours(&row, w->hours);
		put_concentration(&row, &w->empowering);
		put_concentration(&row, &w->decisive);
		for (int i = 0; i < PL_VOICES; i++) put_concentration(&row, &w->voice[i]);
		for (int i = 0; i < PL_VOICES; i++) pl_row_number(&row, w->ruled[i]);
		pl_row_number(&row, w->class_index);
		pl_row_number(&row, w->imbalance);
		pl_row_number(&row, w->without);
		pl_row_whole(&row, w->rotating);
		pl_row_number(&row, w->rotated);
		pl_row_number(&row, w->left);
		pl_row_text(&row, w->tokenistic ? "yes" : "no");
		pl_row_text(&row, w->alarm ? "yes" : "no");
		pl_row_end(&row);
	}
}

static void put_score(pl_row *row, const pl_score *s, double value)
{
	pl_row_number(row, value);
	pl_row_number(row, s->low);
	pl_row_number(row, s->high);
	pl_row_whole(row, s->n);
}

void pl_work_write_scores(FILE *to, const pl_work_files *f)
{
	fputs("task,empowerment,empowerment_low,empowerment_high,empowerment_count,"
	      "desirability,"
	      "desirability_low,desirability_high,desirability_count\n",
	      to);
	for (int32_t t = 0; t < f->w.n_tasks; t++) {
		pl_row row = {to, false};
		pl_row_text(&row, pl_work_task(f, t));
		put_score(&row, &f->score[PL_WORK_EMPOWERMENT][t], f->w.empowerment[t]);
		put_score(&row, &f->score[PL_WORK_DESIRABILITY][t], f->w.desirability[t]);
		pl_row_end(&row);
	}
}
