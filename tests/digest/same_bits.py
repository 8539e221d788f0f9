#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""same_bits.py EXAMPLES PROGRAM... - the same economies, tables and plans from every build.

Each program generates the same economies; their tables must be equal byte by byte. Each then
plans these and the examples on 1, 2, 5 and 8 threads; the digests must be equal.
"""
import filecmp
import json
import os
import pathlib
import subprocess
import sys
import tempfile

THREADS = (1, 2, 5, 8)
# Sizes on both sides of the loops that run in parallel and of the direct equations.
GENERATED = {
    "recipe-small": "--kind recipe --workplaces 40 --goods 30 --consumers 10 --seed 1",
    "recipe-large": "--kind recipe --workplaces 400 --goods 300 --consumers 60 --seed 2",
    "mixed-small": "--kind mixed --workplaces 60 --goods 40 --consumers 20 --seed 3",
    "mixed-large": "--kind mixed --workplaces 3000 --goods 1600 --consumers 300 --seed 4",
}
OUTCOMES = {0, 1}  # 1: a plan that is not cleared, whose bits must be the same all the same


def generate(program, folder):
    made = {}
    os.mkdir(folder)
    for name, options in GENERATED.items():
        made[name] = pathlib.Path(folder, name)
        subprocess.run([program, "generate", "--quiet", *options.split(), made[name]], check=True)
    return made


def same_tables(one, other):
    names = sorted(p.name for p in one.iterdir())
    if names != sorted(p.name for p in other.iterdir()):
        return False
    return filecmp.cmpfiles(one, other, names, shallow=False)[0] == names


def digest(program, economy, threads):
    run = subprocess.run([program, "plan", "--json", "--threads", str(threads), economy],
                         capture_output=True, text=True)
    if run.returncode not in OUTCOMES:
        sys.exit(f"{program} plan {economy}: exit {run.returncode}\n{run.stderr}")
    said = json.loads(run.stdout)
    return said["outcome"], said["digest"]


def main():
    examples, programs = pathlib.Path(sys.argv[1]), sys.argv[2:]
    faults = []
    with tempfile.TemporaryDirectory() as scratch:
        tables = {p: generate(p, os.path.join(scratch, str(i))) for i, p in enumerate(programs)}
        first = tables[programs[0]]
        for program in programs[1:]:
            faults += [f"{program} generates another {name}" for name in GENERATED
                       if not same_tables(first[name], tables[program][name])]

        economies = sorted(p.parent for p in examples.rglob("goods.csv")) + list(first.values())
        for economy in economies:
            wanted = None
            for program in programs:
                for threads in THREADS:
                    got = digest(program, economy, threads)
                    wanted = wanted or got
                    if got != wanted:
                        faults.append(f"{program} --threads {threads} {economy.name}: "
                                      f"{got}, not {wanted}")
            print(f"{economy.name}: {wanted[0]} {wanted[1]}")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
