# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum init FILE.plenum: a record of one's own, from nothing to the first page."""
import os
import re

from serving import Serving, main

VALLEY = os.path.join(os.path.dirname(__file__), "..", "..", "examples", "valley")


class Begin(Serving):
    def setUp(self):
        super().setUp()
        self.stop()
        self.file = os.path.join(self.made, "own.plenum")

    def init(self, *words):
        return self.run_plenum("init", self.file, "--title", "the \"valley\"", "--name", "Ada", *words)

    def begin(self, *words):
        """@return the code of the link that was printed"""
        done = self.init(*words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return re.search(r"/j/([0-9A-Z]{32})\n", done.stdout).group(1)

    def test_the_link_logs_the_first_person_in_once(self):
        code = self.begin()
        self.serve()
        answer = self.client().post("/api/login", {"code": code})
        self.assertEqual(answer.json()["person"], 1)
        self.assertEqual(self.client().post("/api/login", {"code": code}).status, 401)
        ada = self.client(answer.json()["token"])
        self.assertEqual(ada.get("/api/record").json()["title"], "the \"valley\"")
        self.assertEqual({t["role"] for t in ada.get("/api/me").json()["tasks"]}, {"facilitator", "administrator"})
        self.assertEqual(ada.post("/api/people", {"name": "Bo"}).json()["answer"]["person"], 2)
        self.verify()

    def test_an_economy_comes_along(self):
        code = self.begin("--economy", VALLEY, "--url", "https://plan.example.org/", "--days", "3")
        self.serve()
        ada = self.client(self.client().post("/api/login", {"code": code}).json()["token"])
        with open(os.path.join(VALLEY, "councils.csv"), encoding="utf-8") as table:
            councils = len(table.read().splitlines()) - 1
        self.assertEqual(len(ada.get("/api/rows/council").json()["rows"]), councils)
        self.verify()

    def test_a_link_alone_is_printed_quietly(self):
        done = self.init("--quiet", "--url", "https://plan.example.org/")
        self.assertRegex(done.stdout, r"\Ahttps://plan\.example\.org/j/[0-9A-Z]{32}\n\Z")

    def test_what_is_there_is_never_replaced(self):
        self.begin()
        with open(self.file, "rb") as file:
            before = file.read()
        done = self.init()
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("is there already", done.stderr)
        with open(self.file, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_what_cannot_be_begun_leaves_nothing(self):
        broken = os.path.join(self.made, "broken")
        os.mkdir(broken)
        with open(os.path.join(broken, "goods.csv"), "w", encoding="utf-8") as table:
            table.write("good\nbread\nbread\n")
        before = sorted(os.listdir(self.made))
        for words in (("--economy", broken), ("--url", "elsewhere"), ("--title", "x" * 201), ("--name", "x" * 201)):
            done = self.init(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertEqual(sorted(os.listdir(self.made)), before)


if __name__ == "__main__":
    main()
