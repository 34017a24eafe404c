"""Start and stop of a server, its ports, and TLS."""

import json
import signal
import socket
import ssl
import threading

import pytest

from helpers.waiting import SOON
from mockidp.errors import MockIdPError
from mockidp.server import Address, Server, Timeouts


def nothing(_environ, start_response):
    start_response("204 No Content", [])
    return []


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


def test_both_loopback_addresses_have_the_same_port(serve):
    running = serve()
    assert running.server.url == f"http://localhost:{running.server.port}"
    for host in ("127.0.0.1", "::1") if has_ipv6() else ("127.0.0.1",):
        environ = json.loads(running.connect(host).get().answer().text)
        assert environ["SERVER_NAME"] == host


def test_https_is_served_next_to_http(serve_tls, authority):
    running = serve_tls()
    trust = authority.ca_pem.decode()
    assert running.server.tls_url == f"https://localhost:{running.server.tls_port}"
    client = running.connect(secure=True, trust=trust)
    for _ in range(2):
        environ = json.loads(client.get().answer().text)
        assert environ["wsgi.url_scheme"] == "https"
        assert environ["HTTPS"] == "on"
        assert environ["SERVER_PORT"] == str(running.server.tls_port)
    assert json.loads(running.connect().get().answer().text)["wsgi.url_scheme"] == "http"


def test_a_tls_client_gets_a_closing_alert(serve_tls, authority):
    client = serve_tls().connect(secure=True, trust=authority.ca_pem.decode())
    client.sock.suppress_ragged_eofs = False
    client.get(headers="Connection: close\r\n").answer()
    assert client.has_ended()


def test_a_refusal_arrives_through_tls(serve_tls, authority, hasty):
    client = serve_tls(timeouts=hasty).connect(secure=True, trust=authority.ca_pem.decode())
    client.sock.suppress_ragged_eofs = False
    client.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\n")
    assert client.answer().status == 413
    assert client.has_ended()


def test_http_on_the_https_port_is_refused_with_the_reason(serve_tls, hasty, capfd):
    client = serve_tls(timeouts=hasty).connect(secure=True).get()
    answer = client.answer()
    assert answer.status == 400
    assert "https, not plain http" in answer.text
    assert client.has_ended()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "garbage", [b"\x16\x03\x01\x00\x05hello", b"\x16\x03\x01\xff\xff", b"\x16" + b"\x00" * 99]
)
def test_a_garbled_handshake_is_dropped(serve_tls, hasty, capfd, garbage):
    running = serve_tls(timeouts=hasty)
    client = running.connect(secure=True).send(garbage)
    try:
        alert = client.sock.recv(100)
    except ConnectionResetError:
        alert = b""
    assert alert[:1] in (b"", b"\x15")
    assert running.connect().get().answer().status == 200
    assert capfd.readouterr().err == ""


def test_a_client_that_does_not_trust_the_certificate_is_dropped(serve_tls, capfd):
    running = serve_tls()
    with (
        socket.create_connection(("127.0.0.1", running.server.tls_port), timeout=5) as sock,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(sock, server_hostname="localhost")
    assert running.connect().get().answer().status == 200
    assert capfd.readouterr().err == ""


def test_a_handshake_ends_when_the_server_stops(authority):
    class Ending:
        """A TLS context during whose use the server stops."""

        def wrap_socket(self, sock, **options):
            secured = authority.ssl_context().wrap_socket(sock, **options)
            connection.end()
            return secured

    from mockidp.server.connection import ClientConnection, Timeouts

    listener = socket.create_server(("127.0.0.1", 0))
    with listener, socket.create_connection(listener.getsockname()) as theirs:
        theirs.send(b"\x16")
        ours, _ = listener.accept()
        connection = ClientConnection(nothing, ours, tls=Ending, timeouts=Timeouts())
        connection.serve()
        assert not connection.is_idle


def test_without_https_there_is_no_https_port(serve):
    server = serve().server
    assert server.tls_port is None
    assert server.tls_url is None


def test_a_server_needs_an_address():
    with pytest.raises(ValueError, match="listen needs an address"):
        Server(nothing, listen=[])
    with pytest.raises(ValueError, match="tls_context"):
        Server(nothing, tls_listen=[Address()])


def test_a_running_server_cannot_be_started_again(serve):
    running = serve()
    with pytest.raises(RuntimeError, match="running"):
        running.server.start()


def test_a_stopped_server_can_be_started_again(serve):
    running = serve()
    running.server.stop()
    running.server.stop()
    with pytest.raises(ConnectionRefusedError):
        running.connect()
    running.server.start()
    assert running.connect().get().answer().status == 200


def test_a_port_is_free_once_its_server_has_stopped(serve):
    running = serve()
    running.connect().get().answer()
    running.server.stop()
    again = serve(listen=[Address(port=running.server.port)])
    assert again.connect().get().answer().status == 200


def test_a_port_in_use_is_named_and_nothing_stays_bound(serve, authority):
    taken = serve().server.port
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(
        nothing,
        listen=[Address(host="127.0.0.1", port=port)],
        tls_listen=[Address(port=taken)],
        tls_context=authority.ssl_context(),
    )
    with pytest.raises(MockIdPError, match=f"127.0.0.1:{taken} is in use by another program"):
        server.start()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_url_names_a_host_that_a_client_can_reach():
    def url(host):
        return Server(nothing, listen=[Address(host=host, port=9400)]).url

    assert url("0.0.0.0") == url("::") == url("localhost") == "http://localhost:9400"
    assert url("::1") == "http://[::1]:9400"
    assert url("127.0.0.2") == "http://127.0.0.2:9400"


def test_stop_may_come_from_several_threads_at_once(serve):
    running = serve()
    threads = [threading.Thread(target=running.server.stop) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=5)
    with pytest.raises(ConnectionRefusedError):
        running.connect()


def test_stop_may_come_from_the_application(serve):
    def app(_environ, start_response):
        running.server.stop()
        start_response("204 No Content", [])
        return []

    running = serve(app)
    assert running.connect().get().has_ended()


def test_stop_may_come_from_a_signal_handler(serve):
    running = serve()
    running.connect().get().answer()
    before = signal.signal(signal.SIGUSR1, lambda *_: running.server.stop())
    try:
        with running.server._lock:
            signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    with pytest.raises(ConnectionRefusedError):
        running.connect()


@pytest.mark.parametrize("finishes", [True, False])
def test_a_request_may_finish_when_the_server_stops(serve, finishes):
    began, may_end = threading.Event(), threading.Event()

    def app(environ, start_response):
        began.set()
        may_end.wait(SOON)
        return nothing(environ, start_response)

    timeouts = Timeouts(finish=SOON if finishes else 0.3)
    running = serve(app, timeouts=timeouts)
    client = running.connect().get()
    assert began.wait(SOON)
    stopping = threading.Thread(target=running.server.stop)
    stopping.start()
    if finishes:
        threading.Timer(0.5, may_end.set).start()
        assert client.answer().status == 204
    else:
        assert client.has_ended()
    may_end.set()
    stopping.join()
