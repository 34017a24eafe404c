"""`/oauth/device/code`: a device requests a code for itself, and one for its user.

Spec: RFC 8628 3.1 and 3.2.
Auth0: `docs/fidelity.md`, "Devices".
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.audience import check_user_access, find_api
from mockidp.flows.clients.authentication import identify_client
from mockidp.flows.hints.scopes import advise_on_scope
from mockidp.flows.organizations.incompatible import check_needs_no_organization
from mockidp.flows.requests.parameters import check_parameters
from mockidp.flows.token import check_grant_type
from mockidp.protocol.clients.authentication import parse_client_credentials
from mockidp.protocol.discovery.document import ACTIVATE
from mockidp.protocol.errors.oauth_error import UnauthorizedClient
from mockidp.protocol.oauth.device_code import INTERVAL, LIFETIME, DeviceAuthorization
from mockidp.protocol.oauth.grant_types import DEVICE_CODE
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.scope import parse_scope
from mockidp.protocol.oauth.user_code import CHARACTERS, PLACEHOLDER, fill_mask
from mockidp.protocol.request_parameters import device_code
from mockidp.protocol.tokens.artifacts import AuthorizationRequest
from mockidp.protocol.tokens.custom_claim import readable_parameters
from mockidp.resources.client import Client
from mockidp.tenant.journal.flow_index import DEVICE_CODE as DEVICE_CODE_ID
from mockidp.tenant.tenant import Tenant

NO_CREDENTIALS = "Client authentication is not allowed for the device flow"
NOT_CONFORMANT = "The device flow is only available to OIDC conformant clients"


def authorize_device(
    tenant: Tenant, base_url: str, parameters: Parameters, authorization: str | None
) -> dict[str, Any]:
    """Return the two codes of a device, in Auth0's key order.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        parameters: The parameters of the body.
        authorization: The header Authorization.

    Raises:
        OAuthError: The request is refused.
    """
    client = _find_client(tenant, parameters, authorization)
    request = _read_request(tenant, base_url, client, parameters)
    device = DeviceAuthorization(
        user_code=_make_user_code(tenant), request=request, expires_at=tenant.now() + LIFETIME
    )
    code = tenant.ids.code()
    tenant.device_codes.put(code, device)
    tenant.trace.made(DEVICE_CODE_ID, code)
    page = tenant.browser_url(base_url) + ACTIVATE
    return {
        "device_code": code,
        "user_code": device.user_code,
        "verification_uri": page,
        "expires_in": LIFETIME,
        "interval": INTERVAL,
        "verification_uri_complete": f"{page}?user_code={device.user_code.replace(' ', '%20')}",
    }


def _find_client(tenant: Tenant, parameters: Parameters, authorization: str | None) -> Client:
    with tenant.trace.check("client_authentication", has_header=authorization is not None):
        credentials = parse_client_credentials(parameters, authorization)
    client = identify_client(tenant, credentials)
    has_any = credentials.client_secret is not None or credentials.assertion is not None
    with tenant.trace.check("client_secret", is_sent=has_any):
        if has_any:
            raise UnauthorizedClient(
                NO_CREDENTIALS,
                hint="The request has a client secret or a client assertion. Auth0 lets devices "
                f"only act as public clients. Send `client_id` {client.client_id} alone.",
            )
    with tenant.trace.check("grant_type", allowed=client.grant_types):
        check_grant_type(tenant, client, DEVICE_CODE)
    with tenant.trace.check("oidc_conformant", is_conformant=client.oidc_conformant):
        if client.oidc_conformant is False:
            raise UnauthorizedClient(
                NOT_CONFORMANT,
                hint=f"Client {client.client_id} has `oidc_conformant: false`, which Auth0 does "
                "not support for devices. Set it to true.",
            )
    return client


def _read_request(
    tenant: Tenant, base_url: str, client: Client, parameters: Parameters
) -> AuthorizationRequest:
    check_needs_no_organization(tenant, client, "device")
    check_parameters(tenant, device_code.DEVICE_CODE, parameters)
    scope, audience = parse_scope(parameters.get("scope")), parameters.get("audience")
    api = find_api(tenant, base_url, audience)
    check_user_access(tenant, client, api)
    advise_on_scope(tenant, client, api, scope)
    return AuthorizationRequest(
        client_id=client.client_id,
        redirect_uri="",
        redirect_uri_sent=False,
        response_type="code",
        response_mode="query",
        scope=scope,
        audience=audience,
        state=None,
        readable=readable_parameters(parameters),
        base_url=base_url,
    )


def _make_user_code(tenant: Tenant) -> str:
    form = tenant.directory.configuration.tenant.device_flow
    length = form.mask.count(PLACEHOLDER)
    return fill_mask(form.mask, tenant.ids.user_code(CHARACTERS[form.charset], length))
