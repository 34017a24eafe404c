"""Find what a tenant has issued apart from tokens: codes and links that are used once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from mockidp.flows.authorization.pushed_request import URN
from mockidp.storage.store import Entry
from mockidp.tenant.tenant import Tenant

_IN_LINKS = ("verification_code=", "ticket=")
"""The parameters of links that carry a code."""


class Artifact(NamedTuple):
    """Something that was issued, and what it can do while it is valid."""

    kind: str
    entry: Entry[Any]
    valid: str


def find_artifact(tenant: Tenant, text: str) -> Artifact | None:
    """Return what a code, a link or a `request_uri` is; None if the tenant does not know it."""
    return next(_find(tenant, text), None)


def _find(tenant: Tenant, text: str) -> Iterator[Artifact]:
    pushed = tenant.pushed_requests.history(text.removeprefix(URN))
    if pushed is not None:
        yield Artifact("pushed request", pushed, f"is valid for client {pushed.value.client_id}")
    device = tenant.device_codes.history(text)
    if device is not None:
        is_waiting = device.value.is_waiting(tenant.now())
        yield Artifact("device code", device, "waits for its user" if is_waiting else "is decided")
    ticket = tenant.tickets.history(_inside(text))
    if ticket is not None:
        valid = f"is valid for user {ticket.value.user_id}"
        yield Artifact(f"{ticket.value.kind} link", ticket, valid)
    for _, entry in tenant.passwordless_codes.scan():
        if entry.value.code == _inside(text):
            sent = entry.value
            valid = f"is valid for {sent.recipient} and client {sent.client_id}"
            yield Artifact("passwordless code", entry, valid)


def _inside(text: str) -> str:
    """Return the code in a link, or the text itself."""
    for name in _IN_LINKS:
        _, found, rest = text.partition(name)
        if found:
            return rest.partition("&")[0].partition("#")[0]
    return text
