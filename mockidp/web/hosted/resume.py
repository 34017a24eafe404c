"""`/authorize/resume`: redirect to the next page of a login, or back to the client."""

from __future__ import annotations

from mockidp.flows.login.resume import resume
from mockidp.flows.login.steps import LoginStep
from mockidp.flows.login.transaction import find_login
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import redirect
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _resume(exchange: Exchange, _pages: Pages) -> Reply:
    tenant, session = exchange.tenant, exchange.session()
    login = find_login(tenant, exchange.base_url, exchange.query().get("state"))
    outcome = resume(tenant, exchange.base_url, login, session)
    if isinstance(outcome, LoginStep):
        page = outcome.page_for(tenant, login)
        return Reply(redirect(f"{exchange.prefix}{page}?state={login.state}"))
    return Reply(outcome)


ROUTES = (
    Route(
        endpoint="resume",
        path="/authorize/resume",
        methods=("GET",),
        handler=_resume,
        refuses_on_page=True,
    ),
)
