"""The strict rules for third-party clients, such as those that were registered dynamically.

Spec: OAuth 2.1 (draft-ietf-oauth-v2-1) 4.1 and 10.
Auth0: `third_party_security_mode: strict` of a client (docs/fidelity.md, "Dynamic registration").
"""

from __future__ import annotations

from mockidp.protocol.errors.oauth_error import InvalidRequest, UnsupportedResponseType
from mockidp.protocol.oauth.grant_types import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, REFRESH_TOKEN
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.scope import OFFLINE_ACCESS, OIDC_SCOPES
from mockidp.protocol.tokens.custom_claim import EXTENSION
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant

GRANT_TYPES = (AUTHORIZATION_CODE, REFRESH_TOKEN, CLIENT_CREDENTIALS)
"""The grant types that a strict client may use, whatever its `grant_types` are."""
ALLOWED = frozenset(
    {
        "acr_values", "audience", "authorization_details", "client_id", "code_challenge",
        "code_challenge_method", "connection", "correlation_id", "display", "dpop_jkt",
        "login_hint", "max_age", "nonce", "organization", "prompt", "redirect_uri", "resource",
        "response_type", "scope", "state", "ui_locales",
    }
)  # fmt: skip
"""The parameters of /authorize that a strict client may send, in addition to `ext-...`."""


def check_strict_request(
    tenant: Tenant, client: Client, parameters: Parameters, *, wrapped_in: str
) -> None:
    """Check that a strict client requests a code with PKCE, and sends only allowed parameters.

    Args:
        tenant: The tenant.
        client: The client.
        parameters: The parameters of the request.
        wrapped_in: The parameter that had them, `request_uri` or `request`; empty for none.

    Raises:
        OAuthError: It does not.
    """
    if not client.is_strict:
        return
    refused = [one for one in parameters if one not in ALLOWED and not one.startswith(EXTENSION)]
    why = (
        f"Client {client.client_id} is a third-party client with `third_party_security_mode: "
        "strict`."
    )
    with tenant.trace.check("strict_parameters", refused=refused, wrapped_in=wrapped_in):
        if wrapped_in or refused:
            name = wrapped_in or refused[0]
            raise InvalidRequest(
                f"Parameter '{name[:100]}' is not allowed",
                hint=f"{why} It may not send `{name[:100]}` to /authorize. Leave it out, or "
                "register the client in the mode permissive.",
            )
    response_type, challenge = parameters.get("response_type"), parameters.get("code_challenge")
    with tenant.trace.check("strict_response_type", sent=response_type):
        if response_type != "code":
            raise UnsupportedResponseType(
                f"Unsupported response type: {response_type}",
                hint=f"{why} It may send only `response_type=code`.",
            )
    with tenant.trace.check("strict_pkce", is_sent=challenge is not None):
        if challenge is None:
            raise InvalidRequest(
                "Missing required parameter: code_challenge",
                hint=f"{why} It must use PKCE. Send `code_challenge` and `code_challenge_method`.",
            )


def usable_scope(tenant: Tenant, client: Client, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the scope of a request, without OpenID Connect's for a strict client."""
    if not client.is_strict:
        return requested
    dropped = [one for one in requested if one in OIDC_SCOPES and one != OFFLINE_ACCESS]
    if dropped:
        tenant.trace.advise(
            f"The scopes {', '.join(dropped)} were dropped: Auth0 gives clients with "
            "`third_party_security_mode: strict` neither ID tokens nor access to /userinfo. "
            "Request scopes of an API, or register the client in the mode permissive."
        )
    return tuple(one for one in requested if one not in dropped)


def why_not_for_strict(client: Client) -> str:
    """Explain why a client may not use an endpoint for first-party clients; empty if it may."""
    if not client.is_strict:
        return ""
    return (
        f"Client {client.client_id} is a third-party client with `third_party_security_mode: "
        "strict`, and this endpoint refuses such clients. Send the browser to /authorize."
    )
