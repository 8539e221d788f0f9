# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts that try to be more than texts, in every text field of every operation, over HTTP. What is
taken comes back letter by letter in views and exports, and on no page is it anything but text.
payloads.py PLENUM [sanitize]"""
import csv
import io
import json
import os
import re
import unittest
import urllib.parse
import zipfile

from hidden import TABLES
from reader import Reader
from serving import LATER, LONG, Serving, main, request

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "payloads.json"), encoding="utf-8") as corpus:
    PAYLOADS = json.load(corpus)
REFUSED = ["\x00", "a\x00b", "\ud800"]  # no text at all
LINE_MOST = 200  # bytes of a text that is one line
# who does it, where, and with what besides
EXAMPLES = {
    "person.add": (1, {}),
    "person.rename": (9, {"person": 9}),
    "community.add": (1, {"code": "a", "parent": 1}),
    "council.add": (1, {"code": "a", "kind": "workers"}),
    "good.set": (1, {"code": "b", "kind": "product", "step": "1", "price": "1"}),
    "season.open": (1, {"name": "a", "rule": "fitted", "tolerance": "0.01"}),
    "proposal.file": (2, {"season": 1, "council": 1, "version": 1, "lines": []}),
    "objection.file": (9, {"season": 1, "council": 1}),
    "objection.answer": (3, {"season": 1, "council": 1, "state": "explained"}),
    "objection.appeal": (9, {"season": 1}),
    "objection.rule": (10, {"season": 1, "state": "refused"}),
    "comment.write": (9, {"council": 1, "text": "a"}),
    "vote.open": (1, {"title": "t", "ballots": "motion", "rule": "majority", "seats": 1, "secret": 1,
                      "options": [{"code": "a"}]}),
}
# fields that take whatever is text
FREE = {"person.add": {"name", "contact"}, "person.rename": {"name", "contact"}, "community.add": {"code", "name"},
        "council.add": {"code", "name"}, "good.set": {"code", "name", "unit", "category", "banned"},
        "season.open": {"name", "period"}, "proposal.file": {"reason"}, "objection.file": {"reason"},
        "vote.open": {"title", "options.code", "options.name"}, "objection.answer": {"reason"},
        "comment.write": {"text"}, "objection.rule": {"reason"}, "objection.appeal": {"reason"}}
UNIQUE = {"community.add": "code", "council.add": "code", "good.set": "code", "season.open": "name"}
# one after another on one objection each
STEPS = ("objection.file", "objection.answer", "objection.rule", "objection.appeal")


def texts_of(schema, path=""):
    """Text fields of an object, those of rows as ROWS.FIELD, and the most bytes they have."""
    for name, about in schema.get("properties", {}).items():
        if about["type"] == "array":
            yield from texts_of(about["items"], path + name + ".")
        elif about["type"] == "string" and "enum" not in about:
            yield path + name, about.get("maxLength", 64)  # decimals have none


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings_in(inner)


class Payloads(Serving):
    options = ("--rate", "0")

    def setUp(self):
        super().setUp()
        self.write([request(1, "community.add", code="valley"),
                    request(1, "mandate.give", person=10, role="auditor", until=LATER)])
        self.paths = self.client().get("/api/openapi.json").json()["paths"]
        self.ops = {op["operationId"]: (method.upper(), path, op) for path, methods in self.paths.items()
                    for method, op in methods.items() if not op["operationId"].startswith(("server.", "look."))}
        self.members = {person: self.member(person) for person in (1, 2, 3, 9, 10)}
        self.taken, self.versions, self.asked = {}, 0, 0

    def fields_of(self, name):
        _, path, op = self.ops[name]
        schema = op.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        return dict(texts_of(schema)) | {n: 200 for n in re.findall(r"{(\w+)}", path) if n == "code"}

    def send(self, name, given):
        """Ask for an operation. @return the answer, which is sound whatever it says"""
        method, path, op = self.ops[name]
        who = EXAMPLES.get(name, (1, {}))[0]
        quoted = {n: str(given.get(n, 1)).encode("utf-8", "surrogatepass") for n in re.findall(r"{(\w+)}", path)}
        place = re.sub(r"{(\w+)}", lambda m: "".join(f"%{b:02x}" for b in quoted[m[1]]), path)
        body = {n: v for n, v in given.items() if n not in quoted} if "requestBody" in op else None
        answer = self.members[who].ask(method, place, body)
        self.asked += 1
        self.assertLess(answer.status, 500, answer.body)
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn(answer.headers["Content-Type"], ("application/json", "application/problem+json"))
        self.assertIsNone(answer.headers["Set-Cookie"])
        answer.json()
        return answer

    def fill(self, name, field, payload):
        """The example of an operation, with a payload in one field."""
        given = json.loads(json.dumps(EXAMPLES.get(name, (1, {}))[1]))
        rows, _, inner = field.rpartition(".")
        if rows:
            given[rows] = [{**(given.get(rows) or [{}])[0], inner: payload}]
        else:
            given[field] = payload
        return given

    def note(self, name, field, payload):
        self.taken.setdefault((name, field), set()).add(payload)

    def attack(self, name, field, most, payload):
        text = payload + str(self.asked) if UNIQUE.get(name) == field else payload
        while len(text.encode()) > most:
            text = text[:-1]
        given = self.fill(name, field, text)
        if UNIQUE.get(name, field) != field:
            given[UNIQUE[name]] = f"a{self.asked}"
        if name == "proposal.file":
            given["version"] = self.versions + 1
        answer = self.send(name, given)
        if answer.status == 200:
            self.versions += name == "proposal.file"
            self.note(name, field, text)
            self.assertFalse(most <= LINE_MOST and re.search("[\x00-\x1f\x7f-\x9f]", text), (name, field, text))
        elif most <= LINE_MOST and re.search("[\x00-\x1f\x7f-\x9f]", text):
            self.assertEqual(answer.status, 400, answer.body)  # names are one line
        elif field in FREE.get(name, ()) and name not in STEPS[1:] and not (payload == " " or text == ""):
            self.fail(f"{name} {field} does not take {text!r}: {answer.body}")

    def attack_all(self, names):
        for name in names:
            for field, most in self.fields_of(name).items():
                for payload in [*PAYLOADS, "x" * most, "<b>" * (most // 3)]:
                    self.attack(name, field, most, payload)
                for payload in REFUSED:
                    self.assertEqual(self.send(name, self.fill(name, field, payload)).status, 400, (name, field))
                self.assertEqual(self.send(name, self.fill(name, field, "x" * (most + 1))).status, 400, (name, field))

    def object_and_rule(self):
        """Reasons of objections, from the filing to the appeal."""
        for number, payload in enumerate(PAYLOADS, 1):
            for name in STEPS:
                which = {} if name == "objection.file" else {"objection": number}
                answer = self.send(name, {**EXAMPLES[name][1], **which, "reason": payload})
                self.assertEqual(answer.status, 200, (name, payload, answer.body))
                self.note(name, "reason", payload)

    # what comes back

    def rows(self):
        """Every text of every table, and of every event."""
        found = set()
        for person in (1, 9):
            for table in TABLES:
                after = ""
                while True:
                    answer = self.members[person].get(f"/api/rows/{table}{after}")
                    if answer.status != 200:
                        break
                    told = answer.json()
                    found |= set(strings_in(told))
                    if "next" not in told:
                        break
                    after = "?after=" + urllib.parse.quote(told["next"])
        return found

    def pages(self):
        found = ""
        for person in (1, 9):
            reader = Reader(self.port)
            reader.cookie = "plenum=" + self.members[person].headers["Authorization"].split()[1]
            for path, page in reader.crawl("/", None if LONG else 12).items():
                if not path.endswith(("/login", "/app/")):  # the app is met in a browser
                    self.assertEqual((page.faults, page.status), ([], 200), path)
                    found += page.text
        return found

    def exported(self):
        """Every cell of an export; none of them is a formula."""
        target, found = os.path.join(self.made, "export.zip"), set()
        self.assertEqual(self.run_plenum("export", self.file, target, "--quiet", "--texts").returncode, 0)
        with zipfile.ZipFile(target) as whole:
            for name in whole.namelist():
                if not name.endswith(".csv"):
                    continue
                for row in csv.reader(io.StringIO(whole.read(name).decode(), newline="")):
                    for cell in row:
                        self.assertFalse(re.match(r"[=@\t\r]|[+-](?!\d+(\.\d+)?$)", cell), (name, cell))
                        found.add(cell)
        return found

    def test_what_is_typed_is_a_text_everywhere(self):
        others = [name for name in self.ops if name not in STEPS and name not in ("good.set", "round.close", "season.close")
                  and not name.startswith("person.erase")]
        first = [name for name in ("proposal.file", *others) if name != "season.open"]
        self.attack_all(dict.fromkeys(first))
        answer = self.members[1].post("/api/seasons/1/rounds/close")
        self.assertEqual(answer.status, 200, answer.body)
        self.object_and_rule()
        for name in STEPS:
            self.attack_all([name])
        self.assertEqual(self.members[1].post("/api/seasons/1/close").status, 200)
        self.attack_all(["good.set", "season.open"])
        for name, names in FREE.items():
            self.assertEqual({f for n, f in self.taken if n == name} & names, names, name)
        self.assertGreater(self.asked, 1000)
        self.come_back()
        self.verify()

    def come_back(self):
        rows, pages, cells = self.rows(), self.pages(), self.exported()
        # renamed: only the last name is there; contacts are shown to few; formulas have a mark in front
        for (name, field), texts in self.taken.items():
            if field not in FREE.get(name, ()) or name == "person.rename":
                continue
            for text in texts:
                with self.subTest(f"{name} {field} {text[:60]!r}"):
                    self.assertTrue(field == "contact" or name == "good.set" or text in rows)
                    self.assertTrue(name == "good.set" or text in cells or "'" + text in cells)
        for text in self.taken["vote.open", "title"]:
            self.assertTrue(" ".join(text.split()) in " ".join(pages.split()), text)


if __name__ == "__main__":
    main()
