"""Find the API that a request is for, and the part of its scope that is granted.

Spec: RFC 6749 3.3.
Auth0: without an audience, and without a default audience of the tenant, the access token is opaque
and for /userinfo only. Unknown scopes are dropped without an error.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from mockidp.flows.hints.known import HIGH_LIKENESS, list_known
from mockidp.flows.hints.scopes import advise_on_permissions
from mockidp.flows.requests.own_url import at_custom_domain, is_issuer, is_own_api, is_own_url
from mockidp.protocol.discovery.document import USERINFO
from mockidp.protocol.errors.oauth_error import AccessDenied, InvalidRequest, UnauthorizedClient
from mockidp.protocol.errors.repair import describe_placeholder, find_damage
from mockidp.protocol.management.scopes import CURRENT_USER_SCOPES
from mockidp.protocol.mfa.records import MFA_API, MFA_API_LIFETIME, MFA_SCOPES
from mockidp.protocol.my_account import MY_ACCOUNT_API
from mockidp.protocol.oauth.grant_types import REFRESH_TOKEN
from mockidp.protocol.oauth.parameters import ONE_AUDIENCE
from mockidp.protocol.oauth.scope import OFFLINE_ACCESS, OIDC_SCOPES, make_scope
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.resources.resource_server import ApiScope, ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.directory import MANAGEMENT_PATH, OWN_PATHS
from mockidp.tenant.tenant import Tenant

_OF_STRICT = " for clients with `third_party_security_mode: strict`, whatever the API says"
_OWN_APIS = (USERINFO, MFA_API, MANAGEMENT_PATH)
_ENDS_OF_OWN = (*_OWN_APIS, MY_ACCOUNT_API)


def find_api(tenant: Tenant, base_url: str, audience: str | None) -> ResourceServer | None:
    """Return the API that a request is for; None if the request is for /userinfo only.

    Raises:
        UnknownAudience: No API has that identifier.
    """
    default = tenant.default_audience()
    wanted = audience or default
    tenant.trace.note(audience=wanted)
    with tenant.trace.check("audience", sent=audience, default=default):
        if wanted is None:
            return None
        is_management = False
        if wanted.endswith(_ENDS_OF_OWN):
            if is_own_api(tenant, base_url, wanted, USERINFO):
                return None
            if is_own_api(tenant, base_url, wanted, MFA_API):
                return _mfa_api(wanted)
            if is_own_url(tenant, base_url, wanted, MY_ACCOUNT_API):
                return tenant.directory.my_account_api(wanted)
            is_management = is_own_api(tenant, base_url, wanted, MANAGEMENT_PATH)
        api = tenant.directory.api(wanted, is_management=is_management)
        if api is None:
            raise UnknownAudience(wanted, tenant, base_url)
        return api


def _mfa_api(identifier: str) -> ResourceServer:
    """Return the API with which users manage their second factors.

    Auth0: the lifetime of its tokens cannot be configured.
    """
    return ResourceServer(
        identifier=identifier,
        name="Auth0 MFA API",
        scopes=tuple(ApiScope(value=one) for one in MFA_SCOPES),
        token_lifetime=MFA_API_LIFETIME,
        token_lifetime_for_web=MFA_API_LIFETIME,
    )


class UnknownAudience(AccessDenied):
    """No API has the audience. Each endpoint replaces the text with its own."""

    def __init__(self, audience: str, tenant: Tenant, base_url: str) -> None:
        meant = _what_was_meant(audience, tenant, base_url)
        several = f" {ONE_AUDIENCE}" if not meant and re.search(r"[\s,]", audience) else ""
        known = tenant.directory.apis
        hint = meant or list_known("APIs", audience, known, likeness=HIGH_LIKENESS)
        super().__init__(
            f"Service not found: {audience}",
            hint=f"No API has the identifier {audience!r}. {hint}{several}",
        )
        self.audience = audience


def _what_was_meant(audience: str, tenant: Tenant, base_url: str) -> str:
    """Explain what an unknown audience probably is; empty if that is unknown."""
    apis, slash = tenant.directory.apis, audience.rstrip("/") + "/"
    for one in (audience.rstrip("/"), slash):
        if one in apis:
            return f"API {one} exists. Check the trailing slash."
    damage = describe_placeholder(audience) or find_damage(audience, apis.__contains__)
    if damage:
        return f"It {damage}."
    if audience in tenant.directory.clients:
        return "It is a `client_id`. Send the identifier of the API that is called."
    named = next((api for api in apis.values() if audience == api.name), None)
    if named is not None:
        return f"It is the name of API {named.identifier}. Send the identifier."
    return _own_url_meant(slash, tenant, base_url)


def _own_url_meant(slash: str, tenant: Tenant, base_url: str) -> str:
    """Explain which of the tenant's own URLs an audience probably is; empty for other audiences."""
    own = tenant.urls.own_issuer(base_url)
    for path in _OWN_APIS if at_custom_domain(tenant, slash) else ():
        if is_own_url(tenant, base_url, slash, f"{path.rstrip('/')}/"):
            return (
                "It is at a custom domain, and the identifiers of Auth0's own APIs begin with the "
                f"tenant's own domain. Send {own}{path.removeprefix('/')}."
            )
    if is_own_api(tenant, base_url, slash, MANAGEMENT_PATH):
        return f"API {slash} exists. Check the trailing slash."
    management = own + MANAGEMENT_PATH.removeprefix("/")
    if slash.endswith(MANAGEMENT_PATH):
        return f"The Management API of this tenant is {management}."
    if not is_issuer(tenant, base_url, slash):
        return ""
    return (
        "It is the issuer. Send the identifier of the API that is called, or "
        f"{management} for the Management API."
    )


