"""Bind access tokens to the certificate of their client, and refuse tokens that are not bound.

Spec: RFC 8705 3; RFC 7800 3.1 (`cnf`).
Auth0: `proof_of_possession` of an API and `require_proof_of_possession` of a client decide
(docs/fidelity.md, "Mutual TLS").
"""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.protocol.clients.certificate import THUMBPRINT, ClientCertificate
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.resources.client import Client
from mockidp.resources.resource_server import ResourceServer
from mockidp.tenant.tenant import Tenant

_REFUSED = "Proof of possession is required"


def check_proof(
    tenant: Tenant,
    client: Client,
    api: ResourceServer | None,
    certificate: ClientCertificate | None,
) -> None:
    """Check that an access token can be bound, if the API or the client requires it.

    Raises:
        InvalidRequest: It cannot.
    """
    binding = api.proof_of_possession if api else None
    by_api = bool(binding and binding.required)
    is_required = by_api or client.require_proof_of_possession
    if not (is_required or certificate):
        return
    with tenant.trace.check("proof_of_possession", required=is_required, sent=bool(certificate)):
        if not is_required or confirmation(api, certificate):
            return
        raise InvalidRequest(_REFUSED, hint=_why(client, api, certificate, by_api=by_api))


def _why(
    client: Client,
    api: ResourceServer | None,
    certificate: ClientCertificate | None,
    *,
    by_api: bool,
) -> str:
    who = f"API {api.identifier}" if api and by_api else f"Client {client.client_id}"
    field = "proof_of_possession.required" if by_api else "require_proof_of_possession"
    why = f"{who} has `{field}: true`, so its access tokens must be bound to a key."
    if api and api.proof_of_possession and api.proof_of_possession.mechanism == "dpop":
        return (
            f"{why} The mechanism of API {api.identifier} is DPoP, which mockidp does not support."
        )
    if certificate is None:
        return f"{why} No client certificate was sent. Send the request with mutual TLS."
    return (
        f"{why} API {api.identifier if api else ''} has no `proof_of_possession` with "
        "`mechanism: mtls`. Set it."
    )


def confirmation(
    api: ResourceServer | None, certificate: ClientCertificate | None
) -> Mapping[str, str] | None:
    """Return the claim `cnf` of an access token; None if it is not bound.

    Without an API, the token is for /userinfo, and is bound to every certificate that was sent.
    """
    is_bound = api is None or api.is_bound_by_mtls
    return {THUMBPRINT: certificate.thumbprint} if certificate and is_bound else None
