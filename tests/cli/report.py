# SPDX-License-Identifier: AGPL-3.0-or-later
"""report.html as the command writes it: bounded, the same bytes, all or nothing, never read.
report.py PLENUM EXAMPLES"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PLENUM, EXAMPLES = sys.argv[1], sys.argv[2]
GOODS, COUNCILS, WANTS, MOST = 100000, 200, 500, 400000


def run(*words):
    return subprocess.run([PLENUM, *words], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, encoding="utf-8", timeout=300)


def write_large(folder):
    """A hundred thousand goods with names a thousand letters long, all of them asked for."""
    name = '"' + "<b>&'Ünïcödé 面包 " * 60 + '%d"'
    os.mkdir(folder)
    with open(os.path.join(folder, "goods.csv"), "w", encoding="utf-8") as to:
        to.write("good,name,kind,supply\n")
        for j in range(GOODS):
            to.write(f"g{j},{name % j if j % 50 == 0 else 'good'},resource,{1 + j % 7}\n")
    with open(os.path.join(folder, "councils.csv"), "w", encoding="utf-8") as to:
        to.write("council,name,kind,schedule\n")
        for i in range(COUNCILS):
            to.write(f"c{i},{name % i},consumers,isoelastic\n")
    with open(os.path.join(folder, "uses.csv"), "w", encoding="utf-8") as to:
        to.write("council,good,role,amount\n")
        for i in range(COUNCILS):
            for k in range(WANTS):
                to.write(f"c{i},g{i * WANTS + k},wants,{1 + k % 5}\n")


class Report(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.home)

    def path(self, *names):
        return os.path.join(self.home, *names)

    def plan(self, folder, out, *words):
        done = run("plan", folder, "--quiet", "--out", self.path(out), *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.path(out, "report.html"), "rb") as file:
            return file.read()

    def valley(self):
        return os.path.join(EXAMPLES, "valley")

    def test_the_page_of_a_hundred_thousand_goods_is_bounded(self):
        write_large(self.path("large"))
        page = self.plan(self.path("large"), "plan", "--tolerance", "1e-3")
        self.assertGreater(len(page), 10000)
        self.assertLessEqual(len(page), MOST)
        self.assertIn("others", page.decode("utf-8"))

    def test_the_page_of_the_valley_is_small(self):
        self.assertLessEqual(len(self.plan(self.valley(), "plan")), 300000)

    def test_threads_the_folder_and_the_clock_change_no_byte(self):
        copy = shutil.copytree(self.valley(), self.path("under another name"))
        one = self.plan(self.valley(), "one", "--threads", "1")
        self.assertEqual(self.plan(copy, "two", "--threads", "3"), one)

    def test_what_cannot_be_written_whole_is_not_written(self):
        os.makedirs(self.path("plan", "report.html"))
        done = run("plan", self.valley(), "--out", self.path("plan"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("report.html", done.stderr)
        self.assertEqual(os.listdir(self.path("plan")), ["report.html"])

    def test_nothing_reads_the_page_back(self):
        self.plan(self.valley(), "plan")
        with open(self.path("plan", "report.html"), "wb") as file:
            file.write(b"\xff\x00 not a page")
        self.assertEqual(run("check", self.valley(), self.path("plan")).returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
