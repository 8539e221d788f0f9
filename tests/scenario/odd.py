#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""odd.py PLENUM EXAMPLES - made-up economies beside the road, each of which some version of the
planner could not plan, or planned so that its own check refused it. What they hold is of no
meaning; that they clear, at any tolerance, is."""
import json
import pathlib

import story

ODD = pathlib.Path(__file__).resolve().parent / "odd"
TOLERANCES = ("1e-9", "1e-3", "1e-2")


def test_odd_economies_clear_and_pass_the_check():
    for folder in sorted(ODD.iterdir()):
        for tolerance in TOLERANCES:
            run = story.plenum("plan", folder, "--quiet", "--json", "--tolerance", tolerance)
            assert run.returncode == 0, (folder.name, tolerance, run.stdout, run.stderr)
            assert json.loads(run.stdout)["outcome"] == "cleared", (folder.name, tolerance)


story.tell(dict(globals()))
