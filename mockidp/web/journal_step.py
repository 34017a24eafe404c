"""The journal step: record an exchange in the tenant's journal, with its secrets cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.protocol.origin import origin_of
from mockidp.protocol.parameters import parse_form
from mockidp.tenant.journal import JournalEntry
from mockidp.web.exchange import Exchange
from mockidp.web.outcome import Outcome
from mockidp.web.shown import shown_parameters, shown_path

_LINKS = ("impersonation_link", "unmatched")
"""The endpoints of links, and of links whose path was changed on the way."""


def record(exchange: Exchange, outcome: Outcome) -> None:
    """Record an exchange. Control requests, and those from before a reset, are left out."""
    if exchange.is_control or exchange.is_outlived or not exchange.route.is_recorded:
        return
    tenant, refused, trace = exchange.tenant, outcome.refused, exchange.tenant.trace
    endpoint = exchange.route.endpoint
    notes = dict(trace.notes)
    sent = exchange.sent or _query(exchange)
    entry = {
        "at": exchange.begun_at,
        "endpoint": endpoint,
        "method": exchange.request.method,
        "url": origin_of(exchange.base_url) + shown_path(exchange.target.partition("?")[0]),
        "parameters": shown_parameters(sent, in_link=endpoint in _LINKS),
        "client": notes.pop("client", None) or exchange.client_id or None,
        "user": notes.pop("user", None),
        "grant": notes.pop("grant", None) or _text(sent, "grant_type"),
        "audience": notes.pop("audience", None) or _text(sent, "audience"),
        "status": outcome.response.status_code,
        "error": refused.error if refused else None,
        "description": refused.message if refused else None,
        "hint": outcome.hint,
        "trace": tuple(trace.checks),
        "duration": tenant.now() - exchange.begun_at,
        "tokens": tuple(trace.tokens),
        "faults": tuple(tenant.injection.fired),
        "notes": notes,
        "is_bug": outcome.is_bug,
        "is_blocked_by_cors": outcome.is_blocked_by_cors,
    }
    tenant.journal.add(lambda number: JournalEntry(number=number, **entry))


def _query(exchange: Exchange) -> Mapping[str, Any]:
    """Return the query of a request whose handler has read no parameters."""
    try:
        return parse_form(exchange.target.partition("?")[2]).raw()
    except InvalidRequest:
        return {}


def _text(sent: Mapping[str, Any], name: str) -> str | None:
    """Return a parameter of a request that was refused before a flow noted it."""
    value = sent.get(name)
    return value if value and isinstance(value, str) else None
