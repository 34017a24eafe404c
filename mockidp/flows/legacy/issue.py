"""The token response of the legacy endpoints.

Auth0: the access token is opaque, `openid` adds an ID token, and a request with `offline_access`
and a `device` gets a refresh token for /delegation.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.audience import granted_scope
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.hints.scopes import advise_on_scope
from mockidp.flows.tokens.access_token import issue_access_token
from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.id_token import issue_id_token
from mockidp.flows.tokens.proof import check_proof
from mockidp.flows.tokens.refresh_token import start_refresh_family
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.legacy.pipeline import is_legacy, profile_attributes
from mockidp.protocol.oauth.scope import OFFLINE_ACCESS, OPENID, parse_scope
from mockidp.protocol.tokens.custom_claim import readable_parameters
from mockidp.resources.client import Client
from mockidp.resources.user import User


def read_scope(request: GrantRequest) -> tuple[str, ...]:
    """Return the requested scope.

    Raises:
        InvalidRequest: It is not a string.
    """
    sent = request.parameters.raw().get("scope")
    with request.tenant.trace.check("scope", sent=sent):
        if not isinstance(sent, str | None):
            raise InvalidRequest(
                "scope parameter must be a string",
                hint=f"Parameter `scope` was sent as JSON {type(sent).__name__}. Send one string, "
                "with spaces between the scopes.",
            )
    return parse_scope(sent)


def grant(request: GrantRequest, client: Client, user: User, requested: tuple[str, ...]) -> Granted:
    """Return what a user of the legacy pipeline grants a client.

    Args:
        request: The request.
        client: The client that the tokens are for.
        user: The user.
        requested: The scope that was requested.
    """
    tenant = request.tenant
    advise_on_scope(tenant, client, None, requested)
    attributes = profile_attributes(user, None) if is_legacy(client, None) else ()
    return Granted(
        client=client,
        user=user,
        scope=granted_scope(
            tenant,
            client=client,
            user=user,
            api=None,
            requested=requested,
            attributes=attributes,
        ),
        api=None,
        request=readable_parameters(request.parameters),
    )


def issue(request: GrantRequest, granted: Granted) -> dict[str, Any]:
    """Return the body of a token response, in Auth0's key order."""
    tenant, base_url = request.tenant, request.base_url
    granted = _without_device(request, granted)
    check_proof(tenant, granted.client, granted.api, None)
    access_token, _ = issue_access_token(tenant, base_url, granted)
    body: dict[str, Any] = {}
    if OPENID in granted.scope:
        body["id_token"] = issue_id_token(tenant, base_url, granted)
    body["access_token"] = access_token
    if OFFLINE_ACCESS in granted.scope:
        body["refresh_token"] = start_refresh_family(tenant, base_url, granted, is_legacy=True)
    return body | {"token_type": "bearer"}


def _without_device(request: GrantRequest, granted: Granted) -> Granted:
    """Return a grant without `offline_access` if the request does not name a device."""
    if OFFLINE_ACCESS not in granted.scope or request.parameters.get("device") is not None:
        return granted
    request.tenant.trace.advise(
        "No refresh token was issued, because the request has no `device`. Send the name of the "
        "device, such as `browser`."
    )
    return replace(granted, scope=tuple(one for one in granted.scope if one != OFFLINE_ACCESS))
