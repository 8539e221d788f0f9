/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* open.c - which store an address means. */
#include "store/store.h"

#include "base/error.h"

#include <string.h>

pl_status pl_store_open(pl_store **out, const char *address, bool make, pl_error *err)
{
	static const char lite[] = "sqlite:", postgres[] = "postgres:";
	*out = NULL;
	if (strcmp(address, "memory:") == 0) return pl_store_memory(out, err);
	if (strncmp(address, lite, sizeof lite - 1) == 0)
		return pl_store_sqlite(out, address + sizeof lite - 1, make, err);
	if (strncmp(address, postgres, sizeof postgres - 1) == 0)
		return pl_store_postgres(out, address + sizeof postgres - 1, make, err);
	if (address[0] == '\0')
		return pl_fail(err, PL_EARG, -1, "a record needs the name of its file");
	return pl_store_sqlite(out, address, make, err);
}
