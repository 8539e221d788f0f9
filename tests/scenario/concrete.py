#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""concrete.py PLENUM EXAMPLES - communities want to build: what becomes of concrete."""
import story

BEFORE, AFTER = story.Plan("concrete/before"), story.Plan("concrete/after")
COUNCILS = {"kalkfeld-council", "río-seco-council", "trebovo-council"}


def change(good):
    return AFTER.price(good) / BEFORE.price(good) - 1


def per_square_metre(plan):
    return plan.used("site-crews", "concrete") / plan.made("site-crews", "community-buildings")


def test_both_plans_clear():
    story.need_cleared(BEFORE)
    story.need_cleared(AFTER)


def test_without_the_projects_prices_stay_as_they_were():
    story.need_start_prices_kept(BEFORE)


def test_nobody_but_the_community_councils_changed_a_wish():
    changed = story.differing_rows("concrete/before", "concrete/after", "uses.csv")
    assert {a["council"] for a, _ in changed} == COUNCILS
    assert {a["good"] for a, _ in changed} == {"community-buildings"}
    for table in ("goods.csv", "councils.csv", "communities.csv"):
        assert not story.differing_rows("concrete/before", "concrete/after", table), table


def test_the_projects_ask_for_thirty_per_cent_more_concrete_as_things_were_built():
    more = AFTER.demand("community-buildings") - BEFORE.demand("community-buildings")
    asked = more * per_square_metre(BEFORE) / BEFORE.demand("concrete")
    assert abs(asked - 0.30) < 0.005, asked


def test_concrete_and_what_it_is_made_of_become_dearer():
    for good in ("concrete", "cement", "gravel", "building-work"):
        assert change(good) > 0.10, (good, change(good))


def test_concrete_rises_more_than_what_can_stand_in_for_it():
    for good in ("bricks", "timber", "steel"):
        assert change("concrete") > change(good) > 0, good


def test_construction_economises_on_concrete():
    assert per_square_metre(AFTER) < per_square_metre(BEFORE)
    assert AFTER.used("home-builders", "concrete") < BEFORE.used("home-builders", "concrete")


def test_building_materials_ask_for_more_and_offer_more():
    for council in ("cement-works", "gravel-pits-council", "old-plant", "new-plant"):
        assert AFTER.activity(council) > 1.05 * BEFORE.activity(council), council
        for good, role in ((g, r) for c, g, r in BEFORE.flows if c == council):
            if role == "uses":
                assert AFTER.used(council, good) > BEFORE.used(council, good), (council, good)


def test_more_is_built_but_less_concrete_is_poured_than_was_first_asked():
    ratio = AFTER.supply("concrete") / BEFORE.supply("concrete")
    assert 1.05 < ratio < 1.30, ratio
    assert AFTER.supply("community-buildings") > BEFORE.supply("community-buildings")
    assert AFTER.supply("homes") < BEFORE.supply("homes")


def test_people_change_to_the_building_trades():
    assert AFTER.activity("trade-changers") > BEFORE.activity("trade-changers")


story.tell(dict(globals()))
