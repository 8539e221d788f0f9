# SPDX-License-Identifier: AGPL-3.0-or-later
"""Live news of plenum serve, and how it ends. live.py PLENUM [sanitize]; PLENUM_LONG=1 for a
thousand listeners."""
import json
import signal
import socket
import subprocess
import threading
import time
import unittest

from serving import LONG, SLOW, Client, Serving, main, read_all


class Listener:
    """A stream of news, read by hand: its chunks put together again."""

    def __init__(self, port, token, last=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        more = f"Last-Event-ID: {last}\r\n" if last is not None else ""
        self.socket.sendall(f"GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
                            f"{more}\r\n".encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = b""
        while (line := self.file.readline()) not in (b"\r\n", b""):
            self.headers += line
        self.text = b""

    def chunk(self):
        """@return False at the end"""
        size = int(self.file.readline() or b"0", 16)
        self.text += self.file.read(size)
        self.file.readline()
        return size > 0

    def news(self):
        """The next piece of news; None at the end."""
        while True:
            block, sep, rest = self.text.partition(b"\n\n")
            if not sep:
                if not self.chunk():
                    return None
                continue
            self.text = rest
            lines = dict(line.split(b": ", 1) for line in block.split(b"\n") if b": " in line)
            if b"data" in lines:
                data = json.loads(lines[b"data"])
                assert int(lines[b"id"]) == data["height"]
                return data

    def until(self, height):
        got = []
        while not got or got[-1]["height"] < height:
            got.append(self.news())
        return got

    def close(self):
        self.file.close()
        self.socket.close()


class Live(Serving):
    options = ("--rate", "0")

    def listener(self, token, last=None):
        made = Listener(self.port, token, last)
        self.addCleanup(made.close)
        self.assertEqual(made.status, 200)
        return made

    def live_clients(self):
        text = self.client().get("/metrics").body.decode()
        return int(next(line.split()[1] for line in text.splitlines() if line.startswith("plenum_live_clients ")))

    def test_news_tell_the_height_and_the_types_and_nothing_else(self):
        token = self.token(1)
        listener, member, height = self.listener(token), self.client(token), self.height()
        self.assertIn(b"text/event-stream", listener.headers)
        self.assertEqual(listener.news(), {"height": height, "types": []})
        member.post("/api/people", {"name": "a secret name"})
        self.assertEqual(listener.news(), {"height": height + 1, "types": ["person.add"]})

    def test_a_client_that_was_away_goes_on_where_it_was(self):
        token, height = self.token(1), self.height()
        self.assertEqual(self.listener(token, height - 2).news(),
                         {"height": height, "types": ["season.open", "round.open"]})
        self.client(token).post("/api/people", {})
        self.assertEqual(self.listener(token, height).news(), {"height": height + 1, "types": ["person.add"]})
        for odd in (height + 999, "x", "", -1, "9" * 40):
            listener = self.listener(token, odd)
            self.client(token).post("/api/communities", {"code": f"c{odd}"})
            height = self.height()
            self.assertEqual(listener.until(height)[-1]["height"], height)

    def test_what_other_programs_record_is_news_too(self):
        token = self.token(1)
        listener = self.listener(token)
        listener.news()
        self.write([{"actor": 1, "op": "community.add", "fields": {"code": "hill"}}])
        self.assertEqual(listener.news()["types"], ["community.add"])

    def test_many_events_are_told_together_at_most_five_times_a_second(self):
        token, height = self.token(1), self.height()
        listener, member = self.listener(token), self.client(token)
        listener.news()
        begun = time.monotonic()
        for _ in range(150):
            self.assertEqual(member.post("/api/people", {}).status, 200)
        got = listener.until(height + 150)
        took = time.monotonic() - begun
        self.assertLessEqual(len(got), 5 * took + 2)
        self.assertEqual([g["types"] for g in got], [["person.add"]] * len(got))

    def test_a_ballot_is_news_only_as_one(self):
        self.stop()
        self.write([{"actor": 1, "op": "vote.open", "fields":
                    {"title": "t", "ballots": "motion", "rule": "majority", "seats": 1, "secret": 1,
                     "options": [{"code": "unmistakable"}]}}])
        self.serve(*self.options)
        token, listeners = self.token(2), []
        for _ in range(2):
            listeners.append(self.listener(token))
            listeners[-1].news()
        receipt = self.client(token).post("/api/votes/1/ballots", {"marks": "1=yes"}).json()["answer"]["receipt"]
        for listener in listeners:
            self.assertEqual(listener.news(), {"height": self.height(), "types": ["vote.cast"]})
        for path in ("/api/votes/1", "/api/rows/vote/1", "/api/rows/elector/1", "/api/rows/ballot/1", "/api/needs",
                     "/api/record", "/metrics"):
            answer = self.client(token).get(path)
            self.assertNotIn(receipt.encode(), answer.body, path)
            self.assertNotIn(b"1=yes", answer.body, path)

    def test_many_listen_and_all_hear(self):
        listeners = []
        for person in range(1, 13):
            token = self.token(person)
            listeners += [self.listener(token) for _ in range(60 if LONG else 10)]
        for listener in listeners:
            listener.news()
        self.assertEqual(self.live_clients(), len(listeners))
        with open(f"/proc/{self.server.pid}/status", encoding="ascii") as status:
            threads = int(next(line for line in status if line.startswith("Threads:")).split()[1])
        self.assertLess(threads, 24)
        self.member(1).post("/api/people", {})
        height = self.height()
        for listener in listeners:
            self.assertEqual(listener.until(height)[-1]["height"], height)
        for listener in listeners:
            listener.close()
        for _ in range(300):
            if self.live_clients() == 0:
                break
            self.member(1).post("/api/people", {})  # a line that is dead shows when it is written to
            time.sleep(0.1)
        self.assertEqual(self.live_clients(), 0)

    def test_a_person_listens_only_so_often(self):
        token = self.token(1)
        for _ in range(64):
            self.listener(token)
        refused = Listener(self.port, token)
        self.addCleanup(refused.close)
        self.assertEqual(refused.status, 429)


class Together(Serving):
    options = ("--rate", "0")

    def commits(self):
        text = self.client().get("/metrics").body.decode()
        return int(next(line.split()[1] for line in text.splitlines() if line.startswith("plenum_commits_total ")))

    def test_who_writes_at_the_same_time_shares_a_commit_and_a_refusal_is_nobody_else_s(self):
        tokens, height, before, good = [self.token(p) for p in (1, 5, 6, 9)], self.height(), self.commits(), []

        def write(token):
            client = Client(self.port, token)
            for _ in range(50):
                good.append(client.post("/api/people", {"name": "Z"}))
            client.close()
        writers = [threading.Thread(target=write, args=(token,)) for token in 2 * tokens]
        for w in writers:
            w.start()
        for w in writers:
            w.join()
        done = [a.json()["height"] for a in good if a.status == 200]
        self.assertEqual(sorted(a.status for a in good), 300 * [200] + 100 * [403])  # 9 may not
        self.assertEqual(sorted(done), list(range(height + 1, height + 301)))
        self.assertLess(self.commits() - before, 300)
        self.assertEqual(self.height(), height + 300)
        self.verify()


class End(Serving):
    options = ("--rate", "0")

    def test_who_listens_is_told_the_end(self):
        listener = Listener(self.port, self.token(1))
        self.addCleanup(listener.close)
        listener.news()
        self.assertEqual(self.stop(), 0)
        self.assertIsNone(listener.news())

    def test_what_has_begun_is_answered_and_nothing_acknowledged_is_lost(self):
        token, acknowledged, odd = self.token(1), [], []
        ending = threading.Event()

        def write():
            while True:
                client = Client(self.port, token)
                try:
                    while True:
                        answer = client.post("/api/people", {"name": "Z"})
                        if answer.status == 503 and ending.is_set():
                            return  # "the server is being stopped": it was not done
                        (acknowledged if answer.status == 200 else odd).append(answer)
                except OSError:
                    return
                except Exception as problem:  # a connection that was closed between two requests
                    if ending.is_set():
                        return
                    odd.append(problem)
                    return
                finally:
                    client.close()
        writers = [threading.Thread(target=write) for _ in range(8)]
        for w in writers:
            w.start()
        time.sleep(0.5)
        ending.set()
        self.assertEqual(self.stop(), 0)
        for w in writers:
            w.join()
        self.assertEqual(odd, [])
        self.assertGreater(len(acknowledged), 10)
        kept = self.run_plenum("verify", self.file, "--json")
        self.assertGreaterEqual(json.loads(kept.stdout)["events"], max(a.json()["height"] for a in acknowledged))

    def test_a_request_that_is_half_sent_does_not_keep_the_server(self):
        self.socket(b"POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n{")
        begun = time.monotonic()
        self.assertEqual(self.stop(), 0)
        self.assertLess(time.monotonic() - begun, 60 if SLOW else 25)

    def test_killed_at_any_time_it_keeps_what_it_acknowledged(self):
        for turn in range(20 if LONG else 4):
            token, acknowledged = self.token(1), [0]

            def write():
                client = Client(self.port, token)
                try:
                    while True:
                        acknowledged.append(client.post("/api/people", {"name": "Z"}).json()["height"])
                except Exception:
                    client.close()
            writers = [threading.Thread(target=write) for _ in range(4)]
            for w in writers:
                w.start()
            time.sleep(0.2 + 0.05 * turn)
            self.stop(signal.SIGKILL)
            for w in writers:
                w.join()
            self.serve(*self.options)
            self.assertGreaterEqual(self.height(), max(acknowledged))
            self.assertEqual(self.client(token).get("/api/me").status, 200)
        self.verify()

    def test_two_servers_do_not_share_a_port(self):
        done = self.run_plenum("serve", self.file, "--port", str(self.port))
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("taken by another program", done.stderr)

    def test_interrupted_from_a_terminal_it_ends_as_it_should(self):
        self.server.send_signal(signal.SIGINT)
        out, told = self.server.communicate(timeout=60)
        self.assertEqual((self.server.returncode, out, told), (0, "", ""))
        self.server = None


if __name__ == "__main__":
    main()
