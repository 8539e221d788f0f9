# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who gets in at plenum serve, and who does not. door.py PLENUM [sanitize]"""
import http.client
import os
import secrets
import shutil
import signal
import sqlite3
import ssl
import subprocess
import threading
import time
import unittest

from serving import LONG, SLOW, Client, Serving, main

ORIGIN = "http://localhost"


class Door(Serving):
    options = ("--rate", "0")

    def login(self, **fields):
        return self.client().post("/api/login", fields)

    def me(self, token):
        answer = self.client(token).get("/api/me")
        return answer.json()["person"]["id"] if answer.status == 200 else answer.code()

    def notes(self, *kinds):
        with sqlite3.connect(self.file) as db:
            return [row for row in db.execute("SELECT kind, key, value, person, until FROM note")
                    if row[0] in kinds]

    def move_notes(self, kind, until):
        with sqlite3.connect(self.file) as db:
            db.execute("UPDATE note SET until = ? WHERE kind = ?", (until, kind))


class Invitations(Door):
    def test_an_invitation_lets_in_one_person_once(self):
        code = self.invite("2")[2]
        answer = self.login(code=code)
        self.assertEqual((answer.status, answer.json()["person"]), (200, 2))
        self.assertEqual(self.me(answer.json()["token"]), 2)
        again = self.login(code=code)
        self.assertEqual((again.status, again.code()), (401, "unauthorized"))

    def test_a_code_may_be_typed_as_people_type(self):
        code = self.invite("2")[2].lower().replace("0", "o").replace("1", "l")
        typed = " ".join(code[i:i + 4] for i in range(0, 32, 4)).replace(" ", "-", 2)
        self.assertEqual(self.login(code=typed).status, 200)

    def test_of_many_who_come_with_one_code_at_once_one_gets_in(self):
        code, got = self.invite("2")[2], []

        def come():
            client = Client(self.port)
            got.append(client.post("/api/login", {"code": code}).status)
            client.close()
        comers = [threading.Thread(target=come) for _ in range(16)]
        for c in comers:
            c.start()
        for c in comers:
            c.join()
        self.assertEqual(sorted(got), [200] + [401] * 15)

    def test_an_invitation_whose_time_is_over_lets_nobody_in(self):
        code = self.invite("2")[2]
        self.move_notes("invitation", 1000)
        self.assertEqual(self.login(code=code).status, 401)

    def test_codes_that_nobody_drew_let_nobody_in(self):
        good = self.invite("2")[2]
        letters, client = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", self.client()
        forged = ["", "0", good[:-1], good + "0", good[::-1], "U" * 32, "%" * 32, "0" * 32, "' OR 1=1 --"]
        forged += [good[:i] + letters[(letters.index(good[i]) + 1) % 32] + good[i + 1:] for i in range(32)]
        forged += ["".join(secrets.choice(letters) for _ in range(32))
                   for _ in range(20000 if LONG else 100 if SLOW else 500)]
        for code in forged:
            self.assertIn(client.post("/api/login", {"code": code}).status, (400, 401), code)
        self.assertEqual(self.login(code=good).status, 200)

    def test_a_facilitator_or_an_administrator_invites_who_was_never_in(self):
        for who, status in ((1, 201), (6, 201), (2, 403)):
            answer = self.member(who).post("/api/people/9/invitation")
            self.assertEqual(answer.status, status, answer.body)
        made = self.member(1).post("/api/people/9/invitation").json()
        self.assertEqual(made["link"], f"http://127.0.0.1:{self.port}/j/{made['code']}")
        self.assertRegex(made["qr"]["path"], r"^(M\d+ \d+h\d+v1h-\d+z)+$")
        self.assertIn(made["qr"]["side"] - 8, range(21, 178, 4))
        self.assertEqual(self.login(code=made["code"]).json()["person"], 9)

    def test_nobody_is_invited_who_is_not_there(self):
        member = self.member(1)
        for path in ("/api/people/99/invitation", "/api/people/0/invitation",
                     "/api/people/x/invitation", "/api/people/1e3/invitation",
                     "/api/people/99999999999999999999/invitation"):
            self.assertEqual(member.post(path).code(), "not_found", path)

    def test_a_lost_login_needs_two_facilitators(self):
        old = self.member(2)
        first, second, other = self.member(1), self.member(5), self.member(6)
        self.assertEqual(first.post("/api/people/2/invitation?first=1").code(), "conflict")
        self.assertEqual(other.post("/api/people/2/invitation").code(), "denied")
        for _ in range(2):  # one of them, twice, is one
            answer = first.post("/api/people/2/invitation")
            self.assertEqual((answer.status, answer.json()), (202, {"asked": 1, "needed": 2}))
        made = second.post("/api/people/2/invitation")
        self.assertEqual(made.status, 201)
        self.assertEqual(old.get("/api/me").status, 200)
        self.assertEqual(self.login(code=made.json()["code"]).json()["person"], 2)
        self.assertEqual(old.get("/api/me").status, 401)

    def test_two_who_ask_more_than_a_day_apart_are_not_two(self):
        self.member(2)
        self.member(1).post("/api/people/2/invitation")
        self.move_notes("lost", 1000)
        self.assertEqual(self.member(5).post("/api/people/2/invitation").status, 202)

    def test_nobody_makes_an_invitation_for_themselves(self):
        self.assertEqual(self.member(1).post("/api/people/1/invitation").code(), "denied")

    def test_the_command_line_invites_those_who_were_never_in(self):
        self.token(3)
        codes = self.invite("all")
        self.assertEqual(sorted(codes), [1, 2] + list(range(4, 13)))
        sheet = os.path.join(self.made, "sheet.html")
        self.assertEqual(self.run_plenum("invite", self.file, "4,7-8", "--quiet", "--sheet", sheet).returncode, 0)
        with open(sheet, encoding="utf-8") as page:
            self.assertEqual(page.read().count("<svg"), 3)
        self.assertEqual(os.stat(sheet).st_mode & 0o777, 0o600)
        for words in (("0x1",), ("1-",), ("-1",), ("1,,2",), ("1", "--url", "ftp://x"), ("77",),
                      ("1", "--csv", sheet)):
            refused = self.run_plenum("invite", self.file, *words)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), words)


