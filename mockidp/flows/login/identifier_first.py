"""Identifier first: one page for the user name, and the next for the password.

Auth0: `identifier_first` of its prompts. The first page accepts an unknown name, so that it does
not reveal which users exist; the password page refuses it. An e-mail address in one of the
`domain_aliases` of an enterprise connection leads to the identity provider.
"""

from __future__ import annotations

from dataclasses import replace

from mockidp.flows.login.connection import why_no_password
from mockidp.flows.login.identify import connections_of, requires_username
from mockidp.flows.login.page_errors import (
    AT_IDENTITY_PROVIDER,
    INVALID_EMAIL,
    NO_EMAIL,
    NO_ENTERPRISE_CONNECTION,
    NO_FIELD,
    NO_USERNAME,
    LoginPageError,
    PageError,
)
from mockidp.flows.login.passwordless import passwordless_connection
from mockidp.flows.login.steps import IDENTIFIER_PAGE, LOGIN_PAGE
from mockidp.flows.login.transaction import update_login
from mockidp.protocol.artifacts import LoginTransaction
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant

_PICK = "Pick a user from the list instead."


def is_identifier_first(
    tenant: Tenant, login: LoginTransaction, client: Client | None = None
) -> bool:
    """Return whether a login begins with a page without a password.

    Its tenant asks for user name and password on two pages, or its users get a code.
    """
    return (
        tenant.directory.configuration.prompts.identifier_first
        or passwordless_connection(tenant, login, client) is not None
    )


def first_page(tenant: Tenant, login: LoginTransaction, client: Client | None = None) -> str:
    """Return the path of the first page of a login."""
    return IDENTIFIER_PAGE if is_identifier_first(tenant, login, client) else LOGIN_PAGE


def remember_identifier(tenant: Tenant, login: LoginTransaction, typed: str | None) -> None:
    """Store the user name of the first page.

    Raises:
        LoginPageError: The page is shown again.
    """
    with tenant.trace.check("identifier", sent=typed, connections=connections_of(tenant, login)):
        error, hint = _check_identifier(tenant, login, (typed or "").strip())
        if error is not None:
            raise LoginPageError(error, hint=hint)
    update_login(tenant, login, replace(login, identifier=typed))


def _check_identifier(
    tenant: Tenant, login: LoginTransaction, typed: str
) -> tuple[dict[str, PageError] | None, str]:
    """Return the error that a name causes, by field, and its hint."""
    has_usernames = requires_username(tenant, login)
    connections = connections_of(tenant, login)
    if not typed:
        error = NO_USERNAME if has_usernames else NO_EMAIL
        return {"username": error}, "The form was posted without `username`."
    if provider := _provider_of(tenant, connections, typed):
        return {NO_FIELD: AT_IDENTITY_PROVIDER}, (
            f"The domain of {typed!r} is in the `domain_aliases` of connection {provider}, so "
            f"Auth0 would send the browser to its identity provider. {_PICK}"
        )
    if no_password := why_no_password(tenant.directory, connections):
        return {"username": NO_ENTERPRISE_CONNECTION}, f"{no_password} {_PICK}"
    is_known = tenant.directory.find_user(typed, connections) is not None
    if not has_usernames and not is_known and "@" not in typed:
        return {"username": INVALID_EMAIL}, (
            f"{typed!r} is not an e-mail address, and no connection of the login has "
            "`requires_username`."
        )
    return None, ""


def _provider_of(tenant: Tenant, connections: tuple[str, ...], typed: str) -> str | None:
    """Return the connection whose identity provider has the users of an e-mail domain."""
    domain = typed.rpartition("@")[2].lower() if "@" in typed else ""
    for name in connections:
        connection = tenant.directory.connection(name)
        aliases = connection.options.extra.get("domain_aliases") if connection else None
        # Options of identity providers are kept as they are, so this may be any value.
        known = [str(one).lower() for one in aliases] if isinstance(aliases, list | tuple) else []
        if domain and domain in known:
            return name
    return None
