#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""small_test.py BUILD - every benchmark runs and prints, and finds what does not depend on the
machine: outcomes, sweeps, agreement with the peer. Never a time."""
import json
import pathlib
import subprocess
import sys
import unittest

BUILD, HERE = sys.argv[1], pathlib.Path(__file__).resolve().parent


def run(name, *words):
    return subprocess.run([sys.executable, "-B", HERE / name, "--build", BUILD, *words],
                          capture_output=True, encoding="utf-8")


class Small(unittest.TestCase):
    def figures(self, name, *words):
        text = run(name, "--small", *words)
        self.assertEqual(text.returncode, 0, text.stderr)
        self.assertIn("outcome", text.stdout)
        done = run(name, "--small", "--json", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(found["bench"], name)
        self.assertGreater(found["machine"]["cores"], 0)
        for figure in found["figures"]:
            self.assertEqual(figure["outcome"], "cleared", figure)
        return found["figures"]

    def test_rounds(self):
        done = run("rounds", "--small")
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("published", "substitution", "behaviours"):
            self.assertIn(f"## {name}\n", done.stdout)
        self.assertEqual(run("rounds", "--small", "--write").returncode, 2)

    def test_regret(self):
        done = run("regret", "--small")
        self.assertEqual(done.returncode, 0, done.stderr)
        table = [line.split(" | ") for line in done.stdout.splitlines()[2:]]
        self.assertEqual(sum("strategic" not in row[1] for row in table), 4 * 7)
        score = [float(row[2]) for row in table if row[1] == "score"]
        self.assertLess(max(score), 0.02)  # honest points on one scale, but for their rounding
        self.assertEqual(run("regret", "--small", "--write").returncode, 2)

    def test_sweeps(self):
        figures = self.figures("sweeps")
        self.assertEqual(len(figures), 4)
        for figure in figures:
            self.assertTrue(figure["accepted"])
            self.assertAlmostEqual(figure["ratio"], figure["sweep_ms"] / figure["triad_ms"])
        again = self.figures("sweeps", "--threads", "1")
        self.assertEqual([f["digest"] for f in figures], [f["digest"] for f in again])

    def test_glpk_finds_the_same_least_effort(self):
        figure, = self.figures("glpk")
        self.assertIn("simplex", figure)
        self.assertLess(figure["difference"], 1e-7)

    def test_dense_solves_find_the_same_outputs(self):
        figure, = self.figures("dense")
        self.assertLess(figure["difference"], 1e-6)

    def test_warm(self):
        for figure in self.figures("warm"):
            self.assertGreater(figure["ones"], 0)

    def test_tables(self):
        done = run("tables", "--small", "--json", "--turns", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)["figures"]
        self.assertEqual([f["what"] for f in found], 2 * ["cells", "read", "write"] + ["import"])
        self.assertEqual(found[0]["links"], found[1]["links"])

    def test_published(self):
        self.assertEqual([f["start"] for f in self.figures("published")], [700, 1, 5000])

    def test_record(self):
        done = run("record", "--small", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = {f["what"]: f for f in json.loads(done.stdout)["figures"]}
        self.assertIn("slowest round.close", found)
        self.assertEqual(found["verify"]["events"], found["open, person.erase"]["events"])
        for judge in ("verify", "tools/verify.py"):
            self.assertEqual(found[judge]["outcome"], "intact")

    def test_server(self):
        done = run("server", "--small", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)["figures"]
        self.assertEqual([f["what"] for f in found], ["live", "work", "work, slow ones", "work", "work, a flood"])
        self.assertEqual([(f["failed"], f["behind"]) for f in found], 5 * [(0, 0)])

    def test_jobs(self):
        done = run("jobs", "--small", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        exact, few, many = json.loads(done.stdout)["figures"]
        self.assertTrue(exact["proven"])
        self.assertLess(few["worst"], 0.05)
        self.assertLessEqual(few["glpk_bound"], few["worst"] + 0.001)
        self.assertEqual(many["outcome"], "balanced")

    def test_a_build_that_is_not_there_is_named(self):
        done = subprocess.run([sys.executable, "-B", HERE / "sweeps", "--build", "/nowhere"],
                              capture_output=True, encoding="utf-8")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cmake --preset release", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
