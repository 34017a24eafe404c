"""Refuse authorization requests that have to be pushed first.

Spec: RFC 9126 5.
"""

from __future__ import annotations

from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant

PUSH_REQUIRED = "Pushed authorization requests are required"


def check_need_not_be_pushed(tenant: Tenant, client: Client) -> None:
    """Check that the request need not be pushed. mockidp does not support /oauth/par.

    Raises:
        InvalidRequest: The client or the tenant requires pushed requests.
    """
    of_client = client.require_pushed_authorization_requests
    of_tenant = tenant.directory.configuration.tenant.flags.require_pushed_authorization_requests
    with tenant.trace.check("pushed_request", client=of_client, tenant=of_tenant):
        if of_client or of_tenant:
            whose = f"client {client.client_id}" if of_client else "tenant.flags"
            raise InvalidRequest(
                PUSH_REQUIRED,
                hint=f"require_pushed_authorization_requests of {whose} is true, so Auth0 accepts "
                "only a request_uri from /oauth/par. mockidp does not support it yet: set it to "
                "false in the tenant file to test the rest of the login",
            )
