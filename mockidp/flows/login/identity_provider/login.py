"""Log in at the identity provider of a connection. A page of mockidp takes its place.

The page lists the users of the connection. It sends the browser to /login/callback with a code, as
an identity provider does, or with an error. The code stands for what the identity provider says
about the person.
"""

from __future__ import annotations

import hmac

from mockidp.flows.login.authenticate import log_in_as
from mockidp.flows.login.identity_provider.connections import find_provider
from mockidp.flows.login.identity_provider.errors import code_refused
from mockidp.flows.login.identity_provider.user import known_or_new_user
from mockidp.flows.login.page_errors import INVALID_EMAIL, NO_FIELD, NO_NAME, LoginPageError
from mockidp.flows.login.transaction import login_not_found, update_login
from mockidp.frozen import replace
from mockidp.protocol.login.login_results import AS_USUAL, ClickAnswer, ProviderAnswer
from mockidp.protocol.tokens.artifacts import LoginTransaction, Session
from mockidp.resources.checks import check_email
from mockidp.resources.connection import Connection
from mockidp.resources.strategies import user_id_prefix
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

LOGIN_CALLBACK = "/login/callback"
"""Where identity providers send the browser back."""


def answer_as(
    tenant: Tenant, login: LoginTransaction, user: User, click: ClickAnswer = AS_USUAL
) -> str:
    """Store that a user of the connection logged in. Return the code for /login/callback.

    `click` is what the person has chosen for the login.
    """
    answer = ProviderAnswer(
        connection=user.connection, code=tenant.ids.code(), user_id=user.user_id
    )
    return _store(tenant, login, answer, click)


def answer_as_new(
    tenant: Tenant,
    login: LoginTransaction,
    connection: Connection,
    *,
    name: str,
    email: str,
    is_verified: bool,
) -> str:
    """Store that somebody else logged in, as typed. Return the code for /login/callback.

    Raises:
        LoginPageError: Neither a name nor an address was typed, or the address is not one.
    """
    with tenant.trace.check("new_user", typed_name=name, typed_email=email):
        if not (name or email):
            raise LoginPageError(
                {NO_FIELD: NO_NAME}, hint="The form was posted without `name` and `email`."
            )
        if email and check_email(email):
            raise LoginPageError(
                {NO_FIELD: INVALID_EMAIL}, hint=f"{email!r} is not an e-mail address."
            )
    answer = ProviderAnswer(
        connection=connection.name,
        code=tenant.ids.code(),
        name=name or None,
        email=email.lower() or None,
        email_verified=is_verified and bool(email),
    )
    return _store(tenant, login, answer)


def _store(
    tenant: Tenant,
    login: LoginTransaction,
    answer: ProviderAnswer,
    click: ClickAnswer = AS_USUAL,
) -> str:
    update_login(tenant, login, replace(login, provider_answer=answer, answer=click))
    return answer.code


def log_in_with_provider(tenant: Tenant, login: LoginTransaction, code: str | None) -> Session:
    """Start a session for the code of an identity provider. It works once.

    A user who logs in for the first time is created.

    Raises:
        InvalidRequest: The browser does not come from the identity provider, or the connection
            was disabled. The error is shown on a page.
        AccessDenied: The code is another one, or the user cannot be created.
    """
    answer = login.provider_answer
    with tenant.trace.check("provider_code", sent=cut(code), is_expected=answer is not None):
        if answer is None:
            raise login_not_found(
                "The login is not waiting for an identity provider, or its code was used before."
            )
        if not hmac.compare_digest(answer.code.encode(), (code or "").encode()):
            raise code_refused(
                "Parameter `code` is not the one that the page in place of the identity provider "
                "has issued."
            )
    connection = find_provider(tenant, login, answer.connection)
    waiting = replace(login, provider_answer=None)
    update_login(tenant, login, waiting)
    user = _user_of(tenant, connection, answer)
    _advise_on_id(tenant, connection, user)
    tenant.trace.note(connection=connection.name, strategy=connection.strategy)
    return log_in_as(tenant, waiting, user, login.answer)


def _user_of(tenant: Tenant, connection: Connection, answer: ProviderAnswer) -> User:
    user_id = answer.user_id
    if user_id is None:
        return known_or_new_user(tenant, connection, answer)
    user = tenant.directory.user(user_id)
    with tenant.trace.check("user", picked=user_id):
        if user is None:
            raise login_not_found(f"User {user_id} was removed during the login.")
    return user


def _advise_on_id(tenant: Tenant, connection: Connection, user: User) -> None:
    prefix = user_id_prefix(connection.strategy, connection.name)
    if not user.user_id.startswith(prefix):
        tenant.trace.advise(
            f"User {user.user_id} belongs to connection {connection.name}, whose users have ids "
            f"that begin with {prefix} in Auth0. Change `user_id`, which becomes `sub`."
        )
