"""Find the organization that the parameter `organization` names.

Auth0: an id, or a name if the tenant allows names; `docs/fidelity.md`, "Organizations".
"""

from __future__ import annotations

from mockidp.flows.hints.known import list_known
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.resources.organization import Organization
from mockidp.tenant.tenant import Tenant

INVALID = "parameter organization is invalid"
NOT_AN_ID = "authorization request parameter organization must be an organization id"
NOT_ALLOWED = "parameter organization is not allowed for this client"
REQUIRED = "parameter organization is required for this client"
_ID_PREFIX = "org_"


def look_up(tenant: Tenant, sent: str) -> Organization | None:
    """Return the organization with an id, or with a name in any case if the tenant allows names."""
    found = tenant.directory.organization(sent)
    if found is None and allows_names(tenant):
        return tenant.directory.organizations.get(sent.lower())
    return found


def find_organization(tenant: Tenant, sent: str) -> Organization:
    """Return the organization that a request names.

    Raises:
        InvalidRequest: No organization has that id or name, or the tenant does not allow names.
    """
    found = look_up(tenant, sent)
    if found is not None:
        return found
    known = tenant.directory.organizations
    if not sent.startswith(_ID_PREFIX) and not allows_names(tenant):
        named = known.get(sent.lower())
        meant = f" Send its id, {named.id}." if named else " Send an id."
        raise InvalidRequest(
            NOT_AN_ID,
            hint=f"Parameter `organization` is {sent!r}, but ids begin with {_ID_PREFIX}. Names "
            "need the tenant setting `allow_organization_name_in_authentication_api`." + meant,
        )
    listed = {one.id: None for one in known.values()}
    if allows_names(tenant):
        listed |= dict.fromkeys(known)
    raise InvalidRequest(
        INVALID,
        hint=f"No organization has the id or name {sent!r}. "
        + list_known("organizations", sent, listed),
    )


def allows_names(tenant: Tenant) -> bool:
    """Return whether requests may name organizations, and tokens contain their names."""
    return tenant.directory.configuration.tenant.allow_organization_name_in_authentication_api
