"""`/u/passkey-enrollment`: create a passkey after a login with a password, or to sign up."""

from __future__ import annotations

from mockidp.flows.accounts.sign_up_page import database_for_sign_up
from mockidp.flows.login.page_errors import NO_FIELD, PASSKEY_REFUSED, LoginPageError
from mockidp.flows.login.passkey import decline
from mockidp.flows.login.passkey_pages import (
    enroll_passkey,
    enrollment_options,
    passkey_database,
    sign_up_on_page,
)
from mockidp.flows.login.steps import PASSKEY_PAGE, SIGN_UP_PASSWORD, next_step
from mockidp.flows.login.transaction import check_owner, login_client
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.web.hosted.prompt import go_to, login_of, resume_login, show_prompt
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_SCREEN = "passkey-enrollment"
_ABORT = "abort-passkey-enrollment"


def offers_sign_up(exchange: Exchange, login: LoginTransaction, database: Connection) -> bool:
    """Return whether a sign-up asks for a passkey before a password.

    Auth0: a person who was invited to an organization chooses a password.
    """
    offered = passkey_database(exchange.tenant, login)
    return (
        offered is not None and offered.name == database.name and login.request.invitation is None
    )


def _show(exchange: Exchange, pages: Pages) -> Reply:
    login = login_of(exchange)
    found = _subject(exchange, login)
    if found is None:
        return resume_login(exchange, login)
    return _page(exchange, pages, login, *found)


def _submit(exchange: Exchange, pages: Pages) -> Reply:
    login, form = login_of(exchange), exchange.body()
    found = _subject(exchange, login)
    if found is None:
        return resume_login(exchange, login)
    database, user = found
    if form.get("action") == _ABORT:
        if user is None:
            return go_to(SIGN_UP_PASSWORD, exchange, login)
        decline(exchange.tenant, user)
        return resume_login(exchange, login)
    try:
        return _create(exchange, login, database, user, form.get("passkey"))
    except LoginPageError as error:
        return _page(exchange, pages, login, database, user, refused=error)


def _create(
    exchange: Exchange,
    login: LoginTransaction,
    database: Connection,
    user: User | None,
    sent: str | None,
) -> Reply:
    tenant = exchange.tenant
    with tenant.trace.check("form", is_sent=sent is not None):
        if sent is None:
            raise LoginPageError(
                {NO_FIELD: PASSKEY_REFUSED},
                hint="The form was posted without `passkey`, which the script of the page fills "
                "in. Without JavaScript, choose the other button.",
            )
    if user is None:
        session = sign_up_on_page(tenant, exchange.base_url, login, database, sent)
        return resume_login(exchange, login, session=session)
    agent = exchange.environ.get("HTTP_USER_AGENT", "")
    enroll_passkey(tenant, login, user, sent, user_agent=agent)
    return resume_login(exchange, login)


def _subject(exchange: Exchange, login: LoginTransaction) -> tuple[Connection, User | None] | None:
    """Return the database, and the user who enrolls a passkey; no user for a sign-up.

    None if the login has come to another page.
    """
    tenant = exchange.tenant
    if login.session_id is None and login.identifier is not None:
        database = database_for_sign_up(tenant, login)
        return (database, None) if offers_sign_up(exchange, login, database) else None
    owner = check_owner(tenant, login, exchange.session())
    step = next_step(tenant, login_client(tenant, login), login)
    user = tenant.directory.user(owner.user_id)
    if step is None or step.page != PASSKEY_PAGE or user is None:
        return None
    found = tenant.directory.connection(user.connection)
    return None if found is None else (found, user)


def _page(
    exchange: Exchange,
    pages: Pages,
    login: LoginTransaction,
    database: Connection,
    user: User | None,
    *,
    refused: LoginPageError | None = None,
) -> Reply:
    return show_prompt(
        exchange,
        pages,
        login,
        _SCREEN,
        refused=refused,
        passkey_options=enrollment_options(exchange.tenant, login, database, user),
    )


ROUTES = tuple(
    Route(
        endpoint="passkey_enrollment",
        path=PASSKEY_PAGE,
        methods=(method,),
        handler=handler,
        refuses_on_page=True,
    )
    for method, handler in (("GET", _show), ("POST", _submit))
)
