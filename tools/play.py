#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""play.py PLENUM [--people N] [--record ADDRESS] - plays a season over HTTP: people are invited by
link, log in, propose in three rounds, object and appeal, vote, adopt a plan and deliver. One council
does not file, one person comes late. At the end both verifiers must accept the record, and each
round's exported economy must plan to the digest that was recorded. Needs Python alone."""
import argparse
import csv
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

LATER = 4102444800
HERE = os.path.dirname(os.path.abspath(__file__))
# the founder also facilitates; of each council the delegate; who rules on objections
FOUNDER, BAKER, FARMER, NEIGHBOUR, SECOND, AUDITOR, OBJECTOR = 1, 2, 3, 4, 5, 6, 7
BAKERY, FARM, QUARTER, HAMLET = 1, 2, 3, 4
LABOUR, BREAD, WHEAT = 1, 2, 3


class Refused(Exception):
    def __init__(self, answer):
        super().__init__(answer.get("detail", str(answer)))
        self.code, self.conflict = answer.get("code"), answer.get("conflict")


class Person:
    """Somebody who has logged in by a link, on a connection of their own."""

    def __init__(self, where, link):
        self.http = http.client.HTTPConnection(where.hostname, where.port, timeout=120)
        self.headers = {"Content-Type": "application/json"}
        told = self.ask("POST", "/api/login", code=link.rsplit("/", 1)[1])
        self.headers["Authorization"] = "Bearer " + told["token"]

    def ask(self, method, path, **fields):
        self.http.request(method, path, json.dumps(fields) if method != "GET" else None, self.headers)
        answer = self.http.getresponse()
        told = json.loads(answer.read() or b"{}")
        if answer.status >= 400:
            raise Refused(told)
        return told

    def do(self, method, path, **fields):
        return self.ask(method, path, **fields)["answer"]

    def see(self, path):
        return self.ask("GET", path)


