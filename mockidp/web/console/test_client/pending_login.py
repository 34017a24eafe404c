"""A pending login of the test client, which is kept in a cookie until the callback.

Spec: RFC 6749 10.12 (state); OpenID Connect Core 15.5.2 (nonce); RFC 7636 (PKCE).
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from werkzeug import Response

from mockidp.frozen import frozen
from mockidp.protocol.oauth.pkce import s256
from mockidp.protocol.urls.rules import TEST_PAGE
from mockidp.tenant.content.try_client import TEST_CLIENT_ID
from mockidp.tenant.ids import Ids
from mockidp.web.request.exchange import Exchange

COOKIE = "mockidp-try"
DEFAULT_SCOPE = "openid profile email"
OPTIONAL = ("audience", "organization", "prompt", "connection", "login_hint")
"""Parameters of /authorize that a person may set, in addition to `scope`."""

_SHAPE = re.compile(r"([\w-]{32})\.([\w-]{32})\.([\w-]{64})")
_IDS = Ids()
"""These are not the tenant's ids, so that mockidp's own pages do not shift a seeded run."""


@frozen
class PendingLogin:
    """The state and nonce that have to come back, and the code verifier."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls) -> PendingLogin:
        """Return a new pending login."""
        return cls(state=_IDS.opaque_id(), nonce=_IDS.opaque_id(), verifier=_IDS.secret())

    @classmethod
    def read(cls, exchange: Exchange) -> PendingLogin | None:
        """Return the pending login in the browser's cookie."""
        found = _SHAPE.fullmatch(exchange.cookies.get(COOKIE, ""))
        if found is None:
            return None
        state, nonce, verifier = found.groups()
        return cls(state=state, nonce=nonce, verifier=verifier)

    def keep(self, exchange: Exchange, response: Response) -> None:
        """Set the cookie."""
        response.set_cookie(
            COOKIE,
            f"{self.state}.{self.nonce}.{self.verifier}",
            path=exchange.prefix + TEST_PAGE,
            secure=exchange.is_secure,
            httponly=True,
            samesite="Lax",
        )

    def authorize_url(self, exchange: Exchange) -> str:
        """Return the URL of the authorization request, with the parameters that the person set."""
        query = exchange.query()
        wanted = {name: query.get(name) for name in OPTIONAL}
        parameters = {
            "client_id": TEST_CLIENT_ID,
            "response_type": "code",
            "redirect_uri": redirect_uri(exchange),
            "scope": query.get("scope") or DEFAULT_SCOPE,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": s256(self.verifier),
            "code_challenge_method": "S256",
            **{name: value for name, value in wanted.items() if value},
        }
        return f"{exchange.prefix}/authorize?{urlencode(parameters)}"


def forget(exchange: Exchange, response: Response) -> None:
    """Delete the cookie, so that a response is accepted once."""
    response.delete_cookie(COOKIE, path=exchange.prefix + TEST_PAGE)


def redirect_uri(exchange: Exchange) -> str:
    """Return the test client's callback at the URL of the request."""
    return exchange.base_url + TEST_PAGE
