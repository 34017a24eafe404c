"""Requests that no application sees: a clear answer, the end of the connection, no traceback."""

import json

import pytest

from mockidp.server.body import MAX_BODY
from mockidp.server.stream import MAX_HEAD

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
        (b"GET http://localhost/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, "proxy"),
        (b"CONNECT localhost:1 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "proxy"),
        (b"GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400, "path"),
        (b"GET /\r\n\r\n", 400, "not an HTTP/1.1 request line"),
        (b"nonsense\r\n\r\n", 400, "not an HTTP/1.1 request line"),
        (b"G(T / HTTP/1.1\r\n\r\n", 400, "not an HTTP/1.1 request line"),
        (b"GET / HTTP/1.1 x\r\n\r\n", 400, "is a space in the URL?"),
        (b"GET / HTTP/1.2\r\n\r\n", 400, "does not end in HTTP/1.1"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP/1.1"),
        (b"\x16\x03\x01\x02\x00\x01", 400, "TLS has a port of its own"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "Host is missing"),
        (GET + b"Host: y\r\n\r\n", 400, "Host is sent twice"),
        (GET + b"no colon\r\n\r\n", 400, "malformed: 'no colon"),
        (GET + b"Space : x\r\n\r\n", 400, "malformed"),
        (GET + b"X: a\x00b\r\n\r\n", 400, "malformed"),
        (GET + b" folded: x\r\n\r\n", 400, "malformed"),
        # A pattern for the whole line once took days for this one.
        (GET + b"X:" + b" " * 29_000 + b"\x01\r\n\r\n", 400, "malformed"),
        (POST + b"Content-Length: -1\r\n\r\n", 400, "not a number: '-1'"),
        (POST + b"Content-Length: 1_0\r\n\r\n", 400, "not a number"),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "Length is sent twice"),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "gzip"),
        (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400, "contradicts"),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "contradicts"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "no size: b'zz'"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400, "longer than it says"),
        (b"get / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "case-sensitive: 'get' is not 'GET'"),
        (b"Post / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "case-sensitive: 'Post' is not 'POST'"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n", 400, "has to end in CR LF"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", 400, "has to end in CR LF"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\r\na\r\n0\r\n\r\n", 400, "control"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n1;x\0\r\na\r\n0\r\n\r\n", 400, "control"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n1;x\ry\r\na\r\n0\r\n\r\n", 400, "control"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\n\r\n", 400, "has to end in CR LF"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: \0\r\n\r\n", 400, "control"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 1030, 400, "does not end"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 1030 + b"\n", 400, "does not end"),
    ],
)  # fmt: skip
def test_a_malformed_request_is_told_what_is_wrong(serve_hasty, refused, data, status, why):
    got, description = refused(serve_hasty(), data)
    assert (got, why in description) == (status, True), description


def test_a_refusal_writes_nothing_to_the_terminal(serve_hasty, refused, capfd):
    running = serve_hasty()
    refused(running, b"nonsense\r\n\r\n")
    running.server.stop()
    assert capfd.readouterr() == ("", "")


def test_the_same_length_twice_is_no_contradiction(serve):
    client = serve().connect()
    client.send(POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nok")
    assert json.loads(client.answer().text)["body"] == "ok"


def test_a_url_that_is_too_long_is_refused_as_such(serve_hasty, refused):
    running = serve_hasty()
    assert refused(running, b"GET /" + b"a" * MAX_HEAD)[0] == 414
    assert refused(running, b"GET /" + b"a" * 3 * MAX_HEAD + b" HTTP/1.1\r\n\r\n")[0] == 414


def test_headers_that_are_too_large_are_refused_as_such(serve_hasty, refused):
    running = serve_hasty()
    header = b"X: " + b"a" * MAX_HEAD
    assert refused(running, GET + header)[0] == 431
    assert refused(running, GET + header + b"\r\n\r\n")[0] == 431


def test_trailers_are_bounded(serve_hasty, refused):
    data = POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + (b"X: " + b"a" * 1000 + b"\r\n") * 40
    assert refused(serve_hasty(), data)[0] == 431


def test_what_just_fits_is_answered(serve):
    client = serve().connect()
    room = MAX_HEAD - len(GET + b"X: ")
    client.send(GET + b"X: " + b"a" * room + b"\r\n\r\n")
    assert client.answer().status == 200
    client.send(POST + b"Content-Length: %d\r\n\r\n" % MAX_BODY + b"a" * MAX_BODY)
    assert client.answer().status == 200


def test_a_body_that_is_too_large_gets_its_answer_and_not_a_reset(serve, refused):
    size = MAX_BODY + 1
    data = POST + b"Content-Length: %d\r\n\r\n" % size + b"a" * size
    status, why = refused(serve(), data)
    assert (status, why) == (413, "the body has over 67108864 bytes")


def test_a_chunked_body_that_is_too_large_gets_its_answer_and_not_a_reset(serve, refused):
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    data = POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 1025
    assert refused(serve(), data)[0] == 413


def test_a_large_body_is_refused_before_it_is_asked_for(serve_hasty, refused):
    data = POST + b"Expect: 100-continue\r\nContent-Length: 90000000\r\n\r\n"
    assert refused(serve_hasty(), data)[0] == 413


def test_a_refusal_is_logged_with_its_reason(serve_hasty, refused, caplog):
    caplog.set_level("INFO")
    refused(serve_hasty(), b"GET /a b HTTP/1.1\r\n\r\n")
    assert caplog.records[0].name == "mockidp.server"
    assert caplog.records[0].message.startswith("400 Bad Request: the URL has a space")
    assert caplog.records[0].exc_info is None