class Sessions(Door):
    def test_nothing_secret_is_kept_as_it_is(self):
        code = self.invite("2")[2]
        token = self.login(code=code).json()["token"]
        member = self.client(token)
        self.assertEqual(member.ask("PUT", "/api/password", {"password": "correct horse"}).status, 200)
        codes = member.post("/api/recovery").json()["codes"]
        with open(self.file, "rb") as record, open(self.file + "-wal", "rb") as log:
            kept = record.read() + log.read()
        for secret in (code, token, "correct horse", *codes):
            self.assertNotIn(secret.encode(), kept)
        self.assertIn(b"$argon2id$", kept)

    def test_tokens_that_nobody_drew_are_nobody_s(self):
        good = self.token(2)
        client = Client(self.port)
        self.addCleanup(client.close)
        forged = ["", "x", good[:-1], good + "0", good.upper(), " " + good, good[::-1], "0" * 64, "f" * 64]
        forged += [good[:i] + "0123456789abcdef"["0123456789abcdef".index(good[i]) ^ 1] + good[i + 1:]
                   for i in range(64)]
        forged += [row[1] for row in self.notes("session")]  # its hash is not the token
        forged += [secrets.token_hex(32) for _ in range(80000 if LONG else 300 if SLOW else 2000)]
        for token in forged:
            answer = client.get("/api/needs", Authorization="Bearer " + token)
            self.assertEqual(answer.status, 401, token)
        for header in (good, "Basic " + good, "Bearer", "Bearer" + good, f"Bearer {good}, Bearer {good}"):
            self.assertEqual(client.get("/api/needs", Authorization=header).status, 401, header)
        self.assertEqual(self.me(good), 2)

    def test_a_session_that_was_ended_stays_ended(self):
        token = self.token(2)
        client = self.client(token)
        self.assertEqual(client.post("/api/logout").status, 200)
        for _ in range(3):
            self.assertEqual(self.me(token), "unauthorized")
        self.assertEqual(client.post("/api/logout").status, 401)

    def test_a_session_whose_time_is_over_is_nobody_s(self):
        token = self.token(2)
        self.move_notes("session", 1000)
        self.assertEqual(self.me(token), "unauthorized")

    def test_one_lists_and_ends_one_s_own_sessions_alone(self):
        mine, other = self.member(2), self.member(3)
        made = mine.post("/api/tokens", {"name": "a <b>script</b>"}).json()["token"]
        listed = mine.get("/api/sessions").json()["sessions"]
        self.assertEqual(sorted((s["token"], s["this"], s["name"]) for s in listed),
                         [(False, True, ""), (True, False, "a <b>script</b>")])
        program = next(s["id"] for s in listed if s["token"])
        self.assertEqual(other.ask("DELETE", "/api/sessions/" + program).code(), "not_found")
        self.assertEqual(self.me(made), 2)
        self.assertEqual(mine.ask("DELETE", "/api/sessions/" + program).status, 200)
        self.assertEqual(self.me(made), "unauthorized")
        for wrong in ("0", "%", "z" * 16, program, "0" * 15, "0" * 64):
            self.assertEqual(mine.ask("DELETE", "/api/sessions/" + wrong).code(), "not_found")
        self.assertEqual(mine.get("/api/me").status, 200)

    def test_sessions_outlive_the_server(self):
        token = self.token(2)
        self.stop()
        self.serve(*self.options)
        self.assertEqual(self.me(token), 2)

    def test_who_was_erased_is_out(self):
        token = self.token(9)
        member = self.client(token)
        self.assertEqual(member.ask("DELETE", "/api/people/9").status, 200)
        self.assertEqual(self.me(token), "unauthorized")
        self.assertEqual([n for n in self.notes("session", "login") if n[3] == 9], [])
        self.assertEqual(self.run_plenum("invite", self.file, "9").returncode, 2)

    def test_one_person_s_token_says_nothing_for_another(self):
        member = self.member(9)
        answer = member.post("/api/seasons/1/proposals",
                             {"council": 3, "version": 1, "lines": [{"good": 1, "role": "wants", "quantity": 1}]})
        self.assertEqual((answer.status, answer.code()), (403, "denied"))


