"""The body of a token response.

Spec: RFC 6749 5.1.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.tokens.access_token import issue_access_token
from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.id_token import issue_id_token
from mockidp.flows.tokens.proof import check_proof
from mockidp.flows.tokens.refresh_token import put_refresh_token, start_refresh_family
from mockidp.protocol.oauth.scope import OFFLINE_ACCESS, OPENID, make_scope
from mockidp.protocol.oauth.token_response import token_response
from mockidp.protocol.tokens.artifacts import RefreshTokenFamily
from mockidp.tenant.tenant import Tenant


def issue_tokens(
    tenant: Tenant, base_url: str, granted: Granted, *, requested: tuple[str, ...]
) -> dict[str, Any]:
    """Return the body, with a refresh token if one was granted."""
    check_proof(tenant, granted.client, granted.api, granted.certificate)
    access_token, expires_in = issue_access_token(tenant, base_url, granted)
    with_openid = OPENID in granted.scope
    return token_response(
        access_token=access_token,
        expires_in=expires_in,
        refresh_token=(
            start_refresh_family(tenant, base_url, granted)
            if OFFLINE_ACCESS in granted.scope
            else None
        ),
        id_token=issue_id_token(tenant, base_url, granted) if with_openid else None,
        scope=make_scope(granted.scope) if with_openid or granted.scope != requested else None,
        authorization_details=granted.authorization_details,
    )


def issue_refreshed_tokens(
    tenant: Tenant, base_url: str, granted: Granted, family: RefreshTokenFamily
) -> dict[str, Any]:
    """Return the body for a refresh token, with a new one if those of the client rotate."""
    check_proof(tenant, granted.client, granted.api, granted.certificate)
    access_token, expires_in = issue_access_token(tenant, base_url, granted)
    rotates = granted.client.refresh_token.rotation_type == "rotating"
    with_openid = OPENID in granted.scope
    return token_response(
        access_token=access_token,
        expires_in=expires_in,
        refresh_token=put_refresh_token(tenant, family) if rotates else None,
        id_token=issue_id_token(tenant, base_url, granted) if with_openid else None,
        scope=make_scope(granted.scope),
        authorization_details=granted.authorization_details,
    )
