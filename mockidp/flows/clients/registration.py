"""`/oidc/register`: create a third-party client for an app that registers itself.

Spec: RFC 7591 3; OpenID Connect Registration 3.
Auth0: registration is open, needs no token, and the client cannot be changed or read afterwards
(docs/fidelity.md, "Dynamic registration").
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.hints.known import list_known
from mockidp.protocol.clients.registration import ClientMetadata, parse_client_metadata
from mockidp.protocol.discovery.document import REGISTER as PATH
from mockidp.protocol.errors.oauth_error import EndpointDisabled
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.register import REGISTER
from mockidp.resources.client import Client
from mockidp.resources.client_tokens import RefreshTokenPolicy
from mockidp.tenant.tenant import Tenant

_FLAG = "enable_dynamic_client_registration"
_PREFIX = "tpc_"


def check_registration_is_enabled(tenant: Tenant) -> None:
    """Check that the tenant lets apps register clients.

    Raises:
        EndpointDisabled: It does not.
    """
    enabled = tenant.directory.configuration.tenant.flags.enable_dynamic_client_registration
    with tenant.trace.check("flag", flag=_FLAG, enabled=enabled):
        if not enabled:
            raise EndpointDisabled(
                "Dynamic client registration is disabled",
                hint=f"Auth0 serves {PATH} only to tenants with the flag `{_FLAG}`. Set "
                f"`tenant.flags.{_FLAG}: true` in the tenant file, or send "
                f'`{{"flags": {{"{_FLAG}": true}}}}` to PATCH /api/v2/tenants/settings.',
            )


def register_client(tenant: Tenant, sent: Parameters) -> dict[str, Any]:
    """Create a client. Return the body of the response, in Auth0's key order.

    Raises:
        OAuthError: The metadata is refused.
    """
    mode = tenant.directory.configuration.tenant.dynamic_client_registration_security_mode
    with tenant.trace.check("metadata", mode=mode, members=list(sent)):
        metadata = parse_client_metadata(sent, is_strict=mode == "strict")
    client = _client(tenant, metadata, is_strict=mode == "strict")
    tenant.directory.clients.store.put(client.client_id, client)
    tenant.trace.note(client=client.client_id)
    _advise(tenant, client, sent)
    return _body(client, metadata)


def _client(tenant: Tenant, metadata: ClientMetadata, *, is_strict: bool) -> Client:
    ids = tenant.ids
    client_id = (_PREFIX if is_strict else "") + ids.client_id()
    is_public = metadata.token_endpoint_auth_method == "none"
    tokens = RefreshTokenPolicy()
    if is_strict:
        tokens = RefreshTokenPolicy(
            rotation_type="rotating" if is_public else "non-rotating", expiration_type="expiring"
        )
    return Client(
        client_id=client_id,
        name=metadata.name or client_id,
        client_secret=ids.secret(),
        app_type=metadata.app_type,
        is_first_party=False,
        third_party_security_mode="strict" if is_strict else "permissive",
        redirection_policy="open_redirect_protection" if is_strict else None,
        oidc_conformant=True,
        token_endpoint_auth_method=metadata.token_endpoint_auth_method,
        grant_types=metadata.grant_types,
        callbacks=metadata.callbacks,
        refresh_token=tokens,
        extra={} if metadata.logo_uri is None else {"logo_uri": metadata.logo_uri},
    )


def _body(client: Client, metadata: ClientMetadata) -> dict[str, Any]:
    body = {
        "client_name": client.name,
        "client_id": client.client_id,
        "client_secret": None if client.is_public else client.client_secret,
        "redirect_uris": list(client.callbacks),
        "client_secret_expires_at": 0,
        "grant_types": list(client.grant_types),
        "token_endpoint_auth_method": client.token_endpoint_auth_method,
        "logo_uri": metadata.logo_uri,
    }
    return {name: one for name, one in body.items() if one is not None}


def _advise(tenant: Tenant, client: Client, sent: Parameters) -> None:
    """Name the metadata that was ignored, and what keeps users of the client from logging in."""
    supported = [one.name for one in REGISTER if one.handling == "supported"]
    ignored = [one[:40] for one in sent if one not in supported]
    if ignored:
        named = ", ".join(f"`{one}`" for one in ignored[:10])
        known = list_known("members", ignored[0], supported)
        tenant.trace.advise(f"The client has no fields for {named}, so they were ignored. {known}")
    left_out = {*(sent.raw().get("grant_types") or ())} - {*client.grant_types}
    if left_out:
        tenant.trace.advise(
            f"Third-party clients may not have the grant types {', '.join(sorted(left_out))}, so "
            "the client has only those of the response."
        )
    if not tenant.directory.connections_for(client):
        tenant.trace.advise(
            "Nobody can log in to the client, as no connection has `is_domain_connection: true`, "
            "and third-party clients use no others."
        )
