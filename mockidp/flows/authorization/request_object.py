"""Read the parameters of an authorization request from a signed JWT (JAR).

Spec: RFC 9101 6.
Auth0: `docs/fidelity.md`, "/authorize".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.client_assertion import describe_credentials, usable_keys
from mockidp.flows.own_url import audience_mistake
from mockidp.protocol.jwt import InvalidToken, decode
from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.protocol.parameters import Parameters
from mockidp.protocol.request_object import (
    REQUEST,
    check_claims,
    check_header,
    invalid_object,
    parameters_of,
)
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant

_ALWAYS_READ = ("client_id", REQUEST)
_NOT_CHECKED = (
    "The signature of the request object was not checked, because client {} is in no tenant file."
)
_UNTYPED = (
    "The request object has no header `typ`. Set it to jwt or oauth-authz-req+jwt, which the "
    "documentation of Auth0 requires."
)


def read_request_object(
    tenant: Tenant, base_url: str, client: Client, parameters: Parameters
) -> Parameters:
    """Return the parameters in the request object of a request, whose others are not read.

    Raises:
        InvalidRequestObject: It is malformed, not the client's, or not valid now.
    """
    text = parameters.require(REQUEST)
    with tenant.trace.check("request_object", length=len(text)):
        claims = _verify(tenant, client, text)
        check_claims(claims, client_id=client.client_id, now=tenant.now())
        if mistake := audience_mistake(tenant, base_url, claims.get("aud")):
            raise invalid_object(mistake)
    inside = parameters_of(claims)
    ignored = [
        name for name, value in parameters.raw().items()
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


def _verify(tenant: Tenant, client: Client, text: str) -> Mapping[str, Any]:
    credentials = client.signed_request_object.credentials if client.signed_request_object else ()
    try:
        header, claims = decode(text)
        check_header(header)
        if "typ" not in header:
            tenant.trace.advise(_UNTYPED)
        if client.client_id in tenant.directory.clients:
            return usable_keys(tenant, credentials).verify(text)
    except InvalidToken as error:
        raise invalid_object(f"{error} {describe_credentials(tenant, credentials)}") from None
    tenant.trace.advise(_NOT_CHECKED.format(client.client_id))
    return claims
