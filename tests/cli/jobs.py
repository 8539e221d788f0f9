#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum jobs on the example: jobs.py PLENUM EXAMPLES."""
import csv
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

PLENUM, EXAMPLES = sys.argv[1:3]


class Jobs(unittest.TestCase):
    def run_jobs(self, *options):
        return subprocess.run([PLENUM, "jobs", os.path.join(EXAMPLES, "bakery"), *options],
                              capture_output=True, text=True, timeout=300)

    def test_what_can_be_balanced_is_called_balanced(self):
        """Rounded hours put the largest deviation at 0.50014, and 0.5 was asked for."""
        done = self.run_jobs("--json")
        told = json.loads(done.stdout)
        self.assertEqual((done.returncode, told["outcome"]), (0, "balanced"))
        self.assertLessEqual(told["worst"], told["within"])

    def test_the_page_rounds_hours_as_the_table_says_them(self):
        with tempfile.TemporaryDirectory() as scratch:
            out = os.path.join(scratch, "out")
            self.assertEqual(self.run_jobs("--out", out).returncode, 0)
            with open(os.path.join(out, "report.html"), encoding="utf-8") as file:
                page = file.read()
            with open(os.path.join(out, "jobs.csv"), encoding="utf-8", newline="") as file:
                hours = [round(float(row["hours"]) * 1000) for row in csv.DictReader(file)]
            self.assertGreater(len(hours), 30)
            for thousandths in hours:
                self.assertIn(f" {(thousandths + 50) // 100 / 10:.1f}", page)
            self.assertIn("Bookkeeping</bdi> (24.0 hours)", page)
            self.assertNotIn("(0.0 hours)", page)

    def copy(self, scratch, *names):
        """Some of the example's tables in a folder of their own."""
        for name in names:
            shutil.copy(os.path.join(EXAMPLES, "bakery", name), scratch)
        return scratch

    def test_a_history_is_watched_and_answered(self):
        with tempfile.TemporaryDirectory() as scratch:
            out = os.path.join(scratch, "out")
            told = json.loads(self.run_jobs("--json", "--window", "3", "--out", out).stdout)
            with open(os.path.join(out, "monitor.csv"), encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        self.assertTrue(told["alarm"])
        self.assertFalse(told["planned"]["alarm"])
        self.assertLess(told["planned"]["imbalance"], told["within"])
        self.assertEqual([row["period"] for row in rows], [f"2026-{m:02}" for m in range(1, 7)])
        self.assertEqual(float(rows[-1]["class_index"]), told["watch"][-1]["class_index"])
        self.assertGreater(told["watch"][-1]["class_index"], told["watch"][0]["class_index"])

    def over_time(self, folder, *options):
        """What the screen says, and the page's section over time, as plain text."""
        with tempfile.TemporaryDirectory() as scratch:
            out = os.path.join(scratch, "out")
            said = subprocess.run([PLENUM, "jobs", folder, "--out", out, *options], timeout=300,
                                  capture_output=True, text=True).stdout
            with open(os.path.join(out, "report.html"), encoding="utf-8") as file:
                page = file.read()
        section = page[page.find('id="time"'):page.find('id="who"')]
        plain = html.unescape(re.sub("<[^>]*>", " ", section))
        return " ".join(said.split()), " ".join(plain.split())

    def test_the_page_tells_of_the_time_before_what_the_screen_tells(self):
        said, page = self.over_time(os.path.join(EXAMPLES, "bakery"), "--window", "3")
        for sentence in (r"In the 3 periods up to [^.]*\.", r"Those who do most [^.]*\.",
                         r"ALARM: [^.]*\.", r"For them [1-9][^.]*lessons[^.]*\."):
            found = re.search(sentence, said)
            self.assertIsNotNone(found, sentence)
            self.assertIn(found.group(), page)
        self.assertIn("2026-06 41 % ", page)
        self.assertNotIn("Ada", page)

    def test_of_four_people_the_page_tells_no_part_of_anything(self):
        with tempfile.TemporaryDirectory() as scratch:
            self.workshop(scratch)
            with open(os.path.join(scratch, "history.csv"), "w", encoding="utf-8") as file:
                file.write("period,person,task,hours\n1,a,books,30\n1,b,boss,30\n1,c,clean,60\n")
            said, page = self.over_time(scratch, "--within", "20")
        self.assertIn("Fewer than five worked", page)
        for text in (page, said[:said.find("alanced: ")]):
            self.assertNotIn("%", text)

    def test_the_last_period_of_a_history_stands_for_last_csv(self):
        """Periods that are numbers follow one another as numbers: 10 comes after 9."""
        with tempfile.TemporaryDirectory() as scratch:
            self.copy(scratch, "people.csv", "tasks.csv", "skills.csv", "last.csv")
            want = subprocess.run([PLENUM, "jobs", scratch, "--json"], capture_output=True,
                                  text=True, timeout=300)
            with open(os.path.join(scratch, "last.csv"), encoding="utf-8") as file:
                rows = file.read().splitlines()[1:]
            os.remove(os.path.join(scratch, "last.csv"))
            with open(os.path.join(scratch, "history.csv"), "w", encoding="utf-8") as file:
                file.write("period,person,task,hours\n")
                file.writelines(f"10,{row}\n" for row in reversed(rows))
                file.write("9,fatima,planning,3\n9,someone who left,books,2\n")
            got = subprocess.run([PLENUM, "jobs", scratch, "--json"], capture_output=True,
                                 text=True, timeout=300)
        self.assertEqual(json.loads(got.stdout)["people"], json.loads(want.stdout)["people"])
        self.assertEqual([p["period"] for p in json.loads(got.stdout)["watch"]], ["9", "10"])

    def test_members_score_tasks_and_one_liar_changes_little(self):
        with tempfile.TemporaryDirectory() as scratch:
            self.copy(scratch, "people.csv", "skills.csv")
            with open(os.path.join(EXAMPLES, "bakery", "tasks.csv"), encoding="utf-8",
                      newline="") as file:
                tasks = list(csv.DictReader(file))
            given = {row["task"]: float(row["empowerment"]) for row in tasks}
            with open(os.path.join(EXAMPLES, "bakery", "people.csv"), encoding="utf-8",
                      newline="") as file:
                people = [row["person"] for row in csv.DictReader(file)]
            for row in tasks:
                row["empowerment"] = ""
            with open(os.path.join(scratch, "tasks.csv"), "w", encoding="utf-8",
                      newline="") as file:
                table = csv.DictWriter(file, list(tasks[0]))
                table.writeheader()
                table.writerows(tasks)
            with open(os.path.join(scratch, "ratings.csv"), "w", encoding="utf-8") as file:
                file.write("person,task,empowerment\n")
                for k, person in enumerate(people):
                    for task, score in given.items():
                        said = 20 if k == 0 else min(20, max(1, score + (k % 3 - 1) / 2))
                        file.write(f"{person},{task},{said}\n")
            out = os.path.join(scratch, "out")
            done = subprocess.run([PLENUM, "jobs", scratch, "--json", "--out", out],
                                  capture_output=True, text=True, timeout=300)
            scores = {row["task"]: row["empowerment"]
                      for row in json.loads(done.stdout)["scores"]}
            with open(os.path.join(out, "scores.csv"), encoding="utf-8", newline="") as file:
                written = {row["task"]: row for row in csv.DictReader(file)}
        for task, score in given.items():
            self.assertAlmostEqual(scores[task]["score"], score, delta=0.5)
            self.assertLessEqual(scores[task]["low"], scores[task]["score"])
            self.assertEqual(scores[task]["count"], len(people))
            self.assertEqual(float(written[task]["empowerment"]), scores[task]["score"])

    def workshop(self, scratch):
        """Four people: one keeps the books, one is the boss, two clean."""
        tables = {"people.csv": "person,hours\na,30\nb,30\nc,30\nd,30\n",
                  "tasks.csv": "task,hours,empowerment,desirability,learn_hours\n"
                               "books,30,15,10,10\nclean,60,3,9,0\nboss,30,18,10,20\n",
                  "skills.csv": "person,task,can\na,books,yes\nb,boss,yes\n",
                  "last.csv": "person,task,hours\na,books,30\nb,boss,30\nc,clean,30\n"
                              "d,clean,30\n",
                  "workplaces.csv": "workplace,hours,empowerment\nlaundry,300,3.5\n"
                                    "clinic,400,9\nmill,200,5\n"}
        for name, text in tables.items():
            with open(os.path.join(scratch, name), "w", encoding="utf-8") as file:
                file.write(text)
        return scratch

    def told_of(self, folder, *options):
        done = subprocess.run([PLENUM, "jobs", folder, "--json", *options], capture_output=True,
                              text=True, timeout=300)
        return json.loads(done.stdout)

    def bad_shop(self, scratch, tasks, skills=""):
        """Three people of 30 hours whose tasks do not go together."""
        tables = {"people.csv": "person,name,hours\na,Ada,30\nb,Ben,30\nc,Cleo,30\n",
                  "tasks.csv": "task,name,hours,empowerment,desirability,min_block,learn_hours\n"
                               + tasks,
                  "skills.csv": "person,task,can\n" + skills}
        for name, text in tables.items():
            with open(os.path.join(scratch, name), "w", encoding="utf-8") as file:
                file.write(text)
        said = subprocess.run([PLENUM, "jobs", scratch], capture_output=True, text=True,
                              timeout=300)
        self.assertEqual((said.returncode, said.stderr), (1, ""))
        return self.told_of(scratch), " ".join(said.stdout.split())

    def test_where_there_are_no_jobs_what_is_told_to_be_changed_gives_some(self):
        with tempfile.TemporaryDirectory() as scratch:
            tasks = "books,Books,35,15,10,%s,0\nclean,Cleaning,55,3,9,20,0\n"
            told, said = self.bad_shop(scratch, tasks % 30)
            self.assertEqual(told["remedies"],
                             [{"kind": "min_block", "task": "books", "min_block": 5}])
            self.assertIn('the least share of "Books" is 5 hours instead of 30', said)
            told, said = self.bad_shop(scratch, tasks % 5)
            self.assertEqual(told["outcome"], "nearest")
            self.assertNotIn("remedies", told)

    def test_names_in_sentences_end_with_a_whole_character(self):
        """A name of a thousand letters of two bytes was cut within one, and nothing was said of
        a folder that was not written."""
        with tempfile.TemporaryDirectory() as scratch:
            long = "é" * 1000
            self.bad_shop(scratch, f"books,{long},80,15,10,0,50\n"
                                   "clean,Cleaning,10,3,9,0,0\n", "a,books,yes\n")
            out = os.path.join(scratch, "out")
            for table in "swaps.csv", "leave.csv":
                with open(os.path.join(scratch, table), "w", encoding="utf-8") as file:
                    file.write({"swaps.csv": f"day,person,with\nmon,x{long},a\n",
                                "leave.csv": f"person,day\nx{long},mon\n"}[table])
            with open(os.path.join(scratch, "people.csv"), "w", encoding="utf-8") as file:
                file.write(f"person,name,hours\na,Ada,30\nx{long},y{long},30\nc,Cleo,30\n")
            done = subprocess.run([PLENUM, "jobs", scratch, "--out", out], timeout=300,
                                  capture_output=True)
            self.assertIn("Nothing was written to", " ".join(done.stdout.decode().split()))
            self.assertFalse(os.path.exists(out))
            with open(os.path.join(scratch, "tasks.csv"), "w", encoding="utf-8") as file:
                file.write("task,hours,empowerment,desirability,learn_hours\nbooks,80,15,10,0\n")
            os.remove(os.path.join(scratch, "skills.csv"))
            done = subprocess.run([PLENUM, "jobs", scratch, "--within", "20", "--rota",
                                   "2026-12-07"], timeout=300, capture_output=True)
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr.decode(), r'swaps.csv:2: "xé+\.\.\." does not work')

    def test_who_would_have_to_learn_is_told(self):
        with tempfile.TemporaryDirectory() as scratch:
            told, said = self.bad_shop(scratch, "books,Books,80,15,10,0,50\n"
                                                "clean,Cleaning,10,3,9,0,0\n", "a,books,yes\n")
        self.assertEqual(told["remedies"],
                         [{"kind": "learn", "task": "books", "people": ["b", "c"]}])
        self.assertIn("Ben (50 hours of lessons, of at most 30 now) and Cleo", said)

    def test_more_work_than_hours_says_what_to_do(self):
        with tempfile.TemporaryDirectory() as scratch:
            told, said = self.bad_shop(scratch, "books,Books,80,15,10,0,0\n"
                                                "clean,Cleaning,20,3,9,0,0\n")
        self.assertEqual(told["remedies"], [])
        self.assertIn("10 hours more than people offer", said)
        self.assertIn("offer more hours", said)

    def test_ctrl_c_ends_the_search_and_leaves_nothing(self):
        """Two hundred people with shares that do not go together are searched for long."""
        with tempfile.TemporaryDirectory() as scratch:
            with open(os.path.join(scratch, "people.csv"), "w", encoding="utf-8") as file:
                file.write("person,hours\n" + "".join(f"p{k},38\n" for k in range(200)))
            with open(os.path.join(scratch, "tasks.csv"), "w", encoding="utf-8") as file:
                file.write("task,hours,empowerment,desirability,min_block,learn_hours\n")
                file.writelines(f"t{k},{70 + k % 7},{k % 20 + 1},{k * 7 % 20 + 1},25,0\n"
                                for k in range(100))
            out = os.path.join(scratch, "out")
            with subprocess.Popen([PLENUM, "jobs", scratch, "--out", out, "--json"],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
                try:
                    run.wait(timeout=0.5)
                    self.fail("it was over before it could be stopped")
                except subprocess.TimeoutExpired:
                    run.send_signal(signal.SIGINT)
                said, why = run.communicate(timeout=60)
            self.assertEqual((run.returncode, said), (130, b""))
            self.assertEqual(why, b"stopped; nothing was written\n")
            self.assertFalse(os.path.exists(out))

    def test_nearer_to_the_mean_costs_more(self):
        with tempfile.TemporaryDirectory() as scratch:
            out = os.path.join(scratch, "out")
            cost = self.told_of(self.workshop(scratch), "--curve", "--out", out)["cost"]
            with open(os.path.join(out, "cost.csv"), encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        self.assertEqual((cost[0]["within"], cost[0]["lessons_hours"], cost[0]["changed_hours"]),
                         (None, 0, 0))
        for i, point in enumerate(cost[1:], 1):
            self.assertLessEqual(point["worst"], point["within"])
            self.assertEqual(float(rows[i]["lessons_hours"]), point["lessons_hours"])
        self.assertGreater(cost[-1]["lessons_hours"], 0)
        self.assertGreater(cost[-1]["changed_hours"], cost[0]["changed_hours"])

    def test_visits_bring_every_workplace_to_the_mean_of_all(self):
        with tempfile.TemporaryDirectory() as scratch:
            self.workshop(scratch)
            self.assertNotIn("across", self.told_of(scratch, "--across", "off"))
            for policy in "advisory", "required":
                out = os.path.join(scratch, policy)
                across = self.told_of(scratch, "--across", policy, "--out", out)["across"]
                self.assertEqual(os.path.exists(os.path.join(out, "visits.csv")),
                                 policy == "required")
        hours = {"laundry": 300, "clinic": 400, "mill": 200, "": 120}
        mean = {"laundry": 3.5, "clinic": 9, "mill": 5, "": across["here"]}
        self.assertAlmostEqual(across["here"], (30 * 15 + 60 * 3 + 30 * 18) / 120)
        for place, all_hours in hours.items():
            moved = sum(v["hours"] * (mean[v["below"]] - mean[v["above"]])
                        * ((v["above"] == place) - (v["below"] == place))
                        for v in across["visits"])
            self.assertAlmostEqual(mean[place] + moved / all_hours, across["mean"])

    def test_a_rota_holds_the_jobs_and_nobody_who_is_away(self):
        with tempfile.TemporaryDirectory() as scratch:
            self.workshop(scratch)
            out = os.path.join(scratch, "out")
            for name, text in {"leave.csv": "person,day\nc,wed\n",
                               "swaps.csv": "day,person,with\nfri,a,d\n"}.items():
                with open(os.path.join(scratch, name), "w", encoding="utf-8") as file:
                    file.write(text)
            done = subprocess.run([PLENUM, "jobs", scratch, "--within", "20", "--rota",
                                   "2026-12-28", "--out", out, "--quiet"],
                                  capture_output=True, text=True, timeout=300)
            if done.returncode == 2:  # they may not swap where one lacks the other's tasks
                self.assertRegex(done.stderr, r"swaps.csv:2: .* can do not all")
                os.remove(os.path.join(scratch, "swaps.csv"))
                subprocess.run([PLENUM, "jobs", scratch, "--within", "20", "--rota",
                                "2026-12-28", "--out", out, "--quiet"], check=True,
                               timeout=300)
            with open(os.path.join(out, "jobs.csv"), encoding="utf-8", newline="") as file:
                jobs = {}
                for row in csv.DictReader(file):
                    jobs[row["task"]] = jobs.get(row["task"], 0) + float(row["hours"])
            with open(os.path.join(out, "rota.csv"), encoding="utf-8", newline="") as file:
                rota = list(csv.DictReader(file))
            with open(os.path.join(out, "rota.ics"), encoding="utf-8", newline="") as file:
                calendar = file.read()
        for task, hours in jobs.items():
            self.assertAlmostEqual(sum(float(r["hours"]) for r in rota if r["task"] == task),
                                   hours)
        days = {(r["day"], r["person"]) for r in rota}
        self.assertEqual(len(days), 4 * 5 - 1)
        self.assertNotIn(("wed", "c"), days)
        self.assertEqual(calendar.count("BEGIN:VEVENT\r\n"), len(days))
        self.assertIn("DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270102\r\n", calendar)
        self.assertTrue(all(len(line.encode()) <= 75 for line in calendar.split("\r\n")))

    def test_swaps_are_held_against_the_mean_of_all(self):
        """Where anybody can do anything: what a week comes to follows from rota.csv."""
        tables = {"people.csv": "person,hours\n" + "".join(f"{p},30\n" for p in "abcde"),
                  "tasks.csv": "task,hours,empowerment,desirability,min_block,learn_hours\n"
                               "books,45,15,10,3,0\nclean,75,3,4,3,0\nplan,30,18,12,3,0\n",
                  "swaps.csv": "day,person,with\nmon,a,b\ntue,c,a\n"}
        score = {"books": (15, 10), "clean": (3, 4), "plan": (18, 12)}
        with tempfile.TemporaryDirectory() as scratch:
            for name, text in tables.items():
                with open(os.path.join(scratch, name), "w", encoding="utf-8") as file:
                    file.write(text)
            out = os.path.join(scratch, "out")
            told = self.told_of(scratch, "--rota", "2026-12-07", "--out", out)
            read = {}
            for name in "rota.csv", "swapped.csv":
                with open(os.path.join(out, name), encoding="utf-8", newline="") as file:
                    read[name] = list(csv.DictReader(file))
            screen = subprocess.run([PLENUM, "jobs", scratch, "--rota", "2026-12-07"], timeout=300,
                                    capture_output=True, text=True).stdout
        self.assertEqual([row["person"] for row in read["swapped.csv"]], ["a", "b", "c"])
        mean = (told["mean_empowerment"], told["mean_desirability"])
        for row, same in zip(read["swapped.csv"], told["swapped"]):
            week = [(float(r["hours"]), score[r["task"]]) for r in read["rota.csv"]
                    if r["person"] == row["person"]]
            hours = sum(h for h, _ in week)
            means = [sum(h * s[k] for h, s in week) / hours for k in (0, 1)]
            off = max(abs(m - of_all) for m, of_all in zip(means, mean))
            self.assertAlmostEqual(float(row["off"]), off, delta=1e-6)
            self.assertAlmostEqual(float(row["empowerment"]), means[0], delta=1e-6)
            self.assertEqual(row["within"], "yes" if off <= told["within"] + 1e-9 else "no")
            self.assertEqual((same["off"], same["within"]),
                             (float(row["off"]), row["within"] == "yes"))
            self.assertIn(f"{row['person'].upper()}: {off + 1e-9:.2f} points from the mean", screen)
        within = sum(row["within"] == "yes" for row in read["swapped.csv"])
        self.assertIn(f"After the swaps of this week {within} of the 3 who swapped", screen)

    def test_somebody_hired_does_what_decides_and_the_others_share_the_rest(self):
        bakery = os.path.join(EXAMPLES, "bakery")
        told = self.told_of(bakery, "--hired")
        with open(os.path.join(bakery, "tasks.csv"), encoding="utf-8", newline="") as file:
            tasks = list(csv.DictReader(file))
        marked = [t for t in tasks if float(t["empowerment"]) >= 15]  # as none is marked
        rest = [t for t in tasks if t not in marked]
        hired = told["hired"]
        self.assertEqual(hired["tasks"], len(marked))
        self.assertAlmostEqual(hired["hours"], sum(float(t["hours"]) for t in marked), delta=1e-9)
        hours = sum(float(t["hours"]) for t in rest)
        mean = sum(float(t["hours"]) * float(t["empowerment"]) for t in rest) / hours
        self.assertAlmostEqual(hired["mean_empowerment"], mean, delta=1e-9)
        self.assertLess(hired["lessons_hours"], told["lessons_hours"])
        for part in ("empowering_top_fifth", "decisive_top_fifth", "class_index", "imbalance"):
            self.assertGreater(hired["then"][part], hired["shared"][part])
        said = subprocess.run([PLENUM, "jobs", bakery, "--hired"], timeout=300, capture_output=True,
                              text=True).stdout
        self.assertIn(f"for the {len(marked)} tasks in which decisions fall", " ".join(said.split()))
        self.assertNotIn("hired", self.told_of(bakery))

    def test_where_no_task_decides_nobody_need_be_hired(self):
        with tempfile.TemporaryDirectory() as scratch:
            for name, text in {"people.csv": "person,hours\na,30\nb,30\n",
                               "tasks.csv": "task,hours,empowerment,desirability,learn_hours\n"
                                            "x,30,4,4,0\ny,30,6,6,0\n"}.items():
                with open(os.path.join(scratch, name), "w", encoding="utf-8") as file:
                    file.write(text)
            self.assertIsNone(self.told_of(scratch, "--hired")["hired"])
            said = subprocess.run([PLENUM, "jobs", scratch, "--hired"], timeout=300, capture_output=True,
                                  text=True).stdout
        self.assertIn("Nobody need be hired", said)

    def test_pay_for_effort_is_the_same_sum_by_hours_and_effort(self):
        with tempfile.TemporaryDirectory() as scratch:
            self.workshop(scratch)
            payroll = os.path.join(scratch, "payroll")
            with open(payroll, "w", encoding="utf-8") as file:
                file.write("person,role,hours,pay,effort\na,clerk,30,600,\n"
                           "b,director,30,1500,\nc,cleaner,30,300,1.2\nd,cleaner,15,150,\n")
            out = os.path.join(scratch, "out")
            pay = self.told_of(scratch, "--from-payroll", payroll, "--out", out)["pay"]
            with open(os.path.join(out, "pay.csv"), encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        self.assertEqual((pay["total"], pay["people"], pay["gain"]), (2550, 4, 3))
        self.assertAlmostEqual(sum(float(r["pay_for_effort"]) for r in rows), 2550)
        for row in rows:
            self.assertAlmostEqual(float(row["pay_for_effort"]),
                                   2550 * float(row["hours"]) * float(row["effort"]) / 111)
        self.assertAlmostEqual(pay["moved"], sum(max(0, float(r["change"])) for r in rows))
        self.assertEqual([r["role"] for r in pay["roles"]], ["clerk", "director", "cleaner"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
