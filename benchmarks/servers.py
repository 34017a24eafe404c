"""The measured servers: how each one is started, and the requests that a client sends to it."""

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from scratch import Scratch
from wire import body_of, cookie_of, expect, get, location_of, post

Flow = Generator[bytes, bytes, bytes]
"""Yields requests, receives their responses, and returns the body of the last response."""

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredServer:
    """A server: its command, which contains `{port}`, and how to get its keys and a token."""

    name: str
    command: tuple[str, ...]
    jwks_path: str
    token_flow: Callable[[int], Flow]
    """The shortest flow that returns a signed token."""
    signed_token: str = "access_token"
    """The member of its token response that is a JWT."""


def single(request: bytes) -> Flow:
    """Return a flow of one request, which must be answered with 200."""
    return body_of(expect((yield request), 200))


def mockidp(scratch: Scratch, *arguments: str, name: str = "mockidp") -> MeasuredServer:
    """Return the installed mockidp. `arguments` follow `mockidp serve`."""
    command = str(scratch.mockidp / "bin" / "mockidp")
    return MeasuredServer(
        name=name,
        command=(command, "serve", "--listen", "localhost:{port}", *arguments),
        jwks_path="/.well-known/jwks.json",
        token_flow=lambda port: single(mockidp_client_credentials(port)),
    )


def oidc_provider_mock(scratch: Scratch) -> MeasuredServer:
    """Return the peer in Python. It has no client credentials grant, so a token needs a login."""
    return MeasuredServer(
        name="oidc-provider-mock",
        command=(str(scratch.oidc_provider_mock), "-p", "{port}"),
        jwks_path="/jwks",
        token_flow=oidc_provider_mock_code_flow,
        signed_token="id_token",
    )


def oidc_provider_mock_one_key(scratch: Scratch) -> MeasuredServer:
    """Return the same peer with its key imported once, for information."""
    script = Path(__file__).with_name("oidc_provider_mock_one_key.py")
    python = scratch.oidc_provider_mock.with_name("python")
    return replace(
        oidc_provider_mock(scratch),
        name="oidc-provider-mock with one key import",
        command=(str(python), str(script), "-p", "{port}"),
    )


def oauth2_mock_server(scratch: Scratch) -> MeasuredServer:
    """Return the peer in Node."""
    return MeasuredServer(
        name="oauth2-mock-server",
        command=("node", str(scratch.oauth2_mock_server), "-a", "127.0.0.1", "-p", "{port}"),
        jwks_path="/jwks",
        token_flow=lambda port: single(oauth2_mock_server_client_credentials(port)),
    )


def mockidp_client_credentials(port: int) -> bytes:
    """Return a client credentials request, whose secret mockidp checks."""
    return post(
        "/oauth/token",
        port,
        grant_type="client_credentials",
        client_id="acme-m2m",
        client_secret="acme-m2m-secret",
        audience=API,
    )


def oauth2_mock_server_client_credentials(port: int) -> bytes:
    """Return the same request in the form that this peer reads."""
    return post(
        "/token",
        port,
        grant_type="client_credentials",
        client_id="acme-m2m",
        client_secret="acme-m2m-secret",
        aud=API,
        scope="read:items write:items",
    )


def mockidp_code(port: int, *, scope: str, audience: str = "", with_page: bool = True) -> Flow:
    """Authorize, log in with a password and resume, as a browser does. Return the code."""
    query = _authorize_query("acme-web", scope) | ({"audience": audience} if audience else {})
    page = location_of((yield get(f"/authorize?{urlencode(query)}", port)))
    page = _path(page)
    if with_page:
        expect((yield get(page, port)), 200)
    answer = yield post(page, port, username="alice@acme.example", password="Passw0rd!")
    callback = location_of((yield get(_path(location_of(answer)), port, cookie=cookie_of(answer))))
    return _code(callback).encode()


def mockidp_code_flow(
    port: int, *, scope: str = "openid profile email", audience: str = API, with_page: bool = True
) -> Flow:
    """Log in, and redeem the code for an access token and an ID token, both signed."""
    code = yield from mockidp_code(port, scope=scope, audience=audience, with_page=with_page)
    return (yield from single(_redeem("/oauth/token", port, code.decode(), "acme-web")))


def oidc_provider_mock_code_flow(port: int, *, with_page: bool = True) -> Flow:
    """Log in to this peer. Its access token is opaque, so it makes only one signature."""
    query = urlencode(_authorize_query("acme-web", "openid profile email"))
    page = f"/oauth2/authorize?{query}"
    if with_page:
        expect((yield get(page, port)), 200)
    code = _code(location_of((yield post(page, port, sub="alice@acme.example"))))
    return (yield from single(_redeem("/oauth2/token", port, code, "acme-web")))


def parse_token_response(body: bytes) -> dict[str, str]:
    """Parse a token response."""
    response: dict[str, str] = json.loads(body)
    return response


def _authorize_query(client_id: str, scope: str) -> dict[str, str]:
    return {
        "client_id": client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": scope,
        "state": "af0ifjsldkj",
        "nonce": "n-0S6_WzA2Mj",
    }


def _redeem(path: str, port: int, code: str, client_id: str) -> bytes:
    return post(
        path,
        port,
        grant_type="authorization_code",
        client_id=client_id,
        client_secret=f"{client_id}-secret",
        redirect_uri=CALLBACK,
        code=code,
    )


def _path(url: str) -> str:
    split = urlsplit(url)
    return f"{split.path}?{split.query}"


def _code(callback: str) -> str:
    return parse_qs(urlsplit(callback).query)["code"][0]
