/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A program of somebody else's: it knows the installed headers and nothing of this tree. */
#include <plenum/plenum.h>

#include <math.h>
#include <stdio.h>

static pl_status add_rows(pl_builder *b, pl_error *err)
{
	int32_t bread, hours, bakery, street;
	const pl_good_row loaf = {"bread", "", "loaf", "", PL_PRODUCT, NAN, NAN, NAN, NAN};
	const pl_good_row hour = {"hours", "", "h", "", PL_LABOUR, NAN, 10, NAN, NAN};
	pl_council_row row = {"bakery", "",  PL_WORKERS,  -1,
	                      NAN,      NAN, PL_S_recipe, {NAN, NAN, NAN, NAN}};
	row.param[PL_P_recipe_effort] =
	        1; /* credits a batch: without a cost, more would do as well */
	pl_status s = pl_builder_good(&bread, b, &loaf, err);
	if (s == PL_OK) s = pl_builder_good(&hours, b, &hour, err);
	if (s == PL_OK) s = pl_builder_council(&bakery, b, &row, err);
	row.id = "street";
	row.param[PL_P_recipe_effort] = NAN;
	row.kind = PL_CONSUMERS;
	row.schedule = PL_S_request;
	if (s == PL_OK) s = pl_builder_council(&street, b, &row, err);
	if (s == PL_OK) s = pl_builder_link(b, bakery, bread, PL_MAKES, 2, NAN, err);
	if (s == PL_OK) s = pl_builder_link(b, bakery, hours, PL_USES, 1, NAN, err);
	if (s == PL_OK) s = pl_builder_link(b, street, bread, PL_WANTS, 6, NAN, err);
	return s;
}

int main(void)
{
	pl_error err = {PL_OK, -1, ""};
	pl_builder *b;
	pl_model *m = NULL;
	pl_plan *p = NULL;
	pl_status s = pl_builder_new(&b, &err);
	if (s == PL_OK) s = add_rows(b, &err);
	if (s == PL_OK) s = pl_builder_finish(&m, b, NULL, NULL, &err);
	const pl_settings settings = pl_settings_preset();
	if (s == PL_OK) s = pl_plan_clear(&p, m, &settings, NULL, NULL, NULL, &err);
	if (s != PL_OK) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	/* Six loaves at two a batch: three batches, three of the ten hours. */
	const int right = p->outcome == PL_CLEARED && fabs(p->activity[0] - 3) < 1e-6;
	printf("%s: %g batches\n", pl_outcome_name(p->outcome), p->activity[0]);
	pl_plan_free(p);
	pl_model_free(m);
	return right ? 0 : 1;
}
