# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum export FILE DEST.zip: a record as tables. record_export.py PLENUM VERIFIER

Python's zipfile and csv read what was written, sqlite3 and hashlib say what it should be. Run by
with-postgres it tests the same on PostgreSQL alone."""
import csv
import fnmatch
import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

from federation import federation, request, rows, season
from record import PLENUM, afterwards, in_an_hour, record, run

ADDRESS = os.environ.get("PLENUM_POSTGRES")
csv.field_size_limit(1 << 30)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
FORMULAS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
HOSTILE = ["=cmd|'/c calc'!A1", "+1 233", "-bread", "@SUM(A1)", "'=1", "'quoted'",
           " =1+1", "\uff1d1", 'a","=1', "a;=1", "-5", "plain", " spaced "]
MARKS = ["1=48151623 2=-3", "2=42108421", "1=23571113"]


def meant(cell):
    """The text of a cell, as README.txt says."""
    return cell.removeprefix("'")


def tables(path):
    """Every table of a zip: name without .csv -> header, rows; texts as they were meant."""
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        found = {}
        for name in file.namelist():
            if not name.endswith(".csv"):
                continue
            text = io.TextIOWrapper(file.open(name), encoding="utf-8", newline="")
            header, *lines = csv.reader(text, strict=True)
            found[name.removesuffix(".csv")] = header, [[meant(c) for c in r] for r in lines]
        return found


def contents(path):
    """All that is in a zip file or a folder, one text."""
    if os.path.isdir(path):
        return b"".join(pathlib.Path(path, name).read_bytes() for name in os.listdir(path))
    with zipfile.ZipFile(path) as file:
        return b"".join(file.read(name) for name in file.namelist())


def open_vote(number, council=0):
    """A vote with points that no other number looks like, which stays open."""
    yield request(1, "vote.open", title="Hours", ballots="score", rule="score", seats=1, secret=0,
                  council=council, until=in_an_hour(), options=[{"code": "fewer"}, {"code": "more"}])
    for voter, marks in enumerate(MARKS, 1):
        yield request(voter, "vote.cast", vote=number, marks=marks)


def years():
    """Two seasons; between them a good and a recipe change, and a council comes."""
    yield from federation(12)
    yield from season(1, people=12, rounds=2)
    yield request(1, "community.add", code="valley", name="The valley")
    yield request(1, "council.add", code="mill", kind="workers", community=1)
    yield request(1, "good.set", code="flour", kind="product", unit="kg", step="0.1", price="2")
    yield request(4, "schedule.set", council=3, schedule="request",
                  lines=rows((2, "wants", "700")))
    yield from season(2, people=12, rounds=1)


class Export(unittest.TestCase):
    def setUp(self):
        self.made = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.made)
        self.file = self.at("r.plenum")

    def at(self, name):
        return os.path.join(self.made, name)

    def export(self, name, *options, code=0, **more):
        done = run("export", self.file, self.at(name), *options, **more)
        self.assertEqual(done.returncode, code, done.stderr)
        return self.at(name) if code == 0 else done.stderr

    def left(self):
        """What lies in the folder besides the record."""
        return sorted(n for n in os.listdir(self.made) if not n.startswith("r.plenum"))

    def kept(self, table, columns):
        """The rows that the record's file holds, by its keys."""
        with sqlite3.connect(self.file) as database:
            found = database.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
            keys = [c[1] for c in database.execute(f"PRAGMA table_info({table})") if c[5] > 0]
        database.close()
        order = [columns.index(k) for k in keys]
        return [[str(c) for c in r] for r in sorted(found, key=lambda r: [r[i] for i in order])]

    def test_the_tables_hold_what_the_record_holds_in_the_order_of_its_keys(self):
        record(self.file, list(years()))
        for options in ((), ("--texts",)):
            found = tables(self.export(f"{len(options)}.zip", *options))
            with sqlite3.connect(self.file) as database:
                names = [n for n, in database.execute(
                    "SELECT name FROM sqlite_schema WHERE type = 'table'"
                    " AND name NOT IN ('event', 'note')")]
            database.close()
            self.assertEqual(set(names), {n for n in found if "/" not in n} - {"events", "columns"})
            for name in names:
                header, lines = found[name]
                self.assertEqual(lines, self.kept(name, header), name)
            header, lines = found["events"]
            columns = ["seconds AS time" if c == "x" else c for c in header]
            kept = self.kept("event", ["time" if c == "seconds" else c for c in columns])
            at = header.index("time")
            for line, event in zip(lines, kept, strict=True):
                event[at] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(event[at])))
                self.assertEqual(line, event)

    def test_every_column_is_defined_and_no_other(self):
        record(self.file, list(years()))
        for options in ((), ("--texts",), ("--person", "2")):
            found = tables(self.export(f"x{len(options)}.zip", *options))
            header, lines = found["columns"]
            self.assertEqual(header, ["table", "column", "part", "kind", "unit", "lowest",
                                      "highest", "refers_to", "meaning"])
            defined = {}
            for line in lines:
                told = dict(zip(header, line, strict=True))
                self.assertNotEqual((told["meaning"], told["kind"]), ("", ""))
                columns = defined.setdefault(told["table"], [])
                self.assertNotIn(told["column"], columns)
                columns.append(told["column"])
                if told["refers_to"]:
                    self.assertTrue(told["refers_to"] in found or "--person" in options or
                                    told["refers_to"].startswith("rounds/"), told)
            for name, (header, _) in found.items():
                rule = next(r for r in defined if fnmatch.fnmatch(name, r))
                if "/" in name:
                    self.assertLessEqual(set(header), set(defined[rule]), name)
                else:
                    self.assertEqual(header, defined[rule], name)
            self.assertLessEqual({d for d in defined if "/" not in d}, set(found))
            header, lines = found["columns"]
            for table, column, _, kind, unit, lowest, highest, _, _ in lines:
                if table not in found:
                    continue
                at = found[table][0].index(column)
                for line in found[table][1]:
                    number = len(line[at].encode()) if kind == "text" else int(line[at])
                    self.assertGreaterEqual(number, int(lowest or number), (table, column))
                    self.assertLessEqual(number, int(highest or number), (table, column))
                    if "|" in unit and line[at]:
                        self.assertIn(line[at], unit.split("|"), (table, column))

    def test_the_chain_can_be_followed_in_the_table_of_events(self):
        record(self.file, list(years()))
        head = json.loads(run("verify", self.file, "--json").stdout)["head"]
        path = self.export("x.zip", "--texts")
        header, lines = tables(path)["events"]
        parent = "0" * 64
        for line in lines:
            e = dict(zip(header, line, strict=True))
            self.assertEqual(hashlib.sha256(e["facts"].encode()).hexdigest(), e["facts_hash"])
            texts = hashlib.sha256((e["salt"] + e["texts"]).encode()).hexdigest()
            self.assertEqual(e["texts_hash"], texts if e["texts"] else "0" * 64)
            self.assertEqual(e["parent"], parent)
            told = ["plenum 1", *(e[k] for k in ("height", "parent", "seconds", "actor", "type",
                                                 "facts_hash", "texts_hash"))]
            parent = hashlib.sha256("".join(t + "\n" for t in told).encode()).hexdigest()
            self.assertEqual(e["hash"], parent)
        self.assertEqual(parent, head)
        with zipfile.ZipFile(path) as file:
            self.assertIn(head, file.read("README.txt").decode())

    def test_the_economy_of_every_closed_round_is_that_of_its_own_export(self):
        record(self.file, list(years()))
        with zipfile.ZipFile(self.export("x.zip")) as file:
            folders = sorted({n.rsplit("/", 1)[0] for n in file.namelist() if "/" in n})
            self.assertEqual(folders, ["rounds/1-1", "rounds/1-2", "rounds/2-1"])
            file.extractall(self.at("x"), [n for n in file.namelist() if "/" in n])
        for folder in folders:
            number, which = folder.removeprefix("rounds/").split("-")
            alone = self.export(folder.replace("/", "-"), "--season", number, "--round", which)
            self.assertEqual(sorted(os.listdir(alone)), sorted(os.listdir(self.at("x/" + folder))))
            for name in os.listdir(alone):
                with open(os.path.join(alone, name), "rb") as one, \
                        open(os.path.join(self.at("x"), folder, name), "rb") as other:
                    self.assertEqual(one.read(), other.read(), name)
        with sqlite3.connect(self.file) as database:
            recorded = [json.loads(f)["out"]["digest"] for f, in database.execute(
                "SELECT facts FROM event WHERE type = 'round.close' ORDER BY height")]
        database.close()
        for folder, digest in zip(folders, recorded, strict=True):
            plan = json.loads(run("plan", os.path.join(self.at("x"), folder), "--json").stdout)
            self.assertEqual(plan["digest"], digest)

    def test_the_same_record_gives_the_same_bytes(self):
        record(self.file, list(years()))
        bytes_of = []
        for zone in ("UTC0", "America/New_York", "Asia/Kathmandu"):
            path = self.export(zone.replace("/", "-") + ".zip",
                               env={**os.environ, "TZ": zone, "LC_ALL": "C.UTF-8"})
            with open(path, "rb") as file:
                bytes_of.append(file.read())
            time.sleep(1)
        self.assertEqual(len(set(bytes_of)), 1)

    def test_ballots_of_open_votes_are_in_no_export_and_those_of_closed_ones_are(self):
        record(self.file, [*years(), *open_vote(3)])
        with sqlite3.connect(self.file) as database:
            secret = [b.encode() for row in database.execute(
                "SELECT receipt, marks FROM ballot WHERE vote = 3") for b in row]
        database.close()
        self.assertEqual(len(secret), 6)
        self.assertEqual({s for s in secret if b"=" in s}, {m.encode() for m in MARKS})
        kinds = [("",), ("--texts",), *(("--person", str(p)) for p in (1, 2, 3))]
        paths = [self.export(f"a{i}.zip", *filter(None, o)) for i, o in enumerate(kinds)]
        paths.append(self.export("folder"))
        for path in paths:
            whole = contents(path)
            for text in secret:
                self.assertNotIn(text, whole, path)
        for path in paths[:2]:
            header, lines = tables(path)["vote_option"]
            for line in lines:
                told = dict(zip(header, line, strict=True))
                if told["vote"] == "3":
                    self.assertEqual((told["place"], told["won"]), ("0", "0"))
            header, lines = tables(path)["events"]
            for line in lines:
                e = dict(zip(header, line, strict=True))
                facts = json.loads(e["facts"])
                if e["type"] == "vote.cast":
                    self.assertEqual((set(facts["in"]), facts["out"]), ({"vote"}, {}))
                if facts["in"].get("vote") == 3:
                    self.assertEqual(e["type"], "vote.cast")
        record(self.file, [afterwards(request(1, "vote.close", vote=3))])
        whole = contents(self.export("closed.zip"))
        for text in secret:
            self.assertIn(text, whole)

    def test_what_can_be_erased_is_left_out_unless_it_is_asked_for(self):
        record(self.file, [*years(), request(9, "person.erase", person=9)])
        with sqlite3.connect(self.file) as database:
            salts = [s.encode() for s, in database.execute(
                "SELECT salt FROM event WHERE length(salt) > 0")]
        database.close()
        texts = [b"Ada", b"person 7", b"door 7", b"as last year", b"the ovens are now closed",
                 b"by cart", *salts]
        gone = [b"person 9", b"door 9", b"too much noise"]
        without, brought = contents(self.export("w.zip")), contents(self.export("t.zip", "--texts"))
        for text in texts:
            self.assertNotIn(text, without)
            self.assertIn(text, brought)
        for text in gone:
            self.assertNotIn(text, brought)
        self.assertEqual(os.stat(self.at("t.zip")).st_mode & 0o777, 0o600)
        self.assertIn(b"NOT TO BE PUBLISHED", brought)
        self.assertNotIn(b"NOT TO BE PUBLISHED", without)

    def test_no_text_becomes_a_formula_and_every_text_comes_back(self):
        record(self.file, [*federation(6), *(
            request(1, "community.add", code=f"{text}{i}" if text != "-5" else "-5", name=text,
                    parent=1 if i else 0)
            for i, text in enumerate(HOSTILE)), *(
            request(2, "person.rename", person=2, name=text, contact=text) for text in HOSTILE)])
        path = self.export("x.zip", "--texts")
        with zipfile.ZipFile(path) as file:
            for name in file.namelist():
                text = io.TextIOWrapper(file.open(name), encoding="utf-8", newline="")
                for row in csv.reader(text, strict=True) if name.endswith(".csv") else ():
                    for cell in row:
                        first = cell.lstrip(" ")[:1]
                        self.assertTrue(not first or first not in FORMULAS
                                        or NUMBER.fullmatch(cell), (name, cell))
        header, lines = tables(path)["community"]
        self.assertEqual([line[header.index("name")] for line in lines], HOSTILE)
        told = [json.loads(line[6])["name"] for line in tables(path)["events"][1]
                if line[4] == "person.rename"]
        self.assertEqual(told, HOSTILE)

    def test_a_round_that_would_hold_a_formula_is_left_out_and_said(self):
        formula = request(1, "community.add", code="=HYPERLINK(1)")
        record(self.file, [*federation(12), *season(1, people=12, rounds=1), formula,
                           *season(2, people=12, rounds=1)])
        with zipfile.ZipFile(self.export("x.zip")) as file:
            folders = {n.rsplit("/", 1)[0] for n in file.namelist() if "/" in n}
            readme = file.read("README.txt").decode()
        self.assertEqual(folders, {"rounds/1-1"})
        self.assertIn("round 1 of season 2: a spreadsheet would take", readme)
        self.export("folder", "--season", "2")

    def test_the_export_of_a_person_holds_what_names_the_person_and_no_text_of_others(self):
        recall = request(6, "vote.open", council=1, title="Recall", ballots="motion", secret=0,
                         rule="majority", seats=1, options=[{"code": "recall-2"}])
        record(self.file, [*years(), recall])
        path = self.export("p.zip", "--person", "2")
        found = tables(path)
        named = {"person": "id", "apart": "person", "membership": "person", "mandate": "person",
                 "proposal": "author", "objection": "author", "elector": "person",
                 "delivery": "author", "vote_option": "code", "calendar_wanted": "person",
                 "booking": "author", "erasure": "person", "swap": "author",
                 "suspension": "author", "comment": "author"}
        self.assertEqual(set(found), {*named, "events", "columns"})
        for name, column in named.items():
            header, lines = found[name]
            who = "recall-2" if name == "vote_option" else "2"
            kept = [r for r in self.kept(name, header) if r[header.index(column)] == who]
            self.assertEqual(lines, kept, name)
            self.assertTrue(kept or name in ("objection", "calendar_wanted", "booking", "comment", "erasure", "swap",
                                             "suspension"),
                            name)
        header, lines = found["events"]
        heights = {int(line[0]) for line in lines}
        with sqlite3.connect(self.file) as database:
            want = set()
            for height, actor, kind, text in database.execute(
                    "SELECT height, actor, type, facts FROM event"):
                facts = json.loads(text)
                if actor == 2 or 2 in (facts["in"].get("person"), facts["out"].get("person")) \
                        or (kind == "vote.open" and "recall-2" in text):
                    want.add(height)
            own = {h for h, in database.execute("SELECT height FROM apart WHERE person = 2")}
        database.close()
        self.assertEqual(heights, want | own)
        for line in lines:
            e = dict(zip(header, line, strict=True))
            if int(e["height"]) not in own:
                self.assertEqual((e["texts"], e["salt"]), ("", ""))
        whole = contents(path)
        for text in (b"person 2", b"door 2", b"as last year"):
            self.assertIn(text, whole)
        for text in (b"Ada", b"person 7", b"door 7", b"too much noise", b"ovens"):
            self.assertNotIn(text, whole)
        self.assertIn(b"nothing in the record binds a ballot to who cast it", whole)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.assertIn("no person 99", self.export("q.zip", "--person", "99", code=2))
        self.assertEqual(self.left(), ["p.zip"])

    def test_what_is_refused_writes_nothing_and_says_why(self):
        record(self.file, list(federation(6)))
        with open(self.at("there.zip"), "w", encoding="ascii") as file:
            file.write("mine")
        for words, says in (
                (("x.zip", "--round", "1"), "all closed rounds"),
                (("x.zip", "--season", "1"), "all closed rounds"),
                (("x", "--texts"), "DEST.zip"), (("x", "--person", "1"), "DEST.zip"),
                (("there.zip",), "is there already"),
                (("no/such/x.zip",), "does not exist")):
            self.assertIn(says, self.export(*words, code=2), words)
        done = run("export", self.at("none.plenum"), self.at("x.zip"))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.left(), ["there.zip"])
        with open(self.at("there.zip"), encoding="ascii") as file:
            self.assertEqual(file.read(), "mine")

    def test_a_full_disk_or_an_end_from_outside_leaves_nothing(self):
        record(self.file, list(years()))
        whole = len(contents(self.export("whole.zip"))) // 512
        os.remove(self.at("whole.zip"))
        self.assertGreater(whole, 100)
        for blocks in (80, whole - 1):  # of 512 bytes; SQLite's index of its own log has 64
            done = subprocess.run(["sh", "-c", f"ulimit -f {blocks}; trap '' XFSZ; exec \"$@\"",
                                   "sh", PLENUM, "export", self.file, self.at("x.zip")],
                                  capture_output=True, text=True, timeout=120)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn("x.zip cannot be written", done.stderr)
            self.assertEqual(self.left(), [])
        self.grow(60000)
        for wait in (0.02, 0.1, 0.2, 0.4):
            child = subprocess.Popen([PLENUM, "export", self.file, self.at("x.zip")],
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(wait)
            child.send_signal(signal.SIGINT)
            out, err = child.communicate(timeout=120)
            if child.returncode == 0:
                os.remove(self.at("x.zip"))
            else:
                self.assertIn(child.returncode, (130, -signal.SIGINT), err)
            self.assertEqual(self.left(), [])

    def grow(self, events):
        """Further events that no verifier would believe; exporting does not verify."""
        with sqlite3.connect(self.file) as database:
            last, = database.execute("SELECT max(height) FROM event").fetchone()
            database.executemany(
                "INSERT INTO event SELECT ?, time, 1, 'community.set', facts, texts, salt, parent,"
                " hash, facts_hash, texts_hash, signature FROM event WHERE height = 3",
                ((last + i,) for i in range(1, events + 1)))
        database.close()

    def test_memory_does_not_grow_with_the_events(self):
        record(self.file, list(federation(6)))
        most = []
        for turn, events in enumerate((1000, 30000)):
            self.grow(events)
            done = subprocess.run(
                [sys.executable, "-c", "import resource, subprocess, sys\n"
                 "code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
                 "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)",
                 PLENUM, "export", self.file, self.at(f"{turn}.zip")],
                capture_output=True, text=True, timeout=300)
            code, kibibytes = done.stdout.split()
            self.assertEqual(code, "0", done.stderr)
            most.append(int(kibibytes))
        self.assertLess(most[1] - most[0], 8 * 1024)


@unittest.skipUnless(ADDRESS, "no PostgreSQL here")
class OnPostgres(unittest.TestCase):
    def test_the_tables_are_those_of_the_same_history_in_a_file(self):
        with tempfile.TemporaryDirectory() as made:
            asked = "".join(json.dumps({**r, "time": 1767600000 + 60 * i}) + "\n"
                            for i, r in enumerate([*years(), *open_vote(3)]))
            environment = {**os.environ, "PLENUM_KEY": os.path.join(made, "key")}
            found = []
            for n, record_in in enumerate((os.path.join(made, "r.plenum"), ADDRESS)):
                for words in (["record", record_in], ["export", record_in, f"{made}/{n}.zip",
                                                      "--texts"]):
                    done = subprocess.run([PLENUM, *words], input=asked, capture_output=True,
                                          text=True, timeout=300, env=environment)
                    self.assertEqual(done.returncode, 0, done.stderr)
                found.append(tables(f"{made}/{n}.zip"))
            self.assertEqual(list(found[0]), list(found[1]))
            for name in found[0]:
                self.assertEqual(self.plain(*found[0][name]), self.plain(*found[1][name]), name)

    def plain(self, header, lines):
        """A table without what is drawn by chance, and what follows from it."""
        drawn = {"salt", "facts_hash", "texts_hash", "parent", "hash", "signature", "receipt"}
        kept = [[c for h, c in zip(header, line, strict=True) if h not in drawn] for line in lines]
        for line in kept:
            for i, cell in enumerate(line):
                line[i] = re.sub(r'"(key|receipt)": ?"[0-9a-f]+"', "", cell)
                if "ballots" in cell and cell.startswith("{"):
                    ballots = json.loads(re.sub("^$", "{}", cell)).get("in", {}).get("ballots")
                    line[i] = sorted(b["marks"] for b in ballots) if isinstance(ballots, list) \
                        else line[i]
        return header, sorted(kept, key=str) if "receipt" in header else kept


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], defaultTest="OnPostgres" if ADDRESS else "Export", verbosity=1)
