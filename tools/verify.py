#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""verify.py FILE [HEAD]: a second opinion on a record, that shares no code with Plenum.

Checks the chain of hashes, the signatures, counts of votes that add up marks (majority,
supermajority, approval, score), that ballots and roll agree, and adopted plans: the lines are
those adopted, no more of a good is taken than there is, recipes and requests are kept, and at
the plan's prices nobody with a recipe could do better (other schedules are told as not checked);
where an endgame made the plan, nobody is asked for more than was proposed. Ends with 1 and
names the first event that is wrong. Needs python3-nacl; see docs/record.md."""
import hashlib
import json
import os
import pathlib
import sqlite3
import sys
from fractions import Fraction

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

ZEROS = "0" * 64
SUPPLY, ADDED = ("makes", "offers"), ("majority", "supermajority", "approval", "score")
GAP_MOST = 1e-6  # of the value of all flows, besides what rounding to whole steps costs


class Wrong(Exception):
    """It says what is wrong."""


def need(truth, sentence):
    if not truth:
        raise Wrong(sentence)


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def check_chain(event, before):
    """The event's hashes are right, and it follows the one before."""
    need(event["height"] == before["height"] + 1, "an event is missing before this one")
    need(event["parent"] == before["hash"], "it does not follow the event before it")
    need(event["time"] >= before["time"], "it is dated before the event before it")
    need(sha(event["facts"]) == event["facts_hash"], "its facts were changed")
    texts, salt = event["texts"], event["salt"]
    if texts is not None:
        need(event["texts_hash"] == (sha(salt + texts) if texts else ZEROS), "its texts were changed")
    need(salt is None if texts is None else bool(salt) == bool(texts), "it has a salt without texts")
    lines = [str(event[k]) for k in ("height", "parent", "time", "actor", "type", "facts_hash", "texts_hash")]
    need(sha("\n".join(["plenum 1", *lines, ""])) == event["hash"], "it was changed")


class Votes:
    """Votes as they were opened, who has voted, and what was counted."""

    def __init__(self):
        self.opened, self.voted = {}, {}

    def open(self, event, fields, answer):
        self.opened[answer["vote"]], self.voted[answer["vote"]] = fields, set()

    def cast(self, event, fields, answer):
        voted = self.voted[fields["vote"]]
        need(event["actor"] not in voted, "somebody votes twice")
        voted.add(event["actor"])

    def close(self, event, fields, answer):
        vote, ballots = self.opened[fields["vote"]], fields["ballots"]
        receipts = [ballot["receipt"] for ballot in ballots]
        need(len(ballots) == len(self.voted[fields["vote"]]), "ballots and roll do not agree")
        need(receipts == sorted(set(receipts)), "a receipt stands twice, or out of order")
        motion = vote["ballots"] == "motion"
        if motion != vote["rule"].endswith("majority") or vote["rule"] not in ADDED or answer["outcome"] == "no_quorum":
            return
        marks = [dict(mark.split("=") for mark in ballot["marks"].split()) for ballot in ballots]
        for number, told in enumerate(answer["tallies"], 1):
            said = [m[str(number)] for m in marks if str(number) in m]
            if motion:
                counted, part = said.count("yes"), Fraction(vote.get("threshold") or "2/3")
                all_said = counted + said.count("no") + said.count("block")
                won = 2 * counted > all_said if vote["rule"] == "majority" else counted >= part * all_said > 0
                need(won == (number in answer["winners"]), f"option {number} is counted wrongly")
            else:
                counted = sum(map(int, said)) if vote["rule"] == "score" else len(said)
            need(Fraction(told) == counted, f"option {number} has {counted}, not {told}")


