"""The banner that `mockidp serve` prints: URLs, clients, users, APIs, and how to trust the CA."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import click

from mockidp.cli.options import DEFAULT_URL
from mockidp.cli.shells import export_lines, quoted
from mockidp.protocol.urls.origin import with_host
from mockidp.protocol.urls.rules import TEST_PAGE, first_url
from mockidp.tenant.content.try_client import TEST_CLIENT_ID

if TYPE_CHECKING:
    from mockidp.resources.client import Client
    from mockidp.resources.user import User
    from mockidp.tenant.content.document import TenantDocument

_CALLBACKS = 3
"""Callbacks that are shown for each client."""


def banner(
    document: TenantDocument,
    *,
    url: str,
    tls_url: str | None,
    issuer: str,
    browser_url: str,
    data_dir: Path | None,
) -> str:
    """Return the banner. `data_dir` is the directory of the CA, or None without https."""
    name = document.tenant.friendly_name or "mockidp"
    lines = [
        click.style(f"mockidp serves {name}", bold=True) + " - a mock, not affiliated with Auth0",
        f"  http    {url}",
        f"  https   {tls_url or 'off'}",
        f"  issuer  {issuer}{_https_issuer(url, tls_url, issuer)}",
        *_domain_lines(document, url),
        f"  console {browser_url}/_mockidp/",
        f"  login   {_login_url(document, browser_url)}",
        *_section("clients", _client_lines(document)),
        *_section("users", map(_user_line, document.users) if document.users else _no_users()),
        *_section("APIs", _api_lines(document)),
    ]
    if data_dir is not None:
        lines += _trust_lines(url, issuer, data_dir)
    lines += _section(
        "not acted on, and Auth0 would answer differently",
        (f"{path}: {text}" for path, text in document.differs),
    )
    if document.not_acted_on:
        lines.append(f"  not acted on: {', '.join(document.not_acted_on)}")
    lines += _section("notes", map(str, document.notes))
    return "\n".join([*lines, "  Press Ctrl-C to stop."])


def _https_issuer(url: str, tls_url: str | None, issuer: str) -> str:
    """Return the issuer for https, if it depends on the URL that a client uses."""
    return f" ({tls_url}/ over https)" if tls_url and issuer == f"{url}/" else ""


def _domain_lines(document: TenantDocument, url: str) -> Iterator[str]:
    """Yield the issuers of custom domains."""
    for one in document.custom_domains:
        if one.is_ready:
            yield f"          {with_host(url, one.domain)}/ at the custom domain"


def _client_lines(document: TenantDocument) -> Iterator[str]:
    if document.mockidp.accept_any_client:
        yield "any client is accepted: any client id, any secret, any callback on this machine"
    yield from map(_client_line, document.clients)


def _api_lines(document: TenantDocument) -> Iterator[str]:
    if document.mockidp.accept_any_audience:
        yield "any audience is accepted"
    yield from (api.identifier for api in document.resource_servers)


def _client_line(client: Client) -> str:
    kind = "global" if client.is_global else client.app_type or "regular_web"
    shown, more = client.callbacks[:_CALLBACKS], len(client.callbacks[_CALLBACKS:])
    also = f" and {more} more" if more else ""
    return f"{client.client_id}  {kind}  {' '.join(shown)}{also}".rstrip()


def _user_line(user: User) -> str:
    return f"{user.user_id}  {user.email or user.username or ''}".rstrip()


def _no_users() -> list[str]:
    from mockidp.tenant.content.no_users import EXAMPLE, HOW_TO_ADD

    return [f"none, so no one can log in. {HOW_TO_ADD}", EXAMPLE]


def _section(title: str, entries: Iterable[str]) -> list[str]:
    found = list(entries)
    return [f"  {title}", *(f"    {entry}" for entry in found)] if found else []


def _login_url(document: TenantDocument, url: str) -> str:
    """Return a URL that starts a login, for the test client if there is one."""
    if any(one.client_id == TEST_CLIENT_ID for one in document.clients):
        return f"{url}{TEST_PAGE}/login"
    client = next((one for one in document.clients if first_url(one.callbacks)), None)
    query = {
        "client_id": client.client_id if client else "any",
        "response_type": "code",
        "redirect_uri": first_url(client.callbacks if client else ())
        or "http://localhost:3000/callback",
        "scope": "openid profile email",
        "state": "hello",
    }
    return f"{url}/authorize?{urlencode(query)}"


def _trust_lines(url: str, issuer: str, data_dir: Path) -> list[str]:
    """Return a `mockidp env` command that works in any directory, and its output."""
    from mockidp.tls import CA_FILE, environment

    options = "" if url == DEFAULT_URL else f" --url {quoted(url)}"
    if issuer != f"{url}/":
        options += f" --issuer {quoted(issuer)}"
    options += f" --data-dir {quoted(str(data_dir.absolute()))}"
    values = {"MOCKIDP_URL": url, **environment(issuer, data_dir)}
    return [
        f"  CA      {data_dir.absolute() / CA_FILE}",
        f'  trust   eval "$(mockidp env{options})", or run:',
        *(f"    {line}" for line in export_lines(values, "bash")),
    ]
