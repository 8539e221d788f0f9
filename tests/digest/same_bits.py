#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""same_bits.py EXAMPLES PLENUM TOOL... - the same economies, tables and plans from every build.

Each tool (digest_tool of one compiler, optimisation and processor) generates the same economies;
their tables must be equal byte by byte. Each then plans these and the examples on 1, 2, 5 and 8
threads, and so does the command on two; the digests must be equal.
"""
import filecmp
import json
import os
import pathlib
import subprocess
import sys
import tempfile

THREADS = (1, 2, 5, 8)
# Sizes on both sides of the loops that run in parallel and of the direct equations:
# workplaces, goods, consumers, seed.
GENERATED = {
    "recipe-small": ("recipe", 40, 30, 10, 1),
    "recipe-large": ("recipe", 400, 300, 60, 2),
    "mixed-small": ("mixed", 60, 40, 20, 3),
    "mixed-large": ("mixed", 3000, 1600, 300, 4),
}
OUTCOMES = {0, 1}  # 1: a plan that is not cleared, whose bits must be the same all the same


def generate(tool, folder):
    made = {}
    os.mkdir(folder)
    for name, sizes in GENERATED.items():
        made[name] = pathlib.Path(folder, name)
        subprocess.run([tool, "generate", *map(str, sizes), made[name]], check=True)
    return made


def same_tables(one, other):
    names = sorted(p.name for p in one.iterdir())
    if names != sorted(p.name for p in other.iterdir()):
        return False
    return filecmp.cmpfiles(one, other, names, shallow=False)[0] == names


def digests(tool, economies, threads):
    """Outcome and digest of each, as a tool finds them."""
    run = subprocess.run([tool, "plan", str(threads), *economies], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{tool} plan: exit {run.returncode}\n{run.stderr}")
    return [tuple(line.split()) for line in run.stdout.splitlines()]


def told(plenum, economy):
    """Outcome and digest, as the command tells them."""
    run = subprocess.run([plenum, "plan", "--json", "--threads", "2", economy],
                         capture_output=True, text=True)
    if run.returncode not in OUTCOMES:
        sys.exit(f"{plenum} plan {economy}: exit {run.returncode}\n{run.stderr}")
    said = json.loads(run.stdout)
    return said["outcome"], said["digest"]


def main():
    examples, plenum, tools = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    faults = []
    with tempfile.TemporaryDirectory() as scratch:
        tables = {t: generate(t, os.path.join(scratch, str(i))) for i, t in enumerate(tools)}
        first = tables[tools[0]]
        for tool in tools[1:]:
            faults += [f"{tool} generates another {name}" for name in GENERATED
                       if not same_tables(first[name], tables[tool][name])]

        economies = sorted(p.parent for p in examples.rglob("goods.csv")) + list(first.values())
        wanted = [told(plenum, economy) for economy in economies]
        for economy, (outcome, digest) in zip(economies, wanted):
            print(f"{economy.name}: {outcome} {digest}")
        for tool in tools:
            for threads in THREADS:
                got = digests(tool, economies, threads)
                if len(got) != len(economies):
                    faults.append(f"{tool}: {len(got)} plans of {len(economies)} economies")
                faults += [f"{tool} on {threads} threads, {economy.name}: {g}, not {w}"
                           for economy, g, w in zip(economies, got, wanted) if g != w]
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
