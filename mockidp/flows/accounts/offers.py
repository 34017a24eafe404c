"""Decide whether a login offers sign-up and password reset, and in which database.

Auth0: in a login to an organization, `is_signup_enabled` of its connection decides as well, unless
the user was invited.
"""

from __future__ import annotations

from mockidp.flows.accounts.database import reset_database, sign_up_database
from mockidp.flows.login.identify import connections_of
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.connection import Connection
from mockidp.tenant.tenant import Tenant


def database_to_sign_up(tenant: Tenant, login: LoginTransaction) -> Connection | None:
    """Return the database for sign-ups during a login; None if the login allows no sign-up."""
    return sign_up_database(tenant, _sign_up_connections(tenant, login))


def database_to_reset(tenant: Tenant, login: LoginTransaction) -> Connection | None:
    """Return the database whose users can reset their passwords; None without a database."""
    return reset_database(tenant, connections_of(tenant, login))


def _sign_up_connections(tenant: Tenant, login: LoginTransaction) -> tuple[str, ...]:
    names = connections_of(tenant, login)
    organization = tenant.directory.organization(login.organization_id)
    if organization is None or login.request.invitation is not None:
        return names
    enabled = {one.name for one in organization.connections if one.is_signup_enabled}
    return tuple(one for one in names if one in enabled)
