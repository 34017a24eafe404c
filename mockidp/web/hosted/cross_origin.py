"""`/co/verify`: ask a page of the app for the verifier of a login ticket."""

from __future__ import annotations

from functools import partial

from mockidp.flows.cross_origin.verify import ticket_of, verify
from mockidp.flows.login.steps import VERIFY_PAGE
from mockidp.flows.login.transaction import login_client
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.web.hosted.prompt import login_of, resume_login
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import page
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _show(exchange: Exchange, pages: Pages) -> Reply:
    login = login_of(exchange)
    _, record = ticket_of(exchange.tenant, login)
    html = pages.render(
        "co_verify.html",
        action_url=f"{exchange.prefix}{VERIFY_PAGE}?state={login.state}",
        state=login.state,
        co_id=record.co_id,
        location=login_client(exchange.tenant, login).cross_origin_loc,
    )
    return Reply(page(html))


def _submit(exchange: Exchange, _pages: Pages) -> Reply:
    login = login_of(exchange)
    result = verify(exchange.tenant, login, exchange.body().get("verifier"))
    if isinstance(result, AuthorizationResponse):
        return Reply(result)
    return resume_login(exchange, login, session=result)


_route = partial(Route, endpoint="co_verify", path=VERIFY_PAGE, refuses_on_page=True)
ROUTES = (
    _route(methods=("GET",), handler=_show),
    _route(methods=("POST",), handler=_submit),
)
