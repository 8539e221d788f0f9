# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command as scripts meet it: exit codes, streams, folders. command.py PLENUM VERSION"""
import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import unittest

PLENUM, VERSION = sys.argv[1], sys.argv[2]
TABLES = ["economy.csv", "goods.csv", "communities.csv", "councils.csv", "uses.csv",
          "prices.csv"]

BAKERY = {
    "goods.csv": "good,kind,unit,supply\nbread,product,loaf,\nwork,labour,hour,40\n",
    "councils.csv": "council,kind,schedule,effort\n"
                    "bakery,workers,recipe,1\nvillage,consumers,request,\n",
    "uses.csv": "council,good,role,amount\n"
                "bakery,bread,makes,1\nbakery,work,uses,0.1\nvillage,bread,wants,300\n",
}


def run(*words, **options):
    return subprocess.run([PLENUM, *words], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, encoding="utf-8", timeout=100, **options)


class Command(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.home)

    def path(self, *names):
        return os.path.join(self.home, *names)

    def economy(self, tables=BAKERY, name="economy"):
        os.mkdir(self.path(name))
        for file, text in tables.items():
            with open(self.path(name, file), "w", encoding="utf-8") as to:
                to.write(text)
        return self.path(name)

    def tight(self):
        """A bakery that cannot meet what is asked of it."""
        return self.economy({**BAKERY, "uses.csv": BAKERY["uses.csv"].replace("300", "800")})

    def ends(self, code, *words, says=None, **options):
        """The command ends with this code; with 2 nothing stands on standard output."""
        done = run(*words, **options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if code == 2:
            self.assertEqual(done.stdout, "")
            self.assertNotEqual(done.stderr, "")
        if says is not None:
            self.assertIn(says, done.stdout + done.stderr)
        return done

    def bytes_of(self, folder):
        found = {}
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as file:
                found[name] = file.read()
        return found

    # plan

    def test_a_plan_ends_with_0_and_fits_a_screen(self):
        done = self.ends(0, "plan", self.economy(), says="a plan that fits")
        self.assertEqual(done.stderr, "")
        lines = done.stdout.splitlines()
        self.assertLessEqual(len(lines), 24)
        self.assertLessEqual(max(map(len, lines)), 80)

    def test_long_names_of_any_script_fit_the_screen(self):
        name = "Nachbarschaftsrat 面包和黄油的邻里委员会 für die obere Mühle " * 3
        folder = self.economy({
            **BAKERY,
            "economy.csv": f"key,value\nname,{name}\nperiod,2027\n",
            "goods.csv": f"good,name,kind,unit,supply\nbread,{name},product,{name},\n"
                         f"work,{name},labour,{name},40\n",
            "councils.csv": "council,name,kind,schedule,effort\n"
                            f"bakery,{name},workers,recipe,1\n"
                            f"village,{name},consumers,request,\n"})
        for line in self.ends(0, "plan", folder).stdout.splitlines()[:-1]:
            wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in line)
            self.assertLessEqual(len(line) + wide, 80, line)

    def test_json_is_one_object_on_standard_output(self):
        done = self.ends(0, "plan", self.economy(), "--json")
        plan = json.loads(done.stdout)
        self.assertEqual(plan["outcome"], "cleared")
        self.assertLessEqual(plan["worst_imbalance"], 1e-9)
        self.assertEqual((plan["goods"], plan["councils"], plan["links"]), (2, 2, 3))
        self.assertEqual(plan["version"], VERSION)
        self.assertGreaterEqual(plan["seconds"], 0)

    def test_no_plan_ends_with_1_and_says_who_is_in_conflict(self):
        done = self.ends(1, "plan", self.tight(), says="no plan fits")
        for word in ("bread", "work", "village", "50 %"):
            self.assertIn(word, done.stdout)

    def test_the_nearest_plan_is_written_as_infeasible(self):
        out = self.path("plan")
        plan = json.loads(self.ends(1, "plan", self.tight(), "--out", out, "--json").stdout)
        self.assertEqual(plan["outcome"], "infeasible")
        with open(os.path.join(out, "plan.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["outcome"], "infeasible")
        self.ends(1, "check", self.path("economy"), out, says="Rejected")

    def test_quiet_prints_nothing_and_the_code_tells(self):
        done = self.ends(0, "plan", "--quiet", self.economy())
        self.assertEqual(done.stdout + done.stderr, "")

    def test_quiet_prints_what_json_asks_for(self):
        json.loads(self.ends(0, "plan", "--quiet", "--json", self.economy()).stdout)

    def test_out_refuses_an_economy_and_leaves_it_alone(self):
        folder = self.economy()
        before = self.bytes_of(folder)
        self.ends(2, "plan", folder, "--out", folder, says="holds an economy")
        self.assertEqual(self.bytes_of(folder), before)

    def test_out_may_be_written_again(self):
        folder, out = self.economy(), self.path("plan")
        self.ends(0, "plan", folder, "--out", out)
        before = self.bytes_of(out)
        self.ends(0, "plan", folder, "--out", out)
        self.assertEqual(self.bytes_of(out), before)

    def test_a_plan_names_the_hash_of_its_tables(self):
        folder, out = self.economy(), self.path("plan")
        self.ends(0, "plan", folder, "--out", out)
        whole = self.bytes_of(folder)
        sha = hashlib.sha256(b"".join(whole.get(name, b"") for name in TABLES)).hexdigest()
        with open(os.path.join(out, "plan.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["inputs"], sha)

    def test_bad_tables_end_with_2_and_nothing_is_written(self):
        uses = BAKERY["uses.csv"].replace("work", "wrok")
        folder = self.economy({**BAKERY, "uses.csv": uses})
        self.ends(2, "plan", folder, "--out", self.path("plan"), says='uses.csv:3: good "wrok"')
        self.assertFalse(os.path.exists(self.path("plan")))

    def test_a_missing_folder_ends_with_2(self):
        self.ends(2, "plan", self.path("nothing"), says="does not exist")

    def test_a_plan_that_cannot_be_written_is_not_printed(self):
        self.ends(2, "plan", self.economy(), "--out", self.path("no", "such", "folder"))

    def test_output_that_cannot_be_printed_ends_with_2(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PLENUM, "plan", self.economy()], stdout=full,
                                  stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 2)

    def test_start_takes_a_price_and_a_plan(self):
        folder, out = self.economy(), self.path("plan")
        self.ends(0, "plan", folder, "--start", "2.5", "--out", out)
        with open(os.path.join(out, "prices.csv"), encoding="utf-8", newline="") as file:
            self.assertEqual({row["start_price"] for row in csv.DictReader(file)}, {"2.5"})
        self.ends(0, "plan", folder, "--start", os.path.join(out, "prices.csv"))

    def test_a_start_that_is_no_price_ends_with_2(self):
        folder = self.economy()
        for start in ("0", "-1", "1e999", self.path("nothing.csv")):
            self.ends(2, "plan", folder, "--start", start)

    def test_any_number_of_threads_gives_the_same_plan(self):
        folder = self.path("made-up")
        self.ends(0, "generate", "--kind", "mixed", "--workplaces", "60", "--goods", "40",
                  "--consumers", "20", "--seed", "7", folder)
        plans = [self.ends(0, "plan", folder, "--json", "--threads", n) for n in "0125"]
        self.assertEqual(len({json.loads(plan.stdout)["digest"] for plan in plans}), 1)

    def test_the_command_line_goes_before_economy_csv(self):
        folder = self.economy({**BAKERY, "economy.csv": "key,value\ntolerance,1e-3\n"})
        out = self.path("plan")
        for words, tolerance in (((), 1e-3), (("--tolerance", "1e-4"), 1e-4)):
            self.ends(0, "plan", folder, "--out", out, *words)
            with open(os.path.join(out, "plan.json"), encoding="utf-8") as file:
                self.assertEqual(json.load(file)["tolerance"], tolerance)

    # check

    def test_check_tells_what_tables_hold(self):
        self.ends(0, "check", self.economy(), says="2 goods")
        found = json.loads(self.ends(0, "check", "--json", self.path("economy")).stdout)
        self.assertEqual((found["goods"], found["links"], found["warnings"]), (2, 3, []))

    def test_a_plan_is_accepted_and_a_changed_one_is_not(self):
        folder, out = self.economy(), self.path("plan")
        self.ends(0, "plan", folder, "--out", out)
        self.ends(0, "check", folder, out, says="Accepted")
        flows = os.path.join(out, "flows.csv")
        with open(flows, encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        rows[1][3] = repr(float(rows[1][3]) * 1.001)
        with open(flows, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        done = self.ends(1, "check", folder, out, "--json")
        verdict = json.loads(done.stdout)
        self.assertFalse(verdict["accepted"])
        self.assertNotEqual(verdict["reason"], "")

    def test_a_folder_without_a_plan_ends_with_2(self):
        folder = self.economy()
        self.ends(2, "check", folder, self.path("nothing"))
        os.mkdir(self.path("empty"))
        self.ends(2, "check", folder, self.path("empty"))

    # init, schema, generate

    def test_an_empty_economy_says_what_to_do(self):
        folder = self.path("mine")
        self.ends(0, "init", folder)
        self.ends(2, "plan", folder, says="goods.csv: there are no goods")
        self.ends(2, "check", folder)

    def test_init_refuses_a_folder_with_tables(self):
        folder = self.economy()
        before = self.bytes_of(folder)
        self.ends(2, "init", folder, says="holds an economy")
        self.assertEqual(self.bytes_of(folder), before)

    def test_the_example_of_the_guide_is_planned(self):
        folder = self.path("mine")
        self.ends(0, "init", folder)
        with open(os.path.join(folder, "GUIDE.txt"), encoding="utf-8") as file:
            lines = file.read().splitlines()
        for name in ("goods.csv", "councils.csv", "uses.csv"):
            rows = []
            for line in lines[lines.index(name) + 1:]:
                if not line.startswith("    "):
                    break
                rows.append(line.strip() + "\n")
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.writelines(rows)
        self.ends(0, "plan", folder, says="300 loaf")
        self.assertIn("30 of 40 hour", run("plan", folder).stdout)

    def test_schema_is_json_and_init_has_its_columns(self):
        schema = json.loads(self.ends(0, "schema").stdout)
        self.assertEqual(schema, json.loads(self.ends(0, "schema", "--json").stdout))
        folder = self.path("mine")
        self.ends(0, "init", folder)
        self.assertEqual([table["file"] for table in schema["tables"]], TABLES)
        for table in schema["tables"]:
            with open(os.path.join(folder, table["file"]), encoding="utf-8") as file:
                header = file.readline().rstrip("\n").split(",")
            self.assertEqual(header, [column["name"] for column in table["columns"]])

    def test_every_table_without_a_required_column_is_refused(self):
        for table in json.loads(run("schema").stdout)["tables"]:
            for column in table["columns"]:
                if not column["required"] or table["file"] not in BAKERY:
                    continue
                text = BAKERY[table["file"]]
                self.assertIn(column["name"], text.splitlines()[0])
                tables = {**BAKERY, table["file"]: text.replace(column["name"], "elsewhere", 1)}
                folder = self.economy(tables, table["file"] + column["name"])
                self.ends(2, "check", folder, says=column["name"])

    def test_the_same_seed_gives_the_same_tables(self):
        made = []
        for name, seed in (("a", "5"), ("b", "5"), ("c", "6")):
            self.ends(0, "generate", "--kind", "recipe", "--workplaces", "30", "--goods", "20",
                      "--consumers", "5", "--inputs", "3", "--seed", seed, self.path(name))
            made.append(self.bytes_of(self.path(name)))
        self.assertEqual(made[0], made[1])
        self.assertNotEqual(made[0], made[2])

    def test_made_up_economies_have_a_plan(self):
        for kind in ("published", "recipe", "mixed"):
            for seed in "123":
                folder, out = self.path(kind + seed), self.path("plan" + kind + seed)
                self.ends(0, "generate", "--kind", kind, "--workplaces", "40", "--goods", "30",
                          "--consumers", "12", "--seed", seed, folder)
                self.ends(0, "plan", folder, "--out", out)
                self.ends(0, "check", folder, out)

    def test_economies_for_rounds_have_a_plan_whatever_their_options(self):
        for n, options in enumerate((["ces", "--sigma", "0.2-2.5", "--returns", "0.5-0.9"],
                                     ["ces", "--sigma", "0"], ["effort", "--returns", "0.8"],
                                     ["capacities", "--capacity", "loose"],
                                     ["capacities", "--capacity", "tight", "--sigma", "2"],
                                     ["capacities", "--capacity", "steep"])):
            folder, out = self.path(f"far{n}"), self.path(f"farplan{n}")
            self.ends(0, "generate", "--workplaces", "40", "--goods", "30", "--consumers", "12",
                      "--seed", "1", folder, "--kind", *options)
            self.ends(0, "plan", folder, "--out", out)
            self.ends(0, "check", folder, out)

    def test_generate_refuses_what_it_cannot_make(self):
        sizes = ["--workplaces", "3", "--consumers", "2", "--seed", "1", "--goods"]
        new, old = self.path("new"), self.economy()
        self.ends(2, "generate", "--kind", "mixd", *sizes, "4", new, says='mean "mixed"')
        self.ends(2, "generate", "--kind", "mixed", *sizes, "3", new, says="--goods")
        self.ends(2, "generate", "--kind", "published", *sizes, "27", new, says="five classes")
        self.ends(2, "generate", "--kind", "published", *sizes, "25", "--inputs", "3", new,
                  says="3 to 8")
        self.assertFalse(os.path.exists(new))
        self.ends(2, "generate", "--kind", "mixed", *sizes, "4", old, says="holds an economy")

    # bench

    BENCH = ("bench", "clear", "--workplaces", "300", "--inputs", "6", "--goods", "60")

    def test_bench_clears_what_it_makes_up(self):
        for more in ((), ("--layout", "uniform"), ("--schedule", "recipe"),
                     ("--returns", "0.9-0.97"), ("--consumers", "9", "--tolerance", "1e-6")):
            found = json.loads(self.ends(0, *self.BENCH, "--json", *more).stdout)
            self.assertEqual((found["outcome"], found["accepted"]), ("cleared", True))
            self.assertEqual(found["goods"], 60)
            self.assertEqual(found["coefficient_bytes"], 12 * found["links"])
            self.assertAlmostEqual(found["sweep_seconds"] * found["sweeps"], found["seconds"])
        self.assertEqual(found["councils"], 309)
        self.assertLess(found["worst_imbalance"], 1e-6)
        self.ends(0, *self.BENCH, says="times the")

    def test_bench_gives_the_same_plan_with_any_number_of_threads(self):
        found = [json.loads(self.ends(0, *self.BENCH, "--json", *more).stdout)["digest"]
                 for more in (("--threads", "1"), ("--threads", "3"), ("--seed", "2"))]
        self.assertEqual(found[0], found[1])
        self.assertNotEqual(found[0], found[2])

    def test_bench_warm_compares_two_starts(self):
        for more in ((), ("--schedule", "recipe")):
            found = json.loads(self.ends(0, "bench", "warm", *self.BENCH[2:], *more,
                                         "--json").stdout)
            self.assertEqual((found["outcome"], found["accepted"]), ("cleared", True))
            self.assertAlmostEqual(found["ratio"], found["sweeps"] / found["cold_sweeps"])
            self.assertEqual(found["shock"], 0.05)
        self.ends(0, "bench", "warm", *self.BENCH[2:], says="of the sweeps")

    def test_bench_refuses_what_it_cannot_measure(self):
        self.ends(2, "bench", says="bench clear")
        self.ends(2, *self.BENCH[:-2], says="--goods")
        self.ends(2, *self.BENCH, "--layout", "uniformly", says='mean "uniform"')
        self.ends(2, *self.BENCH, "--schedule", "ces", says="cobb_douglas and recipe")
        for returns in ("0.9-", "0.9-1", "0.9-0.8", "-1", "much"):
            self.ends(2, *self.BENCH, "--returns=" + returns, says="returns")
        self.ends(2, *self.BENCH, "--inputs", "100", says="fewer inputs")

    ROUNDS = ("bench", "rounds", "--workplaces", "60", "--consumers", "20", "--goods", "25")

    def test_bench_rounds_times_each_announcement(self):
        for more in ((), ("--rule", "anderson"), ("--seed", "2", "--threads", "3")):
            found = json.loads(self.ends(0, *self.ROUNDS, "--json", *more).stdout)
            told = found["announcements"]
            self.assertEqual((found["outcome"], found["councils"]), ("cleared", 80))
            self.assertEqual(len(told), found["rounds"])
            self.assertEqual(found["worst_imbalance"], told[-1]["worst_imbalance"])
            self.assertLessEqual(told[-1]["worst_imbalance"], 0.01)
            self.assertTrue(all(r["worst_imbalance"] > 0.01 for r in told[:-1]))
            self.assertIsNone(told[-1]["step_seconds"])
            answers = sorted(r["answer_seconds"] for r in told)
            steps = [r["step_seconds"] for r in told[:-1]]
            self.assertTrue(all(s > 0 for s in answers + steps))
            self.assertEqual(found["answer_seconds_most"], answers[-1])
            self.assertEqual(found["step_seconds_most"], max(steps))
            self.assertTrue(answers[0] <= found["answer_seconds"] <= answers[-1])
            self.assertEqual(found["answer_bytes"], 20 * found["links"])
        self.ends(0, *self.ROUNDS, says="a step of the rule")

    def test_bench_rounds_takes_the_same_rounds_with_any_number_of_threads(self):
        found = [[r["worst_imbalance"] for r in json.loads(self.ends(
            0, *self.ROUNDS, "--json", *more).stdout)["announcements"]]
                 for more in (("--threads", "1"), ("--threads", "3"), ("--seed", "2"))]
        self.assertEqual(found[0], found[1])
        self.assertNotEqual(found[0], found[2])

    def test_bench_rounds_refuses_what_has_no_rounds(self):
        self.ends(2, *self.ROUNDS, "--rule", "direct", says="no rounds")
        self.ends(2, *self.ROUNDS, "--rule", "fited", says='mean "fitted"')
        self.ends(2, *self.ROUNDS, "--goods", "27", says="five classes")
        self.assertEqual(self.ends(0, *self.ROUNDS, "--quiet").stdout, "")

    # import

    def test_an_input_output_table_becomes_an_economy(self):
        with open(self.path("z.csv"), "w", encoding="utf-8") as file:
            file.write("sector,farm,mill,final\nfarm,10,40,50\nmill,20,10,70\n")
        self.ends(0, "import", "io", "--flows", self.path("z.csv"), self.path("dest"))
        self.ends(0, "plan", self.path("dest"))

    def test_an_import_that_is_refused_writes_nothing(self):
        with open(self.path("z.csv"), "w", encoding="utf-8") as file:
            file.write("sector,farm,mill,final\nfarm,10,x,50\nmill,20,10,70\n")
        self.ends(2, "import", "io", "--flows", self.path("z.csv"), self.path("dest"))
        self.assertFalse(os.path.exists(self.path("dest")))
        self.ends(2, "import", "sut", "--make", self.path("z.csv"), self.path("dest"),
                  says="needs --use")

    # the command itself

    def test_help_and_version_end_with_0(self):
        self.ends(0, "--help", says="plan FOLDER")
        self.assertEqual(self.ends(0, "--version").stdout, "plenum " + VERSION + "\n")
        for verb in (["plan"], ["check"], ["import", "io"], ["import", "sut"], ["generate"],
                     ["bench", "clear"], ["bench", "warm"], ["bench", "rounds"],
                     ["init"], ["schema"]):
            self.ends(0, *verb, "--help", says="Usage: plenum " + " ".join(verb))
            self.ends(0, *verb, "--version", says=VERSION)
            self.assertEqual(run("help", *verb).stdout, run(*verb, "--help").stdout)

    def test_what_is_no_command_ends_with_2(self):
        for words in ([], [""], ["plna"], ["import"], ["-x"], ["help", "plna"], ["schema", "x"],
                      ["plan"], ["plan", ""], ["plan", "a", "b"], ["plan", "a", "--ot", "b"]):
            self.ends(2, *words)

    def test_the_locale_does_not_matter(self):
        folder = self.economy()
        plans = [self.ends(0, "plan", folder, "--json", env={**os.environ, "LC_ALL": name})
                 for name in ("C", "C.UTF-8", "de_DE.UTF-8")]
        self.assertEqual(len({json.loads(plan.stdout)["digest"] for plan in plans}), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
