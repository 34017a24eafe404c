"""Requests that the server refuses: a clear reason, the end of the connection, no traceback."""

import json

import pytest

from mockidp.server import body
from mockidp.server.chunks import MAX_OVERHEAD
from mockidp.server.stream import MAX_HEAD

ROOM = 64 * 1024 * 1024
"""A limit of bodies that a test can exceed."""
GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def refused():
    """Return a function that sends bytes and returns status and reason of the refusal."""

    def send(running, data):
        client = running.connect().send(data)
        answer = client.answer()
        assert answer.getheader("Server") == "mockidp"
        assert answer.getheader("Date")
        assert answer.getheader("Connection") == "close"
        assert client.has_ended()
        body = json.loads(answer.text)
        assert body["error"] == "invalid_request"
        return answer.status, body["error_description"]

    return send


@pytest.mark.parametrize(
    ("data", "status", "why"),
    [
        (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "has a space"),
        (b"GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "outside ASCII"),
        (b"GET /a\x00b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "control character"),
        (b"GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "'#'"),
        (b"GET http:///path HTTP/1.1\r\nHost: x\r\n\r\n", 400, "or a URL such as http://localhost/path"),
        (b"GET http://u@localhost/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, "without user name"),
        (b"GET ftp://localhost/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, "proxy"),
        (b"GET https://localhost/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, "but this connection is http"),
        (b"GET http://localhost/ HTTP/1.1\r\n\r\n", 400, "Host is missing"),
        (b"GET http://localhost/#a HTTP/1.1\r\nHost: x\r\n\r\n", 400, "'#'"),
        (b"GET localhost/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, "path that starts with '/'"),
        (b"CONNECT localhost:1 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "proxy"),
        (b"GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400, "path"),
        (b"GET /\r\n\r\n", 400, "not an HTTP/1.1 request line"),
        (b"nonsense\r\n\r\n", 400, "not an HTTP/1.1 request line"),
        (b"G(T / HTTP/1.1\r\n\r\n", 400, "not an HTTP/1.1 request line"),
        (b"GET / HTTP/1.1 x\r\n\r\n", 400, "does the URL contain a space?"),
        (b"GET / HTTP/1.2\r\n\r\n", 400, "does not end in HTTP/1.1"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP/1.1"),
        (b"\x16\x03\x01\x02\x00\x01", 400, "https has its own port"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "Host is missing"),
        (GET + b"Host: y\r\n\r\n", 400, "Host is sent twice"),
        (GET + b"no colon\r\n\r\n", 400, "malformed: Invalid header token"),
        (GET + b"Space : x\r\n\r\n", 400, "malformed"),
        (GET + b"X: a\x00b\r\n\r\n", 400, "malformed"),
        (GET + b"X: a\x7fb\r\n\r\n", 400, "malformed"),
        (GET + b"X: a\rb\r\n\r\n", 400, "malformed"),
        (GET + b"\xe9: a\r\n\r\n", 400, "malformed"),
        (GET + b": a\r\n\r\n", 400, "malformed"),
        (GET + b" folded: x\r\n\r\n", 400, "Unexpected whitespace"),
        (GET + b"X: a\n\tfolded\n\n", 400, "Unexpected whitespace"),
        (GET + b"X:\r\n folded\r\n\r\n", 400, "malformed"),
        (b"GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400, "Unexpected space after start line"),
        # A pattern for the whole line once took days for this one.
        (GET + b"X:" + b" " * 29_000 + b"\x01\r\n\r\n", 400, "malformed"),
        (POST + b"Content-Length: -1\r\n\r\n", 400, "Invalid character in Content-Length"),
        (POST + b"Content-Length: +1\r\n\r\na", 400, "Invalid character in Content-Length"),
        (POST + b"Content-Length: 1_0\r\n\r\n", 400, "Invalid character in Content-Length"),
        (POST + b"Content-Length: 1, 1\r\n\r\na", 400, "Invalid character in Content-Length"),
        (POST + b"Content-Length: \r\n\r\n", 400, "Empty Content-Length"),
        (POST + b"Content-Length: 99999999999999999999\r\n\r\n", 400, "Content-Length overflow"),
        (POST + b"Content-Length: 999999999999999999\r\n\r\n", 413, "over 4294967296 bytes"),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "Duplicate Content-Length"),
        (POST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400, "Duplicate Content-Length"),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "gzip"),
        (POST + b"Transfer-Encoding: ,chunked\r\n\r\n", 501, "',chunked' is not supported"),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", 400, "invalid `Transfer-Encoding`"),
        (POST + b"Transfer-Encoding: xchunked\r\n\r\n", 400, "invalid `Transfer-Encoding`"),
        (POST + b"Transfer-Encoding: chunked\t\r\n\r\n", 400, "invalid `Transfer-Encoding`"),
        (POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n", 400, "Invalid `Transfer-Encoding`"),
        (POST + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n", 400, "malformed"),
        (POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n", 400, "malformed"),
        (POST + b"Transfer-Encoding: \r\n\r\n", 400, "Empty Transfer-Encoding"),
        (POST + b"Transfer-Encoding : chunked\r\n\r\n", 400, "malformed"),
        (POST + b"Content-Length : 1\r\n\r\na", 400, "malformed"),
        (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400, "can't be present"),
        (POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "can't be present"),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "HTTP/1.0 has no"),
        (b"get / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "case-sensitive: 'get' is not 'GET'"),
        (b"Post / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "case-sensitive: 'Post' is not 'POST'"),
    ],
)  # fmt: skip
def test_a_malformed_request_is_refused_with_the_reason(serve_refusing, refused, data, status, why):
    got, description = refused(serve_refusing(), data)
    assert (got, why in description) == (status, True), description


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        (b"zz\r\n", 400, "Invalid character in chunk size"),
        (b"\r\na\r\n", 400, "Invalid character in chunk size"),
        (b"0x1\r\na\r\n", 400, "Invalid character in chunk size"),
        (b"+1\r\na\r\n", 400, "Invalid character in chunk size"),
        (b"1 \r\na\r\n", 400, "Invalid character in chunk size"),
        (b"FFFFFFFFFFFFFFFFF\r\na", 400, "Chunk size overflow"),
        (b"1\r\nab\r\n", 400, "Expected LF after chunk data"),
        (b"1\na\r\n0\r\n\r\n", 400, "Missing expected CR"),
        (b"1\r\na\n0\r\n\r\n", 400, "Missing expected CR"),
        (b"1\r\r\na\r\n0\r\n\r\n", 400, "Expected LF after chunk size"),
        (b"1;x\0\r\na\r\n0\r\n\r\n", 400, "Invalid character in chunk extensions"),
        (b"1;x\ry\r\na\r\n0\r\n\r\n", 400, "Expected LF after chunk size"),
        (b"1;x\ny\r\na\r\n0\r\n\r\n", 400, "Missing expected CR"),
        (b"0\n\r\n", 400, "Missing expected CR"),
        (b"0\r\n\n", 400, "malformed"),
        (b"0\r\nX: y\n\r\n", 400, "Missing expected CR"),
        (b"0\r\nX: \0\r\n\r\n", 400, "malformed"),
        (b"0\r\nContent-Length: 5\r\n\r\n", 400, "can't be present"),
        (b"0" * MAX_OVERHEAD + b"0", 431, "chunk extensions or trailers"),
        (b"1;" + b"x" * MAX_OVERHEAD, 431, "chunk extensions or trailers"),
        (b"0\r\n" + (b"X: " + b"a" * 1000 + b"\r\n") * 40, 431, "trailers"),
    ],
)
def test_a_malformed_chunk_is_refused(serve_refusing, refused, body, status, why):
    data = POST + b"Transfer-Encoding: chunked\r\n\r\n" + body
    got, description = refused(serve_refusing(), data)
    assert (got, why in description) == (status, True), description


def test_a_refusal_writes_nothing_to_the_terminal(serve_refusing, refused, capfd):
    running = serve_refusing()
    refused(running, b"nonsense\r\n\r\n")
    running.server.stop()
    assert capfd.readouterr() == ("", "")


def test_a_url_that_is_too_long_is_refused_with_414(serve_refusing, refused):
    running = serve_refusing()
    assert refused(running, b"GET /" + b"a" * MAX_HEAD)[0] == 414
    assert refused(running, b"GET /" + b"a" * 3 * MAX_HEAD + b" HTTP/1.1\r\n\r\n")[0] == 414


def test_headers_that_are_too_large_are_refused_with_431(serve_refusing, refused):
    running = serve_refusing()
    header = b"X: " + b"a" * MAX_HEAD
    assert refused(running, GET + header)[0] == 431
    assert refused(running, GET + header + b"\r\n\r\n")[0] == 431


@pytest.mark.usefixtures("_little_room")
def test_a_request_at_the_limits_is_answered(serve):
    client = serve().connect()
    room = MAX_HEAD - len(GET + b"X: ")
    client.send(GET + b"X: " + b"a" * room + b"\r\n\r\n")
    assert client.answer().status == 200
    client.send(POST + b"Content-Length: %d\r\n\r\n" % ROOM + b"a" * ROOM)
    assert client.answer().status == 200


@pytest.fixture
def _little_room(monkeypatch):
    monkeypatch.setattr(body, "MAX_BODY", ROOM)


@pytest.mark.usefixtures("_little_room")
def test_a_body_that_is_too_large_is_refused_without_a_reset(serve, refused):
    size = ROOM + 1
    data = POST + b"Content-Length: %d\r\n\r\n" % size + b"a" * size
    status, why = refused(serve(), data)
    assert (status, why) == (413, f"the body has over {ROOM} bytes")


@pytest.mark.usefixtures("_little_room")
def test_a_chunked_body_that_is_too_large_is_refused_without_a_reset(serve, refused):
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    data = POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 1025
    assert refused(serve(), data)[0] == 413


@pytest.mark.usefixtures("_little_room")
def test_a_body_that_is_too_large_is_refused_before_100_continue(serve_refusing, refused):
    data = POST + b"Expect: 100-continue\r\nContent-Length: 90000000\r\n\r\n"
    assert refused(serve_refusing(), data)[0] == 413


def test_a_refusal_is_logged_with_its_reason(serve_refusing, refused, caplog):
    caplog.set_level("INFO")
    refused(serve_refusing(), b"GET /a b HTTP/1.1\r\n\r\n")
    assert caplog.records[0].name == "mockidp.server"
    assert caplog.records[0].message.startswith("400 Bad Request: the URL has a space")
    assert caplog.records[0].exc_info is None
