"""`/usernamepassword/login`: verify a password, and return a form that logs the browser in.

The form has a signed result, in the shape of a WS-Fed response. The browser posts it to
/login/callback (`login_result`), which continues the login.

Auth0: the login is that of the page with `state`, else a new one from the parameters.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockidp.flows.accounts.breached import check_login_is_safe
from mockidp.flows.authorization.authorize import check_request
from mockidp.flows.authorization.reply_to import known_client
from mockidp.flows.authorization.resolve import ResolvedRequest
from mockidp.flows.legacy.request import find_connection, require_text, unsupported_strategy
from mockidp.flows.login.identify import connections_of
from mockidp.flows.login.identity_provider.login import LOGIN_CALLBACK
from mockidp.flows.login.passwords.verify import Credentials, verify_password
from mockidp.flows.login.transaction import new_login, store_login
from mockidp.frozen import frozen, replace
from mockidp.protocol.errors.oauth_error import (
    InvalidRequest,
    InvalidUserPassword,
    PasswordLeaked,
    TooManyAttempts,
)
from mockidp.protocol.errors.refusal_texts import ACCOUNT_BLOCKED, PASSWORD_LEAKED, WRONG_PASSWORD
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.scope import make_scope
from mockidp.protocol.request_parameters.authorize import AUTHORIZE
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.protocol.tokens.jwt import make_token
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

PATH, CALLBACK = "/usernamepassword/login", LOGIN_CALLBACK
SIGN_IN = "wsignin1.0"
LIFETIME = 300
"""Seconds until the result in the form expires."""
LOGIN = "login"
"""The claim with the login that a result belongs to."""


@frozen
class HiddenForm:
    """The form that logs the browser in: the URL that it is posted to, and its fields."""

    action: str
    fields: Mapping[str, str]


def check_password(
    tenant: Tenant,
    base_url: str,
    parameters: Parameters,
    *,
    address: str,
    remembered: str | None = None,
) -> HiddenForm:
    """Return the form for a user whose password is right.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        parameters: The parameters.
        address: The IP address that sent the request.
        remembered: The browser, if it was remembered after a second factor.

    Raises:
        OAuthError: The request is refused.
    """
    client = known_client(tenant, base_url, parameters)
    connection = find_connection(tenant, client, require_text(tenant, parameters, "connection"))
    username = require_text(tenant, parameters, "username")
    password = require_text(tenant, parameters, "password")
    login = _find_login(tenant, base_url, client, parameters)
    _check_connection(tenant, client, login, connection)
    user = verify_password(
        tenant,
        Credentials(
            username=username,
            password=password,
            connections=(connection.name,),
            address=address,
        ),
        blocked=lambda hint: TooManyAttempts(ACCOUNT_BLOCKED, hint=hint),
        wrong=lambda hint: InvalidUserPassword(WRONG_PASSWORD, hint=hint),
    )
    check_login_is_safe(
        tenant,
        base_url,
        user,
        password,
        client_id=client.client_id,
        leaked=lambda hint: PasswordLeaked(PASSWORD_LEAKED, hint=hint),
    )
    tenant.trace.note(user=user.user_id)
    if not login.state:
        login = replace(login, browser=remembered)
        login = replace(login, state=store_login(tenant, login))
    return _form(tenant, base_url, login, user)


def _find_login(
    tenant: Tenant, base_url: str, client: Client, parameters: Parameters
) -> LoginTransaction:
    """Return the login of the page that calls; otherwise a new one, which is not stored yet."""
    state = parameters.get("state")
    waiting = tenant.logins.get(state) if state else None
    with tenant.trace.check("state", sent=state, is_login=waiting is not None):
        if waiting is not None and waiting.request.client_id == client.client_id:
            return waiting
    names = {one.name for one in AUTHORIZE}
    sent = {name: value for name, value in parameters.raw().items() if name in names}
    resolved = ResolvedRequest(parameters=Parameters(sent))
    return new_login(check_request(tenant, base_url, client, resolved), None)


def _check_connection(
    tenant: Tenant, client: Client, login: LoginTransaction, connection: Connection
) -> None:
    offered = connections_of(tenant, login, client)
    with tenant.trace.check("strategy", strategy=connection.strategy, offered=offered):
        if not connection.accepts_passwords:
            raise unsupported_strategy(connection, "connections with passwords")
        if connection.name not in offered:
            raise InvalidRequest(
                "the connection was not found",
                hint=f"The login does not offer connection {connection.name}, but "
                f"{', '.join(offered) or 'none'}.",
            )


def _form(tenant: Tenant, base_url: str, login: LoginTransaction, user: User) -> HiddenForm:
    now = int(tenant.now())
    claims = {
        "iss": tenant.issuer(base_url),
        "sub": user.user_id,
        "iat": now,
        "exp": now + LIFETIME,
        LOGIN: login.state,
    }
    fields = {
        "wa": SIGN_IN,
        "wresult": make_token(claims, key=tenant.keys.current).sign(),
        "wctx": json.dumps(context_of(tenant, login, user)),
    }
    return HiddenForm(action=f"{base_url}{CALLBACK}", fields=fields)


def context_of(tenant: Tenant, login: LoginTransaction, user: User) -> dict[str, Any]:
    """Return what the form says about the login, in Auth0's key order."""
    request = login.request
    connection = tenant.directory.connection(user.connection)
    context = {
        "strategy": connection.strategy if connection else None,
        "tenant": tenant.name,
        "connection": user.connection,
        "client_id": request.client_id,
        "response_type": request.response_type,
        "scope": make_scope(request.scope),
        "redirect_uri": request.redirect_uri,
        "state": request.state,
        "nonce": request.nonce,
    }
    return {name: value for name, value in context.items() if value is not None}
