"""The claims about the organization that a token is for.

Auth0: `org_id`, and `org_name` if the tenant allows names in requests.
"""

from __future__ import annotations

from mockidp.flows.organizations.named import allows_names
from mockidp.resources.organization import Organization
from mockidp.tenant.tenant import Tenant


def organization_claims(tenant: Tenant, organization: Organization | None) -> dict[str, str]:
    """Return the claims; none without an organization."""
    if organization is None:
        return {}
    claims = {"org_id": organization.id}
    return claims | ({"org_name": organization.name} if allows_names(tenant) else {})
