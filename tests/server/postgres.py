# SPDX-License-Identifier: AGPL-3.0-or-later
"""plenum serve on PostgreSQL: what is different there. postgres.py PLENUM, run by with-postgres."""
import os
import subprocess
import threading
import unittest

from serving import Client, Serving, main

ADDRESS = os.environ["PLENUM_POSTGRES"]


def sql(text):
    done = subprocess.run(["psql", "-X", "-A", "-t", "-d", ADDRESS.removeprefix("postgres:"), "-c", text],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Postgres(Serving):
    options = ("--rate", "0")
    address_of_record = ADDRESS

    def setUp(self):
        sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        super().setUp()

    def test_many_at_once_are_each_done_once_and_the_record_is_intact(self):
        tokens, got = [self.token(i) for i in (1, 5, 6)], []

        def ask(token):
            client = Client(self.port, token)
            got.extend(client.post("/api/people", {"name": "Z"}).json()["height"] for _ in range(20))
            client.close()
        askers = [threading.Thread(target=ask, args=(token,)) for token in tokens]
        for a in askers:
            a.start()
        for a in askers:
            a.join()
        self.assertEqual(len(set(got)), 60)
        self.assertEqual(self.height(), max(got))
        self.verify()

    def test_codes_and_sessions_are_kept_there(self):
        code = self.invite("2")[2]
        client = self.client()
        token = client.post("/api/login", {"code": code}).json()["token"]
        self.assertEqual(client.post("/api/login", {"code": code}).status, 401)
        self.stop()
        self.serve(*self.options)
        self.assertEqual(self.client(token).get("/api/me").json()["person"]["id"], 2)
        self.assertNotIn(token, sql("SELECT key, value FROM note"))

    def test_a_connection_that_was_cut_is_made_anew(self):
        member = self.member(1)
        self.assertEqual(member.post("/api/people", {}).status, 200)
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'plenum' AND pid <> pg_backend_pid() AND backend_type = 'client backend'")
        seen = []
        for _ in range(20):
            seen.append(member.post("/api/people", {}).status)
            if seen[-1] == 200:
                break
        self.assertEqual((seen[-1], set(seen[:-1]) - {503}), (200, set()))
        self.assertEqual(member.get("/api/seasons").status, 200)
        self.verify()


if __name__ == "__main__":
    main()
