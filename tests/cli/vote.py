# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counting votes as scripts and members meet it. vote.py PLENUM"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import unittest

PLENUM = sys.argv[1]

DRINKS = """ballot,tea,coffee,water
#title,What to drink
#name,Green tea,,Still water
b1,1,,1
b2,x,,
b3,,1,
b4,yes,,1
b5,,,
"""
MOTIONS = """ballot,van,roof
#name,Buy a second van,Mend the roof
b1,yes,no
b2,yes,block
b3,no,abstain
b4,yes,
"""


def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Vote(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.home)

    def write(self, name, text):
        with open(os.path.join(self.home, name), "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return name

    def read(self, name):
        with open(os.path.join(self.home, name), encoding="utf-8") as file:
            return file.read()

    def run_vote(self, *words):
        return subprocess.run([PLENUM, "vote", *words], cwd=self.home, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, encoding="utf-8", timeout=100)

    def ends(self, code, *words, says=None):
        before = sorted(os.listdir(self.home))
        done = self.run_vote(*words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if code == 2:
            self.assertEqual(done.stdout, "")
            self.assertNotEqual(done.stderr, "")
            self.assertEqual(sorted(os.listdir(self.home)), before)
        for line in done.stdout.split("\n"):
            if not line.startswith("{"):
                self.assertLessEqual(width(line), 80, line)
        if says is not None:
            self.assertIn(says, " ".join((done.stdout + done.stderr).split()))
        return done

    def tally(self, *words, code=0):
        return json.loads(self.ends(code, "tally", *words, "--json").stdout)


class Tally(Vote):
    def test_plain_prints_the_winners_alone_sorted(self):
        self.write("t.csv", "ballot,b,a,c\nx,1,1,\ny,1,1,1\n")
        done = self.ends(0, "tally", "--rule", "approval", "--seats", "2", "--plain", "t.csv")
        self.assertEqual(done.stdout, "a b\n")

    def test_plain_prints_an_empty_line_where_nobody_wins(self):
        self.write("t.csv", MOTIONS)
        done = self.ends(1, "tally", "--rule", "supermajority", "--threshold", "4/5", "--plain",
                         "t.csv")
        self.assertEqual(done.stdout, "\n")

    def test_the_screen_says_who_wins_by_how_much_and_who_is_next(self):
        self.write("t.csv", DRINKS)
        done = self.ends(0, "tally", "--rule", "approval", "t.csv",
                         says="Green tea wins, with 3 votes.")
        self.assertIn("Runner-up: Still water, with 2 votes.", done.stdout)
        self.assertTrue(done.stdout.startswith("What to drink"))
        self.assertLessEqual(done.stdout.count("\n"), 24)

    def test_a_motion_is_shown_with_its_marks(self):
        self.write("t.csv", MOTIONS)
        done = self.ends(0, "tally", "--rule", "majority", "t.csv",
                         says="Carried: Buy a second van.")
        rows = [line.split() for line in done.stdout.split("\n")]
        self.assertIn("Buy a second van 3 1 0 0 carried".split(), rows)
        self.assertIn("Mend the roof 0 1 2 1 not".split(), rows)

    def test_outcomes_that_are_none_end_with_1(self):
        self.write("t.csv", MOTIONS)
        self.assertEqual(self.tally("--rule", "supermajority", "--threshold", "80%", "t.csv",
                                    code=1)["outcome"], "rejected")
        self.assertEqual(self.tally("--rule", "majority", "--quorum", "1/2", "--eligible", "9",
                                    "t.csv", code=1)["outcome"], "no_quorum")
        self.write("u.csv", "ballot,a,b\nx,1,\ny,,1\n")
        tied = self.tally("--rule", "approval", "--ties", "stand", "u.csv", code=1)
        self.assertEqual((tied["outcome"], tied["winners"], tied["tied"]),
                         ("tied", [], ["a", "b"]))

    def test_parts_may_be_fractions_decimals_and_percents(self):
        self.write("t.csv", "ballot,m\n#kind,motion\n" + "".join(
            f"{i},{'yes' if i < 3 else 'no'}\n" for i in range(5)))
        for part, code in (("3/5", 0), ("0.6", 0), ("60%", 0), ("61%", 1), ("0.601", 1)):
            self.tally("--rule", "supermajority", "--threshold", part, "t.csv", code=code)
        for part in ("7/5", "x", "1/0", "-1/2", "101%", "", "6%0"):
            self.ends(2, "tally", "--rule", "supermajority", "--threshold", part, "t.csv")

    def test_json_holds_exact_numbers_and_the_settings(self):
        self.write("t.csv", DRINKS)
        told = self.tally("--rule", "approval", "t.csv")
        self.assertEqual(told["winners"], ["tea"])
        self.assertEqual(told["options"][0]["tally"], {"exact": "3", "near": 3})
        self.assertEqual((told["ballots"], told["weight"]), (5, 5))
        self.assertEqual(told["settings"]["rule"], "approval")
        self.assertEqual(len(told["digest"]), 64)
        self.assertTrue(all(step["says"] for step in told["steps"]))

    def test_ballots_in_any_order_give_the_same_bytes(self):
        lines = DRINKS.split("\n")
        head, ballots = lines[:3], lines[3:-1]
        random.Random(5).shuffle(ballots)
        self.write("t.csv", DRINKS)
        first = self.ends(0, "tally", "--rule", "approval", "--json", "t.csv").stdout
        self.write("t.csv", "\n".join(head + ballots) + "\n")
        self.assertEqual(self.ends(0, "tally", "--rule", "approval", "--json", "t.csv").stdout,
                         first)

    def test_a_lot_follows_from_its_seed_and_is_printed(self):
        self.write("t.csv", "ballot,a,b,c,d\nx,1,1,1,1\n")
        won = set()
        for seed in range(20):
            words = ("--rule", "approval", "--ties", "lot", "--seed", str(seed), "t.csv")
            told = self.tally(*words)
            self.assertEqual(told["winners"], told["settings"]["order"][:1])
            self.assertEqual(sorted(told["settings"]["order"]), ["a", "b", "c", "d"])
            self.assertEqual(told, self.tally(*words))
            won.update(told["winners"])
        self.assertEqual(won, {"a", "b", "c", "d"})
        self.ends(0, "tally", *words, says="The lot of seed 19:")
        self.ends(2, "tally", "--rule", "approval", "--ties", "lot", "t.csv",
                  says="--ties lot needs --seed S")

    def test_a_setting_that_a_rule_does_not_look_at_is_refused(self):
        self.write("t.csv", DRINKS)
        self.ends(2, "tally", "--rule", "approval", "--threshold", "2/3", "t.csv",
                  says="the rule approval does not look at --threshold")

    def test_slips_on_the_command_line_are_told(self):
        self.write("t.csv", DRINKS)
        self.ends(2, "tally", "t.csv", says="vote tally needs --rule NAME")
        self.ends(2, "tally", "--rule", "aproval", "t.csv", says='did you mean "approval"')
        self.ends(2, "tally", "--rule", "approval", "t.txt", says="a file of votes ends in .csv")
        self.ends(2, "tally", "--rule", "approval", "none.csv", says="none.csv")
        self.ends(2, "tally", "--rule", "greedy", "t.csv", says="needs a budget")
        self.ends(2, "tally", "--rule", "schulze", self.write("m.csv", MOTIONS),
                  says="these are motion ballots")
        self.ends(2, "tally", "--rule", "majority", "--eligible", "2", "t.csv",
                  says="more votes than the 2")

    def test_help_lists_every_rule_whole(self):
        done = self.run_vote("tally", "--help")
        self.assertEqual(done.returncode, 0)
        for rule in ("majority", "supermajority", "consensus", "approval", "score", "schulze",
                     "stv", "knapsack", "greedy", "greedy-no-skip", "equal-shares",
                     "equal-shares-cardinality-add1-completed"):
            self.assertIn(f"  {rule}\n" if len(rule) > 24 else f"  {rule} ", done.stdout)
        self.assertTrue(all(width(line) <= 80 for line in done.stdout.split("\n")))


class Hostile(Vote):
    """Files that somebody made to do harm: exit 2, a sentence with the line, nothing else."""

    def refused(self, name, text, says):
        self.write(name, text)
        self.ends(2, "tally", "--rule", "approval", "--json", name, says=says)

    def test_spreadsheets(self):
        for text, says in (
                ("ballot,=HYPERLINK(1)\nx,1\n", "t.csv:1: the option"),
                ("ballot,a\nx,=1+1\n", "t.csv:2: option \"a\": \"=1+1\" is no mark"),
                ("ballot,a\n#name,@x\nx,1\n", "t.csv:2: the name \"@x\" begins as a formula"),
                ("ballot,a\n#cost,-5\nx,1\n", "t.csv:2: \"-5\" is below 0"),
                ("ballot,a\n#cost,1e99\nx,1\n", "t.csv:2: \"1e99\" is no amount of money"),
                ("ballot,a\n#budget,0\nx,1\n", "t.csv:2: a budget of 0"),
                ("ballot,a,a\nx,1,1\n", "t.csv:1: column \"a\" stands twice"),
                ("ballot,weight,a\nx,0,1\n", "t.csv:2: the weight \"0\""),
                ("weight,a\n4611686018427387904,1\n4611686018427387904,1\n", "t.csv:3: the weights"),
                (b"ballot,a\nx,\x00\n", "t.csv:2: a NUL byte"),
                (b"ballot,a\nx\xff,1\n", "t.csv:2: cell 1 is not valid UTF-8"),
                (b"ballot,a\n\x1b[31m,1\n", "t.csv:2: a control character"),
                ("ballot,a\n\"x,1\n", "t.csv:2: the quote that opens here is never closed"),
                ("", "t.csv"), ("a," * 10_000_000, "t.csv:1: ")):
            with self.subTest(says=says):
                self.refused("t.csv", text, says)

    def test_preflib(self):
        head = "# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n"
        for text, says in (
                (head + "1: {1,2\n", "t.toi:3: a brace is not closed"),
                (head + "1: 1,1\n", "t.toi:3: the option \"1\" is marked twice"),
                (head + "-1: 1\n", "t.toi:3: the count \"-1\""),
                (head + "1: 3\n", "t.toi:3: \"3\" is no number of an alternative"),
                (head + "99999999999999999999: 1\n", "t.toi:3: the count"),
                (head.encode() + b"1: \x00\n", "t.toi:3: a NUL byte"),
                ("# ALTERNATIVE NAME 2: b\n", "t.toi:1: ALTERNATIVE NAME 1 is due here"),
                (head + "1: " + "1," * 10_000_000, "t.toi:3: the line is longer")):
            with self.subTest(says=says):
                self.refused("t.toi", text, says)


class Explain(Vote):
    def test_every_step_is_a_sentence(self):
        self.write("t.csv", DRINKS)
        done = self.ends(0, "explain", "--rule", "approval", "t.csv")
        steps = json.loads(self.ends(0, "explain", "--rule", "approval", "--json",
                                     "t.csv").stdout)["steps"]
        self.assertEqual(len(steps), sum(line[:4].strip().rstrip(".").isdigit()
                                         for line in done.stdout.split("\n")))

    def test_what_an_option_needed_is_what_it_needed(self):
        self.write("t.csv", DRINKS)
        told = json.loads(self.ends(0, "explain", "--rule", "approval", "--json", "t.csv",
                                    "coffee").stdout)
        self.assertEqual((told["option"], told["won"]), ("coffee", False))
        for more, wins in ((told["more_ballots"], True), (told["more_ballots"] - 1, False)):
            self.write("u.csv", DRINKS + "".join(f"n{i},,1,\n" for i in range(more)))
            self.assertEqual(self.tally("--rule", "approval", "u.csv")["winners"] == ["coffee"],
                             wins)

    def test_an_option_may_be_called_by_its_name(self):
        self.write("t.csv", DRINKS)
        self.ends(0, "explain", "--rule", "approval", "t.csv", "Green tea", says="Green tea won")
        self.ends(2, "explain", "--rule", "approval", "t.csv", "teaa", says='did you mean "tea"')


class Recount(Vote):
    def test_a_result_is_counted_again(self):
        self.write("t.csv", DRINKS)
        self.write("r.json", self.ends(0, "tally", "--rule", "approval", "--seats", "2", "--json",
                                       "t.csv").stdout)
        self.ends(0, "recount", "t.csv", "r.json", says="The same")
        self.write("u.csv", DRINKS.replace("b3,,1,", "b3,,,1"))
        self.ends(1, "recount", "u.csv", "r.json",
                  says="Not the same: coffee has 0 here, and 1 in the result.")
        self.write("v.csv", DRINKS.replace("b1,1,,1\nb2,x,,", "b1,1,,\nb2,x,,1"))
        self.ends(0, "recount", "v.csv", "r.json")
        self.write("w.csv", DRINKS.replace("b1,1,,1\nb2,x,,", "b1,1,,1\nb2,x,,\nb6,,,"))
        self.ends(1, "recount", "w.csv", "r.json", says="the options or ballots are not those")

    def test_a_result_of_a_motion_with_its_settings_is_counted_again(self):
        self.write("t.csv", MOTIONS)
        self.write("r.json", self.ends(1, "tally", "--rule", "supermajority", "--threshold",
                                       "4/5", "--of", "eligible", "--quorum", "1/3",
                                       "--eligible", "9", "--ties", "lot", "--seed", "3",
                                       "--json", "t.csv").stdout)
        self.ends(0, "recount", "t.csv", "r.json")

    def test_what_is_no_result_is_refused(self):
        self.write("t.csv", DRINKS)
        for text, says in (("{", "r.json:"), ("{}", "has no settings"), ("[]", "has no settings"),
                           ('{"settings": {}}', "does not name its rule"),
                           ('{"settings": {"rule": "x"}}', 'nothing is called "x"')):
            self.write("r.json", text)
            self.ends(2, "recount", "t.csv", "r.json", says=says)

    def test_two_entries_of_paper_ballots_are_compared_by_code(self):
        self.write("one.csv", DRINKS)
        self.write("two.csv", "ballot,water,tea,coffee\nb4,1,1,\nb3,,1,1\nb6,1,,\nb1,1,1,\n"
                              "b2,,1,\n")
        done = self.ends(1, "recount", "one.csv", "two.csv")
        self.assertEqual(done.stdout.split("\n")[:3],
                         ["b3, tea: nothing, then 1", "b5, the ballot: there, then missing",
                          "b6, the ballot: missing, then there"])
        told = json.loads(self.ends(1, "recount", "--json", "one.csv", "two.csv").stdout)
        self.assertEqual(told["differences"][0],
                         {"ballot": "b3", "option": "tea", "first": "nothing", "second": "1"})
        self.ends(0, "recount", "one.csv", "one.csv", says="The same: 5 ballots.")

    def test_entries_without_codes_are_refused(self):
        self.write("one.csv", "a,b\n1,\n")
        self.ends(2, "recount", "one.csv", "one.csv", says="a ballot has no code")


class Convert(Vote):
    def test_formats_hold_the_same_election(self):
        self.write("t.csv", "ballot,1,2,3\n#kind,ranked\n,1,2,2\n,2,,1\n,2,,1\n")
        for path in (["t.toi", "u.csv", "v.tsv", "w.toi", "x.csv"],):
            before = "t.csv"
            for name in path:
                self.ends(0, "convert", before, name)
                before = name
        self.assertEqual(self.read("u.csv"), self.read("x.csv"))
        self.assertEqual(self.read("t.toi"), self.read("w.toi"))

    def test_what_a_format_cannot_hold_is_refused(self):
        self.write("t.csv", DRINKS)
        self.ends(2, "convert", "t.csv", "t.soc", says="does not hold approval ballots")
        self.ends(2, "convert", "t.csv", "t.cat", says="--anyway leaves them out")
        self.ends(0, "convert", "t.csv", "t.cat", "--anyway")
        self.ends(2, "convert", "t.csv", "t.xls", says="a file of votes ends in")
        self.ends(2, "convert", "t.csv", "none/t.tsv/x.csv")

    def test_nothing_that_is_written_runs_in_a_spreadsheet(self):
        self.write("t.soi", "# TITLE: =1\n# ALTERNATIVE NAME 1: =cmd|' /C calc'!A0\n"
                            "# ALTERNATIVE NAME 2: -2+3\n1: 1,2\n")
        self.ends(0, "convert", "t.soi", "t.csv")
        for line in self.read("t.csv").split("\n"):
            for cell in line.split(","):
                self.assertNotIn(cell[:1], ("=", "+", "-", "@"))
        self.ends(0, "convert", "t.csv", "u.soi")
        self.assertIn("# ALTERNATIVE NAME 1: =cmd|' /C calc'!A0\n", self.read("u.soi"))


class Bench(Vote):
    def test_every_rule_is_timed(self):
        done = subprocess.run([PLENUM, "bench", "votes", "--ballots", "200", "--options", "8",
                               "--voters", "100", "--projects", "12", "--marks", "3", "--json"],
                              capture_output=True, text=True, timeout=100)
        self.assertEqual(done.returncode, 0, done.stderr)
        rules = json.loads(done.stdout)["rules"]
        self.assertEqual(len(rules), 18)
        self.assertTrue(all(rule["seconds"] >= 0 for rule in rules))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
