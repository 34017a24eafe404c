"""The page that asks for the control token, and exchanges it for a cookie."""

from __future__ import annotations

from http import HTTPStatus

from mockidp.web.console.guard import cookie_for, set_cookie
from mockidp.web.console.visit import ROOT, Visit, see_other
from mockidp.web.control.guard import check_page
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _log_in(exchange: Exchange, pages: Pages) -> Reply:
    visit = Visit(exchange, pages)
    check_page(exchange, changes=True)
    sent = exchange.body().get("control_token") or ""
    cookie = cookie_for(exchange, sent)
    if cookie is None:
        return visit.page(
            "token",
            title="Control token",
            area="",
            status=HTTPStatus.UNAUTHORIZED,
            text="That is not the value of MOCKIDP_CONTROL_TOKEN.",
        )
    response = see_other(visit.link())
    set_cookie(exchange, response, cookie)
    return Reply(response)


ROUTES = (Route(endpoint="console", path=f"{ROOT}/session", methods=("POST",), handler=_log_in),)
