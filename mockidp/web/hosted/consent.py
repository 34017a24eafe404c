"""`/u/consent`: whether the client may have what it asks for."""

from __future__ import annotations

from mockidp.flows.login import transaction as flow
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import page, redirect
from mockidp.web.reply import Reply
from mockidp.web.route import Route

PATH = "/u/consent"


def _show(exchange: Exchange, pages: Pages) -> Reply:
    login = flow.find_login(exchange.tenant, exchange.query().get("state"))
    owner = flow.check_owner(exchange.tenant, login, exchange.session())
    client = flow.login_client(exchange.tenant, login)
    user = exchange.tenant.directory.user(owner.user_id)
    html = pages.consent(
        tenant_name=exchange.tenant.name,
        client_name=client.name or client.client_id,
        state=login.state,
        action_url=f"{exchange.prefix}{PATH}?state={login.state}",
        audience=login.request.audience,
        scopes=login.request.scope,
        username=(user.email if user else None) or owner.user_id,
    )
    return Reply(page(html))


def _submit(exchange: Exchange, _pages: Pages) -> Reply:
    form = exchange.body()
    state = form.get("state") or exchange.query().get("state")
    login = flow.find_login(exchange.tenant, state)
    if form.get("action") != "accept":
        return Reply(flow.decline(exchange.tenant, login))
    flow.accept(exchange.tenant, login, exchange.session())
    return Reply(redirect(f"{exchange.prefix}/authorize/resume?state={login.state}"))


ROUTES = (
    Route(endpoint="consent", path=PATH, methods=("GET",), handler=_show, refuses_on_page=True),
    Route(endpoint="consent", path=PATH, methods=("POST",), handler=_submit, refuses_on_page=True),
)