class Game:
    def __init__(self, plenum, people, record, folder):
        self.plenum, self.n, self.record, self.folder = plenum, people, record, folder
        self.environment = {**os.environ, "PLENUM_KEY": os.path.join(folder, "key")}
        self.person, self.digest, self.server = {}, {}, None

    def run(self, *words, **options):
        done = subprocess.run([self.plenum, *words], capture_output=True, text=True, timeout=600,
                              env=self.environment, **options)
        if done.returncode != 0:
            sys.exit(f"play.py: plenum {' '.join(words)}: {done.stdout[-2000:]}{done.stderr}")
        return done.stdout

    # ---- who there is, and what they deal in ----

    def begin(self):
        """By the founder's hand, before anybody can log in."""
        ask = [(0, "record.begin", {"title": "the valley", "name": "Ada"})]
        ask += [(1, "person.add", {"name": f"person {i}", "contact": f"door {i}"})
                for i in range(2, self.n)]  # one more comes late
        for code, kind in (("bakery", "workers"), ("farm", "workers"), ("quarter", "consumers"),
                           ("hamlet", "consumers")):
            ask.append((1, "council.add", {"code": code, "kind": kind}))
        ask += [(1, "mandate.give", {"person": person, "council": council, "role": role, "until": LATER})
                for person, council, role in (
                    (BAKER, BAKERY, "delegate"), (FARMER, FARM, "delegate"),
                    (NEIGHBOUR, QUARTER, "delegate"), (OBJECTOR, HAMLET, "delegate"),
                    (SECOND, 0, "facilitator"), (AUDITOR, 0, "auditor"))]
        ask += [(1, "member.join", {"council": 1 + i % 4, "person": i}) for i in range(1, self.n)]
        self.run("record", self.record, input="".join(
            json.dumps({"actor": actor, "op": op, "fields": fields}) + "\n" for actor, op, fields in ask))

    def serve(self):
        self.server = subprocess.Popen(
            [self.plenum, "serve", self.record, "--port", "0", "--rate", "0"], stdout=subprocess.PIPE,
            text=True, env=self.environment)
        self.where = urllib.parse.urlsplit(self.server.stdout.readline().strip())
        if not self.where.port:
            sys.exit("play.py: the server did not begin")

    def invite(self):
        table = os.path.join(self.folder, "links.csv")
        self.run("invite", self.record, "all", "--csv", table,
                 "--url", f"http://{self.where.netloc}")
        with open(table, encoding="utf-8") as file:
            links = {int(row["person"]): row["link"] for row in csv.DictReader(file)}
        for number, link in links.items():
            self.person[number] = Person(self.where, link)
        try:
            Person(self.where, links[BAKER])
            sys.exit("play.py: a link was good twice")
        except Refused:
            pass

    def declare(self):
        for good in ({"code": "labour", "kind": "labour", "unit": "hours", "step": "0.25",
                      "supply": 120, "price": "10"},
                     {"code": "bread", "kind": "product", "unit": "kg", "step": "0.001", "price": "3"},
                     {"code": "wheat", "kind": "product", "unit": "kg", "step": "0.001", "price": "1"}):
            self.person[FOUNDER].do("PUT", "/api/goods/" + good.pop("code"), **good)

        def line(good, role, amount):
            return {"good": good, "role": role, "amount": amount}
        self.person[BAKER].do("PUT", f"/api/councils/{BAKERY}/schedule", schedule="recipe",
                              numbers=[{"name": "effort", "value": "0.2"}],
                              lines=[line(BREAD, "makes", "1"), line(WHEAT, "uses", "0.7"),
                                     line(LABOUR, "uses", "0.05")])
        self.person[FARMER].do("PUT", f"/api/councils/{FARM}/schedule", schedule="recipe",
                               lines=[line(WHEAT, "makes", "1"), line(LABOUR, "uses", "0.02")])
        for person, council, amount in ((NEIGHBOUR, QUARTER, "300"), (OBJECTOR, HAMLET, "150")):
            self.person[person].do("PUT", f"/api/councils/{council}/schedule", schedule="request",
                                   income=2000000000, lines=[line(BREAD, "wants", amount)])

    # ---- a season ----

    def propose(self, person, council, version, *lines):
        return self.person[person].do(
            "POST", f"/api/seasons/{self.season}/proposals", council=council, version=version,
            lines=[{"good": g, "role": r, "quantity": q} for g, r, q in lines])

    def round(self, number):
        """All who file do so at once; from the second round on the hamlet does not."""
        bread = 450000 + 1000 * number
        files = [(BAKER, BAKERY, 1, (BREAD, "makes", bread), (WHEAT, "uses", bread * 7 // 10),
                  (LABOUR, "uses", bread // 5000)),
                 (FARMER, FARM, 1, (WHEAT, "makes", bread * 8 // 10),
                  (LABOUR, "uses", bread // 12500)),
                 (NEIGHBOUR, QUARTER, 1, (BREAD, "wants", bread - 150000))]
        if number == 1:
            files.append((OBJECTOR, HAMLET, 1, (BREAD, "wants", 150000)))
        threads = [threading.Thread(target=self.propose, args=f) for f in files]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        told = self.propose(BAKER, BAKERY, 2, (BREAD, "makes", bread), (WHEAT, "uses", bread * 7 // 10),
                            (LABOUR, "uses", bread // 5000))
        try:
            self.propose(NEIGHBOUR, QUARTER, 2, (BREAD, "wants", 10**9))
            sys.exit("play.py: somebody spent more than there is")
        except Refused as refused:
            if refused.code != "bad_request":
                raise
        return told

    def rounds(self):
        self.season = self.person[FOUNDER].do(
            "POST", "/api/seasons", name="2027", rule="fitted", tolerance="0.01", quorum="1/2",
            zone="Europe/Berlin")["season"]
        for number in (1, 2, 3):
            self.person[FOUNDER].do("POST", f"/api/seasons/{self.season}/rounds")
            self.round(number)
            told = self.person[SECOND].do("POST", f"/api/seasons/{self.season}/rounds/close")
            self.digest[number] = told["digest"]
            print(f"round {number}: furthest from balance {float(told['worst_imbalance']):.1%}")
            seen = self.person[NEIGHBOUR].see(f"/api/seasons/{self.season}/rounds/{number}")
            if len(seen["balance"]) != 3 or len(seen["proposals"]) < 3:
                sys.exit("play.py: the round is not shown whole")

    def object(self):
        path, season = "/api/objections", {"season": self.season}
        number = self.person[OBJECTOR].do("POST", f"/api/seasons/{self.season}/objections",
                                          council=BAKERY, reason="too much noise at night")["objection"]
        # the baker's council explains, the auditor rules, the objector appeals
        self.person[NEIGHBOUR].do(  # who works at the bakery
            
            "POST", f"{path}/{number}", council=BAKERY, state="explained", reason="only on Fridays",
            **season)
        self.person[AUDITOR].do("POST", f"{path}/{number}/ruling", state="granted", **season)
        self.person[OBJECTOR].do("POST", f"{path}/{number}/appeal", reason="every Friday", **season)
        self.person[AUDITOR].do("POST", f"{path}/{number}/ruling", state="upheld", **season)

    def late_comer(self):
        """Somebody is added when the season is under way, is invited, and votes with the others."""
        number = self.person[FOUNDER].do("POST", "/api/people", name="late comer")["person"]
        self.person[FOUNDER].do("POST", f"/api/councils/{QUARTER}/members", person=number)
        told = self.person[FOUNDER].ask("POST", f"/api/people/{number}/invitation")
        self.person[number] = Person(self.where, told["link"])

    def vote(self):
        vote = self.person[FOUNDER].do(
            "POST", "/api/votes", about=self.season, title="Do we adopt the plan?", ballots="motion",
            rule="majority", seats=1, secret=1, quorum="1/2", options=[{"code": "plan"}])["vote"]
        for number, person in self.person.items():
            person.do("POST", f"/api/votes/{vote}/ballots", marks="1=no" if number % 5 == 0 else "1=yes")
            if "yes" in json.dumps(person.see(f"/api/votes/{vote}")):
                sys.exit("play.py: a ballot is seen before the vote is closed")
        told = self.person[SECOND].do("POST", f"/api/votes/{vote}/close")
        print(f"vote: {told['tallies'][0]} of {len(self.person)} yes")
        self.person[FOUNDER].do("POST", f"/api/seasons/{self.season}/plan", vote=vote)

    def work(self):
        """The bakers are booked, and what asks for too many of them is told what else can be done."""
        path, noon = f"/api/seasons/{self.season}/bookings", int(time.time()) // 86400 * 86400 + 129600
        crew = self.person[BAKER].see(f"/api/councils/{BAKERY}/bookings")["people"]
        asked = {"council": BAKERY, "good": LABOUR, "people": crew, "begins": noon, "ends": noon + 900}
        self.person[BAKER].do("POST", path, task="bread for the school", **asked)
        try:
            self.person[BAKER].do("POST", path, task="bread for the fair", **asked)
            sys.exit("play.py: the bakers are in two places at once")
        except Refused as refused:
            when = refused.conflict["next"]
        again = {**asked, **when, "task": "bread for the fair"}
        number = self.person[BAKER].do("POST", path, **again)["booking"]
        self.person[BAKER].do("DELETE", f"/api/councils/{BAKERY}/bookings/{number}")
        print(f"work: {crew} bakers booked, and free again {when['begins'] - noon} seconds later")

    def swap(self):
        """The quarter hands ten kilogrammes of bread to the hamlet."""
        number = self.person[NEIGHBOUR].do(
            "POST", f"/api/seasons/{self.season}/swaps", giver=QUARTER, taker=HAMLET, good=BREAD,
            role="wants", quantity=10000, reason="visitors in the hamlet")["swap"]
        self.person[OBJECTOR].do("POST", f"/api/swaps/{number}/answer", season=self.season,
                                 council=HAMLET, state="accepted")
        plan = self.person[NEIGHBOUR].see(f"/api/seasons/{self.season}/plan")["lines"]
        moved = {line["council"]: line["now"] - line["quantity"] for line in plan if line["role"] == "wants"}
        if moved != {QUARTER: -10000, HAMLET: 10000}:
            sys.exit("play.py: the swap does not show")

    def deliver(self):
        for day in range(5):
            self.person[BAKER].do("POST", f"/api/seasons/{self.season}/deliveries", giver=BAKERY,
                                  taker=QUARTER, good=BREAD, quantity=20000 + day,
                                  day=int(time.time()), note="by cart")
        plan = self.person[NEIGHBOUR].see(f"/api/seasons/{self.season}/plan")["lines"]
        short = [line for line in plan if line["role"] == "wants" and line["delivered"] < line["now"]]
        print(f"plan: {len(plan)} lines, {len(short)} not delivered in full yet")
        self.person[FOUNDER].do("POST", f"/api/seasons/{self.season}/close")

    # ---- what is left of it ----

    def check(self):
        self.server.terminate()
        if self.server.wait(60) != 0:
            sys.exit("play.py: the server did not end well")
        told = json.loads(self.run("verify", self.record, "--json"))
        print(f"verified: {told['events']} events, head {told['head'][:16]}")
        if not self.record.startswith("postgres:"):
            subprocess.run(["/usr/bin/python3", "-B", os.path.join(HERE, "verify.py"), self.record],
                           check=True, stdout=subprocess.DEVNULL)
        for number, recorded in self.digest.items():
            folder = os.path.join(self.folder, f"round{number}")
            self.run("export", self.record, folder, "--season", str(self.season), "--round", str(number))
            planned = json.loads(self.run("plan", folder, "--json"))["digest"]
            if planned != recorded:
                sys.exit(f"play.py: round {number} plans to {planned}, and {recorded} was recorded")
        print("each round's tables plan to the digest that was recorded")

    def end(self):
        """Whatever went wrong, no server stays."""
        if self.server is not None and self.server.poll() is None:
            self.server.kill()
            self.server.wait()

    def play(self):
        self.begin()
        self.serve()
        self.invite()
        print(f"{len(self.person)} people have logged in")
        self.declare()
        self.rounds()
        self.object()
        self.late_comer()
        self.vote()
        self.work()
        self.swap()
        self.deliver()
        self.check()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plenum")
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--record", help="where; a file that is gone afterwards where not given")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        game = Game(asked.plenum, asked.people, asked.record or os.path.join(folder, "valley.plenum"),
                    folder)
        try:
            game.play()
        finally:
            game.end()


if __name__ == "__main__":
    main()
