"""Authenticate a client by the JWT that it has signed (private_key_jwt).

Spec: RFC 7523 3; OpenID Connect Core 9.
Auth0: `docs/fidelity.md`, "/oauth/token".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.requests.own_url import audience_mistake
from mockidp.protocol.clients.assertion import UsedAssertion, check_claims, invalid_assertion
from mockidp.protocol.clients.keys import ClientKeys
from mockidp.protocol.tokens.jwt import InvalidJwt, decode
from mockidp.resources.client import Client
from mockidp.resources.client_credential import Credentials, keys_of
from mockidp.tenant.tenant import Tenant

_NOT_CHECKED = (
    "The signature of the client assertion was not checked, because client {} is in no tenant file."
)


def authenticate_by_assertion(
    tenant: Tenant, base_url: str, client: Client, assertion: str
) -> None:
    """Check that a client signed an assertion for this tenant, and use the assertion up.

    Raises:
        InvalidClient: It was signed with another key, is not valid now, or was used before.
    """
    check, now, client_id = tenant.trace.check, tenant.now(), client.client_id
    header, claims = decode(assertion)
    with check("assertion_signature", alg=header.get("alg"), kid=header.get("kid")):
        _check_signature(tenant, client, assertion)
    with check("assertion_claims", **{name: claims.get(name) for name in ("iss", "sub", "exp")}):
        check_claims(claims, client_id=client_id, now=now)
    with check("assertion_audience", sent=claims.get("aud"), issuer=tenant.issuer(base_url)):
        if mistake := audience_mistake(tenant, base_url, claims.get("aud")):
            raise invalid_assertion(mistake)
    with check("assertion_unused", jti=claims["jti"]):
        _use(tenant, UsedAssertion(client_id=client_id, used_at=now), claims)


def usable_keys(tenant: Tenant, credentials: Credentials) -> ClientKeys:
    """Return the keys of the credentials that have a PEM and have not expired."""
    now = tenant.now()
    return keys_of(tuple(one for one in credentials if now < one.expiry))


def describe_credentials(tenant: Tenant, credentials: Credentials) -> str:
    """Describe the credentials of a client, after none has verified a signature."""
    described = [one.describe(tenant.now()) for one in credentials]
    return f"Credentials of the client: {', '.join(described) or 'none'}."


def _check_signature(tenant: Tenant, client: Client, assertion: str) -> None:
    if client.client_id not in tenant.directory.clients:
        tenant.trace.advise(_NOT_CHECKED.format(client.client_id))
        return
    method = client.private_key_jwt
    if method is None:
        raise invalid_assertion(
            f"Client {client.client_id} does not authenticate with private_key_jwt. Register its "
            "public key in `client_authentication_methods.private_key_jwt.credentials`."
        )
    try:
        usable_keys(tenant, method.credentials).verify(assertion)
    except InvalidJwt as error:
        known = describe_credentials(tenant, method.credentials)
        raise invalid_assertion(f"{error} {known}") from None


def _use(tenant: Tenant, used: UsedAssertion, claims: Mapping[str, Any]) -> None:
    key = f"{used.client_id} {claims['jti']}"
    if not tenant.used_assertions.swap(key, None, used, expires_at=claims["exp"]):
        entry = tenant.used_assertions.history(key)
        at = f" at {clock_time(entry.value.used_at)}" if entry else ""
        raise invalid_assertion(
            f"An assertion with this `jti` was used{at}. Make a new one for each request."
        )
