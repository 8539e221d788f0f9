#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading and writing tables beside Python's csv module, in one run.

usage: csv_bench.py BUILD WORK [--links N] [--kind recipe|mixed] [--turns N]

BUILD is a build folder (Release) with plenum and its libraries, WORK a scratch folder. An
economy is made there, then read and written in turns by Plenum and by the Python below, which
does the same to the same effect: names looked up, numbers parsed and checked, rows of one
council, good and role added, columns kept in arrays. Printed are the least seconds of processor
time of each (both use one thread), their ratio, and the peak of memory beside the bytes of the
model's arrays.
"""
import argparse
import csv
import json
import math
import os
import shutil
import subprocess
import sys
import time
from array import array

ROLES = {"makes": 0, "uses": 1, "wants": 2, "offers": 3}
HERE = os.path.dirname(os.path.abspath(__file__))


def rows_of(folder, table):
    """The header as name -> column, and an iterator over the rows."""
    file = open(os.path.join(folder, table), newline="", encoding="utf-8-sig")
    rows = csv.reader(file)
    return {name: k for k, name in enumerate(next(rows))}, rows


def number(text, line, empty=math.nan):
    if text == "":
        return empty
    x = float(text)
    if not math.isfinite(x):
        raise ValueError("line %d: %s is not finite" % (line, text))
    return x


def tokens(path):
    count = 0
    with open(path, newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            count += 1
    return count


def ids_and_numbers(folder, table, key, texts):
    """Ids in order; other columns as arrays of numbers, or lists of texts."""
    column, rows = rows_of(folder, table)
    at = column.pop(key)
    ids = {}
    numbers = [(k, array("d")) for name, k in column.items() if name not in texts]
    words = [(k, []) for name, k in column.items() if name in texts]
    for line, row in enumerate(rows, 2):
        if row[at] in ids:
            raise ValueError("%s:%d: %s stands twice" % (table, line, row[at]))
        ids[row[at]] = len(ids)
        for k, values in numbers:
            values.append(number(row[k], line))
        for k, values in words:
            values.append(row[k])
    return ids, numbers, words


def economy(folder):
    goods = ids_and_numbers(folder, "goods.csv", "good", {"name", "kind", "unit", "category"})
    towns = ids_and_numbers(folder, "communities.csv", "community", {"name", "parent"})
    councils = ids_and_numbers(folder, "councils.csv", "council",
                               {"name", "kind", "community", "schedule"})
    for _, community in councils[2]:
        for name in community:
            towns[0].get(name)
    column, rows = rows_of(folder, "uses.csv")
    where = [column[name] for name in ("council", "good", "role", "amount")]
    at_elasticity = column.get("elasticity")
    council, good, role, amount = array("i"), array("i"), array("b"), array("d")
    elasticity = array("d")
    last, seen = None, {}
    for line, row in enumerate(rows, 2):
        i = councils[0].get(row[where[0]])
        j = goods[0].get(row[where[1]])
        r = ROLES.get(row[where[2]])
        if i is None or j is None or r is None:
            raise ValueError("uses.csv:%d: an unknown name" % line)
        x = number(row[where[3]], line, 1.0)
        if x < 0:
            raise ValueError("uses.csv:%d: an amount below 0" % line)
        if i != last:
            last, seen = i, {}
        k = seen.setdefault((j, r), len(amount))
        if k < len(amount):
            amount[k] += x
            continue
        council.append(i)
        good.append(j)
        role.append(r)
        amount.append(x)
        if at_elasticity is not None:
            elasticity.append(number(row[at_elasticity], line))
    return goods, councils, (council, good, role, amount, elasticity)


def write(model, folder):
    """uses.csv alone, the table that takes the time."""
    goods, councils, (council, good, role, amount, _) = model
    good_ids, council_ids = list(goods[0]), list(councils[0])
    names = list(ROLES)
    with open(os.path.join(folder, "uses.csv"), "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["council", "good", "role", "amount"])
        for i, j, r, x in zip(council, good, role, amount):
            out.writerow((council_ids[i], good_ids[j], names[r], "%.17g" % x))


def model_bytes(folder):
    """Bytes of the arrays and texts of the model that these tables make (plenum/model.h)."""
    total = 8
    isoelastic = False
    for table, row_bytes in (("goods.csv", 4 * 8 + 1 + 4 * 8),
                             ("communities.csv", 2 * 8 + 4 + 8),
                             ("councils.csv", 2 * 8 + 2 + 4 + 2 * 8 + 4 * 8 + 8)):
        column, rows = rows_of(folder, table)
        texts = [k for name, k in column.items()
                 if name in ("good", "council", "name", "unit", "category")
                 or (name == "community" and table == "communities.csv")]
        for row in rows:
            total += row_bytes + sum(len(row[k].encode()) + 1 for k in texts if row[k])
            isoelastic = isoelastic or "isoelastic" in row
    links = tokens(os.path.join(folder, "uses.csv")) - 1
    return total + links * (4 + 1 + 8 + (8 if isoelastic else 0))


def build(folder, work):
    """The program that is timed, with the libraries of the build folder."""
    source = os.path.dirname(os.path.dirname(HERE))
    program = os.path.join(work, "read_csv")
    rooms = [os.path.join(folder, "libpl_%s.a" % room)
             for room in ("io", "plan", "model", "num", "base")]
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-std=c11", "-D_POSIX_C_SOURCE=200809L",
                    "-I" + source, "-I" + os.path.join(source, "include"),
                    "-I" + os.path.join(source, "src"), os.path.join(HERE, "read_csv.c"),
                    "-o", program] + rooms + ["-ljansson", "-lsodium", "-lgomp", "-lm"],
                   check=True)
    return program


def ours(*words):
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def theirs(call, *words):
    """Processor seconds of a call in a process of its own, and what it returns."""
    begin = time.process_time()
    result = call(*words)
    return time.process_time() - begin, result


def line(what, us, them, unit="s"):
    print("%-34s %9.3f %s  Python %8.3f %s  ratio %6.1f" % (what, us, unit, them, unit,
                                                             them / us))


def main():
    parse = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parse.add_argument("build")
    parse.add_argument("work")
    parse.add_argument("--links", type=int, default=1000000)
    parse.add_argument("--kind", choices=("recipe", "mixed"), default="recipe")
    parse.add_argument("--turns", type=int, default=3)
    o = parse.parse_args()
    os.makedirs(o.work, exist_ok=True)
    folder, copy = os.path.join(o.work, "economy"), os.path.join(o.work, "copy")
    shutil.rmtree(folder, ignore_errors=True)
    makers = max(o.links // 10, 10)
    subprocess.run([os.path.join(o.build, "plenum"), "generate", "--kind", o.kind,
                    "--workplaces", str(makers), "--goods", str(max(makers // 5, 5)),
                    "--consumers", str(max(makers // 10, 1)), "--inputs", "8", "--seed", "1",
                    "--quiet", folder], check=True)
    program = build(o.build, o.work)
    uses = os.path.join(folder, "uses.csv")
    best = {}
    for _ in range(o.turns):
        shutil.rmtree(copy, ignore_errors=True)
        seconds, model = theirs(economy, folder)
        turn = {"tokens": (ours(program, "tokens", uses), theirs(tokens, uses)[0]),
                "economy": (ours(program, "economy", folder), seconds),
                "write": (ours(program, "write", folder, copy),
                          theirs(write, model, o.work)[0])}
        for what, (us, them) in turn.items():
            old = best.get(what, (math.inf, math.inf))
            best[what] = (min(old[0], us["cpu"]), min(old[1], them))
        peak, links = turn["economy"][0]["peak_bytes"], turn["economy"][0]["rows"]
    size = model_bytes(folder)
    print("%s economy, %d links, uses.csv of %.1f MB; least processor time of %d turns" % (
        o.kind, links, os.path.getsize(uses) / 1e6, o.turns))
    line("cells of uses.csv", *best["tokens"])
    line("economy into a model", *best["economy"])
    line("writing it (Python: uses.csv)", *best["write"])
    print("peak of memory %.1f MB, the model's arrays %.1f MB: %.2f" % (
        peak / 1e6, size / 1e6, peak / size))
    return 0


if __name__ == "__main__":
    sys.exit(main())
