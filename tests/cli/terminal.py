# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a terminal sees and a pipe does not, and Ctrl-C. terminal.py PLENUM"""
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PLENUM = sys.argv[1]
FEW = os.environ.get("PLENUM_FEW") == "1"  # sanitizers make a smaller economy slow enough
SLOWLY = ("--direct-goods", "20000")  # a dense factor a step takes its time
LONGEST = 200  # seconds for any wait: a program with sanitizers on a busy machine is slow


def read_until(fd, wanted, seconds=LONGEST):
    """What comes from a terminal up to a word, or to its end."""
    seen, end = b"", time.monotonic() + seconds
    while wanted not in seen and time.monotonic() < end:
        if not select.select([fd], [], [], 0.2)[0]:
            continue
        try:
            block = os.read(fd, 4096)
        except OSError:  # the other end is closed
            break
        if not block:
            break
        seen += block
    return seen


class Terminal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.home)
        cls.small, cls.large = (os.path.join(cls.home, name) for name in ("small", "large"))
        for folder, workplaces, goods in ((cls.small, "30", "20"),
                                          (cls.large, *(("1200", "700") if FEW else ("3000", "1800")))):
            subprocess.run([PLENUM, "generate", "--quiet", "--kind", "mixed", "--seed", "1",
                            "--workplaces", workplaces, "--goods", goods, "--consumers", "50",
                            folder], check=True)

    def on_terminal(self, *words, stream="stdout", **environment):
        """Start the command with one stream on a terminal and the other on a pipe."""
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: theirs}
        known = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
        started = subprocess.Popen([PLENUM, *words], stdin=subprocess.DEVNULL,
                                   env={**known, "TERM": "xterm", **environment}, **pipes)
        os.close(theirs)
        self.addCleanup(started.wait)
        self.addCleanup(started.kill)
        return started, ours

    def shown(self, **environment):
        started, terminal = self.on_terminal("plan", self.small, **environment)
        text = read_until(terminal, b"as tables")
        started.communicate(timeout=LONGEST)
        self.assertEqual(started.returncode, 0)
        return text

    def test_a_terminal_shows_colours(self):
        self.assertIn(b"\033[", self.shown())

    def test_no_color_is_honoured(self):
        self.assertNotIn(b"\033", self.shown(NO_COLOR="1"))

    def test_an_empty_no_color_means_nothing(self):
        self.assertIn(b"\033[", self.shown(NO_COLOR=""))

    def test_a_dumb_terminal_gets_plain_text(self):
        self.assertNotIn(b"\033", self.shown(TERM="dumb"))

    def test_a_pipe_gets_plain_text(self):
        done = subprocess.run([PLENUM, "plan", self.small], capture_output=True, check=True)
        self.assertNotIn(b"\033", done.stdout + done.stderr)

    def test_a_short_plan_shows_no_bar(self):
        if os.environ.get("PLENUM_TIMED") is None:
            self.skipTest("only an optimised program is fast enough for certain")
        started, terminal = self.on_terminal("plan", self.small, stream="stderr")
        started.communicate(timeout=LONGEST)
        self.assertEqual(read_until(terminal, b"\r", 1), b"")

    def test_a_long_plan_shows_a_bar_until_ctrl_c_and_writes_nothing(self):
        out = os.path.join(self.home, "out")
        started, terminal = self.on_terminal("plan", self.large, *SLOWLY, "--out", out, stream="stderr")
        self.assertIn(b"] step", read_until(terminal, b"sweeps"))
        started.send_signal(signal.SIGINT)
        printed, _ = started.communicate(timeout=LONGEST)
        self.assertEqual(started.returncode, 130)
        self.assertEqual(printed, b"")
        self.assertFalse(os.path.exists(out))
        self.assertIn(b"nothing was written", read_until(terminal, b"written"))

    def workplace(self, people, tasks):
        """Hands are full, so that it takes a second or more to come near to balance."""
        folder = os.path.join(self.home, "workplace")
        os.mkdir(folder)
        with open(os.path.join(folder, "people.csv"), "w", encoding="utf-8") as file:
            file.write("person,hours\n" + "".join(f"p{m},36\n" for m in range(people)))
        with open(os.path.join(folder, "tasks.csv"), "w", encoding="utf-8") as file:
            file.write("task,hours,empowerment,desirability,min_block,learn_hours\n" + "".join(
                f"t{t},{34 * people / tasks:.3f},{1 + 7 * t % 20},{1 + 11 * t % 20},3,0\n"
                for t in range(tasks)))
        return folder

    def test_jobs_tell_what_is_done_until_they_are_found_and_only_a_terminal(self):
        folder = self.workplace(20, 60)
        started, terminal = self.on_terminal("jobs", folder, "--within", "0", "--tasks", "4", stream="stderr")
        self.assertRegex(read_until(terminal, b"from the mean now, "),
                         rb"\r\033\[K(exchanging hours|trying other tasks|ruling out others), at most \d+\.\d\d points")
        started.send_signal(signal.SIGINT)
        printed, _ = started.communicate(timeout=LONGEST)
        self.assertEqual((started.returncode, printed), (130, b""))
        piped = subprocess.run([PLENUM, "jobs", folder, "--within", "3"], capture_output=True, timeout=LONGEST)
        self.assertEqual(piped.stderr, b"")

    def test_ctrl_c_gives_programs_the_outcome(self):
        started, terminal = self.on_terminal("plan", self.large, *SLOWLY, "--json", stream="stderr")
        read_until(terminal, b"sweeps")
        started.send_signal(signal.SIGINT)
        printed, _ = started.communicate(timeout=LONGEST)
        self.assertEqual(started.returncode, 130)
        self.assertEqual(json.loads(printed)["outcome"], "stopped")

    def test_quiet_shows_no_bar_and_a_pipe_neither(self):
        started, terminal = self.on_terminal("plan", self.large, *SLOWLY, "--quiet", stream="stderr")
        self.assertEqual(read_until(terminal, b"\r", 2), b"")
        started.send_signal(signal.SIGINT)
        started.communicate(timeout=LONGEST)
        piped = subprocess.Popen([PLENUM, "plan", self.large, *SLOWLY], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        time.sleep(2)
        piped.send_signal(signal.SIGINT)
        _, said = piped.communicate(timeout=LONGEST)
        self.assertNotIn(b"\r", said)
        self.assertNotIn(b"\033", said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
