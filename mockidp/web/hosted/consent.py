"""`/u/consent`: the user grants the client the requested scopes, or declines."""

from __future__ import annotations

from functools import partial

from mockidp.flows.login.consent import accept, decline
from mockidp.flows.login.steps import CONSENT_PAGE
from mockidp.flows.login.transaction import check_owner, find_login, login_client
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import page, redirect
from mockidp.web.reply import Reply
from mockidp.web.route import Route


def _show(exchange: Exchange, pages: Pages) -> Reply:
    login = find_login(exchange.tenant, exchange.query().get("state"))
    owner = check_owner(exchange.tenant, login, exchange.session())
    client = login_client(exchange.tenant, login)
    user = exchange.tenant.directory.user(owner.user_id)
    html = pages.consent(
        tenant_name=exchange.tenant.name,
        client_name=client.name or client.client_id,
        state=login.state,
        action_url=f"{exchange.prefix}{CONSENT_PAGE}?state={login.state}",
        audience=login.request.audience,
        scopes=login.request.scope,
        username=(user.email if user else None) or owner.user_id,
    )
    return Reply(page(html))


def _submit(exchange: Exchange, _pages: Pages) -> Reply:
    form = exchange.body()
    state = form.get("state") or exchange.query().get("state")
    login = find_login(exchange.tenant, state)
    if form.get("action") != "accept":
        return Reply(decline(exchange.tenant, login))
    accept(exchange.tenant, login, exchange.session())
    return Reply(redirect(f"{exchange.prefix}/authorize/resume?state={login.state}"))


_route = partial(Route, endpoint="consent", path=CONSENT_PAGE, refuses_on_page=True)
ROUTES = (
    _route(methods=("GET",), handler=_show),
    _route(methods=("POST",), handler=_submit),
)
