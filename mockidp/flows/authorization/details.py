"""Check the authorization details of a request against the types that its API defines.

Spec: RFC 9396 5.
Auth0: the types are those of the API. If its policy requires a client grant for users, they must
also be in the grant (docs/fidelity.md).
"""

from __future__ import annotations

from mockidp.flows.audience import user_policy
from mockidp.flows.hints.known import list_known
from mockidp.protocol.errors.extension_error import InvalidAuthorizationDetails
from mockidp.protocol.oauth.authorization_details import (
    AUTHORIZATION_DETAILS,
    Details,
    parse_details,
    types_of,
)
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.client import Client
from mockidp.resources.resource_server import ResourceServer
from mockidp.tenant.tenant import Tenant


def read_details(
    tenant: Tenant,
    client: Client,
    api: ResourceServer | None,
    parameters: Parameters,
    *,
    is_pushed: bool,
) -> Details:
    """Return the authorization details of a request, which are empty if it has none.

    Raises:
        InvalidAuthorizationDetails: They are malformed, or the client cannot request their types.
    """
    text = parameters.get(AUTHORIZATION_DETAILS)
    if text is None:
        return ()
    with tenant.trace.check(AUTHORIZATION_DETAILS, sent=text[:200]):
        details = parse_details(text)
        for one in types_of(details):
            _check_type(tenant, client, api, one)
    tenant.trace.note(authorization_details=types_of(details))
    if not is_pushed:
        tenant.trace.advise(
            "Parameter `authorization_details` was sent through the browser. Auth0's documentation "
            "says that it must be pushed: send it to /oauth/par."
        )
    return details


def _check_type(tenant: Tenant, client: Client, api: ResourceServer | None, wanted: str) -> None:
    if api is None:
        raise _refusal(
            wanted, "The request is for no API, which defines the types. Send `audience`."
        )
    if api.identifier not in tenant.directory.apis:
        return
    known = [one.type for one in api.authorization_details]
    if wanted not in known:
        raise _refusal(
            wanted,
            f"API {api.identifier} does not define it. {list_known('types', wanted, known)} "
            "Add it to `authorization_details` of the API.",
        )
    if user_policy(client, api) == "allow_all":
        return
    grant = tenant.directory.client_grant(client, api, subject_type="user")
    if grant is None or wanted not in grant.authorization_details_types:
        raise _refusal(
            wanted,
            f"The user policy of API {api.identifier} is require_client_grant, and the grant of "
            f"client {client.client_id} does not contain the type. Add it to "
            "`authorization_details_types` of the clientGrant.",
        )


def _refusal(wanted: str, why: str) -> InvalidAuthorizationDetails:
    return InvalidAuthorizationDetails(
        f"Unknown authorization_details type: {wanted[:100]}",
        hint=f"Parameter `authorization_details` has an object of type {wanted[:100]!r}. {why}",
    )
