"""`/authorize/resume`: from the hosted login back to the client."""

from __future__ import annotations

from mockidp.flows.login import transaction as flow
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import redirect
from mockidp.web.reply import Reply
from mockidp.web.route import Route


def _resume(exchange: Exchange, _pages: Pages) -> Reply:
    tenant, session = exchange.tenant, exchange.session()
    login = flow.find_login(tenant, exchange.query().get("state"))
    if flow.waits_for_consent(tenant, login, session):
        return Reply(redirect(f"{exchange.prefix}/u/consent?state={login.state}"))
    return Reply(flow.resume(tenant, exchange.base_url, login, session))


ROUTE = Route(
    endpoint="resume",
    path="/authorize/resume",
    methods=("GET",),
    handler=_resume,
    refuses_on_page=True,
)