class Passwords(Door):
    def test_a_password_lets_in_whose_it_is(self):
        member = self.member(2)
        self.assertEqual(member.ask("PUT", "/api/password", {"password": "too short"}).code(), "bad_request")
        self.assertEqual(member.ask("PUT", "/api/password", {"password": "correct horse"}).status, 200)
        self.assertEqual(self.login(person=2, password="correct horse").json()["person"], 2)
        told = {(a.status, a.body) for a in
                (self.login(person=2, password="wrong horse"), self.login(person=3, password="correct horse"),
                 self.login(person=77, password="correct horse"), self.login(person=2, password=""))}
        self.assertEqual(len(told), 1)
        self.assertEqual(told.pop()[0], 401)

    def test_a_new_password_needs_the_old_one(self):
        member = self.member(2)
        member.ask("PUT", "/api/password", {"password": "correct horse"})
        self.assertEqual(member.ask("PUT", "/api/password", {"password": "another horse"}).code(), "denied")
        self.assertEqual(member.ask("PUT", "/api/password",
                                    {"password": "another horse", "old": "correct horse"}).status, 200)
        self.assertEqual(self.login(person=2, password="correct horse").status, 401)
        self.assertEqual(self.login(person=2, password="another horse").status, 200)

    def test_recovery_codes_let_in_once_each_and_new_ones_end_the_old(self):
        member = self.member(2)
        old = member.post("/api/recovery").json()["codes"]
        self.assertEqual(len(set(old)), 8)
        self.assertEqual(self.login(code=old[0]).json()["person"], 2)
        self.assertEqual(self.login(code=old[0]).status, 401)
        new = member.post("/api/recovery").json()["codes"]
        self.assertEqual(self.login(code=old[1]).status, 401)
        self.assertEqual(self.login(code=new[1]).json()["person"], 2)


