"""Redirect a browser that opens an expired login page, for example from a bookmark.

Spec: OpenID Connect Core 4 (third-party initiated login: the `iss` in the query).
Auth0: the client's `initiate_login_uri`, else the tenant's `default_redirection_uri`, else an
error page.
"""

from __future__ import annotations

from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.tenant.tenant import Tenant


def default_login_route(tenant: Tenant, base_url: str, state: str | None) -> str | None:
    """Return the URL that starts another login, or None if neither setting has one."""
    login = tenant.logins.history(state) if state else None
    client = tenant.directory.client(login.value.request.client_id) if login else None
    url = (client.initiate_login_uri if client else None) or (
        tenant.directory.configuration.tenant.default_redirection_uri
    )
    if not url:
        return None
    parameters = {"iss": tenant.issuer(base_url)}
    if login is not None and login.value.organization_id is not None:
        parameters["organization"] = login.value.organization_id
    return AuthorizationResponse(redirect_uri=url, mode="query", parameters=parameters).location
