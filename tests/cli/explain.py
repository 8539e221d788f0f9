# SPDX-License-Identifier: AGPL-3.0-or-later
"""What plenum explain and compare say. explain.py PLENUM VALLEY"""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import unittest

PLENUM, VALLEY = sys.argv[1], sys.argv[2]

BAKERY = {
    "goods.csv": "good,name,kind,unit,supply,price\nbread,Rye bread,product,loaf,,1\n"
                 "work,,labour,hour,40,1\n",
    "councils.csv": "council,name,kind,schedule,effort\n"
                    "bakery,Bakery,workers,recipe,1\nvillage,,consumers,request,\n",
    "uses.csv": "council,good,role,amount\n"
                "bakery,bread,makes,1\nbakery,work,uses,0.1\nvillage,bread,wants,300\n",
}


def run(*words):
    return subprocess.run([PLENUM, *words], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, encoding="utf-8", timeout=100)


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c)
               else 1 for c in line)


class Base(unittest.TestCase):
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

    def ends(self, code, *words, says=None):
        done = run(*words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if code == 2:
            self.assertEqual(done.stdout, "")
            self.assertNotEqual(done.stderr, "")
        if says is not None:
            self.assertIn(says, done.stdout + done.stderr)
        for line in done.stdout.splitlines():
            if not line.startswith("{"):
                self.assertLessEqual(columns(line), 80, line)
        return done

    def object(self, *words, code=0):
        return json.loads(self.ends(code, *words, "--json").stdout)

    def plan(self, folder, name="plan"):
        self.ends(0, "plan", folder, "--out", self.path(name), "--quiet")
        return self.path(name)


class Explain(Base):
    def test_a_price_is_the_sum_of_its_parts(self):
        told = self.object("explain", self.economy(), "bread")
        self.assertAlmostEqual(told["price"], 1, delta=1e-9)
        for key in ("made_of", "in_all"):
            self.assertAlmostEqual(sum(part["credits"] for part in told[key]), told["price"],
                                   delta=1e-12)
        self.assertEqual([part["kind"] for part in told["in_all"] if part["credits"] > 0], ["effort"])
        self.assertEqual(told["supplied_by"][0]["council"], "bakery")
        self.assertEqual(told["asked_by"], [{"council": "village", "role": "wants",
                                             "quantity": 300, "share": 1}])
        content = {row["good"]: row["quantity"] for row in told["content"]}
        self.assertAlmostEqual(content["work"], 0.1, delta=1e-12)

    def test_a_plan_that_is_given_is_the_one_explained(self):
        folder = self.economy()
        plan = self.plan(folder)
        self.assertEqual(self.ends(0, "explain", folder, plan, "bread").stdout,
                         self.ends(0, "explain", folder, "bread").stdout)
        with open(os.path.join(plan, "prices.csv"), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(plan, "prices.csv"), "w", encoding="utf-8") as file:
            file.write(re.sub(r"^bread,[^,]*,", "bread,2,", text, flags=re.MULTILINE))
        done = self.ends(0, "explain", folder, plan, "bread", says="not accepted")
        self.assertIn("Price: 2 credits", done.stdout)

    def test_goods_and_councils_go_by_id_or_name(self):
        folder = self.economy()
        by_id = self.ends(0, "explain", folder, "bread").stdout
        self.assertEqual(by_id, self.ends(0, "explain", folder, "Rye bread").stdout)
        self.assertIn("Workers", self.ends(0, "explain", folder, "Bakery").stdout)
        self.ends(2, "explain", folder, "braed", says='did you mean "bread"?')
        self.ends(2, "explain", folder, "Bakerie", says='did you mean "bakery"?')
        self.ends(2, "explain", folder, "", says="empty name")
        self.ends(2, "explain", folder, says="something is missing")
        self.ends(2, "explain", folder, self.path("nothing"), "bread")

    def test_a_good_goes_before_a_council_of_the_same_name(self):
        folder = self.economy({name: text.replace("bakery", "bread")
                               for name, text in BAKERY.items()})
        self.ends(0, "explain", folder, "bread", says="--council")
        self.assertEqual(self.object("explain", folder, "bread", "--council")["kind"], "workers")
        self.ends(2, "explain", folder, "work", "--council")

    def test_what_is_explained_without_a_plan_that_fits_ends_with_1(self):
        folder = self.economy({**BAKERY, "uses.csv": BAKERY["uses.csv"].replace("300", "800")})
        self.ends(1, "explain", folder, "bread", says="nearest plan")

    def test_quiet_prints_nothing(self):
        done = self.ends(0, "explain", "--quiet", self.economy(), "bread")
        self.assertEqual(done.stdout + done.stderr, "")

    def test_a_workplace_tells_where_its_worth_goes(self):
        told = self.object("explain", self.economy(), "bakery")
        self.assertAlmostEqual(told["made"], told["used"] + told["effort"] + told["capacity"] +
                               told["returns"], delta=1e-9)
        self.assertEqual([row["good"] for row in told["gives"]], ["bread"])
        self.assertEqual([row["good"] for row in told["gets"]], ["work"])

    def test_everything_of_the_valley_is_explained_and_fits_the_screen(self):
        plan = self.plan(VALLEY)
        for table, column in (("goods.csv", "good"), ("councils.csv", "council")):
            with open(os.path.join(VALLEY, table), encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    self.ends(0, "explain", VALLEY, plan, row[column])
        for good in ("bread", "bridge", "smoke", "electricity"):
            told = self.object("explain", VALLEY, plan, good)
            for key in ("made_of", "in_all"):
                self.assertAlmostEqual(sum(part["credits"] for part in told[key]),
                                       told["price"], delta=1e-9 * told["price"])
        home = self.object("explain", VALLEY, plan, "millrace-council")
        spent = sum(row["credits"] for row in home["gets"])
        self.assertAlmostEqual(spent, home["used"], delta=1e-9 * spent)
        self.assertAlmostEqual(sum(part["credits"] for part in home["in_all"]), spent,
                               delta=1e-9 * spent)
        hours = sum(part["quantity"] for part in home["in_all"] if part["kind"] == "labour")
        self.assertGreater(hours, 100000)


class Moved(Base):
    """Whose change moved a price."""

    def valley(self, name, changes):
        """The valley with some lines of its tables changed."""
        shutil.copytree(VALLEY, self.path(name))
        for file, old, new in changes:
            path = self.path(name, file)
            with open(path, encoding="utf-8") as from_:
                text = from_.read()
            self.assertEqual(text.count(old), 1, old)
            with open(path, "w", encoding="utf-8") as to:
                to.write(text.replace(old, new))
        return self.path(name)

    def test_every_kind_of_change_in_the_valley_has_its_part(self):
        changes = {
            "federation-council": ("uses.csv", "federation-council,bridge,wants,64",
                                   "federation-council,bridge,wants,70"),
            "grain-farm": ("uses.csv", "grain-farm,field-work,uses,130",
                           "grain-farm,field-work,uses,150"),
            "standing-wood": ("goods.csv", ",6450", ",6000"),
            "millrace-council": ("councils.csv", ",1611000", ",1711000"),
            "river-power": ("councils.csv", "recipe,4600,", "recipe,4300,"),
        }
        before = self.plan(VALLEY, "before")
        folder = self.valley("after", changes.values())
        after = self.plan(folder, "after.plan")
        for good in ("bread", "bridge", "boards", "electricity", "standing-wood", "smoke"):
            told = self.object("explain", folder, after, good, "--against", before,
                               "--against-economy", VALLEY)
            parts = {cause["id"]: cause["credits"] for cause in told["causes"]}
            top = max(told["before"], told["after"])
            self.assertAlmostEqual(sum(parts.values()), told["after"] - told["before"],
                                   delta=1e-9 * top)
            self.assertLessEqual(abs(parts.pop(None, 0)), 1e-9 * top)
            self.assertLessEqual(set(parts), set(changes))
        done = self.ends(0, "explain", folder, after, "electricity", "--against", before,
                         "--against-economy", VALLEY)
        for words in ("capacity 4 300, not 4 600", "income 1 711 000, not 1 611 000",
                      "wants 70, not 64", "uses 150, not 130", "there are 6 000, not 6 450"):
            self.assertIn(words, done.stdout)

    def test_one_change_has_all_of_it_and_plans_are_made_where_none_is_given(self):
        folder = self.valley("after", [("councils.csv", "recipe,4600,", "recipe,4300,")])
        told = self.object("explain", folder, "electricity", "--against-economy", VALLEY)
        self.assertEqual(told["causes"][0]["id"], "river-power")
        self.assertAlmostEqual(told["causes"][0]["credits"], told["after"] - told["before"],
                               delta=1e-9 * told["after"])
        self.ends(0, "explain", VALLEY, "bread", "--against", self.plan(VALLEY),
                  says="in both plans")

    def test_what_cannot_be_compared_is_refused(self):
        plan = self.plan(VALLEY)
        self.ends(2, "explain", VALLEY, "bakery", "--against", plan, says="is a council")
        self.ends(2, "explain", VALLEY, "bread", "--against", self.path("nothing"))
        folder = self.economy({name: text.replace("bread", "cake")
                               for name, text in BAKERY.items()})
        self.ends(2, "explain", folder, "cake", "--against", plan, "--against-economy", VALLEY,
                  says="is new")


class Compare(Base):
    def two(self):
        """Plans of the bakery for a village that wants 300 loaves, then 330 at more effort."""
        before = self.plan(self.economy(), "before")
        uses = BAKERY["uses.csv"].replace("300", "330")
        councils = BAKERY["councils.csv"].replace("recipe,1", "recipe,1.5")
        after = self.plan(self.economy({**BAKERY, "uses.csv": uses, "councils.csv": councils},
                                       "next"), "after")
        return before, after

    def test_a_plan_is_the_same_as_itself(self):
        plan = self.plan(self.economy())
        self.ends(0, "compare", plan, plan, says="The same plan to the last bit")
        told = self.object("compare", plan, plan)
        self.assertTrue(told["same_digest"] and told["same_inputs"])
        self.assertEqual((told["changed"], told["growth"]), (0, 0))

    def test_what_changed_stands_there_with_both_numbers(self):
        told = self.object("compare", *self.two())
        self.assertFalse(told["same_digest"] or told["same_inputs"])
        self.assertEqual([row["good"] for row in told["prices"]], ["bread"])
        self.assertAlmostEqual(told["prices"][0]["after"], 1.5, delta=1e-9)
        self.assertEqual({row["good"] for row in told["demands"]}, {"bread", "work"})
        self.assertEqual(told["activities"][0]["council"], "bakery")
        self.assertAlmostEqual(told["price_index"]["fisher"], 1.5, delta=1e-9)
        self.assertAlmostEqual(told["growth"], 0.1, delta=1e-9)
        self.assertAlmostEqual(told["after"]["wanted_value"], 495, delta=1e-6)
        self.ends(0, "compare", self.path("before"), self.path("after"), says="+10 %")

    def test_indices_of_the_valley_are_those_of_their_definition(self):
        folder = self.path("valley")
        shutil.copytree(VALLEY, folder)
        with open(os.path.join(folder, "councils.csv"), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(folder, "councils.csv"), "w", encoding="utf-8") as file:
            file.write(text.replace(",1611000,", ",1911000,"))
        dirs = self.plan(VALLEY, "before"), self.plan(folder, "after")
        price, wanted = [{}, {}], [{}, {}]
        for k, plan in enumerate(dirs):
            with open(os.path.join(plan, "prices.csv"), encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    price[k][row["good"]] = float(row["price"])
            with open(os.path.join(plan, "flows.csv"), encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    if row["role"] == "wants":
                        wanted[k].setdefault(row["good"], 0)
                        wanted[k][row["good"]] += float(row["quantity"])

        def worth(p, q):
            return sum(price[p][good] * amount for good, amount in wanted[q].items())
        told = self.object("compare", *dirs)
        for key, want in (("laspeyres", worth(0, 1) / worth(0, 0)),
                          ("paasche", worth(1, 1) / worth(1, 0))):
            self.assertAlmostEqual(told["quantity_index"][key], want, delta=1e-12)
        for key, want in (("laspeyres", worth(1, 0) / worth(0, 0)),
                          ("paasche", worth(1, 1) / worth(0, 1))):
            self.assertAlmostEqual(told["price_index"][key], want, delta=1e-12)
        self.ends(0, "compare", *dirs)

    def test_what_is_in_one_plan_alone_is_named(self):
        before, _ = self.two()
        tables = {**BAKERY,
                  "goods.csv": BAKERY["goods.csv"] + "cake,,product,,,\n",
                  "councils.csv": BAKERY["councils.csv"] + "baker,,workers,recipe,2\n",
                  "uses.csv": BAKERY["uses.csv"] + "baker,cake,makes,1\nvillage,cake,wants,1\n"}
        after = self.plan(self.economy(tables, "richer"), "richer.plan")
        told = self.object("compare", before, after)
        self.assertEqual((told["after"]["goods_only_here"], told["after"]["councils_only_here"]),
                         (["cake"], ["baker"]))
        self.ends(0, "compare", before, after, says="Only after: cake, baker")

    def test_what_is_no_plan_is_refused(self):
        before, after = self.two()
        self.ends(2, "compare", before, self.path("nothing"))
        self.ends(2, "compare", before)
        folder = self.economy({name: text.replace("bread", "cake").replace("work,", "toil,")
                               for name, text in BAKERY.items()}, "other")
        self.ends(2, "compare", before, self.plan(folder, "other.plan"), says="in common")
        os.remove(os.path.join(after, "flows.csv"))
        self.ends(2, "compare", before, after, says="flows.csv")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
