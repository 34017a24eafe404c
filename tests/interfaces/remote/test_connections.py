"""Connections of the control client: reuse, lost connections, servers that are not a mockidp."""

import os
import select
import socket
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPMessage, HTTPResponse

import pytest

from mockidp import MockIdP, MockIdPError, RemoteIdP
from mockidp.clients.remote.control_client import ControlClient
from mockidp.errors import Unreachable
from mockidp.http_client import HttpClient, HttpResponse

FORKS = """
import os, sys
from mockidp.clients.remote.control_client import ControlClient

control = ControlClient(sys.argv[1])
control.health()
child = os.fork()
try:
    for _ in range(100):
        control.health()
        control.get("/journal", wanted="items")
except BaseException as error:
    print(error)
finally:
    if not child:
        os._exit(0)
os.waitpid(child, 0)
"""
OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"items":[]}'


class Scripted:
    """A server that sends scripted answers and records the requests."""

    def __init__(self, listening, script):
        self.url = f"http://localhost:{listening.getsockname()[1]}"
        self.requests = []
        self._script = script
        self._listening = listening

    def run(self):
        for answers in self._script:
            connection, _ = self._listening.accept()
            with connection:
                for answer in answers:
                    self.requests.append(connection.recv(65536).split(b" ", 2)[:2])
                    connection.sendall(answer)


@contextmanager
def scripted(*script):
    """Serve connections one after the other. Close each after its last answer."""
    with socket.create_server(("localhost", 0)) as listening:
        server = Scripted(listening, script)
        thread = threading.Thread(target=server.run)
        thread.start()
        yield server
        thread.join(10)
        assert not thread.is_alive()


def reset_each(listening):
    """Reset each connection as soon as it is open."""
    with suppress(OSError):
        while True:
            connection, _ = listening.accept()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_that_is_reset_at_once_is_unreachable(scheme):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=reset_each, args=(listening,))
        thread.start()
        control = ControlClient(f"{scheme}://127.0.0.1:{listening.getsockname()[1]}")
        try:
            for _ in range(20):  # the reset arrives sooner or later
                with pytest.raises(Unreachable):
                    control.post("/reset")
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def served():
    with MockIdP() as idp:
        yield idp


def test_every_response_is_closed(monkeypatch):
    """The destructor of an open response would swallow a Ctrl-C."""
    responses = []

    class Response(HTTPResponse):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            responses.append(self)

    monkeypatch.setattr(HTTPConnection, "response_class", Response)
    with scripted([OK, OK[:-2]]) as server, closing(ControlClient(server.url)) as control:
        control.get("/users")
        with pytest.raises(Unreachable):
            control.post("/users")
    assert [response.closed for response in responses] == [True, True]


def test_successive_calls_reuse_the_connection():
    with scripted([OK, OK]) as server, closing(ControlClient(server.url)) as control:
        assert [control.get("/users") for _ in "ab"] == [{"items": []}] * 2
    assert len(server.requests) == 2


def test_an_idle_connection_that_the_server_closed_is_replaced_before_a_request():
    with scripted([OK], [OK]) as server, closing(ControlClient(server.url)) as control:
        control.get("/users")
        (idle,) = control._http._idle
        assert select.select([idle.sock], [], [], 10)[0], "the server did not close the connection"
        control.post("/reset")
    assert [method for method, _ in server.requests] == [b"GET", b"POST"]


def test_a_get_is_retried_if_the_idle_connection_breaks():
    with scripted([OK, b""], [OK]) as server, closing(ControlClient(server.url)) as control:
        control.get("/users")
        assert control.get("/clients") == {"items": []}
    assert [path[-8:] for _, path in server.requests] == [b"v1/users", b"/clients", b"/clients"]


def test_a_post_is_not_retried_if_the_idle_connection_breaks():
    with scripted([OK, b""]) as server, closing(ControlClient(server.url)) as control:
        control.get("/users")
        with pytest.raises(Unreachable, match="no mockidp answers at"):
            control.post("/reset")
    assert len(server.requests) == 2


def test_concurrent_calls_use_separate_connections(served):
    with RemoteIdP(served.url) as idp, ThreadPoolExecutor(8) as pool:
        users = list(pool.map(lambda number: idp.add_user(f"u{number}").user_id, range(64)))
    assert users == [f"auth0|u{number}" for number in range(64)]


