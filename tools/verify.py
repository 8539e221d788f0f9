#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""verify.py FILE [HEAD]: a second opinion on a record, that shares no code with Plenum.

Checks the chain of hashes, the signatures, the counts of votes that add up marks (majority,
supermajority, approval, score), that ballots and roll agree, and that an adopted plan asks for
no more of a good than there is. Ends with 1 and names the first event that is wrong. Needs
python3-nacl. docs/record.md says how an event is hashed."""
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
COLUMNS = ("height", "time", "actor", "type", "facts", "texts", "salt", "parent", "hash",
           "facts_hash", "texts_hash", "signature")
SUPPLY, DEMAND = ("makes", "offers"), ("uses", "wants")
ADDED = ("majority", "supermajority", "approval", "score")


class Wrong(Exception):
    """What is wrong with an event."""


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
    if event["texts"]:
        need(sha(event["salt"] + event["texts"]) == event["texts_hash"], "its texts were changed")
    elif event["texts"] == "":
        need(event["texts_hash"] == ZEROS, "its texts are missing")
    need(event["salt"] is None if event["texts"] is None else bool(event["salt"]) == bool(event["texts"]),
         "it has a salt without texts")
    lines = ["plenum 1"] + [str(event[k]) for k in (
        "height", "parent", "time", "actor", "type", "facts_hash", "texts_hash")]
    need(sha("".join(line + "\n" for line in lines)) == event["hash"], "it was changed")


def check_signature(event, key):
    try:
        key.verify(event["hash"].encode(), bytes.fromhex(event["signature"]))
    except (BadSignatureError, ValueError) as fault:
        raise Wrong("it is not signed by the record's key") from fault


class Votes:
    """Votes as they were opened, who has voted, and what was counted."""

    def __init__(self):
        self.opened, self.voted = {}, {}

    def open(self, event, fields, answer):
        self.opened[answer["vote"]] = fields
        self.voted[answer["vote"]] = set()

    def cast(self, event, fields, answer):
        voted = self.voted[fields["vote"]]
        need(event["actor"] not in voted, "somebody votes twice")
        voted.add(event["actor"])

    def close(self, event, fields, answer):
        vote, ballots = self.opened[fields["vote"]], fields["ballots"]
        receipts = [ballot["receipt"] for ballot in ballots]
        need(len(ballots) == len(self.voted[fields["vote"]]), "ballots and roll do not agree")
        need(receipts == sorted(set(receipts)), "a receipt stands twice, or out of order")
        if vote["rule"] not in ADDED or answer["outcome"] == "no_quorum":
            return
        marks = [dict(mark.split("=") for mark in ballot["marks"].split()) for ballot in ballots]
        for number, told in enumerate(answer["tallies"], 1):
            said = [m[str(number)] for m in marks if str(number) in m]
            if vote["ballots"] == "motion":
                counted = said.count("yes")
                against = said.count("no") + said.count("block")
                won = self.carries(vote, counted, against)
                need(won == (number in answer["winners"]), f"option {number} is counted wrongly")
            elif vote["rule"] == "score":
                counted = sum(int(mark) for mark in said)
            elif vote["rule"] == "approval":
                counted = len(said)
            else:
                continue
            need(Fraction(told) == counted, f"option {number} has {counted}, not {told}")

    @staticmethod
    def carries(vote, yes, no):
        if vote["rule"] == "majority":
            return 2 * yes > yes + no
        part = Fraction(vote.get("threshold") or "2/3")
        return yes + no > 0 and yes >= part * (yes + no)


class Goods:
    """What society held of each good when a season's plan was adopted."""

    def __init__(self):
        self.now, self.adopted = {}, {}

    def set(self, event, fields, answer):
        self.now[answer["good"]] = None if fields["kind"] == "free" else fields.get("supply", 0)

    def adopt(self, event, fields, answer):
        self.adopted[fields["season"]] = dict(self.now)


def check_plan(database, goods):
    """An adopted plan, in whole steps: of no good is more taken than there is."""
    for season, good in database.execute("SELECT DISTINCT season, good FROM plan_line"):
        supply = goods.adopted.get(season, {}).get(good)
        if supply is None:
            continue
        totals = dict(database.execute(
            "SELECT role, sum(quantity) FROM plan_line WHERE season = ? AND good = ? GROUP BY role",
            (season, good)))
        made = supply + sum(totals.get(role, 0) for role in SUPPLY)
        taken = sum(totals.get(role, 0) for role in DEMAND)
        need(taken <= made, f"season {season} takes {taken} steps of good {good}, and there are {made}")


def check_events(database, head, goods):
    """@return how many events there are, and the last one's hash"""
    before = {"height": 0, "hash": ZEROS, "time": 0}
    key, votes, heads = None, Votes(), set()
    kinds = {"vote.open": votes.open, "vote.cast": votes.cast, "vote.close": votes.close,
             "good.set": goods.set, "plan.adopt": goods.adopt}
    for row in database.execute(f"SELECT {', '.join(COLUMNS)} FROM event ORDER BY height"):
        event = dict(zip(COLUMNS, row))
        try:
            check_chain(event, before)
            facts = json.loads(event["facts"])
            key = key or VerifyKey(bytes.fromhex(facts["in"]["key"]))
            check_signature(event, key)
            if event["type"] in kinds:
                kinds[event["type"]](event, facts["in"], facts["out"])
        except (Wrong, KeyError, TypeError, ValueError) as fault:
            raise Wrong(f"event {before['height'] + 1}: {fault}") from fault
        heads.add(event["hash"])
        before = event
    need(before["height"] > 0, "the record has no events")
    need(head is None or head in heads, "the head that was published is not in the chain")
    return before["height"], before["hash"]


def address(file):
    """On a disk that may only be read nobody changes the file, and SQLite must be told so."""
    still = os.path.exists(file) and os.statvfs(file).f_flag & os.ST_RDONLY and not os.path.exists(file + "-wal")
    return pathlib.Path(file).absolute().as_uri() + ("?immutable=1" if still else "?mode=ro")


def main(words):
    if len(words) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        database = sqlite3.connect(address(words[0]), uri=True, isolation_level=None)
        database.execute("BEGIN")  # what is read stands still, also while others record
        goods = Goods()
        events, head = check_events(database, words[1] if len(words) > 1 else None, goods)
        check_plan(database, goods)
    except Wrong as fault:
        print(f"not intact: {fault}")
        return 1
    except sqlite3.Error as fault:
        print(f"{words[0]} cannot be read: {fault}", file=sys.stderr)
        return 2
    print(f"intact: {events} events, head {head}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
