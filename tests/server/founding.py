# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of plenum serve: a federation founded and run by forms alone, by people whose every
text is hostile. founding.py PLENUM"""
import re
import sys
import unittest

from reader import Reader
from visiting import HOSTILE, Visiting, request, text

FOUNDER, SECOND = 1, 2
BERLIN = "Europe/Berlin"


def planned():
    """A quarter that wants bread, two facilitators, and a season that has not begun."""
    yield request(0, "record.begin", title=text(0), name=text(1))
    yield request(1, "person.add", name=text(2))
    yield request(1, "mandate.give", person=SECOND, role="facilitator", until=9999999999)
    yield request(1, "council.add", code="quarter", kind="consumers")
    yield request(1, "mandate.give", person=1, council=1, role="delegate", until=9999999999)
    yield request(1, "good.set", code="bread", kind="product", step="0.001", price="3")
    yield request(1, "schedule.set", council=1, schedule="request",
                  lines=[{"good": 1, "role": "wants", "amount": "500"}])
    yield request(1, "season.open", name="2027", rule="fitted", tolerance="0.01", zone=BERLIN)


class Calendar(Visiting):
    federation, invited = staticmethod(planned), 2

    def test_a_the_calendar_is_suggested_and_set(self):
        here = "/seasons/1/calendar"
        page = self.sound(self.people[FOUNDER].get(
            self.base + here + "?from=2027-03-22T18:00&rounds=2&days=7&between=1&vote=3&end=30"))
        fields = page.form(self.base + here).fields
        self.assertEqual(
            [(fields[f"w.{k}"], fields[f"t.{k}"]) for k in range(8)],
            # clocks are set forward on the 28th, and stay at six in the evening
            [("open", "2027-03-22T18:00"), ("close", "2027-03-29T18:00"),
             ("open", "2027-03-30T18:00"), ("close", "2027-04-06T18:00"),
             ("vote", "2027-04-07T18:00"), ("count", "2027-04-10T18:00"),
             ("adopt", "2027-04-10T18:00"), ("end", "2027-05-10T18:00")])
        page = self.sound(self.people[FOUNDER].press(page, self.base + here))
        self.says(page, "Mon 22 Mar 2027, 18:00")
        self.says(page, "the season ends")
        self.assertNotIn("second facilitator</h2>", page.raw)

    def test_b_what_cannot_be_a_calendar_is_told_and_kept(self):
        here = "/seasons/1/calendar"
        page = self.press(FOUNDER, here, here, status=400, **{"t.0": "soon", "w.0": "open"})
        self.says(page, "date 1")
        self.assertEqual(page.form(self.base + here).fields["t.0"], "soon")
        page = self.press(FOUNDER, here, here, status=400, **{"w.1": ""})
        self.says(page, "choose what happens")
        page = self.press(FOUNDER, here, here, status=400, **{"w.0": "adopt"})
        self.says(page, "cannot come there")
        page = self.press(FOUNDER, here, here, status=400, **{"t.0": HOSTILE[1]})
        self.assertEqual(page.form(self.base + here).fields["t.0"], HOSTILE[1])

    def test_c_after_the_first_round_two_facilitators_set_dates(self):
        here = "/seasons/1/calendar"
        nothing = {f"{kind}.{k}": "" for kind in "wt" for k in range(8)}
        self.press(FOUNDER, here, here, **nothing)
        page = self.sound(self.people[SECOND].get(self.base + here))
        self.says(page, "when a facilitator says so")
        self.press(FOUNDER, "/seasons/1", "/seasons/1/act", "open")
        asked = {"w.0": "end", "t.0": "2098-05-01T18:00", "w.1": "close",
                 "t.1": "2098-04-01T18:00"}
        page = self.press(FOUNDER, here, here, **asked)
        self.says(page, "another facilitator has to agree")
        page = self.sound(self.people[SECOND].get(self.base + here))
        self.says(page, "wants these dates")
        self.says(self.sound(self.people[SECOND].get(self.base + "/")), "Agree to dates of 2027")
        self.assertNotIn("Agree to", self.people[FOUNDER].get(self.base + "/").text)
        page = self.press(SECOND, here, here + "/agree")
        self.assertNotIn("wants these dates", page.text)
        self.says(page, "Tue 1 Apr 2098, 18:00: the round closes (next")
        page = self.people[SECOND].send(self.base + here + "/agree", {"height": "1"})
        self.assertEqual(page.status, 404)


class Founding(Visiting):
    federation = staticmethod(lambda: [request(0, "record.begin", title=text(0), name=text(1))])
    invited = 1

    def add_person(self, name):
        """Add somebody, invite them, and log them in."""
        page = self.press_form(FOUNDER, "/people", "contact", name=name,
                               contact="contact of " + name)
        number = re.search(r"Person (\d+) of", page.text).group(1)
        here = f"/people/{number}"
        page = self.press(FOUNDER, here, here + "/invitation")
        self.assertIn("as a QR code", page.raw)
        link = re.search(r"http://\S+/j/\w+", page.text).group()
        reader = Reader(self.port, self.base)
        self.sound(reader.log_in(link))
        self.people.append(reader)
        self.assertEqual(len(self.people) - 1, int(number))

    def test_a_people_are_added_invited_and_found(self):
        for i in range(2, 8):
            self.add_person(text(i))
        page = self.sound(self.people[FOUNDER].get(self.base + "/people?q=TITLE"))
        self.says(page, text(3))
        self.assertNotIn(text(5), page.text)
        page = self.sound(self.people[2].get(self.base + "/people/3"))
        self.assertEqual([f.action for f in page.forms], [])
        self.assertNotIn("contact of", page.text)
        page = self.press(FOUNDER, "/people/2", "/people/2/invitation")
        self.says(page, "second facilitator")
        self.assertNotIn("/j/", page.raw)
        page = self.people[3].send(self.base + "/people/2/invitation", {})
        self.assertEqual((page.faults, page.status), ([], 403))

    def test_b_communities_and_councils_are_added(self):
        page = self.press_form(FOUNDER, "/councils", "place", place=text(20),
                               **{"place.name": text(21)})
        for i, kind in enumerate(("workers", "consumers"), 1):
            page = self.press_form(FOUNDER, "/councils", "code", code=text(21 + i),
                                   name=text(24 + i), kind=kind, community="1")
        self.says(page, text(25))
        self.says(page, text(21))
        page = self.press_form(FOUNDER, "/councils", "code", status=400, code=text(22), name="kept")
        self.assertIn("kept", [f.fields.get("name") for f in page.forms])

    def test_c_people_join_and_are_given_tasks(self):
        for person in range(2, 8):
            council = 1 if person < 7 else 2
            self.press_form(FOUNDER, f"/councils/{council}/members", "person",
                            person=text(person) if person % 2 else str(person))
        page = self.press_form(FOUNDER, "/councils/1/members", "person", status=400,
                               person="nobody at all")
        self.says(page, "nobody here is called")
        page = self.press_form(FOUNDER, "/people/2", "until", role="delegate", of="1",
                               until="2098-01-01T12:00")
        self.says(page, "a delegate of " + text(25))
        page = self.press_form(FOUNDER, "/people/3", "until", status=400, role="auditor", of="1")
        self.says(page, "a delegate is one of a council")
        page = self.press_form(FOUNDER, "/people/3", "until", status=400, role="auditor", of="0",
                               until="today")
        self.says(page, "no day with a time")
        self.press_form(FOUNDER, "/people/3", "until", role="auditor", of="0")
        page = self.press_form(2, "/councils/1/members", "person", person="7")
        self.says(page, text(7))
        page = self.press_form(7, "/councils/1/members", "back")
        self.assertEqual([f for f in page.forms if f.action.endswith("/act")], [])

    def test_d_goods_are_added_changed_and_prohibited(self):
        for i, (kind, step, supply) in enumerate((("labour", "0.25", "2000"),
                                                  ("product", "0,001", "0"))):
            page = self.press_form(FOUNDER, "/goods", "code", code=text(30 + i), name=text(32 + i),
                                   unit=text(34 + i), category=text(36 + i), kind=kind, step=step,
                                   supply=supply, price="10,5")
        self.says(page, "10.50 credits per " + text(35))
        self.says(page, "whole multiples of 0.001")
        page = self.sound(self.people[2].get(self.base + "/goods?q=TextArea"))
        self.says(page, text(32))
        self.assertNotIn(text(33), page.text)
        page = self.press_form(FOUNDER, "/goods/1", "banned", banned=text(38))
        self.says(page, "It is prohibited: " + text(38))
        self.says(page, "Society holds 2000 ")
        page = self.press_form(FOUNDER, "/goods/1", "banned", banned="")
        self.assertNotIn("It is prohibited", page.text)
        for wrong in ({"step": "0"}, {"step": HOSTILE[1]}, {"supply": "much"}, {"supply": "0.1"},
                      {"price": "dear"}, {"code": ""}, {"kind": "thing"}, {"elasticity": "1,2.3"}):
            page = self.press_form(FOUNDER, "/goods", "code", status=400,
                                   **{"code": "x", "step": "1", "price": "1", **wrong})
            for field, typed in wrong.items():
                if field != "kind":
                    self.assertEqual(page.form_with("code").fields[field], typed)
        page = self.sound(self.people[2].get(self.base + "/goods/1"))
        self.assertEqual(page.forms, [])

    def test_e_councils_declare_recipes_and_wishes(self):
        here = "/councils/1/schedule"
        page = self.sound(self.people[2].get(self.base + here))
        self.says(page, "Nothing yet")
        self.assertEqual(page.forms, [])
        page = self.press_form(2, here + "?kind=recipe", "schedule",
                               **{"n.capacity": "200", "g.0": text(31), "r.0": "makes", "a.0": "5",
                                  "g.2": text(32).upper(), "r.2": "uses", "a.2": "0,25"})
        self.says(page, "A recipe. Each time it works once")
        self.says(page, "0.25")
        wrong = {"g.1": text(39), "r.1": "uses", "a.1": "1"}
        page = self.press_form(2, here, "schedule", status=400, **wrong)
        self.says(page, "line 2: no good is called")
        kept = page.form_with("schedule").fields
        self.assertEqual([kept[name] for name in wrong], list(wrong.values()))
        page = self.press_form(2, here, "schedule", status=400, **{"a.0": "five"})
        self.says(page, "no decimal number")
        page = self.sound(self.people[2].send(self.base + here, {"schedule": "budget_cd"}), 400)
        self.says(page, "choose first")
        self.press_form(FOUNDER, "/people/7", "until", role="delegate", of="2")
        page = self.press_form(7, "/councils/2/schedule?kind=isoelastic", "schedule",
                               income="1000,50", **{"g.0": text(31), "a.0": "20", "e.0": "0.5"})
        self.says(page, "elasticity 0.5")
        page = self.sound(self.people[2].get(self.base + "/councils/2"))
        self.says(page, "1000.50 credits")

    def vote(self, **filled):
        filled.setdefault("title", text(60))
        return self.press_form(2, "/votes", "how", **filled)

    def test_f_members_open_votes_of_their_council_of_every_kind(self):
        page = self.vote(how="yes", secret="1")
        self.says(page, text(60))
        self.says(page, "The members of " + text(25))
        three = "\n".join(text(i) for i in (61, 62, 63))
        for how in ("much", "consensus", "approve", "points", "ranks", "seats"):
            page = self.vote(how=how, options=three + "\n\n", secret="1")
            for i in (61, 62, 63):
                self.says(page, text(i))
            self.says(page, "Your vote")
        page = self.vote(how="budget", budget="2000", options="Library; 1200\nPitch;900", secret="1")
        self.says(page, "1200 credits")
        page = self.press_form(2, "/votes/1", "once", **{"m.1": "yes"})
        self.says(page, "receipt")

    def test_g_what_cannot_be_voted_on_is_told_and_kept(self):
        page = self.vote(how="budget", budget="2000", options="Library", secret="1", status=400)
        self.says(page, "no cost")
        self.assertEqual(page.form_with("how").fields["options"], "Library")
        self.assertEqual(page.form_with("how").fields["how"], "budget")
        self.says(self.vote(until="soon", status=400), "no day with a time")
        self.says(self.vote(how="approve", options="", status=400), "option")
        self.says(self.vote(council="0", status=403), "a facilitator")
        page = self.vote(how="yes", council="2", status=403)
        page = self.vote(how="yes", options="x" * 201, status=400)
        self.says(page, "too long")

    def test_h_members_recall_their_delegate_by_a_vote(self):
        here = "/councils/1/members"
        page = self.press_form(3, here, "recall")
        vote = re.search(r'action="/plenum/votes/(\d+)"', page.raw).group(1)
        page = self.sound(self.people[3].get(self.base + here))
        self.says(page, "The vote on this is open")
        for person in range(2, 7):
            self.press_form(person, f"/votes/{vote}", "once", **{"m.1": "yes"})
        self.press_form(FOUNDER, f"/votes/{vote}", "once")
        page = self.press_form(3, here, "act", "recall")
        self.says(page, "Nobody now")
        self.press_form(FOUNDER, "/people/2", "until", role="delegate", of="1")

    def test_m_a_founder_recalls_and_every_page_holds(self):
        page = self.press_form(FOUNDER, "/people/3", "act", "recall")
        self.says(page, "None.")
        self.crawl_as_all()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], failfast=True)
