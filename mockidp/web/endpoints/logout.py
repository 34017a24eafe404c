"""`/v2/logout` and `/oidc/logout`."""

from __future__ import annotations

from werkzeug import Response

from mockidp.flows.logout import LogoutAnswer, oidc_logout, v2_logout
from mockidp.flows.sessions import end_session
from mockidp.protocol.request_parameters.logout import OIDC_LOGOUT, V2_LOGOUT
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import page, redirect, text_response
from mockidp.web.reply import Reply
from mockidp.web.route import Route
from mockidp.web.session_cookie import clear_session_cookie


def _v2_logout(exchange: Exchange, _pages: Pages) -> Reply:
    answer = v2_logout(exchange.tenant, exchange.base_url, exchange.query())
    return _end(exchange, redirect(answer.location) if answer.location else text_response("OK"))


def _oidc_logout(exchange: Exchange, pages: Pages) -> Reply:
    parameters, session = exchange.parameters(), exchange.session()
    confirmed = exchange.request.method == "POST" and parameters.get("action") == "confirm"
    answer = oidc_logout(
        exchange.tenant, exchange.base_url, parameters, session=session, confirmed=confirmed
    )
    if answer.confirm:
        carried = {name: parameters.get(name) or "" for name in parameters}
        html = pages.logout_confirm(
            tenant_name=exchange.tenant.name,
            action_url=exchange.prefix + "/oidc/logout",
            parameters=carried,
        )
        return Reply(page(html))
    return _end(exchange, _leave(exchange, pages, answer))


def _leave(exchange: Exchange, pages: Pages, answer: LogoutAnswer) -> Response:
    if answer.location:
        return redirect(answer.location)
    return page(pages.signed_out(tenant_name=exchange.tenant.name))


def _end(exchange: Exchange, response: Response) -> Reply:
    end_session(exchange.tenant, exchange.session())
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
