# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real plenum serve for the tests beside this file, and clients to meet it with."""
import csv
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

PLENUM = sys.argv[1]
LONG = os.environ.get("PLENUM_LONG") == "1"
SLOW = "sanitize" in sys.argv[2:]  # a build with instruments, which is not held to the clock
LATER = 9999999999


def request(actor, op, **fields):
    return {"actor": actor, "op": op, "fields": fields}


def federation(people=12):
    """A bakery, a farm and a quarter; persons 2, 3, 4 are delegates, 1 and 5 facilitate."""
    yield request(0, "record.begin", title="the valley", name="Ada")
    for i in range(2, people + 1):
        yield request(1, "person.add", name=f"person {i}", contact=f"door {i}")
    for code, kind in (("bakery", "workers"), ("farm", "workers"), ("quarter", "consumers")):
        yield request(1, "council.add", code=code, kind=kind)
    for council in (1, 2, 3):
        yield request(1, "mandate.give", person=1 + council, council=council, role="delegate",
                      until=LATER)
    yield request(1, "mandate.give", person=5, role="facilitator", until=LATER)
    yield request(1, "mandate.give", person=6, role="administrator", until=LATER)
    for i in range(1, people + 1):
        yield request(1, "member.join", council=1 + i % 3, person=i)
    yield request(1, "good.set", code="bread", kind="product", unit="kg", step="0.001", price="3")
    yield request(4, "schedule.set", council=3, schedule="request",
                  lines=[{"good": 1, "role": "wants", "amount": "500"}])
    yield request(1, "season.open", name="s", rule="fitted", tolerance="0.01")
    yield request(1, "round.open", season=1)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)

    def code(self):
        """The stable code of a problem."""
        assert self.headers["Content-Type"] == "application/problem+json", self.body
        return self.json()["code"]


class Client:
    """One connection that stays, and what is sent with each request."""

    def __init__(self, port, token=None, **headers):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {k.replace("_", "-"): v for k, v in headers.items()}
        if token:
            self.headers["Authorization"] = "Bearer " + token

    def ask(self, method, path, fields=None, **more):
        headers = dict(self.headers)
        body = None
        if fields is not None:
            body = fields if isinstance(fields, (bytes, str)) else json.dumps(fields)
            headers["Content-Type"] = "application/json"
        headers.update({k.replace("_", "-"): v for k, v in more.items()})
        self.http.request(method, path, body, headers)
        return Answer(self.http.getresponse())

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, fields=None, **more):
        return self.ask("POST", path, {} if fields is None else fields, **more)

    def close(self):
        self.http.close()


class Serving(unittest.TestCase):
    maxDiff = None
    """Each test has a record of its own, served on a free port."""
    options = ()
    address_of_record = None  # in a database

    def setUp(self):
        self.made = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.made)
        self.file = self.address_of_record or os.path.join(self.made, "valley.plenum")
        # only records in databases look for it
        self.environment = {**os.environ, "PLENUM_KEY": os.path.join(self.made, "key")}
        self.write(federation())
        self.server = None
        self.addCleanup(self.stop)
        self.serve(*self.options)

    def run_plenum(self, *words, **options):
        return subprocess.run([PLENUM, *words], capture_output=True, text=True, timeout=300,
                              env=self.environment, **options)

    def write(self, requests):
        lines = "".join(json.dumps(r) + "\n" for r in requests)
        done = self.run_plenum("record", self.file, input=lines)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def serve(self, *options):
        self.server = subprocess.Popen([PLENUM, "serve", self.file, "--port", "0", *options],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                       env=self.environment)
        self.address = self.server.stdout.readline().strip()
        self.assertTrue(self.address, "the server did not begin")
        self.port = urllib.parse.urlsplit(self.address).port

    def stop(self, how=signal.SIGTERM):
        """End the server. @return its exit code"""
        if self.server is None:
            return 0
        self.server.send_signal(how)
        try:
            _, told = self.server.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.server.kill()
            _, told = self.server.communicate()
            self.fail("the server does not end: " + told)
        code, self.server = self.server.returncode, None
        if how == signal.SIGTERM:
            self.assertEqual((code, told), (0, ""))
        return code

    def invite(self, people, *options):
        """Invite by the command line. @return codes by person"""
        table = os.path.join(self.made, f"links{len(os.listdir(self.made))}.csv")
        done = self.run_plenum("invite", self.file, people, "--csv", table, "--quiet", *options)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        with open(table, newline="", encoding="utf-8") as rows:
            return {int(r["person"]): r["link"].rsplit("/", 1)[1] for r in csv.DictReader(rows)}

    def client(self, token=None, **headers):
        made = Client(self.port, token, **headers)
        self.addCleanup(made.close)
        return made

    def token(self, person):
        code = self.invite(str(person))[person]
        answer = self.client().post("/api/login", {"code": code})
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()["token"]

    def member(self, person):
        return self.client(self.token(person))

    def height(self):
        return self.client().get("/healthz").json()["height"]

    def verify(self):
        done = self.run_plenum("verify", self.file)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def socket(self, data=b""):
        made = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.addCleanup(made.close)
        made.sendall(data)
        return made


def read_all(connection):
    """What comes until the other side closes."""
    got = b""
    while True:
        try:
            more = connection.recv(65536)
        except ConnectionResetError:
            return got
        if not more:
            return got
        got += more


def main():
    unittest.main(argv=[sys.argv[0]], verbosity=2 if "-v" in sys.argv else 0)
