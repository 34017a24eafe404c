"""Responses that the application has dropped, truncated or sent slowly."""

import http.client
import socket
import ssl
import threading

import pytest

from helpers.waiting import FOREVER, SOON
from mockidp.server import Delivery, acceptor

BODY = b"0123456789"


def disrupting(**wanted):
    """Return an application that disrupts the delivery of `/disrupted` only."""

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/disrupted":
            for name, value in wanted.items():
                setattr(environ["mockidp.delivery"], name, value)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [BODY]

    return app


@pytest.fixture(params=["http", "https"])
def connect(request, serve_tls, authority):
    """Return a function that serves an application and connects to it; truncated TLS is an error."""

    def start(app):
        running = serve_tls(app)
        if request.param == "http":
            return running.connect()
        client = running.connect(secure=True, trust=authority.ca_pem.decode())
        client.sock.suppress_ragged_eofs = False
        return client

    return start


def has_been_cut(client):
    """Wait for the end; return whether nothing arrived, not even TLS's closing alert."""
    if not isinstance(client.sock, ssl.SSLSocket):
        return client.has_ended()
    with pytest.raises(ssl.SSLEOFError):
        client._file.read(1)
    return True


def read_head(client):
    return b"".join(iter(client._file.readline, b"\r\n"))


def test_every_request_has_its_own_delivery(serve):
    deliveries = []

    def app(environ, start_response):
        deliveries.append(environ["mockidp.delivery"])
        start_response("204 No Content", [])
        return []

    client = serve(app).connect()
    client.get().answer()
    client.get().answer()
    assert deliveries == [Delivery(drop=False, truncate=None, drip=0.0)] * 2
    assert deliveries[0] is not deliveries[1]


def test_a_dropped_response_sends_nothing(connect):
    client = connect(disrupting(drop=True))
    assert client.get("/").answer().text == BODY.decode()
    assert has_been_cut(client.get("/disrupted"))


def test_drop_overrides_truncate_and_drip(connect):
    assert has_been_cut(connect(disrupting(drop=True, truncate=3, drip=FOREVER)).get("/disrupted"))


@pytest.mark.parametrize("kept", [0, 3, len(BODY), 99])
def test_a_truncated_response_has_the_full_length_and_fewer_bytes(connect, kept):
    client = connect(disrupting(truncate=kept)).get("/disrupted")
    assert b"Content-Length: 10\r\n" in read_head(client)
    assert client._file.read(min(kept, 10)) == BODY[:kept]
    assert has_been_cut(client)


def test_a_truncated_response_arrives_while_the_client_is_still_sending(serve):
    client = serve(disrupting(truncate=3)).connect()
    request = b"GET /disrupted HTTP/1.1\r\nHost: x\r\n\r\n"
    # More than the buffers hold: if the server closed with unread bytes, sending would fail.
    client.send(request * 200_000)
    with pytest.raises(http.client.IncompleteRead) as cut:
        client.answer()
    assert cut.value.partial == BODY[:3]
    assert client.has_ended()


