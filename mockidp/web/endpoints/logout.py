"""`/v2/logout` and `/oidc/logout`."""

from __future__ import annotations

from werkzeug import Response

from mockidp.flows.logout.oidc import LogoutAnswer, oidc_logout
from mockidp.flows.logout.v2 import v2_logout
from mockidp.flows.sessions.session import end_session
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.logout import OIDC_LOGOUT, V2_LOGOUT
from mockidp.tenant.journal.flow_index import SESSION
from mockidp.web.cookies.session import clear_session_cookie
from mockidp.web.pages.language import language_of
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import page, redirect, text_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _v2_logout(exchange: Exchange, _pages: Pages) -> Reply:
    location = v2_logout(exchange.tenant, exchange.base_url, exchange.query())
    return _end(exchange, redirect(location) if location else text_response("OK"))


def _oidc_logout(exchange: Exchange, pages: Pages) -> Reply:
    parameters, session = exchange.parameters(), exchange.session()
    is_post = exchange.method == "POST"
    answer = oidc_logout(
        exchange.tenant,
        exchange.base_url,
        parameters,
        session=session,
        decision=parameters.get("action") if is_post else None,
    )
    if answer.action == "ask":
        return Reply(page(_confirmation(exchange, pages, parameters, answer)))
    if answer.action == "stay":
        return Reply(page(_result(exchange, pages, "logout-aborted", answer)))
    if answer.location:
        return _end(exchange, redirect(answer.location))
    return _end(exchange, page(_result(exchange, pages, "logout-complete", answer)))


def _confirmation(
    exchange: Exchange, pages: Pages, parameters: Parameters, answer: LogoutAnswer
) -> str:
    directory, session = exchange.tenant.directory, exchange.session()
    client = directory.client(answer.client_id) if answer.client_id else None
    user = directory.user(session.user_id) if session else None
    return pages.prompt(
        "logout",
        tenant_name=exchange.tenant.name,
        client_name=client.name or client.client_id if client else exchange.tenant.name,
        state="",
        action_url=exchange.prefix + "/oidc/logout",
        username=(user.email or user.user_id) if user else "",
        parameters={name: parameters.get(name) or "" for name in parameters if name != "action"},
        **language_of(exchange, "logout", answer.ui_locales),
    )


def _result(exchange: Exchange, pages: Pages, screen: str, answer: LogoutAnswer) -> str:
    language = language_of(exchange, screen, answer.ui_locales)
    return pages.result(screen, tenant_name=exchange.tenant.name, **language)


def _end(exchange: Exchange, response: Response) -> Reply:
    session = exchange.session()
    if session is not None:
        exchange.tenant.trace.note(user=session.user_id)
        exchange.tenant.trace.used(SESSION, session.id)
        end_session(exchange.tenant, session, "rp-logout")
    clear_session_cookie(exchange, response)
    return Reply(response)


ROUTES = (
    Route(
        endpoint="logout",
        path="/v2/logout",
        methods=("GET",),
        handler=_v2_logout,
        parameters=V2_LOGOUT,
        refuses_on_page=True,
    ),
    Route(
        endpoint="logout",
        path="/oidc/logout",
        methods=("GET", "POST"),
        handler=_oidc_logout,
        parameters=OIDC_LOGOUT,
        refuses_on_page=True,
    ),
)
