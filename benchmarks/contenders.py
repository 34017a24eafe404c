"""Who is measured: how each is started, and what a client says to it."""

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from scratch import Scratch
from wire import body_of, cookie_of, expect, get, location_of, post

Flow = Generator[bytes, bytes, bytes]
"""Yields requests, is sent their answers, and returns the last answer's body."""

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """A server, its command with `{port}` in it, and its ways."""

    name: str
    command: tuple[str, ...]
    jwks_path: str
    token_flow: Callable[[int], Flow]
    """The shortest way to a signed token."""
    signed: str = "access_token"
    """The member of its answer that is a JWT."""


def single(request: bytes) -> Flow:
    """One request, which has to be accepted."""
    return body_of(expect((yield request), 200))


def mockidp(scratch: Scratch, *arguments: str, name: str = "mockidp") -> Contender:
    """Mockidp, installed; `arguments` follow `mockidp serve`."""
    command = str(scratch.mockidp / "bin" / "mockidp")
    return Contender(
        name=name,
        command=(command, "serve", "--listen", "localhost:{port}", *arguments),
        jwks_path="/.well-known/jwks.json",
        token_flow=lambda port: single(mockidp_client_credentials(port)),
    )


def oidc_provider_mock(scratch: Scratch) -> Contender:
    """The peer in Python, which has no client credentials: a token takes a login."""
    return Contender(
        name="oidc-provider-mock",
        command=(str(scratch.oidc_provider_mock), "-p", "{port}"),
        jwks_path="/jwks",
        token_flow=oidc_provider_mock_code_flow,
        signed="id_token",
    )


def oidc_provider_mock_one_key(scratch: Scratch) -> Contender:
    """The same with its key imported once; for information."""
    script = Path(__file__).with_name("oidc_provider_mock_one_key.py")
    python = scratch.oidc_provider_mock.with_name("python")
    return replace(
        oidc_provider_mock(scratch),
        name="oidc-provider-mock with one key import",
        command=(str(python), str(script), "-p", "{port}"),
    )


def oauth2_mock_server(scratch: Scratch) -> Contender:
    """The peer in Node."""
    return Contender(
        name="oauth2-mock-server",
        command=("node", str(scratch.oauth2_mock_server), "-a", "127.0.0.1", "-p", "{port}"),
        jwks_path="/jwks",
        token_flow=lambda port: single(oauth2_mock_server_client_credentials(port)),
    )


def mockidp_client_credentials(port: int) -> bytes:
    """A machine's token for an API, its secret checked."""
    return post(
        "/oauth/token",
        port,
        grant_type="client_credentials",
        client_id="acme-m2m",
        client_secret="acme-m2m-secret",
        audience=API,
    )


def oauth2_mock_server_client_credentials(port: int) -> bytes:
    """The same request, as that peer reads it."""
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
    """Authorize, log in with a password, resume: what a browser does. Returns the code."""
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
    """A whole login: a code, redeemed for an access token and an ID token, both signed."""
    code = yield from mockidp_code(port, scope=scope, audience=audience, with_page=with_page)
    return (yield from single(_redeem("/oauth/token", port, code.decode(), "acme-web")))


def oidc_provider_mock_code_flow(port: int, *, with_page: bool = True) -> Flow:
    """That peer's whole login; its access token is opaque, so that one signature is made."""
    query = urlencode(_authorize_query("acme-web", "openid profile email"))
    page = f"/oauth2/authorize?{query}"
    if with_page:
        expect((yield get(page, port)), 200)
    code = _code(location_of((yield post(page, port, sub="alice@acme.example"))))
    return (yield from single(_redeem("/oauth2/token", port, code, "acme-web")))


def members(body: bytes) -> dict[str, str]:
    """Return a token response as a dict."""
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
