"""A tenant behind its real server answers any bytes."""

import http.client
import json
import logging
import socket
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.tenant_client import TenantClient
from mockidp.server import Address, Server

pytestmark = pytest.mark.usefixtures("no_tracebacks")

FUZZ = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PATHS = st.sampled_from(
    [
        b"/authorize",
        b"/u/login",
        b"/v2/logout",
        b"/oidc/logout",
        b"/userinfo",
        b"/oauth/token",
        b"/",
    ]
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=1200)


@pytest.fixture(scope="module")
def port():
    with Server(TenantClient().app, listen=[Address(host="127.0.0.1", port=0)]) as server:
        yield server.port


def exchange(port, data):
    """Send bytes on a new connection. Return the answer, as http.client parses it."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as sock:
        sock.sendall(data)
        with closing(http.client.HTTPResponse(sock)) as answer:
            answer.begin()
            answer.body = answer.read()
            return answer


def percent(text):
    return "".join(f"%{byte:02x}" for byte in text.encode()).encode()


def head(method, target, body=b"", kind=b"application/x-www-form-urlencoded", more=b""):
    return (
        method + b" " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Content-Type: " + kind + b"\r\nContent-Length: " + str(len(body)).encode()
        + b"\r\n" + more + b"\r\n" + body
    )  # fmt: skip


def assert_sound(answer):
    assert answer.status not in {500, 502}
    hint = answer.headers.get("Mockidp-Hint", "")
    assert hint.isascii()
    assert len(hint) <= 1000
    assert "a bug in mockidp" not in hint
    assert "X-Injected" not in answer.headers


@FUZZ
@given(path=PATHS, text=TEXT)
def test_any_text_may_be_a_client_or_a_url(port, path, text):
    value = percent(text)
    query = b"?client_id=" + value + b"&returnTo=" + value + b"&redirect_uri=" + value
    assert_sound(exchange(port, head(b"GET", path + query)))
    assert_sound(exchange(port, head(b"POST", path, query[1:])))


@FUZZ
@given(path=PATHS, query=st.binary(max_size=60).filter(lambda b: not set(b) & set(b"\r\n ")))
def test_any_bytes_may_be_in_a_query(port, path, query):
    assert_sound(exchange(port, head(b"GET", path + b"?client_id=web&state=" + query)))


@FUZZ
@given(path=PATHS, body=st.binary(max_size=80), kind=st.sampled_from([b"application/json", b"x/y"]))
def test_any_bytes_may_be_a_body(port, path, body, kind):
    assert_sound(exchange(port, head(b"POST", path, body, kind)))


@FUZZ
@given(value=st.binary(max_size=60).filter(lambda b: not set(b) & set(b"\r\n\0")))
def test_any_bytes_may_be_in_a_header(port, value):
    for name in (b"Authorization: Bearer ", b"Authorization: Basic ", b"Cookie: auth0-http="):
        more = name + value + b"\r\n"
        assert_sound(exchange(port, head(b"GET", b"/userinfo", more=more)))
        assert_sound(exchange(port, head(b"GET", b"/authorize?client_id=web", more=more)))
    assert_sound(exchange(port, head(b"POST", b"/oauth/token", more=b"Origin: " + value + b"\r\n")))


def test_a_line_break_in_a_callback_adds_no_header(port):
    query = b"?client_id=web&returnTo=http://localhost:3000/bye?%0d%0aX-Injected:%201"
    answer = exchange(port, head(b"GET", b"/v2/logout" + query))
    assert answer.status == 302
    assert answer.headers["Location"] == "http://localhost:3000/bye?%0D%0AX-Injected:%201"
    assert_sound(answer)


def test_a_hint_with_non_latin_text_arrives_complete(port):
    answer = exchange(port, head(b"GET", b"/authorize?client_id=" + percent("山田\n太郎")))
    assert answer.status == 400
    assert "%E5%B1%B1%E7%94%B0" in answer.headers["Mockidp-Hint"]
    assert_sound(answer)


def test_a_chunked_form_is_read(port):
    body = b"grant_type=telepathy&client_id=spa"
    chunks = f"{len(body):x}".encode() + b"\r\n" + body + b"\r\n0\r\n\r\n"
    data = (
        b"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    answer = exchange(port, data + chunks)
    assert answer.status == 501
    assert b"Unsupported grant type: telepathy" in answer.body


DISCOVERY = b"/.well-known/openid-configuration"


@pytest.mark.parametrize("host", [b"evil.example", b"localhost"])
def test_an_absolute_target_overrides_the_host_header(port, host):
    data = b"GET http://127.0.0.1:9400%s HTTP/1.1\r\nHost: %s\r\n\r\n" % (DISCOVERY, host)
    answer = exchange(port, data)
    assert answer.status == 200
    assert json.loads(answer.body)["issuer"] == "http://127.0.0.1:9400/"


def test_a_foreign_absolute_target_is_refused_like_a_foreign_host(port):
    answers = [
        exchange(
            port, b"GET http://evil.example%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % DISCOVERY
        ),
        exchange(port, b"GET %s HTTP/1.1\r\nHost: evil.example\r\n\r\n" % DISCOVERY),
    ]
    for answer in answers:
        assert answer.status == 400
        assert json.loads(answer.body)["error_description"] == "Unknown host"
        assert "'evil.example'" in answer.headers["Mockidp-Hint"]


def test_an_absolute_target_with_an_invalid_host_is_refused(port):
    for host in (b"a b".replace(b" ", b'"'), b"x:99999", b"[::1", b":80"):
        data = b"GET http://%s%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % (host, DISCOVERY)
        answer = exchange(port, data)
        assert answer.status == 400
        assert b"Host is" in answer.body or "`Host` is" in answer.headers["Mockidp-Hint"]


def test_a_raw_byte_in_a_query_is_refused(port):
    answer = exchange(port, head(b"GET", "/authorize?client_id=web&state=é".encode()))
    assert answer.status == 400
    assert b"percent-encode" in answer.body


def test_no_request_is_logged_as_a_bug(port, caplog):
    caplog.set_level(logging.INFO, logger="mockidp")
    exchange(port, head(b"GET", b"/nowhere"))
    assert [record.levelno for record in caplog.records] == [logging.INFO]
