"""Large bodies: they stay in the connection until the application reads them."""

import io
import json
import threading

import pytest

from mockidp.server.body import READ_AHEAD

LARGE = READ_AHEAD + 1
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"


def post(length, more=b""):
    return b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%s\r\n" % (length, more)


def chunks(body, size=10_000):
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def answering(read):
    """Return an application that answers with what a function reads of the body."""

    def app(environ, start_response):
        taken = read(environ)
        start_response("200 OK", [])
        return [json.dumps(taken).encode()]

    return app


def read_all(environ):
    return len(environ["wsgi.input"].read())


def read_nothing(_environ):
    return 0


@pytest.mark.parametrize("size", [0, 1, READ_AHEAD, LARGE, 1_000_000])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_of_any_size_arrives_complete_and_keeps_the_connection(serve, size, is_chunked):
    body = bytes(number % 251 for number in range(size))
    client = serve(answering(lambda environ: environ["wsgi.input"].read() == body)).connect()
    sent = CHUNKED + b"\r\n" + chunks(body) if is_chunked else post(size) + body
    for _ in range(2):
        client.send(sent)
        assert client.answer().text == "true"


def test_the_length_of_a_chunked_body_is_known_only_if_it_was_read_ahead(serve):
    client = serve(answering(lambda environ: environ.get("CONTENT_LENGTH"))).connect()
    assert client.send(CHUNKED + b"\r\n" + chunks(b"a" * READ_AHEAD)).answer().text == '"65536"'
    assert client.send(CHUNKED + b"\r\n" + chunks(b"a" * LARGE)).answer().text == "null"


def test_an_application_that_reads_exactly_the_length_keeps_the_connection(serve):
    def read(environ):
        taken = 0
        while taken < int(environ["CONTENT_LENGTH"]):
            taken += len(environ["wsgi.input"].read(1000))
        return taken

    client = serve(answering(read)).connect()
    for _ in range(2):
        assert client.send(post(LARGE) + b"a" * LARGE).answer().text == str(LARGE)


def test_a_body_may_be_read_line_by_line(serve):
    body = b"a\nb\n" + b"c" * LARGE
    client = serve(answering(lambda environ: [len(line) for line in environ["wsgi.input"]]))
    assert client.connect().send(post(len(body)) + body).answer().text == f"[2, 2, {LARGE}]"


def test_an_unread_large_body_ends_the_connection_after_the_response(serve):
    client = serve(answering(read_nothing)).connect().send(post(10_000_000))
    answer = client.answer()
    assert (answer.status, answer.getheader("Connection")) == (200, "close")
    client.send(b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
    client.sock.shutdown(1)
    assert client.has_ended()


def test_a_client_that_sends_an_unread_large_body_gets_its_response_without_a_reset(serve):
    client = serve(answering(read_nothing)).connect()
    client.send(post(10_000_000) + b"a" * 10_000_000)
    assert client.answer().status == 200
    assert client.has_ended()


def test_an_unread_chunked_body_is_only_received_up_to_the_limit(serve):
    client = serve(answering(read_nothing)).connect()
    client.send(CHUNKED + b"\r\n" + b"10000\r\n" + b"a" * 0x10000 + b"\r\n1\r\nb")
    answer = client.answer()
    assert (answer.status, answer.getheader("Connection")) == (200, "close")


def test_an_unread_large_body_is_not_requested_with_100_continue(serve):
    client = serve(answering(read_nothing)).connect()
    client.send(post(LARGE, b"Expect: 100-continue\r\n"))
    assert client.sock.recv(12) == b"HTTP/1.1 200"


def test_a_large_body_is_requested_once_with_100_continue(serve):
    client = serve(answering(read_all)).connect()
    client.send(post(LARGE, b"Expect: 100-continue\r\n"))
    assert client.sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert client.send(b"a" * LARGE).answer().text == str(LARGE)


def test_a_chunked_body_is_requested_once_with_100_continue(serve):
    client = serve(answering(read_all)).connect().send(CHUNKED + b"Expect: 100-continue\r\n\r\n")
    assert client.sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert client.send(chunks(b"a" * 100)).answer().text == "100"


def noting(failures):
    def read(environ):
        for _ in range(2):
            try:
                environ["wsgi.input"].read()
            except OSError as error:
                failures.append(str(error))
        return "read"

    return answering(read)


def test_a_large_body_that_is_not_complete_in_time_is_refused(serve, hasty):
    failures = []
    client = serve(noting(failures), timeouts=hasty).connect().send(post(LARGE) + b"a")
    assert client.answer().status == 408
    assert client.has_ended()
    assert ["408 Request Timeout" in failure for failure in failures] == [True, True]


def test_a_malformed_chunk_of_a_large_body_is_refused_whatever_the_application_answers(serve):
    failures = []
    client = serve(noting(failures)).connect()
    client.send(CHUNKED + b"\r\n40000\r\n" + b"a" * 0x40000 + b"\r\nzz\r\n")
    answer = client.answer()
    assert (answer.status, "Invalid character in chunk size" in answer.text) == (400, True)
    assert len(failures) == 2


def test_a_client_that_leaves_within_a_large_body_gets_no_response(serve, caplog):
    failures = []
    running = serve(noting(failures))
    client = running.connect().send(post(LARGE) + b"a")
    client.sock.shutdown(1)
    assert client.has_ended()
    running.server.stop()
    assert len(failures) == 2
    assert caplog.records == []


def test_a_client_that_leaves_is_not_logged_as_a_bug_of_the_application(serve, caplog):
    running = serve(answering(read_all))
    client = running.connect().send(post(LARGE) + b"a")
    client.sock.shutdown(1)
    assert client.has_ended()
    running.server.stop()
    assert caplog.records == []


def test_clients_that_send_large_bodies_slowly_make_room(serve):
    """300 connections are more than there are threads; each of them waits for its client."""
    together = threading.Semaphore(0)

    def read(environ):
        if environ["PATH_INFO"] == "/":
            together.release()
            return environ["wsgi.input"].read(10_000_000) and "read"
        return "healthy"

    running = serve(answering(read))
    clients = [running.connect().send(post(LARGE)) for _ in range(300)]
    for _ in range(256):
        assert together.acquire(timeout=20)
    assert running.connect().get("/healthy").answer().text == '"healthy"'
    del clients


def test_no_100_continue_is_sent_if_the_body_has_arrived(serve):
    sent = post(2, b"Expect: 100-continue\r\n") + b"ok"
    assert serve(answering(read_all)).connect().send(sent).sock.recv(12) == b"HTTP/1.1 200"


def test_a_large_body_can_be_wrapped_as_a_text_stream(serve):
    def read(environ):
        with io.TextIOWrapper(io.BufferedReader(environ["wsgi.input"])) as text:
            return len(text.read())

    client = serve(answering(read)).connect().send(post(LARGE) + b"a" * LARGE)
    assert client.answer().text == str(LARGE)
