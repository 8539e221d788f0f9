#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum jobs on the example: jobs.py PLENUM EXAMPLES."""
import csv
import json
import os
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


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
