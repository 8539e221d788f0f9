# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum backup, restore and move. record_copy.py PLENUM VERIFIER"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

from copies import PLENUM, TIMES, Copies, close, councils, record, remember, rows_of, run, text_of


class Backup(Copies):
    def test_a_backup_restored_holds_every_byte_and_goes_on(self):
        head = self.begin()
        remember(self.file, "session", "a", "kept")
        copy, back = self.path("copy"), self.path("back")
        told = self.carried("backup", self.file, copy)
        self.assertEqual((told["head"], told["events"], told["done_again"], told["key"]),
                         (head, 16, True, True))
        again = self.carried("restore", copy, back)
        self.assertEqual(again["contents"], told["contents"])
        for file in (copy, back):
            self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
            self.assertEqual(os.stat(file + ".key").st_mode & 0o777, 0o600)
            self.assertEqual(rows_of(file, "SELECT kind, key, value FROM note"),
                             [("session", "a", "kept")])
            self.assertEqual(len(rows_of(file, "SELECT * FROM ballot")), 6)
        self.assertEqual(self.intact(self.file)["state"], self.intact(back)["state"])
        self.assert_closes(back)
        self.assert_closes(self.file)
        self.assertEqual(self.intact(copy)["head"], head)
        self.assertEqual(self.names(), sorted(
            name + end for name in ("valley.plenum", "copy", "back") for end in ("", ".key")))

    def test_one_byte_more_or_less_is_another_content(self):
        self.begin()
        told = self.carried("backup", self.file, self.path("1"))["contents"]
        changes = ["UPDATE person SET name = 'Eve' WHERE id = 1",
                   "UPDATE ballot SET marks = '1=no' WHERE marks = '1=yes'",
                   "UPDATE person SET contact = ''", "DELETE FROM note"]
        for i, change in enumerate(changes):
            copy, again = self.path(f"x{i}"), self.path(f"y{i}")
            self.assertEqual(self.carried("restore", self.path("1"), copy)["contents"], told)
            if change.startswith("DELETE"):
                remember(copy, "a", "b")
            else:
                rows_of(copy, change)
            self.assertNotEqual(self.carried("backup", copy, again)["contents"], told, change)

    def test_backups_while_others_write_are_of_one_moment_each(self):
        self.begin()
        writer = subprocess.Popen([PLENUM, "record", self.file], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        feeder = threading.Thread(target=writer.communicate,
                                  args=(text_of(councils(0, 3000 * TIMES)),))
        feeder.start()
        heads = []
        for i in range(5):
            copy = self.path(f"copy{i}")
            told = self.carried("backup", self.file, copy, *(["--quick"] if i % 2 else []))
            self.assertEqual(self.intact(copy)["head"], told["head"])
            heads.append(told)
        feeder.join()
        self.assertEqual(writer.returncode, 0)
        for told in heads:
            self.done("verify", self.file, "--head", told["head"], "--quiet")
        self.assertGreater(len({told["events"] for told in heads}), 1)

    def test_nothing_is_ever_replaced(self):
        self.begin()
        self.done("backup", self.file, self.path("copy"))
        self.refused("backup", self.file, self.path("copy"), says="is there already")
        self.refused("restore", self.path("copy"), self.file, says="is there already")
        self.refused("move", self.path("copy"), self.path("copy"), says="where it is")
        with open(self.path("other.key"), "w", encoding="ascii") as file:
            file.write("ab" * 32 + "\n")
        self.refused("backup", self.file, self.path("other"), says="another key")
        self.refused("backup", self.file, self.path("no/where"), says="cannot be written")
        self.refused("backup", self.path("none"), self.path("x"), says="cannot be opened")
        self.refused("backup", self.file, "postgres:", says="a backup is a file")

    def test_without_its_key_a_copy_is_read_and_not_continued(self):
        self.begin()
        copy, back = self.path("copy"), self.path("back")
        self.assertIn("can be read and verified", self.done("backup", self.file, copy,
                                                            "--without-key"))
        self.assertFalse(os.path.exists(copy + ".key"))
        self.assertIn("has no key beside it", run("restore", copy, back).stderr)
        self.assertIn("no key beside it", record(back, [close()])[2])
        shutil.copy(self.file + ".key", back + ".key")
        self.assert_closes(back)
        os.remove(self.file + ".key")
        self.refused("backup", self.file, self.path("y"), says="valley.plenum.key cannot be read")

    def test_what_is_not_sound_is_not_backed_up(self):
        self.begin()
        for change in ("UPDATE event SET facts = replace(facts, 'oven', 'Oven')",
                       "DELETE FROM event WHERE height = 5",
                       "UPDATE person SET joined = joined + 1"):
            copy = self.path("damaged")
            for end in ("", ".key"):
                shutil.copy(self.file + end, copy + end)
            rows_of(copy, change)
            self.refused("backup", copy, self.path("copy"), says="not sound")
            quick = run("backup", copy, self.path("copy"), "--quick")
            self.assertEqual(quick.returncode, 0 if "joined" in change else 2, change)

    def test_killed_at_any_moment_there_is_no_backup_or_all_of_it(self):
        self.begin(*councils(0, 800))
        begun = time.monotonic()
        self.done("backup", self.file, self.path("first"))
        whole = time.monotonic() - begun
        chance = random.Random(5)
        kept = 0
        for i in range(8 * TIMES):
            copy = self.path(f"copy{i}")
            child = subprocess.Popen([PLENUM, "backup", self.file, copy],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, 1.1 * whole))
            child.send_signal(signal.SIGKILL)
            child.wait()
            if os.path.exists(copy):
                kept += 1
                self.intact(copy)
                os.remove(copy)
            self.done("backup", self.file, copy, "--quick")
        self.assertLess(kept, 8 * TIMES)

    def test_stopped_it_leaves_nothing_behind(self):
        self.begin(*councils(0, 800))
        before = self.names()
        for wait in (0.05, 0.1):
            child = subprocess.Popen([PLENUM, "backup", self.file, self.path("copy")],
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(wait)
            child.send_signal(signal.SIGINT)
            out, err = child.communicate()
            if child.returncode != 0:
                # before it listens the system ends it, and then it has written nothing
                self.assertIn(child.returncode, (130, -signal.SIGINT), err)
                self.assertEqual((out, self.names()), ("", before))
                continue
            os.remove(self.path("copy"))
            os.remove(self.path("copy.key"))


class Move(Copies):
    def test_a_moved_record_goes_on_there_alone(self):
        head = self.begin()
        there = self.path("there")
        open_one = subprocess.Popen([PLENUM, "record", self.file], stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, text=True)
        open_one.stdin.write(text_of(councils(0, 1)))
        open_one.stdin.flush()
        self.assertIn("height", open_one.stdout.readline())
        told = self.carried("move", self.file, there)
        self.assertEqual(told["events"], 17)
        out, _ = open_one.communicate(text_of(councils(1, 1)))
        self.assertIn(f"moved to {there}", json.loads(out)["message"])
        self.assertEqual(record(self.file, [close()])[1][0]["error"], "conflict")
        self.assert_closes(there)
        self.refused("move", self.file, self.path("other"), says=f"moved to {there}")
        self.assertEqual(self.intact(self.file)["head"], told["head"])
        self.assertNotEqual(head, told["head"])
        # a backup of what was moved is no record to go on with
        self.done("backup", self.file, self.path("late"))
        self.refused("restore", self.path("late"), self.path("back"), says="goes on")
        self.assertIn(f"moved to {there}", " ".join(self.done("doctor", self.file, code=1).split()))

    def test_a_move_that_ended_before_its_last_step_is_ended_by_the_same_command(self):
        self.begin()
        there = self.path("there")
        first = self.carried("move", self.file, there)
        rows_of(self.file, "DELETE FROM note WHERE kind = 'moved'")
        os.remove(there + ".key")
        self.assertEqual(self.carried("move", self.file, there)["contents"], first["contents"])
        self.assertEqual(record(self.file, [close()])[1][0]["error"], "conflict")
        rows_of(self.file, "DELETE FROM note WHERE kind = 'moved'")
        self.assert_closes(there)
        self.refused("move", self.file, there, says="is there already")
        self.assert_closes(self.file)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
