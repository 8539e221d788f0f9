# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dates for calendar programs, read by a parser of RFC 5545 that takes nothing but what is right.
dates.py PLENUM [sanitize]"""
import datetime
import re
import sqlite3
import time
import unittest
import zoneinfo

from serving import Serving, main

UTC = datetime.timezone.utc
NAME = "Plan; for 2027, \\ a \"good\" one: " + "ü" * 60  # at most 200 bytes


def unfold(data):
    """Lines of a calendar, as they were before they were folded."""
    assert data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    got = []
    for line in data[:-2].split(b"\r\n"):
        assert 0 < len(line) <= 75, line
        line.decode()  # no character was cut
        if line[:1] == b" ":
            got[-1] += line[1:]
        else:
            got.append(line)
    return [line.decode() for line in got]


def read_text(value):
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), value
    assert not re.search(r"[\x00-\x1f\x7f]", value)
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "N": "\n"}.get(m[1], m[1]), value)


def parse(data):
    """@return the calendar as (name, properties, components), properties as {name: (parameters, value)}"""
    stack = [("", {}, [])]
    for line in unfold(data):
        head = re.match(r"([A-Z-]+)((?:;[A-Z-]+=[^\";:,]+)*):(.*)$", line)
        assert head, line
        name, value = head[1], head[3]
        if name == "BEGIN":
            stack.append((value, {}, []))
        elif name == "END":
            done = stack.pop()
            assert done[0] == value, line
            stack[-1][2].append(done)
        else:
            assert name not in stack[-1][1], line
            stack[-1][1][name] = (dict(p.split("=") for p in head[2].split(";")[1:]), value)
    assert len(stack) == 1 and len(stack[0][2]) == 1
    return stack[0][2][0]


def offset(value):
    part = re.fullmatch(r"([+-])(\d\d)(\d\d)(\d\d)?", value)
    seconds = 3600 * int(part[2]) + 60 * int(part[3]) + int(part[4] or 0)
    return datetime.timedelta(seconds=seconds if part[1] == "+" else -seconds)


class Zone:
    """A zone as its component tells it."""
    def __init__(self, component):
        self.changes = sorted((datetime.datetime.strptime(p["DTSTART"][1], "%Y%m%dT%H%M%S"),
                               offset(p["TZOFFSETFROM"][1]), offset(p["TZOFFSETTO"][1]), kind)
                              for kind, p, _ in component[2])
        for (_, before, after, kind) in self.changes:
            assert kind == ("DAYLIGHT" if after > before else "STANDARD")

    def at(self, clock):
        return clock - [after for when, _, after, _ in self.changes if when <= clock][-1]


def moment(prop, zones):
    parameters, value = prop
    if value.endswith("Z"):
        assert parameters == {}
        return datetime.datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return zones[parameters["TZID"]].at(datetime.datetime.strptime(value, "%Y%m%dT%H%M%S")).replace(tzinfo=UTC)


def local(zone, *when):
    return int(datetime.datetime(*when, tzinfo=zoneinfo.ZoneInfo(zone)).timestamp())


YEAR = datetime.datetime.now(UTC).year + 1


class Calendar(Serving):
    options = ("--rate", "0")
    ZONE = "Europe/Berlin"
    DATES = [("open", (YEAR, 3, 1, 9)), ("close", (YEAR, 3, 28, 12)), ("open", (YEAR, 4, 10, 9)),
             ("close", (YEAR, 7, 1, 18, 30)), ("vote", (YEAR, 7, 2, 0)), ("count", (YEAR, 10, 31, 2, 30)),
             ("adopt", (YEAR, 11, 1, 9)), ("end", (YEAR, 12, 24, 9))]

    def setUp(self):
        super().setUp()
        self.ada = self.member(1)
        self.season = self.ada.post("/api/seasons", {"name": NAME, "rule": "fitted", "tolerance": "0.01",
                                                     "zone": self.ZONE}).json()["answer"]["season"]
        self.at = [local(self.ZONE, *when) for _, when in self.DATES]
        self.at[5] += 3600  # the second half past two of the night in which clocks go back
        self.set_dates(self.at)

    def set_dates(self, at):
        dates = [{"what": what, "at": when} for (what, _), when in zip(self.DATES, at)]
        answer = self.ada.ask("PUT", f"/api/seasons/{self.season}/calendar", {"dates": dates})
        self.assertEqual(answer.json()["answer"], {"stands": 1}, answer.body)

    def link(self, member):
        answer = member.post("/api/calendar")
        self.assertEqual(answer.status, 201)
        self.assertTrue(answer.json()["link"].startswith(self.address + "calendar/"))
        return answer.json()["link"][len(self.address) - 1:]

    def feed(self, link):
        answer = self.client().get(link)
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/calendar; charset=utf-8"),
                         answer.body)
        return answer.body

    def events(self, link):
        """@return the events by their UIDs, with begins, ends, summary and about"""
        name, head, parts = parse(self.feed(link))
        self.assertEqual((name, head["VERSION"][1], read_text(head["X-WR-CALNAME"][1])),
                         ("VCALENDAR", "2.0", "the valley"))
        self.assertIn("PRODID", head)
        zones = {p["TZID"][1]: Zone((kind, p, inner)) for kind, p, inner in parts if kind == "VTIMEZONE"}
        got = {}
        for kind, p, inner in parts:
            if kind == "VTIMEZONE":
                continue
            self.assertEqual((kind, inner), ("VEVENT", []))
            self.assertLessEqual({"UID", "DTSTAMP", "DTSTART", "SUMMARY"}, set(p))
            self.assertNotIn(p["UID"][1], got)
            got[p["UID"][1]] = (moment(p["DTSTART"], zones), moment(p.get("DTEND", p["DTSTART"]), zones),
                                read_text(p["SUMMARY"][1]), read_text(p.get("DESCRIPTION", ({}, ""))[1]))
        return got

    def test_it_has_the_dates_of_a_season_in_its_zone(self):
        got = sorted(e for e in self.events(self.link(self.member(2))).values() if e[2].startswith(NAME))
        at = [datetime.datetime.fromtimestamp(t, UTC) for t in self.at]
        self.assertEqual([e[:2] for e in got], [(at[0], at[1]), (at[2], at[3]), (at[4], at[5]), (at[6], at[6]),
                                                (at[7], at[7])])
        self.assertEqual([e[2][len(NAME):] for e in got],
                         [": proposals of round 1", ": proposals of round 2", ": vote on the plan",
                          ": the plan is adopted where it was carried", ": the season ends"])
        self.assertEqual(got[0][3], "You propose for bakery.")
        self.assertIn(f"DTSTART;TZID={self.ZONE}:{YEAR}0301T090000\r\n".encode(), self.feed(self.link(self.member(2))))

    def test_each_person_has_their_own(self):
        self.assertTrue(any(e[3].startswith("Delegates propose") for e in self.events(self.link(self.member(7))).values()))
        self.ada.post("/api/mandates", {"person": 7, "council": 3, "role": "delegate", "until": self.at[7]})
        mine = [e for e in self.events(self.link(self.member(7))).values() if e[2].startswith("Your task")]
        self.assertEqual([(int(e[0].timestamp()), e[2]) for e in mine],
                         [(self.at[7], "Your task as delegate for quarter ends")])

    def test_a_vote_is_there_until_one_has_voted(self):
        until = int(time.time()) + 86400
        vote = self.ada.post("/api/votes", {"title": "Paint it\ngreen?", "ballots": "motion", "rule": "majority",
                                            "seats": 1, "secret": 1, "until": until, "options": [{"code": "g"}]})
        member = self.member(7)
        link = self.link(member)
        self.assertIn((until, "Voting ends: Paint it\ngreen?"),
                      [(int(e[0].timestamp()), e[2]) for e in self.events(link).values()])
        self.assertEqual(member.post(f"/api/votes/{vote.json()['answer']['vote']}/ballots", {"marks": "1=yes"}).status, 200)
        self.assertFalse([e for e in self.events(link).values() if e[2].startswith("Voting")])

    def test_what_is_the_same_keeps_its_uid(self):
        link = self.link(self.member(2))
        before = self.events(link)
        self.assertEqual(self.feed(link), self.feed(link))
        moved = self.at[:7] + [self.at[7] + 7200]
        self.set_dates(moved)
        after = self.events(link)
        self.assertEqual(sorted(before), sorted(after))
        self.assertEqual([u for u in before if before[u] != after[u]],
                         [u for u in before if before[u][2].endswith("the season ends")])
        self.assertTrue(all(re.fullmatch(r"(season|vote|task-\w+)-\d+-\d+@[0-9a-f]{16}\.plenum", u) for u in after))

    def test_a_link_can_do_nothing_else_and_ends(self):
        member = self.member(2)
        link = self.link(member)
        code = link.rsplit("/", 1)[1]
        self.assertEqual(self.client().post("/api/login", {"code": code}).status, 401)
        self.assertEqual(self.client(code).get("/api/me").status, 401)
        self.assertEqual(self.client(Cookie="plenum=" + code).get("/api/me").status, 401)
        newer = self.link(member)
        self.assertEqual([self.client().get(x).status for x in (link, newer)], [404, 200])
        self.assertEqual(member.ask("DELETE", "/api/calendar").status, 200)
        self.assertEqual(self.client().get(newer).status, 404)
        for wrong in ("0" * 32, "x", "%00", "%ff", code[:-1], code.lower() + "/"):
            self.assertIn(self.client().get("/calendar/" + wrong).status, (400, 404))
        last = self.link(member)
        member.ask("DELETE", "/api/people/2")
        self.assertEqual(self.client().get(last).status, 404)

    def test_it_is_kept_as_a_hash_beside_the_record(self):
        link = self.link(self.member(2))
        self.stop()
        with sqlite3.connect(self.file) as db:
            kept = db.execute("SELECT key, value, person FROM note WHERE kind = 'calendar'").fetchall()
        self.assertEqual([(len(k), v, p) for k, v, p in kept], [(64, "", 2)])
        with open(self.file, "rb") as file:
            self.assertNotIn(link.rsplit("/", 1)[1].encode(), file.read())
        self.serve(*self.options)
        self.assertTrue(self.events(link))
        self.verify()

    def test_the_page_makes_it_and_ends_it(self):
        code = self.invite("2")[2]
        here = f"http://127.0.0.1:{self.port}"
        set_cookie = self.client().ask("POST", "/login", f"code={code}", Origin=here).headers["Set-Cookie"]
        browser = self.client(Cookie=set_cookie.split(";")[0], Origin=here)
        self.assertIn(b'action="/you/calendar"', browser.get("/you").body)
        made = browser.ask("POST", "/you/calendar", "once=0")
        link = re.search(rb"http://127\.0\.0\.1:\d+(/calendar/[0-9A-Z]{32})", made.body)[1].decode()
        self.assertTrue(self.events(link))
        self.assertIn(b'action="/you/calendar/end"', browser.get("/you").body)
        ended = browser.ask("POST", "/you/calendar/end", "once=0")
        self.assertEqual((ended.status, ended.headers["Location"]), (303, "/you"))
        self.assertEqual(self.client().get(link).status, 404)
        for headers in ({"Origin": "http://elsewhere"}, {"Origin": "null"}):
            stranger = self.client(Cookie=set_cookie.split(";")[0], **headers)
            self.assertEqual(stranger.ask("POST", "/you/calendar", "once=0").status, 403)


class Elsewhere(Calendar):
    """South of the equator summer goes over the year's end; elsewhere clocks never change."""
    ZONE = "America/Santiago"

    def setUp(self):
        super().setUp()
        self.at[5] -= 3600  # no clock goes back that night
        self.set_dates(self.at)


def load_tests(loader, _, __):
    found = loader.loadTestsFromTestCase(Calendar)
    found.addTest(Elsewhere("test_it_has_the_dates_of_a_season_in_its_zone"))
    return found


if __name__ == "__main__":
    main()
