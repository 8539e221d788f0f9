#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""ballots.py PLENUM - paper ballots and compared rules, as scripts meet them."""
import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PLENUM = sys.argv[1]
OPTIONS = """ballot,anna,bashir
#title,A delegate
#kind,ranked
#name,Anna Lind,Bashir Nasser
"""


def plenum(*words):
    return subprocess.run([PLENUM, "vote", *map(str, words)], capture_output=True, encoding="utf-8")


class Folder(unittest.TestCase):
    def setUp(self):
        self.kept = tempfile.TemporaryDirectory(prefix="plenum-ballots-")
        self.home = pathlib.Path(self.kept.name)
        self.file = self.home / "options.csv"
        self.file.write_text(OPTIONS, encoding="utf-8")
        self.page, self.sheet = self.home / "ballots.html", self.home / "entry.csv"

    def tearDown(self):
        self.kept.cleanup()

    def refused(self, sentence, *words):
        before = sorted(self.home.iterdir())
        done = plenum(*words)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertIn(sentence, done.stderr)
        self.assertEqual(sorted(self.home.iterdir()), before)


class Ballots(Folder):
    def make(self, *words):
        done = plenum("ballots", self.file, "--out", self.page, "--sheet", self.sheet, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.sheet, encoding="utf-8", newline="") as table:
            rows = [row for row in csv.reader(table) if not row[0].startswith("#")][1:]
        codes = re.findall(r"<b>(\S+)</b>", self.page.read_text(encoding="utf-8"))
        return done, codes, rows

    def test_each_code_stands_once_on_paper_and_once_in_the_table(self):
        done, codes, rows = self.make("--count", "20")
        self.assertIn("20 ballots on 7 sheets of A4", done.stdout)
        self.assertEqual(len(set(codes)), 20)
        self.assertEqual([row[0] for row in rows], sorted(codes))
        self.assertNotEqual(codes, sorted(codes))
        self.assertTrue(all(cell == "" for row in rows for cell in row[1:]))

    def test_codes_are_new_each_time_and_the_same_from_a_seed(self):
        found = []
        for words in ([], [], ["--seed", "1"], ["--seed", "1"], ["--seed", "2"]):
            found.append(self.make("--count", "3", *words)[1])
            self.page.unlink()
            self.sheet.unlink()
        self.assertEqual(len({tuple(codes) for codes in found}), 4)
        self.assertEqual(found[2], found[3])

    def test_a_filled_table_can_be_counted(self):
        _, codes, _ = self.make("--eligible", "4")
        lines = self.sheet.read_text(encoding="utf-8").splitlines()
        marks = iter(("1,2", "1,2", "2,1", "1,"))
        filled = [line.split(",")[0] + "," + next(marks) if line.split(",")[0] in codes else line
                  for line in lines]
        self.sheet.write_text("\n".join(filled) + "\n", encoding="utf-8")
        done = plenum("tally", "--rule", "schulze", "--plain", self.sheet)
        self.assertEqual((done.returncode, done.stdout), (0, "anna\n"), done.stderr)
        again = plenum("recount", self.sheet, self.sheet)
        self.assertEqual(again.returncode, 0, again.stderr)

    def test_a_code_can_be_printed_again(self):
        _, codes, _ = self.make("--count", "3")
        self.page.unlink()
        self.sheet.unlink()
        _, again, _ = self.make("--code", codes[2].lower(), "--code", codes[0].replace("-", ""))
        self.assertEqual(again, [codes[2], codes[0]])

    def test_ballots_that_may_be_on_paper_are_not_replaced(self):
        self.make("--count", "3")
        page = self.page.read_bytes()
        self.refused("is there already", "ballots", self.file, "--count", "1", "--out", self.page)
        self.refused("is there already", "ballots", self.file, "--count", "1", "--sheet", self.sheet,
                     "--out", self.home / "other.html")
        self.assertEqual(self.page.read_bytes(), page)

    def test_what_is_wrong_is_told_and_nothing_is_written(self):
        for sentence, *words in (
                ("say how many ballots",),
                ("this is no ballot's code", "--code", "222-222-223"),
                ("names a ballot twice", "--code", "222-222-222", "--code", "222222222"),
                ("leave out --count", "--code", "222-222-222", "--count", "2"),
                ("--points is for", "--count", "2", "--points", "3"),
                ("--kind", "--count", "2", "--kind", "verse"),
                ("a .csv or .tsv", "--count", "2", "--sheet", self.home / "entry.pb"),
                ("--count", "--count", "0")):
            self.refused(sentence, "ballots", self.file, "--out", self.page, *words)
        (self.home / "bare.csv").write_text("ballot,a,b\n", encoding="utf-8")
        self.refused("#kind", "ballots", self.home / "bare.csv", "--count", "2", "--out", self.page)

    def test_neither_file_is_left_where_one_fails(self):
        (self.home / "in-the-way").write_text("", encoding="utf-8")
        self.refused("in-the-way", "ballots", self.file, "--count", "2", "--out", self.page,
                     "--sheet", self.home / "in-the-way" / "entry.csv")
        self.refused("in-the-way", "ballots", self.file, "--count", "2", "--sheet", self.sheet,
                     "--out", self.home / "in-the-way" / "ballots.html")


class Regret(Folder):
    few = ("--profiles", "12", "--voters", "15", "--options", "4")

    def test_json_and_tables_say_the_same_on_any_number_of_threads(self):
        said = []
        for threads in ("1", "3"):
            out = self.home / threads
            done = plenum("regret", *self.few, "--threads", threads, "--out", out, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            said.append((done.stdout, (out / "counts.csv").read_bytes(), (out / "means.csv").read_bytes()))
        self.assertEqual(*said)
        found = json.loads(said[0][0])
        with open(self.home / "1" / "means.csv", encoding="utf-8", newline="") as table:
            means = list(csv.DictReader(table))
        with open(self.home / "1" / "counts.csv", encoding="utf-8", newline="") as table:
            counts = list(csv.DictReader(table))
        self.assertEqual(len(counts), 12 * len(means))
        spoken = [(c["culture"], r["rule"], r["ballots"], r["regret"])
                  for c in found["cultures"] for r in c["rules"]]
        self.assertEqual(spoken, [(m["culture"], m["rule"], m["ballots"], float(m["regret"]))
                                  for m in means])
        for m in means:
            mine = [float(c["regret"]) for c in counts
                    if all(c[k] == m[k] for k in ("culture", "rule", "ballots"))]
            self.assertAlmostEqual(sum(mine) / 12, float(m["regret"]), 12)

    def test_one_culture_and_its_example_fit_80_columns(self):
        done = plenum("regret", "--culture", "intense-minority", "--profiles", "60")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80)
        self.assertIn("A majority harms a minority", done.stdout)
        self.assertNotIn("polarised", done.stdout)

    def test_an_unknown_culture_is_refused(self):
        self.refused("intense-minority", "regret", "--culture", "loud", "--out", self.home / "out")


sys.argv[1:] = []
unittest.main()
