#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""valley.py PLENUM EXAMPLES - the federation in the valley, its plan and the proof of it."""
import pathlib
import shutil
import tempfile

import story

VALLEY = story.Plan("valley")
FREE = ("river-water", "quarry-stone", "scrap", "crane-hours", "mill-hours")
FULL = {"river-power": 4600, "kindergartens": 5250}
TABLES = ("prices.csv", "councils.csv", "flows.csv")


def as_a_spreadsheet_writes(cell):
    """Ten significant digits and a decimal comma, as where people write 3,5 for 3.5."""
    try:
        return f"{float(cell):.10g}".replace(".", ",")
    except ValueError:
        return '"' + cell.replace('"', '""') + '"' if ";" in cell or '"' in cell else cell


def rewrite(source, target):
    """A table with a BOM, semicolons, CRLF, its columns and rows the other way round."""
    table = story.rows(source)
    columns = list(table[0])[::-1]
    lines = [";".join(columns)]
    lines += [";".join(as_a_spreadsheet_writes(r[c]) for c in columns) for r in table[::-1]]
    text = "\ufeff" + "".join(line + "\r\n" for line in lines)
    pathlib.Path(target).write_bytes(text.encode("utf-8"))


def copy_of_the_plan(folder):
    return pathlib.Path(shutil.copytree(VALLEY.folder, pathlib.Path(folder, "plan")))


def test_every_good_clears_to_nine_digits():
    story.need_cleared(VALLEY)


def test_the_valley_is_as_large_as_its_readme_says():
    councils = story.rows(VALLEY.economy / "councils.csv")
    assert len(VALLEY.prices) == 60
    assert sum(r["kind"] == "consumers" for r in councils) == 12
    assert sum(r["kind"] == "workers" for r in councils) == 31


def test_what_has_a_price_is_had_and_used():
    for good in VALLEY.prices:
        if VALLEY.price(good) > 0:
            assert VALLEY.supply(good) > 0 and VALLEY.demand(good) > 0, good


def test_what_is_plenty_costs_nothing():
    for good in FREE:
        assert VALLEY.price(good) == 0, good
        assert VALLEY.supply(good) > VALLEY.demand(good) > 0, good


def test_the_power_station_and_the_kindergartens_are_full():
    for council, capacity in FULL.items():
        assert abs(VALLEY.activity(council) / capacity - 1) <= story.BOUND, council


def test_every_hour_of_work_is_wanted_at_about_ten_credits():
    for good, row in VALLEY.prices.items():
        if good.endswith("-work"):
            assert 9 < float(row["price"]) < 12, good


def test_the_bridge_is_built_and_makes_building_dearer():
    assert abs(VALLEY.made("bridge-crew", "bridge") - 64) <= 64e-9 * 4
    for good in ("bridge", "living-space", "building-work", "technical-work"):
        assert VALLEY.price(good) > 1.04 * VALLEY.start_price(good), good


def test_the_affected_are_paid_for_smoke_and_phosphate():
    for council, good in (("river-watch", "phosphate"), ("smoke-watch", "smoke")):
        offered = VALLEY.flows[council, good, "offers"]
        assert offered > 0 and VALLEY.price(good) > 0
        assert VALLEY.demand(good) <= offered


def test_check_accepts_the_plan_that_a_spreadsheet_rewrote():
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_of_the_plan(folder)
        for table in TABLES:
            rewrite(VALLEY.folder / table, copy / table)
        assert VALLEY.check(copy) == 0


def test_check_rejects_a_plan_with_one_cell_changed_by_a_thousandth():
    cells = (("prices.csv", "good", "bread", "price"), ("prices.csv", "good", "smoke", "price"),
             ("councils.csv", "council", "bakery", "activity"),
             ("councils.csv", "council", "river-watch", "activity"),
             ("flows.csv", "council", "peña-alta-council", "quantity"))
    for table, key, name, column in cells:
        with tempfile.TemporaryDirectory() as folder:
            copy = copy_of_the_plan(folder)
            changed = story.rows(copy / table)
            row = next(r for r in changed if r[key] == name)
            row[column] = repr(float(row[column]) * 1.001)
            story.write_rows(copy / table, changed)
            assert VALLEY.check(copy) == 1, (table, name, column)


story.tell(dict(globals()))
