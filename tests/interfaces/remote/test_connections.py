"""What carries the calls: connections that are kept, servers that close them, what is no mockidp."""

import os
import select
import socket
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
    """A server that answers each request on each connection as is said, and counts."""

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
    """Serve connections one after the other; each is closed after its last answer."""
    with socket.create_server(("localhost", 0)) as listening:
        server = Scripted(listening, script)
        thread = threading.Thread(target=server.run)
        thread.start()
        yield server
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def served():
    with MockIdP() as idp:
        yield idp


def test_no_response_is_left_to_its_destructor_which_would_swallow_a_ctrl_c(monkeypatch):
    made = []

    class Response(HTTPResponse):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            made.append(self)

    monkeypatch.setattr(HTTPConnection, "response_class", Response)
    with scripted([OK, OK[:-2]]) as server, closing(ControlClient(server.url)) as control:
        control.get("/users")
        with pytest.raises(Unreachable):
            control.post("/users")
    assert [response.closed for response in made] == [True, True]


def test_one_connection_is_kept_for_calls_that_follow_each_other():
    with scripted([OK, OK]) as server, closing(ControlClient(server.url)) as control:
        assert [control.get("/users") for _ in "ab"] == [{"items": []}] * 2
    assert len(server.requests) == 2


def test_a_kept_connection_that_was_closed_is_replaced_before_anything_is_sent():
    with scripted([OK], [OK]) as server, closing(ControlClient(server.url)) as control:
        control.get("/users")
        (kept,) = control._http._idle
        assert select.select([kept.sock], [], [], 10)[0], "its end has come"
        control.post("/reset")
    assert [method for method, _ in server.requests] == [b"GET", b"POST"]


def test_a_get_whose_kept_connection_breaks_is_sent_again():
    with scripted([OK, b""], [OK]) as server, closing(ControlClient(server.url)) as control:
        control.get("/users")
        assert control.get("/clients") == {"items": []}
    assert [path[-8:] for _, path in server.requests] == [b"v1/users", b"/clients", b"/clients"]


def test_a_change_whose_kept_connection_breaks_is_not_sent_again():
    with scripted([OK, b""]) as server, closing(ControlClient(server.url)) as control:
        control.get("/users")
        with pytest.raises(Unreachable, match="no mockidp answers at"):
            control.post("/reset")
    assert len(server.requests) == 2


def test_many_call_at_once_over_a_connection_each(served):
    with RemoteIdP(served.url) as idp, ThreadPoolExecutor(8) as pool:
        users = list(pool.map(lambda number: idp.add_user(f"u{number}").user_id, range(64)))
    assert users == [f"auth0|u{number}" for number in range(64)]


def test_a_process_that_forks_and_its_child_do_not_read_each_others_answers(served):
    done = subprocess.run(
        [sys.executable, "-u", "-c", FORKS, served.url],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_was_kept_before_a_fork_is_not_used_after_it(served, monkeypatch):
    with closing(ControlClient(served.url)) as control:
        control.health()
        (kept,) = control._http._idle
        monkeypatch.setattr(os, "getpid", lambda: -1)
        control.health()
        (fresh,) = control._http._idle
        control.health()
        assert control._http._idle == [fresh]
    assert fresh is not kept
    assert kept.sock is None


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_ipv6_address_without_a_port_is_asked_at_the_port_of_its_scheme(monkeypatch, scheme):
    asked = []

    def refuse(address, *_):
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(Unreachable):
        ControlClient(f"{scheme}://[::1]/").health()
    assert asked == [("::1", {"http": 80, "https": 443}[scheme])]


def test_after_closing_a_verb_opens_another(served):
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
def test_what_answers_otherwise_is_no_mockidp(answer):
    with (
        scripted([answer]) as server,
        closing(ControlClient(server.url)) as control,
        pytest.raises(Unreachable, match="is not a mockidp; check the URL"),
    ):
        control.get("/users")


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]
)
def test_what_is_no_http_is_not_there(answer):
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
def test_what_is_no_url_is_told_at_once(url):
    with pytest.raises(MockIdPError, match="is not a URL such as"):
        RemoteIdP(url)


@pytest.mark.parametrize("token", ["a b", "a\r\nb", "a\n", "tökn"])
def test_a_token_that_cannot_be_sent_is_told_at_once_and_not_shown(token):
    with pytest.raises(MockIdPError, match=r"^the control token has a character") as caught:
        RemoteIdP("http://localhost:9400", token=token)
    assert token not in str(caught.value)


def test_a_ca_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(MockIdPError, match=r"ca\.pem: cannot be read as a CA"):
        RemoteIdP("https://localhost:9443", ca_file=tmp_path / "ca.pem")


@pytest.mark.parametrize("body", [{"a": float("nan")}, {"a": object()}])
def test_what_json_has_not_is_not_sent(body):
    with pytest.raises(MockIdPError, match="what is sent has to be what JSON has"):
        ControlClient("http://localhost:1").post("/reset", body)


def test_what_is_large_is_waited_for_longer(monkeypatch, served):
    waited = []

    def send(_client, request):
        waited.append(request.timeout)
        return HttpResponse(status=200, headers=HTTPMessage(), body=b'{"items": []}')

    monkeypatch.setattr(HttpClient, "send", send)
    with closing(ControlClient(served.url)) as control:
        control.get("/users")
        control.get("/journal", wait=20)
        control.post("/tenants", {"snapshot": "x" * 10_000_000})
        with suppress(MockIdPError), RemoteIdP(served.url) as remote:
            remote.snapshot()
    assert waited == [10, 30, pytest.approx(30, abs=0.1), 70]


def test_text_of_any_script_is_no_larger_than_it_is(served):
    largest = {"note": "\u597d" * 3_300_000}
    with RemoteIdP(served.url) as idp:
        assert idp.add_user("mei", user_metadata=largest).user_metadata == largest


def test_over_https_a_ca_is_trusted_that_is_named():
    with MockIdP(tls=True) as served:
        with RemoteIdP(served.tls_url, ca_file=served.ca_file) as idp:
            assert idp.add_user("carol").user_id == "auth0|carol"
        with RemoteIdP(served.tls_url) as idp, pytest.raises(MockIdPError, match="is not trusted"):
            idp.add_user("carol")
