# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists page by page, as lines; many operations at once.
lists.py PLENUM [sanitize]"""
import json

from serving import Serving, main


def lines(answer):
    return [json.loads(line) for line in answer.body.splitlines()]


class Pages(Serving):
    options = ("--rate", "0")

    def setUp(self):
        super().setUp()
        self.ada = self.member(1)

    def pages(self, path, key, limit):
        """@return every page of a list, by its cursor"""
        got, after = [], ""
        while not got or after:
            answer = self.ada.get(f"{path}?limit={limit}" + after)
            self.assertEqual(answer.status, 200, answer.body)
            got.append(answer.json()[key])
            after = "&after=" + answer.json()["next"] if "next" in answer.json() else ""
        return got

    def test_pages_hold_everything_once_in_order(self):
        for path, key in (("/api/rows/person", "rows"), ("/api/rows/membership", "rows"),
                          ("/api/record/events", "events")):
            whole = self.ada.get(path).json()
            self.assertNotIn("next", whole)
            for limit in (1, 2, 5, 1000):
                pages = self.pages(path, key, limit)
                self.assertEqual([row for page in pages for row in page], whole[key])
                self.assertEqual({len(page) for page in pages[:-1]} | {limit}, {limit})
                self.assertTrue(1 <= len(pages[-1]) <= limit)

    def test_a_page_stays_where_it_was_when_rows_are_added(self):
        first = self.ada.get("/api/record/events?limit=3").json()
        self.assertEqual([e["height"] for e in first["events"]], [1, 2, 3])
        self.ada.post("/api/people", {"name": "Z"})
        second = self.ada.get("/api/record/events?limit=3&after=" + first["next"]).json()
        self.assertEqual([e["height"] for e in second["events"]], [4, 5, 6])

    def test_events_tell_what_was_said_and_not_how_to_reach_people(self):
        events = self.ada.get("/api/record/events?after=1&limit=1").json()["events"]
        self.assertEqual((events[0]["type"], events[0]["texts"]), ("person.add", {"name": "person 2"}))
        self.assertNotIn(b"door 2", self.ada.get("/api/record/events").body)
        self.member(2).ask("DELETE", "/api/people/2")
        self.assertIsNone(self.ada.get("/api/record/events?after=1&limit=1").json()["events"][0]["texts"])
        self.assertEqual(self.client().get("/api/record/events").code(), "unauthorized")

    def test_lists_come_as_lines_where_lines_are_asked_for(self):
        whole = self.ada.get("/api/rows/person").json()["rows"]
        answer = self.ada.get("/api/rows/person?limit=5", Accept="application/jsonl")
        self.assertEqual(answer.headers["Content-Type"], "application/jsonl")
        self.assertEqual(lines(answer), whole[:5] + [{"next": "5"}])
        rest = self.ada.get("/api/rows/person?after=5", Accept="application/jsonl")
        self.assertEqual(lines(rest), whole[5:])
        self.assertNotEqual(rest.headers["ETag"], self.ada.get("/api/rows/person?after=5").headers["ETag"])
        self.assertIn("Accept", rest.headers["Vary"])
        me = self.ada.get("/api/me", Accept="application/jsonl")
        self.assertEqual((me.headers["Content-Type"], me.json()["person"]["id"]), ("application/json", 1))

    def test_what_is_no_page_is_refused(self):
        for query in ("limit=0", "limit=1001", "limit=", "limit=-1", "limit=1e2", "limit=99999999999999999999",
                      "after=x", "after=1%2F2"):
            answer = self.ada.get("/api/rows/person?" + query)
            self.assertIn((answer.status, answer.code()), ((400, "bad_request"), (404, "not_found")), query)
        for after in ("x", "-1", "1/2", "9" * 30):
            self.assertEqual(self.ada.get("/api/record/events?after=" + after).code(), "bad_request")


class Bulk(Serving):
    options = ("--rate", "0")

    def setUp(self):
        super().setUp()
        self.ada = self.member(1)

    def bulk(self, requests, query="", kind="application/jsonl", client=None, **headers):
        body = requests if isinstance(requests, (str, bytes)) else "".join(json.dumps(r) + "\n" for r in requests)
        return (client or self.ada).ask("POST", "/api/bulk" + query, body, Content_Type=kind, **headers)

    @staticmethod
    def person(name, **more):
        return {"op": "person.add", "fields": {"name": name}, **more}

    def test_each_line_is_done_and_answered_in_order(self):
        height = self.height()
        answer = self.bulk([self.person("X"), self.person("Y"), {"op": "community.add", "fields": {"code": "hill"}}])
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/jsonl"))
        got = lines(answer)
        self.assertEqual([(g["line"], g["height"]) for g in got], [(i, height + i) for i in (1, 2, 3)])
        self.assertEqual([g["answer"] for g in got], [{"person": 13}, {"person": 14}, {"community": 1}])
        self.verify()

    def test_it_ends_with_the_first_that_is_refused_and_goes_on_where_that_is_asked(self):
        height = self.height()
        work = [self.person("X"), {"op": "community.add", "fields": {}}, self.person("Y")]
        got = lines(self.bulk(work))
        self.assertEqual([g.get("code", "done") for g in got], ["done", "bad_request"])
        self.assertEqual(got[1]["line"], 2)
        self.assertEqual(self.height(), height + 1)
        got = lines(self.bulk(work, "?on_error=continue"))
        self.assertEqual([g.get("code", "done") for g in got], ["done", "bad_request", "done"])
        self.assertEqual(self.height(), height + 3)

    def test_what_is_sent_again_is_done_once(self):
        height = self.height()
        work = [self.person("X"), self.person("Y", once="mine"), self.person("Z")]
        first = self.bulk(work, Idempotency_Key="week 1")
        again = self.bulk(work, Idempotency_Key="week 1")
        self.assertEqual(first.body, again.body)
        self.assertEqual(self.height(), height + 3)
        # cut off after a line, the whole is sent again
        other = [self.person("A"), self.person("B")]
        self.bulk(other[:1], Idempotency_Key="week 2")
        self.assertEqual([g["height"] for g in lines(self.bulk(other, Idempotency_Key="week 2"))],
                         [height + 4, height + 5])
        other = [{"op": "community.add", "fields": {"code": "hill"}}]
        self.assertEqual(lines(self.bulk(other, Idempotency_Key="week 2"))[0]["code"], "conflict")

    def test_nobody_may_more_at_once_than_one_by_one(self):
        height = self.height()
        member = self.member(2)
        work = [self.person("X"), {"op": "record.begin", "fields": {"title": "t", "key": "0" * 64}},
                {"op": "person.erase", "fields": {"person": 3}}, {"op": "vote.count"}, {"op": 1},
                {"op": "person.add", "fields": []}, {"op": "person.add", "fields": 3},
                {"op": "person.add", "actor": 1}, {"fields": {}}]
        got = lines(self.bulk(work, "?on_error=continue", client=member))
        self.assertEqual([g["code"] for g in got], ["denied"] * 3 + ["not_found"] + ["bad_request"] * 5)
        got = lines(self.bulk('[]\n"x"\n{"op":\n{"op":"person.add","op":"person.add"}\n' + "[" * 40 + "\n",
                              "?on_error=continue"))
        self.assertEqual([g["code"] for g in got], ["bad_request"] * 5)
        self.assertEqual(self.height(), height)

    def test_who_erases_themselves_is_out(self):
        member = self.member(9)
        got = lines(self.bulk([{"op": "person.erase", "fields": {"person": 9}}, self.person("X")], client=member))
        self.assertEqual([g.get("code", "done") for g in got], ["done", "denied"])
        self.assertEqual(member.get("/api/me").status, 401)

    def test_it_is_refused_where_it_is_no_bulk(self):
        height = self.height()
        line = json.dumps(self.person("X")) + "\n"
        self.assertEqual(self.bulk(line * 1001).code(), "too_large")
        self.assertEqual(self.bulk(line, kind="application/json").code(), "media")
        self.assertEqual(self.bulk(line, kind="text/plain").code(), "media")
        self.assertEqual(self.bulk(line, "?on_error=maybe").code(), "bad_request")
        self.assertEqual(self.bulk(line, Idempotency_Key="k" * 121).code(), "bad_request")
        self.assertEqual(self.bulk(line.encode() + b"\0\n").code(), "bad_request")
        self.assertEqual(self.bulk(line, client=self.client()).code(), "unauthorized")
        self.assertEqual(self.bulk("\n \n").body, b"")
        self.assertEqual(self.height(), height)


class Floods(Serving):
    options = ("--rate", "1")

    def test_too_many_lines_are_told_where_to_go_on(self):
        ada = self.member(1)
        work = '{"op": "none"}\n' * 999
        got = []
        for _ in range(2):
            answer = ada.ask("POST", "/api/bulk?on_error=continue", work, Content_Type="application/jsonl")
            got += lines(answer)
        last = got[-1]
        self.assertEqual((last["code"], last["status"]), ("too_many", 429))
        self.assertGreaterEqual(last["retry_after"], 1)
        self.assertGreater(len(got), 1000)
        self.assertLess(len(got), 1998)


if __name__ == "__main__":
    main()
