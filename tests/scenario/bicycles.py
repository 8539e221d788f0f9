#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""bicycles.py PLENUM EXAMPLES - one bicycle in five more: what it means for wheelchairs."""
import story

BEFORE, AFTER = story.Plan("bicycles/before"), story.Plan("bicycles/after")


def price_change(good):
    return AFTER.price(good) / BEFORE.price(good) - 1


def output_change(good):
    return AFTER.supply(good) / BEFORE.supply(good) - 1


def test_both_plans_clear():
    story.need_cleared(BEFORE)
    story.need_cleared(AFTER)


def test_without_the_new_wishes_prices_stay_as_they_were():
    story.need_start_prices_kept(BEFORE)


def test_only_the_wish_for_bicycles_grew_and_by_a_fifth():
    changed = story.differing_rows("bicycles/before", "bicycles/after", "uses.csv")
    assert {a["good"] for a, _ in changed} == {"bicycles"}
    for a, b in changed:
        assert abs(float(b["amount"]) / float(a["amount"]) - 1.2) < 1e-3, a
    for table in ("goods.csv", "councils.csv", "communities.csv"):
        assert not story.differing_rows("bicycles/before", "bicycles/after", table), table


def test_wheelchairs_become_dearer_and_fewer_though_nobody_changed_that_wish():
    assert price_change("wheelchairs") > 0.05
    assert output_change("wheelchairs") < -0.02


def test_more_bicycles_are_made_but_not_a_fifth_more():
    assert 0.02 < output_change("bicycles") < 0.20


def test_it_travels_through_steel_metal_work_and_lathes():
    for good in ("steel", "metal-work", "lathe-hours"):
        assert price_change(good) > 0.05, good


def test_those_far_away_hardly_notice():
    for good in ("bread", "buses", "electricity", "other-work"):
        assert abs(price_change(good)) < 0.02, good


story.tell(dict(globals()))
