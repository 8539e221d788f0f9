#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""votes.py PLENUM EXAMPLES - the four decisions of examples/votes end as their README tells."""
import csv
import re

import story

HOME = story.EXAMPLES / "votes"


def winners(rule, file, *words):
    done = story.plenum("vote", "tally", "--plain", "--rule", rule, HOME / file, *words)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_two_entries_differ_in_one_mark():
    done = story.plenum("vote", "recount", HOME / "oven.csv", HOME / "oven-again.csv")
    assert done.returncode == 1, done.stderr
    assert re.search(r"D79-6FW-Z2S\W+sunday", done.stdout), done.stdout


def test_the_codes_of_the_ballots_are_sound():
    """Modulo 29 with the weights 9 to 1, as docs/votes.md has it."""
    letters = "23456789BCDFGHJKLMNPQRSTVWXYZ"
    with open(HOME / "oven.csv", encoding="utf-8", newline="") as table:
        codes = [row[0] for row in csv.reader(table) if re.fullmatch(r"\w{3}-\w{3}-\w{3}", row[0])]
    assert len(codes) == len(set(codes)) == 14
    for code in codes:
        numbers = [letters.index(c) for c in code.replace("-", "")]
        assert sum((9 - i) * x for i, x in enumerate(numbers)) % 29 == 0, code


def test_the_oven_is_agreed_and_sundays_are_not():
    assert winners("consensus", "oven.csv", "--fallback", "3/4") == {"oven"}
    assert winners("majority", "oven.csv") == {"oven", "sunday"}


def test_a_majority_takes_the_yard_and_points_the_cellar():
    assert winners("majority", "workshop.csv") == {"yard"}
    assert winners("score", "workshop.csv") == {"cellar"}


def test_a_third_of_the_votes_elects_a_third_of_the_delegates():
    elected = winners("stv", "delegates.csv", "--seats", "3")
    assert len(elected & {"anna", "bashir", "chen"}) == 2, elected
    assert len(elected & {"dora", "emil", "fatou"}) == 1, elected


def test_most_votes_first_leaves_the_south_with_nothing():
    assert winners("greedy", "budget.pb") == {"lights", "roof", "trees"}


def test_equal_shares_give_both_sides_their_part():
    bought = winners("equal-shares", "budget.pb")
    assert bought & {"garden", "kitchen", "ramp"} and bought & {"lights", "roof", "trees"}, bought


story.tell(globals())
