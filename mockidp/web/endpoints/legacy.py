"""Auth0's legacy endpoints that answer JSON: tokens and profiles for older apps."""

from __future__ import annotations

from functools import partial

from mockidp.flows.legacy import delegation, resource_owner, social, token_info, unlink
from mockidp.protocol.request_parameters.legacy import (
    DELEGATION,
    RESOURCE_OWNER,
    SOCIAL,
    TOKEN_INFO,
    UNLINK,
)
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import json_response, text_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def _resource_owner(exchange: Exchange, _pages: Pages) -> Reply:
    body = resource_owner.resource_owner(
        exchange.tenant, exchange.base_url, exchange.body_only(), address=exchange.address
    )
    return Reply(json_response(body, headers=_HEADERS))


def _social(exchange: Exchange, _pages: Pages) -> Reply:
    body = social.social_sign_in(exchange.tenant, exchange.base_url, exchange.body_only())
    return Reply(json_response(body, headers=_HEADERS))


def _delegate(exchange: Exchange, _pages: Pages) -> Reply:
    body = delegation.delegate(exchange.tenant, exchange.base_url, exchange.body_only())
    return Reply(json_response(body, headers=_HEADERS))


def _token_info(exchange: Exchange, _pages: Pages) -> Reply:
    body = token_info.token_info(exchange.tenant, exchange.base_url, exchange.parameters())
    return Reply(json_response(body, headers=_HEADERS))


def _unlink(exchange: Exchange, _pages: Pages) -> Reply:
    unlink.unlink(exchange.tenant, exchange.base_url, exchange.body_only())
    return Reply(text_response("OK", headers=_HEADERS))


_post = partial(Route, methods=("POST",), cors="listed")
ROUTES = (
    _post(
        endpoint="oauth_ro",
        path=resource_owner.PATH,
        handler=_resource_owner,
        parameters=RESOURCE_OWNER,
    ),
    _post(endpoint="oauth_access_token", path=social.PATH, handler=_social, parameters=SOCIAL),
    _post(endpoint="delegation", path=delegation.PATH, handler=_delegate, parameters=DELEGATION),
    *(
        _post(endpoint="unlink", path=path, handler=_unlink, parameters=UNLINK)
        for path in unlink.PATHS
    ),
    Route(
        endpoint="tokeninfo",
        path=token_info.PATH,
        methods=("GET", "POST"),
        handler=_token_info,
        parameters=TOKEN_INFO,
        cors="listed",
    ),
)
