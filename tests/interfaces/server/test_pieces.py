"""Responses in pieces: the first one is sent before the application makes the others."""

import socket
import ssl
import threading

import pytest

from helpers.waiting import SOON
from mockidp.server import Timeouts
from mockidp.server.response import Pieces


def serving(pieces):
    """Return an application whose body has some pieces."""

    def app(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Pieces(iter(pieces()))

    return app


def one_two():
    yield b"one "
    yield b"two"


def test_a_body_in_pieces_is_chunked_and_keeps_the_connection(serve):
    client = serve(serving(one_two)).connect()
    for _ in range(2):
        answer = client.get().answer()
        assert (answer.text, answer.getheader("Transfer-Encoding")) == ("one two", "chunked")
        assert (answer.getheader("Content-Length"), answer.getheader("Connection")) == (None, None)


def test_for_http_1_0_the_end_of_the_connection_ends_the_body(serve):
    client = (
        serve(serving(one_two)).connect().get(version="1.0", headers="Connection: keep-alive\r\n")
    )
    answer = client.answer()
    assert answer.text == "one two"
    assert answer.getheader("Transfer-Encoding") is None
    assert (answer.getheader("Content-Length"), answer.getheader("Connection")) == (None, "close")
    assert client.has_ended()


def test_the_first_piece_arrives_before_the_second_is_made(serve):
    may_go_on = threading.Event()

    def pieces():
        yield b"one"
        assert may_go_on.wait(SOON)
        yield b"two"

    client = serve(serving(pieces)).connect().get()
    received = b""
    while not received.endswith(b"one\r\n"):
        received += client.sock.recv(1000)
    may_go_on.set()
    assert client._file.read(13) == b"3\r\ntwo\r\n0\r\n\r\n"


def test_head_makes_the_pieces_and_sends_none(serve):
    client = serve(serving(one_two)).connect()
    for _ in range(2):
        client.send(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.answer(method="HEAD").status == 200


def failing(after):
    def pieces():
        yield from [b"one"] * after
        raise RuntimeError("broken")

    return pieces


def test_an_error_before_the_first_piece_is_a_500(serve, caplog):
    answer = serve(serving(failing(after=0))).connect().get().answer()
    assert (answer.status, answer.getheader("Transfer-Encoding")) == (500, None)
    assert "broken" in caplog.text


def read_two_pieces(client):
    client.get()
    received = b""
    while not received.endswith(b"3\r\none\r\n3\r\none\r\n"):
        received += client.sock.recv(1000)
    return client


def test_an_error_after_it_ends_the_connection_without_a_last_chunk(serve, caplog):
    running = serve(serving(failing(after=2)), timeouts=Timeouts(drain=0.15))
    assert read_two_pieces(running.connect()).sock.recv(1000) == b""
    running.server.stop()
    assert "GET /: this is a bug of the application" in caplog.text
    assert "broken" in caplog.text


def test_tls_is_not_closed_after_an_incomplete_body(serve_tls, authority):
    running = serve_tls(serving(failing(after=2)), timeouts=Timeouts(drain=0.15))
    client = running.connect(secure=True, trust=authority.ca_pem.decode())
    client.sock.suppress_ragged_eofs = False
    with pytest.raises(ssl.SSLEOFError):
        read_two_pieces(client).sock.recv(1000)


def test_the_pieces_for_a_client_that_leaves_are_not_made(serve, caplog):
    left, closed = threading.Event(), threading.Event()

    def pieces():
        try:
            yield b"one"
            assert left.wait(SOON)
            while True:
                yield b"x" * 100_000
        finally:
            closed.set()

    client = serve(serving(pieces)).connect().get()
    assert client.sock.recv(1)
    client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    client.sock.close()
    left.set()
    assert closed.wait(SOON)
    assert caplog.records == []
