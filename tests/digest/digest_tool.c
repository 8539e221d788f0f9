/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* digest_tool.c - generates and plans economies as the command does, without the rest of the
 * command: of each compiler only the rooms that count are built.
 *
 *   digest_tool generate KIND WORKPLACES GOODS CONSUMERS SEED FOLDER
 *   digest_tool plan THREADS FOLDER...      a line each: outcome and digest */
#include "base/threads.h"
#include "io/economy.h"
#include "lab/generate.h"

#include <plenum/plan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int kind_of(const char *name)
{
	for (int k = 0; k < PL_GENERATE_KINDS; k++)
		if (strcmp(pl_generate_kind_name(k), name) == 0) return k;
	return -1;
}

static int32_t whole(const char *text)
{
	return (int32_t)strtol(text, NULL, 10);
}

static pl_status generate(char **arg, pl_error *err)
{
	const int kind = kind_of(arg[0]);
	const pl_generate_spec spec = {.kind = (pl_generate_kind)kind,
	                               .workplaces = whole(arg[1]),
	                               .goods = whole(arg[2]),
	                               .consumers = whole(arg[3]),
	                               .inputs = 6,
	                               .seed = (uint64_t)whole(arg[4])};
	pl_model *m = NULL;
	if (kind < 0) return PL_EARG;
	pl_status s = pl_generate(&m, NULL, &spec, err);
	if (s == PL_OK) s = pl_economy_write(m, NULL, arg[5], err);
	pl_model_free(m);
	return s;
}

static pl_status plan(const char *folder, pl_error *err)
{
	pl_settings settings = pl_settings_preset();
	pl_model *m = NULL;
	pl_plan *p = NULL;
	char digest[65];
	pl_status s = pl_economy_read(&m, &settings, folder, NULL, err);
	if (s == PL_OK) s = pl_plan_clear(&p, m, &settings, NULL, NULL, NULL, err);
	if (s == PL_OK) {
		pl_plan_digest(digest, m, p->price, p->quantity);
		printf("%s %s\n", pl_outcome_name(p->outcome), digest);
	}
	pl_plan_free(p);
	pl_model_free(m);
	return s;
}

int main(int argc, char **argv)
{
	pl_error err = {.msg = "usage: digest_tool generate KIND WORKPLACES GOODS CONSUMERS "
	                       "SEED FOLDER | plan THREADS FOLDER..."};
	pl_status s = PL_EARG;
	if (argc == 8 && strcmp(argv[1], "generate") == 0) s = generate(argv + 2, &err);
	if (argc > 3 && strcmp(argv[1], "plan") == 0) {
		pl_threads_set(whole(argv[2]));
		s = PL_OK;
		for (int i = 3; i < argc && s == PL_OK; i++) s = plan(argv[i], &err);
	}
	if (s == PL_OK) return 0;
	fprintf(stderr, "%s\n", err.msg);
	return 2;
}
