"""Each endpoint's body limit applies before the body is read."""

import http.client
import io
import json
import socket
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest

from helpers.tenant_client import hint
from mockidp.server import Address, Server
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app
from mockidp.web.control.guard import MAX_BODY as MAX_CONTROL_BODY
from mockidp.web.control.guard import MAX_STATE, MAX_STATE_IN_PIECES
from mockidp.web.routing.route import MAX_BODY

pytestmark = pytest.mark.usefixtures("no_tracebacks")

LARGE = 64 * 1024 * 1024
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
TOKEN = "steer-me"


@pytest.fixture(scope="module")
def port():
    app = create_app(Tenant(), control_token=TOKEN)
    with Server(app, listen=[Address(host="127.0.0.1", port=0)]) as server:
        yield server.port


def connect(port):
    return closing(socket.create_connection(("127.0.0.1", port), timeout=20))


def head(method, path, kind=FORM, *lines, host="localhost"):
    fields = (f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Type: {kind}", *lines)
    return "\r\n".join((*fields, "", "")).encode()


def read(sock):
    answer = http.client.HTTPResponse(sock)
    answer.begin()
    answer.text = answer.read().decode()
    return answer


@pytest.mark.parametrize("framing", [f"Content-Length: {LARGE}", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize(
    ("request_line", "more", "expected"),
    [
        (("POST", "/oauth/token", FORM), {}, (413, f"more than {MAX_BODY} bytes")),
        (("POST", "/oauth/token", JSON), {}, (413, f"more than {MAX_BODY} bytes")),
        (("POST", "/oauth/revoke", FORM), {}, (413, f"more than {MAX_BODY} bytes")),
        (("POST", "/authorize", FORM), {}, (413, f"more than {MAX_BODY} bytes")),
        (("POST", "/u/login", FORM), {}, (413, f"more than {MAX_BODY} bytes")),
        (("POST", "/oidc/logout", FORM), {}, (413, f"more than {MAX_BODY} bytes")),
        (("POST", "/nowhere", FORM), {}, (404, "has such an endpoint")),
        (("POST", "/dbconnections/signup", JSON), {}, (413, f"more than {MAX_BODY} bytes")),
        (("POST", "/bc-authorize", JSON), {}, (501, "mockidp does not have it")),
        (("PUT", "/oauth/token", FORM), {}, (404, "This path does not accept PUT. Use POST.")),
        (("DELETE", "/_mockidp/v1/tenant", JSON), {}, (405, "This path does not accept DELETE. Use ")),
        (("PUT", "/_mockidp/v1/tenant", JSON), {}, (401, "bearer token")),
        (("PUT", "/_mockidp/v1/tenant", JSON), {"token": "wrong"}, (401, "bearer token")),
        (("PUT", "/_mockidp/v1/tenant", FORM), {"token": TOKEN}, (415, "application/json")),
        (("POST", "/oauth/token", FORM), {"host": "evil.example"}, (400, "does not answer to")),
        (("PUT", "/_mockidp/v1/tenant", JSON), {"host": "evil.example", "token": TOKEN}, (400, "does not answer to")),
    ],
)  # fmt: skip
def test_a_large_body_is_refused_before_it_is_read(port, framing, request_line, more, expected):
    status, reason = expected
    lines = [framing]
    if "token" in more:
        lines.append(f"Authorization: Bearer {more['token']}")
    sent = head(*request_line, *lines, host=more.get("host", "localhost"))
    if "chunked" in framing:
        # What the server reads ahead, and one more byte. The rest is never sent.
        sent += b"%x\r\n" % (2 * MAX_BODY) + b"a" * (MAX_BODY + 1)
    with connect(port) as sock:
        sock.sendall(sent)
        answer = read(sock)
    assert (answer.status, answer.getheader("Connection")) == (status, "close")
    assert reason in answer.getheader("Mockidp-Hint")


@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("PUT", "/_mockidp/v1/tenant", MAX_CONTROL_BODY),
        ("POST", "/_mockidp/v1/faults", MAX_CONTROL_BODY),
        ("PUT", "/_mockidp/v1/snapshot", MAX_STATE_IN_PIECES),
        ("POST", "/_mockidp/v1/tenants", MAX_STATE),
    ],
)
def test_a_call_of_the_control_api_has_the_limit_of_its_operation(port, method, path, limit):
    lines = (f"Authorization: Bearer {TOKEN}", f"Content-Length: {limit + 1}")
    with connect(port) as sock:
        sock.sendall(head(method, path, JSON, *lines))
        answer = read(sock)
    assert answer.status == 413
    by_server = f"the body has over {limit} bytes"
    expected = by_server if limit == MAX_STATE_IN_PIECES else f"more than {limit} bytes"
    assert expected in answer.text


def test_a_chunked_call_of_the_control_api_is_read_up_to_its_limit_and_no_further(port):
    authorization = f"Authorization: Bearer {TOKEN}"
    sent = head("PUT", "/_mockidp/v1/tenant", JSON, authorization, "Transfer-Encoding: chunked")
    with connect(port) as sock:
        sock.sendall(sent + b"%x\r\n" % LARGE + b" " * (MAX_CONTROL_BODY + 1))
        answer = read(sock)
    assert answer.status == 413
    assert f"more than {MAX_CONTROL_BODY} bytes" in json.loads(answer.text)["detail"]


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_body_of_exactly_the_limit_is_read(port, framing):
    body = b"grant_type=telepathy&client_id=web&x="
    body += b"x" * (MAX_BODY - len(body))
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    with connect(port) as sock:
        for _ in range(2):
            if framing == "length":
                sock.sendall(head("POST", "/oauth/token", FORM, f"Content-Length: {len(body)}"))
                sock.sendall(body)
            else:
                sock.sendall(head("POST", "/oauth/token", FORM, "Transfer-Encoding: chunked"))
                sock.sendall(chunks)
            answer = read(sock)
            assert answer.status == 501
            assert "telepathy" in answer.text


def test_ten_bodies_of_64_mb_at_once_take_no_memory(port):
    body = b"x" * LARGE

    def post(_):
        with connect(port) as sock:
            sock.sendall(head("POST", "/oauth/token", FORM, f"Content-Length: {LARGE}") + b"x")
            answer = read(sock)
            # The answer arrives before the body is sent.
            with suppress(OSError):
                sock.sendall(body)
            return answer.status

    tracemalloc.start()
    try:
        with ThreadPoolExecutor(10) as pool:
            statuses = list(pool.map(post, range(10)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert statuses == [413] * 10
    assert peak < LARGE / 4


def test_the_limit_holds_for_a_server_that_does_not_know_the_length(idp):
    answer = idp.request(
        "POST",
        "/oauth/token",
        input_stream=io.BytesIO(b"x" * (MAX_BODY + 1)),
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_TYPE": FORM},
    )
    assert answer.status_code == 413
    assert hint(answer).endswith(
        f"more than {MAX_BODY} bytes, which is the limit of this endpoint."
    )


@pytest.mark.parametrize("path", ["/oauth/token", "/_mockidp/v1/users"])
def test_a_body_that_ends_too_early_is_refused_with_the_cause(idp, path):
    environ = {"CONTENT_TYPE": JSON, "CONTENT_LENGTH": "100"}
    stream = io.BytesIO(b"{}")
    answer = idp.request("POST", path, input_stream=stream, environ_overrides=environ)
    assert answer.status_code == 400
    assert hint(answer) == "The body ends too early, or one of its chunks is malformed."
