# SPDX-License-Identifier: AGPL-3.0-or-later
"""Grids of experiments: plenum lab as scripts and terminals meet it. lab.py PLENUM"""
import csv
import hashlib
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PLENUM = sys.argv[1]
# A program with sanitizers takes the same ways, and fewer of them.
FEW = os.environ.get("PLENUM_FEW") == "1" and os.environ.get("PLENUM_LONG") != "1"
LONGEST = 300  # seconds for any wait: a program with sanitizers on a busy machine is slow

RULES = ["lagged", "anderson", "fitted", "fitted:forgets"]
SMALL = {
    "name": "small",
    "economies": [
        {"generate": "effort", "workplaces": 40, "goods": 20, "consumers": 10},
        {"name": "each its own", "generate": "ces", "workplaces": 40, "goods": 20,
         "consumers": 10, "inputs": 4, "sigma": [0.2, 2], "seed": 7},
    ],
    "rules": ["lagged", "fitted:forgets"] if FEW else RULES,
    "starts": ["model", 3],
    "behaviours": ["declared", "noise:0.05"],
    "seeds": [1, 2],
    "years": 2,
    "max_rounds": 4 if FEW else 8,
    "loss": True,
}
RUNS = 2 * len(SMALL["rules"]) * 2 * 2 * 2


