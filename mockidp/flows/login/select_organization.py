"""The step `select organization`: the person names an organization before the login.

Auth0: `organization_require_behavior: pre_login_prompt` of the client. A silent request has to name
the organization.
"""

from __future__ import annotations

from mockidp.flows.hints.known import list_known
from mockidp.flows.login.page_errors import (
    INVALID_ORGANIZATION,
    NO_FIELD,
    PERSONAL_NOT_OFFERED,
    PromptError,
)
from mockidp.flows.login.transaction import login_client, update_login
from mockidp.flows.organizations.connections import (
    check_organization_connection,
    connections_of_organization,
)
from mockidp.flows.organizations.named import REQUIRED
from mockidp.flows.organizations.requested import (
    asks_before_login,
    requires_organization,
    why_not_admitted,
)
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.tenant.tenant import Tenant

FIELD = "organizationName"


def is_pending(tenant: Tenant, client: Client, login: LoginTransaction) -> bool:
    """Return whether the person has to name an organization first.

    Raises:
        InvalidRequest: They have to, and the request forbids pages.
    """
    if not asks_before_login(client):
        return False
    pending = login.organization_id is None and not login.is_personal
    is_silent = "none" in login.request.prompt
    with tenant.trace.check("organization_selection", pending=pending, silent=is_silent):
        if pending and is_silent and requires_organization(client):
            raise InvalidRequest(
                REQUIRED,
                hint="Parameter prompt=none was sent without `organization`, so the person cannot "
                f"choose one. Client {client.client_id} requires one.",
            )
    return pending and not is_silent


def select_organization(
    tenant: Tenant, login: LoginTransaction, name: str | None
) -> LoginTransaction:
    """Return a login that continues in the organization with a name.

    Raises:
        PromptError: There is no such organization, or it does not admit the client.
        InvalidRequest: Users cannot log in to it. The error goes to the callback.
    """
    client = login_client(tenant, login)
    organization = _find(tenant, client, name)
    check_organization_connection(tenant, client, organization, login.request.connection)
    tenant.trace.note(organization=organization.id)
    continued = replace(login, organization_id=organization.id)
    if not _accepts_session(tenant, client, organization, login):
        continued = replace(continued, user_id=None, session_id=None, second_factor=None)
    update_login(tenant, login, continued)
    return continued


def _find(tenant: Tenant, client: Client, name: str | None) -> Organization:
    known = tenant.directory.organizations
    found = known.get((name or "").strip().lower())
    with tenant.trace.check("organization", sent=name, found=found is not None):
        if found is None:
            raise PromptError(
                {FIELD: INVALID_ORGANIZATION},
                hint=f"No organization has the name {name or ''!r}. "
                + list_known("organizations", name or "", known),
            )
        if why := why_not_admitted(found, client):
            raise PromptError({FIELD: INVALID_ORGANIZATION}, hint=why)
    return found


def _accepts_session(
    tenant: Tenant, client: Client, organization: Organization, login: LoginTransaction
) -> bool:
    """Return whether the user of the browser's session need not log in again."""
    user = tenant.directory.user(login.user_id or "")
    return user is not None and user.connection in connections_of_organization(
        tenant.directory, organization, client
    )


def use_personal_account(tenant: Tenant, login: LoginTransaction) -> LoginTransaction:
    """Return a login that continues without an organization.

    Raises:
        PromptError: The client requires an organization.
    """
    client = login_client(tenant, login)
    with tenant.trace.check("organization", usage=client.organization_usage):
        if requires_organization(client):
            raise PromptError(
                {NO_FIELD: PERSONAL_NOT_OFFERED},
                hint=f"Client {client.client_id} requires an organization "
                "(`organization_usage: require`).",
            )
    continued = replace(login, is_personal=True)
    update_login(tenant, login, continued)
    return continued
