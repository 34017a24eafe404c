"""`/u/login/provider`, in place of an identity provider, and `/login/callback`, to which it leads.

Auth0: the identity provider has a page of its own, and sends `code` and `state`, or `error`,
`error_description` and `state`, to /login/callback.
"""

from __future__ import annotations

from mockidp.flows.login.authenticate import picked_user
from mockidp.flows.login.identify import users_of
from mockidp.flows.login.identity_provider.connections import find_provider, forwarded_parameters
from mockidp.flows.login.identity_provider.errors import canceled, provider_error
from mockidp.flows.login.identity_provider.login import (
    LOGIN_CALLBACK,
    answer_as,
    answer_as_new,
    log_in_with_provider,
)
from mockidp.flows.login.page_errors import LoginPageError
from mockidp.flows.login.steps import PROVIDER_PAGE
from mockidp.flows.login.transaction import refuse_login
from mockidp.protocol.errors.oauth_error import AccessDenied
from mockidp.protocol.request_parameters.legacy import CALLBACK_PARAMETERS
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.connection import Connection
from mockidp.web.hosted.legacy_login import continue_with_result, has_result
from mockidp.web.hosted.login import handle_login, login_routes
from mockidp.web.hosted.picker import offer_users
from mockidp.web.hosted.prompt import resume_login, show_prompt
from mockidp.web.hosted.provider_buttons import return_from_provider
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_NAME, _EMAIL = "Dana Doe", "dana.doe@example.com"
"""The default values of the form for a new user."""


def _show(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply:
    connection = find_provider(exchange.tenant, login, exchange.query().get("connection"))
    return _page(exchange, pages, login, connection)


def _submit(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply:
    name = exchange.body().get("connection") or exchange.query().get("connection")
    connection = find_provider(exchange.tenant, login, name)
    try:
        return _answer(exchange, login, connection)
    except LoginPageError as error:
        return _page(exchange, pages, login, connection, refused=error)


def _answer(exchange: Exchange, login: LoginTransaction, connection: Connection) -> Reply:
    form, tenant = exchange.body(), exchange.tenant
    action = form.get("action")
    if action == "deny":
        return return_from_provider(exchange, login, **canceled(connection.strategy))
    if action == "create":
        code = answer_as_new(
            tenant,
            login,
            connection,
            name=(form.get("name") or "").strip(),
            email=(form.get("email") or "").strip(),
            is_verified=form.get("email_verified") is not None,
        )
    else:
        user = picked_user(tenant, [connection.name], form.get("user_id") or "")
        code = answer_as(tenant, login, user)
    return return_from_provider(exchange, login, code=code)


def _page(
    exchange: Exchange,
    pages: Pages,
    login: LoginTransaction,
    connection: Connection,
    *,
    refused: LoginPageError | None = None,
) -> Reply:
    form = exchange.body() if refused else None
    forwarded = forwarded_parameters(login, connection)
    exchange.tenant.trace.note(connection=connection.name, forwarded=dict(forwarded))
    hinted = forwarded.get("login_hint")
    return show_prompt(
        exchange,
        pages,
        login,
        "provider",
        refused=refused,
        connection_name=connection.name,
        provider_name=connection.shown_name,
        forwarded=forwarded,
        offers_new_user=not connection.options.disable_signup,
        new_name=(form.get("name") or "") if form else "" if hinted else _NAME,
        new_email=(form.get("email") or "") if form else hinted or _EMAIL,
        is_verified=form.get("email_verified") is not None if form else True,
        **offer_users(users_of(exchange.tenant, [connection.name], exchange.session())),
    )


def _come_back(exchange: Exchange, _pages: Pages, login: LoginTransaction) -> Reply:
    """Handle the answer of an identity provider, in the query or in a form."""
    sent, tenant = exchange.parameters(), exchange.tenant
    error = sent.get("error")
    if error is not None:
        refusal = provider_error(error, sent.get("error_description"))
        tenant.trace.refuse("provider", refusal, error=error)
        return Reply(refuse_login(tenant, login, refusal))
    try:
        session = log_in_with_provider(tenant, login, sent.get("code"))
    except AccessDenied as refusal:
        return Reply(refuse_login(tenant, login, refusal))
    return resume_login(exchange, login, session=session)


def _handle_callback(exchange: Exchange, pages: Pages) -> Reply:
    """Handle what an identity provider sends, or the form of /usernamepassword/login."""
    if exchange.method == "POST" and has_result(exchange):
        return continue_with_result(exchange)
    return handle_login(_come_back, exchange, pages)


ROUTES = (
    *login_routes(PROVIDER_PAGE, show=_show, submit=_submit, endpoint="provider"),
    Route(
        endpoint="connection",
        path=LOGIN_CALLBACK,
        methods=("GET", "POST"),
        handler=_handle_callback,
        parameters=CALLBACK_PARAMETERS,
        refuses_on_page=True,
    ),
)
