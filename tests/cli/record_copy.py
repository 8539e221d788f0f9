# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum backup, restore, move, doctor and tables of an older version. record_copy.py PLENUM
VERIFIER. Run by with-postgres it also moves records through a database. PLENUM_LONG=1 kills ten
times as often."""
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

PLENUM, VERIFIER = sys.argv[1], sys.argv[2]
NOW = 4  # version of the tables
KEPT = f".before-{NOW}"
HERE = os.path.dirname(os.path.abspath(__file__))
TIMES = 10 if os.environ.get("PLENUM_LONG") == "1" else 1
ADDRESS = os.environ.get("PLENUM_POSTGRES")
DAY = 86400


def run(*words, **options):
    return subprocess.run([PLENUM, *words], capture_output=True, text=True, timeout=300,
                          **{"stdin": subprocess.DEVNULL, **options})


def request(actor, op, **fields):
    return {"actor": actor, "op": op, "fields": fields}


def text_of(requests):
    return "".join(json.dumps(r) + "\n" for r in requests)


def record(file, requests, **options):
    done = run("record", file, input=text_of(requests), stdin=None, **options)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def federation(people=8):
    """A vote is open, with ballots of all but the last; a person was erased."""
    yield request(0, "record.begin", title="the valley", name="Ada")
    for i in range(2, people + 1):
        yield request(1, "person.add", name=f"person {i}", contact=f"door {i}")
    yield request(people, "person.erase", person=people)
    yield request(1, "vote.open", title="An oven", ballots="motion", secret=1, rule="majority",
                  seats=1, options=[{"code": "oven"}])
    for i in range(1, people - 1):
        yield request(i, "vote.cast", vote=1, marks="1=no" if i == 2 else "1=yes")


def close(vote=1):
    """The vote ends tomorrow, when it may though not everybody has voted."""
    return {**request(1, "vote.close", vote=vote), "time": int(time.time()) + DAY}


def councils(first, n):
    return [request(1, "council.add", code=f"c{i}", kind="workers") for i in range(first, first + n)]


def rows_of(file, sql, *values):
    database = sqlite3.connect(file)
    try:
        with database:
            return database.execute(sql, values).fetchall()
    finally:
        database.close()


def remember(file, kind, key, value="", until=253402300799):
    rows_of(file, "INSERT INTO note (kind, key, value, person, until) VALUES (?, ?, ?, 1, ?)",
            kind, key, value, until)


class Copies(unittest.TestCase):
    def setUp(self):
        self.made = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.made)
        self.file = self.path("valley.plenum")

    def path(self, name):
        return os.path.join(self.made, name)

    def names(self):
        return sorted(name for name in os.listdir(self.made) if not name.endswith(("-wal", "-shm")))

    def begin(self, *more):
        code, answers, _ = record(self.file, [*federation(), *more])
        self.assertEqual(code, 0, answers[-1])
        return answers[-1]["hash"]

    def done(self, *words, code=0, **options):
        """@return what a command printed, which ends as expected"""
        told = run(*words, **options)
        self.assertEqual(told.returncode, code, told.stdout + told.stderr)
        return told.stdout if code == 0 else told.stdout + told.stderr

    def carried(self, *words):
        return json.loads(self.done(*words, "--json"))

    def refused(self, *words, says):
        before = self.names()
        self.assertIn(says, self.done(*words, code=2))
        self.assertEqual(self.names(), before)

    def intact(self, file, **options):
        told = json.loads(self.done("verify", file, "--json", **options))
        self.assertTrue(told["intact"] and told["tables_compared"], told)
        if not file.startswith("postgres:"):
            second = subprocess.run(["/usr/bin/python3", "-B", VERIFIER, file],
                                    capture_output=True, text=True, timeout=300)
            self.assertIn(told["head"], second.stdout, second.stdout + second.stderr)
        return told

    def assert_closes(self, file, yes="5", **options):
        """The record goes on, and the ballots of its open vote are all there."""
        code, answers, err = record(file, [close()], **options)
        self.assertEqual((code, err), (0, ""), answers)
        self.assertEqual(answers[0]["answer"]["tallies"], [yes])
        self.intact(file)


class Backup(Copies):
    def test_a_backup_restored_holds_every_byte_and_goes_on(self):
        head = self.begin()
        remember(self.file, "session", "a", "kept")
        copy, back = self.path("copy"), self.path("back")
        told = self.carried("backup", self.file, copy)
        self.assertEqual((told["head"], told["events"], told["done_again"], told["key"]),
                         (head, 16, True, True))
        again = self.carried("restore", copy, back)
        self.assertEqual(again["contents"], told["contents"])
        for file in (copy, back):
            self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
            self.assertEqual(os.stat(file + ".key").st_mode & 0o777, 0o600)
            self.assertEqual(rows_of(file, "SELECT kind, key, value FROM note"),
                             [("session", "a", "kept")])
            self.assertEqual(len(rows_of(file, "SELECT * FROM ballot")), 6)
        self.assertEqual(self.intact(self.file)["state"], self.intact(back)["state"])
        self.assert_closes(back)
        self.assert_closes(self.file)
        self.assertEqual(self.intact(copy)["head"], head)
        self.assertEqual(self.names(), sorted(
            name + end for name in ("valley.plenum", "copy", "back") for end in ("", ".key")))

    def test_one_byte_more_or_less_is_another_content(self):
        self.begin()
        told = self.carried("backup", self.file, self.path("1"))["contents"]
        changes = ["UPDATE person SET name = 'Eve' WHERE id = 1",
                   "UPDATE ballot SET marks = '1=no' WHERE marks = '1=yes'",
                   "UPDATE person SET contact = ''", "DELETE FROM note"]
        for i, change in enumerate(changes):
            copy, again = self.path(f"x{i}"), self.path(f"y{i}")
            self.assertEqual(self.carried("restore", self.path("1"), copy)["contents"], told)
            if change.startswith("DELETE"):
                remember(copy, "a", "b")
            else:
                rows_of(copy, change)
            self.assertNotEqual(self.carried("backup", copy, again)["contents"], told, change)

    def test_backups_while_others_write_are_of_one_moment_each(self):
        self.begin()
        writer = subprocess.Popen([PLENUM, "record", self.file], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        feeder = threading.Thread(target=writer.communicate,
                                  args=(text_of(councils(0, 3000 * TIMES)),))
        feeder.start()
        heads = []
        for i in range(5):
            copy = self.path(f"copy{i}")
            told = self.carried("backup", self.file, copy, *(["--quick"] if i % 2 else []))
            self.assertEqual(self.intact(copy)["head"], told["head"])
            heads.append(told)
        feeder.join()
        self.assertEqual(writer.returncode, 0)
        for told in heads:
            self.done("verify", self.file, "--head", told["head"], "--quiet")
        self.assertGreater(len({told["events"] for told in heads}), 1)

    def test_nothing_is_ever_replaced(self):
        self.begin()
        self.done("backup", self.file, self.path("copy"))
        self.refused("backup", self.file, self.path("copy"), says="is there already")
        self.refused("restore", self.path("copy"), self.file, says="is there already")
        self.refused("move", self.path("copy"), self.path("copy"), says="where it is")
        with open(self.path("other.key"), "w", encoding="ascii") as file:
            file.write("ab" * 32 + "\n")
        self.refused("backup", self.file, self.path("other"), says="another key")
        self.refused("backup", self.file, self.path("no/where"), says="cannot be written")
        self.refused("backup", self.path("none"), self.path("x"), says="cannot be opened")
        self.refused("backup", self.file, "postgres:", says="a backup is a file")

    def test_without_its_key_a_copy_is_read_and_not_continued(self):
        self.begin()
        copy, back = self.path("copy"), self.path("back")
        self.assertIn("can be read and verified", self.done("backup", self.file, copy,
                                                            "--without-key"))
        self.assertFalse(os.path.exists(copy + ".key"))
        self.assertIn("has no key beside it", run("restore", copy, back).stderr)
        self.assertIn("no key beside it", record(back, [close()])[2])
        shutil.copy(self.file + ".key", back + ".key")
        self.assert_closes(back)
        os.remove(self.file + ".key")
        self.refused("backup", self.file, self.path("y"), says="valley.plenum.key cannot be read")

    def test_what_is_not_sound_is_not_backed_up(self):
        self.begin()
        for change in ("UPDATE event SET facts = replace(facts, 'oven', 'Oven')",
                       "DELETE FROM event WHERE height = 5",
                       "UPDATE person SET joined = joined + 1"):
            copy = self.path("damaged")
            for end in ("", ".key"):
                shutil.copy(self.file + end, copy + end)
            rows_of(copy, change)
            self.refused("backup", copy, self.path("copy"), says="not sound")
            quick = run("backup", copy, self.path("copy"), "--quick")
            self.assertEqual(quick.returncode, 0 if "joined" in change else 2, change)

    def test_killed_at_any_moment_there_is_no_backup_or_all_of_it(self):
        self.begin(*councils(0, 800))
        begun = time.monotonic()
        self.done("backup", self.file, self.path("first"))
        whole = time.monotonic() - begun
        chance = random.Random(5)
        kept = 0
        for i in range(8 * TIMES):
            copy = self.path(f"copy{i}")
            child = subprocess.Popen([PLENUM, "backup", self.file, copy],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, 1.1 * whole))
            child.send_signal(signal.SIGKILL)
            child.wait()
            if os.path.exists(copy):
                kept += 1
                self.intact(copy)
                os.remove(copy)
            self.done("backup", self.file, copy, "--quick")
        self.assertLess(kept, 8 * TIMES)

    def test_stopped_it_leaves_nothing_behind(self):
        self.begin(*councils(0, 800))
        before = self.names()
        for wait in (0.05, 0.1):
            child = subprocess.Popen([PLENUM, "backup", self.file, self.path("copy")],
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(wait)
            child.send_signal(signal.SIGINT)
            out, err = child.communicate()
            if child.returncode != 0:
                # before it listens the system ends it, and then it has written nothing
                self.assertIn(child.returncode, (130, -signal.SIGINT), err)
                self.assertEqual((out, self.names()), ("", before))
                continue
            os.remove(self.path("copy"))
            os.remove(self.path("copy.key"))


class Move(Copies):
    def test_a_moved_record_goes_on_there_alone(self):
        head = self.begin()
        there = self.path("there")
        open_one = subprocess.Popen([PLENUM, "record", self.file], stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, text=True)
        open_one.stdin.write(text_of(councils(0, 1)))
        open_one.stdin.flush()
        self.assertIn("height", open_one.stdout.readline())
        told = self.carried("move", self.file, there)
        self.assertEqual(told["events"], 17)
        out, _ = open_one.communicate(text_of(councils(1, 1)))
        self.assertIn(f"moved to {there}", json.loads(out)["message"])
        self.assertEqual(record(self.file, [close()])[1][0]["error"], "conflict")
        self.assert_closes(there)
        self.refused("move", self.file, self.path("other"), says=f"moved to {there}")
        self.assertEqual(self.intact(self.file)["head"], told["head"])
        self.assertNotEqual(head, told["head"])
        # a backup of what was moved is no record to go on with
        self.done("backup", self.file, self.path("late"))
        self.refused("restore", self.path("late"), self.path("back"), says="goes on")
        self.assertIn(f"moved to {there}", " ".join(self.done("doctor", self.file, code=1).split()))

    def test_a_move_that_ended_before_its_last_step_is_ended_by_the_same_command(self):
        self.begin()
        there = self.path("there")
        first = self.carried("move", self.file, there)
        rows_of(self.file, "DELETE FROM note WHERE kind = 'moved'")
        os.remove(there + ".key")
        self.assertEqual(self.carried("move", self.file, there)["contents"], first["contents"])
        self.assertEqual(record(self.file, [close()])[1][0]["error"], "conflict")
        rows_of(self.file, "DELETE FROM note WHERE kind = 'moved'")
        self.assert_closes(there)
        self.refused("move", self.file, there, says="is there already")
        self.assert_closes(self.file)


class Older(Copies):
    """tests/record/version1.sql: a record whose tables have version 1."""

    def load(self, *changes):
        for name in os.listdir(self.made):
            os.remove(self.path(name))
        with open(os.path.join(HERE, "..", "record", "version1.sql"), encoding="utf-8") as file:
            text = file.read()
        database = sqlite3.connect(self.file)
        database.executescript(text)
        for change in changes:
            database.executescript(change)
        database.commit()
        database.close()
        key, = (line[7:] for line in text.splitlines() if line.startswith("-- key "))
        with open(self.file + ".key", "w", encoding="ascii",
                  opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(key + "\n")

    def version(self, file):
        return rows_of(file, "PRAGMA user_version")[0][0]

    def test_it_is_read_as_it_is_and_written_to_when_it_is_up_to_date(self):
        self.load()
        told = json.loads(self.done("verify", self.file, "--json"))
        self.assertEqual((told["intact"], told["tables_compared"], told["events"]),
                         (True, False, 79))
        self.assertIn("were not", self.done("verify", self.file))
        self.done("export", self.file, self.path("round"))
        shutil.rmtree(self.path("round"))
        self.assertIn(f"version 1 of {NOW}", self.done("doctor", self.file, code=1))
        self.refused("backup", self.file, self.path("copy"), says="doctor --migrate")
        self.assertEqual(self.version(self.file), 1)
        before = rows_of(self.file, "SELECT * FROM ballot")
        code, answers, err = record(self.file, [request(1, "vote.close", vote=2)])
        self.assertEqual((code, answers[0]["answer"]["tallies"]), (0, ["4"]), answers)
        self.assertIn("valley.plenum" + KEPT, err)
        self.assertEqual(self.version(self.file), NOW)
        self.assertEqual(self.intact(self.file)["events"], 80)
        kept = self.file + KEPT
        self.assertEqual((self.version(kept), rows_of(kept, "SELECT * FROM ballot")), (1, before))
        self.assertEqual(rows_of(kept, "SELECT max(height) FROM event"), [(79,)])
        self.assertEqual(record(self.file, councils(0, 1))[2], "")

    def test_tables_that_differ_in_any_way_are_made_anew(self):
        changes = ["ALTER TABLE person ADD COLUMN nickname TEXT NOT NULL DEFAULT 'x'",
                   "DROP TABLE delivery", "CREATE TABLE other (a INTEGER); INSERT INTO other VALUES (1)",
                   "ALTER TABLE ballot ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'",
                   "UPDATE person SET joined = 1", "ALTER TABLE council DROP COLUMN income",
                   "DROP INDEX good_code_unique",
                   "CREATE TABLE note (kind TEXT, key TEXT, until INTEGER);"
                   "INSERT INTO note VALUES ('session', 'a', 5)"]
        for change in changes:
            self.load(change)
            ballots = rows_of(self.file, "SELECT vote, receipt, marks FROM ballot")
            self.done("doctor", self.file, "--migrate", code=1)  # there was no backup
            self.intact(self.file)
            self.assertEqual(rows_of(self.file, "SELECT * FROM ballot"), ballots)
            self.assertEqual(rows_of(self.file, "SELECT * FROM note"),
                             [("session", "a", "", 0, 5)] if "note" in change else [])
            self.assertEqual(rows_of(self.file, "PRAGMA integrity_check"), [("ok",)])
            self.assertEqual(rows_of(self.file, "SELECT count(*) FROM sqlite_schema WHERE name = 'other'"),
                             [(0,)])

    def test_what_cannot_be_made_anew_stays_as_it_is(self):
        self.load("UPDATE event SET facts = replace(facts, 'bread', 'Bread')")
        before = rows_of(self.file, "SELECT * FROM person")
        self.assertIn("event", self.done("doctor", self.file, "--migrate", code=2))
        self.assertEqual((self.version(self.file), rows_of(self.file, "SELECT * FROM person")),
                         (1, before))

    def test_the_copy_beside_replaces_nothing(self):
        self.load()
        kept = self.file + KEPT
        with open(kept, "w", encoding="ascii") as file:
            file.write("mine")
        self.refused("doctor", self.file, "--migrate", says="move it away")
        with open(kept, encoding="ascii") as file:
            self.assertEqual(file.read(), "mine")
        self.assertEqual(self.version(self.file), 1)

    def test_a_newer_version_is_left_alone(self):
        self.load("PRAGMA user_version = 9")
        self.refused("verify", self.file, says="version 9")
        self.refused("doctor", self.file, "--migrate", says="version 9")

    def test_killed_at_any_moment_the_record_opens_again(self):
        self.load()
        begun = time.monotonic()
        self.done("doctor", self.file, "--migrate", code=1)
        whole = time.monotonic() - begun
        chance, seen = random.Random(7), set()
        for _ in range(20 * TIMES):
            self.load()
            child = subprocess.Popen([PLENUM, "doctor", self.file, "--migrate"],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, 1.1 * whole))
            child.send_signal(signal.SIGKILL)
            child.wait()
            seen.add((self.version(self.file), os.path.exists(self.file + KEPT)))
            self.assertEqual(rows_of(self.file, "PRAGMA integrity_check"), [("ok",)])
            told = run("doctor", self.file, "--migrate")
            self.assertEqual(told.returncode, 1, told.stdout + told.stderr)
            self.assertEqual(self.version(self.file), NOW)
            self.assertEqual(len(rows_of(self.file, "SELECT * FROM ballot WHERE vote = 2")), 5)
            self.assertTrue(json.loads(self.done("verify", self.file, "--json"))["intact"])
            self.assertEqual(self.version(self.file + KEPT), 1)
        self.assertIn((1, False), seen)

    def test_two_processes_that_find_it_at_once_make_it_anew_once(self):
        for _ in range(3):
            self.load()
            lines = [text_of(councils(10 * i, 5)) for i in range(4)]
            children = [subprocess.Popen([PLENUM, "record", self.file], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                        for _ in lines]
            told = [None] * 4

            def feed(i):
                told[i] = children[i].communicate(lines[i])
            threads = [threading.Thread(target=feed, args=(i,)) for i in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual([child.returncode for child in children], [0] * 4, told)
            self.assertEqual(sum(KEPT in err for _, err in told), 1, told)
            self.assertEqual(self.intact(self.file)["events"], 99)


class Beginning(Copies):
    def test_of_many_who_begin_a_record_at_once_one_does_and_the_others_go_on(self):
        for turn in range(5 * TIMES):
            file = self.path(f"r{turn}")
            lines = text_of([request(0, "record.begin", title="t", name="Ada")])
            children = [subprocess.Popen([PLENUM, "record", file], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                        for _ in range(6)]
            for child in children:
                child.stdin.write(lines)
                child.stdin.flush()
            told = [child.communicate() for child in children]
            self.assertEqual(sorted(child.returncode for child in children), [0, 1, 1, 1, 1, 1],
                             told)
            self.assertEqual({err for _, err in told}, {""})
            self.assertEqual(sum("begun already" in out for out, _ in told), 5)
            self.assertEqual(self.intact(file)["events"], 1)

    def test_killed_while_it_is_made_it_can_be_begun_again(self):
        chance = random.Random(9)
        lines = text_of([request(0, "record.begin", title="t", name="Ada")])
        for turn in range(25 * TIMES):
            file = self.path(f"r{turn}")
            child = subprocess.Popen([PLENUM, "record", file], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            child.stdin.write(lines)
            child.stdin.flush()
            time.sleep(chance.uniform(0, 0.02))
            child.send_signal(signal.SIGKILL)
            out, _ = child.communicate()
            again = run("record", file, input=lines, stdin=None)
            there = "height" in out or "begun already" in again.stdout
            self.assertEqual((again.returncode, again.stderr), (1 if there else 0, ""), out)
            self.assertTrue(json.loads(self.done("verify", file, "--json"))["intact"])

    def test_an_empty_file_is_no_record(self):
        with open(self.path("empty"), "w", encoding="ascii"):
            pass
        for verb in ("verify", "doctor"):
            self.refused(verb, self.path("empty"), says="no record")
        self.assertEqual(os.path.getsize(self.path("empty")), 0)


class Doctor(Copies):
    def findings(self, code):
        told = json.loads(self.done("doctor", self.file, "--json", code=code))
        self.assertEqual(told["good"], code == 0, told)
        return {f["what"]: f["said"] for f in told["findings"] if not f["good"]}

    def test_a_record_that_is_well_needs_nothing(self):
        head = self.begin()
        self.assertEqual(list(self.findings(1)), ["backup"])
        self.done("backup", self.file, self.path("copy"))
        told = self.done("doctor", self.file)
        self.assertIn("Nothing needs attention", told)
        self.assertIn(head, told)
        self.assertIn("1 is open, vote 1", told)
        self.assertLessEqual(max(map(len, told.splitlines())), 80)
        record(self.file, councils(0, 3))
        self.assertIn("3 events since", self.done("doctor", self.file))
        self.assertEqual(self.done("doctor", self.file, "--quiet"), "")

    def test_each_thing_that_is_wrong_is_named_with_what_to_do(self):
        self.begin()
        self.done("backup", self.file, self.path("copy"))
        now = int(time.time())
        key = self.file + ".key"

        def only(what, says):
            found = self.findings(1)
            self.assertEqual(list(found), [what], found)
            self.assertIn(says, found[what])
        os.chmod(key, 0o644)
        only("key", "chmod 600")
        os.chmod(key, 0o600)
        os.rename(key, key + ".away")
        only("key", "nothing can be recorded")
        with open(key, "w", encoding="ascii", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write("ab" * 32 + "\n")
        only("key", "not the key of this record")
        os.rename(key + ".away", key)
        os.chmod(self.file, 0o644)
        only("file", "chmod o=")
        os.chmod(self.file, 0o600)
        self.assertEqual(record(self.file, [request(
            1, "mandate.give", person=2, role="auditor", until=now + 13 * DAY)])[0], 0)
        only("terms", "person 2 as auditor")
        rows_of(self.file, "UPDATE mandate SET until = ? WHERE role = 'auditor'", now - 1)
        self.findings(0)
        rows_of(self.file, "UPDATE mandate SET until = ? WHERE role = 'facilitator'", now + 13 * DAY)
        self.assertEqual(sorted(self.findings(1)), ["facilitator", "terms"])
        rows_of(self.file, "UPDATE mandate SET until = ? WHERE role = 'facilitator'", now - 1)
        only("facilitator", "there is none")
        rows_of(self.file, "UPDATE mandate SET until = ? WHERE role = 'facilitator'", now + 15 * DAY)
        self.findings(0)
        record(self.file, councils(0, 2))
        rows_of(self.file, "UPDATE note SET value = json_set(value, '$.time', ?)", now - 3 * DAY)
        only("backup", "3 events since")
        rows_of(self.file, "UPDATE note SET value = json_set(value, '$.time', ?)", now)
        record(self.file, [{**councils(5, 1)[0], "time": now + 3600}])
        only("clock", "set it")

    def test_damage_is_told(self):
        self.begin(*councils(0, 60))
        self.done("backup", self.file, self.path("copy"))
        with sqlite3.connect(self.file) as database:
            database.execute("PRAGMA writable_schema = ON")
            database.execute("DELETE FROM sqlite_schema WHERE name = 'good_code_unique'")
        self.assertIn("restore the last backup", self.findings(1)["database"])


class Database(Copies):
    def setUp(self):
        super().setUp()
        self.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
                 f" DROP SCHEMA IF EXISTS plenum_before_{NOW} CASCADE")
        self.env = {**os.environ, "PLENUM_KEY": self.path("key")}

    def sql(self, text):
        done = subprocess.run(["psql", "-X", "-A", "-t", "-q", "-d", ADDRESS.removeprefix("postgres:"),
                               "-c", "SET client_min_messages = error", "-c", text],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def done(self, *words, **options):
        return super().done(*words, **{"env": self.env, **options})

    def test_from_a_file_to_the_database_and_back_nothing_changes_and_it_goes_on(self):
        self.begin()
        remember(self.file, "session", "a", "kept")
        state = self.intact(self.file)["state"]
        first = self.carried("move", self.file, ADDRESS)
        self.assertEqual(self.intact(ADDRESS)["state"], state)
        code, answers, _ = record(ADDRESS, councils(0, 2), env=self.env)
        self.assertEqual((code, answers[1]["height"]), (0, 18))
        self.refused("restore", self.file, ADDRESS, says="moved to")
        copy, back = self.path("copy"), self.path("back")
        there = self.carried("backup", ADDRESS, copy)
        self.assertNotEqual(there["contents"], first["contents"])
        self.assertIn("18 events", self.done("doctor", ADDRESS))
        last = self.carried("move", ADDRESS, back)
        self.assertEqual(last["head"], there["head"])
        self.assertIn("moved to", record(ADDRESS, [close()], env=self.env)[1][0]["message"])
        self.assertEqual(rows_of(back, "SELECT value FROM note WHERE kind = 'session'"), [("kept",)])
        self.assert_closes(back)
        self.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        self.assertEqual(self.carried("restore", copy, ADDRESS)["contents"], there["contents"])
        code, answers, _ = record(ADDRESS, [close()], env=self.env)
        self.assertEqual((code, answers[0]["answer"]["tallies"]), (0, ["5"]))
        self.intact(ADDRESS)

    def test_a_database_that_holds_a_record_is_not_replaced(self):
        self.begin()
        self.done("backup", self.file, self.path("copy"))
        self.done("restore", self.file, ADDRESS)
        self.refused("restore", self.path("copy"), ADDRESS, says="a record already")
        self.refused("move", ADDRESS, ADDRESS + " application_name=x", says="a record already")
        self.assertEqual(record(ADDRESS, councils(0, 1), env=self.env)[0], 0)

    def test_tables_of_an_older_version_are_kept_in_a_schema_and_made_anew(self):
        self.begin()
        self.done("restore", self.file, ADDRESS)
        self.sql("DROP TABLE note; UPDATE plenum SET version = 1;"
                 " ALTER TABLE ballot ADD COLUMN colour TEXT; ALTER TABLE council DROP COLUMN income")
        self.assertIn("were not", self.done("verify", ADDRESS))
        told = run("doctor", ADDRESS, "--migrate", env=self.env)
        self.assertIn(f"schema plenum_before_{NOW}", told.stderr)
        self.assertEqual(self.sql(f"SELECT count(*) FROM plenum_before_{NOW}.ballot"), "6")
        self.assertEqual(self.sql("SELECT version FROM plenum"), f"{NOW}")
        code, answers, err = record(ADDRESS, [close()], env=self.env)
        self.assertEqual((code, err, answers[0]["answer"]["tallies"]), (0, "", ["5"]))
        self.intact(ADDRESS)

    def test_of_many_who_begin_at_once_one_does(self):
        lines = text_of([request(0, "record.begin", title="t", name="Ada")])
        children = [subprocess.Popen([PLENUM, "record", ADDRESS], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                     env=self.env) for _ in range(5)]
        for child in children:
            child.stdin.write(lines)
            child.stdin.flush()
        told = [child.communicate() for child in children]
        self.assertEqual(sorted(child.returncode for child in children), [0, 1, 1, 1, 1], told)


if __name__ == "__main__":
    if ADDRESS:
        del Backup, Move, Older, Beginning, Doctor
    else:
        del Database
    unittest.main(argv=sys.argv[:1], verbosity=1)
