"""Read the parameters of an authorization request from a signed JWT (JAR).

Spec: RFC 9101 6. With the setting `profile: oidc` OpenID Connect Core 6.1, which also allows
unsigned request objects and adds the parameters outside.
Auth0: `docs/fidelity.md`, "/authorize".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.clients.assertion import describe_credentials, usable_keys
from mockidp.flows.requests.own_url import audience_mistake
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.request_object import (
    REQUEST,
    check_claims,
    check_header,
    invalid_object,
    parameters_of,
)
from mockidp.protocol.tokens.jwt import InvalidJwt, decode
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant

_ALWAYS_READ = ("client_id", REQUEST)
_OPTIONAL = ("iss", "aud", "client_id")
"""The claims that OpenID Connect does not require."""
_NOT_CHECKED = (
    "The signature of the request object was not checked, because client {} is in no tenant file."
)
_UNTYPED = (
    "The request object has no header `typ`. Set it to jwt or oauth-authz-req+jwt, which the "
    "documentation of Auth0 requires."
)


def read_request_object(
    tenant: Tenant, base_url: str, client: Client, parameters: Parameters
) -> tuple[Parameters, bool]:
    """Return the parameters of a request with a request object, and whether that is signed.

    Raises:
        InvalidRequestObject: It is malformed, not the client's, or not valid now.
    """
    text = parameters.require(REQUEST)
    optional = _OPTIONAL if tenant.settings.profile == "oidc" else ()
    with tenant.trace.check("request_object", length=len(text)):
        claims, is_signed = _verify(tenant, client, text)
        now = tenant.now()
        check_claims(claims, client_id=client.client_id, now=now, optional=optional)
        mistake = audience_mistake(tenant, base_url, claims.get("aud"))
        if mistake and ("aud" in claims or "aud" not in optional):
            raise invalid_object(mistake)
    inside = parameters_of(claims)
    if optional:
        return _with_outside(tenant, parameters, inside), is_signed
    return _without_outside(tenant, parameters, inside), is_signed


def _with_outside(tenant: Tenant, outside: Parameters, inside: Parameters) -> Parameters:
    """Return all parameters. Those inside come first (OpenID Connect Core 6.1)."""
    sent, signed = outside.raw(), inside.raw()
    replaced = [name for name in sent if name in signed and sent[name] != signed[name]]
    if replaced:
        tenant.trace.advise(
            "The request object has other values for these parameters, and they were used: "
            f"{', '.join(replaced)}."
        )
    return Parameters({n: v for n, v in {**sent, **signed}.items() if n != REQUEST})


def _without_outside(tenant: Tenant, outside: Parameters, inside: Parameters) -> Parameters:
    """Return the parameters inside. Name the others (RFC 9101 6.3)."""
    ignored = [
        name for name, value in outside.raw().items()
        if name not in _ALWAYS_READ and value != inside.raw().get(name)
    ]  # fmt: skip
    if ignored:
        tenant.trace.advise(
            f"Parameters outside of the request object were not read: {', '.join(ignored)}. Put "
            "them into the request object."
        )
    return inside


def check_request_object_was_sent(tenant: Tenant, client: Client, *, is_signed: bool) -> None:
    """Check that the request came in a request object if the client requires one.

    Raises:
        InvalidRequest: It did not.
    """
    settings = client.signed_request_object
    if settings is None or not settings.required:
        return
    with tenant.trace.check("signed_request", is_signed=is_signed):
        if not is_signed:
            raise InvalidRequest(
                "A signed request object is required",
                hint=f"Field `signed_request_object.required` of client {client.client_id} is "
                "true. Send the parameters in a signed JWT, as parameter `request`.",
            )


def _verify(tenant: Tenant, client: Client, text: str) -> tuple[Mapping[str, Any], bool]:
    """Return the claims, and whether they are signed."""
    settings = client.signed_request_object
    credentials = settings.credentials if settings else ()
    try:
        header, claims = decode(text)
        if tenant.settings.profile == "oidc" and _is_unsigned(header, text) and not settings:
            return claims, False
        check_header(header)
        if "typ" not in header and tenant.settings.profile == "auth0":
            tenant.trace.advise(_UNTYPED)
        if client.client_id in tenant.directory.clients:
            return usable_keys(tenant, credentials).verify(text), True
    except InvalidJwt as error:
        raise invalid_object(f"{error} {describe_credentials(tenant, credentials)}") from None
    tenant.trace.advise(_NOT_CHECKED.format(client.client_id))
    return claims, True


def _is_unsigned(header: Mapping[str, Any], text: str) -> bool:
    return header.get("alg") == "none" and text.endswith(".")