class Tries(Door):
    def until_too_many(self, ask):
        """Ask until it is too often. @return the answers"""
        got = []
        while not got or (got[-1].status != 429 and len(got) < 500):
            got.append(ask())
        self.assertEqual(got[-1].code(), "too_many")
        self.assertGreaterEqual(int(got[-1].headers["Retry-After"]), 1)
        return [a.status for a in got]


class Limits(Tries):
    options = ()

    def test_passwords_of_a_person_cannot_be_tried_often(self):
        got = self.until_too_many(lambda: self.login(person=2, password="a guess of mine"))
        self.assertGreaterEqual(len(got), 7)
        self.assertLess(len(got), 20)
        self.assertEqual(set(got[:-1]), {401})

    def test_codes_cannot_be_tried_often_from_one_address(self):
        client = self.client()
        got = self.until_too_many(lambda: client.post("/api/login", {"code": "0" * 32}))
        self.assertGreaterEqual(len(got), 60)
        self.assertEqual(set(got[:-1]), {401})


class Floods(Tries):
    options = ("--rate", "2")

    def test_who_floods_is_told_to_wait_and_others_are_not(self):
        flood, other = self.member(2), self.member(3)
        got = self.until_too_many(lambda: flood.get("/api/needs"))
        self.assertGreaterEqual(len(got), 11)
        self.assertEqual([other.get("/api/needs").status for _ in range(8)], [200] * 8)

    def test_who_goes_on_flooding_waits_and_does_not_keep_the_server_from_ending(self):
        token, told, ending = self.token(2), [], threading.Event()

        def flood():
            client = Client(self.port, token)
            try:
                while not ending.is_set():
                    told.append(client.get("/api/needs").status)
            except (http.client.HTTPException, OSError):
                pass
            client.close()
        floods = [threading.Thread(target=flood) for _ in range(8)]
        for f in floods:
            f.start()
        time.sleep(3)
        self.assertIn(429, told)
        self.assertLess(told.count(429), 8 * 4)  # each connection hears it once a second
        begun = time.monotonic()
        ending.set()
        self.assertEqual(self.stop(), 0)
        self.assertLess(time.monotonic() - begun, 20 if SLOW else 5)
        for f in floods:
            f.join()


