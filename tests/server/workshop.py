# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hour of docs/workshop.md, played by forms: cards, two rounds, an objection, a vote. With
PLENUM_LONG=1 also the count, the plan and what is handed over, which take two minutes of waiting.
workshop.py PLENUM"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from reader import Reader

PLENUM = sys.argv[1]
PLAYERS = 12
LONG = os.environ.get("PLENUM_LONG") == "1"


def goods_of(page):
    """What the fields of a proposal are called: "Bread" -> "q.9.wants"."""
    return {name: field for field, name in
            re.findall(r'<span id="t\.(q\.\d+\.\w+)"><bdi>([^<]*)', page.raw)}


class Workshop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.made)
        sheet = os.path.join(cls.made, "cards.html")
        cls.demo = subprocess.Popen(
            [PLENUM, "demo", "--no-browser", "--lan", "--port", "0", "--people", str(PLAYERS),
             "--sheet", sheet, "--quiet"], stdout=subprocess.PIPE, text=True,
            env={**os.environ, "TMPDIR": cls.made})
        cls.addClassCleanup(cls.stop)  # also where the rest of this fails
        told = ""
        while "valley.plenum" not in told:
            line = cls.demo.stdout.readline()
            assert line, told
            told += line
        cls.record = told.split()[-1]
        cls.port = int(re.search(r":(\d+)/", told).group(1))
        with open(sheet, encoding="utf-8") as cards:
            cls.cards = re.findall(
                r'<h2>(?:<bdi[^>]*>)?([^<]*).*?<b>([^<]*).*?<code>([^<]*)', cards.read(), re.S)
        cls.players = {}
        for name, task, link in cls.cards:
            reader = Reader(cls.port)
            reader.log_in(link)
            cls.players[task.replace("You speak for: ", "") if "speak" in task else name] = reader

    @classmethod
    def stop(cls):
        cls.demo.send_signal(signal.SIGTERM)
        cls.demo.wait(60)
        cls.demo.stdout.close()
        assert os.listdir(cls.made) == ["cards.html"], os.listdir(cls.made)

    def sound(self, page, status=200):
        self.assertEqual((page.faults, page.status), ([], status), page.text[:400])
        return page

    def says(self, page, words):
        self.assertTrue(re.search(words, page.text), f"no {words!r} in {page.text[:3000]}")

    def act(self, button, **filled):
        leader = self.players["a facilitator"]
        page = self.sound(leader.get("/seasons/1"))
        return self.sound(leader.press(page, "/seasons/1/act", button, **filled))

    def propose(self, council, **times):
        """Propose what the form begins with, some goods so many times as much."""
        reader = self.players[council]
        home = self.sound(reader.get("/"))
        path = next(link for link in home.links if link.endswith("#propose")).split("#")[0]
        page = self.sound(reader.get(path))
        fields, goods = page.form(path + "/proposal").fields, goods_of(page)
        filled = {goods[good]: f"{float(fields[goods[good]]) * by:.3f}" for good, by in times.items()}
        page = reader.press(page, path + "/proposal", reason="Discussed at our table.", **filled)
        self.assertEqual(page.faults, [])
        return page

    def of(self, kind):
        return [task for task in self.players if task.startswith("Neighbourhood") == kind
                and not re.match("an? ", task)]

    # the tests are the parts of the hour, in the order of their names

    def test_a_everybody_has_a_card_and_something_to_do(self):
        self.assertEqual(len(self.cards), PLAYERS + 3)
        self.assertEqual(len(set(name for name, _, _ in self.cards)), PLAYERS + 3)
        self.assertEqual((len(self.of(True)), len(self.of(False))), (PLAYERS // 2, PLAYERS // 2))
        for council in self.of(True) + self.of(False):
            self.says(self.sound(self.players[council].get("/")), "Propose for")

    def test_b_neighbours_want_other_things_than_there_are_and_prices_move(self):
        refused = 0
        for council in self.of(True):
            page = self.propose(council, Vegetables=1.5, Meat=0)
            refused += page.status == 400
            if page.status == 400:  # beyond the means
                self.says(page, "too much: ask for less")
                self.sound(self.propose(council, Vegetables=1.4, Meat=0))
        self.assertLess(refused, len(self.of(True)))
        for council in self.of(False):
            self.sound(self.propose(council))
        page = self.act("close")
        self.says(page, r"Meat\s+t\s*\d+(\.\d)? % too much[^%]*% cheaper")
        self.says(page, r"Vegetables\s+t\s*\d+(\.\d)? % too little[^%]*% dearer")
        if LONG:
            print(page.text[page.text.index("Goods and prices"):][:700])

    def test_c_somebody_objects_is_answered_and_an_auditor_rules(self):
        here = "/seasons/1/objections"
        objector = self.players[self.of(True)[0]]
        page = self.sound(objector.get(here))
        herders = next(value for value in page.form_with("reason").choices["council"]
                       if "Upland herders" in re.search(f'value="{value}"[^>]*>[^<]*', page.raw).group())
        self.sound(objector.press(page, here, council=herders, reason="What becomes of the animals?"))
        council = self.players["Upland herders"]
        self.says(self.sound(council.get("/")), "Answer the objection")
        page = self.sound(council.press(council.get(here), here, "explained", **{"reason.1": "We keep fewer."}))
        self.says(page, "We keep fewer.")
        auditor = self.players["an auditor"]
        self.sound(auditor.press(auditor.get(here), here, "refused", **{"reason.1": "They answered."}))

    def test_d_the_next_round_comes_nearer_to_balance(self):
        self.act("open")
        for council in self.of(True) + self.of(False):
            self.sound(self.propose(council))
        page = self.act("close")
        worst = [float(m) for m in re.findall(r"Round [45]closed[^:]*: ([\d.]+) %", page.text)]
        if LONG:
            print("furthest from balance in rounds 4 and 5:", worst)
            print(page.text[page.text.index("Goods and prices"):][:700])
        self.assertEqual(len(worst), 2)

    def test_e_everybody_votes_and_the_plan_is_adopted(self):
        leader = self.players["a facilitator"]
        stamp = self.sound(leader.get("/seasons/1")).form_with("until").fields["until"]
        self.assertRegex(stamp, r"^\d{4}-\d\d-\d\dT\d\d:\d\d$")
        soon = time.strftime("%Y-%m-%dT%H:%M", time.localtime(time.time() + 130))
        page = self.act("vote", until=soon if LONG else stamp)
        vote = re.search(r'href="/votes/(\d+)"', page.raw).group(1)
        for reader in self.players.values():
            page = self.sound(reader.press(reader.get(f"/votes/{vote}"), f"/votes/{vote}", **{"m.1": "yes"}))
            self.says(page, "receipt")
        if not LONG:
            return
        deadline = time.time() + 200
        while not leader.get(f"/votes/{vote}").forms and time.time() < deadline:
            time.sleep(2)
        page = self.sound(leader.press(leader.get(f"/votes/{vote}"), f"/votes/{vote}/close"))
        self.says(page, f"{PLAYERS + 3} yes")
        self.says(self.act("adopt"), "The plan")
        garden = self.players["Jardín del Río market garden"]
        path = next(link for link in garden.get("/").links if re.fullmatch(r"/councils/\d+", link))
        page = self.sound(garden.press(garden.get(path), path + "/delivery", quantity="12"))
        self.says(page, "12 t")

    def test_f_the_record_holds_and_can_be_verified(self):
        page = self.sound(self.players["an auditor"].get("/record"))
        head = re.search(r"\b[0-9a-f]{64}\b", page.text).group()
        done = subprocess.run([PLENUM, "verify", self.record, "--head", head], capture_output=True,
                              text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        if LONG:
            print(done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], failfast=True)
