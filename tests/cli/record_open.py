# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file that is opened: it becomes a record where it is empty, and up to date where its tables
have an older version. record_open.py PLENUM VERIFIER"""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import unittest

from copies import (KEPT, NOW, PLENUM, TIMES, Copies, councils, record, request, rows_of,
                    run, text_of)

HERE = os.path.dirname(os.path.abspath(__file__))


class Older(Copies):
    """tests/record/version1.sql: a record whose tables have version 1."""

    def load(self, *changes):
        for name in os.listdir(self.made):
            os.remove(self.path(name))
        with open(os.path.join(HERE, "..", "record", "version1.sql"), encoding="utf-8") as file:
            text = file.read()
        database = sqlite3.connect(self.file)
        database.executescript(text)
        for change in changes:
            database.executescript(change)
        database.commit()
        database.close()
        key, = (line[7:] for line in text.splitlines() if line.startswith("-- key "))
        with open(self.file + ".key", "w", encoding="ascii",
                  opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(key + "\n")

    def version(self, file):
        return rows_of(file, "PRAGMA user_version")[0][0]

    def test_it_is_read_as_it_is_and_written_to_when_it_is_up_to_date(self):
        self.load()
        told = json.loads(self.done("verify", self.file, "--json"))
        self.assertEqual((told["intact"], told["tables_compared"], told["events"]),
                         (True, False, 79))
        self.assertIn("were not", self.done("verify", self.file))
        self.done("export", self.file, self.path("round"))
        shutil.rmtree(self.path("round"))
        self.assertIn(f"version 1 of {NOW}", self.done("doctor", self.file, code=1))
        self.refused("backup", self.file, self.path("copy"), says="doctor --migrate")
        self.assertEqual(self.version(self.file), 1)
        before = rows_of(self.file, "SELECT * FROM ballot")
        code, answers, err = record(self.file, [request(1, "vote.close", vote=2)])
        self.assertEqual((code, answers[0]["answer"]["tallies"]), (0, ["4"]), answers)
        self.assertIn("valley.plenum" + KEPT, err)
        self.assertEqual(self.version(self.file), NOW)
        self.assertEqual(self.intact(self.file)["events"], 80)
        kept = self.file + KEPT
        self.assertEqual((self.version(kept), rows_of(kept, "SELECT * FROM ballot")), (1, before))
        self.assertEqual(rows_of(kept, "SELECT max(height) FROM event"), [(79,)])
        self.assertEqual(record(self.file, councils(0, 1))[2], "")

    def test_tables_that_differ_in_any_way_are_made_anew(self):
        changes = ["ALTER TABLE person ADD COLUMN nickname TEXT NOT NULL DEFAULT 'x'",
                   "DROP TABLE delivery", "CREATE TABLE other (a INTEGER); INSERT INTO other VALUES (1)",
                   "ALTER TABLE ballot ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'",
                   "UPDATE person SET joined = 1", "ALTER TABLE council DROP COLUMN income",
                   "DROP INDEX good_code_unique",
                   "CREATE TABLE note (kind TEXT, key TEXT, until INTEGER);"
                   "INSERT INTO note VALUES ('session', 'a', 5)"]
        for change in changes:
            self.load(change)
            ballots = rows_of(self.file, "SELECT vote, receipt, marks FROM ballot")
            self.done("doctor", self.file, "--migrate", code=1)  # there was no backup
            self.intact(self.file)
            self.assertEqual(rows_of(self.file, "SELECT * FROM ballot"), ballots)
            self.assertEqual(rows_of(self.file, "SELECT * FROM note"),
                             [("session", "a", "", 0, 5)] if "note" in change else [])
            self.assertEqual(rows_of(self.file, "PRAGMA integrity_check"), [("ok",)])
            self.assertEqual(rows_of(self.file, "SELECT count(*) FROM sqlite_schema WHERE name = 'other'"),
                             [(0,)])

    def test_what_cannot_be_made_anew_stays_as_it_is(self):
        self.load("UPDATE event SET facts = replace(facts, 'bread', 'Bread')")
        before = rows_of(self.file, "SELECT * FROM person")
        self.assertIn("event", self.done("doctor", self.file, "--migrate", code=2))
        self.assertEqual((self.version(self.file), rows_of(self.file, "SELECT * FROM person")),
                         (1, before))

    def test_the_copy_beside_replaces_nothing(self):
        self.load()
        kept = self.file + KEPT
        with open(kept, "w", encoding="ascii") as file:
            file.write("mine")
        self.refused("doctor", self.file, "--migrate", says="move it away")
        with open(kept, encoding="ascii") as file:
            self.assertEqual(file.read(), "mine")
        self.assertEqual(self.version(self.file), 1)

    def test_a_newer_version_is_left_alone(self):
        self.load("PRAGMA user_version = 9")
        self.refused("verify", self.file, says="version 9")
        self.refused("doctor", self.file, "--migrate", says="version 9")

    def test_killed_at_any_moment_the_record_opens_again(self):
        self.load()
        begun = time.monotonic()
        self.done("doctor", self.file, "--migrate", code=1)
        whole = time.monotonic() - begun
        chance, seen = random.Random(7), set()
        for _ in range(20 * TIMES):
            self.load()
            child = subprocess.Popen([PLENUM, "doctor", self.file, "--migrate"],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, 1.1 * whole))
            child.send_signal(signal.SIGKILL)
            child.wait()
            seen.add((self.version(self.file), os.path.exists(self.file + KEPT)))
            self.assertEqual(rows_of(self.file, "PRAGMA integrity_check"), [("ok",)])
            told = run("doctor", self.file, "--migrate")
            self.assertEqual(told.returncode, 1, told.stdout + told.stderr)
            self.assertEqual(self.version(self.file), NOW)
            self.assertEqual(len(rows_of(self.file, "SELECT * FROM ballot WHERE vote = 2")), 5)
            self.assertTrue(json.loads(self.done("verify", self.file, "--json"))["intact"])
            self.assertEqual(self.version(self.file + KEPT), 1)
        self.assertIn((1, False), seen)

    def test_two_processes_that_find_it_at_once_make_it_anew_once(self):
        for _ in range(3):
            self.load()
            lines = [text_of(councils(10 * i, 5)) for i in range(4)]
            children = [subprocess.Popen([PLENUM, "record", self.file], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                        for _ in lines]
            told = [None] * 4

            def feed(i):
                told[i] = children[i].communicate(lines[i])
            threads = [threading.Thread(target=feed, args=(i,)) for i in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual([child.returncode for child in children], [0] * 4, told)
            self.assertEqual(sum(KEPT in err for _, err in told), 1, told)
            self.assertEqual(self.intact(self.file)["events"], 99)


class Beginning(Copies):
    def test_of_many_who_begin_a_record_at_once_one_does_and_the_others_go_on(self):
        for turn in range(5 * TIMES):
            file = self.path(f"r{turn}")
            lines = text_of([request(0, "record.begin", title="t", name="Ada")])
            children = [subprocess.Popen([PLENUM, "record", file], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                        for _ in range(6)]
            for child in children:
                child.stdin.write(lines)
                child.stdin.flush()
            told = [child.communicate() for child in children]
            self.assertEqual(sorted(child.returncode for child in children), [0, 1, 1, 1, 1, 1],
                             told)
            self.assertEqual({err for _, err in told}, {""})
            self.assertEqual(sum("begun already" in out for out, _ in told), 5)
            self.assertEqual(self.intact(file)["events"], 1)

    def test_killed_while_it_is_made_it_can_be_begun_again(self):
        chance = random.Random(9)
        lines = text_of([request(0, "record.begin", title="t", name="Ada")])
        for turn in range(25 * TIMES):
            file = self.path(f"r{turn}")
            child = subprocess.Popen([PLENUM, "record", file], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            child.stdin.write(lines)
            child.stdin.flush()
            time.sleep(chance.uniform(0, 0.02))
            child.send_signal(signal.SIGKILL)
            out, _ = child.communicate()
            again = run("record", file, input=lines, stdin=None)
            there = "height" in out or "begun already" in again.stdout
            self.assertEqual((again.returncode, again.stderr), (1 if there else 0, ""), out)
            self.assertTrue(json.loads(self.done("verify", file, "--json"))["intact"])

    def test_an_empty_file_is_no_record(self):
        with open(self.path("empty"), "w", encoding="ascii"):
            pass
        for verb in ("verify", "doctor"):
            self.refused(verb, self.path("empty"), says="no record")
        self.assertEqual(os.path.getsize(self.path("empty")), 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
