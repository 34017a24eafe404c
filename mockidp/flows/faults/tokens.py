"""Tokens that go out, and what is wrong with them on purpose.

Spec: RFC 7515, RFC 7519 4.1; RFC 8725 has the attacks that a client must withstand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mockidp.faults import Fault
from mockidp.flows.faults.fire import fire
from mockidp.protocol.foreign_key import foreign_private_key
from mockidp.protocol.jwt import UnsignedToken
from mockidp.tenant.tenant import Tenant

MARGIN = 3600
"""Seconds by which a token is too old or too new: more than any client's leeway."""
OTHERS = {
    "iss": "https://another-issuer.example/",
    "aud": "https://another-audience.example/",
    "azp": "another-client",
    "nonce": "another-nonce",
    "sub": "auth0|another-user",
}
"""What a claim says that is `wrong`."""


def sign_token(
    tenant: Tenant,
    token: UnsignedToken,
    *,
    kind: str,
    client: str,
    user: str | None,
    audience: str | None,
    fault: Fault | None = None,
) -> str:
    """Sign a token that goes out, with all that is to be wrong with it.

    Args:
        tenant: Whose faults fire, if this is part of an exchange.
        token: The token as it should be.
        kind: `id_token` or `access_token`.
        client: Whom it is for.
        user: Whom it is about.
        audience: The API that it is for.
        fault: What is wrong with this token alone.
    """
    now = tenant.now()
    for firing in fire(tenant, kind, client=client, user=user, audience=audience):
        before, token = token, spoil(token, firing.fault, now=now)
        if token == before:
            tenant.faults.uncount(firing)
            effect = f"the {kind} has nothing that this would change"
            tenant.trace.fault_hints.append(firing.tell(effect))
        else:
            tenant.trace.spoiled(firing, f"the {kind} was spoiled")
    if fault is not None:
        token = spoil(token, fault, now=now)
    tenant.trace.issued(kind, token.header, token.claims)
    return token.sign()


def warn_opaque_token(tenant: Tenant, *, client: str, user: str) -> None:
    """Say that faults of access tokens do nothing to an opaque one."""
    exchange = tenant.trace.occasion
    if exchange is None:
        return
    occasion = replace(exchange, endpoint="access_token", client=client, user=user)
    for name in tenant.faults.waiting_for(occasion):
        tenant.trace.fault_hints.append(
            f"fault {name} did not fire: the access token is opaque and has no claims; "
            "request an API's audience"
        )


def spoil(token: UnsignedToken, fault: Fault, *, now: float) -> UnsignedToken:
    """Return a token with a fault's words; `set` and `remove` have the last word."""
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
    spoiled = dict(claims)
    spoiled.update((name, OTHERS[name]) for name in fault.wrong)
    if fault.expired:
        _move(spoiled, "exp", int(now) - MARGIN)
    if fault.not_yet_valid:
        _move(spoiled, "iat", int(now) + MARGIN)
        spoiled["nbf"] = int(now) + MARGIN
    spoiled |= fault.set
    return {name: value for name, value in spoiled.items() if name not in fault.remove}


def _move(claims: dict[str, Any], name: str, to: int) -> None:
    """Make the token at another time, so that one claim is what it shall be."""
    was = claims.get(name)
    by = to - was if isinstance(was, int) else 0
    for other in ("iat", "exp", "auth_time"):
        if isinstance(claims.get(other), int):
            claims[other] += by
    claims[name] = to


def _header(header: Mapping[str, Any], fault: Fault) -> dict[str, Any]:
    spoiled = dict(header)
    if fault.alg is not None:
        spoiled["alg"] = fault.alg
    if fault.kid is not None:
        spoiled["kid"] = fault.kid
    spoiled |= fault.header
    return {name: value for name, value in spoiled.items() if value is not None}


def _public_pem(key: rsa.RSAPrivateKey | None) -> bytes:
    """Return the public key as whoever mixes up the algorithms takes it for a secret."""
    public_key = (key or foreign_private_key()).public_key()
    return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
