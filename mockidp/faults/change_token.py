"""What faults do to a token before it is signed.

Spec: RFC 7515, RFC 7519 4.1; RFC 8725 has the attacks that a client must withstand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mockidp.faults.fault import Fault
from mockidp.faults.vocabulary import WRONG_VALUES
from mockidp.frozen import replace
from mockidp.protocol.tokens.foreign_key import foreign_private_key
from mockidp.protocol.tokens.jwt import UnsignedToken

MARGIN = 3600
"""Seconds by which a token is too old or too new, more than any client's leeway."""


def change_token(token: UnsignedToken, fault: Fault, *, now: float) -> UnsignedToken:
    """Return a token as a fault changes it; `set` and `remove` apply last."""
    token = replace(
        token, header=_header(token.header, fault), claims=_claims(token.claims, fault, now)
    )
    if fault.alg == "none":
        return replace(token, alg="none")
    if fault.alg == "HS256":
        return replace(token, alg="HS256", secret=_public_pem(token.private_key))
    if fault.signature == "another_key":
        other = foreign_private_key()
        return replace(token, private_key=other, secret=_public_pem(other))
    return replace(token, is_broken=token.is_broken or fault.signature == "broken")


def _claims(claims: Mapping[str, Any], fault: Fault, now: float) -> dict[str, Any]:
    changed = dict(claims)
    changed.update((name, WRONG_VALUES[name]) for name in fault.wrong)
    if fault.expired:
        _move(changed, "exp", int(now) - MARGIN)
    if fault.not_yet_valid:
        _move(changed, "iat", int(now) + MARGIN)
        changed["nbf"] = int(now) + MARGIN
    changed |= fault.set
    return {name: value for name, value in changed.items() if name not in fault.remove}


def _move(claims: dict[str, Any], name: str, to: int) -> None:
    """Move all times of a token so that one claim gets the wanted value."""
    was = claims.get(name)
    by = to - was if isinstance(was, int) else 0
    for other in ("iat", "exp", "auth_time"):
        if isinstance(claims.get(other), int):
            claims[other] += by
    claims[name] = to


def _header(header: Mapping[str, Any], fault: Fault) -> dict[str, Any]:
    changed = dict(header)
    if fault.alg is not None:
        changed["alg"] = fault.alg
    if fault.kid is not None:
        changed["kid"] = fault.kid
    changed |= fault.header
    return {name: value for name, value in changed.items() if value is not None}


def _public_pem(key: rsa.RSAPrivateKey | None) -> bytes:
    """Return the public key as the bytes that a client with mixed-up algorithms uses as secret."""
    public_key = (key or foreign_private_key()).public_key()
    return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
