# SPDX-License-Identifier: AGPL-3.0-or-later
"""A record to be copied, and what holds of every copy, for the tests of backup, move, doctor and of
older tables: each has the arguments PLENUM VERIFIER. PLENUM_LONG=1 kills ten times as often."""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

PLENUM, VERIFIER = sys.argv[1], sys.argv[2]
NOW = 4  # version of the tables
KEPT = f".before-{NOW}"
TIMES = 10 if os.environ.get("PLENUM_LONG") == "1" else 1
DAY = 86400


def run(*words, **options):
    return subprocess.run([PLENUM, *words], capture_output=True, text=True, timeout=300,
                          **{"stdin": subprocess.DEVNULL, **options})


def request(actor, op, **fields):
    return {"actor": actor, "op": op, "fields": fields}


def text_of(requests):
    return "".join(json.dumps(r) + "\n" for r in requests)


def record(file, requests, **options):
    done = run("record", file, input=text_of(requests), stdin=None, **options)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def federation(people=8):
    """A vote is open, with ballots of all but the last; a person was erased."""
    yield request(0, "record.begin", title="the valley", name="Ada")
    for i in range(2, people + 1):
        yield request(1, "person.add", name=f"person {i}", contact=f"door {i}")
    yield request(people, "person.erase", person=people)
    yield request(1, "vote.open", title="An oven", ballots="motion", secret=1, rule="majority",
                  seats=1, options=[{"code": "oven"}])
    for i in range(1, people - 1):
        yield request(i, "vote.cast", vote=1, marks="1=no" if i == 2 else "1=yes")


def close(vote=1):
    """The vote ends tomorrow, when it may though not everybody has voted."""
    return {**request(1, "vote.close", vote=vote), "time": int(time.time()) + DAY}


def councils(first, n):
    return [request(1, "council.add", code=f"c{i}", kind="workers") for i in range(first, first + n)]


def rows_of(file, sql, *values):
    database = sqlite3.connect(file)
    try:
        with database:
            return database.execute(sql, values).fetchall()
    finally:
        database.close()


def remember(file, kind, key, value="", until=253402300799):
    rows_of(file, "INSERT INTO note (kind, key, value, person, until) VALUES (?, ?, ?, 1, ?)",
            kind, key, value, until)


class Copies(unittest.TestCase):
    def setUp(self):
        self.made = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.made)
        self.file = self.path("valley.plenum")

    def path(self, name):
        return os.path.join(self.made, name)

    def names(self):
        return sorted(name for name in os.listdir(self.made) if not name.endswith(("-wal", "-shm")))

    def begin(self, *more):
        code, answers, _ = record(self.file, [*federation(), *more])
        self.assertEqual(code, 0, answers[-1])
        return answers[-1]["hash"]

    def done(self, *words, code=0, **options):
        """@return what a command printed, which ends as expected"""
        told = run(*words, **options)
        self.assertEqual(told.returncode, code, told.stdout + told.stderr)
        return told.stdout if code == 0 else told.stdout + told.stderr

    def carried(self, *words):
        return json.loads(self.done(*words, "--json"))

    def refused(self, *words, says):
        before = self.names()
        self.assertIn(says, self.done(*words, code=2))
        self.assertEqual(self.names(), before)

    def intact(self, file, **options):
        told = json.loads(self.done("verify", file, "--json", **options))
        self.assertTrue(told["intact"] and told["tables_compared"], told)
        if not file.startswith("postgres:"):
            second = subprocess.run(["/usr/bin/python3", "-B", VERIFIER, file],
                                    capture_output=True, text=True, timeout=300)
            self.assertIn(told["head"], second.stdout, second.stdout + second.stderr)
        return told

    def assert_closes(self, file, yes="5", **options):
        """The record goes on, and the ballots of its open vote are all there."""
        code, answers, err = record(file, [close()], **options)
        self.assertEqual((code, err), (0, ""), answers)
        self.assertEqual(answers[0]["answer"]["tallies"], [yes])
        self.intact(file)
