# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a refusal is: exit 2, the sentences on standard error, nothing printed, nothing written."""
import os
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOUND = os.path.join(HERE, "sound")

# Lines that stand around the sentences.
AROUND = re.compile(r"plenum[a-z ]*: [\d ]+ faults?(, of which the first \d+ are shown)?; nothing was"
                    r"|'plenum.*' shows how it is used\.$|warning: ")


def sentences(errors):
    """What standard error says, without the command's name."""
    return [re.sub(r"^plenum[a-z ]*: ", "", line) for line in errors.split("\n")
            if line != "" and not AROUND.match(line)]


def contents(folder):
    """Every path below a folder, with what tells whether it was written to."""
    found = {}
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(place, name)
            info = os.lstat(path)
            found[path] = (info.st_mode, info.st_ino)
            if not stat.S_ISDIR(info.st_mode):
                found[path] += (info.st_size, info.st_mtime_ns)
    return found


class Refusals(unittest.TestCase):
    """In a working folder with the sound economy as ECONOMY."""
    plenum = ""

    def setUp(self):
        self.home = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        shutil.copytree(SOUND, self.path("ECONOMY"))

    def path(self, *names):
        return os.path.join(self.home, *names)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())

    def sound(self, name):
        with open(os.path.join(SOUND, name), encoding="utf-8") as file:
            return file.read()

    def run_plenum(self, words, **options):
        return subprocess.run([self.plenum, *words], cwd=self.home, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100,
                              check=False, **options)

    def plan(self):
        """The sound economy's plan as PLAN."""
        done = self.run_plenum(["plan", "ECONOMY", "--out", "PLAN"])
        self.assertEqual(done.returncode, 0, done.stderr)

    def refused(self, words, **options):
        """@return the sentences"""
        before = contents(self.home)
        done = self.run_plenum(words, **options)
        errors = done.stderr.decode("utf-8")
        told = (" ".join(words), errors)
        self.assertEqual(done.returncode, 2, told)
        self.assertEqual(done.stdout, b"", told)
        self.assertEqual(contents(self.home), before, told)
        for letter in errors:
            self.assertTrue(letter == "\n" or letter.isprintable(), told)
        return sentences(errors)
