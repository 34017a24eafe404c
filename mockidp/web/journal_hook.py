"""Each exchange into the tenant's journal, with its secrets cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from werkzeug import Response

from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.protocol.parameters import parse_form
from mockidp.tenant.journal import JournalEntry
from mockidp.tenant.trace import cut
from mockidp.web.exchange import Exchange
from mockidp.web.route import Route

_LONGEST_VALUE = 2000
_HIDDEN = re.compile(r"(secret|password|assertion)\]?$", re.IGNORECASE)
"""Names of parameters of which nothing is shown."""
_CUT = re.compile(r"(token|token_hint|code|verifier|challenge)\]?$|bewit", re.IGNORECASE)
"""Names of parameters of which the beginning is shown; a plain challenge is the verifier."""
_CUT_WITHIN = re.compile(r"((?:token|code|bewit\w*)(?:=|%3D))([\w.~-]+)", re.IGNORECASE)
"""The same in a URL."""
_NAME = re.compile(r"[\w.;\[\]-]*")


def record(exchange: Exchange, route: Route, response: Response) -> None:
    """Remember an exchange; what steers the mock is none."""
    if route.path.startswith("/_mockidp"):
        return
    tenant, refused = exchange.tenant, exchange.refused
    trace = tenant.trace
    notes = dict(trace.notes)
    sent = exchange.sent or _query(exchange)
    entry = {
        "at": exchange.begun_at,
        "endpoint": route.area,
        "method": exchange.request.method,
        "url": exchange.base_url + _cut_within(exchange.target.partition("?")[0]),
        "parameters": _shown_all(sent),
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


def _shown_all(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {_shown_name(name): _shown(name, value) for name, value in parameters.items()}


def _shown_name(name: str) -> str:
    """Return a name; JSON that was sent as a form is one long name, secrets and all."""
    return name if _NAME.fullmatch(name) else str(cut(name))


def _shown(name: str, value: Any) -> Any:
    if value is not None and _HIDDEN.search(name):
        return "***"
    if isinstance(value, dict):
        return _shown_all(value)
    if isinstance(value, list):
        return [_shown(name, one) for one in value]
    if not isinstance(value, str):
        return value
    return cut(value) if _CUT.search(name) else _cut_within(value)[:_LONGEST_VALUE]


def _cut_within(text: str) -> str:
    return _CUT_WITHIN.sub(lambda match: f"{match[1]}{cut(match[2])}", text)
