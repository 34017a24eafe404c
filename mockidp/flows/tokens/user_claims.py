"""The claims about a user, as Auth0 or the standard has them (setting `profile`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from mockidp.protocol.tokens.claims import profile_claims
from mockidp.protocol.tokens.standard_claims import standard_claims
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


def user_claims(
    tenant: Tenant, user: User, scope: Iterable[str], *, requested: Collection[str] = ()
) -> dict[str, Any]:
    """Return the claims that a scope grants, and those that the parameter `claims` requested."""
    if tenant.settings.profile == "oidc":
        return standard_claims(user, scope, requested)
    return profile_claims(user, scope)
