"""Issue a session transfer token for a refresh token of a native app.

Auth0: `docs/fidelity.md`, "Native to Web SSO".
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from mockidp.flows.grants.request import GrantRequest
from mockidp.protocol.errors.oauth_error import InvalidRequest, UnauthorizedClient
from mockidp.protocol.tokens.artifacts import RefreshTokenFamily
from mockidp.protocol.tokens.session_transfer import (
    LIFETIME,
    SessionTransferToken,
    host_in,
    transfer_response,
)


def wants_transfer(request: GrantRequest, family: RefreshTokenFamily) -> bool:
    """Return whether a request with a refresh token is for a session transfer token.

    Raises:
        OAuthError: It is, and the client or the refresh token does not allow it.
    """
    audience = request.parameters.get("audience")
    host = host_in(audience)
    if host is None:
        return False
    with request.tenant.trace.check("session_transfer", audience=audience):
        _check_host(request, host)
        _check_client(request)
        _check_origin(request, family)
    return True


def _check_host(request: GrantRequest, host: str) -> None:
    own = [urlsplit(one) for one in (request.base_url, request.tenant.issuer(request.base_url))]
    if host not in {name for one in own for name in (one.netloc, one.hostname)}:
        raise InvalidRequest(
            "Invalid audience",
            hint=f"Parameter `audience` names host {host[:100]}, but this tenant's is "
            f"{own[0].netloc}. Send urn:{own[0].netloc}:session_transfer.",
        )


def _check_client(request: GrantRequest) -> None:
    client = request.client
    is_implied = client.client_id not in request.tenant.directory.clients
    if not (is_implied or client.session_transfer.can_create_session_transfer_token):
        raise UnauthorizedClient(
            "Client is not allowed to create session transfer tokens",
            hint=f"Client {client.client_id} may not create session transfer tokens. Set "
            "`session_transfer.can_create_session_transfer_token` of the client to true.",
        )


def _check_origin(request: GrantRequest, family: RefreshTokenFamily) -> None:
    if family.is_transferred:
        raise UnauthorizedClient(
            "Session transfer tokens cannot be created in a transferred session",
            hint="The refresh token was issued in a session that a session transfer token had "
            f"started, at client {request.client.client_id}. Send one of a login in the native "
            "app.",
        )
    if family.impersonated_by:
        raise UnauthorizedClient(
            "Session transfer tokens cannot be created for impersonated users",
            hint=f"The refresh token is that of {family.impersonated_by.user_id}, who impersonates "
            f"{family.user_id}. The session of a browser would not show that. Log in as the user.",
        )


def issue_transfer_token(request: GrantRequest, family: RefreshTokenFamily) -> dict[str, Any]:
    """Return the body of the response with a new session transfer token."""
    tenant = request.tenant
    token = tenant.ids.opaque_token()
    record = SessionTransferToken(
        client_id=request.client.client_id,
        user_id=family.user_id,
        amr=family.amr,
        address=request.address,
    )
    tenant.session_transfer_tokens.put(token, record, expires_at=tenant.now() + LIFETIME)
    claims = {"sub": family.user_id, "client_id": record.client_id, "expires_in": LIFETIME}
    tenant.trace.issued("session_transfer_token", {}, claims)
    return transfer_response(token)
