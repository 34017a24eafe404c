"""Endpoints that Auth0 has and this mock has not yet: 501, naming themselves, never 404."""

from __future__ import annotations

from mockidp.protocol.oauth_error import NotImplementedHere
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.route import Answer, Route

PATHS = (
    "/activate",
    "/api/<path:_>",
    "/bc-authorize",
    "/client/<path:_>",
    "/co/authenticate",
    "/co/verify",
    "/dbconnections/change_password",
    "/dbconnections/signup",
    "/delegation",
    "/fingerprint",
    "/cer",
    "/login/callback",
    "/me/<path:_>",
    "/mfa/associate",
    "/mfa/authenticators",
    "/mfa/authenticators/<path:_>",
    "/mfa/challenge",
    "/oauth/access_token",
    "/oauth/device/code",
    "/oauth/global-token-revocation/connection/<path:_>",
    "/oauth/par",
    "/oauth/ro",
    "/oidc/register",
    "/passwordless/start",
    "/passwordless/verify",
    "/passwordless/verify_redirect",
    "/pb7",
    "/pem",
    "/rawpem",
    "/samlp/<path:_>",
    "/scim/<path:_>",
    "/test",
    "/tokeninfo",
    "/u/consent-management",
    "/u/device",
    "/u/reset-password",
    "/u/signup",
    "/unlink",
    "/user/ssodata",
    "/usernamepassword/challenge",
    "/usernamepassword/login",
    "/wsfed/<path:_>",
)


def _not_built(exchange: Exchange, _pages: Pages) -> Answer:
    path = exchange.target.partition("?")[0]
    raise NotImplementedHere(
        f"{exchange.request.method} {path} is not implemented by mockidp",
        hint="Auth0 has this endpoint and this mock does not yet: docs/fidelity.md has the list",
    )


ROUTES = tuple(
    Route(
        area="not_built",
        path=path,
        methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
        handler=_not_built,
    )
    for path in PATHS
)
