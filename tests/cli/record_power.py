# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum record on a disk that fails it: the power is cut, the disk turns read-only, or is full.
record_power.py PLENUM VERIFIER NO_SYNC

The disk is an ext4 file system in a file, mounted in a mount namespace of the test's own. A cut
shuts the file system down without writing anything more; what the record's process had not
made safe by then is gone. NO_SYNC is a library that makes fsync do nothing: with it the same
cuts must lose something. PLENUM_LONG=1 cuts two hundred times in place of twenty, PLENUM_FEW=1 ten. Ends with 77
where nothing can be mounted."""
import contextlib
import fcntl
import glob
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PLENUM, VERIFIER, NO_SYNC = sys.argv[1:4]
CUTS = 200 if os.environ.get("PLENUM_LONG") == "1" else 10 if os.environ.get("PLENUM_FEW") == "1" else 20
CUTS_OF_ONE_RECORD = 5
SHUTDOWN = 0x8004587D  # FS_IOC_SHUTDOWN: _IOR('X', 125, __u32)
NO_LOG_FLUSH = 2
NOBODY = "65534"
SENTENCE = r"\Aplenum record: [^\n]{20,}\n\Z"


def system(*words, **options):
    return subprocess.run(words, check=True, capture_output=True, text=True, **options).stdout


class Disk:
    """An ext4 file system in a file, mounted while it is entered."""

    def __enter__(self):
        self.made = tempfile.mkdtemp(prefix="plenum-power-")
        os.chmod(self.made, 0o755)
        self.image, self.at = os.path.join(self.made, "disk"), os.path.join(self.made, "at")
        os.mkdir(self.at)
        system("truncate", "-s", "40M", self.image)
        system("mkfs.ext4", "-q", "-F", self.image)
        self.mount()
        return self

    def __exit__(self, *_):
        if os.path.ismount(self.at):
            subprocess.run(["umount", "-l", self.at], check=False)
        shutil.rmtree(self.made)

    def mount(self):
        system("mount", "-o", "loop,errors=remount-ro", self.image, self.at)

    def mount_anew(self):
        system("umount", self.at)
        self.mount()

    def cut(self):
        """From now on nothing reaches the disk, and what had not reached it is lost."""
        folder = os.open(self.at, os.O_RDONLY)
        fcntl.ioctl(folder, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        os.close(folder)

    def fault(self):
        """The file system finds itself damaged, and turns read-only under whoever writes."""
        device = os.path.basename(system("findmnt", "-n", "-o", "SOURCE", self.at).strip())
        with open(f"/sys/fs/ext4/{device}/trigger_fs_error", "w", encoding="ascii") as trigger:
            trigger.write("plenum")

    def fill(self, spare=0):
        """Leave so many bytes of room. @return a file whose removal gives the room back"""
        filler = os.path.join(self.at, "filler")
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 65536)
            except OSError:
                file.truncate(max(0, file.tell() - spare))
                os.fsync(file)
        return filler


def requests(first, n):
    """Events with and without texts. The record begins with the first of all."""
    for i in range(first, first + n):
        if i == 0:
            yield {"op": "record.begin", "fields": {"title": "t", "name": "Ada"}}
        elif i % 2 == 0:
            yield {"actor": 1, "op": "person.add", "fields": {"name": f"person {i}"}}
        else:
            yield {"actor": 1, "op": "council.add",
                   "fields": {"code": f"c{i}", "name": "x" * 150, "kind": "workers"}}


class Power(unittest.TestCase):
    def setUp(self):
        self.disk = Disk().__enter__()
        self.addCleanup(self.disk.__exit__)
        self.file = os.path.join(self.disk.at, "valley.plenum")
        self.asked, self.acknowledged = 0, {}

    def start(self, **options):
        return subprocess.Popen([PLENUM, "record", self.file], text=True, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, **{"stderr": subprocess.PIPE, **options})

    def ask(self, n):
        """Send requests. What is sent is not asked again."""
        lines = "".join(json.dumps(r) + "\n" for r in requests(self.asked, n))
        self.asked += n
        return lines

    def note(self, out):
        """Note what was acknowledged. @return how many that was"""
        told = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
        served = {t["height"]: t["hash"] for t in told if "height" in t}
        self.acknowledged.update(served)
        return len(served)

    def last(self):
        return max(self.acknowledged, default=0)

    def record(self, n=1):
        """@return exit code, standard error"""
        child = self.start()
        out, err = child.communicate(self.ask(n), timeout=60)
        self.note(out)
        return child.returncode, err

    def kept(self, alike=True):
        """@return how many events there are of those acknowledged and after; 0: not intact"""
        head = ["--head", self.acknowledged[self.last()]] if self.acknowledged else []
        done = subprocess.run([PLENUM, "verify", self.file, "--json", *head], capture_output=True,
                              text=True, timeout=60)
        told = json.loads(done.stdout) if done.stdout else {"intact": False, "events": 0}
        second = subprocess.run(["/usr/bin/python3", "-B", VERIFIER, self.file, *head[1:]],
                                capture_output=True, text=True, timeout=60)
        if alike:
            self.assertEqual(told["intact"], second.returncode == 0, (done, second))
        return told["events"] if told["intact"] else 0

    def assert_kept(self, where):
        self.assertGreaterEqual(self.kept(), max(1, self.last()), where)

    # the power is cut

    def live_until(self, seconds, least=0, **options):
        """Record, cut the power after so long and so many answers, and come back. What comes out of the pipe later
        nobody has seen: a kernel that shuts a file system down may still call an fsync done that
        was under way. @return how many were acknowledged"""
        child = self.start(stderr=subprocess.DEVNULL, **options)
        seen = []
        reader = threading.Thread(target=lambda: [seen.append(line) for line in child.stdout])
        writer = threading.Thread(target=self.feed, args=(child, self.ask(3000)))
        reader.start()
        writer.start()
        time.sleep(seconds)
        while len(seen) < least and reader.is_alive():
            time.sleep(0.01)
        before = "".join(seen)
        self.disk.cut()
        child.kill()
        for thread in (writer, reader):
            thread.join()
        child.stdout.close()
        child.wait()
        self.disk.mount_anew()
        return self.note(before)

    @staticmethod
    def feed(child, lines):
        with contextlib.suppress(BrokenPipeError), child.stdin as pipe:
            pipe.write(lines)

    def new_record(self):
        for path in glob.glob(self.file + "*"):
            os.remove(path)
        self.asked, self.acknowledged = 0, {}

    def begin(self):
        """@return seconds that a new record takes to begin"""
        started = time.monotonic()
        self.assertEqual(self.record(), (0, ""))
        return time.monotonic() - started

    def test_where_the_power_is_cut_nothing_acknowledged_is_lost(self):
        chance, total = random.Random(5), 0
        pace = self.begin()
        for cut in range(CUTS):
            if cut % CUTS_OF_ONE_RECORD == 0:
                self.new_record()
            total += self.live_until(chance.uniform(0, pace + 0.3), least=1)
            self.assert_kept(f"cut {cut}")
        self.assertGreater(total, CUTS)
        self.assertEqual(self.record()[0], 0)
        self.assert_kept("after the last cut")
        print(f"    {CUTS} cuts, {total} acknowledged, none lost", file=sys.stderr)

    def test_a_record_whose_beginning_is_cut_short_is_there_or_can_be_begun_again(self):
        chance, there = random.Random(6), 0
        pace = self.begin()
        for cut in range(CUTS):
            self.new_record()
            began = self.live_until(chance.uniform(0.2 * pace, pace)) > 0
            self.asked = 0
            code, err = self.record()
            self.assertEqual((code, err), (code, ""), f"cut {cut}")
            self.assertTrue(code == 0 or self.kept() > 0, f"cut {cut}")
            there += code
            self.assertLessEqual(began, code == 1)
        print(f"    {there} of {CUTS} records had begun", file=sys.stderr)

    def test_without_fsync_the_same_cuts_lose_what_was_acknowledged(self):
        lost, cuts = 0, max(2, CUTS // 10)
        false = {**os.environ, "LD_PRELOAD": NO_SYNC,
                 "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}
        pace = self.begin()
        for _ in range(cuts):
            self.new_record()
            self.live_until(pace, least=20, env=false)
            self.assertGreater(self.last(), 0)
            lost += not os.path.exists(self.file) or self.kept(alike=False) < self.last()
        self.assertGreater(lost, 0)
        print(f"    without fsync {lost} of {cuts} cuts lose something", file=sys.stderr)

    # the disk turns read-only

    def assert_refused(self, code, err, says):
        self.assertEqual(code, 2, err)
        self.assertRegex(err, SENTENCE)
        self.assertRegex(err, says)

    def one(self, child):
        """Ask a running process for one thing. @return its answer; "" where it has ended"""
        try:
            child.stdin.write(self.ask(1))
            child.stdin.flush()
        except BrokenPipeError:
            return ""
        line = child.stdout.readline()
        self.note(line)
        return line

    def end(self, child):
        _, err = child.communicate(timeout=60)
        return child.returncode, err

    def test_a_disk_that_turns_read_only_under_the_process_is_told_and_loses_nothing(self):
        child = self.start()
        for _ in range(10):
            self.assertNotEqual(self.one(child), "")
        self.disk.fault()
        self.assertEqual(self.one(child), "")
        self.assert_refused(*self.end(child), "everything before it is safe")
        self.disk.mount_anew()
        self.assert_kept("after the fault")
        self.assertEqual(self.record(), (0, ""))
        self.assert_kept("written on")

    def test_a_read_only_disk_is_told_and_can_still_be_verified(self):
        self.assertEqual(self.record(20), (0, ""))
        system("mount", "-o", "remount,ro", self.disk.at)
        self.assert_refused(*self.record(), "may not be written")
        self.assertEqual(self.kept(), 20)
        system("mount", "-o", "remount,rw", self.disk.at)
        self.assertEqual(self.record(), (0, ""))
        self.assertEqual(self.kept(), 21)

    def test_a_file_that_one_may_not_write_is_told_and_left_as_it_is(self):
        self.assertEqual(self.record(20), (0, ""))
        program = os.path.join(self.disk.made, "plenum")
        shutil.copy(PLENUM, program)
        as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", program,
                     "record", self.file]
        os.chmod(self.file + ".key", 0o644)
        done = subprocess.run(as_nobody, input=self.ask(1), capture_output=True, text=True)
        self.assert_refused(done.returncode, done.stderr, "may not be written")
        self.assertEqual((done.stdout, self.kept()), ("", 20))
        for path in (self.disk.at, *glob.glob(self.file + "*")):
            os.chown(path, int(NOBODY), int(NOBODY))
        done = subprocess.run(as_nobody, input=self.ask(1), capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.kept(), 21)

    # the disk is full

    def test_a_full_disk_is_told_loses_nothing_and_goes_on_when_there_is_room(self):
        child = self.start()
        self.assertNotEqual(self.one(child), "")
        filler = self.disk.fill(spare=200_000)
        told = 0
        while self.one(child) != "":
            told += 1
        self.assertGreater(told, 10)
        self.assert_refused(*self.end(child), "everything before it is safe")
        os.remove(filler)
        self.assert_kept("full")
        self.assertEqual(self.record(), (0, ""))
        self.assert_kept("with room again")

    def test_a_record_is_not_begun_on_a_full_disk_and_is_when_there_is_room(self):
        filler = self.disk.fill()
        code, err = self.record()
        self.assert_refused(code, err, "full|No space")
        os.remove(filler)
        self.asked = 0
        self.assertEqual(self.record(), (0, ""))
        self.assertEqual(self.kept(), 1)


def can_mount():
    """Within a mount namespace: whatever happens to the test, its mounts go with it."""
    try:
        with Disk() as disk:
            disk.cut()
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def main():
    if os.environ.get("PLENUM_OWN_MOUNTS") != "1":
        os.environ["PLENUM_OWN_MOUNTS"] = "1"
        words = ["unshare", "--mount", "--propagation", "private", sys.executable, "-B", *sys.argv]
        if os.geteuid() == 0 and subprocess.run([*words[:4], "true"], check=False).returncode == 0:
            os.execvp(words[0], words)
    if os.geteuid() != 0 or not can_mount():
        print("skipped: only root mounts a file as a disk (Debian: mount, e2fsprogs)")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=1)


if __name__ == "__main__":
    main()