class Plans:
    """What was declared and proposed, and whether an adopted plan, in whole steps, keeps to it."""

    def __init__(self, database):
        self.database, self.goods, self.schedules = database, {}, {}
        self.asked, self.round, self.endgame, self.unknown = {}, {}, {}, set()

    def note(self, event, fields, answer):
        if event["type"] == "good.set":
            self.goods[answer["good"]] = fields
        elif event["type"] == "schedule.set":
            self.schedules[fields["council"]] = fields
        elif event["type"] == "season.open":
            self.endgame[answer["season"]] = fields.get("endgame") or self.endgame.get(fields.get("after"), "declared")
        elif event["type"] == "round.close":
            self.round[fields["season"]] = answer["round"]
        elif event["type"] == "proposal.file":
            self.asked[fields["season"], answer["round"], fields["council"]] = {
                (line["good"], line["role"]): line["quantity"] for line in fields["lines"]}

    def adopt(self, event, fields, answer):
        season, councils = fields["season"], {}
        lines = [tuple(row) for row in self.database.execute(
            "SELECT council, good, role, quantity FROM plan_line WHERE season = ? ORDER BY 1, 2, 3", (season,))]
        need(sha("".join("%d %d %s %d\n" % line for line in lines)) == answer["lines"],
             "the lines of the plan are not those that were adopted")
        left = {good: told.get("supply", 0) for good, told in self.goods.items()}
        value = {p["good"]: float(p["price"]) * float(self.goods[p["good"]]["step"]) for p in answer["prices"]}
        for council, good, role, steps in lines:
            left[good] += steps if role in SUPPLY else -steps
            councils.setdefault(council, {})[good, role] = steps
        for good, steps in left.items():
            need(steps >= 0 or self.goods[good]["kind"] == "free", f"{-steps} steps of good {good} are missing")
        asked = {council: self.asked.get((season, self.round[season], council)) for council in councils}
        if self.endgame[season] != "declared":
            more = [c for c in councils if asked[c] is not None and
                    any(steps > asked[c].get(line, 0) for line, steps in councils[c].items())]
            return need(not more, f"more is asked of councils {more} than they proposed")
        lost = sum(value[good] * steps for good, steps in left.items()) + sum(
            self.loss(council, asked[council], own, value) for council, own in councils.items())
        flows, rounded = (sum(value[line[1]] * line[3] ** k for line in lines) for k in (1, 0))
        need(lost <= GAP_MOST * flows + rounded, f"the plan loses {lost:.3g} of {flows:.3g} credits that flow")

    def loss(self, council, asked, own, value):
        """Credits that the council could gain by another answer to these prices."""
        told = self.schedules[council]
        amount = {(line["good"], line["role"]): float(line["amount"]) / float(self.goods[line["good"]]["step"])
                  for line in told["lines"] if float(line["amount"]) != 0}
        number = {n["name"]: float(n["value"]) for n in told.get("numbers", ())}
        kind = told["schedule"] + (" with a slope" if number.get("slope") else "")
        if kind == "request":
            need(all(abs(n - (amount if asked is None else asked).get(k, 0)) <= 1 for k, n in own.items()),
                 f"council {council} does not get what it asks for")
        elif kind == "recipe":
            low = max((own[k] - (k[1] in SUPPLY)) / amount[k] for k in amount)
            high = min((own[k] + (k[1] not in SUPPLY)) / amount[k] for k in amount)
            need(low <= high * (1 + 1e-9), f"council {council} does not keep to its recipe")
            gain = sum(value[k[0]] * (a if k[1] in SUPPLY else -a) for k, a in amount.items()) - number.get("effort", 0)
            return max(gain * (number.get("capacity", 2 * high) - high), -gain * low, 0)
        else:
            self.unknown.add(kind)
        return 0


def check_events(database, head, plans):
    """@return how many events there are, and the last one's hash, in words"""
    before = {"height": 0, "hash": ZEROS, "time": 0}
    key, votes, heads = None, Votes(), set()
    kinds = {"vote.open": votes.open, "vote.cast": votes.cast, "vote.close": votes.close, "plan.adopt": plans.adopt}
    for event in database.execute("SELECT * FROM event ORDER BY height"):
        try:
            check_chain(event, before)
            facts = json.loads(event["facts"])
            key = key or VerifyKey(bytes.fromhex(facts["in"]["key"]))
            key.verify(event["hash"].encode(), bytes.fromhex(event["signature"]))
            kinds.get(event["type"], plans.note)(event, facts["in"], facts["out"])
        except (Wrong, BadSignatureError, KeyError, TypeError, ValueError) as fault:
            raise Wrong(f"event {before['height'] + 1}: {fault}") from fault
        heads.add(event["hash"])
        before = event
    need(before["height"] > 0, "the record has no events")
    need(head is None or head in heads, "the head that was published is not in the chain")
    return f"{before['height']} events, head {before['hash']}"


def main(words):
    if len(words) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    file = pathlib.Path(words[0]).absolute()
    try:  # where nobody can change the file SQLite must be told so, or it wants to write beside it
        still = os.statvfs(file).f_flag & os.ST_RDONLY and not os.path.exists(f"{file}-wal")
        database = sqlite3.connect(f"{file.as_uri()}?{'immutable=1' if still else 'mode=ro'}", uri=True,
                                   isolation_level=None)
        database.row_factory = sqlite3.Row
        database.execute("BEGIN")  # what is read stands still, also while others record
        plans = Plans(database)
        told = check_events(database, words[1] if len(words) > 1 else None, plans)
    except Wrong as fault:
        print(f"not intact: {fault}")
        return 1
    except (sqlite3.Error, OSError) as fault:
        print(f"{words[0]} cannot be read: {fault}", file=sys.stderr)
        return 2
    print("intact:", told)
    if plans.unknown:
        print(f"not checked: whether who has this schedule answers best: {', '.join(sorted(plans.unknown))}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
