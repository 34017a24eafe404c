"""Find the profile of a token exchange, and check that the client may use it.

Spec: RFC 8693 2.1.
Auth0: the type of the subject token selects the profile (docs/fidelity.md, "/oauth/token").
"""

from __future__ import annotations

from mockidp.flows.hints.known import HIGH_LIKENESS, list_known
from mockidp.protocol.errors.oauth_error import InvalidRequest, UnauthorizedClient
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.tokens.token_exchange import (
    INVALID_TYPES,
    NOT_ALLOWED,
    OTHER_TYPES,
)
from mockidp.resources.client import Client
from mockidp.resources.token_exchange_profile import TokenExchangeProfile
from mockidp.tenant.tenant import Tenant

_TYPE = "custom_authentication"


def find_profile(tenant: Tenant, parameters: Parameters) -> TokenExchangeProfile:
    """Return the profile for the type of a request's subject token.

    Raises:
        InvalidRequest: No profile is for this type, or the request wants another type of token.
    """
    sent, wanted = parameters.get("subject_token_type"), parameters.get("requested_token_type")
    with tenant.trace.check("subject_token_type", sent=sent, requested_token_type=wanted):
        uri = parameters.require("subject_token_type")
        profile = tenant.directory.token_exchange_profile(uri)
        if profile is None:
            raise InvalidRequest(INVALID_TYPES, hint=_why_no_profile(tenant, uri))
        if wanted is not None:
            raise InvalidRequest(
                INVALID_TYPES,
                hint=f"Parameter `requested_token_type` is {wanted[:100]}, but Auth0 refuses it in "
                "a custom token exchange. Leave it out: the issued token is an access token.",
            )
    return profile


def _why_no_profile(tenant: Tenant, uri: str) -> str:
    known = [one.subject_token_type for one in tenant.directory.token_exchange_profiles.values()]
    if fact := OTHER_TYPES.get(uri):
        return f"Parameter `subject_token_type` is {uri}. {fact}."
    listed = list_known("types", uri, known, likeness=HIGH_LIKENESS)
    return (
        f"No token exchange profile has the `subject_token_type` {uri[:100]!r}. {listed} Add the "
        "profile to `tokenExchangeProfiles` in the tenant file."
    )


def check_client(tenant: Tenant, client: Client) -> None:
    """Check that a client may use profiles.

    Raises:
        UnauthorizedClient: It may not.
    """
    with tenant.trace.check("token_exchange", client=client.client_id):
        if why := _why_not(client):
            raise UnauthorizedClient(NOT_ALLOWED.format(_TYPE), hint=why)


def _why_not(client: Client) -> str:
    """Explain why a client may not use profiles; empty if it may."""
    allowed = client.token_exchange.allow_any_profile_of_type if client.token_exchange else ()
    if _TYPE not in allowed:
        return (
            f"Client {client.client_id} may not use token exchange profiles. Set its "
            f"`token_exchange.allow_any_profile_of_type` to [{_TYPE}] in the tenant file."
        )
    if not client.is_first_party:
        return f"Client {client.client_id} is a third-party client (`is_first_party` is false)."
    if client.oidc_conformant is False:
        return f"Client {client.client_id} has `oidc_conformant: false`. Set it to true."
    return ""
