"""Identifier first: one page for the user name, and the next for the password.

Auth0: `identifier_first` of its prompts. The first page accepts an unknown name, so that it does
not reveal which users exist; the password page refuses it. An e-mail address in one of the
`domain_aliases` of an enterprise connection leads to the identity provider.
"""

from __future__ import annotations

from mockidp.flows.login.classic import is_classic
from mockidp.flows.login.connection import why_no_password
from mockidp.flows.login.identity_provider.connections import provider_of_domain
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.page_errors import (
    INVALID_EMAIL,
    NO_EMAIL,
    NO_ENTERPRISE_CONNECTION,
    NO_USERNAME,
    LoginPageError,
    PageError,
)
from mockidp.flows.login.steps import (
    CLASSIC_PAGE,
    IDENTIFIER_PAGE,
    LOGIN_PAGE,
    PROVIDER_PAGE,
)
from mockidp.flows.login.transaction import update_login
from mockidp.frozen import replace
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.connection import Connection
from mockidp.tenant.tenant import Tenant

_PICK = "Pick a user from the list instead."


def is_identifier_first(connections: LoginConnections) -> bool:
    """Return whether a login begins with a page without a password.

    Its tenant asks for user name and password on two pages, or its users get a code.
    """
    prompts = connections.tenant.directory.configuration.prompts
    if prompts.identifier_first and not _is_classic(connections):
        return True
    return connections.only_passwordless is not None


def first_page(connections: LoginConnections) -> str:
    """Return the path of the first page of a login.

    A requested connection with an identity provider skips the login page.
    """
    if connections.requested_provider is not None:
        return PROVIDER_PAGE
    if is_identifier_first(connections):
        return IDENTIFIER_PAGE
    return CLASSIC_PAGE if _is_classic(connections) else LOGIN_PAGE


def _is_classic(connections: LoginConnections) -> bool:
    return is_classic(connections.tenant, connections.login, connections.client)


def remember_identifier(
    tenant: Tenant, login: LoginTransaction, typed: str | None
) -> Connection | None:
    """Store the user name of the first page.

    Return the connection whose identity provider has the users of its e-mail domain; None if the
    password is typed on the next page.

    Raises:
        LoginPageError: The page is shown again.
    """
    connections = LoginConnections(tenant, login)
    provider = provider_of_domain(connections, (typed or "").strip())
    with tenant.trace.check(
        "identifier",
        sent=typed,
        connections=connections.offered,
        provider=provider.name if provider else None,
    ):
        error, hint = _check_identifier(tenant, connections, (typed or "").strip())
        if error is not None and provider is None:
            raise LoginPageError(error, hint=hint)
    update_login(tenant, login, replace(login, identifier=typed))
    return provider


def _check_identifier(
    tenant: Tenant, connections: LoginConnections, typed: str
) -> tuple[dict[str, PageError] | None, str]:
    """Return the error that a name causes, by field, and its hint."""
    has_usernames = connections.requires_username
    if not typed:
        error = NO_USERNAME if has_usernames else NO_EMAIL
        return {"username": error}, "The form was posted without `username`."
    if no_password := why_no_password(tenant.directory, connections.offered):
        return {"username": NO_ENTERPRISE_CONNECTION}, f"{no_password} {_PICK}"
    is_known = tenant.directory.find_user(typed, connections.offered) is not None
    if not has_usernames and not is_known and "@" not in typed:
        return {"username": INVALID_EMAIL}, (
            f"{typed!r} is not an e-mail address, and no connection of the login has "
            "`requires_username`."
        )
    return None, ""