class Pages(Door):
    def cookie(self, person):
        """Log in as a browser does."""
        answer = self.client().ask("POST", "/login", f"code={self.invite(str(person))[person]}",
                                   Content_Type="application/x-www-form-urlencoded",
                                   Origin=f"http://127.0.0.1:{self.port}")
        self.assertEqual((answer.status, answer.headers["Location"]), (303, "/"))
        return answer.headers["Set-Cookie"]

    def test_a_browser_logs_in_and_out_without_scripts(self):
        set_cookie = self.cookie(2)
        self.assertRegex(set_cookie, r"^plenum=[0-9a-f]{64}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict$")
        browser = self.client(Cookie="a=b; " + set_cookie.split(";")[0])
        self.assertIn(b"<bdi>person 2</bdi></a>, person 2 of this record", browser.get("/").body)
        here = f"http://127.0.0.1:{self.port}"
        self.assertEqual(browser.ask("POST", "/logout", "", Origin=here).status, 303)
        self.assertNotIn(b"You are", browser.get("/").body)

    def test_a_look_at_a_link_does_not_use_it_up(self):
        code = self.invite("2")[2]
        for _ in range(3):
            page = self.client().get("/j/" + code)
            self.assertIn(f'value="{code}"'.encode(), page.body)
        self.assertEqual(self.login(code=code).status, 200)

    def test_a_cookie_alone_changes_nothing(self):
        cookie = self.cookie(1).split(";")[0]
        here = f"http://127.0.0.1:{self.port}"
        height = self.height()
        strangers = ({}, {"Origin": "http://elsewhere"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1"},
                     {"Origin": f"https://127.0.0.1:{self.port}"}, {"Origin": here + ".elsewhere"},
                     {"Origin": here, "Sec-Fetch-Site": "cross-site"},
                     {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "cross-site"},
                     {"Origin": here, "Sec-Fetch-Site": "same-site"}, {"Referer": here + "/"})
        for headers in strangers:
            answer = self.client(Cookie=cookie, **headers).post("/api/people", {"name": "Z"})
            self.assertEqual((answer.status, answer.code()), (403, "denied"), headers)
            self.assertEqual(self.client(Cookie=cookie, **headers).ask("POST", "/logout", "").status, 403)
        self.assertEqual(self.height(), height)
        for headers in ({"Origin": here}, {"Sec-Fetch-Site": "same-origin"},
                        {"Origin": here, "Sec-Fetch-Site": "same-origin"}):
            answer = self.client(Cookie=cookie, **headers).post("/api/people", {"name": "Z"})
            self.assertEqual(answer.status, 200, answer.body)

    def test_a_form_is_no_json(self):
        cookie = self.cookie(1).split(";")[0]
        here = f"http://127.0.0.1:{self.port}"
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"):
            answer = self.client(Cookie=cookie, Origin=here).ask("POST", "/api/people", b'{"name":"Z"}', Content_Type=kind)
            self.assertEqual((answer.status, answer.code()), (415, "media"), kind)

    def test_nobody_is_logged_in_by_a_stranger_s_page(self):
        code = self.invite("2")[2]
        for headers in ({}, {"Origin": "http://elsewhere"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = self.client(**headers).ask("POST", "/login", f"code={code}")
            self.assertEqual(answer.status, 403, headers)
            answer = self.client(**headers).post("/api/login", {"code": code, "cookie": True})
            self.assertEqual(answer.status, 403, headers)
        self.assertEqual(self.login(code=code).status, 200)

    def test_no_answer_may_be_read_by_another_site(self):
        client = self.client(Origin="http://elsewhere", Access_Control_Request_Method="POST")
        for method, path in (("OPTIONS", "/api/people"), ("GET", "/healthz"), ("GET", "/"), ("POST", "/api/login"),
                             ("GET", "/nowhere"), ("GET", "/api/openapi.json")):
            answer = client.ask(method, path)
            self.assertEqual([h for h in answer.headers if h.lower().startswith("access-control")], [])
            self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
            self.assertIn("frame-ancestors 'none'", answer.headers["Content-Security-Policy"])
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(answer.headers["Cross-Origin-Resource-Policy"], "same-origin")
            self.assertEqual(answer.headers["Cross-Origin-Opener-Policy"], "same-origin")

    def test_a_name_that_was_made_to_mean_this_computer_is_not_served(self):
        for host, status in (("localhost", 200), ("127.0.0.1:1", 200), ("[::1]:80", 200), ("elsewhere", 421),
                             ("localhost.elsewhere", 421), ("127.0.0.1.elsewhere:80", 421)):
            self.assertEqual(self.client(Host=host).get("/healthz").status, status, host)

    def test_what_people_type_stays_text(self):
        payload = "<script>alert(1)</script>\"'&"
        self.assertEqual(self.member(1).ask("PUT", "/api/people/1", {"name": payload}).status, 200)
        browser = self.client(Cookie=self.cookie(1).split(";")[0])
        for page in (browser.get("/"), browser.get("/j/" + "%22%3E%3Cscript%3E"), browser.get("/login?code=<script>")):
            self.assertNotIn(b"<script", page.body)
        self.assertIn(b"&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;", browser.get("/").body)


class Proxy(Door):
    options = ("--public", "--behind-proxy", "--base", "/plenum")

    def test_a_proxy_is_believed_and_its_cookies_are_for_tls_alone(self):
        code = self.invite("2")[2]
        answer = self.client(Host="plan.example.org", X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https",
                             Origin="https://plan.example.org").ask("POST", "/plenum/login", f"code={code}")
        self.assertEqual((answer.status, answer.headers["Location"]), (303, "/plenum/"))
        self.assertRegex(answer.headers["Set-Cookie"], "Path=/plenum/; .*; Secure$")
        self.assertEqual(self.client().get("/healthz").code(), "not_found")
        self.assertEqual(self.client().get("/plenum/healthz").status, 200)

    def test_a_browser_that_does_not_trust_the_connection_is_not_told_what_it_would_complain_of(self):
        for host, scheme, told in (("plan.example.org", "https", "same-origin"), ("plan.example.org", "http", None),
                                   ("192.168.1.2:8000", None, None), ("localhost:8000", None, "same-origin")):
            headers = {"Host": host, **({"X_Forwarded_Proto": scheme} if scheme else {})}
            answer = self.client(**headers).get("/plenum/login")
            self.assertEqual(answer.headers.get("Cross-Origin-Opener-Policy"), told, headers)

    def test_limits_are_for_whom_the_proxy_asks(self):
        def told(address):
            client = self.client(X_Forwarded_For="198.51.100.1, " + address)
            return client.post("/plenum/api/login", {"code": "0" * 32}).status
        self.assertIn(429, (told("203.0.113.1") for _ in range(250)))
        self.assertEqual(told("203.0.113.2"), 401)

    def test_counters_are_not_for_everybody(self):
        self.assertEqual(self.client().get("/plenum/metrics").status, 200)
        self.assertEqual(self.client(X_Forwarded_For="127.0.0.1").get("/plenum/metrics").status, 404)


class Reach(Door):
    def test_options_that_would_be_unsafe_are_refused(self):
        for words in (("--public",), ("--lan", "--public"), ("--lan", "--behind-proxy"), ("--tls-cert", self.file),
                      ("--proxy", "elsewhere"), ("--base", "plenum"), ("--base", "/a/"), ("--base", "/a b"),
                      ("--public", "--tls-cert", self.file, "--tls-key", self.file)):
            done = self.run_plenum("serve", self.file, "--port", "0", *words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertTrue(done.stderr.startswith("plenum serve: "), done.stderr)

    def test_a_forged_address_is_believed_of_nobody_without_a_proxy(self):
        self.stop()
        self.serve()
        self.assertIn(429, (self.client(X_Forwarded_For=f"203.0.113.{i}").post("/api/login", {"code": "0" * 32}).status
                            for i in range(250)))

    def test_a_server_for_the_network_says_that_nothing_is_encrypted(self):
        self.stop()
        self.serve("--lan")
        self.assertEqual(self.client().get("/healthz").status, 200)
        self.server.send_signal(signal.SIGTERM)
        _, told = self.server.communicate(timeout=60)
        self.assertEqual(self.server.returncode, 0)
        self.assertIn("not encrypted", told)
        self.server = None

    @unittest.skipUnless(shutil.which("openssl"), "openssl makes the certificate")
    def test_a_public_server_speaks_tls(self):
        paths = [os.path.join(self.made, name) for name in ("cert.pem", "key.pem")]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2",
                        "-out", paths[0], "-keyout", paths[1]], check=True, capture_output=True)
        code = self.invite("2")[2]
        self.stop()
        self.serve("--public", "--tls-cert", paths[0], "--tls-key", paths[1])
        trusted = ssl.create_default_context(cafile=paths[0])
        https = http.client.HTTPSConnection("localhost", self.port, context=trusted, timeout=60)
        https.request("POST", "/login", f"code={code}", {"Origin": f"https://localhost:{self.port}"})
        answer = https.getresponse()
        self.assertEqual((answer.status, answer.headers["Set-Cookie"].endswith("; Secure")), (303, True))
        https.close()
        try:  # without TLS there is no answer
            self.client().get("/healthz")
            self.fail("it answered in the open")
        except (OSError, http.client.HTTPException):
            pass

    def test_a_file_that_is_no_record_is_not_served(self):
        empty = os.path.join(self.made, "none.plenum")
        done = self.run_plenum("serve", empty, "--port", "0")
        self.assertEqual((done.returncode, os.path.exists(empty)), (2, False), done.stderr)


if __name__ == "__main__":
    main()
