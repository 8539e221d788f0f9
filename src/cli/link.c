/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/link.h"

#include "base/error.h"

#include <stdio.h>
#include <string.h>

pl_status pl_link_url(char out[PL_URL_CHARS], const pl_args *a, pl_error *err)
{
	static const char preset[] = "http://127.0.0.1:8765";
	const char *given = pl_args_text(a, PL_O_url), *url = given == NULL ? preset : given;
	size_t n = strlen(url);
	if (n > 0 && url[n - 1] == '/') n--;
	(void)snprintf(out, PL_URL_CHARS, "%.*s", (int)n, url);
	if (n < PL_URL_CHARS && strpbrk(out, " \"<>&'") == NULL &&
	    (strncmp(out, "http://", 7) == 0 || strncmp(out, "https://", 8) == 0))
		return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "--url is an address such as https://plan.example.org");
}
