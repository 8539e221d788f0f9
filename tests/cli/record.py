# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum record, verify and export as scripts and people meet them. record.py PLENUM VERIFIER

VERIFIER is tools/verify.py, which judges every record a second time. PLENUM_LONG=1 kills a
thousand times, as trust.md promises, in place of a hundred."""
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from federation import LATER, federation, life, proposals, request, season

PLENUM, VERIFIER = sys.argv[1], sys.argv[2]
FORGER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "forge.py")
LONG = os.environ.get("PLENUM_LONG") == "1"
FEW = os.environ.get("PLENUM_FEW") == "1"  # with sanitizers
OPEN_SEASON = {"actor": 1, "op": "season.open",
               "fields": {"name": "s", "rule": "fitted", "tolerance": "0.01"}}


def run(*words, **options):
    return subprocess.run([PLENUM, *words], capture_output=True, text=True, timeout=300,
                          **{"stdin": subprocess.DEVNULL, **options})


def in_an_hour():
    return int(time.time()) + 3600


def afterwards(asked):
    """When a vote that ends in an hour may be closed though not everybody has voted."""
    return {**asked, "time": int(time.time()) + 7200}


def record(file, requests):
    """Do the requests. @return exit code, answers"""
    lines = "".join(json.dumps(r) + "\n" for r in requests)
    done = subprocess.run([PLENUM, "record", file], input=lines, capture_output=True, text=True,
                          timeout=300)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


class Record(unittest.TestCase):
    def setUp(self):
        self.made = tempfile.mkdtemp()
        self.file = os.path.join(self.made, "valley.plenum")
        self.addCleanup(shutil.rmtree, self.made)

    def second_opinion(self, *words):
        return subprocess.run(["/usr/bin/python3", "-B", VERIFIER, self.file, *words],
                              capture_output=True, text=True, timeout=300)

    def assert_intact(self, events=None):
        told = json.loads(run("verify", self.file, "--json").stdout)
        self.assertTrue(told["intact"], told)
        if events is not None:
            self.assertEqual(told["events"], events)
        second = self.second_opinion()
        self.assertEqual((second.returncode, told["head"] in second.stdout), (0, True),
                         second.stdout + second.stderr)
        return told

    def test_a_season_verifies_twice_and_every_round_plans_to_its_recorded_digest(self):
        requests = [*federation(), *season(1)]
        code, answers = record(self.file, requests)
        self.assertEqual((code, len(answers)), (0, len(requests)), answers[-1])
        self.assert_intact(len(requests))
        digests = [a["answer"]["digest"] for a, r in zip(answers, requests)
                   if r["op"] == "round.close"]
        for number, digest in enumerate(digests, 1):
            folder = os.path.join(self.made, f"round{number}")
            self.assertEqual(run("export", self.file, folder, "--round", str(number)).returncode, 0)
            plan = json.loads(run("plan", folder, "--json").stdout)
            self.assertEqual((plan["outcome"], plan["digest"]), ("cleared", digest))
        self.assertEqual(len(set(digests)), 3)

    def test_a_plan_made_by_an_endgame_verifies_twice_and_is_made_again_of_the_export(self):
        def with_endgame(name, wanted):
            for r in [*federation(12), *season(1, people=12, rounds=2)]:
                quarter = r["op"] == "proposal.file" and r["fields"]["council"] == 3
                if r["op"] == "season.open":
                    r["fields"]["endgame"] = name
                if quarter:
                    r["fields"]["lines"][0]["quantity"] = wanted
                yield r
        for name in ("pro-rata", "ratio", "disruption", "stocks", "gentle"):
            self.file = os.path.join(self.made, name + ".plenum")
            code, answers = record(self.file, list(with_endgame(name, 600000)))
            self.assertEqual(code, 0, answers[-1])
            self.assert_intact()
            told = [a["answer"] for a in answers if "endgame" in a["answer"]]
            self.assertEqual([t["endgame"] for t in told], [name] * 3)
            self.assertEqual(told[1]["digest"], told[2]["digest"])  # of round 2, and adopted
            self.assertAlmostEqual(float(told[2]["trimmed"]), 1 - 451 / 600)
            self.assertEqual(told[2]["least_council"], 3)
            folder = os.path.join(self.made, name)
            done = run("export", self.file, folder, "--round", "2")
            self.assertEqual(done.returncode, 0, done.stderr)
            command = done.stdout.rsplit("Next: plenum ", 1)[1].split()
            self.assertEqual(command, ["plan", folder, "--proposed", name])
            plan = json.loads(run(*command, "--json").stdout)
            self.assertEqual((plan["digest"], plan["least_council"]), (told[2]["digest"], "quarter"))
            out = os.path.join(self.made, name + "-plan")
            self.assertIn("quarter keeps least, 75.1", run(*command, "--out", out).stdout)
            with open(os.path.join(out, "fairness.csv"), encoding="utf-8") as file:
                self.assertRegex(file.read(), r"\nquarter,[0-9.]+,[0-9.]+,0.75[0-9]+\n$")
        for words, says in ((("--proposed", "five"), "pro-rata"), (("--proposed", "gentle", "--start", "1"), "--start")):
            done = run("plan", folder, *words)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(says, done.stderr)
        line = "UPDATE plan_line SET quantity = {} WHERE role = '{}' AND council = 3"
        for change, says in (("451001", "are missing"), ("600001", "are missing"), ("450000", "")):
            kept = shutil.copy(self.file, self.file + ".kept")
            told = self.change_lines(line.format(change, "wants"))
            height = self.forge("plan.adopt", f'facts["out"]["lines"] = "{told}"')
            second = self.second_opinion()
            self.assertRegex(second.stdout, f"event {height}: .*{says}" if says else "^intact")
            self.assertEqual(run("verify", self.file).returncode, 1)  # which does it again
            shutil.copy(kept, self.file)

    def change_lines(self, change):
        """Change the lines of a plan. @return their hash, as plan.adopt tells it"""
        database = sqlite3.connect(self.file)
        database.execute(change)
        database.commit()
        text = "".join("%d %d %s %d\n" % row for row in database.execute(
            "SELECT council, good, role, quantity FROM plan_line ORDER BY 1, 2, 3"))
        database.close()
        return hashlib.sha256(text.encode()).hexdigest()

    def test_a_long_life_verifies_twice_and_its_last_round_plans_to_the_recorded_digest(self):
        requests, seasons = life(10000 if LONG else 200 if FEW else 500)
        code, answers = self.timed("recorded", record, self.file, requests)
        self.assertEqual((code, len(answers)), (0, len(requests)), answers[-1])
        self.timed("verified", run, "verify", self.file, "--quiet")
        self.timed("verified by verify.py", self.second_opinion)
        self.assert_intact(len(requests))
        digest = [a["answer"]["digest"] for a, r in zip(answers, requests)
                  if r["op"] == "round.close"][-1]
        folder = os.path.join(self.made, "last")
        done = self.timed("exported", run, "export", self.file, folder, "--season", str(seasons))
        self.assertEqual(done.returncode, 0, done.stderr)
        plan = json.loads(run("plan", folder, "--json").stdout)
        self.assertEqual((plan["outcome"], plan["digest"]), ("cleared", digest))

    def timed(self, what, do, *words):
        started = time.monotonic()
        done = do(*words)
        print(f"    {what} in {time.monotonic() - started:.2f} s", file=sys.stderr)
        return done

    def test_the_example_is_recorded_verified_exported_and_planned_as_its_page_says(self):
        example = os.path.join(os.path.dirname(VERIFIER), "..", "examples", "record",
                               "season.jsonl")
        done = run("record", self.file, example)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout[-300:])
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assert_intact(len(answers))
        folder = os.path.join(self.made, "round2")
        self.assertEqual(run("export", self.file, folder, "--round", "2").returncode, 0)
        plan = json.loads(run("plan", folder, "--json").stdout)
        self.assertEqual([a["answer"]["digest"] for a in answers
                          if a["answer"].get("round") == 2 and "digest" in a["answer"]],
                         [plan["digest"]])

    def test_what_is_refused_leaves_no_trace_and_says_why(self):
        record(self.file, [*federation(6), request(1, "season.open", name="s", rule="fitted",
                                                   tolerance="0.01")])
        before = self.assert_intact()
        refused = [
            (request(9, "person.add", name="x"), "denied", "person 9 is none"),
            (request(6, "person.add", name="x"), "denied", "a facilitator or an administrator"),
            (request(1, "person.fly"), "not_found", "there is no operation"),
            (request(1, "community.add", code=""), "bad_request", "code"),
            (request(1, "community.add", code="a", nme="b"), "bad_request", "nme"),
            (request(1, "good.set", code="g", kind="gas", step="1", price="1"), "bad_request",
             "product|labour"),
            (request(1, "good.set", code="g", kind="product", step="one", price="1"),
             "bad_request", "decimal"),
            (request(4, "proposal.file", season=1, council=3, version=1, lines=[]), "denied",
             "draft"),
            (request(2, "schedule.set", council=2, schedule="recipe", lines=[]), "denied",
             "delegate of the council"),
            (request(0, "record.begin", title="again"), "denied", "begun already"),
            (request(1, "vote.open", title="t", ballots="motion", rule="majority", seats=1,
                     secret=1, council=1, options=[{"code": "a"}]), "bad_request", "fewer than 5"),
            (request(1, "vote.open", title="t", ballots="motion", rule="lots", seats=1, secret=0,
                     options=[{"code": "a"}]), "bad_request", "no rule of counting"),
        ]
        for asked, word, says in refused:
            code, answers = record(self.file, [asked])
            self.assertEqual((code, answers[0]["error"]), (1, word), answers)
            self.assertIn(says, answers[0]["message"])
        self.assertEqual(self.assert_intact()["head"], before["head"])

    def asked(self, *requests):
        """Do the requests. @return what the last one was told: "" or a sentence"""
        _, answers = record(self.file, list(requests))
        return answers[-1].get("message", "")

    def one_round(self, *more):
        record(self.file, [*federation(12), *more, OPEN_SEASON, request(1, "round.open", season=1),
                           *proposals(1, 450000), request(1, "round.close", season=1)])

    def test_no_season_can_lock_the_record(self):
        record(self.file, [*federation(12)])
        for tolerance in ("0", "-1", "1"):
            self.assertIn("between 0 and 1", self.asked(
                request(1, "season.open", name="s", rule="fitted", tolerance=tolerance)))
        wheat = {"code": "wheat", "kind": "product", "price": "1"}
        self.assertEqual(self.asked(request(1, "good.set", **wheat, step="0.01"),
                                    request(1, "good.set", **wheat, step="0.001")), "")
        self.assertEqual(self.asked(OPEN_SEASON, request(1, "round.open", season=1)), "")
        self.assertIn("being planned", self.asked(request(1, "good.set", **wheat, step="0.001")))
        self.assertEqual(self.asked(request(1, "season.close", season=1),
                                    request(1, "good.set", **wheat, step="0.001")), "")
        self.assertIn("the step of a good stays", self.asked(
            request(1, "good.set", **wheat, step="0.01")))
        self.assert_intact()

    def test_a_plan_of_more_steps_than_can_be_counted_is_refused(self):
        fine = request(1, "good.set", code="wheat", kind="product", price="1", step="1e-14")
        self.one_round(fine)
        vote = request(1, "vote.open", about=1, title="t", ballots="motion", secret=0, until=in_an_hour(),
                       rule="majority", seats=1, options=[{"code": "plan"}])
        self.assertIn("larger step", self.asked(
            vote, request(2, "vote.cast", vote=1, marks="1=yes"),
            afterwards(request(1, "vote.close", vote=1)), request(1, "plan.adopt", season=1, vote=1)))
        self.assert_intact()

    def test_somebody_can_always_go_on(self):
        record(self.file, [*federation(12)])
        for role in ("administrator", "facilitator"):
            self.assertIn("last " + role, self.asked(
                request(1, "mandate.recall", person=1, role=role)))
            self.assertIn("last " + role, self.asked(
                request(1, "mandate.give", person=1, role=role, until=LATER)))
        self.assertIn("the last", self.asked(request(1, "person.erase", person=1)))
        self.assertEqual(self.asked(
            *(request(1, "mandate.give", person=2, role=role, until=LATER)
              for role in ("administrator", "facilitator")),
            request(1, "person.erase", person=1)), "")
        self.assertIn("the last", self.asked(request(2, "person.erase", person=2)))
        for op in ("member.join", "mandate.give"):
            more = {"role": "delegate", "until": LATER} if op == "mandate.give" else {}
            self.assertIn("was erased", self.asked(
                request(2, op, council=1, person=1, **more)))
        self.assert_intact()

    def test_a_member_recalls_a_delegate_only_with_a_vote_of_the_council(self):
        recall = request(3, "mandate.recall", person=2, council=1, role="delegate", vote=1)
        vote = {"title": "Recall", "ballots": "motion", "secret": 0, "rule": "majority", "seats": 1,
                "until": in_an_hour()}
        def held(council, code, since=()):
            record(self.file, [*federation(12), *since,
                               request(1, "vote.open", council=council, options=[{"code": code}],
                                       **vote),
                               *(request(i, "vote.cast", vote=1, marks="1=yes") for i in (3, 6, 1, 4)),
                               afterwards(request(1, "vote.close", vote=1))])
            told = self.asked(recall)
            os.remove(self.file)
            return told
        record(self.file, [*federation(12)])
        self.assertIn("was carried", self.asked(recall))
        os.remove(self.file)
        self.assertIn("was carried", held(2, "recall-2"))
        self.assertIn("was carried", held(1, "recall-3"))
        self.assertEqual(held(1, "recall-2"), "")

    def test_only_what_everybody_carried_after_the_last_round_is_adopted(self):
        self.one_round()
        vote = {"title": "t", "ballots": "motion", "secret": 0, "rule": "majority", "seats": 1,
                "options": [{"code": "plan"}], "about": 1, "until": in_an_hour()}
        self.assertIn("everybody votes", self.asked(request(2, "vote.open", council=1, **vote)))
        adopt = request(1, "plan.adopt", season=1, vote=1)
        again = [request(1, "round.open", season=1), *proposals(1, 950000),
                 request(1, "round.close", season=1)]
        self.assertIn("round 2", self.asked(
            request(1, "vote.open", **vote), request(2, "vote.cast", vote=1, marks="1=yes"),
            afterwards(request(1, "vote.close", vote=1)), *again, adopt))
        vote["until"] += 7200
        self.assertIn("review", self.asked(again[0], request(1, "vote.open", **vote)))

    def test_a_vote_ends_when_all_have_voted_or_its_time_is_over(self):
        record(self.file, [*federation(6)])
        vote = {"title": "t", "ballots": "motion", "secret": 0, "rule": "majority", "seats": 1,
                "options": [{"code": "a"}]}
        now = int(time.time())
        self.assertIn("a minute", self.asked(request(1, "vote.open", **vote, until=now)))
        self.assertEqual(self.asked(request(1, "vote.open", **vote, until=now + 100),
                                    request(1, "vote.cast", vote=1, marks="1=yes")), "")
        close = request(1, "vote.close", vote=1)
        self.assertIn("1 of 6 have voted", self.asked(close))
        self.assertEqual(self.asked({**close, "time": now + 100}), "")
        self.assertEqual(self.asked(
            request(1, "vote.open", **vote),
            *(request(i, "vote.cast", vote=2, marks="1=yes") for i in range(1, 7)),
            request(1, "vote.close", vote=2)), "")
        self.assert_intact()

    def test_marks_are_written_in_one_way_that_both_verifiers_count(self):
        record(self.file, [*federation(12), *(
            request(1, "vote.open", title="t", ballots=kind, secret=0, seats=1, until=in_an_hour(),
                    rule="majority" if kind == "motion" else kind, options=[{"code": "a"}, {"code": "b"}])
            for kind in ("motion", "score"))])
        for marks in ("+1=yes", " 1=yes", "01=yes", "1=yes ", "1=yes  2=no", "1=1", "1=+1", "1= yes",
                      "1", "1=", "=yes", "0=yes", "3=yes", "1=yes 1=no", "-1=yes", "99999999999=yes"):
            self.assertNotEqual(self.asked(request(3, "vote.cast", vote=1, marks=marks)), "", marks)
        for marks in ("1=yes", "1=+5", "1=05", "1=-0", "1=1e3", "1=0x5", "1=9999999999"):
            self.assertNotEqual(self.asked(request(3, "vote.cast", vote=2, marks=marks)), "", marks)
        cast = [*((1, m) for m in ("1=yes 2=no", "2=abstain", "1=yes", "2=block 1=yes")),
                *((2, m) for m in ("1=0 2=-5", "2=1000000000", "1=-1000000000", "1=7 2=10"))]
        for voter, (vote, marks) in enumerate(cast, 1):
            self.assertEqual(self.asked(request(voter, "vote.cast", vote=vote, marks=marks)), "")
        self.assertEqual(self.asked(afterwards(request(1, "vote.close", vote=1))), "")
        self.assertEqual(self.asked(afterwards(request(1, "vote.close", vote=2))), "")
        self.assert_intact()

    def test_nothing_is_signed_with_a_key_that_is_not_the_records(self):
        other = "ab" * 32
        self.assertIn("not the record's", self.asked(
            request(0, "record.begin", title="t", key=other)))
        record(self.file, [*federation(6)])
        before = self.assert_intact()
        with open(self.file + ".key", encoding="ascii") as file:
            kept = file.read()
        with open(self.file + ".key", "w", encoding="ascii") as file:
            file.write(other + "\n")
        done = subprocess.run([PLENUM, "record", self.file], capture_output=True, text=True,
                              input=json.dumps(request(1, "community.add", code="x")) + "\n")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("not the record's", done.stderr)
        with open(self.file + ".key", "w", encoding="ascii") as file:
            file.write(kept)
        self.assertEqual(self.asked(request(1, "community.add", code="x")), "")
        self.assert_intact(before["events"] + 1)

    def test_no_request_is_dated_so_late_that_all_others_are(self):
        record(self.file, [*federation(6)])
        for when in (-1, 2 ** 62, 253402300799, LATER - 1):
            late = {**request(2, "person.rename", person=2, name="x"), "time": when}
            self.assertIn("time", self.asked(late))
        self.assertEqual(self.asked({**request(1, "community.add", code="x"), "time": 5}), "")
        self.assert_intact()

    def test_input_that_cannot_be_read_or_goes_on_behind_a_zero_byte_is_refused(self):
        record(self.file, [*federation(6)])
        before = self.assert_intact()["events"]
        done = run("record", self.file, self.made)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot be read", done.stderr)
        line = json.dumps(request(1, "community.add", code="x")).encode()
        for text in (line + b"\0more\n", b"\0" + line + b"\n", b"[" * 100000, b"\xff\n",
                     line.replace(b'"x"', b'"\\u0000"'), line.replace(b'"x"', b'"\xff"'),
                     line.replace(b'"x"', b'"' + b"x" * 10_000_000 + b'"')):
            done = subprocess.run([PLENUM, "record", self.file], input=text, capture_output=True)
            self.assertEqual(done.returncode, 1, text[:80])
            self.assertIn(b"bad_request", done.stdout)
        self.assert_intact(before)
        done = subprocess.run([PLENUM, "record", "sqlite:" + self.file], input=line,
                              capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_intact(before + 1)

    def test_lines_that_are_no_requests_are_told_and_the_others_done(self):
        lines = 'hello\n[1]\n{"op":"record.begin","fields":{"title":"t"}}\n\n{"op":7}\n'
        done = subprocess.run([PLENUM, "record", self.file], input=lines, capture_output=True,
                              text=True, timeout=60)
        told = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(done.returncode, 1)
        self.assertEqual([t.get("height") for t in told], [None, None, 1, None])
        self.assertEqual([t.get("line") for t in told], [1, 2, None, 5])

    def test_the_key_is_for_its_owner_alone_and_a_record_without_it_is_not_continued(self):
        record(self.file, [*federation(6)])
        self.assertEqual(os.stat(self.file + ".key").st_mode & 0o777, 0o600)
        os.rename(self.file + ".key", self.file + ".away")
        done = run("record", self.file)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("no key beside it", done.stderr)
        self.assert_intact()

    def test_names_can_be_erased_and_the_record_stays_whole(self):
        record(self.file, [*federation(), *season(1)])
        code, _ = record(self.file, [request(7, "person.erase", person=7),
                                     request(9, "person.erase", person=9)])
        self.assertEqual(code, 0)
        told = self.assert_intact()
        self.assertEqual(told["erased"], 3)  # two people, and an objection
        whole = b""
        for end in ("", "-wal"):
            if os.path.exists(self.file + end):
                with open(self.file + end, "rb") as file:
                    whole += file.read()
        for gone in (b"person 7\"", b"person 9\"", b"too much noise"):
            self.assertNotIn(gone, whole)
        code, answers = record(self.file, [request(7, "person.rename", person=7, name="again")])
        self.assertEqual((code, answers[0]["error"]), (1, "denied"))

    def test_an_earlier_head_shows_what_was_cut_off(self):
        _, answers = record(self.file, [*federation()])
        head = answers[20]["hash"]
        self.assertEqual(run("verify", self.file, "--head", head).returncode, 0)
        self.assertEqual(run("verify", self.file, "--head", "0" * 64).returncode, 1)
        self.assertEqual(run("verify", self.file, "--head", "xyz").returncode, 2)
        self.assertEqual(self.second_opinion(head).returncode, 0)
        self.assertEqual(self.second_opinion("0" * 64).returncode, 1)

    def test_whatever_is_changed_in_the_file_is_found_by_both(self):
        record(self.file, [*federation(12), *season(1, people=12, rounds=1)])
        chance = random.Random(1)
        columns = ("type", "facts", "texts", "salt", "parent", "hash", "facts_hash", "texts_hash",
                   "signature")
        kept = self.file + ".kept"
        shutil.copy(self.file, kept)
        for _ in range(200 if LONG else 10 if FEW else 40):
            shutil.copy(kept, self.file)
            database = sqlite3.connect(self.file)
            heights = [h for h, in database.execute("SELECT height FROM event")]
            height, column = chance.choice(heights), chance.choice(columns)
            text, = database.execute(f"SELECT {column} FROM event WHERE height = ?",
                                     (height,)).fetchone()
            at = chance.randrange(len(text)) if text else 0
            if text:
                other = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1:]
                database.execute(f"UPDATE event SET {column} = ? WHERE height = ?",
                                 (other, height))
            database.commit()
            database.close()
            if not text:
                continue
            told = json.loads(run("verify", self.file, "--json").stdout)
            self.assertEqual(told.get("first_bad"), height, (column, at, told))
            second = self.second_opinion()
            self.assertEqual(second.returncode, 1, (column, at))
            self.assertIn(f"event {height}:", second.stdout)

    def forge(self, kind, change):
        """Change the facts of the first event of a kind, and sign everything anew."""
        done = subprocess.run(["/usr/bin/python3", "-B", FORGER, self.file, kind], input=change,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return int(done.stdout)

    def test_a_plan_that_is_not_the_best_or_not_that_adopted_is_found_although_it_is_signed(self):
        record(self.file, [*federation(12), *season(1, people=12, rounds=1)])
        kept = self.file + ".kept"
        price = 'facts["out"]["prices"][1]["price"] = "{}"'
        line = "UPDATE plan_line SET quantity = {} WHERE {}"
        for change, rows, says in ((price.format("5.9"), "", "credits that flow"),
                                   (price.format("0.1"), "", "credits that flow"),
                                   ("pass", line.format("quantity - 1", "role = 'wants'"), "those that were adopted"),
                                   (None, line.format("quantity + 5", "role = 'wants'"), "are missing"),
                                   (None, line.format("quantity - 5", "role = 'wants'"), "what it asks for"),
                                   (None, line.format("quantity - 9", "good = 3 AND role = 'uses'"), "its recipe")):
            shutil.copy(self.file, kept)
            told = self.change_lines(rows or "SELECT 1")
            height = self.forge("plan.adopt", change or f'facts["out"]["lines"] = "{told}"')
            for judge in (self.second_opinion(), run("verify", self.file, "--json")):
                self.assertEqual(judge.returncode, 1, (change, rows))
            self.assertRegex(self.second_opinion().stdout, f"event {height}: .*{says}")
            shutil.copy(kept, self.file)
        self.assert_intact()

    def test_a_file_that_is_no_record_is_refused_and_left_alone(self):
        with open(self.file, "wb") as file:
            file.write(b"good,price\nbread,3\n" * 100)
        for words in (("verify", self.file), ("export", self.file, self.made + "/out")):
            done = run(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("no record", done.stderr)
        self.assertEqual(run("verify", self.file + ".missing").returncode, 2)
        self.assertFalse(os.path.exists(self.file + ".missing"))

    def test_a_supply_that_changes_later_leaves_an_adopted_plan_as_it_was(self):
        record(self.file, [*federation(12), *season(1, people=12, rounds=1)])
        self.assertEqual(self.asked(request(1, "good.set", code="labour", kind="labour", unit="hours",
                                            step="0.25", supply=1, price="10")), "")
        self.assert_intact()

    # while others write, and deaths

    def test_a_record_verifies_while_it_is_written(self):
        record(self.file, list(federation(6)))
        child = subprocess.Popen([PLENUM, "record", self.file], stdin=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL, text=True)
        writer = threading.Thread(target=child.communicate, args=("".join(
            json.dumps(request(1, "council.add", code=f"c{n}", kind="workers")) + "\n" for n in range(1500)),))
        writer.start()
        checked = 0
        while child.poll() is None and checked < 5:
            self.assert_intact_alone()
            checked += 1
        writer.join()
        self.assertGreater(checked, 0)

    def assert_intact_alone(self):
        told = json.loads(run("verify", self.file, "--json").stdout)
        second = self.second_opinion()
        self.assertEqual((told.get("reason"), second.returncode), (None, 0), second.stdout)

    def test_killed_at_any_moment_it_has_lost_nothing_that_it_acknowledged(self):
        record(self.file, list(federation(6)))
        chance, acknowledged, last = random.Random(2), 0, 0
        lines = "".join(json.dumps(request(1, "council.add", code=f"c{{n}}", kind="workers")) + "\n"
                        for _ in range(300))
        number, reach = 0, 0.2 if FEW else 0.06
        for _ in range(1000 if LONG else 40 if FEW else 100):
            text = lines
            while "{n}" in text:
                number += 1
                text = text.replace("{n}", str(number), 1)
            child = subprocess.Popen([PLENUM, "record", self.file], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True)
            killer = threading.Timer(chance.uniform(0.005, reach),
                                     lambda c=child: c.send_signal(signal.SIGKILL))
            killer.start()
            try:
                out, _ = child.communicate(text, timeout=60)
            except BrokenPipeError:
                out = ""
            killer.cancel()
            told = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
            heights = [t["height"] for t in told if "height" in t]
            acknowledged += len(heights)
            # on a busy machine, or with sanitizers, a program takes longer to begin
            reach *= 0.95 if len(heights) > 50 else 1 if heights else 1.2
            last = max([last, *heights])
            with sqlite3.connect(self.file) as database:
                kept, = database.execute("SELECT max(height) FROM event").fetchone()
            database.close()
            self.assertGreaterEqual(kept, last)
            last = kept
        print(f"    {acknowledged} acknowledged, none lost", file=sys.stderr)
        self.assertGreater(acknowledged, 100)
        self.assert_intact(last)

    def test_a_full_disk_loses_nothing_and_goes_on_when_there_is_room(self):
        record(self.file, list(federation(6)))
        before = self.assert_intact()
        limit = os.path.getsize(self.file) // 1024 + 40
        lines = "".join(json.dumps(request(1, "council.add", code=f"c{n}", name="x" * 150, kind="workers")) + "\n"
                        for n in range(400))
        done = subprocess.run(["sh", "-c", f"ulimit -f {limit}; trap '' XFSZ; exec \"$@\"", "sh",
                               PLENUM, "record", self.file], input=lines, capture_output=True,
                              text=True, timeout=120)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("everything before it is safe", done.stderr)
        told = [json.loads(line) for line in done.stdout.splitlines()]
        after = self.assert_intact()
        self.assertEqual(after["events"], before["events"] + len(told))
        code, _ = record(self.file, [request(1, "community.add", code="room again")])
        self.assertEqual(code, 0)
        self.assert_intact(after["events"] + 1)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
