"""The page for requesting a new password during a login."""

from __future__ import annotations

from mockidp.flows.accounts.database import first_database
from mockidp.flows.accounts.reset import send_reset_link
from mockidp.flows.login.identify import connections_of
from mockidp.flows.login.page_errors import INVALID_EMAIL, NO_EMAIL, NO_USERNAME, PromptError
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.connection import Connection
from mockidp.tenant.tenant import Tenant


def database_for_reset(tenant: Tenant, login: LoginTransaction, name: str | None) -> Connection:
    """Return the database in which a password is reset: the one of the path, or the first one.

    Raises:
        InvalidRequest: The login has no such database.
    """
    names = connections_of(tenant, login)
    wanted = names if name is None else tuple(one for one in names if one == name)
    connection = first_database(tenant, wanted)
    known = ", ".join(names) or "none"
    with tenant.trace.check("connection", sent=name, enabled=names):
        if connection is None:
            raise InvalidRequest(
                "Invalid connection",
                hint=f"The path names connection {name!r}, but the login's connections are {known}."
                if name
                else f"None of the login's connections is a database: {known}.",
            )
    return connection


def request_reset(
    tenant: Tenant,
    base_url: str,
    login: LoginTransaction,
    connection: Connection,
    name: str | None,
) -> None:
    """Send a link to the user with a name, if there is one.

    Raises:
        PromptError: The field is empty, or is not an address.
    """
    has_usernames = connection.options.has_usernames
    with tenant.trace.check("username", sent=name):
        if name is None:
            missing = NO_USERNAME if has_usernames else NO_EMAIL
            raise PromptError({"username": missing}, hint="The form was posted without `username`.")
        if not has_usernames and "@" not in name:
            raise PromptError(
                {"username": INVALID_EMAIL},
                hint=f"{name!r} is not an e-mail address, and connection {connection.name} has no "
                "`options.requires_username`.",
            )
    send_reset_link(tenant, base_url, connection, name, client_id=login.request.client_id)
