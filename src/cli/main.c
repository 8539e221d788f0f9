/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/verbs.h"

int main(int argc, char *argv[])
{
	return pl_cli_main(argc, argv);
}
