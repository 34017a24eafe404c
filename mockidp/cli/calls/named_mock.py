"""Find the mock that a link or a token names, and call it if that is safe."""

from __future__ import annotations

import os
import re
from urllib.parse import parse_qsl

import click

from mockidp.cli.calls.server_call import announce, connect, mark_as_announced
from mockidp.clients.remote.control_client import Refused, parse_url
from mockidp.errors import MockIdPError, Unreachable
from mockidp.frozen import frozen
from mockidp.protocol.urls.login_url import parse_login_url
from mockidp.protocol.urls.origin import is_loopback_url, origin_of

_LINK = re.compile(r"(https?://[^?#]+)/users/[^/?#]+/impersonate(?:[?#]|$)", re.IGNORECASE)
_PATIENCE = 3.0
"""Seconds. Few are enough, because the mock is local or on the same server as the other one."""
_TOKEN_NEEDED = 401


@frozen(kw_only=False)
class NamedMock:
    """The URL of a mock, and where that URL was found."""

    url: str
    source: str


def named_mock(thing: str) -> NamedMock | None:
    """Return the mock of a link, of a login URL or of a token's `iss`; None for anything else."""
    thing = thing.strip()
    if link := _LINK.match(thing):
        origin = origin_of(link[1])
        return _usable(origin.lower() + link[1][len(origin) :], "the link")
    if login := parse_login_url(thing):
        return _usable(login.base_url, "the login URL")
    for token in [thing] if "://" not in thing else _tokens_of(thing):
        issuer = _issuer_of(token)
        if isinstance(issuer, str) and (found := _usable(issuer.rstrip("/"), "the token's iss")):
            return found
    return None


def call_named(named: NamedMock, url: str, thing: str) -> dict[str, object] | None:
    """Explain a link or token with the mock that it names, or print why that mock is not called.

    A link may come from a stranger, so the command only calls mocks on this machine or on the same
    server as the mock at `url`. Only that server gets the control token.
    """
    is_same_server = origin_of(named.url) == origin_of(url).lower()
    if not is_same_server and not is_loopback_url(named.url):
        _print_why_not(named, url, f"{origin_of(named.url)} is not on this machine")
        return None
    try:
        token = os.environ.get("MOCKIDP_CONTROL_TOKEN") if is_same_server else None
        control = connect(named.url, token=token)
        control.health(timeout=_PATIENCE)
        answer: dict[str, object] = control.post("/explain", {"thing": thing}, wanted="accepted")
    except Unreachable as error:
        _print_why_not(named, url, str(error))
        return None
    except Refused as refused:
        if refused.status != _TOKEN_NEEDED:
            raise
        _print_why_not(
            named, url, "it requires the control token, which is only sent to the mock at --url"
        )
        return None
    announce(control.url, named.source)
    return answer


def _print_why_not(named: NamedMock, url: str, reason: str) -> None:
    click.echo(
        f"mockidp: calling the mock at {url}, not the one that {named.source} names: {reason}",
        err=True,
    )
    mark_as_announced(url)


def _usable(url: str, source: str) -> NamedMock | None:
    try:
        parse_url(url)
    except MockIdPError:
        return None
    return NamedMock(url, source)


def _tokens_of(callback: str) -> list[str]:
    """Return the tokens in the URL of a callback."""
    query, _, fragment = callback.partition("#")
    carried = parse_qsl(query.partition("?")[2]) + parse_qsl(fragment)
    return [value for name, value in carried if name in ("access_token", "id_token")]


def _issuer_of(token: str) -> object:
    from mockidp.protocol.tokens.jwt import InvalidJwt, decode

    try:
        return decode(token)[1].get("iss")
    except InvalidJwt:
        return None
