# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum record, backup and doctor --migrate where the system fails them: each call that writes
fails once. record_faults.py PLENUM. Ends with 77 where strace cannot trace."""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

PLENUM = sys.argv[1]
LONG = os.environ.get("PLENUM_LONG") == "1"
FEW = os.environ.get("PLENUM_FEW") == "1"  # with sanitizers: the first of each call
# The sanitizer's search for leaks is a tracer itself, and a process has one at most.
TRACED = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
# Calls that write, what each fails with, and how many of the first are failed one by one.
FAULTS = (("fsync", "EIO", 40), ("fdatasync", "EIO", 40), ("pwrite64", "ENOSPC", 60),
          ("pwrite64", "EIO", 60), ("write", "ENOSPC", 3), ("ftruncate", "EIO", 10),
          ("openat", "EMFILE", 40), ("openat", "EACCES", 40), ("rename", "EIO", 5),
          ("link", "EIO", 5), ("linkat", "EIO", 5), ("renameat2", "EIO", 5),
          ("unlink", "EIO", 5), ("mmap", "ENOMEM", 60), ("fcntl", "EIO", 30))


def can_trace():
    if shutil.which("strace") is None:
        return False
    done = subprocess.run(["strace", "-f", "-o", "/dev/null", "-e", "trace=openat", "true"],
                          capture_output=True)
    return done.returncode == 0


def traced(file, lines, call, error, when):
    """@return the process that recorded lines, and whether the fault struck"""
    log = file + ".strace"
    # only calls on the record's own files: not those that load the program; any write
    own = [] if call == "write" else [word for end in ("", "-wal", "-shm", ".key")
                                      for word in ("-P", file + end)] + ["-P", os.path.dirname(file)]
    done = subprocess.run(
        ["strace", "-f", "-o", log, *own, "-e", f"trace={call}",
         "-e", f"inject={call}:error={error}:when={when}", PLENUM, "record", file],
        input=lines, capture_output=True, text=True, timeout=120, env=TRACED)
    with open(log, encoding="utf-8", errors="replace") as trace:
        struck = "(INJECTED)" in trace.read()
    return done, struck


def requests(first, n):
    return "".join(json.dumps({"actor": 1, "op": "council.add",
                               "fields": {"code": f"c{i}", "name": "x" * 150, "kind": "workers"}}) + "\n"
                   for i in range(first, first + n))


class Faults(unittest.TestCase):
    def setUp(self):
        self.made = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.made)
        self.file = os.path.join(self.made, "valley.plenum")
        self.acknowledged, self.next = {}, 0

    def begin(self):
        begin = json.dumps({"op": "record.begin", "fields": {"title": "t", "name": "Ada"}}) + "\n"
        return subprocess.run([PLENUM, "record", self.file], input=begin, capture_output=True,
                              text=True)

    def events(self):
        told = json.loads(subprocess.run([PLENUM, "verify", self.file, "--json"],
                                         capture_output=True, text=True).stdout)
        self.assertTrue(told["intact"], told)
        for head in list(self.acknowledged.values())[-1:]:
            done = subprocess.run([PLENUM, "verify", self.file, "--quiet", "--head", head])
            self.assertEqual(done.returncode, 0, "what was acknowledged is gone")
        return told["events"]

    def note(self, out):
        for line in out.splitlines():
            told = json.loads(line)
            if "height" in told:
                self.acknowledged[told["height"]] = told["hash"]
        return max(self.acknowledged, default=0)

    def strike(self, call, error, when):
        """One fault. @return whether there was such a call to fail"""
        before, n = self.events(), 4
        done, struck = traced(self.file, requests(self.next, n), call, error, when)
        self.next += n
        last, where = self.note(done.stdout), (call, error, when, done.stderr)
        after = self.events()
        told = done.stdout.count("\n")
        if done.returncode == 0:
            self.assertEqual((told, after), (n, before + n), where)
            return struck
        self.assertEqual(done.returncode, 2, where)
        self.assertRegex(done.stderr, r"\Aplenum record: [^\n]{20,}\n\Z", where)
        # the request that failed may be there or not; none after it is
        self.assertIn(after, (before + told, before + told + 1), where)
        self.assertGreaterEqual(after, last, where)
        if call in ("fsync", "fdatasync"):
            self.assertLess(told, n, where)
        more = subprocess.run([PLENUM, "record", self.file], input=requests(self.next, 1),
                              capture_output=True, text=True)
        self.next += 1
        self.assertEqual(more.returncode, 0, where)
        self.assertEqual(self.note(more.stdout), after + 1)
        return struck

    def test_each_call_that_fails_once_loses_nothing_and_is_told(self):
        self.note(self.begin().stdout)
        struck = {}
        for call, error, most in FAULTS:
            missed = 0
            for when in range(1, (most if LONG else min(most, 6 if FEW else 12)) + 1):
                hit = self.strike(call, error, when)
                struck[call] = struck.get(call, 0) + hit
                missed += not hit
                if missed > 1:
                    break
        print("    struck:", struck, file=sys.stderr)
        for call in ("pwrite64", "openat", "write"):
            self.assertGreater(struck[call], 0)
        self.assertGreater(struck["fsync"] + struck["fdatasync"], 4)

    def test_a_record_whose_beginning_fails_can_be_begun_again(self):
        begin = json.dumps({"op": "record.begin", "fields": {"title": "t"}}) + "\n"
        struck = 0
        for call, error, most in FAULTS:
            for when in range(1, (most if LONG else min(most, 6 if FEW else 14)) + 1):
                for name in os.listdir(self.made):
                    os.remove(os.path.join(self.made, name))
                done, hit = traced(self.file, begin, call, error, when)
                struck += hit
                if not hit:
                    break
                where = (call, error, when, done.stdout, done.stderr)
                self.assertIn(done.returncode, (0, 2), where)
                again = self.begin()
                told = json.loads(again.stdout) if again.stdout else {}
                there = done.returncode == 0 or "begun already" in told.get("message", "")
                self.assertEqual(again.returncode, 1 if there else 0, (where, again))
                self.acknowledged = {}
                self.note(done.stdout)
                self.assertEqual(self.events(), 1, where)
        self.assertGreater(struck, 20)

    # what the loader of programs does not call, or only before
    COPY_FAULTS = (("fsync", "EIO", 40), ("fdatasync", "EIO", 40), ("pwrite64", "ENOSPC", 60),
                   ("write", "ENOSPC", 6), ("ftruncate", "EIO", 10), ("link", "EIO", 4),
                   ("link", "EPERM", 4), ("unlink", "EIO", 10), ("openat", "EACCES", 60),
                   ("openat", "EMFILE", 60))

    def struck_once(self, *words):
        """Run a command with each fault in turn. Gives (command, call, error, number) and what
        ended, until the fault does not strike any more."""
        log = os.path.join(self.made, "strace.log")
        for call, error, most in self.COPY_FAULTS:
            for when in range(1, (most if LONG else min(most, 6 if FEW else 10)) + 1):
                done = subprocess.run(["strace", "-f", "-o", log, "-e", f"trace={call}", "-e",
                                       f"inject={call}:error={error}:when={when}", PLENUM, *words],
                                      capture_output=True, text=True, timeout=120, env=TRACED)
                with open(log, encoding="utf-8", errors="replace") as trace:
                    struck = "(INJECTED)" in trace.read()
                yield (words[0], call, error, when, done.stdout, done.stderr), done, struck
                if not struck:
                    break

    def test_a_backup_that_fails_leaves_none_and_one_that_does_not_is_whole(self):
        self.note(self.begin().stdout)
        record = subprocess.run([PLENUM, "record", self.file], input=requests(0, 5), text=True,
                                capture_output=True)
        self.assertEqual(record.returncode, 0)
        copy, failed = os.path.join(self.made, "copy"), 0
        for where, done, struck in self.struck_once("backup", self.file, copy):
            names = os.listdir(self.made)
            if where[1:3] == ("link", "EPERM"):  # file systems without second names
                self.assertEqual(done.returncode, 0, where)
            if done.returncode == 0 or "standard output" in done.stderr:
                told = json.loads(subprocess.run([PLENUM, "verify", copy, "--json"],
                                                 capture_output=True, text=True).stdout)
                self.assertEqual((told["intact"], told["events"]), (True, 6), where)
                self.assertIn("copy.key", names, where)
            else:
                failed += struck
                self.assertNotIn("copy", names, where)
                if where[1] != "unlink":
                    self.assertNotIn("copy.key", names, where)
                if where[1] not in ("unlink", "openat"):  # that may fail before main, too
                    self.assertRegex(done.stderr, r"\Aplenum backup: [^\n]{20,}\n\Z", where)
            for name in names:
                if name.startswith("copy"):
                    os.remove(os.path.join(self.made, name))
        self.assertEqual(self.events(), 6)
        self.assertGreater(failed, 20)

    def test_a_migration_that_fails_leaves_the_record_as_it_was(self):
        self.begin()
        database = sqlite3.connect(self.file)
        database.executescript("PRAGMA user_version = 1; DROP TABLE note")
        database.close()
        for name in ("", ".key"):
            shutil.copy(self.file + name, self.file + name + ".kept")
        failed = 0
        for where, done, struck in self.struck_once("doctor", self.file, "--migrate"):
            self.assertIn(done.returncode, (1, 2, 127) if struck else (1,), where)
            failed += done.returncode != 1
            told = json.loads(subprocess.run([PLENUM, "verify", self.file, "--json"],
                                             capture_output=True, text=True).stdout)
            self.assertTrue(told["intact"], where)
            if done.returncode == 1:
                self.assertTrue(told["tables_compared"], where)
            again = subprocess.run([PLENUM, "doctor", self.file, "--migrate"], capture_output=True,
                                   text=True)
            self.assertEqual(again.returncode, 1, (where, again.stderr))
            for name in os.listdir(self.made):
                if ".kept" not in name:
                    os.remove(os.path.join(self.made, name))
            for name in ("", ".key"):
                shutil.copy(self.file + name + ".kept", self.file + name)
        self.assertGreater(failed, 15)


if __name__ == "__main__":
    if not can_trace():
        print("skipped: strace is not here, or may not trace (Debian: strace)")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=1)
