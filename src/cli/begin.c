/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/begin.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/folder.h"
#include "cli/tell.h"
#include "io/economy.h"

/// A folder that holds an economy is no place for a plan; found before the work, not after.
static pl_status check_out(const pl_begin *b, pl_error *err)
{
	pl_error why;
	if (b->out == NULL || pl_folder_refuse(b->out, PL_FOLDER_MARKS, &why) == PL_OK)
		return PL_OK;
	return pl_fail(err, PL_EARG, -1, "--out: %.400s", why.msg);
}

/// --start: one price for all goods, or a table of prices.
static pl_status read_start(pl_begin *b, const pl_args *a, pl_faults *faults, pl_error *err)
{
	const char *text = pl_args_text(a, PL_O_start);
	double price;
	if (text == NULL) return PL_OK;
	const pl_status number = pl_number_read(&price, text);
	if (number == PL_EARG || (number == PL_OK && !(price > 0)))
		return pl_fail(err, PL_EARG, -1,
		               "--start: a price is above 0 and fits a number");
	b->start = pl_alloc(b->m->n_goods, sizeof *b->start);
	if (b->start == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the start prices");
	if (number != PL_OK) return pl_start_read(b->start, b->m, text, faults, err);
	for (int32_t i = 0; i < b->m->n_goods; i++) b->start[i] = price;
	return PL_OK;
}

int pl_begin_read(pl_begin *b, const pl_args *a)
{
	*b = (pl_begin){.folder = a->arg[0],
	                .out = pl_args_text(a, PL_O_out),
	                .settings = pl_settings_preset()};
	pl_faults faults = {0};
	pl_error err;
	pl_status s = check_out(b, &err);
	if (s == PL_OK) s = pl_economy_read(&b->m, &b->settings, b->folder, &faults, &err);
	if (s == PL_OK) s = pl_folder_hash(b->inputs, b->folder, &err);
	/* what the command line sets goes before what economy.csv sets */
	if (s == PL_OK) s = pl_args_settings(&b->settings, a, &err);
	if (s == PL_OK) s = read_start(b, a, &faults, &err);
	int code = PL_EXIT_GOOD;
	if (s != PL_OK)
		code = pl_tell_faults(a, &faults, &err);
	else
		pl_tell_warnings(a, &faults);
	pl_faults_clear(&faults);
	return code;
}

void pl_begin_free(pl_begin *b)
{
	pl_free(b->start);
	pl_model_free(b->m);
}
