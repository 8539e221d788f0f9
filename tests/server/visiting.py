# SPDX-License-Identifier: AGPL-3.0-or-later
"""People with browsers at a plenum serve, for the tests of its pages; their texts are hostile."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from reader import Reader

PLENUM = sys.argv[1]
HOSTILE = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
    "</title><script>x</script>", "</textarea><script>x</script>", "javascript:alert(1)",
    "<!-- --><svg/onload=alert(1)>", "&lt;script&gt;&#106;", "%s%n%d{actor}", "</option></select>",
    "\u202e\u2066right to left", "<a href=javascript:alert(1)>x</a>", "{{7*7}}${7*7}", "]]>&amp;",
]


def text(i):
    return HOSTILE[i % len(HOSTILE)] + f" {i}"


def request(actor, op, **fields):
    return {"actor": actor, "op": op, "fields": fields}


class Visiting(unittest.TestCase):
    """One record, served below /plenum, for the tests of a class."""
    federation = None  # gives requests
    invited = 0  # of how many people there are readers

    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.made)
        cls.file = os.path.join(cls.made, "season.plenum")
        lines = "".join(json.dumps(r) + "\n" for r in cls.federation())
        done = subprocess.run([PLENUM, "record", cls.file], input=lines, capture_output=True,
                              text=True, timeout=300)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        cls.server = subprocess.Popen(
            [PLENUM, "serve", cls.file, "--port", "0", "--rate", "0", "--base", "/plenum"],
            stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.stop)  # also where the rest of this fails
        cls.url = cls.server.stdout.readline().strip()
        cls.base = "/plenum"
        cls.port = int(re.search(r":(\d+)/", cls.url).group(1))
        cls.people = [None] + [cls.reader(person) for person in range(1, cls.invited + 1)]

    @classmethod
    def stop(cls):
        cls.server.send_signal(signal.SIGTERM)
        cls.server.wait(60)
        cls.server.stdout.close()

    @classmethod
    def reader(cls, person):
        told = subprocess.run([PLENUM, "invite", cls.file, str(person), "--url",
                               cls.url.rstrip("/")], capture_output=True, text=True, timeout=60)
        reader = Reader(cls.port, cls.base)
        reader.log_in(told.stdout.split()[-1])
        return reader

    def sound(self, page, status=200):
        self.assertEqual(page.faults, [])
        self.assertEqual(page.status, status, page.text[:400])
        return page

    def says(self, page, words):
        self.assertTrue(words in page.text, f"no {words!r} in {page.text[:2000]}")

    def crawl_as_all(self):
        for reader in self.people[1:]:
            pages = reader.crawl(self.base + "/")
            self.assertGreater(len(pages), 8)
            for path, page in pages.items():
                if not path.endswith(("/login", "/app/")):  # the app is met in a browser
                    with self.subTest(path):
                        self.sound(page)
                        self.assertNotIn("contact of", page.text)

    def press(self, person, path, action, button=None, status=200, **filled):
        """Fill in a form of a page, and look at what comes of it."""
        reader = self.people[person]
        page = self.sound(reader.get(self.base + path))
        return self.sound(reader.press(page, self.base + action, button, **filled), status)

    def press_form(self, person, path, field, value=None, /, status=200, **filled):
        """The same for the first form that has a field, and of that value."""
        reader = self.people[person]
        form = self.sound(reader.get(self.base + path)).form_with(field, value)
        return self.sound(reader.send(form.action, {**form.fields, **filled}), status)
