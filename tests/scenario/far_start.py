#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""far_start.py PLENUM EXAMPLES - a plan does not depend on the prices the search starts from."""
import json

import story

NAMES = ("valley", "island", "concrete/before", "concrete/after", "bicycles/before",
         "bicycles/after")
STARTS = ("1e-3", "1", "1000")


def test_the_search_may_start_from_any_price():
    for name in NAMES:
        plan = story.Plan(name)
        story.need_cleared(plan)
        for start in STARTS:
            folder = plan.folder.parent / ("from-" + start)
            run = story.plenum("plan", plan.economy, "--quiet", "--json", "--start", start,
                               "--out", folder)
            assert json.loads(run.stdout)["outcome"] == "cleared", (name, start, run.stdout)
            for row in story.rows(folder / "prices.csv"):
                there, here = float(row["price"]), plan.price(row["good"])
                assert abs(there - here) <= 1e-6 * max(there, here), (name, start, row)


story.tell(dict(globals()))
