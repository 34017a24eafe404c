"""`/mfa/challenge`, `/mfa/associate` and `/mfa/authenticators`: Auth0's MFA API."""

from __future__ import annotations

from urllib.parse import unquote

from werkzeug import Response

from mockidp.flows.mfa.associate import associate
from mockidp.flows.mfa.challenge_request import challenge
from mockidp.flows.mfa.manage import delete_authenticator, list_authenticators
from mockidp.protocol.discovery.document import MFA_CHALLENGE as CHALLENGE
from mockidp.protocol.request_parameters.mfa import MFA_ASSOCIATE, MFA_CHALLENGE
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import NEVER_CACHED, json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route
from mockidp.web.routing.route_table import ID

_HEADERS = {"Cache-Control": NEVER_CACHED}
_AUTHENTICATORS = "/mfa/authenticators"


def _challenge(exchange: Exchange, _pages: Pages) -> Reply:
    body = challenge(
        exchange.tenant, exchange.base_url, exchange.body_only(), exchange.authorization
    )
    return Reply(json_response(body, headers=_HEADERS))


def _associate(exchange: Exchange, _pages: Pages) -> Reply:
    body = associate(
        exchange.tenant, exchange.base_url, exchange.body_only(), exchange.authorization
    )
    return Reply(json_response(body, headers=_HEADERS))


def _list(exchange: Exchange, _pages: Pages) -> Reply:
    found = list_authenticators(exchange.tenant, exchange.base_url, exchange.authorization)
    return Reply(json_response(found, headers=_HEADERS))


def _delete(exchange: Exchange, _pages: Pages) -> Reply:
    path = exchange.target.partition("?")[0]
    authenticator_id = unquote(path.partition(f"{_AUTHENTICATORS}/")[2])
    delete_authenticator(
        exchange.tenant, exchange.base_url, exchange.authorization, authenticator_id
    )
    return Reply(Response(status=204, headers=_HEADERS))


ROUTES = (
    Route(
        endpoint="mfa_challenge",
        path=CHALLENGE,
        methods=("POST",),
        handler=_challenge,
        cors="listed",
        parameters=MFA_CHALLENGE,
    ),
    Route(
        endpoint="mfa_associate",
        path="/mfa/associate",
        methods=("POST",),
        handler=_associate,
        cors="listed",
        parameters=MFA_ASSOCIATE,
    ),
    Route(
        endpoint="mfa_authenticators",
        path=_AUTHENTICATORS,
        methods=("GET",),
        handler=_list,
        cors="listed",
    ),
    Route(
        endpoint="mfa_authenticators",
        path=f"{_AUTHENTICATORS}/{ID}",
        methods=("DELETE",),
        handler=_delete,
        cors="listed",
    ),
)
