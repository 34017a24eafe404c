"""Each exchange into the tenant's journal, with its secrets cut."""

from __future__ import annotations

from typing import Any

from werkzeug import Response

from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.tenant.journal import JournalEntry
from mockidp.tenant.trace import cut
from mockidp.web.exchange import Exchange
from mockidp.web.route import Route

_HIDDEN = frozenset({"client_secret", "password", "client_assertion"})
_CUT = frozenset(
    {
        "access_token", "bewit", "code", "code_verifier", "id_token", "id_token_hint",
        "refresh_token", "token",
    }
)  # fmt: skip


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
        "url": exchange.base_url + exchange.target.partition("?")[0],
        "parameters": {name: _shown(name, value) for name, value in sent.items()},
        "client": notes.pop("client", None) or exchange.client_id or None,
        "user": notes.pop("user", None),
        "grant": notes.pop("grant", None),
        "audience": notes.pop("audience", None),
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


def _query(exchange: Exchange) -> dict[str, Any]:
    """Return the query of a request whose handler read it in another way."""
    try:
        return dict(exchange.query().raw())
    except InvalidRequest:
        return {}


def _shown(name: str, value: Any) -> Any:
    if name in _HIDDEN:
        return "***"
    return cut(value) if name in _CUT and isinstance(value, str) else value
