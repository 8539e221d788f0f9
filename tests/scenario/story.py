# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the stories share: plan a folder with the command, read the tables it wrote, and run
every function of a test that begins with `test_`, its name being the sentence it checks."""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

PLENUM, EXAMPLES = sys.argv[1], pathlib.Path(sys.argv[2])
TIMED = os.environ.get("PLENUM_TIMED") == "1"
BOUND = 1e-9


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as table:
        return list(csv.DictReader(table))


def write_rows(path, table):
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, table[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def plenum(*arguments):
    return subprocess.run([PLENUM, *map(str, arguments)], capture_output=True, encoding="utf-8")


class Plan:
    """An example and its plan: `said` is what --json printed, the rest is read back."""

    def __init__(self, name):
        self.economy = EXAMPLES / name
        self.kept = tempfile.TemporaryDirectory(prefix="plenum-story-")
        self.folder = pathlib.Path(self.kept.name, "plan")
        self.run = plenum("plan", self.economy, "--quiet", "--json", "--out", self.folder)
        self.said = json.loads(self.run.stdout) if self.run.stdout else {}
        if not (self.folder / "prices.csv").exists():
            return
        self.prices = {r["good"]: r for r in rows(self.folder / "prices.csv")}
        self.councils = {r["council"]: r for r in rows(self.folder / "councils.csv")}
        self.flows = {(r["council"], r["good"], r["role"]): float(r["quantity"])
                      for r in rows(self.folder / "flows.csv")}

    def price(self, good):
        return float(self.prices[good]["price"])

    def start_price(self, good):
        return float(self.prices[good]["start_price"])

    def supply(self, good):
        return float(self.prices[good]["supply"])

    def demand(self, good):
        return float(self.prices[good]["demand"])

    def activity(self, council):
        return float(self.councils[council]["activity"])

    def used(self, council, good):
        return self.flows[council, good, "uses"]

    def made(self, council, good):
        return self.flows[council, good, "makes"]

    def check(self, folder=None):
        return plenum("check", self.economy, folder or self.folder).returncode


def need_cleared(plan):
    """Cleared to nine digits, in under a second, and `plenum check` agrees."""
    said = plan.said
    assert plan.run.returncode == 0 and said["outcome"] == "cleared", plan.run.stderr or said
    assert said["worst_imbalance"] <= BOUND and said["gap"] <= BOUND, said
    assert not TIMED or said["seconds"] < 1, said
    assert plan.check() == 0


def need_start_prices_kept(plan, relative=1e-4):
    """Last year's prices clear this year too; what costs nothing was not to be had for it."""
    for good in plan.prices:
        if plan.price(good) > 0:
            moved = plan.price(good) / plan.start_price(good) - 1
            assert abs(moved) <= relative, f"{good} moved by {moved:.2e}"


def differing_rows(one, other, table):
    """Rows of `other` whose line is not in `one`, with their place."""
    first, second = rows(EXAMPLES / one / table), rows(EXAMPLES / other / table)
    assert len(first) == len(second), table
    return [(a, b) for a, b in zip(first, second) if a != b]


def tell(tests):
    """Run them all; the process fails when one does."""
    failed = 0
    for name, test in list(tests.items()):
        if not name.startswith("test_"):
            continue
        try:
            test()
            print("  " + name[5:])
        except AssertionError as fault:
            failed += 1
            print(f"  FAILED: {name[5:]}: {fault or 'see the line'}")
            print("    line", fault.__traceback__.tb_next.tb_lineno)
    sys.exit(1 if failed else 0)