class Lab(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.home)

    def path(self, *names):
        return os.path.join(self.home, *names)

    def file(self, experiment, name="experiment.json"):
        with open(self.path(name), "w", encoding="utf-8") as to:
            to.write(experiment if isinstance(experiment, str) else json.dumps(experiment))
        return self.path(name)

    def run_lab(self, *words, **options):
        return subprocess.run([PLENUM, "lab", *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, encoding="utf-8",
                              timeout=LONGEST, cwd=self.home, **options)

    def ends(self, code, *words, says=None):
        done = self.run_lab(*words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if code == 2:
            self.assertEqual(done.stdout, "")
        if says is not None:
            self.assertIn(says, done.stdout + done.stderr)
        for line in done.stdout.splitlines():
            if not line.startswith("{"):
                self.assertLessEqual(len(line), 80, line)
        return done

    def bytes_of(self, folder):
        found = {}
        for here, _, names in os.walk(folder):
            for name in names:
                with open(os.path.join(here, name), "rb") as file:
                    found[os.path.relpath(os.path.join(here, name), folder)] = file.read()
        return found

    def table(self, *names):
        with open(self.path(*names), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    # what comes out

    def test_the_grid_is_every_combination_and_each_year_has_a_row(self):
        self.ends(0, self.file(SMALL), "--out", "out")
        rows = self.table("out", "results.csv")
        keys = [tuple(r[k] for k in ("economy", "rule", "start", "behaviour", "seed", "year"))
                for r in rows]
        self.assertEqual(len(set(keys)), RUNS * SMALL["years"])
        self.assertEqual(len(keys), len(set(keys)))
        self.assertEqual({r["economy"] for r in rows}, {"effort-40x20x10", "each its own"})
        self.assertEqual([int(r["run"]) for r in rows], sorted(int(r["run"]) for r in rows))
        for r in rows:
            self.assertEqual(r["growth"] == "", r["year"] == "1")
            self.assertTrue(0 <= float(r["trimmed"]) <= 1 and float(r["least_kept"]) <= 1)
            self.assertLessEqual(float(r["loss"]), 1)
            if r["outcome"] == "cleared":
                self.assertEqual(r["rounds_to_0.01"], r["rounds"])
                self.assertLessEqual(float(r["worst_imbalance"]), 0.01)
            self.assertLessEqual(int(r["rounds"]), SMALL["max_rounds"])

    def test_rounds_are_told_one_by_one(self):
        self.ends(0, self.file({**SMALL, "years": 1}), "--out", "out", "--quiet")
        told = {}
        for r in self.table("out", "rounds.csv"):
            told.setdefault(r["run"], []).append(r)
        for year in self.table("out", "results.csv"):
            rounds = told[year["run"]]
            self.assertEqual([int(r["round"]) for r in rounds],
                             list(range(1, int(year["rounds"]) + 1)))
            # of the last announcement, or of the one that fits best
            self.assertIn(year["worst_imbalance"], [r["worst_imbalance"] for r in rounds])
            if year["outcome"] == "cleared":
                self.assertEqual(rounds[-1]["worst_imbalance"], year["worst_imbalance"])
            first = [int(r["round"]) for r in rounds if float(r["worst_imbalance"]) <= 0.1][:1]
            self.assertEqual([int(year["rounds_to_0.1"] or 0)], first or [0])

    def test_json_holds_the_means_of_the_table(self):
        told = json.loads(self.ends(0, self.file(SMALL), "--out", "out", "--json").stdout)
        rows = self.table("out", "results.csv")
        self.assertEqual(told["runs"], RUNS)
        self.assertEqual(sum(g["years"] for g in told["groups"]), len(rows))
        for g in told["groups"]:
            mine = [r for r in rows if (r["year"] == "1") == (g["year"] == "1") and all(
                r[k] == g[k] for k in ("economy", "rule", "start", "behaviour"))]
            reached = [int(r["rounds_to_0.05"]) for r in mine if r["rounds_to_0.05"]]
            self.assertEqual(g["reached"]["0.05"], len(reached))
            if reached:
                self.assertAlmostEqual(g["rounds_to"]["0.05"], sum(reached) / len(reached))
            self.assertAlmostEqual(g["worst_loss"], max(float(r["loss"]) for r in mine))

    def test_what_is_not_given_has_a_default_and_the_folder_the_name(self):
        self.ends(0, self.file({"name": "short", "economies": SMALL["economies"][:1]}),
                  "--quiet")
        rows = self.table("short", "results.csv")
        self.assertEqual([(r["rule"], r["start"], r["behaviour"], r["seed"], r["year"])
                          for r in rows], [("fitted", "model", "declared", "1", "1")])

    def test_a_loss_may_be_against_the_best_plan_of_the_councils_themselves(self):
        file = {**SMALL, "economies": SMALL["economies"][1:], "rules": ["anderson"],
                "behaviours": ["declared", "nested:far"], "tolerance": 1e-5, "max_rounds": 300}
        losses = {}
        for best in ("tables", "councils"):
            self.ends(0, self.file({**file, "best": best}, best), "--out", best + "-out",
                      "--quiet")
            for r in self.table(best + "-out", "results.csv"):
                self.assertEqual(r["outcome"], "cleared")
                losses.setdefault((best, r["behaviour"]), []).append(abs(float(r["loss"])))
        for best, behaviour in losses:
            same = best == "councils" or behaviour == "declared"
            check = self.assertLess if same else self.assertGreater
            check(max(losses[best, behaviour]), 1e-4)

    def test_rounds_may_start_at_the_plan(self):
        self.ends(0, self.file({**SMALL, "starts": ["plan"], "behaviours": ["declared"]}),
                  "--out", "out", "--quiet")
        for r in self.table("out", "results.csv"):
            self.assertEqual(r["start"], "plan")
            if r["year"] == "1":
                self.assertEqual((r["outcome"], r["rounds"]), ("cleared", "1"))
                self.assertLess(float(r["worst_imbalance"]), 1e-5)

    def test_a_folder_of_tables_is_an_economy_until_its_tables_change(self):
        subprocess.run([PLENUM, "generate", "--kind", "ces", "--workplaces", "30", "--goods",
                        "20", "--consumers", "5", "--seed", "1", "--quiet", self.path("e")],
                       check=True)
        file = self.file({"name": "own", "economies": [{"folder": "e"}], "rules": ["direct"]})
        self.ends(0, file, "--out", "one")
        with open(self.path("e", "goods.csv"), "a", encoding="utf-8") as to:
            to.write("thing\n")
        self.ends(2, self.path("one", "manifest.json"), "--out", "two",
                  says="not those that the experiment was run with")
        self.ends(2, file, "--out", "one", says="another experiment")
        self.assertFalse(os.path.exists(self.path("two")))

    # the same bytes

    def test_any_number_of_threads_and_the_manifest_give_the_same_bytes(self):
        self.ends(0, self.file(SMALL), "--out", "one", "--threads", "1", "--quiet")
        self.ends(0, self.file(SMALL), "--out", "two", "--threads", "2", "--quiet")
        self.ends(0, self.path("one", "manifest.json"), "--out", "three", "--threads", "3",
                  says="the bytes that the file promises")
        one = self.bytes_of(self.path("one"))
        for other in ("two", "three"):
            self.assertEqual(one, self.bytes_of(self.path(other)))
        told = json.loads(one["manifest.json"])
        for key in ("results", "rounds"):
            self.assertEqual(told[key], hashlib.sha256(one[key + ".csv"]).hexdigest())

    def test_a_broken_promise_ends_with_1(self):
        self.ends(0, self.file(SMALL), "--out", "one", "--quiet")
        with open(self.path("one", "manifest.json"), encoding="utf-8") as file:
            told = json.load(file)
        told["results"] = "0" * 64
        self.ends(1, self.file(told, "m.json"), "--out", "two", says="not those")

    def wait_for_runs(self, started, folder, n):
        """Until n runs are stored or the program has ended."""
        end = time.monotonic() + LONGEST
        while started.poll() is None and time.monotonic() < end:
            if os.path.isdir(folder) and sum(
                    not name.startswith(".") for name in os.listdir(folder)) >= 2 * n:
                return
            time.sleep(0.002)

    def interrupted(self, number, file, folder, runs):
        started = subprocess.Popen([PLENUM, "lab", file, "--out", folder, "--threads", "2"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, cwd=self.home)
        self.wait_for_runs(started, os.path.join(folder, "runs"), runs)
        started.send_signal(number)
        out, err = started.communicate(timeout=LONGEST)
        return started.returncode, out, err

    def longer(self):
        return self.file({**SMALL, "economies": [{**SMALL["economies"][0], "workplaces": 60 if FEW else 200,
                                                  "goods": 40}], "rules": RULES,
                          "max_rounds": 6 if FEW else 12})

    def test_a_killed_grid_goes_on_and_ends_in_the_same_bytes(self):
        file, cut = self.longer(), self.path("cut")
        for runs in (3, 12):
            code, _, _ = self.interrupted(signal.SIGKILL, file, cut, runs)
            self.assertEqual(code, -signal.SIGKILL)
        stored = {n for n in os.listdir(self.path("cut", "runs")) if not n.startswith(".")}
        kept = {n: os.stat(self.path("cut", "runs", n)).st_mtime_ns for n in stored
                if "-rounds" not in n}
        told = json.loads(self.ends(0, file, "--out", cut, "--json").stdout)
        self.assertTrue(12 <= told["runs_before"] < told["runs"])
        for name, when in kept.items():
            self.assertEqual(os.stat(self.path("cut", "runs", name)).st_mtime_ns, when)
        self.ends(0, file, "--out", self.path("whole"), "--quiet")
        self.assertEqual(self.bytes_of(cut), self.bytes_of(self.path("whole")))

    def test_ctrl_c_keeps_what_is_finished(self):
        file = self.longer()
        code, out, err = self.interrupted(signal.SIGINT, file, self.path("cut"), 4)
        self.assertEqual((code, out), (130, ""))
        self.assertIn("goes on from there", err)
        self.assertFalse(os.path.exists(self.path("cut", "results.csv")))
        self.assertFalse([n for n in os.listdir(self.path("cut", "runs")) if n.startswith(".")])
        told = json.loads(self.ends(0, file, "--out", "cut", "--json").stdout)
        self.assertGreaterEqual(told["runs_before"], 4)

    def test_two_at_work_in_one_folder_are_kept_apart(self):
        file, folder = self.longer(), self.path("out")
        first = subprocess.Popen([PLENUM, "lab", file, "--out", folder, "--quiet"],
                                 stdin=subprocess.DEVNULL, cwd=self.home)
        self.addCleanup(first.wait)
        self.addCleanup(first.kill)
        self.wait_for_runs(first, os.path.join(folder, "runs"), 1)
        first.send_signal(signal.SIGSTOP)
        self.ends(2, file, "--out", folder, says="another plenum lab is at work")
        first.send_signal(signal.SIGCONT)
        self.assertEqual(first.wait(timeout=LONGEST), 0)

    def test_a_table_of_a_run_that_was_changed_is_refused_and_made_again(self):
        file = self.file({**SMALL, "years": 1})
        self.ends(0, file, "--out", "out", "--quiet")
        good = self.bytes_of(self.path("out"))
        with open(self.path("out", "runs", "000003.csv"), "a", encoding="utf-8") as to:
            to.write("1,2,3\n")
        self.ends(2, file, "--out", "out", says="000003.csv")
        os.remove(self.path("out", "runs", "000003.csv"))
        self.ends(0, file, "--out", "out", "--quiet")
        self.assertEqual(self.bytes_of(self.path("out")), good)

    # what is refused

    def test_every_member_is_checked_and_nothing_written(self):
        one = SMALL["economies"][0]
        economy = {"generate": "ces", "workplaces": 40, "goods": 20, "consumers": 10}

        def with_economy(**changes):
            return {**SMALL, "economies": [{**economy, **changes}]}
        bad = [
            ("", "not JSON"), ("[1]", "one JSON object"), ("{", "line 1"),
            ('{"name": "a", "name": "b"}', "duplicate"),
            ({**SMALL, "name": "a/b"}, '"name"'), ({**SMALL, "name": ".."}, '"name"'),
            ({**SMALL, "name": 3}, '"name" is a text'), ({**SMALL, "name": ""}, '"name"'),
            ({"economies": [one]}, '"name" is missing'),
            ({**SMALL, "about": []}, '"about" is a text'),
            ({**SMALL, "seed": 1}, 'did you mean "seeds"'),
            ({**SMALL, "rules": []}, '"rules"'), ({**SMALL, "rules": "fitted"}, '"rules"'),
            ({**SMALL, "rules": [1]}, '"rules" is a list of names'),
            ({**SMALL, "rules": ["fited"]}, 'did you mean "fitted"'),
            ({**SMALL, "rules": ["lagged:forgets"]}, "is no rule"),
            ({**SMALL, "rules": ["fitted:x"]}, "fitted:still"),
            ({**SMALL, "rules": ["book", "book"]}, "twice"),
            ({**SMALL, "rules": ["direct"]}, "declared alone"),
            ({**SMALL, "starts": [0]}, '"starts"'), ({**SMALL, "starts": [-1]}, '"starts"'),
            ({**SMALL, "starts": ["plans"]}, '"model"'), ({**SMALL, "starts": [1, 1.0]}, "twice"),
            ({**SMALL, "starts": ["model", "model"]}, "twice"),
            ({**SMALL, "behaviours": [1]}, '"behaviours"'),
            ({**SMALL, "behaviours": ["noisy"]}, "noise"),
            ({**SMALL, "behaviours": ["habit", "habit"]}, "twice"),
            ({**SMALL, "seeds": [0.5]}, '"seeds"'), ({**SMALL, "seeds": [-1]}, '"seeds"'),
            ({**SMALL, "seeds": [1, 1]}, "twice"), ({**SMALL, "seeds": 3}, '"seeds"'),
            # long lists are looked through once, not once for each entry
            ({**SMALL, "seeds": list(range(100000))}, "runs"),
            ({**SMALL, "seeds": [*range(99999), 2]}, "twice"),
            ({**SMALL, "starts": list(range(1, 100001))}, "runs"),
            ({**SMALL, "years": 0}, '"years"'), ({**SMALL, "years": 1.5}, '"years"'),
            ({**SMALL, "max_rounds": 0}, '"max_rounds"'),
            ({**SMALL, "shock": 4}, '"shock"'), ({**SMALL, "shock": -1}, '"shock"'),
            ({**SMALL, "shock": "big"}, '"published"'),
            ({**SMALL, "tolerance": 0}, '"tolerance"'), ({**SMALL, "tolerance": 1}, '"tolerance"'),
            ({**SMALL, "tolerance": "1"}, '"tolerance"'), ({**SMALL, "log_step": 0}, '"log_step"'),
            ({**SMALL, "endgame": "vote"}, "pro-rata, ratio, disruption, stocks, gentle"),
            ({**SMALL, "endgame": 1}, '"endgame"'),
            ({**SMALL, "loss": 1}, '"loss" is true or false'),
            ({**SMALL, "best": "all"}, "it is one of: tables, councils"),
            ({**SMALL, "best": "councils"}, "noise:0.05"),
            ({**SMALL, "limits": "no"}, '"limits"'),
            ({"name": "a"}, '"economies"'), ({**SMALL, "economies": []}, '"economies"'),
            ({**SMALL, "economies": ["valley"]}, "economies[1] is an object"),
            ({**SMALL, "economies": [one, one]}, 'give each a "name"'),
            ({**SMALL, "economies": [{}]}, 'either "folder" or "generate"'),
            ({**SMALL, "economies": [{"folder": "none"}]}, "none"),
            ({**SMALL, "economies": [{"folder": 1}]}, '"folder" is a text'),
            ({**SMALL, "economies": [{"folder": "none", "goods": 4}]}, '"goods"'),
            (with_economy(folder="x"), "either"),
            (with_economy(generate="cess"), "it is one of"),
            (with_economy(name="a,b"), "commas"), (with_economy(name=""), '"name"'),
            (with_economy(good=1), 'did you mean "goods"'),
            (with_economy(workplaces=0), '"workplaces"'), (with_economy(goods=3), '"goods"'),
            (with_economy(consumers=1e3), '"consumers"'), (with_economy(inputs=0), '"inputs"'),
            (with_economy(seed=-1), '"seed"'),
            (with_economy(sigma=[2, 1]), '"sigma"'), (with_economy(sigma=[1]), '"sigma"'),
            (with_economy(sigma=30), '"sigma"'), (with_economy(returns=1), '"returns"'),
            (with_economy(returns=0), '"returns"'), (with_economy(capacity="tight"), "capacities"),
            (with_economy(generate="capacities", capacity="x"), '"capacity"'),
            (with_economy(generate="capacities", returns=0.5), '"returns"'),
            (with_economy(generate="mixed", sigma=1), '"sigma"'),
            (with_economy(generate="published", inputs=3), '"inputs"'),
            (with_economy(workplaces=3), "cannot make"), (with_economy(inputs=30), "fewer inputs"),
            ({**SMALL, "economies": [{"generate": "ces", "goods": 20, "consumers": 1}]},
             '"workplaces" is missing'),
        ]
        for experiment, says in bad:
            with self.subTest(says=says, experiment=str(experiment)[:300]):
                self.ends(2, self.file(experiment), "--out", "out", says=says)
                self.assertFalse(os.path.exists(self.path("out")))
        self.ends(2, self.path("missing.json"), says="missing.json")
        self.ends(2, says="FILE")

    def test_a_folder_of_something_else_is_left_alone(self):
        os.mkdir(self.path("mine"))
        with open(self.path("mine", "letter.txt"), "w", encoding="utf-8") as to:
            to.write("dear")
        self.ends(2, self.file(SMALL), "--out", "mine", says="not empty")
        self.assertEqual(list(self.bytes_of(self.path("mine"))), ["letter.txt"])
        self.ends(2, self.file(SMALL), "--out", "no/such/place", says="does not exist")
        self.ends(2, self.file(SMALL), "--out", "experiment.json", says="experiment.json")

    # a terminal

    def test_a_terminal_sees_how_many_runs_are_done(self):
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        known = {**os.environ, "TERM": "xterm"}
        started = subprocess.Popen([PLENUM, "lab", self.longer(), "--out", "out"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=theirs, env=known, cwd=self.home)
        os.close(theirs)
        seen = b""
        while True:
            try:
                block = os.read(ours, 4096)
            except OSError:
                break
            if not block:
                break
            seen += block
        self.assertEqual(started.wait(timeout=LONGEST), 0)
        if seen:  # a machine may be done before a bar is worth while
            self.assertIn(b" of 32", seen)
            self.assertTrue(seen.endswith(b"\r\x1b[K"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
