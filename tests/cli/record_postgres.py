# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum record on PostgreSQL, killed on either side. record_postgres.py PLENUM, run by
with-postgres. PLENUM_LONG=1 kills two hundred times in place of twenty."""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

PLENUM = sys.argv[1]
ADDRESS = os.environ["PLENUM_POSTGRES"]
TURNS = 200 if os.environ.get("PLENUM_LONG") == "1" else 20
BACKENDS = ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'plenum' AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'")


def sql(text):
    done = subprocess.run(["psql", "-X", "-A", "-t", "-d", ADDRESS.removeprefix("postgres:"), "-c",
                           text], capture_output=True, text=True, timeout=60)
    return done.stdout.strip()


class Postgres(unittest.TestCase):
    def setUp(self):
        self.made = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.made)
        self.next, self.last, self.acknowledged = 0, 0, 0
        sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def run_plenum(self, *words, **options):
        key = os.path.join(self.made, "key")
        return subprocess.Popen([PLENUM, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True,
                                env={**os.environ, "PLENUM_KEY": key}, **options)

    def record(self, lines, strike=lambda child: None, after=0.0):
        child = self.run_plenum("record", ADDRESS)
        timer = threading.Timer(after, strike, [child])
        timer.start()
        try:
            out, err = child.communicate(lines, timeout=60)
        except BrokenPipeError:
            out, err = "", ""
        timer.join()
        told = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
        heights = [t["height"] for t in told if "height" in t]
        self.acknowledged += len(heights)
        kept = int(sql("SELECT max(height) FROM event"))
        self.assertGreaterEqual(kept, max([self.last, *heights]))
        self.last = kept
        return child.returncode, err

    def lines(self, n):
        self.next += n
        return "".join(json.dumps({"actor": 1, "op": "council.add", "fields": {"code": f"c{i}", "kind": "workers"}})
                       + "\n" for i in range(self.next - n, self.next))

    def assert_intact(self):
        out, err = self.run_plenum("verify", ADDRESS, "--json").communicate()
        told = json.loads(out)
        self.assertEqual((told.get("reason"), told["events"]), (None, self.last), err)

    def test_killed_on_either_side_nothing_acknowledged_is_lost(self):
        begin = json.dumps({"op": "record.begin", "fields": {"title": "t"}}) + "\n"
        self.assertEqual(self.record(begin), (0, ""))
        chance = random.Random(3)
        sentences = 0
        for turn in range(TURNS):
            if turn % 2 == 0:
                self.record(self.lines(200), lambda c: c.send_signal(signal.SIGKILL),
                            chance.uniform(0.02, 0.2))
                continue
            code, err = self.record(self.lines(2000), lambda c: sql(BACKENDS),
                                    chance.uniform(0.02, 0.3))
            if code != 0:
                self.assertEqual(code, 2, err)
                self.assertRegex(err, r"\Aplenum record: [^\n]{20,}\n\Z")
                sentences += 1
        self.assertGreater(sentences, 0)
        self.assertEqual(self.record(self.lines(1)), (0, ""))
        self.assert_intact()
        print(f"    {self.acknowledged} acknowledged, none lost; {sentences} lost connections",
              file=sys.stderr)

    def test_a_database_that_is_not_there_and_a_missing_key_are_told(self):
        out, err = self.run_plenum("record", "postgres:host=/nowhere user=plenum").communicate("")
        self.assertEqual(out, "")
        self.assertRegex(err, r"\Aplenum record: the database says: [^\n]+\n\Z")
        done = subprocess.run([PLENUM, "record", ADDRESS], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 2)
        self.assertIn("PLENUM_KEY", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
