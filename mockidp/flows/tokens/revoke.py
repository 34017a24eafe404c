"""Revoke a refresh token, its family and the user's consent.

Spec: RFC 7009.
Auth0: the answer is 200 with an empty body, also for unknown tokens. Access tokens cannot be
revoked.
"""

from __future__ import annotations

from mockidp.flows.clients.authentication import authenticate_client_by_standard
from mockidp.flows.clients.mutual_tls import NOTHING, PresentedCertificate
from mockidp.flows.grants.refresh_token import revoke_family
from mockidp.flows.requests.parameters import check_parameters
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.revoke import REVOKE
from mockidp.protocol.tokens.artifacts import RefreshTokenFamily
from mockidp.resources.client import Client
from mockidp.tenant.state.stores import USER
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut


def revoke(
    tenant: Tenant,
    base_url: str,
    parameters: Parameters,
    *,
    authorization: str | None,
    presented: PresentedCertificate = NOTHING,
) -> str:
    """Revoke a refresh token. Return a hint, which is empty if something was revoked.

    Raises:
        OAuthError: The client is not authenticated, or a parameter is missing.
    """
    client = authenticate_client_by_standard(tenant, base_url, parameters, authorization, presented)
    check_parameters(tenant, REVOKE, parameters)
    with tenant.trace.check("token", sent=cut(parameters.get("token"))):
        token = parameters.require("token")
    hint = _revoke(tenant, client, token)
    tenant.trace.note(revoked=not hint)
    return hint


def _revoke(tenant: Tenant, client: Client, token: str) -> str:
    entry = tenant.refresh_tokens.history(token)
    if entry is None:
        return "Nothing was revoked, because this tenant did not issue such a refresh token."
    family = tenant.refresh_families.get(entry.value.family_id)
    if family is None:
        return (
            "Nothing was revoked, because the refresh token's family had already been revoked or "
            "had expired."
        )
    if family.client_id != client.client_id:
        return (
            f"Nothing was revoked, because the refresh token belongs to client {family.client_id}."
        )
    tenant.trace.note(user=family.user_id, audience=family.audience)
    _end(tenant, family)
    return ""


def _end(tenant: Tenant, family: RefreshTokenFamily) -> None:
    """Revoke the family, and as much of its grant as `flags.revoke_refresh_token_grant` says."""
    with_grant = tenant.directory.configuration.tenant.flags.revoke_refresh_token_grant
    if with_grant is False:
        tenant.refresh_families.take(family.id)
        return
    revoke_family(tenant, family)
    for key, entry in tenant.refresh_families.scan(USER, family.user_id) if with_grant else ():
        one = entry.value
        if (one.client_id, one.audience) == (family.client_id, family.audience):
            tenant.refresh_families.take(key)
