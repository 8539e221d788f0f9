#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum jobs on the example: jobs.py PLENUM EXAMPLES."""
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PLENUM, EXAMPLES = sys.argv[1:3]


class Jobs(unittest.TestCase):
    def run_jobs(self, *options):
        return subprocess.run([PLENUM, "jobs", os.path.join(EXAMPLES, "bakery"), *options],
                              capture_output=True, text=True, timeout=300)

    def test_what_can_be_balanced_is_called_balanced(self):
        """Rounded hours put the largest deviation at 0.50014, and 0.5 was asked for."""
        done = self.run_jobs("--json")
        told = json.loads(done.stdout)
        self.assertEqual((done.returncode, told["outcome"]), (0, "balanced"))
        self.assertLessEqual(told["worst"], told["within"])

    def test_the_page_rounds_hours_as_the_table_says_them(self):
        with tempfile.TemporaryDirectory() as scratch:
            out = os.path.join(scratch, "out")
            self.assertEqual(self.run_jobs("--out", out).returncode, 0)
            with open(os.path.join(out, "report.html"), encoding="utf-8") as file:
                page = file.read()
            with open(os.path.join(out, "jobs.csv"), encoding="utf-8", newline="") as file:
                hours = [round(float(row["hours"]) * 1000) for row in csv.DictReader(file)]
            self.assertGreater(len(hours), 30)
            for thousandths in hours:
                self.assertIn(f" {(thousandths + 50) // 100 / 10:.1f}", page)

    def copy(self, scratch, *names):
        """Some of the example's tables in a folder of their own."""
        for name in names:
            shutil.copy(os.path.join(EXAMPLES, "bakery", name), scratch)
        return scratch

    def test_a_history_is_watched_and_answered(self):
        with tempfile.TemporaryDirectory() as scratch:
            out = os.path.join(scratch, "out")
            told = json.loads(self.run_jobs("--json", "--window", "3", "--out", out).stdout)
            with open(os.path.join(out, "monitor.csv"), encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        self.assertTrue(told["alarm"])
        self.assertFalse(told["planned"]["alarm"])
        self.assertLess(told["planned"]["imbalance"], told["within"])
        self.assertEqual([row["period"] for row in rows], [f"2026-{m:02}" for m in range(1, 7)])
        self.assertEqual(float(rows[-1]["class_index"]), told["watch"][-1]["class_index"])
        self.assertGreater(told["watch"][-1]["class_index"], told["watch"][0]["class_index"])

    def test_the_last_period_of_a_history_stands_for_last_csv(self):
        """Periods that are numbers follow one another as numbers: 10 comes after 9."""
        with tempfile.TemporaryDirectory() as scratch:
            self.copy(scratch, "people.csv", "tasks.csv", "skills.csv", "last.csv")
            want = subprocess.run([PLENUM, "jobs", scratch, "--json"], capture_output=True,
                                  text=True, timeout=300)
            with open(os.path.join(scratch, "last.csv"), encoding="utf-8") as file:
                rows = file.read().splitlines()[1:]
            os.remove(os.path.join(scratch, "last.csv"))
            with open(os.path.join(scratch, "history.csv"), "w", encoding="utf-8") as file:
                file.write("period,person,task,hours\n")
                file.writelines(f"10,{row}\n" for row in reversed(rows))
                file.write("9,fatima,planning,3\n9,someone who left,books,2\n")
            got = subprocess.run([PLENUM, "jobs", scratch, "--json"], capture_output=True,
                                 text=True, timeout=300)
        self.assertEqual(json.loads(got.stdout)["people"], json.loads(want.stdout)["people"])
        self.assertEqual([p["period"] for p in json.loads(got.stdout)["watch"]], ["9", "10"])

    def test_members_score_tasks_and_one_liar_changes_little(self):
        with tempfile.TemporaryDirectory() as scratch:
            self.copy(scratch, "people.csv", "skills.csv")
            with open(os.path.join(EXAMPLES, "bakery", "tasks.csv"), encoding="utf-8",
                      newline="") as file:
                tasks = list(csv.DictReader(file))
            given = {row["task"]: float(row["empowerment"]) for row in tasks}
            with open(os.path.join(EXAMPLES, "bakery", "people.csv"), encoding="utf-8",
                      newline="") as file:
                people = [row["person"] for row in csv.DictReader(file)]
            for row in tasks:
                row["empowerment"] = ""
            with open(os.path.join(scratch, "tasks.csv"), "w", encoding="utf-8",
                      newline="") as file:
                table = csv.DictWriter(file, list(tasks[0]))
                table.writeheader()
                table.writerows(tasks)
            with open(os.path.join(scratch, "ratings.csv"), "w", encoding="utf-8") as file:
                file.write("person,task,empowerment\n")
                for k, person in enumerate(people):
                    for task, score in given.items():
                        said = 20 if k == 0 else min(20, max(1, score + (k % 3 - 1) / 2))
                        file.write(f"{person},{task},{said}\n")
            out = os.path.join(scratch, "out")
            done = subprocess.run([PLENUM, "jobs", scratch, "--json", "--out", out],
                                  capture_output=True, text=True, timeout=300)
            scores = {row["task"]: row["empowerment"]
                      for row in json.loads(done.stdout)["scores"]}
            with open(os.path.join(out, "scores.csv"), encoding="utf-8", newline="") as file:
                written = {row["task"]: row for row in csv.DictReader(file)}
        for task, score in given.items():
            self.assertAlmostEqual(scores[task]["score"], score, delta=0.5)
            self.assertLessEqual(scores[task]["low"], scores[task]["score"])
            self.assertEqual(scores[task]["count"], len(people))
            self.assertEqual(float(written[task]["empowerment"]), scores[task]["score"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
