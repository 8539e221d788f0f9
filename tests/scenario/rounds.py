#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""rounds.py PLENUM EXAMPLES - the valley plans in rounds and ends near its best plan."""
import json
import pathlib
import tempfile

import story

KEPT = tempfile.TemporaryDirectory(prefix="plenum-story-")
FOLDER = pathlib.Path(KEPT.name, "rounds")
PLAN = story.Plan("valley")
RUN = story.plenum("rounds", PLAN.economy, "--quiet", "--json", "--out", FOLDER)
SAID = json.loads(RUN.stdout)
PRICES = {r["good"]: r for r in story.rows(FOLDER / "prices.csv")}
TOLERANCE = 0.01


def worth(row):
    return float(row["price"]) * float(row["supply"])


def test_the_rounds_end_in_balance():
    assert RUN.returncode == 0 and SAID["outcome"] == "cleared", RUN.stderr or SAID
    assert SAID["worst_imbalance"] <= TOLERANCE


def test_they_lose_less_than_a_hundredth_of_all_consumption():
    assert 0 < SAID["loss"] < TOLERANCE, SAID["loss"]


def test_the_check_accepts_what_they_end_in():
    assert PLAN.check(FOLDER) == 0


def test_what_is_of_worth_costs_what_it_costs_in_the_best_plan():
    whole = sum(worth(row) for row in PLAN.prices.values())
    for good, row in PLAN.prices.items():
        if worth(row) > 1e-3 * whole:
            ratio = float(PRICES[good]["price"]) / PLAN.price(good)
            assert abs(ratio - 1) < 5 * TOLERANCE, f"{good}: {ratio}"


def test_what_is_plenty_is_worth_next_to_nothing():
    whole = sum(worth(row) for row in PLAN.prices.values())
    for good, row in PLAN.prices.items():
        if PLAN.price(good) == 0:
            assert worth(PRICES[good]) < 2e-3 * whole, good


def test_nobody_is_cut_by_more_than_the_tolerance():
    for row in story.rows(FOLDER / "fairness.csv"):
        assert float(row["part"]) > 1 - 2 * TOLERANCE, row


def test_every_announcement_is_in_the_tables():
    rounds = story.rows(FOLDER / "rounds.csv")
    assert [int(r["round"]) for r in rounds] == list(range(1, SAID["rounds"] + 1))
    last = {r["good"]: r for r in story.rows(FOLDER / "round_prices.csv")
            if int(r["round"]) == SAID["rounds"]}
    for good, row in PRICES.items():
        assert row["price"] == last[good]["price"], good


story.tell(dict(globals()))
