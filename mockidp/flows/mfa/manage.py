"""`/mfa/authenticators`: list and remove what a user has enrolled.

Auth0: a list may be read with an `mfa_token`; removing needs an access token for the MFA API.
"""

from __future__ import annotations

from mockidp.flows.hints.known import list_known
from mockidp.flows.mfa.api_token import read_bearer
from mockidp.flows.mfa.authenticators import authenticators_of, remove_authenticator
from mockidp.protocol.errors.oauth_error import NotFound
from mockidp.protocol.mfa.records import READ_AUTHENTICATORS, REMOVE_AUTHENTICATORS
from mockidp.tenant.tenant import Tenant


def list_authenticators(
    tenant: Tenant, base_url: str, authorization: str | None
) -> list[dict[str, str | bool]]:
    """Return the authenticators of the token's user.

    Raises:
        OAuthError: The token is missing or not accepted.
    """
    caller = read_bearer(tenant, base_url, authorization, scope=READ_AUTHENTICATORS)
    return [one.described() for one in authenticators_of(tenant, caller.user)]


def delete_authenticator(
    tenant: Tenant, base_url: str, authorization: str | None, authenticator_id: str
) -> None:
    """Remove an authenticator of the token's user.

    Raises:
        OAuthError: The token is not accepted, or the user has no such authenticator.
    """
    caller = read_bearer(
        tenant, base_url, authorization, scope=REMOVE_AUTHENTICATORS, accepts_mfa_token=False
    )
    found = {one.id: one for one in authenticators_of(tenant, caller.user)}
    with tenant.trace.check("authenticator", sent=authenticator_id, enrolled=list(found)):
        if authenticator_id not in found:
            raise NotFound(
                "Authenticator not found",
                hint=f"User {caller.user.user_id} has no authenticator {authenticator_id!r}. "
                f"{list_known('authenticators', authenticator_id, found)}",
            )
    remove_authenticator(tenant, found[authenticator_id])
