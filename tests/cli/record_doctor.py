# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum doctor. record_doctor.py PLENUM VERIFIER"""
import json
import os
import sqlite3
import sys
import time
import unittest

from copies import DAY, Copies, councils, record, request, rows_of


class Doctor(Copies):
    def findings(self, code):
        told = json.loads(self.done("doctor", self.file, "--json", code=code))
        self.assertEqual(told["good"], code == 0, told)
        return {f["what"]: f["said"] for f in told["findings"] if not f["good"]}

    def test_a_record_that_is_well_needs_nothing(self):
        head = self.begin()
        self.assertEqual(list(self.findings(1)), ["backup"])
        self.done("backup", self.file, self.path("copy"))
        told = self.done("doctor", self.file)
        self.assertIn("Nothing needs attention", told)
        self.assertIn(head, told)
        self.assertIn("1 is open, vote 1", told)
        self.assertLessEqual(max(map(len, told.splitlines())), 80)
        record(self.file, councils(0, 3))
        self.assertIn("3 events since", self.done("doctor", self.file))
        self.assertEqual(self.done("doctor", self.file, "--quiet"), "")

    def test_each_thing_that_is_wrong_is_named_with_what_to_do(self):
        self.begin()
        self.done("backup", self.file, self.path("copy"))
        now = int(time.time())
        key = self.file + ".key"

        def only(what, says):
            found = self.findings(1)
            self.assertEqual(list(found), [what], found)
            self.assertIn(says, found[what])
        os.chmod(key, 0o644)
        only("key", "chmod 600")
        os.chmod(key, 0o600)
        os.rename(key, key + ".away")
        only("key", "nothing can be recorded")
        with open(key, "w", encoding="ascii", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write("ab" * 32 + "\n")
        only("key", "not the key of this record")
        os.rename(key + ".away", key)
        os.chmod(self.file, 0o644)
        only("file", "chmod o=")
        os.chmod(self.file, 0o600)
        self.assertEqual(record(self.file, [request(
            1, "mandate.give", person=2, role="auditor", until=now + 13 * DAY)])[0], 0)
        only("terms", "person 2 as auditor")
        rows_of(self.file, "UPDATE mandate SET until = ? WHERE role = 'auditor'", now - 1)
        self.findings(0)
        rows_of(self.file, "UPDATE mandate SET until = ? WHERE role = 'facilitator'", now + 13 * DAY)
        self.assertEqual(sorted(self.findings(1)), ["facilitator", "terms"])
        rows_of(self.file, "UPDATE mandate SET until = ? WHERE role = 'facilitator'", now - 1)
        only("facilitator", "there is none")
        rows_of(self.file, "UPDATE mandate SET until = ? WHERE role = 'facilitator'", now + 15 * DAY)
        self.findings(0)
        record(self.file, councils(0, 2))
        rows_of(self.file, "UPDATE note SET value = json_set(value, '$.time', ?)", now - 3 * DAY)
        only("backup", "3 events since")
        rows_of(self.file, "UPDATE note SET value = json_set(value, '$.time', ?)", now)
        record(self.file, [{**councils(5, 1)[0], "time": now + 3600}])
        only("clock", "set it")

    def test_damage_is_told(self):
        self.begin(*councils(0, 60))
        self.done("backup", self.file, self.path("copy"))
        with sqlite3.connect(self.file) as database:
            database.execute("PRAGMA writable_schema = ON")
            database.execute("DELETE FROM sqlite_schema WHERE name = 'good_code_unique'")
        self.assertIn("restore the last backup", self.findings(1)["database"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
