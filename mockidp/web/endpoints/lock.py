"""What Lock and older login pages load: connections, single sign-on data, and challenges."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from werkzeug import Response

from mockidp.flows.legacy import lock_settings, sso_data
from mockidp.protocol.request_parameters.legacy import CHALLENGE, SSO_DATA
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import NEVER_CACHED, json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route
from mockidp.web.routing.route_table import ID

_HEADERS = {"Cache-Control": NEVER_CACHED}
_CLIENT = "/client/"
_CHALLENGES = (
    "/usernamepassword/challenge",
    "/dbconnections/signup/challenge",
    "/dbconnections/change_password/challenge",
    "/passwordless/challenge",
)


def _script(function: str, data: Any) -> Response:
    """Return a script that calls a function with data."""
    text = f"{function}({json.dumps(data)});"
    return Response(text, headers=_HEADERS, content_type="application/x-javascript; charset=utf-8")


def _client_settings(exchange: Exchange, _pages: Pages) -> Reply:
    script = exchange.path.removeprefix(_CLIENT).removesuffix("/")
    settings = lock_settings.client_settings(exchange.tenant, exchange.base_url, script)
    return Reply(_script("Auth0.setClient", settings))


def _tenant_settings(exchange: Exchange, _pages: Pages) -> Reply:
    return Reply(_script("Auth0.setTenant", lock_settings.tenant_settings(exchange.tenant)))


def _sso_data(exchange: Exchange, _pages: Pages) -> Reply:
    tenant, query = exchange.tenant, exchange.query()
    data = sso_data.sso_data(
        tenant,
        exchange.base_url,
        query,
        session=exchange.session(),
        origin=exchange.request.headers.get("Origin"),
    )
    function = sso_data.jsonp_function(tenant, query)
    return Reply(_script(function, data) if function else json_response(data, headers=_HEADERS))


def _challenge(exchange: Exchange, _pages: Pages) -> Reply:
    """Require no captcha, because mockidp detects no bots."""
    exchange.body_only()
    return Reply(json_response({"required": False}, headers=_HEADERS))


_challenges = partial(
    Route,
    endpoint="challenge",
    methods=("POST",),
    handler=_challenge,
    parameters=CHALLENGE,
    cors="listed",
)
ROUTES = (
    Route(
        endpoint="lock_settings",
        path=f"{_CLIENT}{ID}",
        methods=("GET",),
        handler=_client_settings,
        cors="any",
    ),
    Route(
        endpoint="lock_settings",
        path="/info-v1.js",
        methods=("GET",),
        handler=_tenant_settings,
        cors="any",
    ),
    Route(
        endpoint="sso_data",
        path=sso_data.PATH,
        methods=("GET",),
        handler=_sso_data,
        parameters=SSO_DATA,
        cors="listed",
    ),
    *(_challenges(path=path) for path in _CHALLENGES),
)
