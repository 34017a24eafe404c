"""The claims of tokens and /userinfo, in Auth0's order.

Spec: OpenID Connect Core 2 and 5.1; RFC 9068 2.2.
Auth0: the ID token contains the profile claims, and `updated_at` is ISO 8601 text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from mockidp.protocol.oauth.authorization_details import Details
from mockidp.protocol.oauth.scope import CLAIMS_OF_SCOPE, OPENID, make_scope, opened_claims
from mockidp.protocol.tokens.artifacts import ImpersonatedBy
from mockidp.resources.client import Client
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.strategies import is_social
from mockidp.resources.user import PROVIDER_TOKENS, User


def profile_claims(
    user: User, scope: Iterable[str], *, numeric_updated_at: bool = False
) -> dict[str, Any]:
    """Return the claims about a user that a scope grants."""
    opened = opened_claims(scope)
    profile: dict[str, Any] = {
        "given_name": user.given_name,
        "family_name": user.family_name,
        "nickname": nickname_of(user),
        "name": name_of(user),
        "picture": picture_of(user),
        "locale": user.locale,
        "updated_at": user.updated_at,
        "created_at": user.created_at if "created_at" in opened else None,
        "email": user.email,
        "email_verified": user.email_verified if user.email else None,
        "phone_number": user.phone_number,
        "phone_verified": user.phone_verified if user.phone_number else None,
        "identities": identities_of(user) if "identities" in opened else None,
    }
    if numeric_updated_at:
        profile["updated_at"] = _seconds(user.updated_at)
    return {name: v for name, v in profile.items() if name in opened and v is not None}


def _seconds(text: str) -> int | None:
    """Return an ISO 8601 time as seconds since 1970, or None if it is not one."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp())


def nickname_of(user: User) -> str | None:
    """Return the nickname of a user: by default the username, or the e-mail address up to `@`."""
    return user.nickname or (user.username or user.email or "").partition("@")[0] or None


def name_of(user: User) -> str | None:
    """Return the full name of a user: by default the e-mail address or the username."""
    return user.name or user.email or user.username


def picture_of(user: User) -> str:
    """Return the picture of a user: by default the Gravatar URL that Auth0 gives one."""
    if user.picture:
        return user.picture
    email = (user.email or user.user_id).strip().lower()
    return _gravatar(email, (user.name or email)[:2].lower())


@lru_cache(maxsize=1000)
def _gravatar(email: str, initials: str) -> str:
    digest = hashlib.md5(email.encode(), usedforsecurity=False).hexdigest()
    avatar = quote(f"https://cdn.auth0.com/avatars/{quote(initials)}.png", safe="")
    return f"https://s.gravatar.com/avatar/{digest}?s=480&r=pg&d={avatar}"


def identities_of(user: User) -> list[dict[str, Any]]:
    """Return the identities of a user: at least the one that the id names."""
    if user.identities:
        return [_without_tokens(one) for one in user.identities]
    provider, _, bare_id = user.user_id.partition("|")
    return [
        {
            "connection": user.connection,
            "user_id": bare_id,
            "provider": provider,
            "isSocial": is_social(provider),
        }
    ]


def _without_tokens(identity: Mapping[str, Any]) -> dict[str, Any]:
    """Return an identity without the provider's tokens, which Auth0 never gives to clients."""
    return {name: value for name, value in identity.items() if name not in PROVIDER_TOKENS}


def legacy_profile(user: User, client: Client) -> dict[str, Any]:
    """Return the whole profile of a user, as Auth0's legacy endpoints do."""
    named = profile_claims(user, CLAIMS_OF_SCOPE)
    first = ("email_verified", "email", "clientID", "updated_at", "name", "picture", "user_id",
             "nickname", "identities", "created_at")  # fmt: skip
    profile = {
        **user.app_metadata,
        **named,
        "clientID": client.client_id,
        "user_id": user.user_id,
        "username": user.username,
        "app_metadata": dict(user.app_metadata) or None,
        "user_metadata": dict(user.user_metadata) or None,
    }
    ordered = {name: profile.get(name) for name in first} | profile
    return {name: value for name, value in ordered.items() if value is not None}


def impersonation_claims(by: ImpersonatedBy | None) -> dict[str, Any]:
    """Return the additional claims in the profile of an impersonated user."""
    if by is None:
        return {}
    impersonator = {"user_id": by.user_id, "email": by.email}
    return {
        "impersonated": True,
        "impersonator": {k: v for k, v in impersonator.items() if v is not None},
    }


def userinfo_claims(
    user: User, profile: Mapping[str, Any], *, impersonated_by: ImpersonatedBy | None = None
) -> dict[str, Any]:
    """Return the body of /userinfo. `profile` has the claims about the user."""
    return {"sub": user.user_id, **profile, **impersonation_claims(impersonated_by)}


def id_token_claims(
    *,
    issuer: str,
    client: Client,
    user: User,
    profile: Mapping[str, Any],
    now: int,
    azp: str | None = None,
    acr: str | None = None,
    amr: tuple[str, ...] = (),
    sid: str | None = None,
    nonce: str | None = None,
    auth_time: float | None = None,
    at_hash: str | None = None,
    c_hash: str | None = None,
    organization: Mapping[str, str] = MappingProxyType({}),
    actor: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the claims of an ID token.

    `profile` has those about the user, which come first, `organization` those about the
    organization, which come last.
    """
    claims: dict[str, Any] = {
        **profile,
        "iss": issuer,
        "sub": user.user_id,
        "aud": client.client_id,
        "iat": now,
        "exp": now + client.jwt_configuration.lifetime_in_seconds,
    }
    optional = {
        "azp": azp,
        "acr": acr,
        "amr": list(amr) or None,
        "auth_time": None if auth_time is None else int(auth_time),
        "sid": sid,
        "at_hash": at_hash,
        "c_hash": c_hash,
        "nonce": nonce,
        "act": actor,
    }
    claims.update({name: value for name, value in optional.items() if value is not None})
    return {**claims, **organization}


def access_token_claims(
    *,
    issuer: str,
    userinfo: str,
    client: Client,
    subject: str,
    api: ResourceServer,
    scope: tuple[str, ...],
    gty: tuple[str, ...],
    permissions: tuple[str, ...],
    now: int,
    lifetime: int,
    jti: str,
    organization: Mapping[str, str] = MappingProxyType({}),
    actor: Mapping[str, Any] | None = None,
    authorization_details: Details = (),
    confirmation: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the claims of an access token for an API, in the API's dialect.

    `userinfo` is the identifier of /userinfo as an API.
    """
    with_userinfo = OPENID in scope and api.signing_alg == "RS256"
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": subject,
        "aud": [api.identifier, userinfo] if with_userinfo else api.identifier,
        "iat": now,
        "exp": now + lifetime,
    }
    claims["client_id" if api.follows_rfc9068 else "azp"] = client.client_id
    if scope:
        claims["scope"] = make_scope(scope)
    claims |= organization
    if api.follows_rfc9068:
        claims["jti"] = jti
    elif gty:
        claims["gty"] = gty[0] if len(gty) == 1 else list(gty)
    if api.adds_permissions:
        claims["permissions"] = list(permissions)
    if actor is not None:
        claims["act"] = actor
    if authorization_details:
        claims["authorization_details"] = list(authorization_details)
    if confirmation is not None:
        claims["cnf"] = dict(confirmation)
    return claims
