"""The rules for `mockidp.subject_tokens`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockidp.protocol.tokens.token_exchange import SubjectToken, mistake_in_actor
from mockidp.resources.rules import Expected, Misfit


def check_actor(actor: Any) -> Expected | None:
    """Check that Auth0 accepts an actor."""
    expected = mistake_in_actor(actor)
    return Expected(expected) if expected else None


def mistakes_in_subject_token(entry: SubjectToken) -> Iterator[Misfit]:
    """Yield the contradictions between the fields of an entry."""
    yield from _mistakes_in_purpose(entry)
    if (entry.token is None) == (entry.key is None):
        found = "neither token nor key" if entry.key is None else "token together with key"
        yield Misfit("token", found, "one of the two")
    elif entry.token is not None and entry.user is None and entry.error is None:
        yield Misfit("user", "neither user nor error", "the user of the token, or an error")
    if entry.token is None:
        if entry.user is not None:
            yield Misfit("user", "user together with key", "user_claim, which names the user")
        return
    for name in ("issuer", "audience"):
        if getattr(entry, name) is not None:
            yield Misfit(name, f"{name} together with token", f"{name} only with key")


def _mistakes_in_purpose(entry: SubjectToken) -> Iterator[Misfit]:
    if (entry.profile is None) == (entry.connection is None):
        found = "profile together with connection" if entry.profile else "neither of the two"
        yield Misfit("profile", found, "a profile, or a connection for native social login")
    elif entry.connection is not None and entry.actor is not None:
        yield Misfit("actor", "actor together with connection", "actor only with profile")
