# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several programs write one record, and all ask for the same at once. record_races.py PLENUM
VERIFIER

Each race is one ballot, or one version of a proposal, that every writer sends at the same time,
each with other contents: one is served, the others are refused with `conflict`, and what is
recorded is what the one said. On PostgreSQL where PLENUM_POSTGRES says how to reach it, else in
a file, which VERIFIER judges too. PLENUM_LONG=1 races ten thousand times."""
import collections
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

from federation import federation, request

PLENUM, VERIFIER = sys.argv[1:3]
POSTGRES = os.environ.get("PLENUM_POSTGRES")
LONG = os.environ.get("PLENUM_LONG") == "1"
RACES = (2000 if LONG else 80) if POSTGRES else (10000 if LONG else 400)
WRITERS, PEOPLE = 4, 40


class Writer:
    def __init__(self, address, key):
        self.process = subprocess.Popen(
            [PLENUM, "record", address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PLENUM_KEY": key})

    def send(self, asked):
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()

    def answer(self):
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(timeout=60)


class Races(unittest.TestCase):
    def setUp(self):
        self.made = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.made)
        self.file = os.path.join(self.made, "valley.plenum")
        self.address = POSTGRES or self.file
        self.key = self.file + ".key"
        self.winners = collections.Counter()

    def do(self, *requests):
        """What must go well. @return the last answer"""
        told = None
        for asked in requests:
            self.writers[0].send(asked)
            told = self.writers[0].answer()
            self.assertIn("height", told, (asked, told))
        return told["answer"]

    def race(self, variants):
        """@return height of what was served, and which variant it was"""
        for writer, asked in zip(self.writers, variants):
            writer.send(asked)
        told = [writer.answer() for writer in self.writers]
        served = [k for k, t in enumerate(told) if "height" in t]
        self.assertEqual(len(served), 1, told)
        self.assertEqual({t["error"] for t in told if "height" not in t}, {"conflict"}, told)
        self.winners[served[0]] += 1
        return told[served[0]]["height"], served[0]

    def open_vote(self):
        options = [{"code": f"option {k}"} for k in range(WRITERS)]
        return self.do(request(1, "vote.open", title="t", ballots="approval", secret=1, seats=1,
                               rule="approval", options=options))["vote"]

    def race_for_ballots(self, n):
        """Each person votes once in each vote: what the ballots say is what was acknowledged."""
        while n > 0:
            vote, counted = self.open_vote(), collections.Counter()
            for person in range(1, PEOPLE + 1):
                _, which = self.race([request(person, "vote.cast", vote=vote, marks=f"{k + 1}=1")
                                      for k in range(WRITERS)])
                counted[which] += 1
                n -= 1
            tallies = self.do(request(1, "vote.close", vote=vote))["tallies"]
            self.assertEqual([int(t) for t in tallies], [counted[k] for k in range(WRITERS)])

    def race_for_versions(self, n):
        """@return the quantity that each height must hold"""
        self.do(request(1, "season.open", name="s", rule="fitted", tolerance="0.01"),
                request(1, "round.open", season=1))
        held = {}
        for version in range(1, n + 1):
            height, which = self.race([request(4, "proposal.file", season=1, council=3,
                                               version=version, lines=[
                                                   {"good": 2, "role": "wants",
                                                    "quantity": 1000 * version + k}])
                                       for k in range(WRITERS)])
            held[height] = 1000 * version + which
        return held

    def assert_held(self, held):
        with sqlite3.connect(self.file) as database:
            for height, quantity in held.items():
                facts, = database.execute("SELECT facts FROM event WHERE height = ?",
                                          (height,)).fetchone()
                self.assertEqual(json.loads(facts)["in"]["lines"][0]["quantity"], quantity)
            count, = database.execute("SELECT count(*) FROM proposal").fetchone()
            self.assertEqual(count, len(held))
        database.close()

    def assert_intact(self):
        told = json.loads(subprocess.run([PLENUM, "verify", self.address, "--json"],
                                         capture_output=True, text=True).stdout)
        self.assertTrue(told["intact"], told)
        if POSTGRES:
            return
        second = subprocess.run(["/usr/bin/python3", "-B", VERIFIER, self.file],
                                capture_output=True, text=True)
        self.assertEqual(second.returncode, 0, second.stdout)

    def test_of_all_who_ask_for_the_same_at_once_one_is_served(self):
        self.writers = [Writer(self.address, self.key)]
        self.do(*federation(PEOPLE))
        self.writers += [Writer(self.address, self.key) for _ in range(WRITERS - 1)]
        self.race_for_ballots(RACES * 3 // 4)
        held = self.race_for_versions(RACES // 4)
        # the refused make the exit 1; writer 0 may have lost none
        self.assertLessEqual({writer.end() for writer in self.writers}, {0, 1})
        if not POSTGRES:
            self.assert_held(held)
        self.assert_intact()
        self.assertGreater(len(self.winners), 1, "the writers did not race")
        print(f"    {self.winners.total()} races of {WRITERS} writers, won by",
              sorted(self.winners.values()), file=sys.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
