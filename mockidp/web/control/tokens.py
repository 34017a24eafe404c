"""`/tokens` and `/id-tokens`: tokens without a flow, good ones and bad ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from mockidp.faults.fault import Alg, Signature
from mockidp.protocol.scope import make_scope
from mockidp.protocol.token import token_response
from mockidp.testing.mint import mint_access_token, mint_id_token, token_fault
from mockidp.web.control.operation import Call, Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class _Token:
    """What both kinds of token take; the words for what is wrong are those of a fault."""

    client: str | None = None
    """A client's id; by default the first."""
    scope: str | None = None
    """Scopes, separated by spaces."""
    claims: Mapping[str, Any] | None = None
    """What the token says besides, or instead."""
    expires_in: int | None = None
    """Seconds that it lives."""
    url: str | None = None
    """The tenant's URL that it comes from; by default the one that is called."""
    remove: tuple[str, ...] = field(default=(), metadata={"one_or_more": True})
    header: Mapping[str, Any] = field(default_factory=dict)
    expired: bool = False
    not_yet_valid: bool = False
    wrong: tuple[str, ...] = field(default=(), metadata={"one_or_more": True})
    alg: Alg | None = None
    kid: str | None = None
    signature: Signature | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAccessToken(_Token):
    """What access token to make: for a user if one is named, else for a client itself."""

    audience: tuple[str, ...] | None = field(default=None, metadata={"one_or_more": True})
    """An API's identifier, or several; without one the token is opaque."""
    user: str | None = None
    """By id, the id's last part, or e-mail."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewIdToken(_Token):
    """What ID token to make."""

    user: str
    """By id, the id's last part, or e-mail."""
    nonce: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessToken:
    """An access token, as the token endpoint would answer."""

    access_token: str
    token_type: str
    expires_in: int
    """Seconds until it expires. As at the token endpoint, the answer does not name flaws."""
    scope: str


@dataclass(frozen=True, kw_only=True, slots=True)
class IdToken:
    """An ID token."""

    id_token: str


_WORDS = ("remove", "header", "expired", "not_yet_valid", "wrong", "alg", "kid", "signature")


def _split(call: Call, endpoint: str) -> tuple[str, dict[str, Any]]:
    """Return the URL that a token comes from, and what is asked of it."""
    asked = {one.name: getattr(call.body, one.name) for one in fields(call.body)}
    words = {name: asked.pop(name) for name in _WORDS}
    asked["fault"] = token_fault(endpoint, asked.pop("claims"), words)
    return asked.pop("url") or call.exchange.base_url, asked


def _make_access_token(call: Call) -> Any:
    url, asked = _split(call, "access_token")
    minted = mint_access_token(call.tenant, url, **asked)
    return token_response(
        access_token=minted.access_token,
        expires_in=minted.expires_in,
        scope=make_scope(minted.scope),
    )


def _make_id_token(call: Call) -> Any:
    url, asked = _split(call, "id_token")
    return {"id_token": mint_id_token(call.tenant, url, **asked)}


OPERATIONS = (
    Operation(
        name="makeAccessToken",
        method="POST",
        path="/tokens",
        summary="Make an access token without a flow.",
        handler=_make_access_token,
        body=NewAccessToken,
        answer=AccessToken,
    ),
    Operation(
        name="makeIdToken",
        method="POST",
        path="/id-tokens",
        summary="Make an ID token without a flow.",
        handler=_make_id_token,
        body=NewIdToken,
        answer=IdToken,
    ),
)
