"""Store a pushed authorization request (PAR), for one use at /authorize.

Spec: RFC 9126 2.
Auth0: `docs/fidelity.md`, "/oauth/par".
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.authorization.authorize import check_request
from mockidp.flows.authorization.pushed_request import URN
from mockidp.flows.authorization.resolve import read_signed
from mockidp.flows.clients.authentication import authenticate_client_by_standard
from mockidp.flows.clients.mutual_tls import NOTHING, PresentedCertificate
from mockidp.protocol.errors.oauth_error import InvalidRequest, NotFound
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.request_object import REQUEST_URI
from mockidp.protocol.tokens.artifacts import PushedRequest
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant

_OF_THE_CLIENT = ("client_assertion", "client_assertion_type", "client_secret")


def push_request(
    tenant: Tenant,
    base_url: str,
    parameters: Parameters,
    authorization: str | None,
    presented: PresentedCertificate = NOTHING,
) -> dict[str, Any]:
    """Store an authorization request. Return the body of the response, in Auth0's key order.

    Raises:
        OAuthError: The client is not authenticated, or /authorize would refuse the request.
    """
    client = authenticate_client_by_standard(tenant, base_url, parameters, authorization, presented)
    with tenant.trace.check("par_enabled", client=client.client_id):
        _check_is_enabled(tenant, client)
    with tenant.trace.check("request_uri", sent=parameters.get(REQUEST_URI)):
        if parameters.get(REQUEST_URI) is not None:
            raise InvalidRequest(
                "Parameter 'request_uri' is not allowed",
                hint="A pushed request cannot refer to another one. Leave `request_uri` out.",
            )
    sent = {name: one for name, one in parameters.raw().items() if name not in _OF_THE_CLIENT}
    sent["client_id"] = client.client_id
    resolved = read_signed(tenant, base_url, client, Parameters(sent))
    check_request(tenant, base_url, client, resolved.pushed())
    lifetime, key = client.par_request_expiry, tenant.ids.opaque_id()
    request = PushedRequest(
        client_id=client.client_id,
        parameters=resolved.parameters.raw(),
        is_signed=resolved.is_signed,
    )
    tenant.pushed_requests.put(key, request, expires_at=tenant.now() + lifetime)
    return {"expires_in": lifetime, "request_uri": URN + key}


def _check_is_enabled(tenant: Tenant, client: Client) -> None:
    settings = tenant.directory.configuration.tenant
    is_enabled = (
        settings.pushed_authorization_requests_supported
        or settings.flags.require_pushed_authorization_requests
        or client.require_pushed_authorization_requests
        or client.client_id not in tenant.directory.clients
    )
    if not is_enabled:
        raise NotFound(
            "Not Found",
            hint="This tenant does not accept pushed authorization requests. Set "
            "`tenant.pushed_authorization_requests_supported` to true in the tenant file.",
        )
