# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records that are moved, restored, backed up and brought up to date in a database, which
PLENUM_POSTGRES says how to reach. record_copy_postgres.py PLENUM VERIFIER"""
import os
import subprocess
import sys
import unittest

from copies import (NOW, PLENUM, Copies, close, councils, record, remember, request, rows_of, run,
                    text_of)

ADDRESS = os.environ["PLENUM_POSTGRES"]


class Database(Copies):
    def setUp(self):
        super().setUp()
        self.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
                 f" DROP SCHEMA IF EXISTS plenum_before_{NOW} CASCADE")
        self.env = {**os.environ, "PLENUM_KEY": self.path("key")}

    def sql(self, text):
        done = subprocess.run(["psql", "-X", "-A", "-t", "-q", "-d", ADDRESS.removeprefix("postgres:"),
                               "-c", "SET client_min_messages = error", "-c", text],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def done(self, *words, **options):
        return super().done(*words, **{"env": self.env, **options})

    def test_from_a_file_to_the_database_and_back_nothing_changes_and_it_goes_on(self):
        self.begin()
        remember(self.file, "session", "a", "kept")
        state = self.intact(self.file)["state"]
        first = self.carried("move", self.file, ADDRESS)
        self.assertEqual(self.intact(ADDRESS)["state"], state)
        code, answers, _ = record(ADDRESS, councils(0, 2), env=self.env)
        self.assertEqual((code, answers[1]["height"]), (0, 18))
        self.refused("restore", self.file, ADDRESS, says="moved to")
        copy, back = self.path("copy"), self.path("back")
        there = self.carried("backup", ADDRESS, copy)
        self.assertNotEqual(there["contents"], first["contents"])
        self.assertIn("18 events", self.done("doctor", ADDRESS))
        last = self.carried("move", ADDRESS, back)
        self.assertEqual(last["head"], there["head"])
        self.assertIn("moved to", record(ADDRESS, [close()], env=self.env)[1][0]["message"])
        self.assertEqual(rows_of(back, "SELECT value FROM note WHERE kind = 'session'"), [("kept",)])
        self.assert_closes(back)
        self.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        self.assertEqual(self.carried("restore", copy, ADDRESS)["contents"], there["contents"])
        code, answers, _ = record(ADDRESS, [close()], env=self.env)
        self.assertEqual((code, answers[0]["answer"]["tallies"]), (0, ["5"]))
        self.intact(ADDRESS)

    def test_a_database_that_holds_a_record_is_not_replaced(self):
        self.begin()
        self.done("backup", self.file, self.path("copy"))
        self.done("restore", self.file, ADDRESS)
        self.refused("restore", self.path("copy"), ADDRESS, says="a record already")
        self.refused("move", ADDRESS, ADDRESS + " application_name=x", says="a record already")
        self.assertEqual(record(ADDRESS, councils(0, 1), env=self.env)[0], 0)

    def test_tables_of_an_older_version_are_kept_in_a_schema_and_made_anew(self):
        self.begin()
        self.done("restore", self.file, ADDRESS)
        self.sql("DROP TABLE note; UPDATE plenum SET version = 1;"
                 " ALTER TABLE ballot ADD COLUMN colour TEXT; ALTER TABLE council DROP COLUMN income")
        self.assertIn("were not", self.done("verify", ADDRESS))
        told = run("doctor", ADDRESS, "--migrate", env=self.env)
        self.assertIn(f"schema plenum_before_{NOW}", told.stderr)
        self.assertEqual(self.sql(f"SELECT count(*) FROM plenum_before_{NOW}.ballot"), "6")
        self.assertEqual(self.sql("SELECT version FROM plenum"), f"{NOW}")
        code, answers, err = record(ADDRESS, [close()], env=self.env)
        self.assertEqual((code, err, answers[0]["answer"]["tallies"]), (0, "", ["5"]))
        self.intact(ADDRESS)

    def test_of_many_who_begin_at_once_one_does(self):
        lines = text_of([request(0, "record.begin", title="t", name="Ada")])
        children = [subprocess.Popen([PLENUM, "record", ADDRESS], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                     env=self.env) for _ in range(5)]
        for child in children:
            child.stdin.write(lines)
            child.stdin.flush()
        told = [child.communicate() for child in children]
        self.assertEqual(sorted(child.returncode for child in children), [0, 1, 1, 1, 1], told)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
