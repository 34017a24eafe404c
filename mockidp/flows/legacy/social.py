"""`/oauth/access_token`: tokens for an access token of a social provider.

Auth0 asks the provider whose token it is. mockidp has no provider: a token is valid if the user's
entry in `identities` has it as `access_token`, where Auth0 stores the provider's token, too.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.legacy.issue import grant, issue, read_scope
from mockidp.flows.legacy.request import (
    check_is_legacy,
    check_legacy_grant,
    check_not_blocked,
    find_client,
    find_connection,
    require_text,
    unsupported_strategy,
)
from mockidp.flows.legacy.second_factor import check_second_factor
from mockidp.flows.organizations.incompatible import check_needs_no_organization
from mockidp.flows.requests.parameters import check_parameters
from mockidp.flows.sessions.login_count import count_login
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.grant_types import LEGACY_ACCESS_TOKEN
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.legacy import SOCIAL
from mockidp.resources.connection import Connection
from mockidp.resources.user import PROVIDER_TOKEN, User, provider_token_key
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

PATH = "/oauth/access_token"
STRATEGIES = ("facebook", "google-oauth2", "twitter", "weibo")


def social_sign_in(tenant: Tenant, base_url: str, parameters: Parameters) -> dict[str, Any]:
    """Return the body of a token response.

    Raises:
        OAuthError: The request is refused.
    """
    client = find_client(tenant, parameters)
    check_is_legacy(tenant, client, PATH)
    check_legacy_grant(tenant, client, LEGACY_ACCESS_TOKEN)
    check_needs_no_organization(tenant, client, "legacy social")
    check_parameters(tenant, SOCIAL, parameters)
    token = require_text(tenant, parameters, "access_token")
    connection = find_connection(tenant, client, require_text(tenant, parameters, "connection"))
    with tenant.trace.check("strategy", strategy=connection.strategy):
        if connection.strategy not in STRATEGIES:
            raise unsupported_strategy(connection, f"the strategies {', '.join(STRATEGIES)}")
    request = GrantRequest(tenant=tenant, base_url=base_url, client=client, parameters=parameters)
    requested = read_scope(request)
    user = count_login(tenant, _find_user(tenant, connection, token))
    check_not_blocked(tenant, user)
    amr = check_second_factor(tenant, user, parameters)
    return issue(request, replace(grant(request, client, user, requested), amr=amr))


def _find_user(tenant: Tenant, connection: Connection, token: str) -> User:
    key = provider_token_key(connection.name, token)
    user = next(iter(tenant.directory.users.find(PROVIDER_TOKEN, key)), None)
    with tenant.trace.check("access_token", sent=cut(token), connection=connection.name):
        if user is None:
            raise InvalidRequest(
                "invalid access_token: invalid_token",
                status=401,
                hint=f"No user of connection {connection.name} has this token. Give a user of the "
                f"connection `identities` with an entry that has `connection: {connection.name}` "
                "and this `access_token`.",
            )
    return user
