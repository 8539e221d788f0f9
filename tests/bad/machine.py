# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bad input that cannot be kept as files: too large, not text, missing, forbidden, no room on
the disk. machine.py PLENUM"""
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from refusal import Refusals

PLAN = ["plan", "ECONOMY", "--json", "--out", "OUT"]
GENERATE = ["generate", "--kind", "recipe", "--workplaces", "50", "--goods", "50",
            "--consumers", "20", "--seed", "1"]
GIGABYTE, MEGABYTE = 10**9, 10**6
MEMORY_MOST = 300 * MEGABYTE  # of a program with sanitizers; without them some 20
NOBODY = 65534


class Machine(Refusals):
    def says(self, sentence, words, **options):
        """Refused with this sentence alone. @return it"""
        told = self.refused(words, **options)
        self.assertEqual(len(told), 1, told)
        self.assertIn(sentence, told[0])
        return told[0]

    def goods(self, data, sentence):
        """Refused for this goods.csv."""
        self.write("ECONOMY/goods.csv", data)
        for words in (PLAN, ["check", "ECONOMY"]):
            self.says(sentence, words)


class TooLarge(Machine):
    """Memory does not grow with a file."""

    def gigabyte(self, first, piece, sentence):
        """uses.csv: its header, then a line of a gigabyte."""
        roomy = [place for place in ("/dev/shm", tempfile.gettempdir())
                 if os.path.isdir(place) and shutil.disk_usage(place).free > 2 * GIGABYTE]
        if not roomy:
            self.skipTest("there is no room for a file of 1 GB")
        with tempfile.NamedTemporaryFile(dir=roomy[0]) as file:
            file.write(first)
            block = piece * (MEGABYTE // len(piece))
            for _ in range(GIGABYTE // len(block)):
                file.write(block)
            file.flush()
            os.unlink(self.path("ECONOMY", "uses.csv"))
            os.symlink(file.name, self.path("ECONOMY", "uses.csv"))
            child = subprocess.Popen([self.plenum, *PLAN], cwd=self.home,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            errors, output = child.stderr.read().decode(), child.stdout.read()
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            child.stdout.close()
            child.stderr.close()
        self.assertEqual((child.returncode, output), (2, b""), errors)
        self.assertIn(sentence, errors)
        self.assertLess(used.ru_maxrss * 1024, MEMORY_MOST)
        self.assertFalse(os.path.exists(self.path("OUT")))

    def test_a_cell_of_a_gigabyte(self):
        self.gigabyte(b"council,good,role,amount\n", b"a",
                      "uses.csv:2: cell 1 of the row that begins here is longer than 65536 bytes")

    def test_a_quote_that_is_open_for_a_gigabyte(self):
        self.gigabyte(b'council,good,role,amount\n"', b"bakery,bread,makes,1\n",
                      "uses.csv:2: cell 1 of the row that begins here is longer than 65536 bytes")

    def test_a_row_of_a_gigabyte(self):
        self.gigabyte(b"council,good,role,amount\n", b"a,",
                      "uses.csv:2: the row that begins here is longer than 16777216 bytes")

    def test_a_header_of_a_gigabyte(self):
        self.gigabyte(b"", b"council,",
                      "uses.csv:1: the row that begins here is longer than 4194304 bytes")

    def test_more_columns_than_a_table_has(self):
        self.goods(",".join(f"c{k}" for k in range(70000)) + "\n",
                   "goods.csv:1: more than 65536 columns")

    def test_a_hundred_faults_are_counted_and_fifty_shown(self):
        self.write("ECONOMY/uses.csv", self.sound("uses.csv") + "bakery,x,uses,1\n" * 100)
        self.assertEqual(len(self.refused(PLAN)), 50)
        errors = self.run_plenum(PLAN).stderr.decode()
        self.assertIn("100 faults, of which the first 50 are shown", errors)

    def test_a_circle_of_a_hundred_thousand_communities(self):
        n = 100000
        rows = "".join(f"c{k},c{(k + 1) % n}\n" for k in range(n))
        self.write("ECONOMY/communities.csv", "community,parent\n" + rows +
                   "town,\nhill,town\ndale,town\n")
        self.says("communities.csv:2: the communities form a circle", PLAN)


class NotText(Machine):
    def test_a_nul_in_a_cell(self):
        self.goods(self.sound("goods.csv").replace("Bread", "Br\0ead"),
                   "goods.csv:2: a NUL byte (is this a binary file, or UTF-16?)")

    def test_a_nul_in_the_header(self):
        self.goods("good\0\nbread\n", "goods.csv:1: a NUL byte")

    def test_zeros_alone(self):
        self.goods(bytes(100000), "goods.csv:1: a NUL byte")

    def test_utf_16(self):
        for code in ("utf-16-le", "utf-16-be"):
            text = "\ufeff" + self.sound("goods.csv")
            self.goods(text.encode(code), "goods.csv:1: ")

    def test_a_program(self):
        with open(self.plenum, "rb") as file:
            self.goods(file.read(MEGABYTE), "goods.csv:1: ")

    def test_a_compressed_file(self):
        self.goods(b"PK\x03\x04" + bytes([20, 0, 8, 8]) + random.Random(1).randbytes(5000),
                   "goods.csv:1: ")

    def test_bytes_drawn_by_lot(self):
        draw = random.Random(2)
        for _ in range(50):
            data = bytes(draw.choice(b'\0\x01\t\n\r ",;.0123456789aeginNdo\x80\xc3\xff')
                         for _ in range(draw.randrange(1, 300)))
            self.write("ECONOMY/goods.csv", data)
            self.assertNotEqual(self.refused(PLAN), [])


class NotThere(Machine):
    def test_the_folder(self):
        self.says("NOWHERE does not exist", ["plan", "NOWHERE", "--out", "OUT"])
        self.says("NOWHERE does not exist", ["check", "NOWHERE"])

    def test_each_table_that_an_economy_must_have(self):
        for name in ("goods.csv", "councils.csv", "uses.csv"):
            os.rename(self.path("ECONOMY", name), self.path(name))
            self.assertIn(f"{name}: there is no such file in ECONOMY", self.refused(PLAN))
            os.rename(self.path(name), self.path("ECONOMY", name))

    def test_each_table_of_a_plan(self):
        self.plan()
        for name in ("prices.csv", "councils.csv", "flows.csv"):
            os.rename(self.path("PLAN", name), self.path(name))
            self.says(f"{name}: there is no such file in PLAN", ["check", "ECONOMY", "PLAN"])
            os.rename(self.path(name), self.path("PLAN", name))

    def test_the_file_behind_a_link(self):
        os.unlink(self.path("ECONOMY", "goods.csv"))
        os.symlink("nowhere", self.path("ECONOMY", "goods.csv"))
        self.says("goods.csv: there is no such file", PLAN)

    def test_the_end_of_a_circle_of_links(self):
        os.unlink(self.path("ECONOMY", "goods.csv"))
        os.symlink("goods.csv", self.path("ECONOMY", "goods.csv"))
        self.says("goods.csv: cannot be opened: ", PLAN)

    def test_the_folder_above_the_one_to_be_written(self):
        for words in (PLAN[:-1] + ["NO/OUT"], GENERATE + ["NO/DEST"], ["init", "NO/DEST"]):
            self.says("the folder above it does not exist", words)

    def test_a_table_to_import(self):
        self.says("z.csv: there is no such file", ["import", "io", "--flows", "z.csv", "DEST"])


class NotAFile(Machine):
    def test_a_folder_in_the_place_of_a_table(self):
        for name in ("goods.csv", "uses.csv", "economy.csv", "prices.csv"):
            os.rename(self.path("ECONOMY", name), self.path(name))
            os.mkdir(self.path("ECONOMY", name))
            self.assertIn(f"{name}: this is a folder, not a table", self.refused(PLAN))
            os.rmdir(self.path("ECONOMY", name))
            os.rename(self.path(name), self.path("ECONOMY", name))

    def test_a_folder_in_the_place_of_other_files(self):
        os.mkdir(self.path("folder"))
        self.says("this is a folder, not a table", PLAN + ["--start", "folder"])
        self.says("this is a folder, not a table",
                  ["import", "io", "--flows", "folder", "DEST"])
        self.plan()
        os.unlink(self.path("PLAN", "plan.json"))
        os.mkdir(self.path("PLAN", "plan.json"))
        self.says("plan.json:1: cannot be read", ["check", "ECONOMY", "PLAN"])

    def test_a_file_in_the_place_of_a_folder(self):
        self.write("file", "")
        for words in (["plan", "file"], ["check", "ECONOMY", "file"]):
            self.says("file is not a folder", words)
        for words in (["plan", "file/ECONOMY"], PLAN[:-1] + ["file"], PLAN[:-1] + ["file/OUT"],
                      GENERATE + ["file"], ["init", "file"]):
            self.says("file", words)

    def test_a_folder_where_a_file_is_to_be_written(self):
        os.makedirs(self.path("OUT", "flows.csv"))
        self.says("OUT/flows.csv is a folder, so no file can have this name", PLAN)

    def test_names_that_are_too_long(self):
        for words in (["plan", "x" * 300], ["plan", "x/" * 3000], PLAN[:-1] + ["x" * 300],
                      GENERATE + ["x" * 300], ["init", "x/" * 3000]):
            self.assertEqual(len(self.refused(words)), 1)


class NotAllowed(Machine):
    """As a user whom the files are closed to; permissions do not hold root."""

    def setUp(self):
        super().setUp()
        os.chmod(self.home, 0o755)
        self.user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        if os.geteuid() != 0:
            self.user = {}
        try:
            done = self.run_plenum(["--version"], **self.user)
        except PermissionError:
            done = None
        if done is None or done.returncode != 0:
            self.skipTest("no other user can start the program here")

    def closed(self, name, mode):
        os.chmod(self.path(name), mode)
        self.addCleanup(os.chmod, self.path(name), 0o755)

    def test_to_read_a_table(self):
        self.closed("ECONOMY/uses.csv", 0)
        self.says("uses.csv: cannot be opened: Permission denied", PLAN, **self.user)

    def test_to_read_the_folder(self):
        self.closed("ECONOMY", 0)
        self.says("ECONOMY cannot be read: Permission denied", ["check", "ECONOMY"],
                  **self.user)

    def test_to_make_the_folder(self):
        self.closed("", 0o555)
        self.says("OUT cannot be made: Permission denied", PLAN, **self.user)
        self.says("DEST cannot be made: Permission denied", GENERATE + ["DEST"], **self.user)

    def test_to_write_into_the_folder(self):
        self.plan()
        self.closed("PLAN", 0o555)
        self.says("PLAN/prices.csv cannot be written: Permission denied", PLAN[:-1] + ["PLAN"],
                  **self.user)


class NoRoom(Machine):
    def mounted(self):
        """A disk of 256 kB of which 4 kB are free."""
        os.mkdir(self.path("disk"))
        try:
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none",
                                   self.path("disk")], capture_output=True, check=False)
        except FileNotFoundError:
            done = None
        if done is None or done.returncode != 0:
            self.skipTest("no small disk can be mounted here")
        self.addCleanup(subprocess.run, ["umount", self.path("disk")], check=True)
        free = shutil.disk_usage(self.path("disk")).free
        self.write("disk/ballast", b"x" * (free - 4096))

    def tables(self):
        """An economy whose plan has some 100 kB, and a table to import."""
        done = self.run_plenum([*GENERATE[:4], "500", *GENERATE[5:], "MADE"])
        self.assertEqual(done.returncode, 0, done.stderr)
        names = [f"sector{k}" for k in range(60)]
        rows = "".join(f"{name}{',1' * 60},100\n" for name in names)
        self.write("flows.csv", f"s,{','.join(names)},homes\n" + rows)

    def test_on_the_disk(self):
        self.mounted()
        self.tables()
        for words in (["plan", "MADE", "--json", "--out", "disk/OUT"], GENERATE + ["disk/DEST"],
                      ["import", "io", "--flows", "flows.csv", "disk/DEST"],
                      ["init", "disk/DEST"]):
            self.says("No space left on device", words)

    def test_for_a_file_that_may_not_grow(self):
        self.tables()
        most = 4096  # libomp keeps a small file of its own

        def may_not_grow():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

        for words in (["plan", "MADE", "--json", "--out", "OUT"], GENERATE + ["DEST"],
                      ["import", "io", "--flows", "flows.csv", "DEST"]):
            self.says("cannot be written: File too large", words, preexec_fn=may_not_grow)

    def test_behind_standard_output(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        with open("/dev/full", "wb") as full:
            for words in (["plan", "ECONOMY", "--json"], ["check", "ECONOMY"], ["schema"]):
                done = subprocess.run([self.plenum, *words], cwd=self.home, stdout=full,
                                      stderr=subprocess.PIPE, check=False)
                self.assertEqual(done.returncode, 2)
                self.assertIn(b"standard output cannot be written: No space left", done.stderr)


if __name__ == "__main__":
    Refusals.plenum = os.path.abspath(sys.argv[1])
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
