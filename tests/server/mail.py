# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail by a small mail server: what arrives, to the byte; a server that is down, refuses, or does not encrypt.
mail.py PLENUM [sanitize]"""
import email
import email.policy
import json
import os
import re
import shutil
import socket
import socketserver
import sqlite3
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from serving import PLENUM, Serving, main

FROM = "plenum@example.org"


class Session(socketserver.StreamRequestHandler):
    """One client of the mail server (RFC 5321)."""
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()

    def finish(self):
        try:
            super().finish()
        finally:
            self.connection.close()

    def handle(self):
        post, self.encrypted, to = self.server, False, []
        post.seen.append("connected")
        self.say("220 small")
        while True:
            line = self.rfile.readline()
            if not line:
                return
            post.seen.append(line.decode("latin-1").rstrip("\r\n"))
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"EHLO":
                self.say("250-small" + ("\r\n250-STARTTLS" if post.tls and not self.encrypted else "") + "\r\n250 8BITMIME")
            elif verb == b"STARTTLS":
                self.say("220 go on")
                try:
                    self.connection = post.tls.wrap_socket(self.connection, server_side=True)
                except (ssl.SSLError, OSError):
                    return
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
                self.encrypted = True
            elif verb == b"RCPT":
                to.append(line)
                self.say(post.answers.get(line.split(b"<")[1].split(b">")[0].decode(), "250 fine"))
            elif verb == b"DATA":
                self.say("354 send it")
                got = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    got.append(line)
                self.say("250 taken")
                with post.lock:
                    post.taken.append((to, b"".join(got), self.encrypted))
                to = []
            elif verb == b"QUIT":
                self.say("221 good bye")
                return
            else:
                self.say("250 fine")


class Post(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, port=0, tls=None):
        super().__init__(("127.0.0.1", port), Session)
        self.taken, self.seen, self.answers, self.tls, self.lock = [], [], {}, tls, threading.Lock()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def close(self):
        self.shutdown()
        self.server_close()


def soon(what, seconds=30):
    """Wait until something is so. @return it"""
    end = time.time() + seconds
    while time.time() < end:
        got = what()
        if got:
            return got
        time.sleep(0.05)
    raise AssertionError("it did not come")


class Mail(Serving):
    def setUp(self):
        self.post = Post()
        self.addCleanup(lambda: self.post.close())
        self.options = ("--rate", "0", "--smtp", f"smtp://127.0.0.1:{self.post.port}", "--mail-from", FROM,
                        "--url", "https://plan.example.org/p")
        super().setUp()
        self.ada = self.member(1)

    def contact(self, person, contact):
        answer = self.member(person).ask("PUT", f"/api/people/{person}", {"name": f"person {person}", "contact": contact})
        self.assertEqual(answer.status, 200)

    def added(self, contact):
        return self.ada.post("/api/people", {"name": "N, Bcc: eve@example.org", "contact": contact}).json()["answer"]["person"]

    def waiting(self, kind="mail"):
        with sqlite3.connect(self.file) as db:
            return db.execute("SELECT person, value FROM note WHERE kind = ?", (kind,)).fetchall()

    def text(self, mail):
        return email.message_from_bytes(mail, policy=email.policy.default)

    def said(self, mail):
        text = self.text(mail).get_content()
        self.assertEqual(text.count("\n"), text.count("\r\n"))
        return text.replace("\r\n", "\n")


class Invitations(Mail):
    def test_an_invitation_arrives_to_the_byte(self):
        person = self.added("ada.l@example.org")
        answer = self.ada.post(f"/api/people/{person}/invitation/mail")
        self.assertEqual((answer.status, answer.json()), (202, {"person": person, "mail": True}))
        (to, mail, _), = soon(lambda: self.post.taken)
        self.assertEqual(to, [b"RCPT TO:<ada.l@example.org>\r\n"])
        self.assertRegex(mail, re.compile(
            rb"\AFrom: <plenum@example\.org>\r\nTo: <ada\.l@example\.org>\r\n"
            rb"Subject: =\?UTF-8\?B\?WW91ciBpbnZpdGF0aW9uOiB0aGUgdmFsbGV5\?=\r\n"
            rb"Date: \w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d \+0000\r\nMessage-ID: <[0-9a-f]{32}@example\.org>\r\n"
            rb"MIME-Version: 1\.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            rb"Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n(?:[0-9A-Za-z+/=]{4,76}\r\n)+\Z"))
        self.assertEqual(self.text(mail)["Subject"], "Your invitation: the valley")
        code = re.search(r"^  https://plan\.example\.org/p/j/([0-9A-Z]{32})$", self.said(mail), re.M)[1]
        self.assertEqual(self.client().post("/api/login", {"code": code}).json()["person"], person)
        soon(lambda: not self.waiting())
        self.assertIn('plenum_mails_total{outcome="sent"} 1', self.client().get("/metrics").body.decode())

    def test_nothing_that_is_typed_becomes_a_header_or_a_command(self):
        for contact in ("a@b\r\nRCPT TO:<eve@example.org>", "a@b>\r\nDATA", "a@b\nBcc: eve@example.org"):
            self.assertEqual(self.ada.post("/api/people", {"contact": contact}).status, 400, contact)
        for contact in ("a@b, eve@example.org", "the blue door", "\"a\"@b", "<a@b>"):
            person = self.added(contact)
            answer = self.ada.post(f"/api/people/{person}/invitation/mail")
            self.assertEqual((answer.status, answer.code()), (400, "bad_request"), contact)
        self.stop()
        bold = "T\r\nBcc: eve@example.org\r\n\r\n.\r\nQUIT"
        with sqlite3.connect(self.file) as db:  # nobody can put that there; the mail is safe all the same
            db.execute("UPDATE person SET contact = 'x@example.org', name = ? WHERE id = 9", (bold,))
        self.serve(*self.options)
        self.member(1).post("/api/people/9/invitation/mail")
        (to, mail, _), = soon(lambda: self.post.taken)
        self.assertEqual(to, [b"RCPT TO:<x@example.org>\r\n"])
        self.assertEqual(len(self.text(mail).items()), 9)
        self.assertNotIn("eve", " ".join(self.post.seen))

    def test_who_may_not_invite_may_not_by_mail(self):
        person = self.added("a@example.org")
        answer = self.member(2).post(f"/api/people/{person}/invitation/mail")
        self.assertEqual((answer.status, answer.code(), self.waiting()), (403, "denied", []))
        # a login that was lost takes two facilitators
        self.token(9)
        self.contact(9, "nine@example.org")
        other = self.member(5)
        self.assertEqual(self.ada.post("/api/people/9/invitation/mail").json(), {"asked": 1, "needed": 2})
        self.assertEqual((self.waiting(), self.post.taken), ([], []))
        self.assertEqual(other.post("/api/people/9/invitation/mail").json(), {"person": 9, "mail": True})
        soon(lambda: self.post.taken)

    def test_the_command_line_lets_the_server_send(self):
        self.added("a@example.org")
        self.added("b@example.org")
        person = self.added("the blue door")
        done = self.run_plenum("invite", self.file, f"13-{person}", "--mail")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([line.split("  ")[-1] for line in done.stdout.splitlines() if "mail" in line], ["(by mail)"] * 2)
        self.assertEqual(done.stdout.count("/j/"), 1)
        soon(lambda: len(self.post.taken) == 2)


class Trouble(Mail):
    def end(self):
        """End the server. @return what it told"""
        self.server.terminate()
        _, told = self.server.communicate(timeout=60)
        self.assertEqual(self.server.returncode, 0)
        self.server = None
        return told

    def test_a_server_that_is_down_holds_nobody_up_and_gets_the_mail_later(self):
        port = self.post.port
        self.post.close()
        person = self.added("a@example.org")
        begun = time.time()
        self.assertEqual(self.ada.post(f"/api/people/{person}/invitation/mail").status, 202)
        for _ in range(20):
            self.assertEqual(self.ada.post("/api/people", {}).status, 200)
        self.assertLess(time.time() - begun, 20)
        waits = soon(lambda: [json.loads(v) for p, v in self.waiting() if json.loads(v)["tries"] > 0])
        self.assertGreater(waits[0]["next"], time.time() - 5)
        with sqlite3.connect(self.file) as db:  # no code waits that reached nobody
            self.assertEqual(db.execute("SELECT count(*) FROM note WHERE kind = 'invitation' AND person = ?",
                                        (person,)).fetchone(), (0,))
        told = self.end()  # the mail outlives the server
        self.assertRegex(told, r"\Aplenum serve: mail: smtp://127\.0\.0\.1:\d+: .*onnect.*\n\Z")
        self.post = Post(port)
        with sqlite3.connect(self.file) as db:
            db.execute("UPDATE note SET value = replace(value, '\"next\":', '\"next\":0,\"was\":') WHERE kind = 'mail'")
        self.serve(*self.options)
        (to, _, _), = soon(lambda: self.post.taken)
        self.assertEqual(to, [b"RCPT TO:<a@example.org>\r\n"])
        soon(lambda: not self.waiting())

    def test_an_address_that_is_refused_for_good_waits_no_more_and_holds_up_no_other(self):
        self.post.answers = {"no@example.org": "550 no such person", "later@example.org": "451 come back"}
        people = [self.added(c) for c in ("no@example.org", "later@example.org", "yes@example.org")]
        self.ada.post(f"/api/people/{people[0]}/invitation/mail")
        soon(lambda: not self.waiting())
        self.ada.post(f"/api/people/{people[1]}/invitation/mail")
        soon(lambda: [1 for _, v in self.waiting() if json.loads(v)["tries"] == 1])
        self.ada.post(f"/api/people/{people[2]}/invitation/mail")
        soon(lambda: self.post.taken)
        self.assertEqual([p for p, _ in self.waiting()], [people[1]])
        told = self.end().splitlines()
        self.assertEqual([("550" in t, "451" in t) for t in told], [(True, False), (False, True)])

    def test_a_server_that_never_answers_does_not_keep_the_program(self):
        self.stop()
        self.post.close()
        mute = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(mute.close)
        self.serve("--rate", "0", "--smtp", f"smtp://127.0.0.1:{mute.getsockname()[1]}", "--mail-from", FROM,
                   "--url", "https://plan.example.org")
        ada = self.member(1)
        person = ada.post("/api/people", {"contact": "a@example.org"}).json()["answer"]["person"]
        ada.post(f"/api/people/{person}/invitation/mail")
        self.addCleanup(mute.accept()[0].close)
        begun = time.time()
        self.assertEqual(ada.post("/api/people", {}).status, 200)
        self.end()
        self.assertLess(time.time() - begun, 15)
        self.post = Post()
        self.assertEqual(len(self.waiting()), 1)


class Digests(Mail):
    def test_what_needs_one_comes_once_a_day_in_one_mail(self):
        self.contact(4, "four@example.org")
        four = self.member(4)  # a delegate who has not proposed
        self.assertEqual(four.ask("PUT", "/api/digest", {"on": True}).status, 200)
        (to, mail, _), = soon(lambda: self.post.taken)
        self.assertEqual(to, [b"RCPT TO:<four@example.org>\r\n"])
        self.assertIn("- a council waits for your proposal\n", self.said(mail))
        soon(lambda: json.loads(self.waiting("digest")[0][1])["last"])
        self.vote("One")
        self.ada.post("/api/people", {"contact": "x@example.org"})
        self.ada.post("/api/people/13/invitation/mail")  # looks for digests too
        soon(lambda: len(self.post.taken) == 2)
        self.assertEqual(self.post.taken[1][0], [b"RCPT TO:<x@example.org>\r\n"])
        self.yesterday()
        (_, mail, _) = soon(lambda: self.post.taken[2:])[0]
        self.assertIn("a vote waits for your ballot, until ", self.said(mail))
        soon(lambda: json.loads(self.waiting("digest")[0][1])["last"] > time.time() - 3600)
        self.yesterday()  # nothing is new
        self.ada = self.member(1)
        self.assertEqual(self.ada.post("/api/people/13/invitation/mail").status, 202)
        soon(lambda: len(self.post.taken) == 4)
        time.sleep(0.5)
        self.assertEqual(len(self.post.taken), 4)

    def vote(self, title):
        self.ada.post("/api/votes", {"title": title, "ballots": "motion", "rule": "majority", "seats": 1, "secret": 1,
                                     "options": [{"code": "g"}]})

    def yesterday(self):
        self.stop()
        with sqlite3.connect(self.file) as db:
            value = json.loads(db.execute("SELECT value FROM note WHERE kind = 'digest'").fetchone()[0])
            value["last"] -= 90000
            db.execute("UPDATE note SET value = ? WHERE kind = 'digest'", (json.dumps(value),))
        self.serve(*self.options)

    def test_who_has_not_asked_or_ends_it_gets_none(self):
        for person in (3, 4):
            self.contact(person, f"p{person}@example.org")
        self.member(4).ask("PUT", "/api/digest", {"on": False})
        here = f"http://127.0.0.1:{self.port}"
        cookie = self.client().ask("POST", "/login", f"code={self.invite('3')[3]}", Origin=here).headers["Set-Cookie"]
        browser = self.client(Cookie=cookie.split(";")[0], Origin=here)
        self.assertIn(b"Send me mail", browser.get("/you").body)
        self.assertEqual(browser.ask("POST", "/you/digest", "on=yes").status, 303)
        (to, _, _), = soon(lambda: self.post.taken)
        self.assertEqual(to, [b"RCPT TO:<p3@example.org>\r\n"])
        self.assertEqual(browser.ask("POST", "/you/digest", "on=no").status, 303)
        self.assertEqual(self.waiting("digest"), [])
        five = self.member(5)
        self.assertEqual(five.ask("PUT", "/api/digest", {"on": True}).code(), "bad_request")  # no address


class Encryption(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if shutil.which("openssl") is None:
            raise unittest.SkipTest("openssl makes the certificate")
        cls.made = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.made)
        cls.cert, key = (os.path.join(cls.made, n) for n in ("cert.pem", "key.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2",
                        "-out", cls.cert, "-keyout", key], check=True, capture_output=True)
        cls.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cls.tls.load_cert_chain(cls.cert, key)

    def attempt(self, post, *more, to="ada@example.org", **environment):
        self.addCleanup(post.close)
        done = subprocess.run([PLENUM, "serve", "none.plenum", "--smtp", f"smtp://localhost:{post.port}", "--mail-from",
                               FROM, "--smtp-test", to, *more], capture_output=True, text=True, timeout=120,
                              env={**os.environ, **environment})
        self.assertFalse(os.path.exists("none.plenum"))
        return done

    def test_a_test_mail_says_what_came_of_it(self):
        post = Post()
        done = self.attempt(post)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, f"smtp://localhost:{post.port} took a mail to ada@example.org\n", ""))
        self.assertEqual(len(post.taken), 1)
        post = Post()
        post.answers = {"ada@example.org": "550 nobody"}
        done = self.attempt(post)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("550", done.stderr)
        for to in ("ada", "a@b\r\nX: y"):
            self.assertEqual(self.attempt(Post(), to=to).returncode, 2)

    def test_a_mail_goes_out_encrypted_or_not_at_all(self):
        post = Post(tls=self.tls)
        done = self.attempt(post, "--smtp-ca", self.cert)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(done.stdout.endswith(", encrypted on the way there\n"))
        self.assertEqual([t[2] for t in post.taken], [True])
        # who offers no encryption, or shows a certificate that nobody vouches for, gets nothing
        other = os.path.join(self.made, "other.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=other", "-out", other, "-keyout", other + ".key"], check=True, capture_output=True)
        for post, authorities in ((Post(), self.cert), (Post(tls=self.tls), other)):
            done = self.attempt(post, "--smtp-ca", authorities, PLENUM_SMTP_USER="me", PLENUM_SMTP_PASSWORD="secret")
            self.assertEqual((done.returncode, done.stdout, post.taken), (2, "", []))
            self.assertFalse([s for s in post.seen if s.upper().startswith(("MAIL", "AUTH"))])

    def test_options_that_are_not_whole_are_refused(self):
        for words in (("--smtp", "http://x", "--mail-from", FROM), ("--smtp", "smtp://", "--mail-from", FROM),
                      ("--smtp", "smtp://me:secret@x", "--mail-from", FROM), ("--smtp", "smtp://x"),
                      ("--smtp", "smtp://x", "--mail-from", "me")):
            done = subprocess.run([PLENUM, "serve", "none.plenum", "--smtp-test", "a@b", *words],
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertNotIn("secret", done.stderr)


class Without(Serving):
    def test_a_server_without_mail_says_so(self):
        ada = self.member(1)
        self.assertEqual(ada.post("/api/people/9/invitation/mail").code(), "not_found")
        self.assertEqual(ada.ask("PUT", "/api/digest", {"on": True}).code(), "not_found")
        self.assertEqual(ada.ask("PUT", "/api/digest", {"on": False}).status, 200)
        self.assertNotIn(b"mails_total", self.client().get("/metrics").body)


if __name__ == "__main__":
    main()
