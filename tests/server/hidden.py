# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was marked in a vote that is open stands in nothing that the server gives out: every answer,
page, piece of news, export and event is searched for what was marked, as everybody.
hidden.py PLENUM [sanitize]"""
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import threading
import unittest
import zipfile

from reader import Reader
from serving import Serving, main

TABLES = re.findall(r"^PL_TABLE\((\w+),", (pathlib.Path(__file__).resolve().parents[2] / "src" / "app" / "tables.def")
                    .read_text(encoding="utf-8"), re.M)
PEOPLE = range(1, 13)
# two votes that differ in nothing but what is marked, one by points, and one that is not secret
MARKS = {1: "1=yes", 2: "1=no", 3: "1=4 2=3", 4: "1=yes"}


class Recorder(threading.Thread):
    """Everything that one listener hears, byte by byte."""

    def __init__(self, port, token):
        super().__init__(daemon=True)
        self.heard = b""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.sendall(f"GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
                            .encode())
        self.start()

    def run(self):
        while more := self.socket.recv(65536):
            self.heard += more
        self.socket.close()


class Hidden(Serving):
    options = ("--rate", "0")

    def open_votes(self, member):
        for vote, marks in MARKS.items():
            points = " " in marks
            answer = member.post("/api/votes", {
                "title": "the question", "ballots": "score" if points else "motion",
                "rule": "score" if points else "majority", "seats": 1, "secret": 0 if vote == 4 else 1,
                "options": [{"code": "hill"}] + points * [{"code": "dale"}]})
            self.assertEqual((answer.status, answer.json().get("answer", {}).get("vote")), (200, vote), answer.body)

    def cast(self, people):
        """@return receipts"""
        answers = [self.clients[p].post(f"/api/votes/{vote}/ballots", {"marks": marks}).json()
                   for p in people for vote, marks in MARKS.items()]
        self.assertEqual([a for a in answers if "answer" not in a], [])
        return [a["answer"]["receipt"] for a in answers]

    def addresses(self):
        """Every address that can be read, of all votes and tables."""
        paths = self.client().get("/api/openapi.json").json()["paths"]
        reads = {path for path, methods in paths.items() if "get" in methods and path != "/api/events"}
        reads |= {"/api/rows/{table}/{number1}", "/api/rows/{table}"}
        for path in sorted(reads):
            for table in TABLES if "{table}" in path else [""]:
                for number in ("1", "2", "3", "4") if "{" in path.replace("{table}", "") else [""]:
                    yield re.sub(r"{\w+}", number, path.replace("{table}", table)).rstrip("/") or "/"

    def answers(self):
        """Everything that can be read over HTTP, by everybody and by nobody."""
        addresses = sorted(set(self.addresses()))
        self.assertGreater(len(addresses), 2 * len(TABLES))
        for who, client in [(0, self.client()), *self.clients.items()]:
            if who > 6:
                break  # those have no tasks, like some before them
            for path in addresses:
                answer = client.get(path)
                yield f"{path} as {who}", answer.body + str(answer.headers).encode()
        for who in (1, 9):
            for path, page in self.reader(who).crawl("/").items():
                yield f"page {path} as {who}", page.raw.encode()

    def reader(self, person):
        reader = Reader(self.port)
        reader.cookie = "plenum=" + self.tokens[person]
        return reader

    def outputs(self):
        """What programs beside the server print and write."""
        for words in (("--texts",), (), ("--person", "2")):
            target = os.path.join(self.made, "export" + "".join(words) + ".zip")
            self.assertEqual(self.run_plenum("export", self.file, target, "--quiet", *words).returncode, 0)
            with zipfile.ZipFile(target) as whole:
                for name in whole.namelist():
                    yield f"{name} of export {words}", whole.read(name)
            os.remove(target)
        yield "verify", self.run_plenum("verify", self.file, "--json").stdout.encode()
        with sqlite3.connect(self.file) as db:
            for row in db.execute("SELECT * FROM event UNION ALL SELECT kind, key, value, person, until,"
                                  " 0, 0, 0, 0, 0, 0, 0 FROM note"):
                yield f"event or note {row[0]}", json.dumps(row).encode()

    def search(self, receipts):
        """@return where anything was found"""
        found = set()
        # how marks are written stands in the description, with an example
        marks = [json.dumps(m).encode() for m in set(MARKS.values())] + [b"1=4 2=3"]
        for name, text in [*self.answers(), *self.outputs()]:
            if any(r.encode() in text for r in receipts) or any(m in text for m in marks):
                found.add(name)
        return found

    def views(self, vote):
        """A vote as it is shown, without its number and times."""
        told = json.loads(re.sub(rf'"(vote|id)":{vote}\b', r'"\1":0', self.clients[1].get(f"/api/votes/{vote}")
                                 .body.decode()))
        for when in ("opened", "until", "time"):
            told["vote"].pop(when, None)
        page = self.reader(10).get(f"/votes/{vote}").raw.replace(f"/votes/{vote}", "/votes/0")
        return told, re.sub(r'<time [^>]*>[^<]*</time>|value="[0-9a-zA-Z.-]{16,}"', "", page)

    def test_what_was_marked_shows_nowhere_before_the_close_and_everywhere_after(self):
        self.tokens = {p: self.client().post("/api/login", {"code": c}).json()["token"]
                       for p, c in self.invite("all").items()}
        self.clients = {p: self.client(token) for p, token in self.tokens.items()}
        listeners = [Recorder(self.port, self.tokens[p]) for p in (1, 2, 9)]
        self.open_votes(self.clients[1])
        receipts = self.cast(PEOPLE[:-1])
        self.assertEqual(self.search(receipts), set())
        # whatever is derived from marks would differ where they do
        self.assertEqual(self.views(1), self.views(2))
        receipts += self.cast(PEOPLE[-1:])
        self.assertEqual(self.search(receipts), set())
        self.assertEqual(self.views(1), self.views(2))
        height = self.height()
        for vote in MARKS:
            self.assertEqual(self.clients[1].post(f"/api/votes/{vote}/close").status, 200)
        found = self.search(receipts)  # else the search finds nothing at all
        for name in ("/api/votes/1 as 1", "/api/votes/3 as 2", "/api/rows/ballot/1 as 4", "page /votes/2 as 9", "ballot.csv of export ()"):
            self.assertIn(name, found)
        self.assertNotEqual(self.views(1), self.views(2))
        self.assertGreater(self.height(), height)
        self.server.send_signal(signal.SIGTERM)
        printed = "".join(self.server.communicate(timeout=60))
        self.assertEqual((self.server.returncode, printed), (0, ""))
        self.server = None
        for listener in listeners:
            listener.join()
            self.assertIn(b"vote.cast", listener.heard)
            for secret in (*receipts, *MARKS.values(), "hill", "dale", "question"):
                self.assertNotIn(secret.encode(), listener.heard)
        self.verify()


if __name__ == "__main__":
    main()