def test_a_forked_child_does_not_share_connections_with_its_parent(served):
    done = subprocess.run(
        [sys.executable, "-u", "-c", FORKS, served.url],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_connections_from_before_a_fork_are_not_reused(served, monkeypatch):
    with closing(ControlClient(served.url)) as control:
        control.health()
        (idle,) = control._http._idle
        monkeypatch.setattr(os, "getpid", lambda: -1)
        control.health()
        (fresh,) = control._http._idle
        control.health()
        assert control._http._idle == [fresh]
    assert fresh is not idle
    assert idle.sock is None


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_ipv6_address_without_a_port_uses_the_default_port(monkeypatch, scheme):
    addresses = []

    def refuse(address, *_):
        addresses.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(Unreachable):
        ControlClient(f"{scheme}://[::1]/").health()
    assert addresses == [("::1", {"http": 80, "https": 443}[scheme])]


def test_a_call_after_close_opens_a_new_connection(served):
    idp = RemoteIdP(served.url)
    for _ in range(2):
        assert idp.add_user("carol").user_id == "auth0|carol"
        idp.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"[" * 100_000,
    ],
)
def test_an_unexpected_answer_is_reported_as_another_server(answer):
    with (
        scripted([answer]) as server,
        closing(ControlClient(server.url)) as control,
        pytest.raises(Unreachable, match=r"is not a mockidp\. Check the URL\.$"),
    ):
        control.get("/users")


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]
)
def test_a_server_that_does_not_speak_http_is_reported_as_unreachable(answer):
    with (
        scripted([answer]) as server,
        closing(ControlClient(server.url)) as control,
        pytest.raises(Unreachable, match="no mockidp answers at"),
    ):
        control.get("/users")


@pytest.mark.parametrize(
    "url",
    [
        *("localhost:9400", "ftp://localhost", "http://", "http://localhost:0", "http://[::1"),
        *(
            "http://localhost:x",
            "http://a b",
            "http://h/?a",
            "http://h/#a",
            "http://u@h",
            "http://ü",
            "http://a..b",
            f"http://{'a' * 64}",
            "http://localhost:65536",
        ),
    ],
)
def test_an_invalid_url_is_rejected_by_the_constructor(url):
    with pytest.raises(MockIdPError, match="is not a URL such as"):
        RemoteIdP(url)


@pytest.mark.parametrize("token", ["a b", "a\r\nb", "a\n", "tökn"])
def test_an_invalid_token_is_rejected_by_the_constructor_and_not_shown(token):
    with pytest.raises(MockIdPError, match=r"^the control token contains a character") as caught:
        RemoteIdP("http://localhost:9400", token=token)
    assert token not in str(caught.value)


def test_an_unreadable_ca_file_is_reported(tmp_path):
    with pytest.raises(MockIdPError, match=r"ca\.pem: cannot be read as a CA"):
        RemoteIdP("https://localhost:9443", ca_file=tmp_path / "ca.pem")


@pytest.mark.parametrize("body", [{"a": float("nan")}, {"a": object()}])
def test_a_body_that_is_not_json_is_rejected(body):
    with pytest.raises(MockIdPError, match="the body cannot be written as JSON"):
        ControlClient("http://localhost:1").post("/reset", body)


def test_the_timeout_grows_with_the_body_and_the_wait(monkeypatch, served):
    timeouts = []

    def send(_client, request):
        timeouts.append(request.timeout)
        return HttpResponse(status=200, headers=HTTPMessage(), body=b'{"items": []}')

    monkeypatch.setattr(HttpClient, "send", send)
    with closing(ControlClient(served.url)) as control:
        control.get("/users")
        control.get("/journal", wait=20)
        control.post("/tenants", {"snapshot": "x" * 10_000_000})
        with suppress(MockIdPError), RemoteIdP(served.url) as remote:
            remote.snapshot()
    assert timeouts == [10, 30, pytest.approx(30, abs=0.1), 70]


def test_non_ascii_text_is_sent_without_escapes(served):
    largest = {"note": "\u597d" * 3_300_000}
    with RemoteIdP(served.url) as idp:
        assert idp.add_user("mei", user_metadata=largest).user_metadata == largest


def test_https_trusts_only_the_given_ca():
    with MockIdP(tls=True) as served:
        with RemoteIdP(served.tls_url, ca_file=served.ca_file) as idp:
            assert idp.add_user("carol").user_id == "auth0|carol"
        with RemoteIdP(served.tls_url) as idp, pytest.raises(MockIdPError, match="is not trusted"):
            idp.add_user("carol")
