# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of cases.txt, one test each. corpus.py PLENUM"""
import os
import shutil
import sys
import unittest

from refusal import HERE, SOUND, Refusals

CASES = os.path.join(HERE, "cases")
PLAN = ["plan", "ECONOMY", "--json", "--out", "OUT"]
CHECK = ["check", "ECONOMY"]


def read_cases():
    """(name, commands, sentences) of each case."""
    found = []
    with open(os.path.join(HERE, "cases.txt"), encoding="utf-8") as file:
        for line in file.read().split("\n"):
            if line.startswith("\t$ plenum"):
                found[-1][1][:] = [line.split()[2:]]
            elif line.startswith("\t"):
                found[-1][2].append(line[1:])
            elif line != "" and not line.startswith("#"):
                found.append((line, [PLAN, CHECK], []))
    return found


def files_below(folder):
    for place, _, names in os.walk(folder):
        for name in names:
            yield os.path.relpath(os.path.join(place, name), folder)


class Corpus(Refusals):
    def lay_out(self, name):
        """Put the files of a case where it meets them."""
        for file in files_below(os.path.join(CASES, name)):
            to = file
            if file.startswith("plan" + os.sep):
                to = "PLAN" + file[len("plan"):]
            elif os.path.exists(os.path.join(SOUND, file)):
                to = os.path.join("ECONOMY", file)
            shutil.copyfile(os.path.join(CASES, name, file), self.path(to))

    def is_refused(self, name, commands, sentences):
        self.assertNotEqual(sentences, [])
        if any("PLAN" in words for words in commands):
            self.plan()
        self.lay_out(name)
        for words in commands:
            self.assertEqual(self.refused(words), sentences)

    def test_the_sound_economy_is_sound(self):
        self.plan()
        self.assertEqual(self.run_plenum(["check", "ECONOMY", "PLAN"]).returncode, 0)

    def test_every_case_is_there_once(self):
        names = [name for name, _, _ in CASES_READ]
        self.assertEqual(len(set(names)), len(names))
        self.assertEqual(set(os.listdir(CASES)) - set(names), set())
        self.assertGreaterEqual(len(os.listdir(CASES)), 60)


CASES_READ = read_cases()
for case in CASES_READ:
    setattr(Corpus, "test_" + case[0].replace("-", "_"),
            lambda self, case=case: self.is_refused(*case))

if __name__ == "__main__":
    Refusals.plenum = os.path.abspath(sys.argv[1])
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
