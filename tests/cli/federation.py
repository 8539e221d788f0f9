# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests for plenum record: a federation, and seasons of its life, as the tests need them."""
LATER = 9999999999


def request(actor, op, **fields):
    return {"actor": actor, "op": op, "fields": fields}


def rows(*lines, amount="amount"):
    return [{"good": good, "role": role, amount: number} for good, role, number in lines]


def federation(people=40):
    """A bakery, a farm and a quarter; each council's delegate is the person after its number."""
    yield request(0, "record.begin", title="the valley", name="Ada")
    for i in range(2, people + 1):
        yield request(1, "person.add", name=f"person {i}", contact=f"door {i}")
    for code, kind in (("bakery", "workers"), ("farm", "workers"), ("quarter", "consumers")):
        yield request(1, "council.add", code=code, kind=kind)
    for council in (1, 2, 3):
        yield request(1, "mandate.give", person=1 + council, council=council, role="delegate",
                      until=LATER)
    yield request(1, "mandate.give", person=5, role="auditor", until=LATER)
    for i in range(1, people + 1):
        yield request(1, "member.join", council=1 + i % 3, person=i)
    yield request(1, "good.set", code="labour", kind="labour", unit="hours", step="0.25",
                  supply=400000, price="10")
    yield request(1, "good.set", code="bread", kind="product", unit="kg", step="0.001", price="3")
    yield request(1, "good.set", code="wheat", kind="product", unit="kg", step="0.001", price="1")
    yield request(2, "schedule.set", council=1, schedule="recipe",
                  numbers=[{"name": "effort", "value": "0.2"}],
                  lines=rows((2, "makes", "1"), (3, "uses", "0.7"), (1, "uses", "0.05")))
    yield request(3, "schedule.set", council=2, schedule="recipe",
                  lines=rows((3, "makes", "1"), (1, "uses", "0.02")))
    yield request(4, "schedule.set", council=3, schedule="request",
                  lines=rows((2, "wants", "500")))


def proposals(season, wanted):
    yield request(2, "proposal.file", season=season, council=1, version=1, reason="as last year",
                  lines=rows((2, "makes", wanted), (3, "uses", wanted * 7 // 10),
                             (1, "uses", wanted // 5000), amount="quantity"))
    yield request(3, "proposal.file", season=season, council=2, version=1,
                  lines=rows((3, "makes", wanted * 8 // 10), (1, "uses", wanted // 12500),
                             amount="quantity"))
    yield request(4, "proposal.file", season=season, council=3, version=1,
                  lines=rows((2, "wants", wanted), amount="quantity"))


def season(number, people=40, rounds=3, deliveries=5):
    yield request(1, "season.open", name=f"season {number}", rule="fitted", tolerance="0.01")
    for r in range(rounds):
        yield request(1, "round.open", season=number)
        yield from proposals(number, 450000 + 1000 * r)
        yield request(1, "round.close", season=number)
    yield request(9, "objection.file", season=number, council=1, reason="too much noise at night")
    yield request(3, "objection.answer", season=number, objection=number, council=1,
                  state="explained", reason="the ovens are now closed")
    yield request(5, "objection.rule", season=number, objection=number, state="refused")
    yield request(1, "vote.open", about=number, title="The plan", ballots="motion", secret=1,
                  rule="majority", seats=1, quorum="1/2", options=[{"code": "plan"}])
    for i in range(1, people + 1):
        yield request(i, "vote.cast", vote=number, marks="1=no" if i % 4 == 0 else "1=yes")
    yield request(1, "vote.close", vote=number)
    yield request(1, "plan.adopt", season=number, vote=number)
    for day in range(deliveries):
        yield request(2, "delivery.record", season=number, giver=1, taker=3, good=2,
                      quantity=1000 + day, day=1800000000 + day, note="by cart")
    yield request(1, "season.close", season=number)


def life(facts, people=40):
    """A federation and as many seasons as it takes for so many events, or a few more."""
    done, number = list(federation(people)), 0
    while len(done) < facts:
        number += 1
        done += season(number, people, rounds=4, deliveries=30)
    return done, number
