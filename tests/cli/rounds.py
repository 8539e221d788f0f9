# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum rounds as scripts and people meet it. rounds.py PLENUM EXAMPLES"""
import csv
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

PLENUM, EXAMPLES = sys.argv[1], sys.argv[2]
BOUNDS = {"0.2": "20", "0.1": "10", "0.05": "5", "0.03": "3", "0.01": "1"}
RULES = ("fitted", "lagged", "book", "paper", "power", "proportional", "elasticity", "anderson")
BEHAVIOURS = ("declared", "nested", "nested:far", "returns", "noise", "lots:0.1", "habit",
              "late", "lots:0.05+noise:0.01+late:0.2")
ENDS = ("pro-rata", "ratio", "disruption", "stocks", "gentle")
SUPPLIES = ("makes", "offers")


def run(*words, **options):
    return subprocess.run([PLENUM, *words], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, encoding="utf-8", timeout=200, **options)


def rows(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Rounds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.mkdtemp()
        cls.folder = os.path.join(cls.made, "economy")
        done = run("generate", "--kind", "ces", "--workplaces", "60", "--goods", "20",
                   "--consumers", "12", "--sigma", "0.5-2", "--seed", "3", cls.folder)
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.made)

    def setUp(self):
        self.home = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.home)

    def path(self, *names):
        return os.path.join(self.home, *names)

    def ends(self, code, *words, **options):
        done = run("rounds", *words, **options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if code == 2:
            self.assertEqual(done.stdout, "")
            self.assertNotEqual(done.stderr, "")
        return done

    def told(self, *words):
        """The object of --json, whatever the outcome; the code tells the outcome."""
        done = run("rounds", "--json", *words)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0 if told["outcome"] == "cleared" else 1)
        return told

    def assert_fits(self, out, folder, stocks=False):
        """Everything in a plan can be done: added up from its flows and the tables."""
        left = {row["good"]: float(row["supply"] or 0) for row in rows(folder, "goods.csv")}
        free = {row["good"] for row in rows(folder, "goods.csv") if row["kind"] == "free"}
        size = dict.fromkeys(left, 0.0)
        for row in rows(out, "flows.csv"):
            amount = float(row["quantity"])
            self.assertGreaterEqual(amount, 0)
            left[row["good"]] += amount if row["role"] in SUPPLIES else -amount
            size[row["good"]] += amount
        for row in rows(out, "prices.csv"):
            good = row["good"]
            if good in free:
                continue
            supply, demand = float(row["supply"]), float(row["demand"])
            self.assertGreaterEqual(supply, demand * (1 - 1e-9), good)
            if not stocks:
                self.assertGreaterEqual(left[good], -1e-9 * size[good], good)

    # what is printed

    def test_rounds_that_clear_end_with_0(self):
        done = self.ends(0, self.folder)
        self.assertEqual(done.stderr, "")
        self.assertIn("the rounds end in balance", done.stdout)
        for line in done.stdout.splitlines()[:-1]:
            self.assertLessEqual(len(line), 80, line)
            self.assertEqual(line, line.rstrip())

    def test_every_round_is_a_line(self):
        done, told = self.ends(0, self.folder), self.told(self.folder)
        found = [int(n) for n in re.findall(r"^ {1,5}(\d+)  \S", done.stdout, re.MULTILINE)]
        self.assertEqual(found, list(range(1, told["rounds"] + 1)))

    def test_quiet_prints_nothing_and_the_code_tells(self):
        done = self.ends(0, self.folder, "--quiet")
        self.assertEqual(done.stdout + done.stderr, "")
        self.ends(1, self.folder, "--quiet", "--max-rounds", "1")

    def test_the_object_has_what_scripts_read(self):
        told = self.told(self.folder)
        for key in ("outcome", "worst_imbalance", "worst_good", "gap", "sweeps", "seconds",
                    "goods", "councils", "links", "digest", "version", "rounds", "rounds_to",
                    "years", "endgame", "loss"):
            self.assertIn(key, told)
        self.assertEqual(list(told["rounds_to"]), list(BOUNDS))
        self.assertLessEqual(told["worst_imbalance"], 0.01)
        self.assertEqual(told["rounds_to"]["0.01"], told["rounds"])
        reached = [told["rounds_to"][bound] for bound in BOUNDS]
        self.assertEqual(reached, sorted(reached))
        self.assertLess(told["loss"], 0.02)
        self.assertGreater(told["gap"], 0)

    def test_a_bound_that_was_never_reached_is_null(self):
        told = self.told(self.folder, "--max-rounds", "1")
        self.assertEqual(told["outcome"], "round_limit")
        self.assertEqual(set(told["rounds_to"].values()), {None})
        self.assertNotEqual(told["reason"], "")

    # what the rules do

    def test_every_rule_runs_to_a_plan_in_which_everything_fits(self):
        for rule in RULES:
            out = self.path(rule)
            self.told(self.folder, "--rule", rule, "--out", out)
            self.assert_fits(out, self.folder)

    def test_direct_is_the_plan_itself(self):
        told = self.told(self.folder, "--rule", "direct")
        plan = json.loads(run("plan", "--json", self.folder).stdout)
        self.assertEqual(told["digest"], plan["digest"])
        self.assertEqual((told["rounds"], told["loss"]), (1, 0))

    def test_every_behaviour_runs_to_a_plan_in_which_everything_fits(self):
        for behaviour in BEHAVIOURS:
            out = self.path("out")
            told = self.told(self.folder, "--behaviour", behaviour, "--out", out)
            self.assert_fits(out, self.folder)
            self.assertGreater(told["loss"], -0.05, behaviour)

    def test_limits_and_small_steps_run_too(self):
        out = self.path("out")
        told = self.told(self.folder, "--limits", "--log-step", "1", "--out", out)
        self.assertTrue(told["limits"])
        self.assert_fits(out, self.folder)

    def test_every_endgame_ends_in_a_plan(self):
        for end in ENDS:
            out = self.path(end)
            told = self.told(self.folder, "--max-rounds", "2", "--endgame", end, "--out", out)
            self.assertEqual(told["endgame"], end)
            self.assert_fits(out, self.folder, stocks=end == "stocks")
            for row in rows(out, "fairness.csv"):
                self.assertLessEqual(float(row["kept"]), float(row["proposed"]) * (1 + 1e-12))
                self.assertLessEqual(float(row["part"]), 1)

    def test_five_lays_whole_plans_side_by_side(self):
        out = self.path("out")
        told = self.told(self.folder, "--max-rounds", "2", "--endgame", "five", "--out", out)
        table = rows(out, "plans.csv")
        self.assertEqual([row["plan"] for row in table], list(ENDS))
        self.assertEqual([plan["plan"] for plan in told["plans"]], list(ENDS))
        for row in table:
            folder = os.path.join(out, "plans", row["plan"])
            self.assert_fits(folder, self.folder, stocks=row["plan"] == "stocks")
            kept = {r["council"]: float(r["part"]) for r in rows(folder, "fairness.csv")}
            if row["least_council"]:
                self.assertEqual(kept[row["least_council"]], float(row["least_kept"]))

    def test_any_number_of_threads_gives_the_same_bytes(self):
        for n in "12":
            self.ends(0, self.folder, "--years", "2", "--behaviour", "noise:0.0001",
                      "--threads", n, "--out", self.path(n))
        for name in sorted(os.listdir(self.path("1"))):
            with open(self.path("1", name), "rb") as one, open(self.path("2", name), "rb") as two:
                self.assertEqual(one.read(), two.read(), name)

    def test_the_seed_is_heard(self):
        one, same, other = (self.told(self.folder, "--behaviour", "noise", "--seed", seed)
                            for seed in ("1", "1", "2"))
        self.assertEqual(one["digest"], same["digest"])
        self.assertNotEqual(one["digest"], other["digest"])

    # files

    def test_rounds_csv_adds_up_from_round_prices_csv(self):
        out = self.path("out")
        self.told(self.folder, "--rule", "power", "--max-rounds", "12", "--out", out)
        kinds = {row["good"]: row["kind"] for row in rows(self.folder, "goods.csv")}
        of = {}
        for row in rows(out, "round_prices.csv"):
            if kinds[row["good"]] != "free":
                of.setdefault(row["round"], []).append(row)
        table = rows(out, "rounds.csv")
        self.assertEqual([row["round"] for row in table], list(of))
        for row in table:
            off, apart, both = {}, 0, 0
            for good in of[row["round"]]:
                price, supply, demand = (float(good[key]) for key in
                                         ("price", "supply", "demand"))
                floor = price == 0 and supply >= demand
                total = supply + demand
                off[good["good"]] = (0 if floor or total == 0
                                     else 2 * abs(supply - demand) / total)
                apart += price * abs(supply - demand)
                both += price * total
            worst = max(off.values())
            self.assertAlmostEqual(float(row["worst_imbalance"]), worst, delta=1e-12)
            self.assertAlmostEqual(off[row["worst_good"]], worst, delta=1e-12)
            self.assertAlmostEqual(float(row["total_imbalance"]), 2 * apart / both, delta=1e-12)
            for bound, percent in BOUNDS.items():
                share = sum(v > float(bound) for v in off.values()) / len(off)
                self.assertAlmostEqual(float(row["share_above_" + percent]), share, delta=1e-12)

    def test_the_plan_is_checked_and_explained_like_others(self):
        out = self.path("out")
        told = self.told(self.folder, "--out", out)
        with open(os.path.join(out, "plan.json"), encoding="utf-8") as file:
            plan = json.load(file)
        self.assertEqual(plan["digest"], told["digest"])
        self.assertEqual(plan["rounds_to"], told["rounds_to"])
        self.assertNotIn("seconds", plan)
        good = rows(out, "prices.csv")[-1]["good"]
        self.assertEqual(run("explain", self.folder, out, good).returncode, 0)
        with open(os.path.join(out, "report.html"), encoding="utf-8") as file:
            self.assertIn("The rounds end in balance", file.read())

    def test_years_stand_in_the_tables(self):
        out = self.path("out")
        told = self.told(self.folder, "--years", "3", "--shock", "0.05", "--out", out)
        self.assertEqual([year["year"] for year in told["years"]], [1, 2, 3])
        self.assertIsNone(told["years"][0]["growth"])
        self.assertTrue(all(abs(year["growth"]) < 0.2 for year in told["years"][1:]))
        table = rows(out, "years.csv")
        self.assertEqual([int(row["rounds"]) for row in table],
                         [year["rounds"] for year in told["years"]])
        for year in told["years"]:
            number = [r for r in rows(out, "rounds.csv") if int(r["year"]) == year["year"]]
            self.assertEqual(len(number), year["rounds"])
        self.assertEqual(told["rounds"], told["years"][-1]["rounds"])

    # why

    def test_parts_of_a_move_sum_to_it(self):
        good = rows(self.folder, "goods.csv")[-1]["good"]
        for rule in ("fitted", "power"):
            told = self.told(self.folder, "--rule", rule, "--why", good, "--max-rounds", "9")
            self.assertEqual(told["why"]["good"], good)
            self.assertEqual(len(told["why"]["moves"]), told["rounds"] - 1)
            for move in told["why"]["moves"]:
                parts = sum(council["log_part"] for council in move["councils"])
                parts += move["rest"] + move["known"] + move["other_goods"]
                self.assertAlmostEqual(parts, math.log(move["after"] / move["before"]),
                                       delta=1e-9)

    def test_why_is_told_to_people_too(self):
        good = rows(self.folder, "goods.csv")[-1]["good"]
        done = self.ends(0, self.folder, "--why", good)
        self.assertIn(f"{good}: 1 -> ", done.stdout)

    # faults

    def test_bad_input_ends_with_2_and_says_what_to_do(self):
        council = rows(self.folder, "councils.csv")[0]["council"]
        for words, says in (
                (("--rule", "fited"), 'did you mean "fitted"?'),
                (("--endgame", "six"), "five"),
                (("--behaviour", "nois"), 'did you mean "noise"?'),
                (("--behaviour", "noise:9"), "noise"),
                (("--shock", "much"), '"published"'),
                (("--shock", "4"), "0 to 3"),
                (("--log-step", "0"), "--log-step"),
                (("--stocks", "-1"), "--stocks"),
                (("--start", "0"), "above 0"),
                (("--start", "1e200"), "at most"),
                (("--tolerance", "2"), "tolerance"),
                (("--max-rounds", "0"), "--max-rounds"),
                (("--years", "x"), "--years"),
                (("--why", "nothing-like-it"), "no good"),
                (("--why", council), "council"),
                (("--rule", "direct", "--behaviour", "noise"), "declared"),
                (("--out", self.path("no", "such")), "does not exist"),
                (("--out", self.folder), "holds an economy")):
            self.assertIn(says, self.ends(2, self.folder, *words).stderr)
        self.assertEqual(os.listdir(self.home), [])

    def test_help_names_rules_and_behaviours(self):
        text = run("rounds", "--help").stdout
        for name in (*RULES, "direct", "habit", "nested[:far]"):
            self.assertIn(f"\n  {name}", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)

    # Ctrl-C

    def long_run(self, out):
        words = [PLENUM, "rounds", self.folder, "--rule", "proportional", "--tolerance", "1e-10",
                 "--years", "1000", "--max-rounds", "100000", "--out", out]
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, encoding="utf-8")

    def test_ctrl_c_writes_the_rounds_that_are_over(self):
        out = self.path("out")
        with self.long_run(out) as process:
            seen = [process.stdout.readline() for _ in range(8)]
            process.send_signal(signal.SIGINT)
            seen += process.stdout.read().splitlines(True)
            self.assertEqual(process.wait(), 130)
        self.assertIn("the rounds end without balance", "".join(seen))
        with open(os.path.join(out, "plan.json"), encoding="utf-8") as file:
            self.assertIn(json.load(file)["outcome"], ("stopped", "stalled"))
        table = "".join(seen).split("\nYear  ended")[0]
        printed = len(re.findall(r"^ {1,5}\d+  \S", table, re.MULTILINE))
        self.assertEqual(len(rows(out, "rounds.csv")), printed)
        self.assert_fits(out, self.folder)

    def test_a_killed_run_leaves_nothing(self):
        out = self.path("out")
        with self.long_run(out) as process:
            process.stdout.readline()
            process.kill()
            process.stdout.read()
        self.assertFalse(os.path.exists(out))

    # examples

    def test_the_examples_end_in_plans_in_which_everything_fits(self):
        for name in ("valley", "island", "concrete/before", "concrete/after",
                     "bicycles/before", "bicycles/after", "island-all-refuse"):
            out, folder = self.path("out"), os.path.join(EXAMPLES, name)
            told = self.told(folder, "--out", out)
            self.assert_fits(out, folder)
            if name in ("valley", "island", "concrete/before", "concrete/after"):
                self.assertEqual(told["outcome"], "cleared", name)
                self.assertLess(told["loss"], 0.01, name)
            if name == "island-all-refuse":
                self.assertEqual(told["best"], "infeasible")
                self.assertNotEqual(told["conflicts"], [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
