# SPDX-License-Identifier: AGPL-3.0-or-later
"""One's own data, and being erased: by oneself, or by two facilitators a week apart.
personal.py PLENUM [sanitize]"""
import csv
import glob
import io
import os
import sqlite3
import time
import zipfile

from serving import Serving, main, request

DAY = 86400


class Personal(Serving):
    options = ("--rate", "0")
    AGO = 70 * DAY

    def write(self, requests):
        """What is written by hand happened long ago, so that terms can be over."""
        super().write({"time": int(time.time()) - self.AGO, **r} for r in requests)

    def written(self, days, actor, op, **fields):
        self.stop()
        super().write([{**request(actor, op, **fields), "time": int(time.time()) - days * DAY}])
        self.serve(*self.options)

    def browser(self, person):
        code = self.invite(str(person))[person]
        here = f"http://127.0.0.1:{self.port}"
        answer = self.client().ask("POST", "/login", f"code={code}", Origin=here)
        return self.client(Cookie=answer.headers["Set-Cookie"].split(";")[0], Origin=here)

    def name(self, person):
        with sqlite3.connect(self.file) as db:
            return db.execute("SELECT name, erased FROM person WHERE id = ?", (person,)).fetchone()


class Export(Personal):
    def export(self, client):
        answer = client.get("/api/me/export")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/zip"), answer.body)
        with zipfile.ZipFile(io.BytesIO(answer.body)) as packed:
            self.assertIsNone(packed.testzip())
            return {name: packed.read(name).decode() for name in packed.namelist()}, answer

    def test_one_gets_what_the_command_line_gives_and_nobody_else_does(self):
        files, answer = self.export(self.member(2))
        self.assertIn('filename="person-2.zip"', answer.headers["Content-Disposition"])
        path = self.file + ".zip"
        self.assertEqual(self.run_plenum("export", self.file, path, "--person", "2", "--quiet").returncode, 0)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), answer.body)
        people = list(csv.DictReader(io.StringIO(files["person.csv"])))
        self.assertEqual([(p["id"], p["name"], p["contact"]) for p in people], [("2", "person 2", "door 2")])
        self.assertNotIn("door 3", "".join(files.values()))
        self.assertEqual(self.client().get("/api/me/export").code(), "unauthorized")
        self.assertEqual(self.member(1).get("/api/people/2/export").status, 404)

    def test_nothing_stays_on_the_disk(self):
        self.stop()
        self.environment["TMPDIR"] = self.made
        self.serve(*self.options)
        self.export(self.member(3))
        self.assertEqual(glob.glob(os.path.join(self.made, "plenum-export*")), [])

    def test_it_is_on_the_page(self):
        browser = self.browser(2)
        self.assertIn(b'href="/api/me/export"', browser.get("/you").body)
        self.export(browser)


class Limited(Personal):
    options = ("--rate", "1000")

    def test_it_cannot_be_asked_for_all_the_time(self):
        member = self.member(2)
        got = [member.get("/api/me/export").status for _ in range(6)]
        self.assertEqual(got, [200] * 5 + [429])