def check_user_access(tenant: Tenant, client: Client, api: ResourceServer | None) -> None:
    """Check the API's policy for tokens on a user's behalf.

    Raises:
        InvalidRequest: The policy requires a client grant that is missing, or denies everything.
    """
    if api is None or user_policy(client, api) == "allow_all":
        return
    policy = user_policy(client, api)
    if client.is_strict:
        _check_not_own(tenant, client, api)
    grant = tenant.directory.client_grant(client, api, subject_type="user")
    with tenant.trace.check("client_grant", policy=policy, found=grant is not None):
        if grant is None or policy == "deny_all":
            refusal = UnauthorizedClient if client.is_strict else InvalidRequest
            raise refusal(
                not_authorized(client, api),
                hint=f"The user policy of API {api.identifier} is {policy}"
                f"{_OF_STRICT if client.is_strict else ''}. Add a clientGrant with `subject_type` "
                f"user for client {client.client_id}"
                f"{', or with `default_for: third_party_clients`' if client.is_strict else ''}.",
            )


def user_policy(client: Client, api: ResourceServer) -> str:
    """Return an API's policy for tokens of users. A strict client always needs a grant."""
    policy = api.subject_type_authorization.user.policy
    return "require_client_grant" if client.is_strict and policy == "allow_all" else policy


def _check_not_own(tenant: Tenant, client: Client, api: ResourceServer) -> None:
    """Check that an API is not one of Auth0's own, to which strict clients have no access."""
    is_own = any(api.identifier.endswith(path) for path in (*OWN_PATHS, MFA_API))
    with tenant.trace.check("strict_audience", audience=api.identifier, is_own=is_own):
        if is_own:
            raise UnauthorizedClient(
                not_authorized(client, api),
                hint=f"API {api.identifier} is one of Auth0's own, to which clients with "
                "`third_party_security_mode: strict` have no access.",
            )


def not_authorized(client: Client, api: ResourceServer) -> str:
    """Return Auth0's text for a client without a grant."""
    return (
        f'Client "{client.client_id}" is not authorized to access resource server '
        f'"{api.identifier}". You need to create a "client-grant" associated to this API.'
    )


def _scope_of_client_grant(
    tenant: Tenant, client: Client, api: ResourceServer | None
) -> Collection[str] | None:
    """Return the scope that a client can get for users; None if its grant does not limit it."""
    if api is None or user_policy(client, api) != "require_client_grant":
        return None
    grant = tenant.directory.client_grant(client, api, subject_type="user")
    return None if grant is None or grant.allow_all_scopes else grant.scope


def granted_scope(
    tenant: Tenant,
    *,
    client: Client,
    user: User,
    api: ResourceServer | None,
    requested: tuple[str, ...],
    attributes: Collection[str] = (),
    organization: Organization | None = None,
) -> tuple[str, ...]:
    """Return the part of a requested scope that a user may grant, in an organization if any.

    In the legacy pipeline a scope may name one of the profile's `attributes`. At the Management
    API a user may grant access to the user's own record only.
    """
    permissions = (
        frozenset(tenant.directory.permissions_of(user, api, organization))
        if api is not None and api.enforce_policies
        else None
    )

    of_client = _scope_of_client_grant(tenant, client, api)

    def is_granted(scope: str) -> bool:
        if scope == OFFLINE_ACCESS:
            return REFRESH_TOKEN in client.grant_types and (api is None or api.allow_offline_access)
        if scope in OIDC_SCOPES or scope in attributes:
            return True
        if api is None:
            return False
        if api.identifier.endswith(MANAGEMENT_PATH):
            return scope in CURRENT_USER_SCOPES
        is_allowed = all(of is None or scope in of for of in (of_client, permissions))
        return is_allowed and tenant.directory.defines(api, scope)

    granted = tuple(scope for scope in requested if is_granted(scope))
    if api is not None and permissions is not None:
        defined = set(api.scope_values).difference(granted, permissions)
        advise_on_permissions(tenant, user, api, [one for one in requested if one in defined])
    tenant.trace.note(scope=make_scope(granted))
    return granted
