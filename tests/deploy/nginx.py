# SPDX-License-Identifier: AGPL-3.0-or-later
"""nginx with the lines that we ship, in front of a server below a path.
nginx.py PLENUM NGINX_CONF"""
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "server"))
from serving import Serving, main, read_all  # noqa: E402

CONF = sys.argv[2]
NGINX = os.environ.get("PLENUM_NGINX") or shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
if NGINX is None:
    print("skipped: no nginx here")
    sys.exit(77)

AROUND = """daemon off; master_process off; pid {made}/pid; error_log {made}/error.log;
events {{ worker_connections 256; }}
http {{
	client_body_temp_path {made}/body; proxy_temp_path {made}/proxy; fastcgi_temp_path {made}/f;
	uwsgi_temp_path {made}/u; scgi_temp_path {made}/s; access_log {made}/access.log;
	server {{ listen 127.0.0.1:{port};
{ours}
	}}
}}
"""


class Behind(Serving):
    options = ("--public", "--behind-proxy", "--base", "/plenum")

    def serve(self, *options):
        super().serve(*options)
        self.inner = self.port
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        with open(CONF, encoding="utf-8") as file:
            ours = file.read()
        self.assertIn("127.0.0.1:8765", ours)
        conf = os.path.join(self.made, "nginx.conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write(AROUND.format(made=self.made, port=self.port,
                                     ours=ours.replace("127.0.0.1:8765", f"127.0.0.1:{self.inner}")))
        with open(os.path.join(self.made, "told"), "w", encoding="utf-8") as told:
            self.front = subprocess.Popen([NGINX, "-p", self.made, "-c", conf, "-e", os.path.join(self.made, "error.log")],
                                          stdout=told, stderr=told)
        self.addCleanup(self.front.wait)
        self.addCleanup(self.front.terminate)
        for _ in range(200):
            try:
                self.socket().close()
                return
            except ConnectionRefusedError:
                time.sleep(0.02)
        with open(os.path.join(self.made, "told"), encoding="utf-8") as told:
            self.fail("nginx does not listen: " + told.read())

    def test_people_log_in_and_work_through_it(self):
        code = self.invite("1")[1]
        here = f"http://127.0.0.1:{self.port}"
        self.assertIn(b"/plenum/style.css", self.client().get("/plenum/").body)
        answer = self.client().ask("POST", "/plenum/login", f"code={code}", Origin=here)
        self.assertEqual((answer.status, answer.headers["Location"]), (303, "/plenum/"))
        browser = self.client(Cookie=answer.headers["Set-Cookie"].split(";")[0], Origin=here)
        self.assertEqual(browser.post("/plenum/api/people", {"name": "Z"}).status, 200)
        self.assertEqual(browser.ask("PUT", "/plenum/api/goods/a%2Fb", {"kind": "product", "step": "1", "price": "1"}).code(),
                         "denied")  # a round is open; the address came through as it was
        link = browser.post("/plenum/api/calendar").json()["link"]
        self.assertTrue(link.startswith(here + "/plenum/calendar/"))
        self.assertEqual(self.client().get(link[len(here):]).status, 200)
        self.assertEqual(self.client().get("/plenum/j/" + code).status, 200)
        with open(os.path.join(self.made, "access.log"), encoding="utf-8") as log:
            said = log.read()
        self.assertIn("/plenum/login", said)
        self.assertNotIn(code, said)
        self.assertNotIn(link.rsplit("/", 1)[1], said)

    def test_who_asks_is_known_by_the_address_that_nginx_saw(self):
        def tries(n, **headers):
            client = self.client(**headers)
            return [client.post("/plenum/api/login", {"code": "0" * 32}).status for _ in range(n)]
        got = [s for i in range(100) for s in tries(1, X_Forwarded_For=f"203.0.113.{i}")]
        self.assertIn(429, got)  # a forged address is nobody else's
        self.assertEqual(self.client().get("/plenum/metrics").status, 404)

    def test_news_come_at_once(self):
        inner = http.client.HTTPConnection("127.0.0.1", self.inner, timeout=60)
        code = self.invite("1")[1]
        inner.request("POST", "/plenum/api/login", json.dumps({"code": code}), {"Content-Type": "application/json"})
        token = json.loads(inner.getresponse().read())["token"]
        news = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        news.request("GET", "/plenum/api/events", headers={"Authorization": "Bearer " + token})
        answer = news.getresponse()
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/event-stream"))
        inner.request("POST", "/plenum/api/people", "{}", {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        height = json.loads(inner.getresponse().read())["height"]
        begun, got = time.time(), b""
        while f'"height": {height}'.encode() not in got and f'"height":{height}'.encode() not in got:
            got += answer.read1(1000)
        self.assertLess(time.time() - begun, 10)
        news.close()
        inner.close()

    def test_what_is_too_large_is_refused(self):
        raw = self.socket(b"POST /plenum/api/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2000000\r\n\r\n")
        self.assertIn(b" 413 ", read_all(raw).split(b"\r\n")[0])


if __name__ == "__main__":
    main()
