"""Why a browser hides a response from the page that requested it.

Spec: Fetch Standard, "CORS protocol".
Auth0: gives no reason, and the browser's console names neither the list nor the client.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.protocol.errors.oauth_error import NotFound
from mockidp.protocol.errors.refusal import Refusal
from mockidp.protocol.urls.origin import origin_of
from mockidp.protocol.urls.rules import ORIGINS
from mockidp.tenant.tenant import Tenant
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.cors import ALLOWED_HEADERS, is_allowed_origin

_BLOCKED = "The browser blocks"


def cors_hint(exchange: Exchange, refused: Refusal | None) -> tuple[bool, str]:
    """Return whether the browser blocks a page of another origin, and the hint that says why."""
    origin = exchange.environ.get("HTTP_ORIGIN")
    if not origin or exchange.is_control or origin == origin_of(exchange.base_url):
        return False, ""
    cors = exchange.route.cors
    if cors == "none":
        return False, _fetched_page(exchange, refused, origin)
    if cors == "listed" and not is_allowed_origin(exchange.tenant, exchange.base_url, origin):
        return True, _missing_origin(exchange, origin)
    hint = _refused_header(exchange)
    return bool(hint), hint


def _fetched_page(exchange: Exchange, refused: Refusal | None, origin: str) -> str:
    """Return a hint if a script fetched a page. Forms and links send another Sec-Fetch-Mode."""
    is_script = exchange.environ.get("HTTP_SEC_FETCH_MODE") == "cors"
    if not is_script or isinstance(refused, NotFound):
        return ""
    return (
        f"A script of origin {origin} requested {exchange.path}, and browsers keep the "
        "answer from it (CORS), as with Auth0. Navigate to the URL instead of fetching it."
    )


def _missing_origin(exchange: Exchange, origin: str) -> str:
    from mockidp.flows.hints.urls import how_to_add  # noqa: PLC0415 - few pages are blocked
    from mockidp.protocol.impersonation.url_differences import nearest_difference  # noqa: PLC0415 - as above

    if origin == "null":
        return (
            f"{_BLOCKED} this answer (CORS) because the origin is null, as for a file:// page or a "
            "sandboxed frame. No list can allow that. Serve the page over http or https."
        )
    client_id = exchange.client
    known = client_id in exchange.tenant.directory.clients
    remedy = (
        how_to_add(exchange.tenant.directory, client_id, "web_origins")
        if known
        else "To allow it, add it to `web_origins` of the client that the page logs in with, in "
        "the tenant file, and run `mockidp push FILE`."
    )
    shown = origin if "://" in origin else repr(origin)
    entries = tuple(dict.fromkeys(_entries(exchange.tenant, client_id if known else None)))
    return (
        f"{_BLOCKED} this answer (CORS) because origin {shown} is in no client's `web_origins` or "
        f"`allowed_origins`. {nearest_difference(origin, entries, ORIGINS)} {remedy}"
    )


def _entries(tenant: Tenant, client_id: str | None) -> Iterator[str]:
    for client in tenant.directory.clients.values():
        if client_id in (None, client.client_id):
            yield from (*client.web_origins, *client.allowed_origins, *client.callbacks)


def _refused_header(exchange: Exchange) -> str:
    if exchange.method != "OPTIONS":
        return ""
    requested = exchange.request.headers.get("Access-Control-Request-Headers", "")
    names = [name.strip().lower() for name in requested.split(",")]
    refused = ", ".join(name for name in names if name and name not in ALLOWED_HEADERS)
    if not refused:
        return ""
    return (
        f"{_BLOCKED} this call (CORS) because it has the header {refused}. Pages of other origins "
        f"may send {', '.join(ALLOWED_HEADERS)}."
    )
