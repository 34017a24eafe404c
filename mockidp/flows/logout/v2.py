"""`/v2/logout`: Auth0's own logout. The caller ends the session.

Auth0: the query string of `returnTo` is ignored; scheme and host match in any case.
"""

from __future__ import annotations

from mockidp.flows.logout.federated import advise_on_federated
from mockidp.flows.logout.target import LogoutTarget, allowed_urls, check_target
from mockidp.flows.requests.parameters import check_parameters
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.logout import V2_LOGOUT
from mockidp.protocol.urls.rules import LOGOUT_URLS, first_url
from mockidp.tenant.tenant import Tenant


def v2_logout(tenant: Tenant, base_url: str, parameters: Parameters) -> str | None:
    """Return where the browser goes; None if there is no URL.

    Raises:
        InvalidRequest: The client is unknown, or `returnTo` is not allowed.
    """
    check_parameters(tenant, V2_LOGOUT, parameters)
    advise_on_federated(tenant, parameters)
    client_id, return_to = parameters.get("client_id"), parameters.get("returnTo")
    allowed = allowed_urls(tenant, base_url, client_id)
    if return_to is None:
        return first_url(allowed)
    target = LogoutTarget(
        parameter="returnTo",
        url=return_to,
        client_id=client_id,
        allowed=allowed,
        rule=LOGOUT_URLS,
    )
    check_target(tenant, target)
    return return_to
