"""`/u/consent`: the user grants the client the requested scopes, or declines."""

from __future__ import annotations

import json
from functools import partial

from mockidp.flows.login.consent import accept, decline
from mockidp.flows.login.steps import CONSENT_PAGE
from mockidp.flows.login.transaction import check_owner
from mockidp.web.hosted.prompt import login_of, resume_login, show_prompt
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _show(exchange: Exchange, pages: Pages) -> Reply:
    login = login_of(exchange)
    owner = check_owner(exchange.tenant, login, exchange.session())
    user = exchange.tenant.directory.user(owner.user_id)
    return show_prompt(
        exchange,
        pages,
        login,
        "consent",
        audience=login.request.audience,
        scopes=login.request.scope,
        details=[
            json.dumps(one, indent=2, ensure_ascii=False)
            for one in login.request.authorization_details
        ],
        username=(user.email if user else None) or owner.user_id,
    )


def _submit(exchange: Exchange, _pages: Pages) -> Reply:
    login = login_of(exchange)
    if exchange.body().get("action") != "accept":
        return Reply(decline(exchange.tenant, login))
    accept(exchange.tenant, login, exchange.session())
    return resume_login(exchange, login)


_route = partial(Route, endpoint="consent", path=CONSENT_PAGE, refuses_on_page=True)
ROUTES = (
    _route(methods=("GET",), handler=_show),
    _route(methods=("POST",), handler=_submit),
)
