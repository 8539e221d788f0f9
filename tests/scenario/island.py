#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""island.py PLENUM EXAMPLES - two hundred and two castaways: everybody is fed."""
import story

ISLAND = story.Plan("island")
PEOPLE = 202


def test_the_plan_of_the_week_clears():
    story.need_cleared(ISLAND)


def test_everybody_eats_three_meals_a_day_and_sleeps_dry():
    assert ISLAND.demand("meals") >= PEOPLE * 3 * 7
    assert ISLAND.demand("shelter") >= PEOPLE * 7
    for good in ("meals", "shelter", "water", "care", "lessons"):
        assert ISLAND.flows["everyone", good, "wants"] > 0, good
        assert ISLAND.supply(good) >= ISLAND.demand(good), good


def test_there_is_more_than_subsistence():
    for good in ("meals", "shelter", "water", "lessons"):
        assert ISLAND.supply(good) > 1.05 * ISLAND.flows["everyone", good, "wants"], good
    assert ISLAND.supply("stories") > 4 * PEOPLE


def test_nobody_is_asked_for_more_hours_than_were_offered():
    hours = {r["good"]: float(r["supply"]) for r in story.rows(ISLAND.economy / "goods.csv")
             if r["kind"] == "labour"}
    for good, offered in hours.items():
        assert ISLAND.demand(good) <= offered * (1 + story.BOUND), good


story.tell(dict(globals()))
