"""`/connected-accounts/connect`, in place of a service with which a user connects.

Auth0: `connect_uri` leads to the service. The page is that in place of an identity provider.
"""

from __future__ import annotations

from mockidp.flows.connected_accounts.connect_account import agree, cancel, find_request
from mockidp.flows.login.authenticate import picked_user
from mockidp.flows.login.identify import users_of
from mockidp.flows.login.page_errors import INVALID_EMAIL, NO_FIELD, NO_NAME, LoginPageError
from mockidp.protocol.login.connected_accounts import CONNECT_PAGE, ConnectRequest
from mockidp.resources.checks import check_email
from mockidp.resources.connection import Connection
from mockidp.web.hosted.account_page import show_ticket_page
from mockidp.web.hosted.picker import offer_users
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import redirect
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_NAME, _EMAIL = "Dana Doe", "dana.doe@example.com"


def _show(exchange: Exchange, pages: Pages) -> Reply:
    _, request, connection = find_request(exchange.tenant, exchange.query().get("ticket"))
    return _page(exchange, pages, request, connection)


def _submit(exchange: Exchange, pages: Pages) -> Reply:
    tenant = exchange.tenant
    session, request, connection = find_request(tenant, exchange.query().get("ticket"))
    tenant.trace.note(connection=connection.name, user=request.user_id)
    if exchange.body().get("action") == "deny":
        return Reply(redirect(cancel(tenant, session, request, connection.strategy)))
    try:
        name = _account(exchange, connection)
    except LoginPageError as error:
        return _page(exchange, pages, request, connection, refused=error)
    return Reply(redirect(agree(tenant, session, request, name)))


def _account(exchange: Exchange, connection: Connection) -> str:
    """Return the name of the account that was picked or typed."""
    form = exchange.body()
    if form.get("action") != "create":
        user = picked_user(exchange.tenant, [connection.name], form.get("user_id") or "")
        return user.email or user.user_id.rpartition("|")[2]
    typed = ((form.get("email") or "").strip().lower(), (form.get("name") or "").strip())
    with exchange.tenant.trace.check("new_account", typed_email=typed[0], typed_name=typed[1]):
        if not any(typed):
            raise LoginPageError({NO_FIELD: NO_NAME}, hint="The form has no `name` and `email`.")
        if typed[0] and check_email(typed[0]):
            hint = f"{typed[0]!r} is not an e-mail address."
            raise LoginPageError({NO_FIELD: INVALID_EMAIL}, hint=hint)
    return typed[0] or typed[1]


def _page(
    exchange: Exchange,
    pages: Pages,
    request: ConnectRequest,
    connection: Connection,
    *,
    refused: LoginPageError | None = None,
) -> Reply:
    form = exchange.body() if refused else None
    return show_ticket_page(
        exchange,
        pages,
        "provider",
        refused=refused,
        connection_name=connection.name,
        provider_name=connection.shown_name,
        forwarded={"scope": " ".join(request.scopes), **request.forwarded},
        offers_new_user=True,
        new_name=(form.get("name") or "") if form else _NAME,
        new_email=(form.get("email") or "")
        if form
        else request.forwarded.get("login_hint") or _EMAIL,
        is_verified=True,
        **offer_users(users_of(exchange.tenant, [connection.name])),
    )


ROUTES = (
    Route(
        endpoint="provider",
        path=CONNECT_PAGE,
        methods=("GET",),
        handler=_show,
        refuses_on_page=True,
    ),
    Route(
        endpoint="provider",
        path=CONNECT_PAGE,
        methods=("POST",),
        handler=_submit,
        refuses_on_page=True,
    ),
)
