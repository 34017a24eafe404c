"""The checks of an ID token by a client, with the values that each compared.

Spec: OpenID Connect Core 3.1.3.7. Failed checks are returned, because a page shows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockidp.flows.hints.timestamps import date_and_time
from mockidp.frozen import frozen
from mockidp.protocol.tokens.jwt import InvalidJwt, decode, expiry, verify
from mockidp.tenant.tenant import Tenant


@frozen
class Verdict:
    """One check: its name, whether it passed, and the values."""

    name: str
    passed: bool
    text: str


def check_id_token(
    tenant: Tenant, token: str, *, issuer: str, client_id: str, nonce: str
) -> list[Verdict]:
    """Return the results of a client's checks of an ID token."""
    try:
        _, claims = decode(token)
    except InvalidJwt as error:
        return [Verdict(name="signature", passed=False, text=str(error))]
    return [
        _signature(tenant, token),
        _equal("iss", claims, issuer),
        _audience(claims, client_id),
        _equal("nonce", claims, nonce),
        *_times(claims, tenant.now()),
    ]


def _signature(tenant: Tenant, token: str) -> Verdict:
    try:
        verify(token, tenant.keys)
    except InvalidJwt as error:
        return Verdict(name="signature", passed=False, text=str(error))
    return Verdict(name="signature", passed=True, text="made with a key of the tenant's JWKS")


def _equal(name: str, claims: Mapping[str, Any], expected: str) -> Verdict:
    found = claims.get(name)
    if found == expected:
        return Verdict(name=name, passed=True, text=expected)
    return Verdict(name=name, passed=False, text=f"found {found!r}, expected {expected!r}")


def _audience(claims: Mapping[str, Any], client_id: str) -> Verdict:
    found = claims.get("aud")
    audiences = found if isinstance(found, list) else [found]
    if client_id in audiences:
        return Verdict(name="aud", passed=True, text=client_id)
    return Verdict(name="aud", passed=False, text=f"found {found!r}, expected {client_id!r}")


def _times(claims: Mapping[str, Any], now: float) -> Iterator[Verdict]:
    try:
        ends_at = expiry(claims)
    except InvalidJwt as error:
        yield Verdict(name="exp", passed=False, text=str(error))
        return
    if ends_at is None:
        yield Verdict(name="exp", passed=False, text="the token has no exp")
        return
    text = f"{date_and_time(ends_at)}, and it is now {date_and_time(now)}"
    yield Verdict(name="exp", passed=now < ends_at, text=text)
