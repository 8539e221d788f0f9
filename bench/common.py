# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the benchmarks share: the programs of a build, tables for people, JSON for programs."""
import argparse
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def fail(sentence):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {sentence}")


def rows(path):
    with open(path, encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def write_rows(path, table):
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, table[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def machine():
    """Cores, processor and memory; nothing that names whose machine it is."""
    found = {"cores": len(os.sched_getaffinity(0)),
             "gibibytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2 ** 30}
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            line = next(line for line in file if line.startswith("model name"))
        found["processor"] = line.split(":", 1)[1].strip()
    except (OSError, StopIteration):
        pass
    return found


class Bench:
    """A benchmark: its options, its scratch folder, its figures."""

    def __init__(self, about, small, options=None):
        """about: what it does; small: what --small makes of it; options(parser) adds more."""
        parser = argparse.ArgumentParser(description=about)
        parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release",
                            help="folder of the build (build/release)")
        parser.add_argument("--threads", type=int, default=0, help="0 for all processors (0)")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE",
                            help="a setting of the plans, such as direct_goods=5000")
        parser.add_argument("--small", action="store_true", help=small)
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        if options:
            options(parser)
        self.given = parser.parse_args()
        self.program = self.given.build / "plenum"
        if not self.program.exists():
            fail(f"there is no {self.program}; build it: cmake --preset release && "
                 "cmake --build --preset release --target bench")
        self.kept = tempfile.TemporaryDirectory(prefix="plenum-bench-")
        self.scratch = pathlib.Path(self.kept.name)
        self.figures = []

    def call(self, words, good=(0,), limit=None):
        """Run a program. Its output, or None where it took longer than `limit` seconds."""
        env = dict(os.environ)
        if self.given.threads:
            env["OMP_NUM_THREADS"] = str(self.given.threads)
        try:
            done = subprocess.run([str(w) for w in words], capture_output=True, env=env,
                                  encoding="utf-8", timeout=limit)
        except subprocess.TimeoutExpired:
            return None
        if done.returncode not in good:
            fail(f"{' '.join(map(str, words))} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def plenum(self, *words, good=(0,)):
        return self.call([self.program, *words], good)

    def solve(self, *words, limit=None):
        """The object that a verb prints with --json, also of a plan that was not found; None
        where it took longer than `limit` seconds."""
        settings = ["--" + pair.replace("_", "-") for pair in self.given.set]
        said = self.call([self.program, *words, "--json", "--quiet", "--threads",
                          self.given.threads, *settings], (0, 1), limit)
        return json.loads(said) if said is not None else None

    def tool(self, name, *words, limit=None):
        """The object that a program of bench/ prints, or None past `limit` seconds."""
        said = self.call([self.given.build / "bench" / name, *words], limit=limit)
        return json.loads(said) if said is not None else None

    def generate(self, name, kind, seed=1, **sizes):
        """A made-up economy in a folder of its own."""
        folder = self.scratch / name
        words = [word for key, value in sizes.items() for word in ("--" + key, value)]
        self.plenum("generate", "--quiet", "--kind", kind, "--seed", seed, *words, folder)
        return folder

    def add(self, **figure):
        self.figures.append(figure)
        if sys.stderr.isatty():
            print(".", end="", file=sys.stderr, flush=True)

    def show(self, columns, notes=()):
        """Print the figures. columns: (key, heading, format) of each."""
        name = pathlib.Path(sys.argv[0]).name
        if self.given.json:
            print(json.dumps({"bench": name, "machine": machine(), "figures": self.figures}))
            return
        if sys.stderr.isatty():
            print(file=sys.stderr)
        facts = machine()
        print(f"{name}: {facts.get('processor', 'processor not known')}, "
              f"{facts['cores']} cores, {facts.get('gibibytes', 0):.0f} GiB")
        table = [[heading for _, heading, _ in columns]]
        for figure in self.figures:
            table.append([cell(figure.get(key), form) for key, _, form in columns])
        widths = [max(len(row[k]) for row in table) for k in range(len(columns))]
        for row in table:
            print("  ".join([row[0].ljust(widths[0])] +
                            [c.rjust(w) for c, w in zip(row[1:], widths[1:])]).rstrip())
        for note in notes:
            print(note)


def cell(value, form):
    if value is None:
        return "-"
    return format(value, form) if not isinstance(value, str) else value