class Erasure(Personal):
    def code(self, client, method, person, path="erasure"):
        answer = client.ask(method, f"/api/people/{person}/{path}")
        return "done" if answer.status == 200 else answer.code()

    def test_two_facilitators_can_a_week_apart(self):
        self.written(8, 1, "erasure.ask", person=9)
        token = self.token(9)
        self.assertEqual(self.code(self.member(5), "PUT", 9), "done")
        self.assertEqual(self.name(9), ("", 1))
        self.assertEqual(self.client(token).get("/api/me").status, 401)
        with sqlite3.connect(self.file) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM note WHERE person = 9").fetchone(), (0,))
            self.assertEqual(db.execute("SELECT count(*) FROM erasure").fetchone(), (0,))
            self.assertEqual(db.execute("SELECT count(*) FROM membership WHERE person = 9").fetchone(), (0,))
        self.verify()

    def test_one_alone_cannot(self):
        self.written(8, 1, "erasure.ask", person=9)
        ada = self.member(1)
        self.assertEqual(self.code(ada, "PUT", 9), "denied")
        self.assertEqual(self.code(ada, "POST", 9), "conflict")
        self.assertEqual(self.code(ada, "PUT", 8), "not_found")
        for person in (2, 6, 9):  # a member, an administrator, the person themselves
            self.assertEqual(self.code(self.member(person), "PUT", 9), "denied")
        self.assertEqual(self.code(self.member(2), "POST", 8), "denied")
        self.assertEqual(self.code(ada, "DELETE", 9, path=""), "not_found")
        self.assertEqual(self.name(9), ("person 9", 0))

    def test_the_person_has_a_week_to_refuse(self):
        ada, other, member = self.member(1), self.member(5), self.member(9)
        self.assertEqual(self.code(ada, "POST", 9), "done")
        self.assertEqual(self.code(other, "PUT", 9), "conflict")
        needs = {n["what"]: n["person"] for n in member.get("/api/needs").json()["needs"] if "person" in n}
        self.assertEqual(needs.get("erasure"), 9)
        self.assertIn(9, [n.get("person") for n in other.get("/api/needs").json()["needs"] if n["what"] == "confirm"])
        self.assertEqual(self.code(self.member(8), "DELETE", 9), "denied")
        self.assertEqual(self.code(member, "DELETE", 9), "done")
        self.assertEqual(self.code(other, "PUT", 9), "not_found")
        self.assertEqual(self.code(ada, "POST", 9), "done")
        self.assertEqual(self.code(ada, "DELETE", 9), "done")
        self.verify()

    def test_what_was_not_confirmed_in_time_is_asked_anew(self):
        self.written(61, 1, "erasure.ask", person=9)
        other = self.member(5)
        self.assertEqual(self.code(other, "PUT", 9), "not_found")
        self.assertEqual(self.code(other, "POST", 9), "done")
        self.assertEqual(self.code(self.member(1), "PUT", 9), "conflict")

    def test_who_facilitates_no_more_asks_no_more(self):
        self.written(9, 1, "erasure.ask", person=9)
        self.written(8, 1, "mandate.recall", person=1, role="facilitator")
        self.assertEqual(self.code(self.member(5), "PUT", 9), "not_found")

    def test_the_last_administrator_stays(self):
        self.written(9, 1, "mandate.recall", person=6, role="administrator")
        self.written(8, 5, "erasure.ask", person=1)
        self.written(8, 1, "mandate.give", person=7, role="facilitator", until=9999999999)
        self.assertEqual(self.code(self.member(7), "PUT", 1), "conflict")
        self.assertEqual(self.name(1), ("Ada", 0))
        self.verify()


class Pages(Personal):
    def form(self, browser, **fields):
        return browser.ask("POST", "/you/erasure", "&".join(f"{k}={v}" for k, v in {"once": "k", **fields}.items()))

    def test_one_has_oneself_erased_when_one_is_sure(self):
        browser = self.browser(9)
        self.assertEqual(self.form(browser, deed="self").status, 400)
        self.assertEqual(self.name(9), ("person 9", 0))
        gone = self.form(browser, deed="self", sure="yes")
        self.assertEqual(gone.status, 200)
        self.assertIn("Max-Age=0", gone.headers["Set-Cookie"])
        self.assertEqual(self.name(9), ("", 1))
        self.assertEqual(browser.get("/you").status, 401)
        with sqlite3.connect(self.file) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM note WHERE person = 9 AND kind <> 'once'").fetchone(), (0,))

    def test_a_form_cannot_erase_somebody_else(self):
        browser = self.browser(9)
        self.form(browser, deed="self", person="8")
        self.form(browser, deed="ask", person="8")
        self.form(browser, deed="confirm", person="8")
        self.form(browser, deed="person.erase", person="8", sure="yes")
        self.assertEqual((self.name(8), self.name(9)), (("person 8", 0), ("person 9", 0)))

    def test_two_facilitators_do_it_by_forms(self):
        self.written(8, 5, "erasure.ask", person=8)
        ada, other, ninth = self.browser(1), self.browser(5), self.browser(8)
        self.assertIn(b"I refuse: I am here", ninth.get("/you").body)
        self.assertIn(b"refuse, if you are here", ninth.get("/").body)
        self.assertIn(b"Take it back", other.get("/you").body)
        self.assertNotIn(b"Erase them", other.get("/you").body)
        self.assertIn(b"Erase them", ada.get("/you").body)
        self.assertEqual(self.form(ada, deed="confirm", person="8").status, 303)
        self.assertEqual(self.name(8), ("", 1))
        self.assertIn(b"confirmed that", ada.get("/record").body)
        self.assertEqual(self.form(ada, deed="ask", person="9", once="k2").status, 303)
        self.assertEqual(self.form(self.browser(9), deed="refuse", person="9").status, 303)
        self.verify()


if __name__ == "__main__":
    main()
