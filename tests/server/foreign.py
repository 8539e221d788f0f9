# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every operation, asked over HTTP by everybody who may not: what docs/permissions.md refuses is
refused on the way that requests take, and leaves nothing. Keys that were used come again with other
requests. foreign.py PLENUM [sanitize]"""
import json
import pathlib
import re
import threading
import unittest

from serving import LATER, Client, Serving, main, request

MATRIX = pathlib.Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
PHASE = "proposing"
# A value for fields of which not every text is one.
GOOD = {"step": "1", "price": "1", "rule": "fitted", "tolerance": "0.01", "until": LATER, "key": "0" * 64,
        "marks": "1=yes", "zone": "UTC", "value": "1", "amount": "1"}
# Who asks as which column of the matrix: one who is nothing more, and the councils they are in.
ASKERS = {"person": (13, ()), "member": (7, (2,)), "delegate": (3, (1, 2)), "facilitator": (5, (3,)), "auditor": (14, ()),
          "administrator": (6, (1,))}


def matrix():
    """Cells by operation and whom it is about: {("proposal.file", "other"): {"member": "–", ...}}"""
    rows = [[cell.strip() for cell in line.strip("|\n").split("|")]
            for line in MATRIX.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return {(row[0], row[1]): dict(zip(rows[0][2:], row[2:])) for row in rows[2:]}


def value(name, schema, given):
    """Something that a field may hold."""
    if name in given:
        return given[name]
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "array":
        return [fields(schema["items"], given)] * max(1, schema.get("minItems", 0))
    if schema["type"] == "object":
        return fields(schema, given)
    if name in GOOD:
        return GOOD[name]
    return "x" * max(1, schema.get("minLength", 0)) if schema["type"] == "string" else max(1, schema.get("minimum", 0))


def fields(schema, given):
    """Fields of an object: those that must be there, and those that were given."""
    needed = schema.get("required", [])
    return {name: value(name, about, given) for name, about in schema.get("properties", {}).items()
            if name in needed or name in given}


class Foreign(Serving):
    options = ("--rate", "0")

    def setUp(self):
        super().setUp()
        self.write([request(1, "person.add", name="nobody yet"), request(1, "person.add", name="auditor"),
                    request(1, "mandate.give", person=14, role="auditor", until=LATER)])
        self.all = self.client().get("/api/openapi.json").json()["paths"]

    def height(self):
        return self.client().get("/api/record").json()["height"]  # also of what others have just recorded

    def operations(self):
        for path, methods in self.all.items():
            for method, op in methods.items():
                if not op["operationId"].startswith(("server.", "look.")):
                    yield op["operationId"], method.upper(), path, op

    def ask(self, client, op, given):
        _, method, path, about = op
        content = about.get("requestBody", {}).get("content", {}).get("application/json", {})
        body = fields(content.get("schema", {}), given)
        place = re.sub(r"{(\w+)}", lambda m: str(given.get(m[1], 1)), path)
        return client.ask(method, place, body if content else None)

    def about(self, op, which, asker, councils):
        """Fields that make a request be about a council or a person of one's own, or others."""
        own, other = councils[0] if councils else 0, next(c for c in (1, 2, 3) if c not in councils)
        given = {"council": own if which == "own" else other, "giver": own if which == "own" else other,
                 "person": asker if which == "self" else 9}
        return given

    def test_what_the_matrix_refuses_is_refused_over_http_and_leaves_nothing(self):
        cells, asked, denied = matrix(), 0, 0
        clients = {role: self.member(person) for role, (person, _) in ASKERS.items()}
        clients["stranger"] = self.client()
        height, seen = self.height(), set()
        for op in self.operations():
            for (name, which), row in cells.items():
                if name != op[0]:
                    continue
                seen.add(name)
                for role, client in clients.items():
                    cell = row[role]
                    if cell == "yes" or PHASE in cell.split():
                        continue
                    person, councils = ASKERS.get(role, (0, ()))
                    if which == "own" and not councils:
                        continue
                    answer = self.ask(client, op, self.about(op, which, person, councils))
                    asked += 1
                    with self.subTest(f"{name} {which} as {role}"):
                        if role == "stranger":
                            self.assertEqual(answer.code(), "unauthorized", answer.body)
                        else:  # or that what it is about is not there, or its time is not
                            self.assertIn(answer.status, (403, 400, 404, 409), answer.body)
                            denied += answer.status == 403
        self.assertEqual({name for name, _ in cells}, seen)
        self.assertGreater(asked, 150)
        self.assertGreater(denied, 0.7 * asked * 6 / 7)
        self.assertEqual(self.height(), height)

    def test_a_member_of_another_council_does_nothing_for_this_one(self):
        height, tried = self.height(), 0
        for role, council in (("member", 1), ("member", 3), ("delegate", 3)):
            person, _ = ASKERS[role]
            client = self.member(person)
            for op in self.operations():
                schema = op[3].get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
                names = set(schema.get("properties", {})) | set(re.findall(r"{(\w+)}", op[2]))
                # objections are for everybody, votes are carried out by anybody; all may leave
                if not names & {"council", "giver"} or op[0] in (
                        "objection.file", "member.leave", "council.suspend", "council.restore"):
                    continue
                answer = self.ask(client, op, {"council": council, "giver": council, "person": 9})
                tried += 1
                self.assertEqual((answer.status, answer.code()), (403, "denied"), (op[0], role, answer.body))
        self.assertGreaterEqual(tried, 3 * 7)
        self.assertEqual(self.height(), height)

    def test_a_key_that_was_used_does_nothing_else(self):
        member, other = self.member(1), self.member(5)
        first = member.post("/api/people", {"name": "Z"}, Idempotency_Key="k").json()
        height = self.height()
        for method, path, body in (("POST", "/api/people", {"name": "Y"}), ("POST", "/api/people", {}),
                                   ("POST", "/api/communities", {"code": "hill"}), ("DELETE", "/api/people/1", None),
                                   ("PUT", "/api/people/1", {"name": "Z"}), ("POST", "/api/seasons/1/rounds/close", {})):
            answer = member.ask(method, path, body, Idempotency_Key="k")
            self.assertEqual((answer.status, answer.code()), (409, "conflict"), (path, answer.body))
        self.assertEqual(member.post("/api/people", {"name": "Z"}, Idempotency_Key="k").json(), first)
        self.assertEqual(self.height(), height)
        # the key is one person's: the same request of another one is another request
        answer = other.post("/api/people", {"name": "Z"}, Idempotency_Key="k")
        self.assertEqual((answer.status, answer.json()["height"]), (200, height + 1))
        stranger = self.client().post("/api/people", {"name": "Z"}, Idempotency_Key="k")
        self.assertEqual(stranger.code(), "unauthorized")

    def test_keys_that_are_replayed_at_once_with_other_content_have_one_effect_each(self):
        token, got, height = self.token(1), [], self.height()

        def replay(turn):
            client = Client(self.port, token)
            for k in range(10):
                answer = client.post("/api/people", {"name": f"{turn % 2}"}, Idempotency_Key=f"k{k}")
                got.append((k, answer.status, answer.body))
            client.close()
        replayers = [threading.Thread(target=replay, args=(turn,)) for turn in range(8)]
        for r in replayers:
            r.start()
        for r in replayers:
            r.join()
        self.assertEqual(self.height(), height + 10)
        for k in range(10):
            told = {(status, json.loads(body).get("height")) for at, status, body in got if at == k}
            self.assertEqual(sorted(status for status, _ in told), [200, 409])
        self.verify()


if __name__ == "__main__":
    main()
