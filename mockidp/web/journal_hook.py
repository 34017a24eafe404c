"""Each exchange into the tenant's journal, with its secrets cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug import Response

from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.protocol.origin import origin_of
from mockidp.protocol.parameters import parse_form
from mockidp.tenant.journal import JournalEntry
from mockidp.web.exchange import Exchange
from mockidp.web.route import Route
from mockidp.web.shown import shown_parameters, shown_path

_LINKS = ("impersonation_link", "nowhere")
"""Where links are opened, and where they come to if they were changed on their way."""


def record(exchange: Exchange, route: Route, response: Response) -> None:
    """Remember an exchange; what steers the mock is none, and one from before a reset is over."""
    if exchange.is_control or exchange.is_outlived:
        return
    tenant, refused = exchange.tenant, exchange.refused
    trace = tenant.trace
    notes = dict(trace.notes)
    sent = exchange.sent or _query(exchange)
    entry = {
        "at": exchange.begun_at,
        "endpoint": route.endpoint,
        "method": exchange.request.method,
        "url": origin_of(exchange.base_url) + shown_path(exchange.target.partition("?")[0]),
        "parameters": shown_parameters(sent, in_link=route.endpoint in _LINKS),
        "client": notes.pop("client", None) or exchange.client_id or None,
        "user": notes.pop("user", None),
        "grant": notes.pop("grant", None) or _text(sent, "grant_type"),
        "audience": notes.pop("audience", None) or _text(sent, "audience"),
        "status": response.status_code,
        "error": refused.error if refused else None,
        "description": refused.message if refused else None,
        "hint": exchange.hint,
        "trace": tuple(trace.checks),
        "duration": tenant.now() - exchange.begun_at,
        "tokens": tuple(trace.tokens),
        "faults": tuple(trace.faults),
        "notes": notes,
        "is_bug": exchange.is_bug,
    }
    tenant.journal.add(lambda number: JournalEntry(number=number, **entry))


def _query(exchange: Exchange) -> Mapping[str, Any]:
    """Return the query of a request whose handler read it in another way, or not at all."""
    try:
        return parse_form(exchange.target.partition("?")[2]).raw()
    except InvalidRequest:
        return {}


def _text(sent: Mapping[str, Any], name: str) -> str | None:
    """Return a parameter of a request that was refused before any flow looked at it."""
    value = sent.get(name)
    return value if value and isinstance(value, str) else None
