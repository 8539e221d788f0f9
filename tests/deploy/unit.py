# SPDX-License-Identifier: AGPL-3.0-or-later
"""The unit of systemd: sound, closed, and open enough for all that the server asks of the system.
unit.py PLENUM UNIT"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "server"))
import serving  # noqa: E402
from serving import PLENUM, Serving, main  # noqa: E402

UNIT = sys.argv[2]
MOST = 1.5  # of 10: how exposed the unit may be, as systemd counts it

if shutil.which("systemd-analyze") is None:
    print("skipped: no systemd-analyze here")
    sys.exit(77)


def analyze(*words):
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, timeout=120)


class Unit(unittest.TestCase):
    def setUp(self):
        made = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, made)
        self.unit = os.path.join(made, "plenum.service")
        with open(UNIT, encoding="utf-8") as file:
            self.text = file.read()
        with open(self.unit, "w", encoding="utf-8") as file:  # as if it were installed
            file.write(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=" + os.path.abspath(PLENUM), self.text))

    def test_it_is_sound(self):
        done = analyze("verify", "--man=no", "--recursive-errors=no", self.unit)
        self.assertEqual((done.returncode, done.stderr.strip()), (0, ""))

    def test_it_is_closed(self):
        done = analyze("security", "--offline=true", f"--threshold={int(MOST * 10)}", "--no-pager", self.unit)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:] + done.stderr)

    def test_its_command_is_one(self):
        line = re.search(r"(?m)^ExecStart=\S+ (.*)$", self.text)[1]
        self.assertEqual(line.split()[:2], ["serve", "--quiet"])
        told = subprocess.run([PLENUM, "serve", "--help"], capture_output=True, text=True, timeout=60).stdout
        for option in re.findall(r"--[a-z-]+", line):
            self.assertIn(option, told)


def calls_of(name, known):
    """Names of the system calls in a set, and in the sets in it."""
    if name not in known:
        known[name] = set()
        for line in analyze("syscall-filter", "--no-pager", name).stdout.splitlines()[1:]:
            word = line.split()[0] if line.split() else "#"
            known[name] |= calls_of(word, known) if word[0] == "@" else set() if word[0] == "#" else {word}
    return known[name]


@unittest.skipIf(shutil.which("strace") is None, "no strace here")
class Calls(Serving):
    options = ("--rate", "0", "--behind-proxy")

    def serve(self, *options):
        self.trace = os.path.join(self.made, "trace")
        script = os.path.join(self.made, "plenum")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec strace -D -f -qq -o {self.trace} {os.path.abspath(PLENUM)} \"$@\"\n")
        os.chmod(script, 0o755)
        was, serving.PLENUM = serving.PLENUM, script
        try:
            super().serve(*options)
        finally:
            serving.PLENUM = was

    def test_the_server_asks_the_system_for_nothing_that_it_may_not(self):
        with open(UNIT, encoding="utf-8") as file:
            rules = re.findall(r"(?m)^SystemCallFilter=(~?)(.*)$", file.read())
        self.assertTrue(rules)
        allowed, known = set(), {}
        for out, names in rules:
            for name in names.split():
                allowed = allowed - calls_of(name, known) if out else allowed | calls_of(name, known)
        self.assertGreater(len(allowed), 200)
        ada = self.member(1)
        self.assertEqual(ada.ask("PUT", "/api/password", {"password": "correct horse"}).status, 200)
        self.assertEqual(ada.post("/api/seasons/1/rounds/close").status, 200)
        self.assertEqual(ada.get("/api/me/export").status, 200)
        self.assertEqual(ada.get("/api/seasons").status, 200)
        with self.socket() as news:
            news.sendall(f"GET /api/events HTTP/1.1\r\nHost: x\r\nAuthorization: {ada.headers['Authorization']}\r\n\r\n".encode())
            self.assertTrue(news.recv(1000))
        self.stop()
        with open(self.trace, encoding="utf-8", errors="replace") as file:
            used = set(re.findall(r"(?m)^\d+ +(\w+)\(", file.read()))
        self.assertIn("fdatasync", used)
        # systemd starts the program; as root alone SQLite gives its files to who owns the database
        others = {"execve", "fchown"} if os.geteuid() == 0 else {"execve"}
        self.assertEqual(used - allowed - others, set())


if __name__ == "__main__":
    main()
