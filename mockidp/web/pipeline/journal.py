"""The journal step: record an exchange in the tenant's journal, with its secrets cut."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import parse_form
from mockidp.protocol.urls.origin import origin_of
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.trace import Ended, IssuedToken, results_of
from mockidp.web.pipeline.outcome import Outcome
from mockidp.web.request.exchange import Exchange

LINKS = ("impersonation_link", "unmatched")
"""The endpoints of links, and of links whose path was changed in transit."""
_PRESENTED = (
    "code", "refresh_token", "subject_token", "assertion", "id_token", "id_token_hint", "token",
    "access_token",
)  # fmt: skip
"""Parameters with a token or code, which the inspector explains if it was refused."""
_SMALL = 4096
"""The maximum number of bytes of URL and body that are kept until the journal is read."""


class _Noted(NamedTuple):
    """The parts of an entry, as they were at the end of the exchange, in the form made fastest."""

    at: float
    endpoint: str
    method: str
    status: int
    error: str | None
    description: str | None
    hint: str
    duration: float
    is_bug: bool
    request_id: str
    is_blocked_by_cors: bool
    base_url: str
    target: str
    sent: Mapping[str, Any]
    client_id: str
    notes: Mapping[str, Any]
    ended: tuple[Ended, ...]
    tokens: tuple[IssuedToken, ...]
    faults: tuple[str, ...]

    def entry(self, number: int) -> JournalEntry:
        """Return the entry with a number."""
        from mockidp.web.pipeline.shown import shown_parameters, shown_path  # noqa: PLC0415 - only to read the journal

        notes, path = dict(self.notes), self.target.partition("?")[0]
        sent = self.sent or _query(self.target)
        return JournalEntry(
            number=number,
            at=self.at,
            endpoint=self.endpoint,
            method=self.method,
            url=origin_of(self.base_url) + shown_path(path),
            parameters=shown_parameters(sent, in_link=self.endpoint in LINKS),
            client=notes.pop("client", None) or self.client_id or None,
            user=notes.pop("user", None),
            grant=notes.pop("grant", None) or _text(sent, "grant_type"),
            audience=notes.pop("audience", None) or _text(sent, "audience"),
            status=self.status,
            error=self.error,
            description=self.description,
            hint=self.hint,
            trace=results_of(self.ended),
            duration=self.duration,
            tokens=self.tokens,
            faults=self.faults,
            notes=notes,
            is_bug=self.is_bug,
            request_id=self.request_id,
            is_blocked_by_cors=self.is_blocked_by_cors,
        )


def record(exchange: Exchange, outcome: Outcome, now: float) -> None:
    """Record an exchange that ends now. Control requests, and those from before a reset, are not.

    The entry of a small request is built when the journal is read.
    """
    if exchange.is_control or exchange.is_outlived or not exchange.route.is_recorded:
        return
    tenant, refused, trace = exchange.tenant, outcome.refused, exchange.tenant.trace
    noted = _Noted(
        exchange.begun_at,
        exchange.route.endpoint,
        exchange.method,
        outcome.response.status_code,
        refused.error if refused else None,
        refused.message if refused else None,
        outcome.hint,
        now - exchange.begun_at,
        outcome.is_bug,
        exchange.request_id,
        outcome.is_blocked_by_cors,
        exchange.base_url,
        exchange.target,
        exchange.sent,
        exchange.client_id,
        # Copies: a test method that runs in this thread afterwards adds to the same trace.
        dict(trace.notes),
        trace.ended,
        tuple(trace.tokens),
        tuple(tenant.injection.fired),
    )
    tenant.journal.add(
        noted.entry,
        at=exchange.begun_at,
        things=trace.things,
        is_small=exchange.size <= _SMALL,
    )
    if refused and exchange.request_id and (presented := _presented(exchange)):
        keep = partial(tenant.presented.add, exchange.request_id, presented)
        tenant.backend.after_commit(keep)


def _presented(exchange: Exchange) -> str:
    """Return the link, token or code of a request, uncut; empty if it has none."""
    if exchange.route.endpoint in LINKS:
        is_link = "bewit" in exchange.target or "/impersonate" in exchange.target
        return origin_of(exchange.base_url) + exchange.target if is_link else ""
    scheme, _, token = (exchange.authorization or "").partition(" ")
    if scheme.lower() == "bearer":
        return token
    return next(filter(None, (_text(exchange.sent, name) for name in _PRESENTED)), "")


def _query(target: str) -> Mapping[str, Any]:
    """Return the query of a request whose handler has read no parameters."""
    try:
        return parse_form(target.partition("?")[2]).raw()
    except InvalidRequest:
        return {}


def _text(sent: Mapping[str, Any], name: str) -> str | None:
    """Return a parameter of a request that was refused before a flow noted it."""
    value = sent.get(name)
    return value if value and isinstance(value, str) else None