def test_a_truncated_response_without_a_body_ends_after_its_head(serve):
    client = serve(disrupting(truncate=3)).connect()
    client.send(b"HEAD /disrupted HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.answer(method="HEAD").getheader("Content-Length") == "10"
    assert client.has_ended()


def test_a_dripping_response_arrives_complete_and_keeps_the_connection(connect):
    client = connect(disrupting(drip=0.001))
    assert client.get("/disrupted").answer().text == BODY.decode()
    assert client.get("/disrupted").answer().text == BODY.decode()


def test_a_dripping_response_waits_between_its_bytes(serve):
    client = serve(disrupting(drip=FOREVER)).connect().get("/disrupted")
    assert read_head(client).startswith(b"HTTP/1.1 200 OK\r\n")
    assert client._file.read(1) == BODY[:1]
    client.sock.settimeout(0.05)
    with pytest.raises(TimeoutError):
        client.sock.recv(1)


def test_a_dripping_response_may_be_truncated(connect):
    client = connect(disrupting(drip=0.001, truncate=3)).get("/disrupted")
    assert b"Content-Length: 10\r\n" in read_head(client)
    assert client._file.read(3) == BODY[:3]
    assert has_been_cut(client)


def test_a_dripping_response_does_not_wait_after_its_last_byte(serve):
    client = serve(disrupting(drip=FOREVER, truncate=1)).connect().get("/disrupted")
    with pytest.raises(http.client.IncompleteRead):
        client.answer()


def test_dripping_responses_delay_neither_others_nor_stop(serve_tls, authority, returns_soon):
    running = serve_tls(disrupting(drip=FOREVER))
    trust = authority.ca_pem.decode()
    clients = [running.connect() for _ in range(20)]
    clients += [running.connect(secure=True, trust=trust) for _ in range(20)]
    for client in clients:
        read_head(client.get("/disrupted"))
    assert returns_soon(lambda: running.connect().get("/").answer())
    assert returns_soon(running.server.stop)
    for client in clients:
        assert client._file.read(1) == BODY[:1]
        assert client.has_ended()


def test_stop_ends_a_dripping_response_at_once(serve, returns_soon, monkeypatch):
    monkeypatch.setattr(acceptor, "_GRACE", FOREVER)  # for other responses
    running = serve(disrupting(drip=FOREVER))
    client = running.connect().get("/disrupted").get("/")
    read_head(client)
    assert client._file.read(1) == BODY[:1]
    assert returns_soon(running.server.stop)
    assert client.has_ended()


def test_a_client_that_leaves_while_a_response_drips_is_not_logged(serve, caplog):
    received = threading.Event()

    def app(environ, start_response):
        received.set()
        return disrupting(drip=0.001)(environ, start_response)

    running = serve(app)
    client = running.connect().get("/disrupted")
    client.close()
    client.sock.close()
    assert received.wait(timeout=SOON)
    assert running.connect().get("/").answer().status == 200
    running.server.stop()
    assert caplog.records == []


def test_the_500_of_a_failed_application_is_delivered_as_requested(serve, caplog):
    def app(environ, _start_response):
        environ["mockidp.delivery"].drop = True
        raise ValueError("broken")

    assert serve(app).connect().get().has_ended()
    assert "bug of the application" in caplog.text


@pytest.mark.parametrize(
    "header",
    [
        ("Content-Length", "3"),
        ("content-length", "30"),
        ("Content-Length", "x"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "keep-alive"),
    ],
)
def test_a_header_that_contradicts_the_body_is_sent_and_ends_the_connection(serve, header):
    def app(_environ, start_response):
        start_response("200 OK", [header])
        return [BODY]

    client = serve(app).connect().get("/a").get("/b")
    head = read_head(client).decode()
    assert f"\r\n{header[0]}: {header[1]}\r\n" in head
    assert "\r\nConnection: close\r\n" in head
    length = header[0] in {"Content-Length", "content-length", "Transfer-Encoding"}
    assert ("\r\nContent-Length: 10\r\n" in head) is not length
    assert client._file.read() == BODY


def test_a_length_of_a_response_without_a_body_ends_the_connection(serve):
    def app(_environ, start_response):
        start_response("204 No Content", [("Content-Length", "5")])
        return []

    client = serve(app).connect().get("/a").get("/b")
    assert b"Connection: close\r\n" in read_head(client)
    assert client.has_ended()


def test_the_length_in_a_response_to_head_keeps_the_connection(serve):
    def app(_environ, start_response):
        start_response("200 OK", [("Content-Length", "5")])
        return []

    client = serve(app).connect()
    for _ in range(2):
        client.send(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.answer(method="HEAD").getheader("Content-Length") == "5"


def test_an_application_that_fails_ends_the_connection(serve, caplog):
    client = serve(lambda *_: 1 / 0).connect().get("/a").get("/b")
    assert client.answer().status == 500
    assert client.has_ended()
    assert len(caplog.records) == 1


class Waiting:
    """An application that waits until nobody awaits its response."""

    def __init__(self):
        self.begun, self.ended = threading.Event(), threading.Event()

    def __call__(self, environ, start_response):
        delivery = environ["mockidp.delivery"]
        while delivery.is_awaited():
            self.begun.set()
            self.ended.wait(0.01)
        self.ended.set()
        start_response("204 No Content", [])
        return []


def test_an_application_sees_that_the_client_has_gone(connect):
    app = Waiting()
    client = connect(app).get()
    assert app.begun.wait(SOON)
    assert not app.ended.is_set()
    client.sock.shutdown(socket.SHUT_RDWR)
    assert app.ended.wait(SOON)


def test_an_application_sees_that_the_server_stops(serve):
    app = Waiting()
    running = serve(app)
    running.connect().get()
    assert app.begun.wait(SOON)
    running.server.stop()
    assert app.ended.wait(SOON)
