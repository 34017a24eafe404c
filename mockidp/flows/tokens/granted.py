"""The grant from which all tokens are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from mockidp.flows.tokens.custom_claims import ClaimContext
from mockidp.frozen import frozen
from mockidp.protocol.clients.certificate import ClientCertificate
from mockidp.protocol.oauth.authorization_details import Details
from mockidp.protocol.oauth.claims_request import NO_CLAIMS, ClaimsRequest
from mockidp.protocol.tokens.artifacts import ImpersonatedBy
from mockidp.protocol.tokens.custom_claim import ClaimPlace
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


@frozen
class Granted:
    """The access that a client gets after a user's login."""

    client: Client
    user: User
    scope: tuple[str, ...]
    api: ResourceServer | None
    gty: tuple[str, ...] = ()
    nonce: str | None = None
    sid: str | None = None
    auth_time: float | None = None
    organization: Organization | None = None
    amr: tuple[str, ...] = ()
    """`mfa` after a second factor."""
    acr: str | None = None
    claims: ClaimsRequest = NO_CLAIMS
    extra_claims: Mapping[str, Any] = field(default_factory=dict)
    """Claims that its ID tokens get in addition, chosen on the login page."""
    authorization_details: Details = ()
    code: str | None = None
    """The code that was redeemed, if its reuse revokes the tokens."""
    impersonated_by: ImpersonatedBy | None = None
    actor: Mapping[str, Any] | None = None
    """The party that acts for the user (RFC 8693 4.1)."""
    front_channel: bool = False
    """Whether the tokens travel through the browser, which gives them a shorter lifetime."""
    certificate: ClientCertificate | None = None
    """The client certificate of the token request, to which access tokens may be bound."""
    request: Mapping[str, str] = field(default_factory=dict)
    """The readable parameters of the request, for custom claims."""


def claim_context(
    tenant: Tenant, base_url: str, place: ClaimPlace, granted: Granted
) -> ClaimContext:
    """Return what the custom claims of a token depend on."""
    return ClaimContext(
        place=place,
        client=granted.client,
        user=granted.user,
        audience=granted.api.identifier if granted.api else None,
        scope=granted.scope,
        organization=granted.organization,
        custom_domain=tenant.urls.custom_domain(base_url),
        request=granted.request,
        extra=granted.extra_claims if place == "id_token" else {},
    )
