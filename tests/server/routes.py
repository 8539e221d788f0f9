# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses of plenum serve: what each answers, and that the description says so.
routes.py PLENUM [sanitize]"""
import json
import re
import sqlite3
import threading
import unittest

from serving import Client, Serving, main

PROPOSAL = {"council": 3, "version": 1, "lines": [{"good": 1, "role": "wants", "quantity": 450000}]}


class Operations(Serving):
    options = ("--rate", "0")

    def test_a_proposal_is_filed_and_stands_in_the_record(self):
        member = self.member(4)
        height = self.height()
        answer = member.post("/api/seasons/1/proposals", PROPOSAL)
        self.assertEqual(answer.status, 200, answer.body)
        got = answer.json()
        self.assertEqual((sorted(got), got["height"]), (["answer", "hash", "height"], height + 1))
        with sqlite3.connect(self.file) as db:
            event = db.execute("SELECT type, actor, hash FROM event WHERE height = ?", (got["height"],)).fetchone()
        self.assertEqual(event, ("proposal.file", 4, got["hash"]))
        self.verify()

    def test_what_is_refused_says_why_and_leaves_no_trace(self):
        member, height = self.member(4), self.height()
        cases = (
            ("POST", "/api/seasons/1/proposals", {**PROPOSAL, "council": 1}, 403, "denied"),
            ("POST", "/api/seasons/9/proposals", PROPOSAL, 404, "not_found"),
            ("POST", "/api/seasons/1/proposals", {**PROPOSAL, "version": 2}, 409, "conflict"),
            ("POST", "/api/seasons/1/proposals", {**PROPOSAL, "season": 1}, 400, "bad_request"),
            ("POST", "/api/seasons/1/proposals", {}, 400, "bad_request"),
            ("POST", "/api/seasons/1/proposals", {**PROPOSAL, "more": 1}, 400, "bad_request"),
            ("POST", "/api/seasons/x/proposals", PROPOSAL, 400, "bad_request"),
            ("POST", "/api/seasons/1e0/proposals", PROPOSAL, 400, "bad_request"),
            ("POST", "/api/seasons/-1/proposals", PROPOSAL, 400, "bad_request"),
            ("POST", "/api/seasons/%31%/proposals", PROPOSAL, 400, "bad_request"),
            ("POST", "/api/seasons/%00/proposals", PROPOSAL, 400, "bad_request"),
            ("POST", "/api/seasons/%ff/proposals", PROPOSAL, 400, "bad_request"),
            ("POST", "/api/seasons//proposals", PROPOSAL, 404, "not_found"),
            ("POST", "/api/seasons/1/proposals/", PROPOSAL, 404, "not_found"),
            ("POST", "/api//seasons/1/proposals", PROPOSAL, 404, "not_found"),
            ("POST", "/api/seasons/1/../1/proposals", PROPOSAL, 404, "not_found"),
            ("POST", "/seasons/1/proposals", PROPOSAL, 404, "not_found"),
            ("PUT", "/api/seasons/1/proposals", PROPOSAL, 405, "method"),
            ("PATCH", "/api/seasons/1/proposals", PROPOSAL, 405, "method"),
            ("POST", "/api/record", {"title": "t", "key": "0" * 64}, 403, "denied"),
            ("PUT", "/api/people/3", {"name": "x"}, 403, "denied"),
        )
        for method, path, fields, status, code in cases:
            answer = member.ask(method, path, fields)
            self.assertEqual((answer.status, answer.code()), (status, code), (path, answer.body))
            self.assertTrue(answer.json()["detail"])
        self.assertEqual(self.height(), height)

    def test_a_name_in_an_address_is_decoded(self):
        member = self.member(1)
        fields = {"kind": "product", "step": "1", "price": "1"}
        self.assertEqual(member.post("/api/seasons/1/close").status, 200)
        for sent, meant in (("a%2Fb%25", "a/b%"), ("caf%C3%A9", "café"), ("a+b", "a+b")):
            self.assertEqual(member.ask("PUT", "/api/goods/" + sent, fields).status, 200)
            with sqlite3.connect(self.file) as db:
                self.assertEqual(db.execute("SELECT code FROM good ORDER BY id DESC").fetchone()[0], meant)

    def test_who_has_not_logged_in_is_told_so_whatever_they_ask(self):
        client = self.client()
        for method, path in (("POST", "/api/people"), ("POST", "/api/seasons/1/proposals"), ("GET", "/api/me"),
                             ("GET", "/api/rows/person"), ("GET", "/api/events"), ("POST", "/api/tokens"),
                             ("PUT", "/api/password"), ("POST", "/api/people/1/invitation"),
                             ("GET", "/api/sessions"), ("POST", "/api/logout")):
            answer = client.ask(method, path)
            self.assertEqual((answer.status, answer.code()), (401, "unauthorized"), path)
            self.assertEqual(answer.headers["WWW-Authenticate"], "Bearer")

    def test_the_same_request_with_the_same_key_is_done_once(self):
        member, height, got = self.member(1), self.height(), []
        token = member.headers["Authorization"]

        def ask():
            client = Client(self.port, Authorization=token, Idempotency_Key="k1")
            got.append(client.post("/api/people", {"name": "Z"}).json()["answer"]["person"])
            client.close()
        askers = [threading.Thread(target=ask) for _ in range(12)]
        for a in askers:
            a.start()
        for a in askers:
            a.join()
        self.assertEqual(len(set(got)), 1)
        self.assertEqual(self.height(), height + 1)
        answer = member.post("/api/people", {"name": "other"}, Idempotency_Key="k2")
        self.assertNotEqual(answer.json()["answer"]["person"], got[0])

    def test_of_parallel_first_versions_one_counts(self):
        token, got = self.token(4), []

        def ask():
            client = Client(self.port, token)
            got.append(client.post("/api/seasons/1/proposals", PROPOSAL).status)
            client.close()
        askers = [threading.Thread(target=ask) for _ in range(12)]
        for a in askers:
            a.start()
        for a in askers:
            a.join()
        self.assertEqual(sorted(got), [200] + [409] * 11)


class Views(Serving):
    options = ("--rate", "0")

    def test_a_view_is_sent_again_only_when_the_record_has_grown(self):
        member = self.member(4)
        first = member.get("/api/seasons")
        self.assertEqual((first.status, first.headers["Cache-Control"]), (200, "private, no-cache"))
        tag = first.headers["ETag"]
        again = member.get("/api/seasons", If_None_Match=tag)
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(self.member(3).get("/api/seasons", If_None_Match=tag).status, 200)
        member.post("/api/seasons/1/proposals", PROPOSAL)
        self.assertEqual(member.get("/api/seasons", If_None_Match=tag).status, 200)

    def test_head_tells_what_get_would(self):
        client = self.client()
        got, head = client.get("/api/record"), client.ask("HEAD", "/api/record")
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.headers["Content-Length"], str(len(got.body)))

    def test_what_others_record_in_the_file_is_seen(self):
        height = self.height()
        self.write([{"actor": 1, "op": "person.add", "fields": {"name": "by hand"}}])
        self.assertEqual(self.client().get("/api/record").json()["height"], height + 1)
        self.assertEqual(self.member(1).post("/api/people", {}).json()["height"], height + 2)
        self.verify()


class Description(Serving):
    METHODS = ("get", "put", "post", "delete")

    def setUp(self):
        super().setUp()
        answer = self.client().get("/api/openapi.json")
        self.assertEqual(answer.status, 200)
        self.all = answer.json()

    def operations(self):
        for path, about in self.all["paths"].items():
            for method, op in about.items():
                yield path, method, op

    def walk(self, value):
        yield value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from self.walk(inner)

    def resolve(self, ref):
        self.assertTrue(ref.startswith("#/"), ref)
        at = self.all
        for part in ref[2:].split("/"):
            at = at[part.replace("~1", "/").replace("~0", "~")]
        return at

    def test_it_is_openapi_3_1(self):
        self.assertEqual(self.all["openapi"], "3.1.0")
        self.assertEqual(sorted(self.all["info"]), ["title", "version"])
        self.assertLessEqual(set(self.all), {"openapi", "info", "servers", "paths", "components", "security", "tags"})
        ids = []
        for path, method, op in self.operations():
            self.assertTrue(path.startswith("/"), path)
            self.assertIn(method, self.METHODS)
            self.assertLessEqual(set(op), {"operationId", "summary", "parameters", "requestBody", "responses", "security"})
            self.assertTrue(op["summary"])
            ids.append(op["operationId"])
            for status, answer in op["responses"].items():
                self.assertRegex(status, "^([1-5][0-9][0-9]|default)$")
                self.assertIn("description", self.resolve(answer["$ref"]) if "$ref" in answer else answer)
        self.assertEqual(len(ids), len(set(ids)))

    def test_every_reference_leads_somewhere(self):
        refs = [v["$ref"] for v in self.walk(self.all) if isinstance(v, dict) and "$ref" in v]
        self.assertGreater(len(refs), 50)
        for ref in refs:
            self.resolve(ref)

    def test_every_part_of_an_address_is_declared_once_and_nothing_else_is(self):
        for path, method, op in self.operations():
            declared = [self.resolve(p["$ref"]) if "$ref" in p else p for p in op.get("parameters", [])]
            in_path = sorted(p["name"] for p in declared if p["in"] == "path")
            self.assertEqual(in_path, sorted(re.findall(r"{(\w+)}", path)), path)
            self.assertEqual(len(set(in_path)), len(in_path), path)
            for p in declared:
                self.assertIn(p["in"], ("path", "query", "header"))
                self.assertIn("schema", p)
                self.assertTrue(p.get("required") or p["in"] != "path")

    def test_no_two_addresses_can_be_taken_for_each_other(self):
        shapes = [re.sub(r"{\w+}", "{}", path) for path in self.all["paths"]]
        self.assertEqual(len(shapes), len(set(shapes)))

    def test_every_schema_says_what_it_is(self):
        for value in self.walk(self.all):
            if isinstance(value, dict) and "properties" in value and "type" in value:
                self.assertEqual(value["type"], "object")
                self.assertLessEqual(set(value.get("required", [])), set(value["properties"]))
            if isinstance(value, dict) and value.get("type") == "array":
                self.assertIn("items", value)
            if isinstance(value, dict) and "pattern" in value and isinstance(value["pattern"], str):
                re.compile(value["pattern"])

    def test_every_operation_of_the_record_is_there(self):
        """By its name in the events of a record that was played through, and by a few of those that are not."""
        ids = {op["operationId"] for _, _, op in self.operations()}
        with sqlite3.connect(self.file) as db:
            seen = {row[0] for row in db.execute("SELECT DISTINCT type FROM event")}
        self.assertGreater(len(seen), 8)
        self.assertLessEqual(seen, ids)
        self.assertLessEqual({"proposal.file", "vote.cast", "person.erase", "server.login", "look.seasons"}, ids)

    def test_everything_described_answers(self):
        """Whatever is described is known to the server: it answers, if only that this may not be done."""
        member = self.member(2)
        for path, method, op in self.operations():
            if op["operationId"] in ("server.events", "server.logout", "server.logout_form"):
                continue
            filled = re.sub(r"{\w+}", "1", path)
            answer = member.ask(method.upper(), filled, {} if "requestBody" in op else None)
            self.assertNotEqual(answer.status, 405, path)
            known = answer.status != 404 or b"there is nothing at this address" not in answer.body
            self.assertTrue(known, (method, filled, answer.body))
            if answer.status >= 400 and path.startswith("/api"):  # pages say it as pages
                self.assertIn(answer.json()["code"],
                              json.dumps(self.all["components"]["responses"]["problem"]))


if __name__ == "__main__":
    main()
