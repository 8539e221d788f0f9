/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "model/schedule.h"

#include <math.h>
#include <string.h>

#define PL_PARAM(schedule, name, slot, preset, low, low_open, high, high_open, help)
#define PL_SCHEDULE(id, kinds, roles, amount, help) {#id, (kinds), (roles)},
const pl_schedule_about pl_schedules[PL_SCHEDULES] = {
#include <plenum/schedules.def>
};
#undef PL_SCHEDULE
#undef PL_PARAM

#define PL_SCHEDULE(id, kinds, roles, amount, help)
#define PL_PARAM(schedule, name, slot, preset, low, low_open, high, high_open, help) \
	{PL_S_##schedule, slot, #name, preset, {low, high, low_open, high_open}, help},
static const pl_param_about params[] = {
#include <plenum/schedules.def>
};
#undef PL_SCHEDULE
#undef PL_PARAM

enum { N_PARAMS = sizeof params / sizeof params[0] };

static const char *const good_kinds[PL_GOOD_KINDS] = {
        [PL_PRODUCT] = "product", [PL_LABOUR] = "labour",           [PL_RESOURCE] = "resource",
        [PL_CAPITAL] = "capital", [PL_POLLUTANT] = "pollutant",     [PL_PUBLIC] = "public",
        [PL_FREE] = "free",       [PL_INFORMATION] = "information",
};
static const char *const council_kinds[PL_COUNCIL_KINDS] = {
        [PL_WORKERS] = "workers",
        [PL_CONSUMERS] = "consumers",
        [PL_COMMUNITY] = "community",
};
static const char *const roles[PL_ROLES] = {
        [PL_MAKES] = "makes",
        [PL_USES] = "uses",
        [PL_WANTS] = "wants",
        [PL_OFFERS] = "offers",
};

const pl_param_about *pl_param_in(pl_schedule schedule, int slot)
{
	for (int i = 0; i < N_PARAMS; i++)
		if (params[i].schedule == schedule && params[i].slot == slot) return &params[i];
	return NULL;
}

static int number_of(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0) return i;
	return -1;
}

const char *pl_good_kind_name(int kind)
{
	return kind >= 0 && kind < PL_GOOD_KINDS ? good_kinds[kind] : NULL;
}

const char *pl_council_kind_name(int kind)
{
	return kind >= 0 && kind < PL_COUNCIL_KINDS ? council_kinds[kind] : NULL;
}

const char *pl_schedule_name(int schedule)
{
	return schedule >= 0 && schedule < PL_SCHEDULES ? pl_schedules[schedule].name : NULL;
}

const char *pl_role_name(int role)
{
	return role >= 0 && role < PL_ROLES ? roles[role] : NULL;
}

int pl_good_kind_of(const char *name)
{
	return number_of(good_kinds, PL_GOOD_KINDS, name);
}

int pl_council_kind_of(const char *name)
{
	return number_of(council_kinds, PL_COUNCIL_KINDS, name);
}

int pl_schedule_of(const char *name)
{
	for (int i = 0; i < PL_SCHEDULES; i++)
		if (strcmp(pl_schedules[i].name, name) == 0) return i;
	return -1;
}

int pl_role_of(const char *name)
{
	return number_of(roles, PL_ROLES, name);
}
