#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""refusal.py PLENUM EXAMPLES - the castaways when nobody works: famine, and the plan says so."""
import story

REFUSED = story.Plan("island-all-refuse")
FOOD = ("meals", "fish", "fruit", "roots")


def test_if_all_refuse_there_is_no_plan_and_the_message_names_food():
    assert REFUSED.run.returncode == 1
    assert REFUSED.said["outcome"] == "infeasible", REFUSED.said
    told = story.plenum("plan", REFUSED.economy)
    words = (told.stdout + told.stderr).replace(",", " ").split()
    assert any(good in words for good in FOOD), told.stdout + told.stderr


def test_only_the_hours_differ_between_the_two():
    changed = story.differing_rows("island", "island-all-refuse", "goods.csv")
    assert sorted(a["good"] for a, _ in changed) == ["heavy-work", "light-work"]
    for table in ("councils.csv", "uses.csv", "communities.csv"):
        assert not story.differing_rows("island", "island-all-refuse", table), table


story.tell(dict(globals()))
