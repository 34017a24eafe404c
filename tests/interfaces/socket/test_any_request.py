"""Any bytes over a socket get one well-formed response, and never a 500."""

import json
import re
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("no_tracebacks")

HEAD = re.compile(
    rb"HTTP/1\.1 ([1-5]\d\d) [ -~]*\r\n((?:[A-Za-z0-9-]+: [ -~]*\r\n)*)\r\n", re.DOTALL
)
TARGETS = [
    "/", "/authorize", "/oauth/token", "/oauth/revoke", "/userinfo", "/u/login", "/v2/logout",
    "/oidc/logout", "/authorize/resume", "/.well-known/openid-configuration", "/_mockidp/health",
    "/_mockidp/v1/explain", "/_mockidp/v1/tokens", "/_mockidp/v1/impersonation-links",
    "/users/auth0%7Calice/impersonate", "/dbconnections/signup", "/dbconnections/change_password", "/u/signup",
    "/u/signup/password", "/u/reset-password", "/u/reset-password/request/x", "/u/email-verification",
    "/api/v2/users",
]  # fmt: skip
PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
NAMES = st.sampled_from(
    ["client_id", "client_secret", "grant_type", "code", "scope", "state", "redirect_uri", "nonce",
     "response_type", "prompt", "max_age", "audience", "bewit", "access_token", "thing", "user",
     "refresh_token", "username", "password", "realm", "ttl", "login_hint", "code_challenge",
     "code_challenge_method", "code_verifier", "response_mode", "token", "returnTo", "protocol",
     "impersonator_id", "additionalParameters", "callback_url", "client"]
)  # fmt: skip
KNOWN = st.sampled_from(
    ["acme-web", "acme-web-secret", "acme-spa", "acme-global", "code", "token", "authorization_code",
     "client_credentials", "refresh_token", "password", "auth0|alice", "alice", "oauth2", "none",
     "http://localhost:3000/callback", "https://api.acme.example/", "openid", "S256", "form_post"]
)  # fmt: skip
# Texts that break a header line if a hint contains them unescaped.
NASTY = st.text(
    st.sampled_from("\r\n\t\0\x7f:日é\u2028%7C \\'\"<>&=#")
    | st.characters(exclude_categories=["Cs"]),
    max_size=20,
)
TEXTS = KNOWN | NASTY
FORM = st.lists(st.tuples(NAMES | NASTY, TEXTS), max_size=8)


def escape(text, safe):
    return "".join(
        chr(byte) if chr(byte) in safe else f"%{byte:02X}" for byte in text.encode("utf-8")
    )


def encode(form):
    safe = string.ascii_letters + string.digits
    return "&".join(f"{escape(name, safe)}={escape(value, safe)}" for name, value in form)


def check(received, *, may_be_empty=False):
    """Parse a response strictly, and return its status and headers."""
    if may_be_empty and not received:
        return None
    match = HEAD.match(received)
    assert match, received[:500]
    status = int(match[1])
    assert status != 500, received
    headers = dict(line.split(b": ", 1) for line in match[2].split(b"\r\n") if line)
    assert not {name.lower() for name in headers} & {b"x-evil"}
    assert len(headers.get(b"Mockidp-Hint", b"")) <= 1000
    assert len(received) - match.end() == int(headers.get(b"Content-Length", b"0"))
    return status, headers


def request(wire, method, target, body=b"", *lines):
    head = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{wire.port}", *lines]
    if body:
        head.append(f"Content-Length: {len(body)}")
    head.append("Connection: close")
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes(wire, data):
    check(wire.exchange(data + b"\r\n\r\n"), may_be_empty=True)


@settings(max_examples=200, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"]),
    target=st.tuples(st.sampled_from(TARGETS), st.text(st.sampled_from(PRINTABLE), max_size=40)),
    fields=st.lists(
        st.tuples(
            st.sampled_from(
                ["Origin", "Cookie", "Authorization", "Content-Type", "Accept", "X-Forwarded-Host",
                 "Access-Control-Request-Method", "Transfer-Encoding", "Expect", "Content-Encoding"]
            ),
            st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=40),
        ),
        max_size=3,
    ),
    body=st.binary(max_size=200),
)  # fmt: skip
def test_any_request_line_and_headers(wire, method, target, fields, body):
    lines = [f"{name}: {value}" for name, value in fields]
    check(wire.exchange(request(wire, method, "".join(target), body, *lines)))


@settings(max_examples=300, deadline=None)
@given(method=st.sampled_from(["GET", "POST"]), target=st.sampled_from(TARGETS), form=FORM)
def test_any_query(wire, method, target, form):
    status, headers = check(wire.exchange(request(wire, method, f"{target}?{encode(form)}")))
    if status >= 400:
        assert headers[b"Mockidp-Hint"]


@settings(max_examples=300, deadline=None)
@given(target=st.sampled_from(TARGETS), form=FORM)
def test_any_form(wire, target, form):
    kind = "Content-Type: application/x-www-form-urlencoded"
    status, headers = check(
        wire.exchange(request(wire, "POST", target, encode(form).encode(), kind))
    )
    if status >= 400:
        assert headers[b"Mockidp-Hint"]


@settings(max_examples=300, deadline=None)
@given(
    target=st.sampled_from(TARGETS),
    body=st.dictionaries(
        NAMES | NASTY,
        TEXTS | st.none() | st.integers() | st.lists(TEXTS, max_size=2) | st.dictionaries(NAMES, TEXTS, max_size=3),
        max_size=6,
    ),
    ascii=st.booleans(),
)  # fmt: skip
def test_any_json(wire, target, body, ascii):  # noqa: A002 - json's own name
    data = json.dumps(body, ensure_ascii=ascii).encode()
    kind = "Content-Type: application/json"
    status, headers = check(wire.exchange(request(wire, "POST", target, data, kind)))
    if status >= 400:
        assert headers[b"Mockidp-Hint"]


@settings(max_examples=200, deadline=None)
@given(
    name=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"), max_size=900),
    times=st.integers(1, 4),
)  # fmt: skip
def test_any_parameter_added_to_a_link(wire, name, times):
    link = wire.link()
    status, headers = check(wire.exchange(request(wire, "GET", link + f"&{name}" * times)))
    assert status in (400, 401)
    assert headers[b"Mockidp-Hint"]
    assert wire.ask("GET", link)[0] == 302


@settings(max_examples=200, deadline=None)
@given(text=NASTY)
@example(text="é" * 2000)
def test_any_name_in_a_hint(wire, text):
    body = json.dumps({"user": f"x{text}\r\nX-Evil: 1"}).encode()
    kind = "Content-Type: application/json"
    target = "/_mockidp/v1/impersonation-links"
    status, headers = check(wire.exchange(request(wire, "POST", target, body, kind)))
    assert status == 400
    assert headers[b"Mockidp-Hint"]
