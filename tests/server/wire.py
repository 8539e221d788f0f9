# SPDX-License-Identifier: AGPL-3.0-or-later
"""What plenum serve does with bytes that are no proper request, come slowly, or are too many.
wire.py PLENUM [sanitize]; PLENUM_LONG=1 for more of them."""
import http.client
import json
import random
import time
import unittest

from serving import LONG, SLOW, Serving, main, read_all

HOST = b"Host: localhost\r\n"
JSON = b"Content-Type: application/json\r\n"
HIDDEN = b"GET /api/openapi.json HTTP/1.1\r\n" + HOST + b"\r\n"
LAST = b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
POST = b"POST /api/login HTTP/1.1\r\n"


def chunked(size, data=b"{}", after=b"\r\n", head=b"Transfer-Encoding: chunked\r\n"):
    return POST + HOST + JSON + head + b"\r\n" + size + b"\r\n" + data + after


# Ends that two programs could see in different places; in each of them another request hides.
# All are refused, and the connection ends.
AMBIGUOUS = {
    "length and coding": POST + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "coding and length": POST + HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "coding in capitals and length":
        POST + HOST + b"TRANSFER-ENCODING: CHUNKED\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": POST + HOST + b"Content-Length: 2\r\nContent-Length: 70\r\n\r\n{}",
    "two lengths that agree": POST + HOST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "a list of lengths": POST + HOST + b"Content-Length: 2, 70\r\n\r\n{}",
    "a length with a sign": POST + HOST + b"Content-Length: +2\r\n\r\n{}",
    "a negative length": POST + HOST + b"Content-Length: -2\r\n\r\n{}",
    "a length in hexadecimal": POST + HOST + b"Content-Length: 0x2\r\n\r\n{}",
    "a length with a space in it": POST + HOST + b"Content-Length: 2 0\r\n\r\n{}",
    "an empty length": POST + HOST + b"Content-Length:\r\n\r\n",
    "a length past 64 bits": POST + HOST + b"Content-Length: 18446744073709551618\r\n\r\n{}",
    "two codings": chunked(b"0", b"", b"\r\n", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
    "a list of codings": chunked(b"0", b"", b"\r\n", b"Transfer-Encoding: gzip, chunked\r\n"),
    "an unknown coding": chunked(b"0", b"", b"\r\n", b"Transfer-Encoding: xchunked\r\n"),
    "a coding in quotes": chunked(b"0", b"", b"\r\n", b"Transfer-Encoding: \"chunked\"\r\n"),
    "a coding behind a control character": chunked(b"0", b"", b"\r\n", b"Transfer-Encoding:\x0bchunked\r\n"),
    "a coding in HTTP/1.0": b"POST /api/login HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length behind a lone return": POST + HOST + b"X: a\rContent-Length: 70\r\n\r\n",
    "a coding behind a lone return": POST + HOST + b"X: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": POST + HOST + b"Content-Length : 70\r\n\r\n",
    "a tab before the colon": POST + HOST + b"Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
    "a length on a folded line": POST + HOST + b"X: a\r\n Content-Length: 70\r\n\r\n",
    "a coding that is folded": POST + HOST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "a first header that is folded": POST + b" Content-Length: 70\r\n" + HOST + b"\r\n",
    "a coding with a comma": chunked(b"0", b"", b"\r\n", b"Transfer-Encoding: chunked,\r\n"),
    "a coding twice": chunked(b"0", b"", b"\r\n", b"Transfer-Encoding: chunked, chunked\r\n"),
    "a coding with a parameter": chunked(b"0", b"", b"\r\n", b"Transfer-Encoding: chunked;q=1\r\n"),
    "a length with a fraction": POST + HOST + b"Content-Length: 2.0\r\n\r\n{}",
    "a length in words": POST + HOST + b"Content-Length: two\r\n\r\n{}",
    "a length with another script's digits": POST + HOST + "Content-Length: \u0662\r\n\r\n{}".encode(),
    "a name with a NUL": POST + HOST + b"Content-Length\x00: 70\r\n\r\n",
    "a line without a colon": POST + HOST + b"Content-Length 70\r\n\r\n",
    "a body to GET": b"GET /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: 70\r\n\r\n",
    "a body to HEAD": b"HEAD /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: 70\r\n\r\n",
    "chunks to GET": b"GET /healthz HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\n" + HOST + b"Host: elsewhere\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "a chunk whose size is no number": chunked(b"zz"),
    "a chunk whose size has a prefix": chunked(b"0x2"),
    "a chunk whose size has a sign": chunked(b"-2"),
    "a chunk whose size has a plus": chunked(b"+2"),
    "a chunk with more in it than its size": chunked(b"2", b"{}XX"),
    "a chunk with no size": chunked(b""),
    "a chunk whose size has a space in front": chunked(b" 2"),
    "a chunk whose size has a space in it": chunked(b"2 2"),
    "a chunk whose size has an underscore": chunked(b"0_2"),
    "a chunk whose size has a NUL": chunked(b"2\x00"),
    "a chunk that ends with other letters": chunked(b"2", b"{}", b"XY"),
    "a chunk past 64 bits": chunked(b"10000000000000002"),
}

# What libmicrohttpd 0.9.75 reads up to the NUL, or up to the colon, without a word. Nobody shares a
# connection with somebody else but through a program in front: then it ends behind one request.
CUT = {
    "a value with a NUL": POST + HOST + b"Content-Length: 2\x00\r\n\r\n{}",
    "a coding with a NUL": chunked(b"0", b"", b"\r\n", b"Transfer-Encoding: chunked\x00\r\n"),
    "a header without a name": POST + HOST + b": 70\r\nContent-Length: 0\r\n\r\n",
    "an address with a NUL": b"GET /healthz\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
}

SHAPES = {
    "headers of 40 kB": b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 40000 + b"\r\n\r\n",
    "a hundred headers": b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 100 + b"\r\n",
    "an address of 40 kB": b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a hundred parameters": b"GET /healthz?" + b"&".join(b"a=b" for _ in range(100)) + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a later version": b"GET /healthz HTTP/2.0\r\n" + HOST + b"\r\n",
    "an address of another server": b"GET http://elsewhere/healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "a tunnel": b"CONNECT localhost:22 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a proxy's request": b"GET ../healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "more headers than are read": b"GET /healthz HTTP/1.1\r\n" + HOST
        + b"".join(b"X%d: a\r\n" % i for i in range(1000)) + b"\r\n",
    "one header of a mebibyte": b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"a" * (1 << 20) + b"\r\n\r\n",
    "a body of a gigabyte": POST + HOST + JSON + b"Content-Length: 1073741824\r\n\r\n{",
    "an address with a space": b"GET /healthz /x HTTP/1.1\r\n" + HOST + b"\r\n",
    "a method with a space in front": b" GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "another protocol": b"GET /healthz ICY/1.1\r\n" + HOST + b"\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a greeting of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64 + b"\r\n\r\n",
    "no words": b"GET\r\n\r\n",
    "a control character in a header": b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: a\x01b\r\n\r\n",
}


def answers(data):
    """The statuses of answers that stand one after another, and what is left behind them."""
    found = []
    while data.startswith(b"HTTP/1."):
        head, _, data = data.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        length = [int(line.split(b":")[1]) for line in head.split(b"\r\n")
                  if line.lower().startswith(b"content-length:")]
        found.append(status)
        if b"connection: close" in head.lower():
            return found, b""
        data = data[length[0]:] if length else data
    return found, data


class Framing(Serving):
    options = ("--patience", "5", "--rate", "0")

    def test_a_request_that_could_end_in_two_places_is_refused_and_ends_the_connection(self):
        for name, data in AMBIGUOUS.items():
            with self.subTest(name):
                got = read_all(self.socket(data + HIDDEN + LAST))
                found, _ = answers(got)
                self.assertEqual(len(found), 1, got)
                self.assertIn(found[0], (400, 411, 413), got)
                self.assertNotIn(b"openapi", got)
        self.assertEqual(self.client().get("/healthz").status, 200)

    def test_what_is_too_large_or_of_another_kind_is_refused(self):
        for name, data in SHAPES.items():
            with self.subTest(name):
                found, _ = answers(read_all(self.socket(data + LAST)))
                self.assertTrue(not found or 400 <= found[0] < 600, found)
        self.assertEqual(self.client().get("/healthz").status, 200)

    def test_chunks_and_requests_in_one_go_are_read_as_they_are_meant(self):
        good = chunked(b"2", b"{}", b"\r\n0\r\n\r\n") + chunked(b"1;a=b", b"{", b"\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n")
        found, left = answers(read_all(self.socket(good + LAST)))
        self.assertEqual((found, left), ([400, 400, 200], b""))

    def test_bytes_at_random_change_nothing(self):
        draw = random.Random(7)
        pieces = list(AMBIGUOUS.values()) + list(SHAPES.values()) + [HIDDEN, LAST]
        height = self.height()
        for _ in range(3000 if LONG else 200):
            data = bytearray(draw.choice(pieces) + draw.choice(pieces))
            for _ in range(draw.randint(1, 8)):
                at = draw.randrange(len(data))
                data[at:at + draw.randint(0, 3)] = draw.randbytes(draw.randint(0, 3))
            connection = self.socket()
            try:
                connection.sendall(data)
                connection.shutdown(1)
                read_all(connection)
            except OSError:
                pass
            connection.close()
        self.assertEqual(self.height(), height)
        self.verify()


class Behind(Serving):
    """Another program is in front, and sends what several people ask."""
    options = ("--public", "--behind-proxy", "--patience", "5", "--rate", "0")

    def test_whatever_is_sent_a_connection_carries_one_request(self):
        for name, data in {**AMBIGUOUS, **CUT, "nothing odd": LAST.replace(b"Connection: close\r\n", b"")}.items():
            with self.subTest(name):
                got = read_all(self.socket(data + HIDDEN + LAST))
                self.assertEqual(len(answers(got)[0]), 1, got)
                self.assertIn(b"\r\nconnection: close\r\n", got.lower().partition(b"\r\n\r\n")[0] + b"\r\n")
                self.assertNotIn(b"openapi", got)


class Bodies(Serving):
    options = ("--rate", "0")

    def test_a_body_of_a_mebibyte_is_read_and_a_larger_one_is_not(self):
        member = self.member(1)
        fits = json.dumps({"name": "Z"}) + " " * ((1 << 20) - 13)
        self.assertEqual(len(fits), 1 << 20)
        self.assertEqual(member.post("/api/people", fits).status, 200)
        answer = member.post("/api/people", fits + " ")
        self.assertEqual((answer.status, answer.code()), (413, "too_large"))

    def test_a_body_that_says_it_is_far_too_large_is_not_waited_for(self):
        found, _ = answers(read_all(self.socket(POST + HOST + JSON + b"Content-Length: 9999999\r\n\r\n")))
        self.assertEqual(found, [413])

    def test_chunks_that_come_to_more_are_refused(self):
        member = self.member(1)
        height = self.height()
        chunks = (b" " * 65536 for _ in range(20))
        member.http.request("POST", "/api/people", chunks,
                            {**member.headers, "Content-Type": "application/json"},
                            encode_chunked=True)
        answer = member.http.getresponse()
        self.assertEqual(answer.status, 413)
        self.assertEqual(self.height(), height)

    def test_json_that_stands_too_deep_is_refused(self):
        member = self.member(1)
        for depth, status in ((31, 400), (32, 400), (100000, 400)):
            body = '{"name":' + "[" * depth + "]" * depth + "}"
            answer = member.post("/api/people", body)
            self.assertEqual((answer.status, answer.code()), (status, "bad_request"))
            self.assertEqual("deep" in answer.json()["detail"], depth > 31)

    def test_json_that_is_none_is_refused_with_a_reason(self):
        member = self.member(1)
        for body in ("", "{", "[]", "1", '"a"', "null", '{"name":"a","name":"b"}', '{"name":"\\ud800"}',
                     b'{"name":"\xff"}', '{"name":"a\\u0000b"}', '{"name":1e999}', '{"a":1}', "{}{}",
                     '{"name":[]}', "\ufeff{}".encode(), b"\x00"):
            if body == "":
                continue
            answer = member.post("/api/people", body)
            self.assertEqual((answer.status, answer.code()), (400, "bad_request"), body)
            self.assertTrue(answer.json()["detail"])


class Slow(Serving):
    options = ("--patience", "2", "--rate", "0")

    def test_who_sends_slowly_is_cut_off_and_others_notice_nothing(self):
        lines = [self.socket(b"POST /api/login HTTP/1.1\r\n" + HOST) for _ in range(900 if LONG else 200)]
        healthy, worst, begun = self.client(), 0.0, time.monotonic()
        while lines and time.monotonic() < begun + 30:
            alive = []
            for line in lines:
                try:
                    line.sendall(b"X: a\r\n"[:1] if len(alive) % 2 else b"X: a\r\n")
                    line.setblocking(False)
                    try:
                        if line.recv(4096) == b"":
                            continue
                    except BlockingIOError:
                        pass
                    line.setblocking(True)
                    alive.append(line)
                except OSError:
                    continue
            lines = alive
            asked = time.monotonic()
            self.assertEqual(healthy.get("/healthz").status, 200)
            worst = max(worst, time.monotonic() - asked)
            time.sleep(0.1)
        self.assertEqual(lines, [], "some were not cut off")
        self.assertLess(time.monotonic() - begun, 30)
        self.assertLess(worst, 10 if SLOW else 2)

    def test_a_body_that_stops_is_cut_off(self):
        begun = time.monotonic()
        got = read_all(self.socket(POST + HOST + JSON + b"Content-Length: 100\r\n\r\n{"))
        self.assertEqual(got, b"")
        self.assertLess(time.monotonic() - begun, 20)

    def test_a_connection_that_rests_is_closed_and_one_that_works_is_not(self):
        busy, resting = self.client(), self.client()
        self.assertEqual(resting.get("/healthz").status, 200)
        for _ in range(8):
            self.assertEqual(busy.get("/healthz").status, 200)
            time.sleep(0.5)
        try:
            resting.http.auto_open = 0
            resting.get("/healthz")
            self.fail("it was still open")
        except (http.client.HTTPException, OSError):
            pass


if __name__ == "__main__":
    main()
