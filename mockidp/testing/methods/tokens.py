"""The test methods `access_token`, `management_token` and `id_token`: tokens without a login."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from typing import Any

from mockidp.faults.fault import Alg, Signature
from mockidp.faults.words import WORDS
from mockidp.frozen import frozen
from mockidp.protocol.oauth.scope import make_scope
from mockidp.tenant.directory import MANAGEMENT_PATH
from mockidp.testing.method import Method, Target, answer, parameters
from mockidp.testing.mint import mint_access_token, mint_id_token, token_fault


@frozen
class _Token:
    """The parameters of both kinds of tokens. Those from `remove` on make it wrong."""

    client: str | None = None
    """A client's id; by default the first client."""
    scope: str | None = None
    """Scopes, separated by spaces."""
    claims: Mapping[str, Any] | None = None
    """Claims to add or to replace."""
    expires_in: int | None = None
    """The lifetime in seconds."""
    organization: str | None = None
    """The organization that the token is for, by id or name."""
    url: str | None = None
    """The tenant's URL, from which the issuer is derived; by default the URL of the call."""
    remove: tuple[str, ...] = field(default=(), metadata={"one_or_more": True})
    """Claims to leave out."""
    header: Mapping[str, Any] = field(default_factory=dict)
    """Header fields to add or to replace; null removes one."""
    expired: bool = False
    """Whether the token has expired."""
    not_yet_valid: bool = False
    """Whether the token is not valid yet."""
    wrong: tuple[str, ...] = field(default=(), metadata={"one_or_more": True})
    """Claims that get a wrong value."""
    alg: Alg | None = None
    """An algorithm that a client must not accept."""
    kid: str | None = None
    """The id of a key that does not exist."""
    signature: Signature | None = None
    """What is wrong with the signature."""


@frozen
class NewAccessToken(_Token):
    """The parameters of an access token."""

    audience: tuple[str, ...] | None = field(default=None, metadata={"one_or_more": True})
    """An API's identifier, or several; without one the token is opaque."""
    user: str | None = None
    """By id, the id's last part, or e-mail; without a user it is the client's own token."""


@frozen
class NewManagementToken:
    """The parameters of an access token for the Management API."""

    scopes: tuple[str, ...] = field(default=(), metadata={"one_or_more": True})
    """Its scopes; by default all."""
    user: str | None = None
    """By id, the id's last part, or e-mail; without a user it is the client's own token."""
    client: str | None = None
    """A client's id; by default the first client."""
    expires_in: int | None = None
    """The lifetime in seconds."""
    url: str | None = None
    """The tenant's URL, from which the audience is derived; by default the URL of the call."""


@frozen
class NewIdToken(_Token):
    """The parameters of an ID token."""

    user: str
    """By id, the id's last part, or e-mail."""
    nonce: str | None = None
    """The nonce of the authorization request."""


@frozen
class AccessToken:
    """An access token, in the form of the token endpoint's response."""

    access_token: str
    scope: str
    expires_in: int
    """Seconds until it expires. Flaws such as `expired` do not change it."""
    token_type: str = "Bearer"


@frozen
class IdToken:
    """An ID token."""

    id_token: str


_FLAWS = tuple(WORDS.keys() & {one.name for one in fields(_Token)})


def check_flaws(
    endpoint: str, claims: Mapping[str, Any] | None, words: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the words that make a token wrong, after checking them.

    Raises:
        ConfigError: A word is unknown, has a wrong value, or contradicts another.
    """
    token_fault(endpoint, claims, words)
    return dict(words)


def _access_token(target: Target, request: NewAccessToken) -> AccessToken:
    """Mint an access token without a login."""
    url, options = _options(target, request, "access_token")
    minted = mint_access_token(target.tenant, url, **options)
    return AccessToken(
        access_token=minted.access_token,
        scope=make_scope(minted.scope),
        expires_in=minted.expires_in,
    )


def _management_token(target: Target, request: NewManagementToken) -> AccessToken:
    """Mint an access token for the Management API without a login."""
    url = request.url or target.url
    audience = target.tenant.issuer(url) + MANAGEMENT_PATH.removeprefix("/")
    options = {one.name: getattr(request, one.name) for one in fields(request)}
    scope = make_scope(options.pop("scopes")) or None
    return _access_token(target, NewAccessToken(audience=(audience,), scope=scope, **options))


def _id_token(target: Target, request: NewIdToken) -> IdToken:
    """Mint an ID token without a login."""
    url, options = _options(target, request, "id_token")
    return IdToken(id_token=mint_id_token(target.tenant, url, **options))


def _options(target: Target, request: _Token, endpoint: str) -> tuple[str, dict[str, Any]]:
    """Return the tenant's URL, and the parameters with the flaws as a fault."""
    options = {one.name: getattr(request, one.name) for one in fields(request)}
    words = {name: options.pop(name) for name in _FLAWS}
    options["fault"] = token_fault(endpoint, options.pop("claims"), words)
    return options.pop("url") or target.url, options


ACCESS_TOKEN = Method(
    name="access_token",
    http="POST /tokens",
    function=_access_token,
    parameters=parameters(NewAccessToken),
    answer=answer(AccessToken),
)
MANAGEMENT_TOKEN = Method(
    name="management_token",
    http="POST /management-tokens",
    function=_management_token,
    parameters=parameters(NewManagementToken),
    answer=answer(AccessToken),
)
ID_TOKEN = Method(
    name="id_token",
    http="POST /id-tokens",
    function=_id_token,
    parameters=parameters(NewIdToken),
    answer=answer(IdToken),
)
